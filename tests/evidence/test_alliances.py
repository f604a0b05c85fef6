"""Alliances: published counts and recovery of known rates."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from scipy.special import logit
from tests.data.test_readers import cached as cached
from tests.support import assert_close, seeded

from tocsin.cli import main
from tocsin.data.readers import read
from tocsin.evidence.alliances import CODINGS, DUTIES, SINCE, alliances_tested, rates, shares
from tocsin.evidence.store import load_result

pytestmark = pytest.mark.numeric


@pytest.mark.usefixtures("cached")
def test_counts_are_those_published() -> None:
    tests = alliances_tested(read("reliability_berkemeier_fuhrmann"), read("reliability_leeds_anac"))
    counts = {(row["coding"], row["of"]): row for row in shares(tests).iter_rows(named=True)}
    everything = counts["berkemeier_fuhrmann", "all"]
    assert (everything["kept"], everything["tested"]) == (69, 139)
    # by the rules of the earlier study: 50 % of all, defence 41 %, neutrality 78 %, 66 % before 1945
    earlier_rules = "berkemeier_fuhrmann_llm"
    groups = ("all", "defence", "neutrality", "before 1945")
    assert [round(counts[earlier_rules, name]["share"], 2) for name in groups] == [0.50, 0.41, 0.78, 0.66]
    assert counts["leeds_anac", "all"]["tested"] == 137
    stored = {(row["coding"], row["of"]): row["kept"] for row in load_result("alliances").figures.counted}
    assert stored == {key: row["kept"] for key, row in counts.items()}


def test_known_rates_are_recovered_in_both_eras() -> None:
    rng = np.random.default_rng(seeded(1))
    cases = 600
    duty = rng.integers(0, 3, size=cases)
    year = rng.integers(1850, 2000, size=cases)
    truth = np.array([[0.3, 0.6, 0.9], [0.15, 0.4, 0.8]])
    kept = rng.uniform(size=cases) < truth[(year >= SINCE).astype(int), duty]
    table = pl.DataFrame(
        {"coding": ["berkemeier_fuhrmann"] * cases, "war_year": year, "kept": kept}
        | {name: (duty == index).astype(int) for index, name in enumerate(DUTIES)}
    )
    estimate = rates(table, "berkemeier_fuhrmann", seed=seeded(1))
    for (era, name), draws in estimate.draws.items():
        expected = truth[int(era.startswith("since")), DUTIES.index(name)]
        logits = logit(draws)
        assert np.abs(logits.mean() - logit(expected)) / logits.std() < 5.0
        assert logits.std() < 0.8


def test_the_stored_chains_mixed_and_cover_every_coding() -> None:
    figures = load_result("alliances").figures
    assert float(figures.diagnostics["r_hat"]) <= 1.01
    assert {row.labels["coding"] for row in figures.estimated} == set(CODINGS)


@pytest.mark.slow
@pytest.mark.usefixtures("cached")
def test_refit_gives_the_stored_figures(tmp_path: Path) -> None:
    target = tmp_path / "again.json"
    done = CliRunner().invoke(main, ["evidence", "refit", "alliances", "--json", str(target)])
    assert done.exit_code == 0, done.output
    again, stored = json.loads(target.read_text())["figures"], load_result("alliances").figures.to_dict()
    assert_close(again, stored, draws=min(part["diagnostics"]["effective_draws"] for part in (again, stored)))
