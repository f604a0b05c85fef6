"""A coder learns a reader's codes: it follows them, keeps what they do not touch, says when it is worse, and stays apart."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import logsumexp
from tests.support import seeded

from tocsin.errors import InputError
from tocsin.rhetoric.adapting import PENALTY, Adapted, Change, adapted, coder_file, moved, own_coder, report_file, store
from tocsin.rhetoric.coder import Coder, coder, from_bytes, to_bytes
from tocsin.rhetoric.coding import code_table
from tocsin.rhetoric.feature_logit import FeatureLogit
from tocsin.rhetoric.learn import invented_labels

LOGIT = FeatureLogit(
    ("no", "yes"), {"w old": 0, "w kept": 1}, np.array([[-0.5, 0.5], [0.3, -0.3]]), np.array([0.1, -0.1])
)


@cache
def labels(n: int = 40) -> pl.DataFrame:
    """Return invented headlines as corrections."""
    return invented_labels()[:n].with_columns(pl.all().cast(pl.String).fill_null(""))


def all_friendly(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(tone=pl.lit("1"))


@cache
def friendly() -> Adapted:
    return adapted(coder(), all_friendly(labels()), seed=seeded(1))


def test_a_coder_follows_a_reader_who_codes_otherwise_on_headlines_that_it_did_not_learn() -> None:
    tone = next(change for change in friendly().changes if change.code == "tone")
    assert friendly().outcome == "better" and friendly().n == 40
    assert tone.before < 0.1 and tone.after - tone.before >= tone.low > 0


def test_a_reader_who_agrees_changes_nearly_nothing() -> None:
    codes = code_table(coder(), labels()).select("id", "target", pl.col("tone").cast(pl.String), "speaker", "theme")
    same = labels().select("id", "date", "headline").join(codes, on="id", maintain_order="left")
    own = adapted(coder(), same, seed=seeded(1))
    overall = own.changes[-1]
    assert overall.before == 1.0 and overall.after > 0.98


def test_a_coder_that_learned_noise_is_not_called_better() -> None:
    random = np.random.default_rng(seeded(2))
    noise = labels().with_columns(tone=pl.Series(random.choice(["-2", "-1", "0", "1"], 40)))
    assert adapted(coder(), noise, seed=seeded(1)).outcome != "better"


@pytest.mark.parametrize(
    ("before", "after", "low", "outcome"),
    [(0.9, 0.8, -0.2, "worse"), (0.8, 0.9, 0.05, "better"), (0.8, 0.9, -0.01, "unclear"), (0.8, 0.8, 0.0, "unclear")],
)
def test_the_outcome_says_when_it_is_worse(before: float, after: float, low: float, outcome: str) -> None:
    assert Adapted(coder(), 20, 0, (Change("all", before, after, low, 0.3),)).outcome == outcome


def test_the_shipped_coder_stays_as_it_is() -> None:
    before = to_bytes(coder())
    friendly()
    assert to_bytes(coder()) == before


def test_weights_are_at_the_mode_of_the_penalised_likelihood() -> None:
    rows, classes = [["w old", "w new"], ["w old"], ["w new"], []], ["no", "no", "yes", "yes"]
    new = moved(LOGIT, rows, classes)

    def loss(weights: np.ndarray, offsets: np.ndarray) -> float:
        names = {"w old": 0, "w kept": 1, "w new": 2}
        old = np.vstack([LOGIT.weights, np.zeros((1, 2))])
        total = PENALTY / 2 * (((weights - old) ** 2).sum() + ((offsets - LOGIT.offsets) ** 2).sum())
        for row, name in zip(rows, classes, strict=True):
            scores = offsets + sum((weights[names[feature]] for feature in row), np.zeros(2))
            total += logsumexp(scores) - scores[LOGIT.classes.index(name)]
        return float(total)

    best = loss(new.weights, new.offsets)
    random = np.random.default_rng(seeded(3))
    for _ in range(50):
        step = random.normal(scale=1e-3, size=(4, 2))
        assert loss(new.weights + step[:3], new.offsets + step[3]) > best


def test_a_weight_that_no_headline_reads_stays_and_a_new_word_gets_one() -> None:
    new = moved(LOGIT, [["w old", "w new"]] * 5, ["no"] * 5)
    assert (new.weights[1] == LOGIT.weights[1]).all() and list(new.columns) == ["w old", "w kept", "w new"]
    assert new.weights[2, 0] > 0 > new.weights[2, 1]
    assert moved(LOGIT, [], []) is LOGIT


def test_too_few_headlines_are_refused_and_korean_ones_do_not_count() -> None:
    korean = labels(3).with_columns(id=pl.Series(["a", "b", "c"]), headline=pl.lit("일본의 군사력증강"))
    with pytest.raises(InputError, match="only 19 English"):
        adapted(coder(), pl.concat([labels(19), korean]))
    assert adapted(coder(), pl.concat([labels(20), korean]), seed=seeded(1)).left_out == 3


def test_the_coder_and_its_report_are_stored_beside_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with pytest.raises(InputError, match="no coder has learned"):
        own_coder(archive)
    store(archive, friendly())
    assert coder_file(archive) == tmp_path / "archive.coder.npz" and '"better"' in report_file(archive).read_text()
    stored: Coder = own_coder(archive)
    again = code_table(from_bytes(to_bytes(friendly().coder)), labels())
    assert code_table(stored, labels()).equals(again)
    assert (again["tone"] == 1).sum() >= 38


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no archive", b"\x80\x04pickle"])
def test_a_damaged_coder_is_refused(tmp_path: Path, data: bytes) -> None:
    coder_file(tmp_path / "archive.db").write_bytes(data)
    with pytest.raises(InputError, match="cannot be read"):
        own_coder(tmp_path / "archive.db")
