"""Whether an edit brings new errors into a case."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from tocsin.case.loader import load_file, load_text
from tocsin.case.schema import Case
from tocsin.errors import CaseErrors, InputError
from tocsin.reading import Loc, read_yaml


def check_sound(file: Path, before: str, after: str, edited: Iterable[Loc]) -> None:
    """Check that an edit brings no new error into a case.

    A mended error may uncover others elsewhere, as the case is read in stages: these are not the edit's.

    Args:
        file: the case file; tables are read beside it.
        before, after: its text without and with the edit.
        edited: paths that the edit writes.

    Raises:
        CaseErrors: with the new errors alone.
    """
    errors = _errors(after, file)
    if not errors:
        return
    messages, earlier = (Counter(error.message for error in some) for some in (errors, _errors(before, file)))
    new = [error for error in errors if error.message in messages - earlier]
    if earlier - messages:  # it mends something
        lines = _lines(after, file.name, tuple(edited))
        new = [error for error in new if error.line in lines]
    if new:
        raise CaseErrors(new)


def check_table(case: Case, file: str, name: str, text: str) -> None:
    """Check that a case has no errors with another text of one of its tables.

    Args:
        case: as it is; it has no errors.
        file: name of its file.
        name: of the table in its folder.
        text: of the table.

    Raises:
        CaseErrors: with the errors.
    """
    with TemporaryDirectory() as trial:
        for known in (known for known, _ in case.data_hashes if (case.folder / known).is_file()):
            copy = Path(trial, known)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(case.folder / known, copy)
        Path(trial, name).write_text(text, encoding="utf-8", newline="")
        load_file(Path(trial, file), file)


def _errors(text: str, file: Path) -> tuple[InputError, ...]:
    try:
        load_text(text, file)
    except CaseErrors as errors:
        return errors.problems
    return ()


def _lines(text: str, shown: str, edited: tuple[Loc, ...]) -> set[int]:
    """Return the lines of what an edit wrote."""
    try:
        document = read_yaml(text, shown)
    except InputError:
        return set()
    places = (*document.keys.items(), *document.values.items())
    return {place.line for loc, place in places if any(loc[: len(start)] == start for start in edited)}
