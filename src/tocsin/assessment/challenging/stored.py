"""Store a challenge as text, and read it back; texts keep their templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, ValidationError

from tocsin.assessment.challenging.result import Challenge
from tocsin.errors import InputError
from tocsin.translation.stored_text import STORED

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
            "the stored challenge is damaged or from another version", remedy="run `tocsin challenge` again"
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
