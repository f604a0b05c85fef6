"""What the record of disputes says of the two sides of a new case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.cli.new import Roles


def history_of(roles: Roles) -> tuple[str, ...]:
    """Return how often the challenger may begin disputes with the target, and how a case may use that, in lines.

    None for a day up to 2014, where the stored record would know what came later, and for states that it does not have.
    """
    from tocsin.data.codes import code_of
    from tocsin.errors import InputError
    from tocsin.evidence.hostility.reading import has_dispute, is_state
    from tocsin.evidence.reference import estimate
    from tocsin.evidence.store import load_result

    if roles.challenger.number is None or roles.target.number is None:
        return ()
    result = load_result("hostility")
    year = roles.day.year
    codes = tuple(code_of(number, year) for number in (roles.challenger.number, roles.target.number))
    path = f"evidence/hostility/{codes[0]}/{codes[1]}/{year}"
    if not all(is_state(result, code) for code in codes):
        return ()
    try:
        rate = estimate(path)
    except InputError:
        return ()
    known = (
        "their disputes to 2014"
        if has_dispute(result, *codes)
        else "rivals without a dispute, as there is none between these two"
    )
    first, second = roles.challenger.name, roles.target.name
    return (
        f"The record lets one expect {rate.middle:.2g} disputes a year that {first} begins with {second}, in nine of ten draws",
        f"{rate.low:.2g} to {rate.high:.2g}. It rests on {known}: {path}.",
        "`pressure: history` takes the level of the first year from it; a belief `hostility` with a range around 0 lets worlds reach it.",
    )
