"""Between the request and the views: forced password change, refusals said plainly."""

from django.shortcuts import redirect, render

from namro.web.frame import clock
from namro.web.org.queries import NotAllowed, password_due

_ALWAYS = {"org:password", "org:logout", "org:login"}


class PasswordChangeMiddleware:
    """A new account must choose its own password before anything else; pages stay private.

    Nothing a signed-in person saw stays in the browser for the next one at the machine.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        if request.user.is_authenticated and not answer.has_header("Cache-Control"):
            answer["Cache-Control"] = "private, no-store"
        return answer

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated:
            return None
        user.address = request.META.get("REMOTE_ADDR", "")
        if request.resolver_match.view_name in _ALWAYS:
            return None
        return redirect("org:password") if password_due(user, clock.now()) else None


class IdleMiddleware:
    """Each page starts the idle time anew, written at most once a minute: reading stays reading."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(clock.now().timestamp())
            if now - request.session.get("seen", 0) >= 60:
                request.session["seen"] = now
        return self.get_response(request)


class PlainRefusalMiddleware:
    """NotAllowed, raised anywhere below, becomes a 403 page that says why."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, NotAllowed):
            context = {"reason": str(exception), "status": 403}
            return render(request, "frame/refusal.html", context, status=403)
        return None
