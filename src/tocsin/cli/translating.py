"""`tocsin translate`: write the texts of a case for translators, and bring their file up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.output import say
from tocsin.errors import InputError
from tocsin.translation import Text, in_commas, message, plural

if TYPE_CHECKING:
    from tocsin.case.schema import Case
    from tocsin.case.text_files import TextFile


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--to", "language", required=True, metavar="LANGUAGE", help="Language of the translation: en, ko or ja.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write this file [default: texts/LANGUAGE.po in the case's folder; for a shipped case, <case id>.LANGUAGE.po here].",
)
def translate(case: Path, language: str, output: Path | None) -> None:
    """Write the texts of CASE to a file for translators, or bring that file up to date.

    The file is a gettext file, which translators' tools open. Fill in each empty `msgstr`. What you leave empty appears in the language of
    the case. If a text changes, its translation is marked as fuzzy and counts again once you remove the mark. If a text is gone, its
    translation stays at the end of the file.

    \b
    tocsin translate my-case --to ko
    tocsin translate japan-buildup --to ja -o ja.po
    """
    from tocsin.case import load
    from tocsin.case.text_files import to_text, updated
    from tocsin.case.translations import entries
    from tocsin.cli.languages import chosen_language
    from tocsin.files import check_outputs, write_all
    from tocsin.translation import LANGUAGES

    language = chosen_language(language)
    loaded = load(case)
    wanted = entries(loaded, language)
    if not wanted:
        raise InputError(
            message("the texts of the case are in {language}", language=LANGUAGES[language]),
            remedy=message("name another language with --to"),
        )
    target = output or _default(case, loaded, language)
    check_outputs([target], [loaded.folder / "case.yaml", *(loaded.folder / name for name, _ in loaded.data_hashes)])
    file = updated(_stored(target, loaded, language), wanted)
    write_all({target: to_text(file)})
    say(message("wrote {file}: {counts}", file=str(target), counts=_counts(file)))


def _default(path: Path, case: Case, language: str) -> Path:
    """Return the file to write; one of a shipped case is written to the folder of the user.

    Raises:
        InputError: if the file of the case is a link that leaves its folder, through which a case of others could write anywhere.
    """
    from tocsin.case.text_files import name_of

    if not path.exists():
        return Path(f"{case.id}.{language}.po")
    name = name_of(language)
    target = case.folder / name
    if not target.resolve().is_relative_to(case.folder.resolve()):
        remedy = message("replace the link with a file, or name another file with -o")
        raise InputError(message("it is a link that leaves the case's folder"), file=name, remedy=remedy)
    return target


def _stored(target: Path, case: Case, language: str) -> TextFile:
    """Return the file that is brought up to date: the one to write if it exists, else that of the case, else an empty one."""
    from tocsin.case.text_files import empty_file, has_file, name_of, read_file
    from tocsin.reading import file_inside

    if target.is_file():
        return read_file(target, str(target), language)
    if has_file(case.folder, language):
        name = name_of(language)
        return read_file(file_inside(case.folder, name), name, language)
    return empty_file(language)


def _counts(file: TextFile) -> Text:
    lacking = (
        message("{number} without a translation", number=file.missing)
        if file.missing
        else message("none without a translation")
    )
    counts = [plural("{count} text", "{count} texts", len(file.entries)), lacking]
    if file.to_check:
        counts.append(message("of which {number} changed and must be checked", number=file.to_check))
    if file.gone:
        counts.append(message("{number} no longer in the case", number=len(file.gone)))
    return in_commas(counts)
