"""The document as it is drawn beside the fields: its words, or its pages with the words outlined.

Written here and not in templates: a document has thousands of stretches, and opens in one moment.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe

from namro.vietnamese import legible
from namro.web.plans import page_pictures, sheets


def document(drawn, *, adds=""):
    """The whole document in words; `adds`: where a paragraph leads that offers to add an item."""
    found = []
    for part in drawn:
        if part.new_page:
            found.append(
                f'<p class="page-mark" id="trang-{part.new_page}">Trang {part.new_page}</p>'
            )
        found.append(_table(part.rows, adds) if part.rows else paragraph(part.paragraph, adds))
    return mark_safe("\n".join(found))  # every word in it went through `escape`


def _table(rows, adds):
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            span = cell[0].cell[3] if cell[0].cell and len(cell[0].cell) > 3 else 1
            wide = f' colspan="{int(span)}"' if span > 1 else ""
            cells.append(f"<td{wide}>{''.join(paragraph(p, adds) for p in cell)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    table = f'<table class="paper-table"><tbody>{"".join(lines)}</tbody></table>'
    return f'<div class="scroll">{table}</div>'


def paragraph(found, adds="", more=""):
    """One paragraph; `more` are attributes for a partial update."""
    kind = "block bold" if found.bold else "block"
    words = "".join(_stretch(s) for s in found.stretches)
    add = ""
    if adds:
        add = (
            '<a class="add" data-skip data-panel tabindex="-1" aria-label="Thêm mục từ đoạn này" '
            f'href="{escape(adds)}&amp;doan={found.index}">+</a>'
        )
    return mark_safe(
        f'<p id="doan-{found.index}" data-block="{found.index}" class="{kind}"{more}>'
        f"{words}{add}</p>"
    )


def _stretch(found):
    words = escape(legible(found.text))
    turn = ""
    if found.turn:
        turn = f'<span class="page-turn" data-skip> Trang {found.turn} </span>'
    wrong = " wrong" if found.fault else ""
    if found.passage is not None and found.passage.address:
        lit = " lit" if found.current else ""
        words = f"<mark>{words}</mark>" if found.current else words
        address, keys = escape(found.passage.address), escape(" ".join(found.keys))
        return (
            f'{turn}<a class="sentence{lit}{wrong}" data-k="{keys}" data-panel href="{address}" '
            f'title="{escape(found.passage.label)}">{words}</a>'
        )
    if found.current:
        return f'{turn}<mark class="lit{wrong}">{words}</mark>'
    return f'{turn}<span class="wrong">{words}</span>' if found.fault else turn + words


def pages(reading, items, *, span, current="", address, adds):
    """Pages as pictures, the words of each item outlined; `address(item)` opens it.

    `span`: the first and the last page shown.
    """
    overlays = {}
    for item in items:
        for page, path in overlay(reading, item):
            overlays.setdefault(page, []).append((item, path))
    blocks = sheets.around(reading.boxes)
    found = []
    first, last = span
    for number, (width, height) in enumerate(reading.sheets[first - 1 : last], start=first):
        paths = [_free(block, box, adds) for block, box in blocks.get(number, ())]
        paths += [_outlined(i, path, current, address(i)) for i, path in overlays.get(number, ())]
        found.append(_page(reading, number, width, height, "".join(paths)))
    return mark_safe("\n".join(found))


def _page(reading, number, width, height, paths):
    return (
        f'<figure class="sheet" id="trang-{number}" data-page="{number}"><img loading="lazy" '
        f'src="{escape(picture(reading, number, 900))}" '
        f'srcset="{escape(picture(reading, number, 900))} 900w, '
        f'{escape(picture(reading, number, 1600))} 1600w" sizes="(max-width: 1000px) 96vw, 46vw" '
        f'width="{width}" height="{height}" alt="Ảnh trang {number}">'
        f'<svg viewBox="0 0 {width} {height}" aria-hidden="true">{paths}</svg>'
        f"<figcaption>Trang {number}/{len(reading.sheets)}</figcaption></figure>"
    )


def _free(block, box, adds):
    """Words that belong to nothing yet: from there an item may be added."""
    path = sheets.outline([box])
    return (
        f'<a class="free" tabindex="-1" data-panel href="{escape(adds)}&amp;doan={int(block)}">'
        f'<path d="{path}"/></a>'
    )


def _outlined(item, path, current, address):
    lit = " lit" if item["id"] == current else ""
    return (
        f'<a class="sentence{lit}" tabindex="-1" data-k="{escape(item["id"])}" data-panel '
        f'href="{escape(address)}"><path d="{path}"/></a>'
    )


def overlay(reading, item):
    """(page, path) of each page an item's words stand on."""
    found = sheets.on_pages(reading.boxes, item.get("place"))
    return [(page, sheets.outline(lines)) for page, lines in sorted(found.items())]


def picture(reading, number, width=page_pictures.WIDTHS[1]):
    """Where the picture of a page is; the document's own mark in it, so that it may be kept."""
    address = reverse("plans:page_picture", args=[reading.pk, number])
    return f"{address}?rong={width}&v={reading.document.sha256[:12]}"
