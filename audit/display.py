"""What Jupyter shows of a Report, a Finding, a Check, a filled form; and the narrative with its figures coloured.

Comes in: those objects. Goes out: small HTML without scripts or links, every text escaped. Judges nothing: colours
repeat the status of the checks. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

from .findings import Check, Figure, Finding, Severity, Status
from .quantity import plain
from .run import readable

if TYPE_CHECKING:
    from .forms.read_back import FormData
    from .report import Report

# Background and ink, so that both can be read on a light and on a dark page.
COLOURS = {
    Status.AGREES: ("#c6e7c8", "#0b3d12"),
    Status.ROUNDING: ("#fdeeb0", "#4d3b00"),
    Status.DIFFERS: ("#f6bfbb", "#5c0a05"),
    Status.NOT_CHECKED: ("#d9d9d9", "#333333"),
    Severity.ERROR: ("#f6bfbb", "#5c0a05"),
    Severity.QUESTION: ("#fdeeb0", "#4d3b00"),
    Severity.NOTE: ("#d5e3f5", "#0f2f57"),
}
STRONGEST = (Status.DIFFERS, Status.ROUNDING, Status.AGREES, Status.NOT_CHECKED)
MOST_ROWS = 12  # of findings in the display of a report; the rest is in findings_frame()
MOST_TITLE = 8  # checks told when the mouse rests on a figure
CELL = 'style="text-align:left;vertical-align:top;white-space:normal"'


@dataclass(frozen=True, slots=True, repr=False)
class Html:
    """A piece of HTML that Jupyter shows."""

    text: str

    def _repr_html_(self) -> str:
        return self.text

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Html {len(self.text)} 字符>"


def report_words(report: Report) -> str:
    """One line, where Jupyter keeps a plain text beside the HTML: the whole of a report is megabytes."""
    name = report.department or report.documents[0].name
    return f"<Report {name} 数字 {len(report.figures)} 核对 {len(report.checks)} 发现 {len(report.findings)}>"


def report_html(report: Report) -> str:
    head = f"{report.department or report.documents[0].name}{f' {report.year}年度' if report.year else ''}"
    statuses = " ".join(_badge(status, str(n)) for status, n in report.status_counts().items() if n)
    severities = " ".join(_badge(s, str(n)) for s, n in report.severity_counts().items() if n)
    parts = [
        f"<b>{escape(head)}</b>：读到数字 {len(report.figures)} 个，核对 {len(report.checks)} 项　{statuses}",
        f"<br>发现 {len(report.findings)} 条　{severities}" if report.findings else "<br>未发现问题。",
    ]
    if changes := report.config.changes():
        parts.append(f"<br>{escape(changes)}")
    rows = [
        (str(n), _badge(f.severity), escape(f.code), escape(f.message), escape(_where(report, f)))
        for n, f in enumerate(report.findings[:MOST_ROWS], 1)
    ]
    if rows:
        parts.append(_table(("", "级别", "规则", "内容", "位置"), rows))
    if len(report.findings) > MOST_ROWS:
        parts.append(f"……共 {len(report.findings)} 条，全部见 findings_frame()。")
    return f"<div>{''.join(parts)}</div>"


def finding_html(finding: Finding) -> str:
    rows = [
        ("报告数", escape(finding.stated or "")),
        ("应为", escape(finding.expected or "")),
        ("差额", escape(finding.difference or "")),
        ("允许差", escape(finding.tolerance)),
        ("建议", escape(finding.advice)),
        ("依据", escape(finding.source)),
        ("原文", "<br>".join(escape(f"“{s.text}”{_place(s)}") for s in finding.evidence)),
    ]
    head = f"{_badge(finding.severity)} <b>{escape(finding.code)}</b>　{escape(finding.message)}"
    return f"<div>{head}{_table((), [row for row in rows if row[1]])}</div>"


def check_html(check: Check) -> str:
    """One check step by step: what went in, the sum, what should come out, what the report says."""
    head = (
        f"{_badge(check.status)} <b>{escape(check.rule)}</b>　{escape(check.subject)}（{escape(check.id)}）"
    )
    rows = [
        (escape(f.id), escape(f.quantity.text) + escape(_place(f.span)))
        for f in (*check.operands, *([check.result] if check.result else ()))
    ]
    rows += [
        ("算式", escape(f"{check.result or check.subject} {check.relation} {readable(check)}")),
        ("应为", _amount(check.expected, check.unit)),
        ("报告数", _amount(check.stated, check.unit)),
        ("差额", _amount(check.difference, check.unit)),
        ("说明", escape(check.note)),
    ]
    return f"<div>{head}{_table((), [row for row in rows if row[1]])}</div>"


def form_html(form: FormData) -> str:
    labels = {f.key: f"{f.label}·{f.head}" if f.head else f.label for f in form.form.fields}
    rows = [
        (escape(labels.get(key, key)), _cell(value), escape(form.cells.get(key, "")))
        for key, value in form.values.items()
        if value is not None
    ]
    head = f"<b>{escape(form.form.title)}</b>　{escape(form.document)} {escape(form.sheet)}，金额单位万元"
    notes = [f"没有找到：{words}" for words in form.missing] + form.problems
    parts = [head, f"<details open><summary>有值 {len(rows)} 项</summary>"]
    parts += [_table(("项目", "值", "单元格"), rows), "</details>"]
    for block, records in form.rows.items():
        known = form.form.block(block)
        columns = {c.key: c.head for c in known.columns} if known else {}
        keys = list(dict.fromkeys(key for record in records for key in record))
        lines = [[_cell(record.get(key)) for key in keys] for record in records]
        parts.append(f"<details><summary>{len(records)} 行</summary>")
        parts += [_table([escape(columns.get(key, key)) for key in keys], lines), "</details>"]
    parts += [f"<div>{escape(words)}</div>" for words in notes]
    return f"<div>{''.join(parts)}</div>"


def figure_statuses(report: Report) -> dict[str, Status]:
    """By figure id the status of the checks it takes part in: 不符 before 尾差 before 相符 before 未能核对."""
    found: dict[str, Status] = {}
    for figure, checks in _checks_by_figure(report).items():
        found[figure] = min((check.status for check in checks), key=STRONGEST.index)
    return found


def narrative(report: Report) -> Html:
    """The narrative as it was read, every figure in the colour of its checks; resting on one tells them."""
    document = report.documents[0]
    by_figure, statuses = _checks_by_figure(report), figure_statuses(report)
    own = [f for f in report.figures if f.span.document == document.id and f.span.start is not None]
    own.sort(key=lambda f: f.span.start or 0)
    legend = "　".join(
        [*(_badge(status) for status in Status), "无底色：未参与核对；鼠标停在数字上可看核对内容"]
    )
    out, at = [], 0
    for figure in own:
        start, end = figure.span.start or 0, figure.span.end or 0
        if start < at:
            continue
        out.append(escape(document.text[at:start]))
        words = escape(document.text[start:end])
        status = statuses.get(figure.id)
        out.append(_mark(words, status, _title(figure, by_figure[figure.id])) if status else words)
        at = end
    out.append(escape(document.text[at:]))
    box = (
        "white-space:pre-wrap;max-height:40em;overflow:auto;line-height:1.8;border:1px solid #ccc;padding:1em"
    )
    return Html(f'<div><div>{legend}</div><div style="{box}">{"".join(out)}</div></div>')


def _checks_by_figure(report: Report) -> dict[str, list[Check]]:
    found: dict[str, list[Check]] = {}
    for check in report.checks:
        ids = dict.fromkeys(f.id for f in (*check.operands, *([check.result] if check.result else ())))
        for figure in ids:
            found.setdefault(figure, []).append(check)
    return found


def _title(figure: Figure, checks: Iterable[Check]) -> str:
    ordered = sorted(checks, key=lambda check: STRONGEST.index(check.status))
    lines = []
    for check in ordered[:MOST_TITLE]:
        words = f"{check.result or check.subject} {check.relation} {readable(check)}"
        more = (
            f"，应为{plain(check.expected)}{check.unit}"
            if check.status is Status.DIFFERS and check.expected is not None
            else ""
        )
        why = f"（{check.note}）" if check.note else ""
        lines.append(f"{check.rule} {check.status.value}：{check.subject} {words}{more}{why}")
    if len(ordered) > MOST_TITLE:
        lines.append(f"……共 {len(ordered)} 项核对")
    return "\n".join(lines)


def _mark(words: str, status: Status, title: str) -> str:
    ground, ink = COLOURS[status]
    style = f"background:{ground};color:{ink};border-radius:3px"
    return f'<span class="audit-figure" title="{escape(title)}" style="{style}">{words}</span>'


def _badge(word: Status | Severity, more: str = "") -> str:
    ground, ink = COLOURS[word]
    text = f"{word.value} {more}".strip()
    style = f"background:{ground};color:{ink};border-radius:3px;padding:0 .4em;white-space:nowrap"
    return f'<span style="{style}">{escape(text)}</span>'


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already."""
    top = "".join(f"<th {CELL}>{head}</th>" for head in heads)
    body = "".join(f"<tr>{''.join(f'<td {CELL}>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<table style="table-layout:auto;margin:0">'
        f"{f'<thead><tr>{top}</tr></thead>' if heads else ''}<tbody>{body}</tbody></table>"
    )


def _where(report: Report, finding: Finding) -> str:
    return report.where(finding.evidence[0]) if finding.evidence else ""


def _place(span: Any) -> str:
    return f"〔{span.cell}〕" if span.cell else f"〔第{span.page}页〕" if span.page else ""


def _amount(value: Decimal | None, unit: str) -> str:
    return "" if value is None else escape(f"{plain(value)}{unit}")


def _cell(value: Any) -> str:
    return "" if value is None else escape(plain(value) if isinstance(value, Decimal) else str(value))
