"""Code headlines into a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tocsin.rhetoric.coder import Coder, Coding, coder
from tocsin.rhetoric.inputs import Table, headline_table
from tocsin.rhetoric.korean import KoreanCoding, code_korean, is_korean
from tocsin.rhetoric.languages import is_readable

PROBABILITIES = ("p_target", "p_tone", "p_speaker", "p_theme")


@dataclass(frozen=True)
class Codes:
    """The codes of headlines.

    Attributes:
        table: a row for each headline, as `code_table` returns it.
        unreadable: number of headlines without an English or Korean word; their codes are meaningless.
    """

    table: pl.DataFrame
    unreadable: int

    def frame(self) -> pl.DataFrame:
        """Return the codes as a Polars frame."""
        return self.table

    def _repr_html_(self) -> str:
        from tocsin.tables import html_table

        return html_table(f"{self.table.height:,} headlines coded", self.table)


def code(headlines: Sequence[str] | Table) -> Codes:
    """Code headlines of North Korean state media by the codebook.

    English headlines are coded by a learned model. Korean ones are coded by lexicon alone, without probabilities.

    Args:
        headlines: a list of texts, or a frame or the path of a CSV file with columns id and headline.

    Raises:
        InputError: if a file cannot be read, a column is missing, two rows have the same id, or a headline is Korean and the
            optional kiwipiepy is not installed.
    """
    table = headline_table(headlines)
    codes = code_table(coder(), table)
    return Codes(codes, sum(not is_readable(text) for text in table["headline"]))


def code_table(coder: Coder, headlines: pl.DataFrame) -> pl.DataFrame:
    """Return the codes of headlines as a table.

    Args:
        coder: for headlines that are not Korean.
        headlines: columns id and headline; a column date, if there is one, decides whom a name means.

    Returns:
        Columns id, target, tone, speaker, theme, p_target, p_tone, p_speaker, p_theme, words. Lists are separated by `;`. The
        probabilities are null for Korean headlines, and for headlines without a word (empty, signs, another script).

    Raises:
        InputError: if a headline is Korean and the optional kiwipiepy is not installed.
    """
    texts = headlines["headline"].to_list()
    codings: list[Coding | KoreanCoding] = list(coder.code(texts, headline_years(headlines)))
    korean = [index for index, text in enumerate(texts) if is_korean(text)]
    if korean:
        for index, coding in zip(korean, code_korean([texts[index] for index in korean]), strict=True):
            codings[index] = coding
    known = [
        coding if isinstance(coding, Coding) and is_readable(text) else None
        for coding, text in zip(codings, texts, strict=True)
    ]
    columns: dict[str, object] = {
        "id": headlines["id"],
        "target": [";".join(coding.target) for coding in codings],
        "tone": [coding.tone for coding in codings],
        "speaker": [coding.speaker for coding in codings],
        "theme": [";".join(coding.theme) for coding in codings],
    }
    for name in PROBABILITIES:
        columns[name] = [None if coding is None else round(getattr(coding, name), 4) for coding in known]
    columns["words"] = ["; ".join(coding.words) for coding in codings]
    return pl.DataFrame(columns, schema_overrides={"tone": pl.Int64, **dict.fromkeys(PROBABILITIES, pl.Float64)})


def headline_years(headlines: pl.DataFrame) -> list[int | None]:
    """Return the year of each headline, None where it has no date that begins with a year."""
    if "date" not in headlines.columns:
        return [None] * headlines.height
    return headlines["date"].cast(pl.String).str.slice(0, 4).cast(pl.Int64, strict=False).to_list()
