"""Import files, folders and feeds into an archive, and report what happened to the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.errors import InputError
from tocsin.rhetoric.archive.doubts import Doubt, examine, examine_pages
from tocsin.rhetoric.archive.reading import PAGES, Defaults, Parsed, Remark, list_files, read_feed, read_file
from tocsin.rhetoric.archive.writing import CHUNK, Added, Writer
from tocsin.translation import message

if TYPE_CHECKING:
    import polars as pl

MAX_REMARKS = 1_000
"""Remarks stored of each kind; lost rows are all stored."""
UNREADABLE_FORMAT = message("unknown format, skipped")
OUTSIDE = message("a link that leaves the folder, not followed; copy what it leads to into the folder")
SAME_SOURCE_ID = "source id already used for another text; both are stored"
OTHER_DETAILS = "already stored with other details, which stay"


@dataclass
class ImportSummary:
    """What happened in an import, updated as the import proceeds.

    Attributes:
        added, known, alike: counts of statements, as in `writing.Added`.
        files: how many files and feeds contained a statement.
        lost: all rows and files that could not be imported.
        doubtful: files of `lost` that were probably misread; nothing of them is stored.
        counts: number of other remarks of each kind.
        remarks: the first `MAX_REMARKS` of each kind.
    """

    added: int = 0
    known: int = 0
    alike: int = 0
    files: int = 0
    lost: list[Remark] = field(default_factory=list)
    doubtful: list[Doubt] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, list[Remark]] = field(default_factory=dict)

    def note(self, kind: str, remark: Remark) -> None:
        """Record a remark of some kind."""
        if remark.lost:
            self.lost.append(remark)
            return
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] <= MAX_REMARKS:
            self.remarks.setdefault(kind, []).append(remark)

    def doubt(self, doubt: Doubt) -> None:
        """Record a file that is not stored because it was probably misread."""
        self.doubtful.append(doubt)
        self.lost.append(
            Remark(
                doubt.file,
                None,
                message("{reason}; nothing of it is stored; {remedy}", reason=doubt.message, remedy=doubt.remedy),
                lost=True,
            )
        )

    def withdraw(self, doubt: Doubt) -> None:
        """Forget a doubtful file, which the user has accepted."""
        self.doubtful.remove(doubt)
        self.lost = [remark for remark in self.lost if remark.file != doubt.file]

    def count(self, added: Added) -> None:
        """Count the statements of one chunk."""
        self.added += added.added
        self.known += added.known
        self.alike += added.alike

    @property
    def exit_code(self) -> int:
        """Return 0 if everything was imported, 1 if something was lost or is doubtful, 2 if nothing could be read."""
        if not (self.added + self.known or self.doubtful):
            return 2
        return 1 if self.lost else 0

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return asdict(self)

    def frame(self) -> pl.DataFrame:
        """Return the remarks, one row each: file, row, why, lost."""
        import polars as pl

        remarks = [*self.lost, *(remark for some in self.remarks.values() for remark in some)]
        schema = {"file": pl.String, "row": pl.Int64, "why": pl.String, "lost": pl.Boolean}
        return pl.DataFrame([asdict(remark) for remark in remarks], schema=schema)

    def _repr_html_(self) -> str:
        from tocsin.tables import html_table

        title = f"{self.added:,} added, {self.known:,} already stored, {len(self.lost):,} lost"
        return html_table(title, self.frame())


def import_sources(
    writer: Writer,
    sources: Iterable[str],
    defaults: Defaults,
    summary: ImportSummary,
    progress: Callable[[str, int], None] | None = None,
    *,
    accept_doubtful: bool = False,
) -> None:
    """Import files, folders and feeds; a source that cannot be read does not stop the others.

    Args:
        writer: writer of the archive.
        sources: paths, or http(s) addresses of feeds. Only addresses use the network.
        defaults: attributes of statements that do not state them.
        summary: updated with every chunk, so that it is right even if the import is interrupted.
        progress: called with a source and the number of statements just processed.
        accept_doubtful: store files even if they were probably misread (see `doubts`).

    Raises:
        SolveError: if the archive cannot be written.
    """
    names = [name for source in sources for name in _expand(source, summary)]
    pages = [] if accept_doubtful else [name for name in names if _is_page(name)]
    doubt, held = examine_pages(pages, partial(_reader, defaults=defaults)) if len(pages) > 1 else (None, {})
    if doubt:
        summary.doubt(doubt)
    for name in names:
        if doubt and name in doubt.pages:
            continue
        try:
            read = partial(iter, held[name]) if name in held else _reader(name, defaults)
            own_doubt, items = examine(name, read)
            if own_doubt and not accept_doubtful:
                summary.doubt(own_doubt)
            else:
                _import(writer, name, items, summary, progress or (lambda _name, _more: None))
        except InputError as error:
            summary.note("", Remark(name, None, f"{error.message}; {error.remedy}", lost=True))


def _expand(source: str, summary: ImportSummary) -> Iterator[str]:
    if _is_address(source) or not Path(source).is_dir():
        yield source
        return
    listing = list_files(Path(source))
    for file in listing.others:
        summary.note(UNREADABLE_FORMAT, Remark(str(file), None, UNREADABLE_FORMAT))
    for file in listing.outside:
        summary.note("", Remark(str(file), None, OUTSIDE, lost=True))
    if not listing.readable:
        summary.note("", Remark(source, None, message("the folder has no readable file"), lost=True))
    yield from map(str, listing.readable)


def _is_page(name: str) -> bool:
    return not _is_address(name) and Path(name).suffix.lower() in PAGES


def _is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _reader(name: str, defaults: Defaults) -> Callable[[], Iterator[Parsed | Remark]]:
    """Return a function that starts to read a source; a feed is downloaded once."""
    if not _is_address(name):
        return lambda: read_file(Path(name), defaults)
    from tocsin.data.fetch import fetch_bytes

    data = fetch_bytes(name)
    return lambda: read_feed(name, data, defaults)


def _import(
    writer: Writer,
    name: str,
    items: Iterator[Parsed | Remark],
    summary: ImportSummary,
    progress: Callable[[str, int], None],
) -> None:
    """Add a source in chunks, so that the remarks on a chunk can name its rows."""
    has_statements = False
    statements = _without_remarks(items, summary)
    while chunk := list(islice(statements, CHUNK)):
        added = writer.add((item.statement for item in chunk), lambda more: progress(name, more))
        summary.count(added)
        for note in added.reused:
            why = message(
                "source id {what} already used for another text, number {other}; both are stored",
                what=note.what,
                other=note.other,
            )
            summary.note(SAME_SOURCE_ID, Remark(name, chunk[note.index].row, why))
        for note in added.differing:
            why = message(
                "already stored as number {other} with other details, which stay: {what}",
                other=note.other,
                what=note.what,
            )
            summary.note(OTHER_DETAILS, Remark(name, chunk[note.index].row, why))
        has_statements = True
    summary.files += has_statements


def _without_remarks(items: Iterator[Parsed | Remark], summary: ImportSummary) -> Iterator[Parsed]:
    for item in items:
        if isinstance(item, Remark):
            summary.note(item.why, item)
        else:
            yield item
