"""`tocsin new` in the folder of a case without a game, such as `tocsin draft` writes: add the game, and change nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.case.insertion import Block, blocks_of, check_nothing_lost, with_block, with_items
from tocsin.case.schema import CaseFile
from tocsin.cli.new import FILE, Cast, Player, ask, parse_day, template_text
from tocsin.draft.blank import plain_text
from tocsin.errors import CaseErrors, InputError
from tocsin.reading import read_yaml
from tocsin.translation import Text, in_lines, message

if TYPE_CHECKING:
    from tocsin.cli.new import Roles
    from tocsin.cli.new_pacts import Pacts

SHARED = ("sources", "actors", "facts", "beliefs", "events")
"""Blocks of a game that a case without a game may have already: it gets the items that it lacks."""
OWN = ("theatres",)
"""Blocks that only a case with a game has."""
UNUSED = ("template",)
"""Sources of a new case on which nothing of its game rests."""


@dataclass(frozen=True)
class Existing:
    """A case without a game.

    Attributes:
        file: its file.
        text: of the file.
        parsed: its blocks.
        cast: its day and its actors.
    """

    file: Path
    text: str
    parsed: CaseFile
    cast: Cast


def join(folder: Path, title: str | None, day: str | None, **actors: Any) -> Text:
    """Add a game to the case in a folder, and return what was done, in lines.

    Args:
        folder: of the case.
        title, day: what the options say; the case has its own.
        actors: challenger, target, protectors and backers, as for `ask`.

    Raises:
        InputError: if a title or day is given, the case has a game, a name is not valid, or the case would not load with the game.
    """
    existing = read_existing(folder)
    if title or day:
        raise InputError(
            message("the case has its own title and day"),
            file=str(existing.file),
            remedy=message("leave out --title and --as-of"),
        )
    roles, pacts = ask(existing.parsed.title, cast=existing.cast, **actors)
    added, *notes = add_game(existing, roles, pacts)
    added_to = message("added a game to {file}: {items}", file=str(existing.file), items=added)
    return in_lines([message("actors: {roles}", roles=str(roles)), *notes, added_to])


def read_existing(folder: Path) -> Existing:
    """Return the case in a folder, to which a game can be added. It need not load: its tests may read the game.

    Raises:
        InputError: if it has a game, is written in one pair of braces, or cannot be read.
    """
    from tocsin.case.edit import read_case_file

    file = folder / FILE
    text, parsed = read_case_file(file)
    if parsed.theatres:
        raise InputError(message("the case has a game already; nothing is changed"), file=str(file))
    if not blocks_of(text, FILE):
        raise InputError(
            message("the case is written in one pair of braces"),
            file=str(file),
            remedy=message("write each block from a line of its own"),
        )
    day = parse_day(str(parsed.as_of))
    return Existing(file, text, parsed, Cast(day, _actors(parsed, day.year), parsed.language))


def _actors(parsed: CaseFile, year: int) -> tuple[Player, ...]:
    from tocsin.data.codes import by_code, state_of

    return tuple(
        Player(key, plain_text(actor.name), actor.cow or (state_of(key, year) if key in by_code() else None))
        for key, actor in parsed.actors.items()
    )


def add_game(existing: Existing, roles: Roles, pacts: Pacts | None) -> tuple[str, ...]:
    """Add a game to a case, whole or not at all; return what was added, and sentences on what it rests on and lacks.

    The game is that of `write_template`. Items that the case has already stay as they are.

    Args:
        existing: the case.
        roles: title, day and actors.
        pacts: defence pacts of challenger and target; None if they are not known.

    Raises:
        InputError: if the case would not load with the game, or its file cannot be written.
    """
    from tocsin.case.loader import load_file
    from tocsin.files import check_outputs, replacing

    check_outputs([existing.file])
    template, notes = template_text(existing.parsed.id, roles, pacts, existing.parsed.language)
    template = _with_free_sources(template, existing.parsed)
    text, counts = _joined(existing, blocks_of(template, FILE))
    check_nothing_lost(existing.text, text, FILE)
    with replacing(existing.file) as trial:
        trial.write_text(text, encoding="utf-8", newline="")
        try:
            load_file(trial, FILE)
        except CaseErrors as errors:
            raise InputError(
                message("the case would not load with the game; nothing is changed\n{problems}", problems=errors.text())
            ) from None
    return ", ".join(
        f"{size} {name.removesuffix('s') if size == 1 else name}" for name, size in counts.items() if size
    ), *notes


def _joined(existing: Existing, game: Mapping[str, Block]) -> tuple[str, dict[str, int]]:
    """Return the text of a case with the blocks of a game, and how many items each block got."""
    text, counts = existing.text, {}
    for name in (*SHARED, *OWN):
        if name not in game:
            continue
        known = getattr(existing.parsed, name)
        items = {key: lines for key, lines in game[name].items.items() if key not in known and key not in UNUSED}
        counts[name] = len(items)
        if name in blocks_of(text, FILE):
            text = with_items(text, FILE, name, items, game[name].comments)
        else:
            text = with_block(text, FILE, name, ["\n", *game[name].comments, *game[name].lines])
    return text, counts


def _with_free_sources(template: str, parsed: CaseFile) -> str:
    """Return the text of a new case whose sources have keys that the case does not use for other sources."""
    for key, source in read_yaml(template, FILE).data["sources"].items():
        if key in parsed.sources and parsed.sources[key].cite != source["cite"] and key not in UNUSED:
            free = next(name for number in count(2) if (name := f"{key}_{number}") not in parsed.sources)
            template = re.sub(rf"(?m)(^  |source: ){key}\b", rf"\g<1>{free}", template)
    return template
