"""`demo.json`: says that a folder is a demonstration, and whether it was filled to the end."""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path
from typing import Any


class NotADemonstration(Exception):
    """The folder holds something else: it is left alone. The message is Vietnamese."""


def open_folder(home: Path) -> dict[str, Any] | None:
    """The kept marker of a filled demonstration; None after making the folder ready to be filled.

    A demonstration broken off half-way is made anew. Raises NotADemonstration for any other
    folder with something in it.
    """
    marker = home / "demo.json"
    if marker.exists():
        kept = json.loads(marker.read_text(encoding="utf-8"))
        if kept.get("complete"):
            return kept
        shutil.rmtree(home)
    elif home.exists() and any(home.iterdir()):
        raise NotADemonstration(
            f"Thư mục {home} đã có dữ liệu khác, không phải bản trình diễn; "
            "hãy chọn thư mục khác bằng --dir."
        )
    home.mkdir(parents=True, exist_ok=True)
    _write(home, {"complete": False})
    return None


def close(home: Path, accounts: dict[str, Any]) -> dict[str, Any]:
    """Mark as filled; keep the accounts to be printed again."""
    kept = {"complete": True, **accounts}
    _write(home, kept)
    return kept


def new_password() -> str:
    """One for all demonstration accounts: random, fourteen signs and more, of all four classes."""
    return f"Nam-ro-{secrets.token_hex(4)}-Aa1"


def _write(home: Path, kept: dict[str, Any]) -> None:
    marker = home / "demo.json"
    marker.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    marker.chmod(0o600)
