"""Name the features that the coder learns from: those of a headline, of each state in it, and of the names in it that are not known."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise

from tocsin.rhetoric.rules import Mention, Reading, voice_of
from tocsin.rhetoric.words import fold

NEAR = ("JPN", "KOR", "USA", "CHN", "RUS")
"""States with features of their own. All other states share one set."""


def headline_features(reading: Reading) -> list[str]:
    """Return the words, pairs of words, lexicon groups and states of a headline, and how it begins and ends."""
    words = reading.words
    names = [f"w {word}" for word in words]
    names += [f"b {one} {two}" for one, two in pairwise(words)]
    names += [f"g {group}" for group in reading.groups]
    names += [
        f"at start {group}"
        for group, (start, _) in reading.groups.items()
        if start <= 1 and group.startswith("speaker.")
    ]
    names.append(f"speaker {reading.speaker}")
    names.append(f"tone {reading.tone}")
    isos = {mention.iso if mention.iso in NEAR else "other" for mention in reading.mentions}
    names += [f"s {iso}" for iso in sorted(isos)] or ["s none"]
    if words:
        names += [
            f"first {words[0]}",
            f"last {words[-1]}",
            f"first {' '.join(words[:2])}",
            f"last {' '.join(words[-2:])}",
        ]
        if len(words) > 1 and words[-2] in ("in", "by", "at", "from"):
            names.append(f"ends {words[-2]}")
    return list(dict.fromkeys(names))


def candidates(reading: Reading) -> dict[str, list[Mention]]:
    """Return the states that may be targets, with their mentions. Implied mentions count only for states that no word names."""
    states: dict[str, list[Mention]] = {}
    for mention in reading.mentions:
        states.setdefault(mention.iso, []).append(mention)
    named = frozenset(states)
    for mention in reading.implied:
        if mention.iso not in named:
            states.setdefault(mention.iso, []).append(mention)
    return states


def state_features(reading: Reading) -> dict[str, list[str]]:
    """Return the features of each state that may be a target: its context, the headline's lexicon groups and words, the other states.

    A state that is only implied has separate features, with the prefix `implied`.
    """
    states = candidates(reading)
    if not states:
        return {}
    named = {mention.iso for mention in reading.mentions}
    verbs = [(index, voice) for index, word in enumerate(reading.words) if (voice := voice_of(word))]
    tone = reading.tone
    shared = [f"g {group}" for group in reading.groups]
    shared += [f"tone {tone}", f"speaker {reading.speaker}", f"others {min(max(len(named) - 1, 0), 3)}"]
    words = [f"w {word}" for word in dict.fromkeys(reading.words)]
    start = min(mentions[0].first for mentions in states.values())
    features = {}
    for iso, mentions in states.items():
        kind = iso if iso in NEAR else "other"
        own = dict.fromkeys(shared)
        own[f"n {min(len(mentions), 3)}"] = None
        own |= {
            f"with {other if other in NEAR else 'other'}": None for other in states if other != iso and other in named
        }
        own |= dict.fromkeys(_neighbours(reading, mentions, harsh=tone < 0))
        own |= dict.fromkeys(_syntax(reading, mentions, verbs, harsh=tone < 0))
        own["leads" if mentions[0].first == start else "follows"] = None
        own |= dict.fromkeys(words)
        row = [*own, *([f"{kind} {name}" for name in own] if iso in NEAR else ()), f"is {kind}"]
        features[iso] = row if iso in named else [f"implied {name}" for name in row]
    return features


_CAPITALISED = re.compile(r"\b[A-Z][A-Za-z0-9_]*")


def unknown_names(reading: Reading, known: Container[str]) -> list[Mention]:
    """Return the runs of capitalised words that are not known, with an empty ISO code."""
    unknown = [index for index, word in enumerate(reading.words) if word not in known and not word.isdigit()]
    if not unknown:
        return []
    capital = {word.lower() for word in _CAPITALISED.findall(fold(reading.text))}
    runs: list[Mention] = []
    for index in unknown:
        if reading.words[index] not in capital:
            continue
        if runs and runs[-1].last == index - 1:
            runs[-1] = runs[-1]._replace(last=index)
        else:
            runs.append(Mention("", index, index))
    return runs


def missing_features(reading: Reading, names: Sequence[Mention]) -> list[str]:
    """Return the features of a headline that may have a target which no word of the lexicon names.

    Args:
        reading: the headline.
        names: the names in it that are not known, from `unknown_names`.
    """
    harsh = reading.tone < 0
    states = len({mention.iso for mention in (*reading.mentions, *reading.implied)})
    features = [f"g {group}" for group in reading.groups]
    features += [f"tone {reading.tone}", f"speaker {reading.speaker}", f"states {min(states, 2)} {harsh}"]
    features += [f"names {min(len(names), 3)}", f"names {min(len(names), 2)}, states {min(states, 2)} {harsh}"]
    if not names:
        return features
    verbs = [(index, voice) for index, word in enumerate(reading.words) if (voice := voice_of(word))]
    for name in names:
        context = [*_neighbours(reading, [name], harsh=harsh), *_syntax(reading, [name], verbs, harsh=harsh)]
        features += [f"name {feature}" for feature in context if not feature.startswith("as ")]
    return list(dict.fromkeys(features))


_PREPOSITIONS = frozenset(
    {
        "in", "of", "by", "with", "against", "for", "to", "from", "between", "on", "over", "at", "and", "through", "under", "into",
        "upon", "about",
    }
)  # fmt: skip
_BACK = 4
"""Number of words before a state that are searched for its preposition."""


def _syntax(reading: Reading, mentions: list[Mention], verbs: list[tuple[int, str]], *, harsh: bool) -> Iterator[str]:
    """Yield the preposition before a state, and its position relative to the verbs of speech."""
    words = reading.words
    voices = sorted({voice for _, voice in verbs}) or ["none"]
    for mention in mentions:
        before = words[max(mention.first - _BACK, 0) : mention.first]
        nearest = next(
            (word for word in reversed(before) if word in _PREPOSITIONS), "^" if mention.first <= _BACK else "-"
        )
        yield f"under {nearest}"
        yield f"under {nearest} {harsh}"
        for voice in voices:
            yield f"{'as' if mention.first == 0 else 'not'} subject, {voice}"
        if not verbs:
            yield f"no verb, under {nearest}"
            continue
        first, voice = verbs[0]
        yield f"{'before' if mention.last < first else 'after'} the verb, {voice}"
        if mention.first > verbs[-1][0]:
            yield f"after all verbs, under {nearest}"


def _neighbours(reading: Reading, mentions: list[Mention], *, harsh: bool) -> Iterator[str]:
    """Yield the words beside a state."""
    words = reading.words
    for mention in mentions:
        before = words[mention.first - 1] if mention.first else "^"
        earlier = " ".join(words[max(mention.first - 2, 0) : mention.first]) or "^"
        after = words[mention.last + 1] if mention.last + 1 < len(words) else "$"
        yield f"as {' '.join(words[mention.first : mention.last + 1])}"
        yield f"before {before}"
        yield f"before2 {earlier}"
        yield f"after {after}"
        yield f"between {before} {after}"
        yield f"harsh {harsh} before {before}"
        if after == "$":
            yield f"end {before} {harsh}"
