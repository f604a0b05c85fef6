"""State which covariates enter which payoffs, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

BEGIN, RESIST, FIRM, FIGHT = "begin", "resist", "firm", "fight"
STAGES = (FIGHT, FIRM, RESIST, BEGIN)
"""The choices, last move first. `FIRM` is the target's other answer: whether it yields in the end."""
EXPECTED_FIGHT, EXPECTED_ANSWER, EXPECTED_WAR = "expected fight", "expected answer", "expected war"
"""What a move may expect of later ones: the chance of a fight if the target answers, of an answer, and of an answer with a fight."""
LATER: Mapping[str, tuple[str, ...]] = {RESIST: (EXPECTED_FIGHT,), BEGIN: (EXPECTED_ANSWER, EXPECTED_WAR)}
"""What each move can expect."""
Specification: TypeAlias = Mapping[str, tuple[str, ...]]
"""The covariates of each stage, by its name."""


class Entry(NamedTuple):
    """A covariate, the stages whose payoffs it enters, and why it enters no others."""

    covariate: str
    stages: tuple[str, ...]
    why: str


TABLE: tuple[Entry, ...] = (
    Entry("hostility", (BEGIN, RESIST), "what the challenger wants; a fight, once on, is decided by force and stakes"),
    Entry("hostility in return", (BEGIN, RESIST), "what the target wants, in the same way"),
    Entry(
        "challenger began others",
        (BEGIN, RESIST),
        "a habit of the challenger, and a distraction that helps the target; no cause of war with this one",
    ),
    Entry(
        "others against target",
        (RESIST,),
        "distracts the target; the challenger sees it in the answer it expects",
    ),
    Entry("answered", (RESIST,), "a habit of the target, seen by the challenger in the answer it expects"),
    Entry("answered others", (RESIST,), "the same habit, towards all"),
    Entry("challenger answered", (RESIST,), "what the target has seen of the challenger's own firmness"),
    Entry("distance", (RESIST,), "an act in return must reach; who fights far away has chosen to"),
    Entry("major challenger", (RESIST, FIRM), "rank says who can be faced; fights depend on force itself"),
    Entry("major target", (RESIST, FIRM), "rank says who can face others, in the same way"),
    Entry("rivalry", (RESIST,), "a reputation to keep; every year at risk is one of rivalry"),
    Entry("positional", (RESIST, FIRM, FIGHT), "the stake of a dispute; its pull to begin one is in hostility"),
    Entry("spatial", (RESIST, FIRM, FIGHT), "the same"),
    Entry("ideological", (RESIST,), "a stake of words more than of force"),
    Entry("interventionary", (RESIST,), "the same"),
    Entry("evenness", (FIGHT,), "relative strength matters once force decides; an even fight is in doubt"),
    Entry("force", (FIGHT,), "who used force will use it again"),
    Entry("world wars", (FIGHT,), "what the age thinks of war"),
    Entry("yielded", (FIRM,), "a habit of the target at the end of disputes"),
    Entry("yielded to others", (FIRM,), "the same habit, towards all"),
    Entry("world yields", (FIRM,), "what the age lets a state gain by threats"),
    Entry("world disputes", (FIRM,), "an unquiet age ends disputes by force"),
    Entry(EXPECTED_ANSWER, (BEGIN,), "an answer is what the challenger may fear"),
    Entry(EXPECTED_WAR, (BEGIN,), "and so is war"),
    Entry(
        EXPECTED_FIGHT,
        (),
        "the target's fear of a fight improves no prediction of pairs left out; `looking_ahead` adds it",
    ),
)
"""The main specification."""


def specification(table: tuple[Entry, ...] = TABLE) -> Specification:
    """Return the covariates of each stage."""
    return {stage: tuple(entry.covariate for entry in table if stage in entry.stages) for stage in STAGES}


def without_exclusions(table: tuple[Entry, ...] = TABLE) -> Specification:
    """Return a specification in which every covariate enters every stage, with all that a stage can expect of later ones."""
    expected = {name for names in LATER.values() for name in names}
    known = tuple(entry.covariate for entry in table if entry.covariate not in expected)
    return {stage: known + LATER.get(stage, ()) for stage in STAGES}


def looking_ahead(chosen: Specification) -> Specification:
    """Return a specification in which every move weighs all that it can expect of later ones."""
    return {stage: tuple(dict.fromkeys(names + LATER.get(stage, ()))) for stage, names in chosen.items()}


def memory_only(chosen: Specification) -> Specification:
    """Return a specification in which no move expects anything of later ones."""
    return {stage: tuple(name for name in names if name not in LATER.get(stage, ())) for stage, names in chosen.items()}
