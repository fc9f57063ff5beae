"""First and last digits of the amounts of many reports, beside what chance alone would give.

Comes in: reports by department. Goes out: `Chart`s, each with its word of caution in the picture: digits show where to
look first and prove nothing. An amount that a department repeats counts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import log10

from ...frames import COUNT, DECIMAL, typed_frame
from ...quantity import round_half_up
from .charts import BLUE, GREY
from .folder import Outcome, readable_reports
from .show import Chart, canvas, caution

ENOUGH = 500  # amounts, below which a digit test says little
CENTS = 2  # decimals that an amount must have for its last digit to be one that nobody chose
THOUSANDTH = Decimal("0.001")


def benford(reports: Mapping[str, Outcome]) -> Chart:
    """首位数字：how often amounts begin with 1 … 9, beside Benford's law."""
    digits = Counter(first_digit(value) for value in _amounts(reports))
    expected = {d: Decimal(str(log10(1 + 1 / d))).quantize(THOUSANDTH) for d in range(1, 10)}
    words = (
        "只供排查次序参考。预算数常取整、金额集中在一两个数量级、样本少时，偏离本福特定律很平常；\n"
        "偏离不是差错，更不是造假的证据。"
    )
    return _digits("首位数字与本福特定律", digits, expected, words)


def last_digits(reports: Mapping[str, Outcome]) -> Chart:
    """末位数字：how often spent amounts, printed to two decimals, end in 0 … 9."""
    digits = Counter(last_digit(value, CENTS) for value in _amounts(reports, measure="执行", decimals=CENTS))
    words = (
        "只供排查次序参考，只看执行数（两位小数）。补助按标准发放、金额取整，末位自然集中；样本少时高低不齐很平常。\n"
        "某个数字偏多不是差错，更不是造假的证据。"
    )
    return _digits("执行数的末位数字", digits, dict.fromkeys(range(10), Decimal("0.1")), words)


def first_digit(value: Decimal) -> int:
    """
    >>> first_digit(Decimal("0.052")), first_digit(Decimal("3794.60"))
    (5, 3)
    """
    return next(d for d in value.as_tuple().digits if d)


def last_digit(value: Decimal, decimals: int) -> int:
    """
    >>> last_digit(Decimal("358.2"), 2), last_digit(Decimal("96.17"), 2)
    (0, 7)
    """
    return round_half_up(value, decimals).as_tuple().digits[-1]


def _amounts(reports: Mapping[str, Outcome], measure: str = "", decimals: int = 0) -> Iterator[Decimal]:
    for report in readable_reports(reports).values():
        seen: set[tuple[Decimal, str]] = set()
        for fact in report.facts:
            q = fact.figure.quantity
            wanted = q.kind == "money" and not q.approx and q.value and fact.role == "level"
            if not wanted or (measure and fact.measure != measure) or q.decimals < decimals:
                continue
            if (q.value, q.unit) not in seen:
                seen.add((q.value, q.unit))
                yield q.value


def _digits(title: str, counts: Counter[int], expected: Mapping[int, Decimal], words: str) -> Chart:
    total = counts.total()
    shares = {d: (Decimal(counts[d]) / total).quantize(THOUSANDTH) if total else Decimal(0) for d in expected}
    columns = {"数字": COUNT, "个数": COUNT, "占比": DECIMAL, "理论占比": DECIMAL}
    values = typed_frame(columns, [(d, counts[d], shares[d], expected[d]) for d in expected])
    figure, axes = canvas(8, 3.8, f"{title}（{total} 个金额）")
    places = list(expected)
    axes.bar(places, [float(shares[d] * 100) for d in places], color=BLUE, width=0.6, label="实际")
    axes.plot(places, [float(e * 100) for e in expected.values()], "o--", color=GREY, label="理论")
    for d in places:
        top = max(shares[d], expected[d])
        axes.annotate(
            str(counts[d]), (d, float(top * 100)), (0, 4), textcoords="offset points", ha="center", fontsize=9
        )
    axes.set_xticks(places)
    axes.set_xlabel("数字（柱上为个数）")
    axes.set_ylabel("占比（%）")
    axes.margins(y=0.12)
    axes.legend(frameon=False, ncol=2, loc="lower right", bbox_to_anchor=(1, 1))
    few = f"只有 {total} 个金额，少于 {ENOUGH} 个，看不出什么。" if total < ENOUGH else ""
    caution(figure, few + words)
    return Chart(figure, values)
