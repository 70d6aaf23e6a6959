"""A few seconds of fuzzing in every run, and everything it ever found."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.conftest import ROOT
from tests.fuzz.feeding import READERS, feed
from tests.fuzz.samples import samples, write

FINDS = sorted((Path(__file__).parent / "finds").glob("*"))
SAMPLES = samples()
some = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


def test_every_sample_is_read_and_every_reader_has_one():
    assert {sample[0] for sample in SAMPLES} == set(range(len(READERS)))
    for sample in SAMPLES:
        read = feed(sample)
        name = list(READERS)[sample[0]]
        assert name == "book" or (read is not None and read.blocks), name


@pytest.mark.parametrize("find", FINDS, ids=lambda p: p.name)
def test_what_was_found_once_is_mended(find):
    feed(find.read_bytes())


spots = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=20)


@some
@given(sample=st.sampled_from(SAMPLES), cut=st.integers(1, 100), spots=spots)
def test_bytes_changed_or_cut(sample, cut, spots):
    data = bytearray(sample[: max(2, len(sample) * cut // 100)])
    for at, value in spots:
        data[1 + at % (len(data) - 1)] = value

    feed(bytes(data))


def _tree(sample: bytes):
    try:
        return etree.fromstring(sample[1:])
    except (etree.XMLSyntaxError, ValueError):
        return None


TREES = [s for s in SAMPLES if _tree(s) is not None]


@some
@given(sample=st.sampled_from(TREES), seed=st.integers(0, 10**9), times=st.integers(1, 12))
def test_elements_shuffled_dropped_doubled_and_given_odd_values(sample, seed, times):
    chance, root = random.Random(seed), _tree(sample)
    for _ in range(times):
        elements = list(root.iter())[1:]
        if not elements:
            break
        one, other = chance.choice(elements), chance.choice(elements)
        act = chance.choice(["move", "drop", "double", "value", "text"])
        if act == "move" and one not in list(other.iterancestors()) and one is not other:
            other.append(one)
        elif act == "double" and len(elements) < 3000:
            one.addnext(etree.fromstring(etree.tostring(one)))
        elif act == "drop":
            one.getparent().remove(one)
        elif act == "value" and one.attrib:
            odd = ["", "-1", "0", "99999999999", "ế", "A1:XFD9999999", "%1%9%0", "x" * 300]
            one.set(chance.choice(list(one.attrib)), chance.choice(odd))
        elif act == "text":
            one.text = chance.choice(["", " ", "ế", "\u0301", "\ufeff", "1e999", "x" * 2000])

    feed(sample[:1] + etree.tostring(root))


@some
@given(sample=st.sampled_from([s for s in SAMPLES if s[1:3] == b"PK"]), seed=st.integers(0, 10**9))
def test_members_of_a_package_dropped_swapped_and_emptied(sample, seed):
    import io
    import zipfile

    from tests.reading.packing import zipped

    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(sample[1:])) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    for _ in range(chance.randint(1, 3)):
        name, other = chance.choice(list(parts)), chance.choice(list(parts))
        act = chance.choice(["drop", "swap", "empty", "cut"])
        if act == "drop" and len(parts) > 1:
            del parts[name]
        elif act == "swap":
            parts[name], parts[other] = parts[other], parts[name]
        elif act == "empty":
            parts[name] = b""
        else:
            parts[name] = parts[name][: len(parts[name]) // 2]

    feed(sample[:1] + zipped(parts))


@pytest.mark.slow
def test_some_seconds_under_atheris_find_nothing(tmp_path):
    pytest.importorskip("atheris")
    folder = write(tmp_path / "samples")
    limits = ["-max_total_time=8", "-timeout=10", "-rss_limit_mb=1500", "-max_len=40000"]

    fuzz = [sys.executable, "-m", "tests.fuzz", str(folder), *limits]
    done = subprocess.run(
        # A process begins with the highest memory of the one it was cloned from, which here may
        # have run anything; the shell's own child begins with the shell's.
        ["sh", "-c", '"$@"; exit $?', "sh", *fuzz, f"-artifact_prefix={tmp_path}/"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done" in done.stderr
