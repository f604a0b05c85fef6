"""`tocsin show` and `tocsin` without a command: what they print, and how they refuse other files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.facts_only import facts_only
from tests.runs.support import new_run, stored
from tests.support import write_case

from tocsin.assessment.record import AssessmentRecord
from tocsin.cli import main
from tocsin.cli.quantity_names import named_quantities
from tocsin.runs.places import folder
from tocsin.runs.store import ABOUT, store_run, stored_runs

TESTED: dict[str, Any] = {
    "basis": "model",
    "turnable": False,
    "by_model": {},
    "curve": None,
    "read": [],
    "shown": "",
    "note": "",
}
CLAIM: dict[str, Any] = {
    **TESTED,
    "id": "C1",
    "kind": "causal",
    "rule": "all",
    "says": "It is so.",
    "verdict": "fails",
    "words": "almost no chance (below 5 %)",
    "probability": {"low": 0.0, "mid": 0.004, "high": 0.995, "error": 0.002},
    "confidence": "low",
    "limits": ["few draws"],
    "by_model": {"revisionist": 0.004},
    "curve": {
        "points": [{"threshold": 0.01, "probability": 0.6}, {"threshold": 0.02, "probability": 0.004}],
        "turns": [0.0113],
        "unit": "%",
        "means": "a year of trade",
    },
    "drivers": [{"input": "precision", "share": 0.5, "low": 0.4, "high": 0.6, "first": 0.5, "total": 0.5}],
    "flips": [
        {
            "moves": [{"input": "stake.GAM", "from": 1.5, "to": 1.75, "quantile": 0.8}],
            "verdict": "holds",
            "part": "",
            "probability": 0.7,
        }
    ],
    "search": {"ends": 90, "tried": 6, "nearest": None},
    "sources": ["book"],
    "rivals": [],
    "against": ["A number."],
    "parts": [],
    "due": "",
    "outcomes": [],
}
READ = {"key": "sites.FY2026", "value": "60 ships", "date": "2025-12", "sources": ["book", "news"], "expected": ""}
PARTS: list[dict[str, Any]] = [
    {
        **TESTED,
        "name": "many",
        "says": "There are ninety.",
        "verdict": "fails",
        "words": "by the facts",
        "basis": "facts",
        "essential": True,
        "probability": None,
        "read": [READ, {**READ, "key": "command", "value": "true", "expected": "2030"}],
        "shown": "60 ships, not above 90",
        "note": "counted by hand",
    },
    {
        **TESTED,
        "name": "open",
        "says": "They are feared.",
        "verdict": "not tested",
        "words": "not tested: repeats a judgement",
        "note": "It repeats the author.",
        "basis": "nothing",
        "essential": False,
        "probability": None,
    },
]
WITH_PARTS: dict[str, Any] = {
    **CLAIM,
    "id": "C2",
    "kind": "forecast",
    "rule": "most",
    "words": "many fails",
    "probability": {"low": 0.1, "mid": 0.4, "high": 0.6, "error": 0.0},
    "turnable": True,
    "curve": None,
    "parts": PARTS,
    "due": "2030",
    "outcomes": [
        {
            "key": "later", "says": "It came.", "happened": True, "date": "2029-05", "sources": ["news"], "note": "",
            "brier": 0.36,
        },
        {
            "key": "other", "says": "Nobody knows.", "happened": True, "date": "2029", "sources": ["news"], "note": "",
            "brier": None,
        },
    ],
}  # fmt: skip
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
    "games": {"used_for": ["C1"], "not_needed_for": []},
    "quantities": [
        {"id": "loss(rise)", "model": "pooled", "unit": "aim", "p05": -0.01, "p50": 0.02, "p95": None},
    ],
    "claims": [CLAIM, WITH_PARTS],
    "health": {
        "effective_draws": None,
        "settled": None,
        "settled_by": {},
        "fits": [],
        "base_rates": [],
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
    assert "fails: almost no chance (below 5 %)" in said
    assert "probability: below 5 %; below 5 % to above 95 % over models and thresholds" in said
    assert "in model revisionist: below 5 %" in said and "with threshold 0.02 %: below 5 %" in said
    assert "confidence: low (few draws)" in said
    assert "with threshold 0.01 %: 60 %" in said
    assert "the threshold is a year of trade" in said and "the verdict turns at 0.011 %" in said
    assert "depends on precision: 50 %" in said
    assert "that turns it: stake.GAM is 1.75 instead of 1.5; it then holds." in said


def test_worlds_that_all_agree_are_counted(tmp_path: Path) -> None:
    worlds = {"holds": 0, "fails": 640, "of": 640, "effective": 640.0}
    said = shown_with(tmp_path, {"low": 0.0, "mid": 0.0, "high": 0.3, "error": 0.002, "worlds": worlds}, "model")
    assert "probability: below 5 % (in this model, in none of 640 worlds); below 5 % to 30 % over" in said
    said = shown_with(
        tmp_path, {"low": 0.0, "mid": 0.0, "high": 0.3, "error": 0.0, "worlds": {**worlds, "holds": 1}}, "model"
    )
    assert "probability: below 5 %; below 5 % to 30 % over" in said


def test_an_estimate_and_a_figure_within_the_limits_have_their_standard_error(tmp_path: Path) -> None:
    said = shown_with(tmp_path, {"low": 0.01, "mid": 0.01, "high": 0.02, "error": 0.002}, "estimate")
    assert "probability: 1 % (standard error 0.2 points); 1 % to 2 % over thresholds" in said
    said = shown_with(tmp_path, {"low": 0.0, "mid": 0.01, "high": 0.02, "error": 0.01}, "model")
    assert "probability: below 5 %; the same over models and thresholds" in said
    said = shown_with(tmp_path, {"low": 0.2, "mid": 0.3, "high": 0.4, "error": 0.02}, "model")
    assert "probability: 30 % (standard error 2.0 points); 20 % to 40 % over models and thresholds" in said


def test_a_claim_whose_own_probability_was_not_swept_has_a_range_over_models_only(tmp_path: Path) -> None:
    span = {"low": 0.0, "mid": 0.01, "high": 0.02, "error": 0.0}
    said = shown_with(tmp_path, span, "model", curve=None)
    assert "probability: below 5 %; the same over models\n" in said
    assert "thresholds" not in said


def shown_with(folder: Path, probability: dict[str, Any], basis: str, **changes: object) -> str:
    """Return what is shown of a claim with this probability."""
    path = folder / "other.json"
    claim = {**CLAIM, "basis": basis, "probability": probability, **changes}
    path.write_text(json.dumps({**DATA, "claims": [claim]}), encoding="utf-8")
    return show("C1", "--from", str(path)).stdout


def test_a_claim_is_shown_with_its_parts_and_the_facts_that_they_read(file: str) -> None:
    said = show("C2", "--from", file).stdout
    assert "(C2, forecast, due 2030)" in said
    assert "more than half of the parts must hold:" in said
    assert "many (essential): fails by the facts: 60 ships, not above 90" in said
    assert "reads sites.FY2026: 60 ships (2025-12; book, news)" in said
    assert "reads command: true (2025-12, expected 2030; book, news)" in said
    assert "open: not tested: repeats a judgement\n" in said
    assert "It repeats the author." in said
    assert "counted by hand" not in said
    assert "sampling error could turn the verdict" in said


def test_an_outcome_is_shown_with_the_score_of_the_forecast(file: str) -> None:
    said = show("C2", "--from", file).stdout
    assert "later: it came true (2029-05; news): It came." in said
    assert "later: it came true (2029; news): Nobody knows." in said
    assert said.count("Brier score of the forecast: 0.36") == said.count("Brier") == 1


@pytest.mark.parametrize("name", ["C2.many", "c2.MANY", " C2.many "])
def test_one_part_is_shown_by_claim_and_part(file: str, name: str) -> None:
    said = show(name, "--from", file).stdout
    assert said.startswith(
        "c (as of 2026-01-07): Why?\nThere are ninety. (C2.many, essential)\n  fails by the facts: 60 ships, not above 90\n"
    )
    assert "reads sites.FY2026: 60 ships (2025-12; book, news)" in said
    assert "counted by hand" in said
    assert "They are feared" not in said


@pytest.mark.parametrize(
    ("name", "message", "remedy"),
    [
        ("C2.mani", "claim C2 has no part 'mani'", "did you mean `C2.many`?"),
        ("C2.", "claim C2 has no part ''", "many"),
        ("C1.many", "claim C1 has no parts", "write `tocsin show C1`"),
        ("C2many", "no claim or quantity 'C2many'", "did you mean `C2.many`?"),
    ],
)
def test_an_unknown_part_is_refused_with_the_nearest(file: str, name: str, message: str, remedy: str) -> None:
    done = show(name, "--from", file)
    assert done.exit_code == 2
    assert message in done.stderr
    assert remedy in done.stderr


def test_blanks_in_the_name_of_a_quantity_do_not_matter(file: str) -> None:
    said = show("loss( rise )", "--from", file).stdout
    assert "-0.01" in said
    assert "missing" in said


def test_without_a_name_all_are_listed(file: str) -> None:
    said = show("--from", file).stdout
    assert "C1" in said
    assert "loss(rise)" in said


def test_a_misspelt_name_is_refused_with_the_nearest_known_name(file: str) -> None:
    done = show("loss(rsie)", "--from", file)
    assert done.exit_code == 2
    assert "loss(rise)" in done.stderr


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
    questions = (("Is it?", "Fails: C1."),)
    store_run(new_run(record, summary="A summary.", questions=questions, brief=brief))
    said = CliRunner().invoke(main, []).stdout
    assert "Why?" in said
    assert "A summary." in said
    assert "Fails: C1." in said
    assert "b.html" in said
    assert show("C1").exit_code == 0


def test_a_damaged_run_and_the_files_of_earlier_versions_are_ignored() -> None:
    store("damaged")
    (run,) = stored_runs()
    (run.path / ABOUT).write_text('{"origin": {}}', encoding="utf-8")
    (folder() / "last.json").write_text('{"assessment": {}}', encoding="utf-8")
    (folder() / "runs" / "minimal.json").write_text("{}", encoding="utf-8")
    (folder() / "runs" / "minimal").mkdir()
    (folder() / "runs" / "minimal" / "worlds.parquet").write_bytes(b"old")
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


LEVEL = {"p05": 0.001, "p50": 0.0031, "p95": 0.02}
OTHERS: list[dict[str, Any]] = [
    {
        "claim": "C2", "part": "many", "years": 15, "counterfactual": True, "pooled": 0.44, "differ": False,
        "answers": [
            {"model": "coercion", "weight": 0.2, "probability": 0.2, "silent": "", "level": {}, "effect": None},
            {"model": "moves", "weight": 0.5, "probability": 0.01, "silent": "it misses a control (x)", "level": {"a": LEVEL},
             "effect": {"p05": -0.0001, "p50": 0.0, "p95": 0.0002}},
            {"model": "record", "weight": 0.3, "probability": None, "silent": "no force enters in it", "level": {"a": LEVEL, "b": LEVEL},
             "effect": None},
        ],
    }
]  # fmt: skip


@pytest.mark.parametrize("name", ["C2", "C2.many"])
def test_other_models_are_shown_with_the_claim_and_the_part_that_they_answer(name: str, tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text(json.dumps(DATA | {"other_models": OTHERS}), encoding="utf-8")
    text = show(name, "--from", str(path)).output
    assert "  models on many\n    this case's game, weight 20 %: 20 %\n" in text
    assert "below 5 %, but does not count: it misses a control (x); difference tested: less than 0.1 points" in text
    assert "as things stand: 0.31 % (0.1 to 2 %) in b" in text
    assert "    pooled: 44 %. 1 of the 3 models counts.\n" in text and "No score exists" in text
    assert "models on" not in show("C2.open", "--from", str(path)).output
    assert "models on" not in show("C1", "--from", str(path)).output


def test_a_claim_without_confidence_shows_none(tmp_path: Path) -> None:
    silent = {
        **CLAIM,
        "verdict": "cannot tell",
        "words": "undefined",
        "probability": None,
        "confidence": "",
        "limits": [],
    }
    path = tmp_path / "out.json"
    path.write_text(json.dumps({**DATA, "claims": [silent]}), encoding="utf-8")
    said = show("c1", "--from", str(path)).stdout
    assert "cannot tell" in said and "confidence" not in said


# --- quantities as tests write them, and runs of several cases ----------------------------------------------------------

IDS = ["p_war@sea", "p_war@land", "risk_by(2031)@sea", "risk_by(2031)@land", "loss(rise)", "loss(rise+plan)"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("p_war@land", ["p_war@land"]),
        ("p_war", ["p_war@sea", "p_war@land"]),
        ("p_war()", ["p_war@sea", "p_war@land"]),
        (" p_war ( in land ) ", ["p_war@land"]),
        ("risk_by(2031)", ["risk_by(2031)@sea", "risk_by(2031)@land"]),
        ("risk_by(5 in sea)", ["risk_by(2031)@sea"]),
        ("risk_by(2032)", []),
        ("p_war(in air)", []),
        ("loss( rise + plan )", ["loss(rise+plan)"]),
        ("loss(plan)", []),
        ("p_war > 0.1", []),
        ("", []),
    ],
)
def test_a_quantity_is_found_by_what_a_test_calls_it(name: str, meant: list[str]) -> None:
    assert named_quantities(IDS, name, 2026) == meant


def test_a_quantity_of_several_theatres_is_shown_for_each(tmp_path: Path) -> None:
    rows = [{**DATA["quantities"][0], "id": f"p_war@{theatre}"} for theatre in ("sea", "land")]
    path = tmp_path / "out.json"
    path.write_text(json.dumps({**DATA, "quantities": rows}), encoding="utf-8")
    said = show("p_war()", "--from", str(path)).stdout
    assert "p_war@sea [aim]" in said and "p_war@land [aim]" in said


def store(case: str) -> None:
    store_run(new_run(AssessmentRecord.model_validate({**DATA, "case": {**DATA["case"], "id": case}})))


def test_the_last_run_of_each_case_is_stored_and_named(tmp_path: Path) -> None:
    for case in ("minimal", "other"):
        store(case)
    assert show("C1").stdout.startswith("other (as of 2026-01-07): Why?\n")
    assert show("--case", "minimal").stdout.startswith("minimal (as of 2026-01-07): Why?\n")
    folder = write_case(tmp_path / "case")
    for named in (folder, folder / "case.yaml"):
        assert show("C1", "--case", str(named)).stdout.startswith("minimal (")


def test_a_case_without_a_stored_run_is_refused_with_those_that_have_one(tmp_path: Path) -> None:
    store("other")
    done = show("C1", "--case", str(write_case(tmp_path / "case")))
    assert done.exit_code == 2
    assert "no run of the case minimal is stored" in done.stderr and "stored are runs of other" in done.stderr
    assert show("C1", "--case", "nowhere").exit_code == 2
    both = show("C1", "--case", "other", "--from", str(tmp_path / "x.json"))
    assert both.exit_code == 2 and "--from and --case" in both.stderr


def test_a_variant_is_shown_with_what_it_sets(tmp_path: Path) -> None:
    variants = "variants:\n  full: {set: {ships.waiting: 95 ships}, why: another count}\n"
    stored(facts_only(tmp_path / "case", replace={"claims:\n": f"{variants}claims:\n"}))
    result = CliRunner().invoke(main, ["show", "full"])
    assert result.exit_code == 0, result.output
    assert "variant full: another count\n  sets ships.waiting=95 ships\n" in result.output
    assert "`tocsin assess CASE --variant full`" in result.output
    refused = CliRunner().invoke(main, ["show", "fulll"])
    assert refused.exit_code == 2 and "full" in refused.stderr.split("did you mean")[1]
