"""Flips: what turns a verdict does turn it, ends of ranges included, and what is said of the search is true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import minimal_case, seeded

from tocsin.assessment.claims import decide_claim
from tocsin.assessment.explanations import Effort, with_flips
from tocsin.assessment.flip_words import flip_sentence, search_sentence, turning_sentences
from tocsin.assessment.judging import Judge
from tocsin.assessment.outlook import Outlook, moved
from tocsin.assessment.paths import Path as Path_
from tocsin.assessment.paths import ends_of
from tocsin.assessment.result import ClaimResult, Flip, Likelihood, Move, PartResult, Search
from tocsin.assessment.words import NOT_THERE, UNSEEN
from tocsin.case import Case
from tocsin.case.distributions import parse
from tocsin.case.override import override

pytestmark = pytest.mark.numeric

TEST = (
    'holds: "loss_aim(ALF, rise + amendment) > threshold",\n'
    '       threshold: {values: [0, 0.02, 0.05], central: 0.02, unit: "1"}}'
)


def with_test(folder: Path, text: str) -> Case:
    return minimal_case(folder, replace={TEST: f'holds: "{text}"}}'})


def first_claim(case: Case, **settings: str) -> ClaimResult:
    """Return the first claim, which no game decides, with its flips."""
    judge = Judge(override(case, settings) if settings else case, seeded(1))
    result = decide_claim(judge, "C1", judge.case.claims["C1"])
    return with_flips(judge, [result], Effort(worlds=1, games=0, deciding=0), lambda _share: None)[0]


# --- ranges --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ends"),
    [("uniform(0, 2)", (0.0, 1.0)), ("loguniform(1 to 9)", (0.0, 1.0)), ("lognormal(1 to 4)", (0.001, 0.999))],
)
def test_a_range_ends_at_its_hard_ends_or_far_in_its_tails(text: str, ends: tuple[float, float]) -> None:
    assert ends_of(parse(text)) == ends
    assert np.all(np.isfinite(parse(text).quantile(np.array(ends))))


@given(
    st.sampled_from(
        ["uniform(0, 2)", "uniform(-0.3, 0.7)", "loguniform(1 to 9)", "lognormal(1 to 4)", "beta(0.1 to 0.9)"]
    ),
    st.floats(0.0, 1.0),
    st.booleans(),
)
def test_a_printed_value_stays_between_the_median_and_the_end(text: str, share: float, upper: bool) -> None:
    belief = parse(text)
    end = ends_of(belief)[upper]
    path = Path_({"x": end})
    (value,), (shown,) = (
        values.values() for values in (path.moves({"x": belief}, share), path.printed({"x": belief}, share))
    )
    assert float(f"{shown:.3g}") == shown
    assert shown == pytest.approx(value, rel=0.011, abs=1e-12)
    if share > 0.05:
        median, last = float(belief.quantile(0.5)), float(belief.quantile(end))
        assert min(median, last) - 1e-12 <= shown <= max(median, last) + 1e-12


# --- tests without a game: every end is tried, and the least move is known -----------------------------------------------


def test_the_least_move_of_one_input_is_where_the_test_changes_sides(tmp_path: Path) -> None:
    claim = first_claim(with_test(tmp_path, "hazard(GAM.alignment, leave) > 0.05 per year"))
    assert claim.verdict == "holds"
    (flip,) = claim.flips
    (move,) = flip.moves
    assert (move.input, flip.verdict) == ("loosens.GAM.alignment", "fails")
    assert 0.045 < move.to == float(f"{move.to:.3g}") < 0.05 and move.quantile < 0.5
    assert claim.search is not None and claim.search.complete and claim.search.nearest is None


def test_an_end_turns_a_verdict_that_nothing_else_does(tmp_path: Path) -> None:
    belief = parse("rate(2 in 22)")
    limit = float(belief.quantile(0.003))
    claim = first_claim(with_test(tmp_path, f"hazard(GAM.alignment, leave) > {limit:.6f} per year"))
    (flip,) = claim.flips
    assert 0.001 <= flip.moves[0].quantile <= 0.003


def test_a_claim_true_by_construction_has_no_flip_and_every_end_was_tried(tmp_path: Path) -> None:
    claim = first_claim(with_test(tmp_path, "hazard(GAM.alignment, leave) > 0.0000001 per year"))
    assert (claim.verdict, claim.flips) == ("holds", ())
    assert claim.search is not None and claim.search.complete and claim.search.ends == 2


def test_two_inputs_turn_jointly_what_neither_turns_alone(tmp_path: Path) -> None:
    text = "hazard(GAM.alignment, leave) + hazard(GAM.alignment, return) > 0.03 per year"
    claim = first_claim(with_test(tmp_path, text))
    (flip,) = claim.flips
    assert {move.input for move in flip.moves} == {"loosens.GAM.alignment", "firms.GAM.alignment"}
    assert sum(move.to for move in flip.moves) < 0.03
    assert claim.search is not None and claim.search.complete and claim.search.nearest is not None
    for move in flip.moves:
        alone = first_claim(with_test(tmp_path / move.input, text), **{move.input: f"fixed({move.to!r})"})
        assert alone.verdict == claim.verdict


def test_a_value_inside_the_range_that_turns_the_verdict_is_found(tmp_path: Path) -> None:
    claim = first_claim(with_test(tmp_path, "abs(input(firms.GAM.alignment) - 0.05 per year) > 0.02 per year"))
    assert claim.verdict == "holds"
    assert [flip.verdict for flip in claim.flips] == ["fails"]
    (move,) = claim.flips[0].moves
    assert 0.02 < move.quantile < 0.5
    again = with_test(tmp_path / "again", "abs(input(firms.GAM.alignment) - 0.05 per year) > 0.02 per year")
    assert first_claim(again, **{move.input: f"fixed({move.to!r})"}).verdict == "fails"


def test_a_belief_that_turns_the_verdict_at_its_median_is_said_to_do_so(tmp_path: Path) -> None:
    text = "input(loosens.GAM.alignment) > 0.11 per year or input(firms.GAM.alignment) > 0.2 per year"
    claim = first_claim(with_test(tmp_path, text))
    assert claim.verdict == "holds"
    (flip,) = claim.flips
    (move,) = flip.moves
    assert (move.to, move.quantile, flip.verdict) == (float(f"{move.start:.3g}"), 0.5, "fails")
    assert first_claim(with_test(tmp_path / "again", text), **{move.input: f"fixed({move.to!r})"}).verdict == "fails"


# --- the calculus --------------------------------------------------------------------------------------------------------


def claim_of(**changes: object) -> ClaimResult:
    result = ClaimResult(
        id="C1", kind="causal", says="x", sentence=None, mechanism="", verdict="holds", words="", basis="model",
        probability=Likelihood(low=0.6, mid=0.7, high=0.8), by_model={"a": 0.6, "b": 0.8, "a, discount 0.9": 0.7},
    )  # fmt: skip
    return replace(result, **changes)  # type: ignore[arg-type]


def outlook(a: float, b: float, size: float = 1e6) -> Outlook:
    return Outlook({"": {"a": a, "b": b}}, {}, {"a": size, "b": size})


POOL = {"a": 0.5, "b": 0.5}


def test_a_claim_moves_by_the_change_in_the_few_worlds() -> None:
    still = moved(claim_of(), outlook(0.5, 0.5), outlook(0.5, 0.5), POOL)
    assert still.verdict == "holds"
    assert still.probabilities[""] == pytest.approx(0.7)
    fallen = moved(claim_of(), outlook(0.5, 0.5), outlook(0.1, 0.1), POOL)
    assert fallen.verdict == "fails"
    assert fallen.probabilities[""] == pytest.approx(0.3, abs=0.01)


def test_types_that_part_make_a_claim_disputed() -> None:
    assert moved(claim_of(), outlook(0.5, 0.5), outlook(0.1, 0.5), POOL).verdict == "disputed"


def test_few_worlds_turn_nothing_that_chance_may_explain() -> None:
    claim = claim_of(by_model={})
    assert moved(claim, outlook(0.5, 0.5), outlook(0.3, 0.3), POOL).verdict == "cannot tell"
    assert moved(claim, outlook(0.5, 0.5, 20), outlook(0.3, 0.3, 20), POOL).verdict == "holds"


def test_a_part_that_turns_turns_the_claim_by_its_rule() -> None:
    half = Likelihood(low=0.7, mid=0.7, high=0.7)
    parts = (
        PartResult(name="x", says="", verdict="holds", probability=half, note="", basis="model"),
        PartResult(name="y", says="", verdict="holds", probability=None, note="", basis="facts"),
    )
    claim = claim_of(parts=parts, probability=None, by_model={})
    base = Outlook({"x": {"a": 0.7, "b": 0.7}}, {"a": 0.7, "b": 0.7}, {"a": 1e6, "b": 1e6})
    after = replace(base, tests={"x": {"a": 0.1, "b": 0.1}}, together={"a": 0.1, "b": 0.1})
    assert moved(claim, base, base, POOL).verdict == "holds"
    assert moved(claim, base, after, POOL).verdict == "partly"


def test_a_claim_that_a_control_leaves_undecided_says_that_nothing_was_searched() -> None:
    none = "No search was made for an input that lets its measure pass the control."
    assert turning_sentences(claim_of(words=UNSEEN, search=None), str) == [none]
    part = PartResult(name="x", says="", verdict="cannot tell", probability=None, note="", words=NOT_THERE)
    searched = turning_sentences(claim_of(parts=(part,), search=Search(ends=0, tried=0)), str)
    assert searched == ["It reads no uncertain input.", none]
    assert turning_sentences(claim_of(search=None), str) == []


# --- sentences -----------------------------------------------------------------------------------------------------------

MOVE = Move(input="reach", start=0.5, to=0.12, quantile=0.02)
OTHER = Move(input="price", start=2.0, to=3.0, quantile=0.9)


def test_a_flip_is_one_sentence() -> None:
    one = Flip(moves=(MOVE,), verdict="fails", probability=0.2)
    assert flip_sentence(one, lambda name: f"the {name}") == (
        "The smallest change found of one input that turns it: the reach is 0.12 instead of 0.5; it then fails."
    )
    two = Flip(moves=(MOVE, OTHER), verdict="disputed", probability=0.2)
    assert flip_sentence(two, str) == (
        "The smallest joint change found of two inputs that turns it: "
        "reach is 0.12 instead of 0.5 and price is 3 instead of 2; models then disagree about it."
    )


def test_a_flip_says_in_how_many_worlds_its_games_were_solved_and_why_nothing_can_be_told() -> None:
    unseen = Flip(moves=(MOVE,), verdict="cannot tell", probability=None, reason=UNSEEN, worlds=192)
    assert flip_sentence(unseen, str).endswith(
        "it is then undecided: this measure would miss such an effect. Its games were solved again in 192 worlds."
    )


def test_a_flip_at_the_median_is_of_what_is_certain() -> None:
    still = Flip(moves=(Move(input="reach", start=0.5, to=0.5, quantile=0.5),), verdict="fails", probability=0.2)
    assert flip_sentence(still, str).endswith(" that turns it: reach is certain to be 0.5 (its median); it then fails.")


def test_a_search_claims_no_more_than_it_did() -> None:
    near = Flip(moves=(MOVE,), verdict="holds", probability=0.61)
    some = search_sentence(Search(ends=40, tried=6, nearest=near), "model", str)
    assert some == (
        "None of the 6 ends of ranges tried, of 40, turns it. "
        "The nearest is the lower end of reach, 0.12 instead of 0.5: 61 %."
    )
    few = search_sentence(Search(ends=40, tried=6, nearest=near, worlds=48), "model", str)
    assert (
        "turns it. The games were solved again in 48 worlds, so an end that just turns it may be missed. The nea" in few
    )
    assert search_sentence(Search(ends=40, tried=40, unsure=2), "model", str) == (
        "None of the 40 ends of ranges tried, of 40, surely turns it; 2 may."
    )
    part = replace(near, part="by_force")
    assert search_sentence(Search(ends=40, tried=6, nearest=part), "model", str).endswith("“by force” is at 61 %.")
    assert search_sentence(Search(ends=40, tried=0), "model", str).startswith("No other value was tried")
    assert search_sentence(Search(ends=4, tried=4), "model", str).startswith(
        "No single input turns it at an end of its range: all 4 ends were tried."
    )
    assert search_sentence(Search(ends=0, tried=0), "model", str) == "It reads no uncertain input."
