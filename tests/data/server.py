"""A loopback site that serves one file and fails in the ways sites fail."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """A site: `plan` names the answer to each request in turn; the last one answers all further requests."""

    content: bytes
    plan: list[str] = field(default_factory=lambda: ["whole"])
    requests: list[str | None] = field(default_factory=list)
    address: str = ""
    stop: threading.Event = field(default_factory=threading.Event)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:  # long: one method per way of failing
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            self.close_connection = True
            step = site.plan[min(len(site.requests), len(site.plan) - 1)]
            site.requests.append(self.headers.get("Range"))
            getattr(self, "send_" + step)()

        def head(self, status: int, length: int, **more: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(length))
            self.send_header("Connection", "close")  # without it a client may reuse a connection that is about to close
            for name, value in more.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()

        def send_whole(self) -> None:
            start = int(match[1]) if (match := re.match(r"bytes=(\d+)-", self.headers.get("Range") or "")) else 0
            body = site.content[start:]
            span = f"bytes {start}-{len(site.content) - 1}/{len(site.content)}"
            self.head(206 if start else 200, len(body), **({"Content_Range": span} if start else {}))
            self.wfile.write(body)

        def send_ignoring_range(self) -> None:
            self.head(200, len(site.content))
            self.wfile.write(site.content)

        def send_cut(self) -> None:
            self.head(200, len(site.content))
            self.wfile.write(site.content[: len(site.content) // 2])

        def send_other(self) -> None:
            self.head(200, len(site.content))
            self.wfile.write(bytes(len(site.content)))

        def send_other_half(self) -> None:
            self.head(200, len(site.content))
            self.wfile.write(bytes(len(site.content) // 2))

        def send_too_much(self) -> None:
            self.head(200, 3 * len(site.content))
            self.wfile.write(3 * site.content)

        def send_short_lie(self) -> None:
            self.head(200, len(site.content) // 3)
            self.wfile.write(site.content[: len(site.content) // 3])

        def send_wrong_place(self) -> None:
            self.head(206, 10, Content_Range=f"bytes 0-9/{len(site.content)}")
            self.wfile.write(site.content[:10])

        def send_stalled(self) -> None:
            self.head(200, len(site.content))
            self.wfile.write(site.content[:100])
            self.wfile.flush()
            site.stop.wait(20)

        def send_busy(self) -> None:
            self.head(500, 0)

        def send_missing(self) -> None:
            self.head(404, 0)

        def send_circle(self) -> None:
            self.head(302, 0, Location=site.address)

        def send_onwards(self) -> None:
            self.head(302, 0, Location=site.address + "?there")

        def send_plain_http(self) -> None:
            self.head(302, 0, Location="http://example.org/file")

    return Handler


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Run the site on a loopback port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    server.daemon_threads = True
    site.address = f"http://127.0.0.1:{server.server_address[1]}/file"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield site
    finally:
        site.stop.set()
        server.shutdown()
        server.server_close()
