"""The working paper: a Report as an .xlsx that an auditor can sign, follow and recalculate without Python.

Comes in: a Report. Goes out: one workbook (封面 · 数值台账 · 核对表 · 问题清单 · 标识说明), written beside
and moved into place. What auditors wrote into an earlier version of the same file is carried over.
Judges nothing: statuses and severities are the report's.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections import defaultdict
from collections.abc import Mapping
from decimal import localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import AuditError
from ..findings import Check, Figure, Finding, Severity, Status
from ..report import Report
from .earlier_paper import Earlier, read_earlier
from .live_formulas import Live, fits, folded, live, readable, scale_of, verdict_formula
from .places import Places

if TYPE_CHECKING:
    from .sheet_kit import Book, Sheet

COVER, LEDGER, CHECKS, FINDINGS, LEGEND = "封面", "数值台账", "核对表", "问题清单", "标识说明"
TITLE = "部门整体支出绩效自评核对底稿"
FIRST = 3  # title, signatures, column heads; then rows

LEDGER_COLUMNS = {
    "序号": 6, "原文": 15, "数值": 13, "单位": 8, "类别": 8, "折算值": 14, "折算单位": 9, "位置": 15,
    "上下文": 50, "文件": 22, "核对索引": 16,
}  # fmt: skip
CHECK_COLUMNS = {
    "索引号": 7, "规则": 7, "事项": 18, "勾稽关系／公式": 36, "关系": 5, "报告数": 13, "重算数": 14,
    "差异": 12, "容差": 11, "单位": 7.5, "机器结论": 9, "标识": 5, "依据": 18, "发现": 7, "说明": 18,
    "审计说明": 20, "指纹": 18,
}  # fmt: skip
FINDING_COLUMNS = {
    "序号": 5, "程度": 6, "规则": 7, "核对索引": 8, "事实描述": 36, "原文及位置": 34, "报告数": 12,
    "重算数": 12, "差异": 11, "依据": 18, "建议核实事项": 24, "核实意见": 9, "说明": 18,
    "被审核单位意见": 18, "整改情况": 14, "指纹": 18,
}  # fmt: skip
OPINIONS = ["属实", "排除", "待核"]
AUDITORS_COLUMNS = ("核实意见", "说明", "被审核单位意见", "整改情况")
ENTRIES = ("被审核单位", "审核期间", "编制人", "编制日期", "复核人", "复核日期")
NOT_SEEN_AGAIN = "本次未见"

KINDS = {
    "money": "金额", "percent": "比率", "count": "数量", "standard": "标准", "score": "分值", "date": "日期",
    "area": "面积", "length": "长度", "other": "其他",
}  # fmt: skip
STATUS_COLOURS = {
    Status.AGREES: ("#1E6B3A", "#E3F1E6"),
    Status.ROUNDING: ("#7A5B00", "#FFF4CC"),
    Status.DIFFERS: ("#A61B1B", "#FBE0DE"),
    Status.NOT_CHECKED: ("#52606D", "#E9ECEF"),
}
STATUS_MEANINGS = {
    Status.AGREES: "重算结果按原文小数位四舍五入后与报告数一致",
    Status.ROUNDING: "差异在原文舍入（或截尾）所能解释的范围内",
    Status.DIFFERS: "差异超出舍入所能解释的范围，请核实",
    Status.NOT_CHECKED: "条件不足（如分母为零、数据缺失），未作判断，原因见“说明”",
}
SEVERITY_COLOURS = {
    Severity.ERROR: ("#A61B1B", "#FBE0DE"),
    Severity.QUESTION: ("#8A4B08", "#FDEBD0"),
    Severity.NOTE: ("#1F4E8C", "#E1ECF7"),
}
SEVERITY_MEANINGS = {
    Severity.ERROR: "同一口径的数据前后不符，或计算结果不符",
    Severity.QUESTION: "口径、期间或对象未能完全确定，可能不符",
    Severity.NOTE: "文字、格式或披露方面的提示，一般不影响数据",
}
MARKS = {
    "√": "核对一致：两处直接比对，数据相同",
    "∧": "纵加相符：分项合计与合计数相符",
    "R": "重算相符：按公式重新计算，结果相符",
    "≈": "尾差：舍入或截尾形成的差异",
    "×": "不符：差异超出舍入范围",
    "?": "待核实：不符，但口径尚未确定（对应“疑点”）",
    "△": "关注：不符，但性质为提示（对应“提示”）",
    "—": "不适用：未能核对",
}


def write_working_paper(
    report: Report,
    path: str | os.PathLike[str],
    *,
    force: bool = False,
    rules: Mapping[str, str] | None = None,
    department: str = "",
) -> Path:
    """Write the working paper to `path` and return it.

    force       replace an earlier working paper at `path`; what auditors entered there is kept
    rules       rule code → title, for the sheets that name rules
    department  被审核单位; left for entry where empty
    """
    from .sheet_kit import Book

    path = Path(path)
    earlier = _earlier(report, path, force)
    temporary = path.with_name(f".{secrets.token_hex(6)}.tmp")
    try:
        try:
            book = Book(str(temporary))
            with localcontext(prec=60):
                _Paper(report, book, earlier, rules or {}, department).write()
            book.file.close()
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except PermissionError as error:
        raise AuditError(path.name, "无法写入", "请关闭已打开的同名文件，或另选文件夹") from error
    except Exception as error:
        from xlsxwriter.exceptions import FileCreateError

        if isinstance(error, (OSError, FileCreateError)):
            raise AuditError(path.name, "无法写入", "请检查文件夹是否存在、磁盘是否已满") from error
        raise
    return path


def _earlier(report: Report, path: Path, force: bool) -> Earlier:
    """What stands at `path` already; raises AuditError where it must not be replaced."""
    from .sheet_kit import MOST_ROWS

    if path.suffix.lower() != ".xlsx":
        raise AuditError(path.name, "底稿只能存为 .xlsx 文件", "请把扩展名改为 .xlsx")
    if len(report.figures) > MOST_ROWS or len(report.checks) > MOST_ROWS or len(report.findings) > MOST_ROWS:
        raise AuditError(path.name, "数据超过一张工作表的行数", "请分文件核对")
    if not path.exists():
        return Earlier()
    if not force:
        raise AuditError(path.name, "文件已存在", "请另选文件名；如需更新这份底稿，请使用覆盖选项，已填的核实意见会保留")
    if not path.is_file():
        raise AuditError(path.name, "这是文件夹", "请另选文件名")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AuditError(path.name, "已有文件无法读取", "请关闭该文件后重试，或另选文件名") from error
    if hashlib.sha256(content).hexdigest() in {document.sha256 for document in report.documents}:
        raise AuditError(path.name, "这是被核对的文件，不能覆盖", "请另选文件名")
    return read_earlier(
        content, path.name, ENTRIES, {CHECKS: ("审计说明",), FINDINGS: AUDITORS_COLUMNS}, cover=COVER
    )


def check_fingerprint(check: Check, formula: str) -> str:
    """The same check in the next run, whatever the figures are numbered."""
    words = "|".join([check.rule, check.subject, formula, str(check.result or ""), check.relation])
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]


class _Paper:
    """One workbook in the making: what stands in which row of which sheet."""

    def __init__(
        self, report: Report, book: Book, earlier: Earlier, rules: Mapping[str, str], department: str
    ) -> None:
        self.report, self.book, self.earlier, self.rules = report, book, earlier, rules
        self.entries = dict(earlier.entries)
        if department:
            self.entries["被审核单位"] = department
        self.places = Places(report)
        order = list(Severity)
        self.findings = sorted(report.findings, key=lambda finding: order.index(finding.severity))
        self.figures = {figure.id: figure for figure in report.figures}
        self.cover = book.sheet(COVER, [10, 24, 11, 11, 11, 11, 11, 24], "#1F4E8C")
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
            used = [*check.operands, *([check.result] if check.result else [])]
            for name in dict.fromkeys(figure.id for figure in used):
                self.checks_of[name].append(check)
        value = list(LEDGER_COLUMNS).index("折算值")
        self.value_cells = {
            f.id: self.ledger.cell(self.figure_row[f.id], value) for f in report.figures if fits(folded(f.quantity))
        }

    def write(self) -> None:
        from .cover import write_cover, write_legend

        self.book.file.set_properties({"title": TITLE, "comments": "机器结论供审核人员核实，不代替审计判断"})
        write_cover(self)
        self.write_ledger()
        self.write_checks()
        self.write_findings()
        write_legend(self)
        self.cover.raw.activate()

    # -- sheets ------------------------------------------------------------------------------------

    def write_ledger(self) -> None:
        sheet = self.ledger
        self._top(sheet, LEDGER_COLUMNS)
        for figure in self.report.figures:
            self._ledger_row(figure)
        if not self.report.figures:
            _body(sheet, FIRST, 0, "（未识别到数值）")
        self._bottom(sheet, len(LEDGER_COLUMNS), len(self.report.figures))

    def _ledger_row(self, figure: Figure) -> None:
        sheet, row, quantity = self.ledger, self.figure_row[figure.id], figure.quantity
        scale = scale_of(quantity.unit)
        numeric = fits(folded(quantity)) and fits(quantity.value)
        plain_year = quantity.kind == "date"
        kind = KINDS[quantity.kind] + ("（约）" if quantity.approx else "")
        _body(sheet, row, 0, figure.id, align="center")
        _body(sheet, row, 1, quantity.text)
        if numeric:
            printed = max(0, -int(quantity.value.as_tuple().exponent))
            form = "0" if plain_year else "#,##0" + ("." + "0" * min(printed, 12) if printed else "")
            sheet.number(row, 2, quantity.value, num_format=form, align="right", **BOX)
            # A power of ten: dividing keeps 57.39/100 at the double nearest to 0.5739.
            source = sheet.cell(row, 2).rpartition("!")[2].replace("$", "")
            power = scale.factor.adjusted()
            change = f"/{10**-power}" if power < 0 else f"*{10**power}" if power else ""
            form = "0" if plain_year else scale.number_format(scale.decimals(quantity.decimals))
            sheet.formula(
                row, 5, f"={source}{change}", folded(quantity), num_format=form, align="right", **BOX
            )
        else:
            _body(sheet, row, 2, str(quantity.value), align="right")
            _body(sheet, row, 5, "超出表格精度", align="right")
        _body(sheet, row, 3, quantity.unit, align="center")
        _body(sheet, row, 4, kind, align="center")
        _body(sheet, row, 6, scale.unit, align="center")
        _body(sheet, row, 7, self.places.where(figure.span))
        _body(sheet, row, 8, self.places.context(figure.span))
        _body(sheet, row, 9, self.places.file(figure.span))
        used = self.checks_of[figure.id]
        ids = "、".join(check.id for check in used[:12]) + (f" 等{len(used)}项" if len(used) > 12 else "")
        _body(sheet, row, 10, ids, link=self.checks.cell(self.check_row[used[0].id], 0) if used else "")

    def write_checks(self) -> None:
        sheet = self.checks
        self._top(sheet, CHECK_COLUMNS)
        for check in self.report.checks:
            self._check_row(check)
        if not self.report.checks:
            _body(sheet, FIRST, 0, "（没有可核对的数据）")
        last = max(FIRST, FIRST + len(self.report.checks) - 1)
        for status, (ink, paper) in STATUS_COLOURS.items():
            form = self.book.file.add_format({"font_color": ink, "bg_color": paper})
            rule = {"type": "formula", "criteria": f'=$K{FIRST + 1}="{status}"', "format": form}
            sheet.raw.conditional_format(FIRST, 10, last, 11, rule)
        red = self.book.file.add_format({"font_color": STATUS_COLOURS[Status.DIFFERS][0], "bold": True})
        rule = {"type": "formula", "criteria": f'=$K{FIRST + 1}="{Status.DIFFERS}"', "format": red}
        sheet.raw.conditional_format(FIRST, 7, last, 7, rule)
        sheet.raw.ignore_errors({"formula_differs": f"A{FIRST + 1}:Q{last + 1}"})
        sheet.raw.set_column(16, 16, 18, None, {"hidden": True})
        self._bottom(sheet, len(CHECK_COLUMNS) - 1, len(self.report.checks))

    def _check_row(self, check: Check) -> None:
        sheet, row = self.checks, self.check_row[check.id]
        known = {**self.figures, **{f.id: f for f in check.operands}}
        view = live(check, known, self.value_cells)
        formula = readable(check, known)
        numbers = self.findings_of[check.id]
        first = next((f.id for f in check.operands if f.id in self.figure_row), "")
        result = check.result.id if check.result and check.result.id in self.figure_row else ""
        evidence = self.ledger.cell(self.figure_row[first or result], 0) if first or result else ""
        stated_link = self.ledger.cell(self.figure_row[result], 0) if result else ""
        note, tie = check.note, {"=": "=", "<=": "≤", ">=": "≥"}[check.relation]
        _body(sheet, row, 0, check.id, align="center")
        _body(sheet, row, 1, check.rule, align="center")
        _body(sheet, row, 2, check.subject)
        _body(sheet, row, 3, formula, link=evidence)
        _body(sheet, row, 4, tie, align="center")
        here = [sheet.cell(row, column).rpartition("!")[2].replace("$", "") for column in range(12)]
        number: dict[str, Any] = {"align": "right", **BOX}
        stated_style = {"num_format": view.stated_format, **number}
        detail = {"num_format": view.detail_format, **number}
        if view.stated is None:
            _body(sheet, row, 5, "—", align="right")
        elif view.stated_formula:
            stated_style["font_color"] = "#1F4E8C"
            sheet.formula(row, 5, view.stated_formula, view.stated, link=stated_link, **stated_style)
        else:
            sheet.number(row, 5, view.stated, **stated_style)
        if view.expected is None:
            _body(sheet, row, 6, "—", align="right")
        elif view.expected_formula:
            sheet.formula(row, 6, view.expected_formula, view.expected, **detail)
        else:
            sheet.number(row, 6, view.expected, **detail)
        if view.difference is None:
            _body(sheet, row, 7, "—", align="right")
        else:
            sheet.formula(
                row, 7, f"=ROUND({here[5]}-{here[6]},{view.difference_places})", view.difference, **detail
            )
        if view.slack is None:
            _body(sheet, row, 8, "—", align="right")
        else:
            places = view.difference_places if view.slack else 0
            form = view.scale.number_format(places)
            sheet.number(row, 8, view.slack, num_format=form, **number)
        _body(sheet, row, 9, view.scale.unit, align="center")
        bold = {"align": "center", "bold": True}
        if view.judged:
            sheet.formula(
                row, 10, verdict_formula(check.relation, view, *here[5:9]), check.status.value, **bold, **BOX
            )
        else:
            _body(sheet, row, 10, check.status.value, **bold)
            if check.status is not Status.NOT_CHECKED:
                note = "；".join(filter(None, [note, "结论由程序给出，不随单元格重算"]))
        self._mark(check, view, row, here[10])
        sources = [self.rules.get(check.rule, ""), *(self.findings[n].source for n in numbers)]
        _body(sheet, row, 12, "；".join(dict.fromkeys(filter(None, sources))))
        _body(
            sheet, row, 13, "、".join(str(n + 1) for n in numbers), align="center",
            link=self.issues.cell(FIRST + numbers[0], 0) if numbers else "",
        )  # fmt: skip
        _body(sheet, row, 14, note)
        fingerprint = check_fingerprint(check, formula)
        kept = self.earlier.take(CHECKS, fingerprint)
        _body(sheet, row, 15, kept.get("审计说明", ""), bg_color=ENTRY)
        _body(sheet, row, 16, fingerprint)

    def _mark(self, check: Check, view: Live, row: int, status_cell: str) -> None:
        """The tick mark, live where the verdict is."""
        if check.status is Status.NOT_CHECKED:
            _body(self.checks, row, 11, "—", align="center")
            return
        good = "√" if check.formula.strip().isalnum() else "R" if set("*/(m") & set(check.formula) else "∧"
        severities = {self.findings[n].severity for n in self.findings_of[check.id]}
        bad = "×"
        if severities and Severity.ERROR not in severities:
            bad = "?" if Severity.QUESTION in severities else "△"
        mark = {Status.AGREES: good, Status.ROUNDING: "≈"}.get(check.status, bad)
        if view.judged:
            formula = f'=IF({status_cell}="{Status.AGREES}","{good}",IF({status_cell}="{Status.ROUNDING}","≈","{bad}"))'
            self.checks.formula(row, 11, formula, mark, align="center", bold=True, **BOX)
        else:
            _body(self.checks, row, 11, mark, align="center", bold=True)

    def write_findings(self) -> None:
        sheet = self.issues
        self._top(sheet, FINDING_COLUMNS)
        for number, finding in enumerate(self.findings):
            self._finding_row(FIRST + number, number, finding)
        count = len(self.findings)
        if not count:
            _body(sheet, FIRST, 0, "（未发现需核实的事项）")
        left = [row for row in self.earlier.left(FINDINGS) if any(row.get(c) for c in AUDITORS_COLUMNS)]
        for extra, kept in enumerate(left, start=max(count, 1)):
            for column, title in enumerate(FINDING_COLUMNS):
                entry = {"bg_color": ENTRY} if title in AUDITORS_COLUMNS else {"font_color": "#7B8794"}
                _body(sheet, FIRST + extra, column, kept.get(title, ""), **entry)
            _body(sheet, FIRST + extra, 0, "—", align="center")
            _body(sheet, FIRST + extra, 1, NOT_SEEN_AGAIN, align="center", font_color="#7B8794")
        rows = max(count, 1) + len(left)
        opinion = list(FINDING_COLUMNS).index("核实意见")
        sheet.raw.data_validation(
            FIRST, opinion, FIRST + rows - 1, opinion,
            {"validate": "list", "source": OPINIONS, "error_title": "核实意见", "error_message": "请选：属实、排除、待核"},
        )  # fmt: skip
        sheet.raw.set_column(15, 15, 18, None, {"hidden": True})
        self._bottom(sheet, len(FINDING_COLUMNS) - 1, rows)

    def _finding_row(self, row: int, number: int, finding: Finding) -> None:
        sheet = self.issues
        ink, paper = SEVERITY_COLOURS[finding.severity]
        _body(sheet, row, 0, str(number + 1), align="center")
        _body(sheet, row, 1, finding.severity.value, align="center", bold=True, font_color=ink, bg_color=paper)
        _body(sheet, row, 2, finding.code, align="center")
        check = finding.check if finding.check in self.check_row else None
        _body(
            sheet, row, 3, check or "—", align="center",
            link=self.checks.cell(self.check_row[check], 0) if check else "",
        )  # fmt: skip
        _body(sheet, row, 4, finding.message)
        figure = next((f for f in map(self.places.figure_at, finding.evidence) if f), None)
        quotes = [self.places.quote(span) for span in finding.evidence[:6]]
        if len(finding.evidence) > 6:
            quotes.append(f"……共{len(finding.evidence)}处")
        _body(
            sheet, row, 5, "\n".join(quotes),
            link=self.ledger.cell(self.figure_row[figure.id], 0) if figure else "",
        )  # fmt: skip
        for column, value in ((6, finding.stated), (7, finding.expected), (8, finding.difference)):
            _body(sheet, row, column, value or "—", align="right")
        source = "；".join(filter(None, [self.rules.get(finding.code, ""), finding.source]))
        _body(sheet, row, 9, source + (f"\n容差：{finding.tolerance}" if finding.tolerance else ""))
        _body(sheet, row, 10, finding.advice)
        kept = self.earlier.take(FINDINGS, finding.fingerprint)
        for column, title in enumerate(FINDING_COLUMNS):
            if title in AUDITORS_COLUMNS:
                align = {"align": "center"} if title == "核实意见" else {}
                _body(sheet, row, column, kept.get(title, ""), bg_color=ENTRY, **align)
        _body(sheet, row, 15, finding.fingerprint)

    # -- what all sheets share ---------------------------------------------------------------------

    def _top(self, sheet: Sheet, columns: Mapping[str, float]) -> None:
        from .cover import ENTRY_CELLS
        from .sheet_kit import HEAD

        shown = [title for title in columns if title != "指纹"]
        sheet.text(0, 0, sheet.name, span=len(shown), font_name=HEAD, font_size=16, bold=True, align="center")
        sheet.at_least(0, 30)
        parts = [f'"{"　　" if i else ""}{label}："&{COVER}!{cell}' for i, (label, cell) in enumerate(ENTRY_CELLS)]
        value = "　　".join(f"{label}：{self.entries.get(label, '')}" for label, _ in ENTRY_CELLS)
        sheet.formula(1, 0, "=" + "&".join(parts), value)
        sheet.at_least(1, 20)
        sheet.head(FIRST - 1, list(columns))
        sheet.raw.freeze_panes(FIRST, 0)

    def _bottom(self, sheet: Sheet, columns: int, rows: int) -> None:
        last = max(FIRST, FIRST + rows - 1)
        sheet.raw.autofilter(FIRST - 1, 0, last, columns - 1)
        sheet.paper(FIRST - 1, last, columns, TITLE, "编制人：____________　复核人：____________")


ENTRY = "#FFFBEA"  # the auditor's own cells
BOX: dict[str, Any] = {"border": 1, "border_color": "#9AA5B1"}


def _body(sheet: Sheet, row: int, column: int, text: str, link: str = "", **style: Any) -> None:
    sheet.text(row, column, text, link, text_wrap=True, **{**BOX, **style})
