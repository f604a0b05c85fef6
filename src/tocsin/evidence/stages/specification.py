"""State which covariates enter which payoffs, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

BEGIN, RESIST, FIRM, FIGHT = "begin", "resist", "firm", "fight"
STAGES = (FIGHT, FIRM, RESIST, BEGIN)
"""The choices, last move first. `FIRM` is the target's other answer: whether it yields in the end."""
EXPECTED_FIGHT, EXPECTED_ANSWER, EXPECTED_WAR = "expected fight", "expected answer", "expected war"
EXPECTED: Mapping[str, tuple[str, ...]] = {
    FIGHT: (),
    FIRM: (),
    RESIST: (EXPECTED_FIGHT,),
    BEGIN: (EXPECTED_ANSWER, EXPECTED_WAR),
}
"""What each choice expects of later ones: the chance of a fight if the target answers, of an answer, and of an answer and a fight."""
Specification: TypeAlias = Mapping[str, tuple[str, ...]]
"""The covariates of each stage, by its name."""


class Entry(NamedTuple):
    """A covariate, the stages whose payoffs it enters, and why it enters no others."""

    covariate: str
    stages: tuple[str, ...]
    why: str


TABLE: tuple[Entry, ...] = (
    Entry("hostility", (BEGIN, RESIST), "what the challenger did before tells what it wants now, not who wins"),
    Entry("hostility in return", (BEGIN, RESIST), "the same of the target"),
    Entry("answered", (RESIST,), "a habit of the target; the challenger sees it in the answer it expects"),
    Entry("challenger answered", (RESIST,), "what the target has seen of the challenger"),
    Entry("answered others", (RESIST,), "a habit of the target towards all"),
    Entry("distance", (RESIST,), "an act in return must reach; who is far apart has begun before it matters"),
    Entry("major challenger", (RESIST, FIRM), "rank tells whether the challenger can be faced"),
    Entry("major target", (RESIST, FIRM), "rank tells whether the target can face anyone"),
    Entry("positional", (RESIST, FIRM, FIGHT), "the stake once a dispute is on; before, hostility carries it"),
    Entry("spatial", (RESIST, FIRM, FIGHT), "the same"),
    Entry("challenger began others", (BEGIN, RESIST), "a challenger busy elsewhere is easier to face"),
    Entry("others against target", (BEGIN, RESIST), "a target pressed by others"),
    Entry("yielded", (FIRM,), "a habit of the target"),
    Entry("yielded to others", (FIRM,), "the same towards all"),
    Entry("world yields", (FIRM,), "what the age lets a state get by threats"),
    Entry("strength", (FIGHT,), "force decides only once it is used"),
    Entry("evenness", (FIGHT,), "an even fight is in doubt"),
    Entry("force", (FIGHT,), "states that used force use it again"),
    Entry("world wars", (FIGHT,), "what the age thinks of war"),
    Entry("world disputes", (BEGIN, FIGHT), "a quiet or an unquiet age"),
)
"""The main specification."""


def specification(table: tuple[Entry, ...] = TABLE) -> Specification:
    """Return the covariates of each stage."""
    return {stage: tuple(entry.covariate for entry in table if stage in entry.stages) for stage in STAGES}


def without_exclusions(table: tuple[Entry, ...] = TABLE) -> Specification:
    """Return a specification in which every covariate enters every stage."""
    return {stage: tuple(entry.covariate for entry in table) for stage in STAGES}
