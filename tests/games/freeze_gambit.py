"""Solve the random games with Gambit (pip install pygambit==16.7.0) and store its answers for the tests.

    python -m tests.games.freeze_gambit

In that release, reading the profile of an extensive-form solution raises an error; indexing the solution gives the probabilities
by player, information set and action.
"""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

from tests.games.random_games import random_game

from tocsin.games.efg import format_efg

FILE = Path(__file__).with_name("gambit.json")
LAMBDAS = (0.5, 2.0, 8.0)
COUNTS = {"perfect": 200, "hidden": 100}
FIRST_STEP = 0.003
"""With Gambit's default of 0.03 the solver sometimes jumps from the principal branch to another."""


def solved_by_gambit(kind: str, seed: int) -> dict[str, Any]:
    """Return Gambit's probabilities at each lambda, and the hash of the game."""
    import pygambit

    text = format_efg(random_game(seed, hidden=kind == "hidden"))
    game = pygambit.read_efg(io.StringIO(text))
    solutions = []
    for precision in LAMBDAS:
        (solution,) = pygambit.qre.logit_solve_lambda(game, precision, first_step=FIRST_STEP)
        solutions.append([round(solution[index], 10) for index in range(len(solution))])
    return {"seed": seed, "sha256": hashlib.sha256(text.encode()).hexdigest(), "solutions": solutions}


def main() -> None:
    """Write the file."""
    answers = {kind: [solved_by_gambit(kind, seed) for seed in range(count)] for kind, count in COUNTS.items()}
    FILE.write_text(json.dumps({"pygambit": "16.7.0", "lambdas": LAMBDAS, **answers}), encoding="utf-8")


if __name__ == "__main__":
    main()
