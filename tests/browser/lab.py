"""JupyterLab with the options of `audit notebooks`: a real server on a port of its own, with nobody's settings."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import matplotlib

from audit.faces.notebook_commands import OFFLINE
from tests.browser.chromium import Chromium

ROOT = Path(__file__).resolve().parent.parent.parent
RUN_MENU = "[...document.querySelectorAll('.lm-MenuBar-item')].find(e => ['Run', '运行'].includes(e.textContent.trim()))"
RUN_ALL = "document.querySelector('.lm-Menu-item[data-command=\"runmenu:run-all\"]')"
ALL_RAN = (
    "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every(e => /\\d/.test(e.textContent))"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def jupyter_lab(folder: Path) -> Iterator[tuple[str, Path]]:
    """Serves `folder`; yields (address of a notebook with "{}" for its name, the server's log)."""
    port, token = free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="jupyter-", ignore_cleanup_errors=True) as home:
        own = {
            "HOME": home, "JUPYTER_CONFIG_DIR": f"{home}/config", "JUPYTER_DATA_DIR": f"{home}/data",
            "JUPYTER_RUNTIME_DIR": f"{home}/runtime", "JUPYTERLAB_SETTINGS_DIR": f"{home}/settings",
            "JUPYTERLAB_WORKSPACES_DIR": f"{home}/workspaces", "IPYTHONDIR": f"{home}/ipython",
            "MPLCONFIGDIR": matplotlib.get_cachedir(), "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        command = [
            sys.executable, "-m", "jupyterlab", *OFFLINE, "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
            f"--ServerApp.root_dir={folder}",
        ]  # fmt: skip
        log = Path(home) / "jupyter.log"
        with log.open("wb") as out:
            server = subprocess.Popen(command, env={**os.environ, **own}, stdout=out, stderr=out)
        try:
            _until_up(f"http://127.0.0.1:{port}/api/status?token={token}", server, log)
            yield f"http://127.0.0.1:{port}/lab/tree/{{}}?token={token}", log
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(15)


def address(pattern: str, notebook: str) -> str:
    return pattern.format(quote(notebook))


def run_all(page: Chromium, seconds: float = 40) -> None:
    """Run > Run All Cells with the mouse, in the notebook that is being opened, until every cell has its number."""
    page.wait("document.querySelector('.jp-Notebook .jp-CodeCell')", seconds)
    page.wait("/Idle|空闲/.test(document.querySelector('#jp-main-statusbar')?.textContent)", seconds)
    page.click(RUN_MENU)
    page.click(RUN_ALL)
    page.wait(ALL_RAN, seconds)


def _until_up(status: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(status, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text("utf-8", "replace")[-2000:]) from None
            time.sleep(0.2)
