"""Figures of an account show its causes, factors and unusual weeks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
from tests.plots.test_trees import texts

from tocsin.plots.accounts import account_figures
from tocsin.rhetoric.accounts.account import Account
from tocsin.rhetoric.accounts.summary import Dose, Effect, Factor, Interval, Occasion, Part, UnusualWeek, YearShares

CLEAR, UNCLEAR = Factor(Interval(1.1, 1.3, 1.6), 0.99, True), Factor(Interval(0.8, 1.0, 1.2), 0.5, False)


def account() -> Account:
    """An account without a fit: six weeks of one year."""
    shares = (("baseline", 0.5), ("calendar", 0.3), ("response", -0.1), ("unexplained", 0.3))
    parts = tuple(Part(name, Interval(share, share, share)) for name, share in shares)
    effects = (
        Effect("arms", "new arms", "before", (-4, -1), 3, UNCLEAR),
        Effect("arms", "new arms", "at", (0, 1), 3, CLEAR),
    )
    summary = SimpleNamespace(
        items=60,
        target="JPN",
        first="2001-01-01",
        last="2001-02-05",
        by_year=(YearShares(2001, 6, 60, parts), YearShares(2002, 0, 0, ())),
        effects=effects,
        dose=(Dose("arms", CLEAR),),
        occasions=(Occasion("liberation", CLEAR),),
        unusual=(UnusualWeek("2001-01-15", 25, 10.0, 0.001, 0.01),),
    )
    weeks = np.arange("2001-01-01", "2001-02-12", 7, dtype="datetime64[D]")
    counts = np.array([[5, 4], [6, 5], [20, 5], [3, 2], [2, 2], [3, 3]])
    weekly = SimpleNamespace(expected=np.full((10, 6), 10.0))
    fake = SimpleNamespace(summary=summary, design=SimpleNamespace(weeks=weeks, counts=counts), weekly=weekly)
    return cast(Account, fake)


def test_four_figures_name_what_they_show() -> None:
    figures = {name: texts(svg) for name, svg in account_figures(account()).items()}
    assert list(figures) == ["years", "weeks", "events", "calendar"]
    for drawn in figures.values():
        assert "60 critical items about JPN, 2001-01-01 to 2001-02-05" in drawn
    assert {"baseline", "calendar", "response", "unexplained", "observed"} <= set(figures["years"])
    assert "2001-01-15" in figures["weeks"]
    assert {"new arms: 1 to 4 weeks before", "new arms: weeks 0 to 1"} <= set(figures["events"])
    assert "arms: a step larger by one standard deviation" in figures["events"]
    assert "liberation" in figures["calendar"]


def test_the_same_account_gives_the_same_figures() -> None:
    assert account_figures(account()) == account_figures(account())
