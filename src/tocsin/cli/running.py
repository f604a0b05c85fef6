"""Run a case from the command line: show progress, write files, print a summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.assessment.verdicts import MIN_EFFECTIVE
from tocsin.assessment.words import VERDICT_WORDS
from tocsin.cli.languages import translator_of
from tocsin.cli.output import emit, say, warn
from tocsin.cli.stages import with_stages
from tocsin.errors import InputError
from tocsin.report.sentences import games_text
from tocsin.translation import Text, clip, in_commas, in_lines, message, plural, row

if TYPE_CHECKING:
    from tocsin.assessment.health_result import Finding, Health
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.assessment.result import Assessment, RunRecord
    from tocsin.case.schema import Case
    from tocsin.runs.copies import CaseCopy
    from tocsin.translation import Translator

STDOUT = Path("-")


@dataclass(frozen=True, kw_only=True)
class Outputs:
    """What a run writes and prints.

    Attributes:
        json_file: file for the assessment as JSON; `-` prints the JSON and nothing else.
        brief: file for the brief; None means `<case id>.html` in the working folder.
        language: of the brief and of what is printed.
        quiet: print only errors.
        note: stored with the run.
    """

    json_file: Path | None
    brief: Path | None
    language: str
    quiet: bool
    note: str = ""


def run_case(
    case: Path,
    outputs: Outputs,
    *,
    seed: int,
    draws: int,
    settings: Mapping[str, str],
    variants: Sequence[str] = (),
) -> None:
    """Load a case, assess it, and write all files or none.

    Args:
        case: folder or file of the case, or name of a shipped case.
        outputs: what is written and printed.
        seed, draws, settings, variants: as in `tocsin.assess`.

    Raises:
        InputError: if an input is bad or a file cannot be written.
        SolveError: if a game has no finite solution.
    """
    from tocsin.case import load
    from tocsin.runs.copies import copy_case
    from tocsin.runs.notes import check_note

    check_note(outputs.note)
    loaded = load(case)
    copy = copy_case(loaded)  # now, since somebody may edit the case while it runs
    translator = translator_of(loaded, outputs.language)
    target = outputs.brief or Path(f"{loaded.id}.html")
    data_file = None if outputs.json_file == STDOUT else outputs.json_file
    check_targets(loaded, [file for file in (target, data_file) if file is not None])
    shown = None if outputs.quiet else translator
    assessment = assess_with_bars(loaded, seed, draws, settings, shown, variants)
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.report.brief import render

    record = AssessmentRecord.of(assessment)
    text = record.to_json()
    files = {target: render(assessment, language=outputs.language)}
    stored = _store(assessment, record, copy, draws=draws, brief=target, note=outputs.note)
    lost = "" if stored else translator.plain(summary(assessment, draws, None, None))
    _write({data_file: text, **files} if data_file is not None else files, lost)
    if outputs.json_file == STDOUT:
        emit(text)
    elif not outputs.quiet:
        say(translator.plain(summary(assessment, draws, target, data_file)))
    if assessment.health.findings and not outputs.quiet:
        say(translator.plain(notices(assessment.health)), err=True)


def _store(
    assessment: Assessment, record: AssessmentRecord, copy: CaseCopy, *, draws: int, brief: Path, note: str
) -> bool:
    """Store the run for `tocsin`, `tocsin show` and `tocsin export`, and return True; if the store cannot be written, say so and go on."""
    from tocsin.report.storing import new_run
    from tocsin.runs.about import same_result
    from tocsin.runs.store import store_run

    run = new_run(assessment, record, copy, draws=draws, brief=brief, note=note)
    try:
        stored = store_run(run)
        if not same_result(stored.record, record):
            others = message(
                "this run has other numbers than the same run of {day}, which stays in the store; see {command}",
                day=str(stored.days[0]),
                command=f"`tocsin verify {stored.name}`",
            )
            warn(others)
    except InputError as error:
        warn(message("the run is not stored for `tocsin show` and `tocsin export`: {problem}", problem=error.text()))
        return False
    return True


def _write(files: Mapping[Path, str], lost: str) -> None:
    """Write the files of a run; if that fails, print what would be lost, or say that the run is stored."""
    from tocsin.files import write_all

    try:
        write_all(files)
    except InputError as error:
        if lost:
            say(lost)
            raise
        remedy = message("{remedy}; the result is stored, see `tocsin show`", remedy=error.remedy or "")
        raise InputError(error.message, file=error.file, remedy=remedy) from error


def check_targets(case: Case, files: list[Path]) -> None:
    """Check before a long run that files can be written and do not belong to the case; create nothing.

    Raises:
        InputError: see `tocsin.files.check_outputs`.
    """
    from tocsin.files import check_outputs

    check_outputs(files, [case.folder / name for name in ("case.yaml", *(name for name, _ in case.data_hashes))])


def assess_with_bars(
    case: Case,
    seed: int,
    draws: int,
    settings: Mapping[str, str],
    translator: Translator | None,
    variants: Sequence[str] = (),
) -> Assessment:
    """Assess a case with progress bars; without a translator none is shown."""
    from tocsin.assessment.run import assess

    run = partial(assess, case, seed=seed, draws=draws, settings=settings, variants=variants)
    return with_stages(run, translator) if case.theatres else run()  # without games it takes no time to show


def summary(assessment: Assessment, requested: int, brief: Path | None, json_file: Path | None) -> Text:
    """Return what the terminal shows after a run: a line for each claim, how it was run, and the files."""
    lines: list[str] = [row(0, assessment.case.title), row(0, games_text(assessment.case, assessment.settled)), ""]
    lines += [
        row(
            2,
            (claim.id, 5),
            (VERDICT_WORDS[claim.verdict], 12),
            (_words(claim.verdict, claim.words), 32),
            clip(claim.says, 12),
        )
        for claim in assessment.claims
    ]
    run = assessment.run
    lines.append("")
    if run.draws:
        drawn = message(
            "{draws}, seed {seed}, {seconds} s",
            draws=_draws(run, requested),
            seed=run.seed,
            seconds=f"{run.seconds:.0f}",
        )
        lines.append(drawn)
    if run.variants:
        lines.append(row(0, message("with:  {variants}", variants=in_commas(run.variants))))
    if run.settings:
        settings = in_commas(f"{name}={value}" for name, value in run.settings)
        lines.append(row(0, message("set:   {settings}", settings=settings)))
    if json_file is not None:
        lines.append(row(0, message("data:  {file}", file=str(json_file))))
    if brief is not None:
        lines.append(row(0, message("brief: {file}", file=str(brief))))
    return in_lines(lines)


MAX_CLAIMS = 6
"""A notice names at most this many claims."""


def notices(health: Health) -> Text:
    """Return what weakens the verdicts of a run, one finding on each line with the claims concerned."""
    return in_lines(row(0, _notice(finding)) for finding in health.findings)


def _notice(finding: Finding) -> Text:
    if not finding.claims:
        return message("notice: {finding}", finding=finding.text)
    more = len(finding.claims) - MAX_CLAIMS
    names = [*finding.claims[:MAX_CLAIMS], *([message("{number} more", number=more)] if more > 0 else [])]
    return message("notice: {finding} ({claims})", finding=finding.text, claims=in_commas(names))


def _draws(run: RunRecord, requested: int) -> Text:
    """Return how many worlds were drawn, whether they suffice for verdicts, and why they are more than requested."""
    draws = plural("{count} draw", "{count} draws", run.draws)
    if run.effective_draws is None:
        return message("{draws} of the estimates", draws=draws)
    number = f"{run.effective_draws:.0f}"
    if run.effective_draws < MIN_EFFECTIVE:
        effective = message("{number} effective, and a verdict needs {least}", number=number, least=MIN_EFFECTIVE)
    else:
        effective = message("{number} effective", number=number)
    if run.draws <= requested:
        return message("{draws} ({effective})", draws=draws, effective=effective)
    return message(
        "{draws} ({effective}; more than the {requested} requested, because few of them fit past years)",
        draws=draws,
        effective=effective,
        requested=requested,
    )


def _words(verdict: str, words: str) -> str:
    return "" if words == verdict else words
