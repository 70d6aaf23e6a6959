"""Units that no longer exist, and what took over from them."""

from __future__ import annotations

import pytest

from namro.reading import territory
from namro.reading.territory import successors


@pytest.mark.parametrize(
    ("name", "province", "now"),
    [
        ("xã Thèn Sin", "Lai Châu", ["03394"]),
        ("UBND xã Thèn Sin", "tỉnh Lai Châu", ["03394"]),
        ("thị trấn Tam Đường", "Lai Châu", ["03390"]),
        ("xã Sùng Phài, thành phố Lai Châu", "Lai Châu", ["03388"]),
        ("Phường Quyết Tiến", "Lai Châu", ["03388"]),
    ],
)
def test_commune_of_before_has_its_successor(name, province, now):
    assert [s.code for s in successors(name, province)] == now


@pytest.mark.parametrize(
    ("name", "province"),
    [
        ("Xã Mù Cả", "Lai Châu"),  # stayed
        ("Xã Không Có Thật", "Lai Châu"),
        ("Xã Thèn Sin", "Sơn La"),  # another province
        ("Sở Y tế", None),
    ],
)
def test_what_stands_or_is_not_known_has_no_successor(name, province):
    assert successors(name, province) == ()


def test_name_found_twice_is_not_guessed():
    assert successors("Xã Hồng Thái") == ()


def test_district_gives_all_communes_of_its_land():
    found = successors("UBND huyện Mường Tè", "Lai Châu")

    assert {"03445", "03451", "03439"} <= {s.code for s in found}
    assert not any(s.wholly for s in found)


@pytest.mark.parametrize(
    ("name", "now"),
    [
        ("Sở Kế hoạch và Đầu tư", ["Sở Tài chính"]),
        ("Sở Giao thông Vận tải tỉnh", ["Sở Xây dựng"]),
        (
            "Sở Lao động - Thương binh và Xã hội",
            ["Sở Nội vụ", "Sở Y tế", "Sở Giáo dục và Đào tạo", "Sở Nông nghiệp và Môi trường"],
        ),
        ("Ban Dân tộc tỉnh", ["Sở Dân tộc và Tôn giáo", "Sở Nội vụ"]),
        ("Bộ Tài nguyên và Môi trường", ["Bộ Nông nghiệp và Môi trường"]),
        ("Ban Dân vận Tỉnh ủy", ["Ban Tuyên giáo và Dân vận Tỉnh ủy"]),
    ],
)
def test_merged_department_has_its_successors(name, now):
    assert [s.name for s in successors(name)] == now


def test_data_hold_all_communes_of_today():
    data = territory._territory()

    assert len(data.names) == 3321
    assert sum(code.startswith("03") for code in data.names) >= 38
    assert sum(len(homes) for homes in data.before.values()) > 9_500
    for homes in data.before.values():
        assert all(code in data.names for _, _, _, codes in homes for code in codes)


def test_commune_of_today_is_known():
    assert territory.is_commune_today("xã Bum Tở", "Lai Châu")
    assert not territory.is_commune_today("xã Thèn Sin", "Lai Châu")
