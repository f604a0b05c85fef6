"""Citations: BibTeX and CSL-JSON that reference managers read."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.export.support import assessed, done, members, tocsin
from tests.facts_only import write_facts_only

from tocsin.assessment.record import AssessmentRecord
from tocsin.data.registry import sources
from tocsin.export.citing import of_data_set, run_hash
from tocsin.export.references import Reference, to_bibtex, to_csl
from tocsin.runs.names import resolve
from tocsin.runs.store import RAN

NASTY = Reference(
    key="a b}c,",
    kind="document",
    title='50 % of {it} \\ costs $5 & #1_a ~ ^ "q" }',
    authors=("Ünal and 김",),
    issued=date(2024, 5, 1),
    url="https://example.org/a b}{\\",
    note="two\nlines\x1b[31m",
)
CSL_TYPES = {"dataset", "software", "report", "article-newspaper", "document"}
CSL_FIELDS = {"id", "type", "title", "author", "issued", "container-title", "URL", "accessed", "version", "note"}


def entries(text: str) -> dict[str, dict[str, str]]:
    """Read BibTeX: entries by key, fields with balanced braces; anything else fails."""
    result: dict[str, dict[str, str]] = {}
    rest = text
    while rest.strip():
        head = re.match(r"\s*@(\w+)\{([^\s,{}\\]+),\n", rest)
        assert head, rest[:80]
        rest = rest[head.end() :]
        fields = {"": head[1]}
        while not rest.startswith("}"):
            name = re.match(r"  (\w+) = \{", rest)
            assert name, rest[:80]
            depth, end = 1, name.end()
            while depth:
                step = 2 if rest[end] == "\\" else 1
                depth += {"{": 1, "}": -1}.get(rest[end], 0)
                end += step
            fields[name[1]] = rest[name.end() : end - 1]
            assert rest[end : end + 2] == ",\n"
            rest = rest[end + 2 :]
        rest = rest[1:]
        assert head[2] not in result
        result[head[2]] = fields
    return result


def plain(tex: str) -> str:
    """Return what TeX prints of a field."""
    for written, printed in (("textbackslash{}", "\\"), ("textasciitilde{}", "~"), ("textasciicircum{}", "^")):
        tex = tex.replace(f"\\{written}", f"\0{printed}")
    return re.sub(r"\\([{}&%$#_])|[{}]|\0", lambda match: match[1] or "", tex)


def check_csl(items: list[dict[str, Any]]) -> None:
    for item in items:
        assert set(item) <= CSL_FIELDS
        assert {"id", "type", "title"} <= set(item)
        assert item["type"] in CSL_TYPES
        for name in item.get("author", []):
            assert set(name) in ({"literal"}, {"family"})
        for field in ("issued", "accessed"):
            if field in item:
                ((*parts,),) = item[field]["date-parts"]
                assert all(isinstance(part, int) for part in parts)
    assert len({item["id"] for item in items}) == len(items)


def test_hostile_texts_stay_within_their_fields() -> None:
    ((key, fields),) = entries(to_bibtex([NASTY])).items()
    assert re.fullmatch(r"[\w.:+-]+", key)
    assert plain(fields["title"]) == NASTY.title
    assert fields["note"] == "two lines [31m"
    assert "}" not in fields["url"]
    (item,) = json.loads(to_csl([NASTY]))
    check_csl([item])
    assert item["title"] == NASTY.title
    assert item["issued"] == {"date-parts": [[2024, 5, 1]]}


def test_every_data_set_has_an_entry_with_its_maker_title_and_address() -> None:
    references = [of_data_set(record) for record in sources().values()]
    read = entries(to_bibtex(references))
    assert set(read) == set(sources())
    for name, record in sources().items():
        assert plain(read[name]["title"]) == record.what
        assert read[name]["author"]
        assert record.cite in plain(read[name]["note"])
    check_csl(json.loads(to_csl(references)))


def test_families_are_parted_and_organisations_are_not() -> None:
    known = sources()
    assert of_data_set(known["contiguity"]).authors == ("Stinnett", "Tir", "Schafer", "Diehl", "Gochman")
    assert of_data_set(known["contiguity"]).issued == 2002
    assert of_data_set(known["states"]).literal
    assert of_data_set(known["distance"]).authors == ("Schvitz et al.",)
    assert of_data_set(known["sipri_spending"]).issued is None


def test_a_case_is_cited_with_its_sources_and_its_run(tmp_path: Path) -> None:
    case = write_facts_only(tmp_path / "case")
    before = entries(done("data", "cite", case, "--to", "bibtex").stdout)
    assert set(before) == {"op-ed", "op-ed:authority", "op-ed:paper"}
    data = assessed(case, tmp_path)
    after = entries(done("data", "cite", case, "--to", "bibtex").stdout)
    assert set(after) == {"tocsin", "op-ed:run", *before}
    note = plain(after["op-ed:run"]["note"])
    assert f"seed {data['run']['seed']}" in note
    assert f"tocsin {data['run']['versions']['tocsin']}" in note
    assert run_hash(AssessmentRecord.model_validate(data)) in note
    assert data["case"]["sha256"] in plain(after["op-ed"]["note"])
    check_csl(json.loads(done("data", "cite", case, "--to", "csl").stdout))
    assert "authority: Port authority, yearbook 2024" in done("data", "cite", case).stdout


def test_the_hash_of_a_run_is_that_of_its_repetition(tmp_path: Path) -> None:
    case = write_facts_only(tmp_path / "case")
    hashes = {run_hash(AssessmentRecord.model_validate(assessed(case, tmp_path))) for _ in range(2)}
    other = assessed(case, tmp_path, "--set", "ships.waiting=90 ships")
    assert len(hashes) == 1
    assert run_hash(AssessmentRecord.model_validate(other)) not in hashes


def test_an_export_states_the_day_of_the_run_and_a_json_alone_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    case, begun = write_facts_only(tmp_path / "case"), datetime.now(UTC).date()
    assessed(case, tmp_path)
    run = resolve("op-ed")
    assert begun <= run.days[-1] <= datetime.now(UTC).date()
    (moment,) = (run.path / RAN).iterdir()
    moment.rename(moment.with_name("2020-01-02T000000.000000Z"))
    for source in (case, tmp_path / "run.json"):  # the JSON is that of the stored run
        done("export", source, "--to", "argdown", "-o", tmp_path / "out.argdown")
        assert "2020-01-02. Run of the case" in (tmp_path / "out.argdown").read_text(encoding="utf-8")
    cited = entries(done("data", "cite", case, "--to", "bibtex").stdout)["op-ed:run"]
    assert (cited["date"], cited["year"]) == ("2020-01-02", "2020")
    shutil.rmtree(run.path)
    done("export", tmp_path / "run.json", "--to", "argdown", "-o", tmp_path / "out.argdown")
    assert '"Run of the case' in (tmp_path / "out.argdown").read_text(encoding="utf-8")


def test_a_zip_carries_what_to_cite(tmp_path: Path) -> None:
    case = write_facts_only(tmp_path / "case")
    assessed(case, tmp_path)
    done("export", case, "--to", "csv", "-o", tmp_path / "out.zip")
    files = members(tmp_path / "out.zip")
    assert {"tocsin", "op-ed:run", "op-ed", "op-ed:paper"} <= set(entries(files["citations.bib"].decode("utf-8")))
    check_csl(json.loads(files["citations.json"]))
    readme = files["README.txt"].decode("utf-8")
    assert "How to cite" in readme
    assert "A made-up paper, 2 May 2024" in readme


@pytest.mark.parametrize("format_", ["text", "bibtex", "csl"])
def test_an_unknown_name_is_refused(format_: str) -> None:
    refused = tocsin("data", "cite", "nmcc", "--to", format_)
    assert refused.exit_code == 2
    assert "unknown data set `nmcc`" in refused.stderr
