"""The environment of the brief's templates, which print every text in the language of the variable `translator`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from tocsin.assessment.code_words import CONFIDENCE_WORDS
from tocsin.assessment.model_names import model_words
from tocsin.assessment.words import EVENT_WORDS, VERDICT_WORDS, fine_percent, game_percent, percent, percent_range
from tocsin.report.colours import on_page
from tocsin.report.links import links
from tocsin.report.sentences import range_of
from tocsin.report.tag_values import IN_TAG, TagValues
from tocsin.translation import Text, day, in_commas, in_semicolons, in_sentences, key_words, message, plural, sentence


@cache
def environment() -> Environment:
    """Return the environment, which compiles each template once for all languages."""
    made = Environment(
        loader=PackageLoader("tocsin.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printed,
        extensions=[TagValues],
    )
    made.filters[IN_TAG] = _in_tag
    made.filters.update(
        percent=percent,
        model_shares=model_shares,
        game_percent=game_percent,
        fine_percent=fine_percent,
        percent_range=lambda band: percent_range(band[0], band[2]),
        event_words=EVENT_WORDS.__getitem__,
        verdict_word=VERDICT_WORDS.__getitem__,
        confidence_word=CONFIDENCE_WORDS.__getitem__,
        readable=key_words,
        range_of=range_of,
        day=day,
        plain=_plain,
        sentence=sentence,
        sentences=lambda texts: in_sentences(*texts),
        commas=in_commas,
        semicolons=in_semicolons,
        links=links,
        without_ticks=_without_ticks,
        json=embedded_json,
        on_page=on_page,
    )
    made.globals.update(_=message, ngettext=plural)
    return made


# These read the context, so that Jinja does not print a constant in the first language for all.


@pass_context
def _printed(context: Context, value: Any) -> Any:
    """Return a value as HTML between tags, where passages in another language have their mark."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return tied_percent(context["translator"].html(value))


@pass_context
def _plain(context: Context, value: Any) -> Markup:
    """Return a text for an attribute or another place without marks."""
    return value if isinstance(value, Markup) else tied_percent(escape(context["translator"].plain(value)))


@pass_context
def _in_tag(context: Context, value: Any) -> Markup:
    """Return a value inside a tag; a plain string is a key there, which no language changes."""
    if not isinstance(value, Text):
        return tied_percent(escape(value))
    return tied_percent(escape(context["translator"].plain(value)))


@pass_context
def _without_ticks(context: Context, text: str) -> Markup:
    return tied_percent(context["translator"].html(text)).replace("`", "")


def model_shares(shares: Mapping[str, float]) -> Text:
    """Return the probability in each model: "security 48 %; revisionist 47 %"."""
    texts = [
        message("{model} {share}", model=model_words(name), share=game_percent(share)) for name, share in shares.items()
    ]
    return in_semicolons(texts)


def tied_percent(text: Markup) -> Markup:
    """Return text with "%" tied to its number."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def embedded_json(value: Any) -> Markup:
    """Return JSON that cannot end the script element that contains it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)
