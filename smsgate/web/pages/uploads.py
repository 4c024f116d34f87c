"""Forms that carry a whole file: `multipart/form-data`, which browsers send without spelling every byte out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastapi import Request

from smsgate.web.pages.site import read_form
from smsgate.web.problems import Problem

PARTS = 4_000
"""Fields of such a form, at most: each conflict of a merge is one."""
_BOUNDARY = re.compile(r'boundary="?([^";,\s]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(rb';\s*name="([^"\r\n]{0,100})"', re.IGNORECASE)
_FILE = re.compile(rb';\s*filename="([^"\r\n]{0,300})"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Upload:
    """The fields of a form, and its files as bytes; of a name that comes twice the first."""

    fields: dict[str, str]
    files: dict[str, bytes]


async def read_upload(request: Request) -> Upload:
    """A form of either kind. Raises Problem for what is none."""
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        return Upload(await read_form(request), {})
    found = _BOUNDARY.search(kind)
    if found is None:
        raise Problem("bad_request")
    return _parts(await request.body(), b"--" + found[1].encode("latin-1"))


def _parts(body: bytes, boundary: bytes) -> Upload:
    pieces = (b"\r\n" + body).split(b"\r\n" + boundary, PARTS + 2)
    if len(pieces) > PARTS + 2 or len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise Problem("bad_request")
    upload = Upload({}, {})
    for piece in pieces[1:-1]:
        head, blank, content = piece.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not blank or name is None:
            raise Problem("bad_request")
        key = name[1].decode("utf-8", "replace")
        if _FILE.search(head) is not None:
            upload.files.setdefault(key, content)
        else:
            upload.fields.setdefault(key, content.decode("utf-8", "replace").replace("\r\n", "\n"))
    return upload
