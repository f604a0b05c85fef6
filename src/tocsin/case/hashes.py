"""Hash what a case rests on: its files, its measured values and its default ranges."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def combined(digests: Mapping[str, str]) -> str:
    """Return one SHA-256 for named ones; it depends on names and hashes, and not on their order."""
    return digest("\n".join(f"{value}  {name}" for name, value in sorted(digests.items())).encode())
