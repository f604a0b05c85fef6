"""The block of a claim with one dot a model: what models of past disputes say beside the case's game."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tocsin.assessment.other_models_result import BOUNDS, PRIOR, ModelAnswer, OtherModels
from tocsin.assessment.other_models_words import NAMES, answer_text, caveat, counted_text, effect_text, level_text
from tocsin.assessment.requests import claims_using_games
from tocsin.assessment.result import Assessment, ClaimResult, PartResult
from tocsin.assessment.words import game_percent, percent
from tocsin.plots.style import ACCENT, BLUE, PAPER
from tocsin.translation import Text, in_commas, in_semicolons, key_words, message

SCALE = (0.0, PRIOR, 1.0)
"""Marks of the scale."""


@dataclass(frozen=True)
class ModelRow:
    """A row: the model, what it says, what else is known, and its dot; the last row is the pool."""

    name: str
    value: str
    more: tuple[str, ...]
    drawing: Markup


@dataclass(frozen=True)
class ModelsBlock:
    """What the models say of one test.

    Attributes:
        first: that models differ, said before the verdict; empty if they do not.
        title: the part of the claim; empty for a claim without parts.
        summary: how many models count.
        rows: one for each model, then the pool.
        caveat: what the pooled figure rests on.
    """

    first: str
    title: str
    summary: str
    rows: tuple[ModelRow, ...]
    caveat: str


def models_blocks(assessment: Assessment, claim: ClaimResult) -> tuple[ModelsBlock, ...]:
    """Return the blocks of a claim: one for each of its tests that other models can answer."""
    return tuple(_block(row, claim) for row in assessment.other_models if row.claim == claim.id)


def only_this_game(assessment: Assessment) -> str:
    """Return which of the claims that facts do not settle only the case's game answers; empty if there are none."""
    answered = {row.claim for row in assessment.other_models}
    alone = [name for name in claims_using_games(assessment.case, assessment.settled) if name not in answered]
    if not alone:
        return ""
    if len(alone) == 1:
        return message(
            "Models of past disputes say how likely war is, where their data allow it, and nothing of losses, fear, or what each defender "
            "contributes. So for one claim the case's game is the only model ({claim}).",
            claim=alone[0],
        )
    return message(
        "Models of past disputes say how likely war is, where their data allow it, and nothing of losses, fear, or what each defender "
        "contributes. So for these claims the case's game is the only model ({claims}).",
        claims=in_commas(alone),
    )


def _block(row: OtherModels, claim: ClaimResult) -> ModelsBlock:
    part = next((part for part in claim.parts if part.name == row.part), None)
    counted = [
        message("{model} {chance}", model=NAMES[item.model], chance=game_percent(item.probability))
        for item in row.answers
        if item.counts and item.probability is not None
    ]
    pool = ModelRow(message("pooled"), percent(row.pooled), (), _bar(row.pooled))
    return ModelsBlock(
        first=_difference(part, counted) if row.differ else "",
        title=part.says if part else "",
        rows=(*(_row(item, row.years) for item in row.answers), pool),
        summary=counted_text(len(counted), len(row.answers)),
        caveat=caveat(counterfactual=row.counterfactual),
    )


def _difference(part: PartResult | None, counted: Sequence[Text]) -> Text:
    """Return that models differ on a claim or a part, and what each that counts says."""
    if part is None:
        return message("Models differ: {answers}.", answers=in_semicolons(counted))
    return message(
        "Models differ on the part “{part}”: {answers}.", part=key_words(part.name), answers=in_semicolons(counted)
    )


def _row(answer: ModelAnswer, years: int) -> ModelRow:
    more: list[str] = [message("weight {share}", share=percent(answer.weight))]
    if answer.effect:
        more.append(effect_text(*answer.effect))
    for theatre, band in answer.level.items():
        level = level_text(*band, years)
        several = len(answer.level) > 1
        more.append(message("{level} in {theatre}", level=level, theatre=key_words(theatre)) if several else level)
    return ModelRow(
        name=NAMES[answer.model],
        value=answer_text(answer.probability, answer.silent),
        more=tuple(more),
        drawing=_dot(answer),
    )


# --- drawing ---------------------------------------------------------------------------------------------------------


def _at(value: float) -> float:
    """Return where a probability lies, in per cent of the width."""
    return round(3.0 + 94.0 * value, 2)


def _dot(answer: ModelAnswer) -> Markup:
    """Return the scale with the model's dot, hollow if it does not count; no dot if the model says nothing."""
    if answer.probability is None:
        return _drawing("")
    fill = BLUE if answer.counts else PAPER
    return _drawing(
        f'<circle cx="{_at(answer.probability)}%" cy="50%" r="5" fill="{fill}" stroke="{BLUE}" stroke-width="2"/>'
    )


def _bar(value: float) -> Markup:
    """Return the scale with the pooled bar and the bounds that hold it."""
    ends = "".join(
        f'<line x1="{_at(end)}%" x2="{_at(end)}%" y1="20%" y2="80%" stroke="{ACCENT}" stroke-width="1"/>'
        for end in BOUNDS
    )
    return _drawing(
        f'<line x1="{_at(0.0)}%" x2="{_at(value)}%" y1="50%" y2="50%" stroke="{ACCENT}" stroke-width="7"/>{ends}'
    )


def _drawing(inside: str) -> Markup:
    grid = "".join(f'<line class="tick" x1="{_at(at)}%" x2="{_at(at)}%" y1="0" y2="100%"/>' for at in SCALE)
    return Markup(f'<svg class="rung" aria-hidden="true" focusable="false">{grid}{inside}</svg>')


def models_axis() -> Markup:
    """Return the labels of the scale."""
    places = zip(SCALE, ("start", "middle", "end"), strict=True)
    texts = "".join(
        f'<text x="{_at(at)}%" y="12" text-anchor="{anchor}">{round(100 * at)} %</text>' for at, anchor in places
    )
    return Markup(f'<svg class="axis" aria-hidden="true" focusable="false">{texts}</svg>')
