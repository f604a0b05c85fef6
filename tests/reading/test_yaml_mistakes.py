"""What a beginner gets wrong in YAML: each mistake is named in plain words, on the line where it is mended, in every language."""

from __future__ import annotations

import pytest

from tocsin.errors import InputError
from tocsin.reading import read_yaml
from tocsin.translation import Text, Translator

MISTAKES = {
    "quote never closed": ('a: 1\nb: "x\nc: 2\n', 2, 4, 'the quote " that opens here is not closed by the end of the file, line 3', 'write "'),
    "quote closed by the next": ("a: 'x\nb: 'y z'\n", 1, 4, "closed only on line 2, before: y z'", "write ' where the text ends"),
    "quote that is a key": ('"a: 1\nb: 2\n', 1, 1, "not closed by the end of the file, line 2", 'write "'),
    "apostrophe": ("a: 'Japan's army'\n", 1, 10, "text follows the closing quote ': s army'", "write '' for each '"),
    "quotes in quotes": ('a: "say "no" to it"\n', 1, 9, 'text follows the closing quote "', 'write \\" for each "'),
    "bracket before a key": ("a: 1\nb: [1, 2\nc: 3\n", 2, 4, "the bracket [ that opens here is not closed before line 3", "write ]"),
    "bracket at the end": ("a: 1\nb: {x: 1,\n\n", 2, 4, "the bracket { that opens here is not closed by the end of the file, line 2", "write }"),
    "another bracket": ("a: [1,\n  2}\n", 2, 4, "the bracket [ that opens on line 1 is closed by }", "write ]"),
    "bracket in a comment": ("a: [x # y]\nb: 1\n", 1, 7, "so the bracket ] after it is not read", "in quotes"),
    "comma between brackets": ("a: {\n  x: 1\n  y: 2\n}\n", 3, 4, "in the bracket { of line 1", "write a comma"),
    "comma between texts": ('a: ["x" "y"]\n', 1, 9, 'no comma before "y"]', "write a comma"),
    "text after a bracket": ("a: [x] and y\n", 1, 8, "text follows the closing bracket ]: and y", "in quotes"),
    "tab": ("a:\n\tb: 1\n", 2, 1, "a tab", "indent with spaces"),
    "too deep": ("a: 1\n  b: 2\n", 2, 4, "indented further than line 1", "alike"),
    "between two depths": ("a:\n    b: 1\n  c: 2\n", 3, 3, "this line has 2 spaces before it", "alike"),
    "less than its text": ("a: |\n    x\n  y\n", 3, 3, "indented less than the text that begins on line 1", "alike"),
    "entry among names": ("a:\n  b: 1\n  - 2\n", 3, 3, "a list entry (-) stands among names", "indent the list"),
    "name among entries": ("a:\n  - 1\n  b: 2\n", 3, 3, "a name stands among list entries", "a dash and a space"),
    "no colon": ("a: 1\nclaims\nb: 2\n", 2, 1, "this line has no colon: claims", "a name, a colon"),
    "no colon above": ("claims:\n  C1\n    says: x\n", 2, 3, "this line has no colon: C1", "a name, a colon"),
    "no space after the colon": ("a: 1\ntitle:My case\nb: 2\n", 2, 1, "no colon with a space after title", "write title: My case"),
    "no space, first line": ("format:tocsin/1\nb: 2\n", 1, 1, "no colon with a space after format", "write format: tocsin/1"),
    "wide colon": ("제목：내 사례\nb: 1\n", 1, 1, "no colon with a space after 제목", "write 제목: 내 사례"),
    "no space after the dash": ("a:\n  - 1\n  -2\n", 3, 3, "no space after the dash", "write - 2"),
    "colon in a text": ("a: Japan: a study\n", 1, 9, "the text after a: contains a colon", 'quotes: "Japan: a study"'),
    "colon in a long text": ("a: one\n  and two: three\n", 2, 10, "the text that begins on line 1 contains a colon here", "in quotes"),
    "colon in a text in brackets": ("a: {x: y: z}\n", 1, 9, "a second colon", "in quotes"),
    "hash in a text": ("a: 1\nb: the #1 party\n", 2, 4, "# begins a comment, so the text ends before: #1 party", "in quotes"),
    "hash before a text": ("a: 1\nb: #1\nc: 2\n", 2, 1, "# begins a comment, so the text ends before: #1", "in quotes"),
    "same name again": ("a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key `a` (first on line 1)", "keep one"),
    "kept character": ("a: @b\n", 1, 4, "may not begin with @", "in quotes"),
    "list beside its name": ("a: - b\n", 1, 4, "a list begins on the line of its name", "below the name"),
    "text beside its mark": ("a: > 5 %\n", 1, 4, "text follows > on the same line", "on the next line"),
    "backslash": ('a: "C:\\users"\n', 1, 7, "begins a code", "two backslashes"),
}  # fmt: skip


def mistake_in(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read_yaml(text, "case.yaml")
    return caught.value


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_where_it_is_mended(name: str) -> None:
    text, line, column, words, remedy = MISTAKES[name]
    error = mistake_in(text)
    assert (error.line, error.column) == (line, column)
    assert words in error.message and remedy in str(error.remedy)


@pytest.mark.parametrize("language", ["ko", "ja"])
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_in_the_language_of_the_screen(name: str, language: str) -> None:
    error = mistake_in(MISTAKES[name][0])
    translator = Translator(language=language)
    for text in (error.message, error.remedy):
        assert isinstance(text, Text)
        assert translator.plain(text) != text
    assert not translator.missing


def test_what_the_parser_alone_can_say_is_quoted() -> None:
    error = mistake_in("a: !<x y\n")
    assert "its parser says: “while parsing a tag, expected '>' but found ' '”" in error.message
    assert error.line == 1 and error.remedy


@pytest.mark.parametrize(
    "text",
    ["a: 1\n  b: 2\n", "a: '1\nb: 2\n", "a: [x\nb: y\n", "a\nb: 1\n", "a:\n\t- 1\n", "a:b\nc: 1\n", "a: the #1\n"],
)
def test_the_place_does_not_depend_on_line_ends(text: str) -> None:
    unix, windows = mistake_in(text), mistake_in(text.replace("\n", "\r\n"))
    assert (unix.line, unix.column, unix.message) == (windows.line, windows.column, windows.message)


@pytest.mark.parametrize(
    "text", ["a: x # y\n", "a: x ## y\n", "a:\n  #x\n  b: 2\n", "a: #x\n  b: 2\n", "a: 5 #x\n", "a: x#y\n"]
)
def test_a_comment_stays_a_comment(text: str) -> None:
    assert read_yaml(text, "case.yaml").data


def test_a_mistake_is_named_also_if_worse_follows_far_below() -> None:
    error = mistake_in('a: "x\nb: "y"\n' + "c: 1\n" * 5_000 + "d: \x07\n")
    assert error.line is not None and error.remedy
