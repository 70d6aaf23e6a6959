"""The list of people, one person's page, and what an administrator does there."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from namro.web.frame import clock
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org import actions, queries
from namro.web.org.forms import AccountForm, EndPostForm, PostForm
from namro.web.org.rules import IDLE_AFTER, ROLE_LABELS, Role, Verb, account_kind


def _units(user) -> str:
    return "; ".join(dict.fromkeys(p.unit.label for p in user.posts_held))


def _roles(user) -> str:
    return "; ".join(dict.fromkeys(ROLE_LABELS[Role(p.role)] for p in user.posts_held))


def _kind(user) -> str:
    return account_kind(p.role for p in user.posts_held)


def _address(user) -> str:
    return reverse("org:person", args=[user.pk])


def _state(user) -> str:
    return "Đang hoạt động" if user.is_active else "Đã ngừng"


def _with_state(rows, value):
    if value == "trong":
        return rows.filter(pk__in=actions.idle_accounts(clock.now()))
    return rows.filter(is_active=value == "hoat-dong")


_SHOWN = [
    Column("ten", "Họ và tên", lambda u: u.full_name, link=_address),
    Column("don-vi", "Đơn vị", _units, width=40),
    Column("vai-tro", "Vai trò", _roles, width=30),
]
_STATE = Column("trang-thai", "Trạng thái", _state, "state", width=16)
_OF_ACCOUNT = [
    Column("tai-khoan", "Tên đăng nhập", lambda u: u.username),
    Column("loai", "Loại tài khoản", _kind),
    _STATE,
    Column("mo", "Mở lúc", lambda u: u.joined_at, "moment"),
    Column("vao", "Đăng nhập gần nhất", lambda u: u.last_login, "moment"),
]
_FILTERS = [
    Filter(
        "vai",
        "Vai trò",
        [(r.value, v) for r, v in ROLE_LABELS.items()],
        lambda rows, value: rows.filter(
            queries.in_force(clock.today(), "posts__"), posts__role=value
        ).distinct(),
    )
]
_STATES = Filter(
    "trang-thai",
    "Trạng thái",
    [
        ("hoat-dong", "Đang hoạt động"),
        ("ngung", "Đã ngừng"),
        ("trong", f"Không đăng nhập quá {IDLE_AFTER.days} ngày"),
    ],
    _with_state,
)
_EMPTY = "Chưa có người nào trong phạm vi của đồng chí."
PEOPLE = Listing("Người dùng", [*_SHOWN, _STATE], _FILTERS, empty=_EMPTY, sort="ten")
ACCOUNTS = Listing(
    "Danh sách tài khoản", [*_SHOWN, *_OF_ACCOUNT], [*_FILTERS, _STATES], empty=_EMPTY, sort="ten"
)


def people(request):
    """Who works in the units within reach; for administrators the accounts too."""
    on = clock.today()
    queries.allow(request.user, Verb.SEE_PEOPLE, on=on)
    manages = queries.may(request.user, Verb.MANAGE_PEOPLE, on=on)
    rows = queries.people_within(request.user, on)
    listing = ACCOUNTS if manages else PEOPLE
    return show(request, listing, rows, template="org/people.html", manages=manages)


def _found(request, pk):
    """The person, or 404 for whoever is out of sight."""
    on = clock.today()
    queries.allow(request.user, Verb.SEE_PEOPLE, on=on)
    person = queries.person_seen(request.user, pk, on)
    if person is None:
        raise Http404
    return person


def _managed_units(request):
    return queries.units_within(request.user, Verb.MANAGE_PEOPLE, clock.today())


def person(request, pk, form=None, status=200):
    """One person: posts held and ended; for administrators the account and a new post."""
    shown = _found(request, pk)
    on = clock.today()
    manages = queries.may_manage(request.user, shown, on=on)
    first = {"from_on": on, "role": Role.REPORTER}
    context = {
        "person": shown,
        "posts": queries.all_posts(shown),
        "today": on,
        "manages": manages,
        "kind": account_kind(p.role for p in shown.posts_held),
        "locked": shown.username in queries.locked_names(clock.now()),
        "form": form or PostForm(_managed_units(request), initial=first),
    }
    return render(request, "org/person.html", context, status=status)


@sensitive_variables("password")
def open_account(request):
    """An account with its first post; the first password is shown on the next page, once."""
    on = clock.today()
    queries.allow(request.user, Verb.MANAGE_PEOPLE, on=on)
    first = {"from_on": on, "unit": request.GET.get("don-vi"), "role": Role.REPORTER}
    form = AccountForm(_managed_units(request), request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = actions.open_account(
                by=request.user, at=clock.now(), **form.cleaned_data
            )
        except ValidationError as why:
            _add_faults(form, why)
        else:
            return _first_password(request, user, password, "Đã mở tài khoản")
    status = 422 if form.is_bound else 200
    return render(request, "org/open_account.html", {"form": form}, status=status)


def _add_faults(form, why: ValidationError) -> None:
    """Each fault at its field; those of no field on top."""
    by_field = why.message_dict if hasattr(why, "error_dict") else {"": why.messages}
    for name, faults in by_field.items():
        for fault in faults:
            form.add_error(name if name in form.fields else None, fault)


def _first_password(request, person, password, done):
    """Shown in the answer itself and kept nowhere: not in a session, not in a message."""
    context = {"person": person, "password": password, "done": done}
    return render(request, "org/first_password.html", context)


@require_POST
def appoint(request, pk):
    """Give a post."""
    queries.allow(request.user, Verb.MANAGE_PEOPLE, on=clock.today())
    whom = _found(request, pk)
    form = PostForm(_managed_units(request), request.POST)
    if form.is_valid():
        try:
            post = actions.appoint(by=request.user, at=clock.now(), user=whom, **form.cleaned_data)
        except actions.NotFitting as why:
            form.add_error(None, str(why))
            return person(request, pk, form, 409)
        messages.success(request, f"Đã giao vị trí {post.get_role_display()} tại {post.unit.name}.")
        return redirect("org:person", pk)
    return person(request, pk, form, 422)


@require_POST
def end_post(request, pk):
    """End a post from a day on."""
    queries.allow(request.user, Verb.MANAGE_PEOPLE, on=clock.today())
    post = queries.post_seen(request.user, pk, clock.today())
    if post is None:
        raise Http404
    form = EndPostForm(request.POST)
    if form.is_valid():
        done = f"Đã kết thúc vị trí {post.get_role_display()} tại {post.unit.name}."
        return _do(request, post.user, done, actions.end_post, post=post, **form.cleaned_data)
    messages.error(request, "Chưa kết thúc vị trí: " + " ".join(form.errors["to_on"]))
    return redirect("org:person", post.user_id)


def _do(request, whom, done, action, **what):
    """Run an action on a person; what does not fit is said on their page, with status 409."""
    try:
        action(by=request.user, at=clock.now(), **what)
    except actions.NotFitting as why:
        messages.error(request, str(why))
        return person(request, whom.pk, status=409)
    messages.success(request, done)
    return redirect("org:person", whom.pk)


@require_POST
def close_account(request, pk):
    whom = _found(request, pk)
    done = f"Đã ngừng tài khoản {whom.username}."
    reason = request.POST.get("ly-do", "").strip()[:100]
    return _do(request, whom, done, actions.close_account, user=whom, reason=reason)


@require_POST
def unlock(request, pk):
    whom = _found(request, pk)
    done = f"Đã mở khóa đăng nhập của {whom.username}."
    return _do(request, whom, done, actions.unlock, user=whom)


@require_POST
@sensitive_variables("password")
def reset_password(request, pk):
    whom = _found(request, pk)
    password = actions.reset_password(user=whom, by=request.user, at=clock.now())
    return _first_password(request, whom, password, "Đã đặt lại mật khẩu")


@require_POST
@sensitive_variables("password")
def reopen_account(request, pk):
    whom = _found(request, pk)
    try:
        password = actions.reopen_account(user=whom, by=request.user, at=clock.now())
    except actions.NotFitting as why:
        messages.error(request, str(why))
        return person(request, pk, status=409)
    return _first_password(request, whom, password, "Đã mở lại tài khoản")
