"""The demonstration's folder: made, kept, never over somebody's data."""

from __future__ import annotations

import pytest

from namro.web.config.demo import marker


@pytest.mark.parametrize("is_there", [False, True])
def test_a_new_or_empty_folder_is_filled_once(tmp_path, is_there):
    home = tmp_path / "demo"
    if is_there:
        home.mkdir()

    assert marker.open_folder(home) is None
    marker.close(home, {"accounts": []})

    assert marker.open_folder(home) == {"complete": True, "accounts": []}


def test_a_demonstration_broken_off_is_made_anew(tmp_path):
    home = tmp_path / "demo"
    marker.open_folder(home)
    (home / "half").write_text("", encoding="utf-8")

    assert marker.open_folder(home) is None
    assert not (home / "half").exists()


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "note.txt").write_text("của tôi", encoding="utf-8")

    with pytest.raises(marker.NotADemonstration):
        marker.open_folder(tmp_path)
    assert (tmp_path / "note.txt").read_text(encoding="utf-8") == "của tôi"
