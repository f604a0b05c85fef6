"""Words that are finite verbs in articles about states."""

from __future__ import annotations

import re

_VERBS = [
    "is", "are", "was", "were", "has", "have", "had", "does", "do", "did", "will", "would", "can", "could", "may", "might",
    "must", "shall", "should", "cannot", "rose", "fell", "grew", "shrank", "spent", "spends", "lost", "won", "took", "takes",
    "gave", "gives", "made", "makes", "went", "goes", "came", "comes", "became", "becomes", "began", "begins", "built",
    "builds", "bought", "buys", "sold", "sells", "sent", "sends", "paid", "pays", "held", "holds", "kept", "keeps", "left",
    "leaves", "led", "leads", "met", "meets", "ran", "runs", "said", "says", "saw", "sees", "set", "sold", "stood", "stands",
    "told", "thinks", "thought", "broke", "breaks", "brought", "brings", "chose", "cut", "cuts", "drew", "fought", "fights",
    "flew", "found", "founds", "got", "gets", "hit", "hits", "knew", "knows", "lay", "lies", "put", "puts", "read", "rode",
    "sank", "sat", "shot", "shut", "slept", "spoke", "spread", "struck", "swore", "taught", "threw", "wrote", "writes",
    "withdrew", "overtook", "outspends", "outspent", "remains", "remained", "needs", "need", "wants", "want", "costs", "cost",
    "owns", "own", "uses", "use", "produces", "produce", "exports", "export", "imports", "import", "employs", "employ",
    "hosts", "host", "faces", "face", "spends", "spend", "buys", "buy", "sells", "sell", "controls", "control", "rules",
    "rule", "leads", "lead", "trades", "trade", "supplies", "supply", "depends", "depend", "relies", "rely", "seems", "seem",
    "appears", "appear", "shows", "show", "means", "mean", "allows", "allow", "supports", "support", "opposes", "oppose",
    "includes", "include", "requires", "require", "exceeds", "exceed", "ranks", "rank", "threatens", "threaten", "plans",
    "plan", "hopes", "hope", "fears", "fear", "expects", "expect", "refuses", "refuse", "accounts", "account", "covers",
    "cover", "lacks", "lack", "belongs", "belong", "contains", "contain", "carries", "carry", "lives", "live", "works",
    "work", "grows", "grow", "rises", "rise", "falls", "fall", "wins", "win", "loses", "lose", "pushes", "push", "drives",
    "drive",
]  # fmt: skip
_NOT_PAST = "need|speed|seed|breed|indeed|hundred|red|bed|shed|feed|exceed|armed|united|aged|sacred|naked|advanced|limited|so-called"
_OBJECT = r"(?:the|an?(?!\s+(?:day|week|month|year))|its|their|his|her|more|less|no|only|about|some|nearly|\d|[$€£¥]|(?-i:[A-Z]))"
FINITE_VERB = re.compile(
    rf"\b(?:{'|'.join(_VERBS)})\b|\b(?!(?:{_NOT_PAST})\b)[a-z]{{2,}}ed\b|n['’]t\b|(?<!\d\s)\b[a-z]{{3,}}s(?=\s+{_OBJECT})",
    re.IGNORECASE,
)
"""A finite verb: a listed one, a past form, or a word in -s before what looks like an object."""
_NOT_FINITE = frozenset(
    [
        "need", "use", "support", "control", "trade", "cost", "plan", "face", "export", "import", "host", "rule", "supply",
        "account", "show", "work", "lead", "fear", "hope", "lack", "cover", "set", "own", "cut", "hit", "put", "read",
        "spread",
    ]
)  # fmt: skip
"""Words that are nouns as often as verbs; one alone does not make a clause."""


def is_finite(match: re.Match[str]) -> bool:
    """Return whether a match of `FINITE_VERB` is a verb and no noun by itself."""
    return match.group().lower() not in _NOT_FINITE
