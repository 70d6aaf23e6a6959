"""Signing in and out, one's own password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from namro.web.frame import clock
from namro.web.org import actions
from namro.web.org.forms import PasswordForm, SignInForm
from namro.web.org.queries import password_due


@method_decorator(login_not_required, name="dispatch")
class SignInView(LoginView):
    """The login page; five wrong passwords lock the account for a while (django-axes)."""

    template_name = "org/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.pop("site_name", None)  # Django's: the host's name, which would hide our own
        return context

    def form_valid(self, form):
        answer = super().form_valid(form)
        user = form.get_user()
        user.address = self.request.META.get("REMOTE_ADDR", "")
        actions.sign_in(user=user, at=clock.now())
        return answer


login = SignInView.as_view()


@require_POST
def leave(request):
    """Sign out; the page for signing in says so."""
    actions.sign_out(user=request.user, at=clock.now())
    logout(request)
    messages.success(request, "Đã thoát khỏi hệ thống.")
    return redirect("org:login")


@sensitive_post_parameters()
def password(request):
    """Change one's own password; the first thing after a first sign-in."""
    form = PasswordForm(request.user, request.POST or None)
    due = password_due(request.user, clock.now())
    if request.method == "POST" and form.is_valid():
        try:
            new = form.cleaned_data["new"]
            actions.change_password(user=request.user, password=new, at=clock.now())
        except ValidationError as why:
            form.add_error("new", why)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "Đã đổi mật khẩu.")
            return redirect("dashboard:home")
    status = 422 if form.is_bound else 200
    return render(request, "org/password.html", {"form": form, "due": due}, status=status)
