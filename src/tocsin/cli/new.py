"""`tocsin new`: write a case that passes lint and runs as it is, with every value marked as a template."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from tocsin.case.lint import TEMPLATE
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

FIRST_BELIEFS = {
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
    "cutpoint.war.win": "uniform(0 to 1.5)",
    "cutpoint.war.lose": "uniform(0.5 to 2)",
    "cutpoint.clash.win": "uniform(1.5 to 3.5)",
    "conquest": "beta(0.03 to 0.3)",
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
"""Wide distributions that fit no case in particular."""


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The title of a new case and its actors, by their short names in capitals."""

    title: str
    challenger: str
    target: str
    protectors: tuple[str, ...]
    backers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.actors:
            _check_actor(name)
        if len(set(self.actors)) < len(self.actors):
            raise InputError("an actor has two roles", remedy="give each actor one role")
        if not 1 <= len(self.protectors) <= MAX_SIDE or len(self.backers) > MAX_SIDE:
            raise InputError(
                "a new case has one to three protectors and at most three backers",
                remedy="add others to case.yaml later",
            )

    @property
    def actors(self) -> tuple[str, ...]:
        """Return challenger, target, protectors and backers."""
        return (self.challenger, self.target, *self.protectors, *self.backers)


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
    """Return the roles from the options; ask for those that are missing.

    Raises:
        InputError: if a name is not valid.
    """
    complete = bool(title and challenger and target and protectors)
    title = ask_title(title)
    challenger = challenger or _prompt("Who wants change? (a short name in capitals, such as PRK)", _one)[0]
    target = target or _prompt("From whom?", _one)[0]
    protectors = protectors or _prompt("Who may defend the target? (separate several with commas)", _some)
    if not backers and not complete:
        backers = _prompt(
            "Who may support the challenger? (separate several with commas; empty: nobody)", _any, default=""
        )
    return Roles(title=title, challenger=challenger, target=target, protectors=protectors, backers=backers)


def _prompt(question: str, check: Callable[[str], tuple[str, ...]], *, default: str | None = None) -> tuple[str, ...]:
    return click.prompt(question, value_proc=check, default=default, show_default=False)


def _any(answer: str) -> tuple[str, ...]:
    try:
        return tuple(_check_actor(name) for name in re.split(r"[,\s]+", answer.strip()) if name)
    except InputError as error:
        raise click.UsageError(f"{error.message}; {error.remedy}") from None


def _some(answer: str) -> tuple[str, ...]:
    return _any(answer) or _refuse("name at least one")


def _one(answer: str) -> tuple[str, ...]:
    names = _some(answer)
    return names if len(names) == 1 else _refuse("name one only")


def _refuse(why: str) -> tuple[str, ...]:
    raise click.UsageError(why)


def _check_actor(name: str) -> str:
    if not ACTOR.fullmatch(name) or name in YAML_WORDS:
        raise InputError(
            f"{name!r} is not a valid short name", remedy="use two to eight capital letters or digits, such as PRK"
        )
    return name


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

    Args:
        folder: of the case; its name, in lower case with hyphens, becomes the case's id.
        roles: title and actors.

    Raises:
        InputError: if the folder contains a case or cannot be written.
    """
    return _write(folder, "case.yaml.jinja", roles.title, roles=roles, freed=roles.protectors[0], belief=belief_line)


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


def belief_line(name: str, like: str | None = None) -> str:
    """Return a line of `beliefs`: an input with its first distribution, its unit and its meaning.

    Args:
        name: of the input, such as `stake.KOR`.
        like: key of `FIRST_BELIEFS`, if it is not the name itself.
    """
    from tocsin.case.inputs import kind_of

    match = kind_of(name)
    if match is None:
        raise KeyError(name)
    kind, _ = match
    return (
        f'  {name}: {{is: "{FIRST_BELIEFS[like or name]}", unit: "{kind.unit}", by: "{TEMPLATE}", '
        f'why: "give a reason. The input is: {kind.meaning}"}}'
    )


def case_id(folder: Path) -> str:
    """Return the id of a case from the name of its folder: lower case, with hyphens."""
    words = re.findall(r"[a-z0-9]+", folder.resolve().name.lower())
    return "-".join(words)[:MAX_ID].strip("-") or "case"


def _yaml_text(text: str) -> str:
    """Return a text on one line that can stand between double quotes in YAML."""
    return printable(text).replace("\\", "/").replace('"', "'")[:MAX_TITLE]
