"""States by what people call them."""

from __future__ import annotations

import polars as pl

from tocsin.errors import InputError, did_you_mean

ISO = {
    "AGO": 540, "ARE": 696, "ATG": 58, "AUS": 900, "AUT": 305, "BDI": 516, "BFA": 439, "BGD": 771, "BGR": 355,
    "BHR": 692, "BHS": 31, "BIH": 346, "BRB": 53, "BRN": 835, "BTN": 760, "BWA": 571, "CAF": 482, "CHE": 225,
    "CIV": 437, "CMR": 471, "COD": 490, "COG": 484, "CPV": 402, "CRI": 94, "CSK": 315, "CZE": 316, "DDR": 265,
    "DEU": 255, "DNK": 390, "DZA": 615, "ESP": 230, "FJI": 950, "FRA": 220, "GBR": 200, "GEO": 372, "GIN": 438,
    "GMB": 420, "GNQ": 411, "GRD": 55, "GTM": 90, "HND": 91, "HRV": 344, "HTI": 41, "IDN": 850, "IRL": 205,
    "ISL": 395, "KAZ": 705, "KGZ": 703, "KHM": 811, "KNA": 60, "KOR": 732, "KWT": 690, "LBN": 660, "LBY": 620,
    "LCA": 56, "LKA": 780, "LSO": 570, "LTU": 368, "LVA": 367, "MAR": 600, "MCO": 221, "MDA": 359, "MDG": 580,
    "MDV": 781, "MHL": 983, "MKD": 343, "MMR": 775, "MNE": 341, "MNG": 712, "MOZ": 541, "MRT": 435, "MUS": 590,
    "MWI": 553, "MYS": 820, "NER": 436, "NGA": 475, "NLD": 210, "NPL": 790, "NRU": 970, "NZL": 920, "OMN": 698,
    "PHL": 840, "PLW": 986, "PRT": 235, "PRY": 150, "ROU": 360, "SDN": 625, "SGP": 830, "SLB": 940, "SLE": 451,
    "SLV": 92, "SMR": 331, "SVK": 317, "SVN": 349, "SWE": 380, "SWZ": 572, "SYC": 591, "TCD": 483, "TGO": 461,
    "THA": 800, "TJK": 702, "TLS": 860, "TTO": 52, "TWN": 713, "TZA": 510, "URY": 165, "VCT": 57, "VNM": 816,
    "VUT": 935, "ZAF": 560, "ZMB": 551, "ZWE": 552,
}  # fmt: skip
"""ISO 3166-1 codes that are not those of the Correlates of War, with the latter's number of the state. Six are both: KOR, AUS,
MNG, SLV, SWZ and CZE stand for other states there."""


def find_state(text: str, years: tuple[int, int], states: pl.DataFrame) -> int:
    """The COW number of a state.

    A number; an ISO code of three letters; where no ISO state of that code was a member of the system in these years, a code
    of the Correlates of War; or a full name that is one state's alone.

    Args:
        text: as written.
        years: first and last year asked about.
        states: the source `states`, as `readers.read` gives it.

    Raises:
        InputError: if there is no such state, it was no member in any of these years, or the name fits several.
    """
    wanted = text.strip()
    within = (pl.col("first") <= years[1]) & ((pl.col("last") >= years[0]) | (pl.col("last") == states["last"].max()))
    members = states.filter(within)
    by_number = int(wanted) if wanted.isascii() and wanted.isdigit() else -1
    heirs = members.filter(pl.col("state").is_in(_SHARED.get(wanted.lower(), [])))
    tries = (by_number, ISO.get(wanted.upper(), -1), _only(members, "code", wanted), _only(members, "name", wanted))
    if not heirs.height:
        for number in tries:
            if number in members["state"]:
                return number
    part = pl.col("name").str.to_lowercase().str.contains(wanted.lower(), literal=True)
    like = heirs if heirs.height else members.filter(part)
    if wanted and like.height:
        rows = like.unique("state", maintain_order=True).iter_rows(named=True)
        names = ", ".join(f"{row['name']} ({row['code']}, {row['state']})" for row in rows)
        raise InputError(f"`{wanted}` names no one state of {_span(years)}", remedy=f"did you mean {names}?")
    known = states.filter(
        (pl.col("code") == wanted.upper())
        | (pl.col("name").str.to_lowercase() == wanted.lower())
        | pl.col("state").is_in([by_number, ISO.get(wanted.upper(), -1)])
    )
    if known.height:
        spells = ", ".join(f"{first}-{last}" for first, last in known.select("first", "last").rows())
        raise InputError(
            f"{known['name'][0]} was no member of the system in {_span(years)}", remedy=f"ask about {spells}"
        )
    raise InputError(
        f"no state is called `{wanted}`", remedy=did_you_mean(wanted, [*states["code"], *states["name"], *ISO])
    )


_SHARED = {"germany": [260, 265], "korea": [731, 732], "vietnam": [816, 817], "yemen": [678, 680], "china": [710, 713]}
"""Names that several states claim; while any of these is a member, they must be told apart."""


def _only(members: pl.DataFrame, column: str, text: str) -> int:
    found = members.filter(pl.col(column).str.to_lowercase() == text.lower())["state"].unique()
    return int(found[0]) if len(found) == 1 else -1


def _span(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]} to {years[1]}"


def member_years(states: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """State-years of the system from `first` to `last`; the members of the list's last year are taken to stay.

    Args:
        states: the source `states`, as `readers.read` gives it.
        first, last: years.

    Returns:
        Columns state and year, unique.
    """
    until = pl.when(pl.col("last") == states["last"].max()).then(last).otherwise(pl.col("last"))
    return (
        states.select("state", year=pl.int_ranges(pl.col("first"), until + 1))
        .explode("year")
        .filter(pl.col("year").is_between(first, last))
        .unique()
    )
