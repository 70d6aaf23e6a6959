"""Roman numerals of scans: as many I as there are strokes in the picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from namro.reading.sources.scan import numerals
from tests.reading import paper

FACES = ["LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"]


def picture(text: str, size: int, face: str) -> np.ndarray:
    """A word alone as a scanner gives it: a little soft, with grain."""
    font = ImageFont.truetype(str(paper.FONTS / face), size)
    page = Image.new("L", (size * (len(text) + 2), 2 * size), 255)
    ImageDraw.Draw(page).text((size // 2, size // 3), text, font=font, fill=20)
    grain = np.random.default_rng(size).normal(0, 6, page.size[::-1])
    soft = np.asarray(page.filter(ImageFilter.GaussianBlur(0.5)), "float64") * 0.95 + grain
    box = Image.eval(page, lambda tone: 255 - tone if tone < 200 else 0).getbbox()
    return np.asarray(Image.fromarray(soft.clip(0, 255).astype("uint8")).crop(box))


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("size", [36, 39, 54])
@pytest.mark.parametrize(
    "read, printed",
    [("II.", "III."), ("VII.", "VIII."), ("VI", "VII"), ("IHI", "III"), ("HI,", "III,"),
     ("VỊI.", "VII."), ("XI", "XII"), ("I", "II")],
)  # fmt: skip
def test_a_dropped_stroke_comes_back_and_stays_doubtful(read, printed, size, face):
    told, sure = numerals.counted(read, picture(printed, size, face))
    assert told == printed and sure == pytest.approx(0.6)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("size", [36, 39, 54])
@pytest.mark.parametrize(
    "text", ["I", "II.", "III", "IV.", "VI", "VII.", "VIII", "XI.", "VỊ", "HI", "THI", "HÌ"]
)
def test_what_was_read_rightly_stays(text, size, face):
    assert numerals.counted(text, picture(text, size, face)) == (text, 1.0)


def test_a_word_without_ink_or_of_a_speck_stays():
    assert numerals.counted("II", np.full((20, 20), 250, "uint8")) == ("II", 1.0)
    assert numerals.counted("II", np.array([[0, 255]], "uint8")) == ("II", 1.0)


@pytest.mark.parametrize("text", ["VỊ", "HÌ", "IT", "KẾ", "1", "IV", "ĐI"])
def test_words_that_are_no_numeral_are_not_looked_at(text):
    assert not numerals.is_one(text)
