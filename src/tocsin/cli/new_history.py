"""What the record of disputes says of the two sides of a new case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.translation import Text, message

if TYPE_CHECKING:
    from tocsin.cli.new import Roles


def history_of(roles: Roles) -> tuple[Text, ...]:
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
        message("It rests on their disputes to 2014: {path}.", path=path)
        if has_dispute(result, *codes)
        else message("It rests on rivals without a dispute, as there is none between these two: {path}.", path=path)
    )
    return (
        message(
            "The record lets one expect {middle} disputes a year that {challenger} begins with {target}, in nine of ten draws {low} to {high}.",
            middle=f"{rate.middle:.2g}",
            challenger=roles.challenger.name,
            target=roles.target.name,
            low=f"{rate.low:.2g}",
            high=f"{rate.high:.2g}",
        ),
        known,
        message(
            "`pressure: history` takes the level of the first year from it; a belief `hostility` with a range around 0 lets worlds reach it."
        ),
    )
