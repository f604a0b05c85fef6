"""The sources: a small record each, read from `sources.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from tocsin.errors import InputError, did_you_mean


@dataclass(frozen=True, kw_only=True)
class Source:
    """A public data set, as one original file.

    Attributes:
        name: by which it is asked for.
        what: what it holds, with its version.
        cite: whom to cite.
        licence: its terms, as far as they are known.
        official: the maker's own place; not tested.
        years: first and last year covered; outside them nothing is known, which is not the same as nothing.
        file: its name in the cache.
        address: where it is downloaded from; None where its maker's terms or pages ask that users do so themselves.
        sha256, bytes: of the file, where it can never change; None where its maker goes on working at it: then what is
            first found good is recorded (see `tocsin.data.cache.pin`).
    """

    name: str
    what: str
    cite: str
    licence: str
    official: str
    years: tuple[int, int]
    file: str
    address: str | None
    sha256: str | None = None
    bytes: int | None = None

    @property
    def by_hand(self) -> str:
        """How to bring it in without this program's downloading it."""
        where = f"download {self.address}" if self.address else f"download it at {self.official}"
        own = f"; the maker's own place: {self.official}" if self.address else ""
        return f"{where}\n  with a browser, here or elsewhere, and run `tocsin data import {self.name} FILE`{own}"


@cache
def sources() -> MappingProxyType[str, Source]:
    """All sources by name, in the order of the table."""
    table = tomllib.loads((files("tocsin.data") / "sources.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: _source(name, row) for name, row in table.items()})


def _source(name: str, row: dict[str, Any]) -> Source:
    """A row of the table: `repository`, `commit` and `path` stand for an address on GitHub that never changes."""
    row = dict(row)
    where = [row.pop(part, None) for part in ("repository", "commit", "path")]
    if all(where):
        path = quote(where[2])
        row |= {"address": f"https://raw.githubusercontent.com/{where[0]}/{where[1]}/{path}", "file": path}
    ending = row["file"].rpartition(".")[2]
    return Source(name=name, **{"address": None} | row | {"years": tuple(row["years"]), "file": f"{name}.{ending}"})


def source(name: str) -> Source:
    """A source by name.

    Raises:
        InputError: if there is none.
    """
    known = sources()
    if name not in known:
        raise InputError(
            f"no data set is named `{name}`", remedy=did_you_mean(name, known) + " See `tocsin data list`."
        )
    return known[name]
