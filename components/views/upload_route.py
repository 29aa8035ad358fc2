"""``PUT /api/upload/{token}``: a file from the browser straight to disk.

Streamlit checks nothing on routes that are not its own. So the page asks the server for a token
first, over its own connection; the token is good for one file, for two minutes, and
`views.own_address` takes requests from pages of this very address only.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from components.core.errors import UnusableInput
from components.services.upload.incoming import DiskFull, PartialFile, UploadRegistry, UploadTicket

PATH = "/api/upload/"
PATIENCE = 60.0
"""Seconds without a byte after which a sender is given up."""
PIECE = 1 << 20
"""Bytes that are hashed and written at once, outside the event loop."""

AGAIN = "Choose the file again."

UPLOADS = UploadRegistry()
"""The registry of this server process; pages give out its tickets."""


class _Refused(Exception):
    """The request is not granted; it carries the answer."""

    def __init__(self, status: HTTPStatus, what: str, todo: str = AGAIN) -> None:
        super().__init__(what)
        self.status, self.what, self.todo = status, what, todo


async def _put(request: Request) -> Response:
    """Take one file, and say in JSON what is wrong where it is not taken."""
    ticket = UPLOADS.redeem(request.path_params["token"])
    if ticket is None:
        return _answer(HTTPStatus.FORBIDDEN, "This upload was not announced, or is over.", AGAIN)
    try:
        _refuse_other_length(request, ticket)
        digest = await _store(request, ticket)
        UPLOADS.keep(ticket, digest)
    except _Refused as error:
        return _answer(error.status, error.what, error.todo)
    except DiskFull as error:
        return _answer(HTTPStatus.INSUFFICIENT_STORAGE, error.what, error.todo)
    except UnusableInput as error:
        return _answer(HTTPStatus.BAD_REQUEST, error.what, error.todo)
    finally:
        UPLOADS.end(ticket)
    return JSONResponse({"sha256": digest}, HTTPStatus.CREATED)


def _refuse_other_length(request: Request, ticket: UploadTicket) -> None:
    announced = request.headers.get("content-length")
    if announced is None:
        raise _Refused(HTTPStatus.LENGTH_REQUIRED, "The request does not say how long it is.")
    if announced != str(ticket.size):
        raise _Refused(HTTPStatus.BAD_REQUEST, "The file changed after it was chosen.")


async def _store(request: Request, ticket: UploadTicket) -> str:
    """Write the body to disk; whatever ends it early, no byte is left."""
    with PartialFile(ticket.part, ticket.size) as part:
        held = bytearray()
        async for chunk in _chunks(request):
            held += chunk
            if len(held) >= PIECE:
                await asyncio.to_thread(part.write, held)
                held = bytearray()
        await asyncio.to_thread(part.write, held)
        return await asyncio.to_thread(part.finish)


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(PATIENCE):
                chunk = await anext(stream, None)
        except (ClientDisconnect, TimeoutError) as error:
            raise _Refused(HTTPStatus.REQUEST_TIMEOUT, "The upload stopped half-way.") from error
        if chunk is None:
            return
        yield chunk


def _answer(status: HTTPStatus, what: str, todo: str) -> Response:
    # the rest of the body is not read: the connection cannot be used for another request
    return JSONResponse({"what": what, "todo": todo}, status, headers={"Connection": "close"})


def route() -> Route:
    """Return the route."""
    return Route(PATH + "{token}", _put, methods=["PUT"])
