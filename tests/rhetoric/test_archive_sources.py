"""Adding what is broken, linked or declared wrongly: one bad source never stops the others, and nothing outside a folder is read."""

from __future__ import annotations

import gzip
import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.golden.commands import INPUTS
from tests.rhetoric.archived import make_archive, read_all, run

from tocsin.errors import InputError
from tocsin.rhetoric.archive import Statement
from tocsin.rhetoric.archive.feeds import feed_rows
from tocsin.rhetoric.archive.outlets import contradicting_language

KOREAN = "일본의 군비확장책동을 규탄한다"


def feed(title: str, *, language: str = "en") -> str:
    return f"<rss version='2.0'><channel><title>c</title><language>{language}</language><item><title>{title}</title></item></channel></rss>"


@pytest.mark.parametrize("data", [b"<rdf:RDF>&#99999999999;xxxxxxxx", b"<rss><item><title>&#99999999999;"])
def test_a_feed_that_breaks_the_parser_is_refused_and_the_others_are_added(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xml").write_bytes(data)
    (tmp_path / "in" / "b.csv").write_text("title\nJapan\n")
    code, output = run("add", tmp_path / "in", "--archive", tmp_path / "a.db")
    assert code == 1 and "1 added" in output and "a.xml: the feed is too broken to read" in output


@pytest.mark.parametrize("root", ["feed", "rss", "rdf:RDF"])
@pytest.mark.parametrize("entry", ["entry", "item"])
def test_no_run_of_tags_stops_the_reading_of_a_feed(tmp_path: Path, root: str, entry: str) -> None:
    names = ["title", "content", "summary", "link", "published", "id", "language", "updated", "author"]
    tags = [f"<{name}{end}>" for name in names for end in ("", "/", " type='xhtml'", " type='base64'")] + [
        "</content>",
        "</x>",
    ]
    for pair in itertools.product(tags, repeat=2):
        data = f"<{root}><{entry}>{''.join(pair)}x".encode()
        try:
            assert all(row.number is None or row.values for row in feed_rows("f.xml", data))
        except InputError as error:
            assert "feed" in error.message


def test_a_link_that_leaves_the_folder_is_refused_and_nothing_of_it_is_printed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "words.csv").write_text("password-of-the-house\n")
    (secret / "more.csv").write_text("title\nstolen\n")
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.csv").write_text("title\nJapan\n")
    (folder / "b.csv").symlink_to(secret / "words.csv")
    (folder / "sub" / "c.csv").symlink_to("../../secret/more.csv")
    (folder / "d").symlink_to(secret)
    (folder / "e.csv").symlink_to("nowhere.csv")
    (folder / "f.csv").symlink_to("a.csv")
    code, output = run("add", folder, "--archive", tmp_path / "a.db")
    assert code == 1 and "1 added, 1 already stored" in output and "4 not added" in output
    for name in ("b.csv", "sub/c.csv", "d", "e.csv"):
        assert f"{folder / name}: a link that leaves the folder" in output
    assert "password" not in output and "stolen" not in output
    assert run("search", "stolen", "--archive", tmp_path / "a.db") == (0, "no match\n")


def test_a_link_that_the_user_names_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("title\nJapan\n")
    (tmp_path / "b.csv").symlink_to("a.csv")
    assert run("add", tmp_path / "b.csv", "--archive", tmp_path / "a.db")[0] == 0


@pytest.mark.parametrize(
    ("stated", "title", "stored"),
    [
        ("en", KOREAN, "ko"), ("ko-kr", KOREAN, "ko"), ("en-us", "これは日本のニュースです", "ja"), ("ja", KOREAN, "ko"),
        ("ko", "Japan's Record Military Budget Denounced", "en"), ("ko", "AI G7", "ko"), ("fr", "Le Japon arme ses forces", "fr"),
        ("ja", "防衛費増額", "ja"), ("zh", "日本の軍国主義", "ja"), ("en", "日本防卫费创新高" * 3, "zh"),
    ],
)  # fmt: skip
def test_a_language_that_a_feed_states_wrongly_is_detected_with_a_remark(
    tmp_path: Path, stated: str, title: str, stored: str
) -> None:
    (tmp_path / "f.xml").write_text(feed(title, language=stated), encoding="utf-8")
    [statement], remarks = read_all(tmp_path / "f.xml")
    assert statement.language == stored
    assert any("contradicts the script" in remark.why for remark in remarks) == (stored != stated[:2])


def test_the_shared_feeds_give_their_entries_in_the_language_of_the_text(shared: Path) -> None:
    folder = shared / "faults" / "rhetoric" / "feeds"
    counts = {"13": 2, "15": 2, "23": 0, "26": 2}
    languages = {"10": "ko", "11": "ko", "14": "ja", "17": "ko", "18": "ko", "32": "ja", "33": "ja"}
    for file in sorted(folder.iterdir()):
        number = file.name[:2]
        if number in ("25", "30", "31"):
            with pytest.raises(InputError, match=r"not an RSS|unknown format|compressed"):
                read_all(file)
            continue
        statements, remarks = read_all(file)
        lost = [remark.row for remark in remarks if remark.lost]
        assert lost == ([2] if number == "13" else []), file.name  # the entry that its markup cuts short
        assert len(statements) == counts.get(number, 1), file.name
        assert {one.language for one in statements} <= {languages.get(number, "en")}, file.name


def test_han_letters_alone_contradict_no_language_that_uses_them() -> None:
    assert contradicting_language("ko", "軍國主義復活策動" * 4) is None
    assert contradicting_language("ru", "軍國主義復活策動" * 4) == "zh"


COUNT = """
import ctypes, os, sys
from tocsin.cli import main
if os.getuid() == 0:  # root may write everywhere until it gives up its capabilities
    ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
if os.access(sys.argv[1], os.W_OK):
    sys.exit("the folder can be written")
main(["rhetoric", *sys.argv[2:]])
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder that holds an archive and cannot be written."""
    folder = tmp_path / "disk"
    make_archive(folder / "a.db", [Statement("Japan's budget")]).close()
    (folder / "a.db").chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


def without_rights(folder: Path, *arguments: str) -> tuple[int, str]:
    """Return the exit status and output of a command on the folder's archive, run without the right to write there."""
    command = [sys.executable, "-c", COUNT, str(folder), *arguments, "--archive", str(folder / "a.db")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.returncode, result.stdout + result.stderr


def test_an_archive_on_a_disk_that_cannot_be_written_can_be_searched(disk: Path) -> None:
    assert without_rights(disk, "search", "japan", "--count") == (0, "1\n")
    assert sorted(file.name for file in disk.iterdir()) == ["a.db"]


def test_an_earlier_archive_on_such_a_disk_can_be_searched_and_is_not_changed(disk: Path) -> None:
    disk.chmod(0o755)
    (disk / "a.db").unlink()
    data = (INPUTS / "archive.db").read_bytes()
    (disk / "a.db").write_bytes(data)
    (disk / "a.db").chmod(0o444)
    disk.chmod(0o555)
    assert without_rights(disk, "search", "lanterns", "--count") == (0, "3\n")
    code, output = without_rights(disk, "add", str(disk / "a.csv"))
    assert code != 0 and "permissions" in output and (disk / "a.db").read_bytes() == data


def test_on_such_a_disk_statements_that_are_only_in_the_log_are_reported(disk: Path) -> None:
    disk.chmod(0o755)
    (disk / "a.db-wal").write_bytes(b"x")
    disk.chmod(0o555)
    code, output = without_rights(disk, "search", "japan")
    assert code == 2 and "a.db-wal holds statements" in output and "copy both files" in output


def test_nothing_is_added_on_such_a_disk(disk: Path) -> None:
    code, output = without_rights(disk, "add", str(disk / "a.csv"))
    assert code != 0 and "cannot use the archive" in output and "permissions" in output


def feed_of(*items: str) -> str:
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>"


@pytest.mark.parametrize(
    ("title", "source", "expected"),
    [
        ("North Korea condemns budget - NK News", "<source url='https://x.org'>NK News</source>", "North Korea condemns budget"),
        ("Budget – a record - Daily Bugle", "<source url='https://x.org'>Daily Bugle</source>", "Budget – a record"),
        ("Budget - NK News", "<source url='https://x.org'>Daily Bugle</source>", "Budget - NK News"),
        ("Budget - a record", "", "Budget - a record"), ("NK News", "<source url='https://x.org'>NK News</source>", "NK News"),
        ("Visit to NK News", "<source url='https://x.org'>NK News</source>", "Visit to NK News"),
    ],
)  # fmt: skip
def test_the_source_at_the_end_of_a_title_of_a_feed_is_cut(
    title: str, source: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "f.xml").write_text(
        feed_of(f"<item><title>{title}</title><link>http://x</link>{source}</item>"), "utf-8"
    )
    assert read_all(tmp_path / "f.xml")[0][0].title == expected


def test_an_entry_that_lost_its_text_in_a_broken_feed_is_not_stored(tmp_path: Path) -> None:
    whole = "<item><title>Good {0}</title><link>http://x/{0}</link><description>text</description></item>"
    broken = "<item><title>Broken & bad <b></title><link>http://x/b</link></item>"
    (tmp_path / "f.xml").write_text(feed_of(whole.format(1), broken, whole.format(2)), "utf-8")
    statements, remarks = read_all(tmp_path / "f.xml")
    assert [one.title for one in statements] == ["Good 1", "Good 2"]
    assert [(one.row, "has no text" in one.why) for one in remarks if one.lost] == [(2, True)]
    (tmp_path / "f.xml").write_text(feed_of(broken, broken), "utf-8")
    assert len(read_all(tmp_path / "f.xml")[0]) == 2  # a feed of titles only


@pytest.mark.parametrize("name", ["f.xml", "f.html", "f.csv", "f.jsonl", "f.json"])
def test_a_compressed_file_with_another_ending_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(gzip.compress(feed_of("<item><title>A</title></item>").encode()))
    with pytest.raises(InputError, match="a compressed file, not text") as error:
        read_all(tmp_path / name)
    assert error.value.remedy == "unpack it first"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("headline", ["Japan denounced", "일본의 군국주의", "日本の軍国主義"])
def test_utf_16_without_a_mark_is_read_with_a_remark(codec: str, headline: str, tmp_path: Path) -> None:
    table = "date,headline\n" + "".join(f"2025-12-0{day},{headline} {day}\n" for day in range(1, 5))
    (tmp_path / "f.csv").write_bytes(table.encode(codec))
    statements, remarks = read_all(tmp_path / "f.csv")
    assert [one.title for one in statements] == [f"{headline} {day}" for day in range(1, 5)]
    assert [one.why for one in remarks if "UTF-16" in one.why] == [
        "no byte order mark; read as UTF-16, which its bytes show"
    ]


def test_utf_8_with_a_few_nul_bytes_is_not_utf_16(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(b"date,headline\n2011-05-12,Japan \0 denounced and more words\n")
    statements, _ = read_all(tmp_path / "f.csv")
    assert statements[0].title == "Japan \ufffd denounced and more words"
