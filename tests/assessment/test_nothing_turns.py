"""What the search for flips says of inputs that do not turn a verdict is true at every corner of the box of their ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations, product
from pathlib import Path

import pytest
from tests.facts_only import facts_only
from tests.made_up_claims import made_up_case
from tests.support import seeded

from tocsin.assessment.claims import decide_claim
from tocsin.assessment.judging import Judge
from tocsin.assessment.paths import Path as Path_
from tocsin.assessment.reads import Reads
from tocsin.assessment.result import ClaimResult
from tocsin.assessment.run import assess
from tocsin.case import Case
from tocsin.case.distributions import Distribution, parse
from tocsin.case.override import override

pytestmark = pytest.mark.numeric

TAILS = (0.001, 0.999)


def ends(belief: Distribution) -> tuple[float, ...]:
    """Return the ends of a range, as the documentation defines them: hard ends, or points far in the tails."""
    if belief.family in ("uniform", "loguniform"):
        return belief.support
    return tuple(float(belief.quantile(share)) for share in TAILS)


def read_by(case: Case, claim: str) -> list[str]:
    """Return the uncertain inputs that the tests of a claim read."""
    reads = Reads(case)
    names = frozenset[str]().union(*(reads.of(test) for test in case.tests[claim].values()))
    return sorted(name for name in names if not case.distributions[name].is_certain)


def corners(case: Case, names: Iterable[str], together: int) -> list[dict[str, float]]:
    """Return the corners of the box of each so many of some inputs; the others stay uncertain."""
    groups = combinations(names, together)
    return [
        dict(zip(group, values, strict=True))
        for group in groups
        for values in product(*(ends(case.distributions[name]) for name in group))
    ]


def with_values(case: Case, claim: ClaimResult, values: Mapping[str, float]) -> ClaimResult:
    """Return the claim of a run with these values set."""
    then = override(case, {name: f"fixed({value!r})" for name, value in values.items()})
    return decide_claim(Judge(then, seeded(1)), claim.id, then.claims[claim.id])


def not_tested(claim: ClaimResult) -> list[str]:
    return [part.name for part in claim.parts if part.verdict == "not tested"]


def refuting(case: Case, claim: ClaimResult, together: int) -> list[dict[str, float]]:
    """Return the corners that give a claim another verdict; those at which a test begins or ceases to repeat a judgement do not count."""
    found = []
    for values in corners(case, read_by(case, claim.id), together):
        then = with_values(case, claim, values)
        if then.verdict not in (claim.verdict, "not tested") and not_tested(then) == not_tested(claim):
            found.append(values)
    return found


def check(case: Case) -> tuple[int, int]:
    """Assert that no corner refutes what is said of the claims of a case; return of how many one input, and two, are said not to turn the verdict."""
    single = pairs = 0
    for claim in assess(case, seed=seeded(1)).claims:
        if claim.search is None or claim.search.unsure or any(len(flip.moves) == 1 for flip in claim.flips):
            continue
        assert claim.search.complete
        assert refuting(case, claim, 1) == [], claim
        single += 1
        if not claim.flips:
            assert refuting(case, claim, 2) == [], claim
            pairs += 1
    return single, pairs


def test_no_corner_turns_a_verdict_that_nothing_is_said_to_turn(tmp_path: Path) -> None:
    counts = [check(made_up_case(tmp_path / str(seed), seed, claims=3)) for seed in range(4)]
    single, pairs = (sum(column) for column in zip(*counts, strict=True))
    assert single > pairs > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_no_corner_turns_a_verdict_whatever_the_claims(tmp_path: Path, seed: int) -> None:
    check(made_up_case(tmp_path, seed))


# --- what the corners once refuted ---------------------------------------------------------------------------------------

BELIEFS = """\
beliefs:
  words.a: {is: "uniform(0, 1)", unit: "1", source: authority, why: made up}
  words.b: {is: "uniform(0, 1)", unit: "1", source: authority, why: made up}
claims:
"""


def claim_of(folder: Path, decided: str, level: str = "1.6", other: str = "1.4") -> ClaimResult:
    """Return a claim about two inputs between 0 and 1, and a level about which two sources disagree, with its flips."""
    fact = f'level: {{value: "{level}", date: 2024-02-01, source: authority, confidence: confirmed,'
    others = f'others: [{{value: "{other}", date: 2024-05-03, source: paper, confidence: medium}}]}}'
    claim = f"E1: {{says: made up, kind: fact, sentence: 1, sources: [authority], {decided}}}"
    replace = {"facts:\n": f"facts:\n  {fact}\n          {others}\n", "claims:\n": f"{BELIEFS}  {claim}\n"}
    return assess(facts_only(folder, replace=replace), seed=seeded(1)).claim("E1")


def moves(claim: ClaimResult) -> list[tuple[dict[str, float | None], str]]:
    return [({move.input: move.to for move in flip.moves}, flip.verdict) for flip in claim.flips]


def test_an_input_turns_a_verdict_if_sources_disagree_with_it(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, 'holds: "input(words.a) + input(words.b) < fact(level)"')
    (values, verdict), *_ = moves(claim)
    assert (claim.verdict, verdict, len(values)) == ("holds", "disputed", 1)
    assert 0.8 < sum(value or 0.0 for value in values.values()) <= 1.0


def test_an_input_turns_a_verdict_if_its_test_is_undefined_with_it(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, 'holds: "1 / input(words.b) > 0"')
    assert (claim.verdict, moves(claim)) == ("holds", [({"words.b": 0.0}, "cannot tell")])


def test_an_input_turns_a_verdict_by_a_part_about_which_sources_disagree(tmp_path: Path) -> None:
    parts = "{near: {says: near, holds: 'input(words.a) < fact(level)'}, low: {says: low, holds: 'input(words.b) < 2'}}"
    claim = claim_of(tmp_path, f"parts: {parts}", level="0.8", other="0.3")
    assert [part.verdict for part in claim.parts] == ["disputed", "holds"]
    ((values, verdict),) = moves(claim)
    assert (claim.verdict, verdict) == ("partly", "holds")
    assert values.keys() == {"words.a"} and 0.2 < (values["words.a"] or 0.0) < 0.3


def test_two_inputs_turn_a_verdict_that_no_single_one_can_turn(tmp_path: Path) -> None:
    parts = "{one: {says: one, holds: 'input(words.a) < 0.9'}, two: {says: two, holds: 'input(words.b) < 0.9'}}"
    claim = claim_of(tmp_path, f"any of: {parts}")
    assert claim.search is not None and claim.search.idle == claim.search.ends == 4
    ((values, verdict),) = moves(claim)
    assert (claim.verdict, verdict) == ("holds", "fails")
    assert all(0.9 <= (values[name] or 0.0) < 0.95 for name in ("words.a", "words.b"))


def test_a_judgement_that_leaves_a_part_without_a_test_is_not_said_to_turn_the_verdict(tmp_path: Path) -> None:
    judged = BELIEFS.replace("source: authority", "by: tests", 1)
    parts = (
        "{one: {says: one, holds: 'input(words.a) < input(words.b) + 0.58'}, two: {says: two, holds: 'fact(strike)'}}"
    )
    claim = f"E1: {{says: made up, kind: fact, sentence: 1, sources: [authority], parts: {parts}}}"
    case = facts_only(tmp_path, replace={"claims:\n": f"{judged}  {claim}\n"})
    stands = assess(case, seed=seeded(1)).claim("E1")
    then = with_values(case, stands, {"words.b": 0.0})
    assert [part.verdict for part in then.parts] == ["not tested", "fails"]
    assert (stands.verdict, then.verdict) == ("partly", "fails")
    assert stands.search is not None and stands.search.complete and not stands.search.unsure
    assert all(len(flip.moves) == 2 for flip in stands.flips)


@pytest.mark.parametrize(("text", "ends_at"), [("uniform(0.2, 1.8)", (0.2, 1.8)), ("uniform(-1, 3)", (-1.0, 3.0))])
def test_a_hard_end_is_printed_as_it_is_written(text: str, ends_at: tuple[float, float]) -> None:
    for end, value in zip((0.0, 1.0), ends_at, strict=True):
        assert Path_({"x": end}).printed({"x": parse(text)}, 1.0) == {"x": value}
