"""The number of worlds in which a claim holds or fails."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WorldCount:
    """In how many solved worlds a claim holds or fails, however much each world weighs.

    Only worlds that have weight count, and only challenger types that do.

    Attributes:
        holds, fails: worlds in which it does so for at least one challenger type. A world may count as both.
        of: worlds in which it does either.
        effective: effective number of these draws, the smallest over types; see `weighting.effective`.
    """

    holds: int
    fails: int
    of: int
    effective: float
