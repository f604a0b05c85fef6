"""The Monte Carlo experiment on penalties of Crisman-Cox, Gasparyan and Signorino (2023), Political Analysis, section 4.

500 cases with two binary regressors, one so strong that most samples are separated.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from tests.evidence.plays import draw
from tests.support import seeded

from tocsin.evidence.strategic.fit import fit
from tocsin.evidence.strategic.sample import Sample, sample
from tocsin.evidence.strategic.specification import read_specification
from tocsin.evidence.tables import ROW

TEXT = "game: 12\nlink: probit\nerrors: agent\noutcome: y\nutilities: ['1', '0', a - 1, b]\npenalty: "
TRUTH = np.array([1.5, -2.5, -1.0, 4.0])


def cases(number: int, penalty: str, seed: int) -> Sample:
    rng = np.random.default_rng(seeded(seed))
    coins = {name: rng.integers(0, 2, size=number).astype(float) for name in ("a", "b")}
    data = pl.DataFrame(coins | {"y": np.ones(number, dtype=int)}).with_row_index(ROW, offset=1)
    return draw(sample(read_specification(TEXT + penalty, "s"), data), TRUTH, seed=seed)


def experiment(*, draws: int, seed: int, number: int = 500) -> tuple[float, float]:
    """Return the root mean squared errors of the last coefficient, without and with a penalty."""
    errors = [
        [fit(cases(number, penalty, seed * draws + index), starts=1).estimate[-1] - TRUTH[-1] for index in range(draws)]
        for penalty in ("none", "logF")
    ]
    plain, penalised = (float(np.sqrt((np.array(part) ** 2).mean())) for part in errors)
    return plain, penalised
