"""Opening files: what is no regular file or too large is refused at once, by every command that reads files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tocsin.errors import InputError
from tocsin.reading import check_file, read_bytes
from tocsin.reading.frames import read_table_file

COMMANDS = (
    ("lint", "{}"),
    ("assess", "{}"),
    ("show", "--from", "{}"),
    ("solve", "{}"),
    ("draw", "{}"),
    ("evidence", "fit", "{}", "--data", "good.csv"),
    ("evidence", "fit", "good.yaml", "--data", "{}"),
    ("evidence", "fit", "good.yaml", "--data", "good.csv", "--against", "{}"),
    ("rhetoric", "code", "{}"),
    ("rhetoric", "series", "{}"),
    ("rhetoric", "agree", "{}", "{}"),
    ("rhetoric", "account", "--events", "{}"),
    ("rhetoric", "add", "{}.csv"),
    ("rhetoric", "add", "{}.html"),
    ("rhetoric", "add", "{}.xml"),
    ("rhetoric", "add", "{}.json"),
    ("rhetoric", "add", "{}.jsonl"),
    ("rhetoric", "add", "{}.parquet"),
    ("evidence", "fit", "good.yaml", "--data", "{}.parquet"),
    ("evidence", "fit", "good.yaml", "--data", "{}.xlsx"),
    ("evidence", "fit", "good.yaml", "--data", "{}.dta"),
)
ENDINGS = (".csv", ".html", ".xml", ".json", ".jsonl", ".parquet", ".xlsx", ".dta")
RUN = """
import resource, sys, traceback
from click.testing import CliRunner
from tocsin.cli import main
resource.setrlimit(resource.RLIMIT_DATA, (4 * 2**30, 4 * 2**30))
for line in sys.stdin:
    result = CliRunner().invoke(main, line.split())
    print(result.exit_code, "|", " ".join(result.output.split()))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        print("TRACEBACK", line, result.exception)
"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names exist only on Unix")
def test_no_command_waits_for_or_reads_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("o,x\n" + "1,0\n3,1\n4,2\n" * 9)
    (tmp_path / "good.yaml").write_text(
        "game: 12\nlink: probit\nerrors: agent\noutcome: o\nutilities: ['0','0','1','x']\n"
    )
    for ending in ("", *ENDINGS):
        os.mkfifo(tmp_path / f"pipe{ending}")
        (tmp_path / f"device{ending}").symlink_to("/dev/zero")
        (tmp_path / f"folder{ending}").mkdir()
    lines = [
        " ".join(part.format(kind) for part in command) for kind in ("pipe", "device", "folder") for command in COMMANDS
    ]
    lines = [line for line in lines if line not in ("lint folder", "assess folder")]  # a folder may be a case
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input="\n".join(lines),
        cwd=tmp_path,
        env=os.environ | {"TOCSIN_HOME": str(tmp_path), "TOCSIN_ARCHIVE": str(tmp_path / "a.db")},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answers = done.stdout.splitlines()
    assert len(answers) == len(lines)
    for line, answer in zip(lines, answers, strict=True):
        assert answer.startswith("2 |"), (line, answer)
        assert any(word in answer for word in ("not a regular file", "no readable file", "no case")), (line, answer)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("wb") as stream:
        stream.truncate(10**12)
    with pytest.raises(InputError, match=r"large\.csv: larger than 2 MB"):
        read_bytes(file, str(file))
    with pytest.raises(InputError, match=r"larger than 100 bytes"):
        check_file(file, str(file), 100)
    with pytest.raises(InputError, match=r"larger than 256 MB"):
        read_table_file(file)
    for ending, size in ((".parquet", "1,000 MB"), (".dta", "256 MB"), (".xlsx", "64 MB")):
        with pytest.raises(InputError, match=f"larger than {size}"):
            read_table_file(file.rename(file.with_suffix(ending)))
        file = file.with_suffix(ending)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read: No such file"):
        read_bytes(tmp_path / "none", "none")
    with pytest.raises(InputError, match=r"cannot read: .*embedded null"):
        read_bytes(tmp_path / "a\0b", "x")
