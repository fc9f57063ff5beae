"""Runs the example of CONTRIBUTING.md: its rule and its test, in a copy of the checkout.

    python docs/try_example.py

Every block of Python there that is announced by a file name becomes that file.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^`(?P<file>[\w/.]+\.py)`:\n\n```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


def main() -> int:
    blocks = {m["file"]: m["code"] for m in BLOCK.finditer((ROOT / "CONTRIBUTING.md").read_text("utf-8"))}
    tests = [file for file in blocks if file.startswith("tests/")]
    if not tests or len(blocks) < 2:
        print("CONTRIBUTING.md has no rule with its test", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(ROOT / "audit", copy / "audit", ignore=shutil.ignore_patterns("__pycache__"))
        (copy / "tests").mkdir()
        for file in ("tests/conftest.py", "pyproject.toml"):
            shutil.copyfile(ROOT / file, copy / file)
        for file, code in blocks.items():
            if (copy / file).exists():
                print(f"{file} is there already: choose another example", file=sys.stderr)
                return 1
            (copy / file).write_text(code, "utf-8")
        for command in (["ruff", "check", *blocks], ["pytest", *tests]):
            if code := subprocess.run([sys.executable, "-m", *command], cwd=copy, check=False).returncode:
                return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
