"""Estimate a model from a specification and data, as `tocsin evidence fit` does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

import polars as pl

from tocsin import __version__
from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.estimate import Provenance
from tocsin.evidence.signalling.fit import SignalFit
from tocsin.evidence.signalling.fit import fit as fit_games
from tocsin.evidence.signalling.results import SignallingResult
from tocsin.evidence.signalling.specification import games
from tocsin.evidence.signalling.specification import read_specification as read_signalling
from tocsin.evidence.strategic.bayes import LeftOutDifference, Posterior, compare_left_out, posterior
from tocsin.evidence.strategic.effects import marginal_effect
from tocsin.evidence.strategic.fit import Fit
from tocsin.evidence.strategic.fit import fit as fit_sample
from tocsin.evidence.strategic.quality import vuong
from tocsin.evidence.strategic.resampling import Bootstrap, bootstrap
from tocsin.evidence.strategic.results import StrategicResult
from tocsin.evidence.strategic.sample import sample
from tocsin.evidence.strategic.specification import read_specification as read_strategic
from tocsin.evidence.strategic.trees import NAMED
from tocsin.evidence.tables import number_rows, read_table
from tocsin.reading import decode, open_file, read_bytes, read_yaml

SIGNALLING = "signalling"
"""Value of `game` that selects the crisis game with hidden types."""

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Called with the name of a step, the amount done, and the total amount (None if unknown)."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to estimate; see `fit` for the meaning of each field."""

    specification: Path | str
    data: Path | str | pl.DataFrame
    effects: tuple[str, ...] = ()
    against: Path | str | None = None
    bootstrap: int | None = None
    posterior: bool = False
    seed: int = 0


def fit(
    specification: Path | str,
    data: Path | str | pl.DataFrame,
    *,
    effects: tuple[str, ...] | list[str] = (),
    against: Path | str | None = None,
    bootstrap: int | None = None,
    posterior: bool = False,
    seed: int = 0,
) -> StrategicResult | SignallingResult:
    """Estimate how each player's payoffs depend on regressors, from observed moves.

    Args:
        specification: a YAML file, or its text (a `str` with a line break); docs/evidence.md describes its keys.
        data: a CSV or Parquet file, or a frame, with one row for each case.
        effects: numeric columns for which to estimate the effect on the probability of each outcome.
        against: specification of another model of the same cases to compare with.
        bootstrap: number of bootstrap samples for standard errors, at least 2.
        posterior: whether to sample the posterior too, which takes about half a minute.
        seed: of everything random: starts of the search, random forest, bootstrap and chains.

    Raises:
        InputError: if specification or data are wrong or do not match, a coefficient is not identified, or the signalling game does
            not offer what is requested.
        SolveError: if too few bootstrap samples have an estimate, or chains do not mix.
    """
    return estimate(
        Request(
            specification=specification,
            data=data,
            effects=tuple(effects),
            against=against,
            bootstrap=bootstrap,
            posterior=posterior,
            seed=seed,
        )
    )


def estimate(
    request: Request, progress: Progress = lambda _step, _done, _total: None
) -> StrategicResult | SignallingResult:
    """Return the estimate that a request describes; see `fit`. `progress` is called at each step."""
    model = _read_model(request.specification)
    other = _read_model(request.against) if request.against is not None else None
    _check(request, model, other)
    data = _read_data(request.data)
    provenance = Provenance(model.text, data.file, data.sha256, date.today(), __version__, request.seed)
    progress("estimating", 0, None)
    if model.game == SIGNALLING:
        return SignallingResult(_fit_signalling(model, data, request.seed), provenance)
    first = _fit_strategic(model, data, request.seed)
    second = _fit_strategic(other, data, request.seed) if other else None
    # refuse wrong requests before long computations
    effects = tuple(marginal_effect(first, column) for column in request.effects)
    test = vuong(first, second) if second else None
    draws = _bootstrap(first, request, progress) if request.bootstrap is not None else None
    chains, left_out = _posteriors(first, second, request.seed, progress) if request.posterior else (None, None)
    return StrategicResult(
        fit=first,
        provenance=provenance,
        effects=effects,
        vuong=test,
        bootstrap=draws,
        posterior=chains,
        left_out=left_out,
    )


def _bootstrap(first: Fit, request: Request, progress: Progress) -> Bootstrap:
    draws = request.bootstrap or 0
    return bootstrap(first, draws, seed=request.seed, progress=lambda done: progress("bootstrap samples", done, draws))


def _posteriors(
    first: Fit, second: Fit | None, seed: int, progress: Progress
) -> tuple[Posterior, LeftOutDifference | None]:
    progress("sampling four chains: about half a minute", 0, None)
    chains = posterior(first.sample, seed=seed)
    return chains, compare_left_out(chains, posterior(second.sample, seed=seed)) if second else None


@dataclass(frozen=True)
class _Model:
    """A specification: its text, the name of its file in messages, and its named game (empty for a tree or none)."""

    text: str
    file: str
    game: str


@dataclass(frozen=True)
class _Data:
    """The cases; name and hash of their file (None for a frame); and what messages call them."""

    table: pl.DataFrame
    file: str | None
    sha256: str | None
    shown: str


def _read_model(source: Path | str) -> _Model:
    if isinstance(source, str) and "\n" in source:
        text, file = source, "specification"
    else:
        file = str(source)
        text = decode(read_bytes(Path(source), file), file)
    game = read_yaml(text, file).data.get("game", "")
    if isinstance(game, Mapping) or game == "":
        return _Model(text, file, "")
    if str(game) not in (*NAMED, SIGNALLING):
        remedy = did_you_mean(str(game), (*NAMED, SIGNALLING))
        raise InputError(f"game: unknown game {game!r}", file=file, remedy=remedy)
    return _Model(text, file, str(game))


def _check(request: Request, model: _Model, other: _Model | None) -> None:
    """Refuse what the signalling game does not offer."""
    if model.game == SIGNALLING and (request.effects or other or request.bootstrap is not None or request.posterior):
        raise InputError(
            "the signalling game has no effects, comparison, bootstrap or posterior",
            file=model.file,
            remedy="leave out effects, against, bootstrap and posterior",
        )
    if other and other.game == SIGNALLING:
        raise InputError(
            "the signalling game cannot be compared with other games",
            file=other.file,
            remedy="compare with a specification of another game",
        )


def _read_data(source: Path | str | pl.DataFrame) -> _Data:
    if isinstance(source, pl.DataFrame):
        return _Data(number_rows(source), None, None, "the data")
    file = Path(source)
    table = read_table(file)
    with open_file(file, str(file), None) as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return _Data(table, file.name, digest, str(source))


def _fit_strategic(model: _Model, data: _Data, seed: int) -> Fit:
    specification = read_strategic(model.text, model.file)
    with _located(model, data):
        return fit_sample(sample(specification, data.table), seed=seed)


def _fit_signalling(model: _Model, data: _Data, seed: int) -> SignalFit:
    specification = read_signalling(model.text, model.file)
    with _located(model, data):
        return fit_games(games(specification, data.table), seed=seed)


@contextmanager
def _located(model: _Model, data: _Data) -> Iterator[None]:
    """Name both files in errors that name none, since either may be at fault."""
    try:
        yield
    except InputError as error:
        error.file = error.file or f"{model.file} on {data.shown}"
        raise
