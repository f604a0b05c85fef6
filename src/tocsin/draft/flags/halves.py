"""Find the two claims of a sentence that makes two, without a parser: clauses joined by a conjunction or a semicolon."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.draft.flags.flag import Flag, Reading
from tocsin.draft.spans import Span
from tocsin.draft.verb_words import FINITE_VERB, is_finite
from tocsin.translation import message

_JOINT = re.compile(
    r"(?P<strong>\s*;\s+(?:and\s+|but\s+|however,?\s+|moreover,?\s+)?|,\s+(?:and|but|while|whereas|yet|although|though)\s+|\s+(?:whereas|while)\s+)|(?P<weak>\s+(?:and|but)\s+)"
)
_VERB_FIRST = re.compile(
    r"^(?:(?:also|then|now|later|soon|never|still|even|already|has|have|had)\s+)*(?P<verb>[a-z]+)\b", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"^(?:(?:the|a|an|its|their|his|her|our|this|that|these|those|it|he|she|they|we|I|no|some|many|most|few|both|all|each|every|nobody|one|two|three|four|five|\d[\d,.]*)\b|[A-Z][\w.'’-]*|[a-z]+s\b|[a-z]+\b(?=\s+(?:is|are|was|were|has|have|had|will|rose|fell|grew)\b))",
)
_SUBORDINATE = re.compile(
    r"\b(?:if|unless|when|because|that|which|who|whom|whose|where|why|how|whether|before|after|since|until|as|to|although|though|than|let|so)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:If|When|Unless|Because|Although|Though|While|Whereas|As|Since|After|Before|Until|Once|Whether)\b"
)
_ADVERB = re.compile(
    r"^(?:today|now|then|later|soon|still|meanwhile|instead|thus|only|even|perhaps|since\s+then|by\s+then|(?:last|this|next)\s+year|(?:in|by|since)\s+\d{4}),?\s+"
    r"|^(?:on|in|by|at|since|after|before|during|under)\s+(?:[\w'’]+\s+){1,4}(?=(?:it|he|she|they|we|the|an?|no|its|their|his|her|[A-Z]\w*)\s)"
)
"""What may stand before the subject of a clause."""
MIN_WORDS = 3
"""Fewest words of a half."""


def halves(text: str) -> tuple[Span, Span] | None:
    """Return the two claims of a sentence; None if it makes one.

    Each half has a finite verb of its own. The second half has its own subject, or begins with a verb in the past and shares the first's.
    """
    for match in _JOINT.finditer(text):
        left, right = text[: match.start()], text[match.end() :].rstrip(' .!?"”’)')
        if min(len(left.split()), len(right.split())) < MIN_WORDS or left.count("(") > left.count(")"):
            continue
        if _OPENING.match(text) and "," not in left:
            continue  # both clauses stand in one condition
        is_clause = ";" in match.group() or _main_verb(left)
        if not is_clause or _inside_clause(left, weak=match["weak"] is not None):
            continue
        start = _ADVERB.match(right)
        if _own_clause(right[start.end() :] if start else right) or (match["weak"] and _shared_subject(right)):
            offset = len(left) - len(left.lstrip())
            return Span(offset, match.start(), left.strip()), Span(match.end(), match.end() + len(right), right)
    return None


def _main_verb(clause: str) -> bool:
    """Return whether a clause has a finite verb before any subordinate clause."""
    start = _OPENING.match(clause)
    if start:
        clause = clause.split(",", 1)[-1]
    first = _SUBORDINATE.search(clause)
    return any(is_finite(match) for match in FINITE_VERB.finditer(clause[: first.start()] if first else clause))


def _inside_clause(left: str, *, weak: bool) -> bool:
    """Return whether the joint stands inside a subordinate clause: `says that A and B` makes one claim."""
    last = list(_SUBORDINATE.finditer(left))
    if not last or not weak:
        return False
    return not re.search(r",", left[last[-1].end() :])


def _own_clause(right: str) -> bool:
    """Return whether a text begins with a subject that a finite verb follows within a few words."""
    if not _SUBJECT.match(right):
        return False
    words = right.split()
    first = _SUBORDINATE.search(right)
    reach = " ".join(words[:8])
    reach = reach[: first.start()] if first and first.start() > 0 else reach
    return any(is_finite(match) for match in FINITE_VERB.finditer(reach) if match.start() > 0)


def _shared_subject(right: str) -> bool:
    """Return whether a text begins with a finite verb, so that it shares the subject of the clause before it."""
    match = _VERB_FIRST.match(right)
    if match is None:
        return False
    verb = match["verb"]
    finite = FINITE_VERB.fullmatch(verb)
    return finite is not None and is_finite(finite) and verb[0].islower()


def two_claims(reading: Reading) -> Iterator[Flag]:
    """Yield a sentence that makes two claims, on the words that join them."""
    both = halves(reading.text)
    if both is not None:
        first, second = both
        why = message("each half can be true or false by itself; give each its own test, or `untested`.")
        yield reading.flag("two_claims", first.end, second.start, why)
