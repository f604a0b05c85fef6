"""Single values of a case file change, and nothing else does."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from tocsin.case.rewriting import with_value, without_value, written
from tocsin.data.shipped import shipped_cases
from tocsin.errors import InputError
from tocsin.reading import Loc, read_yaml

VALUES: tuple[Any, ...] = (
    "a b: c", "plain", "no", "", "line\nbreak", "日本", "# no comment", "{", 3.5, -2, True, None,
    ["x", "y z"], {"k": "v", "n": [1, 2]}, [], {},
)  # fmt: skip
LAYOUT = """\
# the head
format: tocsin/1   # beside
claims:
  # above A
  A:
    says: "first"  # of A
    parts:
      one: {says: x, holds: "1 > 0"}
      # between
      two:
        says: >-
          folded
          text
  B: {says: last, sources: [s, t]}

# of facts
facts:
  f: {value: 1}
sources: {}
notes:
  literal: |
    first
    # not a comment
  flow: {one: 1,  # a comma, in a comment
    two: "a # b"}
  item: {text: "He said so (note #3).", more: 'and #4'}  # beside the last item

# above the next
tables:
- a.csv   # dash at the margin
- name: b
  unit: c
"""


def put(data: Any, loc: Loc, value: Any) -> Any:
    data = copy.deepcopy(data)
    around = inside(data, loc[:-1])
    if isinstance(around, list) and loc[-1] == len(around):
        around.append(value)
    else:
        around[loc[-1]] = value
    return data


def taken(data: Any, loc: Loc) -> Any:
    data = copy.deepcopy(data)
    del inside(data, loc[:-1])[loc[-1]]
    return data


def inside(data: Any, loc: Loc) -> Any:
    for part in loc:
        data = data[part]
    return data


def paths(data: Any, loc: Loc = ()) -> list[Loc]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [loc, *(path for key, item in items for path in paths(item, (*loc, key)))]


def texts() -> dict[str, str]:
    shipped = {name: (folder / "case.yaml").read_text(encoding="utf-8") for name, folder in shipped_cases().items()}
    return {"layout": LAYOUT, "windows": LAYOUT.replace("\n", "\r\n"), **shipped}


@pytest.mark.parametrize("name", texts())
def test_a_change_is_made_in_the_data_and_nowhere_else(name: str) -> None:
    text, rng = texts()[name], random.Random(7)
    data = read_yaml(text, "case.yaml").data
    every = [path for path in paths(data) if path]
    for path in every if len(every) < 60 else rng.sample(every, 5):
        value = rng.choice(VALUES)
        assert read_yaml(with_value(text, "case.yaml", path, value), "x").data == put(data, path, value), path
        assert read_yaml(without_value(text, "case.yaml", path), "x").data == taken(data, path), path
        at = inside(data, path)
        if isinstance(at, dict | list):
            new = (*path, len(at) if isinstance(at, list) else "new_key")
            assert read_yaml(with_value(text, "case.yaml", new, value), "x").data == put(data, new, value), new


def test_comments_and_layout_stay() -> None:
    text = with_value(LAYOUT, "x", ("claims", "A", "parts", "one", "says"), "other words")
    assert text == LAYOUT.replace("says: x", 'says: "other words"')
    text = with_value(LAYOUT, "x", ("claims", "C"), {"says": "third"})
    assert text == LAYOUT.replace("[s, t]}\n", "[s, t]}\n  C: {says: third}\n")
    text = without_value(LAYOUT, "x", ("claims", "B"))
    assert text == LAYOUT.replace("  B: {says: last, sources: [s, t]}\n", "")
    text = with_value(LAYOUT, "x", ("tables", 2), "c")
    assert text == f"{LAYOUT}- c\n"


@pytest.mark.parametrize("said", ["note #3", " #", "a # b, {c: d}", "#", "'#' \\", "x #\ny"])
@pytest.mark.parametrize("layout", ["claims:\n  A: {{says: {}}}\n", "claims:\n  A:\n    says: {}\n  # the end\n\n"])
def test_a_text_with_a_hash_is_no_comment(layout: str, said: str) -> None:
    text = layout.format(written(said)) + "facts: {}\n"
    for name in ("B", "C"):
        text = with_value(text, "x", ("claims", name), {"says": said})
    assert read_yaml(text, "x").data == {"claims": {name: {"says": said} for name in "ABC"}, "facts": {}}
    text = with_value(without_value(text, "x", ("claims", "C")), "x", ("claims", "B", "says"), said)
    assert read_yaml(text, "x").data == {"claims": {name: {"says": said} for name in "AB"}, "facts": {}}
    assert ("# the end" in text) == ("# the end" in layout)


def test_a_comment_beside_the_last_item_stays_beside_it() -> None:
    text = with_value(LAYOUT, "x", ("notes", "new"), 1)
    assert text == LAYOUT.replace("# beside the last item\n", "# beside the last item\n  new: 1\n")


def test_a_change_there_and_back_gives_the_same_bytes() -> None:
    there = with_value(LAYOUT, "x", ("facts", "g"), 5)
    assert without_value(there, "x", ("facts", "g")) == LAYOUT


def test_a_block_that_is_not_there_is_added_in_its_place() -> None:
    text = with_value("format: tocsin/1\nclaims:\n  A: {says: x}\n", "x", ("facts", "f"), {"value": 1})
    assert text == "format: tocsin/1\nfacts:\n  f: {value: 1}\nclaims:\n  A: {says: x}\n"


def test_a_new_block_has_a_line_for_each_item() -> None:
    text = with_value("format: tocsin/1\n", "x", ("sentences",), {"1": {"quote": "a b"}, "2": {}})
    assert text == 'format: tocsin/1\nsentences:\n  "1": {quote: "a b"}\n  "2": {}\n'
    assert with_value("format: tocsin/1\n", "x", ("claims",), {}) == "format: tocsin/1\nclaims: {}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("claims: {}  # none\nquestions: {}\n", "claims:\n  A: {says: x}  # none\nquestions: {}\n"),
        ("claims:\n\n# of questions\nquestions: {}\n", "claims:\n  A: {says: x}\n\n# of questions\nquestions: {}\n"),
        ("claims: ~\r\nid: x\r\n", "claims:\r\n  A: {says: x}\r\nid: x\r\n"),
        ("claims: null", "claims:\n  A: {says: x}"),
        ("{id: x, claims: {}}\n", "{id: x, claims: {A: {says: x}}}\n"),
    ],
)
def test_the_first_item_of_a_block_stands_on_a_line_of_its_own(before: str, after: str) -> None:
    assert with_value(before, "x", ("claims", "A"), {"says": "x"}) == after


def test_a_key_that_is_no_plain_word_is_quoted() -> None:
    text = with_value("id: x\n", "x", ("facts", "a: b"), 1)
    assert read_yaml(text, "x").data == {"id": "x", "facts": {"a: b": 1}}


@pytest.mark.parametrize(
    ("loc", "said"),
    [
        (("claims", "Z", "says"), "there is no `claims.Z`"),
        (("claims", "A", "says", "deeper"), "no place"),
        (("tables", 5), "no place"),
        (("tables", "name"), "no place"),
        (("nonsense", "x"), "there is no `nonsense`"),
    ],
)
def test_a_place_that_is_not_there_is_refused(loc: Loc, said: str) -> None:
    with pytest.raises(InputError, match=said):
        with_value(LAYOUT, "case.yaml", loc, 1)


def test_what_is_no_yaml_is_refused() -> None:
    with pytest.raises(InputError, match="not closed"):
        with_value("a: [1", "case.yaml", ("a",), 1)
    with pytest.raises(InputError, match="there is no"):
        without_value(LAYOUT, "case.yaml", ("claims", "Z"))


def test_the_change_of_a_shipped_case_touches_one_line() -> None:
    text = texts()["japan-buildup"]
    new = with_value(text, "x", ("title",), "Another title")
    differing = [(a, b) for a, b in zip(text.splitlines(), new.splitlines(), strict=True) if a != b]
    assert len(differing) == 1
