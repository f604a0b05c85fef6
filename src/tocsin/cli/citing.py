"""`tocsin data cite`: what to cite for a data set or a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.errors import InputError

if TYPE_CHECKING:
    from tocsin.export.references import Reference


def plain(name: str) -> str:
    """Return the works to cite for a data set or a case, a line each.

    Raises:
        InputError: if there is no such data set or case.
    """
    from tocsin.data.registry import source

    if not _is_case(name):
        record = source(name)
        return f"{record.cite}. {record.what}. {record.official} (terms: {record.licence})"
    from tocsin.case import load
    from tocsin.export.citing import data_sets

    case = load(Path(name))
    lines = [f"{key}: {cited.cite}" for key, cited in case.sources.items()]
    lines += [f"{needed}: {source(needed).cite}. {source(needed).what}" for needed in data_sets(case)]
    return "\n".join(lines)


def cited(name: str) -> tuple[Reference, ...]:
    """Return the references of a data set, or of a case with its last run if that is stored.

    Raises:
        InputError: if there is no such data set or case.
    """
    from tocsin.export.citing import of_case, of_data_set, of_run

    if not _is_case(name):
        from tocsin.data.registry import source

        return (of_data_set(source(name)),)
    from tocsin.case import load
    from tocsin.cli.exporting import find_run

    try:
        return tuple(of_run(find_run(Path(name))))
    except InputError:  # no run is stored
        return tuple(of_case(load(Path(name))))


def _is_case(name: str) -> bool:
    from tocsin.data.registry import sources
    from tocsin.data.shipped import case_path

    return name not in sources() and case_path(Path(name)).exists()
