"""Headlines coded as a table."""

from __future__ import annotations

import polars as pl

from tocsin.rhetoric.coder import Coder, Coding
from tocsin.rhetoric.korean import KoreanCoding, code_korean, is_korean
from tocsin.rhetoric.words import tokens


def coded(coder: Coder, headlines: pl.DataFrame) -> pl.DataFrame:
    """Headlines coded as a table. Korean ones are coded by lexicon, see `korean`, and have no probabilities.

    Args:
        coder: by what, if they are not Korean.
        headlines: columns id and headline.

    Returns:
        Columns id, target, tone, speaker, theme, p_target, p_tone, p_speaker, p_theme, words; sets parted by `;`. The probabilities are
        null for a headline without a word that is read (empty, signs, another script): its codes say nothing.

    Raises:
        InputError: if one is Korean and the optional kiwipiepy is not installed.
    """
    texts = headlines["headline"].to_list()
    korean = [at for at, text in enumerate(texts) if is_korean(text)]
    rows: list[Coding | KoreanCoding] = list(coder.code(texts))
    for at, row in zip(korean, code_korean([texts[at] for at in korean]) if korean else [], strict=True):
        rows[at] = row
    chances = ("p_target", "p_tone", "p_speaker", "p_theme")
    # of a text without a word that is read, the codes are those of nothing, and no chance is given
    # (words that decided show that some were read, so few texts are taken apart a second time)
    read = [bool(each.words or tokens(text)) for each, text in zip(rows, texts, strict=True)]
    return pl.DataFrame(
        {
            "id": headlines["id"],
            "target": [";".join(each.target) for each in rows],
            "tone": [each.tone for each in rows],
            "speaker": [each.speaker for each in rows],
            "theme": [";".join(each.theme) for each in rows],
            **{
                name: [
                    round(getattr(each, name), 4) if isinstance(each, Coding) and known else None
                    for each, known in zip(rows, read, strict=True)
                ]
                for name in chances
            },
            "words": ["; ".join(each.words) for each in rows],
        },
        schema_overrides={"tone": pl.Int64, **dict.fromkeys(chances, pl.Float64)},
    )
