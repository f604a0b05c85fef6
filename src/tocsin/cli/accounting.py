"""`tocsin rhetoric series` and `tocsin rhetoric account`: counts of what was said, and what they are put down to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from tocsin.rhetoric.accounts.account import Account

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("headlines", type=_FILE, required=False)
@click.option("--target", default="JPN", show_default=True, help="ISO code of the state spoken of.")
@click.option("--every", type=click.Choice(["week", "day"]), default="week", show_default=True)
@click.option("-o", "--output", type=_FILE, help="Write the series here [default: print it].")
def series(headlines: Path | None, target: str, every: str, output: Path | None) -> None:
    """Count the items about a target by week or day, theme, rung and tone, beside the whole output.

    HEADLINES is a CSV or Parquet file with columns date and headline, in English. Without it the headlines of the Korean Central
    News Agency are taken from your cache (`tocsin data get kcna_headlines`). Only figures come out, no headline.

    \b
    tocsin rhetoric series --target KOR -o kor.csv
    """
    from tocsin.files import write_all
    from tocsin.rhetoric.coder import coder
    from tocsin.rhetoric.coding import coded
    from tocsin.rhetoric.series import tally

    table = _headlines(headlines)
    codes = coded(coder(), table).drop("words").with_columns(table["date"], table["headline"])
    found = tally(codes, target, "day" if every == "day" else "week").write_csv()
    if output is None:
        click.echo(found, nl=False)
    else:
        write_all({output: found})
        click.echo(f"{output}: {table.height:,} headlines counted by {every}")


@click.command()
@click.option("--target", default="JPN", show_default=True, help="ISO code of the state spoken of.")
@click.option("--theme", "themes", multiple=True, help="Only items of this theme (repeatable) [default: all].")
@click.option(
    "--events", type=_FILE, required=True, help="CSV file of dated events: date, actor, category; see docs/rhetoric.md."
)
@click.option(
    "--counts", type=_FILE, help="Weekly counts, as `series` writes them [default: those that come with Tocsin]."
)
@click.option("--anniversaries", type=_FILE, help="CSV file: month_day, occasion [default: North Korea's].")
@click.option("--confirmed", is_flag=True, help="Use only events whose date is confirmed.")
@click.option("--later", type=_FILE, help="Weekly counts after the series: does the account's last level still hold?")
@click.option("--seed", default=1, show_default=True, help="Of the chains.")
@click.option("--json", "json_file", type=_FILE, help="Write the whole account here.")
@click.option("--figures", type=click.Path(path_type=Path, file_okay=False), help="Draw the account into this folder.")
def account(
    target: str,
    themes: tuple[str, ...],
    events: Path,
    counts: Path | None,
    anniversaries: Path | None,
    confirmed: bool,
    later: Path | None,
    seed: int,
    json_file: Path | None,
    figures: Path | None,
) -> None:
    """How much of what was said of a target is ritual, how much answers events, and what stays unexplained.

    Counts the critical items a week; fits to them the level of each year, anniversaries, classes of events with what leads and
    follows them, and persistence; then foresees the series with parts removed. It takes about a minute, once: the fit is stored.

    \b
    tocsin rhetoric account --target JPN --events events.csv --json account.json
    """
    from rich.console import Console

    from tocsin.files import write_all
    from tocsin.rhetoric.accounts.account import account as account_of
    from tocsin.rhetoric.accounts.account import told
    from tocsin.rhetoric.accounts.later import shift
    from tocsin.rhetoric.triggers import anniversaries as anniversaries_of

    with Console(stderr=True).status("fitting the account: about a minute, unless an earlier run stored it"):
        found = account_of(
            _counts(counts, target),
            _table(events),
            _table(anniversaries) if anniversaries else anniversaries_of(),
            target=target,
            themes=themes,
            certain=confirmed,
            seed=seed,
        )
    plain = told(found, shift(found.fit, _counts(later, target), seed=seed) if later else None)
    files = {json_file: json.dumps(plain, indent=1) + "\n"} if json_file else {}
    if figures:
        files |= _drawn(figures, found, plain)
    write_all(files)
    click.echo(_sentences(plain))
    for file in files:
        click.echo(str(file))


def _drawn(folder: Path, found: Account, plain: dict[str, Any]) -> dict[Path, str]:
    from tocsin.plots.accounts import account_figures

    folder.mkdir(parents=True, exist_ok=True)
    return {folder / f"{name}.svg": drawing for name, drawing in account_figures(found, plain).items()}


def _sentences(plain: dict[str, Any]) -> str:
    """The account in a few lines."""
    shares = {each["part"]: each for each in plain["shares"]}

    def said(part: str) -> str:
        return "{p50:.0%} ({p05:.0%} to {p95:.0%})".format(**shares[part])

    lines = [
        f"{plain['items']:,} critical items about {plain['target']} in {plain['span']['weeks']} weeks, "
        f"{plain['span']['first']} to {plain['span']['last']}",
        f"ritual {said('ritual')}: baseline {said('baseline')}, calendar {said('calendar')}",
        f"response to events {said('response')}",
        f"unexplained {said('unexplained')}",
    ]
    clear = [each for each in plain["effects"] if each["clear"]]
    lines += [
        f"clear: {each['says']}, weeks {each['weeks'][0]} to {each['weeks'][1]}: items times {each['p50']:.2f} "
        f"({each['p05']:.2f} to {each['p95']:.2f})"
        for each in clear
    ] or ["no class of events is followed or led by clearly more or fewer items"]
    if plain["later"]:
        lines.append(_said_later(plain["later"]))
    lines.append("chains: R-hat {r_hat:.3f}, at least {effective_draws} effective draws".format(**plain["diagnostics"]))
    return "\n".join(lines)


def _said_later(later: dict[str, Any]) -> str:
    ratio = later["ratio"]
    times = f"{ratio['p50']:.2f} ({ratio['p05']:.2f} to {ratio['p95']:.2f})"
    reaches = "so shares of that time cannot be told from this account" if ratio["clear"] else "so it may still hold"
    return (
        f"later, {later['first']} to {later['last']}: {later['items']} items of {later['output']:,}, {later['foreseen']:.0f} "
        f"foreseen at the level of its last year; the level is times {times}, {reaches}"
    )


def _headlines(file: Path | None) -> pl.DataFrame:
    """Columns id, date, headline."""
    import polars as pl

    if file is None:
        from tocsin.data.readers import read

        table = read("kcna_headlines").filter("english").unique(["date", "headline"], maintain_order=True)
        return table.select(pl.col("row").cast(pl.String).alias("id"), "date", "headline")
    table = _table(file)
    if missing := [name for name in ("date", "headline") if name not in table.columns]:
        raise InputError(f"column `{missing[0]}` is missing", file=str(file), remedy="give columns date and headline")
    if table.schema["date"] == pl.String:
        table = table.with_columns(pl.col("date").str.head(10).str.to_date("%Y-%m-%d", strict=False))
        if table["date"].null_count():
            at = int(table["date"].is_null().arg_true()[0])
            raise InputError(
                "a date is not YYYY-MM-DD", file=str(file), line=at + 2, remedy="write it so, or leave the row out"
            )
    chosen = table.select(pl.col("date").cast(pl.Date), pl.col("headline").fill_null(""))
    return chosen.with_row_index("id").with_columns(pl.col("id").cast(pl.String))


def _counts(file: Path | None, target: str) -> pl.DataFrame:
    import polars as pl

    from tocsin.rhetoric.series import TALLY, shipped

    if file is None:
        return shipped(target)
    table = _table(file)
    if missing := [name for name in TALLY if name not in table.columns]:
        raise InputError(
            f"column `{missing[0]}` is missing", file=str(file), remedy="make it by `tocsin rhetoric series`"
        )
    try:
        return table.select(TALLY).with_columns(
            pl.col("from").str.to_date(), pl.col("days", "output", "tone", "items").cast(pl.Int64)
        )
    except pl.exceptions.PolarsError as error:
        raise InputError(
            f"not such counts: {error}", file=str(file), remedy="make it by `tocsin rhetoric series`"
        ) from error


def _table(file: Path) -> pl.DataFrame:
    """A table: Parquet as it is, CSV as texts with empty cells missing."""
    import polars as pl

    try:
        if file.suffix == ".parquet":
            return pl.read_parquet(file)
        return pl.read_csv(file, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        said = str(error).splitlines()[0]
        raise InputError(
            f"cannot be read as a table: {said}", file=str(file), remedy="give a CSV or Parquet file"
        ) from error
