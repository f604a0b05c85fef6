"""What pages send. It stands apart because Pydantic takes long to import, and the first page does without it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """What a page sends: each field with its own type, and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True)
