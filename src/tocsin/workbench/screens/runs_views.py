"""What the screen of runs shows: the stored runs of the case, what differs between two, and what pruning removes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tocsin.errors import InputError
from tocsin.reading import read_yaml
from tocsin.runs.change_words import claim_lines, explanation_lines, quantity_lines
from tocsin.runs.comparing import RunDifference, compare_runs
from tocsin.runs.diff_words import cause_text, heading_lines, input_lines, unchanged_line
from tocsin.runs.names import earlier_id, resolve
from tocsin.runs.pruning import prune, remove, size
from tocsin.runs.store import StoredRun, set_note, stored_runs
from tocsin.runs.words import verdict_counts
from tocsin.translation import Translator, in_commas, message
from tocsin.workbench.desk import Desk


def case_id(desk: Desk) -> str:
    """Return the id of the case on the desk, which may have errors.

    Raises:
        InputError: if the file states no id.
    """
    data = read_yaml(desk.draft().text, desk.file.name).data
    name = data.get("id") if isinstance(data, dict) else None
    if not isinstance(name, str):
        raise InputError(message("the case has no id"), remedy=message("write one in the case file"))
    return name


def named(desk: Desk, digits: str) -> StoredRun:
    """Return the stored run of the case on the desk with a hash.

    Raises:
        InputError: if it is no longer stored.
    """
    return resolve(f"{case_id(desk)}@{digits}")


def runs_view(desk: Desk, language: str) -> dict[str, Any]:
    """Return the stored runs of the case, the newest first; its id, and that of an earlier case because of whose runs it got a number."""
    translator, key = Translator(language=language), case_id(desk)
    return {
        "runs": [_run(run, translator) for run in stored_runs(key)],
        "id": key,
        "earlier": earlier_id(key, desk.file.parent),
    }


def _run(run: StoredRun, translator: Translator) -> dict[str, Any]:
    damaged = run.damaged_file()
    known = {"hash": run.hash, "name": run.name, "moment": run.moment, "note": run.note, "bytes": size(run)}
    if damaged:
        return {**known, "damaged": damaged}
    about = run.about
    settings = [f"{name}={value}" for name, value in about.origin.settings.items()]
    variants = [message("with {variants}", variants=in_commas(about.variants))] if about.variants else []
    return {
        **known,
        "damaged": "",
        "seed": about.origin.seed,
        "draws": about.drawn,
        "verdicts": translator.plain(verdict_counts(about)),
        "settings": translator.plain(in_commas([*variants, *settings])),
    }


def noted(desk: Desk, digits: str, note: str) -> None:
    """Give a run a note; an empty text removes it. Errors as in `set_note`."""
    set_note(named(desk, digits), note)


def removed(desk: Desk, digits: str) -> None:
    """Remove a run. Errors as in `pruning.remove`."""
    remove(named(desk, digits))


def pruned(desk: Desk, days: int | None, keep: int | None, *, dry_run: bool) -> dict[str, Any]:
    """Remove old runs of the case, or only say which would go; for errors see `prune`."""
    if days is None and keep is None:
        raise InputError(
            message("Nothing says which runs may go."), remedy=message("Fill in the age, the number or both.")
        )
    age = None if days is None else timedelta(days=days)
    gone = prune(case_id(desk), older_than=age, keep=keep, dry_run=dry_run)
    runs = [{"name": run.name, "moment": run.moment} for run in gone.runs]
    return {"runs": runs, "noted": gone.noted, "bytes": gone.freed}


def diff_view(desk: Desk, before: str, after: str, language: str) -> dict[str, Any]:
    """Return what differs between two runs of the case, as lines of text; for errors see `compare_runs`.

    The first line of the heading has `{day}` and `{later}` for the moments of the runs, which the page writes in the reader's time zone.
    """
    difference = compare_runs(named(desk, before), named(desk, after))
    translator = Translator(language=language)

    def plain(lines: Iterable[str]) -> list[str]:
        return [translator.plain(line).strip() for line in lines]

    quantities = quantity_lines(difference.quantities, difference.quantities_compared, most=None)
    return {
        "moments": [difference.before.moment, difference.after.moment],
        "heading": plain(heading_lines(difference, ("{day}", "{later}"))),
        "inputs": plain(input_lines(difference, most=None)),
        "unchanged": "" if difference.claims else translator.plain(unchanged_line(difference)),
        "claims": [_claim(difference, index, translator) for index in range(len(difference.claims))],
        "explanations": plain(explanation_lines(difference.explanations)),
        "quantities": plain(quantities),
    }


def _claim(difference: RunDifference, index: int, translator: Translator) -> dict[str, Any]:
    """Return a claim that differs: its name, what became of it, and what can have done it."""
    change, cause = difference.claims[index]
    first, *rest = (translator.plain(line).strip() for line in claim_lines(change))
    verdicts = first.removeprefix(change.name).strip()
    return {"name": change.name, "changes": [verdicts, *rest], "cause": translator.plain(cause_text(cause))}
