"""Read the registry of sources from `sources.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from tocsin.errors import InputError, did_you_mean
from tocsin.translation import Text, in_sentences, message


@dataclass(frozen=True, kw_only=True)
class Source:
    """A public data set, stored as one original file.

    Attributes:
        name: its name in the registry.
        what: its content and version.
        cite: the works to cite.
        licence: its terms, as far as known.
        official: the publisher's page; not tested.
        years: first and last year covered; outside them there is no data, which does not mean zero.
        file: its file name in the cache.
        address: the download address; None if the publisher's terms or pages require users to download it themselves.
        sha256, bytes: checksum and size of a file that never changes; None if the publisher updates it: the cache then
            records those of the first good download (see `tocsin.data.cache.pin`).
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
    def by_hand(self) -> Text:
        """Return instructions for a manual download."""
        if self.address:
            return message(
                "download {address} with a browser and run `tocsin data import {name} FILE` (publisher: {publisher})",
                address=self.address,
                name=self.name,
                publisher=self.official,
            )
        return message(
            "download it from {publisher} with a browser and run `tocsin data import {name} FILE`",
            publisher=self.official,
            name=self.name,
        )


@cache
def sources() -> MappingProxyType[str, Source]:
    """Return all sources by name, in the order of the registry."""
    table = tomllib.loads((files("tocsin.data") / "sources.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: _source(name, row) for name, row in table.items()})


def _source(name: str, row: dict[str, Any]) -> Source:
    """Return a source; `repository`, `commit` and `path` give an address on GitHub that never changes."""
    row = dict(row)
    repository, commit, path = (row.pop(part, None) for part in ("repository", "commit", "path"))
    if repository and commit and path:
        path = quote(path)
        row |= {"address": f"https://raw.githubusercontent.com/{repository}/{commit}/{path}", "file": path}
    suffix = row["file"].rpartition(".")[2]
    return Source(name=name, **{"address": None} | row | {"years": tuple(row["years"]), "file": f"{name}.{suffix}"})


def source(name: str) -> Source:
    """Return a source by name.

    Raises:
        InputError: if the registry has no such source.
    """
    known = sources()
    if name not in known:
        raise InputError(
            message("unknown data set `{name}`", name=name),
            remedy=in_sentences(did_you_mean(name, known), message("See `tocsin data list`.")),
        )
    return known[name]
