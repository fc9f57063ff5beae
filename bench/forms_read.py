"""How fast filled forms are read: 300 of them to their raw grid, and to the values of the form.

    python bench/forms_read.py [--rounds 9] [--folder DIR]

The forms are those of bench/fill.py. Beside them python-calamine, a reader in Rust that gives values only: no
formulas, no number formats, no difference between a blank and a formula never calculated.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).resolve().parent))

from form import make, records, size

from audit.forms.fill import filled
from audit.forms.read_back import read_form
from audit.read import read


def measure(
    ways: dict[str, Callable[[Path], object]], paths: Sequence[Path], rounds: int
) -> dict[str, float]:
    """Seconds a form by way: the median of rounds that run all of them in shuffled order, after one to warm up."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways)
    for n in range(rounds + 1):
        random.Random(n).shuffle(order)
        for name in order:
            start = time.perf_counter()
            for path in paths:
                ways[name](path)
            if n:
                times[name].append((time.perf_counter() - start) / len(paths))
    return {name: median(seconds) for name, seconds in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument(
        "--folder", type=Path, help="where the forms are written, else where temporary files go"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        form = make(folder)
        home = str(form.folder.parent)
        paths = []
        for n, record in enumerate(records()):
            paths.append(folder / f"{n}.xlsx")
            paths[-1].write_bytes(filled(form, *record))
        ways: dict[str, Callable[[Path], object]] = {
            "raw grid": lambda path: read(path, "annex"),
            "form": lambda path: read_form(path, home),
            "calamine": lambda path: (
                CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
            ),
        }
        found = measure(ways, paths, options.rounds)
    print(f"{size(form)}; {len(paths)} files\n")
    print("| what | goal | forms/s |\n|---|---|---|")
    rows = (("raw grid", "raw grid", "≥ 1,500"), ("form", "values of the form, by label", "–"))
    for key, words, goal in (*rows, ("calamine", "python-calamine, values only", "–")):
        print(f"| {words} | {goal} | {1 / found[key]:,.0f} |")


if __name__ == "__main__":
    main()
