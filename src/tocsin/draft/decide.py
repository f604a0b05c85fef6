"""Say in one sentence what would decide a claim, by its kind and by what was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from tocsin.case.blocks import ClaimKind
from tocsin.draft.flags import Reading
from tocsin.translation import Text, in_commas, listed, message, template
from tocsin.translation.text import Message

BY_KIND: MappingProxyType[ClaimKind, str] = MappingProxyType(
    {
        "fact": template("a record of {subject} from a source that does not depend on the author"),
        "comparative": template("the same measure of all that are compared, in one unit and for one time"),
        "causal": template("what happened where the cause was absent, or before and after it, beside the rival causes"),
        "counterfactual": template("a model or a comparable case that shows the outcome under the other condition"),
        "motive": template("words or acts of {actors} that would differ under another motive"),
        "forecast": template("the outcome on its day, read from a register that is named beforehand"),
    }
)
"""What decides a claim of each kind."""


def what_decides(reading: Reading, actors: Sequence[str]) -> Text:
    """Return what a test of the claim would need, as one phrase.

    Args:
        reading: the sentence with what was found in it.
        actors: names of the states and organisations in it.
    """
    amounts = [str(amount) for amount in reading.amounts[:3]]
    subject = message("the figures ({figures})", figures=in_commas(amounts)) if amounts else message("what it states")
    named = listed(actors[:3]) if actors else message("the actor")
    needs = Message(BY_KIND[reading.kind], {"subject": subject, "actors": named})
    if not reading.dates:
        return needs
    return message("{needs}; dates: {dates}", needs=needs, dates=in_commas(span.iso for span in reading.dates[:4]))
