"""The argument of a case in Argdown: claims, facts, rivals and verdicts, with texts that stay texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.export.support import assessed, done
from tests.facts_only import write_facts_only

from tocsin.export.argdown import escaped
from tocsin.tables import printable

ITEM = re.compile(
    r"(?P<indent> *)(?:(?P<relation>[+-]) )?(?:\[(?P<statement>[^\]]+)\]|<(?P<argument>[^>]+)>)(?:: (?P<text>.*))?"
)
TAG = re.compile(r" #(?:\(([^)]+)\)|([A-Za-z0-9]+))(?=$| #)")


def document(folder: Path, replace: Mapping[str, str] | None = None) -> str:
    case = write_facts_only(folder / "case", replace=replace)
    assessed(case, folder)
    done("export", case, "--to", "argdown", "-o", folder / "case.argdown")
    return (folder / "case.argdown").read_text(encoding="utf-8")


def items(text: str) -> list[dict[str, str]]:
    """Return the statements and arguments of a document with their relation, text and tags; any other line fails."""
    body = text.split("\n===\n", 1)[1]
    result = []
    for line in body.splitlines():
        if not line or line.startswith("# "):
            continue
        item = ITEM.fullmatch(line)
        assert item, line
        tags = [one or other for one, other in TAG.findall(item["text"] or "")]
        plain = re.sub(r"\\(.)", r"\1", TAG.sub("", item["text"] or ""))
        result.append({**{k: v or "" for k, v in item.groupdict().items()}, "text": plain, "tags": ";".join(tags)})
    return result


def test_claims_have_their_verdicts_and_parts_and_facts_their_relations(tmp_path: Path) -> None:
    listed = items(document(tmp_path))
    by_name = {item["statement"] or item["argument"]: item for item in listed}
    assert by_name["C1"]["tags"].split(";")[0] == "holds"
    assert by_name["C1"]["text"] == "Trade has doubled in ten years."
    assert by_name["C2.ninety"]["tags"].split(";")[0] == "fails"
    assert by_name["C2.ninety"]["relation"] == "+"  # if it were true, it would support the claim
    assert by_name["fact ships.waiting"]["relation"] == "-"  # it makes the part fail
    assert by_name["fact boxes.2023"]["relation"] == "+"
    assert (by_name["R1"]["relation"], by_name["R1"]["text"]) == ("-", "Other ports grew faster.")
    assert "not tested" in by_name["C3"]["tags"]
    assert len(by_name["fact ships.waiting"]["indent"]) > len(by_name["C2.ninety"]["indent"])


def test_a_fact_on_which_sources_disagree_has_all_its_values(tmp_path: Path) -> None:
    old = '{value: "60 ships", date: 2024-05-02, source: [authority, paper], confidence: medium}'
    new = (
        '{value: "60 ships", date: 2024-05-02, source: authority, confidence: medium,'
        ' others: [{value: "%s ships", source: paper, confidence: medium}]}'
    )
    for other in ("95", "70"):  # an open verdict, and one that fails by both
        listed = items(document(tmp_path / other, {old: new % other}))
        (text,) = (item["text"] for item in listed if item["statement"] == "fact ships.waiting" and item["text"])
        assert text == f"ships.waiting is 60 ships (2024-05-02; authority) or {other} ships (paper)"


def test_the_front_matter_says_what_to_cite(tmp_path: Path) -> None:
    text = document(tmp_path)
    lines = text.split("===\n")[1].splitlines()
    front = {name: json.loads(value) for name, _, value in (line.partition(": ") for line in lines)}  # JSON is YAML
    assert front["title"] == "Is the port as busy as the op-ed says?"
    assert any("SHA-256" in line for line in front["cite"])


@pytest.mark.parametrize(
    "says",
    [
        "[C2]: x <R9>: y // no comment /* none */ <!-- none -->",
        "see http://x.example/a_b*c#d and @[C1] and {a: b}",
        "a --- b === c -- d",
        "+ <R2>: attack",
        ":smile: .x. U.S.A. 3:2:1",
        "a backslash \\",
    ],
)
def test_marks_in_texts_stay_texts(tmp_path: Path, says: str) -> None:
    quoted = "'" + says.replace("'", "''") + "'"
    listed = items(document(tmp_path, {"Trade has doubled in ten years.": quoted}))
    assert next(item for item in listed if item["statement"] == "C1")["text"] == says
    assert {item["argument"] for item in listed} == {"", "R1"}


@given(st.text(max_size=60))
def test_an_escaped_text_is_one_line_that_no_mark_leaves(text: str) -> None:
    line = escaped(text)
    assert re.sub(r"\\(.)", r"\1", line) == printable(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[@#*_\[\]<>{}]", line)
    assert not any(mark in line for mark in ("//", "/*", "--", "==", "\n"))
