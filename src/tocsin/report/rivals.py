"""The section of the brief on rival explanations: posteriors of three readers, and the matrix of competing hypotheses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from tocsin.assessment.result import Assessment, ClaimResult
from tocsin.assessment.rivals.result import ArgumentResult, Item, Posterior, RivalResult
from tocsin.assessment.rivals.words import (
    NOT_TESTED,
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
from tocsin.case.rival_blocks import Reader
from tocsin.plots.style import BLUE, INK, PAPER
from tocsin.report.links import links
from tocsin.translation import Text, clip, in_semicolons, in_sentences, key_words, message

MARKS: Mapping[Reader, str] = {
    "neutral": f'<circle cx="{{x}}%" cy="50%" r="5" fill="{BLUE}"/>',
    "author": f'<line x1="{{x}}%" x2="{{x}}%" y1="12%" y2="88%" stroke="{INK}" stroke-width="3"/>',
    "sceptic": f'<circle cx="{{x}}%" cy="50%" r="5" fill="{PAPER}" stroke="{INK}" stroke-width="2"/>',
}
"""A disc for the neutral reader, an upright bar for the author, a ring for the sceptic."""


EXPLAINED = "explanations-"
"""How the name of a picture of explanations begins; the key of their set follows."""


@dataclass(frozen=True)
class ExplanationLine:
    """An explanation in the picture: few words, text, arguments, what each reader believes, and the marks."""

    name: str
    article: bool
    says: str
    argues: Text
    values: Text
    drawing: Markup


@dataclass(frozen=True)
class ItemRow:
    """An item in the matrix: what it says, remarks, and a cell for each explanation."""

    says: str
    remarks: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RivalSection:
    """A set of explanations as the brief shows it.

    Attributes:
        name, what: key, and what is explained.
        lead: what it bears on, and what a neutral reader believes.
        lines: one for each explanation.
        columns: names of the explanations.
        counted: the matrix of the items that count.
        later: that of the others.
        notes: dependence, the item that moves most, what is known since, what to look for next.
    """

    name: str
    what: str
    lead: Text
    lines: tuple[ExplanationLine, ...]
    columns: tuple[str, ...]
    counted: tuple[ItemRow, ...]
    later: tuple[ItemRow, ...]
    notes: tuple[str, ...]


def rival_sections(assessment: Assessment) -> tuple[RivalSection, ...]:
    """Return the sections, one for each set of explanations."""
    return tuple(_section(result) for result in assessment.rivals.sets)


def _section(result: RivalResult) -> RivalSection:
    names = _names(result)
    return RivalSection(
        name=result.name,
        what=result.what,
        lead=_lead(result, names),
        lines=tuple(_line(result, key) for key in names),
        columns=tuple(names.values()),
        counted=tuple(_row(result, item, names) for item in result.items if item.sight.counts),
        later=tuple(_row(result, item, names) for item in result.items if not item.sight.counts),
        notes=tuple(_notes(result, names)),
    )


def _names(result: RivalResult) -> dict[str, str]:
    return {row.key: row.name for row in result.explanations}


def _belief(name: str, belief: Posterior) -> Text:
    return belief_text(name, belief.mean, belief.band[0], belief.band[2])


def _lead(result: RivalResult, names: Mapping[str, str]) -> Text:
    neutral = result.posteriors["neutral"]
    best = max(neutral, key=lambda key: neutral[key].mean)
    article = _belief(names[result.article], neutral[result.article])
    if best == result.article:
        answer = message(
            "A neutral reader holds: {article}. That is the article’s explanation, and the likeliest.", article=article
        )
    else:
        other = _belief(names[best], neutral[best])
        answer = message(
            "A neutral reader holds: {other}, the likeliest; {article}, the article’s explanation.",
            article=article,
            other=other,
        )
    bearing = message("It bears on {claims}.", claims=links(result.claims)) if result.claims else ""
    return in_sentences(answer, bearing)


def _line(result: RivalResult, key: str) -> ExplanationLine:
    row = next(row for row in result.explanations if row.key == key)
    beliefs = {reader: posterior[key] for reader, posterior in result.posteriors.items()}
    return ExplanationLine(
        name=row.name,
        article=key == result.article,
        says=row.says,
        argues=links(row.argues, "argument-"),
        values=readers_text({reader: item.mean for reader, item in beliefs.items()}),
        drawing=_drawing(beliefs),
    )


def _row(result: RivalResult, item: Item, names: Mapping[str, str]) -> ItemRow:
    cells = tuple(
        (name, message("the article’s own") if key == result.article else ratio_text(item.ratios[key][1]))
        for key, name in names.items()
    )
    return ItemRow(says=item.says, remarks=tuple(item_remarks(item)), cells=cells)


def _notes(result: RivalResult, names: Mapping[str, str]) -> list[str]:
    notes: list[str] = [group_text(key_words(group.name), group.items, *group.strength) for group in result.groups]
    notes += item_notes(result.items, names, result.uncertainty)
    if result.since:
        beliefs = result.since["neutral"]
        notes.append(since_text(_belief(name, beliefs[key]) for key, name in names.items()))
    return notes


# --- beside a claim, and arguments -----------------------------------------------------------------------------------


def explained(assessment: Assessment, claim: ClaimResult) -> Text:
    """Return what readers believe of the article's explanation in each set that bears on a claim; empty if none does."""
    texts = [
        message(
            "{what}, “{explanation}” ({readers}; {link})",
            what=result.what,
            explanation=_names(result)[result.article],
            readers=readers_text(
                {reader: beliefs[result.article].mean for reader, beliefs in result.posteriors.items()}
            ),
            link=Markup('<a href="#explanations-{}">{}</a>').format(result.name, result.name),
        )
        for result in assessment.rivals.sets
        if claim.id in result.claims
    ]
    if not texts:
        return Text()
    return message("By what was seen, the article’s explanation beside its rivals: {sets}.", sets=in_semicolons(texts))


def tested_by(assessment: Assessment, name: str) -> Text:
    """Return how an argument is tested; empty if the assessment does not say."""
    item = next((item for item in assessment.rivals.arguments if item.key == name), None)
    return Text() if item is None else argument_text(assessment, item)


def argument_text(assessment: Assessment, item: ArgumentResult) -> Text:
    """Return what an argument explains, predicts and sets, or that it is not tested."""
    if not item.tested:
        return NOT_TESTED
    sets = {result.name: result for result in assessment.rivals.sets}
    texts: list[str] = [makes_text(sets[name].what, _names(sets[name])[key]) for name, key in item.explanations]
    if item.sight is not None:
        seen = sight_text(item.sight)
        how = in_semicolons([seen, argument_ratio_text(*item.ratio)]) if item.ratio else seen
        texts.append(predicts_text(clip(item.says, 60), how))
    if item.sets:
        texts.append(sets_text(item.sets))
    return in_sentences(*texts)


# --- drawing ---------------------------------------------------------------------------------------------------------


def _at(value: float) -> float:
    """Return where a probability lies, in per cent of the width."""
    return round(3.0 + 94.0 * value, 2)


def _drawing(beliefs: Mapping[Reader, Posterior]) -> Markup:
    """Return the scale from 0 to 1 with the mark of each reader, and the neutral reader's range."""
    grid = "".join(f'<line class="tick" x1="{_at(at)}%" x2="{_at(at)}%" y1="0" y2="100%"/>' for at in (0.0, 0.5, 1.0))
    low, _, high = beliefs["neutral"].band
    line = f'<line x1="{_at(low)}%" x2="{_at(high)}%" y1="50%" y2="50%" stroke="{BLUE}" stroke-width="2"/>'
    marks = "".join(MARKS[reader].format(x=_at(item.mean)) for reader, item in beliefs.items())
    return Markup(f'<svg class="rung" aria-hidden="true" focusable="false">{grid}{line}{marks}</svg>')
