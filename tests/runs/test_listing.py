"""`tocsin runs`: the table and its JSON, notes, and what pruning removes and leaves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.export.support import done, tocsin
from tests.facts_only import facts_only, with_estimates, write_facts_only
from tests.runs.support import stored
from tests.translation.support import Marked

from tocsin.case import Case
from tocsin.errors import InputError
from tocsin.runs.places import BLOBS, RUNS, folder
from tocsin.runs.pruning import prune, remove
from tocsin.runs.store import ABOUT, ASSESSMENT, RAN, RECORD, StoredRun, stored_runs


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return facts_only(tmp_path / "case")


def aged(run: StoredRun, days: int) -> StoredRun:
    """Return a run as one that was made some days ago."""
    (moment,) = (run.path / RAN).iterdir()
    moment.rename(moment.with_name(f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H%M%S.%fZ}"))
    return StoredRun(run.path)


def row_of(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(name))


def test_the_table_has_a_row_for_each_run_the_newest_first(case: Case, tmp_path: Path) -> None:
    old = aged(stored(case, note="a try"), 3)
    new = stored(case, seed=7, draws=512, settings={"ships.waiting": "95 ships"})
    said = done("runs").stdout
    names = [line.split()[0] for line in said.splitlines()[2:4]]
    assert names == [new.name, old.name]
    assert f"{old.days[0]}   2024-06-30      1       0" in row_of(said, old.name)
    assert row_of(said, old.name).endswith("holds: 1, partly: 1, not tested: 1   a try")
    assert row_of(said, new.name).endswith("holds: 2, not tested: 1              ships.waiting=95 ships")
    other = stored(facts_only(tmp_path / "b", replace={"id: op-ed": "id: harbour"}))
    assert other.name not in done("runs", "op-ed").stdout
    assert done("runs", "list", "op-ed").stdout == done("runs", "op-ed").stdout


def test_the_json_states_what_makes_each_run(case: Case) -> None:
    run = stored(case, seed=7, draws=512, settings={"ships.waiting": "95 ships"}, note="n")
    (data,) = json.loads(done("runs", "--json").stdout)
    expected = {
        "name": run.name,
        "hash": run.hash,
        "seed": 7,
        "draws": 512,
        "set": {"ships.waiting": "95 ships"},
        "note": "n",
    }
    assert expected.items() <= data.items()
    assert data["verdicts"] == {"C1": "holds", "C2": "holds", "C3": "not tested"}
    assert data["bytes"] > 1000


def test_a_damaged_run_is_listed_as_such(case: Case) -> None:
    run, other = stored(case), stored(case, seed=2)
    (run.path / ABOUT).write_bytes(b"{}")
    said = done("runs").stdout
    assert "damaged or from another version" in row_of(said, run.name) and other.name in said
    assert [item.get("error", "") != "" for item in json.loads(done("runs", "--json").stdout)] == [False, True]


def flip(file: Path, old: bytes, new: bytes) -> None:
    data = file.read_bytes()
    assert old in data
    file.unlink()  # not through the link: other runs share the copy of a case
    file.write_bytes(data.replace(old, new))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (RECORD, b'"holds"', b'"fails"'),
        (ASSESSMENT, b'"holds"', b'"fails"'),
        (ABOUT, b'"C1":"holds"', b'"C1":"fails"'),
        ("case/case.yaml", b"60 ships", b"95 ships"),
    ],
)
def test_a_run_of_which_a_file_was_edited_is_listed_as_damaged(case: Case, name: str, old: bytes, new: bytes) -> None:
    run, other = stored(case), stored(case, seed=2)
    flip(run.path / name, old, new)
    said = done("runs").stdout
    assert f"damaged or from another version: {name}" in row_of(said, run.name)
    assert "damaged" not in row_of(said, other.name)
    errors = {item["name"]: item.get("error", "") for item in json.loads(done("runs", "--json").stdout)}
    assert errors == {run.name: f"the stored run {run.name} is damaged: {name}", other.name: ""}
    refused = tocsin("verify", run.name)
    assert refused.exit_code == 2 and "is damaged" in refused.stderr


def test_a_run_without_its_record_is_damaged_for_show_and_compare_alike(case: Case) -> None:
    run = stored(case)
    (run.path / RECORD).unlink()
    assert row_of(done("runs").stdout, run.name).endswith(RECORD)
    for command in (("show", "--run", run.name), ("compare", run.name, case.folder)):
        refused = tocsin(*command)
        assert refused.exit_code == 2 and f"the stored run {run.name} is damaged" in refused.stderr


def test_a_run_with_a_variant_is_listed_with_its_name(tmp_path: Path) -> None:
    block = "variants:\n  full: {set: {ships.waiting: 95 ships}, why: another count}\nclaims:\n"
    case = write_facts_only(tmp_path / "case", replace={"claims:\n": block})
    done("assess", case, "--brief", tmp_path / "a.html", "--variant", "full", "--note", "busy")
    assert row_of(done("runs").stdout, "op-ed@").endswith("with full; ships.waiting=95 ships; busy")
    (data,) = json.loads(done("runs", "--json").stdout)
    assert data["variants"] == ["full"]
    done("assess", case, "--brief", tmp_path / "a.html")
    assert (
        "ships.waiting value: 95.0 ships -> 60 ships (by --variant full)" in done("diff", "latest~1", "latest").stdout
    )


def test_draws_are_those_drawn_not_those_requested(tmp_path: Path) -> None:
    run = stored(with_estimates(tmp_path / "case"), draws=512)
    assert run.about.drawn > 512
    assert f" {run.about.drawn:,} " in row_of(done("runs").stdout, run.name)
    facts = stored(facts_only(tmp_path / "b"))
    assert done("verify", facts.name).stdout.startswith(f"{facts.name} of {facts.days[0]}: seed 1, nothing is drawn\n")


def test_the_language_of_the_program_reaches_the_list(case: Case) -> None:
    stored(case)
    for words in (("runs",), ("runs", "list"), ("runs", "op-ed")):
        assert done("--lang", "ko", *words).stdout == done("runs", "--lang", "ko").stdout != done("runs").stdout


@pytest.mark.parametrize(
    "command", [("runs",), ("show",), ("diff", "latest", "latest~1"), ("runs", "prune", "--keep", "1")]
)
def test_a_store_that_cannot_be_read_is_not_an_empty_one(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / RUNS).write_text("")
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path))
    refused = tocsin(*command)
    assert refused.exit_code == 2
    assert "cannot read the stored runs" in refused.stderr and "TOCSIN_HOME" in refused.stderr
    assert str(tmp_path / RUNS) in refused.stderr


def test_an_empty_store_says_what_to_do_next() -> None:
    assert done("runs").stdout == f"No run is stored in {folder()}. Next: `tocsin assess CASE`\n"
    assert json.loads(done("runs", "--json").stdout) == []
    assert not folder().joinpath(RUNS).exists()


def test_assess_stores_a_note_and_the_command_replaces_it(tmp_path: Path) -> None:
    case = write_facts_only(tmp_path / "case")
    done("assess", case, "--brief", tmp_path / "b.html", "--note", "first")
    assert row_of(done("runs").stdout, "op-ed@").endswith("first")
    assert done("runs", "note", "latest", "second").stdout.endswith(": second\n")
    assert row_of(done("runs").stdout, "op-ed@").endswith("second")
    assert done("runs", "note", "latest", "").stdout.endswith(": no note\n")
    long = tocsin("assess", case, "--note", "x" * 1001)
    assert long.exit_code == 2 and "at most 1000" in long.stderr


def test_show_and_export_take_a_stored_run_after_its_case_has_changed(tmp_path: Path) -> None:
    case = write_facts_only(tmp_path / "case")
    done("assess", case, "--brief", tmp_path / "b.html", "--set", "ships.waiting=95 ships")
    done("export", "latest", "--to", "csv", "-o", tmp_path / "before.zip")
    write_facts_only(tmp_path / "case", replace={"60 ships": "61 ships"})
    done("assess", case, "--brief", tmp_path / "b.html")
    assert "  C2    holds" in done("show", "--run", "op-ed@latest~1").stdout
    assert "  C2    partly" in done("show", "--run", "latest").stdout
    done("export", "latest~1", "--to", "csv", "-o", tmp_path / "after.zip")
    assert (tmp_path / "after.zip").read_bytes() == (tmp_path / "before.zip").read_bytes()
    two = tocsin("show", "--run", "latest", "--case", "op-ed")
    assert two.exit_code == 2 and "--case and --run name 2 runs" in two.stderr


# --- pruning -----------------------------------------------------------------------------------------------------------


def numbered(case: Case, ages: list[int]) -> list[StoredRun]:
    return [aged(stored(case, seed=seed), age) for seed, age in enumerate(ages, start=1)]


def test_a_run_goes_if_it_is_old_and_not_among_the_newest(case: Case) -> None:
    runs = numbered(case, [1, 5, 10, 100, 200])
    gone = prune(None, older_than=timedelta(days=7), keep=4)
    assert [run.path for run in gone.runs] == [runs[4].path]
    assert prune(None, older_than=timedelta(days=500), keep=None).runs == ()
    assert [run.path for run in prune(None, older_than=timedelta(days=7), keep=None).runs] == [
        runs[2].path,
        runs[3].path,
    ]
    assert [run.path for run in prune(None, older_than=None, keep=1).runs] == [runs[1].path]
    assert [run.path for run in stored_runs()] == [runs[0].path]


def test_the_latest_of_each_case_and_runs_with_a_note_stay(case: Case, tmp_path: Path) -> None:
    numbered(case, [100, 200, 300])
    other = aged(stored(facts_only(tmp_path / "b", replace={"id: op-ed": "id: harbour"})), 900)
    noted = aged(stored(case, seed=9, note="keep me"), 800)
    gone = prune(None, older_than=timedelta(0), keep=None)
    assert (len(gone.runs), gone.noted) == (2, 1)
    assert {run.path for run in stored_runs()} >= {other.path, noted.path}
    gone = prune(None, older_than=timedelta(0), keep=None, with_notes=True)
    assert [run.path for run in gone.runs] == [noted.path]
    assert len(stored_runs()) == 2


def test_pruning_one_case_leaves_the_others(case: Case, tmp_path: Path) -> None:
    numbered(case, [1, 2])
    numbered(facts_only(tmp_path / "b", replace={"id: op-ed": "id: harbour"}), [1, 2])
    done("runs", "prune", "op-ed", "--keep", "1")
    assert [len(stored_runs(name)) for name in ("op-ed", "harbour")] == [1, 2]


def test_files_that_no_run_uses_go_and_those_in_use_stay(case: Case, tmp_path: Path) -> None:
    aged(stored(case), 10)
    edited = stored(facts_only(tmp_path / "b", replace={"60 ships": "61 ships"}))
    assert len(list((folder() / BLOBS).iterdir())) == 2
    before = prune("op-ed", older_than=None, keep=1, dry_run=True)
    gone = prune("op-ed", older_than=None, keep=1)
    assert gone.freed == before.freed > len((edited.path / "case" / "case.yaml").read_bytes())
    assert len(list((folder() / BLOBS).iterdir())) == 1
    assert edited.load_case().sha256 == edited.about.origin.sha256
    assert edited.record.claims


def test_a_damaged_run_is_not_among_the_newest_that_stay(case: Case) -> None:
    (run,) = numbered(case, [3])
    assert prune(None, older_than=None, keep=1).runs == ()
    (run.path / RECORD).write_bytes(b"{")
    assert prune(None, older_than=timedelta(days=5), keep=None).runs == ()
    assert [gone.path for gone in prune(None, older_than=None, keep=1).runs] == [run.path]
    assert stored_runs() == ()


def test_a_run_that_another_version_stored_stays_as_the_latest(case: Case) -> None:
    (run,) = numbered(case, [3])
    text = (run.path / ABOUT).read_text(encoding="utf-8")
    version = run.about.origin.versions["tocsin"]
    (run.path / ABOUT).write_text(text.replace(f'"tocsin":"{version}"', '"tocsin":"99.1"'), encoding="utf-8")
    assert prune(None, older_than=None, keep=1).runs == ()


def test_one_run_is_removed_with_the_files_that_no_other_uses(case: Case, tmp_path: Path) -> None:
    run = stored(case, note="with a note")
    other = stored(facts_only(tmp_path / "b", replace={"60 ships": "61 ships"}))
    remove(run)
    assert stored_runs() == (other,) and len(list((folder() / BLOBS).iterdir())) == 1
    with pytest.raises(InputError, match="no longer stored"):
        remove(run)


def test_a_note_is_said_in_the_language_of_the_reader(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    run = stored(case)
    monkeypatch.setattr("tocsin.translation.translator.catalogue", lambda _language: Marked())
    assert done("runs", "note", "latest", "a try", "--lang", "ja").stdout == f"⟦{run.name}: a try⟧\n"
    assert done("runs", "note", "latest", "", "--lang", "ja").stdout == f"⟦{run.name}: ⟦no note⟧⟧\n"


def test_a_dry_run_says_the_same_and_removes_nothing(case: Case) -> None:
    runs = numbered(case, [1, 50, 99])
    before = sorted(folder().rglob("*"))
    said = done("runs", "prune", "--older-than", "90d", "--dry-run").stdout
    assert said.startswith(f"would remove {runs[2].name} (")
    assert "would remove 1 run, " in said
    assert done("runs", "prune", "--older-than", "90d", "--dry-run", "--lang", "ko").exit_code == 0
    assert sorted(folder().rglob("*")) == before
    assert done("runs", "prune", "--older-than", "90d").stdout.startswith(f"removed {runs[2].name} (")
    assert len(stored_runs()) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "nothing says which runs may go"),
        (("--keep", "0"), "--keep 0 is below 1"),
        (("--older-than", "soon"), "cannot read --older-than 'soon'"),
        (("--older-than", "-5d"), "cannot read --older-than '-5d'"),
        (("--older-than", "90"), "cannot read --older-than '90'"),
        (("nobody", "--keep", "1"), "no case at 'nobody'"),
    ],
)
def test_a_bad_request_to_prune_removes_nothing(case: Case, options: tuple[str, ...], message: str) -> None:
    numbered(case, [1, 50])
    refused = tocsin("runs", "prune", *options)
    assert refused.exit_code == 2 and message in refused.stderr
    assert len(stored_runs()) == 2


def test_ages_beyond_the_calendar_are_refused(case: Case) -> None:
    stored(case)
    refused = tocsin("runs", "prune", "--older-than", "99999y")
    assert refused.exit_code == 2 and "remedy" in refused.stderr


def test_a_negative_age_is_refused() -> None:
    with pytest.raises(InputError, match="negative"):
        prune(None, older_than=timedelta(days=-1), keep=None)


@pytest.mark.parametrize("command", ["runs", "diff", "verify"])
def test_the_help_has_examples(command: str) -> None:
    text = done(command, "--help").stdout
    assert f"tocsin {command} " in text.replace("\n", " ")
    assert "RUN" in text
