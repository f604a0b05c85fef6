"""Reference classes: closed-form rates, windows, overlap, clean selection, and every case found again in its data set."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest
from scipy.stats import beta
from scipy.stats import t as student
from tests.data.test_readers import cached as cached
from tests.evidence.classes_page import PAGE, page
from tests.support import assert_close, seeded

from tocsin.data.readers import read
from tocsin.data.tables import TABLES
from tocsin.errors import InputError
from tocsin.evidence.classes import build_ups, contributors, engagements, realignments
from tocsin.evidence.classes.figures import before_windows, figures
from tocsin.evidence.classes.matching import similar
from tocsin.evidence.classes.rates import Arm, clustered_jeffreys, difference
from tocsin.evidence.classes.restraints import restraints
from tocsin.evidence.classes.selection import Selection, past_events, spending
from tocsin.evidence.classes.stored import load_class
from tocsin.evidence.classes.table import CLASSES
from tocsin.evidence.classes.windows import Happenings, first_of_overlapping, outcomes
from tocsin.evidence.store import load_result, refit
from tocsin.intervals import jeffreys

pytestmark = pytest.mark.numeric

NAMES = list(CLASSES)
RIVALS = ["build_ups", "restraints", "drifts", "returns"]
"""Classes whose outcomes are disputes."""


def happenings(*events: tuple[int, int, int], since: int = 1900, until: int = 2000) -> Happenings:
    """Return events (actor, other, year) with their own row as reference."""
    schema = {"actor": pl.Int32, "other": pl.Int32, "on": pl.Int32}
    frame = pl.DataFrame(events, schema=schema, orient="row")
    return Happenings(frame.with_columns(event_row=pl.format("events {}/{}/{}", "actor", "other", "on")), since, until)


def cases(*rows: tuple[int, int, int]) -> pl.DataFrame:
    schema = {"actor": pl.Int32, "other": pl.Int32, "year": pl.Int32}
    return pl.DataFrame(rows, schema=schema, orient="row")


# --- windows ---------------------------------------------------------------------------------------------------------


def test_an_event_counts_from_the_year_after_to_the_last_year_of_the_window() -> None:
    when = [(1950, "no"), (1951, "yes"), (1955, "yes"), (1956, "no")]
    for on, outcome in when:
        assert outcomes(cases((1, 2, 1950)), happenings((1, 2, on)), 5)["outcome"].to_list() == [outcome], on


def test_only_what_the_actor_does_to_the_other_counts() -> None:
    assert outcomes(cases((1, 2, 1950)), happenings((2, 1, 1952), (1, 3, 1952)), 5)["outcome"].to_list() == ["no"]


def test_a_window_that_the_data_do_not_cover_is_open_even_after_an_event() -> None:
    rows = cases((1, 2, 1995), (1, 2, 1996), (1, 2, 1890))
    result = outcomes(rows, happenings((1, 2, 1997), (1, 2, 1893)), 5)
    assert result["outcome"].to_list() == ["yes", "open", "open"]
    assert result["event_row"].to_list() == ["events 1/2/1997", "", ""]


def test_a_case_may_have_a_last_year_of_its_own() -> None:
    rows = cases((1, 2, 1950), (1, 2, 1950)).with_columns(until=pl.Series([1955, 1954], dtype=pl.Int32))
    assert outcomes(rows, happenings(), 5)["outcome"].to_list() == ["no", "open"]


def test_of_overlapping_windows_of_one_pair_the_first_counts() -> None:
    rows = cases((1, 2, 1950), (1, 2, 1954), (1, 2, 1955), (1, 2, 1961), (2, 1, 1951))
    kept = first_of_overlapping(rows, ["actor", "other"], 5)
    assert kept.rows() == [(1, 2, 1950), (1, 2, 1955), (1, 2, 1961), (2, 1, 1951)]


def test_the_years_before_count_only_if_the_pair_were_rivals_in_all_of_them() -> None:
    rows = cases((1, 2, 1950), (1, 2, 1950)).with_columns(base=pl.lit(1945), since=pl.Series([1941, 1942]))
    assert before_windows(rows, happenings((1, 2, 1943)), 5).to_list() == ["yes", "open"]


def test_the_record_counts_events_up_to_a_year_and_none_later() -> None:
    rows = cases((1, 2, 1950))
    events = happenings((1, 2, 1940), (1, 2, 1941), (1, 2, 1950), (1, 2, 1951))
    assert past_events(rows, events, "year", 10).to_list() == [2]
    assert past_events(rows, happenings(since=1945), "year", 10).to_list() == [None]


# --- rates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hits", "number"), [(24, 61), (0, 27), (5, 5)])
def test_a_rate_has_the_interval_of_jeffreys(hits: int, number: int) -> None:
    assert jeffreys(hits, number) == pytest.approx(beta(hits + 0.5, number - hits + 0.5).ppf([0.05, 0.5, 0.95]))


def test_repeated_cases_count_once_by_clusters() -> None:
    happened = np.repeat([1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0], 4)
    pairs = np.repeat(np.arange(10), 4)
    low, _, high = clustered_jeffreys(happened, (pairs,))
    # the variance of a mean of 10 pairs, s^2 / 10 with s^2 over 9, is that of 9 independent cases
    assert (low, high) == pytest.approx(beta(0.3 * 9 + 0.5, 0.7 * 9 + 0.5).ppf([0.05, 0.95]))
    assert clustered_jeffreys(happened, (np.arange(40), pairs))[0] == pytest.approx(low)
    assert clustered_jeffreys(np.zeros(4), (np.arange(4),)) == jeffreys(0, 4)


def arm(happened: list[float], first: int = 0) -> Arm:
    number = len(happened)
    return Arm(np.array(happened), np.full(number, 1.0 / number), (np.arange(first, first + number),))


def test_the_error_of_a_difference_is_clustered_by_pair() -> None:
    rng = np.random.default_rng(seeded(1))
    first, second = rng.integers(0, 2, 200).astype(float), rng.integers(0, 2, 200).astype(float)
    low, gap, high = difference(arm(first.tolist()), arm(second.tolist(), 200))
    spread = np.sqrt((first.var() + second.var()) / 200)
    assert gap == pytest.approx(first.mean() - second.mean())
    assert high - gap == pytest.approx(student.ppf(0.95, 399) * spread, rel=0.02)
    assert gap - low == pytest.approx(high - gap, rel=0.05)
    # the same rows in fewer clusters that go together: the interval widens
    groups = np.argsort(np.argsort(first, kind="stable")) // 20
    wide = Arm(first, np.full(200, 1 / 200), (groups,))
    others = Arm(second, np.full(200, 1 / 200), (groups + 100,))
    assert difference(wide, others)[2] - gap > 2.0 * (high - gap)


def test_an_arm_without_variation_keeps_the_interval_of_its_share() -> None:
    low, gap, high = difference(arm([0.0] * 5), arm([0.0] * 5, 10))
    assert gap == 0.0
    assert high == pytest.approx(beta(0.5, 5.5).ppf(0.95)) and low == pytest.approx(-high)


# --- matching --------------------------------------------------------------------------------------------------------


def test_similar_pairs_agree_in_the_record_and_are_near_in_strength_and_time() -> None:
    case = pl.DataFrame({"year": [1950], "cluster": ["1-2"], "recent": [True], "strength": [0.0]})
    pool = pl.DataFrame({
        "year": [1950, 1950, 1950, 1961, 1950, 1952, 1951],
        "cluster": ["1-2", "3-4", "5-6", "7-8", "9-10", "9-10", "11-12"],
        "recent": [True, False, True, True, True, True, True],
        "strength": [0.0, 0.0, 3.0, 0.0, 0.1, 0.1, None],
    })  # fmt: skip
    result = similar(case, pool, exact=["recent"], near=["strength"])
    # itself, another record, another time and an unknown strength are left out; a pair serves once, in its nearest year
    assert result.rows() == [(0, 4), (0, 2)]
    unknown = case.with_columns(strength=pl.lit(None, dtype=pl.Float64))
    assert similar(unknown, pool, exact=["recent"], near=["strength"]).is_empty()


# --- selection -------------------------------------------------------------------------------------------------------


def test_a_build_up_needs_a_rise_in_money_and_in_the_share_of_all() -> None:
    def spent(first: dict[int, float], last: dict[int, float], year: int) -> pl.DataFrame:
        rows = [(state, year - 5, value) for state, value in first.items()]
        rows += [(state, year, value) for state, value in last.items()]
        return pl.DataFrame(rows, schema={"state": pl.Int32, "year": pl.Int32, "milex": pl.Float64}, orient="row")

    def built(first: dict[int, float], last: dict[int, float], year: int = 1960) -> list[int]:
        return sorted(build_ups.build_ups(spent(first, last, year))["state"])

    assert built({1: 100, 2: 1000}, {1: 200, 2: 1000}) == [1]
    assert built({1: 100, 2: 1000}, {1: 200, 2: 2000}) == []  # inflation
    assert built({1: 100, 2: 1000}, {1: 100, 2: 500}) == []  # others disarm
    assert built({1: 100, 2: 1000}, {1: 200, 2: 1000}, year=1916) == []  # the unit changes in 1914
    assert built({1: 100}, {1: 200, 2: 5}) == []  # alone, its share cannot rise


def test_a_pact_that_ends_with_a_state_does_not_count_as_left() -> None:
    years = [(1, 2, year) for year in range(1950, 1956)] + [(1, 3, year) for year in range(1950, 1956)]
    bound = pl.DataFrame(years, schema={"state": pl.Int32, "ally": pl.Int32, "year": pl.Int32}, orient="row")
    states = pl.DataFrame(
        {"state": [1, 2, 3], "last": [2016, 2016, 1955]}, schema={"state": pl.Int32, "last": pl.Int32}
    )
    ended = engagements.pacts_ended(bound.with_columns(pact_row=pl.lit("x")), states)
    assert ended.select("actor", "other", "on").rows() == [(1, 2, 1956)]


def test_founders_are_ranked_by_spending_and_pacts_with_unknown_spending_left_out() -> None:
    sides = pl.DataFrame(
        [(7, state, 1950, 1950, 9999) for state in (1, 2, 3)] + [(8, state, 1950, 1950, 9999) for state in (1, 2, 4)],
        schema=dict.fromkeys(("alliance", "state", "begin", "entry", "exit"), pl.Int32), orient="row",
    )  # fmt: skip
    spent = pl.DataFrame({"state": [1, 2, 3], "year": 1950, "milex": [50.0, 200.0, 100.0]}, schema_overrides={"state": pl.Int32, "year": pl.Int32})  # fmt: skip
    ranked = contributors.founders(sides, spent).select("alliance", "state", "rank", "to_largest").rows()
    assert ranked == [(7, 3, 2, 0.5), (7, 1, 3, 0.25)]


@pytest.mark.parametrize("name", NAMES)
def test_the_stored_cases_are_sound(name: str) -> None:
    stored = load_class(name)
    for row in stored.cases:
        assert row["row"] and row["name"] and isinstance(row["year"], int)
        for outcome in stored.definition.outcomes:
            assert row[outcome] in ("yes", "no", "open")
            assert (row[outcome] == "yes") == bool(row[f"{outcome}_row"])
    rate = stored.rates[stored.main, "all"]
    assert rate.yes is not None
    assert rate.cases == sum(row[stored.main] != "open" for row in stored.cases)
    assert rate.yes == sum(row[stored.main] == "yes" for row in stored.cases)
    points = beta(rate.yes + 0.5, rate.cases - rate.yes + 0.5).ppf([0.05, 0.95])
    assert (rate.low, rate.high) == pytest.approx(tuple(points), abs=1e-6)


def test_the_sentence_says_cases_hits_share_and_interval() -> None:
    stored = load_class("contributors")
    assert stored.sentence() == (
        "Of 27 such coalitions, the third member spent more than every other member in some year within fifteen years in 0 "
        "(0 %, 90 % interval 0 to 7 %)."
    )
    with pytest.raises(InputError, match="no reference class 'buildups'") as unknown:
        load_class("buildups")
    assert unknown.value.remedy == "did you mean `build_ups`?"


# --- with the data sets ----------------------------------------------------------------------------------------------


@cache
def keys_of(name: str) -> frozenset[str]:
    """Return the keys of a data set's rows as references write them."""
    if name == "restraints":
        return frozenset(restraints()["key"])
    return frozenset(read(name).select(pl.concat_str(TABLES[name].keys, separator="/")).to_series())


@pytest.mark.usefixtures("cached")
@pytest.mark.parametrize("name", NAMES)
def test_every_case_and_outcome_is_found_again_in_its_data_set(name: str) -> None:
    stored = load_class(name)
    seen = set()
    for row in stored.cases:
        texts = [str(row["row"]), *(str(row[f"{outcome}_row"]) for outcome in stored.definition.outcomes)]
        for reference in "; ".join(filter(None, texts)).split("; "):
            source, _, key = reference.partition(" ")
            assert key in keys_of(source), reference
            seen.add(source)
    assert seen - {"restraints"} <= set(stored.definition.sources)


def tables(name: str) -> dict[str, pl.DataFrame]:
    return {source: read(source) for source in CLASSES[name].sources}


@cache
def selected(name: str) -> Selection:
    """Return the cases of a class, selected from the data sets once for all tests."""
    return CLASSES[name].select(tables(name))


@pytest.mark.usefixtures("cached")
@pytest.mark.parametrize("name", RIVALS)
def test_shuffled_outcomes_leave_the_cases_as_they_are(name: str) -> None:
    data, chosen = tables(name), selected(name)
    mids = data["mid_dyads"]
    order = np.random.default_rng(seeded(2)).permutation(mids.height)
    shuffled = mids.with_columns(mids["year"][order], mids["state1"][order], mids["state2"][order])
    other = CLASSES[name].select(data | {"mid_dyads": shuffled})
    same = ["actor", "other", "year", "name", "row"]
    assert chosen.cases.select(same).equals(other.cases.select(same))
    assert chosen.pool.select("actor", "other", "year").equals(other.pool.select("actor", "other", "year"))
    after = [outcomes(item.cases, item.happenings["dispute"], 5)["outcome"] for item in (chosen, other)]
    assert not after[0].equals(after[1])  # so that the outcomes did change


@pytest.mark.usefixtures("cached")
@pytest.mark.parametrize("name", NAMES)
def test_no_two_windows_of_one_pair_overlap(name: str) -> None:
    chosen = selected(name).cases.sort("actor", "other", "year")
    apart = chosen.select(pl.col("year").diff().over("actor", "other")).to_series().drop_nulls()
    assert (apart >= CLASSES[name].years).all()


@pytest.mark.usefixtures("cached")
def test_disputes_after_a_case_change_neither_its_record_nor_its_similar_pairs() -> None:
    data, year = tables("build_ups"), 1970
    before = data["mid_dyads"].filter(pl.col("year") <= year)
    whole, known = selected("build_ups"), build_ups.select(data | {"mid_dyads": before})

    def until(selection: Selection) -> tuple[pl.DataFrame, pl.DataFrame]:
        early = selection.cases.with_row_index("case").filter(pl.col("year") <= year - 10)
        pairs = selection.pairs.join(early.select(pl.col("case").cast(pl.Int64)), on="case")
        return early.select("name", "record", "recent"), pairs

    assert until(whole)[0].equals(until(known)[0])
    assert until(whole)[1].equals(until(known)[1])


@pytest.mark.usefixtures("cached")
@pytest.mark.parametrize("name", NAMES)
def test_refit_gives_the_stored_figures(name: str) -> None:
    assert_close(refit(name).figures.to_dict(), load_result(name).figures.to_dict())


@pytest.mark.usefixtures("cached")
def test_known_cases_are_found() -> None:
    rows = {
        name: {(row["name"], row["year"]): row[load_class(name).main] for row in load_class(name).cases}
        for name in NAMES
    }
    assert rows["build_ups"]["United States built up for South Korea against North Korea", 1984] == "yes"
    assert (
        rows["restraints"][
            "Germany: Army of 100,000 without conscription (Treaty of Versailles, part V); rival Poland", 1935
        ]
        == "yes"
    )
    assert rows["engagements"]["South Korea signed with North Korea; protector United States", 1991] == "no"
    spent = spending(read("nmc"))
    threshold = realignments.calm_threshold(realignments.moves(tables("drifts"), spent), read("leaders"))
    assert threshold == pytest.approx(load_result("drifts").figures.diagnostics["threshold"], abs=1e-4)


def test_figures_of_made_up_cases_are_those_counted_by_hand() -> None:
    rows = cases((1, 2, 1950), (3, 4, 1950), (5, 6, 1950), (7, 8, 1998)).with_columns(
        base=pl.lit(1949), since=pl.lit(1900), cluster=pl.Series(["a", "b", "c", "d"]), name=pl.lit("x"), row=pl.lit("y"),
        state=pl.Series(["2", "4", "6", "8"]),
    )  # fmt: skip
    pairs = pl.DataFrame({"case": [0, 0, 1], "similar": [1, 2, 0]})
    selection = Selection(rows, rows, pairs, {"dispute": happenings((1, 2, 1951), (3, 4, 1948))}, {})
    result = figures(selection, 5, (), (), before=True)
    counted = {(row["of"]): (row["yes"], row["cases"]) for row in result.counted if "of" in row}
    assert counted["all"] == (1, 3) and result.counted[0]["open"] == 1
    assert counted["before"] == (1, 3) and counted["compared_with_before"] == (1, 3)
    # case 0 (yes) has similar 1 and 2 (no, no), case 1 (no) has similar 0 (yes): shares 1/2 and (0 + 1) / 2
    assert counted["similar"] == (1.5, 3) and counted["compared_with_similar"] == (1, 2)
    assert [row["similar"] for row in result.listed] == ["x 1950: no; x 1950: no", "x 1950: yes", "", ""]


def test_the_page_of_the_classes_is_that_of_the_stored_figures() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()  # python -m tests.evidence.classes_page writes it


@pytest.mark.parametrize("name", RIVALS)
def test_the_limits_say_that_the_coded_beginner_need_not_have_begun_the_war(name: str) -> None:
    limits = load_class(name).definition.limits
    assert "The coded beginner of a dispute is not always who began the war" in limits
    # the example is a case of the class: Poland as the beginner of dispute 258 in 1939
    (row,) = (row for row in load_class("restraints").cases if row["war_row"] == "mid_dyads 258/290/255/1939")
    assert row["war"] == "yes" and "rival Poland" in str(row["name"])
    assert "dispute 258 codes Poland as the beginner against Germany in 1939" in limits
