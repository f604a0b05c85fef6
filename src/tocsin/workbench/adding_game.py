"""Add a game to a case without one, as `tocsin new` does, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tocsin.case.rewriting import with_value
from tocsin.errors import InputError
from tocsin.files import replacing
from tocsin.reading import decode, read_bytes
from tocsin.translation import message
from tocsin.workbench.desk import Desk, Draft
from tocsin.workbench.worker import parsed

THEATRE = "main"
"""The theatre that `tocsin new` writes."""
MAX_SECONDS = 120
"""Seconds after which the attempt ends: the data sets of pacts and forces are read."""


@dataclass(frozen=True)
class Players:
    """Who plays: states by name or code, or short names in capitals. Without helpers, pacts propose them."""

    challenger: str
    target: str
    protectors: Sequence[str] = ()
    backers: Sequence[str] = ()


@dataclass(frozen=True)
class Aim:
    """What the challenger wants: in words, in how many steps, and for how many years results are reported."""

    says: str
    levels: int
    horizon: int


def add_game(desk: Desk, base: str, players: Players, aim: Aim) -> Draft:
    """Add a game to the case on the desk, which counts as an edit that can be undone.

    Args:
        desk: the case, in a file `case.yaml`.
        base: version of the text that the reader saw.
        players: who plays.
        aim: what they play for.

    Raises:
        ChangedError: if the file has another text by now.
        InputError: if the case cannot be changed, has a game, or a name or the aim is not valid.
    """

    def write() -> None:
        _run(desk.file.parent, players)
        _write_aim(desk.file, aim)

    return desk.rewritten(base, write)


def _run(folder: Path, players: Players) -> None:
    """Add the game of `tocsin new` to the case in a folder."""
    command = [sys.executable, "-m", "tocsin.cli.new_join_worker", str(folder)]
    try:
        done = subprocess.run(  # noqa: S603  the program itself; names come over its standard input
            command, input=json.dumps(asdict(players)).encode(), capture_output=True, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            message("adding the game took too long"), remedy=message("try again, or run `tocsin new` in a terminal")
        ) from None
    if done.returncode:
        raise _refusal(done.stdout)


def _write_aim(file: Path, aim: Aim) -> None:
    """Write the aim over that of the template."""
    text = decode(read_bytes(file, file.name), file.name)
    for part, value in (("aim", aim.says), ("levels", aim.levels), ("horizon", aim.horizon)):
        text = with_value(text, file.name, ("theatres", THEATRE, part), value)
    with replacing(file) as trial:
        trial.write_text(text, encoding="utf-8", newline="")


def _refusal(printed: bytes) -> InputError:
    """Return the error that the process printed as its last line; another if it failed without one."""
    with suppress(InputError):
        line = parsed(printed.splitlines()[-1] if printed else b"")
        return InputError(line["message"], remedy=line["remedy"])
    return InputError(message("no game could be added"), remedy=message("change the names and try again"))
