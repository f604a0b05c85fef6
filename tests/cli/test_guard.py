"""The edges of every command: faults, interrupts, standard output, and text that would move the cursor."""

from __future__ import annotations

import gc
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support import write_case

from tocsin.cli import main
from tocsin.cli.guard import apart
from tocsin.errors import SolveError
from tocsin.tables import printable, text_table

posix = pytest.mark.skipif(os.name == "nt", reason="signals and devices of POSIX")
TOCSIN = [sys.executable, "-m", "tocsin"]


def test_a_fault_ends_in_one_line_that_says_where_the_details_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_language: str) -> str:
        raise ZeroDivisionError("first line\nsecond line")

    monkeypatch.setattr("tocsin.cli.last.welcome", broken)
    done = CliRunner().invoke(main, [])
    assert done.exit_code == 1
    (line,) = done.stderr.splitlines()
    assert "ZeroDivisionError: first line" in line and "report it" in line
    details = Path(re.search(r"details: (.*?)\)", line)[1])  # type: ignore[index]
    text = details.read_text(encoding="utf-8")
    details.unlink()
    assert "Traceback" in text and "second line" in text


@posix
@pytest.mark.parametrize("arguments", [["cases"], ["--version"], ["--help"], ["assess", "--help"]])
def test_a_full_standard_output_is_an_error_in_one_line(arguments: list[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*TOCSIN, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "tocsin: cannot write to standard output: No space left on device\n  remedy: check disk space\n"
    )


def test_a_narrow_standard_output_gets_escapes(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "case", replace={"Would a stronger Beta": "베타 Would a stronger Beta"})
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "TOCSIN_HOME": str(tmp_path / "home")}
    command = [*TOCSIN, "assess", str(folder), "--draws", "16", "--brief", str(tmp_path / "b.html")]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert b"\\ubca0\\ud0c0 Would" in done.stdout


@posix
def test_a_reader_that_closes_early_is_no_error() -> None:
    command = f"{sys.executable} -m tocsin schema | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("{\n", "")


@posix
def test_an_interrupt_that_a_callback_swallows_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted_in_callbacks(_language: str) -> str:
        left = [3]

        def swallow(phase: str, _info: dict[str, int]) -> None:
            if phase == "start" and left[0]:
                left[0] -= 1
                os.kill(os.getpid(), signal.SIGINT)

        gc.callbacks.append(swallow)
        try:
            gc.collect()
            time.sleep(30)
        finally:
            gc.callbacks.remove(swallow)
        return "ran on"

    monkeypatch.setattr("tocsin.cli.last.welcome", interrupted_in_callbacks)
    began = time.monotonic()
    done = CliRunner().invoke(main, [])
    assert done.exit_code == 130 and "interrupted" in done.stderr
    assert time.monotonic() - began < 10
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_computation_apart_gives_its_result_or_its_error() -> None:
    assert apart(lambda: 3) == 3
    with pytest.raises(SolveError, match="no solution"):
        apart(lambda: (_ for _ in ()).throw(SolveError("no solution")))


# --- terminal control ----------------------------------------------------------------------------------------------

FORGED = "Beta\x1b[2K\x1b[1A\n  C1    holds \u202edlrow\u2066 \x9b31m\u2028x"


def controls(text: str) -> list[str]:
    return [char for char in text if not char.isprintable() and char not in "\n\t"]


def test_no_control_character_of_a_case_reaches_the_terminal_or_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    forged = FORGED.encode("unicode_escape").decode().replace("\\x", "\\x")
    folder = write_case(
        tmp_path / "case",
        replace={
            "title: Would a stronger Beta deter Alpha from Gamma?": f'title: "{forged}"',
            "says: Beta enacted more than ten billion": f'says: "{forged}"',
            "{asks: Does Alpha fear Beta?": f'{{asks: "{forged}"',
        },
    )
    outputs = []
    for arguments in (["lint", str(folder)], ["assess", str(folder), "--draws", "16"], [], ["show"], ["show", "C3"]):
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.output
        outputs.append(done.stdout)
    assert [controls(output) for output in outputs] == [[]] * 5
    forged_lines = [line for output in outputs for line in output.splitlines() if line.startswith("  C1    holds")]
    assert forged_lines == []
    page = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
    assert not set(page) & set("\x1b\x9b\u202e\u2066\u2028")


def test_errors_show_no_control_characters(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["lint", str(tmp_path / "a\x1b[31mb")])
    assert done.exit_code == 2 and controls(done.stderr) == []


def test_a_label_of_a_game_shows_no_control_characters(tmp_path: Path) -> None:
    game = tmp_path / "game.efg"
    game.write_text(
        'EFG 2 R "one\x1b[31m" { "Ann\x1b[1A" }\n'
        'p "" 1 1 "" { "left\u202e" "right" } 0\nt "" 1 "" { 1 }\nt "" 2 "" { 2 }\n',
        encoding="utf-8",
    )
    done = CliRunner().invoke(main, ["solve", str(game)])
    assert controls(done.stdout + done.stderr) == []


def test_a_cell_of_a_table_stays_on_one_line() -> None:
    assert len(text_table(("name", "value"), [("a\nb\x1b[2K", 1)]).splitlines()) == 3
    assert printable("a\nb\x00\u202ec", lines=True) == "a\nb  c"
    assert printable("한국어 日本語 Türkiye") == "한국어 日本語 Türkiye"


def test_every_command_prints_through_the_filter() -> None:
    folder = Path(main.__module__.replace(".", "/"))
    source = Path(__file__).resolve().parents[2] / "src" / folder.parent
    users = [
        file.name
        for file in source.glob("*.py")
        if re.search(r"click\.(echo|secho)\(|(?<![\w.])print\(", file.read_text())
    ]
    assert users == ["output.py"]
