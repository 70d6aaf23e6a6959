"""The frame of every page: name of the installation, the menu by permission, who I am."""

from functools import cache, lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from namro.web.facts.removal_requests import waiting_for as removals_waiting
from namro.web.frame import clock
from namro.web.org.queries import home_unit, may, posts_of
from namro.web.org.rules import ROLE_LABELS, Role, Verb
from namro.web.reporting.chain.deputies import in_place_of
from namro.web.reporting.queries import own_units, queue_for

# Groups of (label, address name, verb that opens it; None: everyone)
MENU = (
    (
        ("Hôm nay", "dashboard:home", None),
        ("Kế hoạch", "dashboard:plans", Verb.SEE_PLAN),
        ("Chỉ tiêu", "results:targets", Verb.SEE_PLAN),
        ("Nhiệm vụ", "reporting:tasks", Verb.SEE_PLAN),
    ),
    (
        ("Báo cáo của đơn vị", "reporting:duties", Verb.REPORT),
        ("Duyệt số liệu", "reporting:queue", Verb.APPROVE),
        ("Đợt báo cáo", "reporting:rounds", Verb.OPEN_ROUND),
        ("Điểm nghi vấn", "results:doubts", Verb.SEE_FIGURES),
        ("Dữ liệu hồ sơ", "reporting:batches", Verb.SEE_RECORDS),
        ("Đôn đốc", "oversight:reminders", Verb.REMIND),
        ("Trao đổi bằng tệp", "exchange:forms", Verb.EXCHANGE),
        ("Văn bản phát hành", "papers:reports", Verb.SEE_PAPERS),
        ("Xóa dữ liệu cá nhân", "papers:removals", Verb.SEE_REMOVALS),
    ),
    (
        ("Văn bản đang đọc", "plans:readings", Verb.RECEIVE_DOCUMENT),
        ("So sánh, đối chiếu", "plans:comparisons", Verb.SEE_PLAN),
        ("Phân công", "plans:assignments", Verb.ASSIGN),
        ("Cách đo", "results:measures", Verb.SEE_PLAN),
    ),
    (
        ("Đơn vị, người dùng", "org:units", Verb.SEE_PEOPLE),
        ("Nhật ký", "org:journal", Verb.SEE_JOURNAL),
    ),
)
# Pages that light up the menu entry they stand under.
UNDER = {
    "org:people": "org:units",
    "org:person": "org:units",
    "org:unit": "org:units",
    "org:open_account": "org:units",
    "org:load_units": "org:units",
    "dashboard:plan": "dashboard:plans",
    "plans:source": "dashboard:plans",
    "results:board": "results:targets",
    "results:target": "results:targets",
    "results:origin": "results:targets",
    "results:records": "results:targets",
    "results:measure": "results:measures",
    "results:bind": "results:measures",
    "results:doubt": "results:doubts",
    "reporting:task": "reporting:tasks",
    "reporting:duty": "reporting:duties",
    "reporting:own_forms": "reporting:duties",
    "reporting:deliveries": "reporting:duties",
    "reporting:delivery": "reporting:duties",
    "reporting:round_forms": "reporting:rounds",
    "reporting:submission": "reporting:queue",
    "reporting:round": "reporting:rounds",
    "reporting:open_round": "reporting:rounds",
    "reporting:regime": "reporting:rounds",
    "reporting:days": "reporting:rounds",
    "reporting:punctuality": "reporting:rounds",
    "reporting:summing": "reporting:rounds",
    "reporting:corrections": "reporting:rounds",
    "reporting:preview_many": "reporting:queue",
    "reporting:delegations": "reporting:queue",
    "reporting:batch": "reporting:batches",
    "oversight:reminder": "oversight:reminders",
    "exchange:form": "exchange:forms",
    "exchange:save": "exchange:forms",
    "exchange:exports": "exchange:forms",
    "exchange:export": "exchange:forms",
    "papers:report": "papers:reports",
    "papers:prepare": "papers:reports",
    "papers:check": "papers:reports",
    "papers:removal": "papers:removals",
    "papers:gone": "papers:removals",
    "plans:reading": "plans:readings",
    "plans:comparison": "plans:comparisons",
    "plans:choose_comparison": "plans:comparisons",
    "plans:assign_target": "plans:assignments",
    "plans:assign_task": "plans:assignments",
}


def frame(request):
    """Context of `frame/base.html`."""
    user = getattr(request, "user", None)
    base = {"site_name": settings.NAMRO_NAME, "site_place": settings.NAMRO_PLACE, "menu": []}
    if user is None or not user.is_authenticated:
        return base
    on = clock.today()
    posts = posts_of(user, on)
    here = request.resolver_match.view_name if request.resolver_match else ""
    menu = _menu(user, UNDER.get(here, here), on)
    sees_plan = may(user, Verb.SEE_PLAN, on=on)
    allows_removal = may(user, Verb.ALLOW_REMOVAL, on=on)
    return {
        **base,
        "menu": menu,
        "menu_text": _written(menu),
        "search_at": _address("results:targets") if sees_plan else "",
        "to_decide": queue_for(user, on).count() if _decides(user, on) else 0,
        "to_remove": removals_waiting(user, on).count() if allows_removal else 0,
        "home_unit": home_unit(user, on),
        "my_roles": ", ".join(dict.fromkeys(ROLE_LABELS[Role(p.role)] for p in posts)),
    }


def _decides(user, on) -> bool:
    """Whether anything may wait for a person: by a post, or in place of somebody who is away."""
    posts = (Role.LEADER, Role.REVIEWER, Role.COORDINATOR)
    return any(p.role in posts for p in posts_of(user, on)) or bool(in_place_of(user, on))


def _stands_in(user, name, on) -> bool:
    """Whether the page is theirs because a colleague who reports is away."""
    return name == "reporting:duties" and bool(own_units(user, on))


Groups = tuple[tuple[tuple[str, str, bool], ...], ...]
"""Groups of (label, address, whether the page shown is under it)."""


def _menu(user, here, on) -> Groups:
    """The entries open to a person, without empty groups."""
    held = {verb for verb in Verb if may(user, verb, on=on)}
    groups = (
        tuple(
            (label, _address(name), name == here)
            for label, name, verb in group
            if verb is None or verb in held or _stands_in(user, name, on)
        )
        for group in MENU
    )
    return tuple(group for group in groups if group)


_address = cache(reverse)


@lru_cache(maxsize=512)
def _written(menu: Groups) -> str:
    """The menu as text: the same for all who hold the same rights, on all pages under one entry."""
    return render_to_string("frame/menu.html", {"menu": menu})
