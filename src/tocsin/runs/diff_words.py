"""What changed between two runs in words: what differs between their inputs, what that did, and which change can have done it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tocsin.runs.change_words import arrow, claim_lines, explanation_lines, quantity_lines, version_line
from tocsin.translation import Text, in_commas, listed, message, plural, row

if TYPE_CHECKING:
    from tocsin.runs.comparing import Cause, RunDifference
    from tocsin.runs.inputs import InputChange

MAX_INPUTS = 40
"""Changed inputs that a terminal lists."""


def lines(difference: RunDifference) -> Iterator[str]:
    """Yield the lines of a terminal."""
    yield from heading_lines(difference)
    if difference.before != difference.after:
        yield ""
        if any(change.tested for change in difference.inputs):
            yield row(0, message("Inputs that differ:"))
        yield from input_lines(difference)
        yield ""
        yield from _result_lines(difference)


def heading_lines(difference: RunDifference, days: tuple[str, str] | None = None) -> Iterator[str]:
    """Yield which runs are compared, and whether they are one run or runs of two cases.

    Args:
        difference: of the runs.
        days: when they were made; by default their days in UTC.
    """
    before, after = difference.before, difference.after
    day, later = days or (before.last[:10], after.last[:10])
    yield row(
        0,
        message(
            "{before} of {day} -> {after} of {later}",
            before=before.name,
            day=day,
            after=after.name,
            later=later,
        ),
    )
    if before == after:
        yield row(0, message("These are two names of one run."))
    elif before.case != after.case:
        notice = message("These are runs of two cases. Claims are compared by their ids, and may say different things.")
        yield row(0, notice)


def unchanged_line(difference: RunDifference) -> Text:
    """Return that no claim differs, and whether explanations do."""
    if difference.explanations:
        return plural(
            "No verdict and no probability of a claim differs ({count} claim), but explanations do.",
            "No verdict and no probability of a claim differs ({count} claims), but explanations do.",
            difference.claims_compared,
        )
    return plural(
        "No verdict and no probability differs: {count} claim.",
        "No verdict and no probability differs: {count} claims.",
        difference.claims_compared,
    )


def _result_lines(difference: RunDifference) -> Iterator[str]:
    """Yield the claims that differ, each with its cause, and the quantities."""
    if not difference.claims:
        yield row(0, unchanged_line(difference))
    for change, cause in difference.claims:
        yield from claim_lines(change)
        yield row(4, cause_text(cause))
    if difference.claims:
        yield row(0, message("Causes are inferred from what the tests can read. Nothing was run again."))
    if difference.explanations:
        yield ""
    yield from explanation_lines(difference.explanations)
    if difference.quantities:
        yield ""
    yield from quantity_lines(difference.quantities, difference.quantities_compared)


def input_lines(difference: RunDifference, most: int | None = MAX_INPUTS) -> Iterator[str]:
    """Yield what differs between the cases, programs and settings of the runs: at most `most` inputs, all with None."""
    if difference.unread:
        yield row(0, message("Only the files are compared: {reason}", reason=difference.unread))
        for name in difference.files:
            yield row(2, message("the file {name} differs", name=name))
    tested = [change for change in difference.inputs if change.tested]
    variants = _variants_of(difference)
    for change in tested[:most]:
        yield row(2, _input_text(change, variants))
    if most is not None and len(tested) > most:
        yield row(2, message("and {number} more, see {option}", number=len(tested) - most, option="`--json`"))
    words = len(difference.inputs) - len(tested)
    if words:
        yield row(
            0,
            plural(
                "{count} text or remark differs, which no verdict reads.",
                "{count} texts or remarks differ, which no verdict reads.",
                words,
            ),
        )
    if difference.measured:
        yield row(0, message("Values of data sets differ: {names}.", names=listed(difference.measured)))
    for name, (one, other) in difference.origin.items():
        yield row(0, message("{name}: {change}", name=_general(name), change=arrow(f"{one:,}", f"{other:,}")))
    if difference.versions:
        yield version_line(difference.versions)
    if not (difference.unread or difference.inputs or difference.measured or difference.origin or difference.versions):
        yield row(0, message("No input, version, seed or number of draws differs."))


def _variants_of(difference: RunDifference) -> dict[str, str]:
    """Return the variant that sets an input in one of the runs, by the name of the input."""
    if difference.unread:
        return {}
    from tocsin.case.variants import with_variants

    return {
        name: variant
        for run in (difference.before, difference.after)
        for variant in run.about.variants
        for name, text in with_variants(run.written_case(), [variant], {}).items()
        if run.about.origin.settings.get(name) == text
    }


def _input_text(change: InputChange, variants: Mapping[str, str]) -> Text:
    name = " ".join(filter(None, (change.label, change.field)))
    if not change.field and change.before is None:
        return message("{name}: only in the second run", name=name)
    if not change.field and change.after is None:
        return message("{name}: only in the first run", name=name)
    none = message("none")
    values = arrow(none if change.before is None else change.before, none if change.after is None else change.after)
    known = (change.name, f"{change.block}.{change.name}")
    variant = next((variants[key] for key in known if key in variants), "")
    if change.by_setting and variant:
        return message("{name}: {change} (by {option})", name=name, change=values, option=f"--variant {variant}")
    if change.by_setting:
        return message("{name}: {change} (by {option})", name=name, change=values, option="--set")
    return message("{name}: {change}", name=name, change=values)


def _general(name: str) -> Text | str:
    words = {"seed": message("seed"), "draws": message("draws"), "code": message("versions")}
    return words.get(name, name)


def cause_text(cause: Cause) -> Text:
    """Return what can have changed a claim, as far as it can be inferred."""
    names = in_commas(map(_general, cause.names))
    if cause.kind == "unknown":
        return message("its cause cannot be traced")
    if cause.kind == "nothing":
        return message("nothing that its test reads differs")
    if cause.kind == "several" and cause.weights:
        return message(
            "its test reads no change; these may move it through the weights of worlds: {changes}", changes=names
        )
    if cause.kind == "several":
        return message("cannot be separated: {changes}", changes=names)
    if cause.names in (("seed",), ("draws",), ("code",)):
        return message("only by the {change}: nothing else that it reads differs", change=names)
    if cause.weights:
        return message("its test does not read {change}, which may move it through the weights of worlds", change=names)
    return message("by {change}: nothing else that it reads differs", change=names)
