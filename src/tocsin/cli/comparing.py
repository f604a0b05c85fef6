"""The command `tocsin compare`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.languages import language_option, translator_of
from tocsin.cli.output import emit, say
from tocsin.errors import InputError
from tocsin.translation import Text, clip, in_commas, in_lines, listed, message, message_in, plural, row

if TYPE_CHECKING:
    from tocsin.assessment.comparing.record import ComparisonRecord
    from tocsin.assessment.comparing.result import Cell, Comparison, Difference, Item

WIDTH = 30
"""Width of the column of an item."""
STDOUT = Path("-")


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of the command; see its help."""

    claims: tuple[str, ...]
    seed: int
    draws: int
    json_file: Path | None
    csv_file: Path | None
    language: str
    quiet: bool


@click.command()
@click.argument("items", nargs=-1, metavar="ITEM ITEM...")
@click.option("--claim", "claims", multiple=True, metavar="ID", help="Compare only this claim. Repeatable.")
@click.option("--seed", default=1, show_default=True, help="Random seed; the same seed gives the same result.")
@click.option("--draws", default=2048, show_default=True, help="Number of worlds drawn, 1 to 10,000,000.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Also write the comparison to this file as JSON; - prints only the JSON.",
)
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), help="Also write the claims to this file.")
@language_option
@click.option("--quiet", is_flag=True, help="Print only errors.")
def compare(items: tuple[str, ...], **options: Any) -> None:
    """Show the verdicts of 2 to 6 ITEMs side by side, and how each differs from the first.

    An ITEM is a case (its folder, its case.yaml, or its name if it comes with Tocsin), a variant of it as CASE:VARIANT, or a stored run
    as `tocsin runs` names it (latest, CASE@3fa2), which is not run again.

    All cases share the draws of their inputs, by name, so that most chance cancels in a difference. Each is weighted by its own record.
    The standard error of a difference stands beside it, and claims that differ come first. Probabilities are central: at the central
    discount factor and the central thresholds.

    \b
    tocsin compare japan-buildup japan-buildup:aligned_seoul
    tocsin compare my-case my-case:strong my-case:weak --claim C1
    tocsin compare old/case.yaml new/case.yaml --csv differences.csv
    tocsin compare my-case@latest~1 my-case
    """
    _run(items, Options(**options))


def _run(items: Sequence[str], options: Options) -> None:
    from tocsin.assessment.comparing.record import ComparisonRecord
    from tocsin.assessment.comparing.run import check_count
    from tocsin.assessment.comparing.run import compare as run
    from tocsin.cli.stages import with_stages
    from tocsin.files import check_csv_name

    check_count(len(items))
    check_csv_name(options.csv_file)
    read = [_item(name) for name in items]
    data_file = None if options.json_file == STDOUT else options.json_file
    _check_targets(read, [file for file in (data_file, options.csv_file) if file is not None])
    translator = translator_of(read[0].case, options.language)
    silent = options.quiet or options.json_file == STDOUT
    compared = partial(run, read, claims=options.claims, seed=options.seed, draws=options.draws)
    result = with_stages(compared, None if silent else translator)
    record = ComparisonRecord.of(result)
    _write(record, data_file, options.csv_file)
    if options.json_file == STDOUT:
        emit(record.to_json())
    elif not options.quiet:
        say(translator.plain(page(result)))


def _item(name: str) -> Item:
    """Return the case, the variant or the stored run that a text names: a case as it is comes before its last run."""
    from tocsin.assessment.comparing.naming import is_case, item_of

    if is_case(name):
        return item_of(name)
    from tocsin.assessment.comparing.result import Item
    from tocsin.assessment.stored import from_json
    from tocsin.runs.names import resolve
    from tocsin.runs.store import ASSESSMENT

    try:
        run = resolve(name)
    except InputError as error:
        known = f"name a case, CASE:VARIANT, or a stored run; {error.remedy}"
        raise InputError(f"no case and no stored run is called {name!r}", remedy=known) from None
    case, part = run.load_case(), run.part(ASSESSMENT)
    if part is None:
        raise InputError(f"the stored run {name!r} lacks its assessment", remedy="run `tocsin assess` again")
    return Item(name=name, case=case, stored=from_json(part, case).claims)


def _write(record: ComparisonRecord, json_file: Path | None, csv_file: Path | None) -> None:
    from tocsin.files import write_all

    files: dict[Path, str | bytes] = {json_file: record.to_json()} if json_file is not None else {}
    if csv_file is not None:
        from tocsin.report.delimited import to_csv

        files[csv_file] = to_csv(record.frame())
    write_all(files)


def _check_targets(items: Sequence[Item], files: Sequence[Path]) -> None:
    """Check before a long run that files can be written and belong to none of the cases."""
    from tocsin.files import check_outputs

    cases = [item.case for item in items]
    check_outputs(
        files, [case.folder / name for case in cases for name in ("case.yaml", *(name for name, _ in case.data_hashes))]
    )


# --- the page ------------------------------------------------------------------------------------------------------


def page(result: Comparison) -> Text:
    """Return a comparison as lines of a terminal: what is compared, the claims that differ, the others, and how it was done."""
    return in_lines([*_heading(result), "", *_table(result), *_rest(result), "", *_method(result)])


def _heading(result: Comparison) -> Iterator[str]:
    for title in dict.fromkeys(item.title for item in result.items):
        yield row(0, title)
    for number, item in enumerate(result.items, start=1):
        settings = in_commas(f"{name}={value}" for name, value in item.settings)
        yield row(0, (f"{number}", 2), item.name, settings)
        if item.why:
            yield row(3, clip(item.why, 20))


def _table(result: Comparison) -> Iterator[str]:
    differing = [each for each in result.rows if each.kind != "same"]
    if not differing:
        return
    numbers = [(f"{number}", WIDTH) for number in range(1, len(result.items) + 1)]
    yield row(2, (message_in("column", "claim"), 5), *numbers)
    for each in differing:
        cells = [(_cell(*pair), WIDTH) for pair in zip(each.cells, each.differences, strict=True)]
        yield row(2, (each.claim, 5), *cells)
        yield row(8, clip(each.says, 14))
        if names := sorted({name for bearing in each.hangs_on for name in bearing}):
            yield row(8, message("what differs and bears on it: {inputs}", inputs=in_commas(names)))


def _cell(cell: Cell | None, difference: Difference | None) -> Text:
    from tocsin.assessment.words import VERDICT_WORDS, figure

    if cell is None:
        return message("not in this case")
    verdict = VERDICT_WORDS[cell.verdict]
    if cell.probability is None:
        reason = cell.words if cell.verdict == "cannot tell" and cell.words != verdict else ""
        return message("{verdict}: {reason}", verdict=verdict, reason=reason) if reason else verdict
    probability = figure(cell.probability, cell.basis)
    if difference is None:
        return message("{verdict}, {probability}", verdict=verdict, probability=probability)
    return message(
        "{verdict}, {probability} ({change} ± {error})",
        verdict=verdict,
        probability=probability,
        change=f"{100 * difference.value:+.1f}",
        error=f"{100 * difference.error:.1f}",
    )


def _rest(result: Comparison) -> Iterator[str]:
    """Yield how many claims do not differ, and which."""
    same = [each.claim for each in result.rows if each.kind == "same"]
    if not same:
        return
    if len(same) == len(result.rows):
        yield message("No claim differs: all have the same verdict, and no probability differs by more than chance.")
        return
    yield ""
    yield plural(
        "{count} claim has the same verdict everywhere, and no probability that differs by more than chance: {claims}.",
        "{count} claims have the same verdict everywhere, and no probability that differs by more than chance: {claims}.",
        len(same),
        claims=listed(same),
    )


def _method(result: Comparison) -> Iterator[str]:
    if any(item for each in result.rows for item in each.differences):
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
