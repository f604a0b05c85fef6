"""Beliefs that rest on one fit are drawn with its correlation, and keep their own distributions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kstest, norm
from tests.support import minimal_case

from tocsin.assessment.estimates import TracedDraws
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.joint import joint_beliefs
from tocsin.case.lint import lint
from tocsin.case.override import override
from tocsin.evidence.reference import estimate

pytestmark = pytest.mark.numeric

WAR, CLASH = "decisiveness.war", "decisiveness.clash"
EARLY, LATE = "evidence/contest/decisiveness/1950/1000_km", "evidence/contest/decisiveness/2000/1000_km"
OLD = {
    WAR: f'{WAR}: {{is: "uniform(0.7 to 2)", unit: "1", by: tests, why: range}}',
    CLASH: f'{CLASH}: {{is: "uniform(0.3 to 1)", unit: "1", by: tests, why: range}}',
}


def joint_case(folder: Path, war: str = EARLY, clash: str = LATE, more: str = "") -> Case:
    new = {WAR: war, CLASH: clash}
    return minimal_case(
        folder,
        replace={OLD[name]: f'{name}: {{from: {text}, unit: "1", why: past{more}}}' for name, text in new.items()},
    )


def stored_correlation(first: str, second: str) -> float:
    one, other = estimate(first).joint, estimate(second).joint
    assert one is not None and other is not None and one.fit == other.fit
    return float(np.dot(one.loadings, other.loadings))


def test_draws_have_the_stored_correlation_and_the_same_distributions(tmp_path: Path) -> None:
    case = joint_case(tmp_path)
    worlds = draw(case, seed=1, draws=4096)
    scores = [norm.ppf(worlds.points[name]) for name in (WAR, CLASH)]
    assert np.corrcoef(scores)[0, 1] == pytest.approx(stored_correlation(EARLY, LATE), abs=0.01)
    for name in (WAR, CLASH):
        assert kstest(worlds.points[name], "uniform").statistic < 0.005
        assert worlds.draws[name] == pytest.approx(case.distributions[name].quantile(worlds.points[name]))
    # independent of all others
    assert abs(np.corrcoef(scores[1], norm.ppf(worlds.points["toppling"]))[0, 1]) < 0.02


def test_other_beliefs_and_the_first_of_a_fit_keep_their_draws(tmp_path: Path) -> None:
    together, apart = (
        joint_case(tmp_path / "a"),
        joint_case(tmp_path / "b", clash="evidence/contest/decisiveness_in_war/1823_to_2003"),
    )
    one, other = draw(together, seed=3, draws=256), draw(apart, seed=3, draws=256)
    assert not joint_beliefs(apart)
    changed = {name for name, points in one.points.items() if not np.array_equal(points, other.points[name])}
    assert changed == {CLASH}


def test_the_sample_of_tests_without_a_game_is_joint_too(tmp_path: Path) -> None:
    draws = TracedDraws(joint_case(tmp_path), 1)
    assert np.corrcoef(draws[WAR], draws[CLASH])[0, 1] == pytest.approx(stored_correlation(EARLY, LATE), abs=0.03)


def test_two_beliefs_of_one_estimate_are_equal_in_every_world(tmp_path: Path) -> None:
    worlds = draw(joint_case(tmp_path, EARLY, EARLY), seed=1, draws=64)
    assert worlds.draws[WAR] == pytest.approx(worlds.draws[CLASH], abs=1e-9)


def test_a_belief_with_its_own_distribution_is_drawn_on_its_own(tmp_path: Path) -> None:
    case = joint_case(tmp_path)
    assert [group.names for group in joint_beliefs(case)] == [(WAR, CLASH)]
    assert not joint_beliefs(override(case, {WAR: "uniform(0.1 to 0.9)"}))
    own = joint_case(tmp_path / "own", more=', is: "normal(0.1 to 0.9)"')
    assert not joint_beliefs(own)


def test_estimates_of_results_without_stored_correlation_are_independent(tmp_path: Path) -> None:
    assert not joint_beliefs(minimal_case(tmp_path))
    assert estimate("evidence/alliances/berkemeier_fuhrmann/since_1945/defence").joint is None


def test_lint_names_the_beliefs_that_are_drawn_together(tmp_path: Path) -> None:
    messages = [notice.message for notice in lint(joint_case(tmp_path)) if "rests on" in notice.message]
    assert len(messages) == 2
    assert any(
        f"belief `{WAR}`" in text and f"drawn together with `{CLASH}`, of the same fit" in text for text in messages
    )
