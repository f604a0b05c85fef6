"""The brief: one HTML file made from an assessment, which needs no network."""

from __future__ import annotations

import base64
import hashlib
import json
from itertools import accumulate
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tocsin.assessment.result import Assessment
from tocsin.assessment.words import percent
from tocsin.errors import InputError
from tocsin.files import write_all
from tocsin.report import sentences, table_rows, wording
from tocsin.report.charts import charts
from tocsin.report.diagram import diagram
from tocsin.report.sentences import QuestionAnswer
from tocsin.report.switches import panel
from tocsin.report.verdict_marks import MARKS, sprite
from tocsin.tables import printable

MAX_FIRST_PAGE = 500
"""Words of the first page: two minutes of reading."""

_FIXED_WORDS = 88
"""Words of the first page that are the same for every case: headings, legend, footnote."""


def write_brief(assessment: Assessment, path: Path | str) -> None:
    """Write the brief of an assessment; the file appears whole or not at all.

    Args:
        assessment: result of `tocsin.assess`.
        path: the file; its folder must exist.

    Raises:
        InputError: if the folder does not exist or cannot be written to.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise InputError(f"no folder {target.parent}", file=str(target), remedy="create it, or name another folder")
    write_all({target: render(assessment)})


def render(assessment: Assessment) -> str:
    """Return the brief as HTML; the same assessment always gives the same text."""
    script = _read("switches.js")
    page = (
        _environment()
        .get_template("brief.html.jinja")
        .render(
            **_variables(assessment),
            style=Markup(_read("style.css")),
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )
    return printable(page, lines=True)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tocsin.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_with_tied_percent,
    )
    environment.filters.update(
        percent=percent,
        holds_with=wording.holds_with,
        readable=wording.readable,
        range_of=sentences.range_of,
        listed=wording.listed,
        json=embedded_json,
        scale_position=_scale_position,
    )
    return environment


def _variables(assessment: Assessment) -> dict[str, Any]:
    """Return the variables of the templates."""
    case = assessment.case
    verdicts = {claim.verdict for claim in assessment.claims}
    return {
        "assessment": assessment,
        "case": case,
        "run": assessment.run,
        "sprite": sprite(),
        "marks": MARKS,
        "shown": [mark for verdict, mark in MARKS.items() if verdict in verdicts],
        "answer": sentences.answer(assessment),
        "alarm": sentences.alarm_sentences(assessment.alarm) if assessment.alarm else "",
        "questions": sentences.questions(assessment),
        "first": _first_page(assessment),
        "diagram": diagram(assessment) if case.theatres else None,
        "panel": panel(assessment),
        "ordered": table_rows.in_text_order(assessment.claims),
        "charts": charts(assessment),
        "fear_rows": table_rows.fear_rows(assessment),
        "fragile": table_rows.fragile_rows(assessment),
        "untested": [*table_rows.untested_rows(case), *table_rows.undecidable_rows(assessment)],
        "beliefs": table_rows.belief_rows(case),
        "facts": table_rows.fact_rows(case),
        "sources": table_rows.source_rows(case),
        "meaning": lambda name: table_rows.input_meaning(case, name),
        "flip_text": lambda flip: table_rows.flip_text(case, flip),
        "explanation": lambda claim, with_range=False: sentences.explanation(case, claim, with_range=with_range),
        "threshold_text": lambda claim, value: sentences.threshold_text(case, claim.id, value),
        "with_range": wording.with_range,
        "backtest": _backtest() if case.theatres else ("", ""),
    }


def _backtest() -> tuple[str, str]:
    # imported here: the back-test loads data frames, and a case without a game has nothing to test
    from tocsin.backtest.stored import sentences

    return sentences()


def _with_tied_percent(value: Any) -> Any:
    """Return text with "%" tied to its number."""
    return (
        value.replace(" %", "\N{NO-BREAK SPACE}%")
        if isinstance(value, str) and not isinstance(value, Markup)
        else value
    )


def _first_page(assessment: Assessment) -> list[QuestionAnswer]:
    """Return the questions of the first page, with quotes short enough for all to fit, else only the first questions.

    The limit includes the other words of the page: title, article, answer, and the names, roles and labels of the diagram.
    """
    case, article = assessment.case, assessment.case.article
    texts = [
        case.title,
        *sentences.answer(assessment),
        *((article.title, article.outlet, "The argument") if article else ()),
    ]
    words = sum(len(text.split()) for text in texts) + 3 * len(case.actors) + len(assessment.claims)
    left = MAX_FIRST_PAGE - _FIXED_WORDS - words
    for quoted in (sentences.LONG_QUOTE, 12, 6):
        answers = sentences.questions(assessment, quoted)
        lengths = list(accumulate(len(f"{answer.asks} {answer.first_page}".split()) + 5 for answer in answers))
        if not lengths or lengths[-1] <= left:
            return answers
    return [answer for answer, length in zip(answers, lengths, strict=True) if length <= left]


def embedded_json(value: Any) -> Markup:
    """Return JSON that cannot end the script element that contains it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)


def _scale_position(probability: float) -> str:
    """Return where a probability lies on a scale from 0 to 100."""
    return f"{100.0 * min(max(probability, 0.0), 1.0):.1f}"


def _read(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")
