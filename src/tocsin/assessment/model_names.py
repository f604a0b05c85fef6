"""The names of models in results, and the same as a reader sees them."""

from __future__ import annotations

from tocsin.translation import Text, key_words, message

DISCOUNT, RECALLED = ", discount ", ", without what is only recalled"
"""What follows the challenger type in the name of a model, see `Model.label`: a discount factor comes after the first."""


def model_words(name: str) -> Text:
    """Return the name of a model in words: "security, discount 0.96"."""
    if name.endswith(RECALLED):
        return message("{type}, without what is only recalled", type=key_words(name.removesuffix(RECALLED)))
    kind, _, factor = name.partition(DISCOUNT)
    return message("{type}, discount {factor}", type=key_words(kind), factor=factor) if factor else key_words(kind)
