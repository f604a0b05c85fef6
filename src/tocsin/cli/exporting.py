"""`tocsin export`: write a run in the format of another program."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.guard import apart
from tocsin.cli.languages import language_option
from tocsin.cli.output import say
from tocsin.errors import InputError
from tocsin.export.formats import FORMATS, Options, named

if TYPE_CHECKING:
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.case.schema import Case
    from tocsin.export.run import Run


@click.command()
@click.argument("source", metavar="CASE|RUN", type=click.Path(path_type=Path))
@click.option("--to", "format_", required=True, metavar="FORMAT", help=f"{', '.join(FORMATS)}.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to this file [default: named after the case]."
)
@click.option("--world", type=int, help="For efg: the world of the game, a row of the table of worlds.")
@click.option(
    "--pages", type=click.Choice(["all", "first"]), help="For docx and pdf: the whole brief or its first page."
)
@click.option("--template", type=click.Path(path_type=Path), help="For docx: a Word document whose styles to use.")
@click.option("--figure", metavar="NAME", help="For png and svg: the figure; `list` shows the names.")
@language_option
@click.option("--width", type=int, help="For png and svg: width of the picture in pixels.")
def export(source: Path, format_: str, output: Path | None, **given: Any) -> None:
    """Write the last run of CASE, or the run in the JSON file RUN, in the format of another program.

    Nothing is run again: first run `tocsin assess CASE`. A RUN is a file that `tocsin assess CASE --json RUN.json` wrote. docs/export.md
    describes the formats.

    \b
    tocsin export japan-buildup --to csv
    tocsin export japan-buildup --to efg --world 12
    tocsin export out.json --to argdown -o argument.argdown
    tocsin export japan-buildup --to docx --pages first --template house.docx
    tocsin export japan-buildup --to docx --lang ko
    tocsin export japan-buildup --to png --figure ladder --width 1600 -o ladder.png
    """
    options = Options(**given)
    with _without_collection():
        if options.figure == "list":
            _list_figures(source, format_, options)
        else:
            export_run(source, format_, output, options)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Collect no garbage meanwhile: a tenth of the time of a short command would go to search for what is not there."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _list_figures(source: Path, name: str, options: Options) -> None:
    """Print the names and titles of the figures of a run's brief."""
    from tocsin.export.figures import figure_titles

    named(name, options)
    titles = figure_titles(find_run(source).assessment, options.language)
    for figure, title in titles.items():
        say(f"{figure:{max(map(len, titles))}}  {title}")


def export_run(source: Path, name: str, output: Path | None, options: Options) -> None:
    """Write a run in a format, all files or none.

    Args:
        source: a case, whose last run is written, or a JSON of an assessment.
        name: of the format.
        output: file to write; None means one named after the case, in the working folder.
        options: of the format.

    Raises:
        InputError: if there is no such run or format, an option does not fit, or a file cannot be written.
    """
    from tocsin.cli.running import check_targets
    from tocsin.files import check_outputs, write_all

    chosen = named(name, options)
    check_outputs([output])
    run = find_run(source)
    target = output or Path(f"{run.record.case.id}{chosen.ending}")
    inputs = [source, *filter(None, [options.template])]
    check_outputs([target], inputs)
    if run.case is not None:
        check_targets(run.case, [target])
    files = apart(lambda: chosen.write(run, target, options))
    check_outputs(files, inputs)  # with what stands beside the target
    if run.case is not None:
        check_targets(run.case, list(files))
    write_all(files)
    for file in files:
        say(f"wrote {file}")


def find_run(source: Path) -> Run:
    """Return the last run of a case, or the run of a JSON file.

    A JSON that is that of the last run has all that was stored with it.

    Raises:
        InputError: if there is no such run, or the case has changed since.
    """
    from tocsin.cli.showing import read_assessment

    if source.suffix.lower() not in (".yaml", ".yml") and (source.suffix.lower() == ".json" or source.is_file()):
        return _run_of(read_assessment(source))
    return _last_run(source)


def _last_run(source: Path) -> Run:
    from tocsin.case import load
    from tocsin.cli.last import load_last

    case = load(source)
    last = load_last(case.id)
    remedy = f"run `tocsin assess {source}`"
    if last is None:
        raise InputError(f"no run of `{case.id}` is stored", remedy=f"{remedy}, or name the JSON of a run")
    if last.assessment.case.sha256 != case.sha256:
        raise InputError(f"the case `{case.id}` has changed since its last run", remedy=f"{remedy} again")
    return _stored(case)


def _stored(case: Case) -> Run:
    """Return the last run, which is one of this case."""
    from tocsin.cli.last import load_last, load_parts
    from tocsin.export.run import Run

    last = load_last(case.id)
    assert last is not None
    stored, worlds = load_parts(last)
    return Run(
        record=last.assessment,
        case=_with_settings(case, last.assessment),
        summary=last.summary,
        questions=last.questions,
        made=last.made,
        stored=stored,
        stored_worlds=worlds,
    )


def _run_of(record: AssessmentRecord) -> Run:
    """Return the run of a record, with the case if it is at hand and unchanged."""
    from tocsin.cli.last import load_last
    from tocsin.export.run import Run

    last, case = load_last(record.case.id), case_of(record)
    if case is not None and last is not None and last.assessment == record:
        return _stored(case)
    if case is None:
        return Run(record=record, case=None)
    return Run(record=record, case=_with_settings(case, record), summary=case.summary)


def case_of(record: AssessmentRecord) -> Case | None:
    """Return the case of a record from the folder of the last run, or from those shipped; None if it is not there or has changed."""
    from tocsin.case import load
    from tocsin.cli.last import load_last
    from tocsin.data.shipped import shipped_cases

    last = load_last(record.case.id)
    folder = last.folder if last is not None and last.assessment.case == record.case else None
    for path in (folder, shipped_cases().get(record.case.id)):
        if path is None or not Path(path).exists():
            continue
        try:
            case = load(path)
        except InputError:  # edited meanwhile
            continue
        if case.sha256 == record.case.sha256:
            return case
    return None


def _with_settings(case: Case, record: AssessmentRecord) -> Case:
    from tocsin.case.override import override

    return override(case, record.run.settings) if record.run.settings else case
