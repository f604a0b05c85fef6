"""The recorded years as the base game plays them: against year-by-year induction, and what powers and states change."""

from __future__ import annotations

from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from tests.support import minimal_case, seeded, write_case

from tocsin.assessment.ensemble import base_scenario, conditioned
from tocsin.assessment.worlds import draw
from tocsin.case import Case, load
from tocsin.games.stochastic import solve_year
from tocsin.models.coercion import past
from tocsin.models.coercion.history import log_likelihood, record_log_likelihood
from tocsin.models.coercion.power import power
from tocsin.models.coercion.prepare import prepare
from tocsin.models.coercion.solve import settle, solve
from tocsin.models.coercion.stage import channels, make_stage

pytestmark = pytest.mark.numeric

RECORD = "years: 50, wars: 0, press: 20, concessions: 4, weight: 0.25"
DATED = "first: 2000, years: 20, wars: 0, press: [2001, 2002, 2009], concessions: 1, weight: 0.5"
SPELLS = "regimes: {GAM.alignment: [{state: aligned, from: 2000}, {state: engaging, from: 2011}]}"
HEADER = "actor,year,value,source,confidence,note\n"
GROWING = "ALF,1990,0.1,book,medium,\nALF,2020,0.4,book,medium,\nBET,2000,1,book,medium,\nGAM,2000,2,book,medium,\nGAM,2010,1,book,medium,\n"
EVEN = "ALF,2000,1,book,medium,\nBET,2000,1,book,medium,\nGAM,2000,1,book,medium,\n"


def recorded(folder: Path, rows: str = GROWING) -> Case:
    write_case(folder, replace={RECORD: f"{DATED}, {SPELLS}, power: power.csv"})
    (folder / "power.csv").write_text(HEADER + rows, encoding="utf-8")
    return load(folder)


def test_power_grows_at_a_constant_rate_between_rows_and_stays_after_the_last(tmp_path: Path) -> None:
    case = recorded(tmp_path)
    alpha, beta, gamma = power(case, case.history["strait"], ("ALF", "BET", "GAM"))
    assert len(alpha) == 24  # 2000 to 2023; the base game begins in 2024
    assert alpha[0] == pytest.approx(0.25 ** (20 / 30)) and alpha[20:] == pytest.approx([1.0] * 4)
    assert beta == pytest.approx(np.ones(24))
    assert gamma[:11] == pytest.approx(2.0 ** (1 - np.arange(11) / 10)) and gamma[11:] == pytest.approx(np.ones(13))


def test_without_a_table_of_power_no_past_is_played(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    game = base_scenario(case, "strait", "revisionist")
    draws = draw(case, seed=seeded(1), draws=4).draws
    assert past.play(case, [game], draws, settle(case, [game], draws)) == {}


def test_every_year_is_played_with_its_own_forces_and_read_at_its_own_state(tmp_path: Path) -> None:
    case = recorded(tmp_path)
    game = base_scenario(case, "strait", "revisionist")
    draws = draw(case, seed=seeded(1), draws=5).draws
    ends = settle(case, [game], draws)
    played = past.play(case, [game], draws, ends)[game].probabilities
    expected = _by_hand(case, draws, ends[game].values)
    for name in ("press", "attack"):
        assert played[name] == pytest.approx(expected[name], abs=1e-6)  # the past of a sharp player multiplies rounding
    assert played["press"].shape == (20, 5)
    assert np.max(np.abs(np.diff(played["press"], axis=0))) > 1e-4


def _by_hand(case: Case, draws: dict[str, np.ndarray], end: np.ndarray) -> dict[str, np.ndarray]:
    """Return the probabilities of pressing and attacking in 2000 to 2019, by one year's game at a time."""
    prepared = prepare(case, base_scenario(case, "strait", "revisionist"), draws)
    form = prepared.form.anonymous()
    stage, carried = make_stage(form, prepared.parameters), channels(form, prepared.parameters)
    ratios = power(case, case.history["strait"], prepared.form.players)
    values = jnp.asarray(end[: len(form.players)])
    states = [
        prepared.form.index({"GAM.alignment": "aligned" if year < 2011 else "engaging"}) for year in range(2000, 2024)
    ]
    seen: dict[str, list[np.ndarray]] = {"press": [], "attack": []}
    for year in range(2024 + form.horizon - 1, 1999, -1):
        forces = {
            role: prepared.forces[role][max(year - 2024, 0)] * (ratios[index, year - 2000] if year < 2024 else 1.0)
            for index, role in enumerate(form.players)
        }
        values, choices = solve_year(stage, forces, values, carried)
        for name in seen:
            chosen = np.broadcast_to(choices["instrument"][name], (1, *values.shape[1:]))[0, form.start]
            if year < 2020:
                seen[name].insert(0, chosen[states[year - 2000]])
    return {name: np.array(years) for name, years in seen.items()}


def test_with_todays_power_in_every_year_the_past_is_about_the_present(tmp_path: Path) -> None:
    case = recorded(tmp_path, EVEN)
    game = base_scenario(case, "strait", "security")
    draws = draw(case, seed=seeded(2), draws=64).draws
    ends = settle(case, [game], draws)
    solution = solve(case, [game], draws, ends=ends)[game]
    played = past.play(case, [game], draws, ends)
    near = log_likelihood(case, solution, draws, played[game]) - log_likelihood(case, solution, draws)
    assert np.median(np.abs(near)) < 0.02


def test_an_ensemble_is_weighted_by_the_past_and_keeps_it_when_thinned(tmp_path: Path) -> None:
    case = recorded(tmp_path)
    cheap = conditioned(case, ("strait",), draw(case, seed=seeded(3), draws=32), np.zeros(32))
    full = cheap.with_past()
    key = ("strait", "revisionist")
    assert cheap.pasts == {} and np.max(np.abs(full.records[key] - cheap.records[key])) > 0.1
    fewer = full.thinned(8)
    yearly = fewer.yearly(*key)
    assert fewer.records[key] == pytest.approx(record_log_likelihood(case.history["strait"], yearly))
    assert yearly["press"].shape == (20, fewer.worlds.size)
