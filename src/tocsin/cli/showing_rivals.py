"""Show in words how well rival explanations fit, and how an argument is tested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tocsin.assessment.claim_record import BandRecord, ClaimRecord
from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.rivals.record import ArgumentRecord, ItemRecord, PosteriorRecord, RivalSetRecord
from tocsin.assessment.rivals.words import (
    NOT_TESTED,
    READER_WORDS,
    argument_ratio_text,
    belief_text,
    group_text,
    item_notes,
    item_remarks,
    makes_text,
    predicts_text,
    ratio_text,
    readers_text,
    sets_text,
    sight_text,
    since_text,
)
from tocsin.translation import Text, clip, in_commas, in_semicolons, key_words, message, row

if TYPE_CHECKING:
    from tocsin.case.schema import Variant

MAX_WORDS = 60
"""Words of an item before its sight."""


def rival_heads(assessment: AssessmentRecord) -> Iterator[str]:
    """Yield a line for each set of explanations: its name, and what readers believe of the article's explanation."""
    for item in assessment.explanations:
        yield row(2, (item.name, 12), message("{what}: {readers}", what=item.what, readers=_article(item)))


def claim_lines(assessment: AssessmentRecord, claim: ClaimRecord) -> Iterator[str]:
    """Yield what readers believe of the article's explanation in each set that bears on a claim."""
    for item in assessment.explanations:
        if claim.id in item.claims:
            explanation = message("{what}: {readers}", what=item.what, readers=_article(item))
            yield row(
                2, message("rival explanations, {said} (see {command})", said=explanation, command=_command(item.name))
            )


def set_lines(item: RivalSetRecord) -> Iterator[str]:
    """Yield what readers believe of each explanation, and how likely each makes every item."""
    names = {entry.key: entry.name for entry in item.explanations}
    yield row(0, message("Explained: {what} ({claims})", what=item.what, claims=in_commas(item.claims)))
    for reader, beliefs in item.posteriors.items():
        shares = in_commas(_belief(names[key], belief) for key, belief in beliefs.items())
        yield row(2, message("{reader}: {beliefs}", reader=READER_WORDS[reader], beliefs=shares))
    if item.since:
        yield row(2, since_text(_belief(names[key], belief) for key, belief in item.since["neutral"].items()))
    for group in item.groups:
        low, mid, high = _points(group.strength)
        yield row(2, group_text(key_words(group.name), group.items, low, mid, high))
    for note in item_notes(item.items, names, item.uncertainty):
        yield row(2, note)
    yield row(
        2,
        message(
            "How likely each explanation makes what was seen, against the article’s, “{explanation}”; first what moves a neutral reader most:",
            explanation=names[item.article],
        ),
    )
    for entry in item.items:
        yield from _item_lines(item, entry)


def argument_lines(assessment: AssessmentRecord, item: ArgumentRecord) -> Iterator[str]:
    """Yield how an argument is tested."""
    yield row(0, message("argument {name}", name=item.key))
    if item.text:
        yield row(2, item.text)
    if item.bears_on:
        yield row(2, message("It bears on {claims}.", claims=in_commas(item.bears_on)))
    if not item.tested:
        yield row(2, NOT_TESTED)
    sets = {entry.name: entry for entry in assessment.explanations}
    for name, key in item.explanations:
        known = next(entry for entry in sets[name].explanations if entry.key == key)
        yield row(2, makes_text(sets[name].what, known.name))
        yield row(4, known.says)
        beliefs = {reader: posterior[key].mean for reader, posterior in sets[name].posteriors.items()}
        yield row(4, message("{readers} (see {command})", readers=readers_text(beliefs), command=_command(name)))
    if item.sight is not None:
        seen = sight_text(item.sight)
        ratio = in_semicolons([seen, argument_ratio_text(*_points(item.ratio))]) if item.ratio else seen
        yield row(2, predicts_text(clip(item.says, MAX_WORDS), ratio))
    if item.sets:
        yield row(2, sets_text(f"{name}={item.values[name]}" if name in item.values else name for name in item.sets))
        yield _command_line(item.key)


def variant_lines(name: str, variant: Variant) -> Iterator[str]:
    """Yield what a variant is for, and what it sets."""
    yield row(0, message("variant {name}: {reason}", name=name, reason=variant.why))
    settings = in_commas(f"{key}={value}" for key, value in variant.set.items())
    yield row(2, message("sets {inputs}", inputs=settings))
    yield _command_line(name)


def _command_line(name: str) -> Text:
    command = f"`tocsin assess CASE --variant {name}`"
    return row(4, message("to see what then follows: {command}", command=command))


def _item_lines(item: RivalSetRecord, entry: ItemRecord) -> Iterator[str]:
    remarks = in_semicolons(item_remarks(entry))
    yield row(2, message("{item}: {seen}", item=clip(entry.says, MAX_WORDS), seen=remarks))
    if entry.sight.share is not None and not entry.diagnostic:
        return
    for known in item.explanations:
        if known.key != item.article:
            ratio = ratio_text(_points(entry.ratios[known.key])[1])
            yield row(4, message("{explanation}: {ratio}", explanation=known.name, ratio=ratio))


def _article(item: RivalSetRecord) -> Text:
    """Return what each reader believes of the article's explanation."""
    name = next(explanation.name for explanation in item.explanations if explanation.key == item.article)
    readers = readers_text({reader: beliefs[item.article].mean for reader, beliefs in item.posteriors.items()})
    return message("“{explanation}”, {readers}", explanation=name, readers=readers)


def _belief(name: str, belief: PosteriorRecord) -> Text:
    low, _, high = _points(belief.band)
    return belief_text(name, belief.mean, low, high)


def _points(band: BandRecord) -> tuple[float, float, float]:
    """Return the three points of a band, all of which are known here."""
    assert band.p05 is not None and band.p50 is not None and band.p95 is not None
    return band.p05, band.p50, band.p95


def _command(name: str) -> str:
    return f"`tocsin show {name}`"
