"""`tocsin evidence`: what history says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from tocsin.cli.fitting import fit
from tocsin.errors import InputError

_FILE = click.Path(path_type=Path)


@click.group()
def evidence() -> None:
    """Estimate from history what a case can take as its odds."""


evidence.add_command(fit)


@evidence.command("list")
def listed() -> None:
    """The results that come with the program."""
    from tocsin.evidence.store import KINDS, shipped

    for name, kind in KINDS.items():
        found = shipped(name)
        click.echo(f"{name}: {kind.what}; {found['figures']['cases']} cases, made {found['made']}")


@evidence.command()
@click.argument("name")
@click.option("--of", "word", default="", help="Only estimates that have this word, such as a state's ISO code.")
@click.option("--json", "json_file", type=_FILE, help="Write all of it here.")
def show(name: str, word: str, json_file: Path | None) -> None:
    """A result that comes with the program: its figures, model, data and limits.

    \b
    tocsin evidence show alliances
    tocsin evidence show turnover --of KOR
    """
    from tocsin.evidence.store import shipped

    _put(shipped(name), json_file, word)


@evidence.command()
@click.argument("name")
@click.option("--json", "json_file", type=_FILE, required=True, help="Write it here.")
def refit(name: str, json_file: Path) -> None:
    """Make a result anew from the data in your cache (`tocsin data get`).

    \b
    tocsin evidence refit alliances --json alliances.json
    """
    from rich.console import Console

    from tocsin.evidence.store import made

    with Console(stderr=True).status(f"estimating {name}"):
        found = made(name)
    _put(found, json_file)


MAX_ROWS = 24
"""Estimates printed at once."""


def _put(found: dict[str, Any], file: Path | None, word: str = "") -> None:
    from tocsin.evidence.reference import path_of
    from tocsin.files import write_all

    if file:
        write_all({file: json.dumps(found, indent=1) + "\n"})
    figures = found["figures"]
    lines = [f"{found['name']}: {found['what']}", "counted:"]
    lines += [f"  {', '.join(f'{key} {value}' for key, value in row.items())}" for row in figures["counted"]]
    rows = [(path_of(row), row) for row in figures["estimated"]]
    chosen = [(path, row) for path, row in rows if word.lower() in path.lower()]
    if rows and not chosen:
        raise InputError(
            f"no estimate of {found['name']} has {word!r}",
            remedy=f"try `--of any_state`, or `tocsin evidence show {found['name']}`",
        )
    lines.append(
        f"estimated, 50 % (5 to 95 %), unit {found['unit']}; a belief may say from: evidence/{found['name']}/..."
    )
    lines += [f"  {path:48} {row['p50']:.3f} ({row['p05']:.3f} to {row['p95']:.3f})" for path, row in chosen[:MAX_ROWS]]
    if len(chosen) > MAX_ROWS:
        lines.append(f"  and {len(chosen) - MAX_ROWS} more: --of WORD picks, --json has all")
    lines += [f"not learned: {each['what']}, {each['of']}: {each['why']}" for each in figures.get("not_learned", ())]
    lines += [f"model: {found['model']}", f"limits: {found['limits']}"]
    lines += [f"data: {each['cite']} ({each['source']}, {_release(each['sha256'])})" for each in found["data"]]
    lines.append(f"made {found['made']} with version {found['version']}")
    click.echo("\n".join(lines))
    if file:
        click.echo(str(file))


def _release(digest: str | None) -> str:
    return f"sha256 {digest[:12]}" if digest else "no one release"
