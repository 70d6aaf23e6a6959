"""What the review shows: the item's fields as text, the queue, the faults, the lit document."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from namro.terms import ONGOING
from namro.vietnamese import format_number, sort_key
from namro.web.plans import draft as drafts
from namro.web.plans import passages, rules, sheets
from namro.web.plans.rules import COMPARATOR_LABELS

DOUBTFUL = 0.9
SCOPES = (
    ("", "toàn tỉnh, tính chung"),
    ("each unit", "từng đơn vị"),
    ("each year", "hằng năm"),
    ("each quarter", "hằng quý"),
    ("each month", "hằng tháng"),
)
HEAD_LABELS = (
    ("kind", "Loại văn bản"),
    ("number", "Số, ký hiệu"),
    ("date", "Ngày ban hành"),
    ("issuer", "Cơ quan ban hành"),
    ("title", "Trích yếu"),
)


def written_day(iso):
    """An ISO day, month or year as it is typed: 30/6/2025, 6/2025, 2025, thường xuyên."""
    if not iso:
        return ""
    if iso == ONGOING:
        return "thường xuyên"
    parts = [str(int(p)) for p in iso.split("-")]
    return "/".join(reversed(parts))


def written_number(value):
    return "" if value in (None, "") else format_number(Decimal(value))


def threshold_text(item):
    """The threshold of a target in a few signs: "≥ 45 %"."""
    if "comparator" not in item:
        return ""
    if item["comparator"] == "milestone":
        return "cột mốc"
    sign = {">=": "≥", "<=": "≤", "range": ""}.get(item["comparator"], item["comparator"])
    value = written_number(item.get("value")) or "?"
    if item["comparator"] == "range":
        value = f"{value}–{written_number(item.get('value_high')) or '?'}"
    return f"{sign} {value} {item.get('unit') or ''}".strip()


def review_address(reading, key="", order="", **more):
    """The review page at an item."""
    return reverse("plans:reading", args=[reading.pk]) + asked_for(key, order, **more)


def asked_for(key="", order="", **more):
    """The query that asks for an item in an order; what is empty is left out."""
    asked = {"muc": key, "thu-tu": order, **{k.replace("_", "-"): v for k, v in more.items()}}
    query = urlencode({k: v for k, v in asked.items() if v})
    return f"?{query}" if query else ""


def line_of(item, home="", order="", **more):
    """One line of the queue."""
    is_target = item["id"].startswith("ct")
    return {
        "key": item["id"],
        "address": home + asked_for(item["id"], order, **more),
        "kind": "Chỉ tiêu" if is_target else "Nhiệm vụ",
        "code": item["code"],
        "words": item["subject"] if is_target else item["title"],
        "threshold": threshold_text(item),
        "checked": item["checked"],
        "kept": item["kept"],
        "percent": round(100 * rules.certainty({**item, "checked": False})),
    }


_FIELDS = {
    "ct": ("code", "subject", "comparator", "value", "value_high", "unit", "scope", "deadline"),
    "nv": ("code", "title", "product", "deadline", "deadline_iso"),
}


def fields_of(item, typed=None):
    """The item's fields as text for the form; typed and refused text stands before what is kept."""
    shown = {name: _written(name, item) for name in _FIELDS[item["id"][:2]]}
    shown["soft"] = bool(item.get("soft"))
    if typed:
        shown.update({k: v for k, v in typed.items() if k in shown})
    return shown


def _written(name, item):
    value = item.get(name)
    if name in ("value", "value_high"):
        return written_number(value)
    if name == "deadline_iso" or (name == "deadline" and item["id"].startswith("ct")):
        return written_day(value)
    return value or ""


SAID_OF = {
    "lead": "đơn vị chủ trì",
    "lead_units": "đơn vị chủ trì",
    "cooperate": "đơn vị phối hợp",
    "cooperate_units": "đơn vị phối hợp",
    "value": "ngưỡng",
    "value_high": "số cuối khoảng",
    "comparator": "cách so sánh",
    "unit": "đơn vị tính",
    "deadline": "thời hạn",
    "deadline_iso": "ngày đến hạn",
    "subject": "nội dung",
    "title": "nội dung",
    "quote": "câu trích",
    "scope": "phạm vi",
    "product": "sản phẩm",
    "code": "số thứ tự",
    "soft": "mức phấn đấu",
    "kept": "giữ hay bỏ",
}


def doubts(item):
    """The fields the reading is not sure of: field → why, said in one short sentence."""
    if item["checked"]:
        return {}
    sure = item.get("confidence") or {}
    found = {}
    for name, value in sure.items():
        if value < DOUBTFUL and name in SAID_OF:
            found[name] = f"Máy chưa chắc ({round(100 * value)}%){_reason(item, name)}"
    return found


def _reason(item, name):
    """What makes the field doubtful, where the item itself shows it."""
    if name in ("lead", "cooperate"):
        named = item.get(f"{name}_named", [])
        if not named:
            return ": câu không nêu đơn vị nào."
        unknown = drafts.unknown_units(item, name)
        return f": “{unknown[0]}” không khớp đơn vị nào." if unknown else "."
    if name in ("deadline", "deadline_iso") and item.get("deadline_from"):
        return f": suy từ “{item['deadline_from'][:80]}”."
    if item.get(name) in (None, ""):
        return ": không thấy trong câu."
    return ": hãy so với câu trong văn bản."


def parts_of(item, by_code, typed=None):
    """For "chủ trì" and "phối hợp": what the document says, and the units ticked or proposed."""
    return [
        _part(item, by_code, typed, key, label)
        for key, label in (("lead", "Chủ trì"), ("cooperate", "Phối hợp"))
    ]


def _part(item, by_code, typed, key, label):
    kept = (typed or {}).get(f"{key}_units", item.get(f"{key}_units", []))
    proposed = [] if typed else drafts.proposed_units(item, key)
    named = item.get(f"{key}_named", [])
    asked = {*item.get(f"{key}_units", []), *kept, *proposed} & set(by_code)
    codes = sorted(asked, key=lambda c: (sort_key(by_code[c].name), c))
    return {
        "key": key,
        "label": label,
        "field": f"{key}_units",
        "written": [n["text"] for n in named],
        "unknown": [] if item["checked"] else drafts.unknown_units(item, key),
        "proposed": len(proposed),
        "units": [(by_code[c], c in kept or c in proposed, c in proposed) for c in codes],
        "more": (typed or {}).get(f"{key}_more", ""),
    }


def unit_codes(item, typed=None):
    """The codes of all units the form of an item may show."""
    found = []
    for key in ("lead", "cooperate"):
        found += item.get(f"{key}_units", []) + drafts.proposed_units(item, key)
        found += (typed or {}).get(f"{key}_units", [])
    return found


def clash_of(clash, item, by_code):
    """A field two people gave different values, as it is shown beside the field."""
    value = clash.theirs
    if clash.field in ("lead_units", "cooperate_units"):
        said = ", ".join(by_code[c].name for c in value if c in by_code)
    elif clash.field == "soft":
        said = "có" if value else "không"
    elif clash.field == "comparator":
        said = COMPARATOR_LABELS.get(value, value)
    elif clash.field == "scope":
        said = dict(SCOPES).get(value or "", value)
    else:
        said = _written(clash.field, item)
    raw = ",".join(value) if isinstance(value, list) else _written(clash.field, item)
    if clash.field == "soft":
        raw = "1" if value else ""
    return {"by": clash.by, "at": clash.at, "said": said or "để trống", "take": raw}


def passages_of(items, faults, home, current="", order="", **more):
    """Every item's and open fault's words, as passages of the document."""
    found = []
    for item in items:
        line = line_of(item, home, order, **more)
        for place in sheets.places_of(item.get("place")):
            found.append(
                passages.passage_of(
                    place, key=item["id"], label=f"{line['kind']} {line['code']}",
                    address=line["address"], current=item["id"] == current,
                )
            )  # fmt: skip
    for fault in faults:
        if not fault.get("settled"):
            found.append(passages.passage_of(fault.get("place"), key=fault["id"], kind="fault"))
    return [p for p in found if p]
