"""Turn bytes into text."""

from __future__ import annotations

from tocsin.errors import InputError


def decode(data: bytes, shown: str) -> str:
    """Return UTF-8 bytes as text without a byte order mark.

    Raises:
        InputError: if the bytes are not UTF-8; it names the place of the first invalid byte.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        raise InputError(
            "not UTF-8 text", file=shown, line=line, column=column, remedy="save the file as UTF-8"
        ) from None
