"""Small .docx and .xlsx files made of their XML, for what no library writes; a PDF made to harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
NAMES = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
OPENING = "<w:p><w:r><w:t>KẾ HOẠCH triển khai nhiệm vụ được giao năm nay</w:t></w:r></w:p>"


def zipped(parts: dict[str, bytes | str]) -> bytes:
    """A zip file of these parts, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def item(text: str, level: int = 0, number: int = 1) -> str:
    listed = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(text, listed)


def table(*rows: list[str]) -> str:
    """Rows of cells, each the XML inside w:tc."""
    filled = "".join(
        f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{filled}</w:tbl>"


def level(at: int, form: str, text: str, extra: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(abstract: dict[int, str], numbers: dict[int, tuple[int, str]]) -> str:
    """numbering.xml: abstract lists by id, and lists by id: (abstract id, overrides)."""
    plans = "".join(
        f'<w:abstractNum w:abstractNumId="{i}">{x}</w:abstractNum>' for i, x in abstract.items()
    )
    nums = "".join(
        f'<w:num w:numId="{i}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'
        for i, (of, more) in numbers.items()
    )
    return f"<w:numbering {NAMES}>{plans}{nums}</w:numbering>"


_KINDS = {
    "numbering": "numbering", "styles": "styles", "footnotes": "footnotes",
    "endnotes": "endnotes", "comments": "comments",
}  # fmt: skip


def word(
    body: str, parts: dict[str, str | bytes] | None = None, opening: str = OPENING
) -> dict[str, bytes | str]:
    """The parts of a .docx; `parts` by short name ("numbering", "header1") or by full name."""
    rels, types = "", ""
    found: dict[str, bytes | str] = {}
    for i, (name, content) in enumerate((parts or {}).items(), start=1):
        if "/" in name:
            found[name] = content
            continue
        kind = _KINDS.get(name, name.rstrip("0123456789"))
        found[f"word/{name}.xml"] = content
        rels += f'<Relationship Id="r{i}" Type="{_R}/{kind}" Target="{name}.xml"/>'
        types += (
            f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-'
            f'officedocument.wordprocessingml.{kind}+xml"/>'
        )
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{main}"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="a" '
        f'Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELS}">{rels}</Relationships>',
        "word/document.xml": f"<w:document {NAMES}><w:body>{opening}{body}</w:body></w:document>",
        **found,
    }


def save(path: Path, parts: dict[str, bytes | str]) -> Path:
    path.write_bytes(zipped(parts))
    return path


def sheet(rows: str, more: str = "", before: str = "") -> str:
    return f'<worksheet xmlns="{_S}">{before}<sheetData>{rows}</sheetData>{more}</worksheet>'


def workbook(sheets: dict[str, str], styles: str = "", state: str = "") -> dict[str, bytes | str]:
    """The parts of an .xlsx: sheet name → XML; `state` is that of the last sheet."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"'
        f"{f' state={chr(34)}{state}{chr(34)}' if state and n == names[-1] else ''}/>"
        for i, n in enumerate(names, start=1)
    )
    rels = "".join(
        f'<Relationship Id="r{i}" Type="{_R}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(names) + 1)
    )
    rels += f'<Relationship Id="s" Type="{_R}/styles" Target="styles.xml"/>'
    return {
        "xl/workbook.xml": f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELS}">{rels}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_S}">{styles}</styleSheet>',
        **{f"xl/worksheets/sheet{i}.xml": x for i, x in enumerate(sheets.values(), start=1)},
    }


def endless_page(levels: int = 8, each: int = 30) -> bytes:
    """A PDF of one page whose drawing asks for a drawing that asks for a drawing, so many deep."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
        b"/Resources<</XObject<</F 5 0 R>>>>/Contents 4 0 R>>",
        _stream(b"", b"/F Do"),
    ]
    for level in range(levels):
        inner = b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + level)
        deepest = level == levels - 1
        objects.append(
            _stream(
                b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]" + (b"" if deepest else inner),
                (b"0 0 595 842 re f " if deepest else b"/F Do ") * each,
            )
        )
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return out + head + table + tail % (len(objects) + 1, len(out))


def _stream(said: bytes, body: bytes) -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (said, len(body), body)
