"""What is said to turn a verdict does so in a run with these values; a claim decided again is the claim of that run, or says that it may not be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.facts_only import facts_only
from tests.support import minimal_case, seeded

from tocsin.assessment import games
from tocsin.assessment.claims import decide_claim
from tocsin.assessment.judging import Judge
from tocsin.assessment.reachable import TESTED, keeps_verdict
from tocsin.assessment.rerun import rerun
from tocsin.assessment.result import Assessment, ClaimResult, Flip, Likelihood, PartResult
from tocsin.assessment.run import assess
from tocsin.assessment.shares import by_chance
from tocsin.assessment.verdicts import ERRORS, Part, combined, decide, may_differ
from tocsin.case import Case, load
from tocsin.case.override import override

pytestmark = pytest.mark.numeric

DRAWS = 512
SEVERAL = {
    "events:\n": """\
controls: {positive: [aligned], negative: [rounding]}
events:
  rounding: {says: Beta spends a thousandth more, name: a thousandth, scale: {BET: 1.001}}
""",
    "questions:\n": """\
  C5: {says: A stronger Beta lowers the risk, kind: causal, sources: [book],
       holds: "risk() - risk(rise + amendment) > 0.02"}
  C6: {says: An aligned Gamma is safer and costs Alpha, kind: causal, sources: [book],
       parts: {safer: {says: it is safer, holds: "risk() - risk(aligned) > 0.01"},
               dear: {says: it costs Alpha, holds: "loss(aligned) > 0.01"}}}
  C7: {says: War is rare, kind: causal, sources: [book], holds: "p_war() < 0.1"}
  C8: {says: War is rare and Gamma often turns, kind: causal, sources: [book], any of:
        {rare: {says: war is rare, holds: "p_war() < 0.01"},
         turns: {says: Gamma turns, holds: "hazard(GAM.alignment, leave) + hazard(GAM.alignment, return) > 0.12 per year"}}}
questions:
""",
}
"""Claims about the risk with controls that some of them fail, claims about war alone, and one that an estimate decides with a game."""


def several(folder: Path) -> Case:
    return minimal_case(folder, replace=SEVERAL)


def settings_of(flip: Flip) -> dict[str, str]:
    """Return what a reader sets: the values as they are printed."""
    return {move.input: f"{move.to:.3g}" for move in flip.moves}


def check(case: Case, stands: Assessment, seed: int, draws: int) -> int:
    """Assert that each reported flip gives the reported verdict in a run with its values; return how many there are."""
    flips = [(claim, flip) for claim in stands.claims for flip in claim.flips]
    for claim, flip in flips:
        then = assess(case, seed=seed, draws=draws, settings=settings_of(flip)).claim(claim.id)
        assert then.verdict == flip.verdict != claim.verdict, (claim.id, settings_of(flip), then.words)
        part = next((part for part in then.parts if part.name == flip.part), then)
        if flip.probability is None:
            assert part.probability is None and part.words == flip.reason
        else:
            assert part.probability is not None and flip.reason == ""
            off = 2.0 * ERRORS * part.probability.error if flip.worlds else 1e-12
            assert flip.probability == pytest.approx(part.probability.mid, abs=off)
    return len(flips)


# --- reported flips ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return several(tmp_path_factory.mktemp("several"))


def run(case: Case, draws: int) -> tuple[Assessment, Judge]:
    """Return a run, and what decided its claims."""
    judges: list[Judge] = []
    decide_claims = games._claims

    def keep(judge: Judge, draws: int, report: games.Progress) -> tuple[ClaimResult, ...]:
        judges.append(judge)
        return decide_claims(judge, draws, report)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(games, "_claims", keep)
        return assess(case, seed=seeded(1), draws=draws), judges[0]


@pytest.fixture(scope="module")
def ran(case: Case) -> tuple[Assessment, Judge]:
    return run(case, DRAWS)


@pytest.fixture(scope="module")
def stands(ran: tuple[Assessment, Judge]) -> Assessment:
    return ran[0]


@pytest.fixture(scope="module")
def judge(ran: tuple[Assessment, Judge]) -> Judge:
    return ran[1]


def test_every_reported_flip_gives_its_verdict_in_a_run_with_its_values(case: Case, stands: Assessment) -> None:
    assert check(case, stands, seeded(1), DRAWS) >= 3


def test_a_claim_that_a_control_leaves_undecided_says_that_nothing_was_searched(stands: Assessment) -> None:
    claim = stands.claim("C5")
    assert (claim.verdict, claim.probability, claim.flips, claim.search) == ("cannot tell", None, (), None)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
def test_every_reported_flip_gives_its_verdict_whatever_the_seed(tmp_path: Path, seed: int) -> None:
    case = several(tmp_path)
    stands = assess(case, seed=seeded(seed), draws=1024)
    assert check(case, stands, seeded(seed), 1024) >= 1


@pytest.mark.slow
def test_every_reported_flip_of_the_founding_case_gives_its_verdict() -> None:
    case = load("japan-buildup")
    assert check(case, assess(case, seed=1), 1, 2048) >= 1


# --- claims decided again ------------------------------------------------------------------------------------------------


def answers(claim: ClaimResult) -> list[tuple[str, float | None]]:
    items: list[ClaimResult | PartResult] = [claim, *claim.parts]
    return [(item.verdict, item.probability.mid if item.probability else None) for item in items]


@pytest.mark.parametrize(("name", "value"), [("loosens.GAM.alignment", 0.001), ("firms.GAM.alignment", 0.3)])
def test_an_input_that_games_read_is_solved_again_in_some_worlds(
    judge: Judge, stands: Assessment, name: str, value: float
) -> None:
    again = rerun(judge, stands.claim("C8"), {name: value}, worlds=96)
    assert 0 < again.worlds < judge.central["strait",].worlds.size


def test_where_no_game_reads_an_input_the_claim_is_that_of_a_run(tmp_path: Path) -> None:
    belief = 'words.told: {is: "lognormal(0.5 to 2)", unit: "1", source: record, why: told}\nregimes:\n'
    test = 'holds: "p_war() < 0.1 and input(words.told) > 0.7"'
    case = minimal_case(tmp_path, replace=SEVERAL | {"regimes:\n": f"  {belief}", 'holds: "p_war() < 0.1"': test})
    stands, judge = run(case, 256)
    again = rerun(judge, stands.claim("C7"), {"words.told": 3.0}, worlds=96)
    then = assess(case, seed=seeded(1), draws=256, settings={"words.told": "3.0"}).claim("C7")
    assert (again.worlds, again.sure) == (0, True)
    assert answers(again.result) == answers(then) != answers(stands.claim("C7"))


def test_a_claim_with_too_few_worlds_is_not_sure(judge: Judge, stands: Assessment) -> None:
    again = rerun(judge, stands.claim("C7"), {"accident": 0.0358}, worlds=24)
    assert again.result.words == "too few worlds" and not again.sure


def test_an_estimate_is_decided_as_a_run_decides_it(tmp_path: Path) -> None:
    text = "hazard(GAM.alignment, leave) > 0.05 per year"
    test = (
        'holds: "loss_aim(ALF, rise + amendment) > threshold",\n'
        '       threshold: {values: [0, 0.02, 0.05], central: 0.02, unit: "1"}}'
    )
    case = minimal_case(tmp_path, replace={test: f'holds: "{text}"}}'})
    judge = Judge(case, seeded(1))
    stands = decide_claim(judge, "C1", case.claims["C1"])
    for value in (0.04, 0.06):
        again = rerun(judge, stands, {"loosens.GAM.alignment": value}, worlds=0)
        alone = Judge(override(case, {"loosens.GAM.alignment": str(value)}), seeded(1)).judge(case.tests["C1"][""])
        assert (
            (again.result.verdict, again.sure) == (alone.verdict, True) == ("holds" if value > 0.05 else "fails", True)
        )


@pytest.mark.parametrize(("value", "verdict"), [("30 ships", "fails"), ("80 ships", "holds")])
def test_a_fact_at_an_end_of_its_range_decides_as_its_note_says(tmp_path: Path, value: str, verdict: str) -> None:
    waiting = '{value: "60 ships", date: 2024-05-02, source: [authority, paper], confidence: medium}'
    ranged = waiting.replace("}", ', range: "30 to 80 ships"}')
    test = "fact(ships.waiting) >= 50 ships"
    case = facts_only(tmp_path, replace={waiting: ranged, "fact(boxes.2023) >= 2 * fact(boxes.2013)": test})
    assert assess(case).claim("C1").note == (
        "At the low end of its range (30 to 80 ships), the fact ships.waiting makes it fail."
    )
    assert assess(case, settings={"ships.waiting": value}).claim("C1").verdict == verdict


# --- what chance may turn ------------------------------------------------------------------------------------------------

SHARES = st.floats(0.0, 1.0)


@given(
    SHARES,
    st.lists(SHARES, min_size=1, max_size=4),
    st.floats(0.0, 0.2),
    st.lists(st.floats(-1.0, 1.0), min_size=5, max_size=5),
)
def test_what_chance_hardly_turns_no_error_of_that_size_turns(
    mid: float, models: list[float], error: float, errors: list[float]
) -> None:
    probability = Likelihood(low=0.0, mid=mid, high=1.0, error=error)
    if may_differ(probability, models):
        return
    off = ERRORS * error

    def moved(value: float, share: float) -> float:
        return float(np.clip(value + share * off, 0.0, 1.0))

    near = [moved(value, share) for value, share in zip(models, errors, strict=False)]
    assert decide(moved(mid, errors[-1]), near) == decide(mid, models)


@pytest.mark.parametrize(
    ("mid", "models", "error", "turns"),
    [(0.7, (0.7, 0.7), 0.05, False), (0.7, (0.7, 0.7), 0.1, True), (0.7, (0.5, 0.9), 0.05, True), (0.5, (0.2, 0.8), 0.05, False)],
)  # fmt: skip
def test_chance_turns_a_verdict_near_an_edge_or_by_making_models_disagree(
    mid: float, models: Sequence[float], error: float, turns: bool
) -> None:
    assert may_differ(Likelihood(low=0.0, mid=mid, high=1.0, error=error), models) is turns


def parts(*verdicts: str) -> tuple[PartResult, ...]:
    half = Likelihood(low=0.5, mid=0.5, high=0.5)
    return tuple(
        PartResult(name=f"p{index}", says="", verdict=verdict, probability=half, note="", basis="model")  # type: ignore[arg-type]
        for index, verdict in enumerate(verdicts)
    )


@given(
    st.sampled_from(["all", "any", "most"]),
    st.lists(st.sampled_from(TESTED), min_size=2, max_size=3),
    st.sets(st.integers(0, 2)),
    st.lists(st.sampled_from(TESTED), min_size=3, max_size=3),
    st.sampled_from([None, *TESTED]),
)
def test_a_claim_that_keeps_its_verdict_keeps_it_whatever_loose_parts_come_to(
    rule: str, verdicts: list[str], loose: set[int], others: list[str], joint: str | None
) -> None:
    states = [Part(name=f"p{index}", verdict=verdict, basis="model") for index, verdict in enumerate(verdicts)]  # type: ignore[arg-type]
    claim = ClaimResult(
        id="C1", kind="causal", says="", sentence=None, mechanism="", words="", basis="model", probability=None, rule=rule,  # type: ignore[arg-type]
        verdict=combined(rule, states, joint), parts=parts(*verdicts),  # type: ignore[arg-type]
    )  # fmt: skip
    if keeps_verdict(claim, {f"p{index}" for index in loose}):
        changed = [
            Part(name=state.name, verdict=others[index] if index in loose else state.verdict, basis="model")  # type: ignore[arg-type]
            for index, state in enumerate(states)
        ]
        assert combined(rule, changed, joint) == claim.verdict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("share", "draws", "chance"), [(0.946, 620.0, True), (0.66, 104.0, False), (0.88, 100.0, False)]
)
def test_chance_explains_a_share_near_what_is_needed(share: float, draws: float, chance: bool) -> None:
    assert by_chance(share, 0.95, draws) is chance
