"""The case as data: strict, frozen models of every block of `case.yaml`.

An author writes a `CaseFile`, which `case_json_schema()` describes to editors. `tocsin.case.loader.load` joins the fact
tables, the money tables and the places of all keys to it and returns a `Case`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    SkipValidation,
    StringConstraints,
)

from tocsin.case.blocks import AUTHOR, Confidence, Model, OneOrMore
from tocsin.case.claim_blocks import Argument, Claim, Outcome, Question
from tocsin.case.compiled import RivalTests, Test
from tocsin.case.distributions import Distribution
from tocsin.case.forecast_blocks import Forecast
from tocsin.case.form import Form
from tocsin.case.game_blocks import ChallengerType, DatedGame, Discount, Regime, Theatre, WrittenTheatre
from tocsin.case.record_blocks import History, PowerRow
from tocsin.case.rival_blocks import RivalSet
from tocsin.case.sentence_blocks import Sentences
from tocsin.case.types import (
    CaseId,
    Colour,
    Currency,
    Day,
    DottedId,
    FewWords,
    Grade,
    Identifier,
    InputId,
    Period,
    Setting,
    SettingName,
    Text,
    When,
    Words,
)
from tocsin.case.values import Value
from tocsin.measures.money import Rates
from tocsin.reading import Loc, Place

FORMAT = "tocsin/1"
RECORD = "record"
"""The path of observed spending; an actor without listed paths has only this one."""


class Article(Model):
    """The article that makes the argument."""

    title: Words = Field(description="Its title.")
    outlet: Words = Field(description="Where it appeared.")
    date: Day = Field(description="Day of publication, YYYY-MM-DD.")
    author: Words | None = Field(default=None, description="Who wrote it.")
    url: Text | None = Field(default=None, description="Where to read it.")


class Source(Model):
    """Something that was read."""

    cite: Words = Field(description="Citation, and how it was read if not in the original.")
    grade: Grade = Field(
        description="Letter for the source (A official to F cannot be judged), digit for the item (1 seen in two places to 6 not seen)."
    )
    url: Text | None = Field(default=None, description="Where to read it.")
    read: Day | None = Field(default=None, description="Day of reading, YYYY-MM-DD.")
    terms: Words | None = Field(default=None, description="Licence or terms of use of the data taken from it.")
    note: str = Field(default="", description="Remarks for a sceptical reader.")


class Actor(Model):
    """A state."""

    name: Words = Field(description="Its name in plain words.")
    cow: Annotated[int, Field(ge=1, le=999)] | None = Field(default=None, description="Correlates of War country code.")
    colour: Colour | None = Field(default=None, description='Colour in figures, "#rrggbb".')
    currency: Currency | None = Field(
        default=None,
        description="Its own currency. Spending in another currency is first converted to this one at the "
        "market rate of its year, so that home prices count.",
    )


FactValue = Annotated[str, StringConstraints(min_length=1, max_length=2_000)] | int | float | bool


class FactParts(Model):
    """What stands beside the value of a fact."""

    unit: str = Field(default="", description="Unit of the value, if the value does not contain it.")
    date: Period | None = Field(
        default=None, description='Date of the fact: YYYY, YYYY-MM or YYYY-MM-DD; or a span "2015/2024".'
    )
    kind: Words | None = Field(default=None, description="draft, enacted, outturn, estimate, statement, ...")
    source: OneOrMore = Field(
        default=(), description="Key of the source, or a list of keys; required unless `from` is given."
    )
    confidence: Confidence = Field(description="confirmed, medium, low or recalled.")
    range: Text | None = Field(
        default=None,
        description='Range of the value: "a to b unit". A low or recalled fact needs this or a flag.',
    )
    flag: Words | None = Field(default=None, description="Reason to use a low or recalled fact without a range.")
    note: str = Field(default="", description="Remarks for a sceptical reader.")


class OtherValue(FactParts):
    """What other sources say of a fact."""

    value: FactValue = Field(description="The value, of the same kind as that of the fact.")


class WrittenFact(FactParts):
    """One fact as written: read from a source, or measured."""

    value: FactValue | None = Field(
        default=None,
        description='A quantity with its unit ("9.0353e12 JPY"), a number, true or false, a day or a text. Optional '
        "if `from` is given.",
    )
    from_: Text | None = Field(
        default=None,
        alias="from",
        description='A measure that gives the value: "measure/components/JPN/2022/personnel". If a value is also given, the value '
        "is used, and `tocsin lint` compares the two.",
    )
    expected: When | None = Field(
        default=None,
        description="When a thing is due that is still to come: YYYY, YYYY-MM or YYYY-MM-DD. `date` then says when that was known.",
    )
    others: tuple[OtherValue, ...] = Field(
        default=(),
        description="What other sources say of it. A test is judged by each value, and says where they part.",
    )


class Fact(WrittenFact):
    """One fact with its value."""

    value: FactValue


class MoneyBlock(Model):
    """How money is compared."""

    price_year: Annotated[int, Field(ge=1800, le=2200)] = Field(description="Year whose prices are used.")
    rates: Text = Field(description="CSV of rates: currency,year,per_usd,deflator,ppp,source.")


class SpendingPaths(Model):
    """The paths that an actor's spending may take."""

    now: Identifier = Field(description="Path of the base world.")
    options: tuple[Identifier, ...] = Field(description="Paths that an event may choose.", min_length=1)
    blows: Mapping[Identifier, Annotated[float, Field(ge=0, le=10)]] = Field(
        default_factory=dict,
        description="Factors on `blows.ACTOR` by path, 1 unless given: {before_2022: 0} where a path buys no strike weapons.",
    )


class SpendingBlock(Model):
    """Military spending of the actors."""

    table: Text = Field(description="CSV: actor,year,path,value,unit,kind,source,confidence,note[,from].")
    paths: Mapping[Identifier, SpendingPaths] = Field(
        default_factory=dict, description="Actors with more than the path `record`."
    )
    after: Literal["hold"] = Field(
        default="hold", description="After the last year of a path: real growth at the belief growth.<ACTOR>."
    )


class WrittenBelief(Model):
    """One uncertain input, as written: a distribution and its reason."""

    is_: Text | None = Field(
        default=None,
        alias="is",
        description='Distribution: "beta(0.1 to 0.5)" (5 % and 95 % points), "beta(2, 5)" (own parameters), '
        '"rate(2 in 22)" (a record), "fixed(0.5)" or "fact(ID)" (the value of a fact). May be left out where `from` says how to '
        "measure it.",
    )
    from_: Text | None = Field(
        default=None,
        alias="from",
        description='A measure that gives it: "measure/exits/KOR/1988:2026?camp=liberal"; or an estimate from history: '
        '"evidence/alliances/berkemeier_fuhrmann/since_1945/defence". A distribution given beside it is used, '
        "and `tocsin lint` compares the two.",
    )
    unit: Text = Field(description='Unit: "1", "per year", "persons", "USD bn per year".')
    by: Words | None = Field(default=None, description="Who judged; required unless there is a source.")
    why: Words = Field(description="The reason.")
    source: OneOrMore = Field(default=(), description="Keys of sources, where it is evidence.")
    note: str = Field(default="", description="Remarks for a sceptical reader.")


class Belief(WrittenBelief):
    """One uncertain input with its distribution."""

    is_: Text = Field(alias="is")
    is_default: bool = Field(
        default=False, description="Whether it is a default of the program, which the case does not state."
    )

    @property
    def is_judged(self) -> bool:
        """Return whether it is a judgement: it has an author and is not measured. A source that the author read does not change that.

        An input that is set for a run is a condition and not a judgement. A default range is a judgement of the program.
        """
        return self.by not in (None, AUTHOR) and self.from_ is None


Factor = Annotated[float, Field(ge=0.1, le=10)]
InputFactor = Annotated[float, Field(ge=0, le=10)]


class Event(Model):
    """A named change of inputs, whose effect tests ask about."""

    says: str = Field(default="", description="The event in plain words.")
    name: FewWords | None = Field(default=None, description='A few words for pictures, such as "this budget".')
    set: Mapping[DottedId, Identifier] = Field(
        default_factory=dict, description="Changes: {spending.JPN: plan} or {regimes.JPN.posture: normal}."
    )
    scale: Mapping[Identifier, Factor] = Field(
        default_factory=dict,
        description="Lasting factors on actors' military spending from `as_of` on, 0.1 to 10: {KOR: 2}.",
    )
    multiply: Mapping[InputId, InputFactor] = Field(
        default_factory=dict, description="Factors on inputs of the game, 0 to 10: {reach.IND: 0.9}."
    )
    against: Mapping[DottedId, Identifier] = Field(
        default_factory=dict, description="Changes of the world with which the event is compared."
    )

    @property
    def changes(self) -> dict[str, str | float]:
        """Return what the event changes: `regimes.X` to a state, `spending.X` to a path, `scale.X` and `multiply.INPUT` by a factor."""
        factors = {f"scale.{actor}": factor for actor, factor in self.scale.items()}
        return {**self.set, **factors, **{f"multiply.{name}": factor for name, factor in self.multiply.items()}}


class Controls(Model):
    """Events that show what a measure can see."""

    positive: tuple[Identifier, ...] = Field(default=(), description="Events that must register on a measure.")
    negative: tuple[Identifier, ...] = Field(default=(), description="Events that must not register.")

    @property
    def events(self) -> tuple[str, ...]:
        """Return all controls, the positive ones first."""
        return (*self.positive, *self.negative)


class Alike(Model):
    """Inputs that take one distribution and one set of draws, for a fair comparison."""

    sets: tuple[Annotated[tuple[InputId, ...], Field(min_length=2)], ...] = Field(
        description="Lists of inputs; each list takes the first one's distribution and draws.", min_length=1
    )
    why: Words = Field(description="The reason.")


class Variant(Model):
    """A set of inputs to run the case with."""

    set: Mapping[SettingName, Setting] = Field(
        description="Inputs with their values, written as for `--set`: {growth.JPN: 0.02}.", min_length=1
    )
    why: Words = Field(description="The reason.")


class PublishedModel(Model):
    """A published game used as a structural model; its parameters are the beliefs `NAME.PARAMETER`."""

    model: Identifier = Field(description="Name of the game, see docs/published-games.md.")
    why: Words = Field(description="Why it fits the argument.")


class CaseFile(Model):
    """The whole of `case.yaml`."""

    format: Literal["tocsin/1"] = Field(description="Format of the file.")
    id: CaseId = Field(description="Short name of the case: lower-case letters, digits and hyphens.")
    language: Literal["en", "ko", "ja"] = Field(
        default="en",
        description="Language of its texts: en, ko or ja. Translations stand in texts/LANGUAGE.po beside it.",
    )
    title: Words = Field(description="The question or argument in one line.")
    as_of: Day = Field(description="Date of the case, YYYY-MM-DD.")
    summary: Words = Field(description="A few plain sentences.")
    article: Article | None = Field(default=None, description="The article that makes the argument.")
    sources: Mapping[Identifier, Source] = Field(description="The sources that were read.")
    actors: Mapping[Identifier, Actor] = Field(default_factory=dict, description="The states.")
    facts: Mapping[DottedId, WrittenFact] = Field(default_factory=dict, description="Facts.")
    fact_tables: tuple[Text, ...] = Field(
        default=(),
        description="CSV files of facts: key,value,unit,date,kind,source,confidence,note[,range,flag,from,expected].",
    )
    money: MoneyBlock | None = Field(default=None, description="How money is compared.")
    spending: SpendingBlock | None = Field(default=None, description="Military spending.")
    beliefs: Mapping[InputId, WrittenBelief] = Field(
        default_factory=dict,
        description="Uncertain inputs. Those that are not given have defaults, see x-default-ranges.",
    )
    regimes: Mapping[DottedId, Regime] = Field(default_factory=dict, description="Political conditions.")
    theatres: Mapping[Identifier, WrittenTheatre] = Field(
        default_factory=dict, description="The games; the first is the main one."
    )
    types: Mapping[Identifier, ChallengerType] = Field(
        default_factory=dict,
        description="Variants of the challenger; by default a revisionist and one that seeks security.",
    )
    discount: Discount | None = Field(default=None, description="The yearly discount factor; by default 0.92.")
    history: Mapping[Identifier, History] = Field(
        default_factory=dict, description="Records of past years, by theatre."
    )
    events: Mapping[Identifier, Event] = Field(
        default_factory=dict, description="Changes whose effects tests ask about."
    )
    controls: Controls = Field(default=Controls(), description="Events that show what a measure can see.")
    published: Mapping[Identifier, PublishedModel] = Field(
        default_factory=dict, description="Published games used as structural models."
    )
    alike: Mapping[Identifier, Alike] = Field(default_factory=dict, description="Identical judgements.")
    variants: Mapping[Identifier, Variant] = Field(
        default_factory=dict, description="Named sets of inputs for `--variant`."
    )
    arguments: Mapping[Identifier, Argument] = Field(default_factory=dict, description="Rival arguments.")
    explanations: Mapping[Identifier, RivalSet] = Field(
        default_factory=dict, description="Sets of rival explanations, weighed by what was seen."
    )
    claims: Mapping[Identifier, Claim] = Field(description="The claims.", min_length=1)
    questions: Mapping[Identifier, Question] = Field(default_factory=dict, description="Questions of the brief.")
    outcomes: Mapping[DottedId, Outcome] = Field(
        default_factory=dict, description="What happened after `as_of`, for scoring forecasts; tests cannot read it."
    )
    forecasts: Mapping[Identifier, Forecast] = Field(
        default_factory=dict, description="Questions about dated events, for `tocsin forecast`."
    )
    sentences: Sentences = Field(
        default_factory=dict, description="Sentences of the article, by number, as `tocsin draft` writes them."
    )


class SpendingRow(Model):
    """One row of the spending table: an actor's military spending in one (fiscal) year on one path."""

    actor: str
    year: int
    path: str
    value: Annotated[float, Field(ge=0, le=1e18)]
    unit: str
    kind: str
    source: OneOrMore
    confidence: Confidence
    note: str = ""
    from_: str | None = Field(default=None, alias="from")


class JoinedCase(CaseFile):
    """A case as written: the file joined with its tables, and its hashes.

    `facts` are those of the file and of the tables. `data_hashes` is the (name, SHA-256) of each file and each measured
    value, sorted by name, and `sha256` their hash. `power_rows` are by file. `settings` are the inputs set for this run, as (name, text). `places`
    is the place of each key, by its path in the file.
    """

    facts: Mapping[DottedId, Fact]
    beliefs: Mapping[InputId, Belief]
    theatres: Mapping[Identifier, Theatre]
    folder: Path
    sha256: str
    data_hashes: tuple[tuple[str, str], ...]
    spending_rows: tuple[SpendingRow, ...] = ()
    power_rows: Mapping[str, tuple[PowerRow, ...]] = {}
    rates: Rates = Rates()
    settings: tuple[tuple[str, str], ...] = ()
    places: Annotated[Mapping[Loc, Place], SkipValidation, Field(repr=False)] = {}

    @property
    def main(self) -> str:
        """Return the name of the main theatre, which is the first without a day of its own; the case must have one."""
        return next(name for name, theatre in self.theatres.items() if not isinstance(theatre, DatedGame))

    @property
    def discounting(self) -> Discount:
        """Return the discount factor of the games; the case must have games."""
        assert self.discount is not None
        return self.discount

    def place(self, *loc: str | int) -> Place | None:
        """Return the place of the key or item at `loc`, else of the nearest enclosing one, else None."""
        for end in range(len(loc), 0, -1):
            place = self.places.get(loc[:end])
            if place is not None:
                return place
        return None


class Case(JoinedCase):
    """A loaded case, compiled by `tocsin.case.compiling.compile_case`.

    `values` are those of the facts, and `other_values` those that other sources give, by fact; `distributions` those of the beliefs, in their units, truncated to the admissible range
    of the input; `tests` are by claim and part ("" for a claim without parts); `rivals` are the tests and chances of observations; `forms` are
    the games of the theatres.
    """

    values: Annotated[Mapping[str, Value], SkipValidation]
    other_values: Annotated[Mapping[str, tuple[Value, ...]], SkipValidation] = {}
    distributions: Annotated[Mapping[str, Distribution], SkipValidation]
    tests: Annotated[Mapping[str, Mapping[str, Test]], SkipValidation]
    rivals: Annotated[RivalTests, SkipValidation] = RivalTests()
    forms: Annotated[Mapping[str, Form], SkipValidation]

    def __hash__(self) -> int:
        return hash((self.sha256, self.settings))


def case_json_schema() -> dict[str, Any]:
    """Return the JSON Schema of `case.yaml`, for editors (draft 2020-12).

    `x-default-ranges` of `beliefs` lists what inputs are where a case does not say.
    """
    # imported here: the defaults are models of this module
    from tocsin.case.defaults import default_ranges

    schema = CaseFile.model_json_schema(by_alias=True)
    schema["properties"]["beliefs"]["x-default-ranges"] = [row.to_dict() for row in default_ranges()]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tocsin case, tocsin/1",
        **schema,
    }
