"""Hold the result of the test, print it, and load the one that comes with the program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tocsin.rhetoric.foretell.scores import LEVEL, Added, Score
from tocsin.translation import Text, in_sentences, message

SPEAKER = "PRK"
"""The state whose words and acts are tested."""
HEADERS = ("forecast by", "log score", "gain over the constant", "Brier", "AUC (90 %)")


@dataclass(frozen=True)
class Source:
    """A data set: its name, citation and SHA-256 digest."""

    name: str
    cite: str
    sha256: str | None

    @classmethod
    def of(cls, name: str) -> Source:
        """Return a source of the registry."""
        from tocsin.data.registry import source

        return cls(name, source(name).cite, source(name).sha256)


@dataclass(frozen=True)
class Year:
    """A forecast year.

    Attributes:
        year: the year; forecasts: their number; happened: those followed by an act.
        without, with_words: mean probability by calendar and record, without words and with them.
    """

    year: int
    forecasts: int
    happened: int
    without: float
    with_words: float


@dataclass(frozen=True)
class Trial:
    """The test for one kind of act and one horizon.

    Attributes:
        kind: of act; horizon: days.
        forecasts: their number; happened: those followed by an act.
        first_year: first year that is forecast.
        scores: of each forecaster.
        added: what words add to calendar and record.
        years: by year.
        without, with_words: (forecasts,) probability by calendar and record, without words and with them.
        outcomes: (forecasts,) 1 if an act followed, else 0.
    """

    kind: str
    horizon: int
    forecasts: int
    happened: int
    first_year: int
    scores: tuple[Score, ...]
    added: Added
    years: tuple[Year, ...]
    without: tuple[float, ...]
    with_words: tuple[float, ...]
    outcomes: tuple[int, ...]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Trial:
        """Return what `Foretelling.to_dict` wrote."""
        rows = {
            "scores": tuple(Score(**row) for row in data["scores"]),
            "added": Added(**data["added"]),
            "years": tuple(Year(**row) for row in data["years"]),
        }
        return cls(**dict(data) | {name: tuple(data[name]) for name in ("without", "with_words", "outcomes")} | rows)

    def __str__(self) -> str:
        from tocsin.tables import text_table

        share = f"{self.happened} of {self.forecasts} forecasts were followed by one"
        title = f"{self.kind} within {self.horizon} days, {self.first_year} on: {share}"
        rows = [
            (
                row.forecaster,
                f"{row.log_score:.4f}",
                f"{row.gain:+.4f} ({row.gain_se:.4f})",
                f"{row.brier:.4f}",
                f"{row.auc:.2f} ({row.auc_low:.2f} to {row.auc_high:.2f})",
            )
            for row in self.scores
        ]
        added = self.added
        adds = (
            f"Words add to calendar and record: log score {added.gain:+.4f} ({added.gain_se:.4f}); adjusted fall of the Brier score "
            f"{added.adjusted:+.4f} ({added.adjusted_se:.4f}), p = {added.p_value:.2f}: {added.verdict}."
        )
        return f"{title}\n\n{text_table(HEADERS, rows, right=range(1, len(HEADERS)))}\n\n{adds}"


@dataclass(frozen=True)
class Foretelling:
    """The result of the test.

    Attributes:
        first, last: days of the first and last forecast; forecasts: their number.
        left_out: Mondays of the series without a forecast, because words before them are missing.
        days: days of the forecasts in the years that are forecast.
        trials: one for each kind of act and horizon.
        p_value: probability of so small a p-value in any trial if words add nothing.
        data: the data sets of the acts.
        made: day of the computation.
    """

    first: str
    last: str
    forecasts: int
    left_out: int
    days: tuple[str, ...]
    trials: tuple[Trial, ...]
    p_value: float
    data: tuple[Source, ...]
    made: str

    @property
    def clear(self) -> bool:
        """Return whether all trials together show that words add something."""
        return self.p_value < LEVEL

    @property
    def verdict(self) -> str:
        """Return what all trials say together."""
        return "clear" if self.clear else "nothing that these data can show"

    def trial(self, kind: str, horizon: int) -> Trial:
        """Return the trial of a kind of act and a horizon."""
        return next(item for item in self.trials if (item.kind, item.horizon) == (kind, horizon))

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Foretelling:
        """Return what `to_dict` wrote."""
        rows = {
            "days": tuple(data["days"]),
            "trials": tuple(Trial.from_dict(row) for row in data["trials"]),
            "data": tuple(Source(**row) for row in data["data"]),
        }
        return cls(**dict(data) | rows)

    def __str__(self) -> str:
        header = (
            f"{self.forecasts} forecasts, one each Monday, {self.first} to {self.last}; {self.left_out} Mondays are left out because "
            "words before them are missing"
        )
        together = f"All {len(self.trials)} tests together (p = {self.p_value:.2f}): {self.verdict}."
        return "\n\n".join([header, *map(str, self.trials), together])


@cache
def stored_foretelling() -> Foretelling:
    """Return the result that comes with the program."""
    text = (files("tocsin.rhetoric.foretell") / "stored.json").read_text(encoding="utf-8")
    return Foretelling.from_dict(json.loads(text))


def sentence() -> Text:
    """Return what the stored result says of any act within 30 days, for a brief."""
    result = stored_foretelling()
    added = result.trial("any act", 30).added
    if result.clear:
        answer = message("Do North Korea's words foretell its acts? Clear.")
    else:
        answer = message("Do North Korea's words foretell its acts? Nothing that these data can show.")
    return in_sentences(
        answer,
        message(
            "In {number} weekly forecasts of {first} to {last}, words changed the log score of tests and provocations within {days} days "
            "by {gain} (standard error {error}), beside calendar and earlier acts.",
            number=len(result.days),
            first=result.days[0][:4],
            last=result.days[-1][:4],
            days=30,
            gain=f"{added.gain:+.3f}".replace("-", "\N{MINUS SIGN}"),
            error=f"{added.gain_se:.3f}",
        ),
    )
