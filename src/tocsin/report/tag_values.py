"""Values inside the tags of a template: no mark of language may stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

IN_TAG = "in_tag"
"""The filter through which values inside tags pass; the environment defines it."""


class TagValues(Extension):
    """Pass every value that stands inside a tag, such as `{{ key }}` in `<a href="#{{ key }}">`, through the filter `IN_TAG`."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Return the tokens of a template with the filter after each value inside a tag."""
        return _filtered(stream)


def _filtered(stream: Iterable[Token]) -> Iterator[Token]:
    inside = False
    for token in stream:
        if token.type == "data":
            inside = _ends_inside(token.value, inside)
        if inside and token.type == "variable_end":
            yield Token(token.lineno, "rparen", ")")
            yield Token(token.lineno, "pipe", "|")
            yield Token(token.lineno, "name", IN_TAG)
        yield token
        if inside and token.type == "variable_begin":
            yield Token(token.lineno, "lparen", "(")


def _ends_inside(html: str, inside: bool) -> bool:
    """Return whether a piece of HTML ends inside a tag, given whether it begins there."""
    opened, closed = html.rfind("<"), html.rfind(">")
    return inside if opened == closed == -1 else opened > closed
