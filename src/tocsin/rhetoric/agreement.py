"""Measure how well two codings of the same headlines agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
import polars as pl

from tocsin.data.codes import codes
from tocsin.data.names import codes_meant, suggestion
from tocsin.errors import InputError, did_you_mean
from tocsin.measures.columns import require
from tocsin.rhetoric.coder import SPEAKERS, THEMES, TONES
from tocsin.rhetoric.targets import known_targets
from tocsin.translation import either, in_commas, listed, message

COLUMNS = ("id", "target", "tone", "speaker", "theme")
RESAMPLES = 1000
MAX_SHOWN = 12
"""Number of disagreements that the text shows."""


@dataclass(frozen=True)
class AgreementStatistic:
    """A statistic of agreement with its 90 % interval from resampled headlines."""

    name: str
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.name:28} {self.value:.3f}  ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True)
class Disagreement:
    """Two different codes for the same headlines, one from each coding, and the number of these headlines."""

    column: str
    first: str
    second: str
    count: int

    def __str__(self) -> str:
        return f"{self.column}: {self.first or 'none'} against {self.second or 'none'}: {self.count}"


@dataclass(frozen=True)
class Agreement:
    """Agreement of two codings.

    Attributes:
        n: number of headlines coded by both.
        statistics: agreement and kappa of tone and speaker, exact targets, F1 of speakers (macro), themes (micro) and hostility
            to Japan.
        disagreements: pairs of different codes, the most frequent first.
    """

    n: int
    statistics: tuple[AgreementStatistic, ...]
    disagreements: tuple[Disagreement, ...]

    def __str__(self) -> str:
        head = f"{self.n} {'headline' if self.n == 1 else 'headlines'} coded by both; 90 % intervals from resampled headlines"
        return "\n".join([head, *map(str, self.statistics), *map(str, self.disagreements[:MAX_SHOWN])])


def agreement(first: pl.DataFrame, second: pl.DataFrame, *, seed: int = 1) -> Agreement:
    """Compare two codings with columns id, target, tone, speaker, theme.

    Args:
        first, second: the codings, in any form that `codebook_codes` reads.
        seed: seed for resampling headlines.

    Raises:
        InputError: if a column is missing, two rows of one coding have the same id, a code is not in the codebook, or no headline is
            coded by both.
    """
    one, two = codebook_codes(first), codebook_codes(second)
    both = one.join(two, on="id", suffix="_2")
    if both.is_empty():
        ids = listed(f"`{table['id'][0]}`" if table.height else message("none") for table in (one, two))
        raise InputError(
            message("no headline is coded by both"), remedy=message("check the ids: they begin with {ids}", ids=ids)
        )
    codes = {
        name: (np.array(both[name].to_list(), dtype=object), np.array(both[f"{name}_2"].to_list(), dtype=object))
        for name in COLUMNS[1:]
    }
    rng = np.random.default_rng(seed)
    samples = rng.integers(0, both.height, (RESAMPLES, both.height))
    statistics = tuple(_statistic(name, count(codes), samples) for name, count in _STATISTICS.items())
    return Agreement(both.height, statistics, _disagreements(codes))


def codebook_codes(coding: pl.DataFrame, file: str | None = None) -> pl.DataFrame:
    """Return a coding as texts in the form of the codebook.

    Capitals, spaces, the order of lists, commas instead of semicolons, and other ways of writing a tone (`-2.0`, `+1`, a true minus
    sign) do not matter.

    Args:
        coding: columns id, target, tone, speaker, theme. A headline may have no target.
        file: name of the table in errors.

    Raises:
        InputError: if a column is missing, two rows have the same id, or a code is not in the codebook.
    """
    require(coding, COLUMNS)
    texts = coding.select(pl.col(name).cast(pl.String).fill_null("").str.strip_chars() for name in COLUMNS)
    if texts["id"].is_duplicated().any():
        raise InputError(
            message("two rows have the same id"), file=file, remedy=message("keep one row for each headline")
        )
    rows = [
        [row[0], *(_code(name, cell, row[0], file) for name, cell in zip(COLUMNS[1:], row[1:], strict=True))]
        for row in texts.iter_rows()
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def _code(column: str, cell: str, identifier: str, file: str | None) -> str:
    """Return the codes of a cell, sorted and separated by `;`."""
    known = _known_codes()[column]
    parts = {_plain(column, part) for part in re.split("[;,]", cell)} - {""}
    unknown = sorted(parts - known)
    if unknown:
        raise InputError(
            message(
                "headline {identifier}: the codebook has no {column} `{code}`",
                identifier=identifier,
                column=column,
                code=unknown[0],
            ),
            file=file,
            remedy=_remedy(column, unknown[0]),
        )
    many = column in ("target", "theme")
    if (not parts and column != "target") or (len(parts) > 1 and not many):
        wrong = (
            message("headline {identifier} has more than one {column}", identifier=identifier, column=column)
            if parts
            else message("headline {identifier} has no {column}", identifier=identifier, column=column)
        )
        raise InputError(
            wrong,
            file=file,
            remedy=message("give one of {names}", names=in_commas(sorted(known)[:12])),
        )
    return ";".join(sorted(parts))


def _remedy(column: str, code: str) -> str:
    """Return the codes that were probably meant by one that the codebook does not have."""
    known = _known_codes()[column]
    if column != "target":
        return did_you_mean(code, known)
    meant = [name for name in codes_meant(code) if name in known]
    if not meant and "PRK" in codes_meant(code):
        return message("North Korea is never a target of its own media; name another state, or leave the cell empty")
    return message("write {names}", names=either(meant)) if meant else suggestion(code, known)


def _plain(column: str, code: str) -> str:
    """Return a code as the codebook writes it, if it is known."""
    code = code.strip()
    if column == "target":
        return code.upper()
    if column == "tone":
        code = re.sub(r"\.0*$", "", code.replace("\u2212", "-").replace("\u2013", "-").removeprefix("+"))
        return "0" if code == "-0" else code
    return code.lower()


@cache
def _known_codes() -> Mapping[str, frozenset[str]]:
    """Return the codes of each column that the codebook has."""
    return MappingProxyType(
        {
            "target": known_targets() | {code.text for code in codes() if code.iso2} - {"PRK"},
            "tone": frozenset(map(str, TONES)),
            "speaker": frozenset(SPEAKERS),
            "theme": frozenset(THEMES),
        }
    )


_Codes = dict[str, tuple[np.ndarray, np.ndarray]]
_Counts = tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]
"""Counts for each headline, (n, k), and the function that turns their sums, (..., k), into the statistic."""


def _statistic(name: str, counts: _Counts, samples: np.ndarray) -> AgreementStatistic:
    per_headline, value = counts
    sums = np.stack([per_headline[sample].sum(axis=0) for sample in samples])
    low, high = np.quantile(value(sums), [0.05, 0.95])
    return AgreementStatistic(name, float(value(per_headline.sum(axis=0))), float(low), float(high))


def _share(column: str) -> Callable[[_Codes], _Counts]:
    """Return a statistic: the share of headlines with equal codes."""

    def count(codes: _Codes) -> _Counts:
        one, two = codes[column]
        same = np.array([_set(a) == _set(b) for a, b in zip(one, two, strict=True)], dtype=float)
        return np.column_stack([same, np.ones(len(same))]), lambda sums: sums[..., 0] / sums[..., 1]

    return count


def _kappa(column: str) -> Callable[[_Codes], _Counts]:
    """Return a statistic: Cohen's kappa, the agreement beyond chance; 1 if both codings use only one and the same code."""

    def count(codes: _Codes) -> _Counts:
        one, two = codes[column]
        labels = sorted({*one, *two})
        first, second = (
            np.array([[code == label for label in labels] for code in side], dtype=float) for side in (one, two)
        )
        same = (first * second).sum(axis=1, keepdims=True)
        k = len(labels)

        def value(sums: np.ndarray) -> np.ndarray:
            n = sums[..., -1]
            chance = (sums[..., 1 : k + 1] * sums[..., k + 1 : 2 * k + 1]).sum(axis=-1) / n**2
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.where(chance < 1, (sums[..., 0] / n - chance) / (1 - chance), 1.0)

        return np.column_stack([same, first, second, np.ones(len(same))]), value

    return count


def _f1(members: Callable[[_Codes], tuple[np.ndarray, np.ndarray]], *, macro: bool) -> Callable[[_Codes], _Counts]:
    """Return a statistic: F1 of memberships, (n, k), as the mean over labels if `macro`, else of all labels pooled."""

    def count(codes: _Codes) -> _Counts:
        first, second = members(codes)
        k = first.shape[1]

        def value(sums: np.ndarray) -> np.ndarray:
            hits, total = sums[..., :k], sums[..., k:]
            if not macro:
                hits, total = hits.sum(axis=-1, keepdims=True), total.sum(axis=-1, keepdims=True)
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.asarray(np.where(total > 0, 2 * hits / total, 1.0).mean(axis=-1))

        return np.hstack([first * second, first + second]), value

    return count


def _members(column: str) -> Callable[[_Codes], tuple[np.ndarray, np.ndarray]]:
    def members(codes: _Codes) -> tuple[np.ndarray, np.ndarray]:
        sets = [[_set(code) for code in side] for side in codes[column]]
        labels = sorted(set().union(*sets[0], *sets[1]))
        first, second = (
            np.array([[label in label_set for label in labels] for label_set in side], dtype=float) for side in sets
        )
        return first, second

    return members


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


_STATISTICS: dict[str, Callable[[_Codes], _Counts]] = {
    "tone, agreement": _share("tone"),
    "tone, kappa": _kappa("tone"),
    "target, exact": _share("target"),
    "speaker, agreement": _share("speaker"),
    "speaker, kappa": _kappa("speaker"),
    "speaker, macro F1": _f1(_members("speaker"), macro=True),
    "theme, micro F1": _f1(_members("theme"), macro=False),
    "hostile to Japan, F1": _f1(_hostile_to_japan, macro=False),
}


def _disagreements(codes: _Codes) -> tuple[Disagreement, ...]:
    counts: dict[tuple[str, str, str], int] = {}
    for column, (one, two) in codes.items():
        for a, b in zip(one, two, strict=True):
            if _set(a) != _set(b):
                counts[column, a, b] = counts.get((column, a, b), 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Disagreement(*key, count) for key, count in ordered)
