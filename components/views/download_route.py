"""``GET /api/download/{key}``: a file that was made, from disk to the browser in pieces.

The key is known to the page that asked for the file, and to nobody else: 128 random bits.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from components.core.errors import PreflightError
from components.core.settings import Settings
from components.services.export import downloads

PATH = "/api/download/"


def address(key: str) -> str:
    """Return where a file is, relative to the address of the app."""
    return f"{PATH.lstrip('/')}{key}"


async def _get(request: Request) -> Response:
    jobs = Settings.from_environment().home.absolute() / "jobs"
    try:
        made = downloads.finished(jobs, request.path_params["key"])
    except PreflightError as error:
        return PlainTextResponse(str(error), status_code=404)
    return FileResponse(
        made.path,
        media_type=made.mime,
        filename=made.filename,
        headers={"Cache-Control": "no-store"},
    )


def route() -> Route:
    """Return the route."""
    return Route(PATH + "{key}", _get, methods=["GET"])
