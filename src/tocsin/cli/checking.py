"""`tocsin check`: answer sentences in a controlled form from data sets."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.output import emit, say
from tocsin.errors import InputError, TocsinError
from tocsin.translation import in_lines, message

if TYPE_CHECKING:
    from tocsin.checking.answer import Answer, Chart, Reading

MAX_SENTENCES = 500
"""Sentences of one file."""
_WORDS = {True: "true", False: "false", None: "no answer"}


@click.command()
@click.argument("sentence", required=False)
@click.option("--file", type=click.Path(path_type=Path), help="Check the sentences of this text file, one a line.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Also write the answers to this file as JSON; - prints only the JSON.",
)
@click.option(
    "--figure", type=click.Path(path_type=Path), help="Also draw the series behind the answer to this SVG file."
)
@click.option("--as-test", is_flag=True, help="Print sources, facts and claims for a case instead of the answer.")
@click.option("--forms", is_flag=True, help="List the forms of sentences, with examples.")
def check(
    sentence: str | None, file: Path | None, json_file: Path | None, figure: Path | None, as_test: bool, forms: bool
) -> None:
    """Check SENTENCE against public data sets.

    The sentence is in English and in one of the forms that --forms lists. The answer is true, false, depends (on a reading that the
    sentence leaves open) or cannot tell, with the figures, their sources and the last year of the data. Nothing is downloaded; if a
    data set is missing, the answer names the command that gets it.

    \b
    tocsin check --forms
    tocsin check "Poland doubled its defence spending since 2014"
    tocsin check "India and Pakistan had more than 20 disputes between 1980 and 2000" --figure disputes.svg
    tocsin check --file sentences.txt --json answers.json
    tocsin check "Chile spent more than 5 billion dollars on defence in 2015" --as-test
    """
    if forms:
        say(list_forms())
        return
    if (sentence is None) == (file is None):
        raise InputError(
            message("name one sentence or one file"), remedy=message('write tocsin check "SENTENCE", or --file FILE')
        )
    if figure is not None and (file is not None or figure.suffix.lower() != ".svg"):
        raise InputError(
            message("a figure is an SVG file of one sentence"),
            remedy=message("name it FILE.svg, and check one sentence"),
        )
    if as_test and json_file is not None and str(json_file) == "-":
        raise InputError(message("both --as-test and --json - print"), remedy=message("name a file for --json"))
    sentences = [sentence] if sentence is not None else _lines(file)
    check_sentences(sentences, file, json_file, figure, as_test=as_test)


def check_sentences(
    sentences: Sequence[str], file: Path | None, json_file: Path | None, figure: Path | None, *, as_test: bool
) -> None:
    """Check sentences, print the answers or tests for a case, and write the requested files.

    Raises:
        InputError: if a single sentence fits no form. In a file, such sentences are reported and the exit status is 2.
    """
    from tocsin.checking.data_sets import Library
    from tocsin.checking.run import check as check_sentence
    from tocsin.files import check_outputs

    dash = json_file is not None and str(json_file) == "-"
    check_outputs([None if dash else json_file, figure], [file] if file else [])
    library, status = Library(), 0
    answers: dict[int, Answer] = {}
    for number, sentence in enumerate(sentences, 1):
        if not sentence.strip() and file is not None:
            continue
        try:
            answers[number] = check_sentence(sentence, library)
        except TocsinError as error:
            if file is None:
                raise
            say(in_lines([message("{place}: {problem}", place=f"{file}:{number}", problem=error.text()), ""]), err=True)
            status = error.exit_code
        else:
            if not dash and not as_test:
                prefix = f"{file}:{number}: " if file is not None else ""
                say(f"{prefix}{describe(answers[number])}\n")
    _write(answers, json_file, figure, numbered=file is not None)
    if as_test:
        emit(_tests(tuple(answers.values())))
    if status:
        sys.exit(status)


def _lines(file: Path | None) -> list[str]:
    from tocsin.reading import decode, read_bytes

    assert file is not None
    lines = decode(read_bytes(file, str(file)), str(file)).splitlines()
    if sum(bool(line.strip()) for line in lines) > MAX_SENTENCES:
        raise InputError(
            message("more than {number} sentences", number=MAX_SENTENCES),
            file=str(file),
            remedy=message("check fewer at a time"),
        )
    if not any(line.strip() for line in lines):
        raise InputError(
            message("there is no sentence in the file"), file=str(file), remedy=message("write one sentence a line")
        )
    return lines


def _tests(answers: Sequence[Answer]) -> str:
    from datetime import date

    from tocsin.checking.case_test import as_test

    return as_test(answers, date.today())


def _write(answers: Mapping[int, Answer], json_file: Path | None, figure: Path | None, *, numbered: bool) -> None:
    """Write the answers as JSON, with the lines of their sentences if they come from a file, and the figure of the first."""
    from tocsin.files import write_all

    outputs: dict[Path, str | bytes] = {}
    if json_file is not None:
        listed = [({"line": line} if numbered else {}) | answer.to_dict() for line, answer in answers.items()]
        text = json.dumps(listed, indent=1, ensure_ascii=False) + "\n"
        if str(json_file) == "-":
            emit(text)
        else:
            outputs[json_file] = text
    if figure is not None:
        chart = next(iter(answers.values())).chart
        if chart is None:
            raise InputError(
                message("there is nothing to draw"),
                remedy=message("leave out --figure; the data have no series for this sentence"),
            )
        outputs[figure] = draw(chart)
    if outputs:
        write_all(outputs)


def draw(chart: Chart) -> str:
    """Return the chart as SVG: lines over years, or spells."""
    from tocsin.data.registry import source
    from tocsin.plots.captions import Caption
    from tocsin.plots.measures import lines_svg, spells_svg

    notes = (*chart.notes, *(f"{source(name).what} ({source(name).cite})" for name in chart.sources))
    caption = Caption(chart.title, chart.axis_label, notes)
    if "year" in chart.table.columns:
        return lines_svg(chart.table, caption, value="value")
    last = max(day.year for day in chart.table["until"])
    return spells_svg(chart.table, caption, label="label", years=(0, last))


def describe(answer: Answer) -> str:
    """Return an answer as text: verdict, readings with figures, what is left open, sources, and data sets to get."""
    from tocsin.data.registry import source

    end = f" (data to {answer.data_end})" if answer.data_end else ""
    lines = [f"{answer.verdict.upper()}{_extent(answer)}{end}: {answer.sentence}"]
    lines += [_line(answer, reading) for reading in answer.readings]
    bases = dict.fromkeys((r.name, f.basis) for r in answer.readings for f in r.figures if f.basis)
    lines += [f"  {name}: {basis}" for name, basis in bases]
    lines += [f"  note: {note}" for note in answer.left_open]
    lines += [f"  source: {name}: {source(name).what} ({source(name).cite})" for name in answer.sources]
    return "\n".join(lines + _to_get(answer))


def _extent(answer: Answer) -> str:
    """Return how many of the readings the verdict covers; nothing if it covers all or none."""
    checked, known = sum(reading.holds is not None for reading in answer.readings), len(answer.readings)
    return f" as far as checked, {checked} of {known} readings" if 0 < checked < known else ""


def _line(answer: Answer, reading: Reading) -> str:
    if len(answer.readings) == 1:
        return f"  {reading.says}"
    return f"  - {reading.name}: {_WORDS[reading.holds]}. {reading.says}"


def _to_get(answer: Answer) -> list[str]:
    from tocsin.data.registry import source

    fetched = [name for name in answer.needs if source(name).address]
    lines = [f"  to get: tocsin data get {' '.join(fetched)}"] if fetched else []
    return lines + [f"  to get: {source(name).by_hand}" for name in answer.needs if not source(name).address]


def list_forms() -> str:
    """Return the kinds of sentences with what each is about and its examples."""
    from tocsin.checking.forms import FORMS

    blocks = [
        "\n".join([f"{form.kind}: {form.about}", *(f"  {example}" for example in form.examples)]) for form in FORMS
    ]
    rules = (
        "Years: in 2010; since 2014; between 1990 and 2000; in the 1990s; in May 2015.\n"
        "Money: in real terms; in dollars; in local currency; at purchasing power parity. Without it, all are read.\n"
        "Comparisons: more than, at least, less than, at most, about (within 5 %), nearly, exactly.\n"
        "Quantities: defence spending, soldiers, population, urban population, energy consumption, steel production, "
        "capability, GDP."
    )
    return "\n\n".join([*blocks, rules])
