"""The pages of this room, as each role meets them, with and without partial updates."""

from __future__ import annotations

from contextlib import closing

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from namro.web.org.models import Unit
from namro.web.plans.models import Assignment, Document, Plan, Reading
from namro.web.plans.views import shown
from tests.web.plans.sample import HTMX, SEED, confirm, lit, page, read_seed

ROLES = ("quantri", "dieuphoi", "lanhdao", "duyet", "baocao", "kiemtra", "xakhac")


def upload(client, *files):
    given = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("plans:readings"), {"tep": given}, follow=True)


@pytest.fixture
def reading(world) -> Reading:
    return read_seed(world)


# Who may open what.


@pytest.mark.parametrize("who", ROLES)
def test_pages_of_readings_are_for_coordinators(world, enter, reading, who):
    client = enter(who)
    expected = 200 if who == "dieuphoi" else 403

    for name, args in (
        ("readings", []),
        ("reading", [reading.pk]),
        ("confirm", [reading.pk]),
        ("assignments", []),
        ("assign_target", [world.targets["5"].pk]),
        ("assign_task", [world.task.pk]),
    ):
        assert client.get(reverse(f"plans:{name}", args=args)).status_code == expected, name
    with closing(client.get(reverse("plans:document_file", args=[reading.pk]))) as answer:
        assert answer.status_code == expected


@pytest.mark.parametrize("who", ROLES)
def test_posts_of_this_room_are_for_coordinators(world, enter, reading, who):
    if who == "dieuphoi":
        return
    client, assignment = enter(who), Assignment.objects.first()

    for name, args in (
        ("readings", []),
        ("change", [reading.pk]),
        ("confirm", [reading.pk]),
        ("read_again", [reading.pk]),
        ("assign_target", [world.targets["5"].pk]),
        ("end_assignment", [assignment.pk]),
        ("name_person", [assignment.pk]),
    ):
        assert client.post(reverse(f"plans:{name}", args=args)).status_code == 403, name
    assert Reading.objects.get(pk=reading.pk).version == reading.version


@pytest.mark.parametrize("who", ROLES)
def test_source_is_for_all_who_see_the_plan(world, enter, who):
    answer = enter(who).get(reverse("plans:source", args=[world.plan.pk]))

    assert answer.status_code == (403 if who == "quantri" else 200)


def test_a_plan_out_of_reach_is_not_found(world, enter):
    Plan.objects.filter(pk=world.plan.pk).update(root=world.units["c1"])

    assert enter("xakhac").get(reverse("plans:source", args=[world.plan.pk])).status_code == 404


def test_a_reading_that_is_not_there_is_not_found(world, enter):
    assert enter("dieuphoi").get(reverse("plans:reading", args=[999999])).status_code == 404


# A document comes in.


def test_upload_reads_and_opens_the_review(world, enter):
    answer = upload(enter("dieuphoi"), ("ban-goc.txt", SEED.read_bytes()))

    assert answer.status_code == 200
    assert "0/26 đã rà soát" in page(answer)
    assert Reading.objects.get(document__file_name="ban-goc.txt").state == "READ"


def test_upload_of_several_files_keeps_the_good_ones_and_names_the_bad(world, enter):
    answer = upload(
        enter("dieuphoi"),
        ("ban-goc.txt", SEED.read_bytes()),
        ("bang.pptx", b"PK\x03\x04"),
        ("ban-sao.txt", SEED.read_bytes()),
    )

    assert "“bang.pptx” không phải là văn bản đọc được" in page(answer)
    assert "Tệp này đã được Vàng Thị Điều đưa vào" in page(answer)
    assert Document.objects.filter(file_name="ban-goc.txt").exists()
    assert not Document.objects.filter(file_name__in=["bang.pptx", "ban-sao.txt"]).exists()


def test_upload_of_nothing_says_what_to_do(world, enter):
    answer = enter("dieuphoi").post(reverse("plans:readings"), {}, follow=True)

    assert "Chưa chọn tệp nào" in page(answer)


def test_upload_of_an_empty_file_says_so(world, enter):
    answer = upload(enter("dieuphoi"), ("rong.txt", b""))

    assert "rỗng" in page(answer)
    assert not Document.objects.filter(file_name="rong.txt").exists()


def test_failed_reading_says_why_and_offers_to_read_again(world, enter):
    client = enter("dieuphoi")
    answer = upload(client, ("hong.doc", bytes(range(256)) * 9))
    reading = Reading.objects.get(document__file_name="hong.doc")

    assert "Không đọc được văn bản" in page(answer)
    assert "hong.doc" in page(answer)
    again = client.post(reverse("plans:read_again", args=[reading.pk]), follow=True)
    assert again.status_code == 200
    assert Reading.objects.get(pk=reading.pk).attempt == 2


def test_progress_is_shown_while_reading_and_the_page_turns_when_done(world, enter, reading):
    client, address = enter("dieuphoi"), reverse("plans:reading", args=[reading.pk])
    Reading.objects.filter(pk=reading.pk).update(
        state="READING", step="Nhận dạng chữ", steps_done=3, steps_all=12
    )

    part = client.get(address, {"tien-do": 1}, headers=HTMX)
    assert "Nhận dạng chữ" in page(part)
    assert "3/12" in page(part)
    assert "<html" not in page(part)
    assert "<html" in page(client.get(address))

    Reading.objects.filter(pk=reading.pk).update(state="READ")
    assert client.get(address, {"tien-do": 1}, headers=HTMX)["HX-Refresh"] == "true"


# Confirmation.


def test_confirm_page_proposes_the_term_of_the_title(world, enter, reading):
    text = page(enter("dieuphoi").get(reverse("plans:confirm", args=[reading.pk])))

    assert 'value="1/6/2025"' in text
    assert 'value="31/12/2025"' in text
    assert "Còn 26 mục chưa ai rà soát" in text


def test_confirm_makes_the_plan_and_a_second_click_does_no_harm(world, enter, reading):
    client, address = enter("dieuphoi"), reverse("plans:confirm", args=[reading.pk])
    post = {
        "version": reading.version, "issuer": "Đảng ủy UBND tỉnh", "root": "Tỉnh Mẫu",
        "started_on": "2025-06-01", "deadline_on": "2025-12-31",
    }  # fmt: skip

    first, second = client.post(address, post), client.post(address, post, follow=True)

    plan = Plan.objects.get(reading=reading)
    assert first["Location"] == reverse("plans:assignments")
    assert second.redirect_chain[-1][0] == reverse("plans:source", args=[plan.pk])
    assert plan.targets.count() == 20


def test_confirm_says_what_is_wrong_beside_the_field(world, enter, reading):
    answer = enter("dieuphoi").post(
        reverse("plans:confirm", args=[reading.pk]),
        {
            "version": reading.version,
            "issuer": "Đảng ủy Mây",
            "root": "",
            "started_on": "2025-06-01",
            "deadline_on": "2025",
        },
    )

    assert answer.status_code == 422
    assert "Không có đơn vị tên “Đảng ủy Mây”" in page(answer)
    assert "Phải ghi đủ ngày, tháng, năm" in page(answer)
    assert not Plan.objects.filter(reading=reading).exists()


def test_a_confirmed_reading_leads_to_the_document_of_its_plan(world, enter, reading):
    plan = confirm(world, reading)

    answer = enter("dieuphoi").get(reverse("plans:reading", args=[reading.pk]))

    assert answer["Location"] == reverse("plans:source", args=[plan.pk])


# The document again.


def test_source_lights_the_words_asked_for_and_links_the_others(world, enter, reading):
    plan = confirm(world, reading)
    five, six = plan.targets.get(code="5"), plan.targets.get(code="6")
    asked = {k: five.place[k] for k in ("block", "start", "end")}

    answer = enter("baocao").get(reverse("plans:source", args=[plan.pk]), asked)

    assert "cán bộ, công chức cấp xã" in lit(answer)
    assert reverse("results:target", args=[six.pk]) in page(answer)


@pytest.mark.parametrize("asked", [{"block": "x"}, {"block": "0", "start": "9" * 30, "end": "1"}])
def test_source_with_nonsense_in_the_address_shows_the_document(world, enter, asked):
    answer = enter("baocao").get(reverse("plans:source", args=[world.plan.pk]), asked)

    assert answer.status_code == 200


@pytest.mark.parametrize("who", ["dieuphoi", "baocao", "lanhdao"])
def test_source_lists_the_faults_still_open_with_the_way_to_their_words(world, enter, who):
    place = {"page": 1, "block": 0, "start": 0, "end": 20}
    one = {"place": place, "message": "Trích yếu ghi hai hạn.", "suggestion": "Hỏi nơi ban hành."}
    faults = [one | {"settled": False}, {**one, "message": "Đã xem rồi.", "settled": True}]
    for n, values in enumerate(faults):
        world.plan.reading.items.create(key=f"ss-{n}", kind="ss", values=values)

    answer = enter(who).get(reverse("plans:source", args=[world.plan.pk]))

    listed = page(answer).split('id="sai-sot"')[1].split("</section>")[0]
    assert "1 sai sót" in listed and "Trích yếu ghi hai hạn." in listed
    assert "Hỏi nơi ban hành." in listed and "Đã xem rồi." not in listed
    assert "?block=0&amp;start=0&amp;end=20#doan-0" in listed


def test_source_without_open_faults_lists_none(world, enter):
    answer = enter("baocao").get(reverse("plans:source", args=[world.plan.pk]))

    assert 'id="sai-sot"' not in page(answer)


def test_units_to_tick_stand_in_vietnamese_order():
    names = {"1": "Xã Đông Sơn", "2": "Xã Ân Hảo", "3": "Xã Dân Hòa"}
    units = {code: Unit(code=code, name=name) for code, name in names.items()}

    lead, _ = shown.parts_of({"lead_units": ["1", "2", "3"], "checked": True}, units)

    assert [u.name for u, *_ in lead["units"]] == ["Xã Ân Hảo", "Xã Dân Hòa", "Xã Đông Sơn"]


# Who owes what.


def test_assignments_put_what_lacks_someone_first(world, enter):
    Assignment.objects.filter(target=world.targets["12"], part="LEAD").update(to_on="2025-01-02")

    text = page(enter("dieuphoi").get(reverse("plans:assignments")))

    assert "1/3 mục còn thiếu đơn vị" in text
    assert text.index("Chỉ tiêu 12") < text.index("Chỉ tiêu 5")
    assert "Thiếu chủ trì" in text


def test_assignments_export(world, enter):
    answer = enter("dieuphoi").get(reverse("plans:assignments"), {"xuat": "xlsx"})

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


def test_assign_a_whole_group(world, enter):
    Assignment.objects.filter(target=world.targets["5"], part="EXECUTOR").delete()
    address = reverse("plans:assign_target", args=[world.targets["5"].pk])

    answer = enter("dieuphoi").post(
        address, {"vai": "EXECUTOR", "nhom": "xa-phuong", "tu": "2025-06-01"}, follow=True
    )

    assert "Đã giao việc cho 3 đơn vị" in page(answer)
    assert Assignment.objects.filter(target=world.targets["5"], part="EXECUTOR").count() == 3


@pytest.mark.parametrize(
    ("post", "says"),
    [
        ({"vai": "EXECUTOR"}, "Hãy chọn một nhóm đơn vị"),
        ({"vai": "CHU", "nhom": "xa-phuong"}, "Hãy chọn vai"),
        ({"vai": "LEAD", "don-vi": "Sở Mây"}, "Không có đơn vị tên “Sở Mây”"),
        ({"vai": "LEAD", "don-vi": "Sở Nội vụ", "tu": "mai"}, "không phải là ngày"),
    ],
)
def test_assign_refuses_plainly(world, enter, post, says):
    before = Assignment.objects.count()

    answer = enter("dieuphoi").post(reverse("plans:assign_task", args=[world.task.pk]), post)

    assert answer.status_code == 422
    assert says in page(answer)
    assert Assignment.objects.count() == before


def test_end_assignment_and_name_a_person(world, enter):
    client = enter("dieuphoi")
    given = Assignment.objects.get(target=world.targets["5"], unit=world.units["c1"])

    client.post(reverse("plans:name_person", args=[given.pk]), {"nguoi": world.baocao.pk})
    given.refresh_from_db()
    assert given.person == world.baocao
    stranger = {"nguoi": world.xakhac.pk}
    answer = client.post(reverse("plans:name_person", args=[given.pk]), stranger, follow=True)
    assert "không còn ở Xã Suối Một" in page(answer)

    answer = client.post(
        reverse("plans:end_assignment", args=[given.pk]), {"den": "2025-12-01"}, follow=True
    )
    assert "Đã thôi giao Xã Suối Một" in page(answer)
    given.refresh_from_db()
    assert str(given.to_on) == "2025-12-01"
