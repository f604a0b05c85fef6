"""Resolve questions: yes, no, not yet due, or not known, each with the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from tocsin.case.types import is_after, parse_day
from tocsin.errors import InputError, did_you_mean
from tocsin.forecasts.events import EventDays
from tocsin.forecasts.record import QuestionRecord
from tocsin.reading import Row, decode, read_bytes, read_csv
from tocsin.translation import listed, message

ANSWERS = ("question", "happened", "date", "source", "note")
"""Columns of a file of answers."""
State = Literal["yes", "no", "not yet due", "not known", "disputed"]


@dataclass(frozen=True)
class Answer:
    """What one source says of one question.

    Attributes:
        happened: whether the event came within the window.
        day: of the event, or up to which the source knows that it did not come.
        source: who says so.
    """

    happened: bool
    day: date
    source: str


@dataclass(frozen=True)
class Resolution:
    """How a question ended; `why` names sources and days."""

    state: State
    why: str

    @property
    def outcome(self) -> bool | None:
        """Whether the event came; None if that is not known."""
        return {"yes": True, "no": False}.get(self.state)


def resolve(question: QuestionRecord, events: EventDays | None, answers: Sequence[Answer], today: date) -> Resolution:
    """Return how a question ended.

    Args:
        question: the question.
        events: the list of events that answers it, as far as it is at hand.
        answers: those given by hand.
        today: until which day something may be known.
    """
    listed, gap = _from_events(question, events, today) if events is not None else (None, "")
    given = [*([listed] if listed else []), *answers]
    if len({answer.happened for answer in given}) > 1:
        why = "; ".join(_answer_text(answer) for answer in given)
        return Resolution("disputed", f"the sources disagree: {why}")
    if given:
        return Resolution("yes" if given[0].happened else "no", "; ".join(_answer_text(answer) for answer in given))
    if question.due >= today:
        return Resolution("not yet due", f"due on {question.due}")
    if events is None:
        what = (
            "no answer was given" if question.resolves.kind == "manual" else f"{question.resolves.what} was not given"
        )
        return Resolution("not known", what)
    return Resolution("not known", gap)


def _answer_text(answer: Answer) -> str:
    return f"{answer.source}: {f'on {answer.day}' if answer.happened else f'not by {answer.day}'}"


def _from_events(question: QuestionRecord, events: EventDays, today: date) -> tuple[Answer | None, str]:
    """Return what a list of events says, or the reason why it says nothing; what it lists after today is no event yet."""
    within = [day for day in events.days if question.opens < day <= min(question.due, today)]
    if within:
        return Answer(True, within[0], events.name), ""
    if question.due >= today:
        return None, f"due on {question.due}"
    if events.last < question.due:
        return None, f"{events.name} ends on {events.last}, before the question was due ({question.due})"
    if unclear := [text for text in events.undated if _overlaps(text, question)]:
        return None, f"{events.name} has an event of {unclear[0]} whose day is not known"
    return Answer(False, question.due, events.name), ""


def _overlaps(text: str, question: QuestionRecord) -> bool:
    """Return whether an event of a year or month may lie within the window."""
    return not is_after(question.opens.isoformat(), text) and not is_after(text, question.due.isoformat())


def split_files(
    files: Sequence[Path], questions: Sequence[QuestionRecord], today: date
) -> tuple[dict[str, list[Answer]], dict[str, Path]]:
    """Return the answers by question, and the tables of events by the name that questions use.

    A file whose first columns are those of answers holds answers. Any other file must have the name of a table that a question asks.

    Raises:
        InputError: if a file is neither, or an answer does not fit its question or is dated after today.
    """
    answers: dict[str, list[Answer]] = {}
    tables: dict[str, Path] = {}
    wanted = {item.resolves.what for item in questions if item.resolves.kind == "table"}
    for file in files:
        text = decode(read_bytes(file, str(file)), str(file))
        header = next(csv.reader(io.StringIO(text)), [])
        if "question" not in header and (table := _table_copied(file, wanted)):
            tables[table] = file
            continue
        for key, answer in _answers(text, str(file), {item.id: item for item in questions}, today):
            answers.setdefault(key, []).append(answer)
    return answers, tables


def _table_copied(file: Path, wanted: Collection[str]) -> str | None:
    """Return the table that a file is a copy of: the one whose path it ends with, or else the only one of its name."""
    ends = [what for what in wanted if file.as_posix().endswith(f"/{what}")]
    same = ends or [what for what in wanted if Path(what).name == file.name]
    if len(same) > 1:
        raise InputError(
            message("it may be a copy of {names}", names=listed(sorted(same))),
            file=str(file),
            remedy=message("give it the path of one of them, such as {path}", path=same[0]),
        )
    return same[0] if same else None


def _answers(text: str, shown: str, questions: Mapping[str, QuestionRecord], today: date) -> list[tuple[str, Answer]]:
    return [_answer(row, questions, today) for row in read_csv(text, shown, ANSWERS[:-1], ANSWERS[-1:])]


def _answer(row: Row, questions: Mapping[str, QuestionRecord], today: date) -> tuple[str, Answer]:
    key, happened, source = (row.cells[column] for column in ("question", "happened", "source"))
    question = questions.get(key)
    if question is None:
        raise row.error("question", f"unknown question {key!r}", did_you_mean(key, questions))
    if happened.lower() not in ("true", "false"):
        raise row.error("happened", f"{happened!r} is not true or false", "write true or false")
    if not source:
        raise row.error("source", "an answer without a source", "name who says so, with the day")
    try:
        day = parse_day(row.cells["date"])
    except InputError as error:
        raise row.error("date", error.message, error.remedy) from None
    answer = Answer(happened.lower() == "true", day, source)
    if problem := _misdated(answer, question, today):
        raise row.error("date", *problem)
    return key, answer


def _misdated(answer: Answer, question: QuestionRecord, today: date) -> tuple[str, str] | None:
    """Return what is wrong with the day of an answer, and the remedy; None if nothing is."""
    day, key = answer.day, question.id
    if day > today:
        message = f"{day} lies in the future: today is {today}"
        return message, "correct the date, or leave the row out until that day has passed"
    if answer.happened and not question.opens < day <= question.due:
        message = f"{day} is not within {key!r}, after {question.opens} and up to {question.due}"
        return message, "write happened: false if it came too late; what came before does not count"
    if not answer.happened and question.due >= today:
        message = f"{key!r} is not yet due: its due day is {question.due}, and today is {today}"
        return message, "leave the row out until the due day has passed"
    if not answer.happened and day < question.due:
        message = f"{key!r} is due on {question.due}, after {day}"
        return message, "give the day, not before it is due, until which the source would have known"
    return None


Reader = Callable[[str, Mapping[str, Sequence[str]]], EventDays]


def resolve_all(
    questions: Sequence[QuestionRecord],
    answers: Mapping[str, Sequence[Answer]],
    *,
    registers: Reader,
    tables: Reader,
    given: Mapping[str, Path],
    today: date,
) -> tuple[Resolution, ...]:
    """Return how each question ended; see `resolve`."""
    result = []
    for question in questions:
        resolves, events = question.resolves, None
        if resolves.kind == "register":
            events = registers(resolves.what, resolves.where)
        elif resolves.what in given:
            events = tables(resolves.what, resolves.where)
        result.append(resolve(question, events, answers.get(question.id, ()), today))
    return tuple(result)
