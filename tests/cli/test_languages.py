"""Which language a command speaks."""

from __future__ import annotations

import pytest

from tocsin.cli.languages import chosen_language
from tocsin.errors import InputError
from tocsin.translation import LANGUAGES


@pytest.mark.parametrize(
    ("requested", "environment", "code"),
    [
        (None, {"LANG": "ko_KR.UTF-8"}, "ko"),
        (None, {"LC_ALL": "ja_JP", "LANG": "ko_KR.UTF-8"}, "ja"),
        (None, {"LC_ALL": "C", "LANG": "ko_KR.UTF-8"}, "en"),
        (None, {"LANG": "fr_FR.UTF-8"}, "en"),
        (None, {}, "en"),
        ("JA", {"LANG": "ko_KR.UTF-8"}, "ja"),
        ("ko-KR", {}, "ko"),
    ],
)
def test_the_language_is_the_requested_one_or_that_of_the_locale(
    requested: str | None, environment: dict[str, str], code: str
) -> None:
    assert chosen_language(requested, environment) == code
    assert code in LANGUAGES


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="unknown language 'fr'") as caught:
        chosen_language("fr", {})
    assert caught.value.remedy == "write one of en (English), ko (한국어), ja (日本語)"
