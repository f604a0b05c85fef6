"""Past cases: which years and disputes count, their outcomes, and what was known in the year before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.data.test_readers import cached as cached
from tests.support import seeded

from tocsin.data.readers import read
from tocsin.evidence.past.kinds import GENERAL, IMMEDIATE, OUTCOMES, SELECTED
from tocsin.evidence.past.roles import FIRST, LAST, PAIR
from tocsin.evidence.past.samples import SOURCES, past_cases, rival_years, stood_firm
from tocsin.measures.projection import march_share

pytestmark = pytest.mark.numeric


@pytest.fixture
def tables(cached: Path) -> dict[str, pl.DataFrame]:
    """Return the real sources."""
    del cached
    return {name: read(name) for name in SOURCES}


def test_reach_is_1_at_home_and_falls_with_distance_less_for_fast_marches_and_strong_states() -> None:
    def at(year: int, capability: float, distance: float) -> float:
        cases = pl.DataFrame({"year": [year], "capability": [capability], "distance": [distance]})
        return float(cases.select(march_share(pl.col("capability"), pl.col("distance"))).item())

    assert at(1900, 0.1, 0.0) == pytest.approx(1.0)
    near = 10.0 - np.e
    assert at(1960, 0.1, 5000 / 0.621371) == pytest.approx(0.1 ** (np.log10(10.0 + near) - np.log10(near)))
    assert at(1900, 0.1, 3000) < at(1930, 0.1, 3000) < at(1960, 0.1, 3000) < at(1960, 0.3, 3000) < 1.0


def test_past_cases_have_all_their_states(tables: dict[str, pl.DataFrame]) -> None:
    past = {kind: past_cases(kind, tables) for kind in OUTCOMES}
    for part in past.values():
        cases = part.cases
        assert cases["year"].min() >= FIRST and cases["year"].max() <= LAST  # type: ignore[operator]
        assert not cases.select("challenger", "target", "year").is_duplicated().any()
        reaches = cases.select(pl.col("^.*_reach$").drop_nulls().is_between(0, 1).all()).row(0)
        assert all(reaches)
        first, second = (
            cases[f"protector{number}_capability"] * cases[f"protector{number}_reach"] for number in (1, 2)
        )
        assert (first >= second).drop_nulls().all()
    general, disputes = past[GENERAL], past[IMMEDIATE].cases
    unknown = "forces or distance not known in the year before, or none"
    assert dict(general.left_out) == {"a dispute goes on when the year begins": 1398, unknown: 2476}
    assert dict(past[SELECTED].left_out) == {"a dispute goes on that it does not begin": 2299, unknown: 2326}
    assert [part.cases.height for part in past.values()] == [8724, 7973, 2047]
    assert disputes["press"].min() == 1 and general.cases["reciprocate"].drop_nulls().len() > 500
    korea = disputes.filter(pl.col("challenger") == 731, pl.col("target") == 732, pl.col("year").is_between(1962, 1990))
    # the United States is bound to defend South Korea; North Korea's strongest ally is the Soviet Union
    assert korea.height > 5 and set(korea["protector1_state"]) == {2} and set(korea["backer_state"]) == {365}
    assert korea["nuclear"].min() == 1 and korea["protector2_state"].null_count() == korea.height


def test_which_years_are_at_risk_does_not_depend_on_what_happens_in_them(tables: dict[str, pl.DataFrame]) -> None:
    mids = tables["mid_dyads"]
    begun = past_cases(IMMEDIATE, tables).cases.select(*PAIR, "press", "reciprocate", "firm", "war")
    rng = np.random.default_rng(seeded(1))
    permuted = begun.with_columns(target=pl.Series(rng.permutation(begun["target"].to_numpy()))).unique(PAIR)
    at_risk, selected = (
        [rival_years(tables, disputes, selected=kind)[0].select(PAIR).sort(PAIR) for disputes in (begun, permuted)]
        for kind in (False, True)
    )
    assert at_risk[0].equals(at_risk[1]) and not selected[0].equals(selected[1])
    going = mids.filter(pl.col("ongoing") == 1, pl.col("onset") == 0).select(
        challenger="state1", target="state2", year="year"
    )
    assert at_risk[0].join(going, on=PAIR).is_empty()


def test_what_was_known_is_of_the_year_before(tables: dict[str, pl.DataFrame]) -> None:
    """Whatever the data say of a year and later years, its cases stay as they are."""
    year, before = 1950, pl.col("year") < 1950
    changed = dict(tables)
    for name in ("nmc", "atop_dyads", "distance"):
        columns = {
            "nmc": ("milex", "milper", "published"),
            "atop_dyads": ("defence", "offence"),
            "distance": ("distance",),
        }[name]
        later = tables[name].filter(~before).with_columns(pl.col(column).shuffle(seed=1) for column in columns)
        changed[name] = pl.concat([tables[name].filter(before), later])
    changed["mid_dyads"] = tables["mid_dyads"].filter(pl.col("year") <= year)
    for kind in OUTCOMES:
        one, two = (past_cases(kind, data).cases.filter(pl.col("year") <= year) for data in (tables, changed))
        assert one.equals(two), kind
    assert past_cases(GENERAL, tables).cases.filter(pl.col("year") == 1991, pl.col("challenger") == 732).height > 0


def test_a_target_stands_firm_if_it_neither_loses_nor_yields() -> None:
    outcomes = {1: 0, 2: 1, 3: 1, 4: 0, 5: 1, 6: 1, 7: 1, 8: None, 9: None, -9: None}
    disputes = pl.DataFrame({"dispute": list(outcomes), "outcome": list(outcomes), "settlement": [3] * len(outcomes)})
    sides = pl.DataFrame({
        "dispute": list(outcomes), "state1": [10 + key for key in outcomes], "state2": 1, "year": 1950, "onset": 1,
        "originator1": 1, "originator2": 1, "initiating_side1": 1,
    })  # fmt: skip
    standing = stood_firm(sides, disputes).sort("challenger")
    assert dict(zip(standing["challenger"], standing["firm"], strict=True)) == {
        10 + key: firm for key, firm in outcomes.items()
    }
    imposed = disputes.with_columns(settlement=pl.lit(2))
    assert stood_firm(sides, imposed).filter(challenger=17)["firm"].to_list() == [None]


def test_several_disputes_in_a_year_are_coded_by_the_worst_and_are_unknown_if_one_is() -> None:
    def firm(*outcomes: int) -> int | None:
        count = len(outcomes)
        disputes = pl.DataFrame({"dispute": range(count), "outcome": outcomes, "settlement": [3] * count})
        sides = pl.DataFrame({"dispute": range(count)}).with_columns(
            state1=2, state2=1, year=1950, onset=1, originator1=1, originator2=1, initiating_side1=1
        )
        return stood_firm(sides, disputes)["firm"].item()

    assert [firm(5, 5), firm(5, 4), firm(8, 4), firm(5, 8), firm(8, 8)] == [1, 0, 0, None, None]


def test_the_target_yields_as_often_whether_or_not_it_acts_in_return(tables: dict[str, pl.DataFrame]) -> None:
    """So reciprocation is not resistance. The published shares are 9.8 % and 10.2 % of all disputes."""
    cases = past_cases(IMMEDIATE, tables).cases
    shares = [(cases.filter(reciprocate=value)["firm"] == 0).fill_null(value=False).mean() for value in (0, 1)]
    assert shares == pytest.approx([0.113, 0.104], abs=0.006)
