"""`tocsin new`: write a case that passes lint and runs as it is, with every value marked as a template."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from tocsin.case.reasons import TEMPLATE
from tocsin.errors import InputError
from tocsin.files import write_all
from tocsin.tables import printable

ACTOR = re.compile(r"[A-Z][A-Z0-9]{1,7}")
YAML_WORDS = ("NULL", "TRUE", "FALSE")
"""Names that YAML does not read as text."""
MAX_ID = 80
MAX_TITLE = 2000
MAX_SIDE = 3
"""Maximum number of protectors, and of backers, of a new case."""


@dataclass(frozen=True)
class Player:
    """An actor of a new case.

    Attributes:
        key: its short name in the case: the code of a state, or the user's own in capitals.
        name: in plain words.
        number: of the state by the Correlates of War; None if it is no state on record.
    """

    key: str
    name: str
    number: int | None = None

    def __str__(self) -> str:
        return self.key if self.number is None else f"{self.key} ({self.name})"


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The title of a new case and its actors."""

    title: str
    challenger: Player
    target: Player
    protectors: tuple[Player, ...]
    backers: tuple[Player, ...] = ()

    def __post_init__(self) -> None:
        keys = [actor.key for actor in self.actors]
        if len(set(keys)) < len(keys):
            raise InputError("an actor has two roles", remedy="give each actor one role")
        if not 1 <= len(self.protectors) <= MAX_SIDE or len(self.backers) > MAX_SIDE:
            raise InputError(
                "a new case has one to three protectors and at most three backers",
                remedy="add others to case.yaml later",
            )

    def __str__(self) -> str:
        return ", ".join(map(str, self.actors))

    @property
    def actors(self) -> tuple[Player, ...]:
        """Return challenger, target, protectors and backers."""
        return (self.challenger, self.target, *self.protectors, *self.backers)


def player(text: str) -> Player:
    """Return the actor that a text names: a state by its code or name ("POL", "Poland"), else a short name of the user's own.

    Raises:
        InputError: if the text may mean several states, or is neither a state nor a short name in capitals.
    """
    from tocsin.data.codes import state_of
    from tocsin.data.names import codes_meant, find_code, name_of, suggestion

    wanted = text.strip()
    if codes_meant(wanted):
        code = find_code(wanted)
        return Player(code, _yaml_text(name_of(code)), state_of(code, date.today().year))
    if ACTOR.fullmatch(wanted) and wanted not in YAML_WORDS:
        return Player(wanted, wanted)
    raise InputError(
        f"{wanted!r} is neither a state nor a valid short name",
        remedy=f"{suggestion(wanted)}; for an actor of your own, use two to eight capital letters or digits",
    )


# --- questions -----------------------------------------------------------------------------------------------------


def ask_title(title: str | None) -> str:
    """Return the title; ask for it if it is missing."""
    return title or click.prompt("The question or argument in one line", type=str)


def ask(
    title: str | None,
    challenger: str | None,
    target: str | None,
    protectors: tuple[str, ...],
    backers: tuple[str, ...],
) -> Roles:
    """Return the roles from the options; ask for those that are missing, with five questions at most.

    Raises:
        InputError: if a name is not valid.
    """
    complete = bool(title and challenger and target and protectors)
    title = ask_title(title)
    first = player(challenger) if challenger else _prompt("Who wants change? (a state, such as Russia or RUS)", _one)[0]
    second = player(target) if target else _prompt("From whom?", _one)[0]
    defending = tuple(map(player, protectors)) or _prompt(
        "Who may defend the target? (separate several with commas)", _some
    )
    helping = tuple(map(player, backers))
    if not helping and not complete:
        helping = _prompt(
            "Who may support the challenger? (separate several with commas; empty: nobody)", _any, default=""
        )
    return Roles(title=title, challenger=first, target=second, protectors=defending, backers=helping)


def _prompt(
    question: str, check: Callable[[str], tuple[Player, ...]], *, default: str | None = None
) -> tuple[Player, ...]:
    return click.prompt(question, value_proc=check, default=default, show_default=False)


def _any(answer: str) -> tuple[Player, ...]:
    try:
        return tuple(named for part in answer.split(",") if part.strip() for named in _part(part))
    except InputError as error:
        raise click.UsageError(f"{error.message}; {error.remedy}") from None


def _part(text: str) -> tuple[Player, ...]:
    """Return the actors in a part of an answer without commas: one name, or short names with blanks between them."""
    words = text.split()
    if len(words) > 1 and all(map(ACTOR.fullmatch, words)):
        return tuple(map(player, words))
    return (player(text),)


def _some(answer: str) -> tuple[Player, ...]:
    return _any(answer) or _refuse("name at least one")


def _one(answer: str) -> tuple[Player, ...]:
    names = _some(answer)
    return names if len(names) == 1 else _refuse("name one only")


def _refuse(why: str) -> tuple[Player, ...]:
    raise click.UsageError(why)


# --- file ----------------------------------------------------------------------------------------------------------


def check_folder(folder: Path) -> None:
    """Check that a case can be written to a folder.

    Raises:
        InputError: if it contains a case, or is not a folder.
    """
    path = folder / "case.yaml"
    if path.exists():
        raise InputError("the folder contains a case already", file=str(path), remedy="name another folder")
    if folder.exists() and not folder.is_dir():
        raise InputError("not a folder", file=str(folder), remedy="name another one")


def write_template(folder: Path, roles: Roles) -> Path:
    """Write `case.yaml` to a folder and return its path; create the folder if it does not exist.

    Personnel and spending come from the data sets in the cache, for the last year that they cover. Nothing is downloaded.

    Args:
        folder: of the case; its name, in lower case with hyphens, becomes the case's id.
        roles: title and actors.

    Raises:
        InputError: if the folder contains a case or cannot be written.
    """
    from tocsin.cli.new_figures import figures

    check_folder(folder)
    listed = figures({actor.key: actor.number is not None for actor in roles.actors}, date.today().year)
    return _write(folder, "case.yaml.jinja", roles.title, roles=roles, freed=roles.protectors[0], figures=listed)


def write_fact_check(folder: Path, title: str) -> Path:
    """Write a case without a game to a folder and return the path of its file; otherwise as `write_template`."""
    return _write(folder, "facts.yaml.jinja", title)


def _write(folder: Path, template: str, title: str, **values: object) -> Path:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    check_folder(folder)
    environment = Environment(  # noqa: S701  the text is YAML, not HTML
        loader=PackageLoader("tocsin.cli"), undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True
    )
    text = environment.get_template(template).render(
        id=case_id(folder),
        title=_yaml_text(title) or "My argument",
        today=date.today().isoformat(),
        mark=TEMPLATE,
        **values,
    )
    path = folder / "case.yaml"
    write_all({path: text})
    return path


def case_id(folder: Path) -> str:
    """Return the id of a case from the name of its folder: lower case, with hyphens."""
    words = re.findall(r"[a-z0-9]+", folder.resolve().name.lower())
    return "-".join(words)[:MAX_ID].strip("-") or "case"


def _yaml_text(text: str) -> str:
    """Return a text on one line that can stand between double quotes in YAML."""
    return printable(text).replace("\\", "/").replace('"', "'")[:MAX_TITLE]
