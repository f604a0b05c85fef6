"""`tocsin new`: a case that lints and runs as it is, with every value marked as a template."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from tocsin.errors import InputError
from tocsin.files import write_all

ACTOR = re.compile(r"[A-Z][A-Z0-9]{1,7}")
TAKEN = ("NULL", "TRUE", "FALSE")
"""Words that mean something else in YAML."""
MAX_ID = 80
MARK = "template, to be replaced"

STARTING = {
    "precision": "loguniform(20 to 120)",
    "toppling": "beta(0.2 to 0.7)",
    "falling.revisionist": "loguniform(0.5 to 2)",
    "falling.security": "loguniform(1.5 to 4)",
    "aim.security": "beta(0.01 to 0.15)",
    "stake.target": "uniform(1 to 2)",
    "stake.protector": "beta(0.2 to 0.6)",
    "stake.backer": "beta(0.05 to 0.3)",
    "standing_aside": "beta(0.05 to 0.4)",
    "cost.press": "beta(0.01 to 0.06)",
    "cost.influence": "beta(0.002 to 0.01)",
    "cost.condemn": "uniform(-0.005, 0.002)",
    "cost.back_down": "beta(0.01 to 0.05)",
    "cost.clash": "beta(0.01 to 0.06)",
    "cost.war.challenger": "uniform(0.2 to 1)",
    "cost.war.target": "uniform(0.6 to 2)",
    "cost.war.protector": "beta(0.1 to 0.6)",
    "cost.war.backer": "beta(0.1 to 0.6)",
    "shadow": "beta(0.05 to 0.5)",
    "dividend": "uniform(0, 0.05)",
    "widening": "beta(0.02 to 0.2)",
    "accident": "lognormal(0.0002 to 0.005)",
    "accident_after_clash": "beta(0.003 to 0.06)",
    "strike_instability": "uniform(0, 2)",
    "rollback": "beta(0.02 to 0.2)",
    "decisiveness.war": "uniform(0.7 to 2)",
    "decisiveness.clash": "uniform(0.3 to 1)",
    "capital_share": "beta(0.4 to 0.8)",
    "depreciation": "uniform(0.05 to 0.12)",
    "ppp_weight": "beta(0.2 to 0.8)",
    "personnel.challenger": "lognormal(400000 to 800000)",
    "personnel": "lognormal(150000 to 600000)",
    "spending.protector": "lognormal(20 to 80)",
    "spending": "lognormal(10 to 40)",
    "growth": "normal(-0.01 to 0.04)",
    "usable.firm": "beta(0.6 to 0.95)",
    "usable.loose": "beta(0.1 to 0.5)",
    "usable": "beta(0.5 to 0.9)",
    "reach.backer": "beta(0.05 to 0.25)",
    "reach": "beta(0.3 to 0.6)",
    "abandon_loose": "beta(0.5 to 0.95)",
    "loosens": "beta(0.01 to 0.2)",
    "firms": "beta(0.01 to 0.2)",
    "susceptibility": "uniform(0, 0.5)",
    "backlash": "lognormal(0.1 to 1)",
}
"""Distributions to begin with: wide, of no case in particular."""


@dataclass(frozen=True, kw_only=True)
class Roles:
    """What a new case is about: title, and short names in capitals of those who play."""

    title: str
    challenger: str
    target: str
    protectors: tuple[str, ...]
    backers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.actors:
            _actor(name)
        if len(set(self.actors)) < len(self.actors):
            raise InputError("an actor stands twice", remedy="give each a role of its own")
        if not self.protectors or len(self.protectors) > 3 or len(self.backers) > 3:
            raise InputError("a new case has one to three protectors and at most three backers", remedy="add later")

    @property
    def actors(self) -> tuple[str, ...]:
        """Challenger, target, protectors, backers."""
        return (self.challenger, self.target, *self.protectors, *self.backers)


# --- asking --------------------------------------------------------------------------------------------------------


def ask(
    title: str | None,
    challenger: str | None,
    target: str | None,
    protectors: tuple[str, ...],
    backers: tuple[str, ...],
) -> Roles:
    """The roles as given, and what is not given as answered at the prompt.

    Raises:
        InputError: if a name that was given does not fit.
    """
    whole = bool(title and challenger and target and protectors)
    title = title or click.prompt("The question or argument in one line", type=str)
    challenger = challenger or _asked("Who wants change (a short name in capitals, such as PRK)", _one)[0]
    target = target or _asked("From whom", _one)[0]
    protectors = protectors or _asked("Who may stand by the target (several with commas)", _some)
    if not backers and not whole:
        backers = _asked("Who may stand by the challenger (several with commas, empty for nobody)", _any, default="")
    return Roles(title=title, challenger=challenger, target=target, protectors=protectors, backers=backers)


def _asked(question: str, check: Callable[[str], tuple[str, ...]], *, default: str | None = None) -> tuple[str, ...]:
    return click.prompt(question, value_proc=check, default=default, show_default=False)


def _any(answer: str) -> tuple[str, ...]:
    try:
        return tuple(_actor(name) for name in re.split(r"[,\s]+", answer.strip()) if name)
    except InputError as error:
        raise click.UsageError(f"{error.message}; {error.remedy}") from None


def _some(answer: str) -> tuple[str, ...]:
    return _any(answer) or _refused("name at least one")


def _one(answer: str) -> tuple[str, ...]:
    found = _some(answer)
    return found if len(found) == 1 else _refused("name one")


def _refused(why: str) -> tuple[str, ...]:
    raise click.UsageError(why)


def _actor(name: str) -> str:
    if not ACTOR.fullmatch(name) or name in TAKEN:
        raise InputError(
            f"{name!r} is not a short name of an actor", remedy="use two to eight capitals or digits, such as PRK"
        )
    return name


# --- writing -------------------------------------------------------------------------------------------------------


def check_folder(folder: Path) -> None:
    """Refuse a place where no case can be begun.

    Raises:
        InputError: if the folder holds a case already, or is no folder.
    """
    path = folder / "case.yaml"
    if path.exists():
        raise InputError("there is a case already", file=str(path), remedy="name another folder")
    if folder.exists() and not folder.is_dir():
        raise InputError("this is not a folder", file=str(folder), remedy="name another one")


def write_template(folder: Path, roles: Roles) -> Path:
    """Write `case.yaml` into a folder, which is made if need be.

    Args:
        folder: of the case; its name, in small letters and hyphens, becomes the case's id.
        roles: title and actors.

    Returns:
        The path written.

    Raises:
        InputError: if the folder already holds a case or cannot be written.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    check_folder(folder)
    environment = Environment(  # noqa: S701  the text is YAML, not HTML
        loader=PackageLoader("tocsin.cli"), undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True
    )
    text = environment.get_template("case.yaml.jinja").render(
        id=_id(folder),
        title=_plain(roles.title) or "My argument",
        today=date.today().isoformat(),
        roles=roles,
        freed=roles.protectors[0],
        judged=judged,
        mark=MARK,
    )
    path = folder / "case.yaml"
    write_all({path: text})
    return path


def judged(name: str, like: str | None = None) -> str:
    """One line of `beliefs`: an input with a distribution to begin with, its unit and its meaning.

    Args:
        name: of the input, such as `stake.KOR`.
        like: key of `STARTING`, if it is not the name itself.
    """
    from tocsin.case.inputs import kind_of

    found = kind_of(name)
    if found is None:
        raise KeyError(name)
    kind = found[0]
    return (
        f'  {name}: {{is: "{STARTING[like or name]}", unit: "{kind.unit}", by: "{MARK}", '
        f'why: "to be argued: {kind.meaning}"}}'
    )


def _id(folder: Path) -> str:
    words = re.findall(r"[a-z0-9]+", folder.resolve().name.lower())
    return "-".join(words)[:MAX_ID].strip("-") or "case"


def _plain(text: str) -> str:
    """One line that can stand between double quotes in YAML."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split()).replace("\\", "/").replace('"', "'")[:2000]
