"""The store of runs: each run once, whole or not at all, whatever other processes do at the same time."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.export.support import done
from tests.facts_only import facts_only, write_facts_only
from tests.runs.support import new_run, stored
from tests.support import seeded

from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.run import assess
from tocsin.assessment.stored import from_json
from tocsin.case import Case, load
from tocsin.data.shipped import shipped_cases
from tocsin.errors import InputError
from tocsin.files import PREFIX
from tocsin.runs import store as store_module
from tocsin.runs.copies import copy_case, remove_unused
from tocsin.runs.places import BLOBS, RUNS, folder
from tocsin.runs.pruning import prune
from tocsin.runs.store import (
    ABOUT,
    ASSESSMENT,
    NOTE,
    RAN,
    RECORD,
    NewRun,
    StoredRun,
    add_part,
    set_note,
    store_run,
    stored_runs,
)

linux = pytest.mark.skipif(sys.platform != "linux", reason="signals and hard links of Linux")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return facts_only(tmp_path / "case")


def test_a_stored_run_gives_back_its_result_and_its_case_after_the_folder_is_gone(case: Case, tmp_path: Path) -> None:
    run = stored(case, settings={"ships.waiting": "95 ships"}, note="a try")
    (tmp_path / "case" / "case.yaml").unlink()
    again = StoredRun(run.path)
    expected = assess(case, settings={"ships.waiting": "95 ships"})
    loaded = again.load_case()
    assert loaded.sha256 == case.sha256
    text = again.part(ASSESSMENT)
    assert text is not None
    assert from_json(text, loaded).claims == expected.claims
    assert again.record.claims == AssessmentRecord.of(expected).claims
    assert again.about.origin.settings == {"ships.waiting": "95 ships"}
    assert again.about.verdicts["C2"] == "holds"
    assert again.note == "a try"


def test_a_run_of_the_present_case_needs_no_stored_copy(case: Case, tmp_path: Path) -> None:
    run = stored(case, settings={"ships.waiting": "95 ships"})
    edited = facts_only(tmp_path / "edited", replace={"60 ships": "70 ships"})
    assert run.load_case(edited).facts["boxes.2023"] == case.facts["boxes.2023"]
    assert run.load_case(edited).sha256 == case.sha256 != edited.sha256
    (run.path / "case" / "case.yaml").unlink()
    again = run.load_case(case)
    assert str(again.values["ships.waiting"]) == "95.0 ships"
    with pytest.raises(InputError):
        run.load_case(edited)


def test_the_same_run_is_stored_once_and_any_change_of_what_makes_it_is_another_run(case: Case, tmp_path: Path) -> None:
    first = stored(case)
    assert stored(case).path == first.path
    others = [
        stored(case, seed=2),
        stored(case, draws=512),
        stored(case, settings={"ships.waiting": "95 ships"}),
        stored(facts_only(tmp_path / "other", replace={"60 ships": "61 ships"})),
        stored(facts_only(tmp_path / "text", replace={"nobody has asked": "nobody asked"})),
    ]
    assert len({first.path, *(run.path for run in others)}) == 6
    assert len(stored_runs("op-ed")) == len(stored_runs()) == 6


def test_translations_and_the_place_of_the_folder_are_not_part_of_what_makes_a_run(case: Case, tmp_path: Path) -> None:
    first = stored(case)
    moved = write_facts_only(tmp_path / "moved")
    (moved / "texts").mkdir()
    (moved / "texts" / "ko.po").write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    copy = copy_case(load(moved))
    assert "texts/ko.po" in copy.files
    assert stored(load(moved)).path == first.path


def test_another_program_makes_another_run(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    first = stored(case)
    monkeypatch.setattr("tocsin.runs.about.code_hash", lambda: "0" * 64)
    assert stored(case).path != first.path


def test_a_repeated_run_adds_its_day_and_becomes_the_latest(case: Case) -> None:
    first = stored(case)
    (moment,) = (first.path / RAN).iterdir()
    moment.rename(moment.with_name("2020-01-02T030405.000006Z"))
    second = stored(case, seed=2)
    assert [run.path for run in stored_runs()] == [second.path, first.path]
    again = stored(case)
    assert [run.path for run in stored_runs()] == [first.path, second.path]
    assert str(again.days[0]) == "2020-01-02"
    assert len(again.days) == 2
    stored(case)
    assert len(StoredRun(first.path).moments) == 2  # one for each day


def test_a_repeated_run_knows_the_brief_and_the_folder_of_the_last_time(case: Case, tmp_path: Path) -> None:
    for name in ("one", "other"):
        moved = write_facts_only(tmp_path / name)
        done("assess", moved, "--brief", tmp_path / f"{name}.html")
    (run,) = stored_runs()
    assert (run.brief, run.folder) == (str(tmp_path / "other.html"), str(tmp_path / "other"))
    assert f"open {tmp_path / 'other.html'}" in done().stdout.replace("\n  ", "")
    (run.path / RAN / run.last).write_bytes(b"[]")
    assert (StoredRun(run.path).brief, StoredRun(run.path).folder) == ("", "")


def test_runs_of_one_case_share_the_files_of_the_case(case: Case) -> None:
    runs = [stored(case, seed=seed) for seed in range(5)]
    files = [run.path / "case" / "case.yaml" for run in runs]
    assert len({file.stat().st_ino for file in files}) == 1
    assert len(list((folder() / BLOBS).iterdir())) == 1
    assert remove_unused() == 0


def test_a_file_system_without_hard_links_stores_copies(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    run = stored(case)
    assert run.load_case().sha256 == case.sha256
    assert remove_unused() > 0
    assert run.load_case().sha256 == case.sha256


@pytest.mark.parametrize("name", sorted(shipped_cases()))
def test_the_copy_of_a_shipped_case_loads_as_the_case(name: str, tmp_path: Path) -> None:
    case = load(name)
    copy = copy_case(case)
    for file, data in copy.files.items():
        target = tmp_path / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    assert load(tmp_path / copy.main).sha256 == case.sha256


def test_a_case_that_changes_while_it_is_loaded_is_refused(case: Case) -> None:
    with (case.folder / "case.yaml").open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    with pytest.raises(InputError, match="it changed while the case was loaded"):
        copy_case(case)


# --- notes and parts -------------------------------------------------------------------------------------------------


def test_a_part_is_added_replaced_and_read(case: Case) -> None:
    run = stored(case)
    assert run.part("challenge.json") is None
    add_part(run, "challenge.json", b"[1]")
    add_part(run, "challenge.json", b"[2]")
    assert StoredRun(run.path).part("challenge.json") == b"[2]"
    assert stored(case).part("challenge.json") == b"[2]"  # a repetition loses nothing


@pytest.mark.parametrize("name", ["../x", "record.json", "assessment.json", "", ".hidden", "A.json", "a/b", "x" * 101])
def test_a_part_with_a_bad_name_is_refused(case: Case, name: str) -> None:
    run = stored(case)
    before = sorted(run.path.rglob("*"))
    with pytest.raises(InputError, match="cannot be called"):
        add_part(run, name, b"")
    assert sorted(run.path.rglob("*")) == before


def test_a_note_is_set_replaced_and_removed(case: Case) -> None:
    run = stored(case, note="one")
    assert stored(case).note == "one"
    assert stored(case, note="two\nlines").note == "two lines"
    set_note(run, "")
    assert run.note == "" and not (run.path / NOTE).exists()
    with pytest.raises(InputError, match="at most 1000"):
        set_note(run, "x" * 1001)


def test_nothing_is_added_to_a_run_that_has_gone(case: Case) -> None:
    run = stored(case)
    run.path.rename(run.path.with_name("elsewhere"))
    with pytest.raises(InputError, match="no longer stored"):
        add_part(run, "a.json", b"")
    with pytest.raises(InputError, match="no longer stored"):
        set_note(run, "a")
    assert not run.path.exists()


# --- damage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [b"", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"format": "tocsin-run/2"}'])
def test_a_damaged_run_is_named_and_stays_in_the_list(case: Case, text: bytes) -> None:
    run, other = stored(case), stored(case, seed=2)
    (run.path / ABOUT).write_bytes(text)
    assert {listed.path for listed in stored_runs()} == {run.path, other.path}
    with pytest.raises(InputError, match=f"{run.name} is damaged"):
        _ = StoredRun(run.path).about
    assert (run.path / ABOUT).read_bytes() == text


def test_a_run_of_another_version_is_named_with_both_versions(case: Case) -> None:
    run = stored(case)
    text = (run.path / ABOUT).read_text(encoding="utf-8")
    version = run.about.origin.versions["tocsin"]
    (run.path / ABOUT).write_text(
        text.replace(f'"tocsin":"{version}"', '"tocsin":"99.1"').replace("tocsin-run/1", "tocsin-run/7"),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=f"tocsin 99.1 stored the run .*this version, {version}, cannot read it"):
        _ = StoredRun(run.path).about


def test_a_changed_result_or_case_is_damage(case: Case) -> None:
    run = stored(case)
    record = (run.path / RECORD).read_bytes()
    (run.path / RECORD).write_bytes(record.replace(b'"holds"', b'"fails"'))
    assert run.part(RECORD) is None
    with pytest.raises(InputError, match="is damaged"):
        _ = run.record
    (run.path / "case" / "case.yaml").unlink()
    with pytest.raises(InputError, match=r"the stored copy of case\.yaml is damaged"):
        run.load_case()
    (run.path / ABOUT).write_bytes((run.path / ABOUT).read_bytes().replace(b'"seed":1', b'"seed":3'))
    with pytest.raises(InputError, match="is damaged"):
        _ = StoredRun(run.path).about


@pytest.mark.parametrize("file", [ABOUT, RECORD, ASSESSMENT])
def test_a_damaged_run_is_whole_again_after_the_case_is_run_again(case: Case, file: str) -> None:
    run = stored(case, note="a note")
    add_part(run, "challenge.json", b"[1]")
    (moment,) = (run.path / RAN).iterdir()
    moment.rename(moment.with_name("2020-01-02T030405.000006Z"))
    (run.path / file).write_bytes(b"{}")
    again = stored(case)
    assert again.path == run.path
    assert again.record.claims and again.part(ASSESSMENT) != b"{}"
    assert (again.note, again.part("challenge.json"), str(again.days[0])) == ("a note", b"[1]", "2020-01-02")
    assert len(again.days) == 2 and leftovers() == []


def test_a_copy_outside_the_folder_of_the_run_is_not_read(case: Case, tmp_path: Path) -> None:
    run = stored(case)
    (tmp_path / "outside.yaml").write_bytes((run.path / "case" / "case.yaml").read_bytes())
    outside = os.path.relpath(tmp_path / "outside.yaml", run.path / "case")
    text = (run.path / ABOUT).read_text(encoding="utf-8").replace('"case.yaml"', json.dumps(outside))
    (run.path / ABOUT).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="is damaged"):
        StoredRun(run.path).load_case()


# --- several processes, kills, a full disk ---------------------------------------------------------------------------

SIZE = 1_000_000
WRITER = """
import sys
from pathlib import Path
from tests.facts_only import facts_only
from tests.runs.support import stored
from tocsin.runs import about
about.code_hash = lambda: "0" * 64  # most of the time is then spent writing
case = facts_only(Path(sys.argv[1]))
print("ready", flush=True)
for seed in range(int(sys.argv[2]), int(sys.argv[3])):
    stored(case, seed=seed, worlds=bytes(int(sys.argv[4])))
"""


def writer(tmp_path: Path, first: int, last: int) -> subprocess.Popen[str]:
    """Start a process that stores a run for each seed from `first` up to `last`; return once it begins."""
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "src")])}
    command = [sys.executable, "-c", WRITER, str(tmp_path / f"case{first}"), str(first), str(last), str(SIZE)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def leftovers() -> list[Path]:
    return list(folder().rglob(f"{PREFIX}*"))


@linux
@pytest.mark.slow
def test_processes_that_store_runs_at_once_lose_nothing(tmp_path: Path) -> None:
    spans = ((0, 30), (20, 50), (0, 50))  # most runs are stored by two of them
    processes = [writer(tmp_path, *span) for span in spans]
    for process in processes:
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
    assert sorted(run.about.origin.seed for run in stored_runs()) == list(range(50))
    assert all(run.record and run.load_case() for run in stored_runs()[:5])
    assert all(run.part("worlds.parquet") == bytes(SIZE) for run in stored_runs())
    assert len(list((folder() / BLOBS).iterdir())) == 1
    assert leftovers() == []


@linux
@pytest.mark.slow
def test_pruning_while_runs_are_stored_removes_only_whole_runs_and_never_the_latest(tmp_path: Path) -> None:
    process, pruned = writer(tmp_path, 0, 60), 0
    while process.poll() is None:
        pruned += len(prune(None, older_than=None, keep=3).runs)
    assert (process.communicate()[1], process.returncode) == ("", 0)
    runs = stored_runs()
    assert runs[0].about.origin.seed == 59
    assert pruned > 10 and len(runs) + pruned == 60
    assert all(run.record and run.load_case() for run in runs)
    assert len(list((folder() / BLOBS).iterdir())) == 1 and leftovers() == []


@linux
@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_whole_runs_and_what_it_left_is_removed_later(case: Case, tmp_path: Path) -> None:
    generator, before, cut = random.Random(seeded(31)), 0, 0
    for round_ in range(10):
        process = writer(tmp_path, round_ * 1000, round_ * 1000 + 999)
        time.sleep(generator.uniform(0.0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        runs = stored_runs()
        assert len(runs) >= before
        for run in runs:
            assert run.about and run.record and run.part("worlds.parquet") == bytes(SIZE) and run.moments
        before, cut = len(runs), cut + bool(leftovers())
    assert cut, "no kill met a write"
    for path in leftovers():
        os.utime(path, (0, 0))
    stored(case, seed=77)
    assert leftovers() == []
    assert len(stored_runs()) == before + 1


def results() -> set[Path]:
    """Return all files below the folders of runs."""
    return {path for path in (folder() / RUNS).rglob("*") if path.is_file()}


@pytest.mark.parametrize("at", range(8))
def test_a_full_disk_is_one_message_and_leaves_the_other_runs(
    case: Case, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    first = stored(case)
    left, usual = [at], Path.write_bytes

    def write(path: Path, data: bytes) -> int:
        left[0] -= 1
        if left[0] < 0:
            usual(path, data[: len(data) // 2])
            raise OSError(28, "No space left on device", str(path))
        return usual(path, data)

    record = AssessmentRecord.of(assess(case, seed=2))
    monkeypatch.setattr(Path, "write_bytes", write)
    before = results()
    new = replace(new_run(record), parts={ASSESSMENT: b"{}", "worlds.parquet": b"1234"})
    try:
        store_run(new)
    except InputError as error:
        assert "No space left" in str(error) and "remedy" in str(error)
        assert results() == before and leftovers() == []
    else:
        assert left[0] >= 0
    assert StoredRun(first.path).record.claims


def test_a_run_that_another_process_stores_meanwhile_is_no_error(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = store_module._stamp

    def slow(path: Path, new: NewRun) -> None:
        monkeypatch.setattr(store_module, "_stamp", usual)
        stored(case)  # the other process
        usual(path, new)

    monkeypatch.setattr(store_module, "_stamp", slow)
    assert stored(case).record
    assert len(stored_runs()) == 1 and leftovers() == []


def test_an_empty_store_has_no_runs() -> None:
    assert stored_runs() == () and not (folder() / RUNS).exists()
