"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from tocsin.errors import InputError


def check_outputs(outputs: Iterable[Path | None], inputs: Iterable[Path] = ()) -> None:
    """Refuse, before any work is done, files that cannot be written or would destroy what is read or each other.

    Args:
        outputs: to be written, None for those not asked for.
        inputs: that are read.

    Raises:
        InputError: for the first that is a folder, is also read, or stands twice.
    """
    read = {file.resolve() for file in inputs}
    seen: set[Path] = set()
    for file in outputs:
        if file is None:
            continue
        place = file.resolve()
        if file.is_dir():
            raise InputError("cannot write: it is a folder", file=str(file), remedy="name a file")
        if place in read:
            raise InputError("it is read too and would be lost", file=str(file), remedy="name another file to write")
        if place in seen:
            raise InputError("two things were to be written to it", file=str(file), remedy="name a file for each")
        seen.add(place)


def write_all(files: Mapping[Path, str | bytes]) -> None:
    """Write files at once: each to a temporary one beside it, and only when all are whole, renamed.

    Raises:
        InputError: if a folder cannot be made or written; then none of the files is.
    """
    made: list[tuple[Path, Path]] = []
    try:
        for file, text in files.items():
            if file.is_dir():
                raise IsADirectoryError(0, "it is a folder", str(file))
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
            made.append((Path(name), file))
            with os.fdopen(handle, "wb") as open_file:
                open_file.write(text if isinstance(text, bytes) else text.encode("utf-8"))
            Path(name).chmod(0o644)
        for temporary, file in made:
            temporary.replace(file)
    except OSError as error:
        place = str(error.filename or next(iter(files)).parent)
        raise InputError(f"cannot write: {error.strerror}", file=place, remedy="name another folder") from error
    finally:
        for temporary, _ in made:
            temporary.unlink(missing_ok=True)
