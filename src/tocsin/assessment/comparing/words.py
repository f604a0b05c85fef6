"""A comparison in words."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.assessment.comparing.result import Cell, Comparison, Difference, Row
from tocsin.assessment.words import VERDICT_WORDS, figure
from tocsin.translation import Text, in_commas, listed, message, plural


def cell_text(cell: Cell | None, difference: Difference | None) -> Text:
    """Return the verdict and probability of a claim in one item, with the difference from the first."""
    if cell is None:
        return message("not in this case")
    verdict = VERDICT_WORDS[cell.verdict]
    if cell.probability is None:
        reason = cell.words if cell.verdict == "cannot tell" and cell.words != verdict else ""
        return message("{verdict}: {reason}", verdict=verdict, reason=reason) if reason else verdict
    probability = figure(cell.probability, cell.basis)
    if difference is None:
        return message("{verdict}, {probability}", verdict=verdict, probability=probability)
    if difference.error == 0.0:
        return message("{verdict}, {probability} (the same)", verdict=verdict, probability=probability)
    return message(
        "{verdict}, {probability} ({change} ± {error})",
        verdict=verdict,
        probability=probability,
        change=f"{100 * difference.value:+.1f}",
        error=f"{100 * difference.error:.1f}",
    )


def case_lines(result: Comparison) -> Iterator[str]:
    """Yield a notice if the items are of different cases, whose claims of one id need not say the same."""
    if len({item.case for item in result.items}) > 1:
        yield message("These are different cases. Claims are compared by their ids, and may say different things.")


def other_words(row: Row) -> Iterator[str]:
    """Yield what a claim says in the items that say something else than the first."""
    for number, text in row.others:
        yield message("in {number}: {text}", number=f"{number}", text=text)


def rest_lines(result: Comparison) -> Iterator[str]:
    """Yield how many claims do not differ, and which."""
    differing = {row.claim for row in result.rows if row.kind != "same"}
    same = [row.claim for row in result.rows if not row.part and row.claim not in differing]
    if not same:
        return
    if not differing:
        yield message("No claim differs: all have the same verdict, and no probability differs by more than chance.")
        return
    yield plural(
        "{count} claim has the same verdict everywhere, and no probability that differs by more than chance: {claims}.",
        "{count} claims have the same verdict everywhere, and no probability that differs by more than chance: {claims}.",
        len(same),
        claims=listed(same),
    )


def method_lines(result: Comparison) -> Iterator[str]:
    """Yield how the numbers were made, and how to read them."""
    if any(item for row in result.rows for item in row.differences):
        yield message(
            "In brackets: percentage points above or below 1, with the standard error. Two errors or more are hardly chance."
        )
    if result.draws:
        yield message(
            "Probabilities are central: at the central discount factor and thresholds. `tocsin assess` gives their range."
        )
        yield message(
            "{draws}, the same for all ({number} effective), seed {seed}, {seconds} s",
            draws=plural("{count} draw", "{count} draws", result.draws),
            number=f"{result.effective_draws:.0f}",
            seed=f"{result.seed}",
            seconds=f"{result.seconds:.0f}",
        )
    if unpaired := [item.name for item in result.items if item.stored]:
        yield message(
            "Stored runs had draws of their own, so chance does not cancel in differences from or to them: {runs}.",
            runs=in_commas(unpaired),
        )
