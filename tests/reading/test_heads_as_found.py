"""Heads as web pages and old files leave them: run together, without their kind, misspelt."""

from __future__ import annotations

import pytest

from namro.reading import read_plan

_MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
_BODY = "\n\nI. MỤC TIÊU\n\n- Đến năm 2030 có 70% hộ dùng nước sạch.\n"


def _head(tmp_path, text):
    path = tmp_path / "plan.md"
    path.write_text(text + _BODY, encoding="utf-8")
    return read_plan(path).document


@pytest.mark.parametrize(
    ("named", "issuer"),
    [
        ("BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "Bộ Nông nghiệp và Môi trường"),
        ("BỘ QUỐC PHÒNG", "Bộ Quốc phòng"),
        ("ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HẢI PHÒNG", "Ủy ban nhân dân thành phố Hải Phòng"),
        ("UBND TỈNH MẪU\nSỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "Sở Nông nghiệp và Môi trường tỉnh Mẫu"),
        ("Y BAN NHÂN DÂN\nTỈNH MẪU", "Ủy ban nhân dân tỉnh Mẫu"),
        ("ĐẢNG BỘ TỈNH MẪU\nĐẢNG ỦY XÃ SUỐI CẠN", "Đảng ủy xã Suối Cạn"),
    ],
)
def test_issuer_is_one_whole_name(tmp_path, named, issuer):
    text = (
        f"{named}\n\n{_MOTTO}Số: 12/KH-ABC\n\nMẫu, ngày 03 tháng 4 năm 2027\n\nKẾ HOẠCH\nCấp nước"
    )

    assert _head(tmp_path, text).issuer == issuer


def test_decision_without_its_kind_has_kind_and_title(tmp_path):
    head = _head(
        tmp_path,
        f"ỦY BAN NHÂN DÂN\n\n{_MOTTO}Số: 77/QĐ-UBND\n\nMẫu, ngày 03 tháng 4 năm 2027\n\n"
        "PHÊ DUYỆT KẾ HOẠCH CẤP NƯỚC NÔNG THÔN TỈNH MẪU\n\nỦY BAN NHÂN DÂN TỈNH MẪU\n\n"
        "Căn cứ Luật Tài nguyên nước;\n\nQUYẾT ĐỊNH:\n\n"
        "Điều 1. Phê duyệt Kế hoạch cấp nước nông thôn với các nội dung sau:",
    )

    assert (head.kind, head.title) == ("Quyết định", "CẤP NƯỚC NÔNG THÔN TỈNH MẪU")


@pytest.mark.parametrize(
    "after",
    [
        "HỘI ĐỒNG NHÂN DÂN TỈNH MẪU\nKHÓA IX KỲ HỌP THỨ 4",
        "Đại hội đại biểu họp từ ngày 02 đến ngày 03 tháng 4 năm 2027 tại hội trường tỉnh.",
        "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH MẪU điện:",
    ],
)
def test_title_ends_before_the_body_that_decides_and_before_sentences(tmp_path, after):
    head = _head(
        tmp_path,
        f"HỘI ĐỒNG NHÂN DÂN\nTỈNH MẪU\n\n{_MOTTO}Số: 5/NQ-HĐND\n\nMẫu, ngày 03 tháng 4 năm 2027\n\n"
        f"NGHỊ QUYẾT\n\nVề cấp nước nông thôn\n\n{after}\n\nCăn cứ Luật Tài nguyên nước;",
    )

    assert head.title == "Về cấp nước nông thôn"


@pytest.mark.parametrize("month", ["thúng", "thàng", "thắng", "Tháng"])
def test_day_is_read_however_the_vowel_of_its_month_came_out_on_the_scan(tmp_path, month):
    head = _head(
        tmp_path,
        f"ỦY BAN NHÂN DÂN\nTỈNH MẪU\n\n{_MOTTO}Số: 5/KH-UBND\n\nMẫu, ngày 03 {month} 4 năm 2027\n\n"
        "KẾ HOẠCH\n\nCấp nước nông thôn\n\nCăn cứ Luật Tài nguyên nước;",
    )

    assert (head.date, head.title) == ("2027-04-03", "Cấp nước nông thôn")


def test_appendix_with_its_source_in_brackets_on_one_line_ends_the_foot(tmp_path):
    path = tmp_path / "plan.md"
    path.write_text(
        f"ỦY BAN NHÂN DÂN\nTỈNH MẪU\n\n{_MOTTO}Số: 5/KH-UBND\n\nMẫu, ngày 03 tháng 4 năm 2027\n\n"
        "KẾ HOẠCH\n\nCấp nước nông thôn\n\nI. MỤC ĐÍCH\n\nGiữ nguồn nước.\n\nNơi nhận:\n- Lưu.\n"
        "\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nPHỤ LỤC\nDANH MỤC NHIỆM VỤ\n"
        "(Kèm theo Kế hoạch số 5/KH-UBND)\n\n"
        "| STT | Nhiệm vụ | Chủ trì | Thời hạn |\n| --- | --- | --- | --- |\n"
        "| 1 | Khoan giếng tại vùng khô hạn | Sở Xây dựng | 30/6/2027 |\n",
        encoding="utf-8",
    )

    assert [t.quote for t in read_plan(path).tasks] == ["Khoan giếng tại vùng khô hạn"]


@pytest.mark.parametrize(
    "motto", ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HÒA XÃ HỘI CHỦ\nNGHĨA"]
)
def test_right_half_of_the_head_below_the_kind_is_no_title(tmp_path, motto):
    text = (
        "HỘI ĐỒNG NHÂN DÂN\nTỈNH MẪU\n\nSố: 12/NQ-HĐND\n\nNGHỊ QUYẾT\n\n"
        f"{motto} VIỆT NAM\n\nĐộc lập - Tự do - Hạnh phúc\n\nMẫu, ngày 03 tháng 4 năm 2027\n\n"
        "Về cấp nước sạch cho miền núi\n\nCăn cứ Luật Tài nguyên nước;"
    ).replace("NAM VIỆT NAM", "NAM")

    assert _head(tmp_path, text).title == "Về cấp nước sạch cho miền núi"
