"""`tocsin show` and `tocsin` without a command: what they print, and how they refuse other files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tocsin.assessment.record import AssessmentRecord
from tocsin.cli import last, main

CLAIM: dict[str, Any] = {
    "id": "C1",
    "kind": "causal",
    "says": "It is so.",
    "verdict": "fails",
    "words": "almost no chance (<1 %)",
    "probability": {"low": 0.0, "mid": 0.004, "high": 0.995},
    "confidence": "low",
    "by_model": {"revisionist": 0.004},
    "drivers": [{"input": "precision", "share": 0.5}],
    "flips": [{"input": "stake.GAM", "from": 1.5, "to": 1.75, "quantile": 0.8}],
    "sources": ["book"],
    "rivals": [],
    "against": ["A number."],
    "note": "",
}
DATA: dict[str, Any] = {
    "format": "tocsin-assessment/1",
    "case": {"id": "c", "title": "Why?", "as_of": "2026-01-07", "sha256": "0"},
    "run": {
        "seed": 1,
        "draws": 8,
        "set": {},
        "models": [],
        "data": [],
        "versions": {},
        "effective_draws": None,
        "seconds": 1.0,
    },
    "quantities": [
        {"id": "fear(rise)", "model": "pooled", "unit": "aim", "p05": -0.01, "p50": 0.02, "p95": None},
    ],
    "claims": [CLAIM],
    "health": {
        "effective_draws": None,
        "settled": None,
        "settled_by": {},
        "fits": [],
        "base_risk": None,
        "findings": [],
    },
}


def show(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["show", *arguments])


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "out.json"
    path.write_text(json.dumps(DATA), encoding="utf-8")
    return str(path)


def test_a_claim_is_shown_with_drivers_and_flips_and_never_as_zero_or_hundred_per_cent(file: str) -> None:
    said = show("c1", "--from", file).stdout
    assert "fails: almost no chance (<1 %)" in said
    assert "probability: <1 %; <1 % to >99 %" in said
    assert "depends on precision: 50 %" in said
    assert "the verdict changes if stake.GAM goes from 1.5 to 1.75 (the 80 % point" in said


def test_blanks_in_the_name_of_a_quantity_do_not_matter(file: str) -> None:
    said = show("fear( rise )", "--from", file).stdout
    assert "-0.01" in said
    assert "missing" in said


def test_without_a_name_all_are_listed(file: str) -> None:
    said = show("--from", file).stdout
    assert "C1" in said
    assert "fear(rise)" in said


def test_a_misspelt_name_is_refused_with_the_nearest_known_name(file: str) -> None:
    done = show("fear(rsie)", "--from", file)
    assert done.exit_code == 2
    assert "fear(rise)" in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "[" * 100_000,
        json.dumps({**DATA, "claims": [{"id": "C1"}]}),
        json.dumps({**DATA, "quantities": 3}),
        json.dumps({**DATA, "format": "tocsin-assessment/9"}),
        json.dumps({**DATA, "claims": [{**CLAIM, "by_model": [1]}]}),
        json.dumps({**DATA, "claims": [{**CLAIM, "probability": {"low": 9, "mid": 0, "high": 1}}]}),
    ],
)
def test_a_file_that_is_not_an_assessment_is_refused_with_a_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    done = show("C1", "--from", str(path))
    assert done.exit_code == 2
    assert "remedy" in done.stderr


def test_the_last_run_is_stored_with_its_answers(tmp_path: Path) -> None:
    record = AssessmentRecord.model_validate(DATA)
    brief = str(tmp_path / "b.html")
    last.store_last(
        last.LastRun(assessment=record, summary="A summary.", questions=(("Is it?", "Fails: C1."),), brief=brief)
    )
    said = CliRunner().invoke(main, []).stdout
    assert "Why?" in said
    assert "A summary." in said
    assert "Fails: C1." in said
    assert "b.html" in said
    assert show("C1").exit_code == 0


def test_a_damaged_record_of_the_last_run_is_ignored() -> None:
    last.folder().mkdir(parents=True, exist_ok=True)
    (last.folder() / "last.json").write_text('{"assessment": {}}', encoding="utf-8")
    said = CliRunner().invoke(main, [])
    assert said.exit_code == 0
    assert "No case has been run yet" in said.stdout


def test_show_loads_no_heavy_library(file: str) -> None:
    heavy = ("jax", "numpy", "scipy", "polars", "matplotlib", "ruamel", "rich")
    code = (
        "import sys\nfrom tocsin.cli import main\n"
        f"try:\n    main(['show', 'C1', '--from', {file!r}])\nexcept SystemExit:\n    pass\n"
        f"print(sorted(name for name in {heavy!r} if name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
