"""What a flag is, and what the checks read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tocsin.case.blocks import ClaimKind
from tocsin.case.sentence_blocks import FlagKind
from tocsin.draft.amounts import AmountSpan
from tocsin.draft.dates import DateSpan
from tocsin.draft.spans import Span
from tocsin.translation import Text, template

FLAG_KINDS: dict[FlagKind, str] = {
    "superlative": template("superlatives and firsts"),
    "universal": template("universals"),
    "no_base": template("changes without base or price basis"),
    "two_currencies": template("amounts in two currencies"),
    "fiscal_year": template("fiscal years against the calendar"),
    "motive": template("motives that cannot be seen"),
    "one_cause": template("one cause for an outcome with many"),
    "forecast_dated": template("forecasts with a date"),
    "forecast_undated": template("forecasts without a date"),
    "two_claims": template("two claims in one sentence"),
}
"""Kinds of flags in words."""


@dataclass(frozen=True)
class Flag:
    """What an editor checks: its kind, the words that it fired on, and one sentence why."""

    kind: FlagKind
    span: Span
    why: Text


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A sentence with what the rules found in it, for the checks.

    Attributes:
        text: the sentence.
        kind: of its claim.
        amounts, dates: found in it.
        states: ISO codes of the states that it names.
        day: day of the article, None if unknown.
    """

    text: str
    kind: ClaimKind
    amounts: tuple[AmountSpan, ...] = ()
    dates: tuple[DateSpan, ...] = ()
    states: tuple[str, ...] = ()
    day: date | None = None

    def flag(self, kind: FlagKind, start: int, end: int, why: Text) -> Flag:
        """Return a flag on some characters of the sentence."""
        return Flag(kind, Span(start, end, self.text[start:end]), why)
