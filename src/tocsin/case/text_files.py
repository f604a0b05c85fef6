"""The translations of a case as gettext files, `texts/LANGUAGE.po`: read them strictly, bring them up to date, write them.

A file is written the same way for the same content. Each text stands on one line, since translators' tools wrap as they like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tocsin.errors import InputError
from tocsin.reading import decode, file_inside, read_bytes
from tocsin.translation import either, message

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

FOLDER = "texts"
"""Folder of the translations inside that of the case."""
KEY = "key"
"""Context of the keys of a case that are shown as words; its texts have no context."""
Entry: TypeAlias = tuple[str, str]
"""What is translated: its context, and a text or key."""

_FOLLOWS = {"": ("msgctxt", "msgid"), "msgctxt": ("msgid",), "msgid": ("msgstr",), "msgstr": ("msgctxt", "msgid")}
"""Which keywords may follow which."""
_LINE = re.compile(r'(?:(?P<keyword>[a-z_]\S*)\s+)?"(?P<text>(?:[^"\\]|\\.)*)"\Z')
_FUZZY = re.compile(r"\s*#,.*\bfuzzy\b")
_ESCAPE, _ESCAPED = re.compile(r"\\(.)"), {"n": "\n", "t": "\t", "r": "\r"}
_LANGUAGE = re.compile(r"^Language:[ \t]*(\S+)", re.MULTILINE | re.IGNORECASE)
_UNSET = ("FULL NAME", "LANGUAGE <")
"""How headers begin that nobody filled in."""


def name_of(language: str) -> str:
    """Return the name of a language's file in the folder of a case."""
    return f"{FOLDER}/{language}.po"


def languages_with_files(folder: Path) -> list[str]:
    """Return the names of the languages for which a case has a file, known or not."""
    return sorted(file.stem for file in (folder / FOLDER).glob("*.po"))


def has_file(folder: Path, language: str) -> bool:
    """Return whether a case has a file of a language; a link that leads nowhere counts as one and fails to open."""
    file = folder / name_of(language)
    return file.exists() or file.is_symlink()


def read_translations(folder: Path, language: str) -> dict[Entry, str]:
    """Return the finished translations of a case; those marked as fuzzy are not finished.

    Raises:
        InputError: if the file leaves the folder, cannot be read, is larger than `MAX_BYTES`, is no gettext file, or states
            another language; with the line.
    """
    shown = name_of(language)
    # without the library, which takes a quarter of the time of `tocsin lint`
    return _finished(_lines(read_bytes(file_inside(folder, shown), shown), shown), shown, language)


@dataclass(frozen=True, kw_only=True)
class Translated:
    """One text with its translation.

    Attributes:
        words: the translation; empty if there is none.
        places: where the text stands in the case, separated by blanks.
        fuzzy: whether somebody must check the translation, since the text has changed.
        previous: the text before it changed; empty if it did not.
        comments: comments of translators.
    """

    words: str = ""
    places: str = ""
    fuzzy: bool = False
    previous: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TextFile:
    """A file of translations.

    Attributes:
        language: code of the language.
        entries: those of the case.
        gone: translations of texts that the case no longer has.
        comments: comments at the top.
        headers: who translated, by name of the header.
    """

    language: str
    entries: Mapping[Entry, Translated]
    gone: Mapping[Entry, Translated]
    comments: tuple[str, ...] = ()
    headers: Mapping[str, str]

    @property
    def missing(self) -> int:
        """Return how many texts have no translation, or one that must be checked."""
        return self.to_check + sum(not item.words for item in self.entries.values())

    @property
    def to_check(self) -> int:
        """Return how many translations must be checked, since their text has changed."""
        return sum(item.fuzzy and bool(item.words) for item in self.entries.values())


def empty_file(language: str) -> TextFile:
    """Return a file without translations."""
    return TextFile(language=language, entries={}, gone={}, headers={})


def read_file(path: Path, shown: str, language: str) -> TextFile:
    """Return a file with all that its translators wrote; see `read_translations` for errors."""
    catalog = _catalog(read_bytes(path, shown), shown, language)
    people = {"Last-Translator": catalog.last_translator, "Language-Team": catalog.language_team}
    return TextFile(
        language=language,
        entries={_entry(item): _translated(item) for item in catalog if item.id},
        gone={_entry(item): _translated(item) for item in catalog.obsolete.values()},
        comments=tuple(line.removeprefix("#").strip() for line in catalog.header_comment.splitlines()),
        headers={name: value for name, value in people.items() if value and not value.startswith(_UNSET)},
    )


def updated(file: TextFile, wanted: Mapping[Entry, str]) -> TextFile:
    """Return a file with exactly the entries of a case, and no translation lost.

    If a new text replaces an old one in the same place, it takes the old translation, marked for a check. A translation without a text
    stays below the others, and returns with its text.

    Args:
        file: the file so far.
        wanted: the entries of the case with their places.
    """
    moved = {
        path: entry
        for entry, item in file.entries.items()
        if entry not in wanted and item.words
        for path in item.places.split()
    }
    entries, used = dict[Entry, Translated](), set[Entry]()
    for entry, places in wanted.items():
        before = file.entries.get(entry) or file.gone.get(entry)
        old = next((moved[path] for path in places.split() if path in moved and moved[path][0] == entry[0]), None)
        if before is None and old is not None:
            used.add(old)
            before = replace(file.entries[old], fuzzy=True, previous=file.entries[old].previous or old[1])
        entries[entry] = replace(before or Translated(), places=places)
    left = {**file.gone, **{entry: item for entry, item in file.entries.items() if item.words and entry not in used}}
    gone = {entry: replace(item, places="", previous="") for entry, item in left.items() if entry not in wanted}
    return replace(file, entries=entries, gone=gone)


def to_text(file: TextFile) -> str:
    """Return a file in the format of gettext."""
    from babel.messages.catalog import Catalog

    headers = {
        "Language": file.language,
        **file.headers,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": Catalog(locale=file.language).plural_forms,
    }
    head = Translated(words="".join(f"{name}: {value}\n" for name, value in headers.items()), comments=file.comments)
    blocks = [_block(("", ""), head), *(_block(*pair) for pair in file.entries.items())]
    return "\n".join([*blocks, *(_block(*pair, mark="#~ ") for pair in file.gone.items())])


def _block(entry: Entry, item: Translated, mark: str = "") -> str:
    """Return the lines of an entry; those of one that is gone begin with a mark."""
    context, text = entry
    lines = [f"# {comment}".rstrip() for comment in item.comments]
    if item.places:
        lines.append(f"#: {item.places}")
    if item.fuzzy:
        lines.append("#, fuzzy")
    if item.previous:
        lines.append(_string("msgid", item.previous, "#| "))
    if context:
        lines.append(_string("msgctxt", context, mark))
    return "\n".join([*lines, _string("msgid", text, mark), _string("msgstr", item.words, mark), ""])


def _string(keyword: str, text: str, mark: str) -> str:
    from babel.messages.pofile import normalize

    return f"{mark}{keyword} {normalize(text, prefix=mark, width=0)}"


# --- reading -----------------------------------------------------------------------------------------------


def _catalog(data: bytes, shown: str, language: str) -> Catalog:
    """Return the catalogue of a file; see `read_translations` for errors."""
    from babel.messages.pofile import PoFileError, read_po

    lines = _lines(data, shown)
    _finished(lines, shown, language)  # it checks the syntax; the library guesses where it is wrong
    try:
        return read_po([line + "\n" for line in lines], locale=language, abort_invalid=True)
    except (PoFileError, ValueError, LookupError, TypeError) as error:
        line = error.lineno + 1 if isinstance(error, PoFileError) else 1
        raise InputError(
            message("no gettext file: {error}", error=str(error)), file=shown, line=line, remedy=_REMEDY
        ) from None


_REMEDY = message("repair the line; where there is no file, `tocsin translate` writes a new one")


def _lines(data: bytes, shown: str) -> list[str]:
    """Return the lines of a file; earlier texts of those that are gone are a form that the library cannot read."""
    return ["" if line.lstrip().startswith("#~|") else line for line in decode(data, shown).split("\n")]


def _finished(lines: list[str], shown: str, language: str) -> dict[Entry, str]:
    """Return the finished translations of a file; see `read_translations` for errors."""
    fuzzy = [number for number, line in enumerate(lines, start=1) if _FUZZY.match(line)]
    done, end = dict[Entry, str](), 0
    for start, last, parts in _checked(lines, shown):
        if not parts["msgid"]:
            _check_language(_unquoted(parts["msgstr"]), language, shown, start)
        is_gone = lines[start - 1].lstrip().startswith("#~")
        if parts["msgid"] and parts["msgstr"] and not is_gone and not any(end < number < start for number in fuzzy):
            done[_unquoted(parts["msgctxt"]), _unquoted(parts["msgid"])] = _unquoted(parts["msgstr"])
        end = last
    return done


def _check_language(headers: str, language: str, shown: str, line: int) -> None:
    """Check that a file states no other language than its own; `ko_KR` is one form of `ko`.

    Raises:
        InputError: if it does.
    """
    stated = _LANGUAGE.search(headers)
    if stated is not None and re.split("[-_]", stated[1])[0].lower() != language:
        remedy = message("correct its line `Language`, or use the translations into {language}", language=language)
        raise InputError(
            message("the file states the language {name}", name=repr(stated[1][:40])),
            file=shown,
            line=line,
            remedy=remedy,
        )


def _checked(lines: list[str], shown: str) -> Iterator[tuple[int, int, Mapping[str, str]]]:
    """Yield the first and the last line of each entry with its parts, still quoted; see `read_translations` for errors."""
    last, start, end, parts = "", 0, 0, {"msgctxt": "", "msgid": "", "msgstr": ""}
    seen = dict[tuple[str, str], int]()
    for number, (keyword, text) in _strings(lines, shown):
        if keyword and keyword not in _FOLLOWS[last]:
            expected = either(f"`{word}`" for word in _FOLLOWS[last])
            raise _wrong(
                message("`{keyword}` where {expected} is expected", keyword=keyword, expected=expected), shown, number
            )
        if keyword and last in ("", "msgstr"):
            if last:
                yield start, end, parts
            start, parts = number, {"msgctxt": "", "msgid": "", "msgstr": ""}
        elif keyword == "msgstr":
            first = seen.setdefault((parts["msgctxt"], parts["msgid"]), start)
            if first != start:
                raise _wrong(message("the text of line {first} stands here again", first=first), shown, start)
        elif not last:
            raise _wrong(message("a text without `msgid` or `msgstr`"), shown, number)
        last, end = keyword or last, number
        parts[last] += text
    if last not in ("", "msgstr"):
        raise _wrong(message("the last text has no `msgstr`"), shown, len(lines))
    if last:
        yield start, end, parts


def _unquoted(text: str) -> str:
    """Return a quoted text with its escapes resolved."""
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text)


def _strings(lines: list[str], shown: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the number of each line that is no comment, with its keyword and its quoted text; the keyword of a continued text is empty."""
    for number, line in enumerate(lines, start=1):
        content = line.strip()
        if content.startswith("#~"):
            content = content.removeprefix("#~").strip()
        if not content or content.startswith("#"):
            continue
        match = _LINE.match(content)
        if match is None:
            raise _wrong(message("not a keyword with a text in quotation marks"), shown, number)
        keyword = match["keyword"] or ""
        if keyword and keyword not in _FOLLOWS:
            raise _wrong(message("`{keyword}`: a text of a case has no such part", keyword=keyword[:40]), shown, number)
        yield number, (keyword, match["text"])


def _wrong(message: str, shown: str, line: int) -> InputError:
    return InputError(message, file=shown, line=line, remedy=_REMEDY)


def _entry(item: Message) -> Entry:
    return item.context or "", str(item.id)


def _translated(item: Message) -> Translated:
    quoted = [comment for comment in item.user_comments if comment.startswith("|")]
    return Translated(
        words=str(item.string or ""),
        places=" ".join(name for name, _ in item.locations),
        fuzzy=item.fuzzy,
        previous=_previous(quoted),
        comments=tuple(comment for comment in item.user_comments if not comment.startswith("|")),
    )


def _previous(comments: list[str]) -> str:
    """Return the earlier text of an entry from the comments in which gettext writes it."""
    from babel.messages.pofile import unescape

    lines = [comment.removeprefix("|").strip() for comment in comments]
    strings = [match for line in lines if (match := _LINE.match(line)) and match["keyword"] in (None, "msgid")]
    return "".join(unescape(f'"{match["text"]}"') for match in strings)
