"""The back-test: the rule on made-up cases, scores in closed form, nothing of a decade known before it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from sklearn.metrics import roc_auc_score
from tests.support import assert_alike, seeded

from tocsin.backtest.baselines import MODEL, RECALIBRATED, TELLERS
from tocsin.backtest.past import FIRST, LAST, OUTCOMES, SOURCES, past_cases, reach
from tocsin.backtest.play import foretold, rule
from tocsin.backtest.run import area, backtest, rolling, scored, table
from tocsin.backtest.stored import kept, sentences
from tocsin.cli import main
from tocsin.data.cache import cache_path
from tocsin.data.registry import source
from tocsin.errors import InputError
from tocsin.plots.calibration import calibration_svg

pytestmark = pytest.mark.numeric

ORIGINALS = {
    "nmc": "cow_nmc", "atop_dyads": "atop_alliance", "distance": "cow_mindist", "mid_dyads": "cow_mid_dirdisps",
    "rivalries_tss": "tss_rivalries", "majors": "cow_majors",
}  # fmt: skip


@pytest.fixture
def tables(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, pl.DataFrame]:
    """The real sources, read from a cache of links."""
    from tocsin.data.readers import read

    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    for name, original in ORIGINALS.items():
        cache_path(source(name)).symlink_to(shared / "data" / "raw" / f"svmiller__peacesciencer__{original}.rda")
    return {name: read(name) for name in SOURCES}


# --- past cases ----------------------------------------------------------------------------------------------------


def test_reach_is_whole_at_home_and_falls_with_distance_less_where_marches_are_faster_and_states_stronger() -> None:
    def at(year: int, capability: float, distance: float) -> float:
        cases = pl.DataFrame({"year": [year], "capability": [capability], "distance": [distance]})
        return float(cases.select(reach(pl.col("capability"), pl.col("distance"))).item())

    assert at(1900, 0.1, 0.0) == pytest.approx(1.0)
    near = 10.0 - np.e
    assert at(1960, 0.1, 5000 / 0.621371) == pytest.approx(0.1 ** (np.log10(10.0 + near) - np.log10(near)))
    assert at(1900, 0.1, 3000) < at(1930, 0.1, 3000) < at(1960, 0.1, 3000) < at(1960, 0.3, 3000) < 1.0


def test_past_cases_of_real_sources_know_everyone_in_them(tables: dict[str, pl.DataFrame]) -> None:
    general, immediate = (past_cases(kind, tables) for kind in OUTCOMES)
    for past in (general, immediate):
        cases = past.cases
        assert cases["year"].min() >= FIRST and cases["year"].max() <= LAST  # type: ignore[operator]
        assert not cases.select("challenger", "target", "year").is_duplicated().any()
        reaches = cases.select(pl.col("^.*_reach$").drop_nulls().is_between(0, 1).all()).row(0)
        assert all(reaches)
        first, second = (cases[f"protector{at}_capability"] * cases[f"protector{at}_reach"] for at in (1, 2))
        assert (first >= second).drop_nulls().all()
    assert dict(general.left_out) == {
        "a dispute goes on that it does not begin": 2301,
        "forces or distance not known, or none": 2298,
    }
    assert (general.cases.height, immediate.cases.height) == (8077, 2046)
    assert immediate.cases["press"].min() == 1 and general.cases["resist"].drop_nulls().len() > 500
    korea = immediate.cases.filter(
        pl.col("challenger") == 731, pl.col("target") == 732, pl.col("year").is_between(1962, 1990)
    )
    # Washington is bound to defend Seoul, Pyongyang's strongest ally is Moscow
    assert korea.height > 5 and set(korea["protector1_state"]) == {2} and set(korea["backer_state"]) == {365}
    assert korea["nuclear"].min() == 1 and korea["protector2_state"].null_count() == korea.height


# --- playing -------------------------------------------------------------------------------------------------------


def invented(**columns: list[float | None]) -> pl.DataFrame:
    """Past cases that differ only in what is given."""
    size = len(next(iter(columns.values())))
    roles = ("challenger", "target", "protector1", "protector2", "backer")
    cases: dict[str, object] = {
        f"{role}_{name}": [value] * size
        for role in roles
        for name, value in (("spending", 10.0), ("personnel", 1e5), ("reach", 1.0))
    }
    cases |= {f"{role}_state": [None] * size for role in roles[2:]} | {"nuclear": [0.0] * size}
    return pl.DataFrame(cases | columns, strict=False)


def test_a_stronger_challenger_presses_more_and_is_resisted_less() -> None:
    cases = invented(challenger_spending=[1.0, 10.0, 100.0], challenger_personnel=[1e4, 1e5, 1e6])
    found = foretold(cases, worlds=32, seed=seeded(3))
    assert np.all(np.diff(found["press"]) > 0) and np.all(np.diff(found["resist"]) < 0)
    assert all(((chance >= 0) & (chance <= 1)).all() for chance in found.values())


def test_protectors_and_nuclear_weapons_deter() -> None:
    cases = invented(
        protector1_state=[None, 2, 2, None], protector2_state=[None, None, 200, None], nuclear=[0, 0, 0, 1]
    )
    press = foretold(cases, worlds=128, seed=seeded(3))["press"]
    assert press[0] > press[1] > press[2] and press[0] > press[3]


def test_what_follows_pressure_is_told_of_those_who_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """A type of challenger counts in what follows as often as it presses, not as often as it may be there."""
    cases, types = invented(challenger_spending=[1.0, 10.0, 100.0]), rule().types

    def told(**weights: float) -> dict[str, np.ndarray]:
        weighed = {name: each.model_copy(update={"weight": weights.get(name, 0.0)}) for name, each in types.items()}
        case = rule.__wrapped__().model_copy(update={"types": weighed})
        monkeypatch.setattr("tocsin.backtest.play.rule", lambda: case)
        return foretold(cases, worlds=32, seed=seeded(3))

    revisionist, security = told(revisionist=1.0), told(security=1.0)
    both = told(revisionist=0.25, security=0.75)
    presses = 0.25 * revisionist["press"], 0.75 * security["press"]
    assert both["press"] == pytest.approx(sum(presses))
    for name in ("resist", "war_after_press"):
        expected = (presses[0] * revisionist[name] + presses[1] * security[name]) / sum(presses)
        assert both[name] == pytest.approx(expected), name
        assert np.abs(both[name] - 0.25 * revisionist[name] - 0.75 * security[name]).max() > 0.003, name


def test_how_cases_are_put_together_changes_nothing() -> None:
    cases = invented(challenger_spending=[1.0, 10.0, 100.0], protector1_state=[None, 2, None])
    together = foretold(cases, worlds=16, seed=seeded(1))
    for at in range(3):
        alone = foretold(cases[at : at + 1], worlds=16, seed=seeded(1))
        for name in together:
            assert alone[name][0] == pytest.approx(together[name][at], abs=1e-12)


def test_the_rule_is_the_same_for_all_and_written_down() -> None:
    assert set(rule().theatres) == {"alone", "backed", "one", "one_backed", "two", "two_backed"}
    assert {(each.levels, each.horizon, each.start) for each in rule().theatres.values()} == {(4, 15, 0)}


# --- scores --------------------------------------------------------------------------------------------------------


def test_scores_by_hand() -> None:
    chances, happened = np.array([0.8, 0.4, 0.4, 0.1]), np.array([1, 1, 0, 0])
    base = np.full(4, np.log(0.5))
    found = scored("x", chances, happened, base, np.arange(4), seed=seeded(1))
    logs = np.log([0.8, 0.4, 0.6, 0.9])
    assert found.log_score == pytest.approx(logs.mean())
    assert found.better == pytest.approx((logs - np.log(0.5)).mean())
    assert found.better_se == pytest.approx(np.std(logs) / 2.0)
    assert found.brier == pytest.approx((0.04 + 0.36 + 0.16 + 0.01) / 4)
    assert found.auc == pytest.approx(3.5 / 4)


def test_the_area_is_that_of_scikit_learn_and_unknown_where_all_happened() -> None:
    rng = np.random.default_rng(seeded(0))
    happened, chances = rng.integers(0, 2, 500), rng.integers(0, 20, 500) / 20
    assert area(chances, happened) == pytest.approx(roc_auc_score(happened, chances))
    assert np.isnan(area(chances, np.ones(500, dtype=int)))


def test_clusters_that_repeat_a_case_make_the_error_larger() -> None:
    rng = np.random.default_rng(seeded(1))
    chances, happened = np.repeat(rng.uniform(size=50), 8), np.repeat(rng.integers(0, 2, 50), 8)
    base = np.full(400, np.log(0.5))
    alone = scored("x", chances, happened, base, np.arange(400), seed=seeded(1))
    grouped = scored("x", chances, happened, base, np.repeat(np.arange(50), 8), seed=seeded(1))
    assert grouped.better_se == pytest.approx(alone.better_se * np.sqrt(8))


def made_up(size: int = 3000) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seeded(4))
    told = rng.uniform(0.05, 0.6, size)
    years = rng.integers(1890, 1990, size)
    numbers = {name: rng.normal(size=size) for name in ("ratio", "helped")}
    flags = {name: rng.integers(0, 2, size) for name in ("pact", "major_challenger", "major_target", "nuclear")}
    cases = pl.DataFrame(
        {**numbers, **flags, "distance": rng.uniform(0, 9000, size), "quiet": rng.integers(0, 51, size), "year": years}
    )
    happened = (rng.uniform(size=size) < told / 3.0).astype(int)
    return cases, told, happened


def test_a_model_that_is_right_but_for_its_level_is_recalibrated_and_beats_the_constant() -> None:
    cases, told, happened = made_up()
    years = cases["year"].to_numpy()
    found = rolling(cases, told, happened, years)
    tested = years >= 1920

    def score(name: str) -> float:
        chances = found[name][tested]
        return float(np.where(happened[tested] == 1, np.log(chances), np.log1p(-chances)).mean())

    assert score(RECALIBRATED) > score("constant") > score(MODEL)
    assert score("the same with the model's odds") > score("well-specified logit")
    assert np.isnan(found["constant"][~tested]).all()


def test_nothing_is_learnt_from_the_decade_foretold_or_later() -> None:
    cases, told, happened = made_up()
    years = cases["year"].to_numpy()
    other = np.where(years >= 1950, 1 - happened, happened)
    one, two = (rolling(cases, told, each, years) for each in (happened, other))
    early = (years >= 1920) & (years < 1960)
    for name in TELLERS:
        assert np.array_equal(one[name][early], two[name][early]), name
    assert not np.array_equal(one["constant"][years >= 1960], two["constant"][years >= 1960])


# --- the whole -----------------------------------------------------------------------------------------------------


def test_the_command_says_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    found = CliRunner().invoke(main, ["validate"])
    assert found.exit_code == 1 and "not in the cache" in found.output and "tocsin data get nmc" in found.output


def test_no_world_is_no_back_test() -> None:
    with pytest.raises(InputError, match="0 worlds"):
        backtest({}, worlds=0)


@pytest.mark.slow
def test_what_is_published_is_what_the_command_makes(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    file, figure = tmp_path / "backtest.json", tmp_path / "backtest.svg"
    result = CliRunner().invoke(main, ["validate", "--json", str(file), "--figure", str(figure)])
    assert result.exit_code == 0, result.output
    found = json.loads(file.read_text(encoding="utf-8"))
    assert [part["kind"] for part in found["kinds"]] == list(OUTCOMES)
    assert_alike(found["kinds"], kept()["kinds"])
    assert figure.read_text(encoding="utf-8") == calibration_svg(found)


def test_what_the_brief_says_of_past_cases_is_what_was_found() -> None:
    found = kept()
    press = found["kinds"][0]["outcomes"][0]
    (score,) = (each for each in press["scores"] if each["teller"] == MODEL)
    short, full = sentences()
    assert f"{press['foretold']:,}" in short and f"{score['auc']:.2f}" in full
    assert ("no better than dice" in short) == (score["auc_low"] <= 0.5 <= score["auc_high"])


def test_the_page_and_the_picture_are_those_of_the_back_test_kept() -> None:
    docs = Path(__file__).parents[2] / "docs"
    published = (docs / "backtest.md").read_text(encoding="utf-8")
    for line in filter(None, table(kept()).splitlines()):
        assert line in published, line
    assert (docs / "backtest.svg").read_text(encoding="utf-8") == calibration_svg(kept())
