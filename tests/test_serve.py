"""The preview as a person uses it: a real process on a loopback port, a real save."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from conftest import ROOT

LIMIT = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(log: Path, words: str, times: int = 1) -> str:
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        text = log.read_text(encoding="utf-8")
        if text.count(words) >= times:
            return text
        time.sleep(0.2)
    raise AssertionError(f"{words!r} not seen {times} times in:\n{log.read_text(encoding='utf-8')}")


def test_a_save_rebuilds_the_page_and_says_how_long_it_took(tmp_path: Path) -> None:
    for name in ("guideline", "schemas", "site"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    log, port = tmp_path / "log", free_port()
    with log.open("wb") as out:
        served = subprocess.Popen(
            [sys.executable, "-m", "shishin", "serve", "--lang", "en", "--port", str(port)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT / "generators"), "PYTHONUNBUFFERED": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(log, "serving")
            page = f"http://127.0.0.1:{port}/task/task-discharge.html"
            assert "退院支援" in urllib.request.urlopen(page, timeout=10).read().decode()
            task = tmp_path / "guideline/tasks/task-discharge.yml"
            whole = task.read_text(encoding="utf-8")
            task.write_text(whole.replace("\ntitle: 退院支援", "\ntitle: 新しい題の退院支援"), encoding="utf-8")
            wait_for(log, "rebuilt in", 2)
            assert "新しい題の退院支援" in urllib.request.urlopen(page, timeout=10).read().decode()
            task.write_text(whole.replace("tier: basic", "tier: basci"), encoding="utf-8")
            assert "Did you mean 'basic'?" in wait_for(log, "S103")
            assert "新しい題の退院支援" in urllib.request.urlopen(page, timeout=10).read().decode()
        finally:
            served.terminate()
            served.wait(timeout=20)
    assert "Traceback" not in log.read_text(encoding="utf-8")


def test_a_port_in_use_is_told_without_a_traceback() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "shishin", "serve", "--lang", "en", "--port", str(taken.getsockname()[1])],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "generators")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert "can't be used" in done.stderr
    assert "Traceback" not in done.stderr
