"""Drawing a game in a file from the command line."""

from __future__ import annotations

from pathlib import Path

import click

from tocsin.cli.solving import read_game


def draw_file(file: Path, output: Path | None) -> None:
    """Read a game and write its tree as SVG.

    Args:
        file: an extensive-form file.
        output: where the picture goes; the game's name with .svg in the working folder if not given.

    Raises:
        InputError: bad input, a tree too large to be drawn, or a file that cannot be written.
    """
    from tocsin.files import write_all
    from tocsin.plots.svg import check_svg_name
    from tocsin.plots.trees import tree_svg

    target = output or Path(file.with_suffix(".svg").name)
    check_svg_name(target)
    game = read_game(file)
    write_all({target: tree_svg(game, file=str(file))})
    click.echo(f"{target} is written: {len(game.nodes)} nodes.")
