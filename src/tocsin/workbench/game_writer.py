"""Add a game to the text of a case, in a process of its own: `python -m tocsin.workbench.game_writer FOLDER`.

It reads the text and who plays as a line of JSON, `{"text", "players"}`, and prints `{"result"}` with the new one, or `{"message", "remedy"}`. The process can be
ended at any time: `tocsin new` works on a copy of the case.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from tocsin.data.shipped import FILE
from tocsin.errors import InputError
from tocsin.reading import decode, file_inside, read_bytes, read_yaml
from tocsin.translation import message
from tocsin.workbench.link import linked
from tocsin.workbench.worker import parsed

MAX_SECONDS = 120
"""Seconds after which the attempt ends: the data sets of pacts and forces are read."""


def with_game(folder: Path, text: str, players: Mapping[str, Any]) -> str:
    """Return the text of a case with a game.

    Args:
        folder: of the case, which has its tables.
        text: of its file.
        players: the values of `adding_game.Players` by name.

    Raises:
        InputError: if the text cannot be read or has a game, or a name is not valid.
    """
    with TemporaryDirectory() as scratch:
        copy = Path(scratch) / "case"
        copy.mkdir()
        _copy_named(folder, read_yaml(text, FILE).data, copy)
        (copy / FILE).write_text(text, encoding="utf-8", newline="")
        _run(copy, players)
        return decode(read_bytes(copy / FILE, FILE), FILE)


def _copy_named(folder: Path, data: object, copy: Path) -> None:
    """Copy the files of a folder that a case names, such as its tables; others may be large, and are not read."""
    for name in dict.fromkeys(_texts(data)):
        with suppress(InputError):  # this text is no file of the folder
            source, target = file_inside(folder, name), copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            copyfile(source, target)


def _texts(data: object) -> Iterator[str]:
    """Yield all texts of a YAML file."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from _texts(value)


def _run(folder: Path, players: Mapping[str, Any]) -> None:
    """Add the game of `tocsin new` to the case in a folder."""
    command = [sys.executable, "-m", "tocsin.cli.new_join_worker", str(folder)]
    try:
        done = subprocess.run(  # noqa: S603  the program itself; names come over its standard input
            command, input=json.dumps(players).encode(), capture_output=True, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            message("adding the game took too long"), remedy=message("try again, or run `tocsin new` in a terminal")
        ) from None
    if done.returncode:
        raise _refusal(done.stdout)


def _refusal(printed: bytes) -> InputError:
    """Return the error that the process printed as its last line; another if it failed without one."""
    with suppress(InputError):
        line = parsed(printed.splitlines()[-1] if printed else b"")
        return InputError(line["message"], remedy=line["remedy"])
    return InputError(message("no game could be added"), remedy=message("change the names and try again"))


def main(folder: Path) -> None:
    """Print the text with the game, or why there is none."""
    with linked() as link:
        wanted = next(iter(link.requests))
        link.say(result=with_game(folder, wanted["text"], wanted["players"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
