"""What the screen of events shows of the last run: what each event does to the challenger, and the claims that ask about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tocsin.assessment.effect_words import parts_sentence
from tocsin.assessment.effects_record import EventPartsRecord
from tocsin.assessment.ladder import ladder
from tocsin.assessment.result import Assessment
from tocsin.assessment.verdicts import MIN_EFFECTIVE
from tocsin.assessment.words import VERDICT_WORDS
from tocsin.case import nodes
from tocsin.case.events import short_name
from tocsin.case.inputs import optional, required
from tocsin.case.schema import Case
from tocsin.case.translations import translator_for
from tocsin.export.drawings import BarRow, bars_svg, narrow_bars_svg
from tocsin.report.ladder_drawing import LadderDrawing, draw_ladder
from tocsin.report.table_rows import input_meaning, loss_rows
from tocsin.tables import printable
from tocsin.translation import Translator, in_semicolons, in_sentences, message
from tocsin.workbench.desk import Desk
from tocsin.workbench.screens.shown_game import condition_name, last_run, run_view


def events_view(desk: Desk, language: str) -> dict[str, Any]:
    """Return what the last run found about the events of the case on the desk, and what an event may multiply, and what readers call events and conditions.

    Raises:
        CaseErrors: if the case has errors.
        InputError: if the stored run cannot be read.
    """
    case = desk.case()
    run = last_run(case)
    translator = translator_for(case, language)
    return {
        "run": run_view(run),
        "inputs": {name: translator.plain(input_meaning(case, name)) for name in _inputs(case)},
        "names": {key: translator.plain(words) for key, words in _names(case)},
        "lines": {key: place.line for key in case.history if (place := case.place("history", key))},
        "found": None if run is None else _found(run.assessment, translator),
    }


def _inputs(case: Case) -> list[str]:
    """Return the inputs of the games, which an event may multiply."""
    names = (name for theatre in case.theatres for name in (*required(case, theatre), *optional(case, theatre)))
    return sorted(dict.fromkeys(names))


def _names(case: Case) -> Iterator[tuple[str, str]]:
    """Yield what a reader calls the events and conditions of a case, with their keys."""
    yield from ((event, short_name(case, event)) for event in case.events)
    yield from ((f"regimes.{key}", condition_name(case, key)) for key in case.regimes)


def _ladder(assessment: Assessment, translator: Translator) -> LadderDrawing | None:
    """Return the ladder of all events; None if there are none, or too few worlds are left to print a cost."""
    effective, rows = assessment.run.effective_draws, ladder(assessment)
    if effective is not None and effective < MIN_EFFECTIVE:
        return None
    return draw_ladder(assessment, rows, len(rows), translator)


def _says(drawing: LadderDrawing) -> Any:
    return in_semicolons(message("{name}: {value}", name=rung.name, value=rung.value) for rung in drawing.rungs)


def _found(assessment: Assessment, translator: Translator) -> dict[str, Any]:
    drawing = _ladder(assessment, translator)
    return {
        "ladder": None if drawing is None else _ladder_view(drawing, translator),
        "effects": _effects(assessment, translator),
        "parts": _parts(assessment, translator),
        "claims": _claims(assessment, translator),
    }


def _ladder_view(drawing: LadderDrawing, translator: Translator) -> dict[str, str]:
    say = translator.plain
    rows = [BarRow(say(rung.name), (say(rung.value),), rung.bar) for rung in drawing.rungs]
    drawn = (say(drawing.title), say(_says(drawing)), rows, drawing.axis)
    return {
        "picture": printable(bars_svg(*drawn), lines=True),
        "narrow": printable(narrow_bars_svg(*drawn), lines=True),
        "title": say(drawing.title),
        "reading": say(in_sentences(drawing.reading, drawing.survival, drawing.left_out)),
        "says": say(_says(drawing)),
    }


def _effects(assessment: Assessment, translator: Translator) -> dict[str, dict[str, str]]:
    """Return what each event of the main theatre does to the challenger, by event, as medians with ranges."""
    names = ("dent", "delay", "fall", "struck", "gains", "rise")
    return {
        loss.event: {name: translator.plain(getattr(row, name)) for name in names}
        for loss, row in zip(assessment.figures.loss, loss_rows(assessment), strict=True)
    }


def _parts(assessment: Assessment, translator: Translator) -> list[str]:
    """Return how effects that claims ask about divide among the parts of events, a sentence each."""
    effects = map(EventPartsRecord.of, assessment.event_parts)
    return [translator.plain(parts_sentence(effect)) for effect in effects]


def _claims(assessment: Assessment, translator: Translator) -> dict[str, list[dict[str, str]]]:
    """Return the claims that ask about each event, with their verdicts."""
    asking: dict[str, list[dict[str, str]]] = {}
    for claim in assessment.claims:
        tests = assessment.case.tests.get(claim.id, {}).values()
        read = {event for test in tests for call in nodes.calls(test.node) for event in (*call.events, *call.given)}
        shown = {
            "id": claim.id,
            "says": translator.plain(claim.says),
            "verdict": claim.verdict,
            "verdictWords": translator.plain(VERDICT_WORDS[claim.verdict]),
        }
        for event in read:
            asking.setdefault(event, []).append(shown)
    return asking
