"""Tiny coercion games for ever: the settled ends against all plans, enumerated, and against another solver's equilibria."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.models.freeze_sgames import BASE, FILE, LEVELS, WORLDS, games, solved_by_sgamesolver, tiny_case, tiny_draws
from tests.models.tiny_coercion import PLAYERS, perfect_values, tiny_games
from tests.support import seeded

from tocsin.case import Case
from tocsin.models.coercion.blocks import Packed
from tocsin.models.coercion.prepare import Prepared, prepare
from tocsin.models.coercion.solve import settle

pytestmark = pytest.mark.numeric

SHARP = 1e7
"""Precision at which players hardly err."""

ENUMERATED = {"calm": ("hold", "press", "attack"), "armed": ("hold", "attack")}


def settled_end(
    case: Case, prepared: Prepared, draws: dict[str, np.ndarray], menu: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the values (3, L, worlds) of the players at the end, in their stakes, and where it has settled."""
    scenario = replace(BASE, menu=frozenset(menu))
    end = settle(case, [scenario], draws)[scenario]
    return end.values[: len(PLAYERS), :, 0] / Packed.of(prepared).stakes(())[:, :, 0], end.settled


@pytest.mark.parametrize("kind", LEVELS)
def test_sharp_players_settle_where_enumeration_finds_an_equilibrium(kind: str, tmp_path: Path) -> None:
    case, menu, worlds = tiny_case(tmp_path, kind), ENUMERATED[kind], 12
    draws = tiny_draws(case, seeded(5), worlds) | {"precision": np.full(worlds, SHARP)}
    prepared = prepare(case, replace(BASE, menu=frozenset(menu)), draws)
    values, settled = settled_end(case, prepared, draws, menu)
    stakes = Packed.of(prepared).stakes(())[:, 0, 0]
    compared = moved = 0
    for world, game in enumerate(tiny_games(prepared, menu)):
        perfect = perfect_values(game) / stakes[:, world, None]
        if settled[world] and len(perfect):
            apart = np.max(np.abs(perfect - values[:, :, world]), axis=(1, 2))
            assert np.min(apart) < 1e-3, f"world {world}"
            compared += 1
            moved += int(np.max(np.abs(values[:, 0, world])) > 0.1)  # at level 0 the status quo is worth 0
    assert compared >= worlds - 3 and moved > 0


def stored(kind: str) -> np.ndarray:
    """Return the stored values (worlds, 3, L)."""
    return np.array(json.loads(FILE.read_text(encoding="utf-8"))[kind])


@pytest.mark.parametrize("kind", LEVELS)
def test_settled_ends_are_sgamesolvers_equilibria(kind: str, tmp_path: Path) -> None:
    case, menu = tiny_case(tmp_path, kind), ("hold", "press", "attack")
    draws = tiny_draws(case, 5, WORLDS[kind])
    prepared = prepare(case, BASE, draws)
    values, settled = settled_end(case, prepared, draws, menu)
    theirs = np.moveaxis(stored(kind), 0, -1) / Packed.of(prepared).stakes(())[:, :, 0]
    apart = np.max(np.abs(values - theirs), axis=(0, 1))
    assert settled.any() and np.max(apart[settled]) < 3e-5


@pytest.mark.parametrize("kind", LEVELS)
def test_most_tiny_games_settle(kind: str, tmp_path: Path) -> None:
    case, menu, worlds = tiny_case(tmp_path, kind), ("hold", "press", "attack"), 200
    draws = tiny_draws(case, seeded(5), worlds)
    _, settled = settled_end(case, prepare(case, BASE, draws), draws, menu)
    assert np.mean(settled) > {"calm": 0.93, "armed": 0.85}[kind]


@pytest.mark.slow
@pytest.mark.parametrize("kind", LEVELS)
def test_sgamesolver_gives_its_stored_answers(kind: str, tmp_path: Path) -> None:
    pytest.importorskip(
        "sgamesolver", reason="sgamesolver is not installed; tests/models/freeze_sgames.py says how to get it"
    )
    answers = np.array([solved_by_sgamesolver(game) for game in games(tmp_path, kind)])
    assert answers == pytest.approx(stored(kind), abs=1e-6)
