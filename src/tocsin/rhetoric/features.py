"""What the learned part of the coder looks at: names of features of a headline, and of a state mentioned in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tocsin.rhetoric.rules import Mention, Reading, speaks

NEAR = ("JPN", "KOR", "USA", "CHN", "RUS")
"""States that have features of their own; all others share theirs."""


def of_headline(reading: Reading) -> list[str]:
    """Words, pairs of words, groups of the lexicon, the states mentioned, and how the headline begins and ends."""
    words = reading.words
    found = [f"w {word}" for word in words]
    found += [f"b {one} {two}" for one, two in pairwise(words)]
    found += [f"g {group}" for group in reading.groups]
    found += [
        f"at start {group}" for group, (at, _) in reading.groups.items() if at <= 1 and group.startswith("speaker.")
    ]
    found.append(f"speaker {reading.speaker}")
    found.append(f"tone {reading.tone}")
    isos = {mention.iso if mention.iso in NEAR else "other" for mention in reading.mentions}
    found += [f"s {iso}" for iso in sorted(isos)] or ["s none"]
    if words:
        found += [
            f"first {words[0]}",
            f"last {words[-1]}",
            f"first {' '.join(words[:2])}",
            f"last {' '.join(words[-2:])}",
        ]
        if len(words) > 1 and words[-2] in ("in", "by", "at", "from"):
            found.append(f"ends {words[-2]}")
    return list(dict.fromkeys(found))


def mentioned(reading: Reading) -> dict[str, list[Mention]]:
    """The mentions of each state, in the order of the headline."""
    found: dict[str, list[Mention]] = {}
    for mention in reading.mentions:
        found.setdefault(mention.iso, []).append(mention)
    return found


def of_states(reading: Reading) -> dict[str, list[str]]:
    """Features of each state mentioned: where and how it stands in the headline, the headline's marks, and who else is named."""
    named = mentioned(reading)
    if not named:
        return {}
    voices = sorted({voice for word in reading.words if (voice := speaks(word))}) or ["none"]
    shared = [f"g {group}" for group in reading.groups]
    tone = reading.tone
    shared += [f"tone {tone}", f"speaker {reading.speaker}", f"others {min(len(named) - 1, 3)}"]
    start = reading.mentions[0].first
    found = {}
    for iso, mentions in named.items():
        kind = iso if iso in NEAR else "other"
        own = dict.fromkeys(shared)
        own[f"n {min(len(mentions), 3)}"] = None
        own |= {f"with {other if other in NEAR else 'other'}": None for other in named if other != iso}
        own |= dict.fromkeys(_places(reading, mentions, harsh=tone < 0))
        own |= {f"{'as' if each.first == 0 else 'not'} subject, {voice}": None for each in mentions for voice in voices}
        own["leads" if mentions[0].first == start else "follows"] = None
        found[iso] = [*own, *([f"{kind} {name}" for name in own] if iso in NEAR else ()), f"is {kind}"]
    return found


def _places(reading: Reading, mentions: list[Mention], *, harsh: bool) -> Iterator[str]:
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
