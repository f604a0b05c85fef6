"""Quantities: declared once, read off the games that they declare, and never mixed up with the names of actors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from tests.support import CASE, minimal_case, write_case

from tocsin.assessment.quantities import RULES, Reader, needs
from tocsin.assessment.situations import Model
from tocsin.assessment.worlds import draw
from tocsin.case import Case, load
from tocsin.case.nodes import Call
from tocsin.case.quantities import QUANTITIES
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import Solution, solve

pytestmark = pytest.mark.numeric
MODEL = Model("revisionist", 0.92)
SOME = {
    "actor": "ALF",
    "regime": "GAM.alignment",
    "instrument": "press",
    "rung": "statement",
    "year": 5,
    "way": "leave",
}
WHO = {"challenger": "ALF", "protectors": "BET", "defenders": "BET", "players": "BET", "helpers": "BET"}
SPECIAL = ("published", "signal")
"""They need beliefs of their own, see tests/case/test_published.py and tests/models/test_signal.py."""


def test_every_quantity_has_a_rule() -> None:
    assert list(RULES) and set(RULES) == set(QUANTITIES)


class Recorded(Mapping[Scenario, Solution]):
    """Solutions that remember which were read."""

    def __init__(self, solutions: Mapping[Scenario, Solution]) -> None:
        self.solutions = solutions
        self.read: set[Scenario] = set()

    def __getitem__(self, scenario: Scenario) -> Solution:
        self.read.add(scenario)
        return self.solutions[scenario]

    def __iter__(self) -> Iterator[Scenario]:
        return iter(self.solutions)

    def __len__(self) -> int:
        return len(self.solutions)


def call_of(name: str) -> Call:
    kind = QUANTITIES[name]
    arguments = {role: SOME[role] for role in kind.roles}
    if "actor" in arguments:
        arguments["actor"] = WHO[kind.who]
    events = () if kind.events == "none" else ("rise", "amendment")
    return Call(name, events=events, theatre="strait", **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [name for name in QUANTITIES if name not in SPECIAL])
def test_a_quantity_reads_just_the_games_that_it_declares(tmp_path: Path, name: str) -> None:
    # the chance of war is computed only by the years that tests read
    case = minimal_case(tmp_path, replace={"fact(budget.BET.2024) > 10 USD bn": "p_war_by(5) < 0.9"})
    draws, call = draw(case, seed=1, draws=2).draws, call_of(name)
    declared = needs(case, MODEL, call)
    recorded = Recorded(solve(case, declared, draws))
    values = Reader(case, MODEL, recorded, draws, {}).read(call)
    assert values.shape == (2,) and recorded.read == set(declared)


TAKEN = (
    "risk",
    "war",
    "best",
    "best_aim",
    "won",
    "fallen",
    "over",
    "hold",
    "press",
    "concede",
    "challenger",
    "protector0",
)
"""Names that the solver uses for something else."""


@pytest.mark.parametrize("name", TAKEN)
def test_an_actor_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = write_case(tmp_path / "renamed")
    for file in ("case.yaml", "facts.csv", "spending.csv"):
        text = (folder / file).read_text()
        (folder / file).write_text(text.replace("BET", name).replace("ALF", f"{name}_too"))
    assert "BET" in CASE
    plain, renamed = minimal_case(tmp_path / "plain"), load(folder)
    base = Scenario(theatre="strait", type="revisionist", discount=0.92)
    first, second = (solve(case, [base], draw(case, seed=1, draws=2).draws)[base] for case in (plain, renamed))
    assert np.array_equal(first.values["BET"], second.values[name])
    assert np.array_equal(first.values["ALF"], second.values[f"{name}_too"])
    for kind in ("best_responses", "tallies", "probabilities"):
        one, other = getattr(first, kind), getattr(second, kind)
        new = [key.replace("stands:BET>", f"stands:{name}>") for key in one]
        assert new == list(other) and all(np.array_equal(one[a], other[b]) for a, b in zip(one, new, strict=True))


def test_a_regime_may_be_named_like_a_tally(tmp_path: Path) -> None:
    case = minimal_case(tmp_path / "plain")
    renamed = minimal_case(
        tmp_path / "renamed",
        replace={"GAM.alignment": "risk", "BET.posture": "leaves.war"},
    )
    assert _moved(case, "GAM.alignment") == _moved(renamed, "risk")


def _moved(case: Case, regime: str) -> list[float]:
    call = Call("pull", regime=regime, theatre="strait")
    draws = draw(case, seed=1, draws=2).draws
    return Reader(case, MODEL, solve(case, needs(case, MODEL, call), draws), draws, {}).read(call).tolist()
