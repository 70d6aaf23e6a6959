"""Between the request and the views: forced password change, refusals said plainly."""

from django.shortcuts import redirect, render

from namro.web.org.queries import NotAllowed

_ALWAYS = {"org:password", "org:logout", "org:login"}


class PasswordChangeMiddleware:
    """A new account must choose its own password before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated:
            return None
        user.address = request.META.get("REMOTE_ADDR", "")
        if user.must_change_password and request.resolver_match.view_name not in _ALWAYS:
            return redirect("org:password")
        return None


class PlainRefusalMiddleware:
    """NotAllowed, raised anywhere below, becomes a 403 page that says why."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, NotAllowed):
            return render(request, "frame/refusal.html", {"reason": str(exception)}, status=403)
        return None
