"""`namro demo`: make the demonstration where it is not yet there, and serve it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dir", default="var/demo", help="thư mục bản trình diễn")
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ lắng nghe")
    parser.add_argument("--port", type=int, default=8000, help="cổng")
    parser.add_argument("--no-serve", action="store_true", help="chỉ dựng, không chạy trang")


def run(args: argparse.Namespace) -> int:
    """Fill (once), print the address and the accounts, serve until stopped."""
    home = Path(args.dir).resolve()
    os.environ["NAMRO_HOME"] = str(home)
    os.environ.setdefault("NAMRO_NAME", "Năm Rõ (bản trình diễn)")
    os.environ.setdefault("NAMRO_IDLE_MINUTES", "240")
    os.environ.setdefault("NAMRO_ADDRESS", f"http://{args.host}:{args.port}")
    os.environ["DATABASE_URL"] = f"sqlite:///{home}/namro.sqlite3"

    from namro.web.config import serve
    from namro.web.config.demo import marker

    try:
        kept = marker.open_folder(home)
    except marker.NotADemonstration as why:
        sys.stderr.write(f"{why}\n")
        return 1
    if not args.no_serve and not serve.port_is_free(args.host, args.port):
        sys.stderr.write(f"Cổng {args.port} đang được dùng; hãy chọn cổng khác bằng --port.\n")
        return 1
    serve.prepare()
    if not kept:
        kept = _fill(home)
    _greet(args, kept)
    return 0 if args.no_serve else _serve_afresh(home, args.host, args.port)


def _fill(home: Path) -> dict:
    from namro.web.config.demo import filling, marker
    from namro.web.frame import clock

    began = time.perf_counter()

    def step(text: str) -> None:
        sys.stderr.write(f"[{time.perf_counter() - began:5.1f} s] {text}\n")

    accounts = filling.fill(today=clock.today(), now=clock.now(), step=step)
    step("Xong.")
    return marker.close(home, accounts)


def _serve_afresh(home: Path, host: str, port: int) -> int:
    """Serve in a program started anew: filling printed papers, and the threads of the printer do
    not live on in the server's forked processes, where the first paper would be waited for in
    vain and hold up the whole site."""
    place = ["--dir", str(home), "--host", host, "--port", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", "namro", "serve", *place])


def _greet(args: argparse.Namespace, kept: dict) -> None:
    lines = ["", f"Năm Rõ – bản trình diễn, tại http://{args.host}:{args.port}/", ""]
    lines.append(f"Mật khẩu chung của các tài khoản trình diễn: {kept['password']}")
    for account in kept["accounts"]:
        lines.append(f"  {account['username']:<10} {account['role']:<22} {account['who']}")
    lines += ["", "Dừng bằng Ctrl+C. Chạy lại script/demo: giữ nguyên số liệu đã có.", ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
