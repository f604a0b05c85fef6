"""Downloads from a site that fails in every way: no wrong file enters the cache."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import pytest
from click.testing import CliRunner
from tenacity import wait_none
from tests.data.server import Site, serving

from tocsin.cli import main
from tocsin.data import fetch
from tocsin.data.cache import cache_path, pin, status
from tocsin.data.fetch import download, import_file
from tocsin.data.registry import Source, source
from tocsin.errors import InputError, SolveError
from tocsin.translation import Translator

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
    monkeypatch.setattr(fetch, "WAIT", wait_none())
    monkeypatch.setattr(fetch, "STALL_SECONDS", 0.3)
    return tmp_path / "cache"


def download_by_plan(plan: list[str]) -> Site:
    with serving(Site(CONTENT, plan)) as site:
        download(SOURCE, address=site.address)
    return site


def test_a_cached_file_is_not_requested_again() -> None:
    with serving(Site(CONTENT)) as site:
        received: list[int] = []
        file = download(SOURCE, address=site.address, progress=lambda have, _expected: received.append(have))
        assert download(SOURCE, address=site.address) == file
    assert file.read_bytes() == CONTENT
    assert received[-1] == len(CONTENT)
    assert len(site.requests) == 1


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
def test_a_transient_failure_is_retried(plan: list[str]) -> None:
    download_by_plan(plan)
    assert status(SOURCE) == "intact"


def test_a_transient_failure_is_tried_four_times_and_a_permanent_one_once() -> None:
    for step, requests in (("busy", 4), ("missing", 1)):
        with serving(Site(CONTENT, [step])) as site, pytest.raises(SolveError):
            download(SOURCE, address=site.address)
        assert len(site.requests) == requests


def test_an_interrupted_download_resumes() -> None:
    site = download_by_plan(["cut", "whole"])
    assert site.requests == [None, f"bytes={len(CONTENT) // 2}-"]


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (["missing"], "answers 404"),
        (["busy"], "answers 500"),
        (["circle"], "redirects too often"),
        (["plain_http"], "is not https"),
        (["other"], "is another file"),
        (["too_much"], "sends more than"),
        (["short_lie"], "connection ended after|peer closed"),
        (["stalled"], "ReadTimeout"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_failed_download_explains_the_manual_one_and_caches_nothing(plan: list[str], message: str) -> None:
    with pytest.raises(SolveError, match=message) as caught:
        download_by_plan(plan)
    assert "tocsin data import made_up FILE" in str(caught.value)
    assert status(SOURCE) == "absent"


@pytest.mark.parametrize("language", ["ko", "ja"])
@pytest.mark.parametrize("plan", ["missing", "circle", "plain_http", "other", "too_much", "stalled"])
def test_the_reason_of_a_failed_download_reads_in_every_language(plan: str, language: str) -> None:
    with pytest.raises(SolveError) as caught:
        download_by_plan([plan])
    translator = Translator(language=language)
    shown = translator.plain(caught.value.message)
    assert not translator.missing and not re.search(r"[a-z]+ [a-z]+ [a-z]+", shown)


def test_content_that_changed_between_two_parts_is_not_cached() -> None:
    with serving(Site(CONTENT, ["cut"])) as site, pytest.raises(SolveError):
        download(SOURCE, address=site.address)
    with serving(Site(CONTENT[::-1], ["whole"])) as changed, pytest.raises(SolveError, match="another file"):
        download(SOURCE, address=changed.address)
    assert status(SOURCE) == "absent"
    download_by_plan(["whole"])
    assert status(SOURCE) == "intact"


def test_an_unreachable_site_is_reported() -> None:
    with pytest.raises(SolveError, match="ConnectError"):
        download(SOURCE, address="http://localhost:9/file")


def test_two_concurrent_requests_download_once() -> None:
    with serving(Site(CONTENT)) as site, ThreadPoolExecutor(2) as pool:
        files = list(pool.map(lambda _: download(SOURCE, address=site.address), range(2)))
    assert files[0] == files[1]
    assert len(site.requests) == 1


@pytest.mark.parametrize("variable", [True, False])
def test_an_offline_run_sends_no_request(variable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if variable:
        monkeypatch.setenv("TOCSIN_OFFLINE", "1")
    with serving(Site(CONTENT)) as site, pytest.raises(SolveError, match="this run is offline"):
        download(SOURCE, address=site.address, offline=not variable)
    assert site.requests == []


def test_a_broken_file_is_downloaded_again(folder: Path) -> None:
    folder.mkdir()
    cache_path(SOURCE).write_bytes(CONTENT[:-1] + b"x")
    assert status(SOURCE) == "broken"
    download_by_plan(["whole"])
    assert status(SOURCE) == "intact"


def test_a_cache_folder_that_cannot_be_created_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "file" / "cache"))
    with pytest.raises(SolveError, match="cannot write"):
        download_by_plan(["whole"])


def test_a_full_disk_is_reported_and_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fetch, "_receive", full)
    with pytest.raises(SolveError, match="No space left on device"):
        download_by_plan(["whole"])
    assert status(SOURCE) == "absent"


def test_an_imported_file_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "download"
    file.write_bytes(CONTENT + b"x")
    with pytest.raises(InputError, match="this is not the file of `made_up`"):
        import_file(SOURCE, file)
    assert status(SOURCE) == "absent"
    file.write_bytes(CONTENT)
    import_file(SOURCE, file)
    assert status(SOURCE) == "intact"
    assert [*cache_path(SOURCE).parent.glob("*import*")] == []
    with pytest.raises(InputError, match="cannot read"):
        import_file(SOURCE, tmp_path / "none")


def indicator(value: float = 1.0, pages: int = 1) -> bytes:
    rows = [
        {"countryiso3code": "JPN", "date": "2020", "value": value},
        {"countryiso3code": "", "date": "2020", "value": 2},
    ]
    return json.dumps([{"pages": pages}, rows]).encode()


def test_a_source_without_checksum_is_recorded_at_its_first_download() -> None:
    bank = source("wb_ppp")
    assert pin(bank) is None
    with serving(Site(indicator())) as site:
        file = download(bank, address=site.address)
    assert status(bank) == "intact"
    known = pin(bank)
    assert known is not None and known.since is not None
    assert (known.sha256, known.bytes) == (hashlib.sha256(indicator()).hexdigest(), len(indicator()))
    file.write_bytes(indicator(2.0))
    assert status(bank) == "broken"
    with serving(Site(indicator(3.0))) as site:
        download(bank, address=site.address)
    assert (status(bank), file.read_bytes()) == ("intact", indicator(3.0))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>sign in first</html>", "not a JSON file"),
        (b"[]", "not a World Bank response"),
        (indicator(pages=2), "one of 2 pages"),
        (indicator()[:-5], "not a JSON file"),
    ],
)
def test_a_file_without_checksum_must_hold_the_declared_table(content: bytes, message: str) -> None:
    with serving(Site(content)) as site, pytest.raises(SolveError, match=message):
        download(source("wb_ppp"), address=site.address)
    assert status(source("wb_ppp")) == "absent"
    assert pin(source("wb_ppp")) is None


def test_a_source_for_manual_download_is_not_downloaded() -> None:
    with pytest.raises(SolveError, match="you must download `sipri_spending` yourself: non-commercial") as caught:
        download(source("sipri_spending"))
    assert "tocsin data import sipri_spending FILE" in str(caught.value)


def test_a_file_above_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 50)
    with serving(Site(indicator())) as site, pytest.raises(SolveError, match="sends more than the 50 bytes"):
        download(source("wb_ppp"), address=site.address)
    (tmp_path / "file.json").write_bytes(indicator())
    with pytest.raises(InputError, match="more than the 50"):
        import_file(source("wb_ppp"), tmp_path / "file.json")
    assert status(source("wb_ppp")) == "absent"


# --- imports -------------------------------------------------------------------------------------------------------


def test_a_device_a_pipe_and_a_folder_are_refused_at_once(tmp_path: Path, folder: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for other, what in (
        (Path("/dev/zero"), "a pipe or device"),
        (tmp_path / "pipe", "a pipe or device"),
        (tmp_path, "a folder"),
    ):
        with pytest.raises(InputError, match=f"not a regular file but {what}"):
            import_file(SOURCE, other)
    assert [*folder.iterdir()] == []


def test_a_file_is_copied_up_to_the_largest_size_and_no_further(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "PIECE", 1000)
    sizes: list[int] = []
    read = fetch._piece

    def counted(file: Path, original: BinaryIO) -> bytes:
        sizes.append(len(chunk := read(file, original)))
        return chunk

    monkeypatch.setattr(fetch, "_piece", counted)
    large = tmp_path / "large"
    large.write_bytes(CONTENT * 3)
    with pytest.raises(InputError, match=f"more than the {len(CONTENT):,} bytes allowed"):
        import_file(SOURCE, large)
    assert sum(sizes) <= len(CONTENT) + 1000
    assert [*folder.iterdir()] == []


def test_an_import_to_a_full_disk_blames_writing_and_leaves_the_old_file(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "download"
    file.write_bytes(CONTENT)
    import_file(SOURCE, file)

    def full(self: Path, *_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(SolveError, match="cannot write: No space left on device"):
        import_file(SOURCE, file)
    monkeypatch.undo()
    monkeypatch.setenv("TOCSIN_DATA", str(folder))
    assert [path.name for path in folder.iterdir()] == [SOURCE.file]
    assert status(SOURCE) == "intact"


def test_an_imported_file_that_cannot_be_read_to_its_end_blames_reading(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "download"
    file.write_bytes(CONTENT)

    def broken(path: Path, shown: str, limit: int | None) -> BinaryIO:
        class Broken(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                raise OSError(5, "Input/output error")

        return Broken()

    monkeypatch.setattr(fetch, "open_file", broken)
    with pytest.raises(InputError, match="download: cannot read: Input/output error"):
        import_file(SOURCE, file)
    assert [*folder.iterdir()] == []


def test_what_a_killed_import_left_goes_with_the_next_one(tmp_path: Path, folder: Path) -> None:
    folder.mkdir()
    left = folder / ".tocsin-left"
    left.write_text("")
    os.utime(left, (0, 0))
    (tmp_path / "download").write_bytes(CONTENT)
    import_file(SOURCE, tmp_path / "download")
    assert [path.name for path in folder.iterdir()] == [SOURCE.file]


def test_a_set_that_its_publisher_changed_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    said = []
    for value in (1.0, 1.0, 2.0):
        file.write_bytes(indicator(value))
        done = CliRunner().invoke(main, ["data", "import", "wb_ppp", str(file)])
        assert done.exit_code == 0
        said.append(done.stderr)
    assert said[:2] == ["", ""]
    assert "wb_ppp: this file differs from the one recorded" in said[2]
    assert hashlib.sha256(indicator(1.0)).hexdigest()[:12] in said[2]


def test_a_download_that_differs_from_the_one_before_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    for value in (1.0, 2.0):
        cache_path(source("wb_ppp")).unlink(missing_ok=True)
        with serving(Site(indicator(value))) as site:
            here = functools.partial(download, address=site.address)
            monkeypatch.setattr(fetch, "download", here)
            said.append(CliRunner().invoke(main, ["data", "get", "wb_ppp"]).stderr)
    assert "differs" not in said[0]
    assert "wb_ppp: this file differs from the one recorded" in said[1]
