"""Files that are served as they are: style sheets, scripts, the icon."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Asset:
    """A file in memory, plain and compressed, with the tag by which a browser knows whether it has it already.

    Compression is for what is the same for everybody: there the length of a reply tells nothing.
    """

    def __init__(self, content: bytes, suffix: str) -> None:
        """Make it.

        Args:
            content: What is served.
            suffix: Of which kind it is: .css, .js or .svg.
        """
        self.content = content
        self._compressed = gzip.compress(content, 9, mtime=0)
        self._type = _TYPES[suffix]
        self.tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'

    @property
    def compressed_size(self) -> int:
        """How many bytes cross the network."""
        return len(self._compressed)

    async def serve(self, request: Request) -> Response:
        """Answer a request for it."""
        headers = {"ETag": self.tag, "Vary": "Accept-Encoding"}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self.content, media_type=self._type, headers=headers)
        return Response(self._compressed, media_type=self._type, headers={**headers, "Content-Encoding": "gzip"})


def static_routes() -> list[Route]:
    """Return the addresses of all files below `static/` but the loader, which is filled in first.

    Returns:
        One address for each file, `/static/` and its path.
    """
    files = sorted(path for path in STATIC.rglob("*") if path.suffix in _TYPES and path.name != "signpost.js")
    return [
        Route(f"/static/{path.relative_to(STATIC)}", Asset(path.read_bytes(), path.suffix).serve, methods=["GET"])
        for path in files
    ]
