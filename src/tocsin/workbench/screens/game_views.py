"""What the screen of actors shows of the games, as plain values for JSON."""

from __future__ import annotations

from typing import Any

from tocsin.assessment.figures_result import FanYear
from tocsin.assessment.result import Assessment
from tocsin.case.translations import translator_for
from tocsin.report.charts import chart_svg, chart_texts
from tocsin.report.wording import percentage, percentage_band
from tocsin.translation import Translator, in_commas, in_semicolons, key_words, message
from tocsin.workbench.desk import Desk
from tocsin.workbench.screens.game_drawing import drawn
from tocsin.workbench.screens.shown_game import Game, condition_name, game_of, last_run, run_view


def games_view(desk: Desk, language: str) -> dict[str, Any]:
    """Return the games of the case on the desk, by theatre, and what a reader calls its conditions.

    Raises:
        CaseErrors: if the case has errors.
        InputError: if the stored run cannot be read.
    """
    case = desk.case()
    run = last_run(case)
    translator = translator_for(case, language)
    return {
        "run": run_view(run),
        "types": [] if run is None else [translator.plain(key_words(kind)) for kind in run.assessment.case.types],
        "conditions": {key: translator.plain(condition_name(case, key)) for key in case.regimes},
        "theatres": {name: _game(game_of(case, name, run), translator) for name in case.forms},
        "fan": None if run is None else _fan(run.assessment, translator),
    }


def fan_svg(desk: Desk, language: str) -> str | None:
    """Return the brief's chart of how far the aim gets by each year, by the last run; None if that is not known.

    Raises:
        CaseErrors: if the case has errors.
        InputError: if the stored run cannot be read.
    """
    case = desk.case()
    run = last_run(case)
    if run is None or not run.assessment.figures.fan:
        return None
    return chart_svg(run.assessment, "fan", translator_for(run.assessment.case, language))


def _game(game: Game, translator: Translator) -> dict[str, Any]:
    say = translator.plain
    said = (
        message("{actor}: {options}", actor=move.who, options=in_commas(o.name for o in move.options))
        for move in game.moves
    )
    return {
        "picture": drawn(game, translator),
        "years": game.years,
        "says": say(message("The order of moves in a year: {moves}.", moves=in_semicolons(said))),
        "moves": [
            {
                "who": say(message("{actor} ({role})", actor=move.who, role=move.role)),
                "when": say(move.when),
                "options": [{"name": say(option.name), "chance": say(option.chance)} for option in move.options],
            }
            for move in game.moves
        ],
        "ends": [
            {"name": say(end.name), "chances": [say(percentage_band(band)) for band in end.bands]} for end in game.ends
        ],
    }


def _fan(assessment: Assessment, translator: Translator) -> dict[str, Any] | None:
    """Return how far the aim gets in the main theatre by each year, with the words of the brief's chart; None if that is not known."""
    years = assessment.figures.fan
    if not years:
        return None
    text = next(text for text in chart_texts(assessment) if text.id == "fan")
    steps = [message("step {step}", step=f"{step}") for step in range(1, len(years[0].levels))]
    heads = (message("not advanced"), *steps, message("aim reached"), message("challenger fallen"))
    return {
        "theatre": assessment.case.main,
        "title": translator.plain(text.title),
        "reading": translator.plain(text.reading),
        "says": translator.plain(text.description),
        "heads": [translator.plain(head) for head in heads],
        "years": [{"year": year.year, "chances": _fan_chances(year, translator)} for year in years],
    }


def _fan_chances(year: FanYear, translator: Translator) -> list[str]:
    return [translator.plain(percentage(chance)) for chance in (*year.levels, year.won, year.fallen)]
