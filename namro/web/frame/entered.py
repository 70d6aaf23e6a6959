"""What comes with a request → plain values: whatever was typed or forged, no page breaks on it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.http import Http404, QueryDict

FIRST_YEAR, LAST_YEAR = 1990, 2100
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c]")  # Word's own line and page breaks come along when pasted
_SIGNS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_HALVES = re.compile(r"[\ud800-\udfff]")  # half a sign, as JSON may hold it: no UTF-8 can


def whole(text: str | None, otherwise: int) -> int:
    """A number of plain digits that fits any key; `otherwise` for all else ("²", "9e30", "")."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,18}", text) else otherwise


def usual(day: date) -> date:
    """The same day. ValueError outside 1990–2100: a slip, and reckoning with it would overflow."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"Năm {day.year} nằm ngoài khoảng {FIRST_YEAR}–{LAST_YEAR}.")
    return day


def plain(text: str) -> str:
    """The text without control signs and halves of signs: no database, workbook or paper takes
    them."""
    return _SIGNS.sub("", _BREAKS.sub("\n", text)) if _SIGNS.search(text) else text


def keepable(told: Any) -> Any:
    """JSON as a database can keep it: in all its texts a blank for each NUL and a "�" for each
    half of a sign, the length the same.

    >>> keepable({"blocks": ["a\\x00b", 1, None]})
    {'blocks': ['a b', 1, None]}
    """
    if isinstance(told, str):
        return _HALVES.sub("�", told.replace("\x00", " "))
    if isinstance(told, dict):
        return {keepable(key): keepable(value) for key, value in told.items()}
    return [keepable(one) for one in told] if isinstance(told, list | tuple) else told


class PlainTextMiddleware:
    """Every view gets its address and form without control signs; a path with one is no page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if any(isinstance(v, str) and _SIGNS.search(v) for v in kwargs.values()):
            raise Http404
        request.GET = _cleaned(request.GET)
        if request.method == "POST":
            request.POST = _cleaned(request.POST)


def _cleaned(given: QueryDict) -> QueryDict:
    """The same object where nothing is to be taken out."""
    lists = list(given.lists())
    if not any(_SIGNS.search(text) for key, texts in lists for text in (key, *texts)):
        return given
    found = QueryDict(mutable=True)
    for key, texts in lists:
        found.setlist(plain(key), [plain(text) for text in texts])
    found._mutable = False
    return found
