"""Words with boxes → lines → paragraphs and cells: shared by the text of PDF files and by OCR.

`page.py` what a page holds · `lines.py` words to lines, in reading order · `tables.py` words into
the cells of ruled tables, tables over page breaks · `furniture.py` page numbers and running heads ·
`breaks.py` words cut in two · `paragraphs.py` the blocks of all pages.
Boxes are (left, top, right, bottom) in PDF points, top-left origin, of the page turned upright.
"""

from namro.reading.sources.layout.lines import lines_of
from namro.reading.sources.layout.page import Line, Page, Table, TableCell, Word
from namro.reading.sources.layout.paragraphs import blocks_of
from namro.reading.sources.layout.tables import put_tables

__all__ = ["Line", "Page", "Table", "TableCell", "Word", "blocks_of", "lines_of", "put_tables"]
