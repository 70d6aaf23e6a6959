"""The pages for what went wrong: in Vietnamese, never a traceback."""

from django.shortcuts import render


def _page(request, status, reason):
    return render(
        request, "frame/refusal.html", {"reason": reason, "status": status}, status=status
    )


def bad_request(request, exception):
    return _page(request, 400, "Yêu cầu không hợp lệ. Hãy quay lại trang trước và làm lại.")


def forbidden(request, exception):
    return _page(request, 403, "Tài khoản của đồng chí không có quyền xem trang này.")


def not_found(request, exception):
    return _page(request, 404, "Không có trang này, hoặc đồng chí không có quyền xem.")


def broken(request):
    return _page(request, 500, "Hệ thống gặp lỗi; việc vừa làm chưa được ghi. Hãy thử lại.")
