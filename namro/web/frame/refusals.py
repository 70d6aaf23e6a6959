"""The pages for what went wrong: in Vietnamese, never a traceback."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

_BROKEN = "Hệ thống gặp lỗi; việc vừa làm chưa được ghi. Hãy thử lại sau ít phút."


def _page(request, status, reason):
    return render(
        request, "frame/refusal.html", {"reason": reason, "status": status}, status=status
    )


def _bare_page(status, reason):
    """Without the request: neither session nor database may be asked again when they are broken."""
    context = {"reason": reason, "status": status, "site_name": settings.NAMRO_NAME}
    return HttpResponse(render_to_string("frame/refusal.html", context), status=status)


def bad_request(request, exception):
    return _bare_page(400, "Yêu cầu không hợp lệ. Hãy quay lại trang trước và làm lại.")


def forbidden(request, exception):
    return _page(request, 403, "Tài khoản của đồng chí không có quyền xem trang này.")


def stale_form(request, reason=""):
    """A form whose token is missing or old (Django's CSRF check)."""
    return _page(
        request,
        403,
        "Biểu mẫu đã quá thời gian hoặc được gửi từ nơi khác, nên chưa được ghi. "
        "Hãy mở lại trang rồi gửi lại.",
    )


def not_found(request, exception):
    return _page(request, 404, "Không có trang này, hoặc đồng chí không có quyền xem.")


def broken(request):
    return _bare_page(500, _BROKEN)
