"""The same plan as .docx, PDF, old Word, and as page images reads alike."""

from __future__ import annotations

import sys

import pytest

from namro.reading import ReadPlan, read_plan
from tests.reading import making

needs_office = pytest.mark.skipif(making.OFFICE is None, reason="LibreOffice is not installed")


def asked(plan: ReadPlan):
    targets = [(t.quote, t.comparator, t.value, t.unit, t.deadline, t.scope) for t in plan.targets]
    tasks = [(t.quote, [m.text for m in t.lead], [m.text for m in t.cooperate]) for t in plan.tasks]
    faults = [(f.code, f.quote) for f in plan.faults]
    head = plan.document
    names = (head.kind, head.number, head.date, head.issuer, head.title, head.signer_role)
    return targets, tasks, faults, names, head.recipients


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def docx_file(folder):
    return making.make_docx(folder / "plan.docx")


@pytest.fixture(scope="module")
def pdf_file(docx_file, folder):
    return making.office(docx_file, "pdf", folder)


@pytest.fixture(scope="module")
def seed() -> ReadPlan:
    return read_plan(making.SEED)


def test_word_reads_like_the_text(docx_file, seed):
    assert asked(read_plan(docx_file)) == asked(seed)


@pytest.mark.slow
@needs_office
def test_pdf_reads_like_the_text(pdf_file, seed):
    assert asked(read_plan(pdf_file)) == asked(seed)


@pytest.mark.slow
@needs_office
def test_pdf_places_carry_page_and_box(pdf_file):
    plan = read_plan(pdf_file)

    assert plan.read_with.pages == 3 and plan.read_with.ocr_pages == 0
    for found in (*plan.targets, *plan.tasks):
        left, top, right, bottom = found.place.box
        assert 1 <= found.place.page <= 3
        assert 0 <= left < right <= 612 and 0 <= top < bottom <= 842
    boxes = [f.place.box for f in plan.faults]
    assert all(boxes)


@pytest.mark.slow
@needs_office
def test_pdf_reads_only_the_pages_asked_for(pdf_file):
    plan = read_plan(pdf_file, pages=(1, 1))

    assert {block.page for block in plan.blocks} == {1}
    assert plan.read_with.pages == 1


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize("kind", ["odt", "rtf", "doc"])
def test_office_formats_read_like_the_text(docx_file, folder, seed, kind):
    source = docx_file
    if kind == "doc":  # LibreOffice writes a sound .doc only from .odt
        source = making.office(docx_file, "odt", folder)
    made = making.office(source, kind, folder)

    assert asked(read_plan(made))[:2] == asked(seed)[:2]


@pytest.mark.slow
@needs_office
def test_page_images_at_200_dpi_give_nineteen_targets_of_twenty(folder, seed, capsys):
    clean = making.make_docx(folder / "clean.docx", latex=False)
    pdf = making.office(clean, "pdf", folder)
    images = making.page_images(pdf, folder, dpi=200)

    plan = read_plan(images)

    def level(target):
        return target.comparator, target.value, target.unit

    wanted = [level(t) for t in seed.targets]
    right = sum(a == b for a, b in zip(wanted, (level(t) for t in plan.targets), strict=False))
    with capsys.disabled():  # the figure is wanted in the log of every run
        sys.stdout.write(f"\nOCR at 200 dpi: {right} of 20 targets, {len(plan.tasks)} of 6 tasks\n")
    assert len(plan.targets) == 20 and right >= 19
    assert len(plan.tasks) == 6
    assert plan.read_with.ocr_pages == len(images)
    assert all(t.place.box for t in plan.targets)
    assert all(0 < t.confidence["comparator"] < 1 for t in plan.targets)
