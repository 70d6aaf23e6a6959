from datetime import date, datetime

import pytest

from namro.web.papers import rules
from namro.web.papers.rules import FaultyPaper, Head

HEAD = Head("", "Đảng ủy", "BC/ĐU", "Mẫu", "Kết quả", "T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ", "", ())
AT = datetime(2025, 9, 25, 10)


def test_head_survives_json():
    assert Head.from_json(HEAD.as_json()) == HEAD


def test_check_head_names_the_missing_field():
    with pytest.raises(FaultyPaper, match="Ký hiệu"):
        rules.check_head(Head.from_json({**HEAD.as_json(), "symbol": " "}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("symbol", "B" * 41),
        ("place", "x" * 301),
        ("title", "x" * 1001),
        ("recipients", ["x" * 4001]),
    ],
)
def test_check_head_refuses_what_no_paper_holds(key, value):
    with pytest.raises(FaultyPaper, match="dài hơn"):
        rules.check_head(Head.from_json({**HEAD.as_json(), key: value}))


def test_check_words_fills_in_empty_parts_and_refuses_unknown_ones():
    assert rules.check_words({"causes": " Do ít người \r\n"})["causes"] == "Do ít người"
    assert rules.check_words({})["opening"] == ""
    with pytest.raises(FaultyPaper):
        rules.check_words({"figures": "100%"})


def test_check_words_refuses_a_book():
    with pytest.raises(FaultyPaper, match="6000"):
        rules.check_words({"causes": "x" * 6001})


@pytest.mark.parametrize("number", ["15", "05", "15a", ""])
def test_check_number_takes_digits_and_a_letter(number):
    rules.check_number(number)


def test_tidy_number_knows_that_zeros_in_front_are_no_other_number():
    tidied = [rules.tidy_number(n) for n in ("05", " 5 ", "005a", "", "50", "0")]
    assert tidied == ["5", "5", "5a", "", "50", "0"]


@pytest.mark.parametrize("number", ["15-BC/ĐU", "mười lăm", "-1", "1234567", "0", "00a", "٥"])
def test_check_number_refuses_the_rest(number):
    with pytest.raises(FaultyPaper, match=f"Số văn bản không đúng: “{number}”"):
        rules.check_number(number)


@pytest.mark.parametrize(
    ("issued_on", "as_of", "said"),
    [
        (date(2025, 9, 25), datetime(2025, 9, 25, 11), "chưa đến"),
        (date(2025, 9, 26), datetime(2025, 9, 24), "Ngày ban hành chưa đến"),
        (date(2025, 9, 23), datetime(2025, 9, 24), "trước ngày chốt"),
    ],
)
def test_check_days_refuses_days_out_of_order(issued_on, as_of, said):
    with pytest.raises(FaultyPaper, match=said):
        rules.check_days(issued_on, as_of, as_of.date(), AT, AT.date())


def test_code_is_read_back_however_it_is_typed():
    code = rules.code_from(bytes(range(12)))
    assert rules.tidy_code(f" {code.lower().replace('-', ' ')} ") == code
    assert not set("01OI") & set(code)


def test_fingerprint_does_not_depend_on_the_order_of_keys():
    assert rules.fingerprint({"a": 1, "b": "ố"}) == rules.fingerprint({"b": "ố", "a": 1})
    assert rules.fingerprint({"a": 1}) != rules.fingerprint({"a": 2})
