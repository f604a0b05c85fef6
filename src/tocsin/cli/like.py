"""`tocsin evidence like`: the reference classes of an event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.output import say
from tocsin.errors import InputError
from tocsin.translation import in_commas, message

if TYPE_CHECKING:
    from tocsin.assessment.likeness import Fit, Likeness
    from tocsin.case.schema import Case
    from tocsin.evidence.classes.stored import CaseRow, StoredClass

_FILE = click.Path(path_type=Path)
MAX_ROWS = 20
"""Largest number of cases that are printed."""
PACT = "the class requires it; the case names a state a protector, which need not be a pact"


@click.command()
@click.argument("name", required=False, metavar="[EVENT]")
@click.option(
    "--case", type=_FILE, help="The case that has the event: a folder, its case.yaml, or the name of a shipped case."
)
@click.option("--json", "json_file", type=_FILE, help="Also write classes, rates and all cases to this file.")
@click.option("--csv", "csv_file", type=_FILE, help="Also write all cases to this file, a row each.")
def like(name: str | None, case: Path | None, json_file: Path | None, csv_file: Path | None) -> None:
    """Show what followed past events like EVENT: the outside view.

    The command finds the classes of past cases that the event belongs to, by what it changes. It prints how often each outcome followed,
    beside the same pairs before and similar pairs without such an event, and how far the case at hand lies from those cases. Without
    EVENT, it lists the classes. The name of a class instead of an event, without --case, shows that class.

    \b
    tocsin evidence like
    tocsin evidence like plan --case japan-buildup
    tocsin evidence like build_ups --csv build_ups.csv
    """
    if name is None:
        if case or json_file or csv_file:
            raise InputError(
                message("no event named"),
                remedy=message("write `tocsin evidence like EVENT --case CASE`"),
            )
        say("\n".join(_listing()))
        return
    if case is None:
        stored = _named_class(name)
        lines = [
            f"{name}: {stored.definition.question}",
            *rate_lines(stored),
            *_case_lines(stored, None),
            *what_counts(stored),
        ]
        _finish(lines, [stored], {}, json_file, csv_file)
        return
    from tocsin.assessment.likeness import likeness
    from tocsin.case import load

    loaded = load(case)
    _check_event(name, loaded)
    result = likeness(loaded, name)
    says = loaded.events[name].says or name
    lines = [
        f"{name}: {says}",
        f"case {loaded.id} as of {loaded.as_of}, theatre {result.theatre}{_also(result)}",
        *_likeness_lines(result),
    ]
    _finish(lines, [fit.stored for fit in result.fits], _facts(result), json_file, csv_file)


def _named_class(name: str) -> StoredClass:
    """Return the class of a name.

    Raises:
        InputError: if there is none.
    """
    from tocsin.errors import did_you_mean
    from tocsin.evidence.classes.stored import load_class
    from tocsin.evidence.classes.table import CLASSES

    if name not in CLASSES:
        raise InputError(
            message("no reference class {name}", name=repr(name)),
            remedy=message("for an event add --case CASE; {remedy}", remedy=did_you_mean(name, CLASSES)),
        )
    return load_class(name)


def _check_event(name: str, case: Case) -> None:
    """Check that a name is not that of a class alone.

    Raises:
        InputError: if it is.
    """
    from tocsin.evidence.classes.table import CLASSES

    if name in CLASSES and name not in case.events:
        raise InputError(
            message("{name} is a reference class, no event: --case needs an event of the case", name=repr(name)),
            remedy=message(
                "show the class with {command}; events: {events}",
                command=f"`tocsin evidence like {name}`",
                events=in_commas(case.events),
            ),
        )


def _listing() -> Iterator[str]:
    from tocsin.evidence.classes.stored import load_class
    from tocsin.evidence.classes.table import CLASSES

    for name, item in CLASSES.items():
        yield f"{name}: {item.question}"
        yield f"  {load_class(name).sentence()}"
    yield "Show a class with `tocsin evidence like CLASS`, the classes of an event with `tocsin evidence like EVENT --case CASE`."


# --- in words ------------------------------------------------------------------------------------------------------


def _also(result: Likeness) -> str:
    return f" (it also touches {', '.join(result.others)}, which is not read here)" if result.others else ""


def _likeness_lines(result: Likeness) -> Iterator[str]:
    yield from result.outside
    if not result.fits:
        yield "No reference class fits this event, so there is no outside view of it."
    for fit in result.fits:
        yield ""
        yield f"{fit.stored.name}: {fit.stored.definition.question}"
        yield f"Why this class: {fit.why}"
        if fit.of_others:
            yield f"The fitting rate, of {fit.stored.definition.others}: {fit.stored.sentence(of='similar')}"
            yield f"The class itself, {fit.stored.definition.these}:"
        yield from rate_lines(fit.stored)
        yield from _later_lines(fit, result.year)
        yield from _record_lines(fit)
        yield from _distance_lines(fit, result.year)
        yield from _case_lines(fit.stored, fit)
        yield from what_counts(fit.stored)


def _later_lines(fit: Fit, year: int) -> Iterator[str]:
    """Yield what a case of an earlier day could have known of the class, if that is less."""
    from tocsin.evidence.classes.hindsight import known_in

    past, left_out = known_in(fit.stored, year)
    if not left_out:
        return
    yield ""
    yield f"{left_out} of these cases had not ended before {year}, the year of the case: the brief leaves them out."
    yield past.sentence() if past else "None is left, so the brief has no outside view of this event."


def _record_lines(fit: Fit) -> Iterator[str]:
    """Yield which of the two rates, after a recent dispute or not, is nearer to the case."""
    if fit.pressed is None or (fit.stored.main, "recent") not in fit.stored.rates:
        return
    yield ""
    if fit.pressed:
        years = ", ".join(map(str, fit.pressed))
        yield f"By the case's own record the rival pressed in {years}: the nearer rate is that after a recent dispute."
    else:
        yield "By the case's own record the rival did not press in the five years before: the nearer rate is that without a recent dispute."
    yield "The case counts pressure by its own rules, not as the list of disputes does."


def rate_lines(stored: StoredClass) -> Iterator[str]:
    """Yield the rates of a class and the comparisons."""
    from tocsin.tables import text_table

    for outcome in stored.definition.outcomes:
        yield stored.sentence(outcome)
    if left := stored.open_windows(stored.main):
        yield f"{left} more have an open window: the data end before it does, so they count neither way."
    yield ""
    yield text_table(
        ("outcome", "rate of", "yes", "cases", "share", "90 % interval"), list(rate_rows(stored)), right=(2, 3, 4)
    )
    yield ""
    yield text_table(
        ("outcome", "compared with", "cases", "these", "those", "difference", "90 % interval"),
        list(comparison_rows(stored)),
        right=(2, 3, 4, 5),
    )


def what_counts(stored: StoredClass) -> Iterator[str]:
    """Yield what counts as a case, the assumptions of the comparisons, the limits and the data."""
    item = stored.definition
    yield ""
    yield f"A case: {item.case}"
    yield f"Overlap: {item.overlap}"
    yield f"The same pairs before: {item.before or item.no_before}"
    yield f"Similar pairs: {item.similar}"
    yield f"Limits: {item.limits}"
    for source in stored.result.data:
        yield f"data: {source.cite} ({source.source})"


OF = {
    "all": "all cases",
    "clustered": "all cases, if those of one pair or state go together",
    "since_1946": "cases since 1946",
}
"""Rates that all classes have, in words."""


def rate_rows(stored: StoredClass) -> Iterator[tuple[str, str, str, int, str, str]]:
    """Yield the rates of a class: outcome, of what, hits, cases, share, interval."""
    for outcome in stored.definition.outcomes:
        for of, words in (OF | dict(stored.definition.parts)).items():
            rate = stored.rates.get((outcome, of))
            if rate and not (of == "since_1946" and rate.cases == stored.rates[outcome, "all"].cases):
                yield (
                    outcome,
                    words,
                    f"{rate.yes:g}",
                    rate.cases,
                    _percent(rate.share),
                    f"{_percent(rate.low)} to {_percent(rate.high)}",
                )


def comparison_rows(stored: StoredClass) -> Iterator[tuple[str, str, int, str, str, str, str]]:
    """Yield the comparisons of a class: outcome, with whom, cases, both shares, the difference in points and its interval."""
    for outcome in stored.definition.outcomes:
        for of, words in (("before", "the same pairs before"), ("similar", stored.definition.others)):
            if (gap := stored.rates.get((outcome, f"more_than_{of}"))) is None:
                continue
            these, those = stored.rates[outcome, f"compared_with_{of}"], stored.rates[outcome, of]
            interval = f"{100.0 * gap.low:+.0f} to {100.0 * gap.high:+.0f} points"
            yield (
                outcome,
                words,
                gap.cases,
                _percent(these.share),
                _percent(those.share),
                f"{100.0 * gap.share:+.1f}",
                interval,
            )


def _percent(share: float) -> str:
    number = 100.0 * share
    return f"{number:.0f} %" if number >= 9.5 or number == 0 else f"{number:.1f} %"


def _distance_lines(fit: Fit, year: int) -> Iterator[str]:
    from tocsin.tables import significant, text_table

    rows: list[tuple[str, str | int, str, str]] = []
    for feature, words in fit.stored.definition.features.items():
        values = fit.stored.values(feature)
        spread = " to ".join(significant(values[round(share * (len(values) - 1))], 2) for share in (0.05, 0.95))
        if feature in fit.known:
            value = fit.known[feature]
            share = fit.stored.quantile(feature, value)
            rows.append((words, significant(value, 3), spread, _quantile_text(share)))
        else:
            rows.append((words, "not known", spread, "the case does not give it"))
    years = [int(str(row["year"])) for row in fit.stored.cases]
    yield ""
    yield "How far the case at hand lies from the class:"
    earlier = sum(item <= year for item in years) / len(years)
    if pact := fit.stored.definition.pact:
        rows.append((pact, "not known", "all cases", PACT))
    rows.append(
        (
            "year of the case (the event has no date of its own)",
            year,
            f"{min(years)} to {max(years)}",
            _quantile_text(earlier),
        )
    )
    rows.append(("regime of the rival", "not known", "", "no data set at hand codes regimes"))
    yield text_table(("", "at hand", "nine of ten cases", "place"), rows)


def _quantile_text(share: float) -> str:
    if share in (0.0, 1.0):
        return f"{'below' if share == 0.0 else 'above'} every case"
    return f"above {100.0 * share:.0f} % of cases"


def _case_lines(stored: StoredClass, fit: Fit | None) -> Iterator[str]:
    from tocsin.tables import text_table

    known = {} if fit is None else fit.known
    ordered = nearest(stored, known) if known else list(reversed(stored.cases))
    headers = ("case", "year", *stored.definition.outcomes, "source rows", "row of the outcome")
    rows = [
        (
            row["name"],
            row["year"],
            *(row[name] for name in stored.definition.outcomes),
            row["row"],
            row[f"{stored.main}_row"],
        )
        for row in ordered[:MAX_ROWS]
    ]
    yield ""
    yield f"The {'nearest' if known else 'latest'} cases, in what the case gives:" if known else "The latest cases:"
    yield text_table(headers, rows, right=(1,))
    if len(ordered) > MAX_ROWS:
        yield f"and {len(ordered) - MAX_ROWS} more: --csv FILE writes all"


def nearest(stored: StoredClass, known: Mapping[str, float]) -> list[CaseRow]:
    """Return the cases, those nearest to what is known of the case at hand first, by the places that each takes in the class."""

    def apart(row: CaseRow) -> float:
        total = 0.0
        for feature, value in known.items():
            if (own := row[feature]) is None:
                total += 1.0
            else:
                total += abs(stored.quantile(feature, value) - stored.quantile(feature, float(own)))
        return total

    return sorted(stored.cases, key=apart)


# --- files ---------------------------------------------------------------------------------------------------------


def _facts(result: Likeness) -> dict[str, Any]:
    return {
        "event": result.event,
        "theatre": result.theatre,
        "outside": list(result.outside),
        "fits": [
            {
                "class": fit.stored.name,
                "why": fit.why,
                "known": dict(fit.known),
                "places": {name: fit.stored.quantile(name, value) for name, value in fit.known.items()},
            }
            for fit in result.fits
        ],
    }


def _finish(
    lines: Sequence[str],
    classes: Sequence[StoredClass],
    facts: Mapping[str, Any],
    json_file: Path | None,
    csv_file: Path | None,
) -> None:
    """Write the files that are asked for, then print."""
    import json

    from tocsin.files import check_csv_name, check_outputs, write_all

    check_outputs([json_file, csv_file], [])
    check_csv_name(csv_file)
    files: dict[Path, str | bytes] = {}
    if json_file:
        content = {**facts, "classes": {stored.name: stored.result.to_dict() for stored in classes}}
        files[json_file] = json.dumps(content, indent=1, allow_nan=False) + "\n"
    if csv_file:
        files[csv_file] = _csv(classes)
    write_all(files)
    say("\n".join([*lines, *map(str, files)]))


def _csv(classes: Sequence[StoredClass]) -> str:
    import polars as pl

    frames = [pl.DataFrame(list(stored.cases), infer_schema_length=None) for stored in classes]
    named = [
        frame.insert_column(0, pl.lit(stored.name).alias("class"))
        for frame, stored in zip(frames, classes, strict=True)
    ]
    return pl.concat(named, how="diagonal_relaxed").write_csv() if named else "class\n"
