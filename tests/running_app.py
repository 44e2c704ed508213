"""The app in a process of its own, for whoever looks at it in a browser: tests, benchmarks and screenshots."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 120

# A browser that closes a page in the middle of a message: Streamlit 1.67 takes starlette's word for it, a
# RuntimeError since version 1, for a text frame and closes what is closed already.
CLOSED_WHILE_SENDING = re.compile(
    r"Exception in ASGI application\n(?:(?!Exception in ASGI application)[\s\S])*?in _websocket_endpoint"
    r"(?:(?!Exception in ASGI application)[\s\S])*?"
    r'WebSocketDisconnected: Cannot call "send" once a close message has been sent\.\n'
)


@contextmanager
def running_app(
    log: Path | None = None, file: str = "app.py", watch_files: bool = False, runs: Path | None = None
) -> Iterator[str]:
    """Start an app on a free port; gives its address, from the moment it answers until the block ends.

    Who can reach it is left to the project's own configuration.

    Parameters
    ----------
    log : file for what the app says, which may hold no error and no warning at the end; None to leave it unread
    file : the app, seen from the top folder
    watch_files : whether it looks for changes of its files, as it does for a reader
    runs : folder in which it keeps the runs of page 23.3; None for in memory only

    Raises
    ------
    RuntimeError : the app does not start
    AssertionError : it logged an error or a warning
    """
    options = [] if watch_files else ["--server.fileWatcherType", "none"]
    with (log or Path(os.devnull)).open("w") as output:
        url, server = start_server(free_port(), file, options, output, runs)
        try:
            wait_until_healthy(url, server)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=60)
    text = CLOSED_WHILE_SENDING.sub("", log.read_text() if log else "")
    assert "Traceback" not in text, f"the server logged an error:\n{text}"
    assert "warning" not in text.lower(), f"the server logged a warning:\n{text}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def start_server(
    port: int,
    file: str = "app.py",
    options: Sequence[str] = (),
    output: IO[str] | None = None,
    runs: Path | None = None,
) -> tuple[str, subprocess.Popen[bytes]]:
    """An app of its own process, which may not answer yet: its address, and the process for the caller to end.

    Parameters
    ----------
    output : open file for what it says; None to leave it unread
    options, file, runs : as in `running_app`
    """
    ways = ["--server.port", str(port), "--server.headless", "true", *options]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", file, *ways],
        cwd=ROOT,
        env=os.environ | {"FEEDFORWARD_RUNS": str(runs or "")},
        stdout=output or subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    return f"http://127.0.0.1:{port}", server


def wait_until_healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the app answers; RuntimeError if it does not start."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise RuntimeError("the app did not start")
