"""Cache posteriors of accounts in the user's cache folder, by a hash of all that they were fitted to."""

from __future__ import annotations

import hashlib
import io
import os
import time
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import BadZipFile

import numpy as np
from platformdirs import user_cache_path

from tocsin.errors import InputError
from tocsin.files import write_all
from tocsin.mcmc import Mixing
from tocsin.rhetoric.accounts.design import Design
from tocsin.rhetoric.accounts.fit import Fit, fit

MODEL = 2
"""Version of the model and of the rule of mixing; posteriors of other versions are not read."""


def cached_or_new_fit(design: Design, seed: int) -> tuple[Fit, float]:
    """Return the posterior of a design, and the duration of the fit in seconds; 0 if it was cached.

    Raises:
        SolveError: if the chains do not mix; see `mcmc.sample`.
    """
    start = time.perf_counter()
    if cached := cached_fit(design, seed):
        return cached, 0.0
    posterior = fit(design, seed=seed)
    cache_fit(posterior)
    return posterior, time.perf_counter() - start


def cached_fit(design: Design, seed: int) -> Fit | None:
    """Return the posterior of a design if it is in the cache; ignore a broken file."""
    path = _path(design, seed)
    if path is None or not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            values = {name: arrays[name] for name in arrays.files}
        mixing = Mixing(**{field.name: values.pop(f"mixing.{field.name}").item() for field in fields(Mixing)})
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    return Fit(design, MappingProxyType(values), mixing, seed)


def cache_fit(fit: Fit) -> None:
    """Write a posterior to the cache; do nothing if the folder cannot be written."""
    path = _path(fit.design, fit.seed)
    if path is None:
        return
    arrays: dict[str, Any] = {f"mixing.{name}": value for name, value in vars(fit.mixing).items()} | dict(fit.values)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    with suppress(InputError):
        write_all({path: buffer.getvalue()})


def _path(design: Design, seed: int) -> Path | None:
    """Return the cache file of a design's posterior, or None if TOCSIN_CACHE is empty, which turns the cache off."""
    folder = os.environ.get("TOCSIN_CACHE")
    if folder == "":
        return None
    hashed = hashlib.sha256(f"{MODEL} {seed}".encode())
    for field in fields(design):
        value = getattr(design, field.name)
        hashed.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
    return (Path(folder) if folder else user_cache_path("tocsin")) / "accounts" / f"{hashed.hexdigest()}.npz"
