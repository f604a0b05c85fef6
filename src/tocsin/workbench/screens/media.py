"""The screen of media: the archive's latest week, its headlines with the reader's codes, and a coder that learns from them."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin.errors import InputError
from tocsin.translation import message, template
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, Screen, View, get_route, post_route, read_body
from tocsin.workbench.saying import said

MAX_TABLE = 4_800_000
"""Letters of a table of headlines in base 64: 3.6 MB."""
MAX_CODES = 400
"""Letters of one code: all targets of a headline."""


class Chosen(Body):
    """The archive that the reader chose, and the coder of its headlines."""

    archive: str = Field(max_length=4_096)
    coder: Literal["shipped", "own"] = "shipped"


class Page(Chosen):
    """A page of headlines."""

    page: int = Field(ge=0, le=10_000)


class Table(Chosen):
    """A table of headlines (CSV) in base 64."""

    name: str = Field(max_length=255)
    data: str = Field(max_length=MAX_TABLE)
    outlet: str = Field(max_length=100)


class Codes(Body):
    """The reader's codes of a headline; lists are separated by `;`."""

    target: str = Field(max_length=MAX_CODES)
    tone: str = Field(max_length=MAX_CODES)
    speaker: str = Field(max_length=MAX_CODES)
    theme: str = Field(max_length=MAX_CODES)


class Correction(Chosen):
    """The reader's codes of one statement; None takes them back."""

    number: str = Field(pattern=r"^\d{1,18}$")
    codes: Codes | None


def archives(opened: Opened) -> list[Path]:
    """Return the archives that a reader can choose: the usual one, then those in the case folder."""
    from tocsin.rhetoric.archive.database import default_file

    usual = default_file()
    return [usual, *(file for file in sorted(opened.desk.file.parent.glob("*.db")) if file != usual)]


def chosen(opened: Opened, wanted: Chosen) -> Path:
    """Return the file of an archive.

    Raises:
        InputError: if it is not offered: no other file is read or written.
    """
    known = {str(file): file for file in archives(opened)}
    if wanted.archive not in known:
        raise InputError(
            message("this archive is not offered"), file=wanted.archive, remedy=message("load the page again")
        )
    return known[wanted.archive]


def routes(opened: Opened) -> list[Route]:
    """Return the requests for archives, their headlines and their weeks."""

    return [
        get_route("/api/media/archives", lambda: [str(file) for file in archives(opened)]),
        _post(opened, "archive", Chosen, lambda file, _: _archive(file, opened.language)),
        _post(opened, "add", Table, _added),
        _post(opened, "headlines", Page, _headlines),
        _post(opened, "correct", Correction, _corrected),
        _post(opened, "agree", Chosen, lambda file, _: _agreement(file)),
        *_work_routes(opened),
    ]


Wanted = TypeVar("Wanted", bound=Chosen)


def _post(opened: Opened, name: str, kind: type[Wanted], view: Callable[[Path, Wanted], View]) -> Route:
    """Return a request about an archive, which a function answers."""
    return post_route(f"/api/media/{name}", kind, lambda wanted: view(chosen(opened, wanted), wanted))


def _work_routes(opened: Opened) -> list[Route]:
    """Return the requests that start, follow and stop long work."""
    work = opened.media

    async def week(request: Request) -> Response:
        wanted = await read_body(Chosen, request)
        file = str(await run_in_threadpool(chosen, opened, wanted))
        return JSONResponse({"started": work.start("week", file, wanted.coder, opened.language)})

    async def learn(request: Request) -> Response:
        file = str(await run_in_threadpool(chosen, opened, await read_body(Chosen, request)))
        return JSONResponse({"started": work.start("learn", file)})

    async def state(_request: Request) -> Response:
        return JSONResponse(said(work.state, opened.translator))

    async def stop(_request: Request) -> Response:
        work.stop()
        return JSONResponse({})

    return [
        Route("/api/media/work", state),
        Route("/api/media/week", week, methods=["POST"]),
        Route("/api/media/learn", learn, methods=["POST"]),
        Route("/api/media/stop", stop, methods=["POST"]),
    ]


# What reads the coder is imported where it is used, so that the page appears before.


def _archive(file: Path, language: str) -> dict[str, Any]:
    from tocsin.workbench.screens.media_views import archive_view

    return archive_view(file, language)


def _added(file: Path, table: Table) -> dict[str, Any]:
    from tocsin.workbench.screens.media_views import added_view

    try:
        data = b64decode(table.data, validate=True)
    except Error as error:
        raise InputError(message("the table did not arrive whole"), remedy=message("choose the file again")) from error
    return added_view(file, table.name, data, table.outlet)


def _headlines(file: Path, page: Page) -> dict[str, Any]:
    from tocsin.workbench.screens.media_views import coder_named, headlines_view

    return headlines_view(file, coder_named(file, page.coder), page.page)


def _agreement(file: Path) -> dict[str, Any] | None:
    from tocsin.workbench.screens.media_views import agreement_view

    return agreement_view(file)


def _corrected(file: Path, wanted: Correction) -> dict[str, int]:
    from tocsin.rhetoric.archive import open_archive
    from tocsin.rhetoric.corrections import correct, forget

    if wanted.codes is None:
        return {"coded": forget(file, int(wanted.number))}
    with open_archive(file) as opened:
        statement = opened.get(int(wanted.number))
    return {"coded": correct(file, statement, wanted.codes.model_dump())}


WORDS = (
    template("Media"),
    template("Archive of statements"),
    template("The archive is being read …"),
    template("Your own coder codes the headlines."),
    template(
        "This archive holds no statement yet. Add a table of headlines here, or saved pages with: tocsin rhetoric add FILES"
    ),
    template("{count} statement"),
    template("{count} statements"),
    template("{count} statement, of {latest}"),
    template("{count} statements, the latest of {latest}"),
    template("The file has more than {most} MB. Add it with: tocsin rhetoric add FILES"),
    template("Add a table of headlines"),
    template(
        "A CSV file with the columns date and title. More columns are read: outlet, language, text, translation, address. Each statement is stored once."
    ),
    template("Outlet of rows that name none"),
    template("CSV file"),
    template("The table is being added …"),
    template("Statements added: {added}, known already: {known}, rows not added: {lost}"),
    template("not over yet"),
    template("no statement"),
    template("too few days"),
    template("too few statements"),
    template("Critical items: {items}; {expected} are expected, and up to {limit} are usual."),
    template("Commentaries: {items}; {expected} are expected, and up to {limit} are usual."),
    template("Newspaper articles: {items}; {expected} are expected, and up to {limit} are usual."),
    template("Statements of officials: {items}; {expected} are expected, and up to {limit} are usual."),
    template("Statements of the leader: {items}; {expected} are expected, and up to {limit} are usual."),
    template("Items that quote foreign voices: {items}; {expected} are expected, and up to {limit} are usual."),
    template("Items of a rank that hardly ever speaks: {items}; {expected} are expected, and up to {limit} are usual."),
    template("The latest week"),
    template(
        "The headlines of the Korean Central News Agency in English, counted by week. The first time in a year it takes about a minute for each state."
    ),
    template("Judge the latest week"),
    template("The weeks are judged: {state}"),
    template("No week can be judged: none has statements of at least five days after {day}."),
    template("Alarm: the week of {week} has more than calendar, events and the weeks before lead one to expect."),
    template("Ritual: the week of {week} has no more than calendar, events and the weeks before lead one to expect."),
    template("The probability of such a week is below 0.01 %."),
    template("The probability of such a week is {percent} %."),
    template("Most of it is on: {theme}."),
    template(
        "Expected critical items: {all}. Level, season and anniversaries bring {calendar}, events add {events}, the weeks before add {carried}."
    ),
    template("Anniversaries: {names}."),
    template("No anniversary falls in this week."),
    template("Events of this week and the five before: {names}."),
    template("No event is known in this week and the five before."),
    template("Critical headlines of the week: {count}"),
    template("Weeks about {state}"),
    template("Critical items by week about {state}; the table below has the numbers"),
    template(
        "Dot: critical items of the week. Bar: the range that holds nine weeks of ten. Line in it: what is expected."
    ),
    template("Week of"),
    template("Critical"),
    template("Hostile"),
    template("Expected"),
    template("Calendar and season"),
    template("All statements"),
    template("Remark"),
    template("Table of the weeks"),
    template("{low} to {high}"),
    template("Code headlines"),
    template(
        "The latest headlines of North Korean media, the least certain first. Your codes are kept in {file} and nowhere else."
    ),
    template("Korean headlines are left out: they need kiwipiepy (pip install 'tocsin[korean]')."),
    template("The headlines are being coded …"),
    template("The archive has no headline of North Korean media in English or Korean."),
    template("Less certain headlines"),
    template("More certain headlines"),
    template("Part {part} of {parts}, of {all} headlines"),
    template("{done} of {all} coded by you"),
    template("Headlines coded by you"),
    template("Headline {place} of {all}"),
    template("no date"),
    template("unknown outlet"),
    template("What the coder says"),
    template("Code"),
    template("Coder"),
    template("none"),
    template("Words that weigh most for the tone: {words}"),
    template("Korean headlines are coded by word lists alone, without probabilities."),
    template("unknown"),
    template("Keep these codes"),
    template("Later"),
    template("Undo my last codes"),
    template("You have coded this headline."),
    template("Single keys choose codes"),
    template("All targets, as ISO codes"),
    template("Tone"),
    template("Speaker"),
    template("Theme"),
    template("All four"),
    template("hostile"),
    template("critical"),
    template("neutral"),
    template("friendly"),
    template("the agency"),
    template("official"),
    template("newspaper"),
    template("foreign voice"),
    template("history"),
    template("military build-up"),
    template("constitution and law"),
    template("exercises and alliance"),
    template("nuclear arms and missiles"),
    template("sanctions"),
    template("abductions"),
    template("territory"),
    template("Chongryon and Koreans in Japan"),
    template("diplomacy and friendship"),
    template("domestic affairs"),
    template("other"),
    template("Tone, share of equal codes"),
    template("Tone, Cohen's kappa"),
    template("Target, share of equal sets"),
    template("Speaker, share of equal codes"),
    template("Speaker, Cohen's kappa"),
    template("Speaker, F1 (mean over speakers)"),
    template("Theme, F1 (all themes together)"),
    template("Hostile to Japan, F1"),
    template("Agreement"),
    template("You have coded no headline yet."),
    template(
        "{count} headline has codes from you and from the coder that comes with Tocsin. Intervals have 90 %, from resampled headlines."
    ),
    template(
        "{count} headlines have codes from you and from the coder that comes with Tocsin. Intervals have 90 %, from resampled headlines."
    ),
    template("These are few headlines: with fewer than 50 the figures can be far off."),
    template(
        "The least certain headlines come first, so the coder agrees with you less on them than on all headlines."
    ),
    template("Interval"),
    template("Most frequent differences"),
    template("You"),
    template("Headlines"),
    template("Tone: your codes in rows, the coder's in columns"),
    template("Speaker: your codes in rows, the coder's in columns"),
    template("Themes"),
    template("Both"),
    template("You alone"),
    template("The coder alone"),
    template("Your coder agrees with you better than the one that comes with Tocsin."),
    template("Your coder is worse: it agrees with you less than the one that comes with Tocsin. Do not use it."),
    template("Whether your coder is better is not clear: the interval holds zero."),
    template("The coder that comes with Tocsin"),
    template("Your coder"),
    template("Learn again"),
    template(
        "A new coder learns your codes on top of those that come with Tocsin. It stays apart, and codes nothing unless you choose it."
    ),
    template("This needs {needed} English headlines with your codes; you have {coded}."),
    template("Learn from my codes"),
    template("The coder is learning …"),
    template("It learned from {n} headlines. Korean headlines left out: {others}. You have coded {coded} by now."),
    template(
        "Shares of your codes that each coder gives. Each headline is coded here by a coder that did not learn it (5 parts, 90 % intervals)."
    ),
    template("Coder of Tocsin"),
    template("{points} points ({low} to {high})"),
    template("Headlines and weeks are coded by"),
)
SCREEN = Screen(WORDS, routes, key="media")
