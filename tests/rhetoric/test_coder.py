"""The coder: it codes any text in any order, gives the words that decided, and is accurate on new headlines."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import seeded

from tocsin.cli import main
from tocsin.rhetoric.agreement import Disagreement, agreement
from tocsin.rhetoric.coder import SPEAKERS, THEMES, TONES, coder, from_bytes, to_bytes
from tocsin.rhetoric.feature_logit import feature_matrix
from tocsin.rhetoric.learn import LABELS, cross_validated, fit_logit, invented_labels, learn, own_labels
from tocsin.rhetoric.words import lexicon, tokens

pytestmark = pytest.mark.numeric

# invented for these tests, in the style of the headlines
INVENTED = {
    "Japan's military expansion under fire": (("JPN",), -2, "kcna", "military_buildup"),
    "U.S. and S. Korea urged to stop joint drills": (("KOR", "USA"), -1, "kcna", "exercises_alliance"),
    "Gift to Kim Jong Il from Chinese guests": (("CHN",), 1, "foreign", "diplomacy_friendship"),
    "Rodong Sinmun blasts Japan's distortion of history": (("JPN",), -2, "newspaper", "history"),
    "Juche idea study group meets": ((), 0, "kcna", "domestic"),
    "Japan's sanctions denounced in Mexico": (("JPN",), -2, "foreign", "sanctions"),
}


def test_simple_headlines_are_coded_by_the_codebook() -> None:
    for headline, (target, tone, speaker, theme) in INVENTED.items():
        (coding,) = coder().code([headline])
        assert (coding.target, coding.tone, coding.speaker) == (target, tone, speaker), headline
        assert theme in coding.theme


@given(st.lists(st.text(max_size=300), max_size=8))
@settings(deadline=None)
def test_any_text_is_coded(texts: list[str]) -> None:
    for coding in coder().code(texts):
        assert coding.tone in TONES and coding.speaker in SPEAKERS
        assert coding.theme and set(coding.theme) <= set(THEMES)
        assert list(coding.target) == sorted(coding.target)
        assert all(0 <= p <= 1 for p in (coding.p_target, coding.p_tone, coding.p_speaker, coding.p_theme))


def test_order_and_batch_change_nothing() -> None:
    rng = random.Random(3)
    words = [phrase for phrase in lexicon() if phrase.isascii()]
    texts = [" ".join(rng.choices(words, k=rng.randint(1, 9))) for _ in range(5000)]
    codings = dict(zip(texts, coder().code(texts), strict=True))
    rng.shuffle(texts)
    again = coder().code(texts[:50]) + coder().code(texts[50:])
    assert all(codings[text] == coding for text, coding in zip(texts, again, strict=True))


@given(st.sampled_from(sorted(INVENTED)), st.sampled_from(sorted(lexicon())))
@settings(deadline=None)
def test_the_deciding_words_are_in_the_headline(headline: str, more: str) -> None:
    text = f"{headline} {more}"
    (coding,) = coder().code([text])
    assert coding.words and all(word in " ".join(tokens(text)) for word in coding.words)


def test_case_and_quotes_change_nothing() -> None:
    one, two, three = coder().code(
        ["Japan's \"Blue Paper\" slammed in S. Korea", "JAPAN\u2019S \u201cBLUE PAPER\u201d SLAMMED IN SOUTH KOREA",
         "japans blue paper slammed in s.korea"]
    )  # fmt: skip
    assert one == two
    assert three.tone == one.tone


def test_the_coders_file_is_small_and_restores_the_coder() -> None:
    data = to_bytes(coder())
    assert len(data) < 5_000_000
    assert from_bytes(data).code(list(INVENTED)) == coder().code(list(INVENTED))


# --- learning ------------------------------------------------------------------------------------------------------


def test_a_fit_recovers_the_shares_of_labels() -> None:
    rng = np.random.default_rng(seeded(5))
    rows = [["a"] if rng.random() < 0.5 else ["b"] for _ in range(4000)]
    labels = ["yes" if rng.random() < (0.8 if row == ["a"] else 0.3) else "no" for row in rows]
    logit = fit_logit(rows, labels, penalty=1e-3, classes=("no", "yes"))
    probability = logit.probabilities(feature_matrix([["a"], ["b"], ["unknown"]], logit.columns))[:, 1]
    share = [
        np.mean([label == "yes" for row, label in zip(rows, labels, strict=True) if row == [name]]) for name in "ab"
    ]
    assert probability[:2] == pytest.approx(share, abs=1e-3)
    assert logit.probabilities(feature_matrix([], logit.columns)).shape == (0, 2)


def test_the_gradient_is_zero_at_the_optimum_for_two_and_more_classes() -> None:
    rng = np.random.default_rng(seeded(6))
    rows = [["a"] if rng.random() < 0.5 else ["b"] for _ in range(200)]
    for classes in (("no", "yes"), ("no", "yes", "maybe")):
        labels = list(rng.choice(classes, size=200))
        logit = fit_logit(rows, labels, penalty=2.0, classes=classes, scale=lambda name: {"a": 1.0, "b": 0.5}[name])
        matrix = feature_matrix(rows, logit.columns)
        gap = logit.probabilities(matrix) - np.array([[label == name for name in classes] for label in labels])
        scales = np.array([{"a": 1.0, "b": 0.5}[name] for name in logit.columns])[:, None]
        assert scales * (matrix.T @ gap) + 2.0 * logit.weights / scales == pytest.approx(0.0, abs=1e-3)
        assert gap.sum(axis=0) == pytest.approx(0.0, abs=1e-3)


def test_a_class_without_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="no row has the class 'yes'"):
        fit_logit([["a"]], ["no"], penalty=1.0, classes=("no", "yes"))


def all_labels(shared: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    labelled = pl.read_csv(shared / "data" / "rhetoric_gold_dev.csv").select(LABELS)
    texts = pl.concat(
        pl.read_parquet(shared / "data" / f"{name}.parquet").select("id", pl.col("date").cast(pl.Date), "headline")
        for name in ("kcna_headlines", "kcna_kp_2024")
    )
    return labelled, pl.concat([own_labels(texts), invented_labels()])


def test_own_labels_and_test_labels_do_not_overlap(shared: Path) -> None:
    labelled, own = all_labels(shared)
    assert own.height == 6_549 and not set(own["id"]) & set(labelled["id"])
    assert not set(own["headline"]) & set(labelled["headline"])
    assert set(own["tone"]) <= set(TONES) and set(own["speaker"]) <= set(SPEAKERS)
    assert {theme for text in own["theme"] for theme in text.split(";")} <= set(THEMES)


@pytest.mark.slow
def test_new_headlines_are_coded_as_accurately_as_documented(shared: Path) -> None:
    """The floors lie a little below the figures of docs/rhetoric.md for the same folds."""
    labelled, own = all_labels(shared)
    values = {row.name: row.value for row in agreement(labelled, cross_validated(labelled, own)).statistics}
    floors = {
        "tone, agreement": 0.94, "target, exact": 0.925, "speaker, macro F1": 0.92, "theme, micro F1": 0.90,
        "hostile to Japan, F1": 0.965,
    }  # fmt: skip
    assert {name: value for name, value in values.items() if name in floors and value < floors[name]} == {}


@pytest.mark.slow
def test_a_newly_learnt_coder_codes_like_the_shipped_one(shared: Path) -> None:
    labelled, own = all_labels(shared)
    learnt, texts = from_bytes(to_bytes(learn(pl.concat([labelled, own])))), [*INVENTED, *labelled["headline"]]
    for mine, shipped in zip(learnt.code(texts), coder().code(texts), strict=True):
        assert mine[:4] == shipped[:4]
        assert mine[4:8] == pytest.approx(shipped[4:8], abs=1e-3)


# --- agreement -----------------------------------------------------------------------------------------------------


def codings(*rows: tuple[str, str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [(str(index), *row) for index, row in enumerate(rows)],
        schema=["id", "target", "tone", "speaker", "theme"],
        orient="row",
    )


def test_agreement_equals_values_computed_by_hand() -> None:
    first = codings(
        ("JPN", "-2", "kcna", "history"), ("", "0", "kcna", "other"), ("JPN;USA", "-1", "official", "other")
    )
    second = codings(
        ("JPN", "-2", "kcna", "history"), ("JPN", "-1", "kcna", "other"), ("USA;JPN", "-1", "kcna", "other;history")
    )
    values = {row.name: row.value for row in agreement(first, second).statistics}
    assert values["tone, agreement"] == values["speaker, agreement"] == pytest.approx(2 / 3)
    assert values["target, exact"] == pytest.approx(2 / 3)  # a set has no order
    assert values["tone, kappa"] == pytest.approx((2 / 3 - 3 / 9) / (1 - 3 / 9))
    assert values["speaker, macro F1"] == pytest.approx((4 / 5 + 0) / 2)
    assert values["theme, micro F1"] == pytest.approx(2 * 3 / 7)
    assert values["hostile to Japan, F1"] == pytest.approx(4 / 5)
    assert agreement(first, second).disagreements[0] == Disagreement("speaker", "official", "kcna", 1)


def test_agreement_is_perfect_with_itself_and_symmetric() -> None:
    one = codings(*[("JPN", "-2", "kcna", "history"), ("", "0", "foreign", "other")] * 5)
    two = codings(*[("JPN", "-1", "kcna", "other"), ("KOR", "0", "foreign", "other")] * 5)
    assert all(row.value == row.low == row.high == 1 for row in agreement(one, one).statistics)
    ways = [[row.value for row in agreement(a, b).statistics] for a, b in ((one, two), (two, one))]
    assert ways[0] == ways[1]


# --- the command ---------------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["rhetoric", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_a_file_is_coded_and_compared(tmp_path: Path) -> None:
    file, codes = tmp_path / "in.csv", tmp_path / "codes.csv"
    pl.DataFrame({"id": ["x1", "007"], "date": ["2026-01-06", ""], "headline": [*INVENTED][:2]}).write_csv(file)
    assert run("code", file, "-o", codes) == (0, f"{codes}: 2 headlines coded\n")
    written = pl.read_csv(codes, infer_schema=False)
    assert written["id"].to_list() == ["x1", "007"] and written["target"].to_list() == ["JPN", "KOR;USA"]
    assert run("code", file)[1] == codes.read_text(encoding="utf-8")
    code, output = run("agree", codes, codes)
    assert code == 0 and "tone, kappa                  1.000" in output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the table is empty"),
        (b"id,title\n1,a\n", "column `headline` is missing"),
        (b"id,headline\n1,a\n1,b\n", "two rows have the id '1'"),
        (b"id,headline\n1,\x81\x8d\x8f\xff\n", "in.csv: unknown encoding"),
    ],
)
def test_a_file_that_cannot_be_coded_is_explained(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "in.csv"
    file.write_bytes(content)
    code, output = run("code", file)
    assert code == 2 and message in output and "remedy" in output
    assert run("code", tmp_path / "none.csv")[0] == 2


def test_unreadable_headlines_have_no_probability_and_are_counted(tmp_path: Path) -> None:
    file, codes = tmp_path / "in.csv", tmp_path / "codes.csv"
    texts = ["\u65e5\u672c\u306e\u8ecd\u56fd\u4e3b\u7fa9", "", "!?", next(iter(INVENTED))]
    pl.DataFrame({"id": ["a", "b", "c", "d"], "headline": texts}).write_csv(file)
    code, output = run("code", file, "-o", codes)
    assert code == 0 and "3 headlines have no English or Korean word" in output
    assert pl.read_csv(codes)["p_tone"].is_null().to_list() == [True, True, True, False]
    assert run("code", file, "-o", file)[0] == 2 and pl.read_csv(file).height == 4
    other = tmp_path / "other.csv"
    pl.read_csv(codes, infer_schema=False).with_columns(id=pl.Series(["d", "x", "y", "z"])).write_csv(other)
    assert "3 headlines are coded only in" in run("agree", codes, other)[1]
