"""The texts of a case in other languages: which ones are translated, and the translator that renders them.

Translations are gettext files beside the case, `texts/ko.po`. They belong neither to its hash nor to its data: no verdict depends on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from tocsin.case.claim_blocks import Claim, Threshold, Untested
from tocsin.case.game_blocks import DatedGame
from tocsin.case.rival_blocks import RivalSet
from tocsin.case.schema import Case
from tocsin.case.text_files import KEY, Entry, has_file, read_translations
from tocsin.case.types import is_blank
from tocsin.translation import Translator


def translator_for(case: Case, language: str) -> Translator:
    """Return the translator of a case's texts and of the program's messages.

    Args:
        case: the case; its file of the language is read if there is one.
        language: code of the reader's language, one of `LANGUAGES`.

    Raises:
        InputError: if the file cannot be read or is no gettext file.
    """
    translations = _translations(case, language)
    return Translator(
        language=language,
        texts={text: words for (context, text), words in translations.items() if not context},
        names={key: words for (context, key), words in translations.items() if context == KEY and words},
        own=case.language,
    )


def title_in(folder: Path, title: str, language: str) -> str:
    """Return the title of the case in a folder in a language, and as it is where nobody has translated it; for errors see `translator_for`."""
    done = read_translations(folder, language) if has_file(folder, language) else {}
    return done.get(("", title.strip())) or title


def missing(case: Case, language: str) -> int:
    """Return how many texts and keys of a case have no finished translation; see `translator_for` for errors."""
    return sum(not words for words in _translations(case, language).values())


def _translations(case: Case, language: str) -> dict[Entry, str]:
    """Return the translation of each entry; empty where there is none."""
    done = read_translations(case.folder, language) if has_file(case.folder, language) else {}
    written = {entry: done.get(entry, "").strip() for entry in entries(case, language)}
    return {entry: "" if is_blank(words) else words for entry, words in written.items()}


def entries(case: Case, language: str) -> dict[Entry, str]:
    """Return what a language needs of a case: context and text, with the places where it stands.

    The case's own language needs words for the keys only, and English needs none for them, since keys are English words.
    """
    texts = {} if language == case.language else translatable(case)
    keys = {} if language == "en" else translatable_keys(case)
    return {("", text): places for text, places in texts.items()} | {(KEY, key): places for key, places in keys.items()}


def translatable(case: Case) -> dict[str, str]:
    """Return the texts of a case that a reader sees, with their places: "claims.C01.says". A text that stands in several has them all."""
    return _by_text(chain(_head(case), *(_claim(key, claim) for key, claim in case.claims.items()), _rest(case)))


def translatable_keys(case: Case) -> dict[str, str]:
    """Return the keys of a case that a reader sees as words, with their places: events, theatres, states, paths and groups."""
    return _by_text(_keys(case))


def _by_text(texts: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    places: dict[str, list[str]] = {}
    for path, text in texts:
        if text and (text := text.strip()):
            places.setdefault(text, []).append(path)
    return {text: " ".join(dict.fromkeys(several)) for text, several in places.items()}


def _head(case: Case) -> Iterator[tuple[str, str | None]]:
    yield "title", case.title
    yield "summary", case.summary
    if case.article is not None:
        yield "article.title", case.article.title
        yield "article.outlet", case.article.outlet
    for key, question in case.questions.items():
        yield f"questions.{key}.asks", question.asks
        for verdict in ("holds", "partly", "fails", "undecided"):
            yield f"questions.{key}.answers.{verdict}", getattr(question.answers, verdict)


def _claim(key: str, claim: Claim) -> Iterator[tuple[str, str | None]]:
    path = f"claims.{key}"
    yield f"{path}.says", claim.says
    yield f"{path}.mechanism", claim.mechanism
    yield from _test(path, claim.threshold, claim.untested)
    for name, part in claim.all_parts.items():
        part_path = f"{path}.{claim.parts_key.replace(' ', '_')}.{name}"
        yield f"{part_path}.says", part.says
        yield f"{part_path}.short", part.short
        yield from _test(part_path, part.threshold, part.untested)
        yield f"{part_path}.note", part.note
    yield f"{path}.counts_against", claim.counts_against
    yield f"{path}.note", claim.note


def _test(path: str, threshold: Threshold | None, untested: Untested | None) -> Iterator[tuple[str, str | None]]:
    if threshold is not None:
        yield f"{path}.threshold.means", threshold.means
    if untested is not None:
        for need in untested.needs:
            yield f"{path}.untested.needs", need
        yield f"{path}.untested.why", untested.why


def _rest(case: Case) -> Iterator[tuple[str, str | None]]:
    for key, argument in case.arguments.items():
        yield f"arguments.{key}.says", argument.says
        yield f"arguments.{key}.note", argument.note
        if argument.predicts is not None:
            yield f"arguments.{key}.predicts.says", argument.predicts.says
    for key, variant in case.variants.items():
        yield f"variants.{key}.why", variant.why
    for key, rivals in case.explanations.items():
        yield from _explanations(f"explanations.{key}", rivals)
    for key, event in case.events.items():
        yield f"events.{key}.says", event.says
        yield f"events.{key}.name", event.name
    for key, actor in case.actors.items():
        yield f"actors.{key}.name", actor.name
    for key, theatre in case.theatres.items():
        if not isinstance(theatre, DatedGame):  # it has the aim of the theatre it is like
            yield f"theatres.{key}.aim", theatre.aim
    for key, outcome in case.outcomes.items():
        yield f"outcomes.{key}.says", outcome.says
        yield f"outcomes.{key}.note", outcome.note


def _explanations(path: str, rivals: RivalSet) -> Iterator[tuple[str, str | None]]:
    yield f"{path}.what", rivals.what
    for key, explanation in rivals.of.items():
        yield f"{path}.of.{key}.name", explanation.name
        yield f"{path}.of.{key}.says", explanation.says
    for key, observation in rivals.observations.items():
        yield f"{path}.observations.{key}.says", observation.says


def _keys(case: Case) -> Iterator[tuple[str, str | None]]:
    blocks: Mapping[str, Iterable[str]] = {
        "events": case.events, "theatres": case.theatres, "types": case.types, "alike": case.alike,
    }  # fmt: skip
    for block, keys in blocks.items():
        yield from ((f"{block}.{key}", key) for key in keys)
    for key, claim in case.claims.items():
        yield from ((f"claims.{key}.parts.{name}", name) for name in claim.all_parts)
    for name, rivals in case.explanations.items():
        yield from ((f"explanations.{name}.groups", key) for key in rivals.groups)
    for name, regime in case.regimes.items():
        yield f"regimes.{name}.firm", regime.firm
        yield f"regimes.{name}.loose", regime.loose
    for actor, paths in (case.spending.paths if case.spending is not None else {}).items():
        yield from ((f"spending.paths.{actor}", path) for path in paths.options)
