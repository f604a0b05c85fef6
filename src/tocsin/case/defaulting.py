"""Give a case the default ranges of the inputs that its theatres require and its author does not state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tocsin.case.defaults import (
    AUTHOR_OF_DEFAULTS,
    STATE,
    DefaultRange,
    default_discount,
    default_ranges,
    default_types,
)
from tocsin.case.game_blocks import Theatre
from tocsin.case.hashes import combined, digest
from tocsin.case.inputs import KINDS, kind_of, members, required, resolve
from tocsin.case.origin import estimated, has_estimate
from tocsin.case.schema import Belief, JoinedCase
from tocsin.data.codes import code_of


def with_defaults(case: JoinedCase) -> JoinedCase:
    """Return the case with a default for each input that a theatre lacks, for its types and for its discount factor.

    Inputs that describe one state, such as its forces, have no default and stay missing. If a default is added, the beliefs are put in
    the order of `inputs.KINDS`: a case draws the same worlds whether its author writes a default range out or not.
    """
    if not case.theatres:
        return case
    added: dict[str, Any] = {}
    if not case.types:
        added["types"] = default_types()
    if case.discount is None:
        added["discount"] = default_discount()
    hashes = {name: digest(repr(value).encode()) for name, value in added.items()}
    if "types" in added:
        # pydantic cannot serialise the read-only view; the hash is of its text, because forecasts on record have that hash
        added["types"] = dict(added["types"])
    chosen = case.model_copy(update=added)
    missing = _missing(chosen)
    if missing:
        beliefs = {**case.beliefs, **missing}
        added["beliefs"] = {name: beliefs[name] for name in _ordered(chosen, beliefs)}
        hashes |= {f"beliefs.{name}": digest(repr(belief.is_).encode()) for name, belief in missing.items()}
    if not added:
        return case
    hashes |= dict(case.data_hashes)
    return case.model_copy(update={**added, "data_hashes": tuple(sorted(hashes.items())), "sha256": combined(hashes)})


def default_of(case: JoinedCase, name: str) -> Belief | None:
    """Return the default that a belief of a case with types would have if its author did not state it; None if it would have none."""
    others = {key: belief for key, belief in case.beliefs.items() if key != name}
    return _missing(case.model_copy(update={"beliefs": others})).get(name)


# --- missing inputs --------------------------------------------------------------------------------------------------


def _missing(case: JoinedCase) -> dict[str, Belief]:
    """Return the default beliefs by name; `NAME@theatre` where two theatres need different ones."""
    ranges: dict[str, dict[str, DefaultRange]] = defaultdict(dict)
    for theatre, game in case.theatres.items():
        if any(name not in case.actors for name in members(game)):
            continue
        for name, row in _of_theatre(case, theatre):
            ranges[name][theatre] = row
    beliefs: dict[str, Belief] = {}
    for name, rows in ranges.items():
        different = len({(row.is_, row.from_) for row in rows.values()}) > 1
        for theatre, row in rows.items():
            beliefs[f"{name}@{theatre}" if different else name] = _belief(row)
    return beliefs


def _of_theatre(case: JoinedCase, theatre: str) -> Iterator[tuple[str, DefaultRange]]:
    """Yield the inputs that a theatre lacks, with their default ranges."""
    for name in required(case, theatre):
        if resolve(case, name, theatre) is not None or (row := _range_of(case, theatre, name)) is None:
            continue
        yield name, row
        for other in row.with_:
            if resolve(case, other, theatre) is None and (with_it := _range_of(case, theatre, other)) is not None:
                yield other, with_it


def _range_of(case: JoinedCase, theatre: str, name: str) -> DefaultRange | None:
    """Return the first default range that fits an input of a theatre, with the state of its regime in place of `STATE`."""
    known = kind_of(name)
    if known is None:
        return None
    kind, stands_for = known
    regime = case.regimes.get(stands_for.get("regime", ""))
    conditions = {
        "role": _role(case.theatres[theatre], stands_for.get("actor")),
        "type": stands_for.get("type"),
        "state": stands_for.get("state"),
        "regime": regime.kind if regime else None,
    }
    for row in default_ranges():
        if row.input != kind.pattern or any(
            getattr(row, key) not in (None, value) for key, value in conditions.items()
        ):
            continue
        if row.since is not None and case.as_of.year < row.since:
            continue
        path = row.from_ if row.from_ is None or regime is None else row.from_.replace(STATE, _code(case, regime.actor))
        if path is None or has_estimate(path):
            return row.model_copy(update={"from_": path})
    return None


def _role(theatre: Theatre, actor: str | None) -> str | None:
    if actor == theatre.target:
        return "target"
    return "protector" if actor in theatre.protectors else "backer" if actor in theatre.backers else None


def _code(case: JoinedCase, actor: str) -> str:
    """Return the code of an actor that the case identifies by its number; "unknown" otherwise.

    A name is not enough: it may be that of a made-up state.
    """
    number = case.actors[actor].cow if actor in case.actors else None
    return code_of(number, case.as_of.year) if number is not None else "unknown"


def _belief(row: DefaultRange) -> Belief:
    by = AUTHOR_OF_DEFAULTS if row.from_ is None else None
    is_ = row.is_ if row.from_ is None else estimated(row.from_)
    return Belief.model_validate(
        {"is": is_, "from": row.from_, "unit": row.unit, "by": by, "why": row.why, "is_default": True}
    )


# --- order -----------------------------------------------------------------------------------------------------------


def _ordered(case: JoinedCase, names: Iterable[str]) -> list[str]:
    """Return names of inputs in the order of `inputs.KINDS`, and of actors, regimes, types and theatres within; others stay last."""
    kinds = {kind.pattern: index for index, kind in enumerate(KINDS)}
    blocks = {
        "actor": [*case.actors], "regime": [*case.regimes], "type": [*case.types],
        "state": ["firm", "loose"], "theatre": [*case.theatres],
    }  # fmt: skip

    def sort_key(name: str) -> tuple[int, ...]:
        known = kind_of(name)
        if known is None:
            return (len(kinds),)
        kind, stands_for = known
        within = [
            keys.index(stands_for[what]) + 1 if stands_for.get(what) in keys else 0 for what, keys in blocks.items()
        ]
        return (kinds[kind.pattern], *within)

    return sorted(names, key=sort_key)
