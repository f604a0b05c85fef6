"""Copies of a case's own files, which make a run repeatable after its folder has changed."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.errors import InputError
from tocsin.files import PREFIX
from tocsin.reading import file_inside, read_bytes
from tocsin.runs.places import BLOBS, folder, sha256
from tocsin.translation import message

if TYPE_CHECKING:
    from tocsin.case.schema import Case


@dataclass(frozen=True, kw_only=True)
class CaseCopy:
    """The files of a case.

    Attributes:
        main: name of its YAML file.
        files: content of its files by name: YAML, tables and translations.
    """

    main: str
    files: Mapping[str, bytes]


def copy_case(case: Case) -> CaseCopy:
    """Return the files of a case as they were when it was loaded.

    Raises:
        InputError: if one of them cannot be read or has changed since.
    """
    hashes, place = dict(case.data_hashes), case.place("id")
    assert place is not None  # every case states its id
    names = dict.fromkeys([place.file, *_tables(case)])
    files = {name: read_bytes(file_inside(case.folder, name), name) for name in names}
    for name, data in files.items():
        if sha256(data) != hashes[name]:
            raise InputError(
                message("it changed while the case was loaded"), file=name, remedy=message("run the command again")
            )
    return CaseCopy(main=place.file, files=files | dict(_texts(case.folder)))


def _texts(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the translations of a case that can be read: no number depends on them."""
    from tocsin.case.text_files import languages_with_files, name_of  # imported here: pruning needs no case

    for name in map(name_of, languages_with_files(root)):
        with suppress(InputError):
            yield name, read_bytes(file_inside(root, name), name)


def _tables(case: Case) -> Iterator[str]:
    """Yield the names of the tables that a case names."""
    yield from case.fact_tables
    if case.money is not None:
        yield case.money.rates
    if case.spending is not None:
        yield case.spending.table
    yield from (history.power for history in case.history.values() if history.power is not None)
    tables = (forecast.resolves.table for forecast in case.forecasts.values())
    yield from (table for table in tables if table is not None)


def write_shared(file: Path, data: bytes) -> None:
    """Write a file of a case that other runs may share: a hard link to the file of this content, or a copy without hard links."""
    blob = folder() / BLOBS / sha256(data)
    file.parent.mkdir(parents=True, exist_ok=True)
    for _attempt in range(2):
        if not _holds(blob, data):
            _write_blob(blob, data)
        try:
            file.hardlink_to(blob)
        except FileNotFoundError:  # removed meanwhile, because no run used it
            continue
        except OSError:  # a file system without hard links
            break
        return
    file.write_bytes(data)


def _holds(blob: Path, data: bytes) -> bool:
    try:
        return blob.read_bytes() == data
    except OSError:
        return False


def _write_blob(blob: Path, data: bytes) -> None:
    blob.parent.mkdir(parents=True, exist_ok=True)
    temporary = blob.parent / f"{PREFIX}{secrets.token_hex(8)}"
    try:
        temporary.write_bytes(data)
        temporary.chmod(0o444)
        temporary.replace(blob)
    finally:
        temporary.unlink(missing_ok=True)


def unused_without(paths: Collection[Path]) -> int:
    """Return the bytes of files of cases that no run would use if the folders of some runs were removed."""
    links = Counter(
        file.lstat().st_ino
        for path in paths
        for file in (path / "case").rglob("*")
        if file.is_file() and not file.is_symlink()
    )
    statuses = (blob.lstat() for blob in (folder() / BLOBS).glob("[0-9a-f]*"))
    return sum(status.st_size for status in statuses if status.st_nlink - links[status.st_ino] == 1)


def remove_unused() -> int:
    """Remove the files of cases that no run uses, and return their bytes; the caller holds the lock of the store alone."""
    freed = 0
    for blob in (folder() / BLOBS).glob("[0-9a-f]*"):
        status = blob.lstat()
        if status.st_nlink == 1:
            blob.unlink()
            freed += status.st_size
    return freed
