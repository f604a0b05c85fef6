"""`tocsin why`: a statement between calendar, response and alarm."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from tocsin.rhetoric.accounts.account import Account
    from tocsin.rhetoric.archive.statement import Statement
    from tocsin.rhetoric.coder import Coding

_FILE = click.Path(path_type=Path)
_RUNGS = {"commentary": "commentary", "newspaper": "statement", "ministry": "statement", "leader": "leader"}
"""Rungs of the archive as the signalling game has them."""


@click.command()
@click.argument("number", metavar="STATEMENT", type=int)
@click.option(
    "--case",
    "folder",
    type=_FILE,
    default=Path("japan-buildup"),
    show_default=True,
    help="Case whose game and events are used.",
)
@click.option(
    "--event",
    "events",
    multiple=True,
    default=("plan", "amendment"),
    show_default=True,
    help="Event of the case that may alarm (repeatable).",
)
@click.option(
    "--archive",
    "archive_file",
    type=_FILE,
    help="The archive's file [default: TOCSIN_ARCHIVE, or one in your data folder].",
)
@click.option("--seed", default=1, show_default=True)
def why(number: int, folder: Path, events: tuple[str, ...], archive_file: Path | None, seed: int) -> None:
    """Why was it said? For a STATEMENT of the archive, by the number that `tocsin rhetoric search` prints: how much of such words in
    such a week is calendar and habit, how much answers events, and what it tells of alarm, from the case's signalling game.

    \b
    tocsin rhetoric search militarism --limit 3
    tocsin why 739117000000
    """
    from rich.console import Console

    from tocsin.assessment.alarm import alarm
    from tocsin.case import load
    from tocsin.report.alarm import sentence
    from tocsin.rhetoric.archive import open_archive
    from tocsin.rhetoric.archive.snippets import printable
    from tocsin.rhetoric.coder import coder
    from tocsin.rhetoric.rungs import rung as rung_of

    case = load(folder)
    for event in events:
        if event not in case.events:
            raise InputError(
                f"the case has no event `{event}`", file=str(folder), remedy=did_you_mean(event, case.events)
            )
    with open_archive(archive_file) as archive:
        said = archive.get(number)
    coded = coder().code([said.title])[0]
    spoken = rung_of(said.title, said.outlet, said.text)
    rung = _RUNGS.get(said.rung or (spoken.rung if spoken else "commentary"), "commentary")
    click.echo(f"{said.date or 'no day'}  {printable(said.title)}")
    click.echo(
        f"read as: about {', '.join(coded.target) or 'no state'}, tone {coded.tone}, {', '.join(coded.theme)}; rung: {rung}"
    )
    with Console(stderr=True).status("the account, then the game: about a minute the first time"):
        click.echo(_habit(said, coded, case.folder, seed))
        if coded.target and coded.tone < 0:
            click.echo(sentence(alarm(case, rung, events, seed=seed)))


def _habit(said: Statement, coded: Coding, folder: Path, seed: int) -> str:
    """How much of such words is calendar and habit; or why that cannot be told."""
    if said.date is None:
        return "habit or answer: cannot tell, its day is not known"
    if not coded.target or coded.tone >= 0:
        return "habit or answer: cannot tell, it is not critical of any state that the coder knows"
    target = coded.target[0]
    found = _account(target, folder, seed)
    week = said.date - dt.timedelta(days=said.date.weekday())
    at = [each.astype(object) for each in found.design.weeks]
    if week not in at:
        return f"habit or answer: cannot tell, the daily series ends in the week of {at[-1]} and the level has changed since"
    return _divided(found, at.index(week), coded.theme[0])


def _divided(found: Account, week: int, theme: str) -> str:
    import numpy as np

    from tocsin.rhetoric.accounts.shares import week_shares
    from tocsin.rhetoric.series import REST

    groups = found.design.groups
    place = groups.index(theme if theme in groups else REST)
    shares = week_shares(found.fit, week, place)
    said = [
        "{} {:.0%} ({:.0%} to {:.0%})".format(name, *np.quantile(part, [0.5, 0.05, 0.95]))
        for name, part in (
            ("calendar and habit", shares["ritual"]),
            ("answer to events", shares["response"]),
            ("carried over from the weeks before", shares["carried"]),
        )
    ]
    return f"such an item on {groups[place]} in such a week: {', '.join(said)}"


def _account(target: str, folder: Path, seed: int) -> Account:
    import polars as pl

    from tocsin.rhetoric.accounts.account import account
    from tocsin.rhetoric.series import shipped
    from tocsin.rhetoric.triggers import anniversaries

    events = folder / "rhetoric" / "events.csv"
    if not events.exists():
        raise InputError("the case has no dated events", file=str(events), remedy="give columns date, actor, category")
    return account(shipped(target), pl.read_csv(events, infer_schema=False), anniversaries(), target=target, seed=seed)
