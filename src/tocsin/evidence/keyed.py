"""A specification's YAML by its keys: which there may be, and errors that name their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tocsin.errors import InputError, did_you_mean
from tocsin.reading import Document


class Keyed:
    """A document read key by key.

    Attributes:
        document: what stands in the file; file: its name, for errors.
        data: the same as plain values.
    """

    def __init__(self, document: Document, file: str) -> None:
        self.document, self.file, self.data = document, file, document.data

    def error(self, key: str, message: str, remedy: str) -> InputError:
        """What is wrong with a key, with its line."""
        place = self.document.values.get((key,)) or self.document.keys.get((key,))
        line = place.line if place else None
        return InputError(f"{key}: {message}", file=self.file, line=line, remedy=remedy)

    @contextmanager
    def at(self, key: str) -> Iterator[None]:
        """Gives errors from below the place of a key."""
        try:
            yield
        except InputError as error:
            raise self.error(key, error.message, error.remedy or "") from None

    def check(self, required: Sequence[str], optional: Sequence[str]) -> None:
        """Raises InputError for the first key that is none of these, or the first that must be there and is not."""
        for key in self.data:
            if key not in (*required, *optional):
                raise self.error(str(key), "no such key", did_you_mean(str(key), (*required, *optional)))
        if absent := [key for key in required if key not in self.data]:
            raise InputError(f"`{absent[0]}` is missing", file=self.file, remedy=f"give {', '.join(required)}")
