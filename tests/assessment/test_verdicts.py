"""The calculus of verdicts: the table of docs/verdicts.md row by row, and its properties."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.house.test_docs import ROOT

from tocsin.assessment.result import Basis, Likelihood, Rule, Verdict
from tocsin.assessment.verdicts import (
    Part,
    carries_percentage,
    combined,
    decide,
    in_words,
    needed,
    parts_in_words,
    settled_by_facts,
    turnable,
)

RANK: dict[Verdict, int] = {"fails": 0, "not tested": 1, "cannot tell": 1, "disputed": 1, "partly": 2, "holds": 3}
VERDICTS = cast(tuple[Verdict, ...], tuple(verdict for verdict in get_args(Verdict) if verdict != "partly"))
BASES: tuple[Basis, ...] = ("facts", "estimate", "model")


def part(verdict: Verdict, basis: Basis = "model", *, essential: bool = False) -> Part:
    return Part(name="a", verdict=verdict, basis="nothing" if verdict == "not tested" else basis, essential=essential)


# --- the table ---------------------------------------------------------------------------------------------------------

LETTERS: dict[str, Part] = {
    "T": part("holds", "facts"),
    "F": part("fails", "facts"),
    "h": part("holds"),
    "f": part("fails"),
    "f!": part("fails", essential=True),
    "F!": part("fails", "facts", essential=True),
    "c": part("cannot tell"),
    "d!": part("disputed", essential=True),
    "n!": part("not tested", essential=True),
    "d": part("disputed"),
    "n": part("not tested"),
}


def table() -> list[tuple[str, str, str, str, str]]:
    """Return the rows of the table in the documentation: rule, parts, joint verdict, verdict, percentage."""
    text = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (all|any|most) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| (yes|no) \|", text, re.MULTILINE)
    return [tuple(cell.strip() for cell in row) for row in rows]


def test_the_table_is_there() -> None:
    rows = table()
    assert len(rows) >= 30
    assert {row[0] for row in rows} == set(get_args(Rule))
    assert {row[3] for row in rows} == set(get_args(Verdict))


@pytest.mark.parametrize(("rule", "parts", "joint", "verdict", "percentage"), table())
def test_every_row_of_the_table_is_true(rule: Rule, parts: str, joint: str, verdict: Verdict, percentage: str) -> None:
    states = [LETTERS[letter] for letter in parts.split()]
    known = None if joint == "none" else cast(Verdict, joint)
    assert combined(rule, states, known) == verdict
    assert (known is not None and carries_percentage(rule, states, verdict)) == (percentage == "yes")


# --- claims from probabilities -----------------------------------------------------------------------------------------


def claim(rule: Rule, parts: list[tuple[Verdict | float, Basis, bool]]) -> tuple[Verdict, bool]:
    """Return the verdict of a claim and whether it has a percentage; a part is a verdict or an independent probability."""
    states = [
        Part(
            name=str(index),
            verdict=decide(value, ()) if isinstance(value, float) else value,
            basis="nothing" if value == "not tested" else "facts" if not isinstance(value, float) else basis,
            essential=essential,
        )
        for index, (value, basis, essential) in enumerate(parts)
    ]
    joint = joint_of(rule, parts)
    verdict = combined(rule, states, None if joint is None else decide(joint, ()))
    return verdict, joint is not None and carries_percentage(rule, states, verdict)


def joint_of(rule: Rule, parts: list[tuple[Verdict | float, Basis, bool]]) -> float | None:
    """Return the probability that enough independent parts hold; None if a part has none or facts settle the number."""
    chances = [value for value, _, _ in parts if isinstance(value, float)]
    facts = [value for value, _, _ in parts if not isinstance(value, float)]
    wanted = needed(rule, parts) - facts.count("holds")
    if not set(facts) <= {"holds", "fails"} or not 0 < wanted <= len(chances):
        return None
    counts = [1.0]
    for chance in chances:
        counts = [
            (counts[k] if k < len(counts) else 0.0) * (1 - chance) + (counts[k - 1] if k else 0.0) * chance
            for k in range(len(counts) + 1)
        ]
    return min(sum(counts[wanted:]), 1.0)


PROBABILITY = st.floats(0.0, 1.0)
STATE = st.one_of(PROBABILITY, st.sampled_from(["holds", "fails", "not tested", "cannot tell"]))
PARTS = st.lists(st.tuples(STATE, st.sampled_from(["estimate", "model"]), st.booleans()), min_size=1, max_size=5)
RULES = st.sampled_from(get_args(Rule))
FALSE: tuple[Verdict, Basis, bool] = ("fails", "facts", False)


def plain(rule: Rule, parts: list[tuple[Verdict | float, Basis, bool]]) -> list[tuple[Verdict | float, Basis, bool]]:
    """Return the parts without essential ones where the rule is any, which admits none."""
    return [(value, basis, essential and rule != "any") for value, basis, essential in parts]


@given(RULES, PARTS)
def test_a_false_fact_never_raises_a_verdict(rule: Rule, parts: list[tuple[Verdict | float, Basis, bool]]) -> None:
    parts = plain(rule, parts)
    before, after = claim(rule, parts), claim(rule, [*parts, FALSE])
    if rule == "any" or before[0] == "not tested":
        return  # a false alternative changes nothing; a claim that had no verdict now has one
    assert RANK[after[0]] <= RANK[before[0]]


@given(PARTS)
def test_a_false_fact_never_leaves_a_percentage(parts: list[tuple[Verdict | float, Basis, bool]]) -> None:
    assert not claim("all", [*parts, FALSE])[1]


@given(PARTS.filter(lambda parts: all(value != "not tested" for value, _, _ in parts)))
def test_a_false_alternative_changes_nothing(parts: list[tuple[Verdict | float, Basis, bool]]) -> None:
    parts = plain("any", parts)
    assert claim("any", [*parts, FALSE]) == claim("any", parts)


@given(RULES, PARTS, st.randoms())
def test_order_changes_nothing(rule: Rule, parts: list[tuple[Verdict | float, Basis, bool]], random: Random) -> None:
    parts = plain(rule, parts)
    shuffled = random.sample(parts, len(parts))
    joint, again = joint_of(rule, parts), joint_of(rule, shuffled)
    assert (joint is None) == (again is None)
    if joint is None or (abs(joint - (again or 0.0)) < 1e-9 and abs(100 * joint - round(100 * joint) - 0.5) > 1e-6):
        assert claim(rule, shuffled) == claim(rule, parts)


@given(PARTS)
def test_an_untested_part_keeps_a_conjunction_from_holding(
    parts: list[tuple[Verdict | float, Basis, bool]],
) -> None:
    verdict, percentage = claim("all", [*parts, ("not tested", "nothing", False)])
    assert verdict != "holds" and not percentage


@given(RULES, st.integers(1, 5))
def test_untested_parts_alone_are_not_tested(rule: Rule, count: int) -> None:
    assert claim(rule, [("not tested", "nothing", False)] * count) == ("not tested", False)


@given(st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=5), st.integers(0, 4))
def test_a_part_split_in_two_equal_ones_changes_nothing(verdicts: list[Verdict], index: int) -> None:
    # equal parts hold in the same worlds, so the joint probability is the same
    states = [part(verdict) for verdict in verdicts]
    split = [*states, states[index % len(states)]]
    for rule in ("all", "any"):
        for joint in (None, "holds", "fails", "cannot tell", "disputed"):
            assert combined(rule, split, joint) == combined(rule, states, joint)


@given(PARTS)
def test_partly_carries_no_percentage(parts: list[tuple[Verdict | float, Basis, bool]]) -> None:
    verdict, percentage = claim("all", parts)
    assert not (verdict == "partly" and percentage)


@given(RULES, PARTS)
def test_a_percentage_agrees_with_its_verdict(rule: Rule, parts: list[tuple[Verdict | float, Basis, bool]]) -> None:
    parts = plain(rule, parts)
    verdict, percentage = claim(rule, parts)
    joint = joint_of(rule, parts)
    if percentage and joint is not None:
        assert verdict == decide(joint, ())


def test_a_majority_does_not_admit_splitting() -> None:
    # the counter-example: two of three parts hold, and the third splits in two
    assert claim("most", [("holds", "facts", False), ("holds", "facts", False), FALSE])[0] == "holds"
    assert claim("most", [("holds", "facts", False), ("holds", "facts", False), FALSE, FALSE])[0] == "fails"


# --- errors and words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mid", "error", "expected"),
    [(0.60, 0.01, False), (0.60, 0.04, True), (0.47, 0.02, True), (0.50, 0.02, False), (0.02, 0.05, False)],
)
def test_a_verdict_is_turnable_within_two_errors(mid: float, error: float, expected: bool) -> None:
    assert turnable(Likelihood(low=0.0, mid=mid, high=1.0, error=error)) is expected


def test_words_name_the_parts() -> None:
    states = [
        Part(name="record", verdict="holds", basis="facts"),
        Part(name="amount", verdict="holds", basis="facts"),
        Part(name="fiscal_year", verdict="fails", basis="facts"),
        Part(name="felt", verdict="not tested", basis="nothing"),
    ]
    assert parts_in_words(states) == "“record” and “amount” hold; “fiscal year” fails; “felt” is not tested"
    assert in_words("holds", None, "facts") == "by the facts"


@given(PARTS)
def test_a_majority_needs_its_essential_parts(parts: list[tuple[Verdict | float, Basis, bool]]) -> None:
    verdict, _ = claim("most", [*parts, ("not tested", "nothing", True)])
    assert verdict != "holds"


@pytest.mark.parametrize(
    ("rule", "verdict", "parts", "expected"),
    [
        ("all", "fails", "F h", True),
        ("all", "fails", "c c", False),
        ("all", "fails", "f T", False),
        ("all", "holds", "T T", True),
        ("all", "holds", "T h", False),
        ("any", "holds", "T f", True),
        ("any", "fails", "F f", False),
        ("most", "holds", "T T f", True),
        ("most", "holds", "T h h", False),
        ("most", "fails", "h h F!", True),
        ("most", "fails", "F F h", True),
    ],
)
def test_facts_settle_what_no_other_part_can_change(rule: Rule, verdict: Verdict, parts: str, expected: bool) -> None:
    assert settled_by_facts(rule, verdict, [LETTERS[letter] for letter in parts.split()]) is expected


def test_every_verdict_has_words(tmp_path: Path) -> None:
    for verdict in get_args(Verdict):
        assert in_words(verdict, Likelihood(low=0.1, mid=0.5, high=0.9), "model")


def test_models_that_disagree_have_a_capped_range() -> None:
    wide = Likelihood(low=0.01, mid=0.5, high=0.9)  # the ends by threshold are wider than those by model
    assert in_words("disputed", wide, "model", [0.5, 0.62, 0.02]) == "models disagree (below 5 % to 62 %)"
