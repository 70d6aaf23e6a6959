from datetime import date

from namro.web.oversight import letters
from namro.web.oversight.rules import Step

TODAY = date(2025, 9, 28)


def item(step=Step.LATE, title="Báo cáo số liệu tháng 9/2025", due=date(2025, 9, 20), link=""):
    return letters.Item(step, title, "Xã Suối Một", due, "16:00 ngày 20/9/2025", link)


def test_subject_of_one_thing_names_it_and_how_late_it_is():
    assert letters.subject([item()], TODAY) == (
        "Đôn đốc: Báo cáo số liệu tháng 9/2025 – quá hạn 8 ngày"
    )


def test_subject_of_many_things_counts_them_by_urgency():
    things = [item(), item(), item(Step.DUE, due=TODAY), item(Step.SOON, due=date(2025, 9, 30))]
    assert letters.subject(things, TODAY) == (
        "Đôn đốc: 2 việc quá hạn, 1 việc đến hạn hôm nay, 1 việc sắp đến hạn (ngày 28/9/2025)"
    )


def test_subject_never_breaks_the_line_nor_grows_without_end():
    said = letters.subject([item(title="Nhiệm vụ\nIII.1: " + "rất dài " * 60)], TODAY)
    assert "\n" not in said
    assert len(said) < 300


def test_body_puts_the_gravest_first_and_asks_once_a_group():
    text = letters.body(
        "Phùng Văn Báo",
        [item(Step.SOON, "Việc sắp tới", date(2025, 9, 30)), item(Step.LATE, "Việc đã trễ")],
        today=TODAY,
        place="Đảng ủy UBND tỉnh",
    )
    assert text.startswith("Kính gửi đồng chí Phùng Văn Báo,")
    assert text.index("I. Các việc sau đã quá hạn") < text.index("II. Các việc sau sắp đến hạn")
    assert "1. Việc đã trễ\n   Đơn vị: Xã Suối Một" in text
    assert "(quá hạn 8 ngày)" in text
    assert "(còn 2 ngày)" in text


def test_body_gives_the_link_only_where_the_installation_knows_its_address():
    with_link = letters.body("A", [item(link="https://mau.example/1")], today=TODAY, place="X")
    without = letters.body("A", [item()], today=TODAY, place="X")
    assert "Mở tại: https://mau.example/1" in with_link
    assert "Mở tại" not in without
