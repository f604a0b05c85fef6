"""The commands behind the golden files. Their numbers must not change when the code is refactored."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner
from platformdirs import user_cache_path
from tests.machines import Setting

from tocsin.cli import main

ROOT = Path(__file__).resolve().parents[2]
INPUTS = Path(__file__).parent / "inputs"

SOLVE = {
    "solve-recursion.json": ["solve", "crisis.efg", "--lambda", "1.5", "--json"],
    "solve-branch.json": ["solve", "signal.efg", "--lambda", "0.5", "--lambda", "2", "--lambda", "8", "--json"],
    "solve-perfect.json": ["solve", "crisis.efg", "--method", "spe", "--json"],
}
FIT = {
    "fit-two-moves.json": ["evidence", "fit", "war.yaml", "--data", "war.csv", "--effect", "x", "--json"],
    "fit-signalling.json": ["evidence", "fit", "signalling.yaml", "--data", "signalling.csv", "--json"],
}
CODE = {"codes.csv": ["rhetoric", "code", "headlines.csv", "-o"]}
MEASURE = {
    "cinc.csv": ["measure", "cinc", "--states", "JPN,PRK", "--years", "2001:2002", "-o"],
    "alliances.csv": ["measure", "alliances", "--states", "USA,JPN,KOR,PRK", "--years", "2018", "-o"],
    "balance.csv": ["measure", "balance", "--states", "KOR+USA,PRK+CHN", "--years", "2010:2012", "-o"],
}
ARCHIVE = ("archive.csv", "archive.json")
"""Exports of an archive filled from `statements.csv`."""
EVIDENCE = {
    f"evidence-{name}.json": ["evidence", "show", name, "--json"]
    for name in ("alliances", "camps", "conquest", "contest", "deterrence", "turnover")
}
ASSESS_SMALL = {
    "assessment-small.json": ["assess", "small/case.yaml", "--draws", "64", "--seed", "1", "--quiet", "--json"],
}
ASSESS = {
    "assessment.json": [
        "assess",
        str(ROOT / "cases/japan-buildup"),
        "--draws",
        "256",
        "--seed",
        "1",
        "--quiet",
        "--json",
    ]
}


ASSESSED_AS = Setting("avx2", threads=1)
"""How cases are assessed: whether a game settles in a world depends on rounding, and so on the processor's instructions."""


def run(arguments: list[str], output: Path) -> None:
    """Run a command that writes its result to `output`. Words that name files in `INPUTS` become their paths."""
    words = [str(INPUTS / word) if (INPUTS / word).is_file() else word for word in arguments]
    if arguments[0] == "assess":
        assess([*words, str(output), "--brief", str(output.with_suffix(".html"))])
        return
    result = CliRunner().invoke(main, [*words, str(output)])
    if result.exit_code != 0:
        raise AssertionError(f"{' '.join(arguments)}: {result.output}") from result.exception


def assess(words: list[str]) -> None:
    """Assess a case with the same instructions on every processor. The programs for these instructions stay in the user's cache."""
    command = [sys.executable, "-m", "tocsin", *words]
    environment = ASSESSED_AS.environment(user_cache_path("tocsin") / ASSESSED_AS.name)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)}: {done.stderr}")


def export_archive(file: Path, output: Path) -> None:
    """Add `statements.csv` to an archive, which may exist, and export all of it."""
    for command in (["add", str(INPUTS / "statements.csv")], ["export", "-o", str(output)]):
        result = CliRunner().invoke(main, ["rhetoric", *command, "--archive", str(file)])
        if result.exit_code not in (0, 1):  # 1: two rows are not statements
            raise AssertionError(f"{' '.join(command)}: {result.output}") from result.exception
