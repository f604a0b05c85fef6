"""Texts of new cases from templates: values that the author must replace are marked."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path

from tocsin.case.reasons import MARKS
from tocsin.draft.blocks import GRADES
from tocsin.tables import printable
from tocsin.translation import Translator, message

MAX_ID = 80
MAX_TITLE = 2000


def case_id(folder: Path) -> str:
    """Return the id of a case from the name of its folder: its Latin letters and digits, lower case, with hyphens.

    A name with other letters, such as Korean ones, adds a hash of the name, so that two such names have two ids.
    """
    name = unicodedata.normalize("NFC", folder.resolve().name).lower()
    words = re.findall(r"[a-z0-9]+", name)
    digits = "" if name.isascii() else f"-{blake2b(name.encode(), digest_size=3).hexdigest()}"
    return ("-".join(words)[: MAX_ID - len(digits)].strip("-") or "case") + digits


def plain_text(text: str) -> str:
    """Return a text on one line that can stand between double quotes in YAML."""
    return printable(text).replace("\\", "/").replace('"', "'")[:MAX_TITLE]


def fact_check_text(key: str, title: str, day: date, language: str = "en") -> str:
    """Return the text of a case without a game.

    Args:
        key: id of the case.
        title: of the case; a template's one stands in for an empty one.
        day: of the case.
        language: of its texts.
    """
    return rendered("facts.yaml.jinja", key, title, day, language)


def rendered(template: str, key: str, title: str, day: date, language: str, **values: object) -> str:
    """Return the text of a template with the id, title, day and language of a case and the template's further values."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(  # noqa: S701  the text is YAML, not HTML
        loader=PackageLoader("tocsin.draft"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        finalize=Translator(language=language).plain,
    )
    environment.globals["_"] = partial(message, mark=MARKS[language])
    return environment.get_template(template).render(
        id=key,
        title=plain_text(title) or message("My argument"),
        language=language,
        today=day.isoformat(),
        mark=MARKS[language],
        grades=GRADES,
        **values,
    )
