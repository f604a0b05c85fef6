"""The forms of sentences that can be checked: a table of kinds, patterns and examples, and the match of a sentence.

A pattern is a regular expression over the sentence without times and money (see `clauses`), in which {slots} stand for parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tocsin.case.number_words import ORDINALS
from tocsin.checking.bounds import COMPARISON, DIGITS, FRACTION, MANIFOLD, NUMBER
from tocsin.checking.clauses import Clauses, take_apart
from tocsin.checking.currencies import currency_pattern, money_pattern
from tocsin.checking.negation import NEGATED, affirmed
from tocsin.errors import InputError
from tocsin.translation import in_semicolons, message

_NAME = r"[^\W\d_](?:[^\W\d_]|[.' -]){0,45}?"
_COUNTED = {
    "spending": r"(?:defen[cs]e|military|arms) (?:spending|budget|expenditures?|outlays)",
    "personnel": r"(?:armed forces|army|military personnel|soldiers|troops|men under arms|military)",
    "population": r"(?:population|people|inhabitants)",
    "urban": r"(?:urban population|city dwellers)",
    "energy": r"(?:energy (?:consumption|use))",
    "steel": r"(?:(?:iron and )?steel (?:production|output))",
    "capability": r"(?:(?:national |material |military )?capabilit(?:y|ies)|power)",
    "product": r"(?:gdp|gross domestic product|economy|economic output)",
}
QUANTITY_WORDS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _COUNTED.items()}
_QUANTITY = "|".join(
    _COUNTED[name]
    for name in ("spending", "urban", "energy", "steel", "capability", "product", "personnel", "population")
)
_TIMES = rf"(?:once|twice|thrice|{NUMBER} times)"
_OBLIGATION = r"defen[cs]e|defensive|non-?aggression|neutrality|consultation|offensive|mutual defen[cs]e|military"

SLOTS = {
    "state": _NAME,
    "other": _NAME,
    "third": _NAME,
    "states": r".{2,120}?",
    "leader": _NAME,
    "quantity": rf"(?:{_QUANTITY})",
    "bound": COMPARISON,
    "number": NUMBER,
    "percent": rf"(?:(?:{DIGITS}|{NUMBER}) ?(?:%|percent|per cent)|{FRACTION})",
    "manifold": rf"(?:{DIGITS}-?|(?:{'|'.join(MANIFOLD)})-?)fold",
    "money": money_pattern(),
    "money2": money_pattern(),
    "ordinal": r"(?:\d{1,3}(?:st|nd|rd|th)|" + "|".join(ORDINALS) + ")",
    "fold": r"doubled|tripled|trebled|quadrupled|halved|quintupled",
    "change": r"raised|increased|grew|expanded|boosted|lifted|cut|reduced|lowered|decreased|shrank|slashed",
    "move": r"rose|risen|grew|grown|increased|climbed|fell|fallen|dropped|declined|decreased|shrank|shrunk|went up|went down",
    "more": r"more|less|fewer|larger|smaller|higher|lower|bigger|greater",
    "top": r"largest|biggest|highest|strongest|smallest|lowest|weakest",
    "record": r"record|all-time high|record high|record low|all-time low|highest|largest|biggest|lowest|smallest",
    "times": _TIMES,
    "factor": rf"twice|thrice|(?:{DIGITS}|{NUMBER}) times|half",
    "treaty": rf"(?:{_OBLIGATION})",
    "duty": r"defend|come to the aid of|aid|consult|stay neutral towards|remain neutral towards|not attack|refrain from attacking",
    "edge": r"began|started|entered into force|took effect|dates?|dated|ended|expired|lapsed",
    "no": r"no|not any",
    "event": r"missile tests?|missile launch(?:es)?|missiles?|nuclear tests?|provocations?|tests?|launches",
    "currency": currency_pattern(),
    "currency2": currency_pattern(),
}  # fmt: skip
"""Regular expressions of the slots."""
NAME_SLOTS = ("state", "other", "third", "states", "leader", "money", "money2", "currency", "currency2")
"""Slots that name states, people and currencies."""

_SPENT = r"(?:spends?|spent) "
_ARMS = r"(?: on (?:defen[cs]e|its military|the military|its armed forces|arms|its defen[cs]e))?"
_GDP = r"of (?:its )?(?:gdp|gross domestic product|national product|economic output)"
_WORLD = r"(?:the )?(?:world|global|world's|the world's)"
_IN_WORLD = r"(?: in the world| worldwide| on earth)?"
_DISPUTES = r"(?:militari[sz]ed )?(?:interstate )?disputes?"
_LEADER = r"(?:leader|government|head of government|head of state|prime minister|president)"
_UN = r"(?: (?:in|at) the (?:un|united nations|general assembly|un general assembly))?"


@dataclass(frozen=True)
class Form:
    """A kind of sentence: its name, what it is about, patterns, and an example for each pattern that differs in use."""

    kind: str
    about: str
    patterns: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A sentence matched with a form.

    Attributes:
        kind: of the form.
        pattern: its number in the form.
        slots: text of the slots.
        clauses: the sentence taken apart.
        negated: whether the sentence denies what the form states.
    """

    kind: str
    pattern: int
    slots: dict[str, str | None]
    clauses: Clauses
    negated: bool = False

    def slot(self, name: str) -> str:
        """Return the text of a slot; "" if it is empty or the pattern has none."""
        return (self.slots.get(name) or "").strip()


FORMS: tuple[Form, ...] = (
    Form(
        "growth",
        "how a quantity changed",
        (
            r"{state} (?:has |had )?(?:{bound} )?{fold} (?:its|their) {quantity}",
            r"{state}'s? {quantity} (?:has |had |have )?(?:{bound} )?{fold}",
            r"(?:the )?{quantity} (?:of|in|by) {state} (?:has |had |have )?(?:{bound} )?{fold}",
            r"{state} (?:has |had )?{change} (?:its|their) {quantity}(?: by (?:{bound} )?{percent})?",
            r"{state} (?:has |had )?{change} (?:its|their) {quantity} (?:{bound} )?{manifold}",
            r"{state}'s? {quantity} (?:has |had |have )?{move}(?: by)?(?: (?:{bound} )?{percent})?",
            r"(?:the )?{quantity} (?:of|in|by) {state} (?:has |had |have )?{move}(?: by)?(?: (?:{bound} )?{percent})?",
            r"{state}'s? {quantity} (?:has |had |have )?{move} (?:{bound} )?{manifold}",
            r"(?:the )?{quantity} (?:of|in|by) {state} (?:has |had |have )?{move} (?:{bound} )?{manifold}",
            r"{state}'s? {quantity} (?:has |had |have )?{move} (?P<always>every year|each year)",
            r"(?:the )?{quantity} (?:of|in|by) {state} (?:has |had |have )?{move} (?P<always>every year|each year)",
            r"{state}'s? {quantity} (?:was|were|is) {more} than",
            rf"{{state}} {_SPENT}{{more}}{_ARMS} than",
            r"{state} had {more} {quantity} than",
        ),
        (
            "Poland doubled its defence spending since 2014",
            "Chile's military spending rose by 30 % in real terms from 2000 to 2010",
            "Turkey's population rose every year from 1990 to 2000",
            "Sweden's military spending was lower in 2000 than in 1990 in real terms",
        ),
    ),
    Form(
        "product share",
        "spending as a share of gross domestic product",
        (
            rf"{{state}} {_SPENT}(?:{{bound}} )?{{percent}} {_GDP}{_ARMS}",
            rf"{{state}}'s? {{quantity}} (?:was|is|amounted to|reached) (?:{{bound}} )?{{percent}} {_GDP}",
        ),
        ("Greece spent more than 2 % of its GDP on defence in 2010",),
    ),
    Form(
        "world share",
        "the share of a state in the world",
        (
            rf"{{state}} (?:accounted for|made up|makes up|had|has|accounts for|held) (?:{{bound}} )?{{percent}} of {_WORLD} {{quantity}}",
            rf"{{state}}'s? share of {_WORLD} {{quantity}} (?:was|is) (?:{{bound}} )?{{percent}}",
        ),
        ("Brazil accounted for about 1.5 % of world military spending in 2010",),
    ),
    Form(
        "level",
        "a quantity in a year",
        (
            rf"{{state}} {_SPENT}(?:{{bound}} )?{{money}}{_ARMS}",
            r"{state}'s? {quantity} (?:was|were|is|amounted to|stood at|reached) (?:{bound} )?{money}",
            r"{state} (?:had|has) (?:{bound} )?{number} {quantity}",
            r"{state}'s? {quantity} (?:was|were|numbered|amounted to|stood at|reached) (?:{bound} )?{number}(?: (?:people|soldiers|men|persons))?",
        ),
        ("Chile spent more than 5 billion dollars on defence in 2015", "Egypt had 836,000 soldiers in 2015"),
    ),
    Form(
        "comparison",
        "a state against one or several others",
        (
            rf"{{state}} {_SPENT}{{more}}{_ARMS} than {{states}}(?: (?:did|together|combined|put together|taken together))*",
            r"{state} (?:had|has) {more} {quantity} than {states}(?: (?:did|together|combined|put together|taken together))*",
            r"{state}'s? {quantity} (?:was|were|is) {more} than (?:that of |those of )?{states}?(?:'s?)?(?: (?:together|combined))?",
            r"{state}'s? {quantity} (?:was|is) (?:{bound} )?{percent} of (?:that of )?{states}?(?:'s?)?",
            rf"{{state}} {_SPENT}(?:{{bound}} )?{{factor}} (?:as much{_ARMS} as|more{_ARMS} than) {{states}}(?: (?:did|together|combined))*",
            r"{state} (?:had|has) (?:{bound} )?{factor} as many {quantity} as {states}(?: (?:did|together|combined))*",
        ),
        (
            "India spent more on defence than Pakistan and Bangladesh together in 2012",
            "Brazil had twice as many soldiers as Argentina in 1985",
        ),
    ),
    Form(
        "rank",
        "the place of a state in the world",
        (
            rf"{{state}} (?:was|is|ranked as|ranked) (?:the )?(?:world's )?(?:{{ordinal}}[- ])?{{top}} (?P<spender>(?:military |defen[cs]e )?spender)(?: on (?:defen[cs]e|arms))?{_IN_WORLD}",
            rf"{{state}} (?:had|has|fielded|fields) (?:the )?(?:world's )?(?:{{ordinal}}[- ])?{{top}} {{quantity}}{_IN_WORLD}",
            rf"{{state}} (?:was|is) among (?:the )?(?:world's )?(?:{{number}} {{top}}|top {{number2}}) (?P<spender>(?:military |defen[cs]e )?spenders){_IN_WORLD}",
        ),
        ("Saudi Arabia was the fourth largest military spender in 2014", "Nigeria had the seventh largest population in 2010"),
    ),
    Form(
        "record",
        "records, and the largest or smallest figure since a year",
        (
            r"{state}'s? {quantity} (?:was|is|reached|hit|stood at|were)(?: at)? (?:a |an |the |its |their )?{record}(?: level| value)?(?: ever| on record| in history)?",
            r"{state} had (?:the |its )?{record} {quantity}(?: ever| on record)?",
        ),
        ("Colombia's military spending in 2013 was the highest since 1990", "Spain's army was a record low in 2010"),
    ),
    Form(
        "turning point",
        "growth or disputes before and after a year",
        (
            r"{state}'s? {quantity} (?:grew|rose|increased) (?P<speed>faster|more slowly|slower) than before",
            rf"{{states}} had {{more}} {_DISPUTES} than before",
            rf"there were {{more}} {_DISPUTES} between {{states}} than before",
        ),
        (
            "Ethiopia's military spending grew faster after 1998 than before",
            "India and Pakistan had more disputes after 1998 than before",
        ),
    ),
    Form(
        "exchange",
        "two amounts of money, and rates of exchange",
        (
            r"{money} (?:is|was|are|were|equals?|equal(?:l)?ed|made|=|comes to|came to|is worth|was worth) (?:{bound} )?{money2}",
            r"{money} \((?:{bound} )?{money2}\)",
            r"(?:the|one|a|1) {currency} (?:was worth|is worth|bought|cost|stood at|traded at|was|is) (?:{bound} )?{money}",
            r"the {currency} (?P<way>fell|lost|rose|gained|dropped|declined|weakened|strengthened|depreciated|appreciated)(?: by)?(?: (?:{bound} )?{percent}(?: of its value)?)? (?:against|to) the {currency2}",
        ),
        (
            "57.7 billion dollars is 9.04 trillion yen in December 2025",
            "The euro was worth more than 1.3 dollars in 2011",
            "The rand fell by more than 20 % against the dollar from 2010 to 2015",
        ),
    ),
    Form(
        "treaty",
        "treaties in force and what they oblige",
        (
            r"{states} (?:had|have|were bound by|were in|shared) (?:a |an )?(?:{no} )?(?:{treaty} )?(?P<pact>pact|treaty|alliance|agreement)(?: with {other})?(?: in force)?",
            r"{states} (?:were|are|have been|remained) (?P<nota>not )?(?:{treaty} )?(?P<allies>allies|allied)",
            r"{state} (?:was|is) (?P<notb>not )?(?:allied (?:with|to)|an ally of) {other}",
            r"{state} (?:must|has to|had to|was obliged to|was bound to|was committed to|is obliged to|is bound to|was required to) {duty} {other}",
            r"{state} (?:need not|was not obliged to|was not bound to|did not have to|had no duty to) {duty} {other}(?P<free>)",
        ),
        (
            "Pakistan and Turkey had a defence pact in 1960",
            "The United States must defend Japan in 2010",
            "Argentina and Chile had no non-aggression pact in 1980",
        ),
    ),
    Form(
        "treaty date",
        "when treaties began and ended",
        (r"(?:the |a )?(?:{treaty} )?(?:pact|treaty|alliance) between {states} {edge}(?: from)?",),
        ("The defence pact between Spain and the United States began in 1953",),
    ),
    Form(
        "disputes",
        "militarized disputes and wars",
        (
            rf"{{states}} (?:had|have had|were in|was in|fought) (?:{{bound}} )?{{number}} {_DISPUTES}(?: with each other)?",
            rf"there (?:was|were) (?:{{bound}} )?{{number}} {_DISPUTES} between {{states}}",
            rf"{{states}} had (?:{{bound}} )?{{number}} {_DISPUTES} with {{other}}",
            r"{states} (?P<war>were at war|fought (?:a|one) war|went to war)(?: with each other| (?:with|against) {other})?",
            r"{states} fought (?:{bound} )?{number} (?P<wars>wars?)(?: with each other| (?:with|against) {other})?",
            r"{state} (?P<force>used force against|attacked|invaded|threatened) {other}",
        ),
        (
            "India and Pakistan had more than 20 disputes between 1980 and 2000",
            "Peru and Ecuador fought no war between 1960 and 1990",
            "Libya used force against Chad in 1986",
        ),
    ),
    Form(
        "events",
        "North Korean tests and provocations",
        (r"{state} (?:carried out|conducted|launched|fired|made|committed|held) (?:{bound} )?{number} {event}",),
        ("North Korea carried out more than 60 missile tests in 2022",),
    ),
    Form(
        "stationed troops",
        "American soldiers in other countries",
        (
            r"{state} (?:had|stationed|kept|keeps|has) (?:{bound} )?{number} (?:american )?(?:troops|soldiers) in {other}",
            r"{state} (?:had|stationed|kept|keeps|has) {more} (?:american )?(?:troops|soldiers) in {other} than in {third}",
        ),
        ("The United States had more than 10,000 troops in Italy in 2012",),
    ),
    Form(
        "leaders",
        "changes of leaders",
        (
            r"{state} had (?:{bound} )?{number} (?:different )?(?P<people>leaders|heads of government|heads of state|prime ministers|presidents)",
            r"{state} changed (?:its )?(?:leaders?|governments?) (?:{bound} )?{times}",
            rf"{{state}}'s? {_LEADER} (?P<not>did not )?(?:changed?|was replaced|was succeeded)(?: (?:{{bound}} )?{{times}})?",
            rf"{{state}}'s? {_LEADER} (?P<forced>was overthrown|was ousted|lost power irregularly|was removed irregularly|was removed by force)(?: (?:{{bound}} )?{{times}})?",
        ),
        ("Italy had at least five leaders between 1990 and 2000", "Mali's leader was overthrown in 2012"),
    ),
    Form(
        "office",
        "when a leader took, held or left office",
        (
            r"{leader} (?P<entry>took office|came to power|took power|became (?:leader|president|prime minister|chancellor) of {state}|entered office|assumed office|assumed power)(?: in {other})?",
            r"{leader} (?P<exit>left office|lost power|fell from power|lost office|left power)(?: in {other})?",
            r"{leader} (?P<in>was in office|was in power|(?:has |had )?(?:ruled|governed|led)|held power|held office|has been in (?:office|power))(?: (?:in )?{other})?",
        ),
        ("Mandela took office before 1995 in South Africa", "Thatcher was in office in 1985"),
    ),
    Form(
        "parties",
        "changes of the governing party",
        (
            r"(?:the )?(?:governing|ruling) (?:party|camp) (?:of|in) {state} changed(?: (?:{bound} )?{times})?",
            r"{state}'s? (?:governing|ruling) (?:party|camp) changed(?: (?:{bound} )?{times})?",
        ),
        ("The governing party of Sweden changed twice between 1990 and 2010",),
    ),
    Form(
        "votes",
        "votes in the United Nations' General Assembly",
        (
            rf"{{state}} (?:voted|agreed|sided) with {{other}} in (?:{{bound}} )?{{percent}} of (?:the |all |its )?(?:un |general assembly )?votes{_UN}",
            rf"{{states}} (?:agreed|voted alike|voted together|voted the same way) in (?:{{bound}} )?{{percent}} of (?:the |all |its )?(?:un |general assembly )?votes{_UN}",
            rf"{{state}} (?:voted|agreed|sided) (?P<often>more|less) (?:often )?with {{other}} than with {{third}}{_UN}",
            rf"{{state}} (?:voted|agreed|sided) with {{other}} (?P<often>more|less) (?:often )?than with {{third}}{_UN}",
        ),
        (
            "Brazil voted with the United States in less than 30 % of votes in 2015",
            "India voted more often with Russia than with the United States in 1985",
        ),
    ),
)  # fmt: skip
"""All forms; the first that matches counts."""


@cache
def _compiled() -> tuple[tuple[Form, int, re.Pattern[str]], ...]:
    return tuple(
        (form, index, re.compile(_filled(pattern), re.IGNORECASE))
        for form in FORMS
        for index, pattern in enumerate(form.patterns)
    )


def _filled(pattern: str) -> str:
    def group(match: re.Match[str]) -> str:
        name = match[1]
        return f"(?P<{name}>{SLOTS[name.rstrip('2') if name not in SLOTS else name]})"

    # braces of repetitions hold digits only
    return re.sub(r"\{([a-z]+2?)\}", group, pattern)


def match_sentence(sentence: str) -> Match:
    """Return the match of a sentence with the first form that fits; a form that is denied fits too.

    Raises:
        InputError: if the text is unsafe (see `take_apart`) or fits no form; the remedy shows the nearest examples.
    """
    clauses = take_apart(sentence)
    if match := _first_match(clauses, clauses.core, negated=False):
        return match
    denied = affirmed(clauses.core)
    if denied and (match := _first_match(clauses, denied, negated=True)):
        return match
    near = nearest(clauses.sentence)
    raise InputError(
        message("no form fits the sentence {text}", text=repr(_short(clauses.sentence))),
        remedy=message(
            "write it like one of these, in English: {examples}",
            examples=in_semicolons(f'"{example}"' for example in near),
        ),
    )


def _first_match(clauses: Clauses, core: str, *, negated: bool) -> Match | None:
    """Return the match of a core with the first form that fits; a name that holds a denial is none."""
    for form, index, pattern in _compiled():
        if match := pattern.fullmatch(core):
            slots = match.groupdict()
            if not any(NEGATED.search(slots.get(name) or "") for name in NAME_SLOTS):
                return Match(form.kind, index, slots, clauses, negated)
    return None


def nearest(sentence: str) -> list[str]:
    """Return an example of each of the three forms whose words a sentence shares most."""
    words = _words(sentence)

    def likeness(form: Form) -> float:
        known = _vocabulary(form.kind)
        return sum(1.0 / sum(word in _vocabulary(other.kind) for other in FORMS) for word in words & known)

    def shared(example: str) -> int:
        return len(words & _words(example))

    best = sorted(FORMS, key=likeness, reverse=True)[:3]
    return [max(form.examples, key=shared) for form in best]


@cache
def _vocabulary(kind: str) -> frozenset[str]:
    """Return the words of a form: those of its patterns, slots and examples."""
    form = next(form for form in FORMS if form.kind == kind)
    slots = {name for pattern in form.patterns for name in re.findall(r"\{([a-z]+)2?\}", pattern)}
    texts = [re.sub(r"\{\w+\}|\?P<\w+>", " ", pattern) for pattern in form.patterns]
    texts += [
        SLOTS[name]
        for name in sorted(slots - {"state", "other", "third", "states", "leader", "number", "percent", "money"})
    ]
    return frozenset(_words(" ".join([form.about, *texts, *form.examples])))


def _words(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]+|%", text.lower())
    return frozenset(
        word.rstrip("s") for word in words if word not in ("the", "a", "an", "of", "and", "in", "its", "s", "is", "was")
    )


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
