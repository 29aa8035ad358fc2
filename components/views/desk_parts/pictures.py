"""Pictures that cells name, in the browser: those of this machine, and of hosts a person allowed.

The page may load pictures of no other host. A person who allows one gets a signed cookie, and the
content security policy of the page, loaded again, names that host.
"""

from __future__ import annotations

from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from components.core.errors import NotFound, PreflightError
from components.core.judgement.review import Cell
from components.services.review import passes, review
from components.services.review.beside import pictures
from components.views import session
from components.views.visitors import visitor

PATH = "/api/pictures/"
COOKIE = "preflight_pictures"
MOST_BYTES = 2_000
"""Of a request."""
_MONTH = 30 * 86_400


def allowed(cookies: str) -> tuple[str, ...]:
    """Return the origins that a browser may ask for pictures, from its ``Cookie`` header."""
    if COOKIE not in cookies:
        return ()
    try:
        kept = SimpleCookie(cookies).get(COOKIE)
        return () if kept is None else pictures.allowed(session.workspace(), kept.value)
    except (CookieError, PreflightError):
        return ()


async def _show(request: Request) -> Response:
    """Give the picture that a cell names."""
    try:
        found = await run_in_threadpool(
            _picture,
            request.path_params["token"],
            request.query_params.get("row", ""),
            request.query_params.get("column", ""),
        )
    except PreflightError as error:
        return PlainTextResponse(error.what, HTTPStatus.NOT_FOUND)
    headers = {"Cache-Control": "private, max-age=3600"}
    return Response(found.content, media_type=found.media_type, headers=headers)


def _picture(token: str, row: str, column: str) -> pictures.Picture:
    ws = session.workspace()
    told = passes.redeem(ws, token, known_by=visitor.known_by())
    found = review.queue(ws, told.run_id, told.check_id)
    if found is None or not row.isdecimal():
        raise NotFound("There is no such row.", "")
    return pictures.picture_of(ws, found, Cell(int(row[:18]), column))


async def _allow(request: Request) -> Response:
    """Let this browser ask one host more for pictures."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return JSONResponse({"what": "Too much was sent."}, HTTPStatus.FORBIDDEN)
    kept = request.cookies.get(COOKIE, "")
    try:
        ws = session.workspace()
        passes.redeem(ws, request.path_params["token"], known_by=visitor.known_by())
        told = pictures.allow(ws, kept, body.decode("ascii", "replace"))
    except PreflightError as error:
        return JSONResponse({"what": error.what, "todo": error.todo}, HTTPStatus.FORBIDDEN)
    answer = JSONResponse({})
    is_secure = request.url.scheme == "https"
    answer.set_cookie(
        COOKIE, told, max_age=_MONTH, httponly=True, samesite="strict", secure=is_secure
    )
    return answer


def routes() -> list[Route]:
    """Return the routes."""
    return [
        Route(PATH + "{token}/show", _show, methods=["GET"]),
        Route(PATH + "{token}/allow", _allow, methods=["POST"]),
    ]
