"""The blocks of `case.yaml` that weigh rival explanations: what each of them predicts, and what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from tocsin.case.blocks import Model, OneOrMore, Probability
from tocsin.case.types import FewWords, Identifier, Setting, Text, Words

Reader = Literal["neutral", "author", "sceptic"]
READERS: tuple[Reader, ...] = ("neutral", "author", "sceptic")
"""Whose prior probabilities stand side by side."""

_CHANCE = 'a number between 0 and 1, or a distribution such as "beta(0.2 to 0.6)"'


class Prediction(Model):
    """What an argument predicts, and how likely that is if the argument is right and if it is wrong."""

    says: Words = Field(description="What it predicts, in plain words.")
    seen: Text | None = Field(
        default=None,
        description="Test of facts or inputs that says whether it was seen; left out if nobody can know yet.",
    )
    right: Setting = Field(description=f"Chance to see it if the argument is right: {_CHANCE}.")
    wrong: Setting = Field(description="Chance to see it if the argument is wrong.")
    by: Words = Field(description="Who judged the chances.")
    why: Words = Field(description="The reason.")
    source: OneOrMore = Field(default=(), description="Keys of sources.")


class Explanation(Model):
    """One of several explanations that exclude each other."""

    says: Words = Field(description="The explanation in plain words.")
    name: FewWords = Field(description="A few words for tables and pictures.")
    argues: tuple[Identifier, ...] = Field(default=(), description="Arguments that make this explanation.")


class Prior(Model):
    """Probabilities of the explanations before the observations."""

    chances: Mapping[Identifier, Probability] = Field(description="Probability of each explanation; they sum to one.")
    by: Words = Field(description="Who judged them.")
    why: Words = Field(description="The reason.")


class Priors(Model):
    """Prior probabilities by reader. The neutral reader holds all explanations equally likely unless stated."""

    neutral: Prior | None = Field(default=None, description="Of a reader without a view; by default all are equal.")
    author: Prior | None = Field(default=None, description="Of the author of the article.")
    sceptic: Prior | None = Field(default=None, description="Of a reader who doubts the article.")

    def of(self, reader: Reader) -> Prior | None:
        """Return the prior that the case states for a reader."""
        stated: Prior | None = getattr(self, reader)
        return stated


class Observation(Model):
    """Something that was or was not seen, and how likely it is to be seen under each explanation."""

    says: Words = Field(description="What may be seen, in plain words.")
    seen: Text | None = Field(
        default=None,
        description="Test of facts or inputs that says whether it was seen; left out if nobody can know yet.",
    )
    chances: Mapping[Identifier, Setting] = Field(description=f"Chance to see it under each explanation: {_CHANCE}.")
    group: Identifier | None = Field(default=None, description="Group of items that depend on each other.")
    by: Words = Field(description="Who judged the chances.")
    why: Words = Field(description="The reason.")
    source: OneOrMore = Field(default=(), description="Keys of sources.")


class Dependence(Model):
    """How strongly the items of a group depend on each other."""

    strength: Setting = Field(
        description='Correlation within the group: 0 (independent) to 1 (one item), or a distribution such as "uniform(0.3, 0.8)".'
    )
    by: Words = Field(description="Who judged it.")
    why: Words = Field(description="The reason.")


class RivalSet(Model):
    """Explanations of one thing, of which one is right, with what each predicts."""

    what: Words = Field(description='What they explain: "why Pyongyang condemned the budget".')
    claims: tuple[Identifier, ...] = Field(default=(), description="Claims that they bear on.")
    article: Identifier = Field(description="The explanation that the article gives.")
    of: Mapping[Identifier, Explanation] = Field(
        description="The explanations; one may be `none of these`.", min_length=2, max_length=12
    )
    priors: Priors = Field(default=Priors(), description="Prior probabilities by reader.")
    observations: Mapping[Identifier, Observation] = Field(
        description="What may be seen, by key.", min_length=1, max_length=100
    )
    groups: Mapping[Identifier, Dependence] = Field(
        default_factory=dict, description="Groups of items that depend on each other."
    )
