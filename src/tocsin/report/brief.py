"""The brief: one HTML file made from an assessment, which needs no network."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tocsin.assessment.result import Assessment
from tocsin.assessment.words import EVENT_WORDS, fine_percent, game_percent, percent, percent_range
from tocsin.errors import InputError
from tocsin.files import write_all
from tocsin.report import sentences, table_rows, wording
from tocsin.report.charts import charts
from tocsin.report.claim_groups import claim_groups
from tocsin.report.control_rows import control_rows
from tocsin.report.diagram import diagram
from tocsin.report.first_page import LIMITS, MAX_WORDS, FirstPage, first_page
from tocsin.report.other_models import models_axis, models_blocks, only_this_game
from tocsin.report.outside import outside
from tocsin.report.switches import panel
from tocsin.report.verdict_marks import MARKS, sprite
from tocsin.tables import printable


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


def render(assessment: Assessment, *, whole: bool = True, drawn: bool = True) -> str:
    """Return the brief as HTML; the same assessment always gives the same text.

    Args:
        assessment: result of `tocsin.assess`.
        whole: whether all of it is returned, or its first page only.
        drawn: whether the charts are drawn; their words are there in any case.
    """
    script = _read("folds.js") + _read("switches.js")
    environment = _environment()
    page = environment.get_template("brief.html.jinja").render(
        **_variables(assessment),
        whole=whole,
        charts=charts(assessment, drawn=drawn and whole),
        first=_first(environment, assessment, whole=whole)[1],
        style=Markup(_read("style.css")),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return printable(page, lines=True)


def fitting_first_page(assessment: Assessment) -> FirstPage:
    """Return the first page within the most generous limits that keep it short enough."""
    return _first(_environment(), assessment)[0]


def _first(environment: Environment, assessment: Assessment, *, whole: bool = True) -> tuple[FirstPage, Markup]:
    """Return the first page within the most generous limits that keep it short enough, and its text."""
    template = environment.get_template("parts/first.jinja")
    shared = {
        "case": assessment.case,
        "games_used": sentences.games_used(assessment.case)[0],
        "marks": MARKS,
        "whole": whole,
    }
    for limits in LIMITS:
        page = first_page(assessment, limits)
        text = Markup(template.render(page=page, **shared))
        if len(_visible(text).split()) <= MAX_WORDS:
            break
    return page, text


def _visible(page: Markup) -> str:
    """Return the text of a part of the page."""
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


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
        game_percent=game_percent,
        fine_percent=fine_percent,
        percent_range=lambda band: percent_range(band[0], band[2]),
        event_words=EVENT_WORDS.__getitem__,
        readable=wording.readable,
        range_of=sentences.range_of,
        counted=wording.counted,
        sentence=sentences.sentence,
        without_ticks=lambda text: text.replace("`", ""),
        json=embedded_json,
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
        "shown": [verdict for verdict in MARKS if verdict in verdicts],
        "alarm": sentences.alarm_sentences(assessment.alarm) if assessment.alarm else "",
        "foretold": _foretold(assessment),
        "diagram": diagram(assessment) if case.theatres else None,
        "groups": claim_groups(assessment),
        "panel": panel(assessment),
        "loss_rows": table_rows.loss_rows(assessment),
        "present_rows": table_rows.present_rows(assessment),
        "controls": control_rows(assessment),
        "fragile": table_rows.fragile_rows(assessment),
        "untested": table_rows.untested_rows(assessment),
        "beliefs": table_rows.belief_rows(case),
        "facts": table_rows.fact_rows(case),
        "sources": table_rows.source_rows(case),
        "meaning": lambda name: table_rows.input_meaning(case, name),
        "failing_text": lambda claim: table_rows.failing_text(case, claim),
        "turning_text": lambda claim: table_rows.turning_text(case, claim),
        "explanation": lambda claim: sentences.explanation(case, claim),
        "games": sentences.games_text(case),
        "part_said": sentences.part_said,
        "outside": lambda claim: outside(assessment, claim),
        "models_blocks": lambda claim: models_blocks(assessment, claim),
        "models_axis": models_axis(),
        "only_this_game": only_this_game(assessment) if case.theatres else "",
        "curve_text": sentences.curve_text,
        "with_range": wording.with_range,
        "backtest": _backtest() if case.theatres else "",
    }


def _foretold(assessment: Assessment) -> str:
    """Return whether the challenger's words foretell its acts, if a claim asks about its words; only one state's words were tested."""
    from tocsin.rhetoric.foretell.results import SPEAKER, sentence

    case = assessment.case
    return sentence() if assessment.alarm and case.theatres[case.main].challenger == SPEAKER else ""


def _backtest() -> str:
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


def embedded_json(value: Any) -> Markup:
    """Return JSON that cannot end the script element that contains it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)


def _read(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")
