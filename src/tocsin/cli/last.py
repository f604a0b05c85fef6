"""The last run, stored in the user's state folder for `tocsin` and `tocsin show`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ValidationError

from tocsin.assessment.record import AssessmentRecord
from tocsin.cli.output import say
from tocsin.errors import InputError
from tocsin.files import write_all
from tocsin.translation import Said, Translator, message, row
from tocsin.translation.stored_text import STORED

THESIS = message(
    "Tocsin runs a strategic argument as a model. Facts come with sources, judgements with authors, and states meet in a game. Every claim "
    "of the argument gets a verdict: how probable it is, what that depends on, and what would change it. Tocsin takes no side."
)
FOUNDING = message(
    "The founding case asks why North Korea fears Japan's military build-up. A commentary of January 2026 answers: a capable Japan, free of "
    "its limits and allied with Washington, would wreck Kim's long-run aims."
)


RUNS = "runs"
"""Folder of the last run of each case."""


class LastRun(BaseModel):
    """A stored run.

    Attributes:
        assessment: its record.
        summary: of the case.
        questions: the questions of the case, each with its answer.
        brief: path of the brief.
        folder: of the case.
        parts: SHA-256 of the files that were stored with it, by name.
        made: day of the run in UTC; None if the version that stored it did not state it. It stands here and not in the record: the
            record of a repeated run is the same on every day.
    """

    assessment: AssessmentRecord
    summary: str
    questions: tuple[tuple[Said, Said], ...]
    brief: str
    folder: str
    parts: dict[str, str]
    made: date | None = None


ASSESSMENT, WORLDS = "assessment.json", "worlds.parquet"
"""Files beside the record: the whole assessment, and its worlds if it has any."""


def folder() -> Path:
    """Return the folder of the last run: `TOCSIN_HOME`, else the user's state folder."""
    named = os.environ.get("TOCSIN_HOME")
    if named:
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("tocsin")


def digests(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each part of a run."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}


def store_last(run: LastRun, parts: Mapping[str, bytes]) -> None:
    """Store a run with its parts as the last one, and as that of its case; if the folder cannot be written, say so and go on."""
    text = run.model_dump_json(by_alias=True, context={STORED: True})
    files: dict[Path, str | bytes] = {_part(run, name): data for name, data in parts.items()}
    try:
        write_all({**files, folder() / "last.json": text, folder() / RUNS / f"{run.assessment.case.id}.json": text})
    except InputError as error:
        say(f"tocsin: the run is not stored for `tocsin show` and `tocsin export`: {error}", err=True)


def _part(run: LastRun, name: str) -> Path:
    """Return the file of a part of a run; each case has its own."""
    return folder() / RUNS / run.assessment.case.id / name


def load_parts(run: LastRun) -> tuple[bytes | None, bytes | None]:
    """Return the whole assessment of the last run and its worlds, each None if it was not stored, has gone or belongs to another run."""

    def read(name: str) -> bytes | None:
        try:
            data = _part(run, name).read_bytes()
        except OSError:
            return None
        return data if digests({name: data})[name] == run.parts.get(name) else None

    return read(ASSESSMENT), read(WORLDS)


def load_last(case: str | None = None) -> LastRun | None:
    """Return the last run, of all cases or of one by its id; None if none is stored or the file is damaged."""
    try:
        file = folder() / "last.json" if case is None else folder() / RUNS / f"{case}.json"
        return LastRun.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def last_assessment(case: str | None = None) -> AssessmentRecord:
    """Return the assessment of the last run, of all cases or of one: its id, its folder or its case.yaml.

    Raises:
        InputError: if no such run is stored.
    """
    name = case if case is None or case in _stored() else _id_of(case)
    last = load_last(name)
    if last is not None:
        return last.assessment
    if name is None:
        raise InputError("no case has been run yet", remedy="run `tocsin assess CASE`, or name a file with --from")
    runs = ", ".join(_stored())
    raise InputError(
        f"no run of the case {name} is stored",
        remedy=f"run `tocsin assess {case}`" + (f"; stored are runs of {runs}" if runs else ""),
    )


def _stored() -> list[str]:
    """Return the ids of the cases of which a run is stored."""
    return sorted(file.stem for file in (folder() / RUNS).glob("*.json"))


def _id_of(case: str) -> str:
    from tocsin.case import load  # imported here: an id needs no case

    return load(Path(case)).id


def welcome(language: str) -> str:
    """Return what `tocsin` prints without a command: the purpose, the answers of the last run, the next commands."""
    last = load_last()
    if last is None:
        next_commands = (
            row(2, ("tocsin assess japan-buildup", 30), message("run the founding case and write its brief")),
            row(2, ("tocsin new my-case", 30), message("begin a case of your own")),
            row(2, ("tocsin --help", 30), message("list all commands")),
        )
        head = (THESIS, "", FOUNDING, "", message("No case has been run yet. Next:"))
        return _filled(Translator(language=language), [*head, *next_commands])
    return _filled(_translator(last, language), [THESIS, "", *_last_lines(last), "", *_next_commands(last)])


def _translator(last: LastRun, language: str) -> Translator:
    """Return the translator of the last run's case if it is at hand."""
    from tocsin.cli.exporting import case_of
    from tocsin.cli.languages import translator_of

    return translator_of(case_of(last.assessment) if language != "en" else None, language)


def _last_lines(last: LastRun) -> Iterator[str]:
    """Yield the last run: its case, and the case's questions with their answers."""
    case = last.assessment.case
    yield row(0, message("The last run: {title} (as of {day})", title=case.title, day=str(case.as_of)))
    yield row(2, last.summary)
    yield ""
    for asks, answer in last.questions:
        yield row(2, asks)
        yield row(4, answer)


def _next_commands(last: LastRun) -> Iterator[str]:
    claims = last.assessment.claims
    first = f"tocsin show {claims[0].id if claims else 'NAME'}"
    yield message("Next:")
    if Path(last.brief).exists():
        yield row(2, message("open {file}", file=last.brief))
    else:
        again = message("write the brief again: {file} does not exist", file=last.brief)
        yield row(2, ("tocsin assess CASE", 22), again)
    yield row(2, ("tocsin show", 22), message("list its claims and quantities"))
    yield row(2, (first, 22), message("show one of them, what it depends on and what would change it"))
    yield row(2, ("tocsin --help", 22), message("list all commands"))


def _filled(translator: Translator, lines: Iterable[str]) -> str:
    """Return lines in the language of the translator, those of prose broken to the width of a page."""
    from textwrap import fill

    said = []
    for line in lines:
        text = translator.plain(line)
        indent = text[: len(text) - len(text.lstrip())]
        said.append(fill(text, width=WIDTH, initial_indent="", subsequent_indent=indent))
    return "\n".join(said)


WIDTH = 116
"""Characters of a line of prose."""
