"""Downloads from a site that fails in every way: nothing wrong ever enters the cache."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.data.server import Site, serving

from tocsin.data import fetch
from tocsin.data.cache import pin, place, state
from tocsin.data.fetch import bring_in, get
from tocsin.data.registry import Source, source
from tocsin.errors import InputError, SolveError

CONTENT = bytes(range(256)) * 800
SOURCE = Source(
    name="made_up",
    what="bytes",
    cite="nobody",
    licence="none",
    official="https://example.org",
    years=(1900, 1901),
    file="made_up.rda",
    address="https://example.org/made_up.rda",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    bytes=len(CONTENT),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "cache"))
    monkeypatch.delenv("TOCSIN_OFFLINE", raising=False)
    monkeypatch.setattr(fetch, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(fetch, "STALL_SECONDS", 0.3)
    return tmp_path / "cache"


def download(plan: list[str], content: bytes = CONTENT) -> Site:
    with serving(Site(content, plan)) as site:
        get(SOURCE, address=site.address)
    return site


def test_a_good_site_is_asked_once_and_then_never_again() -> None:
    with serving(Site(CONTENT)) as site:
        seen: list[int] = []
        file = get(SOURCE, address=site.address, progress=lambda have, _whole: seen.append(have))
        assert get(SOURCE, address=site.address) == file
    assert file.read_bytes() == CONTENT
    assert seen[-1] == len(CONTENT)
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "plan",
    [
        ["cut", "whole"],
        ["stalled", "whole"],
        ["busy", "busy", "whole"],
        ["short_lie", "whole"],
        ["cut", "ignoring_range"],
        ["cut", "wrong_place", "whole"],
        ["other", "whole"],
        ["other_half", "whole", "whole"],
        ["too_much", "whole"],
        ["onwards", "whole"],
    ],
    ids="-".join,
)
def test_what_fails_for_a_while_is_had_in_the_end(plan: list[str]) -> None:
    download(plan)
    assert state(SOURCE) == "whole"


def test_a_download_that_broke_off_goes_on_where_it_was() -> None:
    site = download(["cut", "whole"])
    assert site.asked == [None, f"bytes={len(CONTENT) // 2}-"]


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (["missing"], "answers 404"),
        (["busy"], "answers 500"),
        (["circle"], "leads in circles"),
        (["open_line"], "is not https"),
        (["other"], "is another file"),
        (["too_much"], "sends more than"),
        (["short_lie"], "connection ended after|peer closed"),
        (["stalled"], "ReadTimeout"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_never_works_says_how_to_do_it_by_hand_and_leaves_nothing_wrong(plan: list[str], message: str) -> None:
    with pytest.raises(SolveError, match=message) as caught:
        download(plan)
    assert "tocsin data import made_up FILE" in str(caught.value)
    assert state(SOURCE) == "absent"


def test_content_that_changed_between_the_parts_is_not_kept() -> None:
    with serving(Site(CONTENT, ["cut"])) as site, pytest.raises(SolveError):
        get(SOURCE, address=site.address)
    with serving(Site(CONTENT[::-1], ["whole"])) as changed, pytest.raises(SolveError, match="another file"):
        get(SOURCE, address=changed.address)
    assert state(SOURCE) == "absent"
    download(["whole"])
    assert state(SOURCE) == "whole"


def test_a_site_that_is_not_there_is_said() -> None:
    with pytest.raises(SolveError, match="ConnectError"):
        get(SOURCE, address="http://localhost:9/file")


def test_two_at_once_download_once() -> None:
    with serving(Site(CONTENT)) as site, ThreadPoolExecutor(2) as pool:
        files = list(pool.map(lambda _: get(SOURCE, address=site.address), range(2)))
    assert files[0] == files[1]
    assert len(site.asked) == 1


@pytest.mark.parametrize("variable", [True, False])
def test_offline_means_offline(variable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if variable:
        monkeypatch.setenv("TOCSIN_OFFLINE", "1")
    with serving(Site(CONTENT)) as site, pytest.raises(SolveError, match="this run is offline"):
        get(SOURCE, address=site.address, offline=not variable)
    assert site.asked == []


def test_a_broken_file_of_the_cache_is_had_again(folder: Path) -> None:
    folder.mkdir()
    place(SOURCE).write_bytes(CONTENT[:-1] + b"x")
    assert state(SOURCE) == "broken"
    download(["whole"])
    assert state(SOURCE) == "whole"


def test_a_cache_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "file" / "cache"))
    with pytest.raises(SolveError, match="cannot write"):
        download(["whole"])


def test_a_full_disk_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fetch, "_receive", full)
    with pytest.raises(SolveError, match="No space left on device"):
        download(["whole"])
    assert state(SOURCE) == "absent"


def test_a_file_brought_by_hand_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "download"
    file.write_bytes(CONTENT + b"x")
    with pytest.raises(InputError, match="this is not the file of `made_up`"):
        bring_in(SOURCE, file)
    assert state(SOURCE) == "absent"
    file.write_bytes(CONTENT)
    bring_in(SOURCE, file)
    assert state(SOURCE) == "whole"
    assert [*place(SOURCE).parent.glob("*import*")] == []
    with pytest.raises(InputError, match="cannot read"):
        bring_in(SOURCE, tmp_path / "none")


def indicator(value: float = 1.0, pages: int = 1) -> bytes:
    rows = [
        {"countryiso3code": "JPN", "date": "2020", "value": value},
        {"countryiso3code": "", "date": "2020", "value": 2},
    ]
    return json.dumps([{"pages": pages}, rows]).encode()


def test_a_set_that_goes_on_is_recorded_when_first_found_good_and_held_to_it() -> None:
    bank = source("wb_ppp")
    assert pin(bank) is None
    with serving(Site(indicator())) as site:
        file = get(bank, address=site.address)
    assert state(bank) == "whole"
    known = pin(bank)
    assert known is not None and known.since is not None
    assert (known.sha256, known.bytes) == (hashlib.sha256(indicator()).hexdigest(), len(indicator()))
    file.write_bytes(indicator(2.0))
    assert state(bank) == "broken"
    with serving(Site(indicator(3.0))) as site:
        get(bank, address=site.address)
    assert (state(bank), file.read_bytes()) == ("whole", indicator(3.0))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>sign in first</html>", "no JSON file"),
        (b"[]", "no answer of the World Bank"),
        (indicator(pages=2), "one of 2 pages"),
        (indicator()[:-5], "no JSON file"),
    ],
)
def test_what_is_no_such_table_is_never_taken_for_it(content: bytes, message: str) -> None:
    with serving(Site(content)) as site, pytest.raises(SolveError, match=message):
        get(source("wb_ppp"), address=site.address)
    assert state(source("wb_ppp")) == "absent"
    assert pin(source("wb_ppp")) is None


def test_a_set_that_its_maker_gives_to_users_alone_is_not_downloaded() -> None:
    with pytest.raises(SolveError, match="must be downloaded by you: non-commercial") as caught:
        get(source("sipri_spending"))
    assert "tocsin data import sipri_spending FILE" in str(caught.value)


def test_a_file_without_end_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 50)
    with serving(Site(indicator())) as site, pytest.raises(SolveError, match="sends more than the 50 bytes"):
        get(source("wb_ppp"), address=site.address)
    (tmp_path / "file.json").write_bytes(indicator())
    with pytest.raises(InputError, match="more than the 50"):
        bring_in(source("wb_ppp"), tmp_path / "file.json")
    assert state(source("wb_ppp")) == "absent"
