"""Commands of `tocsin`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from tocsin import __version__
from tocsin.cli.challenging import challenge
from tocsin.cli.checking import check
from tocsin.cli.comparing import compare
from tocsin.cli.data import data
from tocsin.cli.diffing import diff
from tocsin.cli.drafting import draft
from tocsin.cli.evidence import evidence
from tocsin.cli.exporting import export
from tocsin.cli.forecasting import forecast, score
from tocsin.cli.guard import guarded
from tocsin.cli.importing import facts
from tocsin.cli.languages import language_option, translator_of
from tocsin.cli.opening import open_case
from tocsin.cli.output import emit, say
from tocsin.cli.rhetoric import rhetoric
from tocsin.cli.runs import runs
from tocsin.cli.settings import settings_of, settings_options
from tocsin.cli.sweeping import sweep
from tocsin.cli.translating import translate
from tocsin.cli.validating import validate
from tocsin.cli.verifying import verify
from tocsin.cli.watching import watch
from tocsin.cli.why import why
from tocsin.errors import CaseErrors, InputError
from tocsin.translation import in_lines, message

if TYPE_CHECKING:
    from tocsin.assessment.settled_worlds import SettledWorlds

EPILOG = "Start with `tocsin assess japan-buildup`, or with `tocsin new my-case` for a case of your own."


class _Group(click.Group):
    """Print errors as messages and set the exit status."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        with guarded():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        with guarded():
            return super().invoke(ctx)


@click.group(cls=_Group, invoke_without_command=True, epilog=EPILOG)
@click.version_option(__version__, prog_name="tocsin")
@language_option
@click.pass_context
def main(context: click.Context, language: str) -> None:
    """Run a strategic argument as a model and give each of its claims a verdict.

    A case is a folder with a `case.yaml`: actors, facts with sources, judgements with authors, and claims with tests.
    Commands take a case by its folder, its case.yaml, or its name if it comes with Tocsin (see `tocsin cases`).

    Exit status: 0 success, 1 computation failed, 2 bad input, 130 interrupted.
    """
    if context.invoked_subcommand is None:
        from tocsin.cli.last import welcome

        say(welcome(language))


@main.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print errors and notices as JSON.")
@click.option(
    "--record",
    is_flag=True,
    help="Also solve a few games: can the model make the record of past years, and do games settle?",
)
@language_option
def lint(case: Path, as_json: bool, record: bool, language: str) -> None:
    """Check CASE for errors. CASE is a folder, its case.yaml, or the name of a shipped case.

    Errors name the file, the line and a remedy; the exit status is then 2. Notices are warnings and leave it 0.

    \b
    tocsin lint japan-buildup
    tocsin lint my-case --json
    tocsin lint my-case --record
    tocsin lint my-case --lang ko
    """
    from tocsin.case import load
    from tocsin.case.lint import lint as notices
    from tocsin.cli.linting import summary, to_json

    try:
        loaded = load(case)
    except CaseErrors as errors:
        if not as_json:
            raise
        emit(to_json(errors.problems, ()) + "\n")
        sys.exit(errors.exit_code)
    listed = notices(loaded)
    settled: tuple[SettledWorlds, ...] = ()
    if record:
        from tocsin.assessment.records import record_notices
        from tocsin.assessment.settled_worlds import settled_notices, settled_worlds

        settled = settled_worlds(loaded)
        listed = (*listed, *record_notices(loaded), *settled_notices(loaded, settled))
    if as_json:
        emit(to_json((), listed, loaded, settled) + "\n")
    else:
        say(translator_of(loaded, language).plain(summary(loaded, listed, settled)))


@main.command()
@language_option
def cases(language: str) -> None:
    """List the cases that come with Tocsin."""
    from tocsin.cli.cases import cases_table

    say(cases_table(language))


@main.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Also write the assessment to this file as JSON; - prints only the JSON.",
)
@click.option(
    "--brief", type=click.Path(path_type=Path), help="Write the brief to this file [default: <case id>.html]."
)
@click.option("--seed", default=1, show_default=True, help="Random seed; the same seed gives the same result.")
@click.option(
    "--draws", default=2048, show_default=True, help="Number of worlds in each structural model, 1 to 10,000,000."
)
@settings_options
@click.option("--note", default="", help="Store this text with the run, see `tocsin runs`.")
@language_option
@click.option("--quiet", is_flag=True, help="Print only errors.")
def assess(
    case: Path,
    json_file: Path | None,
    brief: Path | None,
    seed: int,
    draws: int,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    **shown: Any,
) -> None:
    """Run CASE and write its brief. CASE is a folder, its case.yaml, or the name of a shipped case.

    Missing folders of the files that it writes are created.

    \b
    tocsin assess japan-buildup
    tocsin assess japan-buildup --set regimes.JPN.posture=normal --set precision=60
    tocsin assess japan-buildup --variant aligned_seoul
    tocsin assess japan-buildup --json out.json --draws 512 --seed 7
    tocsin assess japan-buildup --lang ko
    """
    from tocsin.cli.running import Outputs, run_case

    outputs = Outputs(json_file=json_file, brief=brief, **shown)
    run_case(case, outputs, seed=seed, draws=draws, settings=settings_of(settings), variants=variants)


@main.command()
@click.argument("name", required=False)
@click.option(
    "--from", "file", type=click.Path(path_type=Path), help="Read this assessment (JSON) [default: the last run]."
)
@click.option("--case", metavar="CASE", help="Read the last run of this case: its id, folder or case.yaml.")
@click.option("--run", metavar="RUN", help="Read this stored run, by a name that `tocsin runs` lists.")
@language_option
def show(name: str | None, file: Path | None, case: str | None, run: str | None, language: str) -> None:
    """Show a claim, a part of one, a quantity, rival explanations, an argument, a variant or a default input of the last run.

    NAME is a claim's id, a part as CLAIM.PART, a quantity as a test writes it, a set of explanations, an argument, a variant, or an input
    that the case does not give. A claim is shown with its verdict, parts, drivers and flips, with the facts that it reads, and with what
    `tocsin challenge` found. Without NAME, the command lists all claims, quantities and sets of explanations. The first line names the
    case.

    \b
    tocsin show C12
    tocsin show C02.dollars
    tocsin show "loss(amendment)" --from out.json
    tocsin show condemned
    tocsin show R5
    tocsin show "p_war()" --case japan-buildup
    tocsin show C12 --run japan-buildup@3fa2
    """
    from tocsin.cli.challenged import worst_lines
    from tocsin.cli.exporting import case_of
    from tocsin.cli.showing import describe, heading, listing, named_assessment, named_run

    assessment = named_assessment(file, case, run)
    if name is None:
        text = listing(assessment)
    else:
        more = worst_lines(named_run(case, run), name) if file is None else ()
        text = in_lines([heading(assessment), describe(assessment, name, case_of), *more])
    known = case_of(assessment) if language != "en" else None  # its translations
    say(translator_of(known, language).plain(text))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", help="The question or argument in one line.")
@click.option(
    "--challenger",
    help="The actor that wants change: a state, such as Russia or RUS, or a short name of your own in capitals.",
)
@click.option("--target", help="The actor it wants something from.")
@click.option("--protector", "protectors", multiple=True, help="An actor that may defend the target. Repeatable.")
@click.option("--backer", "backers", multiple=True, help="An actor that may support the challenger. Repeatable.")
@click.option(
    "--as-of", "day", metavar="YYYY-MM-DD", help="The day of the case [default: today]. Nothing later counts."
)
@click.option("--facts", is_flag=True, help="Check facts only: a case without a game, and so without actors.")
def new(folder: Path, title: str | None, day: str | None, *, facts: bool, **actors: Any) -> None:
    """Write a new case to FOLDER, or add a game to the case there.

    The case runs as it is. It states only what describes its actors: forces, spending, reach and pacts from the data sets in the cache, as
    known on its day. Every other input has a default of the program. Values that you must replace are marked as a template.

    The command asks for what the options do not give, with five questions at most. Who may defend the target or support the challenger
    follows from defence pacts on the day, unless you name somebody, or "nobody".

    If FOLDER has a case without a game, such as `tocsin draft` writes, the game is added to it. Its title, day and actors count, and
    nothing that it says changes.

    With --facts, facts decide all claims, and a run takes a second. Without it, the case also has a game between states, for claims about
    what would follow from an event.

    \b
    tocsin new op-ed --facts --title "Is the port as busy as the op-ed says?"
    tocsin new my-case
    tocsin new finland --title "Does Finland in NATO hurt Russia?" --challenger Russia --target Finland --protector USA
    tocsin new my-draft --challenger Russia --target Finland
    tocsin new july --title "Will Germany fight Britain?" --challenger Germany --target UK --as-of 1914-06-27
    tocsin new melos --title "Why not Melos?" --challenger ATH --target MEL --protector SPA
    """
    from shlex import quote

    from tocsin.cli.new import FILE, Cast, ask, ask_title, check_folder, parse_day, write_fact_check, write_template

    named = quote(str(folder))
    if not facts and (folder / FILE).exists():
        from tocsin.cli.new_join import join

        after = message("Next: give the claims tests, then run `tocsin lint {folder}`.", folder=named)
        say(in_lines([join(folder, title, day, **actors), after]))
        return
    check_folder(folder)
    if facts:
        if any(actors.values()) or day:
            raise InputError(
                message("--facts with actors or the day of a game"), remedy=message("leave out --facts, or the others")
            )
        path = write_fact_check(folder, ask_title(title))
    else:
        roles, pacts = ask(title, cast=Cast(parse_day(day)), **actors)
        path, notes = write_template(folder, roles, pacts)
        say(in_lines([message("actors: {roles}", roles=str(roles)), *notes]))
    after = message(
        "wrote {file}. Next: edit it, then run `tocsin lint {folder}` and `tocsin assess {folder}`.",
        file=str(path),
        folder=named,
    )
    say(after)


@main.command()
@click.argument("game", type=click.Path(path_type=Path))
@click.option(
    "--lambda",
    "lambdas",
    multiple=True,
    show_default="1",
    metavar="NUMBER",
    help="Precision of choice per unit of payoff, at least 0. Repeatable: one solution for each. Or PLAYER=NUMBER,... with labels or"
    " positions of players; a label that holds a comma needs double quotes. Not for --method spe.",
)
@click.option(
    "--method",
    type=click.Choice(["auto", "recursion", "branch", "spe"]),
    default="auto",
    show_default=True,
    help="recursion: backward induction; branch: principal branch; spe: play without errors; auto: recursion or else branch.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Also write the solution to this file as JSON; - prints only the JSON.",
)
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path),
    help="Also write the branch to this file: one row for each point and action.",
)
@click.option("--figure", type=click.Path(path_type=Path), help="Also draw the branch to this SVG file.")
def solve(
    game: Path,
    lambdas: tuple[str, ...],
    method: Literal["auto", "recursion", "branch", "spe"],
    json_file: Path | None,
    csv_file: Path | None,
    figure: Path | None,
) -> None:
    """Solve GAME, an extensive-form file (.efg).

    The command prints the logit equilibrium: choices, beliefs and values. With perfect information it uses backward induction.
    Otherwise it follows the principal branch, which starts at precision 0. --csv and --figure show the branch up to the largest
    --lambda. --method spe gives play without errors: the subgame-perfect equilibria in pure strategies, or the limit of the branch.

    \b
    tocsin solve crisis.efg --lambda 1.5
    tocsin solve signal.efg --lambda 0.5 --lambda 2 --lambda 8 --json out.json
    tocsin solve signal.efg --lambda '"Alpha, the sender"=4,2=1'
    tocsin solve signal.efg --lambda 8 --csv branch.csv --figure branch.svg
    tocsin solve crisis.efg --method spe
    """
    from tocsin.cli.solving import solve_file

    solve_file(game, lambdas, method, json_file, csv_file, figure)


@main.command()
@click.argument("game", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write the picture to this file [default: <game>.svg]."
)
def draw(game: Path, output: Path | None) -> None:
    """Draw the tree of GAME, an extensive-form file (.efg).

    The picture is an SVG file. It shows decisions, information sets, probabilities and payoffs.

    \b
    tocsin draw crisis.efg
    tocsin draw signal.efg -o tree.svg
    """
    from tocsin.cli.drawing import draw_file

    draw_file(game, output)


@main.command()
@click.argument("name", required=False)
@click.option(
    "--states",
    metavar="NAMES",
    help="States, separated by commas: ISO codes, COW numbers or names, such as UK. Join the members of a side with +. [default: all]",
)
@click.option("--years", metavar="FIRST:LAST", help="Range of years [default: all that the data sets cover].")
@click.option("--with", "inputs", metavar="NAME=VALUE", multiple=True, help="Set an input of this measure. Repeatable.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write a .csv, .parquet or .svg file instead of printing.",
)
def measure(
    name: str | None, states: str | None, years: str | None, inputs: Sequence[str], output: Path | None
) -> None:
    """Compute the measure NAME; without NAME, list the measures.

    A measure is computed from the data sets in your cache; nothing is downloaded. If a data set is missing, the message names the
    command that downloads it.

    \b
    tocsin measure
    tocsin data get nmc states
    tocsin measure cinc --states JPN,KOR,PRK --years 1990:2022 -o cinc.svg
    tocsin measure balance --states KOR+USA,PRK+CHN --years 1950:2022
    tocsin measure alliances --states JPN,KOR,USA,CHN --years 2018 -o alliances.csv
    """
    from tocsin.cli.measuring import list_measures, measure_states

    if name is None:
        list_measures()
    else:
        measure_states(name, states, years, inputs, output)


@main.command()
def schema() -> None:
    """Print the JSON Schema of case files.

    Editors use it to check YAML as you type.
    """
    import json

    from tocsin.case.schema import case_json_schema

    emit(json.dumps(case_json_schema(), indent=1) + "\n")


main.add_command(challenge)
main.add_command(check)
main.add_command(compare)
main.add_command(data)
main.add_command(diff)
main.add_command(draft)
main.add_command(evidence)
main.add_command(export)
main.add_command(facts)
main.add_command(forecast)
main.add_command(open_case)
main.add_command(rhetoric)
main.add_command(runs)
main.add_command(score)
main.add_command(sweep)
main.add_command(translate)
main.add_command(validate)
main.add_command(verify)
main.add_command(watch)
main.add_command(why)
