"""Return the rung of a statement: the leader, a ministry or other state body, a newspaper, or commentary.

The marks are those of North Korean state media in English, Korean and Japanese. The leader's rung is for his
speeches, statements, orders and similar texts, not for reports of his acts and courtesies.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_TITLE, MAX_TEXT = 400, 300
"""Number of characters of the title and of the text that are read."""
STATE_MEDIA = frozenset(
    {
        "kcna", "rodong", "minju", "naenara", "uriminzokkiri", "chosonsinbo", "pyongyang_times", "voice_of_korea", "kctv",
        "foreign_ministry",
    }
)  # fmt: skip
"""Outlets whose items are commentary unless somebody else speaks in them."""
_NEWSPAPERS = frozenset({"rodong", "minju", "chosonsinbo", "pyongyang_times"})

_LEADER = r"kim (?:jong[- ]?un|jong[- ]?il|il[- ]?sung|yo[- ]?jong)\b(?:'s)?"
_RANK = (
    r"(?:(?:respected|dear|great|supreme|comrade|leader|marshal|general|secretary|president|chairman|vice|department|director"
    r"|central|committee|of|the|wpk|state|affairs|dprk|first|premier)\s+){0,9}"
)
_SPEECH = r"(?:(?:\w+ )?(?:speech|address|statement|report|talk)|remarks|interview)"
_ACTS = r"(?:makes?|made|delivers?|delivered|gives?|gave|issues?|issued|publishes|addresses|declares|clarifies|answers)"
_SPEAKING = re.compile(
    rf"^{_RANK}{_LEADER}\W+(?:orders\b|(?:[\w']+\W+){{0,2}}?{_ACTS}\b(?:\W+[\w'-]+){{0,5}}?\W+(?:{_SPEECH}|orders?|questions?)\b)"
)
_OWN_WORDS = (
    re.compile(
        rf"^{_RANK}{_LEADER}(?:\W+[\w']+){{0,5}}?\W+(?:{_SPEECH}\b|orders?\b|(?:says|said|warns|declares|makes public)\b)"
    ),
    re.compile(
        rf"^(?:new year )?(?:press )?{_SPEECH}\s+(?:made |issued |delivered )?(?:of|by|from)\s+{_RANK}{_LEADER}"
    ),
    re.compile(
        r"^(?:order|directive) of (?:the )?(?:kpa )?(?:supreme commander|chairman of (?:the )?(?:wpk )?central military)"
    ),
    re.compile(r"^.{0,60}?(?:김정은|김정일|김일성|김여정).{0,60}?(?:연설|담화|명령|신년사|성명|말씀|보고를 하)"),
    re.compile(r"^.{0,60}?(?:金正恩|金正日|金日成|金与正).{0,60}?(?:演説|談話|命令|新年の辞|声明)"),
)
_REACTION = re.compile(
    r"\b(?:prais|support|hail|laud|carr(?:y|ies|ied)\b|stud(?:y|ies|ied)\b|discuss|publish|introduc|edition|brochure|seminar|welcom"
    r"|respon[ds]|echo|guideline|banner|posted|encourag|distribut|off the press|conveyed|award|instituted|urged|publicity|reported"
    r"|favou?red|disseminat|preserved|receives|inspires?\b|presented|medals|meetings? (?:held|to|on|for)|anniversary of)"
    r"|: \w[\w .]*$|지지|환영|支持"
)
"""Marks of others who react to earlier words."""
_BODY = re.compile(
    r"foreign ministry|\b(?:dprk )?fm\b|(?:national )?defen[cs]e ministry|ministry of [\w']+(?: [\w']+)?|\bkpa\b|korean people's army"
    r"|national defen[cs]e commission|\bndc\b|state affairs commission|central military commission|\bcpr[kf]\b"
    r"|committee for (?:the )?peaceful reunification|asia[- ]pacific peace committee|national reconciliation council"
    r"|institute (?:for|of) (?:american|japan|disarmament|international)\w*(?: studies)?|academy of (?:national )?defen[cs]e science"
    r"|dprk government|government of (?:the )?dprk|supreme people's assembly|central committee of (?:the )?wpk|wpk central committee"
)
_OTHERS = re.compile(
    r"\b(?:s\.? ?korean?|south korean?|u\.?s\.?|american|japan(?:ese)?|chin(?:a|ese)|russian?|iran(?:ian)?|cuban?|syrian?|foreign"
    r"|vietnamese|pakistani|palestinian|israeli|british|french|german|lao|mongolian|venezuelan)(?:'s)?\s+$"
)
_NOUN = (
    r"(?:spokes(?:man|person|woman)|(?:press )?statement|memorandum|communique|white paper|press release|open letter|secretariat"
    r"|information bulletin|answers?|report|special communique|notice|chief|director|vice[- ]minister|minister)"
)
_VERB = (
    r"(?:warns?|denounces?|condemns?|blasts?|slams?|rejects?|refutes?|issues?|issued|clarifies|comments? on|urges?|demands?"
    r"|criticizes?|says|said|answers?|answered|gave|accuses?|assails?|rebuffs?|censures?|raps?|flays?|hits?|declares?|releases?|on)"
)
_BEFORE = re.compile(
    rf"\b{_NOUN}(?:\s+(?:issued|made|released))?\s+(?:for|of|from|by|at)\s+(?:the\s+)?(?:dprk(?:'s)?\s+)?(?:[\w-]+\s+(?:of|at)\s+(?:the\s+)?)?(?:dprk(?:'s)?\s+)?$"
)
_AFTER = re.compile(rf"^(?:'s)?(?:\s+[\w-]+){{0,3}}?\s+(?:{_NOUN}\b|{_VERB}\b)")
_SOLDIERS = re.compile(r" (?:soldier|servicem|service|personnel|officer|unit|men\b|air force unit|women)")
_FOREIGN_SAYS = re.compile(
    r"^(?:iran|pakistan|russia|china|cuba|syria|venezuela|vietnam|india|egypt)\b.*: (?:fm )?(?:spokes|foreign)"
)
_ASIAN_BODIES = (
    re.compile(
        r"^.{0,60}?(?:외무성|국방성|인민무력(?:부|성)|총참모부|최고사령부|국방위원회|국무위원회|조국평화통일위원회|조평통|아시아태평양평화위원회"
        r"|중앙군사위원회|최고인민회의|공화국정부|일본연구소|미국연구소|국방과학원).{0,60}?(?:대변인|담화|성명|발표|대답|연구원|소장|공보|통보|백서)"
    ),
    re.compile(
        r"^.{0,40}?(?:(?<!日本)外務省|国防省|人民武力[部省]|総参謀部|最高司令部|国防委員会|国務委員会|祖国平和統一委員会|アジア太平洋平和委員会"
        r"|日本研究所|米国研究所).{0,60}?(?:代弁人|スポークスマン|報道官|談話|声明|発表|研究員|所長|白書)"
    ),
)
_PAPER = (
    r"(?:rodong sinmun|minju (?:joson|choson)|tongil sinbo|pyongyang times|chos[ou]n sinbo|dprk (?:news)?papers?\b)"
)
_PAPERS = (
    re.compile(rf"^(?:(?:signed )?(?:article|commentary|editorial) (?:of|in) )?(?:the )?{_PAPER}"),
    re.compile(rf"(?:\bby|\bsays|:|--?) (?:the )?{_PAPER}$"),
    re.compile(r"^.{0,30}?(?:[로노]동신문|민주조선|통일신보|労働新聞|民主朝鮮)"),
)
_COMMENTARY = (
    re.compile(r"^.{0,40}?(?:\bkcna\b|조선중앙통신사?|朝鮮中央通信社?)"),
    re.compile(r"^.{0,60}?(?:\bcommentary\b|\bcommentator\b|\bnews analyst\b|[론논]평|論評)"),
)
_DATELINE = re.compile(r"^[^()]{0,60}\((?:kcna|yonhap|[\w ]{2,20})\)\s*[-–—:]*\s*")


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
        outlet: short name in `archive.outlets`.
        text: only its beginning is read, and only for marks of the leader and ministries.
    """
    if marked := _marked(title[:MAX_TITLE]):
        return marked
    opening = _DATELINE.sub("", " ".join(text[:MAX_TEXT].casefold().split()))
    if (marked := _marked(opening.split(". ")[0])) and marked.rung in ("leader", "ministry"):
        return marked
    if outlet in _NEWSPAPERS:
        return Rung("newspaper", "outlet")
    if outlet == "foreign_ministry":
        return Rung("ministry", "outlet")
    return Rung("commentary", "unattributed") if outlet in STATE_MEDIA else None


def _marked(text: str) -> Rung | None:
    """Return the rung of the mark that begins first. If two begin together, the higher rung wins."""
    plain = " ".join(text.casefold().replace("\u2019", "'").split()).lstrip("《〈<\"'“「『[ ")
    spans = (
        ("leader", _first((_SPEAKING,), plain) or (None if _REACTION.search(plain) else _first(_OWN_WORDS, plain))),
        ("ministry", _state_body(plain) or _first(_ASIAN_BODIES, plain)),
        ("newspaper", _first(_PAPERS, plain)),
        ("commentary", _first(_COMMENTARY, plain)),
    )
    matches = [(span, name) for name, span in spans if span]
    if not matches:
        return None
    (first, last), name = min(matches, key=lambda match: match[0][0])
    return Rung(name, plain[first:last])


def _first(marks: tuple[re.Pattern[str], ...], plain: str) -> tuple[int, int] | None:
    """Return the span of the first pattern that matches."""
    return next((match.span() for mark in marks if (match := mark.search(plain))), None)


def _state_body(plain: str) -> tuple[int, int] | None:
    """Return the span in which a state body speaks: its spokesman is named, or a verb of speech follows it."""
    for body in _BODY.finditer(plain):
        before, after = plain[: body.start()], plain[body.end() :]
        if _OTHERS.search(before) or _SOLDIERS.match(after) or _FOREIGN_SAYS.match(plain):
            continue
        if spokesman := _BEFORE.search(before):
            first, last = spokesman.start(), body.end()
        elif acts := _AFTER.search(after):
            first, last = body.start(), body.end() + acts.end()
        else:
            continue
        if not _REACTION.search(plain if "spokes" not in plain[first:last] else plain[:first]):
            return first, last
    return None
