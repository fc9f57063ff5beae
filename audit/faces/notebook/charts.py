"""Charts of amounts, rates and findings.

Comes in: tables of projects, reports by department. Goes out: `Chart`s. Numbers stay Decimal until they are drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from statistics import quantiles

import pandas

from ...findings import Status
from ...frames import COUNT, DECIMAL, FAMILIES, FLAG, TEXT, family, typed_frame
from ...quantity import plain, round_half_up
from .folder import Outcome, readable_reports, unread_note
from .show import Chart, canvas, caution

BLUE, GREEN, RED, GREY, AMBER = "#3f72af", "#5a9e6f", "#c44e43", "#9aa5b1", "#d9a441"
MOST_DEPARTMENTS = 40  # columns of a heat map that can still be read
MOST_NAMED = 12  # outliers with their names in the drawing
FENCE = Decimal("1.5")  # Tukey's: so many times the middle half's width beyond its edges
MOST_PERCENT = 130  # rates beyond stand in the last bar
FEWEST = 8  # rates from which fences mean something


def waterfall(frame: pandas.DataFrame | pandas.Series) -> Chart:
    """年初预算 → 调整 → 全年预算 → 执行 → 结转, of one project (a row) or of all together (a frame)."""
    rows = [frame] if isinstance(frame, pandas.Series) else [row for _, row in frame.iterrows()]
    whole = [row for row in rows if all(row[key] is not None for key in ("年初预算", "全年预算", "执行"))]
    initial, budget, spent = (
        sum((row[k] for row in whole), Decimal(0)) for k in ("年初预算", "全年预算", "执行")
    )
    change, left = budget - initial, budget - spent
    steps = [
        ("年初预算", Decimal(0), initial, BLUE),
        ("年中调增" if change >= 0 else "年中调减", initial, change, GREEN if change >= 0 else RED),
        ("全年预算", Decimal(0), budget, BLUE),
        ("执行", budget, -spent, GREY),
        ("结转结余" if left >= 0 else "超支", Decimal(0), left, AMBER if left >= 0 else RED),
    ]
    name = str(rows[0]["项目"]) if len(rows) == 1 else f"{len(whole)} 个项目合计"
    figure, axes = canvas(8, 4, f"{name}：从年初预算到结转（万元）")
    for x, (_, base, height, colour) in enumerate(steps):
        axes.bar(x, float(height), bottom=float(base), color=colour, width=0.6)
        top = float(max(base, base + height))
        axes.annotate(money(height), (x, top), (0, 3), textcoords="offset points", ha="center", fontsize=10)
    for x in range(len(steps) - 1):
        level = float([initial, budget, budget, left][x])
        axes.plot([x + 0.3, x + 0.7], [level, level], color="#555", linewidth=0.8)
    axes.set_xticks(range(len(steps)), [step[0] for step in steps])
    tops = [base + max(height, Decimal(0)) for _, base, height, _ in steps]
    axes.set_ylim(min(0.0, float(left)) * 1.15, float(max(tops) or 1) * 1.12)
    axes.axhline(0, color="#555", linewidth=0.8)
    if len(whole) < len(rows):
        caution(figure, f"另有 {len(rows) - len(whole)} 个项目的预算或执行数没有读到，未计入。")
    values = typed_frame({"步骤": TEXT, "金额": DECIMAL}, [(step[0], step[2]) for step in steps])
    return Chart(figure, values)


def ranked_rates(frame: pandas.DataFrame, *, threshold: Decimal | float = Decimal("0.9")) -> Chart:
    """Execution rates from the highest to the lowest, those below a threshold in another colour."""
    limit = Decimal(str(threshold))
    known = [(row["项目"], row["执行率"]) for _, row in frame.iterrows() if row["执行率"] is not None]
    known.sort(key=lambda pair: pair[1], reverse=True)
    values = typed_frame(
        {"项目": TEXT, "执行率": DECIMAL, "低于门槛": FLAG},
        [(name, rate, rate < limit) for name, rate in known],
    )
    figure, axes = canvas(8, 1.2 + 0.42 * max(1, len(known)), "各项目执行率，由高到低")
    for y, (_, rate) in enumerate(known):
        axes.barh(y, float(rate * 100), color=RED if rate < limit else BLUE, height=0.65)
        axes.annotate(
            percent(rate),
            (float(rate * 100), y),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=10,
        )
    axes.axvline(float(limit * 100), color="#333", linestyle="--", linewidth=1)
    axes.set_yticks(range(len(known)), [name for name, _ in known])
    axes.invert_yaxis()
    axes.set_xlabel(f"执行率（%），虚线为 {threshold_words(limit)}")
    axes.margins(x=0.12)
    missing = len(frame) - len(known)
    if missing:
        caution(figure, f"另有 {missing} 个项目没有全年预算或执行数，算不出执行率。")
    return Chart(figure, values)


def heatmap(reports: Mapping[str, Outcome]) -> Chart:
    """Findings by family (rows) and department (columns); of many departments those with most findings."""
    known = readable_reports(reports)
    counts = {name: Counter(family(f.code) for f in report.findings) for name, report in known.items()}
    order = sorted(counts, key=lambda name: -counts[name].total())
    families = list(FAMILIES.values())
    values = typed_frame(
        {"部门": TEXT, **dict.fromkeys(families, COUNT)},
        [(name, *(counts[name][f] for f in families)) for name in order],
    ).set_index("部门")
    shown = order[:MOST_DEPARTMENTS]
    title = f"发现条数：{len(order)} 个部门"
    if len(order) > len(shown):
        title += f"中最多的 {len(shown)} 个（全部见 .values）"
    if note := unread_note(reports):
        title += f"；另有{note}"
    figure, axes = canvas(max(6.0, 2.2 + 0.34 * len(shown)), 4.4, title)
    if shown:
        grid = [[counts[name][f] for name in shown] for f in families]
        most = max(1, max(map(max, grid)))
        axes.imshow(grid, cmap="OrRd", vmin=0, vmax=most, aspect="auto")
        for y, row in enumerate(grid):
            for x, n in enumerate(row):
                if n:
                    ink = "white" if n > most * 0.6 else "black"
                    axes.text(x, y, str(n), ha="center", va="center", fontsize=8, color=ink)
    axes.set_yticks(range(len(families)), families)
    axes.set_xticks(range(len(shown)), shown, rotation=60, ha="right", rotation_mode="anchor", fontsize=9)
    return Chart(figure, values)


def outliers(reports: Mapping[str, Outcome]) -> Chart:
    """Recomputed execution rates of all departments, with those far from the rest marked."""
    rows: dict[tuple[str, str], Decimal] = {}
    for name, report in readable_reports(reports).items():
        for check in report.checks:
            if check.rule == "R201" and check.status is not Status.NOT_CHECKED and check.expected is not None:
                rows.setdefault((name, check.subject.removesuffix("执行率")), check.expected)
    rates = sorted(rows.values())
    low, high = fences(rates)
    columns = {"部门": TEXT, "事项": TEXT, "执行率": DECIMAL, "离群": FLAG}
    listed = [(*key, rate, not low <= rate <= high) for key, rate in rows.items()]
    listed.sort(key=lambda row: row[2])
    values = typed_frame(columns, listed)
    figure, axes = canvas(9, 4.2, f"{len(rates)} 个重算的执行率（%），红色为离群")
    for far, colour in ((False, BLUE), (True, RED)):
        bins = Counter(min(int(row[2]), MOST_PERCENT) for row in listed if row[3] is far)
        axes.bar(list(bins), list(bins.values()), width=0.9, align="edge", color=colour)
    axes.set_xlim(min([0, *(int(r) for r in rates[:1])]), MOST_PERCENT + 1)
    axes.set_xlabel(f"执行率（%），每 1 个百分点一柱，{MOST_PERCENT} 以上的画在最右")
    axes.set_ylabel("个数")
    apart = [row for row in listed if row[3]]
    named = apart if len(apart) <= MOST_NAMED else [*apart[: MOST_NAMED - 4], *apart[-4:]]
    names = [f"{department}·{item}　{plain(rate)}%" for department, item, rate, _ in named]
    if len(named) < len(apart):
        names.append(f"……共 {len(apart)} 个，全部见 .values")
    figure.text(0.93, 0.86, "\n".join(names), fontsize=9, va="top", linespacing=1.6)
    words = "离群只是“同其他的不一样”，不等于不对：年末下达、跨年工程、一次性项目都会这样。请看报告有没有写明原因。"
    if len(rates) < FEWEST:
        words = f"只有 {len(rates)} 个执行率，太少，不标离群。\n{words}"
    else:
        words = f"四分位距法：低于 {plain(low)}% 或高于 {plain(high)}% 的标红。\n{words}"
    caution(figure, words)
    return Chart(figure, values)


def fences(rates: list[Decimal]) -> tuple[Decimal, Decimal]:
    """The range outside which a rate stands apart; everything is inside where there are few."""
    if len(rates) < FEWEST:
        return Decimal("-Infinity"), Decimal("Infinity")
    first, _, third = quantiles(rates, n=4, method="inclusive")
    width = FENCE * (third - first)
    hundredth = Decimal("0.01")
    return (first - width).quantize(hundredth), (third + width).quantize(hundredth)


def percent(share: Decimal) -> str:
    """
    >>> percent(Decimal("0.9858")), percent(Decimal("0.9"))
    ('98.58%', '90.00%')
    """
    return f"{plain(round_half_up(share * 100, 2))}%"


def threshold_words(share: Decimal) -> str:
    """
    >>> threshold_words(Decimal("0.9")), threshold_words(Decimal("0.955"))
    ('90%', '95.5%')
    """
    return f"{plain((share * 100).normalize())}%"


def money(value: Decimal) -> str:
    """With two decimals, or as many as there are.

    >>> money(Decimal("3022")), money(Decimal("184.8")), money(Decimal("0.005"))
    ('3022.00', '184.80', '0.005')
    """
    return plain(value if value != round_half_up(value, 2) else round_half_up(value, 2))
