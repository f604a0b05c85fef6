"""What the screen of challenges shows: the claims, what was challenged of them and what that found, and rival explanations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tocsin.assessment.challenging.result import Challenge, ClaimChallenge, Row
from tocsin.assessment.challenging.stored import PART, from_json
from tocsin.assessment.challenging.words import (
    cannot_without,
    control_line,
    differs_from_run,
    result_text,
    skipped_line,
    split,
    still_line,
    untestable_lines,
)
from tocsin.assessment.rivals.words import READER_WORDS
from tocsin.assessment.words import VERDICT_WORDS, percent
from tocsin.case.translations import translator_for
from tocsin.errors import InputError
from tocsin.runs.challenges import challenge_of, run_of
from tocsin.runs.store import StoredRun, stored_runs
from tocsin.runs.words import to_minute
from tocsin.translation.stored_text import from_data
from tocsin.workbench.desk import Desk

if TYPE_CHECKING:
    from tocsin.assessment.rivals.record import RivalSetRecord
    from tocsin.case.schema import Case
    from tocsin.translation import Translator


def challenge_view(desk: Desk, language: str, held: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the claims of the case, the last challenge of them, and rival explanations of the last run.

    `stale` says whether the case has changed since the challenge, `keeps` whether the next one will be stored, and `moment` when it was made; empty if that is not known.

    Args:
        desk: the case.
        language: of the texts.
        held: what the last job gave, which has the challenge if it is not stored.

    Raises:
        CaseErrors: if the case has errors.
    """
    case = desk.case()
    translator = translator_for(case, language)
    challenge, run = _last(case, held)
    return {
        "claims": [{"id": name, "says": translator.plain(claim.says)} for name, claim in case.claims.items()],
        "run": run.name if run else "",
        "keeps": run_of(case, {}) is not None,
        "moment": _added(run) if run else (held or {}).get("moment", ""),
        "stale": challenge is not None and challenge.sha256 != case.sha256,
        "why": translator.plain(from_data(held.get("why", ""))) if held and run is None else "",
        "seed": challenge.seed if challenge else 0,
        "worlds": challenge.worlds if challenge else 0,
        "challenged": [_claim(claim, translator) for claim in challenge.claims] if challenge else [],
        "rivals": [_rivals(item, translator) for item in _sets(case)],
    }


def _last(case: Case, held: Mapping[str, Any] | None) -> tuple[Challenge | None, StoredRun | None]:
    """Return the last challenge with the run beside which it is stored: of the case as it stands, else of an earlier state."""
    if held is not None and "challenge" in held:
        return from_json(held["challenge"].encode()), None
    for run in filter(None, [run_of(case, {}), *stored_runs(case.id)]):
        try:
            challenge = challenge_of(run)
        except InputError:  # the run is damaged
            continue
        if challenge is not None:
            return challenge, run
    return None, None


def _added(run: StoredRun) -> str:
    added = run.added(PART)
    return to_minute(added) if added else ""


def _claim(claim: ClaimChallenge, translator: Translator) -> dict[str, Any]:
    turned, sunk, moved = split(claim)
    plain = translator.plain
    return {
        "id": claim.id,
        "says": plain(claim.says),
        "verdict": claim.verdict,
        "verdictWords": plain(VERDICT_WORDS[claim.verdict]),
        "differs": plain(differs_from_run(claim)) if claim.in_run else "",
        "turned": [_change(item, translator) for item in turned],
        "sunk": plain(cannot_without(sunk)) if sunk else "",
        "moved": [_change(item, translator) for item in moved],
        "controls": [plain(control_line(item)) for item in claim.controls],
        "untestable": [plain(line) for line in _untestable(claim)],
        "still": [plain(still_line(item)) for item in claim.did_not],
    }


def _untestable(claim: ClaimChallenge) -> Iterator[str]:
    yield from untestable_lines(claim.untestable)
    if claim.skipped:
        yield skipped_line(claim)


def _change(item: Row, translator: Translator) -> dict[str, Any]:
    return {"change": translator.plain(item.says), "result": translator.plain(result_text(item))}


# --- rivals ----------------------------------------------------------------------------------------------------------


def _sets(case: Case) -> tuple[RivalSetRecord, ...]:
    """Return the sets of explanations of the last run that can be read; of none if the case was never run."""
    for run in stored_runs(case.id):
        try:
            return run.record.explanations
        except InputError:  # damaged, or from another version
            continue
    return ()


def _rivals(item: RivalSetRecord, translator: Translator) -> dict[str, Any]:
    """Return a set of explanations: what is explained, the claims, the readers, and what each believes of each explanation."""
    return {
        "name": item.name,
        "what": translator.plain(item.what),
        "claims": list(item.claims),
        "readers": [translator.plain(READER_WORDS[reader]) for reader in item.posteriors],
        "rows": [
            {
                "name": translator.plain(known.name),
                "says": translator.plain(known.says),
                "article": known.key == item.article,
                "beliefs": [translator.plain(percent(beliefs[known.key].mean)) for beliefs in item.posteriors.values()],
            }
            for known in item.explanations
        ],
    }
