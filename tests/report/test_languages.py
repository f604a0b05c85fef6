"""Behind its first page the brief has no word that is neither a message nor a text of the case or the run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.facts_only import facts_only
from tests.report.sample import bare, past_view, sample
from tests.report.test_controls import ROWS
from tests.report.test_other_models import answers
from tests.rivals_case import full_rivals_case
from tests.translation.support import CLOSE, OPEN, Silent

from tocsin.assessment.facts_result import OutcomeResult
from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.report import brief, sentences
from tocsin.report.claim_groups import claim_groups
from tocsin.translation import Translator

_LABELS = {"data-label", "data-open", "data-close", "aria-label", "title", "alt"}
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_NAMES = {"SHA-256"}
"""What no language changes."""


def everything(folder: Path) -> Assessment:
    """Return the sample with all that a claim can show."""
    full = sample(folder)
    view = past_view()
    happened = OutcomeResult(
        key="o", says="Alpha pressed Beta", happened=True, date="2025-01", sources=("book",), note="A note"
    )
    first, *others = full.claims
    forecast = replace(
        first,
        kind="forecast",
        due="2026",
        of_event=True,
        limits=("the sources are weak",),
        outcomes=(happened, replace(happened, happened=False)),
    )
    return replace(
        full,
        claims=(forecast, *others),
        controls=ROWS,
        other_models=(answers(0.03, 0.7, "it misses a control"), replace(answers(0.03, 0.7), claim="C2", part="moved", counterfactual=False)),
        outside=(
            view,
            replace(view, inside=0.4, inside_recorded=None, recent=False, left_out=3, more=(-0.1, -0.01, 0.1)),
            replace(view, claims=("C2",), inside=0.1, inside_recorded=0.9),
        ),
    )  # fmt: skip


def silent() -> Translator:
    """Return the translator of a language without words."""
    return Translator(language="ko", words=Silent())


def strings(value: Any) -> Iterator[str]:
    """Yield all strings of a result or a case."""
    if isinstance(value, str):
        yield value
        yield value.replace("_", " ")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(key)
            yield from strings(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif hasattr(value, "model_dump"):
        yield from strings(value.model_dump(by_alias=True))
    elif isinstance(value, Iterable):
        for item in value:
            yield from strings(item)


def own_texts(assessment: Assessment) -> set[str]:
    """Return the texts of the case and the run, and those that the assessment words."""
    asked = {group.asks for group in claim_groups(assessment)}
    return {*strings(assessment), *asked, *_NAMES}


class Reader(HTMLParser):
    """Collect the texts of a page and of its labels, without codes, scripts and styles; and all attributes with markup."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.data = ""
        self.broken: list[str] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(f"{tag}.json" if ("type", "application/json") in attrs else tag)
        self.texts += [value or "" for name, value in attrs if name in _LABELS]
        self.broken += [f"{name}={value}" for name, value in attrs if name != "content" and "<" in f"{name}{value}"]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().partition(".")[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "script.json" in self._open:
            self.data += data
        elif not {"code", "script", "style"} & set(self._open):
            self.texts.append(data)


def shown(page: str) -> set[str]:
    """Return what stands on the page behind the contents, in pieces between tags, values and marks."""
    reader = Reader(page[page.index('<h2 id="claims"') : page.index("</main>")])
    scenes = json.loads(reader.data or "{}")
    texts = [*reader.texts, *strings(scenes.get("words", {}).values()), *strings(scenes.get("scenes", {}).values())]
    return pieces(texts)


def pieces(texts: Iterable[str]) -> set[str]:
    """Return the words between values and marks."""
    return {words_of(piece) for text in texts for piece in re.split(f"[{OPEN}{CLOSE},;=:]", text)}


def words_of(text: str) -> str:
    """Return the words of a text in small letters, without numbers and marks."""
    return " ".join(re.findall(r"[^\W\d_][\w’'-]*", text)).lower()


def foreign(page: str, assessment: Assessment) -> set[str]:
    """Return the pieces with letters that are no text of the case, the run or the assessment, and no passage of several words of one."""
    known = pieces(own_texts(assessment))
    passages = "\n".join(known)
    return {
        piece
        for piece in shown(page)
        if _LETTERS.search(piece) and piece not in known and (" " not in piece or piece not in passages)
    }


@pytest.mark.parametrize(
    "made",
    [everything, bare, lambda folder: assess(facts_only(folder)), lambda folder: assess(full_rivals_case(folder))],
)
def test_every_word_is_a_message_or_a_text_of_the_case(made: Any, tmp_path: Path) -> None:
    assessment = made(tmp_path)
    assert foreign(brief.rendered(assessment, silent()), assessment) == set()


def test_a_word_that_is_no_message_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assessment = bare(tmp_path)
    monkeypatch.setattr(sentences, "games_text", lambda *_: "Nobody translated this")
    assert foreign(brief.rendered(assessment, silent()), assessment) == {"nobody translated this"}


def test_no_attribute_holds_markup_where_every_text_is_marked(tmp_path: Path) -> None:
    page = brief.rendered(everything(tmp_path), Translator(language="ko", words={}))
    assert '<span lang="en">' in page
    assert Reader(page[page.index('<h2 id="claims"') : page.index("</main>")]).broken == []


def test_scripts_have_no_words() -> None:
    folder = Path(brief.__file__).parent / "templates"
    for name in ("folds.js", "switches.js"):
        script = (folder / name).read_text(encoding="utf-8")
        texts = re.findall(r'"([^"]*)"', script.removeprefix('"use strict";'))
        assert texts and not [text for text in texts if re.search(r"[a-z] [a-z]|^[A-Z][a-z]", text)]
