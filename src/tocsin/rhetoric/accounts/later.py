"""Whether an account reaches a later time: its last level against items seen since."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.rhetoric.accounts.fit import Fit

CRITICAL = (-2, -1)


@dataclass(frozen=True)
class Shift:
    """Items of a later time against what the account's last year would have brought.

    Attributes:
        first, last: days of the weeks compared; output, items: seen in them.
        foreseen: mean number of items at the level of the account's last year.
        ratio: draws of the level then over the level of the last year.
        below, above: probability of as few, and of as many, items as seen had the level stayed.
    """

    first: str
    last: str
    output: int
    items: int
    foreseen: float
    ratio: np.ndarray
    below: float
    above: float


def shift(fit: Fit, later: pl.DataFrame, *, seed: int) -> Shift:
    """How the level of a later time compares with the account's last year.

    Calendar and events of the later weeks are left aside: over some months they matter little beside the level. The chance of
    items bunching is that of the account's negative binomial, week by week.

    Args:
        fit: an account of all themes; later: weekly counts, of `series.tally`, after its end; seed: of the draws.

    Raises:
        InputError: if none of these weeks has output, or one is not after the account's end.
    """
    random = np.random.default_rng(seed)
    weeks = later.unique("from").sort("from")
    end = fit.design.weeks[-1].astype(object)
    if not weeks.height or weeks["output"].sum() == 0 or weeks["from"][0] <= end:
        raise InputError(
            f"the later counts must begin after {end}, where the account ends", remedy="give counts since then"
        )
    items = int(later.filter(pl.col("tone").is_in(CRITICAL))["items"].sum())
    rate = np.exp(fit.values["level"][:, :, -1])
    mean = rate[:, None, :] * weeks["output"].to_numpy()[None, :, None]
    lump = random.gamma(fit.values["size"][:, None, :], 1 / fit.values["size"][:, None, :], size=mean.shape)
    met = (mean * lump).sum(axis=(1, 2))
    drawn = random.poisson(met)
    # a flat prior on the log of the level gives the gamma; the lumps add what bunching makes uncertain
    level = random.gamma(items + 0.5, size=met.size) / met
    return Shift(
        first=str(weeks["from"][0]),
        last=str(weeks["from"][-1]),
        output=int(weeks["output"].sum()),
        items=items,
        foreseen=float(mean.sum(axis=(1, 2)).mean()),
        ratio=level,
        below=float((drawn <= items).mean()),
        above=float((drawn >= items).mean()),
    )
