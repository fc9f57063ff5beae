"""Our scanner beside two general ones, JioNLP and Recognizers-Text, over the same report: where do they disagree?

    python -m venv other && other/bin/pip install jionlp recognizers-text-suite "emoji<2"
    other/bin/python bench/differential.py [REPORT.txt …]

Compares amounts of money and percentages: found by both with one value, with two values, by us alone, by them
alone. Run on demand, in an environment of its own; without those packages it says so and ends well.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audit.figures import number_figures, scan  # noqa: E402
from audit.prose import paragraphs  # noqa: E402
from audit.read.assembly import Source  # noqa: E402
from audit.read.text import read_text  # noqa: E402

Found = tuple[int, int, str, Decimal]  # start, end, print, value in 元 or as a share of 1
INSTALL = '请先安装 / install first: pip install jionlp recognizers-text-suite "emoji<2"'


def ours(text: str) -> list[Found]:
    data = text.encode()
    told = paragraphs(
        read_text(data, Source("d1", "report.txt", "narrative", hashlib.sha256(data).hexdigest()))
    )
    printed = [(paragraph, number) for paragraph in told for number in scan(paragraph.text)]
    figures = number_figures(printed, 1)
    return [
        (figure.span.start or 0, figure.span.end or 0, figure.span.text, figure.quantity.exact)
        for figure in figures
        if figure.quantity.kind in ("money", "standard", "percent")
    ]


def jionlp(text: str) -> Iterator[Found]:
    """Money only; an amount that it takes for a span of two is given by its lower end."""
    import jionlp as jio

    for start, line in _lines(text):
        for hit in jio.ner.extract_money(line):
            number = hit["detail"]["num"]
            value = Decimal(number[0] if isinstance(number, list) else number)
            yield start + hit["offset"][0], start + hit["offset"][1], hit["text"], value


def recognizers(text: str) -> Iterator[Found]:
    from recognizers_number import Culture, recognize_percentage
    from recognizers_number_with_unit import recognize_currency

    for start, line in _lines(text):
        for hit in (*recognize_currency(line, Culture.Chinese), *recognize_percentage(line, Culture.Chinese)):
            value = (hit.resolution or {}).get("value")
            if value:
                share = Decimal(value.rstrip("%")) / (100 if value.endswith("%") else 1)
                yield start + hit.start, start + hit.end + 1, hit.text, share


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield start, line.rstrip("\r\n")
        start += len(line)


def compare(mine: Sequence[Found], theirs: Sequence[Found], percents: bool) -> dict[str, list[str]]:
    """What each found, sorted; percentages of ours are left out where the other knows none."""
    sorted_: dict[str, list[str]] = {"same": [], "other value": [], "only ours": [], "only theirs": []}
    mine = [m for m in mine if percents or ("%" not in m[2] and "％" not in m[2] and "百分" not in m[2])]
    for a in mine:
        hits = [b for b in theirs if b[0] < a[1] and a[0] < b[1]]
        if not hits:
            sorted_["only ours"].append(a[2])
        elif any(b[3] == a[3] for b in hits):
            sorted_["same"].append(a[2])
        else:
            sorted_["other value"].append(f"{a[2]} | {hits[0][2]} = {hits[0][3]}")
    sorted_["only theirs"] = [b[2] for b in theirs if not any(b[0] < a[1] and a[0] < b[1] for a in mine)]
    return sorted_


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "reports", nargs="*", type=Path, default=[ROOT / "workbooks" / "sample" / "report.txt"]
    )
    parser.add_argument("--show", type=int, default=12, help="differing figures to print of each kind")
    options = parser.parse_args(arguments)
    tools: tuple[tuple[str, Callable[[str], Iterator[Found]], bool], ...] = (
        ("JioNLP", jionlp, False),
        ("Recognizers-Text", recognizers, True),
    )
    for path in options.reports:
        text = path.read_text("utf-8")
        mine = ours(text)
        for name, tool, percents in tools:
            try:
                theirs = list(tool(text))
            except ImportError as error:
                print(f"{name}: 未安装，跳过 / not installed, skipped ({error}). {INSTALL}")
                continue
            groups = compare(mine, theirs, percents)
            counts = ", ".join(f"{kind} {len(prints)}" for kind, prints in groups.items())
            print(f"{path.name} {name}: {counts}")
            for kind in ("other value", "only ours", "only theirs"):
                for print_ in groups[kind][: options.show]:
                    print(f"    {kind}: {' '.join(print_.split())}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
