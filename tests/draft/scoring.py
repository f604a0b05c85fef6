"""Score the rules of `tocsin draft` on labelled sentences of our own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tocsin.draft.drafting import read_sentence
from tocsin.draft.sentences import Sentence
from tocsin.reading import read_yaml

DAY = date(2025, 8, 1)
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Score:
    """How well the rules agree with labels.

    Attributes:
        kinds: share of sentences with the right kind.
        amounts: share of labelled and found amounts that agree (the Jaccard index of the two multisets).
        dates: as `amounts`.
        found: share of sentences with all amounts and all dates right.
        flag_precision, flag_recall: of all kinds of flags together.
        flags: by kind, the numbers of right, wrong and missed flags.
        misses: what disagrees, one line for each sentence.
    """

    kinds: float
    amounts: float
    dates: float
    found: float
    flag_precision: float
    flag_recall: float
    flags: dict[str, tuple[int, int, int]]
    misses: tuple[str, ...]


def labelled(name: str) -> list[dict[str, Any]]:
    """Return the labelled sentences of a file beside this module."""
    return list(read_yaml((HERE / name).read_text(encoding="utf-8"), name).data["sentences"])


def score(rows: list[dict[str, Any]]) -> Score:
    """Return how well the rules agree with the labels of some sentences."""
    right, misses = Counter[str](), []
    flags: dict[str, Counter[str]] = {}
    for row in rows:
        read = read_sentence(Sentence(1, row["text"]), 1.0, DAY)
        extracted: dict[str, Counter[str]] = {
            "kinds": Counter([read.reading.kind]),
            "amounts": Counter(str(amount) for amount in read.reading.amounts),
            "dates": Counter(span.iso for span in read.reading.dates),
            "flags": Counter({flag.kind for flag in read.flags}),
        }
        wanted: dict[str, Counter[str]] = {"kinds": Counter([row["kind"]])}
        wanted |= {name: Counter(map(str, row.get(name, []))) for name in ("amounts", "dates", "flags")}
        right["sentences"] += all(extracted[name] == wanted[name] for name in ("amounts", "dates"))
        for name, values in extracted.items():
            both = values & wanted[name]
            right[name] += both.total()
            right[f"all {name}"] += (values | wanted[name]).total()
            right[f"found {name}"] += values.total()
            right[f"wanted {name}"] += wanted[name].total()
            if values != wanted[name]:
                misses.append(f"{name}: {sorted(values)} not {sorted(wanted[name])}: {row['text']}")
        for kind in extracted["flags"] | wanted["flags"]:
            part = (
                "right"
                if kind in extracted["flags"] & wanted["flags"]
                else "wrong"
                if kind in extracted["flags"]
                else "missed"
            )
            flags.setdefault(kind, Counter())[part] += 1
    return Score(
        kinds=right["kinds"] / len(rows),
        amounts=right["amounts"] / max(1, right["all amounts"]),
        dates=right["dates"] / max(1, right["all dates"]),
        found=right["sentences"] / len(rows),
        flag_precision=right["flags"] / max(1, right["found flags"]),
        flag_recall=right["flags"] / max(1, right["wanted flags"]),
        flags={kind: (c["right"], c["wrong"], c["missed"]) for kind, c in sorted(flags.items())},
        misses=tuple(misses),
    )
