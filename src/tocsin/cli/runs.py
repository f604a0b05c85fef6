"""`tocsin runs`: list the stored runs, give them notes, remove old ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.languages import language_option
from tocsin.cli.output import emit, say
from tocsin.errors import InputError
from tocsin.translation import Text, Translator, in_commas, in_semicolons, message, plural

if TYPE_CHECKING:
    from tocsin.runs.pruning import Pruned
    from tocsin.runs.store import StoredRun

LIST = "list"
AGE = re.compile(r"(\d{1,5}) ?([dwy])\Z")
DAYS = {"d": 1, "w": 7, "y": 365}
MAX_DAYS = 100 * 365
"""Days of the largest age."""


class _Runs(click.Group):
    """List the runs if no other command is named: `tocsin runs japan-buildup` is `tocsin runs list japan-buildup`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if named else [LIST, *args])


@click.group(cls=_Runs)
def runs() -> None:
    """List the stored runs, give them notes, and remove old ones.

    `tocsin assess` stores every run: its verdicts and worlds, its seed, draws, settings and versions, and a copy of the case. The same run
    repeated is stored once. Other commands take a run by its name: `latest`, `latest~1` (the one before), the first digits of its hash, or
    a case for its latest run. `CASE@latest~1` and `CASE@3fa2` are runs of one case. docs/runs.md says more.

    \b
    tocsin runs
    tocsin runs japan-buildup --json
    tocsin runs note latest "with the budget of 2027"
    tocsin runs prune --older-than 90d --keep 20
    """


@runs.command(LIST)
@click.argument("case", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@language_option
def list_(case: str | None, as_json: bool, language: str) -> None:
    """List the runs of CASE, or of all cases, the newest first.

    Sizes leave out the files of the case, which its runs share.

    \b
    tocsin runs
    tocsin runs list japan-buildup
    """
    import json

    from tocsin.runs.names import of_case
    from tocsin.runs.store import stored_runs

    listed = stored_runs() if case is None else of_case(case)
    if as_json:
        emit(json.dumps([_to_dict(run) for run in listed], indent=1, ensure_ascii=False) + "\n")
        return
    say(_table(listed, Translator(language=language)))


def _to_dict(run: StoredRun) -> dict[str, Any]:
    """Return a run as a JSON-ready dict; one that cannot be read has only its name, days, note and size."""
    from tocsin.runs.pruning import size

    known: dict[str, Any] = {"name": run.name, "hash": run.hash, "case": run.case}
    known |= {"days": [str(day) for day in run.days], "note": run.note, "bytes": size(run)}
    if damaged := run.damaged_file():
        return known | {"error": _damage(run, damaged)}
    about = run.about
    return known | {
        "as_of": about.as_of,
        "seed": about.origin.seed,
        "draws": about.origin.draws,
        "drawn": about.drawn,
        "variants": list(about.variants),
        "set": about.origin.settings,
        "versions": about.origin.versions,
        "verdicts": about.verdicts,
    }


def _table(listed: tuple[StoredRun, ...], translator: Translator) -> str:
    """Return the runs as a table, with their sizes."""
    from tocsin.runs.pruning import size
    from tocsin.tables import text_table

    if not listed:
        from tocsin.runs.places import folder

        none = message(
            "No run is stored in {folder}. Next: {command}", folder=str(folder()), command="`tocsin assess CASE`"
        )
        return translator.plain(none)
    names = [
        message("run"), message("day"), message("as of"), message("seed"), message("draws"), message("size"),
        message("verdicts"), message("settings and note"),
    ]  # fmt: skip
    sizes = {run: size(run) for run in listed}
    rows = [[*_cells(run, translator)] for run in listed]
    for run, cells in zip(listed, rows, strict=True):
        cells.insert(5, _bytes(sizes[run]))
    total = plural("{count} run, {size}", "{count} runs, {size}", len(listed), size=_bytes(sum(sizes.values())))
    table = text_table([translator.plain(name) for name in names], rows, right=(3, 4, 5))
    return f"{table}\n\n{translator.plain(total)}"


def _cells(run: StoredRun, translator: Translator) -> tuple[str, ...]:
    """Return the cells of a run, except its size."""
    from tocsin.runs.words import verdict_counts

    day = run.last[:10]
    if damaged := run.damaged_file():
        reason = message("damaged or from another version: {file}", file=damaged)
        return (run.name, day, "", "", "", translator.plain(reason), run.note)
    about = run.about
    variants = message("with {variants}", variants=in_commas(about.variants)) if about.variants else ""
    settings = ", ".join(f"{name}={value}" for name, value in about.origin.settings.items())
    remarks = in_semicolons(filter(None, (variants, settings, run.note)))
    verdicts, seed = translator.plain(verdict_counts(about)), str(about.origin.seed)
    return (run.name, day, about.as_of, seed, f"{about.drawn:,}", verdicts, translator.plain(remarks))


def _damage(run: StoredRun, file: str) -> str:
    """Return what is wrong with a damaged run."""
    try:
        _ = run.about
    except InputError as error:
        return error.message
    return message("the stored run {name} is damaged: {file}", name=run.name, file=file)


def _bytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


@runs.command()
@click.argument("run")
@click.argument("text")
@language_option
def note(run: str, text: str, language: str) -> None:
    """Give RUN the note TEXT in place of its present one; an empty TEXT removes it.

    A run with a note stays when runs are pruned.

    \b
    tocsin runs note latest "with the budget of 2027"
    tocsin runs note japan-buildup@3fa2 ""
    """
    from tocsin.runs.names import resolve
    from tocsin.runs.store import set_note

    chosen = resolve(run)
    set_note(chosen, text)
    stands = message("{run}: {note}", run=chosen.name, note=chosen.note or message("no note"))
    say(Translator(language=language).plain(stands))


@runs.command()
@click.argument("case", required=False)
@click.option("--older-than", metavar="AGE", help="Remove only runs last made longer ago: 90d, 12w or 1y.")
@click.option("--keep", type=int, metavar="N", help="Leave the N newest runs of each case [default: 1].")
@click.option("--with-notes", is_flag=True, help="Remove runs with a note too.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@language_option
def prune(
    case: str | None, older_than: str | None, keep: int | None, with_notes: bool, dry_run: bool, language: str
) -> None:
    """Remove old runs of CASE, or of all cases.

    A run goes if it is older than the age and not among the newest of its case. Runs with a note and the latest run of a case stay. The
    command says what goes, and does not ask.

    \b
    tocsin runs prune --older-than 90d --keep 20 --dry-run
    tocsin runs prune japan-buildup --keep 5
    """
    from tocsin.runs.names import of_case
    from tocsin.runs.pruning import prune as prune_runs

    age = None if older_than is None else age_of(older_than)
    name = None if case is None else of_case(case)[0].case
    gone = prune_runs(name, older_than=age, keep=keep, with_notes=with_notes, dry_run=dry_run)
    translator = Translator(language=language)
    for line in _pruned_lines(gone, dry_run):
        say(translator.plain(line))


def _pruned_lines(gone: Pruned, dry_run: bool) -> Iterator[Text]:
    """Yield a line for each run that went or would go, and their number and size."""
    for run in gone.runs:
        named = {"run": run.name, "day": run.last[:10]}
        yield message("would remove {run} ({day})", **named) if dry_run else message("removed {run} ({day})", **named)
    count, size = len(gone.runs), _bytes(gone.freed)
    if dry_run:
        total = plural("would remove {count} run, {size}", "would remove {count} runs, {size}", count, size=size)
    else:
        total = plural("removed {count} run, {size}", "removed {count} runs, {size}", count, size=size)
    stay = [message("{number} with a note stay", number=gone.noted)] if gone.noted else []
    yield in_semicolons([total, *stay])


def age_of(text: str) -> timedelta:
    """Return the age that a text states: `90d`, `12w` or `1y`, a year being 365 days.

    Raises:
        InputError: for another text.
    """
    stated = AGE.match(text.strip().lower())
    days = int(stated[1]) * DAYS[stated[2]] if stated else MAX_DAYS + 1
    if days > MAX_DAYS:
        raise InputError(
            message("cannot read --older-than {text}", text=repr(text)),
            remedy=message("write an age such as 90d, 12w or 1y"),
        )
    return timedelta(days=days)
