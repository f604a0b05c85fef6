"""`tocsin new`: a case that lints and runs as it is, with every value marked as a template."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from tocsin.errors import InputError

ACTOR = re.compile(r"[A-Z][A-Z0-9]{1,7}")
REMEDY = "use two to eight capitals or digits, such as PRK"


def write_template(folder: Path, *, title: str, challenger: str, target: str, protector: str) -> Path:
    """Write `case.yaml` into a new folder.

    Args:
        folder: of the case; its name, in small letters and hyphens, becomes the case's id.
        title: the question or argument in one line.
        challenger, target, protector: short names in capitals, three different ones.

    Returns:
        The path written.

    Raises:
        InputError: if a name does not fit, or the folder already holds a case.
    """
    actors = (challenger, target, protector)
    for actor in actors:
        if not ACTOR.fullmatch(actor):
            raise InputError(f"{actor!r} is not a short name of an actor", remedy=REMEDY)
    if len(set(actors)) < len(actors):
        raise InputError("challenger, target and protector must be three different actors", remedy="name three")
    path = folder / "case.yaml"
    if path.exists():
        raise InputError("there is a case already", file=str(path), remedy="name another folder")
    words = re.findall(r"[a-z0-9]+", folder.resolve().name.lower())
    text = (
        _environment()
        .get_template("case.yaml.jinja")
        .render(
            id="-".join(words) or "case",
            title=_plain(title) or "My argument",
            today=date.today().isoformat(),
            challenger=challenger,
            target=target,
            protector=protector,
        )
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"cannot write there: {error.strerror}", file=str(path), remedy="name another folder"
        ) from error
    return path


def _plain(text: str) -> str:
    """One line that can stand between double quotes in YAML."""
    return " ".join(text.split()).replace("\\", "/").replace('"', "'")


def _environment() -> Environment:
    return Environment(  # noqa: S701  the text is YAML, not HTML
        loader=PackageLoader("tocsin.cli"), undefined=StrictUndefined, keep_trailing_newline=True
    )
