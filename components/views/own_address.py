"""Who may talk to the server: pages of its own address, reached under a name that it knows.

A browser says in ``Origin`` which page a request comes from, and in ``Host`` under which name the
server was reached. Streamlit takes in pages of every port of this machine, and asks an address
service on the internet about the others. So what is not ours is refused before Streamlit sees it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from components.core.settings import Settings

HEALTH = "/_stcore/health"
"""Answers under every name: probes know a server by its number only, and learn nothing."""
CLOSED = ("/_stcore/metrics", "/_stcore/upload_file", "/_stcore/agent")
"""Doors of Streamlit that nothing of ours uses, with all that is behind them."""
ONLY_READ = frozenset({"GET", "HEAD", "OPTIONS"})
PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}


class _Place(NamedTuple):
    """A name and a port, as a browser tells them."""

    name: str
    port: int


class OwnAddressOnly:
    """Middleware that refuses requests to other names, and writing requests of other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        refused = None if scope["type"] == "lifespan" else _refusal(scope)
        if refused is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            await refused(scope, receive, send)


def _refusal(scope: Scope) -> Response | None:
    """Return the answer to a request that is refused, None where it is taken."""
    path, only_reads = scope["path"], scope.get("method") in ONLY_READ
    if any(path == door or path.startswith(f"{door}/") for door in CLOSED):
        return PlainTextResponse("There is no such page.", HTTPStatus.NOT_FOUND)
    if path == HEALTH and only_reads:
        return None
    if not _is_known(scope):
        what = "The app does not know itself under this address."
        todo = "Whoever runs it can start it with --public-url and the address that you used."
    elif not only_reads and not _is_from_here(scope):
        what, todo = "This request comes from another site.", "Open the app under its own address."
    else:
        return None
    if only_reads:
        return PlainTextResponse(f"{what} {todo}", HTTPStatus.FORBIDDEN)
    # the body is not read: the connection cannot be used for another request
    answer = {"what": what, "todo": todo}
    return JSONResponse(answer, HTTPStatus.FORBIDDEN, headers={"Connection": "close"})


def _is_known(scope: Scope) -> bool:
    """Return whether the name under which the server was reached is one of its own."""
    hosts = Headers(scope=scope).getlist("host")
    if len(hosts) != 1:
        return False
    if _is_public(hosts[0]):
        return True
    place, served = _place(hosts[0], scope.get("scheme", "http")), scope.get("server")
    is_here = place is not None and served is not None and place.port == served[1]
    return is_here and is_host_allowed(hosts[0])


def _is_from_here(scope: Scope) -> bool:
    """Return whether a request comes from a page of this address, as browsers tell it."""
    headers = Headers(scope=scope)
    if scope["type"] == "http" and headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origins, host = headers.getlist("origin"), headers["host"]
    ours = {Settings.from_environment().public_url}
    if not _is_public(host):  # a proxy may name the server as it knows it
        ours |= {f"http://{host}", f"https://{host}"}
    return len(origins) == 1 and bool(origins[0]) and origins[0] in ours


def _is_public(host: str) -> bool:
    """Return whether a ``Host`` is the name under which a proxy offers the app."""
    url = urlsplit(Settings.from_environment().public_url)
    return bool(url.netloc) and _place(host, url.scheme) == _place(url.netloc, url.scheme)


def _place(host: str, scheme: str) -> _Place | None:
    """Return the name and the port of a ``Host``, None where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not name or parts.path or parts.query or parts.fragment or "@" in host:
        return None
    return _Place(name.rstrip("."), port or PORTS.get(scheme, PORTS["http"]))
