"""The codes of cases and results as the words that a reader sees, one table for each kind of code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tocsin.translation import Text, message_in

CONFIDENCE_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "high": message_in("confidence", "high"),
        "moderate": message_in("confidence", "moderate"),
        "low": message_in("confidence", "low"),
    }
)
"""How far the grounds of a verdict can be trusted."""

FACT_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "confirmed": message_in("fact", "confirmed"),
        "medium": message_in("fact", "medium"),
        "low": message_in("fact", "low"),
        "recalled": message_in("fact", "recalled"),
    }
)
"""How far a fact can be trusted."""

CLAIM_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "fact": message_in("claim", "fact"),
        "causal": message_in("claim", "causal"),
        "comparative": message_in("claim", "comparative"),
        "counterfactual": message_in("claim", "counterfactual"),
        "forecast": message_in("claim", "forecast"),
        "motive": message_in("claim", "motive"),
    }
)
"""The kinds of claims."""

REGIME_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "alignment": message_in("regime", "alignment"),
        "posture": message_in("regime", "posture"),
        "treaty": message_in("regime", "treaty"),
    }
)
"""The kinds of regimes."""

STATE_WORDS: Mapping[str, Text] = MappingProxyType(
    {"firm": message_in("regime", "firm"), "loose": message_in("regime", "loose")}
)
"""The states of a regime that a case does not name."""

FAMILY_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "beta": message_in("distribution", "beta"),
        "gamma": message_in("distribution", "gamma"),
        "lognormal": message_in("distribution", "lognormal"),
        "loguniform": message_in("distribution", "loguniform"),
        "normal": message_in("distribution", "normal"),
        "uniform": message_in("distribution", "uniform"),
    }
)
"""The families of distributions."""

TRUTH_WORDS: Mapping[str, Text] = MappingProxyType(
    {"true": message_in("truth", "true"), "false": message_in("truth", "false")}
)
"""The truth values of facts."""
