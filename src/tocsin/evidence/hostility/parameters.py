"""The parameters of the filter, as a stored result has them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from tocsin.evidence.results import Result

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Parameters:
    """Parameters of the filter, all above 0.

    Attributes:
        strength: a, the weight of the mean, in years.
        mean: mu, the rate of a pair without a record, per year.
        began, against, going: w1, w2 and w3, what one year of each kind adds.
        half_life: years after which a year counts half.
    """

    strength: float
    mean: float
    began: float
    against: float
    going: float
    half_life: float

    @classmethod
    def of_logs(cls, logs: Sequence[float] | np.ndarray) -> Parameters:
        """Return the parameters with these logarithms, in the order of the fields."""
        return cls(*(math.exp(value) for value in logs))

    @property
    def logs(self) -> np.ndarray:
        """Return the logarithms, in the order of the fields."""
        import numpy as np  # imported here: checking a case needs none of it

        return np.log(np.array(astuple(self)))


def parameters_of(result: Result) -> Parameters:
    """Return the estimated parameters."""
    logs: Any = result.figures.details["logs"]
    return Parameters.of_logs(logs)
