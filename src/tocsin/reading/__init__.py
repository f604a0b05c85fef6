"""Read untrusted files: sizes are checked first, and every error names its place.

`sources` opens files, `encodings` turns bytes into text, `yaml` reads YAML with the place of every key, and `strict_csv` reads the
tables of a case. `frames` reads other tables: delimited text (`delimited`), workbooks (`workbooks`), Stata and Parquet files.
"""

from __future__ import annotations

from tocsin.reading.encodings import decode
from tocsin.reading.place import LIMIT, Loc, Place
from tocsin.reading.sources import MAX_BYTES, check_file, file_inside, open_file, read_bytes
from tocsin.reading.strict_csv import Row, read_csv
from tocsin.reading.yaml import Document, read_yaml

__all__ = [
    "LIMIT",
    "MAX_BYTES",
    "Document",
    "Loc",
    "Place",
    "Row",
    "check_file",
    "decode",
    "file_inside",
    "open_file",
    "read_bytes",
    "read_csv",
    "read_yaml",
]
