"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tocsin.errors import InputError


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
