"""Write imported facts into a case: a table of facts, its sources, and the mapping; all of it or nothing."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.case import edit
from tocsin.case.loader import load
from tocsin.case.schema import CaseFile
from tocsin.case.tables import FACTS, FACTS_OPTIONAL
from tocsin.data.shipped import FILE
from tocsin.errors import CaseErrors, InputError
from tocsin.files import check_outputs
from tocsin.importing import mapping
from tocsin.importing.convert import Conversion, ImportedFact
from tocsin.reading.sources import MAX_BYTES
from tocsin.reading.strict_csv import MAX_ROWS
from tocsin.translation import message


@dataclass(frozen=True)
class Target:
    """The case that facts are imported into.

    Attributes:
        folder: of the case.
        text: of `case.yaml`.
        parsed: its blocks.
        stored: the mappings that it remembers, by the name of the table.
    """

    folder: Path
    text: str
    parsed: CaseFile
    stored: Mapping[str, mapping.ColumnMap]


def read_target(case: Path) -> Target:
    """Return the case in a folder or file. It need not load: its tests may read facts that are still to come.

    Raises:
        InputError: if there is no such case, its syntax, keys or types are wrong, or its folder cannot be written.
    """
    file = case / FILE if case.is_dir() else case
    if not file.is_file():
        raise InputError(
            message("no case at {case}", case=repr(str(case))),
            remedy=message("name a folder with a {file}, or write one with `tocsin new`", file=FILE),
        )
    folder = file.resolve().parent
    text, parsed = edit.read_case_file(file)
    return Target(folder, text, parsed, mapping.remembered(folder))


def table_name(stem: str) -> str:
    """Return the file of a table of facts in the folder of the case."""
    return f"facts/{stem}.csv"


def outputs(target: Target, stem: str, conversion: Conversion, columns: mapping.ColumnMap) -> dict[Path, str]:
    """Return the files to write, by path.

    Raises:
        InputError: if a file with this name was not written by an import, cannot be written, or would be too large, or if the case
            would not load with the new facts.
    """
    name = table_name(stem)
    file = target.folder / name
    if file.exists() and stem not in target.stored:
        raise InputError(
            message("it exists and was not imported"),
            file=name,
            remedy=message("give the table another name with --name"),
        )
    table = facts_csv(conversion.facts)
    _check_size(table, len(conversion.facts), name)
    sources = {source.key: source.to_dict() for source in conversion.sources}
    listed = name in target.parsed.fact_tables
    case_text = edit.with_items(target.text, FILE, sources, () if listed else (name,))
    files = {target.folder / FILE: case_text, file: table}
    files[target.folder / mapping.FILE] = mapping.mapping_text({**target.stored, stem: columns})
    check_outputs(files)
    _try(target, files)
    return files


def facts_csv(facts: Sequence[ImportedFact]) -> str:
    """Return a table of facts as a case reads it."""
    used = [name for name in FACTS_OPTIONAL if name != "from" and any(getattr(fact, name) for fact in facts)]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow((*FACTS, *used))
    for fact in facts:
        cells = {**vars(fact), "source": ";".join(fact.source)}
        writer.writerow([" ".join(str(cells[name]).split()) for name in (*FACTS, *used)])
    return stream.getvalue()


def _check_size(table: str, rows: int, name: str) -> None:
    size = len(table.encode())
    if size > MAX_BYTES or rows > MAX_ROWS:
        raise InputError(
            message(
                "{count} facts of {size} MB; a table of a case holds {most} facts and {room} MB",
                count=f"{rows:,}",
                size=f"{size / 1e6:.1f}",
                most=f"{MAX_ROWS:,}",
                room=MAX_BYTES // 1_000_000,
            ),
            file=name,
            remedy=message("select the rows that the claims read, or split the table"),
        )


def _try(target: Target, files: Mapping[Path, str]) -> None:
    """Load the case with the new files in a temporary folder.

    Raises:
        InputError: if it does not load, with all problems.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / target.folder.name
        for name in _files(target.parsed):
            source = target.folder / name
            if source.is_file() and source.stat().st_size <= MAX_BYTES:
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, copy / name)
        for file, text in files.items():
            path = copy / file.relative_to(target.folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        try:
            load(copy)
        except CaseErrors as errors:
            raise InputError(
                message(
                    "the case would not load with these facts; nothing is written\n{problems}", problems=str(errors)
                )
            ) from None


def _files(parsed: CaseFile) -> list[str]:
    """Return the names of the files that a case reads."""
    names = [*parsed.fact_tables]
    names += [parsed.money.rates] if parsed.money else []
    names += [parsed.spending.table] if parsed.spending else []
    names += [history.power for history in parsed.history.values() if history.power is not None]
    names += [item.resolves.table for item in parsed.forecasts.values() if item.resolves.table is not None]
    return [name for name in names if not Path(name).is_absolute() and ".." not in Path(name).parts]
