"""Files kept by what they hold: on the disk before anybody is told so."""

from __future__ import annotations

import os

from namro.web.frame import files


def test_kept_file_and_its_name_are_on_the_disk_before_it_is_told(settings, tmp_path, monkeypatch):
    settings.NAMRO_FILES = tmp_path / "files"
    synced, fsync, replace = [], os.fsync, os.replace

    def note_sync(handle: int) -> None:
        fsync(handle)
        synced.append(os.fstat(handle).st_ino)

    def note_replace(old, new) -> None:
        assert synced == [os.stat(old).st_ino], "named before its content is on the disk"
        replace(old, new)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_replace)
    sha256, size = files.keep([b"mot ", b"tep"])
    kept = files.path_of(sha256)
    assert (kept.read_bytes(), size) == (b"mot tep", 7)
    folders = {kept.parent.stat().st_ino, kept.parent.parent.stat().st_ino}
    assert folders == set(synced[1:])
    assert files.keep([b"mot tep"]) == (sha256, size)
    assert kept.stat().st_ino in synced, "another may have put it there a moment ago"
    assert [p.name for p in (tmp_path / "files").iterdir()] == [sha256[:2]]


def test_file_that_a_power_cut_left_short_is_kept_anew(settings, tmp_path):
    settings.NAMRO_FILES = tmp_path
    kept = files.path_of(files.keep([b"mot tep"])[0])
    kept.write_bytes(b"")
    files.keep([b"mot tep"])
    assert kept.read_bytes() == b"mot tep"
