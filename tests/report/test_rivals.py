"""The brief and the terminal show rival explanations in words, and hostile texts stay texts."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import polars as pl
import pytest
from tests.facts_only import facts_only
from tests.report.sample import HOSTILE
from tests.rivals_case import full_rivals_case, rivals_case
from tests.translation.support import MarkedWords, bare_words

from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.result import Assessment
from tocsin.assessment.rivals.words import argument_ratio_text, group_text, ratio_text, readers_text
from tocsin.assessment.run import assess
from tocsin.assessment.stored import from_json, to_json
from tocsin.cli.showing import describe, listing
from tocsin.errors import InputError
from tocsin.export.result_tables import result_tables
from tocsin.report.brief import render
from tocsin.report.rivals import rival_sections
from tocsin.translation import Translator


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return assess(full_rivals_case(tmp_path_factory.mktemp("case")))


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).replace("\N{NO-BREAK SPACE}", " ").split())


def section(assessment: Assessment) -> str:
    page = render(assessment)
    return words(page[page.index('<h2 id="explanations"') : page.index('<h2 id="rivals"')])


def test_the_section_has_three_readers_a_matrix_and_what_is_open(full: Assessment) -> None:
    text = section(full)
    assert "Explained: why ships wait" in text
    assert re.search(r"neutral reader \d+ %, the article's author \d+ %, sceptic \d+ %", text)
    assert "The count is disputed. sources disagree about it, so it does not count; if it were seen:" in text
    assert "A strike is reported. not seen; group “port” the article’s own likelier (3.8 times)" in text
    assert "The sea is calm. seen; tells none of them apart the article’s own about as likely" in text
    assert "Unloading takes days. seen, known only after the day of the case" in text
    assert "sources disagree about it, so it does not count" in text
    assert "2 items of the group “port” depend on each other: with a correlation of 0.4 (0.22 to 0.58)" in text
    assert "What would tell them apart best is not known yet: “The crews say so later”" in text
    assert "With what became known after the day of the case, a neutral reader holds" in text


def test_diagnostic_items_come_first(full: Assessment) -> None:
    (shown,) = rival_sections(full)
    assert [row.says for row in shown.counted] == [
        "A strike is reported.",
        "At least fifty ships wait.",
        "The sea is calm.",
    ]
    assert [row.says for row in shown.later] == [
        "Unloading takes days.",
        "The crews say so later.",
        "The count is disputed.",
    ]


def test_the_first_item_is_the_one_that_weighs_most(full: Assessment) -> None:
    (result,) = full.rivals.sets
    moves = [item.largest_move for item in result.items if item.sight.counts]
    assert moves == sorted(moves, reverse=True)
    assert "For a neutral reader “A strike is reported” (not seen) weighs most" in section(full)


def test_no_item_weighs_most_where_none_moves_a_point(tmp_path: Path) -> None:
    same = {
        "{strike: 0.4, crowding: 0.8}": "{strike: 0.4, crowding: 0.4}",
        "{strike: 0.75, crowding: 0.05}": "{strike: 0.5, crowding: 0.5}",
    }
    assert "weighs most" not in section(assess(rivals_case(tmp_path, replace=same)))


def test_each_argument_says_how_it_is_tested(full: Assessment) -> None:
    page = words(render(full))
    assert "It explains why ships wait by “too many ships”." in page
    assert "It predicts “Fewer ships come”: not seen, known only after the day of the case; 0." in page
    assert "If it is right, these inputs change: strike." in page
    assert "Nobody can know. paper Not tested: it makes no prediction and sets no input." in page
    assert "It predicts “The mayor speaks”: nobody can know yet." in page


def test_a_claim_of_motive_shows_its_rivals_in_full_view_and_others_in_their_details(tmp_path: Path) -> None:
    page = render(assess(rivals_case(tmp_path / "a", replace={"claims: [C2]\n": "claims: [C2, C3]\n"})))
    said = "By what was seen, the article’s explanation beside its rivals: why ships wait, “a strike” ("
    motive = page[page.index('id="C3"') :]
    assert said in words(motive[: motive.index("<details>")])
    fact = page[page.index('id="C2"') : page.index('id="C3"')]
    assert said in words(fact[fact.index("<details>") :])
    assert said not in words(fact[: fact.index("<details>")])


def test_a_case_without_explanations_has_no_section(tmp_path: Path) -> None:
    page = render(assess(facts_only(tmp_path)))
    assert 'id="explanations"' not in page and "Rival explanations" not in page
    assert "Not tested: it makes no prediction and sets no input." in words(page)


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    quoted = json.dumps(HOSTILE)
    hostile = rivals_case(
        tmp_path,
        replace={
            "what: why ships wait": f"what: {quoted}",
            "says: The crews strike.": f"says: {quoted}",
            "says: A strike is reported.": f"says: {quoted}",
            "name: a strike}": 'name: "<script>alert(1)</script>"}',
        },
    )
    page = render(assess(hostile))
    assert "<script>alert" not in page and "<img src=x" not in page and "{{ 7 * 7 }}" in page


def test_a_stored_run_and_its_record_keep_everything(full: Assessment) -> None:
    again = from_json(to_json(full), full.case)
    assert again.rivals == full.rivals
    record = AssessmentRecord.of(full)
    assert AssessmentRecord.model_validate_json(record.to_json()) == record
    assert render(again) == render(full)


def test_the_terminal_shows_a_set_an_argument_and_a_claim(full: Assessment) -> None:
    record = AssessmentRecord.of(full)
    assert "queue        why ships wait: “a strike”, neutral reader" in listing(record)
    text = describe(record, "queue")
    assert "  A strike is reported: not seen; group “port”\n    too many ships: likelier (3.8 times)" in text
    assert "against the article’s, “a strike”; first what moves a neutral reader most:" in text
    assert "  For a neutral reader “A strike is reported” (not seen) weighs most: it lowers “a strike” by" in text
    assert "What would tell them apart best is not known yet: “The crews say so later”." in text
    assert "  The count is disputed: sources disagree about it, so it does not count; if it were seen:\n" in text
    assert (
        "  The crews say so later: nobody can know yet; if it were seen:\n    too many ships: less likely (9 times)"
        in text
    )
    assert "tells none of them apart" in text
    maker = describe(record, "r1")
    assert "argument R1\n  Other ports grew faster.\n  It bears on C1.\n" in maker
    assert "It explains why ships wait by “too many ships”." in maker
    beliefs = {reader: item["crowding"].mean for reader, item in full.rivals.sets[0].posteriors.items()}
    assert f"    {readers_text(beliefs)} (see `tocsin show queue`)" in maker
    setter = describe(record, "R3")
    assert "  If it is right, these inputs change: strike=true." in setter
    assert "`tocsin assess CASE --variant R3`" in setter
    assert "Not tested" in describe(record, "R4")
    assert "rival explanations, why ships wait" in describe(record, "C2")
    with pytest.raises(InputError, match="no claim or quantity 'quue'") as refused:
        describe(record, "quue")
    assert "queue" in str(refused.value.remedy)


def test_every_word_of_the_terminal_is_a_message_or_a_text_of_the_case(full: Assessment) -> None:
    record, translator = AssessmentRecord.of(full), Translator(language="ko", words=MarkedWords())
    own = bare_words(json.dumps(record.to_dict(), ensure_ascii=False)) | {"tocsin", "show", "assess", "variant", "CASE"}
    for name in ("queue", "R1", "R2", "R3", "R4", "R5"):
        assert bare_words(translator.plain(describe(record, name))) - own == set()


def test_numbers_without_a_range_print_without_one() -> None:
    assert argument_ratio_text(4.5, 4.5, 4.5) == "4.5 times as likely if the argument is right as if it is wrong"
    assert group_text("port", 3, 1.0, 1.0, 1.0).endswith("with a correlation of 1 they count as one.")
    assert group_text("port", 3, 0.5, 0.5, 0.5).endswith(
        "with a correlation of 0.5 they count as 1.5 independent ones."
    )
    assert group_text("port", 3, 0.2, 0.5, 0.8).endswith("of 0.5 (0.2 to 0.8) they count as 1.5 independent ones.")


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (1.0, "about as likely"), (1.44, "about as likely"), (1.46, "somewhat likelier (1.5 times)"), (2.96, "likelier (3 times)"), (1.5, "somewhat likelier (1.5 times)"), (3.0, "likelier (3 times)"),
        (20.0, "far likelier (20 times)"), (1e9, "far likelier (1,000+ times)"), (0.6, "somewhat less likely (1.7 times)"),
        (0.25, "less likely (4 times)"), (1e-9, "far less likely (1,000+ times)"),
    ],
)  # fmt: skip
def test_words_follow_the_ratio(ratio: float, text: str) -> None:
    assert ratio_text(ratio) == text


def test_the_tables_of_an_export_agree_with_those_in_python(full: Assessment) -> None:
    tables = {table.name: table for table in result_tables(AssessmentRecord.of(full))}
    for name in ("explanations", "observations", "arguments"):
        exported, own = tables[name].frame, full.frame(name)
        assert exported.columns == own.columns
        assert exported.height == own.height > 0
        texts = [
            column
            for column, kind in own.schema.items()
            if kind == pl.String and column not in ("explanations", "sets")
        ]
        assert exported.select(texts).fill_null("").equals(own.select(texts).fill_null(""))
