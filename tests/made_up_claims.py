"""Cases of made-up claims on made-up beliefs and facts, without a game: claims of every rule, sources that disagree, tests that divide."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tests.facts_only import facts_only

from tocsin.case import Case

BELIEFS = (
    "uniform(0.2, 1.8)", "uniform(-1, 3)", "uniform(0, 2)", "uniform(0, 1)", "loguniform(0.1 to 4)", "lognormal(0.3 to 2)",
    "beta(0.1 to 0.9)", "normal(-0.5 to 2)", "gamma(0.2 to 3)", "rate(2 in 9)",
)  # fmt: skip
NUMBERS = ("0.05", "0.2", "0.4", "0.7", "1", "1.3", "2", "3")
OTHERS = ', others: [{value: "1.6", date: 2024-05-03, source: paper, confidence: medium}]'
FACTS = """\
facts:
  level: {{value: "0.9", date: 2024-02-01, source: authority, confidence: confirmed{others}}}
  yes: {{value: true, date: 2024-02-01, source: authority, confidence: confirmed}}
"""


class _Author:
    """Makes up beliefs and claims; the same seed makes up the same."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self.names = [f"words.{letter}" for letter in "abcd"[: int(self._random.integers(2, 5))]]

    def one_of(self, texts: tuple[str, ...]) -> str:
        return texts[int(self._random.integers(len(texts)))]

    def chance(self, share: float) -> bool:
        return float(self._random.random()) < share

    def belief(self, name: str) -> str:
        owner = "by: tests" if self.chance(0.15) else "source: authority"
        return f'  {name}: {{is: "{self.one_of(BELIEFS)}", unit: "1", {owner}, why: made up}}\n'

    def comparison(self) -> str:
        a, b = (f"input({name})" for name in self._random.choice(self.names, size=2, replace=False))
        left = self.one_of((a, f"{a} + {b}", f"{a} - {b}", f"{a} * {b}", f"{a} / {b}", f"abs({a} - {b})"))
        return f"{left} {self.one_of(('<', '>', '<=', '>='))} {self.one_of((*NUMBERS, 'fact(level)', 'fact(level)'))}"

    def test(self, depth: int = 2) -> str:
        if depth == 0 or self.chance(0.4):
            comparison = self.comparison()
            return f"P({comparison}) >= {self.one_of(('0.3', '0.5', '0.7'))}" if self.chance(0.1) else comparison
        if self.chance(0.15):
            return f"not ({self.test(depth - 1)})"
        return f"({self.test(depth - 1)} {self.one_of(('and', 'or'))} {self.test(depth - 1)})"

    def part(self, name: str, *, essential: bool) -> str:
        test = self.one_of(("fact(yes)", "not fact(yes)")) if self.chance(0.15) else self.test(1)
        return f'{name}: {{says: {name}, holds: "{test}"{", essential: true" if essential else ""}}}'

    def claim(self, name: str) -> str:
        rule = self.one_of(("holds", "holds", "parts", "any of", "most of"))
        if rule == "holds":
            decided = f'"{self.test()}"'
        else:
            count = int(self._random.integers(2, 4))
            first = rule == "most of" and self.chance(0.5)
            parts = [self.part(f"p{index}", essential=first and index == 0) for index in range(count)]
            decided = f"{{{', '.join(parts)}}}"
        return f"  {name}: {{says: made up, kind: fact, sentence: 1, sources: [authority], {rule}: {decided}}}\n"


def made_up_case(folder: Path, seed: int, claims: int = 6) -> Case:
    """Load a case of two to four beliefs and some claims `E0`, `E1` and so on about them, beside the claims of `facts_only`."""
    author = _Author(seed)
    facts = FACTS.format(others=OTHERS if author.chance(0.5) else "")
    beliefs = "".join(map(author.belief, author.names))
    made_up = "".join(author.claim(f"E{index}") for index in range(claims))
    return facts_only(folder, replace={"facts:\n": facts, "claims:\n": f"beliefs:\n{beliefs}claims:\n{made_up}"})
