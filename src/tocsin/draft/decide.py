"""Say in one sentence what would decide a claim, by its kind and by what was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from tocsin.case.blocks import ClaimKind
from tocsin.draft.flags import Reading

BY_KIND: MappingProxyType[ClaimKind, str] = MappingProxyType(
    {
        "fact": "a record of {subject} from a source that does not depend on the author{dates}",
        "comparative": "the same measure of all that are compared, in one unit and for one time{dates}",
        "causal": "what happened where the cause was absent, or before and after it, beside the rival causes{dates}",
        "counterfactual": "a model or a comparable case that shows the outcome under the other condition{dates}",
        "motive": "words or acts of {actors} that would differ under another motive{dates}",
        "forecast": "the outcome on its day, read from a register that is named beforehand{dates}",
    }
)
"""What decides a claim of each kind."""


def what_decides(reading: Reading, actors: Sequence[str]) -> str:
    """Return what a test of the claim would need, as one phrase.

    Args:
        reading: the sentence with what was found in it.
        actors: names of the states and organisations in it.
    """
    amounts = [str(amount) for amount in reading.amounts[:3]]
    subject = f"the figures ({', '.join(amounts)})" if amounts else "what it states"
    dates = f"; dates: {', '.join(span.iso for span in reading.dates[:4])}" if reading.dates else ""
    named = " and ".join(actors[:3]) or "the actor"
    return BY_KIND[reading.kind].format(subject=subject, dates=dates, actors=named)
