"""How well two codings of the same headlines agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.measure.columns import require

COLUMNS = ("id", "target", "tone", "speaker", "theme")
RESAMPLES = 1000


@dataclass(frozen=True)
class Figure:
    """A figure of agreement with its 90 % interval by resampling headlines."""

    name: str
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.name:28} {self.value:.3f}  ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True)
class Agreement:
    """Agreement of two codings.

    Attributes:
        n: headlines that both code.
        figures: tone and speaker agreement and kappa, target exact, F1 of speakers (macro), themes (micro), hostility to Japan.
        confusion: by column, (first's code, second's code, how often), the most frequent disagreements first.
    """

    n: int
    figures: tuple[Figure, ...]
    confusion: tuple[tuple[str, str, str, int], ...]

    def __str__(self) -> str:
        lines = [f"{self.n} headlines coded by both; 90 % intervals by resampling them"]
        lines += [str(figure) for figure in self.figures]
        lines += [
            f"{column}: {one or 'none'} against {two or 'none'}: {count}"
            for column, one, two, count in self.confusion[:12]
        ]
        return "\n".join(lines)


def agreement(first: pl.DataFrame, second: pl.DataFrame, *, seed: int = 1) -> Agreement:
    """Compare two codings with columns id, target, tone, speaker, theme.

    Raises:
        InputError: if a column is missing, an id stands twice, or no headline is coded by both.
    """
    for table in (first, second):
        require(table, COLUMNS)
        if table["id"].is_duplicated().any():
            raise InputError("an id stands twice", remedy="keep one row of each headline")
    wanted = [pl.col(name).cast(pl.String).fill_null("") for name in COLUMNS]
    both = first.select(wanted).join(second.select(wanted), on="id", suffix="_2")
    if both.is_empty():
        raise InputError("no headline is coded by both", remedy="check the ids")
    codes = {
        name: (np.array(both[name].to_list(), dtype=object), np.array(both[f"{name}_2"].to_list(), dtype=object))
        for name in COLUMNS[1:]
    }
    rng = np.random.default_rng(seed)
    samples = rng.integers(0, both.height, (RESAMPLES, both.height))
    figures = tuple(_figure(name, work(codes), samples) for name, work in _FIGURES.items())
    return Agreement(both.height, figures, _confusion(codes))


_Codes = dict[str, tuple[np.ndarray, np.ndarray]]
_Counts = tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]
"""Counts of each headline, (n, k), and the figure that sums of them, (..., k), make."""


def _figure(name: str, counts: _Counts, samples: np.ndarray) -> Figure:
    each, made = counts
    sums = np.stack([each[sample].sum(axis=0) for sample in samples])
    low, high = np.quantile(made(sums), [0.05, 0.95])
    return Figure(name, float(made(each.sum(axis=0))), float(low), float(high))


def _share(of: str) -> Callable[[_Codes], _Counts]:
    def work(codes: _Codes) -> _Counts:
        one, two = codes[of]
        same = np.array([_set(a) == _set(b) for a, b in zip(one, two, strict=True)], dtype=float)
        return np.column_stack([same, np.ones(len(same))]), lambda sums: sums[..., 0] / sums[..., 1]

    return work


def _kappa(of: str) -> Callable[[_Codes], _Counts]:
    """Cohen's: agreement beyond chance, 1 where both always say one and the same."""

    def work(codes: _Codes) -> _Counts:
        one, two = codes[of]
        labels = sorted({*one, *two})
        first, second = (
            np.array([[code == label for label in labels] for code in side], dtype=float) for side in (one, two)
        )
        same = (first * second).sum(axis=1, keepdims=True)
        k = len(labels)

        def made(sums: np.ndarray) -> np.ndarray:
            n = sums[..., -1]
            chance = (sums[..., 1 : k + 1] * sums[..., k + 1 : 2 * k + 1]).sum(axis=-1) / n**2
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.where(chance < 1, (sums[..., 0] / n - chance) / (1 - chance), 1.0)

        return np.column_stack([same, first, second, np.ones(len(same))]), made

    return work


def _f1(sides: Callable[[_Codes], tuple[np.ndarray, np.ndarray]], *, macro: bool) -> Callable[[_Codes], _Counts]:
    """F1 of memberships (n, k) of both: of all labels together, or the mean of the labels' own."""

    def work(codes: _Codes) -> _Counts:
        first, second = sides(codes)
        k = first.shape[1]

        def made(sums: np.ndarray) -> np.ndarray:
            hits, all_ = sums[..., :k], sums[..., k:]
            if not macro:
                hits, all_ = hits.sum(axis=-1, keepdims=True), all_.sum(axis=-1, keepdims=True)
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.asarray(np.where(all_ > 0, 2 * hits / all_, 1.0).mean(axis=-1))

        return np.hstack([first * second, first + second]), made

    return work


def _members(of: str) -> Callable[[_Codes], tuple[np.ndarray, np.ndarray]]:
    def sides(codes: _Codes) -> tuple[np.ndarray, np.ndarray]:
        sets = [[_set(code) for code in side] for side in codes[of]]
        labels = sorted(set().union(*sets[0], *sets[1]))
        first, second = (np.array([[label in each for label in labels] for each in side], dtype=float) for side in sets)
        return first, second

    return sides


def _hostile_to_japan(codes: _Codes) -> tuple[np.ndarray, np.ndarray]:
    first, second = (
        np.array(
            [[tone in ("-2", "-1") and "JPN" in _set(target)] for tone, target in zip(*side, strict=True)], dtype=float
        )
        for side in zip(codes["tone"], codes["target"], strict=True)
    )
    return first, second


def _set(code: str) -> frozenset[str]:
    return frozenset(part.strip() for part in code.split(";")) - {""}


_FIGURES: dict[str, Callable[[_Codes], _Counts]] = {
    "tone, agreement": _share("tone"),
    "tone, kappa": _kappa("tone"),
    "target, exact": _share("target"),
    "speaker, agreement": _share("speaker"),
    "speaker, kappa": _kappa("speaker"),
    "speaker, macro F1": _f1(_members("speaker"), macro=True),
    "theme, micro F1": _f1(_members("theme"), macro=False),
    "hostile to Japan, F1": _f1(_hostile_to_japan, macro=False),
}


def _confusion(codes: _Codes) -> tuple[tuple[str, str, str, int], ...]:
    counts: dict[tuple[str, str, str], int] = {}
    for column, (one, two) in codes.items():
        for a, b in zip(one, two, strict=True):
            if _set(a) != _set(b):
                counts[column, a, b] = counts.get((column, a, b), 0) + 1
    ordered: Sequence[tuple[tuple[str, str, str], int]] = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((*key, count) for key, count in ordered)
