"""Checks of words: superlatives and firsts, universals, motives, and single causes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.draft.flags.flag import Flag, Reading
from tocsin.draft.kinds import MOTIVE, without_threats
from tocsin.draft.superlative_words import EST
from tocsin.translation import message

_DETERMINER = r"(?:the|its|their|his|her|our|my|a|\w+['’]s)"
_SUPERLATIVE = re.compile(
    rf"\b(?<!not the )(?P<est>{EST})\b(?!\s+(?:way|path)\s+to\s+\w+\s+it\b)"
    rf"|\b{_DETERMINER}\s+(?P<most>most|least)\s+(?!of\b|part\b|recent\b|people\b|likely\b)[a-z]+\b"
    r"|\b(?P<record>record(?:-(?:high|low|breaking))?)(?=\s+(?:high|low|level|number|amount|sum|year|budget|exports?|imports?|sales|spending|deficit|surplus|revenues?|profits?|turnout|harvest|inflation|growth|heat|\d|\$))"
    r"|\b(?P<all>(?:an?\s+)?(?:all-time|historic)\s+(?:high|low|record|peak))\b"
    r"|\b(?P<unseen>unprecedented|unparalleled|unrivall?ed|unmatched|without\s+precedent|second\s+to\s+none|never\s+before)\b"
    r"|\b(?P<only>(?:the|its|their|our|his|her)\s+only)\b(?!\s+(?:child|son|daughter)\b)"
    r"|\b(?P<best>(?:the|its|their|\w+['’]s)\s+(?:best|worst))\b(?!\s+(?:of\s+both|to\b|interests?\b|part\b|way\b))",
    re.IGNORECASE,
)
_FIRST = re.compile(
    rf"(?<!not )\b(?P<first>{_DETERMINER}\s+(?:very\s+|world['’]s\s+)?first(?:-ever)?)\b(?!\s+(?:half|quarter|place|lady|minister|name|step|steps|few|two|three|four|five|six|ten|\d+|days?|weeks?|months?|years?\s+of|of\s+(?:these|those|all|\w+ary|\w+ember|may|june|july|april)|world\s+war|term|round|phase|part|stage|reading|amendment|secretary|responders?|line|and\b))"
    r"|\b(?P<time>for\s+the\s+first\s+time)\b|\b(?P<ever>first\s+ever|first-ever)\b|\b(?P<since>(?:most|more|fewer|less|larger|higher|lower|greater|\w+er)\s+(?:\w+\s+){0,4}than\s+(?:ever|(?:that|those)\s+of\s+any|any\s+other|any(?:one|body)\s+else|at\s+any\s+(?:time|point)|any\s+\w+)(?:\s+before)?)\b",
    re.IGNORECASE,
)


def superlatives(reading: Reading) -> Iterator[Flag]:
    """Yield superlatives, records, firsts and onlys: each needs a register of all rivals, and a span of time."""
    end = -1
    for match in sorted(
        [*_FIRST.finditer(reading.text), *_SUPERLATIVE.finditer(reading.text)], key=lambda m: m.start()
    ):
        if match.start() >= end:
            first = match.lastgroup in ("first", "time", "ever")
            why = (
                message("a first needs a register of all earlier cases.")
                if first
                else message("a superlative needs the figures of all rivals and the span compared.")
            )
            yield reading.flag("superlative", *match.span(), why)
            end = match.end()


_NUMBER_WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_UNIVERSAL = re.compile(
    r"\b(?:always|never(?!\s+before\b|theless)|nobody|no\s+one|no-one|nothing(?!\s+(?:like|to\s+do|less|short|new|more\s+than)\b)|everyone|everybody|everything|none|automatically|inevitably"
    r"|invariably|without\s+exception|under\s+no\s+circumstances|undoubtedly|unquestionably|nowhere|everywhere|cannot\s+(?:possibly|ever)|impossible|entirely|completely|wholly|solely|exclusively)\b"
    r"|\b(?:every|each\s+and\s+every)\s+(?!(?:year|month|week|day|hour|minute|morning|night|few|other|time|so|now|bit|effort|two|three|four|five|ten|\d+|second|decade|reason|chance|right"
    r"|opportunity)\b)\w+"
    r"|\ball\s+(?:(?:of\s+)?(?:the|its|their|these|those|our|his|her)\s+)?(?!(?:of|sorts|kinds|year|day|night|too|but|about|along|across|over|sides|hands|costs|means|right|at|the|its|their"
    rf"|these|those|our|his|her|in|is|this|that|it|we|they|eyes)\b)(?:(?:{_NUMBER_WORDS}|\d+|[a-z]+)\s+){{0,2}}?[a-z]{{2,}}s\b"
    r"|\bno\s+(?:other\s+)?(?:country|nation|state|government|army|power|leader|president|economy|single|serious|known|european|african|asian|western|\w+ian)\s+(?:\w+\s+){0,2}?"
    r"(?:has|have|can|could|will|would|is|was|does|did|ever|spends?|wants?)\b"
    r"|\bno\s+(?:[\w-]+\s+){1,4}?(?:has|have|had)\s+(?:ever|yet)\b",
    re.IGNORECASE,
)
_NOT_UNIVERSAL = re.compile(
    r"\b(?:not|hardly|almost|nearly|virtually|n['’]t|few|rarely|not\s+an?|to|for)\s+$", re.IGNORECASE
)
_AFTER_ALL = re.compile(r"\b(?:after|above|at|in|of|first\s+of|for)\s+$", re.IGNORECASE)


def universals(reading: Reading) -> Iterator[Flag]:
    """Yield universals: one counterexample refutes them. `Not every` and `almost all` are none."""
    for match in _UNIVERSAL.finditer(reading.text):
        before = reading.text[: match.start()]
        if _NOT_UNIVERSAL.search(before) or (match.group().lower().startswith("all") and _AFTER_ALL.search(before)):
            continue
        why = message("one counterexample refutes a universal; search for one.")
        yield reading.flag("universal", *match.span(), why)


def motives(reading: Reading) -> Iterator[Flag]:
    """Yield the first motive that a sentence ascribes; a speaker's own hope (`I fear`) is none."""
    text = without_threats(reading.text)
    match = next((m for m in MOTIVE.finditer(text) if not _OWN.search(text[: m.start()])), None)
    if match is not None:
        why = message("a motive cannot be seen; cite words or acts that would differ under another motive.")
        yield reading.flag("motive", *match.span(), why)


_OWN = re.compile(r"\b(?:I|we|you)(?:\s+\w+ly)?\s+$|\b(?:one|might|may)\s+$", re.IGNORECASE)

_BACKWARD = (
    r"because(?:\s+of)?|as\s+a\s+(?:direct\s+)?(?:result|consequence)\s+of|result(?:s|ed)\s+from|thanks\s+to|due\s+to|owing\s+to|stem(?:s|med)\s+from"
    r"|(?:is|was|were|are)\s+(?:\w+\s+)?(?:caused|driven|triggered|produced|explained)\s+by|driven\s+by|caused\s+by"
)
_FORWARD = (
    r"led\s+(?:directly\s+|inevitably\s+)?to|caus(?:es|ed|ing)|result(?:s|ed)\s+in|explains?|responsible\s+for|to\s+blame\s+for|(?:is|was|are|were)\s+why|brought\s+(?:about|down|on)"
    r"|gave\s+rise\s+to|triggered|(?:reason|cause)\s+(?:of|for|why)\b|drove|wrecked|destroyed|ended|saved|fuell?ed|sparked|provoked|produced"
)
_CAUSE = re.compile(rf"\b(?:(?P<backward>{_BACKWARD})|(?P<forward>{_FORWARD}))\b", re.IGNORECASE)
"""A backward cause stands after its outcome, a forward one before it."""
_MANY_CAUSES = re.compile(
    r"\b(?:war|wars|peace|collapse|recession|inflation|growth|crisis|crises|poverty|crime|homicides?|murders?|victory|defeat|deterrence|stability|instability|migration|exodus|unemployment|coup|coups|revolution|uprising|"
    r"famine|hunger|shortages?|boom|slump|decline|fall|rise|unrest|violence|terrorism|conflict|bankruptcy|default|devaluation|prosperity|democracy|dictatorship|election|landslide|polari[sz]ation|"
    r"arms\s+race|invasion|protests?|blackouts?|currency|economy|prices|emigration|deforestation|accession|truce|ceasefire|settlement|stagnation|debt)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\b(?:alone|single-handedly)\s+$", re.IGNORECASE)
"""What before a forward cause names it the only one, whatever the outcome."""
_HEDGED_CAUSE = re.compile(
    r"\b(?:partly|partially|in\s+part|among|one\s+of|some\s+of|contribut\w+|factors?|along\s+with|combined|mostly|mainly|largely|helped|several|many\s+reasons|other\s+causes|and\s+also|as\s+well\s+as|both)\b",
    re.IGNORECASE,
)


def one_cause(reading: Reading) -> Iterator[Flag]:
    """Yield single causes of outcomes that have many; a hedge such as `partly` or `one of` makes none."""
    cause = _CAUSE.search(reading.text)
    if cause is None or reading.kind in ("forecast", "counterfactual", "motive"):
        return
    alone = bool(cause["forward"] and _ALONE.search(reading.text[: cause.start()]))
    if _HEDGED_CAUSE.search(reading.text) and not alone:
        return
    outcome = _outcome(reading.text, cause)
    if outcome is not None or alone:
        why = (
            message("`{outcome}` has many causes; name the rivals and what each predicts.", outcome=outcome)
            if outcome
            else message("few outcomes have one cause; name the rivals and what each predicts.")
        )
        yield reading.flag("one_cause", *cause.span(), why)


def _outcome(text: str, cause: re.Match[str]) -> str | None:
    """Return the outcome of a cause that has many causes; None if there is none on its side of the cause."""
    part = text[cause.end() :]
    if cause["backward"]:
        # `Because of A, B`: the outcome follows the comma
        part = text[: cause.start()].strip() or part.partition(",")[2]
    outcome = _MANY_CAUSES.search(part)
    return outcome.group() if outcome else None
