"""From the plan's document to its signed report: every step by its own person, in a real browser.

Target (5) of the seed plan: 80 % of commune cadres trained. One commune fills in the web form, one
answers by Excel, one is sent back; the figure is followed down to the Excel cell, and up into the
issued paper.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pypdfium2
import pytest
from django.core import mail
from django.utils import timezone

from namro.vietnamese import format_date
from namro.web.oversight import reminders
from namro.web.plans.models import Plan, Target
from tests.journeys.conftest import Desk

pytestmark = pytest.mark.slow

PERIOD, LABEL = "202507", "tháng 7/2025"


@pytest.mark.django_db(transaction=True)
def test_one_figure_travels_from_the_document_to_the_report(desk, seed, tmp_path):
    coordinator = desk("dieuphoi")
    plan = read_review_confirm(coordinator, seed)
    bind_and_assign(coordinator, plan)
    open_the_round(coordinator, plan)
    answer_by_form(desk("baocao"))
    answer_by_excel(desk("xakhac"), tmp_path)
    approve_both(desk("duyet"))
    target = plan.targets.get(code="5")
    see_the_figure(coordinator, plan, target)
    follow_it_to_the_cell(coordinator, target)
    remind(coordinator)
    issue(desk("lanhdao"), plan, tmp_path)


def read_review_confirm(coordinator: Desk, seed) -> Plan:
    """Steps 1–3: upload, read, review side by side, confirm."""
    page = coordinator.open("/van-ban-den/")
    page.set_input_files("input[type=file]", seed)
    page.get_by_role("button", name="Đưa vào và đọc").click()
    page.get_by_text("0/26 đã rà soát").wait_for()
    page.locator(".sentence.lit").first.wait_for()  # the words of the item
    coordinator.picture("1-ra-soat")
    page.keyboard.press("Enter")  # the item shown is right: accept it by the keyboard
    page.get_by_text("1/26 đã rà soát").wait_for()
    page.goto(page.url.split("?")[0] + "?muc=nhan-ca&pham-vi=tat-ca")
    page.get_by_role("button", name=re.compile(r"Xác nhận \d+ mục")).click()
    page.get_by_text(re.compile(r"\b(1\d|2\d)/26 đã rà soát")).wait_for()
    page.get_by_role("link", name="Tới bước xác nhận").click()
    page.fill("#issuer", "Đảng ủy UBND tỉnh")
    page.fill("#root", "Tỉnh Mẫu")
    page.fill("#started_on", "01/06/2025")
    page.fill("#deadline_on", "31/12/2025")
    coordinator.picture("2-xac-nhan")
    page.once("dialog", lambda d: d.accept())
    page.get_by_role("button", name="Xác nhận kế hoạch").click()
    page.wait_for_url(lambda url: "/van-ban-den/" not in url)
    plan = Plan.objects.get()
    assert plan.targets.count() == 20 and plan.tasks.count() == 6
    return plan


def bind_and_assign(coordinator: Desk, plan: Plan) -> None:
    """Steps 4–5: the suggested measures, then who leads and who reports target (5)."""
    page = coordinator.open(f"/ke-hoach/{plan.pk}/cach-do/")
    coordinator.picture("3-gan-cach-do")
    page.get_by_role("button", name="Gắn các chỉ tiêu đã đánh dấu").click()
    page.get_by_text("✓ đã gắn").first.wait_for()
    assert not Target.objects.filter(plan=plan, measure="").exists()
    target = plan.targets.get(code="5")
    assert target.measure == "nq57.commune-cadres-trained"
    page = coordinator.open(f"/phan-cong/chi-tieu/{target.pk}/")
    for part, field, value in (
        ("LEAD", "don-vi", "Sở Nội vụ"),
        ("EXECUTOR", "nhom", "xa-phuong"),
    ):
        page.select_option("#vai", part)
        if field == "nhom":
            page.select_option("#nhom", value)
        else:
            page.fill("#don-vi", value)
        page.fill("#tu", "01/06/2025")
        page.get_by_role("button", name="Giao việc").click()
        page.get_by_role("cell", name="Sở Nội vụ").first.wait_for()
    assert target.assignments.filter(part="EXECUTOR").count() == 3


def open_the_round(coordinator: Desk, plan: Plan) -> None:
    page = coordinator.open(f"/dot-bao-cao/mo/?plan={plan.pk}&period={PERIOD}")
    coordinator.picture("4-mo-dot")
    page.get_by_role("button", name="Mở đợt báo cáo").click()
    page.wait_for_url(re.compile(r"/dot-bao-cao/\d+/"))


def open_duty(officer: Desk):
    page = officer.open("/bao-cao/")
    page.get_by_role("link", name=LABEL).first.click()
    page.get_by_text("Biểu số liệu").first.wait_for()
    return page


def prove(page) -> None:
    page.set_input_files(
        "input[name='f-']",
        {"name": "danh-sach.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 minh chung"},
    )


def answer_by_form(officer: Desk) -> None:
    """Step 5, on the page: 32 of 40; the form speaks up at the cell before anything is sent."""
    page = open_duty(officer)
    page.fill("#v-commune-cadres", "40")
    page.fill("#v-commune-cadres-trained", "32 người")
    page.locator("#v-commune-cadres-trained").blur()
    page.locator("#m-commune-cadres-trained .fault").first.wait_for()
    officer.picture("5-bieu-co-loi")
    page.fill("#v-commune-cadres-trained", "32")
    prove(page)
    page.get_by_role("button", name="Nộp báo cáo").click()
    page.get_by_text("Đã nộp lúc").first.wait_for()
    officer.picture("6-da-nop")


def answer_by_excel(officer: Desk, tmp_path) -> None:
    """Step 5, by Excel: a wrong cell is refused by its name, then 20 of 30 is taken in."""
    page = open_duty(officer)
    with page.expect_download() as started:
        page.get_by_role("link", name="Tải biểu Excel").first.click()
    form = tmp_path / "bieu.xlsx"
    started.value.save_as(form)
    fill_workbook(form, {"mặt": 30, "hoàn thành": "hai mươi"})
    upload(page, form)
    fault = page.get_by_text(re.compile(r"Ô Biểu 1!E\d+")).first
    fault.wait_for()
    officer.picture("7-excel-co-loi")
    fill_workbook(form, {"hoàn thành": 20})
    upload(page, form)
    page.wait_for_function("document.querySelector('#v-commune-cadres-trained')?.value === '20'")
    prove(page)
    page.get_by_role("button", name="Nộp báo cáo").click()
    page.get_by_text("Đã nộp lúc").first.wait_for()


def fill_workbook(path, values: dict) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        for words, value in values.items():
            if isinstance(row[1].value, str) and words in row[1].value:
                row[4].value = value
    book.save(path)


def upload(page, path) -> None:
    page.get_by_text("Làm bằng Excel").click()
    page.set_input_files("input[name=workbook]", path)
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Nạp")).click()


def approve_both(reviewer: Desk) -> None:
    page = reviewer.open("/duyet/")
    reviewer.picture("8-cho-duyet")
    for unit in ("Xã Suối Một", "Xã Suối Hai"):
        page = reviewer.open("/duyet/")
        page.get_by_role("link", name=unit).first.click()
        page.once("dialog", lambda d: d.accept())
        page.get_by_role("button", name="Duyệt báo cáo").click()
        page.get_by_text("Đã duyệt").first.wait_for()


def see_the_figure(coordinator: Desk, plan: Plan, target: Target) -> None:
    """Step 6: 52 of 70 at once, with how many were heard."""
    page = coordinator.open(f"/ke-hoach/{plan.pk}/?ky={PERIOD}")
    row = page.locator("tr", has_text="được bồi dưỡng kỹ năng số căn bản").first
    assert "74,3%" in row.inner_text()
    assert "2/3" in row.inner_text()
    coordinator.picture("9-ke-hoach")
    page = coordinator.open(f"/chi-tieu/{target.pk}/?ky={PERIOD}")
    text = page.locator("main").inner_text()
    assert "52 / 70" in text and "2/3" in text and "Phường Suối Ba" in text
    coordinator.picture("10-chi-tieu")


def follow_it_to_the_cell(coordinator: Desk, target: Target) -> None:
    page = coordinator.open(f"/chi-tieu/{target.pk}/nguon/?don-vi=c2&ky={PERIOD}")
    text = page.locator("main").inner_text()
    assert re.search(r"Biểu 1!E\d+", text), text
    assert "Hoàng Văn Khác" in text and "Tẩn Thị Duyệt" in text
    coordinator.picture("11-nguon")
    page = coordinator.open(f"/chi-tieu/{target.pk}/?ky={PERIOD}")
    page.get_by_role("link", name="xem trong văn bản").first.click()
    assert "80" in page.locator("mark").first.inner_text()
    coordinator.picture("12-cau-trong-van-ban")


def remind(coordinator: Desk) -> None:
    """Step 7: the silent ward is reminded, once however often the job runs."""
    first = reminders.run(today=date(2025, 7, 17), at=datetime(2025, 7, 17, 1, tzinfo=UTC))
    again = reminders.run(today=date(2025, 7, 17), at=datetime(2025, 7, 17, 2, tzinfo=UTC))
    assert not again and first is not None
    page = coordinator.open("/don-doc/")
    coordinator.picture("13-don-doc")
    assert page.locator("main").inner_text()
    assert all("@mau.example" in to for m in mail.outbox for to in m.to)


def issue(leader: Desk, plan: Plan, tmp_path) -> None:
    """Step 8: the report in the Party's form, its figures those of the page."""
    page = leader.open(f"/van-ban/lap/{plan.pk}/?ky={PERIOD}")
    page.fill("#number", "15")
    page.fill("#issued_on", format_date(timezone.localdate()))
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu dự thảo và xem bản in").click()
    leader.picture("14-du-thao")
    page.once("dialog", lambda d: d.accept())
    page.get_by_role("button", name="Phát hành").click()
    page.wait_for_url(re.compile(r"/van-ban/\d+/$"))
    leader.picture("15-phat-hanh")
    texts = []
    for name in ("Tải .docx", "Tải .pdf"):
        with page.expect_download() as started:
            page.get_by_role("link", name=name).click()
        path = tmp_path / started.value.suggested_filename
        started.value.save_as(path)
        texts.append(words_of(path.read_bytes()))
    for text in texts:
        assert "BÁO CÁO" in text
        assert "74,3%" in text and "52/70" in text, text
        assert "Số 15-BC/ĐU" in text


def words_of(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        pages = pypdfium2.PdfDocument(content)
        text = " ".join(page.get_textpage().get_text_bounded() for page in pages)
    else:
        xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
        text = re.sub(r"<[^>]+>", "", re.sub(r"</w:p>|<w:br/>", " ", xml))
    return re.sub(r"\s+", " ", text).replace("\u00a0", " ")
