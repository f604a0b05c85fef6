"""The brief: one HTML file made from an assessment, which needs no network."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from tocsin.assessment.challenging.result import Challenge
from tocsin.assessment.result import Assessment
from tocsin.assessment.words import effective_text
from tocsin.case.translations import translator_for
from tocsin.errors import InputError
from tocsin.files import write_all
from tocsin.report import sentences, table_rows
from tocsin.report.challenge_page import challenge_page
from tocsin.report.charts import charts
from tocsin.report.claim_details import detail_texts
from tocsin.report.claim_groups import claim_groups
from tocsin.report.colours import on_page
from tocsin.report.control_rows import control_rows
from tocsin.report.diagram import diagram
from tocsin.report.draft import draft_text
from tocsin.report.figure_data import DataLink, data_link
from tocsin.report.first_page import LIMITS, MAX_WORDS, FirstPage, Limits, first_page
from tocsin.report.other_models import models_axis, models_blocks, only_this_game
from tocsin.report.outside import outside
from tocsin.report.parts import ALL
from tocsin.report.printing import environment
from tocsin.report.rivals import explained, rival_sections, tested_by
from tocsin.report.sketch_panel import sketch_panel
from tocsin.report.switches import panel
from tocsin.report.verdict_marks import MARKS, sprite
from tocsin.tables import printable
from tocsin.translation import Text, Translator, message, plural


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
        raise InputError(
            message("no folder {folder}", folder=str(target.parent)),
            file=str(target),
            remedy=message("create it, or name another folder"),
        )
    write_all({target: render(assessment)})


def render(
    assessment: Assessment,
    *,
    parts: Collection[str] = ALL,
    drawn: bool = True,
    language: str = "en",
    challenge: Challenge | None = None,
) -> str:
    """Return the brief as HTML; the same assessment always gives the same text.

    Args:
        assessment: result of `tocsin.assess`.
        parts: parts to return beside the first page, see `report.parts`.
        drawn: whether the charts are drawn; their words are there in any case.
        language: one of `LANGUAGES`.
        challenge: a challenge of its claims, for a page on it.
    """
    translator = translator_for(assessment.case, language)
    return rendered(assessment, translator, parts=parts, drawn=drawn, challenge=challenge)


def rendered(
    assessment: Assessment,
    translator: Translator,
    *,
    parts: Collection[str] = ALL,
    drawn: bool = True,
    challenge: Challenge | None = None,
) -> str:
    """Return the brief as `render` does, in the words of a translator."""
    sketch, whole = sketch_panel(assessment) if "switches" in parts and drawn else None, bool(parts)
    script = "".join(_read(name) for name in ("folds.js", "switches.js", *(["sketch.js"] if sketch else [])))
    page = (
        environment()
        .get_template("brief.html.jinja")
        .render(
            translator=translator,
            **_variables(assessment, drawn=drawn),
            whole=whole,
            parts=parts,
            sketch=sketch,
            challenged=challenge_page(assessment.case, challenge) if challenge and "challenge" in parts else None,
            language=translator.language,
            missing=translator.missing,
            diagram=diagram(assessment, translator) if assessment.case.theatres and "claims" in parts else None,
            charts=charts(assessment, translator, drawn=drawn and "charts" in parts),
            first=_first(assessment, translator, whole=whole, drawn=drawn)[1],
            style=Markup(_read("style.css")),
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )
    return printable(page if set(parts) >= ALL else _without_lost_links(page), lines=True)


def _without_lost_links(page: str) -> str:
    """Return a page without the links to parts of the brief that it leaves out."""
    places = set(re.findall(r' id="([^"]*)"', page))
    return re.sub(r' href="#([^"]*)"', lambda link: link[0] if link[1] in places else "", page)


def fitting_first_page(assessment: Assessment, translator: Translator) -> FirstPage:
    """Return the first page within the most generous limits that keep it short enough."""
    return first_page(assessment, _fitting_limits(assessment, whole=True), translator)


def _first(
    assessment: Assessment, translator: Translator, *, whole: bool = True, drawn: bool = True
) -> tuple[FirstPage, Markup]:
    """Return the first page within the most generous limits that keep it short enough, and its text."""
    page = first_page(assessment, _fitting_limits(assessment, whole=whole), translator)
    use = sentences.games_used(assessment.case, assessment.settled)[0]
    return page, _first_text(assessment, page, use, translator, whole=whole, drawn=drawn)


def _fitting_limits(assessment: Assessment, *, whole: bool) -> Limits:
    """Return the most generous limits within which the first page is short enough in English, else the tightest.

    English counts for every language, so that the page has the same parts in all.
    """
    translator, use = Translator(), sentences.games_used(assessment.case, assessment.settled)[0]
    for limits in LIMITS:
        text = _first_text(assessment, first_page(assessment, limits, translator), use, translator, whole=whole)
        if len(_visible(text).split()) <= MAX_WORDS:
            return limits
    return LIMITS[-1]


def _first_text(
    assessment: Assessment,
    page: FirstPage,
    use: sentences.GameUse,
    translator: Translator,
    *,
    whole: bool,
    drawn: bool = False,
) -> Markup:
    """Return the text of a first page; `use` is what most claims need to be decided, which no limits change."""
    return Markup(
        environment()
        .get_template("parts/first.jinja")
        .render(
            translator=translator,
            page=page,
            draft=draft_text(assessment.health.findings),
            case=assessment.case,
            games_used=use,
            differs=_differs(assessment),
            marks=MARKS,
            whole=whole,
            data_link=_data_links(assessment, drawn=drawn),
        )
    )


def _differs(assessment: Assessment) -> Text:
    """Return that a run set inputs otherwise than its case, without their names, which the first page does not use; empty if it set none."""
    count = len(assessment.run.settings)
    if not count:
        return Text()
    return plural(
        "This run is not of the case as it stands: {count} input is set otherwise.",
        "This run is not of the case as it stands: {count} inputs are set otherwise.",
        count,
    )


def _visible(page: Markup) -> str:
    """Return the text of a part of the page."""
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


def _data_links(assessment: Assessment, *, drawn: bool) -> Callable[[str], DataLink | None]:
    """Return what gives the link to the numbers behind a figure by its name; None where no figure is drawn."""

    @cache
    def link(name: str) -> DataLink | None:
        return data_link(assessment, name) if drawn else None

    return link


def _variables(assessment: Assessment, *, drawn: bool) -> dict[str, Any]:
    """Return the variables of the templates."""
    case = assessment.case
    verdicts = {claim.verdict for claim in assessment.claims}
    return {
        "draft": message("Draft") if draft_text(assessment.health.findings) else "",
        "assessment": assessment,
        "case": case,
        "run": assessment.run,
        "sprite": on_page(sprite()),
        "marks": MARKS,
        "shown": [verdict for verdict in MARKS if verdict in verdicts],
        "alarm": sentences.alarm_sentences(assessment.alarm) if assessment.alarm else "",
        "foretold": _foretold(assessment),
        "groups": claim_groups(assessment),
        "panel": panel(assessment),
        "loss_rows": table_rows.loss_rows(assessment),
        "event_order": table_rows.event_order(assessment),
        "present_rows": table_rows.present_rows(assessment),
        "controls": control_rows(assessment),
        "fragile": table_rows.fragile_rows(assessment),
        "untested": table_rows.untested_rows(assessment),
        "beliefs": table_rows.belief_rows(case),
        "facts": table_rows.fact_rows(case),
        "sources": table_rows.source_rows(case),
        **detail_texts(assessment),
        "draws_text": _draws_text(assessment),
        "explanation": lambda claim: sentences.explanation(case, claim),
        "games": sentences.games_text(case, assessment.settled),
        "part_said": sentences.part_said,
        "outside": lambda claim: outside(assessment, claim),
        "models_blocks": lambda claim: models_blocks(assessment, claim),
        "models_axis": models_axis(),
        **_rivals(assessment),
        "only_this_game": only_this_game(assessment) if case.theatres else "",
        "curve_text": sentences.curve_text,
        "data_link": _data_links(assessment, drawn=drawn),
        "backtest": _backtest() if case.theatres else "",
    }


def _rivals(assessment: Assessment) -> dict[str, Any]:
    """Return the variables of rival explanations and arguments."""
    return {
        "rival_sections": rival_sections(assessment),
        "explained": lambda claim: explained(assessment, claim),
        "tested_by": lambda name: tested_by(assessment, name),
    }


def _draws_text(assessment: Assessment) -> str:
    """Return the number of draws, and how many effective ones each model has at least; empty if nothing was drawn."""
    run = assessment.run
    if not run.draws:
        return ""
    draws = f"{run.draws:,}"
    if not run.models or run.effective_draws is None:
        return draws
    effective = effective_text(run.effective_draws)
    if assessment.case.history:
        return message(
            "{draws} in each model; at least {effective} after weighting by past years",
            draws=draws,
            effective=effective,
        )
    return message("{draws} in each model; at least {effective}", draws=draws, effective=effective)


def _foretold(assessment: Assessment) -> Text:
    """Return whether the challenger's words foretell its acts, if a claim asks about its words; only one state's words were tested."""
    from tocsin.rhetoric.foretell.results import SPEAKER, sentence

    case = assessment.case
    return sentence() if assessment.alarm and case.theatres[case.main].challenger == SPEAKER else Text()


def _backtest() -> Text:
    # imported here: the back-test loads data frames, and a case without a game has nothing to test
    from tocsin.backtest.stored import sentences

    return sentences()


def _read(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")
