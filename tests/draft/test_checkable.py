"""The classifier of checkable sentences: what ships, and how well it does on sentences it was not trained on."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from tocsin.draft.article import article_of
from tocsin.draft.checkable import BUCKETS, FILE, checkable_probabilities, classifier, from_bytes, to_bytes
from tocsin.draft.checkable_features import VIEWS, letter_features, shape_features, word_features
from tocsin.draft.drafting import draft_of
from tocsin.draft.learn import counts_of, cross_validated, folds, learn

CHECKABLE = (
    "The deficit rose to 1.4 trillion dollars in 2009.",
    "He voted against the bill four times.",
    "Unemployment fell from 10 percent to 5 percent in three years.",
)
NOT_CHECKABLE = (
    "Thank you very much for being here tonight.",
    "I believe that we can do better.",
    "What would you say to them?",
)


def test_figures_are_checkable_and_thanks_hopes_and_questions_are_not() -> None:
    assert min(checkable_probabilities(CHECKABLE)) > 0.8
    assert max(checkable_probabilities(NOT_CHECKABLE)) < 0.2


def test_the_classifier_reads_no_korean_and_no_japanese_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    classified: list[str] = []

    def recorded(texts: list[str]) -> list[float]:
        classified.extend(texts)
        return checkable_probabilities(texts)

    monkeypatch.setattr("tocsin.draft.drafting.checkable_probabilities", recorded)
    english, korean = "Trade doubled to 12 million dollars in ten years.", "북한은 일본의 예산을 비난했다."
    made = draft_of(article_of(f"{korean} {english} {korean}".encode(), "a.txt"))
    assert classified == [english]
    assert [sentence.checkable is None for sentence in made.sentences] == [True, False, True]
    draft_of(article_of("北朝鮮は日本の予算を非難した。".encode(), "a.txt"))
    assert classified == [english]


def test_what_ships_is_small_and_only_numbers() -> None:
    data = (files("tocsin.draft") / FILE).read_bytes()
    assert len(data) <= 1_000_000
    model = from_bytes(data)  # without pickle
    assert model.frequencies.shape == model.weights.shape == (len(VIEWS), BUCKETS)
    assert np.isfinite(model.weights).all()
    assert (model.frequencies >= 0).all()


def test_storing_again_changes_no_number() -> None:
    model = classifier()
    again = from_bytes(to_bytes(model))
    assert np.allclose(again.weights, model.weights, atol=1e-12)
    assert np.allclose(again.frequencies, model.frequencies, atol=1e-12)
    assert again.offset == model.offset


def test_numbers_and_years_are_classes() -> None:
    assert "2 in <year>" in word_features("It fell by 12 percent in 1975.")
    assert "3 it <past> by" in shape_features("It fell by 12 percent in 1975.")
    assert "Y" not in "".join(letter_features("It fell by 12 percent."))
    assert word_features("It fell by 12.") == word_features("It fell by 13.")


@pytest.mark.parametrize("text", ["", "?", "a", "…", "\ud800", "1" * 1000])
def test_any_text_has_a_probability(text: str) -> None:
    (chance,) = checkable_probabilities([text])
    assert 0 < chance < 1


def test_equal_sentences_share_a_fold() -> None:
    texts = ["One thing.", "one thing", "Another thing!", "A third.", "A fourth.", "ONE THING!"]
    parts = [set(fold.tolist()) for fold in folds(texts, seed=3)]
    assert sorted(index for part in parts for index in part) == list(range(6))
    assert any({0, 1, 5} <= part for part in parts)


@pytest.mark.numeric
def test_learning_separates_two_made_up_classes() -> None:
    texts = [f"The rate was {n} percent." for n in range(30)] + [f"I hope you are well, friend {n}." for n in range(30)]
    labels = np.array([1] * 30 + [0] * 30)
    model = learn(counts_of(texts), labels)
    assert model.probability("The rate was 77 percent.") > 0.8
    assert model.probability("I hope you are well, friend.") < 0.2


@pytest.mark.slow
@pytest.mark.numeric
def test_f1_and_average_precision_on_sentences_of_debates(shared: Path) -> None:
    rows = json.loads((shared / "data" / "claimbuster_25ncs.json").read_text(encoding="utf-8"))
    texts, labels = [row["text"] for row in rows], np.array([row["label"] for row in rows])
    assert (len(rows), labels.sum()) == (9_674, 2_764)
    scores = cross_validated(texts, labels, seed=1)
    assert scores.f1 >= 0.80
    assert scores.average_precision >= 0.88


def test_no_sentence_of_the_debates_is_stored(shared: Path) -> None:
    rows = json.loads((shared / "data" / "claimbuster_25ncs.json").read_text(encoding="utf-8"))
    folder = Path(str(files("tocsin.draft")))
    stored = "\n".join(path.read_text(encoding="utf-8") for path in [*folder.rglob("*.py"), *folder.glob("*.toml")])
    assert [row["text"] for row in rows if len(row["text"]) > 30 and row["text"] in stored] == []
