"""Challenges of claims that no game decides: sources left out, values of others, judgements at the ends of their ranges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from tests.facts_only import facts_only, with_estimates
from tests.support import minimal_case, seeded

from tocsin.assessment.challenging.answers import answer
from tocsin.assessment.challenging.changes import Change
from tocsin.assessment.challenging.inputs import judged_ends, other_estimates, pressure, rival
from tocsin.assessment.challenging.leaving_out import data_sets, stays, without_source
from tocsin.assessment.challenging.result import ClaimChallenge, Row, Untestable
from tocsin.assessment.challenging.run import challenge, challenger
from tocsin.assessment.challenging.words import cannot_without, challenge_text, result_text
from tocsin.assessment.claims import decide_claim
from tocsin.assessment.judging import Judge
from tocsin.assessment.run import assess
from tocsin.case import Case, load
from tocsin.case.origin import estimated
from tocsin.case.rival_blocks import Prediction
from tocsin.errors import InputError

TEST = (
    'holds: "loss_aim(ALF, rise + amendment) > threshold",\n'
    '       threshold: {values: [0, 0.02, 0.05], central: 0.02, unit: "1"}}'
)
WAITING = '{value: "60 ships", date: 2024-05-02, source: [authority, paper], confidence: medium}'
DISPUTED = (
    '{value: "60 ships", date: 2024-05-02, source: authority, confidence: medium, '
    'others: [{value: "95 ships", date: 2024-05-02, source: paper, confidence: medium}]}'
)


def with_test(folder: Path, text: str, **replaced: str) -> Case:
    return minimal_case(folder, replace={TEST: f'holds: "{text}"}}', **replaced})


def one(case: Case, claim: str) -> ClaimChallenge:
    return challenge(case, [claim], seed=seeded(1)).claims[0]


def rows(claim: ClaimChallenge, kind: str) -> dict[str, Row]:
    return {row.of: row for row in claim.rows if row.kind == kind}


# --- sources -------------------------------------------------------------------------------------------------------------


def test_a_claim_of_facts_cannot_be_tested_without_its_only_source(tmp_path: Path) -> None:
    claim = one(facts_only(tmp_path), "C1")
    assert claim.verdict == "holds"
    row = rows(claim, "source")["authority"]
    assert (row.before, row.after, row.turns) == ("holds", "not tested", True)
    assert claim.rows[0] is row


def test_a_fact_with_two_sources_stays_without_either(tmp_path: Path) -> None:
    claim = one(facts_only(tmp_path), "C2")
    without = rows(claim, "source")
    assert without["authority"].parts == () and not without["authority"].matters
    assert without["paper"].parts == (("calm", "holds", "not tested"),)


def test_without_a_source_a_fact_takes_the_value_of_the_other(tmp_path: Path) -> None:
    case = facts_only(tmp_path, replace={WAITING: DISPUTED})
    claim = one(case, "C2")
    assert assess(case, seed=1).claim("C2").parts[0].verdict == "disputed"
    by_source = rows(claim, "source")
    assert ("ninety", "disputed", "holds") in by_source["authority"].parts
    assert ("ninety", "disputed", "fails") in by_source["paper"].parts


def test_each_value_of_a_disputed_fact_is_tried_alone(tmp_path: Path) -> None:
    claim = one(facts_only(tmp_path, replace={WAITING: DISPUTED}), "C2")
    tried = [row for row in claim.rows if row.kind == "fact"]
    assert {row.settings for row in tried} == {(("ships.waiting", "60 ships"),), (("ships.waiting", "95 ships"),)}
    for row in tried:
        real = assess(facts_only(tmp_path / row.says, replace={WAITING: DISPUTED}), settings=dict(row.settings))
        assert real.claim("C2").verdict == row.after


@pytest.mark.slow
@pytest.mark.numeric
def test_the_values_of_a_disputed_fact_are_tried_in_a_test_of_the_games(tmp_path: Path) -> None:
    said = "said.ALF.budget: {value: true, date: 2024-03-02, source: book, confidence: medium"
    other = "others: [{value: false, date: 2024-03-02, source: record, confidence: medium}]"
    case = with_test(tmp_path, "risk() > 0.0001 or fact(said.ALF.budget)", **{said: f"{said}, {other}"})
    claim = one(case, "C1")
    assert {row.after for row in claim.rows if row.kind == "fact" and row.settings[0][1] == "true"} == {"holds"}
    assert "book" in rows(claim, "source")


def test_a_fact_that_is_only_recalled_is_left_out(tmp_path: Path) -> None:
    recalled = WAITING.replace("confidence: medium", "confidence: recalled, flag: general knowledge")
    claim = one(facts_only(tmp_path, replace={WAITING: recalled}), "C2")
    assert ("ninety", "fails", "not tested") in rows(claim, "fact")["ships.waiting"].parts


def test_a_sourced_input_without_a_default_leaves_the_claim_untested(tmp_path: Path) -> None:
    claim = one(with_estimates(tmp_path), "E1")
    assert rows(claim, "source")["authority"].after == "not tested"


LOOSENS = 'loosens.GAM.alignment: {is: "rate(2 in 22)", unit: per year, source: record'
ACCIDENT = '  accident: {is: "rate(0 in 72)", unit: per year, source: record, why: "no such war on record"}\n'


@pytest.mark.parametrize(
    "text", ["input(accident) > 0.002 per year", "100 * input(accident) > hazard(GAM.alignment, leave)"]
)
def test_a_sourced_input_takes_the_default_range_of_the_program(tmp_path: Path, text: str) -> None:
    other = {LOOSENS: LOOSENS.replace("source: record", "source: book")}
    row = rows(one(with_test(tmp_path, text, **other), "C1"), "source")["record"]
    bare = with_test(tmp_path / "bare", text, **other, **{ACCIDENT: ""})
    assert bare.beliefs["accident"].is_default
    real = decide_claim(Judge(bare, seeded(1)), "C1", bare.claims["C1"])
    assert row.after == real.verdict
    assert row.probability == pytest.approx(real.probability.mid if real.probability else None, abs=0.01)
    if real.probability is not None:
        assert row.change is not None and abs(row.change) > 0.02


# --- judgements ------------------------------------------------------------------------------------------------------------


def test_the_judgement_that_decides_a_claim_is_the_worst_row_with_the_right_probability(tmp_path: Path) -> None:
    case = with_test(tmp_path, "hazard(GAM.alignment, leave) > hazard(BET.posture, leave) + 0.05 per year")
    claim = one(case, "C1")
    judged = [row for row in claim.rows if row.kind == "judgement"]
    assert {row.of for row in judged} == {"loosens.BET.posture"}
    record, belief = stats.beta(2.5, 20.5), case.distributions["loosens.BET.posture"]
    for row in judged:
        ((name, text),) = row.settings
        value = float(text.removeprefix("fixed(").removesuffix(")"))
        assert name == "loosens.BET.posture"
        assert value == pytest.approx(float(belief.quantile(0.05 if value < belief.quantile(0.5) else 0.95)))
        assert row.probability == pytest.approx(record.sf(value + 0.05), abs=0.01)
    assert claim.rows[0].kind in ("judgement", "source")


def test_a_claim_true_by_construction_is_moved_by_nothing(tmp_path: Path) -> None:
    claim = one(
        with_test(
            tmp_path,
            "hazard(GAM.alignment, leave) > 0.0000001 per year",
            **{LOOSENS: LOOSENS.replace("source: record", "source: [record, book]")},
        ),
        "C1",
    )
    assert claim.verdict == "holds"
    assert claim.rows and not [row for row in claim.rows if row.matters]


def test_a_judgement_without_a_range_is_named_among_what_cannot_be_tested(tmp_path: Path) -> None:
    case = with_test(
        tmp_path,
        "hazard(GAM.alignment, leave) > hazard(BET.posture, leave)",
        **{'loosens.BET.posture: {is: "beta(0.005 to 0.05)"': 'loosens.BET.posture: {is: "fixed(0.02)"'},
    )
    claim = one(case, "C1")
    assert [item.of for item in claim.untestable if item.kind == "judgement"] == ["loosens.BET.posture"]


def test_a_default_range_is_not_called_judged(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    name = next(name for name, item in case.distributions.items() if name in case.beliefs and not item.is_certain)
    for is_default, ends in ((False, "end of what was judged"), (True, "end of its default range")):
        belief = case.beliefs[name].model_copy(update={"is_default": is_default})
        other = case.model_copy(update={"beliefs": {**case.beliefs, name: belief}})
        assert [change.says.endswith(ends) for change in judged_ends(other, name)] == [True, True]


# --- rivals -----------------------------------------------------------------------------------------------------------------


RIVAL = "R1: {against: [C1], says: Alpha would say it anyway, sources: book, confidence: medium"


def test_a_rival_sets_its_inputs(tmp_path: Path) -> None:
    case = with_test(
        tmp_path,
        "hazard(GAM.alignment, leave) > 0.05 per year",
        **{RIVAL: f"{RIVAL}, sets: {{loosens.GAM.alignment: 0.01}}"},
    )
    row = rows(one(case, "C1"), "rival")["R1"]
    assert (row.before, row.after) == ("holds", "fails")
    assert row.settings == (("loosens.GAM.alignment", "0.01"),)
    assert row.probability == 0.0


def test_a_rival_that_sets_nothing_makes_no_run(tmp_path: Path) -> None:
    claim = one(with_test(tmp_path, "hazard(GAM.alignment, leave) > 0.05 per year"), "C1")
    assert [(item.kind, item.of) for item in claim.untestable] == [("rival", "R1")]


# --- all of it ---------------------------------------------------------------------------------------------------------------


def test_rows_that_turn_the_verdict_come_first_and_the_largest_moves_before_small_ones(tmp_path: Path) -> None:
    case = with_test(tmp_path, "hazard(GAM.alignment, leave) > hazard(BET.posture, leave) + 0.05 per year")
    claim = one(case, "C1")
    turns = [row.turns for row in claim.rows]
    assert turns == sorted(turns, reverse=True)
    moves = [abs(row.change or 0.0) for row in claim.rows if not row.turns and row.matters]
    assert moves == sorted(moves, reverse=True)


def test_a_challenge_repeats_itself(tmp_path: Path) -> None:
    case = facts_only(tmp_path)
    assert challenge(case).to_dict() == challenge(case).to_dict()


def test_what_a_claim_is_not_tested_for_has_nothing_to_challenge(tmp_path: Path) -> None:
    claim = one(facts_only(tmp_path), "C3")
    assert (claim.verdict, claim.rows, claim.untestable) == ("not tested", (), ())
    assert "Nothing to challenge" in challenge_text(challenge(facts_only(tmp_path), ["C3"]))


def test_settings_of_the_run_change_the_claims_first(tmp_path: Path) -> None:
    claim = challenge(facts_only(tmp_path), ["C2"], settings={"ships.waiting": "95"}).claims[0]
    assert claim.verdict == "holds"


@pytest.mark.parametrize(("name", "near"), [("C9", "C"), ("", "C"), ("c1 x", "C1")])
def test_an_unknown_claim_is_refused_with_the_nearest(tmp_path: Path, name: str, near: str) -> None:
    with pytest.raises(InputError, match="no claim") as caught:
        challenger(facts_only(tmp_path), [name])
    assert near in str(caught.value.remedy)


def test_a_claim_is_found_however_its_letters_are_written(tmp_path: Path) -> None:
    assert challenger(facts_only(tmp_path), [" c1"]).names == ("C1",)


def test_a_bad_seed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="seed"):
        challenge(facts_only(tmp_path), seed=-1)


def test_what_is_done_can_be_read_at_any_time(tmp_path: Path) -> None:
    asked = challenger(with_estimates(tmp_path), ["E1", "C1"])
    assert asked.so_far().claims == () and not asked.so_far().complete
    seen: list[int] = []

    def look(_stage: str, _share: float) -> None:
        seen.append(sum(len(claim.rows) for claim in asked.so_far().claims))

    final = asked.run(look)
    assert final.complete and seen == sorted(seen) and seen[-1] == sum(len(claim.rows) for claim in final.claims)


def test_numbers_are_finite(tmp_path: Path) -> None:
    claim = one(with_test(tmp_path, "hazard(GAM.alignment, leave) > hazard(BET.posture, leave)"), "C1")
    numbers = [value for row in claim.rows for value in (row.probability, row.change, row.error) if value is not None]
    assert numbers and np.all(np.isfinite(numbers))


# --- data sets --------------------------------------------------------------------------------------------------------------

NMC = "measure/components/JPN/2022/personnel"


@pytest.mark.parametrize(
    ("sources", "origin", "gone", "left"),
    [
        (("a",), None, "a", False),
        (("a", "b"), None, "a", True),
        (("a",), None, "b", True),
        ((), None, "a", True),
        ((), NMC, "a", True),
        ((), NMC, "data/nmc", False),
        (("a",), NMC, "data/nmc", True),
        (("a",), NMC, "a", True),
    ],
)
def test_what_is_left_without_a_source(sources: tuple[str, ...], origin: str | None, gone: str, *, left: bool) -> None:
    assert stays(sources, origin, gone) is left


def test_a_claim_of_the_founding_case_rests_on_a_data_set() -> None:
    claim = one(load("japan-buildup"), "C16")
    assert rows(claim, "source")["data/atop_dyads"].after == "not tested"


def test_an_estimate_takes_no_default_that_rests_on_the_same_data() -> None:
    case = load("japan-buildup")
    change = without_source(case, "data/wars")
    assert "decisiveness.war" in change.missing
    assert all("data/wars" not in data_sets(change.case.beliefs[name].from_) for name in change.beliefs)


# --- order ------------------------------------------------------------------------------------------------------------------


def moved(change: float, error: float = 0.01, **fields: object) -> Row:
    row = Row(kind="type", of="x", says="x", before="holds", after="holds", probability=0.5, change=change, error=error)
    return replace(row, **fields)  # type: ignore[arg-type]


def test_a_row_is_the_worse_the_further_the_verdict_and_then_the_probability_move() -> None:
    ordered = [
        moved(-0.3, after="fails"),
        moved(-0.4, after="cannot tell"),
        moved(-0.2, after="cannot tell"),
        moved(0.0, parts=(("a", "holds", "fails"),)),
        moved(0.3),
        moved(-0.1),
        moved(0.5, error=0.3),
        moved(0.005, error=0.0),
    ]
    mixed = [*ordered[3:], *ordered[:3]]
    assert sorted(mixed, key=lambda row: row.rank) == ordered
    assert [row.matters for row in ordered] == [True] * 6 + [False] * 2


# --- estimates, pressure, rivals ---------------------------------------------------------------------------------------------


def test_other_estimates_are_of_the_same_thing_from_another_sample() -> None:
    case = load("japan-buildup")
    tried = {item.settings[0][1] for item in other_estimates(case, "conquest") if isinstance(item, Change)}
    estimates = ("evidence/conquest/initiator/since_1946", "evidence/conquest/either_side/1823_to_2003")
    assert tried == {estimated(path) for path in estimates}
    assert list(other_estimates(case, "signal.home")) == []
    assert list(other_estimates(case, "usable.PRK")) == []


@pytest.mark.parametrize("name", ["decisiveness.war", "decisiveness.clash"])
def test_an_estimate_that_reaches_below_what_an_input_may_be_is_cut_there(name: str) -> None:
    """Two estimates of decisiveness have a 5 % point below 0. The shape stays, without what lies below 0."""
    case = load("japan-buildup")
    tried = [item for item in other_estimates(case, name) if isinstance(item, Change)]
    assert len(tried) == len(list(other_estimates(case, name)))
    (cut,) = [item for item in tried if " to " not in item.settings[0][1]]
    shape = cut.case.distributions[name]
    low, middle, high = shape.quantile([0.0, 0.5, 0.95])
    assert 0.0 <= low < 1e-6
    assert middle > shape.first > 0.0 and high > shape.first + 1.6 * shape.second
    assert shape.admissible_mass == pytest.approx(stats.norm.cdf(shape.first / shape.second))


def test_pressure_from_history_is_tried_from_payoffs() -> None:
    change = pressure(load("japan-buildup"), "korea")
    assert isinstance(change, Change)
    assert change.every_game and change.settings == (("pressure.korea", "payoffs"),)
    assert change.case.theatres["korea"].pressure == "payoffs"


def test_pressure_from_payoffs_has_no_other_way(tmp_path: Path) -> None:
    assert pressure(minimal_case(tmp_path), "strait") is None


@pytest.mark.parametrize(
    ("sets", "every_game", "inputs"),
    [
        ({"growth.BET": "0.01"}, False, {"growth.BET"}),
        ({"regimes.GAM.alignment": "aligned"}, True, set()),
        ({"spending.BET": "rise", "shadow": "0.2"}, True, {"shadow"}),
    ],
)
def test_a_rival_says_which_games_may_differ(
    tmp_path: Path, sets: dict[str, str], *, every_game: bool, inputs: set[str]
) -> None:
    case = minimal_case(tmp_path)
    change = rival(case, "R1", case.arguments["R1"].model_copy(update={"sets": sets}))
    assert isinstance(change, Change)
    assert change.every_game is every_game and set(change.beliefs) == inputs


def test_a_rival_whose_inputs_do_not_fit_is_named_with_the_reason(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    change = rival(case, "R1", case.arguments["R1"].model_copy(update={"sets": {"growth.BTE": "0.01"}}))
    assert isinstance(change, Untestable) and "growth.BTE" in change.why


# --- reasons -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (moved(-0.3, after="cannot tell"), "cannot tell instead of holds (50 % instead of 80 %, ±2 points)"),
        (
            moved(0.0, before="fails", after="cannot tell", part="b", parts=(("a", "cannot tell", "not tested"),)),
            "cannot tell instead of fails (“a” not tested instead of cannot tell)",
        ),
        (
            moved(
                0.3,
                before="fails",
                after="cannot tell",
                part="b",
                parts=(("a", "fails", "cannot tell"),),
                why="too few",
            ),
            "cannot tell instead of fails (“a” cannot tell instead of fails: too few)",
        ),
        (moved(0.001, after="disputed"), "disputed instead of holds (50 % as before, but the models disagree)"),
        (moved(0.0, before="disputed"), "holds instead of disputed (50 % as before, but the models agree)"),
        (
            moved(0.0, after="partly", part="b"),
            "partly instead of holds (how likely its parts hold together changes)",
        ),
        (
            replace(moved(0.0, after="cannot tell", why="too few worlds"), probability=None, change=None, error=None),
            "cannot tell instead of holds (too few worlds)",
        ),
    ],
)
def test_a_verdict_that_turns_gives_what_turns_it(row: Row, text: str) -> None:
    assert result_text(row) == text


def test_a_decided_claim_without_a_probability_gives_its_reason(tmp_path: Path) -> None:
    answered = answer(assess(facts_only(tmp_path, replace={WAITING: DISPUTED})).claim("C2"))
    assert answered.reasons == {}
    undecided = replace(assess(facts_only(tmp_path)).claim("C1"), verdict="cannot tell", words="too few worlds")
    assert answer(undecided).reasons == {"": "too few worlds"}


def test_sources_and_facts_without_which_a_claim_is_not_tested_are_apart() -> None:
    gone = [moved(0.0, kind=kind, of=of, after="not tested") for kind, of in (("source", "a"), ("fact", "x"))]
    assert cannot_without(gone) == "It cannot be tested without the source a. It cannot be tested without the fact x."
    more = [*gone, moved(0.0, kind="source", of="b", after="not tested")]
    assert "if any one of these sources is missing: a, b." in cannot_without(more)


def test_a_rival_that_predicts_is_named_as_tested_elsewhere(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    plain = rival(case, "R1", case.arguments["R1"])
    predicting = case.arguments["R1"].model_copy(
        update={"predicts": Prediction(says="x", right="0.8", wrong="0.2", by="author", why="y")}
    )
    tested = rival(case, "R1", predicting)
    assert isinstance(plain, Untestable) and "tocsin show R1" not in plain.why
    assert (
        isinstance(tested, Untestable) and "The assessment tests what it predicts: see `tocsin show R1`." in tested.why
    )
