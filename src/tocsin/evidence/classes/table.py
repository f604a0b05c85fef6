"""The reference classes, in one table: the question, what counts as a case and as the outcome, the comparisons and the limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from tocsin.translation import Text, message

if TYPE_CHECKING:
    from tocsin.evidence.classes.selection import Selection, Tables
    from tocsin.evidence.results import StoredFigures

NONE = Text()
FIVE = {
    "dispute": message("rivals began a dispute"),
    "force": message("rivals used force in a dispute that they began"),
    "war": message("rivals began a war"),
}
_RIVALS = (
    "Regimes are not compared: no data set at hand codes them. A rival is a strategic rival on the list of Thompson, Sakuwa and Suhas, which is drawn up with hindsight and ends in 2020. "
    "A dispute is one of the Correlates of War that the rival began, both from the start; the list ends in 2014, so windows that "
    "begin after 2009 are open and count neither way. The coded beginner of a dispute is not always who began the war that came of it: "
    "dispute 258 codes Poland as the beginner against Germany in 1939, so `restraints` counts a war begun by Germany's rival Poland."
)
_SAME = (
    "The same rival towards the same state in the five years before the event began, if they were rivals in all of them. It assumes "
    "that nothing else changed; a state may act because of the disputes before, which makes this comparison too favourable to the event."
)
_ALIKE = (
    "Up to three other pairs of rivals without such an event, at most ten years apart, alike in whether the rival began a dispute in "
    "the five years before, and nearest in {}. It assumes that pairs alike in these would have gone the same way; what is not "
    "measured, such as intent, is not matched."
)
_DYAD = "Of overlapping windows of one rival and one state only the first counts."


class Selector(Protocol):
    """Selects the cases of a class from the tables of its data sets."""

    def __call__(self, tables: Tables) -> Selection:
        """Return the cases and what they are compared with."""


@dataclass(frozen=True, kw_only=True)
class ReferenceClass:
    """A reference class.

    Attributes:
        question: what it asks, in plain words.
        cases: the plural noun for its cases.
        case: what counts as a case.
        outcomes: what counts as each outcome, as a clause; the first is the main one.
        years: length of the window after the event.
        overlap: what is done with overlapping windows.
        before, similar: the comparisons with their assumptions; `before` is empty if there is none.
        no_before: why there is no comparison with the same pairs before.
        others: what the similar rows are, in a few words.
        others_outcomes: each outcome among these, as a clause, where an event may be about one of them; empty if it may not.
        these: what the cases are beside those, in a few words; empty if an event may not be about those.
        pact: the pact that the class requires, in words; empty if it requires none.
        parts: cases that have a rate of their own, in words, by column.
        features: what describes a case, by column.
        sources: names of the data sets.
        limits: what the class does not cover.
        select: selects the cases from the tables.
    """

    question: str
    cases: Text
    case: str
    outcomes: Mapping[str, Text]
    years: int
    overlap: str
    before: str = ""
    no_before: str = ""
    similar: str
    others: Text
    others_outcomes: Mapping[str, Text] = field(default_factory=dict)
    these: Text = NONE
    pact: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    features: Mapping[str, str]
    sources: tuple[str, ...]
    limits: str
    select: Selector

    def estimate(self, tables: Tables) -> StoredFigures:
        """Return the cases with their outcomes, the rates and the comparisons."""
        from tocsin.evidence.classes.figures import figures

        return figures(self.select(tables), self.years, self.features, self.parts, before=bool(self.before))


def _build_ups(tables: Tables) -> Selection:
    from tocsin.evidence.classes import build_ups

    return build_ups.select(tables)


def _restraints(tables: Tables) -> Selection:
    from tocsin.evidence.classes import restraints

    return restraints.select(tables)


def _drifts(tables: Tables) -> Selection:
    from tocsin.evidence.classes import realignments

    return realignments.select(tables, drift=True)


def _returns(tables: Tables) -> Selection:
    from tocsin.evidence.classes import realignments

    return realignments.select(tables, drift=False)


def _engagements(tables: Tables) -> Selection:
    from tocsin.evidence.classes import engagements

    return engagements.select(tables)


def _contributors(tables: Tables) -> Selection:
    from tocsin.evidence.classes import contributors

    return contributors.select(tables)


_RECORDS = {
    "recent": "cases whose rival began a dispute in the five years before the event began",
    "quiet": "cases whose rival began none",
}
_DISTANCE = "distance between the rival and the state, km"
_RECORD = "disputes that the rival began in the ten years before"
_MOVES = {
    "size": "move of the ally's distance to the protector, standard deviations of states",
    "ally_to_rival": "the ally's spending over the rival's",
    "protector_to_rival": "the protector's spending over the rival's",
    "distance": _DISTANCE,
    "record": _RECORD,
}
_MOVE_CASE = (
    "An ally's mean distance to its protector in the United Nations {} from the three years before a year to the three "
    "years after by more than in nine of ten calm spans, and the ally moved further than the protector. The protector is the partner "
    "in a defence pact that spends most, more than the ally. A case is such a move and a strategic rival of the ally; its "
    "window begins when the move is complete."
)
_ALLY_PACT = "the ally's defence pact with the protector"
_MOVE_SOURCES = ("ideal_points", "leaders", "atop_dyads", "rivalries_tss", "nmc", "mid_dyads", "distance")
_MOVE_LIMITS = (
    "Votes are one side of alignment. Only members of the United Nations count, so Korea only from 1991 and Germany from 1973. One "
    "move gives a case for each rival of the ally, and such cases are not independent. {}"
)


def _moves(question: str, cases: Text, distance: str, others: Text, select: Selector) -> ReferenceClass:
    """Return the class of allies whose distance to their protector grew or fell."""
    return ReferenceClass(
        question=question,
        cases=cases,
        case=_MOVE_CASE.format(distance),
        outcomes=FIVE,
        years=5,
        overlap=_DYAD,
        before=_SAME,
        similar=_ALIKE.format("the ally's and the protector's spending relative to the rival's"),
        others=others,
        pact=_ALLY_PACT,
        parts=_RECORDS,
        features=_MOVES,
        sources=_MOVE_SOURCES,
        limits=_MOVE_LIMITS.format(_RIVALS),
        select=select,
    )


CLASSES: Mapping[str, ReferenceClass] = {
    "build_ups": ReferenceClass(
        question="What did rivals do after a protector of their target built up by a quarter or more?",
        cases=message("build-ups"),
        case=(
            "A state's spending rose by a quarter or more within five years, both in current money and as a share of the spending of all "
            "states that report both years. The state had a defence pact with the rival's target and none with the rival, spent at "
            "least as much as the target and half as much as the rival, was a major power or within 1,000 km of the rival, and was in no war "
            "between states in the last year of the rise."
        ),
        outcomes=FIVE,
        years=5,
        overlap=_DYAD + " Of several protectors in one year, the one that spends most stands for all.",
        before=_SAME,
        similar=_ALIKE.format("the target's and the protector's spending relative to the rival's"),
        others=message("similar pairs without a build-up"),
        pact="the protector's defence pact with the target",
        parts=_RECORDS
        | {"half": "rises by half or more", "stronger": "protectors that spend at least as much as the rival"},
        features={
            "size": "factor of the rise: of the share of the world's spending within five years; at hand, of spending in constant prices",
            "target_to_rival": "the target's spending over the rival's",
            "protector_to_rival": "the protector's spending over the rival's",
            "distance": _DISTANCE,
            "record": _RECORD,
        },
        sources=("nmc", "atop_dyads", "rivalries_tss", "mid_dyads", "wars", "distance", "majors"),
        limits=(
            "Spending is known only in current dollars (pounds to 1913), and there is no price index for all states and years. The two "
            "measures together take out inflation and the disarmament of others, but a rise of the exchange rate passes for a build-up. Rises "
            "across 1913 are not known. Wars after 2003 and wars against groups are not left out. Distances before 1886 are not known, so then only major powers count. Many pacts are regional ones. "
            + _RIVALS
        ),
        select=_build_ups,
    ),
    "restraints": ReferenceClass(
        question="What did rivals do after a legal or treaty restraint on a state's forces fell?",
        cases=message("ends of a restraint, one for each rival"),
        case="A treaty or law that limited a state's forces or their use ended or was set aside. A case is such an end and a strategic rival of that state.",
        outcomes=FIVE,
        years=5,
        overlap=_DYAD,
        before=_SAME,
        similar=_ALIKE.format("the state's spending relative to the rival's"),
        others=message("similar pairs without one"),
        parts=_RECORDS,
        features={
            "state_to_rival": "the state's spending over the rival's",
            "distance": _DISTANCE,
            "record": _RECORD,
        },
        sources=("rivalries_tss", "nmc", "mid_dyads", "distance"),
        limits=(
            "The list of restraints is the program's own, short, and drawn up by hand: a restraint is on it only if its terms and its end "
            "are surely known. A restraint falls when its state rearms anyway, so the class does not separate law from arms; more than half of the "
            "cases are of 1935 to 1938, and their windows reach into the Second World War. A restraint gives a case for each rival, and such cases are not independent. Restrained states without a strategic "
            "rival in that year give none, so Austria in 1936, Japan in 1952 and 1992, Finland in 1990, Germany in 1994 and South Korea in 2021 (the list of rivals ends in 2020). "
            + _RIVALS
        ),
        select=_restraints,
    ),
    "drifts": _moves(
        "What did rivals do after an ally drifted from its protector?",
        message("drifts"),
        "grew",
        message("similar pairs without a drift"),
        _drifts,
    ),
    "returns": _moves(
        "What did rivals do after an ally returned to its protector?",
        message("returns"),
        "fell",
        message("similar pairs without a return"),
        _returns,
    ),
    "engagements": ReferenceClass(
        question="How often did governments that engaged a rival leave their alliance?",
        cases=message("engagements"),
        case=(
            "A state with a protector signed a pact of nonaggression, neutrality or consultation with its strategic rival, between the two "
            "alone and without a duty to defend or attack. Engagement itself is in no data set at hand; this is the nearest that is measured. "
            "The protector is the partner in a defence pact that spends most, more than the state; it was not allied with the rival."
        ),
        outcomes={"left": message("the pact with the protector ended")},
        years=10,
        overlap="Of overlapping windows of one state and one protector only the first counts.",
        no_before="A pact that is in force at the event cannot have ended in the years before, so the same pairs before say nothing.",
        similar=(
            "Up to three other states with a protector and a strategic rival that signed no such pact in ten years, at most ten years "
            "apart, and nearest in spending relative to the protector and in the age of the pact. It assumes that such pacts would have "
            "lasted as long."
        ),
        others=message("similar states that signed no such pact"),
        pact="the state's defence pact with the protector",
        features={
            "state_to_protector": "the state's spending over the protector's",
            "age": "age of the pact with the protector, years",
        },
        sources=("atop_alliances", "atop_members", "atop_dyads", "rivalries_tss", "nmc", "states"),
        limits=(
            "A signed pact is a late and formal kind of engagement; talks and summits leave no row. The pact with the protector ended, "
            "whoever ended it; its end with the end of a state does not count. Where both rivals have a protector, one pact gives two cases."
        ),
        select=_engagements,
    ),
    "contributors": ReferenceClass(
        question="How often did a coalition's third member become its largest contributor?",
        cases=message("coalitions"),
        case=(
            "A defence pact of three or more states whose founders' spending in the year of the pact is known. The case is the founder that "
            "spent third most."
        ),
        outcomes={"largest": message("the third member spent more than every other member in some year")},
        years=15,
        overlap="One case for each pact. Pacts with much the same members, such as those of the 1960s in Africa, are not independent.",
        no_before="A coalition does not exist before its pact.",
        similar=(
            "The second members of the same pacts. It assumes nothing about the pacts, which are the same; a second member starts nearer the top."
        ),
        others=message("the second members of the same pacts"),
        these=message("the third members of the same pacts"),
        others_outcomes={"largest": message("the second member spent more than every other member in some year")},
        pact="one defence pact of all members",
        features={"to_largest": "its spending over the largest member's", "members": "number of founders"},
        sources=("atop_alliances", "atop_members", "nmc"),
        limits=(
            "Spending is in current dollars of each year (pounds to 1913), compared only within a year. It stands for all that a member "
            "contributes. A pact that ended, or that the member left, gives no outcome after that. Pacts with a founder whose spending is "
            "not known are left out. A window with a year in which the spending of the third or of the first member is not known is open."
        ),
        select=_contributors,
    ),
}
"""All classes by name."""
