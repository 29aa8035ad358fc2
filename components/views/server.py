"""What the app serves beside its pages: fonts and icons, and headers that lock the browser in.

Streamlit renders untrusted text; the content security policy makes a mistake there harmless: no
foreign script, picture, font or connection is allowed by the browser.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from components.views import download_route, upload_route

ASSETS = Path(__file__).parent / "assets"
ICON = ASSETS / "icon.png"
LOGO = ASSETS / "logo.svg"
_YEAR = 31_536_000
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?")


async def _asset(request: Request) -> Response:
    """Serve one file of the assets folder; the name is compared, never joined."""
    wanted = request.path_params["name"]
    for path in ASSETS.iterdir():
        if path.name == wanted:
            return FileResponse(path, headers={"Cache-Control": f"public, max-age={_YEAR}"})
    return PlainTextResponse("There is no such file.", status_code=404)


def routes() -> list[Route]:
    """Return the routes of our own."""
    assets = Route("/assets/{name}", _asset, methods=["GET"])
    return [assets, upload_route.route(), download_route.route()]


@cache
def _inline_scripts() -> str:
    """Return the hashes of the inline scripts in Streamlit's own page, as policy sources."""
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    bodies = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), flags=re.DOTALL)
    digests = (hashlib.sha256(body.encode()).digest() for body in bodies)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def policy(host: str) -> str:
    """Return the content security policy for a visitor who reached us as ``host``."""
    socket = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    evaluated = "'unsafe-eval' 'wasm-unsafe-eval'"
    return "; ".join(
        (
            "default-src 'self'",
            # blob: the scripts of Streamlit's components, made by the page itself
            f"script-src 'self' blob: {evaluated} {_inline_scripts()}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self'{socket} blob: data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


class SecurityHeaders:
    """Middleware that adds the headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(message, host)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _add(message: MutableMapping[str, Any], host: str) -> None:
    headers = MutableHeaders(raw=message["headers"])
    headers["Content-Security-Policy"] = policy(host)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "SAMEORIGIN"
    headers["Referrer-Policy"] = "no-referrer"
    message["headers"] = headers.raw


def middleware() -> list[Middleware]:
    """Return the middleware of our own."""
    return [Middleware(SecurityHeaders)]


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Tell Streamlit before the first visitor that the menu, not the folder, names the pages.

    Streamlit takes a folder called ``pages`` for its own until the first call of ``st.navigation``;
    until then the first deep link of a fresh server answers with a "page not found" notice.
    """
    PagesManager.uses_pages_directory = False
    yield
    upload_route.UPLOADS.close()
