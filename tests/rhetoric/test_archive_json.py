"""JSON in the layouts that pandas, news services and feeds write: read or refused by name, never stored as one statement."""

from __future__ import annotations

import datetime as dt
import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.rhetoric.archived import read_all, run

from tocsin.cli import archiving, main
from tocsin.errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore:.*epoch")  # pandas will stop writing them; files that have them stay
DAYS = [dt.date(1946, 3, 1), dt.date(2011, 5, 12), dt.date(2025, 12, 26)]
ROWS = [
    {"headline": "Press review", "story_text": f"Story {index}", "date": day, "url": f"http://www.kcna.kp/{index}"}
    for index, day in enumerate(DAYS)
]


def write(file: Path, data: Any) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return file


def stored(file: Path) -> list[tuple[str, str, dt.date | None]]:
    return [(statement.title, statement.text, statement.date) for statement in read_all(file)[0]]


EXPECTED = [("Press review", f"Story {index}", day) for index, day in enumerate(DAYS)]


@pytest.mark.parametrize(
    ("orient", "date_format"),
    [*product(["records", "columns", "index", "split"], ["epoch", "iso"]), ("table", "iso")],
)
@pytest.mark.parametrize("date_unit", ["s", "ms", "us", "ns"])
def test_a_table_as_pandas_writes_it_keeps_titles_texts_and_days(
    tmp_path: Path, orient: Any, date_format: Any, date_unit: Any
) -> None:
    import pandas as pd

    table = pd.DataFrame(ROWS).assign(date=pd.to_datetime(pd.Series(DAYS)))
    table.to_json(tmp_path / "x.json", orient=orient, date_format=date_format, date_unit=date_unit)
    assert stored(tmp_path / "x.json") == EXPECTED


@pytest.mark.parametrize("orient", ["columns", "index", "split"])
def test_a_day_in_the_index_is_the_date(tmp_path: Path, orient: Any) -> None:
    import pandas as pd

    table = pd.DataFrame(ROWS).drop(columns="date").set_index(pd.to_datetime(pd.Series(DAYS)))
    table.to_json(tmp_path / "x.json", orient=orient, date_format="epoch", date_unit="ms")
    assert stored(tmp_path / "x.json") == EXPECTED


@pytest.mark.parametrize("name", ["x.json", "x.jsonl"])
def test_lines_of_objects_are_read_under_either_ending(tmp_path: Path, name: str) -> None:
    lines = "".join(json.dumps({**row, "date": f"{row['date']:%Y-%m-%d}"}) + "\n" for row in ROWS)
    assert stored(write(tmp_path / name, lines)) == EXPECTED


@pytest.mark.parametrize("indent", [None, 1, "\t"])
@pytest.mark.parametrize("ending", ["json", "jsonl", "ndjson"])
def test_one_document_is_read_under_either_ending(tmp_path: Path, ending: str, indent: Any) -> None:
    rows = [{**row, "date": f"{row['date']:%Y-%m-%d}"} for row in ROWS]
    for data in (rows, {"articles": rows}):
        text = json.dumps(data, indent=indent)
        assert stored(write(tmp_path / f"x.{ending}", f"\n{text}\n")) == EXPECTED


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_objects_over_several_lines_without_a_list_are_refused_with_a_remedy(tmp_path: Path, ending: str) -> None:
    text = "".join(json.dumps({"title": row["headline"]}, indent=2) + "\n" for row in ROWS)
    with pytest.raises(InputError, match="takes several lines") as caught:
        read_all(write(tmp_path / f"x.{ending}", text))
    assert caught.value.line == 1 and "jq -c" in (caught.value.remedy or "")


def test_posts_of_wordpress_give_their_titles_and_texts(tmp_path: Path) -> None:
    post = {
        "id": 7, "date": "2025-12-26T10:52:00", "guid": {"rendered": "http://www.kcna.kp/?p=7"}, "link": "http://www.kcna.kp/7",
        "title": {"rendered": "Japan&#8217;s <i>Moves</i> Denounced"}, "content": {"rendered": "<p>one</p>\n<p>two</p>", "protected": False},
        "excerpt": {"rendered": "<p>one</p>"}, "categories": [1], "_embedded": {"author": [{"name": "x", "description": "y"}]},
    }  # fmt: skip
    for data in ([post], post, json.dumps(post) + "\n"):
        [statement], _ = read_all(write(tmp_path / "x.jsonl", data))
        assert (statement.title, statement.text) == ("Japan’s Moves Denounced", "one\ntwo")
        assert (statement.date, statement.address, statement.source_id) == (DAYS[2], "http://www.kcna.kp/7", "7")


@pytest.mark.parametrize(
    "line",
    [
        "20250101000000-0\t20250101000000\t1\tx.org\thttp://x.org/1\tTAX_FNCACT;LEADER,5\t",
        "20250101000000-T12\t20250101000000\t2\tBBC\tx\t\t",
        "1219000001\t20240101\t202401\t2024\t2024.0027\tPRK\tNORTH KOREA\tPRK",
        "1219000001\t20250101000000\t20250101000000\t1\tx.org\thttp://x.org/1",
    ],
)
@pytest.mark.parametrize("name", ["20250101000000.gkg.csv", "x.CSV", "x.tsv"])
def test_files_of_gdelt_without_a_header_are_refused_by_name(tmp_path: Path, line: str, name: str) -> None:
    with pytest.raises(InputError, match="GDELT") as caught:
        read_all(write(tmp_path / name, f"{line}\n{line}\n"))
    assert "DOC API" in (caught.value.remedy or "")


def test_lists_of_values_and_parquet_with_epochs_are_read(tmp_path: Path) -> None:
    import polars as pl

    epochs = [int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()) * 1_000 for day in DAYS]
    columns = {name: [row[name] for row in ROWS] for name in ("headline", "story_text", "url")} | {"date": epochs}
    assert stored(write(tmp_path / "x.json", columns)) == EXPECTED
    pl.DataFrame(columns).write_parquet(tmp_path / "x.parquet")
    assert stored(tmp_path / "x.parquet") == EXPECTED


@pytest.mark.parametrize(
    ("numbers", "days"),
    [
        ([1_305_158_400_000, 1_305_158_400], ["2011-05-12", None]),  # the unit of the first number counts
        ([1_305_158_400, 1_305_158_400_000], ["2011-05-12", None]),
        ([2011, 40_675, 0], [None, None, None]),  # a year, a day of a spreadsheet, nothing
        ([20110512, 20110512.0], ["2011-05-12", "2011-05-12"]),
        ([float("nan"), 1_305_244_799_999], [None, "2011-05-12"]),
        ([-1, -757_382_400_000], [None, "1946-01-01"]),
        ([10**400, 1e300, 1_305_158_400_000], [None, None, "2011-05-12"]),
    ],
)
def test_a_number_is_a_day_only_in_the_unit_of_its_file(
    tmp_path: Path, numbers: list[float], days: list[str | None]
) -> None:
    rows = [{"title": f"T{index}", "date": number} for index, number in enumerate(numbers)]
    result = [day and day.isoformat() for _, _, day in stored(write(tmp_path / "x.json", rows))]
    assert result == days


ITEM = {"title": "Japan denounced", "date": "2025-12-26"}


@pytest.mark.parametrize(
    "data",
    [
        {"articles": [ITEM]}, {"status": "ok", "response": {"docs": [ITEM], "total": 1}}, {"data": {"items": [ITEM]}},
        {"hits": {"total": 1, "hits": [{"_id": "1", "_source": ITEM}]}}, {"2025-12-26": ITEM}, {"a": ITEM}, ITEM, [ITEM],
        {"anything": [ITEM]}, {"title": "Site", "items": [ITEM]}, {"comments": [{"text": "no"}], "articles": [ITEM]},
        {**ITEM, "related": [{"title": "another"}]}, {**ITEM, "headline": "second", "Title": ""},
    ],
)  # fmt: skip
def test_a_list_inside_an_object_is_read_and_one_statement_is_one(tmp_path: Path, data: Any) -> None:
    assert stored(write(tmp_path / "x.json", data)) == [("Japan denounced", "", dt.date(2025, 12, 26))]


def test_a_list_inside_each_line_is_read(tmp_path: Path) -> None:
    lines = json.dumps({"articles": [ITEM, {"title": "B"}]}) + "\n" + json.dumps({"title": "C"})
    assert [title for title, *_ in stored(write(tmp_path / "x.jsonl", lines))] == ["Japan denounced", "B", "C"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"a": [ITEM], "b": [ITEM]}, "several lists of statements: `a` and `b`"),
        ({"articles": [ITEM], "x": {"docs": [ITEM]}}, r"several lists of statements: `articles` and `x\.docs`"),
        ({"count": 3, "rows": [[1, 2]]}, "the keys are count, rows"), ({}, "the object is empty"), (5, "neither a list nor an object"),
        ([["Japan", "2025-12-26"]], "without names of columns"), ([{"name": "x"}, {"year": 5}], "the columns are name, year"),
        ({"title": ["A"], "date": []}, "different lengths: title 1, date 0"),
        ({"columns": ["a"], "data": [["x"]]}, "the columns are a"), ({"schema": {}, "data": [{"a": 1}]}, "the keys are schema, data"),
    ],
)  # fmt: skip
def test_another_layout_is_refused_by_name(tmp_path: Path, data: Any, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_all(write(tmp_path / "x.json", data))


def test_an_empty_list_inside_an_object_has_no_rows(tmp_path: Path) -> None:
    statements, remarks = read_all(write(tmp_path / "x.json", {"status": "ok", "articles": []}))
    assert statements == [] and [remark.why for remark in remarks] == ["the file has no rows"]


def test_a_row_of_the_wrong_length_is_lost(tmp_path: Path) -> None:
    data = {"columns": ["title"], "index": [0, 1], "data": [["A"], ["B", "C"]]}
    statements, remarks = read_all(write(tmp_path / "x.json", data))
    assert [statement.title for statement in statements] == ["A"]
    assert [remark.row for remark in remarks if remark.lost] == [2]


def test_json_feeds_and_the_layouts_of_news_services_are_read(tmp_path: Path) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "T", "description": "of the feed",
        "items": [
            {
                "id": "1", "url": "http://www.kcna.kp/1", "title": "A", "content_html": "<p>one<p><b>two</b>",
                "date_published": "2025-12-26T10:52:00+09:00",
            }
        ],
    }  # fmt: skip
    [statement], _ = read_all(write(tmp_path / "feed.json", feed))
    assert (statement.title, statement.text, statement.date) == ("A", "one\ntwo", DAYS[2])
    assert (statement.outlet, statement.source_id) == ("kcna", "1")
    newsapi = {
        "status": "ok", "totalResults": 1,
        "articles": [
            {
                "source": {"id": None, "name": "Rodong Sinmun"}, "author": "x", "title": "B", "description": "short", "url": "http://x.org/",
                "urlToImage": None, "publishedAt": "2025-12-26T01:00:00Z", "content": "Long text… [+1234 chars]",
            }
        ],
    }  # fmt: skip
    [statement], remarks = read_all(write(tmp_path / "newsapi.json", newsapi))
    assert (statement.outlet, statement.date, statement.text[:9]) == ("rodong", DAYS[2], "Long text")
    assert any(remark.why == "the source has cut the text" for remark in remarks)
    gdelt = {
        "articles": [
            {
                "url": "http://www.kcna.kp/en/1", "url_mobile": "", "title": "C", "seendate": "20251226T104500Z", "socialimage": "",
                "domain": "kcna.kp", "language": "English", "sourcecountry": "North Korea",
            }
        ]
    }  # fmt: skip
    [statement], _ = read_all(write(tmp_path / "gdelt.json", gdelt))
    assert (statement.outlet, statement.date, statement.language) == ("kcna", DAYS[2], "en")
    (tmp_path / "gdelt.csv").write_text("URL,MobileURL,Date,Title\nhttp://www.kcna.kp/1,,2025-12-26 10:45:00,D\n")
    [statement], _ = read_all(tmp_path / "gdelt.csv")
    assert (statement.title, statement.date, statement.outlet) == ("D", DAYS[2], "kcna")


def test_numbers_that_are_not_finite_are_missing_or_refused(tmp_path: Path) -> None:
    statements, remarks = read_all(write(tmp_path / "x.json", '[{"title": NaN, "text": "a"}, {"title": Infinity}]'))
    assert [(statement.title, statement.text) for statement in statements] == [("", "a")]
    assert [remark.why for remark in remarks if remark.lost] == ["title is not a text"]


def test_a_list_of_paragraphs_is_a_text(tmp_path: Path) -> None:
    assert stored(write(tmp_path / "x.json", [{"title": "A", "body": ["one", "two"]}])) == [("A", "one\ntwo", None)]


# --- files that fold up -------------------------------------------------------------------------------------------------


def add(file: Path, *options: str) -> tuple[int, str]:
    return run("add", file, "--archive", file.with_suffix(".db"), *options)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([{"title": "Press review", "when": index} for index in range(6)], "of 6 rows 6 have no day and 5 are the same as an earlier row"),
        ([{"title": f"T{index}", "when": "2011-05-12"} for index in range(5)], "of 5 rows 5 have no day (ignored columns: when)"),
        ([{"title": "Press review", "date": "2011-05-12"} for _ in range(6)], "of 6 rows 5 are the same as an earlier row"),
        ([{"title": f"T{index}", "date": "x" if index % 10 == 0 else "2011-05-12"} for index in range(60)], "of 60 rows 6 have no day"),
        ([{"title": f"T{index}"} for index in range(6_000)], "of 6,000 rows 6,000 have no day"),
    ],
)  # fmt: skip
def test_a_file_that_folds_up_or_lacks_days_is_not_added_without_a_yes(
    tmp_path: Path, rows: list[dict[str, Any]], why: str
) -> None:
    file = write(tmp_path / "x.json", rows)
    code, output = add(file)
    assert code == 1 and why in output and "nothing of it is stored" in output and "--yes" in output
    assert "0 added" in output
    code, output = add(file, "--yes")
    distinct = len({(row["title"], row.get("date")) for row in rows})
    assert code == 0 and f"{distinct:,} added" in output


@pytest.mark.parametrize(
    ("answers", "code", "count"), [("y\ny\n", 0, "10 added"), ("n\ny\n", 1, "5 added"), ("n\nn\n", 1, "0 added"), ("", 130, "0 added")]
)  # fmt: skip
def test_on_a_terminal_the_command_asks_for_each_doubtful_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: str, code: int, count: str
) -> None:
    monkeypatch.setattr(archiving, "_can_ask", lambda: True)
    for name in "ab":
        write(tmp_path / "in" / f"{name}.json", [{"title": f"{name} {index}"} for index in range(5)])
    command = ["rhetoric", "add", str(tmp_path / "in"), "--archive", str(tmp_path / "x.db")]
    result = CliRunner().invoke(main, command, input=answers)
    assert result.exit_code == code and count in result.output
    assert "a.json: of 5 rows 5 have no day" in result.output and "Add it all the same?" in result.output


def page(title: str, day: str = "") -> str:
    return (
        f"<html><title>{title}</title><body><h1>{title}</h1><p class=date>{day}</p><p>{title} text.</p></body></html>"
    )


def test_pages_of_one_import_that_lack_days_are_not_added_without_a_yes(tmp_path: Path) -> None:
    for index in range(7):
        write(tmp_path / "in" / f"{index}.html", page(f"Headline number {index}", "2011-05-12" if index < 2 else ""))
    write(tmp_path / "in" / "good.csv", "title,date\nA,2011-05-12\n")
    for sources in ([tmp_path / "in"], sorted((tmp_path / "in").iterdir())):
        code, output = run("add", *sources, "--archive", tmp_path / "x.db")
        assert code == 1 and "in: of 7 pages with 7 statements 5 have no day; nothing of it is stored" in output
    assert "1 already stored" in output  # the table
    code, output = run("add", tmp_path / "in", "--yes", "--archive", tmp_path / "x.db")
    assert code == 0 and "7 added, 1 already stored" in output


def test_a_few_pages_without_a_day_are_added(tmp_path: Path) -> None:
    for index in range(9):
        write(tmp_path / "in" / f"{index}.html", page(f"Headline number {index}", "2011-05-12" if index < 5 else ""))
    assert "9 added" in add(tmp_path / "in")[1]


def test_on_a_terminal_pages_are_asked_about_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archiving, "_can_ask", lambda: True)
    for index in range(6):
        write(tmp_path / "in" / f"{index}.htm", page(f"Headline number {index}"))
    write(tmp_path / "in" / "x.json", [{"title": f"T{index}"} for index in range(5)])
    command = ["rhetoric", "add", str(tmp_path / "in"), "--archive", str(tmp_path / "x.db")]
    result = CliRunner().invoke(main, command, input="y\nn\n")
    assert result.exit_code == 1 and "6 added" in result.output
    assert "of 6 pages with 6 statements 6 have no day" in result.output and "x.json: of 5 rows" in result.output


def test_a_few_rows_without_a_day_or_the_same_are_added_with_a_remark(tmp_path: Path) -> None:
    rows = [{"title": f"T{index}", "date": "2011-05-12"} for index in range(97)]
    rows += [{"title": "T1", "date": "2011-05-12"}, {"title": "T2"}, {"title": "T3"}]
    code, output = add(write(tmp_path / "x.json", rows))
    assert code == 0 and "99 added" in output
    assert "1 same as an earlier row of its file; stored once" in output and "2 no date" in output


def test_six_statements_of_one_title_at_six_addresses_are_six(tmp_path: Path) -> None:
    rows = [{"title": "Press review", "date": "2011-05-12", "url": f"http://x.org/{index}"} for index in range(6)]
    code, output = add(write(tmp_path / "x.json", rows))
    assert code == 0 and "6 added, 0 already stored" in output
    assert "0 added, 6 already stored" in add(tmp_path / "x.json")[1]


@pytest.mark.parametrize("name", ["kcna_kp_2024", "kcna_fulltext_2011_2012"])
@pytest.mark.parametrize("orient", ["records", "columns"])
def test_all_real_statements_come_in_from_json_with_their_day_and_text(
    tmp_path: Path, shared: Path, name: str, orient: Any
) -> None:
    import pandas as pd
    import polars as pl

    table = pl.read_parquet(shared / "data" / f"{name}.parquet").head(3_000)
    renamed = {"date": "date_str", "text": "story_text", "headline": "headline", "url": "url"}
    columns = {new: table[old].to_list() for old, new in renamed.items()}
    pd.DataFrame(columns).to_json(tmp_path / "x.json", orient=orient, date_format="epoch")
    days = table["date"].dt.date().to_list()
    expected = {
        (day, (title or "").strip(), text.strip(), url)
        for day, title, text, url in zip(days, table["headline"], table["text"], table["url"], strict=True)
    }
    statements, remarks = read_all(tmp_path / "x.json")
    assert not [remark for remark in remarks if remark.lost]
    assert {(one.date, one.title, one.text, one.address) for one in statements} == expected
