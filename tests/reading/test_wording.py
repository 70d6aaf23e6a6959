"""Right words that only look like a slip where they meet: neither rewritten nor told of."""

from __future__ import annotations

import pytest

from namro.reading import slips
from namro.reading.sources.layout import Word
from namro.reading.sources.scan import wording


def reread(text: str) -> str:
    """The text as it stands after recognition has put words right."""
    words = [Word(word, (0, 0, 1, 1), False, 0.97) for word in text.split()]
    return " ".join(word.text for word in wording.mended(words))


RIGHT = [
    "đổi mới theo hướng dân chủ, công khai",
    "nguồn vốn tổng cộng bằng 25 tỷ đồng",
    "hoàn thành phần công việc còn lại",
    "chuyển đề nghị về Sở Nội vụ",
    "giữ vững tiền đồ đất nước",
    "phục vụ trên 10 triệu đông người",
    "có hơn 2 triệu đông đảo người xem",
    "xu hướng dân cư về phố",
    "phương hướng dân vận năm tới",
    "phương hướng dân thực hiện",
    "làm cổng bằng thép",
    "bảo vệ 3 triệu động sản và động vật",
    "có phần chậm, có phân loại",
    "cần bổ sung hồ sơ, cần bổ nhiệm, cần bố trí",
    "mức chi đào tạo, chỉ đào tạo, mức chi tiêu",
    "công văn hành chính",
    "thành phố biển, ứng phó biến đổi khí hậu",
    "phần đầu của năm, phần đầu tư",
    "trục tuyến đường tỉnh",
    "hộ nuôi bò sữa đối với xã",
    "mức trung bình đăng ký",
    "chính trị - xã hội, sở, ban, ngành",
    "buổi tối thiếu ánh sáng, thời gian tới thiếu nước",
    "cấp phôi hợp lệ",
    "buổi tối thiêu hủy gia cầm",
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_words_are_neither_rewritten_nor_slips(text):
    assert (reread(text), list(slips.find(text))) == (text, [])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("đạt tôi thiểu 80%", "đạt tối thiểu 80%"),
        ("hỗ trợ 30 triệu đông/hộ", "hỗ trợ 30 triệu đồng/hộ"),
        ("cấp 1,5 tỷ đông cho tỉnh", "cấp 1,5 tỷ đồng cho tỉnh"),
        ("Đấy mạnh chuyển đối số", "Đẩy mạnh chuyển đổi số"),
        ("Luật sửa đối, bổ sung một số điều", "Luật sửa đổi, bổ sung một số điều"),
        ("thúc đẩy Bình đằng giới", "thúc đẩy Bình đẳng giới"),
    ],
)
def test_what_can_only_be_misread_is_rewritten_and_a_slip_of_the_author(text, meant):
    assert reread(text) == meant
    for start, end, right in slips.find(text):
        assert text[start:end].lower() != right and right in meant.lower()
    assert list(slips.find(text)) and not list(slips.find(meant))


@pytest.mark.parametrize(
    "text", ["triệu đông", "số triệu đông", "30 TRIỆU ĐÔNG", "5 triệu Đông Nam"]
)
def test_money_has_its_number_directly_before(text):
    assert reread(text) == text


def test_what_is_near_a_phrase_only_is_told_but_never_rewritten():
    text = "Phân đầu hoàn thành, các đơn vị cần cứ chức năng"

    assert [meant for _, _, meant in slips.find(text)] == ["phấn đấu", "căn cứ"]
    assert reread(text) == text


def test_words_right_but_rare_are_never_what_is_meant():
    assert [meant for _, _, meant in slips.find("cần bô sung, cổ phân")] == ["cán bộ", "cổ phần"]
