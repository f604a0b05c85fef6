"""Let nobody but the reader at this machine use the workbench.

Any page in the reader's browser can send requests to a local port, and other users of the machine can too. So a request must name this
server as its host (which refuses rebound DNS names), must not come from another page, and must carry a cookie. The browser gets the cookie
once, in exchange for the token in the address that the terminal prints.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hmac import compare_digest

from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from tocsin.translation import Text, Translator, message

MAX_BODY = 5_000_000
"""Bytes of a request: an article or a case file is far smaller."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What a page may load: nothing but our own files, and the style sheet of the text editor, which it marks with the nonce."""
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Sent with every answer."""
RENEWAL = "/address"
"""Where a second `tocsin open` of the same user asks for a new address."""
LOCAL = ("127.0.0.1", "localhost")
"""Names of this machine."""
_SAFE = ("GET", "HEAD")


@dataclass
class Access:
    """What a browser must show to be served.

    Attributes:
        port: of the server.
        hosts: names by which a browser may call the server; addresses have the first.
        cookie: value of the cookie.
        nonce: mark of the style sheets that a page may add.
        secret: what a second `tocsin open` must know to get an address.
        tokens: tokens that have not been exchanged yet.
    """

    port: int
    hosts: tuple[str, ...] = LOCAL
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    tokens: set[str] = field(default_factory=set)

    @property
    def cookie_name(self) -> str:
        """Return the name of the cookie; it has the port because browsers share cookies between the ports of a host."""
        return f"tocsin_{self.port}"

    def address(self) -> str:
        """Return an address that lets one browser in, once."""
        token = secrets.token_urlsafe(32)
        self.tokens.add(token)
        return f"http://{self.hosts[0]}:{self.port}/?token={token}"

    def refusal(self, request: Request) -> Text | None:
        """Return why a request is refused; None if it is not."""
        if reason := self._foreign(request):
            return reason
        if request.method not in _SAFE and "origin" not in request.headers:
            return message("the request does not say from which page it comes")
        if not compare_digest(request.cookies.get(self.cookie_name, "").encode(), self.cookie.encode()):
            return message(
                "this browser was not let in: open the address that `tocsin open` printed, or run it again for a new one"
            )
        return None

    def exchanged(self, request: Request) -> Response | None:
        """Return the answer that gives the cookie for a token in the address; None if there is no valid one."""
        token = request.query_params.get("token", "")
        if self._foreign(request) or token not in self.tokens:
            return None
        self.tokens.discard(token)
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(self.cookie_name, self.cookie, httponly=True, samesite="strict")
        return answer

    def renewed(self, request: Request) -> Response | None:
        """Return a new address for a program that knows the secret; None for any other, and for a page in a browser."""
        known = f"Bearer {self.secret}".encode()
        sent = request.headers.get("authorization", "").encode()
        if request.method != "POST" or "origin" in request.headers or not compare_digest(sent, known):
            return None
        return PlainTextResponse(self.address())

    def _foreign(self, request: Request) -> Text | None:
        """Return why a request does not come from the workbench's own pages or the address bar; None if it does."""
        if request.headers.get("host", "") not in self._names():
            return message("this address is not the workbench's own")
        own = {f"http://{name}" for name in self._names()}
        elsewhere = request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if elsewhere or request.headers.get("origin", min(own)) not in own:
            return message("the request comes from another page")
        return None

    def _names(self) -> tuple[str, ...]:
        return tuple(f"{host}:{self.port}" for host in self.hosts)


class Gate(BaseHTTPMiddleware):
    """Refuses in the reader's language every request that `Access` does not admit, and gives every answer its headers."""

    def __init__(self, app: ASGIApp, access: Access, translator: Translator) -> None:
        super().__init__(app)
        self.access, self.translator = access, translator

    async def dispatch(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Answer a request."""
        answer = self._opening(request) or self._refused(request) or await call_next(request)
        answer.headers.update(HEADERS)
        answer.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=self.access.nonce))
        return answer

    def _opening(self, request: Request) -> Response | None:
        """Return the answer to who brings a token or the secret in place of the cookie."""
        if request.url.path == "/":
            return self.access.exchanged(request)
        return self.access.renewed(request) if request.url.path == RENEWAL else None

    def _refused(self, request: Request) -> Response | None:
        if reason := self.access.refusal(request):
            return self._refusal(reason, 403)
        length = request.headers.get("content-length", "0" if request.method in _SAFE else "")
        if not length.isdecimal():
            return self._refusal(message("the request does not say how long it is"), 411)
        if int(length) > MAX_BODY:
            return self._refusal(message("more than {most} bytes", most=f"{MAX_BODY:,}"), 413)
        return None

    def _refusal(self, reason: Text, status: int) -> Response:
        return PlainTextResponse(
            self.translator.plain(message("Refused: {reason}.", reason=reason)), status_code=status
        )
