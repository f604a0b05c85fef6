"""Hold the figures that an account reports, and turn them into JSON, tables and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import polars as pl

from tocsin.mcmc import Mixing
from tocsin.rhetoric.accounts.later import LaterLevel
from tocsin.rhetoric.series import CRITICAL

FORMAT = "tocsin-account/1"
MAX_REASONS = 4
"""Number of reasons for leaving out events that the text shows."""
CLEAR = 0.95
"""An effect is clear if its factor is above 1, or below 1, with a probability above this. A placebo is clear with probability 0.1."""
BREAKS = (
    ("2003-01", "2008-12", "about these years no item is dated on a Sunday"),
    ("2011-01", "2011-12", "the English output doubles"),
    ("2014-09-25", None, "the daily series ends"),
)
"""Known breaks in the coverage of the headlines of the Korean Central News Agency: first day, last day, what changes."""
TableName = Literal[
    "shares", "variation", "by_theme", "by_year", "effects", "dose", "contrasts", "occasions", "unusual", "left_out"
]

_POINTS = ("p05", "p50", "p95")
_FACTOR = (*_POINTS, "above_one", "clear")
_COLUMNS: dict[TableName, tuple[str, ...]] = {
    "shares": ("part", *_POINTS),
    "variation": ("part", *_POINTS),
    "by_theme": ("theme", "items", "part", *_POINTS),
    "by_year": ("year", "weeks", "items", "part", *_POINTS),
    "effects": ("class", "says", "window", "first_week", "last_week", "touched", *_FACTOR),
    "dose": ("class", "per", *_FACTOR),
    "contrasts": ("class", "against", *_FACTOR),
    "occasions": ("occasion", *_FACTOR),
    "unusual": ("week", "items", "expected", "probability", "given_triggers"),
    "left_out": ("reason", "events"),
}


@dataclass(frozen=True)
class Interval:
    """The 5th, 50th and 95th percentiles of a distribution, rounded to four decimals."""

    p05: float
    p50: float
    p95: float

    @classmethod
    def of(cls, draws: np.ndarray) -> Self:
        """Return the percentiles of draws, (draws,)."""
        return cls(*(round(float(point), 4) for point in np.quantile(draws, [0.05, 0.5, 0.95])))

    def to_dict(self) -> dict[str, float]:
        """Return a JSON-ready dict."""
        return {"p05": self.p05, "p50": self.p50, "p95": self.p95}

    def __format__(self, spec: str) -> str:
        return f"{self.p50:{spec}} ({self.p05:{spec}} to {self.p95:{spec}})"


@dataclass(frozen=True)
class Factor:
    """A factor on the number of items.

    Attributes:
        interval: its percentiles.
        above_one: probability that it is larger than 1.
        clear: whether it is larger or smaller than 1 with a probability of more than `CLEAR`.
    """

    interval: Interval
    above_one: float
    clear: bool

    @classmethod
    def of(cls, draws: np.ndarray) -> Self:
        """Return the factor that has these draws, (draws,)."""
        above = float((draws > 1).mean())
        return cls(Interval.of(draws), round(above, 4), max(above, 1 - above) > CLEAR)

    def to_dict(self) -> dict[str, float | bool]:
        """Return a JSON-ready dict."""
        return {**self.interval.to_dict(), "above_one": self.above_one, "clear": self.clear}


@dataclass(frozen=True)
class Part:
    """The share of one part in items or in variance."""

    part: str
    share: Interval

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {"part": self.part, **self.share.to_dict()}


@dataclass(frozen=True)
class ThemeShares:
    """Shares of the items of a theme."""

    theme: str
    items: int
    shares: tuple[Part, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {"theme": self.theme, "items": self.items, "shares": [part.to_dict() for part in self.shares]}


@dataclass(frozen=True)
class YearShares:
    """Shares of the items of a year; none if it has no items."""

    year: int
    weeks: int
    items: int
    shares: tuple[Part, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        shares = [part.to_dict() for part in self.shares]
        return {"year": self.year, "weeks": self.weeks, "items": self.items, "shares": shares}


@dataclass(frozen=True)
class Effect:
    """The effect of a class of events in a window.

    Attributes:
        trigger_class: name of the class; says: its name in texts.
        window: `before`, `at` or `after`; weeks: its first and last week, counted from the event.
        touched: number of weeks in such a window.
        factor: factor on the number of items.
    """

    trigger_class: str
    says: str
    window: str
    weeks: tuple[int, int]
    touched: int
    factor: Factor

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        window = {"window": self.window, "weeks": list(self.weeks), "touched": self.touched}
        return {"class": self.trigger_class, "says": self.says, **window, **self.factor.to_dict()}


@dataclass(frozen=True)
class Dose:
    """The effect of an event whose size is larger by one standard deviation."""

    trigger_class: str
    factor: Factor

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {"class": self.trigger_class, "per": "standard deviation of the step", **self.factor.to_dict()}


@dataclass(frozen=True)
class Contrast:
    """The factor of one class in weeks 0 and 1, divided by that of another class."""

    trigger_class: str
    against: str
    factor: Factor

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {"class": self.trigger_class, "against": self.against, **self.factor.to_dict()}


@dataclass(frozen=True)
class Occasion:
    """The effect of an anniversary in a week that lies wholly in it."""

    occasion: str
    factor: Factor

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {"occasion": self.occasion, **self.factor.to_dict()}


@dataclass(frozen=True)
class UnusualWeek:
    """A week with many more items than expected.

    Attributes:
        week: its Monday.
        items, expected: observed number of items, and the model's mean.
        probability: probability of at least as many items, given level, calendar and the weeks before.
        given_triggers: the same, given triggers too.
    """

    week: str
    items: int
    expected: float
    probability: float
    given_triggers: float

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return dict(vars(self))


@dataclass(frozen=True)
class Summary:
    """All figures of an account.

    Attributes:
        target: ISO code; themes: the only themes counted, empty for all.
        first, last, weeks: Mondays of the first and last week, and the number of weeks with output.
        items: number of critical items.
        seed, draws, seconds: seed, number of draws and duration of the fit; 0 seconds if it came from the cache.
        mixing: diagnostics of the chains.
        shares: shares of all items; by_theme, by_year: the same for each theme and year.
        variation: shares of the variance between weeks.
        effects, dose, contrasts: effects of classes of events; occasions: effects of anniversaries.
        later: comparison with a later period, if requested.
        unusual: the weeks with the least probable numbers of items.
        left_out: number of events not used, by reason.
    """

    target: str
    themes: tuple[str, ...]
    first: str
    last: str
    weeks: int
    items: int
    seed: int
    draws: int
    seconds: float
    mixing: Mixing
    shares: tuple[Part, ...]
    variation: tuple[Part, ...]
    by_theme: tuple[ThemeShares, ...]
    by_year: tuple[YearShares, ...]
    effects: tuple[Effect, ...]
    dose: tuple[Dose, ...]
    contrasts: tuple[Contrast, ...]
    later: LaterLevel | None
    occasions: tuple[Occasion, ...]
    unusual: tuple[UnusualWeek, ...]
    left_out: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict; docs/rhetoric.md describes its keys."""
        return {
            "format": FORMAT,
            "target": self.target,
            "themes": list(self.themes),
            "tones": list(CRITICAL),
            "span": {"first": self.first, "last": self.last, "weeks": self.weeks},
            "items": self.items,
            "run": {"seed": self.seed, "draws": self.draws, "seconds": self.seconds},
            "diagnostics": self.mixing.to_dict(),
            **{name: _dicts(getattr(self, name)) for name in ("shares", "variation", "by_theme", "by_year")},
            **{name: _dicts(getattr(self, name)) for name in ("effects", "dose", "contrasts")},
            "later": None if self.later is None else _later_dict(self.later),
            "occasions": _dicts(self.occasions),
            "unusual": _dicts(self.unusual),
            "left_out": dict(self.left_out),
            "breaks": [{"from": first, "to": last, "what": what} for first, last, what in BREAKS],
        }

    def frame(self, table: TableName = "shares") -> pl.DataFrame:
        """Return one of the tables as a Polars frame, with a row for each record."""
        rows: list[dict[str, Any]]
        if table == "left_out":
            rows = [{"reason": reason, "events": count} for reason, count in self.left_out.items()]
        else:
            rows = self.to_dict()[table]
        if table in ("by_theme", "by_year"):
            rows = [row | part for row in rows for part in row["shares"]]
        if table == "effects":
            rows = [row | {"first_week": row["weeks"][0], "last_week": row["weeks"][1]} for row in rows]
        columns = _COLUMNS[table]
        return pl.DataFrame([[row[name] for name in columns] for row in rows], schema=columns, orient="row")

    def __str__(self) -> str:
        share = {part.part: f"{part.share:.0%}" for part in self.shares}
        lines = [
            f"{self.items:,} critical items about {self.target} in {self.weeks} weeks, {self.first} to {self.last}",
            f"ritual {share['ritual']}: baseline {share['baseline']}, calendar {share['calendar']}",
            f"response to events {share['response']}",
            f"unexplained {share['unexplained']}",
        ]
        lines += [
            f"clear effect: {effect.says}, weeks {effect.weeks[0]} to {effect.weeks[1]}: "
            f"items multiplied by {effect.factor.interval:.2f}"
            for effect in self.effects
            if effect.factor.clear
        ] or ["no class of events has a clear effect on the number of items"]
        if self.left_out:
            reasons = [f"{reason} ({count})" for reason, count in self.left_out.items()]
            more = f"; and {len(reasons) - MAX_REASONS} more reasons" if len(reasons) > MAX_REASONS else ""
            lines.append(f"events left out: {'; '.join(reasons[:MAX_REASONS])}{more}")
        if self.later:
            lines.append(_later_sentence(self.later))
        effective = self.mixing.to_dict()["effective_draws"]
        return "\n".join([*lines, f"chains: R-hat {self.mixing.r_hat:.3f}, at least {effective} effective draws"])


def _dicts(records: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [record.to_dict() for record in records]


def _later_dict(later: LaterLevel) -> dict[str, Any]:
    observed = {"first": later.first, "last": later.last, "output": later.output, "items": later.items}
    ratio = {"foreseen": round(later.expected, 1), "ratio": Factor.of(later.ratio).to_dict()}
    return {**observed, **ratio, "below": round(later.below, 4), "above": round(later.above, 4)}


def _later_sentence(later: LaterLevel) -> str:
    ratio = Factor.of(later.ratio)
    verdict = "the account does not apply to that period" if ratio.clear else "the account may still apply"
    return (
        f"later, {later.first} to {later.last}: {later.items} of {later.output:,} items are critical; the level of the last year "
        f"predicts {later.expected:.0f}. The later level is {ratio.interval:.2f} times that of the last year, so {verdict}"
    )
