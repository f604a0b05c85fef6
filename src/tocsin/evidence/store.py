"""Load the results that ship with the program, and estimate them again from data.

The modules that estimate are imported where they are used: loading a case reads stored results and needs none of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

from tocsin import __version__
from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.classes.table import CLASSES
from tocsin.evidence.results import DataSource, EstimateRow, Result, StoredFigures
from tocsin.translation import message, template

if TYPE_CHECKING:
    import polars as pl

SEED = 1

Tables: TypeAlias = "Mapping[str, pl.DataFrame]"


@dataclass(frozen=True)
class Kind:
    """A result that the program can estimate.

    Attributes:
        what: what it estimates, in words.
        model: the model and the module that has it.
        sources: names of the data sets it uses.
        limits: what the estimates do not cover.
        unit: unit of the estimates: "1" for probabilities and slopes, "per year" for rates.
        family: family of the distribution that stands for an estimate in a case: beta for probabilities, lognormal for
            rates and precisions, normal for slopes.
        key: label fields that name an estimate, in the order of its path; a row need not have all of them.
        estimate: returns the figures from the tables of the data sets, by name.
        row_at: returns the estimate that a path names if the stored rows have none; None if only these can be named.
    """

    what: str
    model: str
    sources: tuple[str, ...]
    limits: str
    unit: str
    family: str
    key: tuple[str, ...]
    estimate: Callable[[Tables], StoredFigures]
    row_at: Callable[[Result, str], EstimateRow] | None = None


def _alliances(tables: Tables) -> StoredFigures:
    from tocsin.evidence import alliances

    tests = alliances.alliances_tested(tables["reliability_berkemeier_fuhrmann"], tables["reliability_leeds_anac"])
    return alliances.estimate(tests, seed=SEED)


def _turnover(tables: Tables) -> StoredFigures:
    from tocsin.evidence import turnover

    return turnover.estimate(tables["leaders"], tables["ideal_points"], seed=SEED)


def _camps(tables: Tables) -> StoredFigures:
    from tocsin.data.governments import own_governments, parlgov_governments
    from tocsin.evidence import camps

    return camps.estimate(parlgov_governments(), own_governments(), tables["ideal_points"], seed=SEED)


def _conquest(tables: Tables) -> StoredFigures:
    from tocsin.evidence import conquest

    return conquest.estimate(conquest.victories(tables["wars"], tables["states"], tables["territorial_changes"]))


def _rivals(tables: Tables) -> StoredFigures:
    from tocsin.evidence import rivals

    return rivals.estimate(rivals.rival_years(tables), seed=SEED)


def _contest(tables: Tables) -> StoredFigures:
    from tocsin.evidence.contest import function

    disputes, dyads, nmc, distance, wars = (
        tables[name] for name in ("gml_disputes", "gml_dyads", "nmc", "distance", "wars")
    )
    cases = function.bilateral(disputes, dyads, nmc, distance)
    return function.estimate(cases, function.wars_of_sides(wars, nmc))


def _deterrence(tables: Tables) -> StoredFigures:
    from tocsin.evidence import deterrence

    rows = load_result("contest").figures.estimated
    war = next(row for row in rows if row.labels["what"] == "decisiveness in war")
    cases = deterrence.crises(tables["mid_dyads"], tables["nmc"])
    return deterrence.estimate(cases, (war.p05, war.p95), seed=SEED)


def _hostility(tables: Tables) -> StoredFigures:
    from tocsin.evidence.hostility import estimate

    return estimate.estimate(tables, seed=SEED)


def _hostility_at(result: Result, key: str) -> EstimateRow:
    from tocsin.evidence.hostility.reading import row_at

    return row_at(result, key)


def _stages(tables: Tables) -> StoredFigures:
    from tocsin.evidence.stages import estimate

    return estimate.estimate(tables)


def _courses(tables: Tables) -> StoredFigures:
    from tocsin.evidence.courses import estimate

    return estimate.estimate(tables)


def _courses_at(result: Result, key: str) -> EstimateRow:
    from tocsin.evidence.courses.reading import row_at

    return row_at(result, key)


def _words(tables: Tables) -> StoredFigures:
    # imported here: they load JAX and the coder, and reading a stored result needs neither
    from tocsin.evidence.words import weeks
    from tocsin.evidence.words.estimate import estimate

    counted = weeks.from_sources(tables["kcna_headlines"], tables["missile_tests"], tables["provocations"])
    return estimate(counted, seed=SEED)


_STAGES = ("mid_dyads", "mid_disputes", "rivalries_tss", "nmc", "atop_dyads", "distance", "majors", "states")
"""Data sets of the models of disputes."""

KINDS: Mapping[str, Kind] = {
    "alliances": Kind(
        what=template("how often states honoured an alliance when a war called on it"),
        model=template("logit with eras and duties partially pooled, fitted to each coding (evidence/alliances.py)"),
        sources=("reliability_berkemeier_fuhrmann", "reliability_leeds_anac"),
        limits=template(
            "Only wars that broke out count: an alliance that deterred a war is not in the data. Only 49 tests are "
            "from 1945 or later. The codings apply different rules to the same wars and disagree, so each has its own "
            "estimates."
        ),
        unit="1",
        family="beta",
        key=("coding", "era", "duty"),
        estimate=_alliances,
    ),
    "camps": Kind(
        what=template(
            "how often governing camps were turned out, and whether the state's votes in the United Nations then "
            "moved, since 1946"
        ),
        model=template("Poisson exits, the states' rates gamma about a common mean (evidence/camps.py)"),
        sources=("parlgov_countries", "parlgov_cabinets", "parlgov_cabinet_parties", "parlgov_parties", "ideal_points"),
        limits=template(
            "Democracies of ParlGov by the prime minister's party, and South Korea's presidents since 1988 by the "
            "program's own table. A new party need not be a new camp. A state's votes moved if its distance to the "
            "United States changed more than in nine of ten spans without a change of camp; votes are only one side "
            "of alignment. The stored result uses a conversion of ParlGov's release of 2023."
        ),
        unit="per year",
        family="lognormal",
        key=("state", "what"),
        estimate=_camps,
    ),
    "conquest": Kind(
        what=template("how often the winner of a war between states conquered a losing state, 1823 to 2003"),
        model=template("Jeffreys posterior of a share of wars (evidence/conquest.py)"),
        sources=("wars", "states", "territorial_changes"),
        limits=template(
            "A conquest is counted if a losing state left the list of states in the years of the war and lost land to a "
            "winner; it may have returned later. Most winners sought a province or a policy, so a winner that seeks the "
            "whole state may conquer more often. Wars that turned into another war have no winner here, such as those "
            "over Cambodia, Afghanistan and Iraq. No state that began and won a war has conquered since 1936."
        ),
        unit="1",
        family="beta",
        key=("winner", "years"),
        estimate=_conquest,
    ),
    "contest": Kind(
        what=template(
            "how far capability decides disputes between two states, by year and distance, 1886 to 2010, and wars, "
            "1823 to 2003, and how often neither side wins"
        ),
        model=template(
            "ordered logits on the log capability ratio, for disputes also on year and distance "
            "(evidence/contest/function.py)"
        ),
        sources=("gml_disputes", "gml_dyads", "nmc", "distance", "wars"),
        limits=template(
            "Seven of eight disputes end without a winner, and states choose which disputes to begin: a small slope "
            "does not prove that force would not decide a war. The index counts steel and people, not technology or "
            "reach, which biases slopes towards 0. States choose whom they fight."
        ),
        unit="1",
        family="normal",
        key=("what", "years", "year", "apart"),
        estimate=_contest,
    ),
    "deterrence": Kind(
        what=template(
            "how sharply states choose between war and stopping, per unit of the value of winning, in disputes between "
            "two states, 1816 to 2014"
        ),
        model=template(
            "game 12 with logistic agent error and ridge penalty, divided by the decisiveness of war "
            "(evidence/deterrence.py)"
        ),
        sources=("mid_dyads", "nmc"),
        limits=template(
            "The estimates assume that the chance of winning depends only on measured strength. States know more than "
            "the index, and weaker states often yield before war; both bias the precision downwards. For the "
            "challenger it is a lower bound, and only for the choice of war. For the target it also assumes that "
            "strength changes nothing but the payoff of war. The cases cannot separate precision from the costs of "
            "war and of a lost reputation."
        ),
        unit="1",
        family="lognormal",
        key=("what", "of"),
        estimate=_deterrence,
    ),
    "hostility": Kind(
        what=template(
            "how often one state begins disputes with another, from the disputes between them, 1816 to 2014; "
            "CHALLENGER/TARGET/YEAR names a pair and a year from 2015 on"
        ),
        model=template(
            "gamma-Poisson filter of the pair's own record, with weights that halve in a few years, fitted to years of strategic rivalry "
            "(evidence/hostility/filter.py)"
        ),
        sources=("mid_dyads", "mid_disputes", "rivalries_tss", "states"),
        limits=template(
            "The record ends in 2014. Later years add nothing, so the rate returns to that of a pair without a record as years pass. That rate is "
            "of strategic rivals; states that are no rivals begin far fewer disputes. A dispute is any threat, display or use of force "
            "by a state, and most are small."
        ),
        unit="per year",
        family="lognormal",
        key=("what", "challenger", "target", "year"),
        estimate=_hostility,
        row_at=_hostility_at,
    ),
    "courses": Kind(
        what=template(
            "how likely a state is to begin a dispute with another in a year after the data, the target to act in return, and the dispute to "
            "come to war, by five models that differ in kind"
        ),
        model=template(
            "three moves, bargaining in private information, audience costs, spiral of beliefs, and the record alone, each learned from all "
            "years of rivalry and disputes, 1887 to 2014 (evidence/courses/)"
        ),
        sources=_STAGES,
        limits=template(
            "The record and the forces end in 2014. What is known of a pair fades in later years, its forces and its rivalry stay. A key of two "
            "states, such as PRK/KOR/2026/war, mixes the five models with equal weights. War is one that grows from a dispute that the first state begins: both "
            "fight it, and neither need lose. Disputes that came to war are few, so all numbers on war are rough. The beliefs of the "
            "spiral at the end of the data and the hostility in the other models count as known."
        ),
        unit="1",
        family="normal",
        key=("model", "of"),
        estimate=_courses,
        row_at=_courses_at,
    ),
    "rivals": Kind(
        what=template("how often strategic rivals pressed, fought, yielded to and conquered each other, 1954 to 2003"),
        model=template("Poisson events, the rivalries' rates gamma about a common mean (evidence/rivals.py)"),
        sources=("rivalries_tss", "gml_dyads", "gml_disputes", "wars", "states", "territorial_changes"),
        limits=template(
            "A year counts whichever side acted. States are called rivals because they threatened each other, so rivals fight more "
            "often than other states. A dispute in which a side yielded need not have changed the order. One conquest is "
            "on record, so its rate rests on the prior."
        ),
        unit="per year",
        family="lognormal",
        key=("event",),
        estimate=_rivals,
    ),
    "stages": Kind(
        what=template(
            "what makes states begin a dispute with a rival, act in return, stand firm and fight on to war, 1887 to 2014; "
            "log odds per unit of each covariate"
        ),
        model=template(
            "three moves, each a logit of agent quantal response with a ridge penalty, estimated last move first "
            "(evidence/stages/game.py)"
        ),
        sources=_STAGES,
        limits=template(
            "Rivalries and their types were dated with hindsight. 45 disputes came to war, so the payoffs of fighting on are "
            "rough. What a move expects of later ones predicts hardly anything that the record does not, and the sign of "
            "the expected answer is that of hostility, not of deterrence. Errors take the expected moves as known. "
            "A penalty draws all payoffs towards 0."
        ),
        unit="1",
        family="normal",
        key=("move", "of"),
        estimate=_stages,
    ),
    "turnover": Kind(
        what=template(
            "how often leaders were turned out, and whether the state's votes in the United Nations then moved, "
            "1946 to 2015"
        ),
        model=template("Poisson exits, the states' rates gamma about a common mean (evidence/turnover.py)"),
        sources=("leaders", "ideal_points"),
        limits=template(
            "Leaders, not camps: a party may change its leader and stay in power. Each state has one rate for all its "
            "years since 1946, an average over its regimes. A state's votes moved if its distance to the United States changed "
            "more than in nine of ten calm spans; votes are only one side of alignment."
        ),
        unit="per year",
        family="lognormal",
        key=("state", "exits"),
        estimate=_turnover,
    ),
    "words": Kind(
        what=template(
            "what North Korea's words about Japan say about alarm: payoffs of the signalling game, and how many times as "
            "likely a week's loudest words without a costly act are from alarm as from a pose, 1997 to September 2014"
        ),
        model=template(
            "agent quantal response equilibrium of the signalling game, with habit from ordinary weeks "
            "(evidence/words/posterior.py)"
        ),
        sources=("kcna_headlines", "missile_tests", "provocations"),
        limits=template(
            "Nobody can observe alarm or pose alone, only their mixture with what habit would have brought anyway. So the "
            "weeks bound a ratio only if alarm is not rare, and most payoffs keep their prior. A payoff is identified "
            "only as its product with the precision of choice. Acts are all tests and provocations, few of them aimed at "
            "Japan. The steps are those of the founding case."
        ),
        unit="1",
        family="lognormal",
        key=("what", "of"),
        estimate=_words,
    ),
    **{
        name: Kind(
            what=item.question.rstrip("?").lower(),
            model=f"shares of past cases under Jeffreys' prior, differences clustered by pair (evidence/classes/, {name})",
            sources=item.sources,
            limits=item.limits,
            unit="1",
            family="beta",
            key=("outcome", "of"),
            estimate=item.estimate,
        )
        for name, item in CLASSES.items()
    },
}


def refit(name: str) -> Result:
    """Estimate a result again from the data sets in the cache.

    Raises:
        InputError: if there is no such result.
        SolveError: if a data set is not in the cache.
    """
    from tocsin.data.readers import read
    from tocsin.data.registry import source

    kind = _kind(name)
    return Result(
        name=name,
        what=kind.what,
        model=kind.model,
        limits=kind.limits,
        unit=kind.unit,
        family=kind.family,
        data=tuple(DataSource(item, source(item).cite, source(item).sha256) for item in kind.sources),
        made=date.today().isoformat(),
        version=__version__,
        figures=kind.estimate({item: read(item) for item in kind.sources}),
    )


@cache
def load_result(name: str) -> Result:
    """Load a result that ships with the program.

    Raises:
        InputError: if there is no such result.
    """
    _kind(name)
    text = (files("tocsin.evidence") / "stored" / f"{name}.json").read_text(encoding="utf-8")
    return Result.from_dict(json.loads(text))


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise InputError(message("no stored result {name}", name=repr(name)), remedy=did_you_mean(name, KINDS))
    return KINDS[name]
