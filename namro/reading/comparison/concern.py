"""Whether an item of the superior's reaches the level of the plan that carries it out."""

from __future__ import annotations

import re

from namro.reading.comparison.findings import Item
from namro.reading.comparison.wording import plain
from namro.reading.plan import ReadPlan, ReadTarget

# Over folded text: who is meant when a superior speaks to all units of a level.
_LEVELS = (
    (
        "commune",
        r"^(?:uy ban nhan dan |dang uy |hoi dong nhan dan )?(?:cac )?(?:xa|phuong|dac khu)\b",
    ),
    ("department", r"^(?:so|ban|chi cuc|trung tam|truong|van phong)\b"),
    ("province", r"\b(?:tinh|thanh pho)\b"),
)
_REACHES = {
    "province": r"dia phuong|tinh|thanh pho|tinh uy|thanh uy|cap uy|uy ban nhan dan",
    "department": r"cac so|so ,|so va|nganh|dia phuong|co quan don vi|co quan , don vi|dang uy",
    "commune": r"\bxa\b|phuong|cap uy|co so|dang uy|dac khu|cap huyen",
}
_NATIONAL = re.compile(
    r"\b(?:viet nam|ca nuoc|toan quoc|quoc gia|quoc te|the gioi|dong nam a|(?:cac|nhom \d+) nuoc)\b"
)
_CENTRAL = re.compile(r"\b(?:chinh phu|bo chinh tri|trung uong|quoc hoi|thu tuong|bo )\b")


def level_of_issuer(plan: ReadPlan) -> str | None:
    """ "province", "department" or "commune"; None for a central body or an unknown one."""
    issuer = plain(plan.document.issuer or "")
    if not issuer or _CENTRAL.search(issuer):
        return None
    return next((level for level, form in _LEVELS if re.search(form, issuer)), None)


def concerns(item: Item, plan: ReadPlan) -> bool:
    """Whether the plan's level is asked: its unit is named to lead, or all of its kind are, or
    nobody is. A target of the whole nation asks no single province."""
    level = level_of_issuer(plan)
    if level is None:
        return True
    thing = item.thing
    if isinstance(thing, ReadTarget):
        return not _NATIONAL.search(plain(thing.subject))
    named = [plain(m.text) for m in thing.lead or thing.cooperate]
    if not named:
        return True
    own = plain(plan.document.issuer or "")
    reached = re.compile(_REACHES[level])
    return any(n in own or own in n or reached.search(n) for n in named)
