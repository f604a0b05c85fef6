"""Warnings about a case that loads: unused names, stale and recalled facts, assumed rates, idle events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from tocsin.case import nodes
from tocsin.case.chances import chance_findings
from tocsin.case.checks_dates import early_outcome_findings, is_late
from tocsin.case.checks_variants import idle_variants
from tocsin.case.claim_blocks import test_loc
from tocsin.case.coherence import coherence_findings
from tocsin.case.contest import contest_findings
from tocsin.case.events import touches
from tocsin.case.freshness import differences
from tocsin.case.game_blocks import DatedGame
from tocsin.case.game_tests import example_of
from tocsin.case.hindsight import hindsight_findings
from tocsin.case.inputs import beliefs_read, members
from tocsin.case.plausible import money_findings
from tocsin.case.pressure import pressure_findings
from tocsin.case.problem import Finding, some_of
from tocsin.case.published import kind_in
from tocsin.case.reasons import MIN_WORDS, grounds, template_values
from tocsin.case.rivals import facts_observed, rival_findings
from tocsin.case.schema import Case
from tocsin.case.sentence_findings import sentence_findings
from tocsin.case.spending import conversions, path_now, path_rows
from tocsin.case.text_files import languages_with_files, name_of
from tocsin.case.thresholds import threshold_findings
from tocsin.case.translations import missing
from tocsin.case.units import parse_unit
from tocsin.errors import InputError, located, place_text
from tocsin.reading import Loc
from tocsin.translation import LANGUAGES, Text, in_commas, in_lines, in_semicolons, message, message_in, plural

STALE_YEARS = 3
"""Spending that ends more than this number of years before `as_of` is stale."""
MAX_NAMED = 8
"""Facts that a notice names."""
CUT = 0.01
"""A distribution that loses more than this share of its mass to truncation gets a notice."""


@dataclass(frozen=True)
class Notice:
    """A warning: message, location (file, line and column from 1; None if unknown) and remedy."""

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        return str(self.text())

    def text(self) -> Text:
        """Return the place with the message, and the remedy on its own line."""
        place = place_text(self.file, self.line, self.column)
        return in_lines(located(place, self.message, self.remedy))


def lint(case: Case) -> tuple[Notice, ...]:
    """Return the warnings about a loaded case, sorted by file and line."""
    checks = (
        _templates, _reasons, _default_estimates, hindsight_findings, _beliefs, _cuts, contest_findings, _promises, _names, _facts, _spending, _currencies, money_findings, threshold_findings, chance_findings, early_outcome_findings, _records, pressure_findings,
        _claims, rival_findings, coherence_findings, sentence_findings, _idle_events, idle_variants, _measured,
    )  # fmt: skip
    notices = [_notice(case, *warning) for warning in chain.from_iterable(check(case) for check in checks)]
    notices += _translations(case)
    return tuple(sorted(dict.fromkeys(notices), key=lambda n: (n.file or "", n.line or 0, n.column or 0, n.message)))


def _notice(case: Case, loc: Loc, message: str, remedy: str | None) -> Notice:
    place = case.place(*loc)
    if place is None:
        return Notice(message, remedy=remedy)
    return Notice(message, place.file, place.line, place.column, remedy)


def _translations(case: Case) -> Iterator[Notice]:
    """Yield the files of translations that lack texts, and those that no reader can get."""
    for name in languages_with_files(case.folder):
        file = name_of(name)
        if name not in LANGUAGES:
            known = in_commas(name_of(code) for code in LANGUAGES)
            yield Notice(
                message("unknown language {name}", name=repr(name)),
                file,
                remedy=message("name it as one of {names}, or remove it", names=known),
            )
            continue
        try:
            count = missing(case, name)
        except InputError as error:
            yield Notice(error.message, error.file or file, error.line, error.column, error.remedy)
            continue
        if count:
            wrong = plural("1 text has no translation", "{count} texts have no translation", count)
            remedy = message(
                "run `tocsin translate CASE --to {name}`, then fill in each empty `msgstr` of the file", name=name
            )
            yield Notice(wrong, file, remedy=remedy)


def _tests(case: Case) -> Iterator[tuple[Loc, nodes.Node]]:
    """Yield every test of a case with its path in the file."""
    for key, tests in case.tests.items():
        for part, test in tests.items():
            yield test_loc(case.claims[key], key, part), test.node


def _templates(case: Case) -> Iterator[Finding]:
    for block, locs in template_values(case).items():
        names = [str(loc[1]) for loc in locs if len(loc) > 1]
        wrong = message("`{block}` still has the template's text", block=block)
        if names:
            wrong = plural(
                "`{block}` still has the template's text in {count} item: {names}",
                "`{block}` still has the template's text in {count} items: {names}",
                len(names),
                block=block,
                names=some_of(names, 3),
            )
        example = example_of(case, names) if block == "claims" else ""
        remedy = message("write your own values, with your name, source or reason")
        yield locs[0], wrong, in_semicolons(filter(None, [remedy, example]))


def _reasons(case: Case) -> Iterator[Finding]:
    """Yield the judgements that give no reason of their own, in one notice."""
    names = [name for name, ground in grounds(case).items() if ground == "no reason"]
    if names:
        wrong = plural(
            "{count} judgement gives no reason of its own: {names}",
            "{count} judgements give no reason of their own: {names}",
            len(names),
            names=some_of(names, 3),
        )
        remedy = message(
            "say in `why`, in {count} words or more of your own, what makes you choose this range; or leave the input to its default",
            count=MIN_WORDS,
        )
        yield ("beliefs", names[0]), wrong, remedy


def _default_estimates(case: Case) -> Iterator[Finding]:
    """Yield the defaults that stored estimates give, in one notice."""
    names = [name for name, belief in case.beliefs.items() if belief.is_default and belief.from_ is not None]
    if names:
        results = dict.fromkeys(str(case.beliefs[name].from_).split("/")[1] for name in names)
        commands = in_commas(f"`tocsin evidence show {result}`" for result in results)
        yield (
            ("theatres",),
            message(
                "{count} inputs that the case does not give take stored estimates: {names}",
                count=len(names),
                names=some_of(names, 3),
            ),
            message("see {commands} for what they rest on; state your own to replace them", commands=commands),
        )


def _beliefs(case: Case) -> Iterator[Finding]:
    read = beliefs_read(case, [*(node for _, node in _tests(case)), *case.rivals.tests.values()])
    for name in case.beliefs:
        if name not in read:
            yield (
                ("beliefs", name),
                message("no theatre and no test reads belief `{name}`", name=name),
                message("remove it, or check its name"),
            )


def _cuts(case: Case) -> Iterator[Finding]:
    for name, belief in case.beliefs.items():
        if belief.is_default:
            continue
        shape = case.distributions[name]
        if 1 - shape.admissible_mass > CUT:
            low, high = shape.point(0.05), shape.point(0.95)
            yield (
                ("beliefs", name),
                message(
                    "`{name}` loses {share} of its mass to the admissible range: its 5 % and 95 % points become {low} and {high}",
                    name=name,
                    share=f"{1 - shape.admissible_mass:.0%}",
                    low=f"{low:.3g}",
                    high=f"{high:.3g}",
                ),
                message("choose a family that stays inside the range"),
            )


def _promises(case: Case) -> Iterator[Finding]:
    """Yield promises for a first strike where nobody has the means for one."""
    for name, form in case.forms.items():
        for index, promise in enumerate(form.promises):
            if promise.when == {"struck"} and not form.strikers and not isinstance(case.theatres[name], DatedGame):
                wrong = message(
                    "the promise of {actor} to {partner} never binds: no defender of `{name}` can strike first",
                    actor=promise.slot.actor,
                    partner=promise.slot.partner,
                    name=name,
                )
                remedy = message(
                    "give a defender `blows.ACTOR`, add another occasion, or leave the promise as it is and know that it costs nothing to break"
                )
                yield ("theatres", name, "promises", index), wrong, remedy


def _names(case: Case) -> Iterator[Finding]:
    playing = {actor for theatre in case.theatres.values() for actor in members(theatre)}
    used = {name for theatre in case.theatres.values() for name in theatre.regimes}
    groups = {claim.alike for claim in case.claims.values()}
    groups |= {call.alike for _, node in _tests(case) for call in nodes.calls(node)}
    rivals = {name for claim in case.claims.values() for name in claim.rivals}
    for name in case.actors if case.theatres else ():
        if name not in playing:
            yield ("actors", name), message("actor `{name}` plays in no theatre", name=name), None
    judged = {known[1].get("regime") for name in case.beliefs if (known := kind_in(case, name))}
    for name in case.regimes:
        if case.theatres and name not in used:
            yield (
                ("regimes", name),
                message("regime `{name}` moves in no theatre", name=name),
                message("add it to a theatre's regimes"),
            )
        elif not case.theatres and name not in judged:
            yield (
                ("regimes", name),
                message("no belief is about regime `{name}`", name=name),
                message("remove it, or check its name"),
            )
    for name in case.alike:
        if name not in groups:
            yield (
                ("alike", name),
                message("no claim uses group `{name}` of alike", name=name),
                message("name it in a claim"),
            )
    for name, argument in case.arguments.items():
        if name not in rivals and not argument.against:
            yield (
                ("arguments", name),
                message("argument `{name}` bears on no claim", name=name),
                message("name it among a claim's rivals"),
            )


def _facts(case: Case) -> Iterator[Finding]:
    for confidence in ("recalled", "low"):
        names = [key for key, fact in case.facts.items() if fact.confidence == confidence]
        if names:
            yield (
                ("facts", names[0]),
                plural(
                    "{count} fact is {confidence}: {names}",
                    "{count} facts are {confidence}: {names}",
                    len(names),
                    confidence=message_in("fact", confidence),
                    names=some_of(names, MAX_NAMED),
                ),
                message("check them against a source before you publish the brief"),
            )
    observed = facts_observed(case)
    for key, fact in case.facts.items():
        if is_late(case, key) and key not in observed:
            wrong = message(
                "fact `{key}` is dated after as_of ({date}); no test can read it", key=key, date=str(fact.date)
            )
            yield (
                ("facts", key),
                wrong,
                message(
                    "check the date, move as_of, let an observation of `explanations` read it, or write it under `outcomes`"
                ),
            )
        value = case.values[key]
        if isinstance(value, date) and value > case.as_of and fact.expected is None:
            wrong = message("the value of fact `{key}` is a day after as_of ({day})", key=key, day=str(value))
            yield (
                ("facts", key),
                wrong,
                message("write expected: {day}, so that a reader sees that it is still to come", day=str(value)),
            )


def _spending(case: Case) -> Iterator[Finding]:
    for actor in dict.fromkeys(row.actor for row in case.spending_rows):
        rows = path_rows(case, actor, path_now(case, actor))
        last_at, last = rows[-1]
        if case.as_of.year - last.year > STALE_YEARS:
            yield (
                ("spending_rows", last_at),
                message(
                    "spending of {actor} ends in {year}; later years follow `growth.{actor}`",
                    actor=actor,
                    year=last.year,
                ),
                message("add later rows"),
            )
        for step in conversions(case, actor):
            if step.assumed:
                yield (
                    ("spending_rows", last_at),
                    message(
                        "{what} of {unit} assumed: {rate_year} carried forward to {year}",
                        what=message(step.what),
                        unit=step.unit,
                        rate_year=step.rate_year,
                        year=step.year,
                    ),
                    message("add the year to the rates table"),
                )


def _currencies(case: Case) -> Iterator[Finding]:
    """Yield actors that share a currency although none of them names it as its own.

    Without a home currency, spending is priced at the home prices of the currency that it is stated in.
    """
    users: dict[str, list[tuple[str, int]]] = {}
    for index, row in enumerate(case.spending_rows):
        currency = parse_unit(row.unit).currency or ""
        known = users.setdefault(currency, [])
        if case.actors[row.actor].currency is None and row.actor not in [actor for actor, _ in known]:
            known.append((row.actor, index))
    for currency, known in users.items():
        for actor, index in known if len(known) > 1 else ():
            yield (
                ("spending_rows", index),
                message(
                    "spending of {actor} is in {currency}, like that of others, and priced as if {actor} bought there",
                    actor=actor,
                    currency=currency,
                ),
                message("give the actor its currency, so that its own prices count"),
            )


def _measured(case: Case) -> Iterator[Finding]:
    """Yield the differences between the case and the cached data sets."""
    yield from ((item.loc, item.message, item.remedy) for item in differences(case))


def _records(case: Case) -> Iterator[Finding]:
    """Yield regimes whose past states a dated record does not give."""
    for key, history in case.history.items():
        for name in case.theatres[key].regimes if history.first is not None and case.theatres else ():
            if name not in history.regimes:
                yield (
                    ("history", key),
                    message(
                        "`{name}` has no spells in the record of `{key}`: all its years count with the present state, {now}",
                        name=name,
                        key=key,
                        now=case.regimes[name].now,
                    ),
                    message(
                        "add its states under `regimes`: {{{name}: [{{state: ..., from: {first}}}]}}",
                        name=name,
                        first=str(history.first),
                    ),
                )


def _claims(case: Case) -> Iterator[Finding]:
    for key, claim in case.claims.items():
        if claim.threshold is not None and len(claim.threshold.values) < 2:
            yield (
                ("claims", key, "threshold"),
                message("the threshold of `{key}` is not swept", key=key),
                message("give several values"),
            )
        if claim.untested is None and not claim.sources and not claim.rivals:
            yield ("claims", key), message("claim `{key}` names neither sources nor rivals", key=key), None


def _idle_events(case: Case) -> Iterator[Finding]:
    """Yield events that change nothing in the theatre of their test."""
    for loc, node in _tests(case):
        for call in sorted(nodes.calls(node), key=lambda call: call.column):
            if call.theatre is None:
                continue
            for name in (*call.events, *call.given):
                if not touches(case, case.events[name], call.theatre):
                    yield (
                        loc,
                        message(
                            "event `{name}` changes nothing in theatre `{theatre}`", name=name, theatre=call.theatre
                        ),
                        message("use it in a theatre that it changes"),
                    )
