"""Posteriors of accounts kept in the user's cache folder, by a hash of all that they were fitted to."""

from __future__ import annotations

import hashlib
import os
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import BadZipFile

import numpy as np
from platformdirs import user_cache_path

from tocsin.mcmc import Mixing
from tocsin.rhetoric.accounts.design import Design
from tocsin.rhetoric.accounts.fit import Fit

MODEL = 2
"""Counts up when the model or the rule of mixing changes, so that no posterior of an older one is taken for it."""


def kept(made: Design, seed: int) -> Fit | None:
    """The posterior of a design, if it is in the cache; a broken file is passed over."""
    place = _place(made, seed)
    if place is None or not place.exists():
        return None
    try:
        with place.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            values = {name: stored[name] for name in stored.files}
        mixing = Mixing(**{field.name: values.pop(f"mixing.{field.name}").item() for field in fields(Mixing)})
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    return Fit(made, MappingProxyType(values), mixing, seed)


def keep(found: Fit) -> None:
    """Keep a posterior; a folder that cannot be written is passed over."""
    place = _place(found.design, found.seed)
    if place is None:
        return
    partly = place.with_suffix(f".{os.getpid()}.npz")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        stored: dict[str, Any] = {f"mixing.{name}": value for name, value in vars(found.mixing).items()}
        stored.update(found.values)
        np.savez(partly, **stored)
        partly.replace(place)
    except OSError:
        partly.unlink(missing_ok=True)


def _place(made: Design, seed: int) -> Path | None:
    """Where the cache keeps the posterior of a design; none where nothing is to be kept."""
    named = os.environ.get("TOCSIN_CACHE")
    if named == "":
        return None
    hashed = hashlib.sha256(f"{MODEL} {seed}".encode())
    for field in fields(made):
        value = getattr(made, field.name)
        hashed.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
    return (Path(named) if named else user_cache_path("tocsin")) / "accounts" / f"{hashed.hexdigest()}.npz"
