"""The screen that makes files of the last run: what it offers, what it makes, and what it refuses."""

from __future__ import annotations

import asyncio
import json
import re
from io import BytesIO
from pathlib import Path

import httpx
import pptx
import pytest
from tests.workbench.conftest import run_case

from tocsin.export.formats import FORMATS
from tocsin.report.parts import PARTS
from tocsin.workbench.printing import Press
from tocsin.workbench.screens.print_views import FORMAT_WORDS


@pytest.fixture
def ran(case_file: Path, reader: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> httpx.Client:
    """Return the reader of a case that was run."""
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "home"))
    run_case(case_file)
    reader.timeout = httpx.Timeout(60)
    return reader


def choice(reader: httpx.Client, **changes: object) -> dict[str, object]:
    """Return the choice of the whole brief in English, with changes."""
    run = reader.get("/api/print").json()["run"]
    return {"run": run, "format": "html", "language": "en", "parts": ["claims", "appendix"], **changes}


def test_a_case_that_was_never_run_has_nothing_to_print(
    reader: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "empty"))
    assert reader.get("/api/print").json() is None


def test_it_offers_what_a_case_without_games_has(ran: httpx.Client) -> None:
    shown = ran.get("/api/print").json()
    assert [part["name"] for part in shown["parts"]] == ["claims", "limits", "rivals", "appendix"]
    assert {item["name"] for item in shown["formats"]} == FORMAT_WORDS.keys() - {"netcdf", "efg"}
    offered = {item["name"]: item["parts"] for item in shown["formats"]}
    assert offered["html"] == offered["docx"] == offered["pdf"] == ["claims", "limits", "rivals", "appendix"]
    assert offered["pptx"] == ["claims", "rivals"]
    assert all(parts == [] for name, parts in offered.items() if name not in ("html", "docx", "pdf", "pptx"))
    assert not shown["stale"]
    assert not shown["draft"]


def test_slides_have_the_chosen_parts(ran: httpx.Client) -> None:
    def titles(parts: list[str]) -> list[str]:
        made = ran.post("/api/print", json=choice(ran, format="pptx", parts=parts)).json()
        deck = pptx.Presentation(BytesIO(ran.get(f"/print/{made['number']}/file").content))
        return [slide.shapes.title.text_frame.text for slide in deck.slides]

    assert "Trade has doubled in ten years." in titles(["claims"])
    assert "Trade has doubled in ten years." not in titles([])


def test_an_edit_after_the_run_makes_it_stale(ran: httpx.Client, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("Is the port busy?", "Is the port full?"), encoding="utf-8")
    assert ran.get("/api/print").json()["stale"]


def test_every_format_is_one_of_export() -> None:
    assert FORMAT_WORDS.keys() == FORMATS.keys() - {"png", "svg"}  # these write two files and need a figure


@pytest.mark.parametrize("name", ["html", "json", "csv", "argdown"])
def test_the_download_is_what_export_writes(ran: httpx.Client, name: str) -> None:
    parts = ["claims"] if name == "html" else None
    made = ran.post("/api/print", json=choice(ran, format=name, parts=parts)).json()
    file = ran.get(f"/print/{made['number']}/file")
    assert made["name"].endswith(FORMATS[name].ending)
    assert len(file.content) == made["size"]
    assert file.headers["Content-Disposition"].startswith("attachment;")
    if name == "html":
        assert 'id="claims"' in file.text
        assert 'id="sources"' not in file.text
        assert 'href="#sources"' not in file.text
    if name == "json":
        assert json.loads(file.text)["format"] == "tocsin-assessment/1"


def test_the_file_speaks_the_chosen_language(ran: httpx.Client) -> None:
    made = ran.post("/api/print", json=choice(ran, language="ko", parts=[])).json()
    page = ran.get(f"/print/{made['number']}/file").text
    assert '<html lang="ko">' in page
    assert 'id="claims"' not in page


def test_the_preview_has_no_origin_and_runs_no_script_but_its_own(ran: httpx.Client) -> None:
    made = ran.post("/api/print", json=choice(ran)).json()
    policy = ran.get(f"/print/{made['number']}/preview").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";") if " " in rule.strip())
    assert re.fullmatch(r"'sha256-[\w+/=]+'", rules["script-src"])
    assert rules["default-src"] == rules["frame-ancestors"] == "'none'"
    assert "allow-same-origin" not in rules["sandbox"]


def test_a_file_that_is_no_page_has_no_preview(ran: httpx.Client) -> None:
    made = ran.post("/api/print", json=choice(ran, format="json", parts=None)).json()
    assert ran.get(f"/print/{made['number']}/preview").status_code == 404
    assert ran.get(f"/print/{made['number'] + 1}/file").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"format": "exe"}, 422, "unknown format"),
        ({"parts": ["claims", "nothing"]}, 422, "no part `nothing`"),
        ({"format": "csv"}, 422, "takes no --pages"),
        ({"run": "nowhere@00000000"}, 422, "nowhere"),
        ({"run": "../../etc@00000000"}, 400, "run"),
        ({"format": "-o"}, 400, "format"),
        ({"language": "xx"}, 400, "language"),
        ({"parts": ["x" * 100]}, 400, "parts"),
    ],
)
def test_a_wrong_choice_is_refused(ran: httpx.Client, changes: dict[str, object], status: int, said: str) -> None:
    answer = ran.post("/api/print", json=choice(ran, **changes))
    assert answer.status_code == status
    assert said in answer.json()["message"]


def test_a_later_file_ends_the_earlier(monkeypatch: pytest.MonkeyPatch, ran: httpx.Client) -> None:
    run = str(choice(ran)["run"])

    async def two() -> tuple[object, object]:
        press = Press()
        first = asyncio.create_task(press.make(run, "html", "en", "all"))
        await asyncio.sleep(0.1)
        second = await press.make(run, "json", "en", "")
        return await first, second

    first, second = asyncio.run(two())
    assert first is None
    assert second is not None


def test_parts_stand_in_the_order_of_the_brief(ran: httpx.Client) -> None:
    shown = [part["name"] for part in ran.get("/api/print").json()["parts"]]
    assert shown == [name for name in PARTS if name in shown]
