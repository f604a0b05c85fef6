"""The blocks of `case.yaml` that make the argument: claims with their parts, rival arguments, questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from tocsin.case.blocks import ClaimKind, Confidence, Model, OneOrMore
from tocsin.case.rival_blocks import Prediction
from tocsin.case.types import Day, Identifier, Setting, SettingName, Text, When, Words
from tocsin.reading import Loc


class Argument(Model):
    """A rival or a supporting argument."""

    against: tuple[Identifier, ...] = Field(default=(), description="Claims that it bears on.")
    says: Words = Field(description="The argument in plain words.")
    sources: OneOrMore = Field(default=(), description="Keys of sources.")
    confidence: Confidence = Field(description="confirmed, medium, low or recalled.")
    supports: bool = Field(default=False, description="true if it supports the claims.")
    sets: Mapping[SettingName, Setting] = Field(
        default_factory=dict, description="Inputs as they are if the argument is right, written as for `--set`."
    )
    predicts: Prediction | None = Field(
        default=None, description="What it predicts; an argument that an explanation names needs none."
    )
    note: str = Field(default="", description="Remarks for a sceptical reader.")


class Threshold(Model):
    """The size from which an effect counts."""

    values: tuple[float, ...] = Field(description="Values swept.", min_length=1, max_length=25)
    central: float = Field(description="Value of the main verdict, one of `values`.")
    unit: Text = Field(default="1", description="Unit of the values.")
    means: Words | None = Field(
        default=None,
        description='What the central value is in a reader\'s words, such as "a loss larger than a fiftieth of the whole aim".',
    )


class Untested(Model):
    """Why a claim is not tested."""

    needs: OneOrMore = Field(description="What a test would need.", min_length=1)
    why: Words = Field(description="The reason.")


class Part(Model):
    """One part of a claim; it has exactly one of `holds` and `untested`."""

    says: Words = Field(description="The part in plain words.")
    holds: Text | None = Field(default=None, description="Test in the test language.")
    untested: Untested | None = Field(default=None, description="Why it is not tested.")
    threshold: Threshold | None = Field(default=None, description="Its own threshold; by default the claim's.")
    short: str = Field(default="", description="The part as a short clause, for the first page of the brief.")
    essential: bool = Field(default=False, description="true if the whole claim fails when this part fails.")
    note: str = Field(default="", description="Remarks for a sceptical reader.")


Parts = Mapping[Identifier, Part]


class Claim(Model):
    """A statement of the argument; it has exactly one of `holds`, `chance`, `parts`, `any of`, `most of`, `untested`."""

    says: Words = Field(description="The claim in plain words.")
    kind: ClaimKind = Field(description="fact, causal, comparative, counterfactual, forecast or motive.")
    sentence: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        default=None, description="Number of the sentence in the article."
    )
    mechanism: str = Field(default="", description="Why the claim should be true.")
    holds: Text | None = Field(default=None, description="Test in the test language.")
    chance: Text | None = Field(
        default=None,
        description='Of a forecast: the chance in each world that it comes true, such as "1 - p_war_by(2030)".',
    )
    parts: Parts | None = Field(default=None, description="Parts, all of which must hold.", min_length=1)
    any_of: Parts | None = Field(
        default=None, alias="any of", description="Parts, at least one of which must hold.", min_length=1
    )
    most_of: Parts | None = Field(
        default=None, alias="most of", description="Parts, more than half of which must hold.", min_length=1
    )
    untested: Untested | None = Field(default=None, description="Why it is not tested.")
    threshold: Threshold | None = Field(default=None, description="The size from which an effect counts.")
    alike: Identifier | None = Field(default=None, description="Group of `alike` for its test.")
    at: Day | None = Field(
        default=None,
        description="An earlier day of which the claim speaks: its tests are read in the theatres of that day.",
    )
    due: When | None = Field(
        default=None, description="By when a forecast is to come true: YYYY, YYYY-MM or YYYY-MM-DD, not before `as_of`."
    )
    sources: OneOrMore = Field(default=(), description="Keys of sources.")
    rivals: tuple[Identifier, ...] = Field(default=(), description="Arguments that rival it.")
    counts_against: str = Field(default="", description="What would count against it.")
    note: str = Field(default="", description="Remarks for a sceptical reader.")

    @property
    def parts_key(self) -> str:
        """Return the key under which the parts are written: parts, any of, most of; parts if there are none."""
        return "any of" if self.any_of else "most of" if self.most_of else "parts"

    @property
    def all_parts(self) -> Parts:
        """Return the parts, whichever rule joins them; empty for a claim without parts."""
        return self.parts or self.any_of or self.most_of or {}


def test_loc(claim: Claim, key: str, part: str) -> Loc:
    """Return the path in the file of a claim's test or chance, or of the test of one of its parts ("" for none)."""
    if part:
        return ("claims", key, claim.parts_key, part, "holds")
    return ("claims", key, "holds" if claim.chance is None else "chance")


class Outcome(Model):
    """What happened to the matter of a claim after `as_of`."""

    claim: Identifier = Field(description="The claim.")
    says: Words = Field(description="What happened, in plain words.")
    happened: bool = Field(description="true if it happened as the claim says.")
    date: When = Field(description="When: YYYY, YYYY-MM or YYYY-MM-DD, after `as_of`.")
    source: OneOrMore = Field(description="Key of the source, or a list of keys.", min_length=1)
    note: str = Field(default="", description="Remarks for a sceptical reader.")


class Answers(Model):
    """The author's sentence for each verdict of the claim that answers a question first; where one is missing, the brief composes it."""

    holds: Words | None = Field(default=None, description="The answer if the claim holds.")
    partly: Words | None = Field(default=None, description="The answer if it holds in part.")
    fails: Words | None = Field(default=None, description="The answer if it fails.")
    undecided: Words | None = Field(
        default=None, description="The answer if it cannot be told, is disputed or is not tested."
    )


class Question(Model):
    """A question of the brief and the claims that answer it."""

    asks: Words = Field(description="The question.")
    claims: tuple[Identifier, ...] = Field(description="Claims that answer it.", min_length=1)
    answers: Answers = Field(
        default_factory=Answers, description="The author's answer for each verdict of the first claim."
    )
