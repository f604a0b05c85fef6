"""The page of the brief on a challenge of its claims: what changes each, the worst first, and what nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.assessment.challenging.result import Challenge, ClaimChallenge, Row
from tocsin.assessment.challenging.words import cannot_without, differs_from_run, result_text, split
from tocsin.assessment.result import Verdict
from tocsin.case.schema import Case
from tocsin.report.table_rows import input_meaning
from tocsin.translation import Text, message, plural

ROWS = 2
"""Changes of each claim on the page."""


@dataclass(frozen=True)
class PageRow:
    """One line of the page.

    Attributes:
        claim: id of the claim.
        verdict: as it stands; None below the first line of a claim.
        result: what the change does to it.
        change: what is changed.
        meaning: what the changed input means; empty for other changes.
    """

    claim: str
    verdict: Verdict | None
    result: str
    change: str
    meaning: str = ""


@dataclass(frozen=True)
class ChallengePage:
    """The page.

    Attributes:
        rows: the worst changes of each claim that one moves.
        steady: ids of the tested claims that nothing moves.
        differs: what stands otherwise in the run of the brief, for each claim that does.
        tried: how many changes were made, over all claims.
        untestable: how many could not be.
        worlds: in which games were solved again; 0 without games.
        complete: whether nothing was interrupted.
    """

    rows: tuple[PageRow, ...]
    steady: tuple[str, ...]
    differs: tuple[Text, ...]
    tried: Text
    untestable: Text
    worlds: int
    complete: bool


def challenge_page(case: Case, challenge: Challenge) -> ChallengePage:
    """Return the page on a challenge of some claims of a case."""
    tried = sum(len(claim.rows) for claim in challenge.claims)
    could_not = sum(len(claim.untestable) + claim.skipped for claim in challenge.claims)
    return ChallengePage(
        rows=tuple(line for claim in challenge.claims for line in _lines(case, claim)),
        steady=tuple(claim.id for claim in challenge.claims if claim.rows and not claim.mattered),
        differs=tuple(
            message("{claim}: {difference}", claim=claim.id, difference=differs_from_run(claim))
            for claim in challenge.claims
            if claim.in_run
        ),
        tried=plural("{count} change was tried.", "{count} changes were tried.", tried),
        untestable=plural("{count} could not be tested.", "{count} could not be tested.", could_not),
        worlds=challenge.worlds,
        complete=challenge.complete,
    )


def _lines(case: Case, claim: ClaimChallenge) -> Iterator[PageRow]:
    turned, sunk, moved = split(claim)
    lines = [_line(case, item) for item in [*turned, *moved][:ROWS]]
    if sunk:
        lines.append((message("It cannot be tested"), cannot_without(sunk), ""))
    for index, (result, change, meaning) in enumerate(lines):
        yield PageRow(claim.id, claim.verdict if index == 0 else None, result, change, meaning)


def _line(case: Case, item: Row) -> tuple[str, str, str]:
    is_input = item.kind in ("judgement", "estimate") and item.of in case.beliefs
    return result_text(item), item.says, input_meaning(case, item.of) if is_input else ""
