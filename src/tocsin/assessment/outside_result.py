"""Define the outside view of an event: what followed past cases like it, beside what the model says."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.assessment.figures_result import Band
from tocsin.translation import Said


@dataclass(frozen=True, kw_only=True)
class OutsideView:
    """What followed past cases like an event.

    Attributes:
        event: its key in the case.
        reference: name of the reference class.
        claims: the claims that ask the model about the event.
        actor, other: whose outcome the class is about, towards whom, as keys of the case's actors.
        years: length of the window after an event.
        noun: the plural noun for the cases.
        sentence: the base rate of all cases.
        recent: whether `rate` is that of the cases in which the rival had begun a dispute shortly before, as in this case's own record.
        rate: 5 % point, share and 95 % point of the nearest rate, in [0, 1].
        yes, cases: cases with the outcome, and all cases, of that rate.
        similar: the share with the outcome among those that the cases are compared with.
        others: what these are, in words.
        more: the difference from them, as a difference of shares.
        inside: the model's probability that the challenger presses or attacks the target within the window; None if the model does not
            have the outcome of the class.
        inside_recorded: the same with the incidents that the case's record counts as pressure.
        inside_more: the rise of `inside` by the event.
        left_out: closed cases of the class whose windows had not ended by the day of the case, and which do not count.
    """

    event: str
    reference: str
    claims: tuple[str, ...]
    actor: str
    other: str
    years: int
    noun: Said
    sentence: Said
    recent: bool
    rate: Band
    yes: int
    cases: int
    similar: float
    others: Said
    more: Band
    inside: float | None
    inside_recorded: float | None
    inside_more: float | None
    left_out: int = 0

    @property
    def differs(self) -> bool:
        """Return whether the model has the outcome, and the interval of the nearest rate lies wholly below or wholly above all its figures."""
        low, _, high = self.rate
        figures = self._figures
        return bool(figures) and (high < min(figures) or max(figures) < low)

    @property
    def between(self) -> bool:
        """Return whether the interval of the nearest rate lies between the model's two figures, so that neither is within."""
        low, _, high = self.rate
        figures = self._figures
        return bool(figures) and min(figures) < low and high < max(figures)

    @property
    def _figures(self) -> tuple[float, ...]:
        """The model's probabilities, without and with the incidents on record."""
        return tuple(value for value in (self.inside, self.inside_recorded) if value is not None)
