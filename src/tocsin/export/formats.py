"""The formats of `tocsin export`. Each writer imports its libraries when it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from tocsin.errors import InputError, did_you_mean
from tocsin.export.run import Run
from tocsin.translation import in_commas, message


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line asks of a format; None is not given.

    Attributes:
        world: position of a world in the table of worlds, from 1.
        pages: parts of the brief, see `report.parts.chosen_parts`.
        template: a Word document whose styles a document takes.
        figure: name of a figure of the brief.
        width: of a picture in pixels.
        language: of documents, pictures and the argument, one of `LANGUAGES`; every format takes it.
    """

    world: int | None = None
    pages: str | None = None
    template: Path | None = None
    figure: str | None = None
    width: int | None = None
    language: str = "en"


Writer: TypeAlias = Callable[[Run, Path, Options], Mapping[Path, bytes]]
"""Returns the files of an export with their content, the target first. It writes nothing: the command writes all of them or none."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format.

    Attributes:
        ending: of the default name, which is the name of the case and this.
        what: what it holds, for the help.
        write: see `Writer`.
        options: names of the options that it takes.
    """

    ending: str
    what: str
    write: Writer
    options: frozenset[str] = frozenset()


def _csv(run: Run, target: Path, _options: Options) -> Mapping[Path, bytes]:
    from tocsin.export.bundle import csv_zip

    return {target: csv_zip(run)}


def _parquet(run: Run, target: Path, _options: Options) -> Mapping[Path, bytes]:
    from tocsin.export.bundle import parquet_zip

    return {target: parquet_zip(run)}


def _html(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    from tocsin.export.documents import write_html

    return write_html(run, target, options)


def _json(run: Run, target: Path, _options: Options) -> Mapping[Path, bytes]:
    return {target: run.record.to_json().encode("utf-8")}


def _docx(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    from tocsin.export.documents import write_docx

    return write_docx(run, target, options)


def _pptx(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    from tocsin.export.documents import write_pptx

    return write_pptx(run, target, options)


def _pdf(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    from tocsin.export.documents import write_pdf

    return write_pdf(run, target, options)


def _svg(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    from tocsin.export.documents import write_svg

    return write_svg(run, target, options)


def _png(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    from tocsin.export.documents import write_png

    return write_png(run, target, options)


def _argdown(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    from tocsin.export.argdown import argdown

    return {target: argdown(run, options.language).encode("utf-8")}


def _efg(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    from tocsin.export.efg import stage_game

    return {target: stage_game(run, options.world).text.encode("utf-8")}


def _netcdf(run: Run, target: Path, _options: Options) -> Mapping[Path, bytes]:
    from tocsin.export.netcdf import netcdf

    return {target: netcdf(run)}


_FIGURE = frozenset({"figure", "width"})
FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "html": Format(ending=".html", what="the brief for the browser", write=_html, options=frozenset({"pages"})),
        "docx": Format(
            ending=".docx", what="the brief for Word", write=_docx, options=frozenset({"pages", "template"})
        ),
        "pdf": Format(ending=".pdf", what="the brief as PDF", write=_pdf, options=frozenset({"pages"})),
        "pptx": Format(ending=".pptx", what="the brief as slides", write=_pptx, options=frozenset({"pages"})),
        "png": Format(ending=".png", what="a figure in pixels, with its data", write=_png, options=_FIGURE),
        "svg": Format(ending=".svg", what="a figure as a drawing, with its data", write=_svg, options=_FIGURE),
        "json": Format(ending=".json", what="the assessment, as `tocsin assess --json` writes it", write=_json),
        "csv": Format(ending="-csv.zip", what="all tables as CSV in a zip, with a data dictionary", write=_csv),
        "parquet": Format(ending="-parquet.zip", what="the same tables as Parquet", write=_parquet),
        "netcdf": Format(ending=".nc", what="the worlds, for xarray and ArviZ", write=_netcdf),
        "argdown": Format(ending=".argdown", what="claims, facts and rivals, with verdicts as tags", write=_argdown),
        "efg": Format(
            ending=".efg",
            what="year 1 of the game in one world, for Gambit",
            write=_efg,
            options=frozenset({"world"}),
        ),
    }
)


def named(name: str, options: Options) -> Format:
    """Return a format by its name.

    Raises:
        InputError: if there is none, or it does not take an option that is given.
    """
    if name not in FORMATS:
        raise InputError(message("unknown format `{name}`", name=name), remedy=did_you_mean(name, FORMATS))
    chosen = FORMATS[name]
    for option in fields(options):
        given = option.name != "language" and getattr(options, option.name) is not None
        if given and option.name not in chosen.options:
            raise InputError(
                message("--to {name} takes no --{option}", name=name, option=option.name),
                remedy=message(
                    "leave it out; it is for {formats}",
                    formats=in_commas(other for other, row in FORMATS.items() if option.name in row.options),
                ),
            )
    return chosen
