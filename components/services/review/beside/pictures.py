"""Pictures that cells name: files of the folder of the server, and hosts that a person allows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from itsdangerous import BadSignature, URLSafeSerializer

from components.core.errors import NotFound, UnusableInput
from components.core.judgement.review import Cell
from components.services.data import cells, datasets
from components.services.review.queues import ReviewQueue
from components.services.upload.server_folder import open_file
from components.services.workspace import Workspace

MOST_BYTES = 20_000_000
"""Of a picture."""
MOST_HOSTS = 20
"""Hosts that one browser may be allowed to ask."""

_BEGINS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_ORIGIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]{0,252}(:[0-9]{1,5})?")
_PURPOSE = "pictures of other hosts"


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes of a picture, and what they are."""

    content: bytes
    media_type: str


def picture_of(ws: Workspace, found: ReviewQueue, cell: Cell) -> Picture:
    """Return the picture that a cell names: a path below the folder of the server.

    It is looked for beside the file of the table where that came from the folder, too.

    Raises
    ------
    NotFound
        When there is no such cell, file or folder.
    UnusableInput
        When the file is no picture, or too large.
    """
    info = datasets.get(ws, found.dataset_id)
    told = cells.texts(info, [cell.row_id], [cell.column])
    if not len(told):
        raise NotFound("There is no such row.", "Load the page again.")
    name = str(told[cell.column].iloc[0]).strip()
    beside = str(PurePosixPath(info.version.name).parent / name)
    for path in dict.fromkeys((beside, name)):
        try:
            stream = open_file(ws, path)
        except NotFound:
            continue
        with stream:
            return _picture(stream.read(MOST_BYTES + 1))
    raise NotFound("There is no such file in the folder of the server.", "")


def allowed(ws: Workspace, kept: str) -> tuple[str, ...]:
    """Return the origins that a person has allowed, as a browser kept them; else none."""
    try:
        origins = _signer(ws).loads(kept) if kept else []
    except BadSignature:
        return ()
    return tuple(o for o in origins if is_origin(o))


def allow(ws: Workspace, kept: str, origin: str) -> str:
    """Return what the browser keeps when a person allows one origin more.

    Raises
    ------
    UnusableInput
        When it is no origin.
    """
    if not is_origin(origin):
        raise UnusableInput("This is no address of a host.", "Load the page again.")
    origins = dict.fromkeys((origin, *allowed(ws, kept)))
    return str(_signer(ws).dumps(list(origins)[:MOST_HOSTS]))


def is_origin(text: str) -> bool:
    """Whether a text is scheme, host and port, and nothing else."""
    return _ORIGIN.fullmatch(text) is not None


def _picture(content: bytes) -> Picture:
    if len(content) > MOST_BYTES:
        raise UnusableInput("The picture is too large.", "")
    for begin, media_type in _BEGINS.items():
        if content.startswith(begin):
            return Picture(content, media_type)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Picture(content, "image/webp")
    raise UnusableInput("The file is no picture.", "")


def _signer(ws: Workspace) -> URLSafeSerializer:
    return URLSafeSerializer(ws.files.secret(), salt=_PURPOSE)
