"""Feeds and JSON broken at random: whatever the bytes are, an import ends with a summary, and what it says it added can be read."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin.rhetoric.archive import open_archive

SEED = 20
SECONDS = 130.0
"""Time after which the long run stops; the short one is far from it."""
ITEM = {
    "title": "Japan denounced",
    "content_text": "일본의 군국주의",
    "date_published": "2025-12-26T10:52:00+09:00",
    "url": "http://www.kcna.kp/1",
}
ROWS = [{**ITEM, "id": index, "date": 1_305_158_400_000 + index * 86_400_000} for index in range(6)]
JSON = [
    json.dumps(data, ensure_ascii=escaped)
    for escaped in (False, True)
    for data in (
        ROWS, {"articles": ROWS}, {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [ITEM]},
        {name: {str(index): row[name] for index, row in enumerate(ROWS)} for name in ROWS[0]},
        {"columns": list(ROWS[0]), "index": [0, 1], "data": [list(row.values()) for row in ROWS[:2]]},
        {"schema": {"fields": [{"name": "title"}]}, "data": ROWS}, {"2011-05-12": ITEM}, {name: [row[name] for row in ROWS] for name in ROWS[0]},
    )
] + ["\n".join(json.dumps(row) for row in ROWS)]  # fmt: skip
FEEDS = [
    "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>c</title><language>ko</language><item><title>일본 &amp; &lt;b&gt;x&lt;/b&gt;</title>"
    "<link>http://www.kcna.kp/1</link><description><![CDATA[<p>one</p>]]></description><pubDate>Fri, 26 Dec 2025 10:52:00 +0900</pubDate></item></channel></rss>",
    "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='ja'><title>f</title><entry><title type='html'>日本&#12354;</title><id>1</id><updated>2025-12-26T00:00:00Z</updated>"
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x<br/></div></content></entry></feed>",
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><item><title>A</title><dc:date>2025-12-26</dc:date></item></rdf:RDF>",
]
PIECES = [
    "<", ">", "&", "&#99999999999;", "&#0;", "&#xD800;", "&x;", "<![CDATA[", "]]>", "<!DOCTYPE x [", "<!ENTITY a 'b'>", "<?", "<!--", "<item>", "</item>", "{", "}",
    "[", "]", ",", ":", '"', "\\ud800", "\\", "null", "true", "NaN", "Infinity", "1e999", "-1", "9" * 400, "9" * 5_000, "\0", "\x1b[31m", "\u202e", "\ufeff", "[" * 3_000,
    '{"a":' * 300, "<a>" * 2_000, "\ud800",
]  # fmt: skip


def mutants(samples: list[str], generator: random.Random) -> Iterator[bytes]:
    """Yield samples with some bytes cut, doubled, swapped, changed or put in."""
    while True:
        data = bytearray(generator.choice(samples).encode(generator.choice(["utf-8"] * 4 + ["utf-16", "utf-8-sig"])))
        for _ in range(generator.choice([1, 1, 2, 4, 16])):
            start = generator.randrange(len(data) + 1)
            end = min(start + generator.choice([1, 2, 8, 40, 200]), len(data))
            match generator.randrange(6):
                case 0:
                    del data[start:end]
                case 1:
                    data[start:start] = data[start:end] * generator.choice([1, 3, 50])
                case 2:
                    data[start:end] = bytes(generator.randrange(256) for _ in range(end - start))
                case 3:
                    data[start:start] = generator.choice(PIECES).encode("utf-8", "surrogatepass")
                case 4:
                    data[start:end] = data[start:end][::-1]
                case _:
                    data = data[: max(start, 1)]
        yield bytes(data)


@pytest.mark.parametrize("kind", ["json", "xml"])
@pytest.mark.parametrize("batches", [6, pytest.param(600, marks=pytest.mark.slow)])
def test_no_broken_input_stops_an_import(tmp_path: Path, kind: str, batches: int) -> None:
    inputs = mutants({"json": JSON, "xml": FEEDS}[kind], random.Random(SEED))
    endings = {"json": [".json", ".jsonl"], "xml": [".xml", ".atom"]}[kind]
    added, read, start = 0, 0, time.perf_counter()
    with open_archive(tmp_path / "a.db", writing=True) as archive:
        for batch in range(batches):
            folder = tmp_path / f"in{batch}"
            folder.mkdir()
            for index in range(30):
                (folder / f"{index:02d}{endings[index % 2]}").write_bytes(next(inputs))
            before = time.perf_counter()
            summary = archive.add_files([folder], accept_doubtful=batch % 2 == 0)
            assert time.perf_counter() - before < 30, f"batch {batch} is slow"
            assert summary.exit_code in (0, 1, 2) and summary.files + len({one.file for one in summary.lost}) >= 1
            added += summary.added
            read += summary.added + summary.known
            assert archive.count() == added
            if time.perf_counter() - start > SECONDS:
                break
        assert added > 10 and read > 10 * (batch + 1)  # many broken inputs still hold statements, mostly the same ones
        assert all(statement.hash for statement in archive.statements())
