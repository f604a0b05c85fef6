"""A stored run is run again from its own files and gives the same numbers, or the command says what differs."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.export.support import done, tocsin
from tests.facts_only import facts_only, with_estimates, write_facts_only
from tests.runs.support import stored
from tests.support import minimal_case, seeded

from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.run import assess
from tocsin.runs.copies import copy_case
from tocsin.runs.places import folder
from tocsin.runs.results import leaves
from tocsin.runs.store import ABOUT, RAN, RECORD, NewRun, StoredRun, store_run


def altered(tmp_path: Path) -> StoredRun:
    """Store a run with other numbers than its case gives: one verdict, one probability and one text."""
    case = with_estimates(tmp_path / "case")
    record = AssessmentRecord.of(assess(case))
    claims = {claim.id: claim for claim in record.claims}
    span = claims["E1"].probability
    assert span is not None
    changes: dict[str, dict[str, object]] = {
        "C2": {"verdict": "fails"},
        "E1": {"probability": span.model_copy(update={"mid": span.mid / 2})},
        "C1": {"note": "otherwise"},
    }
    claims |= {name: claims[name].model_copy(update=update) for name, update in changes.items()}
    other = record.model_copy(update={"claims": tuple(claims.values())})
    return store_run(NewRun(record=other, draws=2048, copy=copy_case(case)))


def files() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder().rglob("*") if path.is_file()}


@pytest.mark.numeric
def test_a_run_of_another_day_is_the_same_after_its_folder_has_gone(tmp_path: Path) -> None:
    case = with_estimates(tmp_path / "case")
    run = stored(case, seed=seeded(5), settings={"ships.waiting": "95 ships"})
    (moment,) = (run.path / RAN).iterdir()
    moment.rename(moment.with_name("2020-01-02T030405.000006Z"))
    shutil.rmtree(tmp_path / "case")
    before = files()
    said = done("verify", "latest").stdout
    assert f"{run.name} of 2020-01-02: seed {seeded(5)}, {run.about.drawn:,} draws\n" in said
    assert "The same numbers: 4 claims, 0 quantities.\n" in said
    assert files() == before


@pytest.mark.numeric
def test_other_numbers_are_named_and_the_status_is_1(tmp_path: Path) -> None:
    run = altered(tmp_path)
    refused = tocsin("verify", run.name)
    assert refused.exit_code == 1
    assert "Other numbers (4 claims, 0 quantities compared):" in refused.stdout
    assert "C2               fails -> partly" in refused.stdout
    assert "E1" in refused.stdout and "points" in refused.stdout
    assert "1 text differs." in refused.stdout
    data = json.loads(tocsin("verify", run.name, "--json").stdout)
    assert not data["same"]
    assert {row["claim"] for row in data["claims"]} == {"C2", "E1"}
    assert [row["where"] for row in data["texts"]] == ["claims.C1.note"]
    moved = next(row for row in data["claims"] if row["claim"] == "E1")
    assert moved["after"]["probability"]["mid"] == pytest.approx(2 * moved["before"]["probability"]["mid"], abs=2e-4)


def test_a_changed_program_with_the_same_numbers_is_named_and_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = stored(facts_only(tmp_path / "case"))
    monkeypatch.setattr("tocsin.runs.about.code_hash", lambda: "0" * 64)
    said = done("verify", "op-ed").stdout
    assert "The same numbers" in said
    assert f"Versions differ: code {run.about.origin.code[:8]} -> 00000000." in said


def test_a_measured_value_that_a_data_set_gives_otherwise_now_is_named(tmp_path: Path) -> None:
    run = stored(facts_only(tmp_path / "case"))
    text = (run.path / ABOUT).read_text(encoding="utf-8")
    (run.path / ABOUT).write_text(
        text.replace('"measured":{}', f'"measured":{{"facts.x":"{"1" * 64}"}}'), encoding="utf-8"
    )
    assert "Data sets in the cache give other values than in the run: facts.x." in done("verify", "op-ed").stdout


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        (ABOUT, b"{}", "is damaged"),
        (RECORD, b"{}", "is damaged"),
        ("case/case.yaml", b"id: x", "the stored copy of case.yaml is damaged"),
    ],
)
def test_a_damaged_run_is_refused_and_nothing_is_lost(tmp_path: Path, file: str, content: bytes, message: str) -> None:
    run = stored(facts_only(tmp_path / "case"))
    path = run.path / file
    path.unlink()
    path.write_bytes(content)
    before = files()
    refused = tocsin("verify", "op-ed")
    assert refused.exit_code == 2
    assert message in refused.stderr and "remedy" in refused.stderr
    assert files() == before


def test_a_case_that_this_version_refuses_is_named_with_its_place(tmp_path: Path) -> None:
    case = facts_only(tmp_path / "case")
    record = AssessmentRecord.of(assess(case))
    copy = copy_case(case)
    text = copy.files["case.yaml"] + b"later: {}\n"
    store_run(NewRun(record=record, draws=2048, copy=replace(copy, files={"case.yaml": text})))
    refused = tocsin("verify", "op-ed")
    assert refused.exit_code == 2
    assert "cannot be read now: unknown key `later`" in refused.stderr


@pytest.mark.parametrize(
    "arguments", [("verify",), ("verify", "nothing"), ("verify", "latest~4"), ("verify", "a", "b")]
)
def test_a_bad_name_has_the_status_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    stored(facts_only(tmp_path / "case"))
    assert tocsin(*arguments).exit_code == 2


def test_the_same_run_with_other_numbers_stays_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = altered(tmp_path)
    said = done("assess", tmp_path / "case", "--brief", tmp_path / "b.html")
    assert "this run has other numbers than the same run of" in said.stderr and run.name in said.stderr
    assert "fails" in {claim.verdict for claim in StoredRun(run.path).record.claims}


@pytest.mark.numeric
def test_every_value_that_differs_is_a_leaf_and_equal_records_have_none(tmp_path: Path) -> None:
    case = with_estimates(tmp_path / "case")
    one, other = (AssessmentRecord.of(assess(case, seed=seed)) for seed in (1, 2))
    assert leaves(one, one) == ()
    differing = {leaf.where: (leaf.before, leaf.after) for leaf in leaves(one, other)}
    assert differing["run.seed"] == (1, 2)
    assert all(before != after for before, after in differing.values())
    swapped = {leaf.where: (leaf.after, leaf.before) for leaf in leaves(other, one)}
    assert swapped == differing


@pytest.mark.slow
@pytest.mark.numeric
def test_a_run_with_games_is_the_same_again(tmp_path: Path) -> None:
    case = minimal_case(tmp_path / "case")
    options = ("--draws", "64", "--seed", str(seeded(9)), "--set", "stray=0.4")
    done("assess", case.folder, *options, "--brief", tmp_path / "b.html", "--quiet", "--note", "with games")
    shutil.rmtree(case.folder)
    said = done("verify", "minimal").stdout
    assert "The same numbers: 4 claims" in said and "quantities" in said
    write_facts_only(tmp_path / "unrelated")
