"""The block `sentences` of `case.yaml`: the article's sentences by hash and short quote, with what `tocsin draft` found in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from tocsin.case.blocks import ClaimKind, Model, Probability
from tocsin.case.types import Text, Words, form
from tocsin.translation import message

FlagKind = Literal[
    "superlative", "universal", "no_base", "two_currencies", "fiscal_year", "motive", "one_cause", "forecast_dated", "forecast_undated", "two_claims",
]  # fmt: skip
Hash = Annotated[str, form(r"^[0-9a-f]{16}$", message("write the first 16 hexadecimal digits of the SHA-256"))]
SentenceNumber = Annotated[str, form(r"^[1-9][0-9]{0,4}$", message("write the number of the sentence, from 1"))]
ARTICLE_SOURCE = "article"
"""Key of the source that is the article of a draft."""


class SentenceFlag(Model):
    """What an editor checks in a sentence."""

    kind: FlagKind = Field(description="Kind of flag.")
    on: Text = Field(description="The words that it fired on, at most six.")
    at: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] = Field(
        description="First character of these words in the sentence, from 0, and the one after the last."
    )
    why: Words = Field(description="Why an editor checks it.")


class ArticleSentence(Model):
    """A sentence of the article: its hash and a short quote, never its whole text."""

    hash: Hash = Field(description="First 16 hexadecimal digits of the SHA-256 of the sentence.")
    quote: Text = Field(description="Its first words, at most twelve.")
    checkable: Probability | None = Field(
        default=None, description="Probability that it states something that can be checked, 0 to 1."
    )
    kind: ClaimKind | None = Field(default=None, description="Kind of its claim, by rules.")
    actors: tuple[Text, ...] = Field(default=(), description="ISO codes of states and names of organisations in it.")
    amounts: tuple[Text, ...] = Field(default=(), description="Amounts in it, with units.")
    dates: tuple[Text, ...] = Field(default=(), description="Dates in it, in ISO 8601.")
    comparisons: tuple[Text, ...] = Field(default=(), description="Words in it that compare.")
    flags: tuple[SentenceFlag, ...] = Field(default=(), description="What an editor checks in it.")

    @property
    def flag_kinds(self) -> set[str]:
        """Return the kinds of its flags."""
        return {flag.kind for flag in self.flags}


Sentences = Mapping[SentenceNumber, ArticleSentence]
"""Sentences by their number in the article."""
