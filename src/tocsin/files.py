"""Write files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tocsin.errors import InputError


def check_outputs(outputs: Iterable[Path | None], inputs: Iterable[Path] = ()) -> None:
    """Check, before any work is done, that outputs can be written and overwrite neither an input nor each other.

    Args:
        outputs: files to write; None stands for an output that is not requested.
        inputs: files that are read.

    Raises:
        InputError: for the first output that is a folder, is also an input, or is named twice.
    """
    read = {file.resolve() for file in inputs}
    seen: set[Path] = set()
    for file in outputs:
        if file is None:
            continue
        path = file.resolve()
        if file.is_dir():
            raise InputError("cannot write: it is a folder", file=str(file), remedy="name a file")
        if path in read:
            raise InputError("it is also an input and would be lost", file=str(file), remedy="name another output file")
        if path in seen:
            raise InputError("two outputs have this name", file=str(file), remedy="name a file for each")
        seen.add(path)


def check_csv_name(file: Path | None) -> None:
    """Check that the name of an output in CSV ends in .csv or has no ending, as a device does; None is no output.

    Raises:
        InputError: if it has another ending.
    """
    if file is not None and file.suffix.lower() not in ("", ".csv"):
        raise InputError("this output is written as CSV only", file=str(file), remedy=f"name it {file.stem}.csv")


def write_all(files: Mapping[Path, str | bytes]) -> None:
    """Write several files, all of them or none. Create missing folders.

    Raises:
        InputError: if a folder cannot be created or a file cannot be written. No file is then changed.
    """
    temporaries: dict[Path, Path] = {}
    current = Path()
    try:
        for file, text in files.items():
            current = file
            temporaries[file] = _temporary(file)
            temporaries[file].write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        for file, temporary in temporaries.items():
            current = file
            temporary.replace(file)
    except OSError as error:
        raise _unwritable(error, current) from error
    finally:
        for temporary in temporaries.values():
            temporary.unlink(missing_ok=True)


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Yield a temporary path beside `file`, and rename it to `file` when the block ends without an error.

    Raises:
        InputError: if the folder cannot be created or the file cannot be written. `file` is then unchanged.
    """
    temporary: Path | None = None
    try:
        temporary = _temporary(file)
        yield temporary
        temporary.replace(file)
    except OSError as error:
        raise _unwritable(error, file) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _temporary(file: Path) -> Path:
    if file.is_dir():
        raise IsADirectoryError(0, "it is a folder", str(file))
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    os.close(handle)
    temporary = Path(name)
    temporary.chmod(0o644)
    return temporary


def _unwritable(error: OSError, path: object) -> InputError:
    return InputError(f"cannot write: {error.strerror}", file=str(path), remedy="check disk space and permissions")
