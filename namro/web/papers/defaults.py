"""What the head of a paper says before anyone changes it: from units, links and posts."""

from __future__ import annotations

from datetime import date

from namro.terms import Period
from namro.vietnamese import format_date
from namro.web.org.models import Post, Unit, UnitLink
from namro.web.org.queries import in_force
from namro.web.org.rules import Kind, Role, Tree
from namro.web.papers.rules import Form, Head
from namro.web.plans.models import Plan

_PARTY_KINDS = (Kind.PARTY_COMMITTEE, Kind.PARTY_BODY, Kind.COMMUNE_PARTY_COMMITTEE)
_MUNICIPAL = ("Tỉnh ", "Thành phố ")


def form_for(unit: Unit) -> Form:
    """Party bodies write Party papers, all others State papers."""
    return "party" if unit.kind in _PARTY_KINDS else "state"


def head_for(plan: Plan, unit: Unit, form: Form, period: Period, on: date) -> Head:
    """The usual head and end of a unit's report on a plan, for a person to change."""
    title = f"Kết quả {carrying_out(plan)} trong {period.label}"
    return head_of(unit, form, title, plan.root, on)


def head_of(unit: Unit, form: Form, title: str, root: Unit, on: date) -> Head:
    """The usual head and end of any paper of a unit, dated in the place of `root`."""
    place = _place(root)
    superior = _superior(unit, form, on)
    return Head(
        superior_body=_party_branch(superior, place) if form == "party" else superior,
        issuing_body=unit.name,
        symbol=_symbol(unit, form),
        place=place,
        title=title,
        authority=_authority(unit, form),
        post=_post(unit, form),
        signer=_signer(unit, on),
        recipients=_recipients(unit, superior, form),
    )


def cited(plan: Plan) -> str:
    """The plan as a report names it: "Kế hoạch số 15-KH/ĐU ngày 20/6/2025"."""
    said = f"{plan.kind[:1].upper()}{plan.kind[1:].lower()}"
    if not plan.number.strip():
        return _by_title(plan, said)
    said += f" số {plan.number.strip()}"
    parts = [int(p) for p in plan.issued_on.split("-")] if plan.issued_on else []
    if len(parts) == 3:
        return f"{said} ngày {format_date(date(*parts))}"
    if len(parts) == 2:
        return f"{said} tháng {parts[1]}/{parts[0]}"
    return said


def carrying_out(plan: Plan) -> str:
    """ "thực hiện Kế hoạch số …", never "thực hiện Kế hoạch thực hiện Kế hoạch số …"."""
    said = cited(plan)
    return said if said.startswith("thực hiện ") else f"thực hiện {said}"


def _by_title(plan: Plan, kind: str) -> str:
    """A plan without a number by its title, up to what it is about."""
    title = " ".join(plan.title.split())
    head = title.split(" về ", 1)[0] if "số " in title.split(" về ", 1)[0] else title
    head = f"{head[:1].lower()}{head[1:]}"
    return head if head.startswith("thực hiện ") else f"{kind} {head}"


def _place(root: Unit) -> str:
    """The province's own name: "Tỉnh Lai Châu" → "Lai Châu"."""
    for word in _MUNICIPAL:
        if root.name.startswith(word):
            return root.name.removeprefix(word)
    return root.name


def _superior(unit: Unit, form: Form, on: date) -> str:
    tree = Tree.PARTY if form == "party" else Tree.GOVERNMENT
    links = UnitLink.objects.filter(in_force(on), unit=unit, tree=tree).select_related("superior")
    link = links.first()
    return link.superior.name if link and link.superior.kind != Kind.PROVINCE else ""


def _party_branch(superior: str, place: str) -> str:
    """A committee's superior stands in the head as the Party organisation it leads."""
    return f"Đảng bộ tỉnh {place}" if superior.startswith("Tỉnh ủy") else superior


def _symbol(unit: Unit, form: Form) -> str:
    if form == "party":
        return "BC/ĐU" if unit.kind != Kind.PARTY_BODY else f"BC/{_initials(unit)}"
    named = "UBND" if unit.kind not in (Kind.DEPARTMENT,) else _initials(unit)
    return f"BC-{named}"


def _initials(unit: Unit) -> str:
    """The capitals of a unit's short name: "Sở Khoa học và Công nghệ" → "SKHCN"."""
    words = [w for w in unit.label.replace("&", " ").split() if w.lower() not in ("và", "của")]
    return "".join(w if w.isupper() else w[0].upper() for w in words)[:12]


def _authority(unit: Unit, form: Form) -> str:
    if form == "party":
        return "T/M BAN THƯỜNG VỤ"
    return "TM. ỦY BAN NHÂN DÂN" if unit.kind != Kind.DEPARTMENT else ""


def _post(unit: Unit, form: Form) -> str:
    """The usual post of who signs; left open where the kind of unit does not tell."""
    if form == "party":
        return "" if unit.kind == Kind.PARTY_BODY else "PHÓ BÍ THƯ"
    return "GIÁM ĐỐC" if unit.kind == Kind.DEPARTMENT else "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"


def _signer(unit: Unit, on: date) -> str:
    posts = Post.objects.filter(in_force(on), unit=unit, role=Role.LEADER, user__is_active=True)
    post = posts.select_related("user").order_by("pk").first()
    return post.user.full_name if post else ""


def _recipients(unit: Unit, superior: str, form: Form) -> tuple[str, ...]:
    above = (f"{superior} (b/c)",) if superior else ()
    if form == "party":
        below = ("Các đảng ủy trực thuộc", "Các cơ quan, đơn vị chủ trì chỉ tiêu, nhiệm vụ")
        return (*above, *below, "Lưu Văn phòng")
    return (*above, "Các cơ quan, đơn vị chủ trì chỉ tiêu, nhiệm vụ", "Lưu: VT")
