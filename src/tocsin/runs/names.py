"""Find the run that a user names.

A name is `latest`, `latest~1` (the one before), the first digits of a hash, or a case, which means its latest run. `CASE@` before the
first three looks among the runs of that case only. A case is named by its id, its folder or its YAML file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.data.shipped import case_path
from tocsin.errors import InputError, did_you_mean
from tocsin.runs.places import folder
from tocsin.runs.store import SHOWN, StoredRun, stored_runs
from tocsin.translation import in_commas, in_semicolons, message, plural

if TYPE_CHECKING:
    from tocsin.case.schema import Case

LATEST = "latest"
MIN_DIGITS = 4
"""Digits of a hash that a name needs."""
NUMBERED = 70
"""Letters of a case's id before a number."""
MAX_LISTED = 8
"""Candidates that an error lists."""
_LATEST = re.compile(rf"{LATEST}(?:~(\d{{1,6}}))?\Z")
_COUNTED = re.compile(r"(.+)(~\d{1,6})\Z")
_DIGITS = re.compile(rf"[0-9a-f]{{{MIN_DIGITS},64}}\Z")


def resolve(name: str) -> StoredRun:
    """Return the stored run of a name.

    Raises:
        InputError: if no run has this name, or several have; the error lists the candidates.
    """
    text, runs = name.strip(), stored_runs()
    case, at, which = text.rpartition("@")
    if at and _is_case(case, runs):
        return _chosen(which or LATEST, of_case(case), text)
    if _LATEST.match(text):
        return _chosen(text, runs, text)
    if _is_case(text, runs):
        return of_case(text)[0]
    if _DIGITS.match(text.lower()) and any(run.hash.startswith(text.lower()) for run in runs):
        return _chosen(text, runs, text)
    raise _unknown(case or text, runs)


def unused_id(wanted: str) -> str:
    """Return an id for a new case: the one that is wanted, with a number if runs of a case with that id are stored.

    Cases with one id would share their runs, and one would show the verdicts of the other.
    """
    numbered = (f"{wanted[:NUMBERED]}-{number}" for number in count(2))
    return next(name for name in chain([wanted], numbered) if not stored_runs(name))


def new_id(folder: Path) -> str:
    """Return the id of a new case in a folder: from the folder's name, with a number if runs of a case with that id are stored."""
    from tocsin.draft.blank import case_id  # imported here: finding a run needs no new case

    return unused_id(case_id(folder))


def earlier_id(key: str, folder: Path) -> str:
    """Return the id of the earlier case because of whose runs a case got a number, see `new_id`; empty if it has none, or they are gone.

    Args:
        key: id of the case.
        folder: of the case.
    """
    from tocsin.draft.blank import case_id  # imported here: finding a run needs no new case

    earlier = case_id(folder)
    is_numbered = re.fullmatch(rf"{re.escape(earlier[:NUMBERED])}-\d+", key) is not None
    return earlier if is_numbered and stored_runs(earlier) else ""


def _is_case(name: str, runs: Sequence[StoredRun]) -> bool:
    """Return whether a name is that of a case with runs, a path, or a shipped case."""
    return bool(name) and (any(run.case == name for run in runs) or case_path(Path(name)).exists())


def of_case(case: str) -> tuple[StoredRun, ...]:
    """Return the stored runs of a case, the newest first; at least one.

    Args:
        case: its id, its folder, or its YAML file.

    Raises:
        InputError: if none is stored, or the case cannot be loaded.
    """
    stored = {run.case for run in stored_runs()}
    if case in stored:
        return stored_runs(case)
    from tocsin.case import load  # imported here: an id needs no case

    loaded = load(Path(case))
    if loaded.id not in stored:
        again = message("run `tocsin assess {case}`", case=case)
        others = message("stored are runs of {cases}", cases=in_commas(sorted(stored)))
        raise InputError(
            message("no run of the case {id} is stored", id=loaded.id),
            remedy=in_semicolons([again, others]) if stored else again,
        )
    runs = tuple(run for run in stored_runs(loaded.id) if _is_of(run, loaded))
    if not runs:
        raise InputError(
            message(
                "no run of the case in {folder} is stored: the runs of {id} are of other files in other folders",
                folder=str(loaded.folder),
                id=loaded.id,
            ),
            remedy=message(
                "run `tocsin assess {case}`, or name {id} for its runs from any folder", case=case, id=loaded.id
            ),
        )
    return runs


def _is_of(run: StoredRun, case: Case) -> bool:
    """Return whether a run may be one of the case in this folder: it was made there, or has its files, or does not say."""
    if not run.folder or Path(run.folder).resolve() == case.folder.resolve():
        return True
    try:
        known = run.about.files
    except InputError:  # damaged: nothing says that it is of another folder
        return False
    return all(known.get(name) == digest for name, digest in case.data_hashes if name in {run.about.main, *known})


def _chosen(which: str, runs: Sequence[StoredRun], name: str) -> StoredRun:
    """Return one of the runs by `latest~N` or by the first digits of its hash."""
    if counted := _LATEST.match(which):
        back = int(counted[1] or 0)
        if back < len(runs):
            return runs[back]
        if not runs:
            raise _none()
        raise InputError(
            plural("no run {name}: {count} is stored", "no run {name}: {count} are stored", len(runs), name=repr(name)),
            remedy=message("see `tocsin runs`"),
        )
    digits = which.lower()
    if not _DIGITS.match(digits):
        raise InputError(
            message("cannot read {name} as the name of a run", name=repr(which)),
            remedy=message(
                "write {latest}, {latest}~1, or at least {count} digits of a hash",
                latest=LATEST,
                count=MIN_DIGITS,
            ),
        )
    named = [run for run in runs if run.hash.startswith(digits)]
    if len(named) == 1:
        return named[0]
    if named:
        raise InputError(
            message("{count} runs begin with {name}", count=len(named), name=repr(name)),
            remedy=message("write more digits of one: {runs}", runs=_listed(named)),
        )
    raise InputError(
        message("no run {name} is stored", name=repr(name)), remedy=message("stored are {runs}", runs=_listed(runs))
    )


def _none() -> InputError:
    return InputError(
        message("no case has been run yet"),
        remedy=message(
            "run `tocsin assess CASE`, or name another folder for runs in the environment variable TOCSIN_HOME; the present one is {folder}",
            folder=str(folder()),
        ),
    )


def _unknown(name: str, runs: Sequence[StoredRun]) -> InputError:
    if not runs:
        return _none()
    counted = _COUNTED.match(name)
    if counted and _is_case(counted[1], runs):
        named = f"{counted[1]}@{LATEST}{counted[2]}"
        return InputError(
            message("no stored run is called {name}", name=repr(name)),
            remedy=message("did you mean {names}?", names=repr(named)),
        )
    near = did_you_mean(name, {run.case for run in runs})
    remedy = near if near.startswith("did you mean") else message("stored are {runs}", runs=_listed(runs))
    return InputError(message("no stored run is called {name}", name=repr(name)), remedy=remedy)


def _listed(runs: Sequence[StoredRun]) -> str:
    shown = [f"{run.case}@{run.hash[:SHOWN]} ({run.last[:10]})" for run in runs[:MAX_LISTED]]
    return ", ".join(shown) + (", ..." if len(runs) > MAX_LISTED else "")
