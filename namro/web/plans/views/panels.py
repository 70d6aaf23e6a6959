"""What the panel beside the document holds: an item's fields, a cut, the head, many at once."""

from __future__ import annotations

from namro.vietnamese import fold
from namro.web.frame.entered import whole
from namro.web.plans import draft as drafts
from namro.web.plans import passages, queries, reviewed
from namro.web.plans.cutting import proposed_cut
from namro.web.plans.rules import COMPARATOR_LABELS, GROUPS
from namro.web.plans.views import shown

ORDER_LABELS = (
    ("", "Chưa chắc nhất trước"),
    ("document", "Theo thứ tự văn bản"),
    ("muc", "Theo mục, bảng"),
)
KEYS = (
    ("J", "mục sau"),
    ("K", "mục trước"),
    ("Enter", "xác nhận, sang mục kế tiếp chưa rà soát"),
    ("E", "sửa; bấm Esc để ra khỏi ô đang sửa"),
    ("S", "tách câu tại chỗ con trỏ"),
    ("M", "gộp với mục kế tiếp cùng loại"),
    ("T", "chuyển nhiệm vụ thành chỉ tiêu và ngược lại"),
    ("X", "bỏ mục"),
    ("Z", "hoàn tác thao tác gần nhất của mình, nhiều bước"),
    ("A", "xác nhận cả mục, cả bảng"),
    ("/", "tìm trong danh sách"),
    ("+ và -", "phóng to, thu nhỏ ảnh trang"),
    ("?", "bảng phím tắt này"),
)
SURENESS = (
    ("0", "mọi mức"),
    ("80", "từ 80%"),
    ("90", "từ 90%"),
    ("95", "từ 95%"),
    ("98", "từ 98%"),
)
LISTED = 15


def panel(reading, asked, steps, others, refused):
    """The context of the panel for what is asked."""
    if asked.key == "nhan-ca":
        return {"kind": "many", **_many(reading, asked, steps), **_refusal(refused)}
    if asked.key == "them":
        return {"kind": "add", "adding": _adding(reading, asked.block), **_refusal(refused)}
    row = reviewed.row(reading, asked.key)
    typed = refused.typed if refused else None
    if asked.key == drafts.HEAD or row is None:
        item = row.item if row else {}
        head = [
            (name, label, (typed or {}).get(name, _head_value(item, name)))
            for name, label in shown.HEAD_LABELS
        ]
        version = item.get("version", 0)
        return {"kind": "head", "head": head, "version": version, **_refusal(refused)}
    return _item(reading, asked, steps, others, row.item, typed, refused)


def _refusal(refused):
    if refused is None:
        return {"error": None, "error_field": ""}
    return {"error": refused.error, "error_field": refused.field}


def _item(reading, asked, steps, others, item, typed, refused):
    codes = shown.unit_codes(item, typed)
    clashes = refused.clashes if refused else []
    codes += [c for clash in clashes if isinstance(clash.theirs, list) for c in clash.theirs]
    by_code = queries.units_by_code(codes) if codes else {}
    keys = [s.key for s in steps]
    at = keys.index(item["id"]) if item["id"] in keys else -1
    step = steps[at] if at >= 0 else None
    found = {
        "kind": "cut" if asked.cut and item["kept"] else "item",
        "item": item,
        "version": item["version"],
        "line": shown.line_of(item),
        "number": at + 1,
        "fields": shown.fields_of(item, typed),
        "parts": shown.parts_of(item, by_code, typed),
        "doubts": shown.doubts(item),
        "must_choose": any(drafts.unknown_units(item, p) for p in ("lead", "cooperate")),
        "clashes": {c.field: shown.clash_of(c, item, by_code) for c in clashes},
        "comparators": [(c.value, label) for c, label in COMPARATOR_LABELS.items()],
        "scopes": shown.SCOPES,
        "groups": GROUPS.values(),
        "here": [o.user.full_name for o in others if o.key == item["id"]],
        "next_address": asked.address(reading, keys[at + 1]) if 0 <= at < len(keys) - 1 else "",
        "previous_address": asked.address(reading, keys[at - 1]) if at > 0 else "",
        "many_address": _many_address(reading, asked, step),
        "cut_address": shown.review_address(reading, item["id"], **asked.kept, tach="1"),
        **_refusal(refused),
    }
    if found["kind"] == "cut":
        found |= {"at": proposed_cut(item["quote"])}
    return found


def _many_address(reading, asked, step):
    group = reviewed.groups_of(step)[0] if step else "tat-ca"
    return shown.review_address(reading, "nhan-ca", **asked.kept, pham_vi=group)


def _head_value(item, name):
    value = item.get(name)
    return shown.written_day(value) if name == "date" else value or ""


def _adding(reading, block):
    """The sentences of a block, to choose from when an item is added."""
    number = whole(block, -1)
    text = next((b["text"] for b in reading.blocks if b["index"] == number), "")
    return {"block": number, "sentences": passages.sentences(text)}


def _many(reading, asked, steps):
    """What would be accepted at once: how many, which, and what is left for a person's eye."""
    least = asked.sure if asked.sure in dict(SURENESS) else "0"
    group = asked.group or "tat-ca"
    within = reviewed.of_group(steps, group)
    open_now = [s for s in within if not s.checked and s.kept and s.sure * 100 >= int(least)]
    rows = reviewed.item_rows(reading, [s.key for s in open_now])
    fit = [r for r in rows if drafts.for_the_lot(r.item)]
    fit.sort(key=lambda r: r.sure)
    mine = next(iter(within), None)
    groups = dict.fromkeys([group, *(reviewed.groups_of(mine) if mine else []), "tat-ca"])
    return {
        "groups": [(g, reviewed.group_label(g)) for g in groups],
        "group": group,
        "least": least,
        "sureness": SURENESS,
        "seen": " ".join(f"{r.key}.{r.version}" for r in fit),
        "count": len(fit),
        "doubtful": sum(r.sure < drafts.SURE for r in fit),
        "set_aside": len(rows) - len(fit),
        "listed": [shown.line_of(r.item) for r in fit[:LISTED]],
        "more": max(0, len(fit) - LISTED),
        "back": asked.address(reading, ""),
    }


def queue(reading, asked, steps, items):
    """The queue as groups of lines: one nameless group, or one for each table and section."""
    words = fold(asked.find)
    groups = {}
    for step in steps:
        line = shown.line_of(items[step.key], shown.review_address(reading), **asked.kept)
        if words and words not in fold(f"{line['code']} {line['words']}"):
            continue
        name = step.group if asked.order == "muc" else ""
        groups.setdefault(name, []).append(line)
    return [
        {
            "label": reviewed.group_label(name) if name else "",
            "name": name,
            "lines": lines,
            "checked": sum(line["checked"] for line in lines),
            "address": shown.review_address(reading, "nhan-ca", **asked.kept, pham_vi=name),
        }
        for name, lines in groups.items()
    ]
