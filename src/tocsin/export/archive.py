"""Zip files that are the same for the same content."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of every member: the earliest that the format knows."""
LEVEL = 6
"""Of compression: higher ones take longer and save little."""


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of files by name, in their order, with fixed dates and permissions."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, data in members.items():
            info = ZipInfo(name, EPOCH)
            info.compress_type, info.create_system = ZIP_DEFLATED, 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return file.getvalue()
