"""A form out as Excel and back in: exact, keyed, whole or not at all."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from namro.web.frame import files
from namro.web.frame.days import say_moment
from namro.web.org.queries import NotAllowed
from namro.web.reporting import actions, queries
from namro.web.reporting.models import Duty, Submission
from tests.web.reporting.conftest import AT, PART, WHOLE, fill, hand_in, later


@pytest.fixture
def fill_in(tmp_path):
    """fill_in(duty, E7=40) → the duty's form as a person saved it in Excel."""

    def make(duty, spoil=None, **cells):
        book = openpyxl.load_workbook(io.BytesIO(actions.workbook_of(duty)))
        for name, value in cells.items():
            book["Biểu 1"][name] = value
        if spoil:
            spoil(book["Biểu 1"])
        path = tmp_path / "bieu.xlsx"
        book.save(path)
        return path

    return make


def receive(duty, path, by, at=AT, name="bieu.xlsx"):
    return actions.receive_workbook(duty=duty, path=path, file_name=name, by=by, at=at)


def test_workbook_comes_back_with_values_cells_and_the_file(duty, world, fill_in):
    path = fill_in(duty, E7=1040, E8=1035, F8="Đã rà soát")
    draft = receive(duty, path, world.baocao)
    assert draft.values == {
        WHOLE: {"value": "1040", "cell": "Biểu 1!E7", "note": ""},
        PART: {"value": "1035", "cell": "Biểu 1!E8", "note": "Đã rà soát"},
    }
    assert files.path_of(draft.workbook_sha256).read_bytes() == path.read_bytes()
    assert draft.workbook_name == "bieu.xlsx"


def test_workbook_goes_out_with_what_is_known(duty, world):
    fill(duty, world.baocao, whole=40, part=32)
    sheet = openpyxl.load_workbook(io.BytesIO(actions.workbook_of(duty)))["Biểu 1"]
    assert (sheet["E7"].value, sheet["E8"].value) == (40, 32)


def test_workbook_tells_the_deadline_of_the_units_own_level(opened, duty, world):
    opened.department_due_at = later(24 * 3)
    opened.save(update_fields=["department_due_at"])
    of_department = Duty.objects.create(
        round=opened, unit=world.units["12-KHCN"], receiver=duty.receiver, elements=duty.elements
    )
    for one, due in ((duty, opened.due_at), (of_department, later(24 * 3))):
        sheet = openpyxl.load_workbook(io.BytesIO(actions.workbook_of(one)))["Biểu 1"]
        words = [str(cell.value) for row in sheet["A1:H6"] for cell in row]
        assert any(say_moment(due) in told for told in words)


def test_workbook_cell_is_forgotten_once_the_value_is_typed_over(duty, world, fill_in):
    receive(duty, fill_in(duty, E7=40, E8=32), world.baocao)
    again = actions.save_draft(
        duty=duty, values={WHOLE: "40", PART: "33"}, by=world.baocao, at=later()
    )
    assert (again.values[WHOLE]["cell"], again.values[PART]["cell"]) == ("Biểu 1!E7", "")


def test_workbook_blank_cell_never_wipes_out_what_was_typed(duty, world, fill_in):
    fill(duty, world.baocao, whole=40, part=32)
    draft = receive(duty, fill_in(duty, E7=41, E8=None), world.baocao, later())
    assert {k: v["value"] for k, v in draft.values.items()} == {WHOLE: "41", PART: "32"}


def test_workbook_sent_twice_is_harmless(duty, world, fill_in):
    path = fill_in(duty, E7=40, E8=32)
    first = receive(duty, path, world.baocao)
    again = receive(duty, path, world.baocao, later())
    assert (again.pk, again.values) == (first.pk, first.values)


def insert_row(sheet):
    sheet.insert_rows(7)


@pytest.mark.parametrize(
    ("cells", "spoil", "cell", "message"),
    [
        ({"E7": "bốn mươi", "E8": 3}, None, "Biểu 1!E7", "không phải là số"),
        ({"E7": 40, "E8": 41}, None, "Biểu 1!E8", "41 lớn hơn 40"),
        ({"E7": -1, "E8": 3}, None, "Biểu 1!E7", "số âm"),
        ({"E7": 40.5, "E8": 3}, None, "Biểu 1!E7", "số nguyên"),
        ({"E7": 40, "E8": 3}, insert_row, "Biểu 1!E7", "chuyển xuống 1 dòng"),
    ],
)
def test_workbook_with_a_fault_is_refused_whole(duty, world, fill_in, cells, spoil, cell, message):
    with pytest.raises(actions.FaultyWorkbook) as refused:
        receive(duty, fill_in(duty, spoil, **cells), world.baocao)
    fault = refused.value.faults[0]
    assert fault.place.cell == cell and message in fault.message and fault.suggestion
    assert not Submission.objects.exists()
    assert not list(files.path_of("0" * 64).parent.parent.glob("*/*"))


def test_workbook_of_another_unit_or_round_is_refused(opened, world, fill_in):
    duties = {d.unit.code: d for d in opened.duties.all()}
    with pytest.raises(
        actions.FaultyWorkbook, match="biểu của “Xã Suối Một”, không phải của “Xã Suối Hai”"
    ):
        receive(duties["c2"], fill_in(duties["c1"], E7=40), world.xakhac)
    other = actions.open_round(plan=world.plan, period_code="202510", by=world.dieuphoi, at=AT)
    with pytest.raises(actions.FaultyWorkbook, match="tháng 9/2025"):
        receive(
            other.duties.get(unit=world.units["c1"]), fill_in(duties["c1"], E7=40), world.baocao
        )
    assert not Submission.objects.exists()


def test_workbook_of_a_decided_version_is_refused(duty, world, fill_in):
    old = fill_in(duty, E7=40, E8=32)
    handed_in = hand_in(duty, world.baocao)
    with pytest.raises(actions.LockedReturn, match="đã nộp lúc"):
        receive(duty, old, world.baocao, later())
    actions.send_back(submission=handed_in, reason="Sai", by=world.duyet, at=later())
    with pytest.raises(actions.FaultyWorkbook, match=r"bản “1”.*bản “2”"):
        receive(duty, old, world.baocao, later(2))
    assert queries.last_of(duty).pk == handed_in.pk


@pytest.mark.parametrize("content", [b"", b"khong phai excel", b"PK\x03\x04hong"])
def test_workbook_that_is_no_workbook_is_refused(duty, world, tmp_path, content):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(actions.FaultyWorkbook):
        receive(duty, path, world.baocao)


def test_workbook_is_for_the_units_own_people(duty, world, fill_in):
    with pytest.raises(NotAllowed):
        receive(duty, fill_in(duty, E7=40), world.xakhac)


def test_workbook_page_lists_faults_by_cell(enter, duty, fill_in):
    upload = SimpleUploadedFile("a.xlsx", fill_in(duty, E7="x", E8=3).read_bytes())
    answer = enter("baocao").post(
        reverse("reporting:workbook", args=[duty.pk]), {"workbook": upload}
    )
    text = answer.content.decode()
    assert (
        answer.status_code == 422 and "Ô Biểu 1!E7." in text and "chưa có số nào được lưu" in text
    )


def test_workbook_page_takes_a_sound_file_and_says_so(enter, duty, fill_in):
    upload = SimpleUploadedFile("a.xlsx", fill_in(duty, E7=40, E8=3).read_bytes())
    answer = enter("baocao").post(
        reverse("reporting:workbook", args=[duty.pk]), {"workbook": upload}, follow=True
    )
    text = answer.content.decode()
    assert "Đã nạp tệp a.xlsx" in text and "Từ tệp Excel, ô Biểu 1!E7" in text


def test_workbook_page_without_a_file_says_what_to_do(enter, duty):
    answer = enter("baocao").post(reverse("reporting:workbook", args=[duty.pk]))
    assert answer.status_code == 422 and "Hãy chọn tệp Excel" in answer.content.decode()
