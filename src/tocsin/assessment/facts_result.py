"""Define what stands beside a verdict: the facts that a test read, and what happened later."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.translation import Said


@dataclass(frozen=True, kw_only=True)
class FactRead:
    """A fact that a test read.

    Attributes:
        key, value: its key, and its value with the unit.
        date: the day, month or year of the value; empty if none is given.
        sources: keys of the case.
        expected: when the thing is due, if it is still to come; else empty.
    """

    key: str
    value: Said
    date: str
    sources: tuple[str, ...]
    expected: str = ""


@dataclass(frozen=True, kw_only=True)
class OutcomeResult:
    """What happened to the matter of a claim after the day of the case.

    Attributes:
        key, says: its key and text in the case.
        happened: whether it happened as the claim says.
        date: the day, month or year.
        sources: keys of the case.
        note: remarks.
    """

    key: str
    says: str
    happened: bool
    date: str
    sources: tuple[str, ...]
    note: str = ""
