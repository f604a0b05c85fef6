"""What two edits of one text changed, and both edits in one text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tocsin.case import load
from tocsin.workbench.merging import MAX_ITEMS, differences, merged

BASE = "title: T\nclaims:\n  C1: {says: One}\n  C2: {says: Two}\nlist: [1, 2]\n"


def rows(theirs: str, mine: str) -> list[tuple[str, Any, Any, Any]]:
    items = differences(BASE, theirs, mine)
    assert items is not None
    return [("/".join(item["path"]), item["base"], item["theirs"], item["mine"]) for item in items]


def test_items_that_both_changed_come_first() -> None:
    theirs = BASE.replace("title: T", "title: Other").replace("Two", "Deux")
    mine = BASE.replace("Two", "Zwei").replace("[1, 2]", "[1]")
    assert rows(theirs, mine) == [
        ("claims/C2/says", "Two", "Deux", "Zwei"),
        ("title", "T", "Other", "T"),
        ("list", "[1, 2]", "[1, 2]", "[1]"),
    ]


def test_new_and_taken_items_have_no_value_on_one_side() -> None:
    theirs = BASE.replace("  C2: {says: Two}\n", "")
    mine = BASE + "new: 1\n"
    assert rows(theirs, mine) == [("claims/C2/says", "Two", None, "Two"), ("new", None, None, "1")]


def test_comments_are_no_items_and_no_yaml_has_none() -> None:
    assert rows("# a comment\n" + BASE, BASE) == []
    assert differences(BASE, "claims: [", BASE) is None


def test_a_list_of_mappings_is_taken_apart() -> None:
    base, theirs = "items: [{a: 1}, {a: 2}]\n", "items: [{a: 1}, {a: 3}]\n"
    assert differences(base, theirs, base) == [{"path": ["items", "2", "a"], "base": "2", "theirs": "3", "mine": "2"}]


def test_long_values_and_many_items_are_bounded() -> None:
    many = "".join(f"k{number}: {'x' * 2000}\n" for number in range(MAX_ITEMS + 50))
    items = differences("a: 1\n", many, "a: 1\n")
    assert items is not None
    assert len(items) == MAX_ITEMS
    assert max(len(item["theirs"] or "") for item in items) <= 500


@pytest.mark.parametrize(
    ("theirs", "mine", "both"),
    [
        ("a\nB\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "a\nB\nc\nd\nE\n"),
        ("a\nb\nc\nd\ne\nf\n", "A\nb\nc\nd\ne\n", "A\nb\nc\nd\ne\nf\n"),
        ("b\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "b\nc\nd\nE\n"),
        ("a\nX\nc\nd\ne\n", "a\nY\nc\nd\ne\n", "a\nY\nc\nd\ne\n"),
        ("a\nb\nc\nd\ne\n", "a\nb\nc\nd\ne\n", "a\nb\nc\nd\ne\n"),
        ("", "a\nb\nc\nd\nE\n", "a\nb\nc\nd\nE\n"),
    ],
)
def test_both_edits_are_in_the_merged_text_and_mine_stands_where_they_meet(theirs: str, mine: str, both: str) -> None:
    assert merged("a\nb\nc\nd\ne\n", theirs, mine) == both


def test_a_refused_edit_says_what_differs(reader: httpx.Client, case_file: Path) -> None:
    seen = reader.get("/api/text").json()

    def put(loc: list[str], value: str) -> Any:
        return reader.post(
            "/api/edit", json={"base": seen["version"], "changes": [{"do": "put", "loc": loc, "value": value}]}
        )

    assert put(["title"], "Other").status_code == 200
    refused = put(["claims", "C1", "says"], "Mine.").json()
    old = "Is the port as busy as the op-ed says?"
    said = "Trade has doubled in ten years."
    assert refused["differs"] == [
        {"path": ["title"], "base": old, "theirs": "Other", "mine": old},
        {"path": ["claims", "C1", "says"], "base": said, "theirs": said, "mine": "Mine."},
    ]
    whole = reader.post("/api/text", json={"base": seen["version"], "text": seen["text"].replace("Nobody", "No one")})
    both = whole.json()["merged"]
    reader.post("/api/text", json={"base": whole.json()["version"], "text": both})
    assert load(case_file).title == "Other"
    assert "No one strikes" in case_file.read_text(encoding="utf-8")


def test_a_text_that_is_not_known_any_more_has_no_differences(reader: httpx.Client) -> None:
    answer = reader.post("/api/text", json={"base": "0" * 64, "text": "x"})
    assert answer.status_code == 409
    assert (answer.json()["differs"], answer.json()["merged"]) == (None, None)
