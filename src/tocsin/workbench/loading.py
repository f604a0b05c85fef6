"""Load the case on the desk once for all that ask about it, until a file that it reads has changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tocsin.case.schema import Case

Stamp: TypeAlias = tuple[tuple[str, int, int], ...]
"""Path, time of the last change in nanoseconds and size of each file."""


@dataclass
class Loading:
    """Loads one case.

    Attributes:
        file: of the case.
    """

    file: Path
    _known: tuple[Stamp, Case] | None = None
    _lock: Lock = field(default_factory=Lock)

    def case(self) -> Case:
        """Return the case as its files are now.

        Raises:
            CaseErrors: if the case has errors.
        """
        # imported here, so that the page appears before the case is read
        from tocsin.case.loader import load

        with self._lock:
            if self._known is not None and self._known[0] == _stamp(self._known[1]):
                return self._known[1]
            self._known = None
            case = load(self.file)
            stamp = _stamp(case)
            if _unchanged(case):  # else a file changed while it was read
                self._known = (stamp, case)
            return case


def _files(case: Case) -> dict[str, Path]:
    """Return the files of a case by the names under which their hashes stand."""
    return {name: case.folder / name for name, _ in case.data_hashes if (case.folder / name).is_file()}


def _stamp(case: Case) -> Stamp:
    """Return the stamp of what a case reads: its files, and the data sets from which it may take measures."""
    from tocsin.data.cache import cache_folder

    data = cache_folder()
    files = [*_files(case).values(), *(data.iterdir() if data.is_dir() else ())]
    return tuple(_state(file) for file in sorted(files))


def _state(file: Path) -> tuple[str, int, int]:
    try:
        state = file.stat()
    except OSError:  # it is gone
        return str(file), 0, 0
    return str(file), state.st_mtime_ns, state.st_size


def _unchanged(case: Case) -> bool:
    from tocsin.case.hashes import digest

    hashes = dict(case.data_hashes)
    try:
        return all(digest(file.read_bytes()) == hashes[name] for name, file in _files(case).items())
    except OSError:  # a file is gone
        return False
