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
from tocsin.translation import Text, clip, in_commas, in_lines, message, message_in, row

if TYPE_CHECKING:
    from tocsin.assessment.comparing.record import ComparisonRecord
    from tocsin.assessment.comparing.result import Comparison, Item
    from tocsin.translation import Translator

NAME, WIDTH = 14, 32
"""Widths of the column of names and of that of an item."""
STDOUT = Path("-")


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of the command; see its help."""

    claims: tuple[str, ...]
    seed: int
    draws: int
    json_file: Path | None
    csv_file: Path | None
    output: Path | None
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
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also write a page with drawings, a .html file.")
@language_option
@click.option("--quiet", is_flag=True, help="Print only errors.")
def compare(items: tuple[str, ...], **options: Any) -> None:
    """Show the verdicts of 2 to 6 ITEMs side by side, and how each differs from the first.

    An ITEM is a case (its folder, its case.yaml, or its name if it comes with Tocsin), a variant of it as CASE:VARIANT, or a stored run
    as `tocsin runs` names it (latest, CASE@3fa2), which is not run again.

    All cases share the draws of their inputs, by name, so that most chance cancels in a difference. Each is weighted by its own record.
    The standard error of a difference stands beside it, and claims that differ come first. Verdicts are those of `tocsin assess`, and
    probabilities the central ones: at the central discount factor and the central thresholds.

    \b
    tocsin compare japan-buildup japan-buildup:aligned_seoul
    tocsin compare my-case my-case:strong my-case:weak --claim C1
    tocsin compare old/case.yaml new/case.yaml --csv differences.csv
    tocsin compare my-case my-case:strong -o compare.html
    tocsin compare my-case@latest~1 my-case
    """
    _run(items, Options(**options))


def _run(items: Sequence[str], options: Options) -> None:
    from tocsin.assessment.comparing.record import ComparisonRecord
    from tocsin.assessment.comparing.run import check_count, check_names
    from tocsin.assessment.comparing.run import compare as run
    from tocsin.cli.stages import with_stages
    from tocsin.files import check_csv_name

    check_count(len(items))
    check_csv_name(options.csv_file)
    _check_page_name(options.output)
    read = [_item(name) for name in items]
    check_names(read)
    data_file = None if options.json_file == STDOUT else options.json_file
    targets = (data_file, options.csv_file, options.output)
    _check_targets(read, [file for file in targets if file is not None])
    translator = translator_of(read[0].case, options.language)
    silent = options.quiet or options.json_file == STDOUT
    compared = partial(run, read, claims=options.claims, seed=options.seed, draws=options.draws)
    result = with_stages(compared, None if silent else translator)
    record = ComparisonRecord.of(result)
    _write(result, record, targets, translator)
    if options.json_file == STDOUT:
        emit(record.to_json())
    elif not options.quiet:
        say(translator.plain(page(result)))


def _item(name: str) -> Item:
    """Return the case, the variant or the stored run that a text names: a case as it is comes before its last run."""
    from tocsin.assessment.comparing.naming import is_case, item_of

    if is_case(name):
        return item_of(name)
    if name.count(":") > 1 and is_case(name.split(":", 1)[0]):
        raise InputError(
            message("{name} names several variants of a case", name=repr(name)),
            remedy=message("name one as CASE:VARIANT; variants cannot be joined here"),
        )
    from tocsin.runs.items import item_of_run
    from tocsin.runs.names import resolve

    try:
        run = resolve(name)
    except InputError as error:
        known = message("name a case, CASE:VARIANT, or a stored run; {remedy}", remedy=error.remedy or "")
        raise InputError(message("no case and no stored run is called {name}", name=repr(name)), remedy=known) from None
    return item_of_run(run)


def _write(
    result: Comparison,
    record: ComparisonRecord,
    targets: tuple[Path | None, Path | None, Path | None],
    translator: Translator,
) -> None:
    """Write the JSON, the table and the page, those of them that have a file: all or none."""
    from tocsin.files import write_all

    json_file, csv_file, html_file = targets
    files: dict[Path, str | bytes] = {json_file: record.to_json()} if json_file is not None else {}
    if csv_file is not None:
        from tocsin.report.delimited import to_csv

        files[csv_file] = to_csv(record.frame())
    if html_file is not None:
        from tocsin.report.comparison import render_comparison

        files[html_file] = render_comparison(result, translator)
    write_all(files)


def _check_page_name(file: Path | None) -> None:
    if file is not None and file.suffix.lower() not in ("", ".html", ".htm"):
        raise InputError(
            message("the page is written as HTML only"),
            file=str(file),
            remedy=message("name it {name}", name=f"{file.stem}.html"),
        )


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
    from tocsin.assessment.comparing.words import method_lines, rest_lines

    blocks = (list(block) for block in (_heading(result), _table(result), rest_lines(result), method_lines(result)))
    first, *others = (block for block in blocks if block)
    return in_lines([*first, *(line for block in others for line in ("", *block))])


def _heading(result: Comparison) -> Iterator[str]:
    from tocsin.assessment.comparing.words import case_lines

    for title in dict.fromkeys(item.title for item in result.items):
        yield row(0, title)
    for number, item in enumerate(result.items, start=1):
        settings = in_commas(f"{name}={value}" for name, value in item.settings)
        yield row(0, (f"{number}", 2), item.name, settings)
        if item.why:
            yield row(3, clip(item.why, 20))
    for notice in case_lines(result):
        yield row(0, notice)


def _table(result: Comparison) -> Iterator[str]:
    from tocsin.assessment.comparing.words import cell_text, other_words

    differing = [table_row for table_row in result.rows if table_row.kind != "same"]
    if not differing:
        return
    numbers = [(f"{number}", WIDTH) for number in range(1, len(result.items) + 1)]
    yield row(2, (message_in("column", "claim"), NAME), *numbers)
    for table_row in differing:
        cells = [(cell_text(*pair), WIDTH) for pair in table_row.pairs]
        yield row(2, (table_row.name, NAME), *cells)
        yield row(4, clip(table_row.says, 14))
        for text in other_words(table_row):
            yield row(4, text)
        if table_row.bearing:
            yield row(4, message("what differs and bears on it: {inputs}", inputs=in_commas(table_row.bearing)))
