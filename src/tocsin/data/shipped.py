"""The cases that are installed with the program."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
FILE = "case.yaml"
"""Name of the file of a case in its folder."""


def shipped_cases() -> dict[str, Path]:
    """Return the folders of the shipped cases by name.

    An installed package holds them in `tocsin/cases`, a checkout in `cases` at its top.
    """
    folders = (PACKAGE / "cases", PACKAGE.parents[1] / "cases")
    folder = next((folder for folder in folders if folder.is_dir()), folders[0])
    return {file.parent.name: file.parent for file in sorted(folder.glob(f"*/{FILE}"))}


def case_path(path: Path) -> Path:
    """Return `path`, or the folder of the shipped case of this name if nothing exists at `path`."""
    return path if path.exists() else shipped_cases().get(str(path), path)


def is_shipped(folder: Path) -> bool:
    """Return whether a folder is that of a shipped case."""
    return folder.resolve() in {shipped.resolve() for shipped in shipped_cases().values()}
