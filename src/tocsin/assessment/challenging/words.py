"""A challenge in words: for each claim what mattered, the worst first, what could not be tested, and what did not matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.assessment.challenging.result import Challenge, ClaimChallenge, ControlMargin, Row, Untestable
from tocsin.assessment.result import Verdict
from tocsin.assessment.words import VERDICT_WORDS, figure, part_words, percent
from tocsin.translation import (
    Said,
    Text,
    in_commas,
    in_lines,
    in_semicolons,
    in_sentences,
    message,
    plural,
    row,
)

WORST = 12
"""Rows printed of a claim unless all are wanted."""


def challenge_text(result: Challenge, *, everything: bool = False) -> Text:
    """Return a challenge as lines of a terminal.

    Args:
        result: the challenge.
        everything: whether changes that did not matter are listed, not only counted.
    """
    head = row(0, message("{case}: {title}", case=result.case, title=result.title))
    lines: list[str] = [head, *_run_lines(result)]
    for claim in result.claims:
        if result.complete or claim.rows or claim.untestable:
            lines += ["", *claim_lines(claim, everything=everything)]
    if not result.complete:
        lines += ["", row(0, message("Interrupted: this is what was done until then."))]
    return in_lines(lines)


def _run_lines(result: Challenge) -> Iterator[str]:
    if result.worlds:
        yield row(
            0,
            message(
                "{draws} draws, seed {seed}; changed games are solved again in about {worlds} worlds, {seconds} s",
                draws=result.draws,
                seed=result.seed,
                worlds=result.worlds,
                seconds=f"{result.seconds:.0f}",
            ),
        )


def claim_lines(claim: ClaimChallenge, *, everything: bool = False) -> Iterator[str]:
    """Yield the lines of one claim."""
    yield row(0, (claim.id, 5), (VERDICT_WORDS[claim.verdict], 12), claim.says)
    if claim.in_run:
        yield row(6, differs_from_run(claim))
    if not claim.rows and not claim.untestable:
        yield row(6, message("Nothing to challenge: it rests on nothing that a change can reach."))
        return
    turned, sunk, moved = split(claim)
    shown = [*turned, *moved]
    if not shown and not sunk:
        yield row(6, message("Nothing that was tried changes it."))
    for item in shown if everything else shown[:WORST]:
        yield row(6, effect(item))
    if len(shown) > WORST and not everything:
        yield row(6, plural("{count} more move it less.", "{count} more move it less.", len(shown) - WORST))
    if sunk:
        yield row(6, cannot_without(sunk))
    yield from _rest(claim, everything=everything)


def differs_from_run(claim: ClaimChallenge) -> Text:
    """Return what stands otherwise in the stored run, so that no change seems to contradict it."""
    items = in_semicolons(_part(item) if item[0] else _instead(item[1], item[2]) for item in claim.in_run)
    return message(
        "Even without a change, the draws of the challenge give another verdict than the run: {differences}.",
        differences=items,
    )


def split(claim: ClaimChallenge) -> tuple[list[Row], list[Row], list[Row]]:
    """Return the rows that matter: those that turn the verdict, those without which the claim cannot be tested, and those that move it."""
    sunk = [item for item in claim.mattered if item.after == "not tested" and _leaves_out(item)]
    turned = [item for item in claim.mattered if item.turns and item not in sunk]
    return turned, sunk, [item for item in claim.mattered if not item.turns]


def _leaves_out(item: Row) -> bool:
    """Return whether a source or a fact is missing; a fact with another value can be set."""
    return item.kind in ("source", "fact") and not item.settings


def effect(item: Row) -> Text:
    """Return what a change does, in a line: "fails instead of holds (12 % instead of 60 %, ±8 points): growth.JPN is 0.01, ..."."""
    return message("{effect}: {change}", effect=result_text(item), change=item.says)


def result_text(item: Row) -> Text:
    """Return what a change makes of the verdict, of those of parts, or of the probability."""
    parts = in_semicolons(map(_part, item.parts))
    if not item.turns:
        return parts if item.parts else _chance(item)
    verdict = _instead(item.before, item.after)
    why = _why(item)
    return verdict if why is None else message("{effect} ({chance})", effect=verdict, chance=why)


def _why(item: Row) -> Text | None:
    """Return what turns a verdict: the probability if its figure changes, else the parts that turn, else the reason."""
    names = [name for name, _, _ in item.parts]
    if item.change is not None and not _same_figure(item) and (not names or item.part in ("", *names)):
        return _chance(item)
    if names:
        parts = in_semicolons(map(_part, item.parts))
        return message("{effect}: {why}", effect=parts, why=item.why) if item.why and len(names) == 1 else parts
    if item.why:
        return _as_text(item.why)
    if item.probability is None:
        return None
    now = figure(item.probability, item.basis)
    return now if item.change is None else _not_by_figure(item, now)


def _not_by_figure(item: Row, now: Text) -> Text:
    """Return what turns the verdict of a claim whose probability prints alike with and without a change."""
    if item.after == "disputed":
        return message("{figure} as before, but the models disagree", figure=now)
    if item.before == "disputed":
        return message("{figure} as before, but the models agree", figure=now)
    return message("how likely its parts hold together changes")


def _same_figure(item: Row) -> bool:
    """Return whether the probability prints alike with and without a change."""
    assert item.probability is not None and item.change is not None
    return figure(item.probability, item.basis) == figure(item.probability - item.change, item.basis)


def _instead(before: Verdict, after: Verdict) -> Text:
    return message("{after} instead of {before}", after=VERDICT_WORDS[after], before=VERDICT_WORDS[before])


def _as_text(words: Said) -> Text:
    return words if isinstance(words, Text) else Text(words)


def _part(turned: tuple[str, Verdict, Verdict]) -> Text:
    """Return that the verdict of a part changes."""
    name, before, after = turned
    return message(
        "{part} {after} instead of {before}",
        part=part_words(name),
        after=VERDICT_WORDS[after],
        before=VERDICT_WORDS[before],
    )


def _chance(item: Row) -> Text:
    """Return the probability with and without a change, and the error of the difference in points."""
    assert item.probability is not None and item.change is not None and item.error is not None
    numbers = message(
        "{then} instead of {now}, ±{error} points",
        then=figure(item.probability, item.basis),
        now=figure(item.probability - item.change, item.basis),
        error=_points(200.0 * item.error),
    )
    return numbers if not item.part else message("{part} {chance}", part=part_words(item.part), chance=numbers)


def _points(value: float) -> str:
    """Return a number of points, to a tenth below 1."""
    return f"{value:.0f}" if value >= 1.0 else f"{value:.1f}"


def cannot_without(rows: list[Row]) -> Text:
    """Return without which sources and facts a claim cannot be tested, each by itself."""
    sources = list(dict.fromkeys(item.of for item in rows if item.kind == "source"))
    facts = list(dict.fromkeys(item.of for item in rows if item.kind != "source"))
    return in_sentences(_without_sources(sources), _without_facts(facts))


def _without_sources(names: list[str]) -> str:
    if len(names) == 1:
        return message("It cannot be tested without the source {source}.", source=Text(names[0]))
    several = message("It cannot be tested if any one of these sources is missing: {items}.", items=in_commas(names))
    return several if names else ""


def _without_facts(names: list[str]) -> str:
    if len(names) == 1:
        return message("It cannot be tested without the fact {fact}.", fact=Text(names[0]))
    several = message("It cannot be tested if any one of these facts is missing: {items}.", items=in_commas(names))
    return several if names else ""


def _rest(claim: ClaimChallenge, *, everything: bool) -> Iterator[str]:
    """Yield the controls, what could not be tested, and what did not matter."""
    for control in claim.controls:
        yield row(6, control_line(control))
    if claim.untestable:
        yield row(6, message("Could not be tested:"))
        yield from (row(8, line) for line in untestable_lines(claim.untestable))
    if claim.skipped:
        yield row(6, skipped_line(claim))
    still = claim.did_not
    if still:
        yield row(6, plural("{count} change does not matter.", "{count} changes do not matter.", len(still)))
        yield from (row(8, still_line(item)) for item in still) if everything else ()


def control_line(control: ControlMargin) -> Text:
    """Return whether a measure passes a control, and by how much."""
    given = {"control": control.name, "measure": control.measure, "share": percent(control.exceeds)}
    if control.margin is None and control.passes:
        return message(
            "The control “{control}” passes on `{measure}`, since types of challenger disagree: {share} of worlds.",
            **given,
        )
    if control.margin is None:
        return message(
            "The control “{control}” fails on `{measure}`, since types of challenger disagree: {share} of worlds.",
            **given,
        )
    points = f"{100 * abs(control.margin):.0f}"
    if control.passes:
        return message(
            "The control “{control}” passes on `{measure}` by {points} points: {share} of worlds.",
            points=points,
            **given,
        )
    return message(
        "The control “{control}” fails on `{measure}` by {points} points: {share} of worlds.", points=points, **given
    )


def untestable_lines(items: Sequence[Untestable]) -> Iterator[Text]:
    """Yield what could not be tested, with what shares a reason in one line."""
    by_reason: dict[str, list[Untestable]] = {}
    for item in items:
        by_reason.setdefault(str(item.why), []).append(item)
    for same in by_reason.values():
        changes = in_commas(dict.fromkeys(item.says for item in same))
        yield message("{changes}: {why}", changes=changes, why=same[0].why)


def skipped_line(claim: ClaimChallenge) -> Text:
    """Return how many ends of ranges were not solved again, and what to expect of them."""
    notice = plural(
        "{count} end of a range was not solved again.", "{count} ends of ranges were not solved again.", claim.skipped
    )
    if claim.expected is None:
        return notice
    points = f"{100 * claim.expected:.0f}"
    return in_sentences(
        notice, message("The solved worlds let one expect at most {points} points of each.", points=points)
    )


def still_line(item: Row) -> Text:
    """Return a change that does not matter, with the move of the probability if there is one."""
    if item.change is None or item.probability is None:
        return _as_text(item.says)
    return message("{chance}: {change}", chance=_chance(item), change=item.says)
