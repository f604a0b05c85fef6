"""Words in -est that are superlatives, and those that are not."""

from __future__ import annotations

_OTHERS = [
    "west", "east", "northwest", "northeast", "southwest", "southeast", "midwest", "forest", "rainforest", "interest", "test",
    "contest", "protest", "guest", "request", "invest", "arrest", "harvest", "honest", "dishonest", "modest", "latest",
    "rest", "nest", "best", "quest", "conquest", "inquest", "suggest", "earnest", "crest", "chest", "digest", "unrest",
    "priest", "manifest", "budapest", "bucharest", "attest", "detest", "pest", "vest", "zest", "jest", "ingest", "behest",
    "molest", "lest", "tempest", "divest", "reinvest", "everest", "ernest", "brest", "nearest", "bequest", "congest", "least",
]  # fmt: skip
EST = rf"(?!(?:{'|'.join(_OTHERS)})\b)[a-z]{{2,}}est"
"""Pattern of a superlative of one word, such as `largest`."""
