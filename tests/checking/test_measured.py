"""How many of 60 sentences about other regions are read, and how many answers agree with an oracle that reads the raw tables."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.checking.oracle import ORACLE, Raw, verdict

from tocsin.checking.answer import Answer
from tocsin.checking.data_sets import Library
from tocsin.checking.run import check

PAGE = Path(__file__).resolve().parents[2] / "docs" / "check.md"
SENTENCES: list[dict[str, Any]] = YAML(typ="safe").load(
    (Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8")
)


def test_there_are_sixty_sentences_with_an_oracle_each() -> None:
    assert len(SENTENCES) == 60
    assert {row["id"] for row in SENTENCES} == set(ORACLE)


@pytest.mark.slow
def test_answers_agree_with_the_raw_tables(real_data: Path) -> None:
    raw, library = Raw(real_data), Library()
    read: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for row in SENTENCES:
        answer, (results, figures) = check(row["sentence"], library), ORACLE[row["id"]](raw)
        kind = row["kind"]
        read[kind] += answer.kind == kind
        if answer.verdict != "cannot tell":
            answered[kind] += 1
            right[kind] += answer.verdict == verdict(results) and shows(answer, figures)
        else:
            assert not results, row
    kinds = Counter(row["kind"] for row in SENTENCES)
    table = [f"| {kind} | {count} | {read[kind]} | {answered[kind]} | {right[kind]} |" for kind, count in kinds.items()]
    table.append(f"| all | {kinds.total()} | {read.total()} | {answered.total()} | {right.total()} |")
    page = PAGE.read_text(encoding="utf-8")
    assert [line for line in table if line not in page] == []


def shows(answer: Answer, figures: list[float]) -> bool:
    """Return whether the answer shows each figure to a thousandth."""
    shown = [
        figure.value for reading in answer.readings for figure in reading.figures if isinstance(figure.value, float)
    ]
    return all(any(value == pytest.approx(figure, rel=1e-3) for value in shown) for figure in figures)
