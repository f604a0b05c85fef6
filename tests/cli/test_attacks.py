"""Kills, interrupts and a full disk: nothing is lost, nothing is half-written, and every command says what happened."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.data.test_fetch import indicator
from tests.facts_only import write_facts_only
from tests.support import seeded, write_case

from tocsin import files
from tocsin.cli import main
from tocsin.rhetoric.archive import open_archive

linux = pytest.mark.skipif(sys.platform != "linux", reason="signals, /proc and tmpfs of Linux")
GAME = """EFG 2 R "entry" { "entrant" "incumbent" }
p "" 1 1 "market" { "out" "in" } 0
t "" 1 "" { 0 2 }
p "" 2 1 "" { "accept" "fight" } 0
t "" 2 "" { 1 1 }
t "" 3 "" { -1 -1 }
"""
STATEMENT = {
    "title": "A statement",
    "date": "2020-01-02",
    "text": "words " * 100,
    "outlet": "kcna",
    "language": "en",
}


# --- kills and interrupts of a run ---------------------------------------------------------------------------------


def started(folder: Path, seed: int) -> subprocess.Popen[str]:
    """Start a run of the small case; return when it has loaded its libraries."""
    command = [sys.executable, "-m", "tocsin", "assess", "case", "--draws", "32", "--seed", str(seed)]
    environment = {**os.environ, "TOCSIN_HOME": str(folder / "home")}
    run = subprocess.Popen(
        [*command, "--brief", "page.html", "--json", "out.json"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while run.poll() is None and "numpy" not in Path(f"/proc/{run.pid}/maps").read_text():
        time.sleep(0.02)
    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_case(tmp_path / "case")
    return tmp_path


def seconds(folder: Path) -> float:
    """Run the case once, and return how long it takes after its libraries are loaded."""
    run = started(folder, 1)
    began = time.monotonic()
    _, err = run.communicate(timeout=120)
    assert run.returncode == 0 and all(line.startswith("notice: ") for line in err.splitlines())
    return time.monotonic() - began


def seed_of(text: str) -> int:
    """Return the seed of a whole JSON file."""
    return int(json.loads(text)["run"]["seed"])


def assert_whole(folder: Path, before: int, seed: int) -> None:
    """Check that the outputs are whole, of the run with the seed `before` or of the last one."""
    assert seed_of((folder / "out.json").read_text()) in (before, seed)
    assert (folder / "page.html").read_text().rstrip().endswith("</html>")
    runs = [path.parent for path in (folder / "home" / "runs").glob("minimal/*/about.json")]
    assert runs and all(json.loads((path / "record.json").read_text())["claims"] for path in runs)


@linux
@pytest.mark.slow
def test_a_killed_run_leaves_old_or_new_files_and_nothing_else(folder: Path) -> None:
    takes, generator, killed = seconds(folder), random.Random(seeded(12)), 0
    for seed in range(2, 14):
        before = seed_of((folder / "out.json").read_text())
        run = started(folder, seed)
        # half of the kills come near the end, when files are written
        time.sleep(generator.uniform(0, takes) if seed % 2 else generator.uniform(0.8, 1.0) * takes)
        killed += run.poll() is None
        run.kill()
        run.communicate()
        assert_whole(folder, before, seed)
    assert killed >= 6
    left = [path for path in folder.rglob(f"{files.PREFIX}*") if path.is_file()]
    for path in left:
        os.utime(path, (0, 0))
    seconds(folder)
    assert [path for path in folder.rglob("*") if path.name.startswith(files.PREFIX)] == []
    assert sorted(path.name for path in folder.iterdir()) == ["case", "home", "out.json", "page.html"]


@linux
@pytest.mark.slow
def test_an_interrupt_at_any_moment_ends_a_run_soon_in_one_line(folder: Path) -> None:
    takes, generator, interrupted = seconds(folder), random.Random(seeded(17)), 0
    before = 1
    for seed in range(2, 19):
        run = started(folder, seed)
        time.sleep(generator.uniform(0, 0.8 * takes))
        run.send_signal(signal.SIGINT)
        began = time.monotonic()
        out, err = run.communicate(timeout=60)
        if run.returncode == 0 or "brief: page.html" in out:  # it had done its work
            before = seed
            continue
        interrupted += 1
        assert time.monotonic() - began < 5
        # `python -m` ends by the signal if the interrupt meets the loading of modules; a shell reports 130 for both
        assert run.returncode in (130, -signal.SIGINT)
        assert (out, err) == ("", "tocsin: interrupted; no file is half-written\n")
        assert_whole(folder, before, seed)
        before = seed_of((folder / "out.json").read_text())
        assert [path for path in folder.rglob("*") if path.name.startswith(files.PREFIX)] == []
    assert interrupted >= 10


# --- a full disk ---------------------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 2 MB, on which nothing is free once it is filled with `fill`."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only the superuser of Linux may mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> None:
    """Write to a disk until it is full."""
    with (disk / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


WRITERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "assess": (("assess", "case", "--draws", "16", "--brief", "{disk}/page.html", "--json", "{disk}/out.json"), ("page.html", "out.json")),
    "draw": (("draw", "game.efg", "-o", "{disk}/tree.svg"), ("tree.svg",)),
    "solve": (
        ("solve", "game.efg", "--json", "{disk}/out.json", "--csv", "{disk}/b.csv", "--figure", "{disk}/b.svg"),
        ("out.json", "b.csv", "b.svg"),
    ),
    "new": (
        ("new", "{disk}/mine", "--title", "Why?", "--challenger", "AAA", "--target", "BBB", "--protector", "CCC"),
        (),
    ),
    "code": (("rhetoric", "code", "headlines.csv", "-o", "{disk}/codes.csv"), ("codes.csv",)),
    "add": (("rhetoric", "add", "statements.jsonl", "--yes", "--archive", "{disk}/a.db"), ()),
    "import": (("data", "import", "wb_ppp", "a.json"), ("wb_ppp.json",)),
    "fit": (
        ("evidence", "fit", "spec.yaml", "--data", "d.csv", "--json", "{disk}/fit.json", "--probabilities", "{disk}/p.csv"),
        ("fit.json", "p.csv"),
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("checked", [True, False], ids=["checked", "unchecked"])
@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_is_named_and_leaves_the_old_files(
    disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, checked: bool
) -> None:
    arguments, outputs = WRITERS[name]
    prepare(tmp_path, monkeypatch)
    monkeypatch.setenv("TOCSIN_DATA", str(disk))
    if not checked:  # the disk fills up after the space was checked
        monkeypatch.setattr(files, "MIN_FREE", 0)
    for output in outputs:
        (disk / output).write_text("old")
    fill(disk)
    before = {path: path.read_bytes() for path in disk.rglob("*") if path.is_file()}
    done = CliRunner().invoke(main, [argument.format(disk=disk) for argument in arguments])
    assert done.exit_code in (1, 2), (done.output, done.exception)
    assert re.search("cannot write|disk is full", done.stderr) and "a fault of Tocsin" not in done.stderr
    after = {path: path.read_bytes() for path in disk.rglob("*") if path.is_file()}
    assert {path: after.get(path) for path in before} == before
    assert sorted(path.name for path in after if path not in before) == []


def test_a_store_on_a_full_disk_leaves_the_result_of_a_run_and_the_runs_before(
    disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(disk))
    monkeypatch.chdir(tmp_path)
    write_facts_only(tmp_path / "case")
    assert CliRunner().invoke(main, ["assess", "case"]).exit_code == 0
    fill(disk)
    before = {path: path.read_bytes() for path in disk.rglob("*") if path.is_file()}
    done = CliRunner().invoke(main, ["assess", "case", "--seed", "2", "--brief", "other.html"])
    assert done.exit_code == 0 and "C1    holds" in done.stdout and (tmp_path / "other.html").exists()
    assert "the run is not stored" in done.stderr and "No space left on device" in done.stderr
    assert {path: path.read_bytes() for path in disk.rglob("*") if path.is_file()} == before
    assert CliRunner().invoke(main, ["show", "C1"]).exit_code == 0


@pytest.mark.slow
def test_an_archive_on_a_full_disk_keeps_its_statements(
    disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tmp_path, monkeypatch)
    file = disk / "a.db"
    add = ["rhetoric", "add", "--yes", "--archive", str(file)]
    assert CliRunner().invoke(main, [*add, "statements.jsonl"]).exit_code == 0
    fill(disk)
    rows = [{**STATEMENT, "title": f"Statement {number}", "text": f"{number} words " * 300} for number in range(200)]
    Path("more.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = CliRunner().invoke(main, [*add, "more.jsonl"])
    assert done.exit_code == 1 and "check disk space" in done.stderr
    (disk / "filler").unlink()
    with open_archive(file) as archive:
        assert [statement.title for statement in archive.statements()] == [STATEMENT["title"]]
    assert CliRunner().invoke(main, [*add, "more.jsonl"]).exit_code == 0
    with open_archive(file) as archive:
        assert len(list(archive.statements())) == 201


def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the inputs of every command to a folder with space, and change to it."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TOCSIN_HOME", str(folder / "home"))
    write_case(folder / "case")
    Path("game.efg").write_text(GAME)
    Path("headlines.csv").write_text("id,headline\n1,KCNA Commentary Denounces Japan\n")
    Path("statements.jsonl").write_text(json.dumps(STATEMENT) + "\n")
    Path("a.json").write_bytes(indicator())
    Path("spec.yaml").write_text("game: 12\nlink: probit\nerrors: agent\noutcome: o\nutilities: ['0', '0', '0', 'x']\n")
    rows = [f"{(1, 3, 4)[i % 3]},{(i * 7 % 11) / 10 - 0.5}" for i in range(60)]
    Path("d.csv").write_text("o,x\n" + "\n".join(rows) + "\n")
