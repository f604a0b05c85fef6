"""`tocsin evidence`: what history says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from tocsin.evidence.strategic.bayes import Posterior
    from tocsin.evidence.strategic.fit import Fit
    from tocsin.evidence.strategic.resampling import Bootstrap

_FILE = click.Path(path_type=Path)


@click.group()
def evidence() -> None:
    """Estimate from history what a case can take as its odds."""


@evidence.command()
@click.argument("specification", metavar="SPEC.yaml", type=_FILE)
@click.option("--data", "data_file", type=_FILE, required=True, help="CSV or Parquet table of the cases.")
@click.option("--json", "json_file", type=_FILE, help="Write the estimate here.")
@click.option("--bootstrap", "draws", type=click.IntRange(min=2), help="Also errors from so many drawn samples.")
@click.option("--posterior", "bayes", is_flag=True, help="Also the posterior, by four chains: about half a minute.")
@click.option(
    "--seed", default=0, show_default=True, help="Of the starts of the search, of the drawn samples and of the chains."
)
def fit(
    specification: Path, data_file: Path, json_file: Path | None, draws: int | None, bayes: bool, seed: int
) -> None:
    """Estimate a strategic model: what each player's payoffs depend on, from who moved how.

    SPEC.yaml says the game (12, 122, 123, or a tree written out), the link (probit, logit), whose errors (agent, private), the outcome column
    (or one column for each move) and a formula for each utility; see docs/evidence.md. Rows with missing values are left out and
    listed. Separation, and what is not identified, is named.

    \b
    tocsin evidence fit crisis.yaml --data crises.csv --json crisis.json
    """
    from rich.console import Console
    from rich.progress import Progress

    from tocsin.evidence.strategic.fit import fit as estimate
    from tocsin.evidence.strategic.resampling import bootstrap
    from tocsin.evidence.strategic.sample import sample
    from tocsin.evidence.tables import read_table
    from tocsin.games.backend import use_disk_cache
    from tocsin.report.files import write_all

    use_disk_cache()
    given = _specification(specification)
    found = estimate(sample(given, read_table(data_file)), seed=seed)
    drawn = None
    if draws:
        with Progress(console=Console(stderr=True)) as bar:
            samples = bar.add_task("drawn samples", total=draws)
            drawn = bootstrap(found, draws, seed=seed, each=lambda done: bar.update(samples, completed=done))
    chains = None
    if bayes:
        from tocsin.evidence.strategic.bayes import posterior

        with Console(stderr=True).status("walking four chains: about half a minute"):
            chains = posterior(found.sample, seed=seed)
    if json_file:
        write_all({json_file: json.dumps(_told(found, drawn, chains), indent=1, allow_nan=False) + "\n"})
    click.echo(_sentences(found, drawn, chains))
    if json_file:
        click.echo(str(json_file))


def _specification(file: Path) -> Any:
    from tocsin.evidence.strategic.specification import read_specification
    from tocsin.reading import decode, read_bytes

    return read_specification(decode(read_bytes(file, str(file)), str(file)), str(file))


def _finite(number: float) -> float | None:
    return float(number) if abs(number) < float("inf") else None


def _told(found: Fit, drawn: Bootstrap | None, chains: Posterior | None) -> dict[str, Any]:
    from tocsin.evidence.strategic.quality import quality

    fitted = quality(found.log_probabilities(), found.sample.outcome)
    errors = found.standard_errors
    rows = [
        {"utility": name, "term": term, "estimate": float(value), "se": _finite(error)}
        for (name, term), value, error in zip(found.sample.names, found.estimate, errors, strict=True)
    ]
    if drawn:
        for row, error in zip(rows, drawn.standard_errors, strict=True):
            row["bootstrap_se"] = float(error)
    if chains:
        for row, low, middle, high in zip(rows, *chains.quantiles(0.05, 0.5, 0.95), strict=True):
            row["posterior"] = {"p05": float(low), "p50": float(middle), "p95": float(high)}
    given = found.sample.specification
    return {
        "coefficients": rows,
        "loglik": found.loglik,
        "n": len(found.sample.outcome),
        "converged": found.converged,
        "warnings": list(found.warnings),
        "seconds": found.seconds,
        "seconds_compiling": found.compiling,
        "outcomes": {label: int((found.sample.outcome == at).sum()) for at, label in enumerate(given.game.outcomes)},
        "left_out": {name: list(rows) for name, rows in found.sample.missing.items()},
        "covariance": [[_finite(value) for value in line] for line in found.covariance.tolist()],
        "errors": "clustered" if given.cluster else "curvature",
        "fit": {
            "log_score": fitted.log_score,
            "reduction_in_loss": _finite(fitted.reduction),
            "brier": fitted.brier,
            "calibration": [{"foretold": a, "happened": b, "cases": n} for a, b, n in fitted.calibration],
        },
        "bootstrap": {"draws": len(drawn.estimates), "failed": drawn.failed, "seed": drawn.seed} if drawn else None,
        "posterior": _posterior(chains) if chains else None,
    }


def _posterior(chains: Posterior) -> dict[str, Any]:
    from tocsin.evidence.strategic.bayes import left_out

    told = left_out(chains)
    return {
        "prior": chains.sample.specification.penalty,
        "draws": int(chains.draws.shape[0] * chains.draws.shape[1]),
        "r_hat": chains.r_hat,
        "effective_draws": chains.effective,
        "divergent": chains.divergent,
        "seed": chains.seed,
        "seconds": chains.seconds,
        "left_out_score": told.score,
        "left_out_error": told.error,
        "left_out_shaky": told.shaky,
    }


def _sentences(found: Fit, drawn: Bootstrap | None, chains: Posterior | None) -> str:
    from tocsin.evidence.strategic.quality import quality

    fitted = quality(found.log_probabilities(), found.sample.outcome)
    errors = drawn.standard_errors if drawn else found.standard_errors
    names = [f"{name} {term}" for name, term in found.sample.names]
    width = max(len("log likelihood"), *map(len, names))
    lines = [f"{'':{width}}   estimate         se        z"]
    for name, value, error in zip(names, found.estimate, errors, strict=True):
        z = f"{value / error:8.2f}" if error > 0 else "        "
        lines.append(f"{name:{width}} {value:10.4f} {error:10.4f} {z}")
    kind = "penalised log likelihood" if found.sample.specification.penalty != "none" else "log likelihood"
    lines.append(f"{kind} {found.loglik:.5f}, {len(found.sample.outcome):,} cases, {found.seconds:.2f} s")
    lines.append(f"loss {fitted.reduction:.1%} below that of the outcomes' shares; Brier score {fitted.brier:.3f}")
    if chains:
        low, middle, high = chains.quantiles(0.05, 0.5, 0.95)
        lines.append("posterior, 5 %, 50 %, 95 %:")
        lines += [
            f"{name:{width}} {a:10.4f} {b:10.4f} {c:8.4f}"
            for name, a, b, c in zip(names, low, middle, high, strict=True)
        ]
        lines.append(
            f"chains: R-hat {chains.r_hat:.4f}, {chains.effective:.0f} effective draws at least, {chains.seconds:.0f} s"
        )
    lines += [f"note: {_short(warning)}" for warning in found.warnings]
    if not found.converged:
        lines.append("NOT CONVERGED: these numbers are no estimate")
    return "\n".join(lines)


def _short(warning: str) -> str:
    return warning if len(warning) <= 300 else f"{warning[:297]}..."


@evidence.command("list")
def listed() -> None:
    """The results that come with the program."""
    from tocsin.evidence.store import KINDS, shipped

    for name, kind in KINDS.items():
        found = shipped(name)
        click.echo(f"{name}: {kind.what}; {found['figures']['cases']} cases, made {found['made']}")


@evidence.command()
@click.argument("name")
@click.option("--of", "word", default="", help="Only estimates that have this word, such as a state's ISO code.")
@click.option("--json", "json_file", type=_FILE, help="Write all of it here.")
def show(name: str, word: str, json_file: Path | None) -> None:
    """A result that comes with the program: its figures, model, data and limits.

    \b
    tocsin evidence show alliances
    tocsin evidence show turnover --of KOR
    """
    from tocsin.evidence.store import shipped

    _put(shipped(name), json_file, word)


@evidence.command()
@click.argument("name")
@click.option("--json", "json_file", type=_FILE, required=True, help="Write it here.")
def refit(name: str, json_file: Path) -> None:
    """Make a result anew from the data in your cache (`tocsin data get`).

    \b
    tocsin evidence refit alliances --json alliances.json
    """
    from rich.console import Console

    from tocsin.evidence.store import made

    with Console(stderr=True).status(f"estimating {name}"):
        found = made(name)
    _put(found, json_file)


MOST_ROWS = 24
"""Estimates printed at once."""


def _put(found: dict[str, Any], file: Path | None, word: str = "") -> None:
    from tocsin.evidence.reference import path_of
    from tocsin.report.files import write_all

    if file:
        write_all({file: json.dumps(found, indent=1) + "\n"})
    figures = found["figures"]
    lines = [f"{found['name']}: {found['what']}", "counted:"]
    lines += [f"  {', '.join(f'{key} {value}' for key, value in row.items())}" for row in figures["counted"]]
    rows = [(path_of(row), row) for row in figures["estimated"]]
    chosen = [(path, row) for path, row in rows if word.lower() in path.lower()]
    lines.append(
        f"estimated, 50 % (5 to 95 %), unit {found['unit']}; a belief may say from: evidence/{found['name']}/..."
    )
    lines += [
        f"  {path:48} {row['p50']:.3f} ({row['p05']:.3f} to {row['p95']:.3f})" for path, row in chosen[:MOST_ROWS]
    ]
    if len(chosen) > MOST_ROWS:
        lines.append(f"  and {len(chosen) - MOST_ROWS} more: --of WORD picks, --json has all")
    lines += [f"model: {found['model']}", f"limits: {found['limits']}"]
    lines += [f"data: {each['cite']} ({each['source']}, sha256 {each['sha256'][:12]})" for each in found["data"]]
    lines.append(f"made {found['made']} with version {found['version']}")
    click.echo("\n".join(lines))
    if file:
        click.echo(str(file))
