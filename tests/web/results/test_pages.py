"""What each person sees on the pages of results, and what each page must say."""

from datetime import date, timedelta

import pytest

from namro.web.facts import actions as facts
from namro.web.facts.apps import definitions_are_sound
from namro.web.facts.models import Figure
from namro.web.org.models import JournalEntry
from namro.web.plans.models import Target
from namro.web.results import lists
from tests.web.results.conftest import AT, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def five(filled):
    return filled.targets["5"]


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_target_page_says_everything_that_belongs_to_a_figure(five, enter):
    page = text_of(enter("dieuphoi").get(f"/chi-tieu/{five.pk}/"))
    for words in (
        "41,0%", "41 / 100 người", "≥ 80%", "Chưa đạt", "2/3 đơn vị đã báo cáo",
        "31/12/2025", "Sở Nội vụ", "Phường Suối Ba", "Tháng 9/2025", "số liệu hiện nay",
        "Có ≥ 80% cán bộ", "Những điều đã xác định rõ", "Diễn biến đến hạn",
    ):  # fmt: skip
        assert words in page, words
    assert "+10,0" in page  # xã Suối Một: 70,0% → 80,0%
    assert page.index("Xã Suối Hai") < page.index("Xã Suối Một"), "lowest first"
    assert f"/ke-hoach/{five.plan_id}/van-ban?block=0&amp;start=0&amp;end=20" in page


def test_target_page_names_who_did_not_report_and_whose_older_value_counts(filled, five, enter):
    facts.open_period(period_code="202510", at=AT)
    facts.record(said=said(filled, "202510", "c1", 40, 36), source="demo:2", by=None, at=AT)
    page = text_of(enter("dieuphoi").get(f"/chi-tieu/{five.pk}/?ky=202510"))
    assert "1/3 đơn vị đã báo cáo" in page
    assert "1 đơn vị chưa báo cáo kỳ này, tạm tính theo số kỳ trước còn hiệu lực" in page
    table, silent = page.split('id="chua-bao-cao"')
    assert "2 đơn vị chưa báo cáo kỳ này" in silent
    named = silent.split("<p>")[1].split("</p>")[0]
    assert 'Xã Suối Hai <small class="carried">(số kỳ trước)</small>' in named
    assert "Phường Suối Ba" in named and "Xã Suối Một" not in named
    rows = [row for row in table.split("<tr>") if "Xem nguồn số liệu của" in row]
    assert ["số kỳ trước" in row for row in rows] == ["Suối Hai" in row for row in rows]
    assert len(rows) == 2
    origin = text_of(enter("dieuphoi").get(f"/chi-tieu/{five.pk}/nguon/?ky=202510&don-vi=c2"))
    assert "0/1 đơn vị đã báo cáo; 1 đơn vị chưa báo cáo kỳ này, tạm tính theo số" in origin


def test_list_filters_and_exports(filled, enter):
    client = enter("dieuphoi")
    page = text_of(client.get("/chi-tieu/"))
    assert "41,0%" in page and "66,7%" in page and "2/3" in page
    only = text_of(client.get("/chi-tieu/?chu-tri=12-SNV"))
    assert "41,0%" in only and "66,7%" not in only
    book = client.get("/chi-tieu/?xuat=xlsx")
    assert book.status_code == 200 and book.content[:2] == b"PK"


@pytest.mark.parametrize("address", ["/chi-tieu/", "/chi-tieu/{}/", "/chi-tieu/{}/nguon/"])
def test_pages_show_only_units_within_reach(five, enter, address):
    client = enter("baocao")
    mine = client.get(address.format(five.pk))
    assert mine.status_code == 200
    assert "Suối Hai" not in text_of(mine) and "Phường Suối Ba" not in text_of(mine)
    assert client.get(address.format(five.pk) + "?don-vi=c2").status_code == 403
    assert client.get(address.format(five.pk) + "?don-vi=12").status_code == 403


@pytest.mark.parametrize(
    "address", ["/chi-tieu/", "/chi-tieu/{}/", "/chi-tieu/{}/nguon/", "/chi-tieu/{}/ho-so/"]
)
def test_who_runs_the_system_sees_no_figures(five, enter, address):
    assert enter("quantri").get(address.format(five.pk)).status_code in (403, 404)


def test_target_of_a_plan_out_of_sight_is_not_found(five, enter):
    assert enter("dieuphoi").get("/chi-tieu/999999/").status_code == 404


@pytest.mark.parametrize(
    "query", ["ky=2025X", "tinh-den=hom-qua", "tinh-den=2999-01-01T00:00", "don-vi=zz"]
)
def test_address_that_asks_for_nonsense_is_refused_in_words(five, enter, query):
    answer = enter("dieuphoi").get(f"/chi-tieu/{five.pk}/?{query}")
    assert answer.status_code == 422
    assert 'class="refusal"' in answer.content.decode()


def test_page_as_of_a_moment_past(five, enter):
    page = text_of(enter("dieuphoi").get(f"/chi-tieu/{five.pk}/?tinh-den=2025-09-21T20:00"))
    assert "34,0%" in page and "20:00, 21/9/2025" in page


def test_period_that_had_not_begun_then_is_not_shown(five, enter):
    page = text_of(
        enter("dieuphoi").get(f"/chi-tieu/{five.pk}/?ky=202509&tinh-den=2025-08-01T00:00")
    )
    assert "Tháng 8/2025" in page


def test_origin_names_each_value_and_its_corrections(filled, five, enter):
    facts.record(
        said=said(filled, "202509", "c1", 40, 30), source="demo:2", by=None,
        at=AT + timedelta(days=5),
    )  # fmt: skip
    page = text_of(enter("dieuphoi").get(f"/chi-tieu/{five.pk}/nguon/?don-vi=c1&nguon=1"))
    assert "30 / 40 người = 75,0%" in page
    assert "Đã đính chính 1 lần" in page and "<strong>32</strong>" in page
    assert "ô Biểu 1!E7" in page
    assert "16:00, 25/9/2025" in page


def test_origin_of_records_leads_to_the_dossiers(filled, enter):
    twelve = filled.targets["12"]
    page = text_of(enter("dieuphoi").get(f"/chi-tieu/{twelve.pk}/nguon/?don-vi=c1"))
    assert "ho-so-thang-9.csv" in page and "Xem 2 hồ sơ đã đếm" in page
    unseen = text_of(enter("baocao").get(f"/chi-tieu/{twelve.pk}/nguon/?don-vi=c1"))
    assert "ho-so-thang-9.csv" in unseen and "hồ sơ đã đếm" not in unseen


def test_records_need_the_right_and_leave_a_line_in_the_journal(filled, enter):
    twelve = filled.targets["12"]
    address = f"/chi-tieu/{twelve.pk}/ho-so/?don-vi=c1&ky=202509&muc=dossiers?channel=online"
    assert enter("baocao").get(address).status_code == 403
    assert not JournalEntry.objects.filter(verb="results.look_at_records").exists()
    page = text_of(enter("kiemtra").get(address))
    assert "H0" in page and "H1" in page and "H2" not in page and "trực tuyến" in page
    entry = JournalEntry.objects.get(verb="results.look_at_records")
    assert entry.by_name == "Lý Thị Kiểm" and entry.unit_code == "c1"


def test_records_write_numbers_as_officials_do(filled, enter, tmp_path):
    path = tmp_path / "rated.csv"
    path.write_text(
        "dossier,unit,procedure,received_on,channel,digitised,satisfaction\n"
        "H0,c1,TT1,2025-09-02,online,yes,5\nH1,c1,TT1,2025-09-02,online,yes,4.5\n",
        encoding="utf-8",
    )
    facts.take_batch(
        dataset="dossiers", period_code="202509", path=path, file_name="ho-so-thang-9-sua.csv",
        by=None, at=AT + timedelta(days=3),
    )  # fmt: skip
    twelve = filled.targets["12"]
    page = text_of(enter("kiemtra").get(f"/chi-tieu/{twelve.pk}/ho-so/?don-vi=c1&ky=202509"))
    assert "<td>5</td>" in page and "<td>4,5</td>" in page


def test_records_of_a_target_that_counts_none_are_refused_in_words(five, enter):
    answer = enter("kiemtra").get(f"/chi-tieu/{five.pk}/ho-so/")
    assert answer.status_code == 422 and "không tính từ hồ sơ" in text_of(answer)


def test_library_pages_explain_every_measure(filled, enter):
    client = enter("baocao")
    from namro.web.facts.library import library

    listed = text_of(client.get("/cach-do/"))
    for measure in library().measures.values():
        assert measure.title in listed
        page = client.get(f"/cach-do/{measure.slug}/")
        assert page.status_code == 200 and "Ví dụ tính mẫu" in text_of(page)
    assert client.get("/cach-do/khong-co/").status_code == 404


def test_example_of_a_measure_speaks_vietnamese(filled, enter):
    page = text_of(enter("baocao").get("/cach-do/nq57.online-dossiers/"))
    assert "<td>trực tuyến</td>" in page and "<td>02/7/2025</td>" in page
    assert "(12) hồ sơ thủ tục hành chính" in page


def test_binding_page_proposes_and_binds_what_is_ticked(filled, five, enter):
    five.measure = ""
    five.save()
    address = f"/ke-hoach/{five.plan_id}/cach-do/"
    client = enter("dieuphoi")
    page = text_of(client.get(address))
    assert "chưa gắn" in page and "Tỷ lệ cán bộ, công chức cấp xã" in page
    line = next(x for x in lists.binding(filled.plan) if x.target.pk == five.pk)
    assert line.is_ticked and line.proposed.slug == "nq57.commune-cadres-trained"
    client.post(address + "gan", {"chon": [five.pk], f"m-{five.pk}": line.proposed.slug})
    five.refresh_from_db()
    assert five.measure == "nq57.commune-cadres-trained"
    row = Figure.objects.get(term=five.measure, unit=filled.units["12"], period="202509")
    assert (row.numerator, row.denominator) == (41, 100)
    assert "41,0%" in text_of(client.get(f"/chi-tieu/{five.pk}/"))
    assert JournalEntry.objects.filter(verb="plans.set_measure", thing_id=str(five.pk)).exists()


def test_one_button_binds_its_own_target_only(filled, five, enter):
    Target.objects.update(measure="")
    twelve = filled.targets["12"]
    enter("dieuphoi").post(
        f"/ke-hoach/{five.plan_id}/cach-do/gan",
        {
            "rieng": twelve.pk,
            "chon": [five.pk],
            f"m-{five.pk}": "nq57.commune-cadres-trained",
            f"m-{twelve.pk}": "nq57.online-dossiers",
        },
    )
    told = dict(Target.objects.values_list("code", "measure"))
    assert told == {"5": "", "12": "nq57.online-dossiers"}


def test_unknown_measure_binds_nothing(filled, five, enter):
    answer = enter("dieuphoi").post(
        f"/ke-hoach/{five.plan_id}/cach-do/gan", {"chon": [five.pk], f"m-{five.pk}": "la"}
    )
    assert answer.status_code == 422
    five.refresh_from_db()
    assert five.measure == "nq57.commune-cadres-trained"


def test_binding_needs_the_right_to_assign(five, enter):
    for who in ("baocao", "lanhdao", "kiemtra"):
        client = enter(who)
        assert client.get(f"/ke-hoach/{five.plan_id}/cach-do/").status_code == 403
        answer = client.post(f"/ke-hoach/{five.plan_id}/cach-do/gan", {"chon": [five.pk]})
        assert answer.status_code == 403


def test_gist_of_a_measure_just_chosen(filled, enter):
    page = text_of(enter("dieuphoi").get("/cach-do/tom-tat?m-7=nq57.online-dossiers"))
    assert "hồ sơ nộp trực tuyến" in page


def test_pages_carry_no_inline_style_or_script(five, enter):
    client = enter("dieuphoi")
    for address in (
        "/chi-tieu/",
        f"/chi-tieu/{five.pk}/",
        f"/chi-tieu/{five.pk}/nguon/",
        "/cach-do/",
    ):
        page = client.get(address).content.decode()
        assert " style=" not in page and "onclick" not in page and "<script>" not in page


def test_target_page_stays_within_its_queries(five, enter, django_assert_max_num_queries):
    client = enter("dieuphoi")
    client.get(f"/chi-tieu/{five.pk}/")
    with django_assert_max_num_queries(24):
        client.get(f"/chi-tieu/{five.pk}/")


def test_target_of_a_unit_without_any_duty_says_so(filled, five, enter):
    page = text_of(enter("dieuphoi").get(f"/chi-tieu/{five.pk}/?don-vi=12-KHCN"))
    assert "0/0 đơn vị" in page and "Chưa có số liệu" in page


def test_deadline_and_started_day_decide_the_standing_of_each_unit(filled, five, enter):
    five.deadline_on = date(2999, 1, 1)
    five.save()
    page = text_of(enter("dieuphoi").get(f"/chi-tieu/{five.pk}/"))
    assert "Đúng hướng" in page and "sign REACHED" in page


def test_broken_definition_is_said_by_file_and_key(filled, five, enter, settings):
    own = settings.NAMRO_HOME / "measures"
    own.mkdir()
    (own / "hong.toml").write_text('measure = "own.x"\ntitle = "X"\n', encoding="utf-8")
    answer = enter("dieuphoi").get("/cach-do/")
    assert answer.status_code == 503 and "hong.toml" in text_of(answer)
    found = definitions_are_sound(None)
    assert [e.id for e in found] == ["facts.E001"] and "hong.toml" in found[0].msg
