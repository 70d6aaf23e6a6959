"""What a Word file shows is read once, wherever it stands; what is left out is said."""

from __future__ import annotations

import pytest

from namro.reading import UnreadableDocument, read_plan, sources
from namro.reading.blocks import Cell
from tests.reading.packing import NAMES, paragraph, run, save, table, word

SIGN = '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>'
CODE = "<w:r><w:instrText>REF x</w:instrText></w:r>"


def field_sign(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def opened(tmp_path, body: str, parts: dict | None = None, name: str = "kh.docx"):
    return sources.open_document(save(tmp_path / name, word(body, parts)))


def texts(tmp_path, body: str, parts: dict | None = None) -> list[str]:
    return [block.text for block in opened(tmp_path, body, parts).blocks][1:]


def codes(source) -> list[str]:
    return [notice.code for notice in source.notices]


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        (run("đạt ") + SIGN + run(" 95%"), "đạt ≥ 95%"),
        (run("đạt \uf0a3 5%"), "đạt ≤ 5%"),
        (run("\u00b3", '<w:rFonts w:ascii="Symbol"/>') + run(" 95%"), "≥ 95%"),
        (run("đạt ") + "<m:oMath><m:r><m:t>≥95%</m:t></m:r></m:oMath>", "đạt ≥95%"),
        (
            "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r>"
            "</m:den></m:f></m:oMath>" + run(" số xã"),
            "1/2 số xã",
        ),
        (
            "<w:r><w:t>Kế</w:t><w:tab/><w:t>hoạch</w:t><w:noBreakHyphen/></w:r>" + run("x"),
            "Kế hoạch-x",
        ),
        (f"<w:smartTag>{run('tỉnh Mẫu')}</w:smartTag>{run(' năm 2026')}", "tỉnh Mẫu năm 2026"),
        (f'<w:hyperlink w:anchor="a">{run("Nghị quyết 57")}</w:hyperlink>', "Nghị quyết 57"),
        (f'<w:fldSimple w:instr=" DATE ">{run("15/6/2026")}</w:fldSimple>', "15/6/2026"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Sở Nội vụ')}</w:sdtContent></w:sdt>", "Sở Nội vụ"),
        (
            field_sign("begin")
            + CODE
            + run("mã ẩn")
            + field_sign("separate")
            + run("Điều 3")
            + field_sign("end"),
            "Điều 3",
        ),
        (run("Tối mật", "<w:caps/>"), "TỐI MẬT"),
        (run("du\u0323ng co\u0323c"), "dụng cọc"),
    ],
)  # fmt: skip
def test_words_of_a_paragraph_as_they_are_shown(tmp_path, inside, shown):
    assert texts(tmp_path, f"<w:p>{inside}</w:p>") == [shown]


def test_text_box_is_read_once_of_its_alternatives(tmp_path):
    box = f"<w:txbxContent>{paragraph('KHẨN')}</w:txbxContent>"
    body = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
        f"{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}"
        f"</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>{run('Thân bài')}</w:p>"
    )
    assert texts(tmp_path, body) == ["KHẨN", "Thân bài"]
    assert texts(tmp_path, table([body, paragraph("ô bên")])) == ["KHẨN Thân bài", "ô bên"]
    old = f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r>{run('Thân')}</w:p>"
    assert texts(tmp_path, old) == ["KHẨN", "Thân"]


def test_tracked_changes_are_accepted_and_counted(tmp_path):
    body = (
        f"<w:p>{run('Giao ')}<w:ins w:id='1'>{run('Sở Nội vụ')}</w:ins><w:del w:id='2'><w:r>"
        f"<w:delText>Sở Y tế</w:delText></w:r></w:del>{run(' chủ trì')}</w:p>"
        f"<w:p><w:moveFrom w:id='3'>{run('chuyển đi')}</w:moveFrom></w:p>"
        f"<w:p><w:moveTo w:id='4'>{run('chuyển đến')}</w:moveTo></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del w:id='5'/></w:rPr></w:pPr>{run('nửa đầu')}</w:p>"
        f"{paragraph('nửa sau')}"
    )
    source = opened(tmp_path, body)

    assert [b.text for b in source.blocks][1:] == [
        "Giao Sở Nội vụ chủ trì", "chuyển đến", "nửa đầu nửa sau",
    ]  # fmt: skip
    assert codes(source) == ["TRACKED_CHANGES"]
    assert "2 chỗ thêm, 2 chỗ xóa" in source.notices[0].message
    plan = read_plan(tmp_path / "kh.docx")
    assert plan.faults[0].code == "TRACKED_CHANGES"


def test_hidden_words_and_comments_and_macros_are_left_out_and_said(tmp_path):
    comments = (
        f'<w:comments {NAMES}><w:comment w:id="0">{paragraph("xem lại")}</w:comment></w:comments>'
    )
    body = f"<w:p>{run('thấy')}{run(' không thấy', '<w:vanish/>')}</w:p>"

    source = opened(tmp_path, body, {"comments": comments, "word/vbaProject.bin": b"x"}, "kh.docm")

    assert [b.text for b in source.blocks][1:] == ["thấy"]
    assert codes(source) == ["HIDDEN_TEXT", "COMMENTS_LEFT_OUT", "MACROS_IGNORED"]
    assert source.notices[0].quote == "không thấy"


def test_notes_stand_after_what_refers_to_them(tmp_path):
    notes = (
        f'<w:footnotes {NAMES}><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{paragraph("Theo Nghị quyết số 57")}</w:footnote></w:footnotes>'
    )
    referring = f"<w:p>{run('Đạt 80%')}<w:r><w:footnoteReference w:id='2'/></w:r>{run('.')}</w:p>"

    found = texts(tmp_path, referring + paragraph("Sau"), {"footnotes": notes})
    in_table = texts(tmp_path, table([referring, paragraph("b")]), {"footnotes": notes})

    assert found == ["Đạt 80%.", "[1] Theo Nghị quyết số 57", "Sau"]
    assert in_table == ["Đạt 80%.", "b", "[1] Theo Nghị quyết số 57"]


@pytest.mark.parametrize("part", ["header1", "footer1"])
def test_secrecy_mark_in_any_margin_is_seen(tmp_path, part):
    kind = part.rstrip("1")
    body = f'<w:p/><w:sectPr><w:{kind}Reference w:type="even" r:id="r1"/></w:sectPr>'
    name = "hdr" if kind == "header" else "ftr"
    margin = f"<w:{name} {NAMES}>{paragraph('TUYỆT MẬT')}{paragraph('12')}</w:{name}>"
    path = save(tmp_path / "kh.docx", word(body, {part: margin}))

    with pytest.raises(UnreadableDocument) as caught:
        read_plan(path)

    assert caught.value.code == "STATE_SECRET"


def test_merged_and_nested_cells_keep_their_columns(tmp_path):
    merged = "<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" + paragraph("gộp ngang")
    down = "<w:tcPr><w:vMerge w:val='restart'/></w:tcPr>" + paragraph("gộp dọc")
    goes_on = "<w:tcPr><w:vMerge/></w:tcPr><w:p/>"
    inner = table([paragraph("trong 1"), paragraph("trong 2")])
    source = opened(
        tmp_path,
        table(
            [merged, paragraph("c")],
            [down, paragraph("b1"), paragraph("c1")],
            [goes_on, paragraph("trước") + inner + paragraph("sau"), paragraph("c2")],
        ),
    )

    found = {block.text: block.cell for block in source.blocks if block.cell}
    assert found == {
        "gộp ngang": Cell(0, 0, 0, 2), "c": Cell(0, 0, 2), "gộp dọc": Cell(0, 1, 0, down=2),
        "b1": Cell(0, 1, 1), "c1": Cell(0, 1, 2), "trước trong 1 trong 2 sau": Cell(0, 2, 1),
        "c2": Cell(0, 2, 2),
    }  # fmt: skip


def test_frame_around_a_document_is_no_table(tmp_path):
    inner = table([paragraph("TT"), paragraph("Nhiệm vụ")])
    source = opened(tmp_path, table([paragraph("I. MỤC TIÊU") + inner + paragraph("Hết")]))

    assert [(b.text, b.cell and b.cell.column) for b in source.blocks][1:] == [
        ("I. MỤC TIÊU", None), ("TT", 0), ("Nhiệm vụ", 1), ("Hết", None),
    ]  # fmt: skip


def test_pages_are_those_of_the_last_layout_else_of_typed_breaks(tmp_path):
    turn, typed = "<w:lastRenderedPageBreak/>", '<w:br w:type="page"/>'
    turned = f"<w:p><w:r>{turn}<w:t>hai </w:t>{turn}<w:t>ba</w:t></w:r></w:p>"
    laid = f"<w:p><w:r>{typed}</w:r></w:p>{turned}"
    block = opened(tmp_path, laid).blocks[-1]
    by_hand = opened(tmp_path, f"<w:p><w:r>{typed}</w:r></w:p>{paragraph('hai')}")

    assert [(p.start, p.end, p.page) for p in block.pieces] == [(0, 4, 2), (4, 6, 3)]
    assert [b.page for b in by_hand.blocks] == [1, 2] and by_hand.pages == 2


def test_strict_dialect_and_another_main_part_are_read(tmp_path):
    parts = word(paragraph("Thân bài"))
    parts = {
        name.replace("word/document.xml", "word/document2.xml"): str(content)
        .replace("/word/document.xml", "/word/document2.xml")
        .replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
        for name, content in parts.items()
    }
    source = sources.open_document(save(tmp_path / "kh.docx", parts))

    assert source.blocks[-1].text == "Thân bài"


def test_a_bold_heading_run_into_a_sentence_stands_apart(tmp_path):
    ran = run("- Rà soát quy định. ") + run("e) Sở Y tế", "<w:b/>")
    typed = run("Theo ") + run("điểm e) khoản 2", "<w:b/>") + run(" và các quy định; ")
    body = f"<w:p>{ran}</w:p><w:p>{typed}{run('2', '<w:b/>')}{run(' tỷ đồng')}</w:p>"

    blocks = opened(tmp_path, body).blocks

    found = [(b.text, b.bold) for b in blocks if "quy định" in b.text or "Sở" in b.text]
    assert found == [
        ("- Rà soát quy định.", False), ("e) Sở Y tế", True),
        ("Theo điểm e) khoản 2 và các quy định; 2 tỷ đồng", False),
    ]  # fmt: skip
