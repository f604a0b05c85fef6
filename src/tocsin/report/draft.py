"""Whether a run is a draft: its case still had the text of the template. Every brief and export of such a run says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class _Finding(Protocol):
    """A finding on a run, in an assessment or in its JSON."""

    @property
    def kind(self) -> str:
        """Return what it is about."""

    @property
    def text(self) -> str:
        """Return it as a sentence."""


def draft_text(findings: Iterable[_Finding]) -> str:
    """Return the sentence that marks a run as a draft, from the findings on its health; empty if it is none."""
    return next((finding.text for finding in findings if finding.kind == "template"), "")
