"""The chance of an event from a decayed record of past ones: a gamma prior with a memory that fades.

At the end of day t, D sums 2^(-(t-s)/h) over the days s up to t with an event, and E the same over all those that the list covers. The
daily rate has the distribution gamma(shape a mu + w D, rate a + E), and the chance of at least one event in the next n days is

    1 - ((a + E) / (a + E + n)) ^ (a mu + w D).

With the calendar, E and n count days by how frequent events were in their month, from the earlier days alone. The half-life h, the prior
(a days at rate mu), the weight w and the use of the calendar are not known. Each combination of a grid weighs by the probability that it
gave, before each earlier window of the same length, to what followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.signal import lfilter
from scipy.special import gammainc, logsumexp

from tocsin.case.forecast_blocks import DAYS_PER_YEAR
from tocsin.errors import SolveError
from tocsin.intervals import jeffreys
from tocsin.translation import message

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tocsin.forecasts.events import EventDays

    Floats = NDArray[np.float64]

HALF_LIVES = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Years."""
PRIOR_DAYS = (30.0, 90.0, 365.0, 1460.0)
PRIOR_RATES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Events in a year."""
WEIGHTS = (0.25, 0.5, 1.0)
SHRINK = 5.0
"""Events of the average month added to each month of the calendar."""
WARM_UP = 730
"""Days of the list before the first window that is forecast."""
FIRST_WINDOWS = 12
"""Fewest earlier windows from which a rate is made."""
LEAST, MOST = 1e-9, 20.0
"""Bounds of minus the log probability of no event, so that an event always has a chance between 0 and 1."""
RECENT_YEARS = 10
"""Years of the recent share, a simple rival of the rate."""
NEGLIGIBLE = 1e-6
"""Combinations with a smaller share of the weight are left out of the interval."""


@dataclass(frozen=True)
class Chance:
    """A probability with its 90 % interval."""

    probability: float
    low: float
    high: float


@dataclass(frozen=True)
class RateForecast:
    """The chance of an event in a window after a day.

    Attributes:
        chance: of at least one event.
        plain: the same probability without the calendar.
        constant: the share of all earlier windows with an event.
        recent: the same of the windows in the last ten years.
        windows: number of windows in the last ten years.
        hits: those of them with an event.
        half_life: years, weighted mean of its logarithm.
        calendar: weight of the combinations that use the calendar.
    """

    chance: Chance
    plain: float
    constant: Chance
    recent: Chance
    windows: int
    hits: int
    half_life: float
    calendar: float


def against_event(shape: Floats, rate: Floats, exposure: Floats) -> Floats:
    """Return minus the log probability of no event within an exposure whose rate is gamma(shape, rate)."""
    return np.asarray(shape * np.log1p(exposure / rate))


def share_of(hits: float, cases: float) -> Chance:
    """Return the posterior of a share under Jeffreys' prior: its mean and 5 % and 95 % points."""
    low, _, high = jeffreys(hits, cases)
    return Chance((hits + 0.5) / (cases + 1.0), low, high)


class Record:
    """The daily record of a list of events, from which the chance in any later window is made."""

    def __init__(self, events: EventDays) -> None:
        self.events = events
        self.first = events.first.toordinal()
        length = events.last.toordinal() - self.first + 1
        self.daily = np.zeros(length)
        for day in events.days:
            if day >= events.first:
                self.daily[day.toordinal() - self.first] = 1.0
        months = np.array([date.fromordinal(self.first + index).month - 1 for index in range(length)])
        self.in_month = np.eye(12)[months]
        self.counted = np.cumsum(self.in_month * self.daily[:, None], axis=0)
        self.exposed = np.cumsum(self.in_month, axis=0)
        decays = [2.0 ** (-1.0 / (years * DAYS_PER_YEAR)) for years in HALF_LIVES]
        self.events_decayed = np.stack([_decayed(self.daily[:, None], decay)[:, 0] for decay in decays])
        self.days_decayed = np.stack([_decayed(self.in_month, decay) for decay in decays])

    def forecast(self, opens: date, days: int) -> RateForecast:
        """Return the chance of an event in the days after `opens`, from what the list says up to its end.

        Days between the end of the list and `opens` count neither as days with an event nor as days without.

        Raises:
            SolveError: if the list is too short before `opens`.
        """
        gap = max(0, (opens - self.events.last).days)
        index = opens.toordinal() - self.first - gap
        starts = np.arange(index - days, WARM_UP - 1, -days)[::-1]
        if len(starts) < FIRST_WINDOWS:
            raise SolveError(
                message(
                    "`{name}` covers only {number} windows of {days} days before {day}; a rate needs {least}",
                    name=self.events.name,
                    number=len(starts),
                    days=days,
                    day=str(opens),
                    least=FIRST_WINDOWS,
                ),
                remedy=message("use a shorter window, or make the probability from a reference class"),
            )
        seen = self.counted.sum(axis=1)
        hit = seen[starts + days] > seen[starts]
        recent = hit[starts > index - RECENT_YEARS * DAYS_PER_YEAR]
        shape, rate, exposure = self._gammas(np.append(starts, index), days, gap)
        against = np.clip(against_event(shape, rate, exposure), LEAST, MOST)
        chances = -np.expm1(-against[..., -1])
        past = against[..., :-1]
        scores = np.log(-np.expm1(-past[..., hit])).sum(axis=-1) - past[..., ~hit].sum(axis=-1)
        weights = np.exp(scores - logsumexp(scores))
        low, high = _interval(weights, shape[..., -1], rate[..., -1], exposure[..., -1])
        plain = float((weights[0] * chances[0]).sum() / weights[0].sum())
        return RateForecast(
            chance=Chance(float((weights * chances).sum()), low, high),
            plain=plain,
            constant=share_of(float(hit.sum()), float(len(hit))),
            recent=share_of(float(recent.sum()), float(len(recent))),
            windows=len(recent),
            hits=int(recent.sum()),
            half_life=float(np.exp(weights.sum(axis=(0, 2, 3, 4)) @ np.log(HALF_LIVES))),
            calendar=float(weights[1].sum()),
        )

    def _gammas(self, at: NDArray[np.int64], days: int, gap: int) -> tuple[Floats, Floats, Floats]:
        """Return shape, rate and exposure at the end of each day `at` for each combination of the grid.

        The last axis of each array is that of `at`; those before it broadcast to (calendar, half-life, prior days, prior rate, weight).
        """
        month = self._calendar(at)
        # the last window begins `gap` days later, and its record has faded for so long
        since = np.append(np.zeros(len(at) - 1, dtype=int), gap)
        ahead = np.vstack([self.exposed[at[:-1] + days] - self.exposed[at[:-1]], self._window(int(at[-1]) + gap, days)])
        faded = 2.0 ** (-since / (np.array(HALF_LIVES)[:, None] * DAYS_PER_YEAR))
        exposed = self.days_decayed[:, at] * faded[:, :, None]
        prior_days = np.array(PRIOR_DAYS)[:, None, None, None]
        prior_events = prior_days * np.array(PRIOR_RATES)[:, None, None] / DAYS_PER_YEAR
        decayed = (self.events_decayed[:, at] * faded)[:, None, None, None, :]
        shape = prior_events + np.array(WEIGHTS)[:, None] * decayed
        counted = np.stack([exposed.sum(axis=2), (exposed * month).sum(axis=2)])
        rate = prior_days + counted[:, :, None, None, None, :]
        exposure = np.stack([ahead.sum(axis=1), (ahead * month).sum(axis=1)])[:, None, None, None, None, :]
        return shape[None], rate, exposure

    def _calendar(self, at: NDArray[np.int64]) -> Floats:
        """Return how frequent events are in each month, against the average, from the days up to each of `at`: (days, 12)."""
        counted, exposed = self.counted[at], self.exposed[at]
        average = (counted.sum(axis=1) + 0.5) / exposed.sum(axis=1)
        return np.asarray((counted + SHRINK) / (exposed * average[:, None] + SHRINK))

    def _window(self, start: int, days: int) -> Floats:
        """Return the days of each month in the window after a day, (12,)."""
        opens = date.fromordinal(self.first + start)
        months = [(opens + timedelta(days=ahead)).month - 1 for ahead in range(1, days + 1)]
        return np.bincount(months, minlength=12).astype(float)


def _decayed(daily: Floats, decay: float) -> Floats:
    """Return the sums of daily values (days, columns) up to each day, in which a value of s days ago counts decay^s."""
    return np.asarray(lfilter([1.0], [1.0, -decay], daily, axis=0))


def _interval(weights: Floats, shape: Floats, rate: Floats, exposure: Floats) -> tuple[float, float]:
    """Return the 5 % and 95 % points of the chance over settings and rates: 1 - exp(-rate times exposure) is a mixture of gammas."""
    relevant = weights > NEGLIGIBLE
    share = weights[relevant] / weights[relevant].sum()
    shape, slope = (np.broadcast_to(values, weights.shape)[relevant] for values in (shape, rate / exposure))

    def below(chance: float) -> float:
        return float(share @ gammainc(shape, slope * -np.log1p(-chance)))

    low, high = (brentq(lambda chance, level=level: below(chance) - level, 0.0, 1.0 - 1e-12) for level in (0.05, 0.95))
    return float(low), float(high)
