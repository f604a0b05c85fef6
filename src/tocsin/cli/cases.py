"""`tocsin cases`: the cases that come with the program."""

from __future__ import annotations

from pathlib import Path

from tocsin.cli.languages import translator_of
from tocsin.cli.output import spoken
from tocsin.errors import InputError
from tocsin.translation import in_commas, message, message_in


def cases_table(language: str) -> str:
    """Return the shipped cases as a table: name, title, date, number of claims; then the folder of each."""
    from tocsin.case import load
    from tocsin.data.shipped import shipped_cases
    from tocsin.tables import text_table

    cases = {name: load(folder) for name, folder in shipped_cases().items()}
    rows = [
        (name, translator_of(case, language).plain(case.title), case.as_of, len(case.claims))
        for name, case in cases.items()
    ]
    names = (
        message_in("column", "name"),
        message_in("column", "title"),
        message("as of"),
        message_in("column", "claims"),
    )
    table = text_table([spoken(name) for name in names], rows, right=(3,))
    return "\n".join([table, "", *(f"{name}: {case.folder}" for name, case in cases.items())])


def case_file_of(case: Path) -> tuple[Path, bool]:
    """Return the file of a case by its folder, file or shipped name, and whether it is the user's own.

    Raises:
        InputError: if there is no such case.
    """
    from tocsin.data.shipped import FILE, case_path, is_shipped, shipped_cases

    path = case_path(case)
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        remedy = message(
            "name a folder with a {file}, the file itself, or a shipped case ({names})",
            file=FILE,
            names=in_commas(shipped_cases()),
        )
        raise InputError(message("no case at {path}", path=repr(str(case))), remedy=remedy)
    file = file.resolve()
    return file, not is_shipped(file.parent)
