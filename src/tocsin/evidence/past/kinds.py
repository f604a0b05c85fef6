"""The kinds of past cases and their predicted outcomes by name; what only reads results needs no tables for them."""

from __future__ import annotations

from collections.abc import Mapping

GENERAL, SELECTED, IMMEDIATE = "general", "general, selected years", "immediate"
OUTCOMES: Mapping[str, tuple[str, ...]] = {
    GENERAL: ("press", "war"),
    SELECTED: ("press", "war"),
    IMMEDIATE: ("reciprocate", "firm", "war"),
}
"""Predicted outcomes of each kind of case."""
