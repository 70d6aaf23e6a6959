"""What makes recognition cheap changes nothing that is read: compared with the long way."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from namro import reading
from namro.reading import UnreadableDocument
from namro.reading.sources import open_document, pdfium
from namro.reading.sources.layout import Page, Word
from namro.reading.sources.scan import cleaning, engine, page, pool, ruling, weight
from namro.reading.sources.scan.levelling import levelled
from tests.reading import paper

BODY = """Tỷ lệ hồ sơ giải quyết trực tuyến toàn trình đạt ≥ 80% trong năm 2026. \\
Sở Nông nghiệp và Môi trường chủ trì, phối hợp với Ủy ban nhân dân các xã, phường \\
rà soát 1.250 hộ nghèo, hoàn thành trước ngày 30/6/2027."""


def runs_the_long_way(ink: np.ndarray, length: int) -> set[tuple[int, int, int]]:
    """Every window of every row counted by itself, those that touch or overlap joined."""
    found = set()
    for row, dots in enumerate(ink.tolist()):
        start = None
        for at in range(len(dots) - length + 1):
            if sum(dots[at : at + length]) >= ruling._FILLED * length:
                start = at if start is None else start
                last = at
            elif start is not None:
                found.add((row, start, last + length))
                start = None
        if start is not None:
            found.add((row, start, last + length))
    return found


@st.composite
def inked_pictures(draw):
    """Rows of noise with strokes of chosen length, some of them with holes."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 160))
    ink = chance.random((height, width)) < draw(st.sampled_from([0.0, 0.1, 0.5, 0.9]))
    for _ in range(draw(st.integers(0, 6))):
        row, start = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        ink[row, start : start + draw(st.integers(1, 120))] = True
        ink[row, draw(st.integers(0, width - 1))] = False
    return ink


@given(ink=inked_pictures(), length=st.integers(2, 60))
@settings(max_examples=150, deadline=None)
def test_lines_are_those_that_every_window_counted_gives(ink, length):
    assert set(ruling._runs(ink, length)) == runs_the_long_way(ink, length)


@pytest.fixture(scope="module")
def body(tmp_path_factory):
    return paper.make_pdf(tmp_path_factory.mktemp("speed") / "body.pdf", BODY)


def test_the_red_channel_of_a_page_is_drawn_as_the_whole_page_is(body):
    document = pdfium.opened(body)
    loaded = pdfium.loaded(body.name, document, 1)
    whole = pdfium.rendered(body.name, loaded, 1, 2.0)
    red = pdfium.rendered(body.name, loaded, 1, 2.0, red=True)
    loaded.close()
    document.close()

    assert red.mode == "L" and np.array_equal(np.asarray(red), np.asarray(cleaning.grey_of(whole)))


@pytest.mark.parametrize("angle", [-2.8, -0.35, 0.0, 0.15, 1.7])
def test_skew_is_what_turning_the_picture_itself_tells(body, angle):
    grey = cleaning.grey_of(paper.picture_of(body)).rotate(-angle, fillcolor=255)

    def straightness(turn: float) -> float:
        rows = np.asarray(grey.rotate(turn, Image.Resampling.BILINEAR, fillcolor=255), "float64")
        return float(np.square(np.diff(rows.sum(axis=1))).sum())

    best = max((angle + step / 20 for step in range(-10, 11)), key=straightness)
    assert cleaning.skew_of(grey, 200) == pytest.approx(best, abs=0.1)


@pytest.mark.parametrize("angle", [-2.5, -0.4, 0.3, 1.6])
@pytest.mark.parametrize("size", [(300, 420), (421, 299), (40, 900)])
def test_levelling_is_turning(size, angle):
    font = ImageFont.truetype(str(paper.FONTS / "LiberationSerif-Regular.ttf"), 26)
    picture = Image.new("L", size, 240)
    for top in range(60, size[1] - 60, 45):
        ImageDraw.Draw(picture).text((30, top), "Kế hoạch số 12", font=font, fill=20)

    turned = picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor=240)
    level = cleaning.straightened(picture, angle)

    assert level.size == size
    apart = np.asarray(level, "int16") - np.asarray(turned, "int16")
    blurred = Image.fromarray(np.abs(apart).astype("uint8")).reduce(3)
    assert np.asarray(blurred).mean() < 0.35 * np.abs(np.asarray(turned, "int16") - 240).mean()


def test_levelling_by_nothing_changes_nothing():
    noise = np.random.default_rng(3).integers(130, 256, (70, 50)).astype("uint8")
    assert np.array_equal(np.asarray(cleaning.straightened(Image.fromarray(noise), 0.0)), noise)


@given(st.integers(1, 60), st.integers(1, 60), st.floats(-4, 4), st.integers(128, 255))
@settings(max_examples=60, deadline=None)
def test_levelling_keeps_the_size_and_invents_no_tone_of_an_even_picture(wide, high, angle, tone):
    level = np.asarray(levelled(Image.new("L", (wide, high), tone), angle, tone))
    assert level.shape == (high, wide) and (level == tone).all()


@pytest.mark.slow
def test_a_page_that_takes_too_long_is_refused_not_read_in_part(body, monkeypatch, tmp_path):
    scan = paper.save_scan(tmp_path / "kh.pdf", paper.picture_of(body))
    monkeypatch.setattr(engine, "MAX_MILLISECONDS", 20)

    with pytest.raises(UnreadableDocument, match="trang 1 mất quá nhiều thời gian"):
        open_document(scan)


def test_a_refusal_comes_whole_out_of_another_process():
    said = UnreadableDocument("TOO_SLOW", "kh.pdf", "trang 3 quá chậm.", "Hãy quét lại.")
    again = pickle.loads(pickle.dumps(said))
    assert (str(again), again.code, again.mend) == (str(said), "TOO_SLOW", "Hãy quét lại.")


RUNNING = BODY + "\n\n" + "\n\n".join(f"{n}. " + BODY.replace("\\\n", "") for n in range(1, 6))
HEAD = """#grid(columns: (1fr, 1fr), align: center,
[ỦY BAN NHÂN DÂN \\ XÃ SỐ MỘT \\ Số: 12/KH-UBND],
[CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM \\ Độc lập - Tự do - Hạnh phúc])"""
BARE_TABLE = """#grid(columns: (1fr, 1fr, 1fr), row-gutter: 12pt,
  ..range(18).map(n => [Chỉ tiêu số #(n + 1)]))"""


def page_of(folder, body):
    """A page of typst source as the grey picture that the engine is given."""
    return cleaning.grey_of(paper.picture_of(paper.make_pdf(folder / "page.pdf", body)))


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_a_page_of_running_text_runs_through(tmp_path, dpi):
    pdf = paper.make_pdf(tmp_path / "page.pdf", RUNNING)
    assert cleaning.runs_through(cleaning.grey_of(paper.picture_of(pdf, dpi=dpi)), dpi)


@pytest.mark.parametrize("beside", [HEAD + "\n\n" + RUNNING, RUNNING + "\n\n" + BARE_TABLE])
def test_a_page_with_things_side_by_side_does_not_run_through(tmp_path, beside):
    assert not cleaning.runs_through(page_of(tmp_path, beside), 200)


def test_an_empty_page_is_not_running_text():
    assert not cleaning.runs_through(Image.new("L", (400, 600), 240), 200)


@pytest.mark.slow
def test_running_text_shown_smaller_is_read_alike_and_stands_where_it_stood(tmp_path):
    grey = page_of(tmp_path, RUNNING)
    long_way = engine.words_of(grey, 200)

    words = engine.words_of(grey, 200, block=True, shown=page.SHOWN)

    assert [w.text for w in words] == [w.text for w in long_way]
    for seen, there in zip(words, long_way, strict=True):
        assert seen.box == pytest.approx(there.box, abs=4)


@given(st.integers(1, 1500), st.integers(1, 1500), st.integers(150, 250))
@settings(max_examples=30, deadline=None)
def test_the_tone_of_the_paper_is_what_most_of_it_has(wide, high, tone):
    noise = np.random.default_rng(5).normal(0, 2, (high, wide))
    level = (tone + np.round(noise)).clip(0, 255)
    level[: high // 4] = 20
    found = cleaning.paper_of(Image.fromarray(level.astype("uint8")))
    assert abs(found - tone) <= 6


def test_a_process_that_recognises_loads_no_reader_of_plans():
    code = (
        "import sys; import namro.reading.sources.scan; "
        "sys.exit('namro.reading.door' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def page_with_its_maker(path, number):
    """A page as wide as the engines this process had when it was asked, numbered as it should."""
    return Page(number, engine._engine.cache_info().currsize, int(path.read_bytes()), [])


def pages_side_by_side():
    """Which pages come, whether the engine was there, and what was read; two sets of processes."""
    pool.PAGES_A_PROCESS = 2
    numbers = range(1, 2 * len(os.sched_getaffinity(0)) + 2)
    found = list(pool.pages_of("kh.pdf", b"7", numbers, page_with_its_maker))
    return [p.number for p in found] == list(numbers), {(p.width, p.height) for p in found}


def test_processes_that_recognise_are_forked_with_the_engine_loaded():
    code = (
        "from tests.reading.test_scan_speed import pages_side_by_side; "
        "assert pages_side_by_side() == (True, {(1, 7)})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_beside_another_thread_processes_begin_anew(monkeypatch):
    monkeypatch.setattr(pool, "PAGES_A_PROCESS", 2)
    done = threading.Event()
    beside = threading.Thread(target=done.wait)
    beside.start()
    try:
        assert pages_side_by_side() == (True, {(0, 7)})
    finally:
        done.set()
        beside.join()


def test_a_recognised_page_is_taken_in_without_numpy():
    picture = Image.new("L", (900, 200), 240)
    boxes = [(40 * n, top, 40 * n + 30, top + 24) for top in (20, 120) for n in range(20)]
    for left, top, _, bottom in boxes:
        ImageDraw.Draw(picture).rectangle((left + 3, top, left + 5 + top // 20, bottom), fill=20)
    words = [Word("chữ", tuple(map(float, box)), False, 0.9) for box in boxes]

    found = weight.with_weight(words, picture)

    assert [word.bold for word in found] == [False] * 20 + [True] * 20
    assert b"numpy" not in pickle.dumps(Page(1, 900, 200, found))


def test_the_names_of_the_reader_are_those_it_tells():
    for name in reading.__all__:
        assert getattr(reading, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'unknown'"):
        reading.unknown  # noqa: B018
