"""Solving a game in a file from the command line."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import click

from tocsin.errors import InputError, SolveError, did_you_mean

if TYPE_CHECKING:
    from tocsin.games.efg.solving import Solvable
    from tocsin.plots.branches import Trace

Method: TypeAlias = Literal["auto", "recursion", "branch", "spe"]
Answer: TypeAlias = dict[str, Any]

MAX_LAMBDA = 1e9
LARGEST_FILE = 2**28
STDOUT = Path("-")


def solve_file(
    file: Path,
    lambdas: Sequence[str],
    method: Method,
    json_file: Path | None,
    csv_file: Path | None = None,
    figure: Path | None = None,
) -> None:
    """Read a game, solve it, print it, and write it as JSON and its branch as CSV and figure if asked.

    Args:
        file: an extensive-form file.
        lambdas: as written: a number for all players, or PLAYER=NUMBER pairs parted by commas.
        method: how; `auto` takes the closed recursion where it applies.
        json_file: where the answer goes as JSON; `-` for standard output, and then nothing else is printed.
        csv_file: where the principal branch up to the largest precision goes, point by point.
        figure: where it goes as SVG.

    Raises:
        InputError: bad input.
        SolveError: nothing was found, or not all of it.
    """
    from tocsin.games.backend import use_disk_cache
    from tocsin.games.efg.solving import Solvable

    data_file = None if json_file == STDOUT else json_file
    _check_outputs(file, method, {"--json": data_file, "--csv": csv_file, "--figure": figure})
    use_disk_cache()
    solvable = Solvable(read_game(file))
    if figure is not None:
        from tocsin.plots.branches import check_panels

        check_panels(solvable, file=str(file))
    try:
        answers = [_perfect(solvable)] if method == "spe" else _logit(solvable, lambdas, method)
        branch = _branch(solvable, lambdas) if csv_file or figure else None
    except ValueError as error:
        raise InputError(str(error), file=str(file), remedy=_remedy(str(error))) from error
    data = answers[0] if len(answers) == 1 else answers
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    files = {data_file: text} if data_file else {}
    if branch is not None:
        files |= _branch_files(branch, solvable, answers, csv_file, figure)
    if files:
        from tocsin.files import write_all

        write_all(files)
    click.echo(text.rstrip("\n") if json_file == STDOUT else "\n\n".join(_shown(answer) for answer in answers))
    if not all(answer["converged"] for answer in answers):
        raise SolveError(
            "not every equilibrium was reached",
            remedy="do not use those marked; ask for a smaller --lambda, or --method spe",
        )
    if branch is not None and not branch.complete:
        raise SolveError(
            f"the branch was lost at {branch.unit} {branch.positions[-1]:.4g}", remedy="ask for no larger --lambda"
        )


def _check_outputs(game: Path, method: Method, files: Mapping[str, Path | None]) -> None:
    """Refuse options that cannot be met, before anything is solved.

    Raises:
        InputError: if no branch is followed, the figure is not SVG, or two files are one.
    """
    branch = [option for option in ("--csv", "--figure") if files[option] is not None]
    if branch and method == "spe":
        raise InputError(
            f"{branch[0]} shows the branch, which --method spe does not follow", remedy="leave out --method spe"
        )
    if (figure := files["--figure"]) is not None:
        from tocsin.plots.svg import check_svg_name

        check_svg_name(figure)
    taken = {game.resolve(): "the game"}
    for option, file in files.items():
        if file is not None and (other := taken.setdefault(file.resolve(), option)) != option:
            raise InputError(f"{option} and {other} are one file", file=str(file), remedy="name another file")


def read_game(file: Path) -> Any:
    """The game of an extensive-form file.

    Raises:
        InputError: if it cannot be read, with line, column and remedy.
    """
    from tocsin.games.efg import read

    try:
        if file.stat().st_size > LARGEST_FILE:
            raise InputError("the file is too large", file=str(file), remedy="give a game of at most 256 MB")
        content = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot read: {error.strerror}", file=str(file), remedy="name a file in EFG format"
        ) from error
    return read(content, file=str(file))


def _remedy(message: str) -> str:
    if "perfect recall" in message:
        return "split the information set, so that a player remembers its own moves and what it knew"
    if "method" in message or "backward induction" in message or "recursion" in message:
        return "use --method branch"
    return "correct the game"


# --- logit ---------------------------------------------------------------------------------------------------------


def _logit(solvable: Solvable, lambdas: Sequence[str], method: Method) -> list[Answer]:
    import jax

    from tocsin.games.equilibrium import has_perfect_information, logit_equilibrium

    rates, marks = _precision(lambdas, solvable.players)
    root = solvable.root()
    used = "recursion" if method != "branch" and has_perfect_information(root) else "branch"
    found = logit_equilibrium(root, rates, marks, method="auto" if method == "spe" else method)
    found = jax.tree.map(lambda array: array.tolist(), found)
    answers = []
    for place, mark in enumerate(marks):
        chances = {name: [each[0] for each in rows[place]] for name, rows in found.strategies.items()}
        beliefs = {name: [each[0] for each in rows[place]] for name, rows in found.beliefs.items()}
        values = {name: rows[place][0] for name, rows in found.values.items()}
        precision = {player: mark * rate for player, rate in rates.items()}
        alike = len(set(precision.values())) == 1
        answers.append(
            _answer(solvable, chances, beliefs, values)
            | {
                "lambda": next(iter(precision.values())) if alike else precision,
                "method": used,
                "residual": found.residual[place][0],
                "converged": found.converged[place][0],
                "folds": found.folds[0],
                "crossings": found.crossings[0],
            }
        )
    return answers


def _precision(texts: Sequence[str], players: Sequence[str]) -> tuple[dict[str, float], list[float]]:
    """The largest precisions, and the multiples of them that are asked for, ascending."""
    if any("=" in text for text in texts):
        if len(texts) > 1:
            raise InputError("--lambda by player stands beside another", remedy="give one --lambda A=1,B=2")
        return _by_player(texts[0], players), [1.0]
    values = sorted({_rate(text) for text in texts})
    most = values[-1]
    return dict.fromkeys(players, most), [value / most if most else 1.0 for value in values]


def _by_player(text: str, players: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for pair in text.split(","):
        name, _, value = pair.partition("=")
        if name.strip() not in players:
            raise InputError(
                f"--lambda names {name.strip()!r}, who does not play", remedy=did_you_mean(name.strip(), players)
            )
        found[name.strip()] = _rate(value)
    if missing := [name for name in players if name not in found]:
        raise InputError(f"--lambda leaves out {missing[0]}", remedy="give one for each player")
    return {name: found[name] for name in players}


def _rate(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= MAX_LAMBDA:
        raise InputError(
            f"--lambda {text.strip()!r} is no precision",
            remedy=f"give a number from 0 to {MAX_LAMBDA:g}; for play without errors use --method spe",
        )
    return value


# --- the branch ----------------------------------------------------------------------------------------------------


def _branch(solvable: Solvable, lambdas: Sequence[str]) -> Trace:
    from tocsin.plots.branches import trace

    rates, _ = _precision(lambdas, solvable.players)
    return trace(solvable, rates)


def _branch_files(
    branch: Trace, solvable: Solvable, answers: Sequence[Answer], csv_file: Path | None, figure: Path | None
) -> dict[Path, str]:
    from tocsin.plots.branches import branch_csv, branch_svg

    files = {csv_file: branch_csv(branch)} if csv_file else {}
    if figure:
        marks = [
            (answer["lambda"] if branch.unit == "lambda" else 1.0, _strategies(solvable, answer))
            for answer in answers
            if answer["converged"]
        ]
        files[figure] = branch_svg(branch, marks)
    return files


def _strategies(solvable: Solvable, answer: Answer) -> dict[str, list[float]]:
    """An answer's probabilities by information set's name in the tree."""
    return {
        name: [*answer["strategies"][solvable.players[key[0] - 1]][str(key[1])].values()]
        for name, key in solvable.keys.items()
    }


# --- without errors ------------------------------------------------------------------------------------------------


def _perfect(solvable: Solvable) -> Answer:
    from fractions import Fraction

    from tocsin.games.agents import agent_form
    from tocsin.games.equilibrium import has_perfect_information
    from tocsin.games.perfect import branch_limit, subgame_perfect

    root = solvable.root()
    if not has_perfect_information(root):
        limit = branch_limit(agent_form(root, solvable.players))
        return _answer(solvable, limit.strategies, limit.beliefs, limit.values) | {
            "method": "limit",
            "residual": limit.shortfall,
            "converged": limit.converged,
        }
    found = subgame_perfect(solvable.root(Fraction), solvable.players)
    names = {node: solvable.set_name(key) for node, key in solvable.decisions.items()}
    each = []
    for plan, values in zip(found.plans, found.values, strict=True):
        chosen = {names[node]: action for node, action in plan.items()}
        chances = {
            name: [float(action == chosen[name]) for action in solvable.actions(key)]
            for name, key in solvable.keys.items()
        }
        exact = {player: float(value) for player, value in values.items()}
        each.append(_answer(solvable, chances, {name: [1.0] for name in chances}, exact))
    return each[0] | {
        "method": "spe",
        "residual": 0.0,
        "converged": True,
        "equilibria": [{name: answer[name] for name in ("strategies", "values")} for answer in each],
        "complete": found.complete,
    }


# --- answers -------------------------------------------------------------------------------------------------------


def _answer(
    solvable: Solvable,
    chances: Mapping[str, Iterable[float]],
    beliefs: Mapping[str, Iterable[float]],
    values: Mapping[str, float],
) -> Answer:
    """Strategies, beliefs and values as JSON has them: by player, information set by its number, action."""
    keys = solvable.keys

    def by_player(of: Callable[[str], Any]) -> dict[str, dict[str, Any]]:
        return {
            player: {str(key[1]): of(name) for name, key in keys.items() if key[0] == place and name in chances}
            for place, player in enumerate(solvable.players, start=1)
        }

    labels = {name: solvable.game.sets[key].label for name, key in keys.items()}
    return {
        "game": solvable.game.title,
        "lambda": None,
        "method": "",
        "residual": None,
        "converged": False,
        "strategies": by_player(
            lambda name: dict(zip(solvable.actions(keys[name]), map(float, chances[name]), strict=True))
        ),
        "beliefs": by_player(lambda name: [float(each) for each in beliefs[name]]),
        "values": {player: values[player] for player in solvable.players},
        "labels": {
            player: {number: label for number, label in each.items() if label}
            for player, each in by_player(lambda name: labels[name]).items()
        },
    }


def _shown(answer: Answer) -> str:
    precision = answer["lambda"]
    if isinstance(precision, dict):
        at = "lambda " + ", ".join(f"{player} {value:g}" for player, value in precision.items())
    else:
        at = "without errors" if precision is None else f"lambda {precision:g}"
    lines = [f"{answer['game'] or 'game'}: {at}, by {answer['method']}, residual {answer['residual']:.1e}"]
    if not answer["converged"]:
        lines.append("NOT CONVERGED: do not use these numbers")
    if answer.get("folds"):
        lines.append(
            f"the branch turned back {answer['folds']} times on the way: other equilibria stand beside this one"
        )
    if answer.get("crossings"):
        lines.append("the branch met another on the way: this is one of several continuations")
    if (count := len(answer.get("equilibria", ()))) > 1:
        more = "at least " if not answer["complete"] else ""
        lines.append(f"the first of {more}{count} equilibria, between which ties leave a choice; --json lists them")
    for player, sets in answer["strategies"].items():
        lines.append(f"{player}: expects {answer['values'][player]:.6g}")
        for number, actions in sets.items():
            label = answer["labels"][player].get(number, "")
            chances = "  ".join(f"{action} {chance:.6f}" for action, chance in actions.items())
            beliefs = answer["beliefs"][player][number]
            known = "" if len(beliefs) == 1 else "   believes " + " ".join(f"{each:.4f}" for each in beliefs)
            lines.append(f"  {number}{' ' + label if label else ''}: {chances}{known}")
    return "\n".join(lines)
