"""Links to claims and other places of the brief."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from tocsin.translation import Text, in_commas


def link(name: str, prefix: str = "") -> Markup:
    """Return a link to the place of the brief with the id `prefix` and `name`; the name is its text."""
    return Markup('<a href="#{}{}">{}</a>').format(prefix, name, name)


def links(names: Iterable[str], prefix: str = "") -> Text:
    """Return links with commas between them."""
    return in_commas(link(name, prefix) for name in names)
