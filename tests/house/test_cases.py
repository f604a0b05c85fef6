"""The cases that ship with the program: each lints without errors, and its page says what the case says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tocsin.case import load
from tocsin.case.lint import lint

ROOT = Path(__file__).parents[2]
CASES = sorted(path.parent for path in (ROOT / "cases").glob("*/case.yaml"))
PAGES = {"japan-buildup": "founding-case.md"}
"""Pages of cases that are not under docs/cases."""


def page_of(case: str) -> Path:
    return ROOT / "docs" / PAGES.get(case, f"cases/{case}.md")


def test_there_are_cases_of_three_regions() -> None:
    assert len(CASES) >= 3


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_every_case_loads_without_template_values(folder: Path) -> None:
    case = load(folder)
    assert case.id == folder.name
    assert not [notice for notice in lint(case) if "template" in notice.message]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_page_of_a_case_lists_each_claim(folder: Path) -> None:
    text = page_of(folder.name).read_text(encoding="utf-8")
    listed = set(re.findall(r"\bC\d+[a-z]?\b", text))
    assert set(load(folder).claims) <= listed


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_every_case_says_under_which_terms_its_data_stand(folder: Path) -> None:
    assert (folder / "NOTICE").is_file()
