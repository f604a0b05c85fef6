"""How firm: the published counts, and rates that were put in."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from scipy.special import logit
from tests.support import assert_alike, seeded

from tocsin.cli import main
from tocsin.data.registry import source
from tocsin.evidence.alliances import CODINGS, DUTIES, SINCE, alliances_tested, rates, shares
from tocsin.evidence.store import KINDS, shipped

pytestmark = pytest.mark.numeric

RAW = "data/raw/joshuaalley__arms-allies__"
FILES = {
    "reliability_berkemeier_fuhrmann.dta": "BerkemeierFuhrmannRAP2018_0303.dta",
    "reliability_leeds_anac.dta": "LeedsAnacIIrep.dta",
}


@pytest.fixture
def cached(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, original in FILES.items():
        (tmp_path / name).symlink_to(shared / f"{RAW}{original}")
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    return tmp_path


def test_the_published_counts(cached: Path) -> None:
    from tocsin.data.readers import read

    tests = alliances_tested(*(read(Path(name).stem) for name in FILES))
    found = {(row["coding"], row["of"]): row for row in shares(tests).iter_rows(named=True)}
    all_of = found["berkemeier_fuhrmann", "all"]
    assert (all_of["kept"], all_of["tested"]) == (69, 139)
    # by the rules of the earlier study: 50 % over all, defence 41 %, neutrality 78 %, 66 % before 1945
    wide = "berkemeier_fuhrmann_llm"
    assert [round(found[wide, name]["share"], 2) for name in ("all", "defence", "neutrality", "before 1945")] == [
        0.50, 0.41, 0.78, 0.66,
    ]  # fmt: skip
    assert found["leeds_anac", "all"]["tested"] == 137
    kept = {(row["coding"], row["of"]): row for row in shipped("alliances")["figures"]["counted"]}
    assert {key: row["kept"] for key, row in kept.items()} == {key: row["kept"] for key, row in found.items()}


def test_rates_that_were_put_in_are_found_and_eras_told_apart() -> None:
    rng = np.random.default_rng(seeded(1))
    cases = 600
    duty = rng.integers(0, 3, size=cases)
    year = rng.integers(1850, 2000, size=cases)
    truth = np.array([[0.3, 0.6, 0.9], [0.15, 0.4, 0.8]])
    kept = rng.uniform(size=cases) < truth[(year >= SINCE).astype(int), duty]
    table = pl.DataFrame(
        {"coding": ["berkemeier_fuhrmann"] * cases, "war_year": year, "kept": kept}
        | {name: (duty == at).astype(int) for at, name in enumerate(DUTIES)}
    )
    found = rates(table, "berkemeier_fuhrmann", seed=seeded(1))
    for (era, name), draws in found.draws.items():
        wanted = truth[int(era.startswith("since")), DUTIES.index(name)]
        logits = logit(draws)
        assert np.abs(logits.mean() - logit(wanted)) / logits.std() < 5.0
        assert logits.std() < 0.8


def test_what_is_kept_says_whence_and_with_what_limits() -> None:
    for name, kind in KINDS.items():
        found = shipped(name)
        assert found["limits"] == kind.limits and found["model"] == kind.model
        assert {each["source"] for each in found["data"]} == set(kind.sources)
        # a set of which the registry pins no one release has no hash
        assert all(each["sha256"] == source(each["source"]).sha256 and each["cite"] for each in found["data"])
        assert found["unit"] == kind.unit
        assert all(row["p05"] < row["p50"] < row["p95"] for row in found["figures"]["estimated"])
    alliances = shipped("alliances")["figures"]
    assert alliances["diagnostics"]["r_hat"] <= 1.01
    assert {row["coding"] for row in alliances["estimated"]} == set(CODINGS)


def test_the_commands_show_and_refuse(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert "alliances: how often" in run(main, ["evidence", "list"]).output
    shown = run(main, ["evidence", "show", "alliances", "--json", str(tmp_path / "a.json")])
    assert shown.exit_code == 0 and "kept 69, tested 139" in shown.output and "limits:" in shown.output
    assert json.loads((tmp_path / "a.json").read_text()) == shipped("alliances")
    wrong = run(main, ["evidence", "show", "aliances"])
    assert wrong.exit_code == 2 and "did you mean `alliances`?" in wrong.stderr


@pytest.mark.slow
def test_made_anew_the_figures_are_those_kept(cached: Path, tmp_path: Path) -> None:
    target = tmp_path / "again.json"
    done = CliRunner().invoke(main, ["evidence", "refit", "alliances", "--json", str(target)])
    assert done.exit_code == 0, done.output
    again, kept = json.loads(target.read_text())["figures"], shipped("alliances")["figures"]
    assert_alike(again, kept, draws=min(each["diagnostics"]["effective_draws"] for each in (again, kept)))
