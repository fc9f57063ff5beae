"""How long checking takes, as ratios where a ratio says more than seconds. Prints a table, asserts nothing.

    python bench/run.py [--rounds 7]

Every round runs all measurements once, in shuffled order, so that what else the machine does falls on all of
them alike. Values are medians over the rounds; a ratio is the median of the rounds' ratios. The texts are the
sample report and, where the shared folder is beside the checkout, its reports.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from read import make  # noqa: E402 - bench/read.py

from audit.figures import scan  # noqa: E402
from audit.prose import paragraphs  # noqa: E402
from audit.read import read  # noqa: E402
from audit.read.assembly import Source  # noqa: E402
from audit.read.convert import find_office  # noqa: E402
from audit.read.text import read_text  # noqa: E402
from audit.run import check_documents  # noqa: E402
from audit.source import Document  # noqa: E402

DIGITS = re.compile("[0-9]+")
AMOUNT = re.compile(r"(?<![\d.])\d{3,}(?=[.万户人名])|(?<=\.)\d\d")
Task = Callable[[], object]


def texts() -> dict[str, str]:
    files = [
        ROOT / "workbooks" / "sample" / "report.txt",
        *sorted((ROOT.parent / "shared" / "seeds").glob("*.txt")),
    ]
    return {file.stem if file.stem != "report" else "sample": file.read_text("utf-8") for file in files}


def document(text: str) -> Document:
    data = text.encode()
    return read_text(data, Source("d1", "report.txt", "narrative", hashlib.sha256(data).hexdigest()))


def fold(text: str, times: int, vary: bool = False) -> Document:
    """The text so many times over; `vary` gives every copy amounts and counts of its own."""
    copies = [_varied(text, n) if vary else text for n in range(times)]
    return document("\n".join(copies))


def _varied(text: str, seed: int) -> str:
    pick = random.Random(seed)
    return AMOUNT.sub(lambda m: "".join(pick.choice("123456789") for _ in m[0]), text)


def scan_all(found: list[str]) -> None:
    for text in found:
        for _ in scan(text):
            pass


def digits_all(found: list[str]) -> None:
    for text in found:
        for _ in DIGITS.finditer(text):
            pass


def tasks(folder: Path) -> dict[str, Task]:
    made: dict[str, Task] = {}
    for name, text in texts().items():
        found = [p.text for p in paragraphs(document(text))] * 5
        made[f"scan {name}"] = lambda found=found: scan_all(found)
        made[f"digits {name}"] = lambda found=found: digits_all(found)
        for key, d in (
            ("once", document(text)),
            ("5", fold(text, 5)),
            ("50", fold(text, 50)),
            ("50 varied", fold(text, 50, vary=True)),
        ):
            made[f"check {key} {name}"] = lambda d=d: check_documents([d])
        file = folder / f"{name}.txt"
        file.write_text(text, "utf-8")
    cold = str(folder / "sample.txt")
    made["python"] = lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)
    made["cold"] = lambda: run_command("check", cold)
    report = folder / "made.docx"
    make(report)
    made["docx"] = lambda: read(report)
    if office := find_office():
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(report)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        made["pdf"] = lambda: read(report.with_suffix(".pdf"))
    return made


def run_command(*arguments: str) -> None:
    command = [sys.executable, "-m", "audit", *arguments]
    code = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode
    if code not in (0, 1):  # 1: there are findings
        raise SystemExit(f"audit {' '.join(arguments)} ended with {code}: nothing to measure")


def measure(made: dict[str, Task], rounds: int) -> dict[str, list[float]]:
    """Seconds by task, one per round; a round before them warms up and is not counted."""
    times: dict[str, list[float]] = {name: [] for name in made}
    order = list(made)
    for n in range(rounds + 1):
        random.Random(n).shuffle(order)
        for name in order:
            start = time.perf_counter()
            made[name]()
            if n:
                times[name].append(time.perf_counter() - start)
    return times


def ratio(over: list[float], under: list[float]) -> float:
    return median(a / b for a, b in zip(over, under, strict=True))


def table(times: dict[str, list[float]]) -> list[tuple[str, str, str]]:
    """What was measured, the goal, the value; of several texts the worst, by name."""
    names = list(texts())
    sizes = {name: sum(len(p.text) for p in paragraphs(document(text))) for name, text in texts().items()}
    rows = []

    def worst(words: str, goal: str, value: Callable[[str], float], form: str) -> None:
        name = max(names, key=value)
        rows.append((f"{words} ({name})", goal, form.format(value(name))))

    speed = min(5 * sizes[name] / median(times[f"scan {name}"]) for name in names)
    rows.append(("scanner, characters a second", "–", f"{speed / 1e6:.2f} million"))
    worst(
        "scanner ÷ plain [0-9]+ pass",
        "–",
        lambda n: ratio(times[f"scan {n}"], times[f"digits {n}"]),
        "{:.1f} ×",
    )
    worst(
        "check of one report in process",
        "< 60 ms",
        lambda n: 1000 * median(times[f"check once {n}"]),
        "{:.1f} ms",
    )
    for key, words in (
        ("5", "five-fold text"), ("50", "fifty-fold text"), ("50 varied", "fifty-fold text, other amounts"),
    ):  # fmt: skip
        times_over = int(key.split()[0])
        worst(
            f"cost per character, {words} ÷ once", "≤ 1.2 ×",
            lambda n, key=key, k=times_over: ratio(times[f"check {key} {n}"], times[f"check once {n}"]) / k, "{:.2f} ×",
        )  # fmt: skip
    rows.append(
        ("cold `python -m audit check` of the sample text", "< 0.35 s", f"{median(times['cold']):.3f} s")
    )
    rows.append(("the same ÷ `python -c pass`", "–", f"{ratio(times['cold'], times['python']):.1f} ×"))
    rows.append(
        ("reading a 15-page .docx with 20 tables", "< 20 ms", f"{1000 * median(times['docx']):.1f} ms")
    )
    pdf = f"{1000 * median(times['pdf']):.1f} ms" if "pdf" in times else "LibreOffice is not installed"
    rows.append(("reading the .pdf of it", "< 200 ms", pdf))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        times = measure(tasks(Path(folder)), rounds)
    print("| what | goal | median |\n|---|---|---|")
    for row in table(times):
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
