"""Why claims have no verdict when their games do not settle, and how often games settle before a run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tests.support import minimal_case, seeded, write_case

from tocsin.assessment import judging
from tocsin.assessment.ensemble import Ensemble, base_scenario, conditioned, scenarios_for
from tocsin.assessment.requests import Theatres
from tocsin.assessment.result import ClaimResult
from tocsin.assessment.settled_worlds import SettledWorlds, settled_notices, settled_worlds
from tocsin.assessment.settling import BASE_GAMES, OTHER_GAMES, shortfalls, unsettled
from tocsin.assessment.situations import Model, central_models, with_events
from tocsin.assessment.weighting import FINE
from tocsin.assessment.words import TOO_FEW, UNSETTLED
from tocsin.assessment.worlds import draw
from tocsin.case.nodes import Call, calls
from tocsin.cli.main import main
from tocsin.models.coercion.scenario import Scenario

pytestmark = pytest.mark.numeric
WORLDS = 10
THEATRE: Theatres = ("strait",)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """Return an ensemble of equal weights in which every game of claim C1 settles."""
    case = minimal_case(tmp_path_factory.mktemp("minimal")).model_copy(update={"history": {}})
    calm = draw(case, seed=seeded(3), draws=WORLDS).fixed("precision", 5.0)
    asked = [call for test in case.tests["C1"].values() for call in calls(test.node)]
    return conditioned(case, THEATRE, calm, np.zeros(WORLDS)).with_games(
        scenarios_for(case, central_models(case), asked)
    )


def without(solved: Ensemble, game: Scenario, lost: int) -> Ensemble:
    """Return the ensemble in which a game has not settled in some worlds."""
    residual = np.where(np.arange(WORLDS) < lost, 1.0, 0.0)
    changed = {**solved.solutions, game: replace(solved.solutions[game], residual=residual)}
    return replace(solved, solutions=changed, memo={})


def undecided(name: str, words: str = UNSETTLED) -> ClaimResult:
    return ClaimResult(
        id=name, kind="causal", says="x", sentence=None, mechanism="", verdict="cannot tell", words=words, probability=None
    )  # fmt: skip


def test_a_claim_without_settled_base_games_names_theatre_type_and_shares(solved: Ensemble) -> None:
    built = {THEATRE: without(solved, base_scenario(solved.case, "strait", "security"), 2)}
    ((reason, claims),) = shortfalls(built, [undecided("C1"), undecided("C2", "too few worlds")]).items()
    assert (reason.theatres, reason.type, reason.quantity, claims) == (THEATRE, "security", "", ("C1",))
    assert reason.share == pytest.approx(0.8) and reason.needed == BASE_GAMES
    note = unsettled(built, Model("security", 0.92), [solved.case.tests["C1"][""].node])
    assert note == (
        "The base games in `strait` for the type `security` settle in 80 % of worlds by weight, and 95 % are needed."
    )


def test_another_game_of_a_claim_is_named_by_its_quantity(solved: Ensemble) -> None:
    model = Model("revisionist", 0.92)
    call = Call("loss_aim", actor="ALF", events=("rise", "amendment"), theatre="strait")
    game = with_events(solved.case, model, call).scenario
    ((reason, _),) = shortfalls({THEATRE: without(solved, game, 2)}, [undecided("C1")]).items()
    assert (reason.type, reason.quantity, reason.needed) == ("revisionist", "loss_aim", OTHER_GAMES)


def test_games_that_settle_give_no_reason(solved: Ensemble) -> None:
    assert shortfalls({THEATRE: solved}, [undecided("C1")]) == {}


def test_worlds_lost_to_unsettled_games_are_not_called_too_few_draws(
    solved: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = {THEATRE: without(solved, base_scenario(solved.case, "strait", "security"), 4)}
    test = solved.case.tests["C1"][""]
    for needed, reason in ((8, UNSETTLED), (100, TOO_FEW)):
        monkeypatch.setattr(judging, "MIN_EFFECTIVE", needed)
        tested = judging.Judge(solved.case, 1, built).undecidable(test)
        assert tested is not None and tested.reason == reason
        assert ("Ask for more draws" in tested.note) is (reason == TOO_FEW)


def test_a_selection_of_worlds_keeps_the_share_in_which_games_settle(solved: Ensemble) -> None:
    many = solved.some(np.tile(np.arange(WORLDS), 40), np.zeros(40 * WORLDS))
    lost = np.zeros(many.worlds.size)
    lost[np.random.default_rng(seeded(1)).choice(many.worlds.size, 20, replace=False)] = 1.0
    bases = (base_scenario(solved.case, "strait", kind) for kind in solved.case.types)
    unsettled_there = {base: replace(many.solutions[base], residual=lost) for base in bases}
    built = replace(many, solutions={**many.solutions, **unsettled_there}, memo={})
    for seed in range(20):
        few = replace(built, worlds=replace(built.worlds, seed=seed)).thinned(100, FINE)
        assert few.settled("security") == pytest.approx(0.95, abs=0.06)


def test_lint_says_how_often_base_games_settle(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "case")
    result = CliRunner().invoke(main, ["lint", str(folder), "--record", "--json"])
    rows = json.loads(result.stdout)["settled"]
    assert [(row["theatre"], row["type"]) for row in rows] == [("strait", "revisionist"), ("strait", "security")]
    assert rows == [vars(row) for row in settled_worlds(minimal_case(tmp_path / "again"))]
    for row in rows:
        assert 0.5 < row["share"] <= 1 and 0.5 < row["by_weight"] <= 1 and 1 <= row["effective"] <= 512
    said = CliRunner().invoke(main, ["lint", str(folder), "--record"]).stdout
    assert "base games of `strait` for the type `security` settle in" in said.splitlines()[-1]


def test_base_games_that_settle_too_seldom_get_a_notice(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    rows = [SettledWorlds("strait", "security", 0.97, share, 200.0) for share in (0.96, 0.94)]
    (notice,) = settled_notices(case, rows)
    assert "94 % by weight (200 effective draws), and a verdict needs 95 %" in notice.message
    assert notice.line and "`precision`" in str(notice.remedy)
