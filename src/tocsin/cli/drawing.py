"""The command `tocsin draw`."""

from __future__ import annotations

from pathlib import Path

from tocsin.cli.output import say
from tocsin.translation import plural


def draw_file(file: Path, output: Path | None) -> None:
    """Write the tree of a game as SVG.

    Args:
        file: an extensive-form file.
        output: file of the picture; by default the game's name with .svg, in the working folder.

    Raises:
        InputError: if the input is not valid, the tree is too large to draw, or a file cannot be written.
    """
    from tocsin.files import check_outputs, write_all
    from tocsin.games.efg import read_efg
    from tocsin.plots.svg import check_svg_name
    from tocsin.plots.trees import tree_svg

    target = output or Path(file.with_suffix(".svg").name)
    check_svg_name(target)
    check_outputs([target], [file])
    game = read_efg(file)
    write_all({target: tree_svg(game, file=str(file))})
    say(plural("wrote {file}: {count} node", "wrote {file}: {count} nodes", len(game.nodes), file=str(target)))
