"""The sources: a small record each, read from `sources.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

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
        repository, commit, path: where the original is kept on GitHub, pinned: what is there never changes.
        sha256, bytes: of the file.
    """

    name: str
    what: str
    cite: str
    licence: str
    official: str
    years: tuple[int, int]
    repository: str
    commit: str
    path: str
    sha256: str
    bytes: int

    @property
    def address(self) -> str:
        """Where the file is downloaded from."""
        return f"https://raw.githubusercontent.com/{self.repository}/{self.commit}/{self.path}"

    @property
    def file(self) -> str:
        """Its name in the cache: the source's, with the original's ending."""
        return self.name + "." + self.path.rpartition(".")[2]


@cache
def sources() -> MappingProxyType[str, Source]:
    """All sources by name, in the order of the table."""
    table = tomllib.loads((files("tocsin.data") / "sources.toml").read_text(encoding="utf-8"))
    found = {name: Source(name=name, **(row | {"years": tuple(row["years"])})) for name, row in table.items()}
    return MappingProxyType(found)


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
