"""`tocsin why`: explain a statement by the calendar, events and alarm."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import numpy as np

    from tocsin.rhetoric.accounts.account import Account
    from tocsin.rhetoric.archive import Statement

_FILE = click.Path(path_type=Path)
_RUNGS = {"commentary": "commentary", "newspaper": "statement", "ministry": "statement", "leader": "leader"}
"""Rungs of the signalling game by rungs of the archive."""


@dataclass(frozen=True)
class CodedStatement:
    """What the coder says about a statement.

    Attributes:
        date: of the statement.
        title: of the statement.
        targets: ISO codes of the states it is about.
        tone: -2 hostile to 1 friendly.
        themes: the most likely first.
        rung: commentary, statement or leader.
    """

    date: dt.date | None
    title: str
    targets: tuple[str, ...]
    tone: int
    themes: tuple[str, ...]
    rung: str

    def __str__(self) -> str:
        targets = ", ".join(self.targets) or "none"
        return (
            f"{self.date or 'no date'}  {self.title}\n"
            f"coded as: target {targets}; tone {self.tone}; theme {', '.join(self.themes)}; rung {self.rung}"
        )


@dataclass(frozen=True)
class Share:
    """The share of one week's critical items that has one cause: posterior median and 90 % interval."""

    cause: str
    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.cause} {self.median:.0%} ({self.low:.0%} to {self.high:.0%})"


@dataclass(frozen=True)
class Causes:
    """The causes of the critical items on a theme in one week."""

    theme: str
    shares: tuple[Share, ...]

    def __str__(self) -> str:
        return f"causes of critical items on {self.theme} in that week: {', '.join(map(str, self.shares))}"


@dataclass(frozen=True)
class Unknown:
    """Why the causes of a statement are unknown."""

    reason: str

    def __str__(self) -> str:
        return f"causes unknown: {self.reason}"


@click.command()
@click.argument("number", metavar="STATEMENT", type=int)
@click.option(
    "--case",
    "folder",
    type=_FILE,
    default=Path("japan-buildup"),
    show_default=True,
    help="Case with the signalling game and the events.",
)
@click.option(
    "--event",
    "events",
    multiple=True,
    default=("plan", "amendment"),
    show_default=True,
    help="Event of the case that may alarm the challenger. Repeatable.",
)
@click.option(
    "--archive",
    "archive_file",
    type=_FILE,
    help="File of the archive [default: TOCSIN_ARCHIVE, or archive.db in your data folder].",
)
@click.option("--seed", default=1, show_default=True, help="Seed of all random draws.")
def why(number: int, folder: Path, events: tuple[str, ...], archive_file: Path | None, seed: int) -> None:
    """Explain a statement of the archive by the calendar, events and alarm.

    STATEMENT is the number that `tocsin rhetoric search` prints. The account of state media gives the causes of such items in that
    week: calendar and habit, answers to events, or carry-over from earlier weeks. The signalling game of the case gives the
    probability of alarm.

    \b
    tocsin rhetoric search militarism --limit 3
    tocsin why 739117000000
    """
    from rich.console import Console

    from tocsin.assessment.alarm import alarm
    from tocsin.case import load
    from tocsin.report.sentences import alarm_sentences
    from tocsin.rhetoric.archive import open_archive

    case = load(folder)
    for event in events:
        if event not in case.events:
            raise InputError(
                f"the case has no event `{event}`", file=str(folder), remedy=did_you_mean(event, case.events)
            )
    with open_archive(archive_file) as archive:
        coded = _code(archive.get(number))
    click.echo(coded)
    with Console(stderr=True).status("fitting the account and solving the game: about a minute the first time"):
        click.echo(_causes(coded, case.folder, seed))
        if coded.targets and coded.tone < 0:
            click.echo(alarm_sentences(alarm(case, coded.rung, events, seed=seed)))


def _code(statement: Statement) -> CodedStatement:
    from tocsin.rhetoric.archive.snippets import printable
    from tocsin.rhetoric.coder import coder
    from tocsin.rhetoric.rungs import rung

    coding = coder().code([statement.title])[0]
    detected = rung(statement.title, statement.outlet, statement.text)
    name = statement.rung or (detected.rung if detected else "commentary")
    return CodedStatement(
        statement.date,
        printable(statement.title),
        coding.target,
        coding.tone,
        coding.theme,
        _RUNGS.get(name, "commentary"),
    )


def _causes(coded: CodedStatement, folder: Path, seed: int) -> Causes | Unknown:
    """Return the causes of items like this one in its week."""
    if coded.date is None:
        return Unknown("the statement has no date")
    if not coded.targets or coded.tone >= 0:
        return Unknown("it does not criticise a state that the coder knows")
    account = _account(coded.targets[0], folder, seed)
    week = coded.date - dt.timedelta(days=coded.date.weekday())
    weeks = [start.astype(object) for start in account.design.weeks]
    if week not in weeks:
        return Unknown(f"the daily series covers only the weeks from {weeks[0]} to {weeks[-1]}")
    return _shares(account, weeks.index(week), coded.themes[0])


def _shares(account: Account, week: int, theme: str) -> Causes:
    from tocsin.rhetoric.accounts.shares import week_shares
    from tocsin.rhetoric.series import REST

    groups = account.design.groups
    group = groups.index(theme if theme in groups else REST)
    draws = week_shares(account.fit, week, group)
    shares = (
        _share("calendar and habit", draws["ritual"]),
        _share("answer to events", draws["response"]),
        _share("carry-over from earlier weeks", draws["carried"]),
    )
    return Causes(groups[group], shares)


def _share(cause: str, draws: np.ndarray) -> Share:
    import numpy as np

    median, low, high = np.quantile(draws, [0.5, 0.05, 0.95])
    return Share(cause, float(median), float(low), float(high))


def _account(target: str, folder: Path, seed: int) -> Account:
    from tocsin.rhetoric import account

    events = folder / "rhetoric" / "events.csv"
    if not events.exists():
        raise InputError(
            "the case has no dated events", file=str(events), remedy="write a table with columns date, actor, category"
        )
    return account(events, target=target, seed=seed)
