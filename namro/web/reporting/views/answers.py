"""Answers that several pages give: a file to keep, a refusal said on the page it concerns."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

from namro.vietnamese import fold
from namro.web.frame import files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _disposition(name: str) -> str:
    """Always an attachment; the name in ASCII for old browsers and in full for the others."""
    plain = "".join(c if c.isalnum() or c in ".-_" else "-" for c in fold(name))
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def attachment(content: bytes, name: str, kind: str = XLSX) -> HttpResponse:
    """Content to be kept as a file."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = _disposition(name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def stored(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    """An answer that comes in pieces, to be kept as a file."""
    answer["Content-Type"] = "application/zip" if name.endswith(".zip") else XLSX
    answer["Content-Disposition"] = _disposition(name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def kept_file(sha256: str, name: str) -> FileResponse:
    """A kept file, never shown inside the site: whatever it holds, the browser only saves it."""
    answer = FileResponse(files.path_of(sha256).open("rb"), content_type="application/octet-stream")
    answer["Content-Disposition"] = _disposition(name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
