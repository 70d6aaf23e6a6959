"""Every list: filter, search, Vietnamese order, pages, the address that keeps all, the export."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest
from django.test import RequestFactory

from namro.web.frame import listing
from namro.web.frame.listing import Column, Filter, Listing
from namro.web.org.models import Unit

NAMES = ["Đoàn Kết", "Dào San", "Bản Bo", "Âu Cơ", "An Bình", "Ấm Thượng"]
ROWS = [
    SimpleNamespace(
        name=name,
        number=Decimal(number),
        at=datetime(2025, 9, 20, 20, number, tzinfo=UTC),
        kind="ward" if number % 2 else "commune",
    )
    for number, name in enumerate(NAMES)
]
LIST = Listing(
    title="Xã, phường",
    columns=[
        Column("ten", "Tên", lambda r: r.name),
        Column("so", "Số", lambda r: r.number or None, "number"),
        Column("luc", "Lúc", lambda r: r.at, "moment"),
    ],
    filters=[
        Filter(
            "loai",
            "Loại",
            [("ward", "Phường"), ("commune", "Xã")],
            lambda rows, value: [r for r in rows if r.kind == value],
        )
    ],
    per_page=4,
    sort="ten",
)


def ask(**query):
    return RequestFactory().get("/", query)


def names(**query) -> list[str]:
    return [r.name for r, _ in listing.shown(ask(**query), LIST, ROWS).rows]


def test_order_is_vietnamese_letters_before_tones():
    found, *_ = listing.narrow(ask(), LIST, ROWS)
    assert [r.name for r in found] == [
        "An Bình", "Ấm Thượng", "Âu Cơ", "Bản Bo", "Dào San", "Đoàn Kết",
    ]  # fmt: skip


def test_text_from_the_database_is_in_vietnamese_order_too(world):
    shown = Listing("Đơn vị", [Column("ten", "Tên", lambda u: u.name, order="name")], sort="ten")
    found, *_ = listing.narrow(ask(), shown, Unit.objects.filter(code__contains="-"))
    assert [u.name for u in found][:3] == [
        "Đảng ủy phường Suối Ba", "Đảng ủy UBND tỉnh", "Đảng ủy xã Suối Hai",
    ]  # fmt: skip


def test_numbers_in_text_are_sorted_as_numbers():
    rows = [SimpleNamespace(name=n) for n in ("Mục 12", "Mục 2", "Mục 2a", "")]
    shown = Listing("Mục", [Column("ten", "Tên", lambda r: r.name)])
    found, *_ = listing.narrow(ask(sap="ten"), shown, rows)
    assert [r.name for r in found] == ["Mục 2", "Mục 2a", "Mục 12", ""]


def test_what_is_not_known_comes_last_both_ways():
    for sap in ("so", "-so"):
        found, *_ = listing.narrow(ask(sap=sap), LIST, ROWS)
        assert found[-1].number == 0


def test_search_is_with_or_without_diacritics_and_word_by_word():
    assert names(q="doan ket") == names(q="Đoàn Kết") == names(q="KẾT đoàn") == ["Đoàn Kết"]
    assert names(q="không có") == []


def test_search_finds_what_is_shown_not_what_is_stored():
    assert names(q="03:00, 21/9/2025") == ["Đoàn Kết"]


def test_filter_takes_only_its_own_choices():
    assert len(names(loai="ward")) == 3
    assert len(names(loai="'; DROP TABLE")) == 4  # as without a filter: one page


def test_pages_and_a_page_beyond_the_last():
    assert len(names(trang="1")) == 4
    assert len(names(trang="2")) == len(names(trang="99")) == 2
    assert len(names(trang="chữ")) == 4


def test_address_keeps_filter_search_and_sort_but_not_the_page():
    shown = listing.shown(
        ask(q="a", loai="ward", sap="-ten", trang="2"), LIST, ROWS, tu="2025-01-01"
    )
    address = shown.heads()[1][1]
    for part in ("q=a", "loai=ward", "sap=so", "tu=2025-01-01"):
        assert part in address
    assert "trang" not in address
    assert "sap=-ten" in shown.export_address
    assert shown.heads()[0][2] == "down"


def test_export_holds_the_same_rows_typed_in_local_time():
    answer = listing.show(ask(loai="ward", sap="-so", xuat="xlsx"), LIST, ROWS)
    assert answer["Content-Disposition"] == 'attachment; filename="xa-phuong.xlsx"'
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [[c.value for c in row] for row in page.iter_rows()]
    head = cells.index(["Tên", "Số", "Lúc"])
    assert [row[0] for row in cells[head + 1 :]] == ["Ấm Thượng", "Âu Cơ", "Dào San"]
    assert cells[head + 1][1:] == [5, datetime(2025, 9, 21, 3, 5)]
    assert "Xuất lúc" in str(cells)


def test_export_never_writes_a_formula():
    rows = [SimpleNamespace(name="=HYPERLINK(1)", number=1, at=None)]
    answer = listing.show(ask(xuat="xlsx"), LIST, rows)
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cell = next(c for row in page.iter_rows() for c in row if "HYPERLINK" in str(c.value))
    assert cell.data_type == "s"


@pytest.mark.django_db
def test_export_keeps_the_scope_of_the_list(enter, world):
    from namro.web.org import actions
    from namro.web.org.rules import Role
    from tests.world import AT, ON, PASSWORD

    chief = actions.create_user(
        by=None, at=AT, username="chutich", full_name="Chủ tịch xã", password=PASSWORD,
        must_change_password=False,
    )  # fmt: skip
    actions.appoint(
        by=None, at=AT, user=chief, unit=world.units["c1"], role=Role.LEADER, from_on=ON
    )
    world.people["chutich"] = chief
    client = enter("chutich")
    page = client.get("/don-vi/").content.decode()
    assert "Xã Suối Một" in page and "Xã Suối Hai" not in page
    book = openpyxl.load_workbook(io.BytesIO(client.get("/don-vi/?xuat=xlsx").content))
    words = str([[c.value for c in row] for row in book.active.iter_rows()])
    assert "Xã Suối Một" in words and "Xã Suối Hai" not in words
