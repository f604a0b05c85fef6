"""`tocsin why`: explain a statement by the calendar, events and alarm."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.guard import apart
from tocsin.cli.output import say
from tocsin.errors import InputError, did_you_mean
from tocsin.translation import message

if TYPE_CHECKING:
    import numpy as np

    from tocsin.case.schema import Case
    from tocsin.rhetoric.accounts.account import Account
    from tocsin.rhetoric.archive import Statement

_FILE = click.Path(path_type=Path)
_GAME_RUNGS = {"commentary": "commentary", "newspaper": "statement", "ministry": "statement", "leader": "leader"}
"""Rungs of the signalling game, which does not tell newspapers from ministries, by rungs of the archive."""
MAX_DAYS = 366
"""Days between a statement and the date of a case beyond which its events cannot explain the statement."""


@dataclass(frozen=True)
class CodedStatement:
    """What the coder says about a statement.

    Attributes:
        date: of the statement.
        title: of the statement.
        targets: ISO codes of the states it is about.
        tone: -2 hostile to 1 friendly.
        themes: the most likely first.
        rung: commentary, newspaper, ministry or leader.
        foreign: whether the agency quotes a foreign speaker.
        outlet: of the statement.
    """

    date: dt.date | None
    title: str
    targets: tuple[str, ...]
    tone: int
    themes: tuple[str, ...]
    rung: str
    foreign: bool
    outlet: str | None

    def __str__(self) -> str:
        targets = ", ".join(self.targets) or "none"
        speaker = "a foreign speaker, quoted" if self.foreign else f"rung {self.rung}"
        return (
            f"{self.date or 'no date'}  {self.title}\n"
            f"coded as: target {targets}; tone {self.tone}; theme {', '.join(self.themes)}; {speaker}"
        )

    def gaps(self) -> list[str]:
        """Return what the program must know to explain the statement and does not."""
        checks = (
            (self.date is None, "the statement has no date"),
            (self.outlet is None, "the statement has no outlet, so it may not be Pyongyang's"),
            (
                not self.targets or self.tone >= 0,
                "the title criticises no state that the coder knows, and texts are not coded",
            ),
        )
        return [reason for fails, reason in checks if fails]


_PARTS = (
    (1.0, "more than the whole week"),
    (0.5, "most of them"),
    (0.05, "a part of them"),
    (0.0, "almost none of them"),
)
"""Words for the smallest share to which they apply."""


@dataclass(frozen=True)
class Share:
    """The share of one week's critical items that has one cause: posterior median and 90 % interval.

    The causes add up to the whole. One may exceed it if another takes from it, as when events make critical items fewer.
    """

    cause: str
    median: float
    low: float
    high: float

    def __str__(self) -> str:
        interval = f"{self.median:.0%}, between {self.low:.0%} and {self.high:.0%}"
        if self.low < 0 < self.high:
            return f"{self.cause} may add to them or take from them ({interval})"
        if self.median < 0:
            return f"without {self.cause} there would be more ({interval})"
        part = next(part for least, part in _PARTS if self.median >= least)
        return f"{self.cause} explain{'' if ' and ' in self.cause else 's'} {part} ({interval})"


@dataclass(frozen=True)
class Causes:
    """The causes of the critical items on a theme in one week."""

    theme: str
    shares: tuple[Share, ...]

    def __str__(self) -> str:
        lines = [
            f"causes of critical items on {self.theme} in that week (share of the expected number, 90 % interval):"
        ]
        return "\n".join([*lines, *(f"  {share}" for share in self.shares)])


@dataclass(frozen=True)
class Unknown:
    """Why something about a statement is unknown."""

    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what} unknown: {self.reason}"


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
    """Explain a statement of North Korean state media by the calendar, events and alarm.

    STATEMENT is the number that `tocsin rhetoric search` prints. The account of state media gives the causes of such items in that
    week: calendar and habit, answers to events, or carry-over from earlier weeks. The signalling game of the case gives the
    probability of alarm, if the statement is less than a year away from the date of the case and about a state that the events
    change. Statements of other outlets, and titles that the coder cannot read, are refused.

    \b
    tocsin rhetoric search militarism --limit 3
    tocsin why 739117000000
    """
    from rich.console import Console

    from tocsin.case import load
    from tocsin.rhetoric.archive import open_archive

    case = load(folder)
    if not case.theatres:
        raise InputError(
            message("the case has no game, so nothing tells alarm from a pose"),
            file=str(folder),
            remedy=message("name a case with `theatres`"),
        )
    for event in events:
        if event not in case.events:
            raise InputError(
                message("the case has no event `{event}`", event=event),
                file=str(folder),
                remedy=did_you_mean(event, case.events),
            )
    with open_archive(archive_file) as archive:
        coded = _code(archive.get(number), number)
    say(str(coded))
    with Console(stderr=True).status("fitting the account and solving the game: about a minute the first time"):
        say(str(apart(lambda: _causes(coded, case.folder, seed))))
        say(apart(lambda: _alarm(coded, case, events, seed)))


def _code(statement: Statement, number: int) -> CodedStatement:
    """Return the codes of a statement.

    Raises:
        InputError: if the statement is not of North Korean state media, or the coder cannot read its title.
    """
    import polars as pl

    from tocsin.rhetoric.coder import coder
    from tocsin.rhetoric.coding import code_table
    from tocsin.rhetoric.languages import is_readable
    from tocsin.rhetoric.rungs import STATE_MEDIA, rung
    from tocsin.tables import printable

    if statement.outlet is not None and statement.outlet not in STATE_MEDIA:
        raise InputError(
            message(
                "statement {number} is of {outlet}, which is no outlet of North Korea",
                number=number,
                outlet=printable(statement.outlet),
            ),
            remedy=message("name a statement of Pyongyang: `tocsin rhetoric search ... --outlet kcna` finds some"),
        )
    if not is_readable(statement.title):
        raise InputError(
            message(
                "the title of statement {number} has no English or Korean word, so it cannot be coded", number=number
            ),
            remedy=message("add the statement with an English or Korean title"),
        )
    table = pl.DataFrame({"id": [str(number)], "date": [statement.date], "headline": [statement.title]})
    code = code_table(coder(), table).row(0, named=True)
    detected = rung(statement.title, statement.outlet, statement.text)
    name = statement.rung or (detected.rung if detected else "commentary")
    return CodedStatement(
        statement.date,
        printable(statement.title),
        tuple(filter(None, code["target"].split(";"))),
        code["tone"],
        tuple(code["theme"].split(";")),
        name,
        foreign=code["speaker"] == "foreign" and name == "commentary",
        outlet=statement.outlet,
    )


def _causes(coded: CodedStatement, folder: Path, seed: int) -> Causes | Unknown:
    """Return the causes of items like this one in its week."""
    from tocsin.rhetoric.series import stored_targets

    if gaps := coded.gaps():
        return Unknown("causes", "; ".join(gaps))
    counted = [target for target in coded.targets if target in stored_targets()]
    if not counted:
        known = ", ".join(stored_targets())
        return Unknown("causes", f"there are daily series about {known} only, not about {', '.join(coded.targets)}")
    account = _account(counted[0], folder, seed)
    assert coded.date is not None
    week = coded.date - dt.timedelta(days=coded.date.weekday())
    weeks = [start.astype(object) for start in account.design.weeks]
    if week not in weeks:
        covers = f"the daily series covers only the weeks from {weeks[0]} to {weeks[-1]}"
        if week < weeks[0]:
            return Unknown("causes", f"{covers}; it begins after the statement")
        return Unknown(
            "causes", f"{covers}; it {'ends before' if week > weeks[-1] else 'lacks the week of'} the statement"
        )
    return _shares(account, weeks.index(week), coded.themes[0])


def _alarm(coded: CodedStatement, case: Case, events: tuple[str, ...], seed: int) -> str:
    """Return the sentences on the probability of alarm, or why it is unknown."""
    from tocsin.assessment.alarm import alarm
    from tocsin.report.sentences import alarm_sentences

    reasons = coded.gaps()
    if coded.foreign:
        reasons.append("the words are those of a foreign speaker")
    if coded.date and abs((coded.date - case.as_of).days) > MAX_DAYS:
        years = "older" if coded.date < case.as_of else "later"
        reasons.append(
            f"the statement is more than a year {years} than the case ({case.as_of}), so its events do not explain it"
        )
    changed = {
        part for event in events for key in case.events[event].changes for part in key.split(".") if part.isupper()
    }
    if coded.targets and changed and not changed & {*coded.targets}:
        reasons.append(f"the events change {', '.join(sorted(changed))}, not {', '.join(coded.targets)}")
    if reasons:
        return str(Unknown("alarm", "; ".join(reasons)))
    return alarm_sentences(alarm(case, _GAME_RUNGS[coded.rung], events, seed=seed))


def _shares(account: Account, week: int, theme: str) -> Causes:
    from tocsin.rhetoric.accounts.shares import week_shares
    from tocsin.rhetoric.series import REST

    groups = account.design.groups
    group = groups.index(theme if theme in groups else REST)
    draws = week_shares(account.fit, week, group)
    shares = (
        _share("calendar and habit", draws["ritual"]),
        _share("the answer to events", draws["response"]),
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
            message("the case has no dated events"),
            file=str(events),
            remedy=message("write a table with columns date, actor, category"),
        )
    return account(events, target=target, seed=seed)
