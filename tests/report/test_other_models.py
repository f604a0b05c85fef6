"""The block of a claim that other models answer: a dot a model, the pool, and what is said before the verdict."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.facts_only import facts_only
from tests.report.sample import sample
from tests.report.test_outside import block

from tocsin.assessment.other_models_result import ModelAnswer, OtherModels
from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.report.brief import render
from tocsin.report.other_models import models_blocks, only_this_game


def answers(game: float | None, moves: float | None, hollow: str = "") -> OtherModels:
    """Return answers to claim C1: of the game, of the three moves, and of a silent record."""
    level = {"strait": (0.001, 0.0031, 0.02)}
    return OtherModels(
        claim="C1", part="", years=10, counterfactual=True,
        answers=(
            ModelAnswer(model="coercion", weight=0.2, probability=game, silent="" if game is not None else "unseen"),
            ModelAnswer(model="moves", weight=0.5, probability=moves, silent=hollow, level=level, effect=(-0.02, 0.01, 0.03)),
            ModelAnswer(model="record", weight=0.3, probability=None, silent="no force enters in it", level=level),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("case"))


def test_each_model_has_a_dot_or_says_why_not(plain: Assessment) -> None:
    assessment = replace(plain, other_models=(answers(0.03, 0.2),))
    text = block(assessment, "C1")
    assert "2 of the 3 models count." in text and "No score exists for claims about what would be different" in text
    assert "says nothing: no force enters in it" in text
    assert "war within 10 years as things stand: 0.31 % (0.1 to 2 %)" in text
    assert "difference tested: +1.00 points (-2.00 to +3.00)" in text
    assert "pooled 26 %" in text  # 0.2 x 3 % + 0.5 x 20 % + 0.3 x 50 %


def test_a_hollow_dot_does_not_count(plain: Assessment) -> None:
    (block,) = models_blocks(
        replace(plain, other_models=(answers(None, 0.2, "it misses a control (x)"),)), plain.claims[0]
    )
    game, moves, record, pool = block.rows
    assert "circle" not in game.drawing and "circle" not in record.drawing
    assert 'fill="#ffffff"' in moves.drawing and moves.value == "20 %, but does not count: it misses a control (x)"
    assert pool.value == "50 %" and block.summary.startswith("None of the 3 models can tell")


def test_a_disagreement_is_said_before_the_verdict(plain: Assessment) -> None:
    text = block(replace(plain, other_models=(answers(0.03, 0.7),)), "C1")
    first = "Models differ: this case's game below 5 %; three moves, payoffs from history 70 %."
    assert text.index(first) < text.index("almost no chance")
    assert "Models differ" not in block(replace(plain, other_models=(answers(0.03, 0.2),)), "C1")


def test_other_claims_have_no_block(plain: Assessment) -> None:
    page = render(replace(plain, other_models=(answers(0.03, 0.2),)))
    assert len(re.findall(r'<figure class="ladder models">', page)) == 1
    assert models_blocks(replace(plain, other_models=(answers(0.03, 0.2),)), plain.claims[2]) == ()


def test_the_claims_that_only_the_game_answers_are_named_once(plain: Assessment) -> None:
    before, after = only_this_game(plain), only_this_game(replace(plain, other_models=(answers(0.03, 0.2),)))
    assert "(C1, C2" in before and "C1" not in after and "C2" in after
    assert render(plain).count("the case&#39;s game is the only model") == 1


def test_a_facts_brief_has_no_such_sentence(tmp_path: Path) -> None:
    page = render(assess(facts_only(tmp_path)))
    assert "only-this-game" not in page and "ladder models" not in page


def test_a_table_has_a_row_for_each_answer(plain: Assessment) -> None:
    table = replace(plain, other_models=(answers(0.03, 0.2, "it misses a control (x)"),)).frame("others")
    assert table["model"].to_list() == ["coercion", "moves", "record"]
    assert table["counts"].to_list() == [True, False, False]
    assert table["probability"].to_list() == [0.03, 0.2, None] and table["pooled"].n_unique() == 1
