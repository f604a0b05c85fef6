"""Compare the level of an account's last year with items observed later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.rhetoric.accounts.fit import Fit
from tocsin.rhetoric.series import CRITICAL
from tocsin.translation import message


@dataclass(frozen=True)
class LaterLevel:
    """Items of a later period, compared with the prediction at the level of the account's last year.

    Attributes:
        first, last: Mondays of the first and last week compared.
        output, items: all items and critical items observed in these weeks.
        expected: mean number of critical items at the level of the last year.
        ratio: (draws,) the later level divided by the level of the last year.
        below, above: probabilities of at most, and of at least, the observed number of items at the level of the last year.
    """

    first: str
    last: str
    output: int
    items: int
    expected: float
    ratio: np.ndarray
    below: float
    above: float


def compare_level(fit: Fit, later: pl.DataFrame, *, seed: int) -> LaterLevel:
    """Compare the level of a later period with the level of the account's last year.

    Calendar and events of the later weeks are ignored: over some months they matter little compared with the level. Weekly numbers of
    items have the variance of the account's negative binomial.

    Args:
        fit: the posterior of an account of all themes.
        later: weekly counts after its end, as `series.tally` returns them.
        seed: seed of the draws.

    Raises:
        InputError: if no week has output, or a week is not after the account's end.
    """
    random = np.random.default_rng(seed)
    weeks = later.unique("from").sort("from")
    end = fit.design.weeks[-1].astype(object)
    if not weeks.height or weeks["output"].sum() == 0 or weeks["from"][0] <= end:
        raise InputError(
            message(
                "the later counts must begin after {end}, the last week of the account, and have output", end=str(end)
            ),
            remedy=message("give counts of later weeks"),
        )
    items = int(later.filter(pl.col("tone").is_in(CRITICAL))["items"].sum())
    rate = np.exp(fit.values["level"][:, :, -1])
    mean = rate[:, None, :] * weeks["output"].to_numpy()[None, :, None]
    overdispersion = random.gamma(fit.values["size"][:, None, :], 1 / fit.values["size"][:, None, :], size=mean.shape)
    expected = (mean * overdispersion).sum(axis=(1, 2))
    drawn = random.poisson(expected)
    # with Jeffreys' prior on the level the posterior is a gamma of shape items + 1/2
    ratio = random.gamma(items + 0.5, size=expected.size) / expected
    return LaterLevel(
        first=str(weeks["from"][0]),
        last=str(weeks["from"][-1]),
        output=int(weeks["output"].sum()),
        items=items,
        expected=float(mean.sum(axis=(1, 2)).mean()),
        ratio=ratio,
        below=float((drawn <= items).mean()),
        above=float((drawn >= items).mean()),
    )
