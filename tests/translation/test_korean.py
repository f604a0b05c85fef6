"""Particles and figures in the Korean catalogue agree with the words before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.translation.catalogue import catalogue
from tocsin.translation.particles import PARTICLES, with_particle
from tocsin.workbench.words import words

TEXTS = sorted(set(catalogue("ko").values()))
NO_PARTICLE = frozenset({"결과", "효과", "초과", "나을", "경로"})
"""Words that end as a word with a particle does."""
FORMS = "을|를|과|와|으로|로"
"""Forms that few other words end in."""


def wrong_particles(text: str) -> Iterator[str]:
    """Yield the words of a text whose particle does not follow their sound."""
    for match in re.finditer(rf"([가-힣]+?)({FORMS})(?![가-힣])", text):
        particle = next(first for first, forms in PARTICLES.items() if match[2] in forms)
        if match[0] not in NO_PARTICLE and match[0] != with_particle(match[1], particle):
            yield match[0]


def test_a_particle_in_a_text_follows_the_sound_of_its_word() -> None:
    assert list(wrong_particles("할인인자과 기준값를")) == ["할인인자과", "기준값를"]
    assert [word for text in TEXTS for word in wrong_particles(text)] == []


def test_the_particle_of_a_value_depends_on_the_value() -> None:
    assert [text for text in TEXTS if re.search(rf"\}}(?:{FORMS}|은|는|가)(?![가-힣])", text)] == []


def test_no_word_of_the_screens_has_both_forms_of_a_particle() -> None:
    """The page fills in values itself and chooses no form."""
    pairs = "|".join(re.escape(f"{closed}({open_})") for closed, open_ in PARTICLES.values())
    assert [said for said in words("ko").values() if re.search(pairs, said)] == []


def test_no_space_stands_before_the_sign_of_per_cent() -> None:
    assert [text for text in TEXTS if re.search(r"[\d}] %", text)] == []
