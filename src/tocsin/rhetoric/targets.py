"""Find the code of a state that headlines can be about."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files

from tocsin.data.names import find_code
from tocsin.errors import InputError
from tocsin.translation import message


@cache
def known_targets() -> frozenset[str]:
    """Return the codes that the coder can give as targets."""
    folder = files("tocsin.rhetoric")
    names = csv.DictReader((folder / "states.csv").read_text(encoding="utf-8").splitlines())
    lexicon = tomllib.loads((folder / "lexicon.toml").read_text(encoding="utf-8"))
    implied = {iso for block in ("mentions", "implied") for iso in lexicon.get(block, {})}
    return frozenset({row["iso"] for row in names} | implied) - {"PRK"}


def target_code(text: str) -> str:
    """Return the code of a target, given its code or name in any form that `names.find_code` takes.

    Raises:
        InputError: if the coder knows no such state, the name may mean several, or the state is North Korea.
    """
    code = find_code(text, among=known_targets() | {"PRK"})
    if code == "PRK":
        raise InputError(
            message("North Korea is never a target of its own media"), remedy=message("name another state, such as JPN")
        )
    return code
