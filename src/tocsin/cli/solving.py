"""The command `tocsin solve`."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.cli.output import emit, say
from tocsin.errors import InputError, SolveError
from tocsin.files import check_csv_name, check_outputs
from tocsin.translation import Text, message

if TYPE_CHECKING:
    from tocsin.games.efg import Answer, Solvable
    from tocsin.games.efg.solving import Method, Precision
    from tocsin.plots.branches import Trace

STDOUT = Path("-")
BY_PLAYER = message(
    "PLAYER=NUMBER,... with the player's label or position; write a label that holds a comma in double quotes"
)


def solve_file(
    file: Path,
    lambdas: Sequence[str],
    method: Method,
    json_file: Path | None,
    csv_file: Path | None = None,
    figure: Path | None = None,
) -> None:
    """Solve a game, print the answers, and write the requested files.

    Args:
        file: an extensive-form file.
        lambdas: texts of one number each, for all players; or one text of PLAYER=NUMBER pairs separated by commas. None of them:
            precision 1.
        method: see `tocsin.games.efg.solve`.
        json_file: for the answers as JSON; `-` prints them and nothing else.
        csv_file: for the points of the principal branch up to the largest precision.
        figure: for a figure of the branch, as SVG.

    Raises:
        InputError: if the input or an option is not valid.
        SolveError: if an equilibrium or the end of the branch was not reached.
    """
    from tocsin.games.efg import Solvable, read_efg, solve
    from tocsin.games.efg.solving import DEFAULT_PRECISION, in_file

    data_file = None if json_file == STDOUT else json_file
    _check_options(file, method, data_file, csv_file, figure)
    precision = _precision(lambdas)
    game = read_efg(file)
    if figure:
        from tocsin.plots.branches import check_panels

        check_panels(Solvable(game), file=str(file))
    with in_file(file):
        answers = solve(game, precision=precision, method=method)
        branch = _branch(Solvable(game), precision or DEFAULT_PRECISION) if csv_file or figure else None
    data = [answer.to_dict() for answer in answers]
    text = json.dumps(data if len(data) > 1 else data[0], indent=1, ensure_ascii=False) + "\n"
    _write(text, answers, branch, data_file, csv_file, figure)
    if json_file == STDOUT:
        emit(text)
    else:
        say("\n\n".join(map(_text, answers)))
    _check_converged(answers, branch)


# --- options -------------------------------------------------------------------------------------------------------


def _check_options(
    game: Path, method: Method, data_file: Path | None, csv_file: Path | None, figure: Path | None
) -> None:
    """Check the options before anything is solved.

    Raises:
        InputError: if the method follows no branch to write, the figure is not SVG, or a file cannot be written.
    """
    if method == "spe" and (csv_file or figure):
        option = "--csv" if csv_file else "--figure"
        raise InputError(
            message("{option} shows the branch, which --method spe does not follow", option=option),
            remedy=message("leave out --method spe"),
        )
    if figure:
        from tocsin.plots.svg import check_svg_name

        check_svg_name(figure)
    check_outputs([data_file, csv_file, figure], [game])
    check_csv_name(csv_file)


def _precision(lambdas: Sequence[str]) -> Precision | None:
    """Return the precisions as `solve` takes them; None if there are none."""
    if not any("=" in text for text in lambdas):
        return [_number(text) for text in lambdas] or None
    if len(lambdas) > 1:
        raise InputError(message("--lambda by player cannot be repeated"), remedy=message("give one --lambda A=1,B=2"))
    rates: dict[str, float] = {}
    for name, value in _pairs(lambdas[0]):
        if name in rates:
            raise InputError(
                message("two precisions for player {name} in --lambda", name=repr(name)), remedy=message("give one")
            )
        rates[name] = _number(value)
    return rates


def _pairs(text: str) -> list[tuple[str, str]]:
    """Return the players and numbers of PLAYER=NUMBER,...; quotes around a player protect its commas."""
    try:
        items = next(csv.reader([text], skipinitialspace=True))
    except csv.Error:
        raise InputError(message("--lambda cannot be read"), remedy=message("give {form}", form=BY_PLAYER)) from None
    pairs = []
    for item in items:
        name, equals, value = item.rpartition("=")
        if not equals:
            raise InputError(
                message("no number for {text} in --lambda", text=repr(item)),
                remedy=message("give {form}", form=BY_PLAYER),
            )
        pairs.append((name.strip(), value))
    return pairs


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(
            message("--lambda {text} is not a number", text=repr(text.strip())),
            remedy=message("give a number, or {form}", form=BY_PLAYER),
        ) from None


# --- output --------------------------------------------------------------------------------------------------------


def _branch(solvable: Solvable, precision: Precision) -> Trace:
    from tocsin.games.efg.solving import branch_marks
    from tocsin.plots.branches import trace

    rates, _ = branch_marks(precision, solvable.players)
    return trace(solvable, rates)


def _write(
    text: str,
    answers: Sequence[Answer],
    branch: Trace | None,
    data_file: Path | None,
    csv_file: Path | None,
    figure: Path | None,
) -> None:
    from tocsin.files import write_all

    files = {data_file: text} if data_file else {}
    if branch is not None:
        from tocsin.plots.branches import branch_csv, branch_svg

        if csv_file:
            files[csv_file] = branch_csv(branch)
        if figure:
            marks = [(_mark(answer, branch), _strategies(answer)) for answer in answers if answer.converged]
            files[figure] = branch_svg(branch, marks)
    write_all(files)


def _mark(answer: Answer, branch: Trace) -> float:
    """Return where an answer is on the branch, in the unit of its figure."""
    return answer.precision if branch.unit == "lambda" and isinstance(answer.precision, float) else 1.0


def _strategies(answer: Answer) -> dict[str, list[float]]:
    """Return the probabilities by the information set's name in the tree."""
    return {
        f"{player}:{number}": [*actions.values()]
        for player, sets in answer.strategies.items()
        for number, actions in sets.items()
    }


def _text(answer: Answer) -> str:
    from tocsin.tables import text_table

    rows = [
        (player, number, answer.labels[player].get(number), _listed(actions), _beliefs(answer.beliefs[player][number]))
        for player, sets in answer.strategies.items()
        for number, actions in sets.items()
    ]
    payoffs = "  ".join(f"{player} {value:.6g}" for player, value in answer.values.items())
    table = [text_table(("player", "set", "label", "probabilities", "beliefs"), rows)] if rows else []
    return "\n".join([answer.heading, *_notes(answer), *table, f"expected payoffs: {payoffs}"])


def _listed(actions: Mapping[str, float]) -> str:
    return "  ".join(f"{action} {probability:.6f}" for action, probability in actions.items())


def _beliefs(beliefs: Sequence[float]) -> str | None:
    """Return the beliefs at an information set as text; None if it has one decision."""
    return " ".join(f"{belief:.4f}" for belief in beliefs) if len(beliefs) > 1 else None


def _notes(answer: Answer) -> list[str]:
    notes = []
    if answer.sharpness is not None:
        notes.append(f"limit of the branch, followed to lambda times the spread of payoffs = {answer.sharpness:g}")
    if not answer.converged:
        notes.append("do not use these numbers: they did not converge")
    if answer.folds:
        notes.append(f"the branch turned back {answer.folds} times on the way, so there are other equilibria")
    if answer.crossings:
        notes.append("the branch met another branch on the way, so other continuations exist")
    if (count := len(answer.equilibria)) > 1:
        several = f"{count}" if answer.complete else f"at least {count}"
        notes.append(f"ties leave {several} equilibria; this is the first, and --json lists them")
    return notes


def _check_converged(answers: Sequence[Answer], branch: Trace | None) -> None:
    if lost := [answer for answer in answers if not answer.converged]:
        raise SolveError(
            message("not every equilibrium was reached"),
            remedy=message("do not use the answers marked NOT CONVERGED; {remedy}", remedy=_instead(lost[0])),
        )
    if branch is not None and not branch.complete:
        raise SolveError(
            message("the branch was lost at {unit} {number}", unit=branch.unit, number=f"{branch.positions[-1]:.4g}"),
            remedy=message("give a smaller --lambda"),
        )


def _instead(lost: Answer) -> Text:
    """Return what may give an equilibrium where an answer did not converge."""
    if lost.method != "limit":
        return message("give a smaller --lambda, or use --method spe")
    if not lost.sharpness or lost.followed is None:
        return message("leave out --method spe, and give a small --lambda")
    rates = ",".join(f"{_quoted(name)}={rate:.6g}" for name, rate in lost.followed.items())
    return message(
        "replace --method spe by --lambda {rates}, the last point of the branch that was reached",
        rates=shlex.quote(rates),
    )


def _quoted(name: str) -> str:
    """Return a player's name as --lambda takes it."""
    return '"' + name.replace('"', '""') + '"' if set(name) & set(',"') else name
