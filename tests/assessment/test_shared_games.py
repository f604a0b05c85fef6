"""Games of several cases in the same worlds: each distinct game is solved once, and every case gets its own solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from tests.support import minimal_case, seeded

from tocsin.assessment.challenging.bench import solved_again
from tocsin.assessment.challenging.changes import Change
from tocsin.assessment.ensemble import base_scenario, conditioned
from tocsin.assessment.pairing.shared_games import SharedGames
from tocsin.assessment.worlds import Worlds, draw
from tocsin.case import Case
from tocsin.case.override import override
from tocsin.models.coercion import solve
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import Solution
from tocsin.translation import message

pytestmark = pytest.mark.numeric

WORLDS = 16


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("minimal"))


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many games each call of the solver solves."""
    counts: list[int] = []
    whole = solve.solve

    def counted(case: Case, scenarios: Sequence[Scenario], draws: Any, **options: Any) -> Any:
        counts.append(len(scenarios))
        return whole(case, scenarios, draws, **options)

    monkeypatch.setattr(solve, "solve", counted)
    return counts


def games(case: Case) -> list[Scenario]:
    bases = [base_scenario(case, "strait", kind) for kind in case.types]
    return [*bases, Scenario(theatre="strait", type="security", discount=0.92, paths=(("BET", "rise"),))]


def worlds(case: Case) -> Worlds:
    return draw(case, seed=seeded(5), draws=WORLDS)


def alike(one: Solution, other: Solution) -> bool:
    tables = ("values", "best_responses", "tallies", "probabilities")
    same = all(np.array_equal(value, getattr(other, name)[key]) for name in tables for key, value in getattr(one, name).items())  # fmt: skip
    assert {field.name for field in fields(Solution)} == {*tables, "scenario", "form", "residual"}
    return same and np.array_equal(one.residual, other.residual)


def test_the_state_of_a_regime_that_no_input_reads_shares_every_game(case: Case, solved: list[int]) -> None:
    aligned, shared = override(case, {"regimes.GAM.alignment": "aligned"}), SharedGames()
    first = shared.solve(case, games(case), worlds(case).draws)
    second = shared.solve(aligned, games(aligned), worlds(aligned).draws)
    assert solved == [3]
    for game, solution in second.items():
        assert alike(solution, first[game])
        assert solution.form == aligned.forms["strait"] != first[game].form


def test_a_changed_input_is_solved_again_and_gives_its_own_solution(case: Case, solved: list[int]) -> None:
    changed, shared = override(case, {"stake.BET": "0.3"}), SharedGames()
    first = shared.solve(case, games(case), worlds(case).draws)
    second = shared.solve(changed, games(changed), worlds(changed).draws)
    assert solved == [3, 3]
    plain = solve.solve(changed, games(changed), worlds(changed).draws)
    for game, solution in second.items():
        assert alike(solution, plain[game])
        assert not alike(solution, first[game])


def test_a_game_is_known_by_its_numbers_not_by_its_name(case: Case, solved: list[int]) -> None:
    """With another present path of spending, the base game has the same scenario and other forces."""
    rising, shared = override(case, {"spending.BET": "rise"}), SharedGames()
    bases = games(case)[:2]
    first = shared.solve(case, bases, worlds(case).draws)
    second = shared.solve(rising, bases, worlds(rising).draws)
    assert solved == [2, 2]
    plain = solve.solve(rising, bases, worlds(rising).draws)
    for game in bases:
        assert alike(second[game], plain[game])
        assert not alike(second[game], first[game])


def test_other_worlds_are_other_games(case: Case, solved: list[int]) -> None:
    shared, everywhere = SharedGames(), worlds(case)
    shared.solve(case, games(case), everywhere.draws)
    shared.solve(case, games(case), everywhere.some(np.arange(WORLDS // 2)).draws)
    assert solved == [3, 3]


def test_the_games_of_an_ensemble_are_not_solved_again(case: Case, solved: list[int]) -> None:
    """A challenge solves a changed case in the worlds of the case as it stands: only what the change reaches is new."""
    few = conditioned(case, ("strait",), worlds(case), np.zeros(WORLDS)).with_games(games(case))
    solved.clear()
    for unchanged in (case, override(case, {"regimes.GAM.alignment": "aligned"})):
        shared = SharedGames.of(few)
        assert shared.has(unchanged, games(unchanged), few.worlds.draws)
        again = conditioned(unchanged, ("strait",), few.worlds, few.log_weights, solver=shared)
        again = again.with_past(shared).with_games(games(unchanged), solver=shared)
        assert solved == []
        for game in games(case):
            assert alike(again.solutions[game], few.solutions[game])
    rising = override(case, {"spending.BET": "rise"})
    assert not SharedGames.of(few).has(rising, games(rising), few.worlds.draws)


def test_what_a_copy_solves_is_not_known_to_the_original(case: Case, solved: list[int]) -> None:
    changed, shared = override(case, {"stake.BET": "0.3"}), SharedGames()
    asked = [(case, games(case), worlds(case).draws), (changed, games(changed), worlds(changed).draws)]
    shared.solve(*asked[0])
    copy = shared.copy()
    copy.solve(*asked[1])
    assert [copy.has(*one) for one in asked] == [True, True]
    assert [shared.has(*one) for one in asked] == [True, False]
    assert solved == [3, 3]


def test_a_question_leaves_the_worlds_for_the_next_one_as_they_were(case: Case) -> None:
    """Questions about the same few worlds share what is solved there as the case stands, and nothing else."""
    few = conditioned(case, ("strait",), worlds(case), np.zeros(WORLDS)).with_games(games(case))
    settings = [{"stake.BET": "0.3"}, {"stake.BET": "0.6"}, {"stake.BET": "0.3"}]
    cases = [override(case, one) for one in settings]
    changes = [Change(kind="judgement", of="stake.BET", says=message("moved"), case=one, beliefs=frozenset({"stake.BET"})) for one in cases]  # fmt: skip
    first, other, again = (solved_again(few, change.case, change, games(case)) for change in changes)
    for game in games(case):
        assert alike(first.solutions[game], again.solutions[game])
        assert not alike(first.solutions[game], other.solutions[game])


@pytest.mark.parametrize("belief", ["stray", "stake.BET"])
def test_a_change_solved_again_in_the_same_worlds_is_as_if_all_was_solved(case: Case, belief: str) -> None:
    """Of two inputs, one only the record reads, the other all games: the games are those of the changed case in these worlds."""
    few = conditioned(case, ("strait",), worlds(case), np.zeros(WORLDS)).with_past().with_games(games(case))
    low = override(case, {belief: repr(case.distributions[belief].low)})
    change = Change(kind="judgement", of=belief, says=message("x"), case=low, beliefs=frozenset([belief]))
    after = solved_again(few, low, change, games(low))
    plain = conditioned(low, ("strait",), after.worlds, few.log_weights).with_past().with_games(games(low))
    for game in games(low):
        assert alike(after.solutions[game], plain.solutions[game])
    for key, logs in plain.records.items():
        assert (belief != "stray") or np.allclose(after.records[key], logs, rtol=1e-12)


def test_cases_with_the_same_names_in_another_order_draw_the_same_points(case: Case) -> None:
    names = tuple(sorted(case.distributions))
    turned = case.model_copy(update={"distributions": {name: case.distributions[name] for name in reversed(names)}})
    one, other = (draw(each, seed=seeded(5), draws=8, names=names) for each in (case, turned))
    assert all(np.array_equal(one.points[name], other.points[name]) for name in names)
    own = draw(case, seed=seeded(5), draws=8)
    assert own.points.keys() == one.points.keys()
    assert all(
        np.array_equal(
            own.points[name], draw(case, seed=seeded(5), draws=8, names=tuple(case.distributions)).points[name]
        )
        for name in names
    )
