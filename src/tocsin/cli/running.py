"""Run a case from the command line: show progress, write files, print a summary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.cli.guard import apart
from tocsin.cli.output import emit, say
from tocsin.errors import InputError
from tocsin.tables import printable

if TYPE_CHECKING:
    from rich.progress import TaskID

    from tocsin.assessment.health_result import Health
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.assessment.result import Assessment, RunRecord
    from tocsin.case.schema import Case

STDOUT = Path("-")


def run_case(
    case: Path,
    json_file: Path | None,
    brief: Path | None,
    *,
    seed: int,
    draws: int,
    settings: Mapping[str, str],
    quiet: bool,
) -> None:
    """Load a case, assess it, and write all files or none.

    Args:
        case: folder or file of the case, or name of a shipped case.
        json_file: file for the assessment as JSON; `-` prints the JSON and nothing else.
        brief: file for the brief; None means `<case id>.html` in the working folder.
        seed, draws, settings: as in `tocsin.assess`.
        quiet: print only errors.

    Raises:
        InputError: if an input is bad or a file cannot be written.
        SolveError: if a game has no finite solution.
    """
    from tocsin.case import load

    loaded = load(case)
    target = brief or Path(f"{loaded.id}.html")
    data_file = None if json_file == STDOUT else json_file
    check_targets(loaded, [file for file in (target, data_file) if file is not None])
    assessment = _assess(loaded, seed, draws, settings, quiet)
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.report.brief import render

    record = AssessmentRecord.of(assessment)
    text = record.to_json()
    files = {target: render(assessment)}
    _store(loaded, assessment, record, target)
    _write({data_file: text, **files} if data_file is not None else files)
    if json_file == STDOUT:
        emit(text)
    elif not quiet:
        say(summary(assessment, draws, target, data_file))
    if assessment.health.findings and not quiet:
        say(notices(assessment.health), err=True)


def _store(case: Case, assessment: Assessment, record: AssessmentRecord, brief: Path) -> None:
    """Store the run for `tocsin`, `tocsin show` and `tocsin export`."""
    from tocsin.cli.last import LastRun, digests, store_last

    parts = _parts(assessment)
    last = LastRun(
        assessment=record,
        summary=case.summary,
        questions=tuple(_questions(assessment)),
        brief=str(brief.absolute()),
        folder=str(case.folder.absolute()),
        parts=digests(parts),
        made=datetime.now(UTC).date(),
    )
    store_last(last, parts)


def _parts(assessment: Assessment) -> dict[str, bytes]:
    """Return what is stored beside the record, for `tocsin export`."""
    from tocsin.assessment.stored import to_json
    from tocsin.assessment.world_table import to_parquet
    from tocsin.cli.last import ASSESSMENT, WORLDS

    parts = {ASSESSMENT: to_json(assessment)}
    return parts if assessment.worlds is None else {**parts, WORLDS: to_parquet(assessment.worlds)}


def _write(files: Mapping[Path, str]) -> None:
    from tocsin.files import write_all

    try:
        write_all(files)
    except InputError as error:
        remedy = f"{error.remedy}; the result is stored, see `tocsin show`"
        raise InputError(error.message, file=error.file, remedy=remedy) from error


def check_targets(case: Case, files: list[Path]) -> None:
    """Check before a long run that files can be written and do not belong to the case; create nothing.

    Raises:
        InputError: see `tocsin.files.check_outputs`.
    """
    from tocsin.files import check_outputs

    check_outputs(files, [case.folder / name for name in ("case.yaml", *(name for name, _ in case.data_hashes))])


def _assess(case: Case, seed: int, draws: int, settings: Mapping[str, str], quiet: bool) -> Assessment:
    from tocsin.assessment.run import assess

    if not case.theatres:  # it takes no time that a bar could show
        return assess(case, seed=seed, draws=draws, settings=settings)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, quiet=quiet)
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=1.0)
            bars.update(tasks[stage], completed=done)

        return apart(lambda: assess(case, seed=seed, draws=draws, settings=settings, progress=show))


def _questions(assessment: Assessment) -> list[tuple[str, str]]:
    from tocsin.report.sentences import questions

    return [(question.asks, question.text) for question in questions(assessment)]


def summary(assessment: Assessment, requested: int, brief: Path, json_file: Path | None) -> str:
    """Return what the terminal shows after a run: a line for each claim, how it was run, and the files."""
    lines = [printable(assessment.case.title), *_games_used(assessment.case), ""]
    lines += [
        f"  {claim.id:<5} {claim.verdict:<12} {_words(claim.verdict, claim.words):<32} {_short(printable(claim.says))}"
        for claim in assessment.claims
    ]
    run = assessment.run
    lines.append("")
    if run.draws:
        lines.append(f"{_draws(run, requested)}, seed {run.seed}, {run.seconds:.0f} s")
    if run.settings:
        lines.append("set:   " + ", ".join(f"{name}={value}" for name, value in run.settings))
    if json_file is not None:
        lines.append(f"data:  {json_file}")
    lines.append(f"brief: {brief}")
    return "\n".join(lines)


MAX_CLAIMS = 6
"""A notice names at most this many claims."""


def notices(health: Health) -> str:
    """Return what weakens the verdicts of a run, one finding on each line with the claims concerned."""
    lines = []
    for finding in health.findings:
        more = len(finding.claims) - MAX_CLAIMS
        names = [*finding.claims[:MAX_CLAIMS], *([f"{more} more"] if more > 0 else [])]
        lines.append(f"notice: {finding.text}" + (f" ({', '.join(names)})" if names else ""))
    return "\n".join(lines)


def _games_used(case: Case) -> list[str]:
    """Return lines that say which claims use the games of a case."""
    from textwrap import wrap

    from tocsin.report.sentences import games_text

    return wrap(games_text(case), width=116)


def _draws(run: RunRecord, requested: int) -> str:
    """Return how many worlds were drawn, whether they suffice for verdicts, and why they are more than requested."""
    from tocsin.assessment.verdicts import MIN_EFFECTIVE
    from tocsin.report.wording import counted

    if run.effective_draws is None:
        return f"{counted(run.draws, 'draw')} of the estimates"
    few = f", and a verdict needs {MIN_EFFECTIVE}" if run.effective_draws < MIN_EFFECTIVE else ""
    more = f"; more than the {requested} requested, because few of them fit past years" if run.draws > requested else ""
    return f"{counted(run.draws, 'draw')} ({run.effective_draws:.0f} effective{few}{more})"


def _words(verdict: str, words: str) -> str:
    return "" if words == verdict else words


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:67].rsplit(" ", 1)[0] + " ..."
