"""Small sound inputs of every reader, from which a fuzzer starts."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.feeding import LISTS, READERS
from tests.reading.packing import NAMES, item, paragraph, run, sheet, table, word, workbook, zipped

_BODY = (
    paragraph("KẾ HOẠCH", "<w:jc w:val='center'/>")
    + item("Mục tiêu")
    + item("Chi tiết", 1)
    + f"<w:p><w:ins w:id='1'>{run('thêm')}</w:ins><w:del w:id='2'><w:r><w:delText>bớt</w:delText>"
    "</w:r></w:del><w:r><w:sym w:font='Symbol' w:char='F0B3'/><w:br/><w:tab/>"
    "<w:lastRenderedPageBreak/><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText>"
    "<w:fldChar w:fldCharType='separate'/><w:t>1</w:t><w:fldChar w:fldCharType='end'/></w:r></w:p>"
    + table(
        [
            "<w:tcPr><w:gridSpan w:val='2'/><w:vMerge w:val='restart'/></w:tcPr>" + paragraph("a"),
            paragraph("b") + table([paragraph("c"), paragraph("d")]),
        ],
        [paragraph("e"), "<w:sdt><w:sdtContent>" + paragraph("f") + "</w:sdtContent></w:sdt>"],
    )
    + "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>"
    + paragraph("hộp")
    + "</w:txbxContent></mc:Choice><mc:Fallback/></mc:AlternateContent></w:r></w:p>"
)
_STYLES = (
    f'<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr>'
    '</w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="A">'
    '<w:basedOn w:val="B"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:rPr><w:b/>'
    '<w:caps/></w:rPr></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'
)
_ROWS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Nhiệm vụ</t></is></c><c r="B1" t="str"><v>Chủ trì'
    '</v></c></row><row r="3" hidden="0"><c r="A3" s="1"><v>0.45</v></c><c r="C3" t="b"><v>1</v>'
    "</c></row>"
)
_FORMS = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>'
    '<numFmt numFmtId="170" formatCode="#,##0.0&quot; xã&quot;"/></numFmts><fonts><font><b/><name '
    'val=".VnTime"/></font></fonts><cellXfs><xf numFmtId="170" fontId="0"/><xf numFmtId="14"/>'
    "</cellXfs></styleSheet>"
)
_PAGE = (
    "<html><head><meta charset=utf-8></head><body><h1>KẾ HOẠCH</h1><ol start=2><li>một</ol><table>"
    "<tr><td rowspan=2>a</td><td colspan=2>b</td></tr><tr><td>c<p>d</p></td></tr></table></body>"
)
_MERGED = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
_TEXT = "KẾ HOẠCH\n\nI. MỤC TIÊU\n\n1. Đạt ≥ 95%\n\n| TT | Việc |\n|---|---|\n| 1 | Làm |\n"


def samples() -> list[bytes]:
    """Inputs of `feed`, at least one for each reader."""
    body = f"<w:document {NAMES}><w:body>{_BODY}</w:body></w:document>"
    by_reader: dict[str, list[str | bytes]] = {
        "document": [body],
        "numbering": [LISTS],
        "styles": [_STYLES],
        "sheet": [sheet(_ROWS, _MERGED, "<cols><col min='9' max='9' hidden='1'/></cols>")],
        "book": [_FORMS + str(workbook({"A": ""})["xl/workbook.xml"])],
        "page": [_PAGE, "MIME-Version: 1.0\nContent-Type: text/html\n\n<p>Kế hoạch</p>"],
        "text": [
            _TEXT,
            "Céng hßa x· héi chñ nghÜa ViÖt Nam".encode("latin-1"),
            "ế".encode("utf-16"),
        ],
        "whole": [
            zipped(word(_BODY, {"numbering": LISTS, "styles": _STYLES})),
            zipped(workbook({"A": sheet(_ROWS)}, _FORMS)),
            zipped({"a.txt": _TEXT, "b.html": _PAGE}),
        ],
    }
    return [
        bytes([number]) + (one.encode() if isinstance(one, str) else one)
        for number, name in enumerate(READERS)
        for one in by_reader[name]
    ]


def write(folder: Path) -> Path:
    """The samples as files, as libFuzzer takes them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(samples()):
        (folder / f"sample-{number:02d}").write_bytes(sample)
    return folder
