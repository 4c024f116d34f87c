"""Style sheets and scripts: their addresses hold a digest, so that a browser keeps them until they change."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent.parent / "static"


@cache
def asset(name: str) -> str:
    """The address of a file under static/."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


class Assets(StaticFiles):
    """The files, to be kept for a year where the address says which version is meant."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer one file."""
        response = await super().get_response(path, scope)
        if scope.get("query_string", b"").startswith(b"v="):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
