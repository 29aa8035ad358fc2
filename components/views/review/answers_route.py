"""``POST /api/answers/{pass}``: a file of answers that people gave in another tool.

The page hands out a signed pass (`services.review.passes`); the file is checked by
`services.exchange.coming_in` and nowhere trusted.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from components.core.errors import NotFound, PreflightError, UnusableInput
from components.services.data import datasets
from components.services.exchange import answer_files, coming_in, fates
from components.services.people import rights
from components.services.review import passes, review
from components.views import session
from components.views.visitors import visitor

PATH = "/api/answers/"


async def _post(request: Request) -> Response:
    """Take a file in, and say what became of its answers."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > answer_files.MOST_BYTES:
            return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, answer_files.too_large())
    try:
        told = await run_in_threadpool(_take_in, request.path_params["token"], bytes(body))
    except (UnusableInput, NotFound) as error:
        return _refused(HTTPStatus.BAD_REQUEST, error)
    except PreflightError as error:
        return _refused(HTTPStatus.CONFLICT, error)
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def _take_in(token: str, content: bytes) -> dict[str, Any]:
    ws = session.workspace()
    asked = passes.redeem(ws, token, known_by=visitor.known_by())
    found = review.queue(ws, asked.run_id, asked.check_id)
    if found is None:
        raise NotFound("What was reviewed here is gone.", "Load the page again.")
    version = datasets.get(ws, found.dataset_id).version
    rights.refuse_others(version, asked.person, "bring answers of other tools")
    report = coming_in.take_in(ws, found, content)
    return {
        "said": f"{report.tool}: {fates.said(report)}",
        "told": report.told,
        "n_refused": report.n_refused,
    }


def _refused(status: HTTPStatus, error: PreflightError) -> Response:
    # what was not read of the body makes the connection useless for another request
    return JSONResponse({"what": str(error)}, status, headers={"Connection": "close"})


def route() -> Route:
    """Return the route."""
    return Route(PATH + "{token}", _post, methods=["POST"])
