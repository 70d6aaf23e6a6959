"""The picture of one page of a document, for those who may see its reading."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_GET

from namro.reading import UnreadableDocument
from namro.web.frame.entered import whole
from namro.web.plans import page_pictures
from namro.web.plans.rules import ReadingState
from namro.web.plans.views.readings import find

# The bytes behind an address never change; an hour, as the next person at the machine is not far.
MOST_PAGES = 100_000  # no file has more; a longer number fits no file name
_KEPT = "private, max-age=3600, immutable"
_NOT_THERE = ("NO_PAGES", "NO_PICTURES")


@require_GET
def page_picture(request, reading_id, page):
    """?rong= is the width in pixels, one of a few; 404 where the file has no such page."""
    found = find(request, reading_id)
    if not 1 <= page <= MOST_PAGES:
        raise Http404
    sha256 = found.document.sha256
    width = page_pictures.allowed_width(whole(request.GET.get("rong"), 900))
    mark = f'"{sha256[:16]}-{page}-{width}"'
    # While it is read nobody knows yet whether the document may be kept here at all.
    keep = found.state in (ReadingState.READ, ReadingState.CONFIRMED)
    if keep and request.headers.get("If-None-Match") == mark:
        return HttpResponseNotModified(headers={"ETag": mark, "Cache-Control": _KEPT})
    try:
        drawn = page_pictures.page_picture(sha256, page, width, asked_by=request.user.pk, keep=keep)
    except page_pictures.TooMany:
        return _later("Đồng chí mở quá nhiều ảnh trang trong một phút.", 20)
    except page_pictures.Busy:
        return _later("Máy chủ đang dựng ảnh của một trang khác.", 10)
    except FileNotFoundError as why:
        raise Http404 from why
    except UnreadableDocument as why:
        if why.code in _NOT_THERE:
            raise Http404 from why
        return _refused(page, why)
    answer = HttpResponse(drawn, content_type=page_pictures.MEDIA_TYPE)
    answer["Cache-Control"] = _KEPT if keep else "private, no-store"
    if keep:
        answer["ETag"] = mark
    return answer


def _later(why, seconds):
    said = f"{why} Hãy đợi ít giây rồi tải lại trang."
    answer = HttpResponse(said, content_type="text/plain; charset=utf-8", status=429)
    answer["Retry-After"] = str(seconds)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _refused(page, why):
    """Why a page that is there cannot be drawn; not kept: a busy machine may do it later."""
    said = f"Không hiện được ảnh trang {page}: {why.why} {why.mend}"
    answer = HttpResponse(said, content_type="text/plain; charset=utf-8", status=422)
    answer["Cache-Control"] = "private, no-store"
    return answer
