"""New case folders beside the one where the workbench was started, and the cases that can be opened."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from tocsin.case.rewriting import with_value
from tocsin.case.translations import title_in
from tocsin.case.types import parse_day
from tocsin.data.shipped import FILE, is_shipped, shipped_cases
from tocsin.draft.article import article_of
from tocsin.draft.blank import fact_check_text
from tocsin.draft.drafting import draft_of
from tocsin.draft.writing import case_text
from tocsin.errors import InputError
from tocsin.files import write_all
from tocsin.reading import decode, read_bytes, read_yaml
from tocsin.runs.names import new_id
from tocsin.runs.shipped import VERDICTS
from tocsin.translation import message

MAX_LISTED = 50
"""Case folders that are listed."""
_NAME = re.compile(r"\w(?:[\w .-]{0,78}\w)?")


def new_folder(home: Path, name: str) -> Path:
    """Return the path of a new case folder.

    Raises:
        InputError: if the name is not allowed, or exists already.
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            message("{name} cannot name a folder", name=repr(name)),
            remedy=message(
                "use up to 80 letters, digits, blanks, hyphens and dots; begin and end with a letter or digit"
            ),
        )
    folder = home / name
    if folder.exists() or folder.is_symlink():
        raise _taken(folder)
    return folder


def drafted(folder: Path, article: bytes, name: str, title: str, day: str) -> Path:
    """Write the draft of an article as a new case in its language, see `tocsin draft`; return its file.

    No rule reads Korean and Japanese: there the reader chooses the claims, and the case begins with none of the article.

    Args:
        folder: of the case; it must not exist.
        article: text, Markdown, HTML, .docx or PDF.
        name: of the article's file.
        title: of the case; empty for the article's.
        day: of the article as YYYY-MM-DD; empty for the one that it states, else today.

    Raises:
        InputError: if the article cannot be drafted or the folder cannot be written.
    """
    made = draft_of(article_of(article, name, Path(name).suffix.lower()), parse_day(day) if day else None)
    named = title or made.article.title or folder.name
    text = case_text(
        made,
        case_id=new_id(folder),
        title=named,
        as_of=made.day or date.today(),
        proposes=made.article.language == "en",
    )
    return _written(folder, {FILE: text})


def blank(folder: Path, title: str, day: str, language: str) -> Path:
    """Write a new case without an article, in a language, and return its file; for other arguments and errors see `drafted`."""
    as_of = parse_day(day) if day else date.today()
    return _written(folder, {FILE: fact_check_text(new_id(folder), title or folder.name, as_of, language)})


def copied(folder: Path, source: Path) -> Path:
    """Copy a shipped case to a new folder, under an id of its own, and return the file of the copy.

    Args:
        folder: of the copy; it must not exist.
        source: folder of the shipped case.

    Raises:
        InputError: if the case is not shipped or the folder cannot be written.
    """
    if not is_shipped(source):
        raise InputError(message("this case is your own"), remedy=message("edit it as it is"))
    paths = [path for path in source.rglob("*") if path.is_file() and path.name != VERDICTS]
    files: dict[str, str | bytes] = {str(path.relative_to(source)): path.read_bytes() for path in paths}
    text = decode(read_bytes(source / FILE, FILE), FILE)
    return _written(folder, {**files, FILE: with_value(text, FILE, ("id",), new_id(folder))})


def _written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files of a new folder, all or none."""
    try:
        folder.mkdir()  # fails if another window took the name meanwhile
    except FileExistsError:
        raise _taken(folder) from None
    except OSError as error:
        raise InputError(
            message("cannot create the folder: {reason}", reason=error.strerror or ""),
            file=str(folder),
            remedy=message("check permissions and disk space"),
        ) from None
    try:
        write_all({folder / name: data for name, data in files.items()})
    except InputError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder / FILE


def _taken(folder: Path) -> InputError:
    return InputError(
        message("The folder {folder} exists already.", folder=str(folder)),
        remedy=message("Choose another folder name."),
    )


def taken(home: Path) -> list[str]:
    """Return the names that a new folder cannot have, because they exist; none if the folder `home` cannot be read."""
    with suppress(OSError):
        return sorted(path.name for path in home.iterdir())
    return []


def listed(home: Path, file: Path, language: str) -> list[dict[str, Any]]:
    """Return the cases that can be opened: the shipped ones, and those beside an open case or in the folder `home`.

    Args:
        home: folder where the workbench was started.
        file: of the open case.
        language: of the titles, where they are translated.
    """
    shipped = [folder.resolve() / FILE for folder in shipped_cases().values()]
    own = dict.fromkeys(path for root in dict.fromkeys((home, file.parent.parent)) for path in _cases_in(root))
    return [
        *(_item(path, language, shipped=True) for path in shipped),
        *(_item(path, language, shipped=False) for path in own if path not in shipped),
    ]


def _cases_in(root: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from [path.resolve() for path in sorted(root.glob(f"*/{FILE}"))[:MAX_LISTED]]


def _item(file: Path, language: str, *, shipped: bool) -> dict[str, Any]:
    return {"file": str(file), "name": file.parent.name, "title": _title(file, language), "shipped": shipped}


def _title(file: Path, language: str) -> str:
    """Return the title of a case in a language; empty if it cannot be read."""
    try:
        title = read_yaml(decode(read_bytes(file, file.name), file.name), file.name).data.get("title", "")
        return title_in(file.parent, str(title), language)
    except InputError:
        return ""
