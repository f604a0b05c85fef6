"""Make one file of a stored run, in a process of its own: `python -m tocsin.workbench.printer RUN FORMAT LANGUAGE PAGES`.

The process can be ended at any time, and gives its memory back. It prints a line of JSON: `{"result"}` with the name and the size of
the file, whose bytes follow, or `{"message", "remedy"}`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tocsin.workbench.link import linked


def made(run: str, format_: str, language: str, pages: str) -> tuple[str, bytes]:
    """Return the name and the content of a file of a stored run.

    Args:
        run: name of the run.
        format_: of `export.formats.FORMATS`, one that writes a single file.
        language: one of `LANGUAGES`.
        pages: parts of the brief, for formats that take them; empty for others.

    Raises:
        TocsinError: if the run cannot be read, or the file cannot be made.
    """
    from tocsin.export.formats import Options, named
    from tocsin.export.stored import run_of_store
    from tocsin.runs.names import resolve

    options = Options(language=language, pages=pages or None)
    chosen, stored = named(format_, options), run_of_store(resolve(run))
    target = Path(f"{stored.record.case.id}{chosen.ending}")
    return target.name, chosen.write(stored, target, options)[target]


def main(arguments: list[str]) -> None:
    """Print the file, or why it cannot be made."""
    with linked() as link:
        name, data = made(*arguments)
        link.say(result={"name": name, "size": len(data)})
        link.send(data)


if __name__ == "__main__":
    main(sys.argv[1:])
