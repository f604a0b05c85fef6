"""One year of a game at one world as an extensive-form file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.assessment.situations import Model, with_events
from tocsin.assessment.world_table import INPUT, QUANTITY, WEIGHT
from tocsin.case.nodes import Call
from tocsin.case.schema import Case
from tocsin.errors import InputError
from tocsin.export.citing import how_to_cite
from tocsin.export.run import Run
from tocsin.export.unfolding import MAX_NODES, Grid, unfold
from tocsin.games.efg import format_efg
from tocsin.models.coercion.first_year import FirstYear, first_year
from tocsin.report.draft import draft_text
from tocsin.tables import printable
from tocsin.translation import message


@dataclass(frozen=True, kw_only=True)
class StageGame:
    """A stage game as text, with what its solution must give.

    Attributes:
        text: the file.
        precision: of choice, per unit of payoff, at which the file has these values.
        values: player -> value of the whole game, in its own stake.
        cut: how many ends stand for subgames.
    """

    text: str
    precision: float
    values: dict[str, float]
    cut: int


def stage_game(run: Run, number: int | None) -> StageGame:
    """Return year 1 of the present game of the main theatre, for the type of the largest weight, in one world.

    Args:
        run: the run.
        number: of the world in the table of worlds; None is the world at the weighted median of the revision risk.

    Raises:
        InputError: if the run has no worlds, or not this one.
        SolveError: if the game does not settle in this world.
    """
    case, worlds = run.case, run.worlds
    if case is None or worlds is None or not case.theatres:
        raise InputError(
            message("this run has no stored worlds of a game"),
            remedy=message("run `tocsin assess` on a case with a game, and then export the case"),
        )
    kind = max(case.types, key=lambda name: case.types[name].weight)
    rows = worlds.filter(worlds["theatres"] == case.main).to_dicts()
    row = _median(rows, kind, case.main) if number is None else _numbered(rows, number)
    draws = {name.removeprefix(INPUT): np.array([value]) for name, value in row.items() if name.startswith(INPUT)}
    there = with_events(case, Model(kind, case.discounting.central), Call("risk", theatre=case.main))
    year = first_year(case, there.scenario, draws)
    return _written(run, case, year, there.state, f"type {kind}, world {row['world']}")


def _numbered(rows: list[dict[str, float]], number: int) -> dict[str, float]:
    known = {int(row["world"]): row for row in rows}
    if number not in known:
        raise InputError(
            message("there is no world {number}", number=number),
            remedy=message("name one from 1 to {count}", count=len(known)),
        )
    return known[number]


def _median(rows: list[dict[str, float]], kind: str, theatre: str) -> dict[str, float]:
    """Return the world at which half of the weight lies in worlds with no more risk."""
    name = f"{QUANTITY}{kind}/risk(in {theatre})"
    ordered = sorted((row for row in rows if row[name] is not None), key=lambda row: row[name])
    total = np.cumsum([row[WEIGHT + kind] for row in ordered])
    return ordered[int(np.searchsorted(total, total[-1] / 2))]


def _written(run: Run, case: Case, year: FirstYear, state: int, which: str) -> StageGame:
    form = year.form
    labels = {actor: _label(case, actor) for actor in form.players}
    players = {labels[actor]: (role, row, year.stakes[actor]) for row, (actor, role) in enumerate(year.roles.items())}
    grid = Grid(
        root=year.tree.root,
        continuation=year.tree.continuation,
        choices=year.choices,
        at=(form.start, state, 0),
        players=players,
        flow=year.tree.flow,
    )
    values = {
        labels[actor]: float(table[form.start, state] / year.stakes[actor]) for actor, table in year.values.items()
    }
    draft = draft_text(run.record.health.findings)
    title = printable(f"Year 1, a part of a larger game: {case.title} ({case.main}, {which})")
    first = unfold(grid, title=title, comment="")
    comment = printable(" ".join(filter(None, [draft, *_explained(year, values, first.cut), *how_to_cite(run)])))
    game = unfold(grid, title=title, comment=comment).game
    return StageGame(text=format_efg(game), precision=year.precision, values=values, cut=first.cut)


def _label(case: Case, actor: str) -> str:
    names = [printable(case.actors[key].name) for key in case.actors]
    name = printable(case.actors[actor].name)
    return name if names.count(name) == 1 else actor


def _explained(year: FirstYear, values: dict[str, float], cut: int) -> list[str]:
    solved = ", ".join(f"{label} {value:.6g}" for label, value in values.items())
    lines = [
        "This file is one year of a game of many years.",
        "The payoffs at its ends include the solved values of all later years.",
        "Payoffs are in units of each player's own lifetime stake.",
        f"At the logit precision {year.precision:.12g} the values are: {solved}.",
    ]
    if year.form.strikers:
        lines.append(
            "After a false warning players believe in an attack that does not follow. No extensive form has this, "
            "so there they move by their solved probabilities, as chance."
        )
    if cut:
        lines.append(
            f"{cut} ends stand for subgames that occur elsewhere in the tree or exceed {MAX_NODES} nodes. Their payoffs are "
            "the solved values at that precision, so the file has other values at other precisions than the whole year."
        )
    return lines
