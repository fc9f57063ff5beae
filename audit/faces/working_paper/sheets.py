"""The three tables of the working paper: ledger of figures, checks, findings.

Rows of one sheet refer to rows of another, so every row's place is fixed before the first is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ...findings import Check, Figure, Finding, Severity
from ...quantity import plain as plain_text
from ...report import Report
from .check_sheet import write_checks
from .cover import write_cover, write_legend
from .earlier import MARK, Earlier
from .kit import HEAD, Book, Row, Sheet, clean
from .layout import (
    AUDITORS_COLUMNS,
    CHECK_COLUMNS,
    CHECKS,
    COVER,
    ENTRY,
    ENTRY_CELLS,
    FINDING_COLUMNS,
    FINDINGS,
    FIRST,
    KINDS,
    LEDGER,
    LEDGER_COLUMNS,
    LEGEND,
    NOT_SEEN_AGAIN,
    OPINIONS,
    SEVERITY_COLOURS,
    SIGNATURES,
    TITLE,
)
from .live import Scale, fits, folded, scale_of
from .places import Places, flat

IDS_SHOWN, QUOTES_SHOWN, LONGEST_ENTRY = 12, 6, 200
FADED = "#7B8794"


class Paper:
    """One workbook in the making: what stands in which row of which sheet."""

    def __init__(
        self, report: Report, filename: str, earlier: Earlier, rules: Mapping[str, str], department: str
    ) -> None:
        self.report, self.earlier = report, earlier
        self.rules = {code: title.rstrip("。") for code, title in rules.items()}
        self.book = book = Book(filename)
        known = {
            "被审核单位": report.department,
            **earlier.entries,
            **({"被审核单位": department} if department else {}),
        }
        self.entries = {label: clean(flat(text))[:LONGEST_ENTRY] for label, text in known.items()}
        self.places = Places(report)
        order = list(Severity)
        self.findings = sorted(report.findings, key=lambda finding: order.index(finding.severity))
        self.kept = [earlier.take(FINDINGS, finding.fingerprint) for finding in self.findings]
        self.opinions = [row.get("核实意见", "") for row in self.kept]
        self.cover = book.sheet(COVER, [11, 50, 9, 9, 9, 10, 9, 26], "#1F4E8C")
        self.ledger = book.sheet(LEDGER, list(LEDGER_COLUMNS.values()), "#7B8794")
        self.checks = book.sheet(CHECKS, list(CHECK_COLUMNS.values()), "#1E6B3A")
        self.issues = book.sheet(FINDINGS, list(FINDING_COLUMNS.values()), "#A61B1B")
        self.legend = book.sheet(LEGEND, [16, 34, 70], "#7B8794")
        self.figure_row = {figure.id: FIRST + i for i, figure in enumerate(report.figures)}
        self.check_row = {check.id: FIRST + i for i, check in enumerate(report.checks)}
        self.findings_of: dict[str, list[int]] = defaultdict(list)
        for number, finding in enumerate(self.findings):
            if finding.check in self.check_row:
                self.findings_of[str(finding.check)].append(number)
        self.checks_of: dict[str, list[Check]] = defaultdict(list)
        for check in report.checks:
            for figure in self.figures_of(check):
                self.checks_of[figure.id].append(check)
        value = list(LEDGER_COLUMNS).index("折算值")
        self.value_cells = {
            f.id: self.ledger.cell(self.figure_row[f.id], value)
            for f in report.figures
            if fits(folded(f.quantity)) and fits(f.quantity.value)
        }

    def write(self) -> None:
        self.book.file.set_properties({"title": TITLE, "comments": "机器结论供审核人员核实，不代替审计判断"})
        write_cover(self)
        self.write_ledger()
        write_checks(self)
        self.write_findings()
        write_legend(self)
        self.cover.raw.activate()
        self.book.file.close()

    def write_ledger(self) -> None:
        self.top(self.ledger, LEDGER_COLUMNS)
        for figure in self.report.figures:
            self._ledger_row(figure)
        if not self.report.figures:
            Row(self.ledger, FIRST, LEDGER_COLUMNS).text("序号", "（未识别到数值）", text_wrap=False)
        self.bottom(self.ledger, LEDGER_COLUMNS, len(self.report.figures))

    def _ledger_row(self, figure: Figure) -> None:
        row, quantity = Row(self.ledger, self.figure_row[figure.id], LEDGER_COLUMNS), figure.quantity
        scale = scale_of(quantity.unit)
        row.text("序号", figure.id, align="center")
        row.text("原文", quantity.text)
        if figure.id in self.value_cells:
            printed = max(0, -int(quantity.value.as_tuple().exponent))
            plain = Scale(scale.unit, scale.factor)
            row.number("数值", quantity.value, num_format=plain.number_format(printed))
            # A power of ten: 57.39/100 gives the very double that 0.5739 is stored as.
            power = scale.factor.adjusted()
            change = f"/{10**-power}" if power < 0 else f"*{10**power}" if power else ""
            form = scale.number_format(scale.decimals(quantity.decimals))
            row.formula("折算值", f"={row.here('数值')}{change}", folded(quantity), num_format=form)
        else:
            row.text("数值", plain_text(quantity.value), align="right")
            row.text("折算值", "超出表格精度", align="right")
        row.text("单位", quantity.unit, align="center")
        row.text("类别", KINDS[quantity.kind] + ("（约）" if quantity.approx else ""), align="center")
        row.text("折算单位", scale.unit, align="center")
        row.text("位置", self.places.where(figure.span))
        row.text("上下文", self.places.context(figure.span))
        row.text("文件", self.places.file(figure.span))
        used = [check.id for check in self.checks_of[figure.id]]
        more = f" 等{len(used)}项" if len(used) > IDS_SHOWN else ""
        row.text("核对索引", "、".join(used[:IDS_SHOWN]) + more, self.to_check(used[0] if used else None))

    def write_findings(self) -> None:
        sheet = self.issues
        self.top(sheet, FINDING_COLUMNS)
        for number, finding in enumerate(self.findings):
            self._finding_row(number, finding)
        count = len(self.findings)
        if not count:
            Row(sheet, FIRST, FINDING_COLUMNS).text("序号", "（未发现需核实的事项）", text_wrap=False)
        left = [kept for kept in self.earlier.left(FINDINGS) if any(kept.get(c) for c in AUDITORS_COLUMNS)]
        for extra, kept in enumerate(left, start=max(count, 1)):
            row = Row(sheet, FIRST + extra, FINDING_COLUMNS)
            for title in FINDING_COLUMNS:
                look = {"bg_color": ENTRY} if title in AUDITORS_COLUMNS else {"font_color": FADED}
                row.text(title, {"序号": "—", "程度": NOT_SEEN_AGAIN}.get(title, kept.get(title, "")), **look)
        rows = max(count, 1) + len(left)
        opinion = list(FINDING_COLUMNS).index("核实意见")
        choice = {"validate": "list", "source": OPINIONS, "error_message": "请选：" + "、".join(OPINIONS)}
        sheet.raw.data_validation(FIRST, opinion, FIRST + rows - 1, opinion, choice)
        self.bottom(sheet, FINDING_COLUMNS, rows)

    def _finding_row(self, number: int, finding: Finding) -> None:
        row = Row(self.issues, FIRST + number, FINDING_COLUMNS)
        ink, fill = SEVERITY_COLOURS[finding.severity]
        row.text("序号", str(number + 1), align="center")
        look: dict[str, Any] = {"align": "center", "bold": True, "font_color": ink, "bg_color": fill}
        row.text("程度", finding.severity.value, **look)
        row.text("规则", finding.code, align="center")
        check = finding.check if finding.check in self.check_row else None
        row.text("核对索引", check or "—", self.to_check(check), align="center")
        figure = next((f for f in map(self.places.figure_at, finding.evidence) if f), None)
        row.text(
            "台账索引",
            figure.id if figure else "—",
            self.to_figure(figure.id if figure else ""),
            align="center",
        )
        row.text("事实描述", flat(finding.message))
        quotes = [self.places.quote(span) for span in finding.evidence[:QUOTES_SHOWN]]
        if len(finding.evidence) > QUOTES_SHOWN:
            quotes.append(f"……共{len(finding.evidence)}处")
        row.text("原文及位置", "\n".join(quotes))
        for title, value in (
            ("报告数", finding.stated), ("重算数", finding.expected), ("差异", finding.difference),
        ):  # fmt: skip
            row.text(title, value or "—", align="right")
        tolerance = f"容差：{finding.tolerance}" if finding.tolerance else ""
        row.text("依据", "\n".join(filter(None, [finding.source, tolerance])))
        row.text("建议核实事项", finding.advice)
        for title in AUDITORS_COLUMNS:
            align = {"align": "center"} if title == "核实意见" else {}
            row.text(title, self.kept[number].get(title, ""), bg_color=ENTRY, **align)
        row.text("指纹", finding.fingerprint)

    # -- links ------------------------------------------------------------------------------------------

    def to_figure(self, name: str) -> str:
        return self.ledger.cell(self.figure_row[name], 0) if name in self.figure_row else ""

    def to_check(self, name: str | None) -> str:
        return self.checks.cell(self.check_row[name], 0) if name in self.check_row else ""

    def to_finding(self, numbers: list[int]) -> str:
        return self.issues.cell(FIRST + numbers[0], 0) if numbers else ""

    def figures_of(self, check: Check) -> list[Figure]:
        """The figures that a check uses, the judged one first, each once."""
        used = [*([check.result] if check.result else []), *check.operands]
        return list({figure.id: figure for figure in used}.values())

    # -- what the three tables share --------------------------------------------------------------------

    def top(self, sheet: Sheet, columns: Mapping[str, float]) -> None:
        shown = len(columns) - (MARK in columns)
        sheet.text(0, 0, sheet.name, span=shown, font_name=HEAD, font_size=16, bold=True, align="center")
        sheet.at_least(0, 30)
        signed, value = [], []
        for number, (label, cell) in enumerate(ENTRY_CELLS):
            gap = "　　" if number else ""
            signed.append(f"\"{gap}{label}：\"&'{COVER}'!{cell}")
            value.append(f"{gap}{label}：{self.entries.get(label, '')}")
        sheet.formula(1, 0, "=" + "&".join(signed), "".join(value))
        sheet.at_least(1, 20)
        sheet.head(FIRST - 1, list(columns))
        sheet.raw.freeze_panes(FIRST, 0)

    def bottom(self, sheet: Sheet, columns: Mapping[str, float], rows: int) -> None:
        shown, last = len(columns), FIRST + max(rows, 1) - 1
        if MARK in columns:
            shown -= 1
            sheet.raw.set_column(shown, shown, columns[MARK], None, {"hidden": True})
        sheet.raw.autofilter(FIRST - 1, 0, last, shown - 1)
        sheet.paper(FIRST - 1, last, shown, TITLE, SIGNATURES)
