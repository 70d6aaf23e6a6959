"""Names of units → known units, and how each was told."""

from __future__ import annotations

import pytest

from namro.reading.directory import Directory, expand
from namro.reading.mentions import KnownUnit, split_names
from namro.reading.plan import Mention

KNOWN = (
    KnownUnit("ub", "Ủy ban nhân dân tỉnh", ("UBND tỉnh Lai Châu",)),
    KnownUnit("yt", "Sở Y tế"),
    KnownUnit("nv", "Sở Nội vụ"),
    KnownUnit("tc", "Sở Tài chính"),
    KnownUnit("kc", "Sở Khoa học và Công nghệ"),
    KnownUnit("vh", "Sở Văn hóa, Thể thao và Du lịch"),
    KnownUnit("ca", "Công an tỉnh"),
    KnownUnit("mt", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"),
    KnownUnit("tu", "Tỉnh ủy"),
    KnownUnit("du", "Đảng ủy UBND tỉnh"),
    KnownUnit("bt", "Ban Tổ chức Đảng ủy UBND tỉnh"),
    KnownUnit("kt", "Ủy ban kiểm tra Đảng ủy UBND tỉnh"),
    KnownUnit("03394", "Xã Sin Suối Hồ", ("UBND xã Sin Suối Hồ",)),
    KnownUnit("03538", "Xã Nậm Mạ", ("UBND xã Nậm Mạ",)),
    KnownUnit("03613", "Xã Nậm Sỏ", ("UBND xã Nậm Sỏ",)),
    KnownUnit("03388", "Phường Đoàn Kết", ("UBND phường Đoàn Kết",)),
)


def _resolved(*names):
    return Directory(KNOWN, "Lai Châu").resolved([Mention(n) for n in names])


@pytest.mark.parametrize(
    ("name", "code", "by"),
    [
        ("Sở Y tế", "yt", "exact"),
        ("sở y tế", "yt", "exact"),
        ("Sở Văn hoá, Thể thao & Du lịch", "vh", "exact"),
        ("Uỷ ban nhân dân tỉnh", "ub", "exact"),
        ("UBND xã Nậm Mạ", "03538", "alias"),
        ("UBND tỉnh", "ub", "abbreviation"),
        ("Sở KH&CN", "kc", "abbreviation"),
        ("Sở VHTTDL", "vh", "abbreviation"),
        ("Sở NV", "nv", "abbreviation"),
        ("UBMTTQVN tỉnh", "mt", "abbreviation"),
        ("Sở Y tế tỉnh Lai Châu", "yt", "abbreviation"),
        ("Giám đốc Sở Nội vụ", "nv", "post"),
        ("BTV Tỉnh ủy", "tu", "post"),
        ("UBND xã Thèn Sin", "03394", "successor"),
        ("Sở Kế hoạch và Đầu tư", "tc", "successor"),
        ("Sở TT&TT", "kc", "successor"),
        ("Sớ Nội vụ", "nv", "slip"),
        ("Sở Khoa hoc và Công nghê", "kc", "slip"),
        ("Sở Văn hóa, Thề thao và Du lịnh", "vh", "slip"),
        ("Công an tinh", "ca", "slip"),
        ("xã Nậm Ma", "03538", "slip"),
    ],
)
def test_name_is_told_and_says_how(name, code, by):
    (found,) = _resolved(name)

    assert (found.code, found.by) == (code, by)
    assert found.text == name


@pytest.mark.parametrize(
    "name", ["Sở Ngoại vụ", "Công ty Nước sạch", "Xã Nậm Cha", "Sở Y học", "Kho bạc khu vực IX"]
)
def test_strange_name_is_not_guessed(name):
    (found,) = _resolved(name)

    assert (found.code, found.by) == (None, None)


def test_several_successors_are_named_and_not_chosen():
    district, labour = _resolved("UBND huyện Sìn Hồ", "Sở LĐTBXH")

    assert (district.code, district.by) == (None, "successor")
    assert "Xã Nậm Mạ" in district.now and len(district.now) > 3
    heirs = ("Sở Nội vụ", "Sở Y tế", "Sở Giáo dục và Đào tạo", "Sở Nông nghiệp và Môi trường")
    assert (labour.code, labour.now) == (None, heirs)


def test_short_names_take_the_tail_of_a_later_one():
    found = _resolved("Ban Tổ chức", "Ủy ban kiểm tra Đảng ủy UBND tỉnh")

    assert [(m.code, m.by, m.inherited) for m in found] == [
        ("bt", "tail", True),
        ("kt", "exact", False),
    ]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Các sở", ("yt", "nv", "tc", "kc", "vh")),
        ("các sở, ban, ngành", ("yt", "nv", "tc", "kc", "vh", "ca")),
        ("UBND các xã, phường", ("03394", "03538", "03613", "03388")),
        ("UBND cấp xã", ("03394", "03538", "03613", "03388")),
        ("các cơ quan tham mưu, giúp việc Đảng ủy UBND tỉnh", ("bt", "kt")),
        ("các tổ chức chính trị - xã hội", ("mt",)),
        ("các đơn vị liên quan", ()),
        ("các doanh nghiệp", ()),
        ("Sở Y tế", ("yt",)),
        ("Sở Lạ", ()),
    ],
)
def test_collective_is_expanded_on_request(name, codes):
    assert expand(name, KNOWN) == codes


def test_resolved_mention_expands_to_its_own_unit():
    assert expand(Mention("Sở KH&CN", code="kc"), KNOWN) == ("kc",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Y tế, Nội vụ, Tài chính", ["Sở Y tế", "Sở Nội vụ", "Sở Tài chính"]),
        (
            "các Sở: Văn hóa, Thể thao và Du lịch, Y tế; UBND các xã",
            ["Sở Văn hóa, Thể thao và Du lịch", "Sở Y tế", "UBND các xã"],
        ),
        (
            "các Bộ Tài chính, Khoa học và Công nghệ và Y tế",
            ["Bộ Tài chính", "Bộ Khoa học và Công nghệ", "Bộ Y tế"],
        ),
        ("Sở Văn hóa, Thể thao và Du lịch", ["Sở Văn hóa, Thể thao và Du lịch"]),
        ("các sở, ban, ngành, địa phương", ["các sở, ban, ngành, địa phương"]),
    ],
)
def test_departments_named_by_their_field_alone_are_parted(text, names):
    assert [name for name, _, _ in split_names(text)] == names
