"""Who prevails: the ordered logit against the field's numbers, the flexible predictor against what it must not do."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.outcomes import by_ratio
from scipy.special import expit
from tests.support import assert_alike, seeded

from tocsin.errors import InputError, SolveError
from tocsin.evidence.contest.disputes import OUTCOMES, Disputes, disputes
from tocsin.evidence.contest.function import DRAWS, bilateral, wars_of_sides
from tocsin.evidence.contest.ordered import ordered_logit
from tocsin.evidence.contest.outcomes import cross_validated, learn
from tocsin.evidence.store import load_result, refit
from tocsin.evidence.tables import read_table

pytestmark = pytest.mark.numeric

FILE = "reference/doe_rebuilt_training_1740.csv"


def invented(cases: int, seed: int, *, decisive: float = 3.0, holes: float = 0.1) -> Disputes:
    """Disputes in which the share of military spending decides."""
    rng = np.random.default_rng(seeded(seed))
    components = np.exp(rng.normal(6.0, 1.5, size=(cases, 2, 6)))
    ratio = np.log(components[:, 0, 1] / components[:, 1, 1])
    edges = np.array([-1.0, 1.0])
    below = expit(edges - decisive * ratio[:, None])
    outcome = (rng.uniform(size=(cases, 1)) > below).sum(axis=1)
    components[rng.uniform(size=components.shape) < holes] = np.nan
    capability = rng.uniform(0.001, 0.2, size=(cases, 2))
    return Disputes(rng.uniform(1816, 2010, size=cases), components, capability, outcome)


def learnt(seed: int, seen: Disputes, new: Disputes) -> np.ndarray:
    return learn(seen, seed=seed).probabilities(new)


def test_the_ordered_logits_of_the_field(shared: Path) -> None:
    cases = disputes(read_table(shared / FILE))
    assert [int((cases.outcome == at).sum()) for at in range(3)] == [79, 1460, 201]
    a, b = cases.capability.T
    log = ordered_logit(np.log(a / (a + b))[:, None], cases.outcome)
    assert (log.slope[0], log.standard_errors[0], log.loglik) == pytest.approx(
        (0.261438, 0.062916, -925.6822), abs=1e-4
    )
    plain = ordered_logit((a / (a + b))[:, None], cases.outcome)
    assert (plain.slope[0], plain.standard_errors[0], plain.loglik) == pytest.approx(
        (1.120328, 0.215753, -920.2625), abs=1e-4
    )
    for ratio, theirs in ((True, 0.0077), (False, 0.0137)):
        found = [cross_validated(cases, partial(by_ratio, ratio), seed=seed)[0] for seed in range(10)]
        assert np.mean(found) == pytest.approx(theirs, abs=0.002)


def test_an_ordered_logit_finds_what_was_put_in_whatever_the_units() -> None:
    rng = np.random.default_rng(seeded(1))
    x = rng.normal(size=(8000, 2))
    truth = np.array([1.0, -0.5])
    outcome = (rng.uniform(size=(8000, 1)) > expit(np.array([-1.0, 0.5, 1.5]) - (x @ truth)[:, None])).sum(axis=1)
    found = ordered_logit(x, outcome)
    away = (np.concatenate([found.slope, found.cuts]) - [1.0, -0.5, -1.0, 0.5, 1.5]) / found.standard_errors
    assert np.abs(away).max() < 4.0
    scaled = ordered_logit(x * [1000.0, 0.01] + 5.0, outcome)
    assert scaled.slope * [1000.0, 0.01] == pytest.approx(found.slope, rel=1e-4)
    assert scaled.loglik == pytest.approx(found.loglik, abs=1e-5)
    assert scaled.probabilities(x * [1000.0, 0.01] + 5.0).sum(axis=1) == pytest.approx(1.0)


def test_what_an_ordered_logit_cannot_tell_is_refused() -> None:
    x = np.linspace(-1, 1, 100)[:, None]
    with pytest.raises(SolveError, match="did not converge"):
        ordered_logit(x, (x[:, 0] > 0).astype(int) + (x[:, 0] > 0.5))
    with pytest.raises(InputError, match="never happens"):
        ordered_logit(x, np.array([0, 2] * 50))
    with pytest.raises(InputError, match="does not vary"):
        ordered_logit(np.ones((100, 1)), np.array([0, 1] * 50))


def test_the_predictor_learns_what_decides_and_repeats_itself_with_holes_in_the_data() -> None:
    seen, new = invented(200, 1), invented(200, 2)
    found = learn(seen, seed=seeded(1))
    told = found.probabilities(new)
    assert found.weights.sum() == pytest.approx(1.0) and (found.weights >= 0).all()
    assert told.sum(axis=1) == pytest.approx(1.0) and (told > 0).all()
    shares = np.bincount(seen.outcome, minlength=3) / 200
    gains = np.log(told[np.arange(200), new.outcome]) - np.log(shares[new.outcome])
    assert gains.mean() / (gains.std() / np.sqrt(200)) > 3.0
    assert np.array_equal(learn(seen, seed=seeded(1)).probabilities(new), told)


@pytest.mark.slow
def test_what_has_no_pattern_is_not_told() -> None:
    """Outcomes dealt out at random: a predictor that peeked at the fold left out would seem to know them."""
    cases = invented(300, 3, decisive=0.0)
    found, _ = cross_validated(cases, partial(learnt, 1), seed=seeded(1), folds=4)
    assert found < 0.03


@pytest.mark.slow
def test_disputes_not_seen_are_told_far_better_than_by_capabilities(shared: Path) -> None:
    cases = disputes(read_table(shared / FILE))
    found = [cross_validated(cases, partial(learnt, seed), seed=seed)[0] for seed in range(3)]
    assert np.mean(found) >= 0.20


GML = {
    "gml_disputes.rda": "gml_mid_disps.rda",
    "gml_dyads.rda": "gml_dirdisp.rda",
    "nmc.rda": "cow_nmc.rda",
    "distance.rda": "cow_mindist.rda",
    "wars.rda": "cow_war_inter.rda",
}


def test_refit_gives_the_stored_figures(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, original in GML.items():
        (tmp_path / name).symlink_to(shared / "data/raw" / f"svmiller__peacesciencer__{original}")
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    assert_alike(refit("contest").figures.to_dict(), load_result("contest").figures.to_dict(), draws=DRAWS)


def test_bilateral_disputes_are_seen_from_the_side_that_began_them() -> None:
    pair = {"initiating_side1": [1, 0], "dispute": [7, 7], "state1": [2, 740], "state2": [740, 2]}
    crowd = {
        "initiating_side1": [1, 1, 0, 0],
        "dispute": [8] * 4,
        "state1": [2, 20, 740, 740],
        "state2": [740, 740, 2, 20],
    }
    dyads = pl.concat([pl.DataFrame(pair), pl.DataFrame(crowd)])
    disputes = pl.DataFrame({"dispute": [7, 8], "year": [1950, 1950], "outcome": [3, 1]})
    nmc = pl.DataFrame({"state": [2, 740, 20], "year": [1950] * 3, "published": [0.3, 0.03, 0.01]})
    distance = pl.DataFrame({"state1": [2], "state2": [740], "year": [1950], "distance": [900.0]})
    found = bilateral(disputes, dyads, nmc, distance)
    assert found.rows() == [(1950, pytest.approx(np.log(10.0)), 900.0, 0)]


def test_wars_are_seen_from_the_side_that_began_them_with_the_strength_of_its_states_together() -> None:
    names = ("war", "state1", "state2", "year", "side1", "initiator1", "outcome1")
    rows = [
        (1, 2, 740, 1950, 1, 0, 1), (1, 20, 740, 1951, 1, 0, 1), (1, 740, 2, 1950, 2, 1, 2),
        # ended differently by the states of one side
        (2, 2, 740, 1950, 1, 1, 1), (2, 20, 740, 1950, 1, 0, 2), (2, 740, 2, 1950, 2, 0, 1),
        # a participant whose capability is not known
        (3, 2, 731, 1950, 1, 1, 1), (3, 731, 2, 1950, 2, 0, 2),
        # 20 began on the side that lost and changed to the one that won
        (4, 740, 2, 1950, 1, 1, 2), (4, 20, 2, 1950, 1, 0, 2), (4, 2, 740, 1950, 2, 0, 1), (4, 20, 740, 1951, 2, 0, 1),
    ]  # fmt: skip
    wars = pl.DataFrame(rows, schema=names, orient="row")
    nmc = pl.DataFrame(
        {"state": [2, 20, 740, 20], "year": [1950, 1951, 1950, 1950], "published": [0.3, 0.01, 0.02, 0.1]}
    )
    found = wars_of_sides(wars, nmc)
    assert sorted(found["outcome"]) == [0, 0, 1] and set(found["year"]) == {1950}
    assert sorted(found["ratio"]) == pytest.approx([np.log(0.02 / 0.31), np.log(0.12 / 0.31), np.log(0.4 / 0.02)])


def test_bad_tables_of_disputes_are_named(shared: Path) -> None:
    table = read_table(shared / FILE)
    with pytest.raises(InputError, match="no column `milex_b`"):
        disputes(table.drop("milex_b"))
    with pytest.raises(InputError, match="row 1: `Y` is 'Draw'"):
        disputes(table.with_columns(Y=pl.lit("Draw")))
    with pytest.raises(InputError, match="missing in a row"):
        disputes(table.with_columns(cinc_a=pl.lit(None, dtype=pl.Float64)))
    assert OUTCOMES[-1] == "VictoryA"
