"""The brief as PDF: printed by a browser, else set by typst."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from importlib.util import find_spec

from markupsafe import escape

from tocsin.assessment.challenging.result import Challenge
from tocsin.assessment.result import Assessment
from tocsin.errors import InputError, SolveError
from tocsin.export.blocks import TO_CITE
from tocsin.export.browser import find_browser, print_page
from tocsin.report.brief import render
from tocsin.report.parts import ALL
from tocsin.translation import Translator, message


def to_pdf(
    assessment: Assessment,
    citations: Sequence[str] = (),
    *,
    parts: Collection[str] = ALL,
    language: str = "en",
    challenge: Challenge | None = None,
) -> bytes:
    """Return the brief as PDF with tags, bookmarks, page numbers and drawings as vectors.

    Args:
        assessment: result of `tocsin.assess`.
        citations: what to cite, a line each.
        parts: of the brief, beside its first page.
        language: of the text, one of `LANGUAGES`.
        challenge: of its claims, for the part on it.

    Raises:
        InputError: if there is neither a browser nor typst.
        SolveError: if the browser fails and typst is not installed, or typst fails.
    """
    browser, typst = find_browser(), find_spec("typst") is not None
    if browser is None and not typst:
        raise InputError(
            message("no browser to print with, and typst is not installed"),
            remedy=message("install Chromium, Chrome or Edge, or `pip install tocsin[pdf]`"),
        )
    if browser is not None:
        try:
            page = render(assessment, parts=parts, language=language, challenge=challenge)
            return print_page(browser, with_citations(page, citations, whole=bool(parts), language=language))
        except SolveError:
            if not typst:  # a sandboxed browser, such as one from Snap, may not see temporary files
                raise
    from tocsin.export.typesetting import typeset

    return typeset(assessment, citations, parts=parts, language=language, challenge=challenge)


def with_citations(page: str, citations: Sequence[str], *, whole: bool, language: str = "en") -> str:
    """Return the page that a browser prints: a brief with what to cite, at its end or, of the first page alone, in its foot."""
    end_tag = "</main>" if whole else "</footer>"
    return page.replace(end_tag, f"{_cited(citations, language, whole=whole)}{end_tag}")


def _cited(citations: Sequence[str], language: str, *, whole: bool) -> str:
    """Return what to cite as HTML."""
    head = Translator(language=language).html(TO_CITE)
    if not whole:
        return "".join(f'<p class="small"><strong>{head}:</strong> {escape(line)}</p>\n' for line in citations)
    items = "".join(f"<li>{escape(line)}</li>\n" for line in citations)
    return f'<h2>{head}</h2>\n<ul class="sources">{items}</ul>\n' if items else ""
