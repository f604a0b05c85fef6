"""What all screens share: the case, its edits, and the words of the frame around a screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, JsonValue
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.body import Body
from tocsin.workbench.opened import Opened, Screen, case_after, read_body

MAX_CHANGES = 1_000
"""Changes in one edit: a pasted table is far smaller."""


class Put(Body):
    """A value to write at a path of the case file."""

    do: Literal["put"]
    loc: tuple[str | int, ...] = Field(min_length=1, max_length=12)
    value: JsonValue

    def made(self, text: str, shown: str) -> str:
        """Return the changed text."""
        from tocsin.case.rewriting import with_value

        return with_value(text, shown, self.loc, self.value)


class Take(Body):
    """A value to take out of the case file."""

    do: Literal["take"]
    loc: tuple[str | int, ...] = Field(min_length=1, max_length=12)

    def made(self, text: str, shown: str) -> str:
        """Return the changed text."""
        from tocsin.case.rewriting import without_value

        return without_value(text, shown, self.loc)


class Edit(Body):
    """Changes to the version of the case file that the reader saw."""

    base: str
    changes: list[Annotated[Put | Take, Field(discriminator="do")]] = Field(min_length=1, max_length=MAX_CHANGES)

    def made(self, text: str, file: Path) -> str:
        """Return the changed text of a case file.

        Raises:
            InputError: if a change is not possible.
            CaseErrors: if the edit brings new errors.
        """
        # imported where it is used, so that the page appears before the case is read
        from tocsin.workbench.soundness import check_sound

        changed = text
        for change in self.changes:
            changed = change.made(changed, file.name)
        check_sound(file, text, changed, [change.loc for change in self.changes])
        return changed


class Base(Body):
    """The version of the case file that the reader saw."""

    base: str


class Chosen(Body):
    """The language that a reader chose for the screens."""

    language: Literal["en", "ko", "ja"]


def routes(opened: Opened) -> list[Route]:
    """Return the requests for the case and its edits."""
    desk = opened.desk

    async def case(_request: Request) -> Response:
        answer = await case_after(opened, desk.draft)
        answer.background = BackgroundTask(opened.hand.start)  # its games compile while the case is read on the screen
        return answer

    async def edit(request: Request) -> Response:
        wanted = await read_body(Edit, request)
        return await case_after(opened, lambda: desk.edit(wanted.base, lambda text: wanted.made(text, desk.file)))

    async def undo(request: Request) -> Response:
        seen = await read_body(Base, request)
        return await case_after(opened, lambda: desk.undo(seen.base))

    async def redo(request: Request) -> Response:
        seen = await read_body(Base, request)
        return await case_after(opened, lambda: desk.redo(seen.base))

    async def speak(request: Request) -> Response:
        opened.speak((await read_body(Chosen, request)).language)
        return JSONResponse({})

    return [
        Route("/api/language", speak, methods=["POST"]),
        Route("/api/case", case),
        Route("/api/edit", edit, methods=["POST"]),
        Route("/api/undo", undo, methods=["POST"]),
        Route("/api/redo", redo, methods=["POST"]),
    ]


WORDS = (
    template("Screens"),
    template("Menu"),
    template("{share} %"),
    template("Language"),
    template("Skip to the content"),
    template("Undo"),
    template("Redo"),
    template("Saving …"),
    template("Saved"),
    template("Not saved"),
    template("Refused"),
    template("Save it together with my next change"),
    template("Waiting change"),
    template("Not saved yet: {places}. It waits for a change that makes it right. Other changes are saved without it."),
    template("Drop it"),
    template("The workbench has ended."),
    template("Run tocsin open again. Your saved edits are in the file."),
    template("This case comes with the program and cannot be changed."),
    template("{count} item still has the template's text. Every file is marked as a draft until it is gone."),
    template("{count} items still have the template's text. Every file is marked as a draft until they are gone."),
    template("The case changed in another window"),
    template("Your last edit is not saved. The screen shows the other text now."),
    template("Apply my edit to the other text"),
    template("Drop my edit"),
    template("Show the other text"),
    template("What differs"),
    template("The two texts differ in comments or layout alone."),
    template("Item"),
    template("Before"),
    template("Other text"),
    template("Mine"),
    template("unchanged"),
    template("taken out"),
    template("Problems"),
    template("No problems."),
    template("Errors: {errors}, notices: {notices}"),
    template("Error"),
    template("Notice"),
    template("The case has errors. Correct them first: they are listed below."),
    template("The case is being read …"),
    template("Find"),
    template("Show more"),
    template("Source"),
    template("Choose …"),
    template("Remove {name}"),
    template("To remove it, take it out of these first: {places}"),
    template("Verdicts"),
    template("Claims"),
    template("Stop"),
    template("The case is run: {stage}"),
    template("Items are compared: {stage}"),
    template("Claims are challenged: {stage}"),
    template("A run is verified: {stage}"),
    template("Data sets are downloaded: {stage}"),
    template("about {time} left in this step"),
    template("{seconds} s"),
    template("{minutes} min"),
    template("Article"),
    template("Paste the text of the article."),
    template("Kind"),
    template("Remove"),
    template("Keep it"),
    template("Year"),
    template("Events"),
    template("Difference"),
    template("Back"),
    template("Close"),
    template("Target"),
    template("Range"),
    template("Measure"),
    template("State"),
    template("Title"),
    template("Day of the article"),
    template("Citation"),
    template("Grade, such as A1 or C3"),
    template("Actor"),
    template("Fact"),
    template("Value"),
    template("Date"),
    template("Probability"),
    template("Theatre"),
    template("Claim"),
    template("Go to its line"),
    template("Go to its field"),
    template("Summary"),
    template("Question"),
    template("Belief"),
    template("Event"),
    template("This field is empty."),
    template("Fill it in."),
    template("This is not a number."),
    template("Write digits, with a point before decimals."),
    template("This is no day of the calendar."),
    template("Correct the day, or empty the field."),
    template("This is no web address."),
    template("Write it whole, with https:// before it."),
    template("This is not between {low} and {high}."),
    template("Write a value between them."),
    template("This is not a whole number."),
    template("Write it without decimals."),
    template("This is too long."),
    template("Shorten it."),
    template("This does not have the form that is needed."),
)
SCREEN = Screen(WORDS, routes)
