"""Render texts in a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from tocsin.translation.catalogue import Words, catalogue
from tocsin.translation.numbers import scaled_words
from tocsin.translation.particles import PARTICLES, with_particle
from tocsin.translation.shortening import cut_characters, cut_clause, cut_words
from tocsin.translation.text import Day, Joined, Key, Message, Row, Scaled, Sentence, Shortened, Value, join, laid_out

_FOREIGN = re.compile(
    r"(?P<ko>[\uac00-\ud7a3](?:[\s\u4e00-\u9fff]*[\uac00-\ud7a3])*)"
    r"|(?P<ja>[\u4e00-\u9fff]*[\u3041-\u30ff](?:[\s\u4e00-\u9fff]*[\u3041-\u30ff])*[\u4e00-\u9fff]*)"
)
"""Runs of Korean and of Japanese in a text; characters that both share belong to the run that they touch."""
_WORD = re.compile(r"[A-Za-z]{3}")
_LATIN = frozenset({"en"})
"""Languages in Latin letters."""


@dataclass(frozen=True, kw_only=True)
class Translator:
    """Render texts in one language: messages from the catalogue, texts of a case from its translations.

    A plain string is a text of the case, or one that no language changes, such as a number or a name of a file. Where a translation is
    missing, the original stands; HTML marks its language.

    Attributes:
        language: code of the language.
        words: translations of messages; by default the catalogue of the language.
        texts: translations of the texts of a case by the text; empty for one without a translation.
        names: words for keys of the case, by key.
        own: language of the case's texts.
        missing: messages and texts of another language that were rendered without a translation; grows with each rendering.
    """

    language: str = "en"
    words: Words | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    own: str = "en"
    missing: set[str] = field(default_factory=set, compare=False)

    def plain(self, text: Value) -> str:
        """Return a text in the language."""
        return self._rendered(text, marked=False)

    def html(self, text: Value) -> Markup:
        """Return a text in the language as escaped HTML; passages in another language have their `lang`."""
        return Markup(self._rendered(text, marked=True))

    def _rendered(self, text: Value, *, marked: bool) -> str:
        match text:
            case Markup():
                return str(text)
            case Message():
                return self._message(text, marked=marked)
            case Joined():
                items = [Markup(self._rendered(item, marked=marked)) for item in text.items]
                return join(items, text.kind, lambda link: self._message(link, marked=marked, verbatim=True))
            case Sentence():
                return self._sentence(self._rendered(text.inner, marked=marked))
            case Shortened():
                return self._shortened(text, marked=marked)
            case Key():
                return self._key(text, marked=marked)
            case Day():
                return self._day(text)
            case Scaled():
                return scaled_words(text.digits, text.exponent, self.language)
            case Row():
                line = laid_out(text.indent, ((self.plain(cell), width) for cell, width in text.cells))
                return str(escape(line)) if marked else line
            case str():
                return self._own(text, marked=marked)
            case _:
                return str(text)

    def _message(self, text: Message, *, marked: bool, verbatim: bool = False) -> str:
        """Return a message in the language; the values of a verbatim one are rendered already."""
        words = self._lookup(text)
        shown = {
            name: _Shown(value if verbatim else self._rendered(value, marked=marked))
            for name, value in text.values.items()
        }
        if words is not None:
            return (str(escape(words)) if marked else words).format_map(shown)
        self.missing.add(text.template)
        english = text.english
        return f'<span lang="en">{escape(english)}</span>'.format_map(shown) if marked else english.format_map(shown)

    def _lookup(self, text: Message) -> str | None:
        """Return the words of a message in the language; None if nobody translated it."""
        if self.language == "en" and self.words is None:
            return text.english
        words = catalogue(self.language) if self.words is None else self.words
        return words.get((text.context, text.template))

    def _sentence(self, text: str) -> str:
        text = text.strip()
        if not text:
            return ""
        visible = re.sub(r"<[^>]*>", "", text)
        ended = visible.endswith((".", "!", "?", "…", "。", "！", "？"))
        stop = "。" if self.language == "ja" and not visible.isascii() else "."
        first = re.match(r"(?:<[^>]*>)*", text)
        start = first.end() if first else 0
        return f"{text[:start]}{text[start : start + 1].upper()}{text[start + 1 :]}{'' if ended else stop}"

    def _shortened(self, text: Shortened, *, marked: bool) -> str:
        """Return a shortened text; it is shortened in the language in which it stands."""
        whole = self.plain(text.inner)
        if self.language == "ja" and whole != str(text.inner):
            cut = cut_characters(whole, text.words)
        else:
            cut = (cut_clause if text.at_clause else cut_words)(whole, text.words)
        if not marked:
            return cut
        translated = whole != str(text.inner)
        return str(escape(cut)) if translated else self._marked(cut)

    def _key(self, text: Key, *, marked: bool) -> str:
        name = self.names.get(text.key)
        if name is None:
            return self._marked(str(text)) if marked else str(text)
        return str(escape(name)) if marked else name

    def _day(self, text: Day) -> str:
        if self.language == "en":
            return str(text)
        # imported here: an English day needs no library
        from babel.dates import format_date

        return format_date(text.date, format="long", locale=self.language)

    def _own(self, text: str, *, marked: bool) -> str:
        """Return a text of the case in the language, else as it is."""
        if self.language != self.own and (key := text.strip()) in self.texts:
            if translated := self.texts[key]:
                return str(escape(translated)) if marked else translated
            if not self._stands_in_language(key):
                self.missing.add(key)
        return self._marked(text) if marked else text

    def _stands_in_language(self, text: str) -> bool:
        """Return whether an author wrote a text in the reader's language, whatever language the case has: then it needs no translation."""
        languages = {run.lastgroup for run in _FOREIGN.finditer(text)}
        return self.language in languages if languages else self.language in _LATIN

    def _marked(self, text: str) -> str:
        """Return a text as HTML, in which passages in another language than the page's have their `lang`."""
        parts, end = [], 0
        for run in _FOREIGN.finditer(text):
            parts += [self._in_own(text[end : run.start()]), self._in(run.lastgroup or "", run[0])]
            end = run.end()
        return "".join([*parts, self._in_own(text[end:])])

    def _in_own(self, text: str) -> str:
        """Return a passage without Korean or Japanese; it is in the language of the case if that has Latin letters, else in English."""
        if not _WORD.search(text):
            return str(escape(text))
        return self._in(self.own if self.own in _LATIN else "en", text)

    def _in(self, language: str, text: str) -> str:
        shown = str(escape(text))
        return shown if language == self.language else f'<span lang="{language}">{shown}</span>'


class _Shown(str):
    """A rendered value, after which a Korean template may ask for a particle: `{name:은}`."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return with_particle(str(self), spec) if spec in PARTICLES else super().__format__(spec)
