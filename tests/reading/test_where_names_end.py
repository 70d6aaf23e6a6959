"""Where a unit's name ends and its work begins: full names, capitals run in, misread verbs."""

from __future__ import annotations

import pytest

from namro.reading import deadlines, mentions, read_plan
from namro.reading.blocks import Block, is_cut

_HEAD = """ỦY BAN NHÂN DÂN TỈNH MẪU

Số: 21/KH-UBND

Mẫu, ngày 12 tháng 11 năm 2026

KẾ HOẠCH

{title}

"""


def _tasks(tmp_path, body, title="Phát triển chợ nông thôn", name="plan.txt"):
    path = tmp_path / name
    path.write_text(_HEAD.format(title=title) + body, encoding="utf-8")
    return read_plan(path).tasks


def _names(found):
    return [m.text for m in found]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Sở Nông nghiệp và Môi trường nghiên cứu mô hình chợ", "Sở Nông nghiệp và Môi trường"),
        ("Bộ Quốc phòng kiểm tra việc thực hiện", "Bộ Quốc phòng"),
        (
            "Đài Phát thanh và Truyền hình thành phố: mở chuyên mục",
            "Đài Phát thanh và Truyền hình thành phố",
        ),
        ("Sở Xây dựng hình thành quỹ đất sạch", "Sở Xây dựng"),
        ("UBND các xã, phường làm sạch dữ liệu chợ", "UBND các xã, phường"),
        ("Sở Tài chính Tham mưu bố trí kinh phí", "Sở Tài chính"),
        ("Công an xã Đảm bảo an ninh trật tự", "Công an xã"),
        ("Đài Truyền thanh xã tô chức tuyên truyền", "Đài Truyền thanh xã"),
        ("Trung tâm nghiên cứu giống xây dựng mô hình", "Trung tâm nghiên cứu giống"),
        ("Sở Y tế tỉnh và Sở Nội vụ tham mưu", "Sở Y tế tỉnh và Sở Nội vụ"),
    ],
)
def test_a_name_ends_before_its_work(sentence, name):
    assert sentence[: mentions.leading_names(sentence)] == name


def test_what_a_unit_is_besides_is_no_part_of_its_name():
    named = mentions.split_names("Sở Xây dựng - Cơ quan thường trực Ban Chỉ đạo")
    assert [n for n, _, _ in named] == ["Sở Xây dựng"]


def test_party_units_after_those_of_a_superior_are_names_of_their_own():
    named = mentions.split_names("Các đảng ủy trực thuộc Tỉnh ủy, đảng ủy xã, phường")
    assert [n for n, _, _ in named] == ["Các đảng ủy trực thuộc Tỉnh ủy", "đảng ủy xã, phường"]


def test_a_misread_cue_still_names_the_partners(tmp_path):
    body = (
        "IV. TỔ CHỨC THỰC HIỆN\n\n1. Sở Công Thương\n\n"
        "- Chủ trì, phôi hợp với Sở Tài chính tô chức hội chợ nông sản.\n"
    )
    (task,) = _tasks(tmp_path, body)
    assert _names(task.lead) == ["Sở Công Thương"]
    assert _names(task.cooperate) == ["Sở Tài chính"]


def test_a_subject_before_the_unit_that_is_charged(tmp_path):
    body = (
        "IV. TỔ CHỨC THỰC HIỆN\n\n1. Về chợ đầu mối: Giao Sở Xây dựng chủ trì, phối hợp với Sở Tài "
        "chính lập quy hoạch, xong trong quý IV năm 2027.\n\n2. Sở Nội vụ khen thưởng xã làm tốt.\n"
    )
    first, second = _tasks(tmp_path, body)
    assert (_names(first.lead), first.deadline_iso) == (["Sở Xây dựng"], "2027-12")
    assert _names(second.lead) == ["Sở Nội vụ"]


_EVEN = """IV. TỔ CHỨC THỰC HIỆN

1. Sở Công Thương
- Hướng dẫn các xã lập phương án sắp xếp hộ kinh doanh trong chợ, bố trí nơi để
hàng, nơi giữ xe, lối đi cho người khuyết tật và nơi thu gom rác thải trong
từng khu chợ theo quy định.
2. Sở Tài chính
Bố trí kinh phí cho việc sửa chữa chợ trong dự toán hằng năm của các đơn vị có
liên quan, hướng dẫn việc thanh toán, quyết toán và công khai các khoản thu chi
theo quy định của pháp luật.
3. Trạm Y tế xã
Kiểm tra an toàn thực phẩm tại chợ, lấy mẫu rau, thịt, cá của những hộ bán hàng
thường ngày để thử nhanh, thông báo kết quả tại bảng tin của chợ và báo cho
ban quản lý chợ biết.
"""


def test_short_lines_of_an_evenly_wrapped_text_are_headings(tmp_path):
    tasks = _tasks(tmp_path, _EVEN)
    leads = [_names(t.lead) for t in tasks]
    assert leads == [["Sở Công Thương"], ["Sở Tài chính"], ["Trạm Y tế xã"]]
    assert tasks[2].quote.startswith("Kiểm tra an toàn thực phẩm")


def test_recipients_left_without_a_heading_are_no_tasks(tmp_path):
    body = (
        "IV. TỔ CHỨC THỰC HIỆN\n\n- Sở Công Thương hướng dẫn các xã sửa chữa chợ.\n\n"
        "Trên đây là Kế hoạch phát triển chợ nông thôn.\n\n- Các phòng chức năng của Sở;\n\n"
        "- Sở Tài chính;\n"
    )
    (task,) = _tasks(tmp_path, body)
    assert _names(task.lead) == ["Sở Công Thương"]


def test_a_quarter_without_a_year_is_that_of_the_planned_year(tmp_path):
    table = (
        "| TT | Nhiệm vụ | Cơ quan chủ trì | Thời gian |\n|---|---|---|---|\n"
        "| 1 | Sửa chữa chợ trung tâm | Sở Công Thương | Quý I |\n"
        "| 2 | Lập sổ theo dõi các chợ | Sở Công Thương | 30/11 |\n"
    )
    planned = _tasks(tmp_path, table, title="Phát triển chợ năm 2027", name="plan.md")
    assert [t.deadline_iso for t in planned] == ["2027-03", "2027-11-30"]
    until = _tasks(tmp_path, table, title="Phát triển chợ đến năm 2027", name="until.md")
    assert [t.deadline_iso for t in until] == ["2026-03", "2026-11-30"]


def test_a_month_that_spans_rows_holds_for_each(tmp_path):
    table = (
        "| Thời gian | Nội dung công việc | Đơn vị thực hiện |\n|---|---|---|\n"
        "| Tháng 3 | Tổ chức hội chợ xuân | Văn phòng |\n"
        "| | Tập huấn tiểu thương | Ban Phong trào |\n"
        "| Tháng 5 | Sơ kết phong trào | Văn phòng |\n"
    )
    tasks = _tasks(tmp_path, table, title="Công tác năm 2027", name="plan.md")
    assert [t.deadline_iso for t in tasks] == ["2027-03", "2027-03", "2027-05"]


def test_the_day_of_the_first_step_counts_before_a_later_cadence():
    step = "Lập kế hoạch trước ngày 30/11/2026; định kỳ 6 tháng, hằng năm báo cáo kết quả."
    assert deadlines.in_sentence(step) == ("trước ngày 30/11/2026", "2026-11-30")
    yearly = "Trước ngày 15 tháng 12 hằng năm, báo cáo kết quả."
    assert deadlines.in_sentence(yearly, 2026)[1] == "ongoing"


@pytest.mark.parametrize(
    ("sentence", "iso"),
    [
        ("Tham mưu tổ chức sơ kết giữa kỳ vào năm 2028.", "2028"),
        ("Tổ chức tổng kết vào cuối năm 2030.", "2030"),
        ("Mở đợt vận động từ ngày 15/11 đến ngày 15/12 hằng năm.", "ongoing"),
        ("Gửi số liệu về Sở trước 16 giờ thứ Năm hằng tuần.", "ongoing"),
    ],
)
def test_a_review_has_its_year_and_a_yearly_span_goes_on(sentence, iso):
    assert deadlines.in_sentence(sentence, 2026)[1] == iso


def test_an_article_hands_its_points_to_whom_it_names(tmp_path):
    body = (
        "Điều 1. Phân công các phòng như sau:\n\n1. Văn phòng Sở: theo dõi tiến độ sửa chợ.\n\n"
        "Điều 2. Giao Giám đốc các trung tâm, trạm khuyến công:\n\na) Lập danh sách chợ cần sửa."
        "\n\nb) Gửi danh sách về Văn phòng Sở trước ngày 20/12/2026.\n\n"
        "Điều 3. Trung tâm Khuyến công có trách nhiệm tập huấn cho ban quản lý các chợ.\n\n"
        "Điều 4. Trưởng các phòng có trách nhiệm thi hành Quyết định này.\n"
    )
    tasks = _tasks(tmp_path, body)
    assert [t.quote[:8] for t in tasks] == ["theo dõi", "Lập danh", "Gửi danh", "có trách"]
    assert _names(tasks[1].lead)[0].startswith("Giám đốc các trung tâm")
    assert _names(tasks[3].lead) == ["Trung tâm Khuyến công"]


def test_brackets_at_the_end_of_a_paragraph_say_who(tmp_path):
    body = (
        "II. NỘI DUNG\n\n1. Kiểm tra\n\nKiểm tra an toàn điện tại các chợ (Phòng Kỹ thuật chủ trì; "
        "Thanh tra Sở, Văn phòng Sở phối hợp; thực hiện trong quý II năm 2027).\n"
    )
    (task,) = _tasks(tmp_path, body)
    assert _names(task.lead) == ["Phòng Kỹ thuật"]
    assert _names(task.cooperate) == ["Thanh tra Sở", "Văn phòng Sở"]


def test_a_heading_in_capitals_ends_with_its_line(tmp_path):
    body = (
        "III. KINH PHÍ\n1. Kinh phí do ngân sách bảo đảm.\n"
        "2. Các sở, ngành lập dự toán hằng năm.\n\n"
        "IV. CHẾ ĐỘ BÁO CÁO\nUBND các xã báo cáo về Sở Công Thương trước ngày 15/11 hằng năm.\n"
    )
    tasks = _tasks(tmp_path, body)
    assert [_names(t.lead) for t in tasks] == [["Các sở, ngành"], ["UBND các xã"]]


@pytest.mark.parametrize(
    ("left", "right", "cut"),
    [
        ("Đề nghị Ủy ban Mặt trận Tổ quốc Việt", "Nam tỉnh và các đoàn thể vận động", True),
        ("Kế hoạch xét công nhận sáng kiến năm 2026 của", "Sở Y tế tỉnh Mẫu", True),
        ("1. Đối với các tổ chức kinh tế và cá nhân", "Thực hiện đúng quy định", False),
        ("Báo cáo kết quả thực hiện định kỳ hằng năm", "Các đơn vị gửi báo cáo", False),
        ("Giám đốc các sở, Thủ trưởng các ban và", "Điều 3. Quyết định này", False),
    ],
)
def test_an_open_word_goes_on_in_the_next_paragraph(left, right, cut):
    assert is_cut(Block(0, left, 1), Block(1, right, 1)) is cut
