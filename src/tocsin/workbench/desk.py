"""The case file on the desk: its text with a version, saved at each edit, with undo, and safe under two windows and other editors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from tocsin.errors import InputError
from tocsin.files import replacing
from tocsin.reading import decode, read_bytes
from tocsin.workbench.loading import Loading

if TYPE_CHECKING:
    from tocsin.case.schema import Case

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
        super().__init__("the case changed meanwhile, in another window or editor", remedy="look at both and choose")
        self.now, self.base, self.mine = now, base, mine


@dataclass
class Desk:
    """One case file that is open for editing.

    Attributes:
        file: the case file.
        writable: whether it may be changed; the cases that come with the program may not.
    """

    file: Path
    writable: bool = True
    _past: list[str] = field(default_factory=list)
    _future: list[str] = field(default_factory=list)
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
                self._save(text)
                self._remember(text)
            return Draft(text)

    def rewritten(self, base: str, write: Callable[[], None]) -> Draft:
        """Let another program change the file, while no window can; this counts as one edit.

        Args:
            base: version of the text that the reader saw.
            write: runs the program.

        Raises:
            ChangedError: if the file has another text by now.
            InputError: if the case cannot be changed, or the program fails.
        """
        self.check_writable()
        with self._lock:
            now = self.draft()
            if now.version != base:
                raise ChangedError(now)
            write()
            return self.draft()

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
        return self._step(base, self._past, self._future, "there is nothing to undo")

    def redo(self, base: str) -> Draft:
        """Save the text of the edit that was undone last; for errors see `edit`."""
        return self._step(base, self._future, self._past, "there is nothing to redo")

    def _step(self, base: str, source: list[str], target: list[str], nothing: str) -> Draft:
        with self._lock:
            now = self.draft()
            if now.version != base:
                raise ChangedError(now)
            if not source:
                raise InputError(nothing, remedy="make an edit first")
            self._save(source[-1])
            target.append(now.text)
            self._known = source.pop()
            return Draft(self._known)

    def _changed(self, now: Draft, base: str, change: Callable[[str], str]) -> ChangedError:
        seen = next((text for text in (*self._past, *self._future) if Draft(text).version == base), None)
        if seen is None:
            return ChangedError(now)
        try:
            return ChangedError(now, seen, change(seen))
        except InputError:
            return ChangedError(now)

    def _remember(self, text: str) -> None:
        self._past.append(self._known)
        while len(self._past) > MAX_UNDO or (len(self._past) > 1 and sum(map(len, self._past)) > MAX_KEPT):
            del self._past[0]
        self._future.clear()
        self._known = text

    def _on_disk(self) -> str:
        return decode(read_bytes(self.file, self.file.name), self.file.name)

    def check_writable(self) -> None:
        """Check that the case may be changed.

        Raises:
            InputError: if it may not.
        """
        if not self.writable:
            raise InputError("this case comes with the program and cannot be changed", remedy="make a copy of your own")

    def _save(self, text: str) -> None:
        self.check_writable()
        with replacing(self.file) as trial:
            trial.write_text(text, encoding="utf-8", newline="")
