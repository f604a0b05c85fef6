"""`tocsin open`: the workbench in the browser."""

from __future__ import annotations

import re
import webbrowser
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path

import click

from tocsin.cli.languages import language_option
from tocsin.cli.output import say
from tocsin.errors import InputError
from tocsin.translation import Text, in_lines, message, template

LOOPBACK = "127.0.0.1"
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


@click.command("open")
@click.argument("case", type=click.Path(path_type=Path), default=Path("japan-buildup"))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on this machine [default: a free one].")
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@click.option(
    "--listen",
    "address",
    metavar="ADDRESS",
    default=LOOPBACK,
    help="IPv4 address to listen on, for a container: 0.0.0.0 lets other machines reach the workbench [default: this machine alone].",
)
@click.option(
    "--host", "hosts", multiple=True, help="Name by which browsers elsewhere call it, with --listen. Repeatable."
)
@language_option
def open_case(case: Path, port: int, no_browser: bool, address: str, hosts: tuple[str, ...], language: str) -> None:
    """Open CASE in the browser, to read, edit and run it there. Without CASE, open the founding case.

    Nothing leaves this machine: the workbench listens on 127.0.0.1 alone, and lets in only the browser that opens the printed address. It
    ends with Ctrl-C, or after an hour without use. Each edit is saved in the case file at once, and can be undone. If a workbench of the
    case runs already, the command prints a new address of it.

    \b
    tocsin open
    tocsin open my-case
    tocsin open my-case --lang ko --no-browser
    tocsin open my-case --port 8000 --listen 0.0.0.0 --host case.example.org
    """
    from tocsin.cli.cases import case_file_of
    from tocsin.workbench.instances import address_of_running, claimed
    from tocsin.workbench.serving import Workbench, listening

    file, _writable = case_file_of(case)
    names = checked_hosts(address, hosts)

    def show(where: str, state: str) -> None:
        say(in_lines([message(state, case=file.parent.name, address=where), message("The address works once.")]))
        if not no_browser:
            webbrowser.open(where)

    instance = claimed(file)
    if instance is None:
        show(address_of_running(file), template("{case} is open already; a new address of that workbench is {address}"))
        return
    sock = listening(port, address)
    if address != LOOPBACK:
        say(warning(address))
    Workbench(instance, sock, language=language, hosts=names).run(
        lambda where: show(where, template("{case} is open until Ctrl-C at {address}"))
    )


def checked_hosts(address: str, hosts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names by which browsers may call the workbench beside those of this machine.

    Raises:
        InputError: if the address or a name is not valid, or names are given for this machine alone.
    """
    try:
        IPv4Address(address)
    except AddressValueError:
        raise InputError(
            message("{address} is no IPv4 address", address=repr(address)),
            remedy=message("use 0.0.0.0 with --listen, or leave it out"),
        ) from None
    if hosts and address == LOOPBACK:
        raise InputError(
            message("--host without --listen"), remedy=message("add --listen 0.0.0.0, or leave --host out")
        )
    names = tuple(host.lower() for host in hosts)
    for name in names:
        if not _HOST.fullmatch(name):
            raise InputError(
                message("{name} is no name of a machine", name=repr(name)),
                remedy=message("write it without scheme and port"),
            )
    return names


def warning(address: str) -> Text:
    """Return what a user must know who lets other machines reach the workbench."""
    return message(
        "warning: the workbench listens on {address}, not on this machine alone, and without encryption. Whoever opens the address below\n"
        "first can read and change the case. Use it in a container or a network that you trust.",
        address=address,
    )
