"""Nobody but the reader at this machine uses the workbench."""

from __future__ import annotations

import httpx
import pytest

from tocsin.workbench.access import MAX_BODY, Access


def test_the_printed_address_lets_one_browser_in_once(stranger: httpx.Client, served: Access) -> None:
    address = served.address()
    first = stranger.get(address, follow_redirects=False)
    assert first.status_code == 303
    assert first.headers["location"] == "/"
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert stranger.get("/api/case").status_code == 200
    stranger.cookies.clear()
    assert stranger.get(address).status_code == 403


@pytest.mark.parametrize("path", ["/", "/api/case", "/api/text", "/static/main.js", "/?token=", "/?token=guess"])
def test_a_browser_without_the_cookie_is_refused(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 403
    assert "tocsin open" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("cookie", ["", "x", "ü", "x" * 10_000])
def test_a_wrong_cookie_is_refused(stranger: httpx.Client, served: Access, cookie: str) -> None:
    sent = f"{served.cookie_name}={cookie}".encode()
    assert stranger.get("/api/case", headers={b"Cookie": sent}).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "localhost:1", "127.0.0.1.nip.io:{port}", ""]
)
def test_a_name_that_is_not_this_server_is_refused(reader: httpx.Client, served: Access, host: str) -> None:
    """A rebound DNS name sends the reader's cookies to this port, but it has its own name as host."""
    assert reader.get("/api/case", headers={"Host": host.format(port=served.port)}).status_code == 403
    assert (
        reader.get(
            served.address(), headers={"Host": host.format(port=served.port)}, follow_redirects=False
        ).status_code
        == 403
    )


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://127.0.0.1:{port}",
        "http://localhost:1",
        "http://127.0.0.1:{port}.evil.example",
    ],
)
@pytest.mark.parametrize("path", ["/api/edit", "/api/text", "/api/undo"])
def test_a_request_from_another_page_is_refused(reader: httpx.Client, served: Access, origin: str, path: str) -> None:
    answer = reader.post(path, json={"base": ""}, headers={"Origin": origin.format(port=served.port)})
    assert answer.status_code == 403
    assert "another page" in answer.text


@pytest.mark.parametrize("header", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_page_cannot_use_up_the_token(stranger: httpx.Client, served: Access, header: dict[str, str]) -> None:
    address = served.address()
    answer = stranger.get(address, headers=header)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    del stranger.headers["Origin"]
    assert stranger.get(address, headers={"Sec-Fetch-Site": "none"}).status_code == 200


def test_a_change_without_an_origin_is_refused(reader: httpx.Client) -> None:
    del reader.headers["Origin"]
    assert reader.post("/api/undo", json={"base": ""}).status_code == 403
    assert reader.get("/api/case").status_code == 200


def test_a_long_or_endless_request_is_refused(reader: httpx.Client) -> None:
    assert reader.post("/api/text", content=b"x" * (MAX_BODY + 1)).status_code == 413
    assert reader.post("/api/text", content=iter([b"x", b"y"])).status_code == 411


def test_every_answer_forbids_scripts_frames_and_caches(reader: httpx.Client) -> None:
    for answer in (reader.get("/"), reader.get("/api/case"), reader.get("/nothing"), reader.post("/api/undo", json={})):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"]
)
def test_nothing_but_the_page_s_own_files_is_read(reader: httpx.Client, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_an_unexpected_error_is_answered_with_a_remedy_and_logged(
    reader: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_values: object) -> None:
        raise TypeError("a secret value")

    monkeypatch.setattr("tocsin.workbench.views.case_view", broken)
    answer = reader.get("/api/case")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/json")
    assert answer.json()["message"] == "the workbench failed: TypeError"
    assert "load the page again" in answer.json()["remedy"]
    assert "a secret value" not in answer.text
    assert "a secret value" in capfd.readouterr().err + caplog.text
    assert reader.get("/api/text").status_code == 200
