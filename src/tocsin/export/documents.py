"""The writers of documents and pictures for `tocsin export`, see `formats.Writer`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from tocsin.errors import InputError
from tocsin.export.citing import of_run
from tocsin.export.formats import Options
from tocsin.export.run import Run
from tocsin.report.parts import ALL, ON_SLIDES, chosen_parts
from tocsin.translation import message


def write_docx(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    """Return the brief as a Word document."""
    from tocsin.export.docx import to_docx

    parts = _parts(options)
    document = to_docx(
        run.assessment,
        citations_of(run, parts),
        parts=parts,
        template=options.template,
        language=options.language,
        challenge=run.challenge,
    )
    return {target: document}


def write_html(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    """Return the brief as a page for the browser."""
    from tocsin.report.brief import render

    page = render(run.assessment, parts=_parts(options), language=options.language, challenge=run.challenge)
    return {target: page.encode("utf-8")}


def write_pptx(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    """Return the brief as slides."""
    from tocsin.export.pptx import to_pptx

    parts = _parts(options)
    if parts != ALL and (unshown := sorted(set(parts) - ON_SLIDES)):
        raise InputError(
            message("slides have no part `{part}`", part=unshown[0]),
            remedy=message("choose all, first, claims, charts or rivals"),
        )
    return {target: to_pptx(run.assessment, citations_of(run, parts), parts=parts, language=options.language)}


def write_pdf(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    """Return the brief as PDF."""
    from tocsin.export.pdf import to_pdf

    parts = _parts(options)
    cited = citations_of(run, parts)
    return {target: to_pdf(run.assessment, cited, parts=parts, language=options.language, challenge=run.challenge)}


def write_svg(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    """Return a figure as SVG, with the CSV of its numbers beside it."""
    from tocsin.export.figures import check_width, find_figure, with_width

    name, width = _figure(target, options), options.width
    if width is not None:
        check_width(width)
    figure = find_figure(run.assessment, name, options.language)
    svg = figure.svg() if width is None else with_width(figure.svg(), width)
    return {target: svg.encode("utf-8"), **_beside(target, figure.csv())}


def write_png(run: Run, target: Path, options: Options) -> Mapping[Path, bytes]:
    """Return a figure as PNG, with the CSV of its numbers beside it."""
    from tocsin.export.figures import DEFAULT_WIDTH, check_width, find_figure

    name, width = _figure(target, options), DEFAULT_WIDTH if options.width is None else options.width
    check_width(width)
    figure = find_figure(run.assessment, name, options.language)
    return {target: figure.png(width), **_beside(target, figure.csv())}


def _beside(target: Path, data: bytes) -> Mapping[Path, bytes]:
    """Return the file of the numbers beside a picture; a device, whose name has no ending, has none."""
    return {target.with_suffix(".csv"): data} if target.suffix else {}


def _parts(options: Options) -> Collection[str]:
    return ALL if options.pages is None else chosen_parts(options.pages)


def _figure(target: Path, options: Options) -> str:
    if target.suffix.lower() == ".csv":
        raise InputError(
            message("the data of the picture takes this name"), file=str(target), remedy=message("name a picture")
        )
    if options.figure is None:
        raise InputError(
            message("no figure is named"), remedy=message("add --figure NAME; --figure list shows the names")
        )
    return options.figure


def citations_of(run: Run, parts: Collection[str]) -> list[str]:
    """Return what to cite: the program, the run, the case and its data sets; for one page the run. The sources are listed anyway."""
    references = [reference for reference in of_run(run) if reference.kind != "document"]
    if not parts:
        references = [reference for reference in references if reference.key.endswith(":run")]
    return [reference.line() for reference in references]
