"""Make the message catalogues: `python -m tests.translation.catalogues` adds new messages and drops old ones."""

from __future__ import annotations

import ast
import datetime
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from tocsin.translation import LANGUAGES
from tocsin.translation.catalogue import FOLDER

SOURCE = Path(__file__).parents[2] / "src" / "tocsin"
KEYWORDS = {
    "message": None,
    "template": None,
    "_": None,
    "plural": (1, 2),
    "ngettext": (1, 2),
    "message_in": ((1, "c"), 2),
}
OPTIONS = {"**.jinja": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
UNDATED = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""The same day in every file, so that a file changes only with its messages."""


def read_python(
    file: IO[bytes], keywords: Mapping[str, object], tags: object, options: object
) -> Iterator[tuple[int, str, list[str | None], list[str]]]:
    """Yield the messages of a Python file, as Babel wants them; Babel's own reader misses calls inside calls."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            values = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
            yield node.lineno, node.func.id, [text if isinstance(text, str) else None for text in values], []


def read_reasons(
    file: IO[bytes], keywords: object, tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the reasons of a table of default ranges, as Babel wants them."""
    table = tomllib.load(file)
    for row in (*table["range"], *table["types"].values(), table["discount"]):
        yield 1, "template", row["why"], []


def read_titles(
    file: IO[bytes], keywords: object, tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield what the data sets of the registry hold, as Babel wants it."""
    for row in tomllib.load(file).values():
        yield 1, "template", row["what"], []


METHODS = [
    ("**.py", "tests.translation.catalogues:read_python"),
    ("**.jinja", "jinja2"),
    ("case/defaults.toml", "tests.translation.catalogues:read_reasons"),
    ("data/sources.toml", "tests.translation.catalogues:read_titles"),
]


def translated() -> list[str]:
    """Return the languages that have a catalogue: all but English."""
    return [code for code in LANGUAGES if code != "en"]


@cache
def extracted() -> Catalog:
    """Return the messages of the source, which are read once."""
    catalogue = Catalog(creation_date=UNDATED)
    for name, _, message, comments, context in extract_from_dir(SOURCE, METHODS, OPTIONS, KEYWORDS):
        catalogue.add(
            message, None, [(f"src/tocsin/{Path(name).as_posix()}", 1)], auto_comments=comments, context=context
        )
    return catalogue


def stored(language: str) -> Catalog:
    """Return the messages of a language's file."""
    file = FOLDER / f"{language}.po"
    if not file.exists():
        return Catalog(locale=language)
    with file.open(encoding="utf-8") as opened:
        return read_po(opened, locale=language)


def update(language: str, messages: Catalog) -> None:
    """Write a language's file with the messages of the source; translations of messages that are gone are dropped."""
    catalog = stored(language)
    catalog.update(messages, no_fuzzy_matching=True)
    head = Catalog(
        locale=language,
        project="Tocsin",
        version="1",
        header_comment=f"# Tocsin in {LANGUAGES[language]}. `make languages` keeps it in step with the source.",
        msgid_bugs_address="none",
        copyright_holder="The Tocsin authors",
        creation_date=UNDATED,
        revision_date=UNDATED,
        last_translator="The Tocsin authors",
        language_team=LANGUAGES[language],
        fuzzy=False,
    )
    for entry in catalog:
        if entry.id:
            head.add(
                entry.id,
                entry.string,
                entry.locations,
                entry.flags,
                entry.auto_comments,
                entry.user_comments,
                context=entry.context,
            )
    with (FOLDER / f"{language}.po").open("wb") as file:
        write_po(file, head, width=0, include_lineno=False, sort_by_file=True, ignore_obsolete=True)


if __name__ == "__main__":
    for code in translated():
        update(code, extracted())
