"""Two documents in one file are told apart; what a decision issues and a form are not."""

from __future__ import annotations

import pytest

from namro.reading import UnreadableDocument, read_plan

LETTER = """
UBND TỈNH VÍ DỤ
{body}
Số: {number}

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Ví Dụ, ngày {day} tháng 12 năm 2025

KẾ HOẠCH
{title}

Thực hiện Quyết định số 12/QĐ-TTg ngày 05/01/2025, cơ quan ban hành Kế hoạch như sau:

I. MỤC TIÊU

1. Tối thiểu {value}% hộ dân có nước sạch vào năm 2027.

II. TỔ CHỨC THỰC HIỆN

1. Sở Tài chính: bố trí kinh phí trước ngày 30/6/2026./.

Nơi nhận:
- Như trên;
- Lưu: VT.

GIÁM ĐỐC

Nguyễn Văn A
"""
FIRST = LETTER.format(
    body="SỞ Y TẾ", number="15/KH-SYT", day="07", title="Nước sạch ở trạm y tế", value=80
)
SECOND = LETTER.format(
    body="SỞ NỘI VỤ", number="16/KH-SNV", day="09", title="Nước sạch ở trụ sở", value=90
)
DECISION = FIRST.replace("KẾ HOẠCH\nNước", "QUYẾT ĐỊNH\nBan hành Kế hoạch nước")


def write(tmp_path, text):
    path = tmp_path / "hai văn bản.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_second_document_is_told_and_left_out(tmp_path):
    plan = read_plan(write(tmp_path, FIRST + "\n--- page 2\n" + SECOND))

    assert plan.document.number == "15/KH-SYT"
    assert [float(t.value) for t in plan.targets] == [80]
    assert [(d.order, d.number, d.first_page, d.last_page) for d in plan.documents] == [
        (1, "15/KH-SYT", 1, 1),
        (2, "16/KH-SNV", 2, 2),
    ]
    assert plan.as_json()["documents"][1]["title"] == "Nước sạch ở trụ sở"
    fault = next(f for f in plan.faults if f.code == "SECOND_DOCUMENT")
    assert "16/KH-SNV" in fault.message and "trang 2" in fault.message


def test_second_document_is_read_when_asked_for(tmp_path):
    path = write(tmp_path, FIRST + "\n--- page 2\n" + SECOND)

    plan = read_plan(path, document=2)

    assert plan.document.number == "16/KH-SNV"
    assert [float(t.value) for t in plan.targets] == [90]
    assert [b.index for b in plan.blocks] == list(range(len(plan.blocks)))
    assert plan.document_order == 2


def test_the_words_of_both_are_all_the_words(tmp_path):
    path = write(tmp_path, FIRST + "\n--- page 2\n" + SECOND)

    both = [b.text for order in (1, 2) for b in read_plan(path, document=order).blocks]

    text = " ".join(both)
    assert all(word in text for word in (FIRST + SECOND).split())


def test_document_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableDocument) as caught:
        read_plan(write(tmp_path, FIRST), document=2)

    assert caught.value.code == "NO_SUCH_DOCUMENT"


@pytest.mark.parametrize(
    "attached",
    [
        SECOND.replace("\nThực hiện", "(Ban hành kèm theo Quyết định số 15/QĐ-SYT)\n\nThực hiện"),
        SECOND.replace("Số: 16/KH-SNV", "Số:      /KH-SNV"),
        "\nPHỤ LỤC I\nMẫu kế hoạch của đơn vị\n" + SECOND,
    ],
    ids=["plan-of-a-decision", "form-without-number", "model-in-an-appendix"],
)  # fmt: skip
def test_what_is_attached_is_no_second_document(tmp_path, attached):
    plan = read_plan(write(tmp_path, DECISION + "\n" + attached))

    assert plan.documents == ()
