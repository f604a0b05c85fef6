"""The Media screen: only archives that are offered are read, codes go to the reader's own file, and wrong input is refused."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support import seeded

from tocsin.errors import InputError
from tocsin.rhetoric.adapting import adapted, coder_file, store
from tocsin.rhetoric.archive import Statement, open_archive
from tocsin.rhetoric.coder import coder
from tocsin.rhetoric.corrections import corrections_file, read_corrections
from tocsin.rhetoric.learn import invented_labels
from tocsin.rhetoric.watch.coverage import Gap
from tocsin.rhetoric.watch.judging import Judgement
from tocsin.rhetoric.watch.weeks import Expected, TargetWeeks, Week
from tocsin.workbench.screens.media_views import weeks_view
from tocsin.workbench.worker import working

DAY = dt.date(2026, 5, 4)
CODES = {"target": "JPN", "tone": "-2", "speaker": "kcna", "theme": "military_buildup"}


def fill(archive: Path, count: int = 24, *, korean: bool = True) -> None:
    """Write an archive of invented headlines, one of another country's press, and perhaps one in Korean with its translation."""
    titles = invented_labels()["headline"][:count]
    statements = [Statement(title, date=DAY, outlet="kcna", language="en") for title in titles]
    home = Statement(
        "군사력증강을 규탄한다", date=DAY, outlet="rodong", language="ko", translation="We condemn the build-up"
    )
    abroad = Statement("Harbour Opens", date=DAY, outlet="port_times", language="en")
    with open_archive(archive, writing=True) as opened:
        opened.add([*statements, statements[0], abroad, *([home] if korean else [])])


def post(reader: httpx.Client, name: str, archive: Path, /, **values: Any) -> httpx.Response:
    wait = 60  # seconds: the first request reads the coder
    return reader.post(f"/api/media/{name}", json={"archive": str(archive), **values}, timeout=wait)


def test_the_usual_archive_and_those_of_the_case_folder_are_offered(
    reader: httpx.Client, case_file: Path, archive_file: Path
) -> None:
    fill(case_file.parent / "mine.db")
    offered = reader.get("/api/media/archives").json()
    assert offered == [str(archive_file), str(case_file.parent / "mine.db")]
    empty, own = (post(reader, "archive", Path(file)).json() for file in offered)
    assert empty["statements"] == 0 and empty["latest"] is None and not archive_file.exists()
    assert own["statements"] == 26 and own["latest"] == str(DAY) and own["coded"] == 0


def test_no_other_file_is_read_or_written(reader: httpx.Client, tmp_path: Path, archive_file: Path) -> None:
    fill(tmp_path / "other.db")
    before = sorted(tmp_path.rglob("*"))
    bodies: dict[str, dict[str, Any]] = {
        "archive": {}, "headlines": {"page": 0}, "correct": {"number": "1", "codes": None}, "agree": {}, "week": {},
        "learn": {}, "add": {"name": "a.csv", "data": "", "outlet": "kcna"},
    }  # fmt: skip
    for name, body in bodies.items():
        answer = post(reader, name, tmp_path / "other.db", **body)
        assert answer.status_code == 422 and "not offered" in answer.json()["message"]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_table_is_added_once_and_its_lost_rows_are_named(reader: httpx.Client, archive_file: Path) -> None:
    table = "date,title\n2026-05-04,Farm Finishes Sowing\n2026-05-05,Japan Denounced\n2026-05-06,\n"
    data = base64.b64encode(table.encode()).decode()
    first = post(reader, "add", archive_file, name="my table.csv", data=data, outlet="kcna").json()
    assert first["added"] == 2 and first["lost"] == 1 and first["reasons"][0].startswith("my table.csv:4")
    assert post(reader, "add", archive_file, name="my table.csv", data=data, outlet="kcna").json()["known"] == 2
    with open_archive(archive_file) as opened:
        assert {item.outlet for item in opened.latest(9)} == {"kcna"}


@pytest.mark.parametrize(
    ("data", "said"), [("!!", "did not arrive whole"), (base64.b64encode(b"\x00\xff" * 50).decode(), "headlines")]
)
def test_a_table_that_is_none_is_refused_and_nothing_is_stored(
    reader: httpx.Client, archive_file: Path, data: str, said: str
) -> None:
    answer = post(reader, "add", archive_file, name="headlines", data=data, outlet="kcna").json()
    assert said in (answer.get("message") or answer["reasons"][0]) and not answer.get("added")


def test_the_least_certain_headline_comes_first_and_each_once(reader: httpx.Client, archive_file: Path) -> None:
    fill(archive_file)
    page = post(reader, "headlines", archive_file, page=0).json()
    certain = [item["certainty"] for item in page["items"]]
    assert certain[:-1] == sorted(certain[:-1]) and certain[-1] is None
    assert page["all"] == len({item["title"] for item in page["items"]}) == 25
    korean = page["items"][-1]
    assert korean["translation"] == "We condemn the build-up" and korean["probabilities"]["tone"] is None
    assert all(item["outlet"] != "port_times" for item in page["items"])
    assert post(reader, "headlines", archive_file, page=1).json()["items"] == []


def test_codes_are_kept_beside_the_archive_and_taken_back(reader: httpx.Client, archive_file: Path) -> None:
    fill(archive_file)
    number = post(reader, "headlines", archive_file, page=0).json()["items"][0]["id"]
    assert post(reader, "correct", archive_file, number=number, codes=CODES).json() == {"coded": 1}
    again = post(reader, "headlines", archive_file, page=0).json()["items"][0]
    assert again["id"] == number and again["mine"] == CODES
    assert read_corrections(archive_file)["headline"][0] == again["title"]
    assert post(reader, "correct", archive_file, number=number, codes=None).json() == {"coded": 0}


@pytest.mark.parametrize(
    ("number", "codes", "status"),
    [
        ("1", CODES, 422),
        ("-1", CODES, 400),
        ("1e3", CODES, 400),
        ("9" * 30, CODES, 400),
        (None, CODES | {"tone": "9"}, 422),
        (None, CODES | {"theme": ""}, 422),
        (None, CODES | {"target": "J" * 401}, 400),
        (None, {"tone": "-2"}, 400),
    ],
)
def test_wrong_codes_are_refused_and_nothing_is_written(
    reader: httpx.Client, archive_file: Path, number: str | None, codes: dict[str, str], status: int
) -> None:
    fill(archive_file, 3)
    wanted = number or post(reader, "headlines", archive_file, page=0).json()["items"][0]["id"]
    answer = post(reader, "correct", archive_file, number=wanted, codes=codes)
    assert answer.status_code == status and answer.json()["remedy"]
    assert not corrections_file(archive_file).exists()


def test_agreement_counts_by_category_and_warns_of_few_headlines(reader: httpx.Client, archive_file: Path) -> None:
    fill(archive_file)
    assert post(reader, "agree", archive_file).json() is None
    items = post(reader, "headlines", archive_file, page=0).json()["items"][:6]
    for place, item in enumerate(items):
        codes = item["codes"] | ({"speaker": "foreign"} if place == 0 else {})
        post(reader, "correct", archive_file, number=item["id"], codes=codes)
    agreement = post(reader, "agree", archive_file).json()
    assert agreement["n"] == 6 and agreement["few"] and sum(map(sum, agreement["tone"]["counts"])) == 6
    values = {one["name"]: one for one in agreement["statistics"]}
    assert values["tone, kappa"]["value"] == 1 and values["speaker, agreement"]["value"] == pytest.approx(5 / 6)
    assert [one["column"] for one in agreement["differences"]] == ["speaker"]
    assert sum(row["both"] for row in agreement["theme"]) >= 6


def test_a_coder_of_one_s_own_codes_only_when_it_is_chosen(reader: httpx.Client, archive_file: Path) -> None:
    fill(archive_file)
    refused = post(reader, "headlines", archive_file, page=0, coder="own")
    assert refused.status_code == 422 and "learn again" in refused.json()["remedy"]
    for item in post(reader, "headlines", archive_file, page=0).json()["items"]:
        post(reader, "correct", archive_file, number=item["id"], codes=item["codes"] | {"tone": "1"})
    store(archive_file, adapted(coder(), read_corrections(archive_file), seed=seeded(1)))
    learned = post(reader, "archive", archive_file).json()["learned"]
    assert learned["n"] == 24 and learned["left_out"] == 1 and learned["outcome"] in ("better", "worse", "unclear")

    def friendly(**chosen: str) -> int:
        items = post(reader, "headlines", archive_file, page=0, **chosen).json()["items"]
        return sum(item["codes"]["tone"] == "1" for item in items)

    assert friendly() == friendly(coder="shipped") < friendly(coder="own")


def test_learning_runs_in_its_own_process_and_says_why_it_cannot(reader: httpx.Client, archive_file: Path) -> None:
    fill(archive_file, 3)
    assert post(reader, "learn", archive_file).json() == {"started": True}
    assert post(reader, "learn", archive_file).json() == {"started": False}
    deadline = time.monotonic() + 60
    while "stage" in (state := reader.get("/api/media/work").json()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "only 0 English headlines" in state["message"] and state["task"] == "learn"
    assert not coder_file(archive_file).exists()


def test_work_can_be_stopped(reader: httpx.Client, archive_file: Path) -> None:
    fill(archive_file, 3)
    post(reader, "week", archive_file)
    deadline = time.monotonic() + 60
    while "stage" in (state := reader.get("/api/media/work").json()) and time.monotonic() < deadline:
        reader.post("/api/media/stop", json={})
        time.sleep(0.05)
    assert state == {} or "ready" in state


def test_a_week_of_an_archive_that_is_not_there_says_so(archive_file: Path) -> None:
    async def week() -> None:
        async with working("media_worker", "week", str(archive_file), "shipped", "en") as worker:
            await worker.result()

    with pytest.raises(InputError, match="no such archive") as caught:
        asyncio.run(week())
    assert caught.value.remedy


def judged(archive: Path) -> list[TargetWeeks]:
    """Return a loud week and one that is not over about Japan, and nothing about the United States."""
    with open_archive(archive) as opened:
        numbers = tuple(item.id for item in opened.latest(12))
    judgement = Judgement("JPN", DAY, 12, 3.0, 2.5, 0.5, 0.0, "all", 12, 3.0, 8, "history", 0.0005, 0.007, 0.006)
    later = DAY + dt.timedelta(weeks=1)
    weeks = (
        Week(DAY, 120, 7, 12, 4, None, Expected(3.0, 0.0, 7.0, 2.5)),
        Week(later, 20, 2, 1, 0, Gap(later, "open", "it is not over"), None),
    )
    return [TargetWeeks("JPN", weeks, judgement, ("Party foundation",), (), numbers), TargetWeeks("USA", (), None)]


def test_weeks_are_shown_with_what_is_expected_and_missing_stays_missing(archive_file: Path) -> None:
    fill(archive_file)
    japan, america = weeks_view(archive_file, judged(archive_file), "ko")["targets"]
    assert japan["name"] == "일본" and japan["judgement"]["rings"] and japan["critical"] == 12
    assert len(japan["headlines"]) == 10 and japan["occasions"] == ["Party foundation"]
    assert japan["weeks"][0]["expected"]["high"] == 7.0
    assert japan["weeks"][1]["expected"] is None and japan["weeks"][1]["gap"] == "open"
    assert america["judgement"] is None and america["weeks"] == []
    json.dumps(japan)
