"""Choose the main claims of an article by the words that they share with its title and its other sentences."""

from __future__ import annotations

import re
from collections import Counter

from tocsin.draft.drafting import Draft, ReadSentence
from tocsin.draft.sentences import Sentence

MAX_CLAIMS = 3
ARGUING = ("causal", "counterfactual", "forecast")
"""Kinds of claims for which an article argues; its facts and comparisons mostly support them."""
TITLE_WEIGHT = 3.0
"""A word of the title counts as much as this many other sentences with the word."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset(
    [
        "about", "after", "again", "against", "also", "although", "among", "because", "been", "before", "being", "between",
        "both", "could", "does", "down", "during", "each", "even", "ever", "every", "from", "have", "having", "here", "into",
        "just", "less", "like", "made", "make", "many", "might", "more", "most", "much", "must", "never", "next", "only",
        "other", "over", "own", "percent", "same", "shall", "should", "since", "some", "still", "such", "than", "that", "their",
        "them", "then", "there", "these", "they", "this", "those", "through", "under", "until", "very", "well", "were", "what",
        "when", "where", "which", "while", "whom", "whose", "will", "with", "without", "would", "year", "years", "your",
        "million", "billion", "trillion", "said", "says", "nearly", "almost",
    ]
)  # fmt: skip
"""Words that say nothing about the matter."""


def main_claims(draft: Draft) -> tuple[ReadSentence, ...]:
    """Return the claims that repeat most words of the title and of other sentences, at most `MAX_CLAIMS`, in their order.

    Causes, counterfactuals and forecasts come before other kinds.

    The score of a claim is the mean, over its words of four letters or more, of the number of other sentences with the word; a word of
    the title adds `TITLE_WEIGHT`. It is a proposal: words in common do not show which claim carries the argument.
    """
    counts = Counter(word for sentence in draft.sentences for word in _words(sentence.sentence))
    title = _stems(draft.article.title or "")

    def score(claim: ReadSentence) -> float:
        words = _words(claim.sentence)
        repeated = sum(counts[word] - 1 + TITLE_WEIGHT * (word in title) for word in words)
        return repeated / max(len(words), MIN_WORDS)

    ranked = sorted(
        draft.claims, key=lambda claim: (claim.reading.kind not in ARGUING, -score(claim), claim.sentence.number)
    )
    return tuple(sorted(ranked[:MAX_CLAIMS], key=lambda claim: claim.sentence.number))


MIN_WORDS = 5
"""A claim of fewer words counts as one of so many, so that short sentences have no advantage."""


def _words(sentence: Sentence) -> frozenset[str]:
    return _stems(sentence.text)


def _stems(text: str) -> frozenset[str]:
    """Return the words of a text in lower case, without a plural s."""
    return frozenset(word.removesuffix("s") for word in map(str.lower, _WORD.findall(text)) if word not in _COMMON)
