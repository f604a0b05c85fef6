"""`tocsin open`: the workbench in the browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from tocsin.cli.languages import language_option
from tocsin.cli.output import say


@click.command("open")
@click.argument("case", type=click.Path(path_type=Path), default=Path("japan-buildup"))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on this machine [default: a free one].")
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@language_option
def open_case(case: Path, port: int, no_browser: bool, language: str) -> None:
    """Open CASE in the browser, to read, edit and run it there. Without CASE, open the founding case.

    Nothing leaves this machine: the workbench listens on 127.0.0.1 alone, and lets in only the browser that opens the printed address. It
    ends with Ctrl-C, or after an hour without use. Each edit is saved in the case file at once, and can be undone.

    \b
    tocsin open
    tocsin open my-case
    tocsin open my-case --lang ko --no-browser
    """
    from tocsin.cli.cases import case_file_of
    from tocsin.workbench.desk import Desk
    from tocsin.workbench.serving import Workbench, listening

    file, writable = case_file_of(case)
    desk = Desk(file, writable)

    def ready(address: str) -> None:
        say(f"{file.parent.name} is open at {address}\nThe address works once. Ctrl-C ends the workbench.")
        if not no_browser:
            webbrowser.open(address)

    Workbench(desk, listening(port), language=language).run(ready)
