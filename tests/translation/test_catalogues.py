"""The catalogues hold the messages of the source, and their translations fit them."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from tests.translation.catalogues import KEYWORDS, SOURCE, extracted, stored, translated

from tocsin.translation.catalogue import translations
from tocsin.translation.particles import PARTICLES


def keys(catalog: Catalog) -> set[tuple[str, str]]:
    return {
        (entry.context or "", entry.id if isinstance(entry.id, str) else entry.id[0]) for entry in catalog if entry.id
    }


def placeholders(words: str) -> dict[str, str]:
    """Return the names of the values in a template with their format."""
    return {name: spec or "" for _, name, spec, _ in string.Formatter().parse(words) if name is not None}


def calls() -> Iterator[ast.Call]:
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                yield node


def test_the_reader_of_python_finds_all_that_babel_finds() -> None:
    methods = [("**.py", "python")]
    by_babel = {
        (context or "", text if isinstance(text, str) else text[0])
        for _, _, text, _, context in extract_from_dir(SOURCE, methods, {}, KEYWORDS)
    }
    assert len(by_babel) > 100
    assert by_babel <= keys(extracted())


def test_the_words_of_a_message_stand_in_the_source() -> None:
    """A message is a literal, or a template of a table that is marked as one."""
    wrong = [ast.unparse(node) for node in calls() if isinstance(node.args[0], ast.JoinedStr | ast.BinOp)]
    assert wrong == []


@pytest.mark.parametrize("language", translated())
def test_a_catalogue_holds_the_messages_of_the_source_and_no_others(language: str) -> None:
    assert keys(stored(language)) == keys(extracted()), "run `make languages`"


@pytest.mark.parametrize("language", translated())
def test_a_translation_names_the_values_of_its_message(language: str) -> None:
    catalog = stored(language)
    plurals = {
        entry.id[0]: entry.id[1] for entry in catalog if entry.pluralizable
    }  # it has the number of the first form too
    for (_, english), words in translations(catalog).items():
        values = placeholders(words)
        assert set(values) == set(placeholders(plurals.get(english, english))), english
        allowed = {"", *PARTICLES} if language == "ko" else {""}
        assert set(values.values()) <= allowed, words


@pytest.mark.parametrize(("language", "test"), [("ko", "검증"), ("ja", "検証")])
def test_a_run_is_verified_in_another_word_than_a_claim_is_tested(language: str, test: str) -> None:
    said = {english: words for (_, english), words in translations(stored(language)).items()}
    assert test in said["Choose a test"]
    verified = [words for english, words in said.items() if "verif" in english.lower()]
    assert len(verified) > 4
    assert [words for words in verified if test in words] == []
