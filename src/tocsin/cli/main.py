"""Commands of `tocsin`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NoReturn

import click

from tocsin import __version__
from tocsin.cli.data import data
from tocsin.cli.evidence import evidence
from tocsin.cli.rhetoric import rhetoric
from tocsin.cli.validating import validate
from tocsin.cli.why import why
from tocsin.errors import CaseErrors, InputError, SolveError, TocsinError

EPILOG = "Start with `tocsin assess cases/japan-buildup`, or write a case of your own with `tocsin new my-case`."


class _Group(click.Group):
    """Turns the project's errors into a message and an exit status: 1 failed inside, 2 bad input, 130 stopped."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TocsinError as error:
            _fail(error)
        except (KeyboardInterrupt, click.exceptions.Abort) as error:
            if isinstance(error.__context__, EOFError):
                _fail(InputError("the answers ended", remedy="give them as options, see --help"))
            click.echo("tocsin: stopped; nothing was written", err=True)
            sys.exit(130)
        except MemoryError:
            _fail(SolveError("out of memory", remedy="ask for fewer --draws"))


def _fail(error: TocsinError) -> NoReturn:
    click.echo(f"tocsin: {error}", err=True)
    sys.exit(error.exit_code)


@click.group(cls=_Group, invoke_without_command=True, epilog=EPILOG)
@click.version_option(__version__, prog_name="tocsin")
@click.pass_context
def main(context: click.Context) -> None:
    """Run a strategic argument: a case goes in, a verdict for every claim comes out.

    A case is a folder with a `case.yaml`: actors, facts with sources, judgements with authors, and claims with tests.

    Exit status: 0 done, 1 failed inside, 2 bad input, 130 stopped by you.
    """
    if context.invoked_subcommand is None:
        from tocsin.cli.last import welcome

        click.echo(welcome())


@main.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print errors and notices as JSON.")
def lint(case: Path, as_json: bool) -> None:
    """Check CASE, a folder or its case.yaml.

    Errors come with file, line and remedy and end with exit status 2; notices are worth knowing and do not.

    \b
    tocsin lint cases/japan-buildup
    tocsin lint my-case --json
    """
    from tocsin.case import load
    from tocsin.case.lint import lint as notices
    from tocsin.cli.linting import as_data, summary

    try:
        loaded = load(case)
    except CaseErrors as errors:
        if not as_json:
            raise
        click.echo(as_data(errors.problems, ()))
        sys.exit(errors.exit_code)
    found = notices(loaded)
    click.echo(as_data((), found) if as_json else summary(loaded, found))


@main.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Also write the assessment as JSON here; - prints it and nothing else.",
)
@click.option("--brief", type=click.Path(path_type=Path), help="Where to write the brief [default: <case id>.html].")
@click.option("--seed", default=1, show_default=True, help="Seed of the draws: the same seed, the same result.")
@click.option("--draws", default=2048, show_default=True, help="Worlds in each structural model, 1 to 10,000,000.")
@click.option("--set", "settings", multiple=True, metavar="INPUT=VALUE", help="Override an input for this run; repeat.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def assess(
    case: Path,
    json_file: Path | None,
    brief: Path | None,
    seed: int,
    draws: int,
    settings: tuple[str, ...],
    quiet: bool,
) -> None:
    """Run CASE and write its brief: worlds, games, claims, verdicts.

    \b
    tocsin assess cases/japan-buildup
    tocsin assess cases/japan-buildup --set regimes.JPN.posture=normal --set precision=60
    tocsin assess cases/japan-buildup --json out.json --draws 512 --seed 7
    """
    from tocsin.cli.running import run_case

    run_case(case, json_file, brief, seed=seed, draws=draws, settings=_settings(settings), quiet=quiet)


def _settings(pairs: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise InputError(f"--set {pair!r} does not say what to set", remedy="write --set INPUT=VALUE")
        if found.setdefault(name.strip(), value.strip()) != value.strip():
            raise InputError(f"--set {name.strip()} stands twice", remedy="set it once")
    return found


@main.command()
@click.argument("name", required=False)
@click.option("--from", "file", type=click.Path(path_type=Path), help="An assessment as JSON [default: the last run].")
def show(name: str | None, file: Path | None) -> None:
    """Show a claim or a quantity of the last run with its drivers and flips; without a name, list them.

    \b
    tocsin show C12
    tocsin show "fear(amendment)" --from out.json
    """
    from tocsin.cli.last import describe, listing, read

    data = read(file)
    click.echo(listing(data) if name is None else describe(data, name))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", help="The question or argument in one line.")
@click.option("--challenger", help="Who wants change: a short name in capitals, such as PRK.")
@click.option("--target", help="From whom.")
@click.option("--protector", "protectors", multiple=True, help="Who may stand by the target; repeat for more.")
@click.option("--backer", "backers", multiple=True, help="Who may stand by the challenger; repeat for more.")
def new(
    folder: Path,
    title: str | None,
    challenger: str | None,
    target: str | None,
    protectors: tuple[str, ...],
    backers: tuple[str, ...],
) -> None:
    """Write a case in FOLDER that runs as it is, every value in it marked as a template to be replaced.

    What is not given is asked.

    \b
    tocsin new my-case
    tocsin new melos --title "Why not Melos?" --challenger ATH --target MEL --protector SPA
    """
    from tocsin.cli.new import ask, check_folder, write_template

    check_folder(folder)
    roles = ask(title, challenger, target, protectors, backers)
    path = write_template(folder, roles)
    click.echo(f"{path} is written. Next: edit it, then `tocsin lint {folder}` and `tocsin assess {folder}`.")


@main.command()
@click.argument("game", type=click.Path(path_type=Path))
@click.option(
    "--lambda",
    "lambdas",
    multiple=True,
    default=("1",),
    show_default=True,
    metavar="NUMBER",
    help="Precision of choice per unit of payoff, 0 or more; repeat to follow the branch; or PLAYER=NUMBER,...",
)
@click.option(
    "--method",
    type=click.Choice(["auto", "recursion", "branch", "spe"]),
    default="auto",
    show_default=True,
    help="Closed recursion, principal branch, or play without errors.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Also write the answer as JSON here; - prints it and nothing else.",
)
@click.option(
    "--csv", "csv_file", type=click.Path(path_type=Path), help="Also write the branch here, a row a point and action."
)
@click.option("--figure", type=click.Path(path_type=Path), help="Also draw the branch here, as SVG.")
def solve(
    game: Path,
    lambdas: tuple[str, ...],
    method: Literal["auto", "recursion", "branch", "spe"],
    json_file: Path | None,
    csv_file: Path | None,
    figure: Path | None,
) -> None:
    """Solve GAME, an extensive-form file (.efg): logit equilibrium, beliefs, values.

    Where everyone knows everything the equilibrium is worked out backwards; elsewhere the principal branch is followed
    from precision 0. --csv and --figure show this branch up to the largest --lambda. --method spe gives play without
    errors: every subgame-perfect equilibrium in pure strategies, or the limit of the branch.

    \b
    tocsin solve crisis.efg --lambda 1.5
    tocsin solve signal.efg --lambda 0.5 --lambda 2 --lambda 8 --json out.json
    tocsin solve signal.efg --lambda 8 --csv branch.csv --figure branch.svg
    tocsin solve crisis.efg --method spe
    """
    from tocsin.cli.solving import solve_file

    solve_file(game, lambdas, method, json_file, csv_file, figure)


@main.command()
@click.argument("game", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Where to write the picture [default: <game>.svg]."
)
def draw(game: Path, output: Path | None) -> None:
    """Draw the tree of GAME, an extensive-form file (.efg), as SVG: decisions, information sets, chances, payoffs.

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
    help="States, parted by commas: ISO codes, COW numbers or full names [default: all]. Join the members of a side by +.",
)
@click.option("--years", metavar="FIRST:LAST", help="Years [default: all that the data sets cover].")
@click.option(
    "--with", "inputs", metavar="NAME=VALUE", multiple=True, help="An input of the measure's own. Repeatable."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write a .csv or .parquet file, or draw a .svg picture, instead of printing.",
)
def measure(
    name: str | None, states: str | None, years: str | None, inputs: Sequence[str], output: Path | None
) -> None:
    """Work out the measure NAME from the data sets in your cache; without NAME, list what there is.

    Nothing is downloaded: a set that is missing is named, with the command that gets it.

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
    """Print the JSON Schema of case files, for editors that check YAML as you type."""
    import json

    from tocsin.case.schema import case_json_schema

    click.echo(json.dumps(case_json_schema(), indent=1))


main.add_command(data)
main.add_command(evidence)
main.add_command(rhetoric)
main.add_command(validate)
main.add_command(why)
