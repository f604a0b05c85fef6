"""`tocsin evidence fit`: who moved how, and on what it depended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin import __version__
from tocsin.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import polars as pl

    from tocsin.cli.estimates import Made
    from tocsin.evidence.strategic.fit import Fit

SIGNALLING = "signalling"
"""The game of a specification that is estimated over equilibria of hidden types."""
_FILE = click.Path(path_type=Path)


@dataclass(frozen=True)
class Asked:
    """What the command was asked for."""

    specification: Path
    data: Path
    json: Path | None
    probabilities: Path | None
    columns: tuple[str, ...]
    against: Path | None
    draws: int | None
    bayes: bool
    seed: int

    @cached_property
    def table(self) -> pl.DataFrame:
        """The cases."""
        from tocsin.evidence.tables import read_table

        return read_table(self.data)

    def provenance(self) -> dict[str, Any]:
        """What an estimate rests on, for its file."""
        return {
            "specification": _text(self.specification),
            "data": {"file": self.data.name, "sha256": hashlib.sha256(self.data.read_bytes()).hexdigest()},
            "made": date.today().isoformat(),
            "version": __version__,
            "seed": self.seed,
        }

    def put(self, told: dict[str, Any], sentences: str, chances: pl.DataFrame) -> None:
        """Write the files that were asked for, and print."""
        from tocsin.files import write_all

        files: dict[Path, str | bytes] = {}
        if self.json:
            files[self.json] = json.dumps(told | self.provenance(), indent=1, allow_nan=False) + "\n"
        if self.probabilities:
            files[self.probabilities] = chances.write_csv()
        if files:
            write_all(files)
        click.echo(sentences)
        for file in files:
            click.echo(str(file))


@click.command()
@click.argument("specification", metavar="SPEC.yaml", type=_FILE)
@click.option("--data", required=True, type=_FILE, help="CSV or Parquet table of the cases.")
@click.option("--json", type=_FILE, help="Write the estimate here, with specification and hash of the data.")
@click.option("--probabilities", type=_FILE, help="Write the probability of each outcome in each case here, as CSV.")
@click.option(
    "--effect",
    "columns",
    multiple=True,
    help="How probabilities change with this column (repeatable), the mean over cases.",
)
@click.option(
    "--against",
    type=_FILE,
    help="Another SPEC.yaml for the same cases: which is nearer the truth (Vuong; with --posterior also cases left out)?",
)
@click.option("--bootstrap", "draws", type=click.IntRange(min=2), help="Also errors from so many drawn samples.")
@click.option("--posterior", "bayes", is_flag=True, help="Also the posterior, by four chains: about half a minute.")
@click.option(
    "--seed", default=0, show_default=True, help="Of the starts of the search, of the drawn samples and of the chains."
)
def fit(**options: Any) -> None:
    """Estimate a strategic model: what each player's payoffs depend on, from who moved how.

    SPEC.yaml says the game (12, 122, 123, a tree written out, or signalling: a crisis whose sides do not know each other), the link
    (probit, logit), whose errors (agent, private), the outcome column (or one column for each move) and a formula for each utility; see
    docs/evidence.md. Rows with missing values are left out and listed. Separation, and what is not identified, is named.

    \b
    tocsin evidence fit crisis.yaml --data crises.csv --json crisis.json
    tocsin evidence fit crisis.yaml --data crises.csv --effect power --probabilities told.csv
    """
    from tocsin.files import check_outputs
    from tocsin.games.backend import use_disk_cache

    use_disk_cache()
    asked = Asked(**options)
    check_outputs([asked.json, asked.probabilities], [asked.specification, asked.data])
    if _game(asked.specification) == SIGNALLING:
        _signalling(asked)
    elif asked.against and _game(asked.against) == SIGNALLING:
        raise InputError(
            "the signalling game is not compared with others", file=str(asked.against), remedy="leave it out"
        )
    else:
        _strategic(asked)


def _strategic(asked: Asked) -> None:
    import numpy as np
    import polars as pl

    from tocsin.cli.estimates import Made, sentences, told
    from tocsin.evidence.strategic.effects import marginal_effects
    from tocsin.evidence.strategic.quality import vuong

    found = _estimated(asked.specification, asked)
    other = _estimated(asked.against, asked) if asked.against else None
    made = Made(
        found,
        effects={name: marginal_effects(found, asked.table, name) for name in asked.columns},
        test=vuong(found, other) if other else None,
    )
    _draw(asked, made, other)
    chances = np.exp(found.log_probabilities())
    names = found.sample.specification.game.outcomes
    asked.put(
        told(made),
        sentences(made),
        pl.DataFrame({"row": found.sample.rows, **{name: chances[:, at] for at, name in enumerate(names)}}),
    )


def _draw(asked: Asked, made: Made, other: Fit | None) -> None:
    """The bootstrap and the posteriors, if they were asked for."""
    from rich.console import Console
    from rich.progress import Progress

    if asked.draws:
        from tocsin.evidence.strategic.resampling import bootstrap

        with Progress(console=Console(stderr=True)) as bar:
            samples = bar.add_task("drawn samples", total=asked.draws)
            made.drawn = bootstrap(
                made.found, asked.draws, seed=asked.seed, each=lambda done: bar.update(samples, completed=done)
            )
    if asked.bayes:
        from tocsin.evidence.strategic.bayes import better, posterior

        with Console(stderr=True).status("sampling four chains: about half a minute"):
            made.chains = posterior(made.found.sample, seed=asked.seed)
            if other:
                made.left_out = better(made.chains, posterior(other.sample, seed=asked.seed))


def _signalling(asked: Asked) -> None:
    import numpy as np
    import polars as pl
    from rich.console import Console

    from tocsin.cli.estimates import sentences_of_signalling, told_of_signalling
    from tocsin.evidence.signalling.fit import fit as estimate
    from tocsin.evidence.signalling.game import OUTCOMES
    from tocsin.evidence.signalling.specification import games, read_specification

    if asked.columns or asked.against or asked.draws or asked.bayes:
        raise InputError(
            "--effect, --against, --bootstrap and --posterior are not made for the signalling game",
            remedy="leave them out",
        )
    given = read_specification(_text(asked.specification), str(asked.specification))
    try:
        with Console(stderr=True).status("searching over the equilibria of every game"):
            found = estimate(games(given, asked.table), seed=asked.seed)
    except InputError as error:
        error.file = error.file or f"{asked.specification} on {asked.data}"
        raise
    chances = np.exp(found.log_probabilities())
    asked.put(
        told_of_signalling(found),
        sentences_of_signalling(found),
        pl.DataFrame({"row": found.games.rows, **{name: chances[:, at] for at, name in enumerate(OUTCOMES)}}),
    )


def _estimated(specification: Path, asked: Asked) -> Fit:
    from tocsin.evidence.strategic.fit import fit as estimate
    from tocsin.evidence.strategic.sample import sample
    from tocsin.evidence.strategic.specification import read_specification

    given = read_specification(_text(specification), str(specification))
    try:
        return estimate(sample(given, asked.table), seed=asked.seed)
    except InputError as error:
        # what does not fit lies between the two files
        error.file = error.file or f"{specification} on {asked.data}"
        raise


def _game(specification: Path) -> str:
    """The game that a specification names; an empty text for a tree written out, or where it names none."""
    from tocsin.evidence.strategic.trees import NAMED
    from tocsin.reading import read_yaml

    game = read_yaml(_text(specification), str(specification)).data.get("game", "")
    if isinstance(game, Mapping) or game == "":
        return ""
    if str(game) not in (*NAMED, SIGNALLING):
        remedy = did_you_mean(str(game), (*NAMED, SIGNALLING))
        raise InputError(f"game: {game!r} is no game known here", file=str(specification), remedy=remedy)
    return str(game)


def _text(file: Path) -> str:
    from tocsin.reading import decode, read_bytes

    return decode(read_bytes(file, str(file)), str(file))
