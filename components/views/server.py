"""What the app serves beside its pages: fonts and icons, and headers that lock the browser in.

Streamlit renders untrusted text; the content security policy makes a mistake there harmless: no
foreign script, picture, font or connection is allowed by the browser.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from components.core.people.person import Identity
from components.core.settings import Settings
from components.views import desk_route, download_route, upload_route
from components.views.desk_parts import pictures
from components.views.navigation import PAGES
from components.views.own_address import OwnAddressOnly
from components.views.review import answers_route
from components.views.visitors import visitor

ASSETS = Path(__file__).parent / "assets"
ICON = ASSETS / "icon.png"
LOGO = ASSETS / "logo.svg"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
EVERY_ADDRESS = frozenset({None, "0.0.0.0", "::"})  # noqa: S104 - compared, not bound
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
    pages = [Route(f"/{spec.url_path}", _page, methods=["GET"]) for spec in PAGES]
    first = Route("/upload", _first_page, methods=["GET"])
    own = (upload_route.route(), download_route.route(), desk_route.route(), answers_route.route())
    return [assets, *pages, first, *pictures.routes(), *own]


async def _page(_request: Request) -> Response:
    """Give Streamlit's own document, in which a script of ours comes first (`assets/page.js`)."""
    return HTMLResponse(document(), headers={"Cache-Control": "no-cache"})


async def _first_page(request: Request) -> Response:
    """Lead from the name of the first page to its address, which is the top."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/")


@cache
def document() -> str:
    """Return the document of every page."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    before, head, after = page.partition("<head>")
    if not head:
        raise RuntimeError("Streamlit's own document has no head.")
    after = after.replace("<title>Streamlit</title>", "<title>Preflight</title>")
    return f'{before}{head}\n    <script src="/assets/page.js"></script>{after}'


@cache
def _inline_scripts() -> str:
    """Return the hashes of the inline scripts in Streamlit's own page, as policy sources."""
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    bodies = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), flags=re.DOTALL)
    digests = (hashlib.sha256(body.encode()).digest() for body in bodies)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def policy(host: str, pictures_of: tuple[str, ...] = ()) -> str:
    """Return the content security policy for a visitor who reached us as ``host``.

    Parameters
    ----------
    pictures_of
        Origins that the visitor has allowed to be asked for pictures.
    """
    socket = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    evaluated = "'unsafe-eval' 'wasm-unsafe-eval'"
    return "; ".join(
        (
            "default-src 'self'",
            # blob: the scripts of Streamlit's components, made by the page itself
            f"script-src 'self' blob: {evaluated} {_inline_scripts()}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            " ".join(("img-src 'self' data: blob:", *pictures_of)),
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
        told = Headers(scope=scope)
        locks = policy(told.get("host", ""), pictures.allowed(told.get("cookie", "")))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(message, locks)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _add(message: MutableMapping[str, Any], locks: str) -> None:
    headers = MutableHeaders(raw=message["headers"])
    headers["Content-Security-Policy"] = locks
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "SAMEORIGIN"
    headers["Referrer-Policy"] = "no-referrer"
    message["headers"] = headers.raw


def middleware() -> list[Middleware]:
    """Return the middleware of our own."""
    return [Middleware(SecurityHeaders), Middleware(OwnAddressOnly)]


def welcome() -> str:
    """Return where the app is and who can reach it, as told when the server starts."""
    address, port = config.get_option("server.address"), config.get_option("server.port")
    public = Settings.from_environment().public_url
    is_local = address in LOOPBACK
    name = "localhost" if is_local or address in EVERY_ADDRESS else address
    own = f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
    said = (
        f"  Preflight is at {public}, handed on to {own}" if public else f"  Preflight is at {own}"
    )
    if is_local and not public:
        return f"{said}\n  Only this machine can reach it."
    if visitor.known_by() is Identity.LOGIN:
        return f"{said}\n  Whoever logs in can see everything; what is whose is for its owner."
    who = "Whoever the proxy lets in" if is_local else "Everyone who reaches this machine"
    if header := Settings.from_environment().user_header:
        return f"{said}\n  {who} can be anybody who sends {header}: only the proxy may reach it."
    return f"{said}\n  {who} can see and change everything: the app asks no password."


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Tell Streamlit before the first visitor that the menu, not the folder, names the pages.

    Streamlit takes a folder called ``pages`` for its own until the first call of ``st.navigation``;
    until then the first deep link of a fresh server answers with a "page not found" notice.
    """
    PagesManager.uses_pages_directory = False
    sys.stdout.write(f"\n{welcome()}\n\n")
    sys.stdout.flush()
    yield
    upload_route.UPLOADS.close()
