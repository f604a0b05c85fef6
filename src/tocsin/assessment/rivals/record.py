"""The records, in the JSON of an assessment, of rival explanations and of how arguments are tested."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from tocsin.assessment.claim_record import BandRecord, Record, Share, rounded
from tocsin.assessment.rivals.result import (
    ArgumentResult,
    ExplanationRow,
    Group,
    Item,
    Posterior,
    RivalResult,
    Sight,
    State,
)
from tocsin.case.rival_blocks import Reader


class SightRecord(Record):
    """Whether something was seen; see `result.Sight`."""

    state: State
    share: Share | None
    late: bool
    facts: tuple[str, ...]

    @classmethod
    def of(cls, sight: Sight) -> SightRecord:
        """Record a sight with four decimals."""
        share = None if sight.share is None else round(sight.share, 4)
        return cls(state=sight.state, share=share, late=sight.late, facts=sight.facts)


class ItemRecord(Record):
    """An observation beside the explanations; see `result.Item`."""

    name: str
    says: str
    sight: SightRecord
    group: str
    ratios: dict[str, BandRecord]
    spread: float = Field(ge=1)
    diagnostic: bool
    moved: dict[str, float]
    information: float | None

    @classmethod
    def of(cls, item: Item) -> ItemRecord:
        """Record an item."""
        return cls(
            name=item.name,
            says=item.says,
            sight=SightRecord.of(item.sight),
            group=item.group,
            ratios={key: BandRecord.of(band) for key, band in item.ratios.items()},
            spread=rounded(item.spread) or 1.0,
            diagnostic=item.diagnostic,
            moved={key: round(value, 4) + 0.0 for key, value in item.moved.items()},
            information=None if item.information is None else round(item.information, 4),
        )


class PosteriorRecord(Record):
    """What a reader believes of an explanation; see `result.Posterior`."""

    prior: Share
    mean: Share
    band: BandRecord

    @classmethod
    def of(cls, posterior: Posterior) -> PosteriorRecord:
        """Record a posterior with four decimals."""
        return cls(prior=round(posterior.prior, 4), mean=round(posterior.mean, 4), band=BandRecord.of(posterior.band))


class ExplanationRecord(Record):
    """An explanation and the arguments that make it."""

    key: str
    name: str
    says: str
    argues: tuple[str, ...]

    @classmethod
    def of(cls, row: ExplanationRow) -> ExplanationRecord:
        """Record an explanation."""
        return cls(key=row.key, name=row.name, says=row.says, argues=row.argues)


class GroupRecord(Record):
    """Items that depend on each other; see `result.Group`."""

    name: str
    items: int
    strength: BandRecord
    effective: float

    @classmethod
    def of(cls, group: Group) -> GroupRecord:
        """Record a group."""
        strength = BandRecord.of(group.strength)
        return cls(name=group.name, items=group.items, strength=strength, effective=round(group.effective, 3))


Beliefs = dict[Reader, dict[str, PosteriorRecord]]


class RivalSetRecord(Record):
    """A set of explanations after what was seen; see `result.RivalResult`."""

    name: str
    what: str
    claims: tuple[str, ...]
    article: str
    explanations: tuple[ExplanationRecord, ...]
    items: tuple[ItemRecord, ...]
    posteriors: Beliefs
    since: Beliefs
    groups: tuple[GroupRecord, ...]
    uncertainty: float

    @classmethod
    def of(cls, result: RivalResult) -> RivalSetRecord:
        """Record a set."""
        return cls(
            name=result.name,
            what=result.what,
            claims=result.claims,
            article=result.article,
            explanations=tuple(map(ExplanationRecord.of, result.explanations)),
            items=tuple(map(ItemRecord.of, result.items)),
            posteriors=_beliefs(result.posteriors),
            since=_beliefs(result.since),
            groups=tuple(map(GroupRecord.of, result.groups)),
            uncertainty=round(result.uncertainty, 4),
        )


def _beliefs(posteriors: Mapping[Reader, Mapping[str, Posterior]]) -> Beliefs:
    return {
        reader: {key: PosteriorRecord.of(item) for key, item in beliefs.items()}
        for reader, beliefs in posteriors.items()
    }


class ArgumentRecord(Record):
    """How an argument is tested; see `result.ArgumentResult`."""

    key: str
    explanations: tuple[tuple[str, str], ...]
    sets: tuple[str, ...]
    text: str = ""
    bears_on: tuple[str, ...] = ()
    values: dict[str, str] = Field(default_factory=dict)
    says: str
    sight: SightRecord | None
    ratio: BandRecord | None
    tested: bool

    @classmethod
    def of(cls, result: ArgumentResult) -> ArgumentRecord:
        """Record how an argument is tested."""
        return cls(
            key=result.key,
            explanations=result.explanations,
            sets=result.sets,
            text=result.text,
            bears_on=result.bears_on,
            values=dict(result.values),
            says=result.says,
            sight=SightRecord.of(result.sight) if result.sight else None,
            ratio=BandRecord.of(result.ratio) if result.ratio else None,
            tested=result.tested,
        )
