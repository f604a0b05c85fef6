"""Solve tiny coercion games with sgamesolver 1.0.2 (Eibelshaeuser, Klockmann, Poensgen and von Schenk) and store its answers.

    pip download --no-deps --no-build-isolation --no-binary :all: sgamesolver==1.0.2
    tar xf sgamesolver-1.0.2.tar.gz
    PYTHONPATH=sgamesolver-1.0.2:src python -m tests.models.freeze_sgames

That release does not build on Python 3.11, so it cannot be installed here; its NumPy version runs from the source archive. It uses a name
that NumPy 2 dropped.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
from tests.models.strikes import DRAWN, STRIKES
from tests.models.tiny_coercion import States, Tiny, tiny_games
from tests.support import minimal_case

from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.form import form_of
from tocsin.models.coercion.prepare import prepare
from tocsin.models.coercion.scenario import Scenario

FILE = Path(__file__).with_name("sgames.json")
MENU = frozenset({"hold", "press", "attack"})
BASE = Scenario(theatre="strait", type="revisionist", discount=0.92, menu=MENU)
LEVELS = {"calm": 2, "armed": 1}
"""Games: without strikes at two levels, and with two strikers at one."""
WORLDS = {"calm": 16, "armed": 4}


def tiny_case(folder: Path, kind: str) -> Case:
    """Return the small case without regimes, with drawn fights and few levels; `armed`: two defenders may strike first."""
    beliefs = DRAWN if kind == "calm" else STRIKES + DRAWN
    case = minimal_case(folder, replace={"regimes:\n": beliefs + "regimes:\n"})
    theatre = case.theatres["strait"].model_copy(update={"regimes": (), "levels": LEVELS[kind], "horizon": 1})
    tiny = case.model_copy(update={"theatres": {"strait": theatre}})
    return tiny.model_copy(update={"forms": {"strait": form_of(tiny, "strait")}})


def tiny_draws(case: Case, seed: int, worlds: int) -> dict[str, np.ndarray]:
    """Return draws of a tiny case.

    Nobody believes in a warning, because in the trees no belief differs from what follows. Both strikers may bring the regime down, or the
    challenger would be indifferent between attacking and being struck.
    """
    draws = dict(draw(case, seed=seed, draws=worlds).draws)
    return draws | {
        "usable.BET": draws["usable.BET.firm"],
        "warning": np.zeros(worlds),
        "decapitation.GAM": np.full(worlds, 0.05),
    }


def games(folder: Path, kind: str) -> tuple[Tiny, ...]:
    """Return the games of a kind that are stored."""
    case = tiny_case(folder, kind)
    prepared = prepare(case, BASE, tiny_draws(case, 5, WORLDS[kind]))
    return tuple(tiny_games(prepared, ("hold", "press", "attack")))


def solved_by_sgamesolver(game: Tiny) -> list[list[float]]:
    """Return the values (3, L) of the logit Markov equilibrium on the principal branch."""
    if not hasattr(np, "NaN"):
        setattr(np, "NaN", np.nan)  # noqa: B010
    import sgamesolver

    states = States.of(game)
    payoffs, transitions = [], []
    for mover, pay, moves in zip(states.players, states.payoffs, states.transitions, strict=True):
        actions = [len(pay) if player == mover else 1 for player in range(3)]
        payoffs.append(pay.T.reshape(3, *actions))
        transitions.append(moves.reshape(*actions, len(states.players)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        branch = sgamesolver.homotopy.QRE(sgamesolver.SGame(payoffs, transitions, 1.0))
        branch.solver_setup(target_lambda=1.0)
        branch.solver.verbose = 0
        branch.solve()
    return np.round(states.values(np.asarray(branch.equilibrium.values)), 9).tolist()


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        answers = {kind: [solved_by_sgamesolver(game) for game in games(Path(folder) / kind, kind)] for kind in LEVELS}
    FILE.write_text(json.dumps({"sgamesolver": "1.0.2", **answers}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
