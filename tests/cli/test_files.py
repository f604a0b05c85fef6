"""Files that `tocsin assess` writes or refuses to write, and the JSON of `tocsin lint`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.facts_only import write_facts_only
from tests.support import write_case

from tocsin.cli import main
from tocsin.errors import InputError
from tocsin.files import write_all


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_case(tmp_path / "case")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--brief", "case/case.yaml"), "also an input"),
        (("--json", "case/facts.csv"), "also an input"),
        (("--brief", "x.html", "--json", "./x.html"), "two outputs"),
        (("--brief", "case"), "is a folder"),
        (("--brief", "case/case.yaml/x.html"), "cannot write"),
        (("--json", "new/out.json", "--draws", "0"), "draws"),
        (("--set", "precision=3", "--set", "precision=4"), "two values"),
        (("--set", "precision=fast"), "precision"),
        (("--set", "regimes.BET.posture=free"), "restricted"),
        (("--draws", "many"), "many"),
    ],
)
def test_a_run_with_bad_options_is_refused_before_it_starts(folder: Path, options: tuple[str, ...], says: str) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")}
    done = run("assess", "case", *options)
    assert done.exit_code == 2, done.output
    assert says in done.stderr
    assert {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")} == before


def test_standard_output_is_only_json_if_requested(folder: Path) -> None:
    done = run("assess", "case", "--draws", "16", "--json", "-", "--brief", "made/here/b.html")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["format"] == "tocsin-assessment/1"
    assert (folder.parent / "made" / "here" / "b.html").is_file()
    assert not (folder.parent / "-").exists()


def test_quiet_prints_nothing(folder: Path) -> None:
    done = run("assess", "case", "--draws", "16", "--quiet")
    assert (done.exit_code, done.output) == (0, "")
    assert [path.name for path in folder.parent.iterdir() if path != folder] == ["minimal.html"]


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(InputError):
        write_all({tmp_path / "a.json": "{}", tmp_path / "taken": "page"})
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_error_names_the_file_and_no_temporary_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for target in (tmp_path / "file" / "inside.json", tmp_path / ("x" * 300)):
        with pytest.raises(InputError) as error:
            write_all({target: "{}"})
        assert error.value.file == str(target)


def test_lint_gives_errors_and_notices_as_json(folder: Path) -> None:
    assert json.loads(run("lint", "case", "--json").stdout)["errors"] == []
    (folder / "case.yaml").write_text("format: tocsin/1\nid: [", encoding="utf-8")
    done = run("lint", "case", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["errors"][0]["remedy"]


@pytest.mark.skipif(os.name == "nt", reason="signals are sent the POSIX way")
def test_an_interrupted_run_prints_one_line_and_writes_nothing(folder: Path) -> None:
    before = sorted(folder.parent.rglob("*"))
    # a test run in the background ignores interrupts, and its children would too
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    start = f"{heed}; import runpy; runpy.run_module('tocsin', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", start, "assess", "case", "--draws", "1000000", "--json", "out.json"]
    with subprocess.Popen(command, cwd=folder.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        time.sleep(4.0)
        run.send_signal(signal.SIGINT)
        try:
            out, err = run.communicate(timeout=60)
        finally:
            run.kill()
    assert run.returncode == 130
    assert (out, err) == ("", "tocsin: interrupted; no file is half-written\n")
    assert sorted(folder.parent.rglob("*")) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_the_result_is_stored_if_the_page_cannot_be_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(folder.parent / "home"))
    done = run("assess", "case", "--draws", "16", "--brief", "/dev/full")
    assert done.exit_code == 2
    assert "No space left" in done.stderr and "tocsin show" in done.stderr
    assert "\nBeta enacted more than ten billion" in run("show", "C3").stdout


def test_a_brief_that_is_gone_is_not_offered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(folder.parent / "home"))
    assert run("assess", "case", "--draws", "16", "--brief", "b.html").exit_code == 0
    assert "open " in run().stdout
    Path("b.html").unlink()
    assert "open " not in run().stdout and "b.html does not exist" in run().stdout


def test_a_run_that_cannot_be_stored_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HOME", "case/case.yaml")
    done = run("assess", "case", "--draws", "16")
    assert done.exit_code == 0
    assert "not stored" in done.stderr


def test_a_run_that_can_be_neither_stored_nor_written_is_still_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_facts_only(tmp_path / "case")
    (tmp_path / "home").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))

    def full(_files: object) -> None:
        raise InputError("cannot write: No space left on device", remedy="make space")

    monkeypatch.setattr("tocsin.files.write_all", full)
    done = run("assess", "case")
    assert done.exit_code == 2
    assert "the run is not stored" in done.output and "the result is stored" not in done.output
    assert "Trade has doubled in ten years" in done.output and "brief:" not in done.output
    assert "No space left on device" in done.output and "make space" in done.output


def test_a_run_that_is_stored_but_not_written_says_where_its_result_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_facts_only(tmp_path / "case")

    def full(_files: object) -> None:
        raise InputError("cannot write: No space left on device", remedy="make space")

    monkeypatch.setattr("tocsin.files.write_all", full)
    done = run("assess", "case")
    assert done.exit_code == 2 and "make space; the result is stored, see `tocsin show`" in done.output
    assert "Trade has doubled" in run("show", "C1").output
