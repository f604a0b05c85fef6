"""Headlines coded as a table."""

from __future__ import annotations

import polars as pl

from tocsin.rhetoric.coder import Coder


def coded(coder: Coder, headlines: pl.DataFrame) -> pl.DataFrame:
    """Headlines coded as a table.

    Args:
        coder: by what.
        headlines: columns id and headline.

    Returns:
        Columns id, target, tone, speaker, theme, p_target, p_tone, p_speaker, p_theme, words; sets parted by `;`.
    """
    found = coder.code(headlines["headline"].to_list())
    return pl.DataFrame(
        {
            "id": headlines["id"],
            "target": [";".join(each.target) for each in found],
            "tone": [each.tone for each in found],
            "speaker": [each.speaker for each in found],
            "theme": [";".join(each.theme) for each in found],
            "p_target": [round(each.p_target, 4) for each in found],
            "p_tone": [round(each.p_tone, 4) for each in found],
            "p_speaker": [round(each.p_speaker, 4) for each in found],
            "p_theme": [round(each.p_theme, 4) for each in found],
            "words": ["; ".join(each.words) for each in found],
        },
        schema_overrides={"tone": pl.Int64},
    )
