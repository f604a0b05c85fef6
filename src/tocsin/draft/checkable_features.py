"""Features of a sentence for the classifier of checkable sentences: words, shapes, letters, classes of words, and stems."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from itertools import combinations, pairwise
from types import MappingProxyType

from tocsin.draft.dates import MONTHS

_TOKEN = re.compile(r"\d[\d,.]*\d|\d|%|\$|[A-Za-z]+(?:'[A-Za-z]+)?|[?!,]")
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d\Z")
CARDINALS = frozenset(
    [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand",
        "million", "billion", "trillion", "half", "third", "quarter", "dozen", "percent",
    ]
)  # fmt: skip
PASTS = frozenset(
    [
        "was", "were", "had", "did", "went", "came", "said", "took", "made", "voted", "gave", "got", "left", "lost", "won",
        "cut", "spent", "rose", "fell", "grew", "ran", "began", "became", "told", "brought", "built", "met", "paid", "put",
        "saw", "sent", "sold", "stood", "wrote", "knew", "kept", "led", "held",
    ]
)  # fmt: skip
"""Irregular past forms."""
PLAIN = frozenset(
    [
        "i", "we", "he", "she", "they", "you", "it", "the", "a", "an", "of", "in", "to", "for", "by", "from", "on", "at",
        "with", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "do", "did", "does", "not", "no",
        "will", "would", "should", "could", "can", "must", "may", "might", "more", "less", "most", "than", "and", "or", "but",
        "if", "that", "this", "these", "those", "who", "what", "when", "there", "my", "our", "you", "your", "his", "her",
        "their", "all", "every", "never", "only", "first", "last", "year", "years", "percent", "country", "state",
        "president", "governor", "senator", "%", "$", "?", "because", "think", "believe", "want", "know", "need", "let's",
        "going", "said", "say", "we've", "i've", "we're", "they're", "it's", "that's", "don't", "well", "so", "as", "about",
        "over", "under", "into", "out", "up", "down", "how", "why", "where", "which",
    ]
)  # fmt: skip
"""Words that stand for themselves in a shape."""
ENDINGS = (
    "tion", "ment", "ness", "ity", "ly", "ous", "ive", "able", "al", "er", "est", "ies", "es", "s", "en", "ism", "ist", "ful",
)  # fmt: skip
PRESENT = frozenset(
    [
        "<card>", "<past>", "<ed>", "<num>", "<year>", "Cap", "%", "$", "i", "we", "he", "you", "they", "will", "would",
        "should", "not", "?", "<month>", "has", "have", "was", "were", "is", "are", "than", "more", "think", "because", "my",
        "his", "our",
    ]
)  # fmt: skip
"""Shapes whose joint presence is a feature."""
LENGTHS = (4, 7, 10, 14, 18, 24, 32, 40)
MIN_LETTERS, MAX_LETTERS = 2, 5
"""Lengths of the letter sequences."""


def word_features(text: str) -> list[str]:
    """Return the single words, pairs and triples of a sentence, with numbers and years as classes, and its size."""
    words = [_number_class(piece.lower()) for piece in _tokens(text) if piece != ","]
    features = [f"{len(group)} {' '.join(group)}" for size in (1, 2, 3) for group in _groups(words, size)]
    features += [f"skip {a} {b}" for a, b in zip(words, words[2:], strict=False)]
    features += [f"skip2 {a} {b}" for a, b in zip(words, words[3:], strict=False)]
    features += [f"first {' '.join(words[:size])}" for size in (1, 2)] + [f"last {' '.join(words[-1:])}"]
    features += [f"longer {length}" for length in LENGTHS if len(words) > length]
    numbers = sum(word in ("<num>", "<year>") for word in words)
    capitals = len(re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", text))
    features += [f"numbers {count}" for count in range(4) if numbers > count]
    return features + [f"capitals {count}" for count in range(5) if capitals > count]


def shape_features(text: str) -> list[str]:
    """Return sequences of two to four shapes; a shape is a function word, a class such as a past form, or an ending."""
    shapes = [_shape(token, is_first=index == 0) for index, token in enumerate(_tokens(text))]
    features = [f"{len(group)} {' '.join(group)}" for size in (2, 3, 4) for group in _groups(shapes, size)]
    features += [f"start {' '.join(shapes[:size])}" for size in (3, 4)]
    present = sorted(PRESENT.intersection(shapes))
    return features + [f"has {name}" for name in present] + [f"both {a} {b}" for a, b in combinations(present, 2)]


def letter_features(text: str) -> list[str]:
    """Return sequences of letters within words, with their word boundaries; digits count as 0."""
    plain = re.sub(r"\d[\d,]*(?:\.\d+)?", "0", re.sub(r"\b(?:1\d|20)\d\d\b", "Y", text.replace("\u2019", "'")))
    features = []
    for word in plain.lower().split():
        padded = f" {word} "
        for size in range(MIN_LETTERS, MAX_LETTERS + 1):
            features += [padded[i : i + size] for i in range(len(padded) - size + 1)] or [padded]
    return features


def class_features(text: str) -> list[str]:
    """Return the classes of the words, by `word_classes.toml`: single ones, neighbours, joint presence, and shares of the sentence."""
    words = [_number_class(piece.lower()) for piece in _tokens(text)]
    classes = [(word,) if word[0] == "<" else _word_classes().get(word, ()) for word in words]
    known = [names for names in classes if names]
    features = [name for names in classes for name in names]
    for gap in (1, 2):
        for one, other in zip(known, known[gap:], strict=False):
            features += [f"first {gap} {one[0]} {other[0]}", f"last {gap} {one[-1]} {other[-1]}"]
    features += [" ".join(group) for group in _groups([names[-1] for names in known], 3)]
    present = sorted({name for names in classes for name in names})
    features += [f"both {one} {other}" for one, other in combinations(present, 2)]
    return features + [
        f"share {name} {5 * sum(name in names for names in classes) // max(1, len(words))}" for name in present
    ]


@cache
def _word_classes() -> MappingProxyType[str, tuple[str, ...]]:
    listed = tomllib.loads((files("tocsin.draft") / "word_classes.toml").read_text(encoding="utf-8"))
    classes: dict[str, list[str]] = {}
    for name, words in listed.items():
        for word in words.split():
            classes.setdefault(word, []).append(name)
    return MappingProxyType({word: tuple(names) for word, names in classes.items()})


def stem_features(text: str) -> list[str]:
    """Return the stems of the words, their pairs, and the pairs of stems between which only function words stand."""
    stems = [_stem(_number_class(piece.lower())) for piece in _tokens(text) if piece != ","]
    content = [stem for stem in stems if stem not in PLAIN]
    return [
        *stems,
        *(f"{one} {other}" for one, other in pairwise(stems)),
        *(f"content {one} {other}" for one, other in pairwise(content)),
    ]


_SUFFIXES = (
    "ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "edly", "ed", "ers", "er", "ly", "es", "s",
)  # fmt: skip


def _stem(word: str) -> str:
    suffix = next((end for end in _SUFFIXES if word.endswith(end) and len(word) - len(end) >= 4), "")
    return word.removesuffix(suffix)


VIEWS: tuple[tuple[Callable[[str], list[str]], float], ...] = (
    (word_features, 1.0),
    (shape_features, 0.7),
    (letter_features, 1.0),
    (class_features, 0.8),
    (stem_features, 1.0),
)
"""The views of a sentence, each with the length of its vector: a shorter one is penalised more."""


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.replace("\u2019", "'"))


def _groups(items: Sequence[str], size: int) -> list[Sequence[str]]:
    return [items[i : i + size] for i in range(len(items) - size + 1)]


def _number_class(word: str) -> str:
    if _YEAR.match(word):
        return "<year>"
    return "<num>" if word[0].isdigit() else word


def _shape(token: str, *, is_first: bool) -> str:
    word = _number_class(token.lower())
    for name, words in (("<card>", CARDINALS), ("<past>", PASTS), ("<month>", MONTHS)):
        if word in words:
            return name
    if word in PLAIN or not word[0].isalpha():
        return word
    for ending, least in (("ed", 5), ("ing", 6)):
        if word.endswith(ending) and len(word) >= least:
            return f"<{ending}>"
    if token[0].isupper() and not is_first:
        return "Cap"
    return next((f"-{ending}" for ending in ENDINGS if word.endswith(ending) and len(word) > len(ending) + 2), "w")
