"""Made-up reports of both families, with every part filled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from namro.writing import (
    Appendix,
    BulletList,
    Definition,
    Paragraph,
    Report,
    ResultTable,
    Section,
    Signature,
    Stamp,
)

TABLE = ResultTable(
    columns=("TT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch", "Thực hiện", "Đánh giá"),
    rows=(
        (
            "1",
            "Cán bộ, công chức cấp xã được bồi dưỡng kỹ năng số căn bản",
            "%",
            "80",
            "71,9",
            "Chậm",
        ),
        ("2", "Hồ sơ thủ tục hành chính được xử lý trực tuyến", "hồ sơ", "8.500", "9.120", "Đạt"),
        (
            "3",
            "Thôn, bản được phủ sóng thông tin di động băng rộng",
            "%",
            "100",
            "98,75",
            "Đúng hướng",
        ),
    ),
    widths=(9, 70, 20, 22, 22, 22),
    caption="Biểu 1. Kết quả thực hiện các chỉ tiêu",
)
WIDE = ResultTable(
    columns=("TT", "Đơn vị", "Phải báo cáo", "Đã báo cáo", "Đúng hạn", "Chậm", "Ghi chú"),
    rows=tuple((str(n), f"Xã mẫu số {n}", "12", "11", "10", "1", "") for n in range(1, 39)),
    widths=(10, 70, 25, 25, 25, 25, 77),
)
SECTIONS = (
    Section("I", "Tình hình triển khai", (
        Paragraph("Trong kỳ báo cáo, các cơ quan, đơn vị đã triển khai 36 nhiệm vụ theo kế hoạch; "
                  "công tác chỉ đạo, kiểm tra, đôn đốc được thực hiện thường xuyên."),
    )),
    Section("II", "Kết quả thực hiện", ()),
    Section("1", "Các chỉ tiêu", (
        Paragraph("Cán bộ, công chức cấp xã được bồi dưỡng kỹ năng số căn bản đạt 71,9% "
                  "(1.035/1.440 người), thấp hơn chỉ tiêu 8,1 điểm phần trăm; 36/38 xã, phường đã "
                  "báo cáo."),
        TABLE,
        Paragraph("Số liệu tại biểu trên được tổng hợp từ báo cáo đã duyệt của các đơn vị."),
    )),
    Section("2", "Khó khăn, vướng mắc", (
        BulletList(("Hạ tầng mạng tại một số bản vùng cao chưa bảo đảm;",
                    "Kinh phí bồi dưỡng được phân bổ chậm so với kế hoạch.")),
    )),
    Section("a", "Nguyên nhân khách quan", (Paragraph("Địa bàn rộng, dân cư phân tán."),)),
    Section("III", "Phương hướng, nhiệm vụ trọng tâm", (
        Paragraph("Tập trung hoàn thành các chỉ tiêu còn chậm trước ngày 31/12 của năm."),
    )),
)  # fmt: skip
STAMP = Stamp(
    as_of=datetime(2025, 9, 14, 17, 0),
    issued_at=datetime(2025, 9, 17, 8, 5),
    verification_code="NR-7K2P-94QX",
    definitions=(
        Definition("Cán bộ, công chức cấp xã được bồi dưỡng kỹ năng số căn bản",
                   "Số người đã có chứng nhận chia cho tổng số cán bộ, công chức có mặt.",
                   "3f6a9c0d1e2b4a58" * 4),
        Definition("Hồ sơ thủ tục hành chính được xử lý trực tuyến",
                   "Số hồ sơ tiếp nhận trực tuyến từ đầu năm.", "a1b2c3d4e5f60718" * 4),
    ),
)  # fmt: skip


def party(**changes: Any) -> Report:
    report = Report(
        form="party",
        superior_body="Đảng bộ tỉnh Nam Sơn",
        issuing_body="Đảng ủy UBND tỉnh",
        number="15",
        symbol="BC/ĐU",
        place="Nam Sơn",
        issued_on=date(2025, 9, 17),
        title="kết quả thực hiện kế hoạch chuyển đổi số tháng 9 năm 2025",
        opening=(
            "Thực hiện Kế hoạch số 42-KH/ĐU ngày 03/6/2025 của Đảng ủy UBND tỉnh, Đảng ủy báo cáo "
            "kết quả thực hiện tháng 9 năm 2025 như sau:",
        ),
        sections=SECTIONS,
        signature=Signature("T/M BAN THƯỜNG VỤ", "Phó Bí thư", "Trần Văn Mẫu"),
        recipients=(
            "Ban Thường vụ Tỉnh ủy (báo cáo)",
            "Các đồng chí ủy viên Ban Chấp hành",
            "Các chi bộ, đảng bộ trực thuộc",
            "Lưu Văn phòng Đảng ủy",
        ),
        appendices=(Appendix("Tình hình báo cáo của các đơn vị", (WIDE,), landscape=True),),
        stamp=STAMP,
    )
    return replace(report, **changes)


def party_2026(**changes: Any) -> Report:
    stamp = replace(STAMP, as_of=datetime(2026, 9, 14, 17), issued_at=datetime(2026, 9, 17, 8, 5))
    return party(**{"issued_on": date(2026, 9, 17), "number": "3", "stamp": stamp, **changes})


def state(**changes: Any) -> Report:
    report = party(
        form="state",
        superior_body="",
        issuing_body="Ủy ban nhân dân\ntỉnh Nam Sơn",
        number="5",
        symbol="BC-UBND",
        bases=("Căn cứ Luật Tổ chức chính quyền địa phương", "Theo đề nghị của Sở Nội vụ"),
        addressed_to=("Chính phủ",),
        signature=Signature("T/M ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", "Trần Văn Mẫu"),
        recipients=("Như trên", "Thường trực Tỉnh ủy", "Các sở, ban, ngành", "Lưu: VT, KGVX"),
    )
    return replace(report, **changes)


def draft(**changes: Any) -> Report:
    unsigned = Signature("T/M BAN THƯỜNG VỤ", "Phó Bí thư")
    return party(**{"number": None, "issued_on": None, "drafted_on": date(2025, 9, 1), "draft": 2,
                    "signature": unsigned, "stamp": None, **changes})  # fmt: skip
