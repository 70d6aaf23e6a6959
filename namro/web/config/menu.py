"""The frame of every page: name of the installation, the menu by permission, who I am."""

from django.conf import settings

from namro.web.frame import clock
from namro.web.org.queries import home_unit, may, posts_of
from namro.web.org.rules import ROLE_LABELS, Role, Verb

# (label, address name, verb that opens it; None: everyone)
MENU = (
    ("Hôm nay", "dashboard:home", None),
    ("Kế hoạch", "dashboard:plans", Verb.SEE_PLAN),
    ("Chỉ tiêu", "results:targets", Verb.SEE_PLAN),
    ("Nhiệm vụ", "reporting:tasks", Verb.SEE_PLAN),
    ("Văn bản đang đọc", "plans:readings", Verb.RECEIVE_DOCUMENT),
    ("Phân công", "plans:assignments", Verb.ASSIGN),
    ("Đợt báo cáo", "reporting:rounds", Verb.OPEN_ROUND),
    ("Báo cáo của đơn vị", "reporting:duties", Verb.REPORT),
    ("Duyệt số liệu", "reporting:queue", Verb.APPROVE),
    ("Dữ liệu hồ sơ", "reporting:batches", Verb.SEE_RECORDS),
    ("Cách đo", "results:measures", Verb.SEE_PLAN),
    ("Đôn đốc", "oversight:reminders", Verb.REMIND),
    ("Văn bản phát hành", "papers:reports", Verb.SEE_PAPERS),
    ("Đơn vị, người dùng", "org:units", Verb.SEE_PEOPLE),
    ("Nhật ký", "org:journal", Verb.SEE_JOURNAL),
)


def frame(request):
    """Context of `frame/base.html`."""
    user = getattr(request, "user", None)
    base = {"site_name": settings.NAMRO_NAME, "site_place": settings.NAMRO_PLACE, "menu": []}
    if user is None or not user.is_authenticated:
        return base
    on = clock.today()
    menu = [(label, name) for label, name, verb in MENU if verb is None or may(user, verb, on=on)]
    posts = posts_of(user, on)
    return {
        **base,
        "menu": menu,
        "here": request.resolver_match.view_name if request.resolver_match else "",
        "home_unit": home_unit(user, on),
        "my_roles": ", ".join(ROLE_LABELS[Role(p.role)] for p in posts),
    }
