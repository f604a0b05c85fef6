"""`tocsin cases`: the cases that come with the program."""

from __future__ import annotations


def cases_table() -> str:
    """Return the shipped cases as a table: name, title, date, number of claims; then the folder of each."""
    from tocsin.case import load
    from tocsin.data.shipped import shipped_cases
    from tocsin.tables import text_table

    cases = {name: load(folder) for name, folder in shipped_cases().items()}
    rows = [(name, case.title, case.as_of, len(case.claims)) for name, case in cases.items()]
    table = text_table(("name", "title", "as of", "claims"), rows, right=(3,))
    return "\n".join([table, "", *(f"{name}: {case.folder}" for name, case in cases.items())])
