"""What the blocks of `case.yaml` share: the strict base model, and the types of several blocks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from tocsin.case.types import Text

AUTHOR = "set for this run"
"""Who an input is by that a run overrides."""

Confidence = Literal["confirmed", "medium", "low", "recalled"]
ClaimKind = Literal["fact", "causal", "comparative", "counterfactual", "forecast", "motive"]

Probability = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


def _listed(value: object) -> object:
    """Return a tuple for one name or a list of names."""
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


OneOrMore = Annotated[
    tuple[Text, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Model(BaseModel):
    """Base of every block: frozen, without unknown keys or silent conversion."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
