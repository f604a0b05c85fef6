"""Read the events that may trigger words about each watched target."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tocsin.data.shipped import shipped_cases
from tocsin.errors import InputError
from tocsin.rhetoric.inputs import read_table
from tocsin.rhetoric.series import stored_targets
from tocsin.rhetoric.targets import target_code
from tocsin.rhetoric.triggers import Trigger, usable_triggers
from tocsin.translation import in_commas, message


def watch_events(targets: Sequence[str] = (), file: Path | None = None) -> dict[str, Sequence[Trigger]]:
    """Return the events that may trigger words about each target.

    Args:
        targets: codes or names of states; all with stored counts if there is none.
        file: table with columns date, actor, category; None for the events of the shipped case japan-buildup.

    Raises:
        InputError: if a target is unknown or has no stored counts, or no event of the file can be used.
    """
    path = file or shipped_cases()["japan-buildup"] / "rhetoric" / "events.csv"
    codes = tuple(dict.fromkeys(map(target_code, targets))) or stored_targets()
    if unknown := next((code for code in codes if code not in stored_targets()), None):
        raise InputError(
            message("no stored counts for {target}", target=unknown),
            remedy=message("watch {names}", names=in_commas(stored_targets())),
        )
    table = read_table(path)
    return {code: usable_triggers(table, code, file=str(path)).used for code in codes}
