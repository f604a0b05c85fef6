"""Results that are kept: small files of figures, each with its model, its data and their checksums, its sample and its date."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from tocsin import __version__
from tocsin.data.codes import by_iso3
from tocsin.data.governments import own_governments, parlgov_governments
from tocsin.data.readers import read
from tocsin.data.registry import source
from tocsin.errors import InputError, did_you_mean
from tocsin.evidence import alliances, camps, deterrence, turnover
from tocsin.evidence.contest import function

SEED = 1


@dataclass(frozen=True)
class Kind:
    """A result that the program knows how to make.

    Attributes:
        what: in words.
        model: what was estimated, and how.
        sources: names of the data sets that it takes.
        limits: what it does not tell.
        unit: of the estimates: "1" for chances and slopes, "per year" for rates.
        family: of distributions that stands for an estimate in a case: beta for chances, lognormal for rates, normal for slopes.
        make: its figures from the data sets' tables, by name.
    """

    what: str
    model: str
    sources: tuple[str, ...]
    limits: str
    unit: str
    family: str
    make: Callable[[Mapping[str, Any]], dict[str, Any]]


def _alliances(tables: Mapping[str, Any]) -> dict[str, Any]:
    tests = alliances.alliances_tested(tables["reliability_berkemeier_fuhrmann"], tables["reliability_leeds_anac"])
    return alliances.told(tests, seed=SEED) | {"cases": tests.height}


def _codes() -> dict[int, str]:
    return {number: iso for iso, number in by_iso3().items()}


def _turnover(tables: Mapping[str, Any]) -> dict[str, Any]:
    return turnover.told(tables["leaders"], tables["ideal_points"], _codes(), seed=SEED)


def _camps(tables: Mapping[str, Any]) -> dict[str, Any]:
    return camps.told(parlgov_governments(), own_governments(), tables["ideal_points"], _codes(), seed=SEED)


def _contest(tables: Mapping[str, Any]) -> dict[str, Any]:
    disputes, dyads, nmc, distance, wars = (
        tables[name] for name in ("gml_disputes", "gml_dyads", "nmc", "distance", "wars")
    )
    cases = function.bilateral(disputes, dyads, nmc, distance)
    return function.told(cases, function.wars_of_sides(wars, nmc), seed=SEED)


def _deterrence(tables: Mapping[str, Any]) -> dict[str, Any]:
    rows = shipped("contest")["figures"]["estimated"]
    war = next(row for row in rows if row["what"] == "decisiveness in war")
    cases = deterrence.crises(tables["mid_dyads"], tables["nmc"])
    return deterrence.told(cases, (war["p05"], war["p95"]), seed=SEED)


KINDS: Mapping[str, Kind] = {
    "alliances": Kind(
        what="how often alliances that a war called upon were honoured",
        model="logit with eras and duties partially pooled, one for each coding (evidence/alliances.py)",
        sources=("reliability_berkemeier_fuhrmann", "reliability_leeds_anac"),
        limits=(
            "Only wars that came: an alliance that deterred is not among them. Since 1945 there are 49 tests. The codings count the same wars "
            "by different rules and disagree; none is averaged away."
        ),
        unit="1",
        family="beta",
        make=_alliances,
    ),
    "camps": Kind(
        what="how often governing camps were turned out, and whether the state then stood elsewhere in the United Nations, since 1946",
        model="Poisson exits, states' rates gamma about a common mean (evidence/camps.py)",
        sources=("parlgov_countries", "parlgov_cabinets", "parlgov_cabinet_parties", "parlgov_parties", "ideal_points"),
        limits=(
            "Democracies of ParlGov, by the prime minister's party, and South Korea's presidents since 1988 by our own table. A change of party need "
            "not be one of camp. A move is one of the distance to the United States that nine in ten spans without a change do not reach; votes "
            "are but one side of alignment. What comes with the program was made from a conversion of ParlGov's release of 2023."
        ),
        unit="per year",
        family="lognormal",
        make=_camps,
    ),
    "contest": Kind(
        what="how far capability decides disputes between two states, by year and distance, 1886 to 2010, and wars, 1823 to 2003",
        model="ordered logits on the logarithm of the ratio of capabilities; of disputes with year and distance (evidence/contest/function.py)",
        sources=("gml_disputes", "gml_dyads", "nmc", "distance", "wars"),
        limits=(
            "Seven of eight disputes end with no one prevailing, and states choose which disputes to begin: a small slope is no proof that force "
            "would not decide a war. The index counts steel and people, not technology or reach, which draws slopes towards 0; who fights whom is chosen."
        ),
        unit="1",
        family="normal",
        make=_contest,
    ),
    "deterrence": Kind(
        what="how sharply states choose between war and stopping by what winning is worth, in disputes of one state with another, 1816 to 2014",
        model="game 12 with logistic agent error and ridge penalty, divided by the decisiveness of war (evidence/deterrence.py)",
        sources=("mid_dyads", "nmc"),
        limits=(
            "If strength as measured were all that the chance of winning rests on: what states know and the index does not draws it down, and so does "
            "that the strong are yielded to before it comes to war. A lower bound of precision rather than a value of it, and of the decision for war "
            "alone. For the target it rests on war being all that strength changes. What yielding costs in reputation, and what war costs, cannot be told apart from how sharply states choose."
        ),
        unit="1",
        family="lognormal",
        make=_deterrence,
    ),
    "turnover": Kind(
        what="how often leaders were turned out, and whether their successors stood elsewhere in the United Nations, 1946 to 2015",
        model="Poisson exits, states' rates gamma about a common mean (evidence/turnover.py)",
        sources=("leaders", "ideal_points"),
        limits=(
            "Leaders, not camps: a party may change its leader and stay. One rate a state for seventy years: regimes that came and went are "
            "averaged. A move is one that nine in ten calm spans do not reach; votes are but one side of alignment."
        ),
        unit="per year",
        family="lognormal",
        make=_turnover,
    ),
}


def made(name: str) -> dict[str, Any]:
    """A result made anew from the data in the cache.

    Raises:
        InputError: if there is no such result.
        SolveError: if a data set is not in the cache.
    """
    kind = _kind(name)
    return {
        "name": name,
        "what": kind.what,
        "model": kind.model,
        "limits": kind.limits,
        "unit": kind.unit,
        "family": kind.family,
        "data": [{"source": each, "cite": source(each).cite, "sha256": source(each).sha256} for each in kind.sources],
        "made": date.today().isoformat(),
        "version": __version__,
        "figures": kind.make({each: read(each) for each in kind.sources}),
    }


def shipped(name: str) -> dict[str, Any]:
    """A result as it comes with the program.

    Raises:
        InputError: if there is no such result.
    """
    _kind(name)
    return dict(json.loads((files("tocsin.evidence") / "stored" / f"{name}.json").read_text(encoding="utf-8")))


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise InputError(f"there is no result {name!r}", remedy=did_you_mean(name, KINDS))
    return KINDS[name]
