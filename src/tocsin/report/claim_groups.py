"""The claims of the brief, each once, under the question that names it first."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.assessment.result import Assessment, ClaimResult
from tocsin.report.sentences import questions
from tocsin.translation import message


@dataclass(frozen=True)
class ClaimGroup:
    """A question with its claims.

    Attributes:
        number, asks: the question's number and text; number 0 for claims that answer no question.
        claims: the claims that no earlier question names.
        elsewhere: its other claims, which stand under an earlier question.
    """

    number: int
    asks: str
    claims: tuple[ClaimResult, ...]
    elsewhere: tuple[ClaimResult, ...]


def claim_groups(assessment: Assessment) -> list[ClaimGroup]:
    """Return all claims, each once: by question, then the others in the order of the argument."""
    groups, shown = [], set[str]()
    for question in questions(assessment):
        new = tuple(claim for claim in question.claims if claim.id not in shown)
        earlier = tuple(claim for claim in question.claims if claim.id in shown)
        groups.append(ClaimGroup(question.number, question.asks, new, earlier))
        shown |= {claim.id for claim in new}
    rest = [claim for claim in assessment.claims if claim.id not in shown]
    if rest:
        rest.sort(key=lambda claim: (claim.sentence is None, claim.sentence or 0))
        groups.append(ClaimGroup(0, message("Other claims") if groups else message("The claims"), tuple(rest), ()))
    return groups
