"""Heads of documents, in every shape that websites, converters and scans give them."""

from __future__ import annotations

import pytest

from namro.reading import UnreadableDocument, read_plan
from namro.reading.blocks import Block
from namro.reading.marks import secrecy_mark

BODY = """
I. MỤC ĐÍCH, YÊU CẦU

1. Mục đích

Xác định rõ việc phải làm, thời hạn và trách nhiệm của từng cơ quan.
"""


def head(tmp_path, text: str):
    path = tmp_path / "văn bản.txt"
    path.write_text(text.strip("\n") + "\n" + BODY, encoding="utf-8")
    return read_plan(path).document


def five(document) -> tuple:
    title = document.title and document.title.lower()
    return document.kind, document.number, document.date, document.issuer, title


NOTICES = """
Kế hoạch 45/KH-UBND năm 2026 cấp nước sạch tỉnh Ví Dụ
Số hiệu: 45/KH-UBND Loại văn bản: Kế hoạch
Nơi ban hành: Tỉnh Ví Dụ Người ký: Nguyễn Văn A
Ngày ban hành: 10/01/2026 Ngày hiệu lực: Đang cập nhật

"""
STATE = """
ỦY BAN NHÂN DÂN
TỈNH VÍ DỤ
-------

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------

Số: 45/KH-UBND

Ví Dụ, ngày 09 tháng 01 năm 2026

KẾ HOẠCH

CẤP NƯỚC SẠCH NÔNG THÔN GIAI ĐOẠN 2026 - 2028

Căn cứ Quyết định số 12/QĐ-TTg ngày 05/01/2026 của Thủ tướng Chính phủ;
"""
WANTED = (
    "Kế hoạch",
    "45/KH-UBND",
    "2026-01-09",
    "Ủy ban nhân dân tỉnh Ví Dụ",
    "cấp nước sạch nông thôn giai đoạn 2026 - 2028",
)


def test_state_head(tmp_path):
    document = head(tmp_path, STATE)

    assert five(document) == WANTED
    assert [c.number for c in document.cites] == ["12/QĐ-TTg"]
    assert document.bases == ("Quyết định số 12/QĐ-TTg ngày 05/01/2026 của Thủ tướng Chính phủ",)
    assert (document.valid_from, document.valid_to) == ("2026", "2028")
    assert min(document.confidence[f] for f in ("kind", "number", "date", "issuer", "title")) >= 0.9


def test_notices_of_a_website_before_the_head_are_no_part_of_it(tmp_path):
    document = head(tmp_path, NOTICES + STATE)

    assert five(document) == WANTED
    assert [c.number for c in document.cites] == ["12/QĐ-TTg"]


def test_columns_parted_by_bars_and_an_issuer_without_its_area(tmp_path):
    document = head(
        tmp_path,
        """
ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |
Số: 45/KH-UBND | Ví Dụ, ngày 09 tháng 01 năm 2026 |
Thực hiện Quyết định số 12/QĐ-TTg ngày 05/01/2026, Ủy ban nhân dân tỉnh ban hành Kế hoạch """
        """cấp nước sạch nông thôn giai đoạn 2026 - 2028 trên địa bàn tỉnh Ví Dụ như sau:
""",
    )

    assert five(document)[:4] == WANTED[:4]
    assert document.title.startswith("cấp nước sạch nông thôn")


def test_head_run_together_in_one_line(tmp_path):
    document = head(
        tmp_path,
        "UBND TỈNH VÍ DỤ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM SỞ NỘI VỤ Độc lập - Tự do - Hạnh phúc "
        "Số : 291 /SNV-CCHC Ví Dụ, ngày 05 tháng11 năm 2026 V/v báo cáo nhanh việc cấp nước. "
        "Kính gửi: - Ủy ban nhân dân tỉnh Ví Dụ; - Bộ Nội vụ.",
    )

    assert five(document) == (
        "Công văn",
        "291/SNV-CCHC",
        "2026-11-05",
        "Sở Nội vụ tỉnh Ví Dụ",
        "v/v báo cáo nhanh việc cấp nước",
    )


def test_party_head_with_its_superior_and_a_star(tmp_path):
    document = head(
        tmp_path,
        """
TỈNH ỦY VÍ DỤ
BAN TỔ CHỨC
*
ĐẢNG CỘNG SẢN VIỆT NAM

Số 07-HD/BTCTU

Ví Dụ, ngày 03 tháng 9 năm 2026

HƯỚNG DẪN
đánh giá cán bộ năm 2026
-----
""",
    )

    assert five(document) == (
        "Hướng dẫn",
        "07-HD/BTCTU",
        "2026-09-03",
        "Ban Tổ chức Tỉnh ủy Ví Dụ",
        "đánh giá cán bộ năm 2026",
    )


def test_two_issuers(tmp_path):
    document = head(
        tmp_path,
        """
SỞ NỘI VỤ - SỞ TÀI CHÍNH
TỈNH VÍ DỤ

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 12/HDLN-SNV-STC

Ví Dụ, ngày 09 tháng 01 năm 2026

HƯỚNG DẪN LIÊN NGÀNH

Về chi trả phụ cấp
""",
    )

    assert document.issuer == "Sở Nội vụ tỉnh Ví Dụ; Sở Tài chính tỉnh Ví Dụ"
    assert document.kind == "Hướng dẫn liên ngành"


def test_decision_takes_the_title_of_the_plan_it_issues(tmp_path):
    document = head(
        tmp_path,
        STATE.replace("45/KH-UBND", "45/QĐ-UBND")
        .replace("KẾ HOẠCH\n\nCẤP", "QUYẾT ĐỊNH\n\nVỀ VIỆC BAN HÀNH KẾ HOẠCH CẤP")
        .replace("Căn cứ", "ỦY BAN NHÂN DÂN TỈNH VÍ DỤ\n\nCăn cứ")
        + "\nQUYẾT ĐỊNH:\n\nĐiều 1. Ban hành Kế hoạch.\n\n"
        "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.\n",
    )

    assert five(document) == ("Quyết định", "45/QĐ-UBND", *WANTED[2:])
    assert document.valid_from == "2026-01-09"


def test_blank_number_and_day_stay_unknown(tmp_path):
    document = head(
        tmp_path,
        STATE.replace("Số: 45/KH", "Số:     /KH").replace("ngày 09 tháng 01", "ngày    tháng 01"),
    )

    assert document.number is None and document.date == "2026-01"
    assert document.confidence["date"] < 0.9


@pytest.mark.parametrize(
    ("stamp", "urgency"),
    [("HỎA TỐC", "Hỏa tốc"), ("THƯỢNG KHẨN", "Thượng khẩn"), ("KHẨN", "Khẩn"), ("", None)],
)
def test_urgency_mark(tmp_path, stamp, urgency):
    assert head(tmp_path, STATE.replace("KẾ HOẠCH\n", f"{stamp}\n\nKẾ HOẠCH\n")).urgency == urgency


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("MẬT", "Mật"),
        ("TÔI MẬT", "Tối mật"),
        ("Độ mật: TUYỆT MẬT", "Tuyệt mật"),
        ("BẢO VỆ BÍ MẬT NHÀ NƯỚC", None),
        ("Mặt trận Tổ quốc", None),
    ],
)
def test_secrecy_mark_is_a_stamp_of_its_own(text, mark):
    assert secrecy_mark(Block(0, text, 1)) == mark


def test_secrecy_mark_misread_on_a_scan_is_seen():
    assert secrecy_mark(Block(0, "MÁT", 1, confidence=0.6)) == "Mật"
    assert secrecy_mark(Block(0, "MÁT", 1)) is None


def test_secrecy_stamp_run_together_with_the_head_is_refused(tmp_path):
    with pytest.raises(UnreadableDocument) as caught:
        head(tmp_path, STATE.replace("TỈNH VÍ DỤ", "TỈNH VÍ DỤ TỐI MẬT"))

    assert caught.value.code == "STATE_SECRET"


def test_press_copy_without_a_head_is_read_with_doubt(tmp_path):
    document = head(
        tmp_path,
        "Ngày 14/4/2026, Trưởng Ban Chỉ đạo đã ký ban hành Kế hoạch số 47-KH/BCĐ của Ban Chỉ đạo "
        "về sắp xếp đơn vị sự nghiệp.",
    )

    assert five(document) == (
        "Kế hoạch",
        "47-KH/BCĐ",
        "2026-04-14",
        "Ban Chỉ đạo",
        "về sắp xếp đơn vị sự nghiệp",
    )
    assert max(document.confidence.values()) < 0.7


def test_signature_of_the_head_of_an_office(tmp_path):
    document = head(
        tmp_path,
        STATE + "\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\nTL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG\n"
        "Nguyễn Văn A\n",
    )

    assert document.signer_role == "TL. CHỦ TỊCH, CHÁNH VĂN PHÒNG"
    assert document.recipients == ("Như trên", "Lưu: VT")


CREED = "\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
PARTY = "\n*\n\nĐẢNG CỘNG SẢN VIỆT NAM\n\n"


@pytest.mark.parametrize(
    ("names", "motto", "number", "issuer"),
    [
        ("ĐẢNG BỘ TỈNH VÍ DỤ\nĐẢNG ỦY UBND TỈNH", PARTY, "Số 15-KH/ĐU",
         "Đảng ủy UBND tỉnh Ví Dụ"),
        ("TỈNH ỦY VÍ DỤ", PARTY, "Số 351-KH/TU", "Tỉnh ủy Ví Dụ"),
        ("HUYỆN ỦY MẪU\nBAN CHỈ ĐẠO 57", PARTY, "Số 02-KH/BCĐ", "Ban Chỉ đạo 57 Huyện ủy Mẫu"),
        ("BAN CHẤP HÀNH TRUNG ƯƠNG\nỦY BAN KIỂM TRA", PARTY, "Số 06-KH/UBKTTW",
         "Ủy ban Kiểm tra Trung ương"),
        ("HỘI ĐỒNG NHÂN DÂN\nTỈNH VÍ DỤ", CREED, "Số: 12/KH-HĐND",
         "Hội đồng nhân dân tỉnh Ví Dụ"),
        ("UBND HUYỆN MẪU\nPHÒNG NỘI VỤ", CREED, "Số: 15/KH-PNV", "Phòng Nội vụ huyện Mẫu"),
        ("BỘ KHOA HỌC VÀ CÔNG NGHỆ\nCỤC VIỄN THÔNG", CREED, "Số: 155/KH-CVT", "Cục Viễn thông"),
        ("ỦY BAN NHÂN DÂN\nPHƯỜNG MẪU", CREED, "Số: 9/KH-UBND",
         "Ủy ban nhân dân phường Mẫu"),
    ],
)  # fmt: skip
def test_issuer_stands_under_its_superior(tmp_path, names, motto, number, issuer):
    document = head(
        tmp_path,
        f"{names}{motto}{number}\n\nVí Dụ, ngày 03 tháng 9 năm 2026\n\nKẾ HOẠCH\nCấp nước sạch\n",
    )

    assert document.issuer == issuer
    assert document.number == number.removeprefix("Số").strip(" :")
    assert (document.kind, document.date, document.title) == (
        "Kế hoạch",
        "2026-09-03",
        "Cấp nước sạch",
    )


def test_body_that_resolves_is_no_part_of_the_title(tmp_path):
    text = """
TỈNH ỦY VÍ DỤ
*
Số 05-NQ/TU
ĐẢNG CỘNG SẢN VIỆT NAM

Ví Dụ, ngày 15 tháng 7 năm 2026

NGHỊ QUYẾT
CỦA BAN CHẤP HÀNH ĐẢNG BỘ TỈNH
về phát triển nghề cá tỉnh Ví Dụ giai đoạn 2026 - 2030
"""

    document = head(tmp_path, text)

    assert document.kind == "Nghị quyết"
    assert document.title == "về phát triển nghề cá tỉnh Ví Dụ giai đoạn 2026 - 2030"


def test_council_its_term_and_session_are_no_part_of_the_title(tmp_path):
    text = """
HỘI ĐỒNG NHÂN DÂN
TỈNH VÍ DỤ

Số: 78/NQ-HĐND

Ví Dụ, ngày 08 tháng 12 năm 2026

NGHỊ QUYẾT

VỀ KẾ HOẠCH CẤP NƯỚC NĂM 2027

HỘI ĐỒNG NHÂN DÂN TỈNH VÍ DỤ

KHÓA XVII, KỲ HỌP THỨ SÁU

Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;
"""

    assert head(tmp_path, text).title == "VỀ KẾ HOẠCH CẤP NƯỚC NĂM 2027"
