"""The case file on the desk with its tables: saved at each edit, with undo, and safe under two windows and other editors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from tocsin.errors import InputError
from tocsin.files import replacing
from tocsin.reading import decode, file_inside, read_bytes
from tocsin.translation import message
from tocsin.workbench.loading import Loading

if TYPE_CHECKING:
    from tocsin.case.schema import Case

BOM = "\ufeff"
"""Mark with which some programs begin a file."""
MAX_UNDO, MAX_KEPT = 500, 50_000_000
"""Edits that can be undone, and characters of the texts that are kept for this."""


@dataclass(frozen=True)
class Draft:
    """A text of the case file, and its version: the SHA-256 of the text."""

    text: str

    @property
    def version(self) -> str:
        """Return the version."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


class ChangedError(InputError):
    """The case file has another text than the one that an edit was made on.

    Attributes:
        now: the present text.
        base: the text that the reader saw; None if it is not known any more.
        mine: that text with the edit; None if there is no edit or it is not possible.
    """

    def __init__(self, now: Draft, base: str | None = None, mine: str | None = None) -> None:
        super().__init__(
            message("the case changed meanwhile, in another window or editor"),
            remedy=message("look at both and choose"),
        )
        self.now, self.base, self.mine = now, base, mine


@dataclass(frozen=True)
class _Edit:
    """What an edit made of a file."""

    file: Path
    before: str
    after: str


@dataclass
class Desk:
    """One case file that is open for editing.

    Attributes:
        file: the case file.
        writable: whether it may be changed; the cases that come with the program may not.
    """

    file: Path
    writable: bool = True
    _past: list[_Edit] = field(default_factory=list)
    _future: list[_Edit] = field(default_factory=list)
    _known: str = ""
    _lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        self._known = self._on_disk()
        self._loading = Loading(self.file)

    def case(self) -> Case:
        """Return the case as its files are now.

        Raises:
            CaseErrors: if the case has errors.
        """
        return self._loading.case()

    def draft(self) -> Draft:
        """Return the present text of the file; a change by another program counts as an edit that can be undone.

        Raises:
            InputError: if the file cannot be read.
        """
        with self._lock:
            text = self._on_disk()
            if text != self._known:
                self._remember(text)
            return Draft(text)

    def edit(self, base: str, change: Callable[[str], str]) -> Draft:
        """Save a changed text.

        Args:
            base: version of the text that the reader saw.
            change: gives the new text for the old one.

        Raises:
            ChangedError: if the file has another text by now.
            InputError: if the change is not possible or the file cannot be written.
        """
        with self._lock:
            now = self.draft()
            if now.version != base:
                raise self._changed(now, base, change)
            text = change(now.text)
            if text != now.text:
                self._save(self.file, text)
                self._remember(text)
            return Draft(text)

    def edit_table(self, base: str, name: str, seen: str, change: Callable[[str], str]) -> Draft:
        """Save a changed text of a table of the case, and return the text of the case file.

        Args:
            base: version of the text of the case file that the reader saw.
            name: of the table in the case's folder.
            seen: SHA-256 of the table that the reader saw.
            change: gives the new text for the old one.

        Raises:
            ChangedError: if the case file has another text by now.
            InputError: if the table has another text by now, the change is not possible, or the file cannot be written.
        """
        with self._lock:
            now = self.draft()
            if now.version != base:
                raise ChangedError(now)
            file = file_inside(self.file.parent, name)
            before = _table_text(file)
            if Draft(before).version != seen:
                raise InputError(
                    message("the table {name} changed meanwhile", name=name),
                    remedy=message("look at its new values and edit again"),
                )
            after = change(before)
            if after != before:
                self._save(file, after)
                self._note(_Edit(file, before, after))
            return now

    def seen(self, base: str) -> Draft:
        """Return the text that the reader saw, on which a long edit can begin.

        Args:
            base: version of that text.

        Raises:
            ChangedError: if the file has another text by now.
            InputError: if the case cannot be changed.
        """
        self.check_writable()
        now = self.draft()
        if now.version != base:
            raise ChangedError(now)
        return now

    @property
    def can_undo(self) -> bool:
        """Return whether there is an edit to undo."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Return whether there is an undone edit to make again."""
        return bool(self._future)

    def undo(self, base: str) -> Draft:
        """Save the text before the last edit; for errors see `edit`."""
        return self._step(base, undo=True)

    def redo(self, base: str) -> Draft:
        """Save the text of the edit that was undone last; for errors see `edit`."""
        return self._step(base, undo=False)

    def _step(self, base: str, *, undo: bool) -> Draft:
        source, target = (self._past, self._future) if undo else (self._future, self._past)
        with self._lock:
            now = self.draft()
            if now.version != base:
                raise ChangedError(now)
            if not source:
                raise InputError(
                    message("there is nothing to undo") if undo else message("there is nothing to redo"),
                    remedy=message("make an edit first"),
                )
            step = source[-1]
            stands, wanted = (step.after, step.before) if undo else (step.before, step.after)
            if step.file != self.file and _table_text(step.file) != stands:
                source.pop()
                raise InputError(
                    message("the table {name} changed meanwhile in another program", name=step.file.name),
                    remedy=message("change it there"),
                )
            self._save(step.file, wanted)
            target.append(source.pop())
            self._known = wanted if step.file == self.file else self._known
            return Draft(self._known)

    def _changed(self, now: Draft, base: str, change: Callable[[str], str]) -> ChangedError:
        edits = [edit for edit in (*self._past, *self._future) if edit.file == self.file]
        seen = next((text for edit in edits for text in (edit.before, edit.after) if Draft(text).version == base), None)
        if seen is None:
            return ChangedError(now)
        try:
            return ChangedError(now, seen, change(seen))
        except InputError:
            return ChangedError(now)

    def _remember(self, text: str) -> None:
        self._note(_Edit(self.file, self._known, text))
        self._known = text

    def _note(self, edit: _Edit) -> None:
        """Make an edit the one that is undone first."""
        self._past.append(edit)
        while len(self._past) > MAX_UNDO or (len(self._past) > 1 and _kept(self._past) > MAX_KEPT):
            del self._past[0]
        self._future.clear()

    def _on_disk(self) -> str:
        return decode(read_bytes(self.file, self.file.name), self.file.name)

    def check_writable(self) -> None:
        """Check that the case may be changed.

        Raises:
            InputError: if it may not.
        """
        if not self.writable:
            raise InputError(
                message("this case comes with the program and cannot be changed"),
                remedy=message("make a copy of your own"),
            )

    def _save(self, file: Path, text: str) -> None:
        self.check_writable()
        with replacing(file) as trial:
            trial.write_text(text, encoding="utf-8", newline="")


def _kept(edits: Sequence[_Edit]) -> int:
    """Return how many characters some edits keep; each text after an edit is the text before the next one."""
    return sum(len(edit.before) for edit in edits)


def _table_text(file: Path) -> str:
    """Return the text of a table with its byte order mark, if it has one, so that it is written again as it was.

    Raises:
        InputError: if the file cannot be read or is not UTF-8.
    """
    data = read_bytes(file, file.name)
    text = decode(data, file.name)
    return BOM + text if data.startswith(BOM.encode()) else text
