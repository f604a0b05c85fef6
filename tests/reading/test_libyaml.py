"""The parser in C and the pure parser read every text alike: values, places and errors."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.support import CASE

from tocsin.errors import InputError
from tocsin.reading import Document, read_yaml
from tocsin.reading.libyaml import NotPlainError, plain_events
from tocsin.reading.yaml import _read_pure

ROOT = Path(__file__).parents[2]
FILES = [path for folder in ("cases", "src", "tests") for path in sorted((ROOT / folder).rglob("*.yaml"))]
SEEDS = [
    'a: {b: [1, 2], c: "x y"}\nd:\n  - e\n  - f: g\n    h: |\n      text\n      more\n',
    "a: \"multi\n  line\"\nb: 'it''s'\nc: plain\n  text\nd: >-\n  folded\n  text\n# c\ne: [a, b,\n c]\n",
    "? a\n: b\nc: ~\nd:\n- 1\n- - 2\n  - 3\n",
    "a: |\n\n  x\n   y\n\nb: >2\n   c\n  d\n\ne: |+\n  x\n\n",
    CASE[:2000],
]
PIECES = [
    *"\t -#\"'{}[],|>&*!%@`?:=~<\\\r\n\x85\u2028\u2029\ufeff\xa0\x00\x07\x7fé😀", "  ", ": ", "- ", " #", "::", ":,", " :", ",:", "\r\n",
    "\n\n", "\n  \n", "\n ", "\n\t", "---\n", "...\n", "|-\n", "|1", ">+2\n", ">#", "&a ", "*a", "!!str ", "<<: ", "%YAML 1.2\n---\n",
    "%TAG ! x\n", "\\n", "\\/", "\\x41", "\\u2028", "\\ud800", "\\\n", '""', "''", "null", "1e5", "0x1",
]  # fmt: skip


def outcome(text: str, pure: bool) -> Document | str:
    try:
        return _read_pure(text, "x.yaml") if pure else read_yaml(text, "x.yaml")
    except InputError as error:
        return str(error)


def mutated(rng: random.Random) -> str:
    text = rng.choice(SEEDS)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        place, other = rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)
        match rng.randrange(10):
            case 0 | 1:
                text = text[:place] + text[place + rng.randrange(1, 4) :]
            case 2:
                text = text[:place] + text[min(place, other) : max(place, other)] + text[place:]
            case _:
                text = text[:place] + rng.choice(PIECES) + text[place:]
    return text


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_both_parsers_read_every_file_of_the_repository_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert outcome(text, pure=False) == outcome(text, pure=True)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 4))])
def test_both_parsers_read_mutated_texts_alike(seed: int) -> None:
    rng, read = random.Random(seed), 0
    for _ in range(600):
        text = mutated(rng)
        result = outcome(text, pure=False)
        assert result == outcome(text, pure=True), repr(text)
        read += isinstance(result, Document)
    assert read > 100


@pytest.mark.parametrize(
    "text",
    [
        "a: 'x\ty'\n", "a: x\u2028y\n", "a: x\x85y\n", "a: \ufeffx\n", "a:\nb: 1\n", "a: |\n\n  x\n", "a: |\n \n", "a: >#x\n  y\n",
        "a: [b\n", "a: [x::]\n", 'a: "\ud800"\n',
    ],
)  # fmt: skip
def test_a_text_that_the_parsers_may_read_differently_is_left_to_the_pure_one(text: str) -> None:
    with pytest.raises(NotPlainError):
        list(plain_events(text))


def test_the_founding_case_is_read_in_c() -> None:
    text = (ROOT / "cases" / "japan-buildup" / "case.yaml").read_text(encoding="utf-8")
    assert len(list(plain_events(text))) > 1000
