"""Files made to break a reader: refused with a reason, in bounded time and memory."""

from __future__ import annotations

import io
import os
import re
import resource
import signal
import struct
import subprocess
import sys
import time
import warnings
import zipfile
from pathlib import Path

import pytest

from namro.reading import Limits, UnreadableDocument, bounded, read_apart, read_plan, sources
from tests.reading.making import SEED, make_docx
from tests.reading.packing import NAMES, paragraph, save, sheet, word, workbook, zipped


def refusal(path: Path) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        read_plan(path)
    assert path.name in str(caught.value) or caught.value.file in str(caught.value)
    assert caught.value.why and caught.value.mend
    return caught.value


def of_one_name_twice() -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as packed:
        warnings.simplefilter("ignore")
        for text in ("một", "hai"):
            packed.writestr("kh.txt", text)
    return out.getvalue()


def locked_member() -> bytes:
    raw = bytearray(zipped({"kh.txt": "Kế hoạch"}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(sign) + at] |= 1
    return bytes(raw)


def odf(kind: str, manifest: str = "") -> bytes:
    mime = f"application/vnd.oasis.opendocument.{kind}"
    return zipped({"mimetype": mime, "META-INF/manifest.xml": manifest})


def ole(stream: str, extra: bytes = b"") -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + extra.ljust(512, b"\x00") + stream.encode("utf-16-le") + bytes(600)


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "hahaha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + f"]><w:document {NAMES}><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>"
)
OUTSIDE = (
    f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document {NAMES}>&x;</w:document>'
)
IN_UTF16 = ('<?xml version="1.0" encoding="utf-16"?>' + OUTSIDE).encode("utf-16")
DEEP = "<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000

TRAPS = {
    "bomb": ("TOO_LARGE", lambda: zipped({"a.txt": b"0" * 50_000_000})),
    "bomb-in-word": ("TOO_LARGE", lambda: zipped({"word/document.xml": b" " * 60_000_000})),
    "zip-in-zip": ("UNSAFE", lambda: zipped({"a.zip": zipped({"a.txt": "Kế hoạch"})})),
    "way-out": ("UNSAFE", lambda: zipped({"../../etc/kh.txt": "Kế hoạch"})),
    "absolute": ("UNSAFE", lambda: zipped({"/etc/kh.txt": "Kế hoạch"})),
    "back-slashes": ("UNSAFE", lambda: zipped({"..\\..\\kh.txt": "Kế hoạch"})),
    "drive": ("UNSAFE", lambda: zipped({"C:\\kh.txt": "Kế hoạch"})),
    "twice": ("UNSAFE", of_one_name_twice),
    "many": ("TOO_LARGE", lambda: zipped({f"{i}.txt": "a" for i in range(300)})),
    "no-member": ("NOT_A_DOCUMENT", lambda: zipped({})),
    "locked-zip": ("ENCRYPTED", locked_member),
    "laughs": ("UNSAFE", lambda: zipped({**word(""), "word/document.xml": LAUGHS})),
    "outside": ("UNSAFE", lambda: zipped({**word(""), "word/document.xml": OUTSIDE})),
    "utf-16": ("UNSAFE", lambda: zipped({**word(""), "word/document.xml": IN_UTF16})),
    "laughs-in-styles": ("UNSAFE", lambda: zipped(word("", {"styles": LAUGHS}))),
    "deep": ("DAMAGED", lambda: zipped(word(DEEP))),
    "no-body": ("DAMAGED", lambda: zipped({"word/document.xml": f"<w:document {NAMES}/>"})),
    "slides": ("NOT_A_DOCUMENT", lambda: zipped({"ppt/presentation.xml": "<a/>"})),
    "locked-odt": ("ENCRYPTED", lambda: odf("text", "<manifest:encryption-data/>")),
    "drawing": ("NOT_A_DOCUMENT", lambda: odf("graphics")),
    "locked-doc": ("ENCRYPTED", lambda: ole("WordDocument", b"\xec\xa5" + bytes(9) + b"\x01")),
    "locked-xls": (
        "ENCRYPTED",
        lambda: ole("Workbook", b"\x09\x08\x10\x00" + bytes(16) + struct.pack("<HH", 0x2F, 6)),
    ),
    "powerpoint": ("NOT_A_DOCUMENT", lambda: ole("PowerPoint Document")),
    "far-row": (
        "DAMAGED",
        lambda: zipped(workbook({"A": sheet('<row r="99999999"><c r="A1"><v>1</v></c></row>')})),
    ),
    "merged-world": (
        "NOT_A_PLAN",
        lambda: zipped(workbook({"A": sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row>',
            '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')})),
    ),
    "no-sheet": ("DAMAGED", lambda: zipped(workbook({}))),
    "html-of-nothing": ("EMPTY", lambda: b"<html><body><script>x</script></body></html>"),
    "English": ("NOT_VIETNAMESE", lambda: zipped(word(paragraph("A plan in English"), opening=""))),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
@pytest.mark.parametrize("ending", [".docx", ".pdf"])
def test_trap_is_refused_quickly_whatever_its_name(tmp_path, name, ending):
    code, make = TRAPS[name]
    path = tmp_path / f"bẫy{ending}"
    path.write_bytes(make())
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    why = refusal(path)

    assert why.code == code
    assert time.process_time() - started < 5
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 600_000  # KB


def test_every_cut_of_a_package_is_refused(tmp_path):
    whole = make_docx(tmp_path / "a.docx").read_bytes()
    path = tmp_path / "cut.docx"
    for share in (1, 10, 50, 90, 99):
        path.write_bytes(whole[: len(whole) * share // 100])
        assert refusal(path).code == "DAMAGED"


def test_nothing_of_a_package_is_left_on_disk(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)
    path = save(tmp_path / "goi.zip", {"a.txt": SEED.read_bytes()})

    assert sources.open_document(path).blocks

    assert list((tmp_path / "t").iterdir()) == []


# In a process of its own.


def test_reading_apart_gives_the_same_plan_and_its_progress(tmp_path):
    from PIL import Image, ImageDraw

    here = read_plan(SEED)
    there = read_apart(SEED, limits=Limits())
    assert there.as_json()["targets"] == here.as_json()["targets"]
    assert there.blocks == here.blocks

    image = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(image).text((40, 100), "Ke hoach so 12", fill="black", font_size=60)
    image.save(tmp_path / "a.png", dpi=(200, 200))
    said = []
    with pytest.raises(UnreadableDocument) as caught:
        read_apart(tmp_path / "a.png", limits=Limits(), progress=lambda *step: said.append(step))
    assert caught.value.code in ("NOT_VIETNAMESE", "EMPTY") and caught.value.file == "a.png"
    assert said[-1][1:] == (1, 1)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(memory=100_000_000), "TOO_HEAVY"),
        (Limits(seconds=0), "TOO_SLOW"),
        (Limits(silent_seconds=0), "TOO_SLOW"),
        (Limits(cpu_seconds=1), "TOO_SLOW"),
    ],
)
def test_reader_over_its_limits_is_ended_and_says_so(tmp_path, limits, code):
    path = tmp_path / "dài.txt"
    path.write_bytes(SEED.read_bytes() * 600)

    with pytest.raises(UnreadableDocument) as caught:
        read_apart(path, limits=limits)

    assert caught.value.code == code and "dài.txt" in str(caught.value)


def test_reader_that_is_killed_is_told_from_one_that_refuses(tmp_path, monkeypatch):
    started = []
    real = subprocess.Popen

    def watched(*args, **kwargs):
        child = real(*args, **kwargs)
        started.append(child.pid)
        os.kill(child.pid, signal.SIGSEGV)
        return child

    monkeypatch.setattr(bounded.subprocess, "Popen", watched)

    with pytest.raises(UnreadableDocument) as caught:
        read_apart(SEED, limits=Limits())

    assert caught.value.code == "READER_STOPPED"
    assert started and not Path(f"/proc/{started[0]}").exists()


def test_answer_of_the_child_may_hold_plain_values_only(tmp_path):
    import pickle

    class Trap:
        def __reduce__(self):
            return os.system, ("true",)

    (tmp_path / "answer").write_bytes(pickle.dumps(Trap()))

    with pytest.raises(pickle.UnpicklingError):
        bounded._answer("kh.txt", tmp_path, 0, too_slow=False)


def test_child_goes_with_its_parent(tmp_path):
    path = tmp_path / "dài.txt"
    path.write_bytes(SEED.read_bytes() * 900)
    script = (
        "import sys; from pathlib import Path; from namro.reading import read_apart, Limits; "
        "read_apart(Path(sys.argv[1]), limits=Limits())"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(path)])
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    for _ in range(200):
        if children.read_text().split():
            break
        time.sleep(0.05)
    child = int(children.read_text().split()[0])
    limits = Path(f"/proc/{child}/limits")
    for _ in range(400):  # until the child has taken its limits
        if re.search(r"Max core file size\s+0\s+0", limits.read_text()):
            break
        time.sleep(0.05)
    time.sleep(0.2)
    parent.kill()
    parent.wait()

    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in _state(child):
            return
        time.sleep(0.05)
    raise AssertionError("the reader goes on without its parent")


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


def test_slow_answer_of_a_child_that_has_said_all_is_waited_for(tmp_path, monkeypatch):
    late = "import os, sys, time; os.close(1); time.sleep(1.5); " + bounded._CHILD
    monkeypatch.setattr(bounded, "_CHILD", late.replace("os.close(1)", "os.dup2(2, 1)"))

    assert len(read_apart(SEED, limits=Limits()).targets) == 20
