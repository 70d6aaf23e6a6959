"""What the official paper looks like (báo cáo phát hành).

In: a `Report`, plain data: who, to whom, when, sections, tables, signature, recipients.
Out: `write_report(report, out)` makes the .docx or .pdf in the official form of its family
(Party or State) in force on its date; `sentences` turns results into official sentences.
Read in this order: report.py, style.py, paper.py, composition.py, word.py, pdf.py, sentences.py.
"""

from pathlib import Path

import namro.writing.pdf as pdf
import namro.writing.word as word
from namro.writing.composition import UnprintableText
from namro.writing.pdf import ConversionFailed, OfficeSuiteMissing, convert
from namro.writing.report import (
    Appendix,
    BulletList,
    Definition,
    Paragraph,
    Report,
    ResultTable,
    Section,
    Signature,
    Stamp,
)

__all__ = [
    "Appendix",
    "BulletList",
    "ConversionFailed",
    "Definition",
    "OfficeSuiteMissing",
    "Paragraph",
    "Report",
    "ResultTable",
    "Section",
    "Signature",
    "Stamp",
    "UnprintableText",
    "convert",
    "write_report",
]


def write_report(report: Report, out: Path) -> None:
    """Writes the report to `out`, a .docx or a .pdf by its suffix; same report, same bytes.

    ValueError for another suffix, or for a date before the first known official form;
    UnprintableText names a character no paper can show.
    """
    writers = {".docx": word.write, ".pdf": pdf.write}
    writer = writers.get(out.suffix.lower())
    if writer is None:
        raise ValueError(f"Báo cáo chỉ ghi được dạng .docx hoặc .pdf, không phải “{out.suffix}”")
    writer(report, out)
