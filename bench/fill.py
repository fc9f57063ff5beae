"""How fast forms are filled, beside openpyxl and beside what the disk and zlib alone would take. Asserts nothing but
that the files say what they should.

    python bench/fill.py [--rounds 9] [--folder DIR]
    python bench/fill.py --many 100000 [--processes 2]

One form of 42 × 10 cells with 60 inputs and 34 formulas, their values worked out and stored; 300 records in turn,
every form a new file. Each round runs all ways once, in shuffled order; a ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
import random
import resource
import shutil
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import openpyxl

sys.path.insert(0, str(Path(__file__).resolve().parent))

from form import COUNT, make, records, size

from audit.forms.description import Form, profile
from audit.forms.fill import filled, filler
from audit.read.addresses import letters

PER_SLICE = {
    "openpyxl": 10
}  # forms timed at a time, else COUNT: a hundred times slower, a fraction of the forms
CHUNK = 500
CHECKED = 30
Way = Callable[[Path, int], None]


def cells(form: Form, n: int) -> Iterable[tuple[str, Any, bool]]:
    """Address, value and whether it is worked out, of every cell that record `n` fills."""
    own, blocks = RECORDS[n % COUNT]
    scopes, counts, _ = filler(form).values(own, blocks)
    places = filler(form).template.places
    for f in form.fields:
        at = places.fields[f.key]
        yield f"{letters(at.column)}{at.row + 1}", scopes[0][f.key], bool(f.formula)
    for place in places.blocks.values():
        for i in range(counts[0]):
            for c in place.block.columns:
                where = f"{letters(place.columns[c.key])}{place.first + i + 1}"
                yield where, scopes[1 + i][c.key], bool(c.formula)


RECORDS = records()


def ways(form: Form) -> dict[str, Way]:
    """Each writes the form of one record to a path."""
    ours = [filled(form, *r) for r in RECORDS]
    sheets = []
    for data in ours:
        with zipfile.ZipFile(_stream(data)) as archive:
            sheets.append(archive.read(filler(form).template.part))
    inputs = [
        [(at, _plain(value)) for at, value, worked in cells(form, n) if not worked] for n in range(COUNT)
    ]

    def fill_one(path: Path, n: int) -> None:
        path.write_bytes(filled(form, *RECORDS[n]))

    def load_set_save(path: Path, n: int) -> None:
        book = openpyxl.load_workbook(form.template)
        page = book.active
        for at, value in inputs[n]:
            page[at] = value
        book.save(path)

    def floor(path: Path, n: int) -> None:
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packer.compress(sheets[n])
        packer.flush()
        path.write_bytes(ours[n])

    return {"audit": fill_one, "openpyxl": load_set_save, "floor": floor}


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _stream(data: bytes) -> Any:
    from io import BytesIO

    return BytesIO(data)


def measure(form: Form, folder: Path, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Wall and CPU seconds a form, by way, one pair per round; a round before them warms up."""
    made = ways(form)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in made}
    order = list(made)
    for n in range(rounds + 1):
        random.Random(n).shuffle(order)
        for name in order:
            home = folder / f"{n}-{name}"
            home.mkdir()
            count = PER_SLICE.get(name, COUNT)
            paths = [home / f"{i}.xlsx" for i in range(count)]
            wall, cpu = time.perf_counter(), time.process_time()
            for i, path in enumerate(paths):
                made[name](path, i)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            if n:
                times[name].append((wall / count, cpu / count))
            if name == "audit" and n == rounds:
                verify(form, {i: path for i, path in enumerate(paths)})
            shutil.rmtree(home)
    return times


def verify(form: Form, paths: Mapping[int, Path]) -> None:
    """A sample of the files, opened by another library, has every value where it belongs."""
    for n in sorted(paths)[:: max(1, len(paths) // CHECKED)]:
        page = openpyxl.load_workbook(paths[n], data_only=True).active
        for at, value, _ in cells(form, n):
            found = page[at].value
            same = found == (float(value) if isinstance(value, Decimal) else value)
            covered = found is None and at[0] in "AB"  # one cell with the equal one above it
            if not same and not covered:
                raise SystemExit(f"{paths[n].name} {at}: {found!r} instead of {value!r}")


def table(times: Mapping[str, list[tuple[float, float]]]) -> list[tuple[str, str, str, str]]:
    rows = []
    for name, words in (("audit", "forms/s, values stored"), ("openpyxl", "forms/s, openpyxl load-set-save"),
                        ("floor", "forms/s, floor: deflate the sheet at level 6 and write the bytes")):  # fmt: skip
        wall, cpu = (1 / median(t[i] for t in times[name]) for i in (0, 1))
        rows.append((words, "–", f"{wall:,.0f}", f"{cpu:,.0f}"))

    def ratio(over: str, i: int) -> float:
        return median(a[i] / b[i] for a, b in zip(times[over], times["audit"], strict=True))

    rows.append(("of the floor", "≥ 60 %", *(f"{100 * ratio('floor', i):.0f} %" for i in (0, 1))))
    rows.append(("÷ openpyxl", "≥ 80 ×", *(f"{ratio('openpyxl', i):.0f} ×" for i in (0, 1))))
    return rows


# ---- many --------------------------------------------------------------------------------------------------


def fill_chunk(home: str, folder: str, first: int, count: int) -> tuple[int, int, float, float]:
    """Forms first … first + count in a folder that is removed again: process, peak memory in KB,
    seconds of removal, seconds of CPU in all."""
    cpu = time.process_time()
    form = profile(home).form("wide")
    chunk = Path(folder) / str(first)
    chunk.mkdir()
    for n in range(first, first + count):
        (chunk / f"{n}.xlsx").write_bytes(filled(form, *RECORDS[n % COUNT]))
    if first % (20 * CHUNK) == 0:
        verify(form, {first: chunk / f"{first}.xlsx"})
    start = time.perf_counter()
    shutil.rmtree(chunk)
    removal = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return multiprocessing.current_process().pid or 0, peak, removal, time.process_time() - cpu


def many(form: Form, folder: Path, count: int, processes: int) -> None:
    home = str(form.folder.parent)
    peaks: dict[int, int] = {}
    early: dict[int, int] = {}
    removal = cpu = 0.0
    start = time.perf_counter()
    with concurrent.futures.ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        jobs = [
            pool.submit(fill_chunk, home, str(folder), first, min(CHUNK, count - first))
            for first in range(0, count, CHUNK)
        ]
        for done, job in enumerate(concurrent.futures.as_completed(jobs), 1):
            process, peak, removed, used = job.result()
            peaks[process] = peak
            removal += removed
            cpu += used
            if done * CHUNK <= count / 10:
                early[process] = peak
    seconds = time.perf_counter() - start

    def shown(found: Mapping[int, int]) -> str:
        return ", ".join(f"{kb / 1024:.1f}" for _, kb in sorted(found.items()))

    print(
        f"| {count:,} forms, {processes} processes; removing them took {removal:.1f} s of theirs | < 90 s | {seconds:.1f} s |"
    )
    print(f"| forms/s | – | {count / seconds:,.0f} |")
    print(
        f"| CPU of one process, were nothing else running the time it takes | < 90 s | {cpu / processes:.1f} s |"
    )
    print(
        f"| peak memory of each process at 10 %, at the end | flat | {shown(early)} MB, {shown(peaks)} MB |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument(
        "--folder", type=Path, help="where the forms are written, else where temporary files go"
    )
    parser.add_argument(
        "--many", type=int, default=0, metavar="COUNT", help="fill so many forms in processes instead"
    )
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        form = make(folder)
        sample = filled(form, *RECORDS[0])
        xml = zipfile.ZipFile(_stream(sample)).read(filler(form).template.part)
        print(f"{size(form)}; {len(sample):,} bytes a file, {len(xml):,} of the sheet unpacked\n")
        if options.many:
            print("| what | goal | value |\n|---|---|---|")
            many(form, folder, options.many, options.processes)
            return
        print("| what | goal | wall | CPU |\n|---|---|---|---|")
        for row in table(measure(form, folder, options.rounds)):
            print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
