"""What disputes say of precision: recovered from simulated play, refused where nothing is learned, and kept as the data give it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import expit
from tests.support import assert_alike, seeded

from tocsin.data.cache import cache_path
from tocsin.data.registry import source
from tocsin.evidence.deterrence import crises, disputes_begun, told
from tocsin.evidence.store import made, shipped

pytestmark = pytest.mark.numeric


def played(cases: int, precision: float, decisiveness: float, *, seed: int) -> pl.DataFrame:
    """Disputes of challengers that choose with a precision, between war (winning less a cost of 0.6) and stopping."""
    rng = np.random.default_rng(seeded(seed))
    ratio = rng.normal(0.0, 1.5, size=cases)
    win = expit(decisiveness * ratio)
    war = rng.uniform(size=cases) < expit(precision * (win - 0.6))
    resisted = rng.uniform(size=cases) < 0.7
    outcome = np.where(~resisted, 1, np.where(war, 4, 3))
    return pl.DataFrame({"challenger": 1, "target": 2, "year": 1900, "ratio": ratio, "outcome": outcome})


def test_a_precision_put_in_is_found_again() -> None:
    found = told(played(2000, 6.0, 0.25, seed=1), (0.249, 0.251), seed=seeded(1))
    (row,) = (each for each in found["estimated"] if each["of"] == "challenger going to war")
    # the chance of winning bends away from its slope at even strength, so that a little of the precision is lost
    assert row["p05"] < 6.0 < row["p95"] * 1.1 and row["p95"] - row["p05"] < 3.0


def test_what_the_cases_do_not_tell_is_said_and_not_estimated() -> None:
    # where strength hardly differs between disputes they tell nothing of it
    even = played(60, 6.0, 0.25, seed=2).with_columns(pl.col("ratio") * 0.01)
    found = told(even, (0.2, 0.3), seed=seeded(1))
    assert found["estimated"] == []
    assert [each["of"] for each in found["not_learned"]] == ["challenger going to war", "target resisting"]
    assert all("spread" in each["why"] for each in found["not_learned"])
    # where each case has a twin with the strengths exchanged, strength decides nothing
    cases = played(200, 6.0, 0.25, seed=2)
    both = told(pl.concat([cases, cases.with_columns(-pl.col("ratio"))]), (0.2, 0.3), seed=seeded(1))
    assert all("not even its sign" in each["why"] for each in both["not_learned"]) and both["estimated"] == []
    # challengers that go to war the less, the stronger they are, contradict what a precision is
    against = told(played(400, -6.0, 0.25, seed=2), (0.2, 0.3), seed=seeded(1))
    whys = {each["of"]: each["why"] for each in against["not_learned"]}
    assert "sign contradicts the model" in whys["challenger going to war"]


def test_a_dispute_is_begun_by_those_who_first_stood_in_it() -> None:
    names = (
        "dispute", "state1", "state2", "year", "onset", "originator1", "originator2", "initiating_side1", "hostility1",
        "hostility2",
    )  # fmt: skip
    rows = [
        (1, 2, 3, 1950, 1, 1, 1, 1, 4, 1), (1, 3, 2, 1950, 1, 1, 1, 0, 1, 4),  # the other side does nothing
        (2, 2, 3, 1950, 1, 1, 1, 1, 5, 5),  # the same dyad and year: the most hostile counts
        (3, 4, 3, 1950, 1, 0, 1, 1, 5, 5),  # a joiner begins nothing
        (4, 2, 3, 1951, 0, 1, 1, 1, 4, 3),  # goes on, does not begin
        (5, 2, 4, 1950, 1, 1, 1, 1, 4, 3), (6, 2, 3, 1952, 1, 1, 1, 1, 4, 2),
    ]  # fmt: skip
    mids = pl.DataFrame(rows, schema=names, orient="row")
    assert disputes_begun(mids).rows() == [(2, 3, 1950, 1, 1), (2, 3, 1952, 1, 0), (2, 4, 1950, 1, 0)]
    nmc = pl.DataFrame({"state": [2, 3, 2, 3], "year": [1950, 1950, 1952, 1952], "published": [0.2, 0.1, 0.2, 0.2]})
    found = crises(mids, nmc)
    assert found.select("year", "outcome").rows() == [(1950, 4), (1952, 3)]
    assert found["ratio"].to_list() == pytest.approx([np.log(2.0), 0.0])


@pytest.mark.slow
def test_the_result_kept_is_what_the_data_give(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    for name, original in (("mid_dyads", "cow_mid_dirdisps"), ("nmc", "cow_nmc")):
        cache_path(source(name)).symlink_to(shared / "data" / "raw" / f"svmiller__peacesciencer__{original}.rda")
    again, kept = made("deterrence")["figures"], shipped("deterrence")["figures"]
    assert_alike(again, kept, draws=min(each["diagnostics"]["effective_draws"] for each in (again, kept)))
