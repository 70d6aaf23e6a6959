"""The document laid out: nothing lost, the right words lit."""

from __future__ import annotations

import doctest

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from namro.web.plans import passages
from namro.web.plans.passages import Passage, laid_out


def words(drawn):
    paragraphs = [d.paragraph for d in drawn if d.paragraph]
    paragraphs += [p for d in drawn for row in d.rows for cell in row for p in cell]
    return {p.index: "".join(s.text for s in p.stretches) for p in paragraphs}


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(passages).failed == 0


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(
    text=st.text(min_size=1, max_size=40),
    spans=st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=5),
)
def test_laid_out_loses_no_character_wherever_passages_overlap(text, spans):
    lit = [Passage(0, min(s), max(s), key=str(i)) for i, s in enumerate(spans)]

    drawn = laid_out([{"index": 0, "page": 1, "text": text}], lit)

    assert words(drawn) == {0: text}


def test_laid_out_lights_the_current_passage_and_links_the_others():
    lit = [
        Passage(0, 0, 4, key="ct-1", address="?muc=ct-1"),
        Passage(0, 5, 8, key="ct-2", current=True),
        Passage(0, 5, 6, key="ss-1", kind="fault"),
    ]

    (drawn,) = laid_out([{"index": 0, "page": 1, "text": "Một. Hai."}], lit)

    stretches = drawn.paragraph.stretches
    assert [(s.text, s.current, s.fault) for s in stretches] == [
        ("Một.", False, False),
        (" ", False, False),
        ("H", True, True),
        ("ai", True, False),
        (".", False, False),
    ]
    assert stretches[0].passage.address == "?muc=ct-1"


def test_laid_out_marks_pages_also_inside_a_paragraph():
    blocks = [
        {"index": 0, "page": 1, "text": "Nửa đầu nửa sau", "turns": [[8, 2]]},
        {"index": 1, "page": 2, "text": "Đoạn sau"},
        {"index": 2, "page": 3, "text": "Trang ba"},
    ]

    drawn = laid_out(blocks, [])

    assert [d.new_page for d in drawn] == [1, None, 3]
    assert [(s.text, s.turn) for s in drawn[0].paragraph.stretches] == [
        ("Nửa đầu ", None),
        ("nửa sau", 2),
    ]


def test_laid_out_draws_tables_as_rows_and_cells():
    cells = [(0, 0, "TT"), (0, 1, "Nội dung"), (1, 0, "1"), (1, 1, "Làm"), (1, 1, "cho xong")]
    blocks = [
        {"index": i, "page": 1, "text": t, "cell": [0, r, c, 1]}
        for i, (r, c, t) in enumerate(cells)
    ]

    (table,) = laid_out(blocks, [])

    shown = [[[p.stretches[0].text for p in cell] for cell in row] for row in table.rows]
    assert shown == [[["TT"], ["Nội dung"]], [["1"], ["Làm", "cho xong"]]]
