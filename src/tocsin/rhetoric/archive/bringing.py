"""Files, folders and feeds into an archive, and what became of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tocsin.errors import InputError
from tocsin.rhetoric.archive.reading import Found, Given, Remark, Taken, files_of, read, read_feed
from tocsin.rhetoric.archive.store import CHUNK, Archive

MAX_KEPT = 1_000
"""Remarks of a kind that are kept; rows that were lost are kept all."""


@dataclass
class Summary:
    """What became of an import, filled while it goes on.

    Attributes:
        added, known, alike: statements, as in `store.Added`; files: of which something was read.
        lost: rows and files that were not taken, all of them.
        counts, remarks: other remarks by what they say: how many, and the first of them.
    """

    added: int = 0
    known: int = 0
    alike: int = 0
    files: int = 0
    lost: list[Remark] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, list[Remark]] = field(default_factory=dict)

    def note(self, kind: str, remark: Remark) -> None:
        """Keep a remark."""
        if remark.lost:
            self.lost.append(remark)
            return
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] <= MAX_KEPT:
            self.remarks.setdefault(kind, []).append(remark)

    @property
    def exit_code(self) -> int:
        """0 if everything was taken, 1 if something was not, 2 if nothing could be read."""
        if not self.added + self.known:
            return 2
        return 1 if self.lost else 0


def bring_in(
    archive: Archive,
    sources: Iterable[str],
    given: Given,
    summary: Summary,
    progress: Callable[[str, int], None] | None = None,
) -> None:
    """Add what is in files, folders and feeds to an archive; a source that cannot be read does not stop the others.

    Args:
        archive: open for writing.
        sources: paths, or http(s) addresses of feeds, which alone use the network.
        given: what holds of all statements where they do not say so.
        summary: filled as it goes on, so that it tells the truth also of an import that is stopped.
        progress: called with the source and how many more of its rows have been dealt with.

    Raises:
        SolveError: if the archive cannot be written.
    """
    for source in sources:
        for name in _expanded(source, summary):
            try:
                _add(archive, name, _found(name, given), summary, progress or (lambda _name, _more: None))
            except InputError as error:
                summary.note("", Remark(name, None, f"{error.message}; {error.remedy}", lost=True))


def _expanded(source: str, summary: Summary) -> Iterator[str]:
    if _is_address(source) or not Path(source).is_dir():
        yield source
        return
    readable, others = files_of(Path(source))
    for file in others:
        summary.note("of another kind, not read", Remark(str(file), None, "of another kind, not read"))
    if not readable:
        summary.note("", Remark(source, None, "no file in this folder can be read", lost=True))
    yield from map(str, readable)


def _is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _found(name: str, given: Given) -> Iterator[Found]:
    if not _is_address(name):
        return read(Path(name), given)
    from tocsin.data.fetch import fetch_bytes

    return read_feed(name, fetch_bytes(name), given)


def _add(
    archive: Archive, name: str, found: Iterator[Found], summary: Summary, progress: Callable[[str, int], None]
) -> None:
    """Add a source chunk by chunk, so that the rows of what the archive remarks upon are at hand."""
    some = False
    taken = _taken(found, summary)
    while chunk := list(islice(taken, CHUNK)):
        done = archive.add((each.statement for each in chunk), lambda more: progress(name, more))
        summary.added, summary.known, summary.alike = (
            summary.added + done.added,
            summary.known + done.known,
            summary.alike + done.alike,
        )
        for note in done.reused:
            why = f"{note.what} is the source's name of another text too, number {note.other}; both are kept"
            summary.note(
                "under a source's name that has another text too; both are kept", Remark(name, chunk[note.at].row, why)
            )
        for note in done.differing:
            why = f"known as number {note.other}, there with other details, which are kept: {note.what}"
            summary.note("known before, with other details, which are kept", Remark(name, chunk[note.at].row, why))
        some = True
    summary.files += some


def _taken(found: Iterator[Found], summary: Summary) -> Iterator[Taken]:
    for each in found:
        if isinstance(each, Taken):
            yield each
        else:
            summary.note(each.why, each)
