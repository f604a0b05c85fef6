"""Writing the brief: from an assessment to one HTML file that asks nothing of the network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from itertools import accumulate
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tocsin.assessment.result import Assessment
from tocsin.assessment.words import percent, phrase
from tocsin.backtest.stored import sentences
from tocsin.errors import InputError
from tocsin.files import write_all
from tocsin.report import prose, registers
from tocsin.report.alarm import sentence
from tocsin.report.diagram import diagram
from tocsin.report.figures import pictures, summary_of_fear
from tocsin.report.marks import MARKS, sprite
from tocsin.report.switches import panel

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
FIRST_PAGE = 500
"""Words of the first page at most: two minutes."""


def write_brief(assessment: Assessment, path: Path | str) -> None:
    """Write the brief of an assessment.

    The file is written beside its final place and then renamed, so that no half-made brief is ever seen.

    Args:
        assessment: what `tocsin.assess` returned.
        path: where to write; its folder must exist.

    Raises:
        InputError: if the folder does not exist or cannot be written to.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {target.parent}", file=str(target), remedy="make it, or name another")
    write_all({target: render(assessment)})


def render(assessment: Assessment) -> str:
    """The brief as HTML text: the same assessment, the same text."""
    script = _read("switches.js")
    return (
        _environment()
        .get_template("brief.html.jinja")
        .render(
            **_shared(assessment),
            style=Markup(_read("style.css")),
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def questions(assessment: Assessment) -> list[dict[str, Any]]:
    """The questions of the case with a short answer each, in plain text: keys "asks" and "short"."""
    return [{"asks": answered.asks, "short": answered.short} for answered in prose.questions(assessment)]


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tocsin.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters.update(
        percent=percent,
        phrase=phrase,
        plain=prose.plain,
        beside=prose.beside,
        span=prose.span,
        listed=prose.listed,
        json=embedded,
        place=_place,
    )
    return environment


def _shared(assessment: Assessment) -> dict[str, Any]:
    case = assessment.case
    count = Counter(claim.verdict for claim in assessment.claims)
    answered = prose.questions(assessment)
    return {
        "assessment": assessment,
        "case": case,
        "run": assessment.run,
        "main": case.theatres[case.main],
        "sprite": sprite(),
        "marks": MARKS,
        "tally": [(mark, count[verdict]) for verdict, mark in MARKS.items() if count[verdict]],
        "answer": prose.answer(assessment),
        "alarm": sentence(assessment.alarm) if assessment.alarm else "",
        "questions": answered,
        "first": _first(assessment),
        "drawing": diagram(assessment),
        "panel": panel(assessment),
        "ordered": registers.in_order(assessment.claims),
        "pictures": pictures(assessment),
        "fear_table": summary_of_fear(assessment),
        "fragile": registers.fragile(assessment),
        "open": [*registers.untested(case), *registers.not_separated(assessment)],
        "beliefs": registers.beliefs(case),
        "facts": registers.facts(case),
        "sources": registers.sources(case),
        "meaning": lambda name: registers.meaning(case, name),
        "flip_text": lambda flip: registers.flip_text(case, flip),
        "turn": lambda claim: prose.turn_by_threshold(case, claim),
        "banded": prose.banded,
        "validated": sentences(),
    }


def _printable(value: Any) -> Any:
    """Text without control characters, which no HTML may hold."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else _CONTROL.sub("", value)


def _first(assessment: Assessment) -> list[prose.Answered]:
    """The questions of the first page, in quotes short enough for all; if none is, as many as there is room for.

    The rest follow in the answers in full. Counted beside them: title, article and answer; names, roles and labels of the diagram; its legend and the footnote.
    """
    case, article = assessment.case, assessment.case.article
    texts = [
        case.title,
        *prose.answer(assessment),
        *((article.title, article.outlet, "An argument as") if article else ()),
    ]
    left = FIRST_PAGE - 65 - 3 * len(case.actors) - len(assessment.claims) - sum(len(text.split()) for text in texts)
    for quoted in (22, 12, 6):
        answered = prose.questions(assessment, quoted)
        taken = list(accumulate(len(f"{each.asks} {each.on_first_page}".split()) + 4 for each in answered))
        if not taken or taken[-1] <= left:
            return answered
    return [each for each, words in zip(answered, taken, strict=True) if words <= left]


def embedded(value: Any) -> Markup:
    """JSON that cannot end the script element in which it stands."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)


def _place(probability: float) -> str:
    """Where a probability lies on a scale of 100, for drawing."""
    return f"{100.0 * min(max(probability, 0.0), 1.0):.1f}"


def _read(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")
