"""The rates that the model expects: beside the record, beside other rivals, and within the record once worlds are weighted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta
from tests.support import minimal_case, seeded

from tocsin.assessment.base_rates import base_rates, by_error, recorded_band, rival_band
from tocsin.assessment.ensemble import Ensemble, conditioned
from tocsin.assessment.games import first_look, select_worlds
from tocsin.assessment.health_findings import Grounds, error_findings, rate_findings
from tocsin.assessment.health_result import BaseRate, TypeFit
from tocsin.assessment.worlds import draw
from tocsin.case import Case, load
from tocsin.case.record_blocks import History
from tocsin.evidence.store import load_result
from tocsin.models.coercion.history import counted, rates

pytestmark = pytest.mark.numeric

RECORD = "years: 50, wars: 0, press: 20, concessions: 4, weight: 0.25"
GROUNDS = Grounds(theatres={"C1": ("strait",), "C2": ()})


def history(**changes: object) -> History:
    given = {"years": 40, "wars": 0, "press": 20, "concessions": 4, "clashes": 5, "weight": 0.5}
    return History.model_validate(given | changes | {"source": "x", "by": "y", "why": "z"})


def ensemble(folder: Path, record: str = RECORD, worlds: int = 64) -> Ensemble:
    case = minimal_case(folder, replace={RECORD: record})
    return conditioned(case, ("strait",), draw(case, seed=seeded(2), draws=worlds), np.zeros(worlds))


@pytest.mark.parametrize(
    ("event", "hits", "years"), [("war", 0, 40), ("press", 20, 40), ("concede", 4, 20), ("clash", 5, 20)]
)
def test_the_band_of_the_record_is_the_posterior_of_its_rate(event: str, hits: int, years: int) -> None:
    posterior = beta(0.5 * hits + 0.5, 0.5 * (years - hits) + 0.5)
    assert recorded_band(history(), event) == pytest.approx(posterior.ppf([0.05, 0.5, 0.95]))


def test_a_record_without_a_war_had_no_conquest_and_one_with_a_war_cannot_tell() -> None:
    assert recorded_band(history(), "conquest") == recorded_band(history(), "war")
    assert recorded_band(history(wars=1), "conquest") is None


def test_other_rivals_are_those_of_the_evidence() -> None:
    stored = {row.labels["event"]: (row.p05, row.p50, row.p95) for row in load_result("rivals").figures.estimated}
    for event in ("war", "press", "concede", "clash", "conquest"):
        assert rival_band(event) == stored[event]


def test_wars_and_conquests_are_yearly_rates_of_the_horizon_and_the_rest_those_of_the_first_year(
    tmp_path: Path,
) -> None:
    built = ensemble(tmp_path)
    rows = {row.event: row for row in base_rates(built)}
    assert list(rows) == ["war", "press", "concede", "conquest"]
    expected: dict[str, float] = {"war": 0.0, "press": 0.0, "own": 0.0}
    for scenario, solution in built.solutions.items():
        weights, now = 0.5 * built.weight(scenario.type), solution.form.index()
        year = {name: values[now] for name, values in solution.probabilities.items()}
        expected["war"] += float(weights @ (1 - (1 - solution.tallies["war"][now]) ** (1 / 10)))
        press, stray = year["press"] / (1 - year["attack"]), built.worlds.draws["stray"]
        expected["press"] += float(weights @ (press + (1 - press) * stray))
        expected["own"] += float(weights @ press)
    means = {"war": rows["war"].mean, "press": rows["press"].mean, "own": rows["press"].own}
    assert means == pytest.approx(expected) and rows["war"].own == rows["war"].mean
    assert rows["war"].model[0] <= rows["war"].mean <= 1 and rows["war"].years == 10


def test_without_a_record_there_are_no_base_rates(tmp_path: Path) -> None:
    built = ensemble(tmp_path)
    bare = replace(built, case=built.case.model_copy(update={"history": {}}))
    assert base_rates(bare) == ()


@pytest.mark.parametrize(("mean", "named"), [(0.01, False), (0.05, True), (0.0, True)])
def test_a_rate_outside_what_the_record_leaves_open_is_named(mean: float, named: bool) -> None:
    rate = BaseRate(
        theatre="strait", event="war", years=10, model=(0.0, 0.01, 0.2), mean=mean, own=mean, record=(0.001, 0.01, 0.03), rivals=(0.0027, 0.013, 0.032)
    )  # fmt: skip
    findings = list(rate_findings([rate, replace(rate, record=None)], (), GROUNDS))
    assert bool(findings) == named
    if named:
        assert (findings[0].kind, findings[0].claims) == ("base rate", ("C1",))
        assert "the record leaves 0.1 to 3 % open, and other rivals have 0.27 to 3.2 %" in findings[0].text


# --- force by error --------------------------------------------------------------------------------------------------------


def test_a_type_for_which_force_is_never_best_uses_it_by_error(tmp_path: Path) -> None:
    built = ensemble(tmp_path)
    base = next(scenario for scenario in built.solutions if scenario.type == "security")
    solution = built.solutions[base]

    def with_chances(**chances: float) -> Ensemble:
        flat = {name: np.full_like(solution.probabilities["hold"], value) for name, value in chances.items()}
        return replace(built, solutions={**built.solutions, base: replace(solution, probabilities=flat)})

    rest = {"hold": 0.3, "condemn": 0.1, "influence": 0.1}
    assert by_error(with_chances(press=0.2, attack=0.1, **rest), "strait", "security") == pytest.approx(1.0)
    assert by_error(with_chances(press=0.4, attack=0.1, **rest), "strait", "security") == 0.0
    assert by_error(with_chances(press=0.1, attack=0.4, **rest), "strait", "security") == 0.0


@pytest.mark.parametrize(("share", "named"), [(0.99, True), (0.9, False)])
def test_a_type_that_uses_force_by_error_alone_is_named(share: float, named: bool) -> None:
    fit = TypeFit(
        theatre="strait", type="security", recorded={}, after={}, predictive={}, weight=0.5, by_evidence=0.5, possible=True, by_error=share
    )  # fmt: skip
    findings = list(error_findings([fit], GROUNDS))
    assert bool(findings) == named
    if named:
        assert (findings[0].kind, findings[0].claims) == ("error", ("C1",)) and "`security`" in findings[0].text


# --- the record, made by the worlds that are kept ----------------------------------------------------------------------------


def _expected(built: Ensemble) -> Mapping[str, float]:
    """Return the rates that the weighted worlds expect over the recorded years, types pooled by the case's weights."""
    case, (theatre,) = built.case, built.theatres
    expected = dict.fromkeys(counted(case.history[theatre]), 0.0)
    for kind, spec in case.types.items():
        for event, values in rates(case.history[theatre], built.yearly(theatre, kind)).items():
            expected[event] += spec.weight * float(built.weight(kind) @ values)
    return expected


def _check_record(case: Case, theatre: str, draws: int) -> None:
    look = first_look(case, seeded(5), draws, lambda _stage, _done: None)
    built = select_worlds(look, (theatre,), draws, lambda _done: None)
    for event, rate in _expected(built).items():
        band = recorded_band(case.history[theatre], event)
        assert band is not None and band[0] <= rate <= band[2], f"{theatre}, {event}: {rate:.4f} outside {band}"


def test_the_worlds_kept_make_the_record_of_the_small_case(tmp_path: Path) -> None:
    _check_record(minimal_case(tmp_path), "strait", 512)


def test_worlds_drawn_but_not_weighted_do_not_make_it(tmp_path: Path) -> None:
    built = ensemble(tmp_path, RECORD.replace("0.25", "1").replace("press: 20", "press: 8"), worlds=256)
    flat = replace(built, records={key: np.zeros(256) for key in built.records})
    band = recorded_band(built.case.history["strait"], "press")
    assert band is not None and not band[0] <= _expected(flat)["press"] <= band[2]
    weights = flat.weight("security")
    assert np.allclose(weights[weights > 0], 1.0 / np.count_nonzero(weights))


@pytest.mark.slow
@pytest.mark.parametrize("theatre", ["korea", "taiwan"])
def test_the_worlds_kept_make_the_record_of_the_founding_case(theatre: str) -> None:
    _check_record(load("japan-buildup"), theatre, 1024)
