"""The shipped plan, edited by hand in four ways, each edit with what it must be called."""

from __future__ import annotations

import pytest

from namro.reading.comparison import Change
from tests.conftest import ROOT
from tests.reading.comparison.edited import Edit, compared, scored

TEXT = (ROOT / "demo" / "plan.txt").read_text(encoding="utf-8")

LOWERED = [
    Edit(Change.WEAKENED, "tối thiểu 45%.", "tối thiểu 40%.", "phủ sóng 5G"),
    Edit(Change.WEAKENED, "3,0\\%$ tổng chi", "2,5\\%$ tổng chi", "tổng chi ngân sách"),
    Edit(Change.WEAKENED, "(6). 100% cán bộ", "(6). Phấn đấu 100% cán bộ", "cấp tỉnh được bồi"),
    Edit(
        Change.WEAKENED,
        "80% cán bộ, công chức, viên chức làm chủ",
        "80% cán bộ, công chức làm chủ",
        "làm chủ kỹ năng số",
    ),
    Edit(
        Change.DROPPED,
        "(11). Có $\\geq 80\\%$ dịch vụ công trực tuyến toàn trình trên tổng số thủ tục hành "
        "chính có đủ điều kiện.\n\n",
        "",
        "trực tuyến toàn trình",
    ),
    Edit(
        Change.WEAKENED,
        "(16). Có $\\geq 30\\%$ doanh nghiệp",
        "(16). 30% doanh nghiệp",
        "vừa và nhỏ địa phương",
    ),
]
RAISED = [
    Edit(Change.STRENGTHENED, "tối thiểu 45%.", "trên 45%.", "phủ sóng 5G"),
    Edit(Change.STRENGTHENED, "số cấp tỉnh ≥ 0.65", "số cấp tỉnh ≥ 0.7", "Chỉ số chuyển đổi số"),
    Edit(
        Change.ADDED,
        "2. Nhiệm vụ: Có Phụ lục",
        "(21). Có tối thiểu 90% trường học có mạng Internet cáp quang.\n\n2. Nhiệm vụ: Có Phụ lục",
        "trường học có mạng",
    ),
    Edit(
        Change.STRENGTHENED,
        "đạt 6,5% GRDP",
        "đạt 8% GRDP",
        "quy mô kinh tế số",
    ),
    Edit(
        Change.REASSIGNED,
        "2. Ủy Ban kiểm tra Đảng ủy UBND tỉnh tham mưu",
        "2. Ban Tổ chức Đảng ủy UBND tỉnh tham mưu",
        "tham mưu việc kiểm tra, giám sát",
    ),
]
REWORDED = [
    Edit(
        Change.REWORDED,
        "người sử dụng có khả năng truy cập băng rộng cố định với tốc độ",
        "người dân có thể truy cập băng rộng cố định tốc độ",
        "Gbps",
    ),
    Edit(
        Change.REWORDED,
        "60\\%$ dữ liệu của các ban, sở, ngành được tích hợp với trực liên thông dữ liệu cấp tỉnh",
        "60\\%$ dữ liệu các ban, sở, ngành được tích hợp với trục liên thông dữ liệu của tỉnh",
        "liên thông dữ liệu",
    ),
    # Diacritics lost, an abbreviation, the numbering: no change of what is asked.
    Edit(Change.UNCHANGED, "(17). Có", "(18). Có", "định danh điện tử (VNeID)"),
    Edit(
        Change.UNCHANGED,
        "hồ sơ thủ tục hành chính xử lý trực tuyến",
        "hồ sơ TTHC xử lí trực tuyến",
        "hồ sơ thủ tục hành chính xử lý",
    ),
    Edit(
        Change.UNCHANGED,
        "dân số trưởng thành tiếp cận dịch vụ số",
        "dân số trưởng thanh tiêp cận dich vụ số",
        "dân số trưởng thành",
    ),
]
WITH_YEARS = TEXT.replace("(13). Có", "(13). Đến năm 2026,").replace(
    "(14). Có", "(14). Đến năm 2026,"
)
DATED = [
    Edit(Change.POSTPONED, "(13). Đến năm 2026,", "(13). Đến năm 2028,", "điện toán đám mây"),
    Edit(Change.BROUGHT_FORWARD, "(14). Đến năm 2026,", "(14). Đến năm 2025,", "liên thông với"),
    Edit(Change.BROUGHT_FORWARD, "(12). Có", "(12). Đến năm 2025,", "xử lý trực tuyến"),
    Edit(
        Change.DROPPED,
        "2. Ủy Ban kiểm tra Đảng ủy UBND tỉnh tham mưu việc kiểm tra, giám sát các cấp ủy, tổ chức "
        "đảng thực hiện Kế hoạch này.\n\n",
        "",
        "tham mưu việc kiểm tra, giám sát các cấp ủy",
    ),
    Edit(
        Change.WEAKENED,
        "(18). Có $\\geq 60\\%$ đảng ủy",
        "(18). Phấn đấu $\\geq 60\\%$ đảng ủy",
        "phần mềm quản trị điều hành",
    ),
]


@pytest.mark.parametrize("edits", [LOWERED, RAISED, REWORDED, DATED])
def test_edits_are_called_by_their_name(edits, tmp_path):
    text = WITH_YEARS if edits is DATED else TEXT
    right, said, wanted, wrong = scored(compared(text, edits, tmp_path), edits)

    assert not wrong, "\n".join(wrong)
    assert right == said == wanted


def test_a_second_reading_of_the_same_text_differs_in_nothing(tmp_path):
    comparison = compared(TEXT, [], tmp_path)

    assert set(comparison.counts()) == {Change.UNCHANGED}
