"""Store a challenge as text, and read it back; texts keep their templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from tocsin.assessment.challenging.result import Challenge, ClaimChallenge
from tocsin.assessment.result import Verdict
from tocsin.errors import InputError
from tocsin.translation import message
from tocsin.translation.stored_text import STORED

if TYPE_CHECKING:
    from tocsin.assessment.claim_record import ClaimRecord
    from tocsin.assessment.record import AssessmentRecord

PART = "challenge.json"
"""Name under which a challenge is stored beside a run."""


class StoredChallenge(BaseModel):
    """A challenge as a file holds it."""

    model_config = ConfigDict(ser_json_inf_nan="constants")

    challenge: Challenge


def to_json(challenge: Challenge) -> bytes:
    """Return a challenge as JSON."""
    return StoredChallenge(challenge=challenge).model_dump_json(context={STORED: True}).encode("utf-8")


def from_json(text: bytes) -> Challenge:
    """Return the challenge of a text.

    Raises:
        InputError: if the text is not that of a challenge.
    """
    try:
        return StoredChallenge.model_validate_json(text).challenge
    except ValidationError:
        raise InputError(
            message("the stored challenge is damaged or from another version"),
            remedy=message("run `tocsin challenge` again"),
        ) from None


def joined(old: Challenge | None, new: Challenge, order: Sequence[str]) -> Challenge:
    """Return a challenge with the claims of an earlier one of the same case and seed that it lacks.

    Args:
        old: the earlier one.
        new: the later one, which counts where both have a claim.
        order: ids of all claims of the case.
    """
    alike = old is not None and (old.sha256, old.settings, old.seed) == (new.sha256, new.settings, new.seed)
    if old is None or not alike:
        return new
    claims = {claim.id: claim for claim in (*old.claims, *new.claims)}
    return replace(
        new,
        draws=max(old.draws, new.draws),
        worlds=max(old.worlds, new.worlds),
        claims=tuple(claims[name] for name in order if name in claims),
    )


def beside(challenge: Challenge, record: AssessmentRecord) -> Challenge:
    """Return a challenge with what stands otherwise in a run: the claims and parts with another verdict there."""
    known = {claim.id: claim for claim in record.claims}
    claims = tuple(
        replace(claim, in_run=tuple(_otherwise(claim, known[claim.id]))) if claim.id in known else claim
        for claim in challenge.claims
    )
    return replace(challenge, claims=claims)


def _otherwise(claim: ClaimChallenge, there: ClaimRecord) -> Iterator[tuple[str, Verdict, Verdict]]:
    """Yield (part, verdict in the run, verdict here) where they differ, the whole claim first, with an empty part."""
    here = {"": claim.verdict, **dict(claim.parts)}
    in_run = {"": there.verdict, **{part.name: part.verdict for part in there.parts}}
    for part, verdict in here.items():
        if part in in_run and in_run[part] != verdict:
            yield part, in_run[part], verdict
