"""A made-up national form, mapped and exported once, so that the page of exchange is not empty."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import xlsxwriter

from namro.web.exchange import actions
from namro.web.exchange.making import make
from namro.web.exchange.models import ExchangeForm
from namro.web.org.models import Unit
from namro.web.plans.models import Plan

_FIRST = 8  # the first row of figures, as Excel counts
_COMMUNE_TARGETS = ("1", "5", "12")


def exchange(plan: Plan, units: dict[str, Unit], coordinator: Any, times) -> ExchangeForm:
    """Receive the form, map it, export the last whole round."""
    targets = list(plan.targets.order_by("position"))
    communes = sorted(u.code for u in units.values() if u.kind in ("COMMUNE", "WARD"))
    start = times.at(times.started_on)
    form = actions.receive_form(
        plan=plan, unit=units["12"], name="Biểu tổng hợp gửi Trung ương (mẫu trình diễn)",
        file_name="bieu-tong-hop.xlsx", chunks=[_book(len(targets), len(communes))],
        by=coordinator, at=start,
    )  # fmt: skip
    asked = [c for c in _COMMUNE_TARGETS if any(t.code == c and t.measure for t in targets)]
    data = _mapping(len(targets), communes, asked)
    actions.save_mapping(
        form=form, data=data, seen=0, note="Ghép lần đầu", by=coordinator, at=start
    )
    period = times.periods[-2]
    closed_on = period.last_day() + timedelta(days=6)  # the returns of the round are approved then
    export = actions.ask_export(
        form=form, unit=units["12"], period_code=period.code, by=coordinator,
        as_of=times.at(closed_on, 16), at=times.now,
    )  # fmt: skip
    make(export.pk, times.now)
    return form


def _book(targets: int, communes: int) -> bytes:
    """The empty form: a sheet of targets with a count, a sheet of communes, a hidden guide."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    title = book.add_format({"bold": True, "align": "center", "font_size": 14})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Biểu 01-CT")
    sheet.merge_range("A1:H1", "BIỂU 01: KẾT QUẢ THỰC HIỆN CHỈ TIÊU", title)
    for row, said in ((2, "Đơn vị báo cáo"), (3, "Kỳ báo cáo"), (4, "Số liệu đến")):
        sheet.write(row, 0, said)
    heads = ["TT", "Chỉ tiêu", "Đơn vị tính", "Mức phải đạt", "Tử số", "Mẫu số", "Kết quả",
             "Đơn vị đã báo cáo"]  # fmt: skip
    _table(sheet, heads, [6, 60, 12, 14, 14, 14, 12, 14], targets, head, cell)
    last = _FIRST + targets
    sheet.write(last - 1, 1, "Số chỉ tiêu có kết quả", head)
    sheet.write_formula(last - 1, 6, f"=COUNT(G{_FIRST}:G{last - 1})", head)
    sheet.set_landscape()
    units = book.add_worksheet("Biểu 02-XÃ")
    units.merge_range("A1:E1", "BIỂU 02: KẾT QUẢ THEO XÃ, PHƯỜNG", title)
    heads = ["Mã", "Xã, phường", "Phủ sóng 5G (%)", "Bồi dưỡng kỹ năng số (%)", "Trực tuyến (%)"]
    _table(units, heads, [10, 34, 16, 16, 16], communes, head, cell)
    rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
    units.data_validation(_FIRST - 1, 2, _FIRST + communes - 2, 4, rule)
    guide = book.add_worksheet("Danh mục")
    guide.write(0, 0, "Trang ẩn của hệ thống nhận")
    guide.hide()
    book.close()
    return out.getvalue()


def _table(sheet: Any, heads: list[str], widths: list[int], rows: int, head: Any, cell: Any):
    for column, (text, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write(_FIRST - 2, column, text, head)
        for row in range(_FIRST - 1, _FIRST - 1 + rows):
            sheet.write_blank(row, column, None, cell)


def _mapping(targets: int, communes: list[str], asked: list[str]) -> dict[str, Any]:
    sheet, dash = "Biểu 01-CT", {"missing": "dash"}
    spots = [("C3", "unit_name", {}), ("C4", "period", {}), ("C5", "as_of", {"date": "moment"})]
    columns = [
        ("A", "order", {}), ("B", "target_name", {}), ("C", "unit_of_measure", {}),
        ("D", "threshold", {}), ("E", "numerator", dash), ("F", "denominator", dash),
        ("G", "value", dash), ("H", "heard_of_expected", dash),
    ]  # fmt: skip
    of_units = [{"column": "A", "what": "unit_code"}, {"column": "B", "what": "unit_name"}]
    of_units += [
        {"column": letter, "what": "value", "of": code}
        for letter, code in zip("CDE", asked, strict=False)
    ]
    return {
        "spots": [{"sheet": sheet, "cell": c, "what": w, "look": k} for c, w, k in spots],
        "blocks": [
            {
                "sheet": sheet, "rows": "targets", "first": _FIRST, "last": _FIRST + targets - 1,
                "columns": [{"column": c, "what": w, "look": k} for c, w, k in columns],
            },
            {
                "sheet": "Biểu 02-XÃ", "rows": "units", "level": "commune", "columns": of_units,
                "first": _FIRST, "last": _FIRST + len(communes) - 1,
            },
        ],
        "codes": {code: f"301{n:02d}" for n, code in enumerate(communes, 1)} | {"12": "301"},
    }  # fmt: skip
