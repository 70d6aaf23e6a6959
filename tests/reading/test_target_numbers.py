"""Targets: numbers that look like a place in the text, a day or a reckoning, and are levels."""

from __future__ import annotations

from decimal import Decimal

import pytest

from namro.reading import conditions, quantities


def read(text: str) -> list[str]:
    picked = conditions.targets_among(text, quantities.find(text))
    return [f"{q.comparator.value} {Decimal(q.value):f} {q.unit}" for q in picked]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # millions are no numbers of sections, "dân số 104" is no number of a document
        ("Diện tích sàn đạt khoảng 5.200.000 m2 sàn", ["= 5200000 m2 sàn"]),
        ("quy mô dân số 104 triệu người", ["= 104 triệu người"]),
        # what stands behind a day and a comma is not a part of the day
        ("Trước ngày 30/6/2023, 100% bến có phao", ["= 100 %"]),
        # "trên" before a round number: a level behind a verb, heads behind a count
        ("Có 02 hội thi, thu hút trên 10.000 lượt người", ["= 2 hội thi", "> 10000 lượt người"]),
        ("Đạt 10 bác sĩ và 33 giường bệnh trên 1 vạn dân", ["= 10 bác sĩ", "= 33 giường bệnh"]),
        # a population told by its size
        ("Bảo vệ các dân tộc thiểu số có dưới 10 nghìn người", []),
        # a count, and the same as a share
        ("Có 76/101 xã (chiếm trên 75%) có bến", ["= 76 xã"]),
        ("Lát đá ít nhất 3/8 tuyến phố đi bộ trước 15/9/2027", [">= 3 tuyến phố"]),
        # units of several words
        ("Có ít nhất 04 huyện, thị xã, thành phố có bến", [">= 4 huyện, thị xã, thành phố"]),
        ("Bình quân đạt 17,5 tiêu chí/xã trở lên", [">= 17.5 tiêu chí/xã"]),
        ("Thời gian sống khỏe mạnh đạt tối thiểu 68 năm", [">= 68 năm"]),
    ],
)
def test_number_is_read_for_what_it_is(text, found):
    assert read(text) == found
