"""`tocsin cases`: the cases that come with the program."""

from __future__ import annotations

from pathlib import Path

from tocsin.errors import InputError


def cases_table() -> str:
    """Return the shipped cases as a table: name, title, date, number of claims; then the folder of each."""
    from tocsin.case import load
    from tocsin.data.shipped import shipped_cases
    from tocsin.tables import text_table

    cases = {name: load(folder) for name, folder in shipped_cases().items()}
    rows = [(name, case.title, case.as_of, len(case.claims)) for name, case in cases.items()]
    table = text_table(("name", "title", "as of", "claims"), rows, right=(3,))
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
        remedy = f"name a folder with a {FILE}, the file itself, or a shipped case ({', '.join(shipped_cases())})"
        raise InputError(f"no case at {str(case)!r}", remedy=remedy)
    file = file.resolve()
    return file, not is_shipped(file.parent)
