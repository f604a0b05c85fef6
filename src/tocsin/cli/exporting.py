"""`tocsin export`: write a run in the format of another program."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.guard import apart
from tocsin.cli.languages import language_option
from tocsin.cli.output import say
from tocsin.errors import InputError
from tocsin.export.formats import FORMATS, Options, named
from tocsin.export.stored import case_of_run, run_of_store, unchanged_case, with_settings
from tocsin.translation import message

if TYPE_CHECKING:
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.case.schema import Case
    from tocsin.export.run import Run
    from tocsin.runs.store import StoredRun


@click.command()
@click.argument("source", metavar="CASE|RUN|FILE", type=click.Path(path_type=Path))
@click.option("--to", "format_", required=True, metavar="FORMAT", help=f"{', '.join(FORMATS)}.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to this file [default: named after the case]."
)
@click.option("--world", type=int, help="For efg: the world of the game, a row of the table of worlds.")
@click.option(
    "--pages",
    metavar="PARTS",
    help="For html, docx, pdf and pptx: all, first, or parts of the brief with commas: claims, switches, charts, challenge, limits, rivals, appendix. Slides have claims, charts and rivals.",
)
@click.option("--template", type=click.Path(path_type=Path), help="For docx: a Word document whose styles to use.")
@click.option("--figure", metavar="NAME", help="For png and svg: the figure; `list` shows the names.")
@language_option
@click.option("--width", type=int, help="For png and svg: width of the picture in pixels.")
def export(source: Path, format_: str, output: Path | None, **given: Any) -> None:
    """Write the last run of CASE, the stored RUN, or the run in the JSON FILE, in the format of another program.

    Nothing is run again: first run `tocsin assess CASE`. A RUN is a name that `tocsin runs` lists, CASE@latest~1, or latest. A FILE is one
    that `tocsin assess CASE --json FILE.json` wrote. docs/export.md describes the formats.

    \b
    tocsin export japan-buildup --to csv
    tocsin export japan-buildup --to efg --world 12
    tocsin export out.json --to argdown -o argument.argdown
    tocsin export japan-buildup@3fa2 --to csv
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
        source: a case, whose last run is written, the name of a stored run, or a JSON of an assessment.
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
    _check_ending(name, output)
    if run.case is not None:
        check_targets(run.case, [target])
    files = apart(lambda: chosen.write(run, target, options))
    check_outputs(files, inputs)  # a format may write further files beside the target
    if run.case is not None:
        check_targets(run.case, list(files))
    write_all(files)
    for file in files:
        say(message("wrote {file}", file=str(file)))


def _check_ending(name: str, output: Path | None) -> None:
    """Raise InputError if a file to write has the ending of another format: a document under the name of slides opens nowhere."""
    own = Path(f"x{FORMATS[name].ending}").suffix
    others = {Path(f"x{other.ending}").suffix for other in FORMATS.values()} - {own}
    if output is not None and output.suffix.lower() in others:
        raise InputError(
            message("this is no file of the format {format}: {ending}", format=name, ending=output.suffix),
            file=str(output),
            remedy=message("let the name end in {endings}", endings=own),
        )


def find_run(source: Path) -> Run:
    """Return the last run of a case, a stored run by its name, or the run of a JSON file.

    The JSON of a stored run comes with all that was stored beside it.

    Raises:
        InputError: if there is no such run, or the case has changed since.
    """
    from tocsin.cli.showing import read_assessment
    from tocsin.data.shipped import case_path
    from tocsin.runs.names import resolve

    if source.suffix.lower() not in (".yaml", ".yml") and (source.suffix.lower() == ".json" or source.is_file()):
        return _run_of(read_assessment(source))
    if case_path(source).exists():
        return _last_run(source)
    return run_of_store(resolve(str(source)))


def _last_run(source: Path) -> Run:
    from tocsin.case import load
    from tocsin.runs.store import stored_runs

    case = load(source)
    runs = stored_runs(case.id)
    command = f"`tocsin assess {source}`"
    if not runs:
        raise InputError(
            message("no run of `{case}` is stored", case=case.id),
            remedy=message("run {command}, or name the JSON of a run", command=command),
        )
    if runs[0].about.origin.sha256 != case.sha256:
        raise InputError(
            message("the case `{case}` has changed since its last run", case=case.id),
            remedy=message("run {command} again, or export {run}", command=command, run=runs[0].name),
        )
    return run_of_store(runs[0], case)


def _run_of(record: AssessmentRecord) -> Run:
    """Return the run of a record, with the case if it is at hand and unchanged."""
    from tocsin.export.run import Run

    stored = stored_of(record)
    case = case_of(record)
    if case is not None and stored is not None:
        return run_of_store(stored, case)
    if case is None:
        return Run(record=record, case=None)
    return Run(record=record, case=with_settings(case, record), summary=case.summary)


def stored_of(record: AssessmentRecord) -> StoredRun | None:
    """Return the stored run that has this result; None if there is none."""
    from tocsin.runs.about import same_result
    from tocsin.runs.store import stored_runs

    for run in stored_runs(record.case.id):
        try:
            if run.about.origin.sha256 == record.case.sha256 and same_result(run.record, record):
                return run
        except InputError:  # damaged
            continue
    return None


def case_of(record: AssessmentRecord) -> Case | None:
    """Return the case of a record from the store or from those shipped; None if it is not there or has changed."""
    from tocsin.data.shipped import shipped_cases
    from tocsin.runs.store import stored_runs

    for run in stored_runs(record.case.id):
        with suppress(InputError):
            if run.about.origin.sha256 == record.case.sha256 and (case := case_of_run(run)) is not None:
                return case
    return unchanged_case(record.case.sha256, [shipped_cases().get(record.case.id)])
