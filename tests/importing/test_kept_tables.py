"""Twelve tables of the kinds people keep lose no cell: each is read right, or named in a remark."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.importing.support import KINDS, Kept, write_case

from tocsin.case import load
from tocsin.files import write_all
from tocsin.importing.grid import read_grid
from tocsin.importing.run import Options, Prepared, prepare

Kind = Callable[[Path, random.Random], Kept]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kind(request: pytest.FixtureRequest) -> Kind:
    built: Kind = request.param
    return built


def imported(kept: Kept, case: Path) -> Prepared:
    return prepare(read_grid(kept.file), case, Options(maps=kept.maps, texts=kept.texts), kept.file.stem, None)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_fact_is_read_right(kind: Kind, seed: int, tmp_path: Path) -> None:
    kept = kind(tmp_path, random.Random(seed))
    facts = imported(kept, write_case(tmp_path / "case")).conversion.facts
    assert {fact.key: (fact.value, fact.unit, fact.date) for fact in facts} == {
        key: (fact.value, fact.unit, fact.date) for key, fact in kept.facts.items()
    }
    for fact in facts:
        assert kept.facts[fact.key].note in fact.note
        assert fact.source == ("authority",)


def test_every_cell_is_in_a_fact_or_named(kind: Kind, tmp_path: Path) -> None:
    kept = kind(tmp_path, random.Random(4))
    conversion = imported(kept, write_case(tmp_path / "case")).conversion
    named = {part for remark in conversion.remarks for part in (remark.cell, *remark.cell.split(": "))}
    unread = [remark.cause for remark in conversion.remarks if "is not read" in remark.cause]
    read = {fact.cell for fact in conversion.facts}
    shown = " ".join(f"{fact.key} {fact.unit} {fact.date} {fact.note} {fact.kind}" for fact in conversion.facts)
    parts = {word for fact in conversion.facts for word in (*fact.key.split("."), fact.key, fact.kind)}
    lost = [
        cell
        for cell in kept.cells
        if cell not in read | named | parts and cell.replace(" ", "_") not in parts and cell not in shown
    ]
    # dates and Hangul are read into another form, which the facts of the test above compare
    lost = [cell for cell in lost if not re.search(r"\d{4}|[가-힣]|EUR", cell)]
    assert lost == [] and unread == []


def test_the_case_loads_with_the_facts_and_keeps_its_comments(kind: Kind, tmp_path: Path) -> None:
    kept = kind(tmp_path, random.Random(5))
    folder = write_case(tmp_path / "case")
    write_all(dict(imported(kept, folder).files))
    case = load(folder)
    assert set(kept.facts) < set(case.facts)
    assert "# read in print" in (folder / "case.yaml").read_text(encoding="utf-8")
    again = prepare(read_grid(kept.file), folder, Options(), kept.file.stem, None)  # the mapping is remembered
    assert again.files[folder / "case.yaml"] == (folder / "case.yaml").read_text(encoding="utf-8")
