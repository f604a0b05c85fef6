"""The share of a state's force that it can use far from home, by distance and the speed of armies.

Bueno de Mesquita (1981, The War Trap, p. 105) reduces a state's share c of the world's capabilities by the days that its army needs:

    c ^ log10(days + e), e = 10 - exp(1).

Divided by the value for no distance, c ^ log10(e), this is the share of its force that a state can use there. An army marches
250 miles a day to 1918, 375 to 1945 and 500 since.

The law is a convention and no estimate. So the bounds are wide: half and twice the speed, a step as large as between his first period
and his last, and the two usual distances, between nearest points of home territory and between capitals.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.measures.columns import require

MILES = 0.621371
"""Miles in a kilometre."""
MARCH: tuple[tuple[int, float], ...] = ((1918, 250.0), (1945, 375.0), (9999, 500.0))
"""Last year of a period, and miles that an army marches in a day until then."""
SPEEDS = (0.5, 2.0)
"""Factors on the speed for the lower and the upper bound."""
RADIUS = 6371.0
"""Mean radius of the earth in km."""
_NEAR = 10.0 - float(np.e)
_KEY = ["state1", "state2", "year"]


def march_share(capability: pl.Expr, kilometres: pl.Expr, *, speed: float = 1.0) -> pl.Expr:
    """Return the share of a state's force that it can use at a distance, by the formula above; needs a column `year`.

    Args:
        capability: the state's share of the world's capabilities, above 0 and at most 1.
        kilometres: distance from its territory, at least 0.
        speed: factor on the speed of the march, above 0.
    """
    rate = pl.lit(MARCH[-1][1])
    for last, miles in reversed(MARCH[:-1]):
        rate = pl.when(pl.col("year") <= last).then(miles).otherwise(rate)
    days = kilometres * MILES / (rate * speed)
    return capability ** ((days + _NEAR).log10() - float(np.log10(_NEAR)))


def projection(dyads: pl.DataFrame, capitals: pl.DataFrame) -> pl.DataFrame:
    """Return the share of state1's force that it can use at the territory of state2, with bounds.

    Args:
        dyads: columns state1, state2, year, cinc1 (capability of state1) and distance (km between nearest points of home territory).
        capitals: the source `capitals`: columns state, start, end, latitude, longitude.

    Returns:
        The dyads with columns `between_capitals` (km, great circle, on 1 January), `share` (at the nearest points), `low` (at the
        greater distance and half the speed) and `high` (at the smaller distance and twice the speed), all in [0, 1]. A share is null
        if capability or distance is unknown or capability is 0; a bound also if the capitals are.
    """
    require(dyads, (*_KEY, "cinc1", "distance"))
    require(capitals, ("state", "start", "end", "latitude", "longitude"))
    pairs = dyads
    for side in "12":
        places = _capitals_by_year(dyads.select(state=f"state{side}", year="year").unique(), capitals)
        pairs = pairs.join(
            places.rename({"state": f"state{side}", "latitude": f"latitude{side}", "longitude": f"longitude{side}"}),
            on=[f"state{side}", "year"],
            how="left",
        )
    pairs = pairs.with_columns(between_capitals=_great_circle()).drop("^(latitude|longitude)[12]$")
    power = pl.when(pl.col("cinc1") > 0).then("cinc1")
    near, capital = pl.col("distance"), pl.col("between_capitals")
    known = near.is_not_null() & capital.is_not_null()
    far, close = pl.max_horizontal(near, capital), pl.min_horizontal(near, capital)
    return pairs.with_columns(
        share=march_share(power, near),
        low=pl.when(known).then(march_share(power, far, speed=SPEEDS[0])),
        high=pl.when(known).then(march_share(power, close, speed=SPEEDS[1])),
    )


def _capitals_by_year(years: pl.DataFrame, capitals: pl.DataFrame) -> pl.DataFrame:
    """Return the place of each state's capital on 1 January of a year; the last place remains after the data end."""
    day = pl.date("year", 1, 1)
    last = capitals.select(pl.col("end").max()).item()
    joined = years.join(capitals.select("state", "start", "end", "latitude", "longitude"), on="state")
    current = joined.filter(pl.col("start") <= day, (pl.col("end") >= day) | (pl.col("end") == last))
    return current.select("state", "year", "latitude", "longitude").unique(["state", "year"], keep="first")


def _great_circle() -> pl.Expr:
    """Return the distance in km between the two places on a sphere (haversine formula)."""
    first, second = pl.col("latitude1").radians(), pl.col("latitude2").radians()
    east = (pl.col("longitude2") - pl.col("longitude1")).radians()
    half = ((second - first) / 2).sin() ** 2 + first.cos() * second.cos() * (east / 2).sin() ** 2
    return 2 * RADIUS * half.clip(0, 1).sqrt().arcsin()
