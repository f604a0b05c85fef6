"""Compare the claims of a case with the sentences of its article, as `tocsin draft` lists them."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.case.problem import Finding
from tocsin.case.schema import Case
from tocsin.translation import message

TWO_CLAIMS = "two_claims"


def sentence_findings(case: Case) -> Iterator[Finding]:
    """Yield claims of unknown sentences, and claims that test a sentence of two claims as one."""
    if not case.sentences:
        return
    for key, claim in case.claims.items():
        if claim.sentence is None:
            continue
        sentence = case.sentences.get(str(claim.sentence))
        if sentence is None:
            wrong = message(
                "claim `{key}` is sentence {sentence}, which is not under `sentences`", key=key, sentence=claim.sentence
            )
            yield (
                ("claims", key, "sentence"),
                wrong,
                message("use a number from 1 to {count}", count=len(case.sentences)),
            )
        elif TWO_CLAIMS in sentence.flag_kinds and not claim.all_parts and _is_only_claim(case, claim.sentence):
            wrong = message(
                "sentence {sentence} makes two claims, but claim `{key}` has one test", sentence=claim.sentence, key=key
            )
            remedy = message(
                "give each half a part with a test or `untested`, or remove the flag `two_claims` if it is wrong"
            )
            yield ("claims", key), wrong, remedy


def _is_only_claim(case: Case, sentence: int) -> bool:
    """Return whether one claim alone is about a sentence: two claims may test its two halves."""
    return sum(claim.sentence == sentence for claim in case.claims.values()) == 1
