"""Blocks of the brief: headings, paragraphs, lists, tables and pictures, read from the brief's own page.

All documents are made from these blocks, so that they have the same words and numbers as the brief.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeAlias

from tocsin.assessment.challenging.result import Challenge
from tocsin.assessment.result import Assessment
from tocsin.report.brief import render
from tocsin.report.parts import ALL
from tocsin.translation import Text as TranslatedText
from tocsin.translation import Translator, message

PRINTED_FOLDS = ("sources", "record")
"""Folds of the brief that a PDF set by typst shows: whoever has it alone needs the sources and how to repeat the run."""


@dataclass(frozen=True)
class Run:
    """A piece of text of one look.

    Attributes:
        text: the text; spaces at its ends count.
        bold, small, code: its look.
        link: a web address, or "#NAME" for a place in the document; empty for none.
        verdict: name of the verdict that it prints, as in `report.verdict_marks`; empty for other text.
    """

    text: str
    bold: bool = False
    small: bool = False
    code: bool = False
    link: str = ""
    verdict: str = ""


Text: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading: level 0 for the title of the brief, 1 to 3 for the parts below; `anchors` are the names of the place.

    `first` is true on the first page, whose headings are small.
    """

    level: int
    text: Text
    anchors: tuple[str, ...] = ()
    first: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `role` is "answer", "draft", "small" or empty, `claim` the claim whose verdict it gives, if it gives one."""

    text: Text
    role: str = ""
    anchors: tuple[str, ...] = ()
    claim: str = ""


@dataclass(frozen=True)
class Item:
    """An item of a list."""

    text: Text
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Items:
    """A list; `role` is "sources", "parts" or empty."""

    items: tuple[Item, ...]
    ordered: bool = False
    role: str = ""


@dataclass(frozen=True)
class Terms:
    """Terms with their explanations."""

    rows: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True)
class Table:
    """A table: its name, its heads, and its rows, whose first cell is the row's head."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A figure by its name, see `export.figures`; `description` is the alternative text."""

    name: str
    title: str
    description: str


LINE, CELL_SPACE = 112, 2
"""Characters of a line of a table as wide as the page, and the space between two columns in characters."""
MAX_WORD = 14
"""Characters of a word above which it may break within a cell."""
MAX_COLUMNS = 8
"""Columns for which a page is wide enough."""
TO_CITE = message("How to cite")
Block: TypeAlias = Heading | Paragraph | Items | Terms | Table | Picture


def read_blocks(
    assessment: Assessment,
    parts: Collection[str] = ALL,
    citations: Sequence[str] = (),
    *,
    folds: Collection[str] | None = None,
    language: str = "en",
    challenge: Challenge | None = None,
) -> list[Block]:
    """Return the blocks of an assessment's brief, in order; places that other blocks link to have anchors.

    Args:
        assessment: result of `tocsin.assess`.
        parts: of the brief, beside its first page.
        citations: what to cite, a line each; they come last.
        folds: names of the folds to read; None for all.
        language: of the brief, one of `LANGUAGES`.
        challenge: of its claims, for the part on it.
    """
    from lxml import html

    page = render(assessment, parts=parts, drawn=False, language=language, challenge=challenge)
    main = html.document_fromstring(page).find(".//main")
    if folds is not None:
        _drop_folds(main, folds)
    blocks = list(_blocks(main))
    head = Translator(language=language).plain(TO_CITE)
    if not parts:
        return [*blocks, *(Paragraph((Run(f"{head}: ", bold=True), Run(line)), "small") for line in citations)]
    if citations:
        blocks += [Heading(1, (Run(head),)), Items(tuple(Item((Run(line),)) for line in citations), role="sources")]
    return blocks


def _drop_folds(main: Any, names: Collection[str]) -> None:
    """Remove the folds that are not kept; those of charts hold their descriptions and stay."""
    for fold in main.xpath(".//details[not(ancestor::figure)]"):
        if fold.get("id") not in names:
            fold.drop_tree()


def plain(text: Iterable[Run]) -> str:
    """Return the words of a text."""
    return "".join(run.text for run in text)


def title_of(blocks: Iterable[Block]) -> str:
    """Return the title of a brief."""
    return next(plain(block.text) for block in blocks if isinstance(block, Heading))


def anchors_of(block: Block) -> tuple[str, ...]:
    """Return the names of the places in a block."""
    if isinstance(block, Items):
        return tuple(name for item in block.items for name in item.anchors)
    return block.anchors if isinstance(block, Heading | Paragraph) else ()


def column_shares(block: Table) -> list[float]:
    """Return the width of each column as a share of the table: more for longer texts, but enough for the longest word."""
    least, weights = [], []
    for index, head in enumerate(block.heads):
        texts = [plain(row[index]) for row in block.rows]
        words = [len(word) for text in (head, *texts) for word in re.split(r"[\s-]", text)]
        typical = (sum(len(text) ** 2 for text in texts) / max(len(texts), 1)) ** 0.5
        least.append(min(max(words, default=1), MAX_WORD) + CELL_SPACE)
        weights.append(typical)
    spare = max(LINE - sum(least), 0.0)
    widths = [width + spare * weight / (sum(weights) or 1.0) for width, weight in zip(least, weights, strict=True)]
    return [width / sum(widths) for width in widths]


def numbered(name: str, number: int, count: int) -> TranslatedText:
    """Return the name of one of several parts: "Charts (1 of 3)"."""
    return message("{name} ({number} of {count})", name=name, number=number, count=count)


def narrow_tables(block: Table, translator: Translator) -> list[Table]:
    """Return a table in parts of at most `MAX_COLUMNS` columns, each of which repeats the first column."""
    count = len(block.heads) - 1
    if count < MAX_COLUMNS:
        return [block]
    parts = math.ceil(count / (MAX_COLUMNS - 1))
    ends = [1 + count * part // parts for part in range(parts + 1)]

    def part(cells: tuple[Any, ...], start: int, end: int) -> tuple[Any, ...]:
        return (cells[0], *cells[start:end])

    return [
        Table(
            translator.plain(numbered(block.name, number, parts)),
            part(block.heads, start, end),
            tuple(part(row, start, end) for row in block.rows),
        )
        for number, (start, end) in enumerate(pairwise(ends), start=1)
    ]


# --- elements ------------------------------------------------------------------------------------------------------

_SKIPPED = {"nav", "form", "script", "noscript", "style", "svg", "button", "summary"}
_SKIPPED_CLASSES = {"results", "interactive", "kicker", "hidden", "data"}
_LEVELS = {"h1": 0, "h2": 1, "h3": 2, "h4": 3}


def _blocks(element: Any) -> Iterator[Block]:
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED or _classes(child) & _SKIPPED_CLASSES:
            continue
        yield from _block(child)


def _block(element: Any) -> Iterator[Block]:
    """Yield the blocks of an element."""
    tag, classes = element.tag, _classes(element)
    if tag in _LEVELS:
        yield Heading(_LEVELS[tag], _text(element), _anchors(element), _is_first(element))
    elif tag in ("p", "figcaption"):
        yield from _paragraph(element)
    elif tag == "ol" and "lines" in classes:
        yield from _lines(element)
    elif tag in ("ol", "ul"):
        yield from _items(element)
    elif tag == "dl":
        yield from _terms(element)
    elif tag == "table":
        yield _table(element)
    elif tag == "figure":
        yield from _figure(element)
    elif tag == "details":
        yield from _fold(element)
    else:
        yield from _blocks(element)


def _paragraph(element: Any) -> Iterator[Block]:
    text = _text(element)
    if not text:
        return
    parents = {name for parent in element.iterancestors() for name in _classes(parent)}
    small = _classes(element) & {"small", "meta"} or element.tag == "figcaption"
    draft = "draft" in _classes(element)
    role = "draft" if draft else "answer" if "answer" in parents else "small" if small else ""
    claim = element.xpath("string(ancestor::article[1]/@id)") if "result" in _classes(element) else ""
    yield Paragraph(text, role, _anchors(element), claim)


def _is_first(element: Any) -> bool:
    return bool(element.xpath("ancestor::div[@class='first']"))


def _lines(element: Any) -> Iterator[Block]:
    """Yield the questions of the first page: the question as a small heading, then its answer."""
    for number, line in enumerate(element.findall("li"), start=1):
        head = line.find("h2")
        yield Heading(1, (Run(f"{number} "), *_text(head)), first=True)
        for child in line.findall("p"):
            yield Paragraph(_text(child), claim=child.xpath("string(a[@class='ref'])"))


def _items(element: Any) -> Iterator[Block]:
    items = tuple(Item(_text(item), _anchors(item)) for item in element.findall("li"))
    role = next((name for name in ("sources", "parts") if name in _classes(element)), "")
    if items:
        yield Items(items, element.tag == "ol", role)


def _terms(element: Any) -> Iterator[Block]:
    names = [_text(child) for child in element.findall("dt")]
    values = [_text(child) for child in element.findall("dd")]
    if names:
        yield Terms(tuple(zip(names, values, strict=True)))


def _table(element: Any) -> Table:
    heads = tuple(plain(_text(cell)) for cell in element.iterfind("thead/tr/th"))
    rows = tuple(tuple(_text(cell) for cell in row if cell.tag in ("th", "td")) for row in element.iterfind("tbody/tr"))
    return Table(element.get("aria-label", ""), heads, rows)


def _fold(element: Any) -> Iterator[Block]:
    """Yield a fold open: its summary as a heading or a paragraph, then its content."""
    summary = element.find("summary")
    head = summary.find("h2")
    if head is not None:
        yield Heading(1, _text(head), _anchors(element))
    elif element.find("dl") is not None:
        yield Paragraph(_text(summary), "small", _anchors(element))
    else:
        yield Heading(3, _text(summary), _anchors(element))
    yield from _blocks(element)


def _figure(element: Any) -> Iterator[Block]:
    """Yield a figure: its heading, its reading, its picture and its caption."""
    classes = _classes(element)
    if "picture" in classes:
        name = element.xpath("string(h3/@id)").removeprefix("chart-")
        title = plain(_text(element.find("h3")))
        yield Heading(2, _text(element.find("h3")))
        yield from (block for child in element.findall("p") for block in _paragraph(child))
        yield Picture(name, title, plain(_text(element.find("details/p"))))
    elif "states" in classes:
        labels = "; ".join(element.xpath(".//a/@aria-label"))
        yield Picture("states", element.xpath("string(.//svg/@aria-label)"), labels)
        yield from _paragraph(element.find("figcaption"))
    else:
        yield from _ladder(element, "models" if "models" in classes else "ladder")


def _ladder(element: Any, kind: str) -> Iterator[Block]:
    """Yield rows with bars: a picture whose alternative text are the rows in words."""
    rows = [
        ": ".join(plain(_text(part)) for part in row.findall("span"))
        for row in element.iterfind("ul/li")
        if "scale" not in _classes(row)
    ]
    head = element.find("h2")
    if head is not None:
        yield Heading(1, _text(head), first=True)
    claim = element.xpath("string(ancestor::article[1]/@id)")
    caption = _text(element.find("figcaption"))
    title = plain(_text(head)) if head is not None else re.split(r"(?<=[.!?]) ", plain(caption), maxsplit=1)[0]
    explained = element.xpath("string(ancestor::section[starts-with(@id, 'explanations-')][1]/@id)")
    name = kind if kind == "ladder" else explained or f"models-{claim}-{_index(element)}"
    yield Picture(name, title, ". ".join(rows) + ".")
    yield Paragraph(caption, "small")
    yield from (block for child in element.findall("p") for block in _paragraph(child))


def _index(element: Any) -> int:
    return 1 + sum("models" in _classes(other) for other in element.itersiblings("figure", preceding=True))


# --- text ----------------------------------------------------------------------------------------------------------


def _text(element: Any) -> Text:
    """Return the text of an element in runs, with single spaces and none at its ends."""
    runs: list[Run] = []
    _collect(element, Run(""), runs)
    joined: list[Run] = []
    for run in runs:
        text = re.sub(r"[ \t\r\n]+", " ", run.text)
        if (not joined or joined[-1].text.endswith(" ")) and text.startswith(" "):
            text = text[1:]
        if text:
            joined.append(replace(run, text=text))
    if joined and joined[-1].text.endswith(" "):
        joined[-1] = replace(joined[-1], text=joined[-1].text[:-1])
    return tuple(run for run in joined if run.text)


def _collect(element: Any, look: Run, runs: list[Run]) -> None:
    """Add the runs of an element, whose text has a look unless an inner element says otherwise."""
    look = _look(element, look)
    if element.text:
        runs.append(replace(look, text=element.text))
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED:
            if child.tag == "br":
                runs.append(replace(look, text="; "))
            else:
                _collect(child, look, runs)
        if child.tail:
            runs.append(replace(look, text=child.tail))


def _look(element: Any, look: Run) -> Run:
    classes = _classes(element)
    verdict = next((name.removeprefix("v-") for name in classes if name.startswith("v-")), "")
    return replace(
        look,
        bold=look.bold or element.tag in ("strong", "b") or "grade" in classes,
        small=look.small or bool(classes & {"small", "ref"}),
        code=look.code or element.tag == "code",
        link=element.get("href", look.link) if element.tag == "a" else look.link,
        verdict=verdict or look.verdict,
    )


def _classes(element: Any) -> set[str]:
    return set(element.get("class", "").split())


def _anchors(element: Any) -> tuple[str, ...]:
    """Return the names of an element, and of the parents that begin with it."""
    names = [element.get("id", "")]
    while (parent := element.getparent()) is not None and parent.tag in ("section", "article", "header"):
        if parent[0] is not element:
            break
        names.append(parent.get("id", ""))
        element = parent
    return tuple(name for name in names if name)
