"""A stored run as one side of a comparison."""

from __future__ import annotations

from tocsin.assessment.comparing.result import Item
from tocsin.assessment.stored import from_json
from tocsin.errors import InputError
from tocsin.runs.store import ASSESSMENT, StoredRun
from tocsin.translation import message


def item_of_run(run: StoredRun) -> Item:
    """Return a stored run to compare; it is not run again.

    Raises:
        InputError: if the run is damaged, lacks its assessment, or is from another version that cannot be read.
    """
    _ = run.record  # `tocsin show` refuses a run without it, and so does this
    case, part = run.load_case(), run.part(ASSESSMENT)
    if part is None and ASSESSMENT in run.about.parts:
        raise run.unreadable()
    if part is None:
        raise InputError(
            message("the stored run {name} lacks its assessment", name=repr(run.name)),
            remedy=message("run `tocsin assess` again"),
        )
    return Item(name=run.name, case=case, stored=from_json(part, case).claims)
