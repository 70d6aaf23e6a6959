"""The pages: choosing, the table with its filters, ruling, scope, odd input."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from namro.web.frame import clock
from namro.web.plans.comparing.models import Comparison, Ruling
from tests.web.plans.comparing.sample import (
    edited_seed,
    make_comparison,
    read_text,
    row_of,
    rows_now,
)
from tests.web.plans.sample import HTMX, confirm, page, read_seed

pytestmark = pytest.mark.django_db


def address(comparison, name="comparison"):
    return reverse(f"plans:{name}", args=[comparison.pk])


def test_choose_another_version_and_see_the_table(world, enter):
    old, new = read_seed(world), read_text(world, edited_seed())
    client = enter("dieuphoi")
    choosing = reverse("plans:choose_comparison", args=[new.pk])
    assert "plan.txt" in page(client.get(choosing))

    answer = client.post(choosing, {"loai": "VERSIONS", "voi": old.pk}, follow=True)

    text = page(answer)
    assert answer.status_code == 200 and "So sánh hai bản" in text
    assert "<del>45</del>" in text and "<ins>40</ins>" in text
    assert "Hạ mức, nới lỏng" in text and "Mức:" in text
    row = Comparison.objects.get()
    assert (row.old, row.new) == (old, new)


def test_the_older_side_may_be_the_one_begun_from(world, enter):
    old, new = read_seed(world), read_text(world, edited_seed())

    enter("dieuphoi").post(
        reverse("plans:choose_comparison", args=[old.pk]), {"loai": "OLDER", "voi": new.pk}
    )

    row = Comparison.objects.get()
    assert (row.kind, row.old, row.new) == ("VERSIONS", old, new)


def test_a_cited_document_is_proposed_first(world, enter):
    read_text(world, "KẾ HOẠCH\n\nVề việc khác\n\n- 90% xã có đường nhựa.\n", "khac.txt")
    upper = read_text(world, "KẾ HOẠCH\n\nTriển khai\n\n- 90% xã có đường.\n", "tren.txt")
    head = upper.items.get(key="dau")
    head.values["number"] = "351-KH/TU"
    head.save()
    read_text(world, "KẾ HOẠCH\n\nVề chợ\n\n- 80% chợ sạch.\n", "cho.txt")
    reading = read_seed(world)

    text = page(enter("dieuphoi").get(reverse("plans:choose_comparison", args=[reading.pk])))

    assert "được viện dẫn" in text
    assert text.index("tren.txt") < text.index("cho.txt") < text.index("khac.txt")


def test_a_file_may_be_brought_and_is_compared_once_read(world, enter):
    reading = read_seed(world)
    client = enter("dieuphoi")
    upload = SimpleUploadedFile("moi.txt", edited_seed().encode())

    answer = client.post(
        reverse("plans:choose_comparison", args=[reading.pk]),
        {"loai": "OLDER", "tep": upload},
        follow=True,
    )

    assert answer.status_code == 200
    row = Comparison.objects.get()
    assert row.new.document.file_name == "moi.txt"


@pytest.mark.parametrize(
    "sent", [{}, {"loai": "VERSIONS"}, {"loai": "VERSIONS", "voi": "x"}, {"loai": "?", "voi": "0"}]
)
def test_odd_choices_are_answered_in_words(world, enter, sent):
    reading = read_seed(world)

    answer = enter("dieuphoi").post(reverse("plans:choose_comparison", args=[reading.pk]), sent)

    assert answer.status_code == 422 and "Hãy chọn" in page(answer)
    assert not Comparison.objects.exists()


def test_filters_search_and_export_hold_in_the_address(world, enter):
    comparison = make_comparison(world)
    client = enter("dieuphoi")

    narrowed = client.get(address(comparison), {"loai": "WEAKENED"})
    assert page(narrowed).count("data-line") == 1
    assert page(client.get(address(comparison), {"muc": "task"})).count("data-line") == 6
    assert page(client.get(address(comparison), {"q": "phu song 5g"})).count("data-line") == 1
    assert page(client.get(address(comparison), {"loai": "x", "trang": "-1"})).count("data-line")

    answer = client.get(address(comparison), {"loai": "WEAKENED", "xuat": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [str(c.value) for row in sheet.iter_rows() for c in row if c.value]
    assert "Mức: ≥ 45% → ≥ 40%" in cells
    assert not any("<del>" in c for c in cells)


def test_graver_lines_may_stand_first(world, enter):
    text = page(enter("dieuphoi").get(address(make_comparison(world)), {"thu-tu": "nang"}))

    signs = [part.split('"')[0] for part in text.split('<td class="verdict c-')[1:]]
    assert signs[:3] == ["DROPPED", "WEAKENED", "ADDED"]


def test_a_line_is_ruled_on_and_the_filter_kept(world, enter):
    comparison = make_comparison(world)
    row = row_of(comparison, "phủ sóng 5G")
    client = enter("dieuphoi")

    answer = client.post(
        address(comparison, "rule_on_line") + "?loai=WEAKENED",
        {"dong": row.key, "ket-luan": "CONFIRMED", "thay": "0"},
    )

    assert answer.status_code == 302
    assert answer.url == f"{address(comparison)}?loai=WEAKENED#dong-{row.key}"
    ruling = Ruling.objects.get()
    text = page(client.get(address(comparison)))
    assert "Đã xác nhận" in text and "Vàng Thị Điều" in text
    client.post(address(comparison, "undo_ruling"), {"dong": row.key, "thay": ruling.pk})
    assert row_of(comparison, "phủ sóng 5G").ruling is None


def test_a_candidate_is_one_click(world, enter):
    comparison = make_comparison(world, "SUPERIOR")
    missing = row_of(comparison, "quy mô kinh tế số")
    other = next(r for r in rows_now(comparison) if r.main == "EXTRA")

    answer = enter("dieuphoi").post(
        address(comparison, "rule_on_line"),
        {"dong": missing.key, "ghep-voi": other.new["id"], "muc-ghep": "", "thay": "0"},
    )

    assert answer.status_code == 302
    assert row_of(comparison, "quy mô kinh tế số").ruling.verdict == "CHANGED"


def test_a_stale_click_is_answered_with_who_was_first(world, enter):
    comparison = make_comparison(world)
    row = row_of(comparison, "phủ sóng 5G")
    client = enter("dieuphoi")
    sent = {"dong": row.key, "ket-luan": "CONFIRMED", "thay": "0"}
    client.post(address(comparison, "rule_on_line"), sent)

    answer = client.post(address(comparison, "rule_on_line"), {**sent, "ket-luan": "REJECTED"})

    assert answer.status_code == 409 and "Vàng Thị Điều đã kết luận" in page(answer)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"dong": "\x00"},
        {"dong": "ct-1", "ket-luan": "?"},
        {"dong": "x" * 500, "thay": "9" * 40},
    ],
)
def test_odd_rulings_are_answered_in_words(world, enter, sent):
    answer = enter("dieuphoi").post(address(make_comparison(world), "rule_on_line"), sent)

    assert answer.status_code in (409, 422)
    assert not Ruling.objects.exists()


def test_all_sure_lines_at_one_click(world, enter):
    comparison = make_comparison(world)

    answer = enter("dieuphoi").post(address(comparison, "confirm_sure_lines"), follow=True)

    assert "dòng ghép chắc chắn" in page(answer)
    assert Ruling.objects.count() >= 20


def test_a_changed_draft_is_said_and_compared_again(world, enter):
    comparison = make_comparison(world)
    client = enter("dieuphoi")
    comparison.new.version += 1
    comparison.new.save()
    assert "đã thay đổi sau lần so sánh" in page(client.get(address(comparison)))

    answer = client.post(address(comparison, "compare_again"), follow=True)

    assert "đã thay đổi sau lần so sánh" not in page(answer)


def test_progress_is_shown_until_it_is_done(world, enter):
    comparison = make_comparison(world)
    client = enter("dieuphoi")
    Comparison.objects.update(state="RUNNING", asked_at=clock.now())

    assert "đang so sánh" in page(client.get(address(comparison)))
    partial = client.get(address(comparison), {"tien-do": "1"}, headers=HTMX)
    assert "<html" not in page(partial)
    Comparison.objects.update(state="DONE")
    done = client.get(address(comparison), {"tien-do": "1"}, headers=HTMX)
    assert done.headers["HX-Refresh"] == "true"
    Comparison.objects.update(state="FAILED", failure="Hỏng.")
    assert "Hỏng." in page(client.get(address(comparison)))


def test_drafts_are_seen_by_receivers_alone_and_plans_by_their_readers(world, enter):
    comparison = make_comparison(world)
    assert enter("duyet").get(address(comparison)).status_code == 404
    assert enter("xakhac").get(address(comparison)).status_code == 404
    assert enter("quantri").get(address(comparison)).status_code == 403

    for side in (comparison.old, comparison.new):
        side.refresh_from_db()
        confirm(world, side)

    seen = enter("xakhac").get(address(comparison))
    assert seen.status_code == 200
    assert "data-key=" not in page(seen).split("<main")[1]
    refused = enter("xakhac").post(
        address(comparison, "rule_on_line"), {"dong": "ct-1", "ket-luan": "CONFIRMED"}
    )
    assert refused.status_code == 403
    assert enter("xakhac").get(reverse("plans:comparisons")).status_code == 200


def test_the_table_asks_the_database_little(world, enter, django_assert_max_num_queries):
    comparison = make_comparison(world)
    client = enter("dieuphoi")
    client.get(address(comparison))

    with django_assert_max_num_queries(14):
        client.get(address(comparison))


def test_the_paper_is_made_in_both_formats(world, enter):
    comparison = make_comparison(world, "SUPERIOR")
    client = enter("dieuphoi")
    for ending, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = client.get(reverse("papers:traceability", args=[comparison.pk, ending]))
        assert answer.status_code == 200 and answer.content.startswith(start)
    assert (
        client.get(reverse("papers:traceability", args=[comparison.pk, "exe"])).status_code == 404
    )
    versions = Comparison.objects.create(
        kind="VERSIONS", old=comparison.old, new=comparison.new, asked_by=world.dieuphoi,
        asked_at=comparison.asked_at, state="DONE", found={"lines": [], "choices": []},
    )  # fmt: skip
    assert client.get(reverse("papers:traceability", args=[versions.pk, "docx"])).status_code == 404
    assert (
        enter("xakhac").get(reverse("papers:traceability", args=[comparison.pk, "pdf"])).status_code
        == 403
    )
