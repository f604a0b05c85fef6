"""The drawing of a game: the decisions of a year from top to bottom and the ends by the last run, narrow enough for a phone."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from tocsin.export.drawings import FONT
from tocsin.plots.style import ACCENT, BLUE, INK, LINE, PAPER, SOFT
from tocsin.plots.svg import text_width
from tocsin.plots.wide_text import wrapped
from tocsin.tables import printable
from tocsin.translation import Said, Text, Translator, message, plural
from tocsin.workbench.screens.shown_game import End, Game, Move

WIDTH, MARGIN, GAP, PAD = 400.0, 10.0, 26.0, 10.0
"""Of the drawing, around it, between two boxes, and inside a box, in user units."""
NAME, SMALL, LINE_HEIGHT, CHIP, BAR = 14.0, 12.0, 16.0, 24.0, 150.0
"""Size of names and of other texts, height of a line and of what can be done, and length of a bar at 100 %, in user units."""
MAX_NAME_CELLS, MAX_SMALL_CELLS = 46, 54
"""Latin characters on a line of a name and of another text."""


def drawn(game: Game, translator: Translator) -> str:
    """Return a game as an SVG file, with the words of a translator."""
    parts, y = list[str](), MARGIN
    for index, move in enumerate(game.moves):
        if index:
            parts.append(_arrow(y))
            y += GAP
        box, y = _box(move, y, translator)
        parts.append(box)
    if game.ends:
        box, y = _ends(game, y + GAP, translator)
        parts.append(box)
    body = printable("".join(parts), lines=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {y + MARGIN:.0f}" {FONT}>'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{body}</svg>\n'
    )


def _box(move: Move, top: float, translator: Translator) -> tuple[str, float]:
    """Return the box of a decision, and where it ends."""
    say = translator.plain
    names = wrapped(say(message("{actor} ({role})", actor=move.who, role=move.role)), MAX_NAME_CELLS)
    y = top + PAD / 2
    texts = []
    for line in names:
        y += LINE_HEIGHT
        texts.append(_text(line, MARGIN + PAD, y, NAME, INK, 'font-weight="bold"'))
    for line in wrapped(say(move.when), MAX_SMALL_CELLS):
        y += LINE_HEIGHT
        texts.append(_text(line, MARGIN + PAD, y, SMALL, SOFT))
    chips, y = _chips([_named(option.name, option.chance) for option in move.options], y + PAD, translator)
    colour = ACCENT if move.side == "challenger" else BLUE
    return _frame(top, y + PAD, colour) + "".join(texts) + chips, y + PAD


def _named(name: Text, chance: Said) -> Text:
    return message("{name}: {chance}", name=name, chance=chance) if chance else name


def _chips(options: Sequence[Text], top: float, translator: Translator) -> tuple[str, float]:
    """Return what can be done as chips in rows, and where they end."""
    x, parts = MARGIN + PAD, list[str]()
    for option in options:
        said = translator.plain(option)
        width = 72 * text_width(said, SMALL) + 16
        if x + width > WIDTH - MARGIN - PAD and x > MARGIN + PAD:
            x, top = MARGIN + PAD, top + CHIP + 6
        parts.append(
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{CHIP:.0f}" rx="12" fill="{PAPER}" stroke="{SOFT}"/>'
        )
        parts.append(_text(said, x + width / 2, top + 16, SMALL, INK, 'text-anchor="middle"'))
        x += width + 6
    return "".join(parts), top + CHIP


def _ends(game: Game, top: float, translator: Translator) -> tuple[str, float]:
    """Return the box of the ends with a bar each, and where it ends."""
    title = translator.plain(
        plural("Within {count} year, by the last run", "Within {count} years, by the last run", game.years)
    )
    texts = [_text(title, MARGIN + PAD, top + LINE_HEIGHT + 4, NAME, INK, 'font-weight="bold"')]
    y = top + LINE_HEIGHT + 10
    for end in game.ends:
        texts.append(_text(translator.plain(end.name), MARGIN + PAD, y + LINE_HEIGHT, SMALL, INK))
        texts.append(_bar(end, y + LINE_HEIGHT + 6))
        said = translator.plain(end.chance)
        texts.append(_text(said, MARGIN + PAD + BAR + 10, y + 2 * LINE_HEIGHT, SMALL, INK))
        y += 2 * LINE_HEIGHT + 6
    return _frame(top, y + PAD / 2, LINE) + "".join(texts), y + PAD / 2


def _bar(end: End, y: float) -> str:
    """Return the bar of an end: full up to the lowest chance over the types of challenger, pale up to the highest."""
    x, low, high = MARGIN + PAD, BAR * end.low, BAR * end.high
    return (
        f'<rect x="{x}" y="{y:.1f}" width="{BAR}" height="10" fill="none" stroke="{LINE}"/>'
        f'<rect x="{x}" y="{y:.1f}" width="{high:.1f}" height="10" fill="{BLUE}" fill-opacity="0.4"/>'
        f'<rect x="{x}" y="{y:.1f}" width="{low:.1f}" height="10" fill="{BLUE}"/>'
    )


def _frame(top: float, bottom: float, colour: str) -> str:
    return (
        f'<rect x="{MARGIN}" y="{top:.1f}" width="{WIDTH - 2 * MARGIN}" height="{bottom - top:.1f}" rx="4" fill="{PAPER}" '
        f'stroke="{LINE}"/><rect x="{MARGIN}" y="{top:.1f}" width="4" height="{bottom - top:.1f}" fill="{colour}"/>'
    )


def _arrow(y: float) -> str:
    x, end = WIDTH / 2, y + GAP - 2
    return (
        f'<line x1="{x}" x2="{x}" y1="{y + 2:.1f}" y2="{end - 6:.1f}" stroke="{SOFT}" stroke-width="1.4"/>'
        f'<polygon points="{x - 4},{end - 7:.1f} {x + 4},{end - 7:.1f} {x},{end:.1f}" fill="{SOFT}"/>'
    )


def _text(text: str, x: float, y: float, size: float, colour: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}" {more}>{escape(text)}</text>'
