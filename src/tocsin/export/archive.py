"""Zip files that are the same for the same content."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of every member: the earliest that the format knows."""
PACKED = (".png", ".jpeg", ".jpg")
"""Endings of members that are compressed already."""
LEVEL = 6
"""Of compression: higher ones take longer and save little."""


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of files by name, in their order, with fixed dates and permissions."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, data in members.items():
            info = ZipInfo(name, EPOCH)
            info.compress_type = ZIP_STORED if name.endswith(PACKED) else ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return file.getvalue()
