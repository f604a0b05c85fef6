"""The default ranges of the program: what an input is where a case does not say.

`defaults.toml` lists them. They depend on the case and on the version of the program, never on the cache of public data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field

from tocsin.case.blocks import Model
from tocsin.case.game_blocks import ChallengerType, Discount
from tocsin.case.inputs import KINDS
from tocsin.translation import message, template

AUTHOR_OF_DEFAULTS = template("default range of the program")
"""Who a default range is by."""
STATE = "STATE"
"""Stands for the code of a state in the `from` of a default range."""

Role = Literal["target", "protector", "backer"]


class DefaultRange(Model):
    """A default range, and the inputs for which it stands.

    Attributes:
        input: pattern of the input's name, as in `inputs.KINDS`.
        role, type, state, regime: conditions on the actor's role, the type of challenger, the state of a posture, and the kind of a regime;
            None if any will do.
        since: first year of the cases for which it stands; None for all.
        is_: the distribution; None if an estimate gives it.
        from_: the stored estimate; `STATE` in it stands for a state.
        why: what the range says, in plain words.
        with_: inputs that take their defaults only together with this one.
    """

    input: str
    role: Role | None = None
    type: str | None = None
    state: Literal["firm", "loose"] | None = None
    regime: Literal["alignment", "posture", "treaty"] | None = None
    since: int | None = None
    is_: str | None = Field(default=None, alias="is")
    from_: str | None = Field(default=None, alias="from")
    why: str
    with_: list[str] = Field(default_factory=list, alias="with")

    @property
    def unit(self) -> str:
        """Return the unit of the input."""
        return next(kind.unit for kind in KINDS if kind.pattern == self.input)

    @property
    def condition(self) -> str:
        """Return the conditions in words: "protector", "type security", "since 1950"; "" without any."""
        words = (
            self.role or "",
            f"type {self.type}" if self.type else "",
            self.state or "",
            self.regime or "",
            f"since {self.since}" if self.since else "",
        )
        return ", ".join(filter(None, words))

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict of the conditions, the range and its unit."""
        return {**self.model_dump(by_alias=True, exclude_defaults=True), "unit": self.unit}


@cache
def default_ranges() -> tuple[DefaultRange, ...]:
    """Return all default ranges; of several that fit an input, the first counts."""
    return tuple(DefaultRange.model_validate(row) for row in _table()["range"])


@cache
def default_types() -> Mapping[str, ChallengerType]:
    """Return the types of challenger of a case that names none."""
    return MappingProxyType(
        {name: ChallengerType(by=AUTHOR_OF_DEFAULTS, **row) for name, row in _table()["types"].items()}
    )


@cache
def default_discount() -> Discount:
    """Return the discount factors of a case that names none."""
    row = _table()["discount"]
    return Discount(central=row["central"], swept=tuple(row["swept"]), by=AUTHOR_OF_DEFAULTS, why=row["why"])


@cache
def _reasons() -> frozenset[str]:
    table = _table()
    return frozenset(row["why"] for row in (*table["range"], *table["types"].values(), table["discount"]))


def reason_words(why: str) -> str:
    """Return a reason of the program as a message of the catalogue, which has the reasons of `defaults.toml`; any other as it is."""
    return message(why) if why in _reasons() else why


def _table() -> dict[str, Any]:
    return tomllib.loads((files("tocsin.case") / "defaults.toml").read_text(encoding="utf-8"))
