"""Stored runs in words."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from tocsin.assessment.words import VERDICT_WORDS
from tocsin.translation import Text, in_commas, message

if TYPE_CHECKING:
    from tocsin.runs.about import About


def verdict_counts(about: About) -> Text:
    """Return how many claims have each verdict, the most frequent first."""
    words = {str(verdict): text for verdict, text in VERDICT_WORDS.items()}
    return in_commas(
        message("{verdict}: {count}", verdict=words.get(verdict, verdict), count=count)
        for verdict, count in Counter(about.verdicts.values()).most_common()
    )


def to_minute(moment: datetime) -> str:
    """Return a moment in UTC to the minute, as `StoredRun.moment` does."""
    return f"{moment:%Y-%m-%dT%H:%MZ}"
