"""Reading YAML: what is refused; see also test_yaml_mistakes.py and tests/case/test_refusals.py."""

from __future__ import annotations

import pytest

from tocsin.errors import InputError
from tocsin.reading import read_yaml


@pytest.mark.parametrize("version", ["1.1", "1.3", "2.0", "x"])
def test_another_version_of_yaml_is_refused(version: str) -> None:
    with pytest.raises(InputError):
        read_yaml(f"%YAML {version}\n---\na: 1\n", "case.yaml")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('a: 1\ntitle: "x\\ud800y"\n', 2, "U+D800 is half a character"),
        ('a: 1\nb: "\\uD83D\\uDE00"\n', 2, "U+D83D is half a character"),
        ('a: 1\n"\\udfff": 1\n', 2, "U+DFFF is half a character"),
        ('a: 1\nb: "\\UFFFFFFFF"\n', 2, "\\\\UFFFFFFFF is no character"),
        ('a: 1\nb: "\\U00110000"\n', 2, "\\\\U00110000 is no character"),
        ("a: 1\nb: \ud800\n", 2, "character U\\+D800 is not allowed"),
    ],
)
def test_half_a_surrogate_pair_and_what_is_no_character_are_refused_with_their_line(
    text: str, line: int, message: str
) -> None:
    with pytest.raises(InputError, match=message.replace("U+", "U\\+")) as caught:
        read_yaml(text, "case.yaml")
    assert caught.value.line == line and caught.value.remedy
    str(caught.value).encode("utf-8")
    assert read_yaml('a: "\\U0001F600"', "case.yaml").data == {"a": "😀"}
