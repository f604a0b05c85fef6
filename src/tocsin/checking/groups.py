"""Groups of states that sentences name: alliances with a list of members, and groups without one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from tocsin.errors import InputError
from tocsin.translation import message

MEMBERS = "atop_members"
"""The data set that lists members."""


@dataclass(frozen=True)
class Alliance:
    """An alliance: its name, and its number in ATOP."""

    name: str
    number: int


_NATO, _PACT, _LEAGUE, _SEATO = (
    Alliance("NATO", 3180),
    Alliance("the Warsaw Pact", 3285),
    Alliance("the Arab League", 3015),
    Alliance("SEATO", 3260),
)
ALLIANCES = MappingProxyType(
    {"nato": _NATO, "atlantic alliance": _NATO, "warsaw pact": _PACT, "arab league": _LEAGUE, "seato": _SEATO}
)
"""Alliances by the words that mean them."""
_UNLISTED = (
    "eu|european union|eurozone|euro area|asean|brics|g7|g8|g20|opec|african union|ecowas|csto|sco|gcc|oecd|oas|commonwealth|"
    "africa|europe|asia|latin america|south america|north america|central america|middle east|sub-saharan africa|southeast asia|"
    "east asia|west|global south|third world"
)
_BODY = r"(?:(?:member states|members?|countries|states|nations|allies) of )?(?:the )?(?P<name>{})(?:'s)?(?: (?:member states|members?|countries|states|nations|allies))?"
_BEFORE = r"(?:all )?(?:the )?(?P<rest>other |rest of )?(?:the )?"
_LISTED = re.compile(_BEFORE + _BODY.format("|".join(ALLIANCES)), re.IGNORECASE)
_OTHERS = re.compile(_BEFORE + _BODY.format(_UNLISTED), re.IGNORECASE)


def alliance_called(text: str) -> tuple[Alliance, bool] | None:
    """Return the alliance that a text names, and whether it means its other members: "the rest of NATO"; None if it names none."""
    match = _LISTED.fullmatch(" ".join(text.split()))
    return (ALLIANCES[match["name"].lower()], match["rest"] is not None) if match else None


def refuse_group(text: str) -> None:
    """Refuse the name of a group where one state is meant.

    Raises:
        InputError: if the text names a group.
    """
    plain = " ".join(text.split())
    if _LISTED.fullmatch(plain):
        raise InputError(
            message("{text} is a group of states, and this form takes single states", text=repr(text)),
            remedy=message(
                "name one state; or ask for a level, a share of the world or a comparison in one year, such as"
                ' "NATO members spent more than Russia on defence in 2010"'
            ),
        )
    if _OTHERS.fullmatch(plain):
        raise InputError(
            message("{text} is a group of states, and no data set here lists its members", text=repr(text)),
            remedy=message(
                'name states, such as "France, Germany and Italy together", or one of the groups with members here: '
                "NATO, the Warsaw Pact, the Arab League and SEATO"
            ),
        )


def members_in(table: pl.DataFrame, alliance: Alliance, year: int) -> list[int]:
    """Return the COW numbers of the members at the end of a year, in order.

    Args:
        table: the data set `MEMBERS`.
        alliance: the alliance.
        year: within the years of the data set.
    """
    # 0 stands for no exit
    stays = (pl.col("exit_year").fill_null(0) == 0) | (pl.col("exit_year") > year)
    rows = table.filter(pl.col("alliance") == alliance.number, pl.col("entry_year") <= year, stays)
    return sorted(int(number) for number in rows["state"].unique())
