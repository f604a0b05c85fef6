"""Return the rung of a statement: the leader, a ministry or other state body, a newspaper, or commentary.

The marks are those of North Korean state media in English, Korean and Japanese. The leader's rung is for his
speeches, statements, orders, letters and similar texts, and for the statements of his sister, Kim Yo Jong; not for
reports of acts and courtesies. Whoever else the codebook calls official has the rung ministry. docs/archive.md says
how often this is right.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tocsin.rhetoric import rung_marks as marks
from tocsin.rhetoric.rules import read

MAX_TITLE, MAX_TEXT = 1_000, 1_000
"""Number of characters of the title and of the text that are read."""
STATE_MEDIA = frozenset(
    {
        "kcna", "rodong", "minju", "naenara", "uriminzokkiri", "chosonsinbo", "pyongyang_times", "voice_of_korea", "kctv",
        "foreign_ministry",
    }
)  # fmt: skip
"""Outlets of North Korea. Their items are commentary unless somebody else speaks in them."""
_NEWSPAPERS = frozenset({"rodong", "minju", "chosonsinbo", "pyongyang_times"})

_DATELINE = re.compile(r"^[^()]{0,60}\([\w ]{2,20}\)\s*[-–—:]*\s*")


class Rung(NamedTuple):
    """A rung and the mark that decided it: words of the title or text, `outlet`, or `unattributed`."""

    rung: str
    mark: str


def rung(title: str, outlet: str | None = None, text: str = "") -> Rung | None:
    """Return the rung of a statement, or None if nothing shows it.

    The first mark in the title decides, so a newspaper that quotes a ministry has the rung of a newspaper. Without a mark there, the
    first words of the text decide, then the outlet. Newspapers have the rung newspaper, the foreign ministry's site ministry, and
    other state media commentary.

    Args:
        title: in English, Korean or Japanese.
        outlet: short name in `archive.outlets`, or another outlet. In other outlets a ministry without a state is not North Korea's.
        text: only its beginning is read, and only for marks of the leader and ministries.
    """
    abroad = outlet is not None and outlet not in STATE_MEDIA
    if marked := _marked(title[:MAX_TITLE], title=True, abroad=abroad):
        return marked
    if (marked := _marked(_opening(text), title=False, abroad=abroad)) and marked.rung in ("leader", "ministry"):
        return marked
    if outlet in _NEWSPAPERS:
        return Rung("newspaper", "outlet")
    if outlet == "foreign_ministry":
        return Rung("ministry", "outlet")
    return Rung("commentary", "unattributed") if outlet in STATE_MEDIA else None


def _opening(text: str) -> str:
    """Return the first sentence after the dateline. A full stop after fewer than four letters may belong to an abbreviation."""
    plain = _DATELINE.sub("", " ".join(text[:MAX_TEXT].split()))
    return re.split(r"(?<=[^\W\d_]{4}[.:]) |(?<=\d\.) (?=[A-Z])", plain, maxsplit=1)[0]


def _marked(text: str, *, title: bool, abroad: bool) -> Rung | None:
    """Return the rung of the mark that begins first. If two begin together, the higher rung wins."""
    plain = _plain(text)
    own_words = None if marks.REACTION.search(plain) else _first(marks.OWN_WORDS, plain)
    spans = (
        ("leader", _first((marks.SPEAKING,), plain) or own_words),
        ("ministry", _state_body(plain, title=title, abroad=abroad) or _first(marks.ASIAN_BODIES, plain)),
        ("newspaper", _first(marks.PAPERS, plain)),
        ("commentary", _first(marks.COMMENTARY, plain)),
    )
    matches = [(span, name) for name, span in spans if span]
    if not matches:
        return None
    (first, last), name = min(matches, key=lambda match: match[0][0])
    mark = plain[first:last]
    return Rung("leader" if name == "ministry" and marks.SISTER.search(mark) else name, mark)


def _plain(text: str) -> str:
    """Return the text in lower case, with short names for the bodies of North Korea and without dates and opening quotes."""
    if not text.isupper():
        text = marks.ORGANIZATION.sub("korean_organization", text)
    plain = " ".join(text.casefold().replace("\u2019", "'").split()).lstrip("《〈<\"'“「『[ ")
    for long, short in marks.LONG_NAMES:
        plain = long.sub(short, plain)
    return plain


def _first(patterns: tuple[re.Pattern[str], ...], plain: str) -> tuple[int, int] | None:
    """Return the span of the first pattern that matches."""
    return next((match.span() for pattern in patterns if (match := pattern.search(plain))), None)


def _state_body(plain: str, *, title: bool, abroad: bool) -> tuple[int, int] | None:
    """Return the span in which a state body or one of its officers speaks."""
    subject = (marks.SUBJECT if title else marks.SUBJECT_IN_TEXT).search(plain)
    if subject and not marks.END.search(subject["who"]) and _is_own_body(subject["who"], abroad=abroad):
        return subject.span()
    for pattern in marks.SPEAKERS if title else marks.SPEAKERS_IN_TEXT:
        for match in pattern.finditer(plain):
            name = marks.END.split(match["who"], maxsplit=1)[0]
            first, last = match.start(), match.start("who") + len(name)
            if _of_another_state(plain, name) or (pattern is marks.ATTRIBUTED and marks.FOREIGN_MINISTER.match(name)):
                continue
            reported = marks.REACTION.search(plain[: match.start("who")]) or marks.REACTED.search(plain[last:])
            if _is_own_body(name, abroad=abroad) and not reported:
                return first, last
    if (person := marks.PERSON.search(plain)) and not read(person[0]).mentions:
        return person.span()
    unsigned = marks.UNSIGNED.search(plain)
    return unsigned.span() if unsigned else None


def _of_another_state(plain: str, name: str) -> bool:
    """Return whether a title begins with a state other than Pyongyang's usual targets, so that a ministry without a state is that state's."""
    first = next((mention for mention in read(plain).mentions if mention.first <= 1), None)
    return bool(first and first.iso not in ("JPN", "KOR", "USA") and not marks.OWN.search(name))


def _is_own_body(name: str, *, abroad: bool) -> bool:
    """Return whether the words name a body of North Korea, or one of its officers, and not a foreign one."""
    name = marks.STUDIES.sub("", name)
    bare = marks.HOST.sub("", name).strip(' ,:-"')
    if marks.NOT_SPEAKING.search(bare):
        return False
    if marks.DPRK_ITSELF.match(bare):
        return True
    if not marks.BODY.search(bare):
        return False
    if own := marks.OWN.search(bare):
        return not read(bare[: own.start()]).mentions
    return not abroad and bool(marks.OWN_UNLESS_FOREIGN.search(bare)) and not read(name).mentions
