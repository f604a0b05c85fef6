"""Korean particles follow the sound of the word before them."""

from __future__ import annotations

import pytest

from tocsin.translation.particles import PARTICLES, with_particle


@pytest.mark.parametrize(
    ("word", "particle", "said"),
    [
        ("한국", "은", "한국은"),
        ("중국", "이", "중국이"),
        ("러시아", "을", "러시아를"),
        ("미국", "과", "미국과"),
        ("대만", "으로", "대만으로"),
        ("서울", "으로", "서울로"),
        ("러시아", "으로", "러시아로"),
        ("62%", "이", "62%가"),
        ("2026", "은", "2026은"),
        ("100", "은", "100은"),
        ("2", "은", "2는"),
        ("C07", "이", "C07이"),
        ("\u206828,500 명\u2069", "은", "\u206828,500 명\u2069은"),
        ("가능성이 큼(62%)", "으로", "가능성이 큼(62%)으로"),
        ("“평양의 두려움”", "은", "“평양의 두려움”은"),
        ("`korea`", "은", "`korea`은(는)"),
        ("`한국`", "은", "`한국`은"),
        ('<span lang="en">Tokyo</span>', "은", '<span lang="en">Tokyo</span>은(는)'),
        ("Tokyo", "과", "Tokyo과(와)"),
        ("C12b", "과", "C12b와"),
        ("IMF", "이", "IMF가"),
        ("KDN", "을", "KDN을"),
        ("URL", "으로", "URL로"),
    ],
)
def test_the_particle_follows_the_last_sound_read_aloud(word: str, particle: str, said: str) -> None:
    assert with_particle(word, particle) == said


def test_every_syllable_takes_exactly_one_form() -> None:
    for code in range(0xAC00, 0xD7A4):
        for particle, forms in PARTICLES.items():
            assert with_particle(chr(code), particle) in {chr(code) + form for form in forms}
