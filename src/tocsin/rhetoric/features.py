"""What the learned part of the coder looks at: names of features of a headline, and of a state mentioned in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tocsin.rhetoric.rules import Mention, Reading, speaks

NEAR = ("JPN", "KOR", "USA", "CHN", "RUS")
"""States that have features of their own; all others share theirs."""


def of_headline(reading: Reading) -> list[str]:
    """Words, pairs of words, groups of the lexicon, the states mentioned, and how the headline begins and ends."""
    words = reading.words
    found = [f"w {word}" for word in words]
    found += [f"b {one} {two}" for one, two in pairwise(words)]
    found += [f"g {group}" for group in reading.groups]
    found += [
        f"at start {group}" for group, (at, _) in reading.groups.items() if at <= 1 and group.startswith("speaker.")
    ]
    found.append(f"speaker {reading.speaker}")
    found.append(f"tone {reading.tone}")
    isos = {mention.iso if mention.iso in NEAR else "other" for mention in reading.mentions}
    found += [f"s {iso}" for iso in sorted(isos)] or ["s none"]
    if words:
        found += [
            f"first {words[0]}",
            f"last {words[-1]}",
            f"first {' '.join(words[:2])}",
            f"last {' '.join(words[-2:])}",
        ]
        if len(words) > 1 and words[-2] in ("in", "by", "at", "from"):
            found.append(f"ends {words[-2]}")
    return list(dict.fromkeys(found))


def candidates(reading: Reading) -> dict[str, list[Mention]]:
    """The states that may be targets, each with the places that bring it to mind: those that name it, or where none does those
    that may stand for it."""
    found: dict[str, list[Mention]] = {}
    for mention in reading.mentions:
        found.setdefault(mention.iso, []).append(mention)
    named = frozenset(found)
    for mention in reading.implied:
        if mention.iso not in named:
            found.setdefault(mention.iso, []).append(mention)
    return found


def of_states(reading: Reading) -> dict[str, list[str]]:
    """Features of each state that may be a target: where and how it stands in the headline, the headline's marks and words, and who
    else is named. Those of a state that is only implied are apart from those of one that is named."""
    states = candidates(reading)
    if not states:
        return {}
    named = {mention.iso for mention in reading.mentions}
    verbs = [(at, voice) for at, word in enumerate(reading.words) if (voice := speaks(word))]
    tone = reading.tone
    shared = [f"g {group}" for group in reading.groups]
    shared += [f"tone {tone}", f"speaker {reading.speaker}", f"others {min(max(len(named) - 1, 0), 3)}"]
    words = [f"w {word}" for word in dict.fromkeys(reading.words)]
    start = min(mentions[0].first for mentions in states.values())
    found = {}
    for iso, mentions in states.items():
        kind = iso if iso in NEAR else "other"
        own = dict.fromkeys(shared)
        own[f"n {min(len(mentions), 3)}"] = None
        own |= {
            f"with {other if other in NEAR else 'other'}": None for other in states if other != iso and other in named
        }
        own |= dict.fromkeys(_places(reading, mentions, harsh=tone < 0))
        own |= dict.fromkeys(_towards_verbs(reading, mentions, verbs, harsh=tone < 0))
        own["leads" if mentions[0].first == start else "follows"] = None
        own |= dict.fromkeys(words)
        row = [*own, *([f"{kind} {name}" for name in own] if iso in NEAR else ()), f"is {kind}"]
        found[iso] = row if iso in named else [f"implied {name}" for name in row]
    return found


_PREPOSITIONS = frozenset(
    {
        "in", "of", "by", "with", "against", "for", "to", "from", "between", "on", "over", "at", "and", "through", "under", "into",
        "upon", "about",
    }
)  # fmt: skip
_BACK = 4
"""Words before a state among which a preposition may govern it."""


def _towards_verbs(
    reading: Reading, mentions: list[Mention], verbs: list[tuple[int, str]], *, harsh: bool
) -> Iterator[str]:
    """Which preposition a state stands under, and on which side of the verbs of speech."""
    words = reading.words
    voices = sorted({voice for _, voice in verbs}) or ["none"]
    for mention in mentions:
        behind = words[max(mention.first - _BACK, 0) : mention.first]
        nearest = next(
            (word for word in reversed(behind) if word in _PREPOSITIONS), "^" if mention.first <= _BACK else "-"
        )
        yield f"under {nearest}"
        yield f"under {nearest} {harsh}"
        for voice in voices:
            yield f"{'as' if mention.first == 0 else 'not'} subject, {voice}"
        if not verbs:
            yield f"no verb, under {nearest}"
            continue
        first, voice = verbs[0]
        yield f"{'before' if mention.last < first else 'after'} the verb, {voice}"
        if mention.first > verbs[-1][0]:
            yield f"after all verbs, under {nearest}"


def _places(reading: Reading, mentions: list[Mention], *, harsh: bool) -> Iterator[str]:
    words = reading.words
    for mention in mentions:
        before = words[mention.first - 1] if mention.first else "^"
        earlier = " ".join(words[max(mention.first - 2, 0) : mention.first]) or "^"
        after = words[mention.last + 1] if mention.last + 1 < len(words) else "$"
        yield f"as {' '.join(words[mention.first : mention.last + 1])}"
        yield f"before {before}"
        yield f"before2 {earlier}"
        yield f"after {after}"
        yield f"between {before} {after}"
        yield f"harsh {harsh} before {before}"
        if after == "$":
            yield f"end {before} {harsh}"
