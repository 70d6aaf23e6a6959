"""What may be filled into a cell: each field, its Vietnamese name, and where it makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldKind = Literal["text", "number", "date"]
Rows = Literal["targets", "units", "tasks"]
ROWS_LABELS: dict[Rows, str] = {
    "targets": "mỗi dòng một chỉ tiêu",
    "units": "mỗi dòng một đơn vị",
    "tasks": "mỗi dòng một nhiệm vụ",
}


@dataclass(frozen=True)
class Field:
    """One thing to fill in. `about`: "any" (the export itself), "target", "row" (a row of a block
    of units), "task"; what is about a target needs its number, save in a block of targets."""

    key: str
    label: str
    about: Literal["any", "target", "row", "task"]
    kind: FieldKind


_ALL = (
    ("text", "Chữ cố định", "any", "text"),
    ("unit_name", "Tên đơn vị", "any", "text"),
    ("unit_code", "Mã đơn vị (theo hệ thống nhận)", "any", "text"),
    ("period", "Kỳ báo cáo", "any", "text"),
    ("as_of", "Thời điểm chốt số liệu", "any", "date"),
    ("plan", "Tên kế hoạch", "any", "text"),
    ("order", "Số thứ tự dòng", "row", "number"),
    ("target_code", "Số của chỉ tiêu", "target", "text"),
    ("target_name", "Nội dung chỉ tiêu", "target", "text"),
    ("unit_of_measure", "Đơn vị tính", "target", "text"),
    ("threshold", "Mức phải đạt", "target", "text"),
    ("value", "Kết quả", "target", "number"),
    ("numerator", "Tử số", "target", "number"),
    ("denominator", "Mẫu số", "target", "number"),
    ("heard", "Số đơn vị đã báo cáo", "target", "number"),
    ("expected", "Số đơn vị phải báo cáo", "target", "number"),
    ("heard_of_expected", "Đã báo cáo/phải báo cáo", "target", "text"),
    ("standing", "Đánh giá", "target", "text"),
    ("task_code", "Mục của nhiệm vụ", "task", "text"),
    ("task_name", "Nội dung nhiệm vụ", "task", "text"),
    ("lead", "Đơn vị chủ trì", "task", "text"),
    ("product", "Sản phẩm", "task", "text"),
    ("deadline", "Thời hạn", "task", "date"),
    ("task_state", "Tình trạng nhiệm vụ", "task", "text"),
    ("progress", "Tiến độ, kết quả", "task", "text"),
    ("percent", "Tỷ lệ hoàn thành (%)", "task", "number"),
    ("done_on", "Ngày hoàn thành", "task", "date"),
)
FIELDS: dict[str, Field] = {key: Field(key, label, a, k) for key, label, a, k in _ALL}  # type: ignore[arg-type]


def fields_for(rows: Rows | None) -> list[Field]:
    """What may stand in a cell of its own (`rows` None) or in a column of such a block."""
    about: dict[Rows | None, tuple[str, ...]] = {
        None: ("any", "target"),
        "targets": ("any", "row", "target"),
        "units": ("any", "row", "target"),
        "tasks": ("any", "row", "task"),
    }
    return [f for f in FIELDS.values() if f.about in about[rows]]
