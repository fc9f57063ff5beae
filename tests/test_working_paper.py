"""The working paper: live formulas that LibreOffice agrees with, links, safety, the auditor's own words."""

from __future__ import annotations

import hashlib
import random
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libreoffice import need, recalculate, to_pdf, to_png

from audit.errors import AuditError
from audit.faces.working_paper import write_working_paper
from audit.faces.working_paper.kit import clean
from audit.faces.working_paper.layout import CHECKS, COVER, FINDINGS, FIRST, LEDGER, LEGEND
from audit.faces.working_paper.live import live, readable
from audit.faces.working_paper.live import verdict as verdict_in_sheet
from audit.findings import Check, Figure, Finding, Severity, Status, verdict
from audit.quantity import Quantity
from audit.ranges import Range, evaluate, names_in
from audit.report import Report
from audit.source import Block, Cell, Document, Span, Table

RULES = {"R101": "分项相加应等于合计", "R201": "执行率＝执行数÷预算数", "R501": "得分＝分值×完成率"}
EVIL = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"]


class Desk:
    """Builds a report by hand: figures are printed one after the other, checks say what they must be."""

    def __init__(self) -> None:
        self.text, self.figures, self.checks, self.findings = "甲局自评报告\n", [], [], []
        self.tables: list[Table] = []

    def figure(self, value: str, unit: str, kind: str, text: str = "", **more: object) -> Figure:
        text = text or f"{value}{unit}"
        start = len(self.text) + len("其中")
        self.text += f"其中{text}；" + ("\n" if len(self.figures) % 3 == 2 else "")
        number = Decimal(value)
        more.setdefault("decimals", max(0, -int(number.as_tuple().exponent)))
        quantity = Quantity(number, unit, kind, text, **more)  # type: ignore[arg-type]
        span = Span("d1", start, start + len(text), text)
        self.figures.append(Figure(f"f{len(self.figures) + 1}", quantity, span))
        return self.figures[-1]

    def money(self, value: str, unit: str = "万元", **more: object) -> Figure:
        return self.figure(value, unit, "money", **more)

    def percent(self, value: str, unit: str = "%") -> Figure:
        return self.figure(value, unit, "percent")

    def count(self, value: str, unit: str = "人") -> Figure:
        return self.figure(value, unit, "count")

    def check(
        self, status: Status, formula: str, result: Figure | None, relation: str = "=", **more: object
    ) -> Check:
        known = {figure.id: figure for figure in self.figures}
        operands = tuple(known[name] for name in names_in(formula))
        more.setdefault("rule", "R201" if "/" in formula else "R101")
        self.checks.append(
            Check(
                id=f"c{len(self.checks) + 1}", status=status, formula=formula, operands=operands,
                result=result, relation=relation, **{"subject": "某项", **more},  # type: ignore[arg-type]
            )
        )  # fmt: skip
        return self.checks[-1]

    def finding(
        self, severity: Severity = Severity.ERROR, message: str = "甲与乙不等", **more: object
    ) -> None:
        check = self.checks[-1] if self.checks else None
        evidence = tuple(f.span for f in check.operands) if check else ()
        fields = {"code": "R101", "evidence": evidence, "advice": "请核对", "source": "某办法", **more}
        self.findings.append(Finding(severity=severity, message=message, **fields))  # type: ignore[arg-type]

    def report(self) -> Report:
        lines, blocks, at = self.text.splitlines(keepends=True), [], 0
        for line in lines:
            blocks.append(Block(at, at + len(line)))
            at += len(line)
        sha = hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()
        document = Document("d1", "甲局.txt", "narrative", sha, self.text, tuple(blocks), tuple(self.tables))
        return Report(
            (document,), tuple(self.figures), (), tuple(self.checks), tuple(self.findings), {"audit": "0"}
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def mixture() -> Desk:
    """One check of every kind, with the verdict a person would give."""
    d = Desk()
    whole, first = d.money("100.01"), d.money("33.33")
    d.money("66.68")
    d.check(Status.AGREES, "f2 + f3", whole, subject="合计")
    d.check(Status.ROUNDING, "f2 + f3", d.money("100.02"))
    d.check(Status.DIFFERS, "f2 + f3", d.money("101.01"))
    d.finding(Severity.ERROR, check="c3", expected="100.01万元", stated="101.01万元", difference="1.00万元")
    yuan = d.money("1000100", "元", decimals=0)
    d.check(Status.AGREES, "f2 + f3", yuan)
    d.check(Status.AGREES, f"{yuan.id} - f3", first)
    billion = d.money("0.01", "亿元")
    d.check(Status.AGREES, "f2 + f3", billion)
    below = d.money("-12.5", decimals=2)
    d.check(Status.AGREES, f"-({below.id})", d.money("12.50"))
    d.check(Status.AGREES, f"({whole.id} - f2) / f2", d.percent("200.06"))
    d.check(Status.ROUNDING, "f2 / f3", d.percent("49.98"), subject="截尾")
    d.check(Status.AGREES, "f2 / f3", d.percent("49.99"))
    d.check(Status.AGREES, "f2 / f3", d.percent("499.9", "‰"))
    d.check(Status.DIFFERS, "f2 / f3", d.percent("94.99"))
    d.finding(Severity.QUESTION, check=d.checks[-1].id)
    d.check(Status.AGREES, "f3 / f2", d.figure("2.00", "倍", "percent"))
    pay, people = d.figure("605", "元/月", "standard"), d.count("1200")
    d.check(Status.AGREES, f"{pay.id} * {people.id}", d.money("72.60"))
    d.check(Status.AGREES, f"{pay.id} * {people.id} * 12", d.money("8712000", "元", decimals=0))
    d.check(Status.DIFFERS, f"{people.id} + 1", d.count("1202"))
    d.finding(Severity.NOTE, check=d.checks[-1].id)
    d.check(Status.AGREES, f"{people.id}", d.count("0.12", "万人"))
    d.check(Status.AGREES, f"{people.id}", d.count("1000"), "<=")
    d.check(Status.DIFFERS, "f2 / f3", d.percent("49.99"), "<=", subject="恰在限额之上")
    d.check(Status.AGREES, "f2 / f3", d.percent("49.99"), ">=")
    weight, rate = d.figure("10", "分", "score"), d.percent("57.39")
    d.check(Status.AGREES, f"min({weight.id}, {weight.id} * {rate.id} / 1)", d.figure("5.74", "分", "score"))
    d.check(Status.AGREES, f"max(0, min(10, 20 * {rate.id}))", d.figure("10", "分", "score"))
    d.check(Status.AGREES, "f2 + 1000 * 10000 - 10000000", d.money("33.33"), subject="元的常数")
    d.check(Status.AGREES, f"{weight.id} * 10", None, stated=Decimal(100), unit="分", subject="分值合计")
    d.check(Status.DIFFERS, f"{rate.id} + {rate.id}", None, stated=Decimal(100), unit="%")
    d.check(Status.AGREES, "8", d.count("8", "个"))
    d.check(Status.NOT_CHECKED, "f2 / f3", d.percent("12.00"), note="分母为零，比率无意义")
    zero = d.money("0.00")
    d.check(Status.NOT_CHECKED, f"f2 / {zero.id}", None, note="分母为零")
    d.check(Status.AGREES, "不是公式", d.money("1.00"), expected=Decimal("1.00"))
    d.check(Status.AGREES, "2023", d.figure("2023", "年", "date"))
    d.figure("12345678901234567890123", "元", "money")
    d.check(Status.DIFFERS, d.figures[-1].id, d.money("5.00"))
    d.figure("3.5", "亿元", "money", "约3.5亿元", approx=True)
    return d


def saved(report: Report, folder: Path, name: str = "底稿.xlsx", **more: object) -> Path:
    return write_working_paper(report, folder / name, rules=RULES, **more)  # type: ignore[arg-type]


def cells_under(sheet: openpyxl.worksheet.worksheet.Worksheet, head: str) -> list[object]:
    """A column of a table without its head."""
    column = next(c.column for c in sheet[FIRST] if c.value == head)
    return [row[column - 1].value for row in sheet.iter_rows(min_row=FIRST + 1)]


def stale(original: Path, recalculated: Path) -> list[str]:
    """The formula cells whose stored value is not what the other file has."""
    formulas = openpyxl.load_workbook(original)
    ours, theirs = (openpyxl.load_workbook(path, data_only=True) for path in (original, recalculated))
    wrong, seen = [], 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                seen += 1
                a, b = ours[sheet.title][cell.coordinate].value, theirs[sheet.title][cell.coordinate].value
                if isinstance(a, int | float) and isinstance(b, int | float):
                    same = abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1e-3)
                else:
                    same = a == b
                if not same:
                    wrong.append(f"{sheet.title}!{cell.coordinate}: {a!r} / {b!r}")
    assert seen > 50
    return wrong


# -- live formulas ---------------------------------------------------------------------------------------


def test_verdicts_are_the_reports_own_and_nearly_all_live(tmp_path: Path) -> None:
    report = mixture().report()
    path = saved(report, tmp_path)
    values = openpyxl.load_workbook(path, data_only=True)[CHECKS]
    formulas = openpyxl.load_workbook(path)[CHECKS]
    assert cells_under(values, "机器结论") == [check.status.value for check in report.checks]
    fixed = [
        check.formula
        for check, verdict in zip(report.checks, cells_under(formulas, "机器结论"), strict=True)
        if not str(verdict).startswith("=") and check.status is not Status.NOT_CHECKED
    ]
    assert fixed == ["不是公式", report.checks[-1].operands[0].id]  # no formula; too long for a cell


def test_a_check_reads_with_the_printed_figures(tmp_path: Path) -> None:
    desk = Desk()
    desk.money("40.50"), desk.money("81.00"), desk.figure("605", "元/月", "standard")
    check = desk.check(Status.AGREES, "min(1, f1 / f2) - f3 * 2", None)
    assert readable(
        check, {f.id: f for f in desk.figures}
    ) == "取小(1, 40.50万元 ÷ 81.00万元) − 605元/月 × 2".replace(", ", "， ")


def test_no_formula_where_a_check_could_not_be_made(tmp_path: Path) -> None:
    report = mixture().report()
    sheet = openpyxl.load_workbook(saved(report, tmp_path))[CHECKS]
    rows = zip(report.checks, cells_under(sheet, "重算数"), cells_under(sheet, "说明"), strict=True)
    left = [(recomputed, note) for check, recomputed, note in rows if check.status is Status.NOT_CHECKED]
    assert left == [("—", "分母为零，比率无意义"), ("—", "分母为零")]


amounts = st.decimals(min_value=-5000, max_value=5000, places=2)


@given(amounts, amounts, amounts, st.sampled_from(["+", "-", "*", "/"]), st.integers(-3, 3), st.booleans())
def test_the_sheet_judges_as_the_report_does(
    a: Decimal, b: Decimal, c: Decimal, operator: str, off: int, exact: bool
) -> None:
    desk = Desk()
    desk.money(str(a)), desk.money(str(b), "元" if operator in "+-" else "万元")
    formula = f"f1 {operator} f2"
    ranges = {f.id: Range(f.quantity.exact, f.quantity.low, f.quantity.high) for f in desk.figures}
    try:
        got = evaluate(formula, ranges)
    except ZeroDivisionError:
        return
    if operator == "*":
        return
    unit, kind, scale = ("%", "percent", Decimal("0.01")) if operator == "/" else ("万元", "money", 10000)
    printed = round(got.exact / scale, 2) + off * Decimal("0.01") if exact else c
    result = desk.figure(str(printed), unit, kind)
    status = verdict(result.quantity, got)
    check = desk.check(status, formula, result)
    view = live(check, {f.id: f for f in desk.figures}, {"f1": "A1", "f2": "A2", "f3": "A3"})
    assert view.judged and verdict_in_sheet("=", view) is status


@pytest.mark.host
def test_libreoffice_recomputes_every_stored_value(tmp_path: Path) -> None:
    need("soffice")
    path = saved(mixture().report(), tmp_path, department="甲局")
    assert stale(path, recalculate(path, tmp_path / "again")) == []


@pytest.mark.host
def test_a_wrong_stored_value_is_noticed(tmp_path: Path) -> None:
    need("soffice")
    path = saved(mixture().report(), tmp_path)
    planted = tmp_path / "planted.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(planted, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet3.xml":
                pattern = rb'(<c r="H4"[^>]*><f>[^<]*</f><v>)100.01(</v>)'
                content, times = re.subn(pattern, rb"\g<1>100.02\g<2>", content)
                assert times == 1
            new.writestr(name, content)
    assert stale(planted, recalculate(planted, tmp_path / "again")) == [f"{CHECKS}!H4: 100.02 / 100.01"]


@pytest.mark.host
def test_libreoffice_gives_the_reports_verdicts_at_the_edges_of_rounding(tmp_path: Path) -> None:
    """Many sums and rates that fall on, just beside, or a step off a half: float dust must not decide."""
    need("soffice")
    dice, desk = random.Random(7), Desk()
    while len(desk.checks) < 400:
        divide = len(desk.checks) % 2
        b = Decimal(dice.choice([200, 400, 625, 1250, 2000, 16, 32])) / (1 if divide else 100)
        a = Decimal(dice.randrange(1, 900000)) / 100
        first, second = desk.money(f"{a:.2f}"), desk.money(f"{b:.2f}")
        formula = f"{first.id} {'/' if divide else dice.choice('+-')} {second.id}"
        ranges = {f.id: Range(f.quantity.exact, f.quantity.low, f.quantity.high) for f in (first, second)}
        got = evaluate(formula, ranges)
        unit, kind, scale = ("%", "percent", Decimal("0.01")) if divide else ("万元", "money", Decimal(10000))
        places = dice.choice([0, 1, 2])
        printed = round(got.exact / scale, places) + dice.choice([-1, 0, 0, 1]) * Decimal(1).scaleb(-places)
        result = desk.figure(f"{printed:.{places}f}", unit, kind)
        relation = dice.choice(["=", "=", "<=", ">="])
        desk.check(verdict(result.quantity, got, relation), formula, result, relation)
    report = desk.report()
    path = saved(report, tmp_path)
    assert all(str(v).startswith("=") for v in cells_under(openpyxl.load_workbook(path)[CHECKS], "机器结论"))
    again = openpyxl.load_workbook(recalculate(path, tmp_path / "again"), data_only=True)[CHECKS]
    told = cells_under(again, "机器结论")
    assert told == [check.status.value for check in report.checks]
    assert set(told) == {Status.AGREES.value, Status.ROUNDING.value, Status.DIFFERS.value}


@pytest.mark.host
def test_a_corrected_number_recomputes_verdict_and_totals(tmp_path: Path) -> None:
    need("soffice")
    desk = Desk()
    desk.money("30.00"), desk.money("70.00"), desk.money("100.00")
    desk.check(Status.AGREES, "f1 + f2", desk.figures[2])
    book = openpyxl.load_workbook(saved(desk.report(), tmp_path))
    book[LEDGER]["C4"] = 31
    book.save(tmp_path / "corrected.xlsx")
    again = openpyxl.load_workbook(
        recalculate(tmp_path / "corrected.xlsx", tmp_path / "again"), data_only=True
    )
    sheet = again[CHECKS]
    row = [cells_under(sheet, head)[0] for head in ("报告数", "重算数", "差异", "机器结论", "标识")]
    assert row == [100, 101, -1, "不符", "×"]
    totals = next(row for row in again[COVER].iter_rows(values_only=True) if row[0] == "R101")
    assert totals[2:7] == (0, 0, 1, 0, 1)


@pytest.mark.host
def test_it_prints(tmp_path: Path) -> None:
    need("soffice", "pdftoppm")
    pages = to_png(to_pdf(saved(mixture().report(), tmp_path), tmp_path), tmp_path / "pages")
    assert len(pages) >= 5


# -- what the auditor entered ----------------------------------------------------------------------------


def enter(path: Path, sheet: str, head: str, row: int, text: str) -> None:
    book = openpyxl.load_workbook(path)
    column = next(c.column for c in book[sheet][FIRST] if c.value == head)
    book[sheet].cell(FIRST + row, column, text)
    book.save(path)


def test_the_auditors_words_survive_a_new_run(tmp_path: Path) -> None:
    desk = mixture()
    path = saved(desk.report(), tmp_path)
    enter(path, FINDINGS, "核实意见", 2, "属实")
    enter(path, FINDINGS, "被审核单位意见", 2, "-同意更正")
    enter(path, CHECKS, "审计说明", 1, "已核对原始凭证")
    book = openpyxl.load_workbook(path)
    book[COVER]["B5"] = "张三"
    book.save(path)
    desk.findings.insert(0, replace(desk.findings[1], message="新的事项", code="R999"))
    saved(desk.report(), tmp_path, force=True)
    sheet = openpyxl.load_workbook(path)[FINDINGS]
    opinions = dict(zip(cells_under(sheet, "指纹"), cells_under(sheet, "核实意见"), strict=True))
    assert {mark for mark, opinion in opinions.items() if opinion} == {desk.findings[2].fingerprint}
    assert "-同意更正" in cells_under(sheet, "被审核单位意见")
    book = openpyxl.load_workbook(path, data_only=True)
    assert cells_under(book[CHECKS], "审计说明")[0] == "已核对原始凭证"
    assert book[COVER]["B5"].value == "张三"
    assert "编制人：张三" in book[LEDGER]["A2"].value
    counts = next(row for row in book[COVER].iter_rows(values_only=True) if row[0] == "疑点")
    assert counts[2:7] == (1, 0, 0, 1, 2)


def test_what_was_said_of_a_finding_that_is_gone_is_kept_apart(tmp_path: Path) -> None:
    desk = mixture()
    path = saved(desk.report(), tmp_path)
    enter(path, FINDINGS, "说明", 1, "已更正")
    desk.findings = desk.findings[1:]
    for _ in range(2):  # and once more
        saved(desk.report(), tmp_path, force=True)
        sheet = openpyxl.load_workbook(path, data_only=True)[FINDINGS]
        assert cells_under(sheet, "程度") == ["疑点", "提示", "本次未见"]
        assert cells_under(sheet, "说明") == [None, None, "已更正"]


def test_two_findings_with_one_fingerprint_keep_their_order(tmp_path: Path, desk: Desk) -> None:
    desk.finding(message="甲"), desk.finding(message="甲")
    path = saved(desk.report(), tmp_path)
    enter(path, FINDINGS, "核实意见", 2, "排除")
    saved(desk.report(), tmp_path, force=True)
    assert cells_under(openpyxl.load_workbook(path)[FINDINGS], "核实意见") == [None, "排除"]


# -- files -------------------------------------------------------------------------------------------------


def test_an_existing_file_is_not_touched_without_force(tmp_path: Path, desk: Desk) -> None:
    path = saved(desk.report(), tmp_path)
    before = path.read_bytes()
    with pytest.raises(AuditError, match=r"文件已存在.*另选文件名"):
        saved(desk.report(), tmp_path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_another_file_is_not_replaced_even_with_force(tmp_path: Path, desk: Desk, content: bytes) -> None:
    path = tmp_path / "底稿.xlsx"
    path.write_bytes(content)
    with pytest.raises(AuditError, match="不是本工具生成的底稿"):
        saved(desk.report(), tmp_path, force=True)
    assert path.read_bytes() == content and list(tmp_path.iterdir()) == [path]


def test_the_checked_file_is_never_replaced(tmp_path: Path, desk: Desk) -> None:
    path = saved(desk.report(), tmp_path)
    report = desk.report()
    annex = replace(report.documents[0], id="d2", sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(AuditError, match="被核对的文件"):
        saved(replace(report, documents=(*report.documents, annex)), tmp_path, force=True)


def test_nothing_half_written_is_left(tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(desk.report(), tmp_path)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("audit.faces.working_paper.os.replace", fail)
    with pytest.raises(AuditError, match="无法写入"):
        saved(desk.report(), tmp_path, force=True)
    assert list(tmp_path.iterdir()) == [path] and path.read_bytes() == before


@pytest.mark.parametrize("name", ["没有/底稿.xlsx", "底稿.xls", "底稿"])
def test_a_path_that_cannot_be_written_says_so(tmp_path: Path, desk: Desk, name: str) -> None:
    with pytest.raises(AuditError, match=r"无法写入|只能存为"):
        saved(desk.report(), tmp_path, name)
    assert list(tmp_path.iterdir()) == []


# -- text, links, page -------------------------------------------------------------------------------------


def test_text_from_outside_is_never_a_formula(tmp_path: Path) -> None:
    desk = Desk()
    for evil in EVIL:
        figure = desk.figure("1", "元", "money", evil)
        desk.check(Status.DIFFERS, figure.id, figure, subject=evil, note=evil, rule=evil, stated=Decimal(2))
        fields = {"source": evil, "advice": evil, "code": evil, "stated": evil, "tolerance": evil}
        desk.finding(message=evil, check=desk.checks[-1].id, **fields)
    report = desk.report()
    document = replace(report.documents[0], name=EVIL[0], warnings=tuple(EVIL))
    report = replace(report, documents=(document,), versions={"=1": "=2"})
    path = saved(report, tmp_path, department="=1+1")
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert not any(evil.strip() in cell.value for evil in EVIL), cell.coordinate
                elif isinstance(cell.value, str) and cell.value[:1] in "=+-@" and len(cell.value) > 1:
                    assert cell.quotePrefix or cell.value == "=", cell.coordinate
    findings = openpyxl.load_workbook(path)[FINDINGS]
    assert cells_under(findings, "建议核实事项")[:2] == ["=1+1", "+1"]
    assert openpyxl.load_workbook(path)[COVER]["B4"].data_type == "s"


def test_huge_and_unprintable_text_is_cut_to_what_a_cell_holds(tmp_path: Path, desk: Desk) -> None:
    desk.money("1.00")
    desk.check(Status.DIFFERS, "f1", desk.money("2.00"), subject="乙" * 40000, note="\x00\x0b\ud800丙")
    desk.finding(message="𠮷" * 40000, check="c1", advice="丁\n" * 500)
    path = saved(desk.report(), tmp_path)
    book = openpyxl.load_workbook(path)
    subject = cells_under(book[CHECKS], "事项")[0]
    message = cells_under(book[FINDINGS], "事实描述")[0]
    assert cells_under(book[CHECKS], "说明") == ["丙"]
    assert len(subject) <= 32767 and subject.endswith("后文略）")
    assert len(message.encode("utf-16-le")) // 2 <= 32767
    assert max(d.height or 0 for d in book[FINDINGS].row_dimensions.values()) <= 409


@given(st.text(max_size=50))
def test_clean_text_is_valid_xml(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", clean(text))


def test_links_lead_to_rows_that_exist(tmp_path: Path) -> None:
    report = mixture().report()
    book = openpyxl.load_workbook(saved(report, tmp_path))
    links = [(s.title, c) for s in book for row in s.iter_rows() for c in row if c.hyperlink]
    for _, cell in links:
        sheet, _, place = cell.hyperlink.location.rpartition("!")
        assert book[sheet.strip("'")][place].value is not None, cell.hyperlink.location
    check, finding = report.checks[2], report.findings[0]
    assert finding.check == check.id
    assert {sheet for sheet, _ in links} == {COVER, LEDGER, CHECKS, FINDINGS}

    def target(sheet: str, head: str, row: int) -> object:
        column = next(c.column for c in book[sheet][FIRST] if c.value == head)
        name, _, place = book[sheet].cell(FIRST + row, column).hyperlink.location.rpartition("!")
        return book[name.strip("'")][place].value

    assert target(CHECKS, "发现", 3) == "1" and target(FINDINGS, "核对索引", 1) == check.id
    assert target(CHECKS, "台账索引", 3) == check.result.id
    assert target(FINDINGS, "台账索引", 1) == check.operands[0].id
    assert target(LEDGER, "核对索引", 2) == "c1"


def test_the_ledger_says_where_and_what(tmp_path: Path, desk: Desk) -> None:
    desk.money("423.7", decimals=2)
    desk.figure("3.5", "亿元", "money", "约3.5亿元", approx=True)
    row = (Cell(1, 0, "基本支出", Span("d1", None, None, "基本支出", cell="附表!A2")),)
    number = Cell(1, 1, "98.5%", Span("d1", None, None, "98.5%", cell="附表!B2"), Decimal("0.985"))
    desk.tables.append(Table("附表", (*row, number), 2, 2))
    desk.figures.append(Figure("f3", Quantity(Decimal("98.5"), "%", "percent", "98.5%", 1), number.span))
    sheet = openpyxl.load_workbook(saved(desk.report(), tmp_path), data_only=True)[LEDGER]
    assert cells_under(sheet, "折算值") == [423.7, 35000, 0.985]
    assert cells_under(sheet, "折算单位") == ["万元", "万元", "比率"]
    assert cells_under(sheet, "类别") == ["金额", "金额（约）", "比率"]
    assert cells_under(sheet, "位置") == ["第2段", "第2段", "附表!B2"]
    context = cells_under(sheet, "上下文")
    assert context[0] == "甲局自评报告 其中【423.7万元】；其中约3.5亿元；"
    assert context[2] == "基本支出 ｜【98.5%】"


def test_a_cell_left_for_entry_is_empty(tmp_path: Path) -> None:
    """An empty text would be counted as an answer and stop the text beside it from showing."""
    with zipfile.ZipFile(saved(mixture().report(), tmp_path)) as parts:
        assert b"<t></t>" not in parts.read("xl/sharedStrings.xml")
        assert b"<t/>" not in parts.read("xl/sharedStrings.xml")


def test_an_empty_report_still_makes_a_paper(tmp_path: Path, desk: Desk) -> None:
    book = openpyxl.load_workbook(saved(desk.report(), tmp_path))
    assert book.sheetnames == [COVER, LEDGER, CHECKS, FINDINGS, LEGEND]


def test_findings_stand_by_severity_and_offer_the_opinions(tmp_path: Path, desk: Desk) -> None:
    for severity in (Severity.NOTE, Severity.ERROR, Severity.QUESTION, Severity.ERROR):
        desk.finding(severity, message=f"{severity}{len(desk.findings)}")
    sheet = openpyxl.load_workbook(saved(desk.report(), tmp_path))[FINDINGS]
    assert cells_under(sheet, "事实描述") == ["错误1", "错误3", "疑点2", "提示0"]
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"属实,排除,待核"' and str(choice.sqref) == "M4:M7"


def test_every_sheet_prints_on_a4(tmp_path: Path) -> None:
    for sheet in openpyxl.load_workbook(saved(mixture().report(), tmp_path)):
        table = sheet.title in (LEDGER, CHECKS, FINDINGS)
        setup = sheet.page_setup
        direction = "landscape" if table else "portrait"
        assert (setup.paperSize, setup.orientation, setup.fitToHeight) == (9, direction, 0), sheet.title
        assert "&P" in sheet.oddFooter.right.text and "复核人" in sheet.oddFooter.left.text
        if table:
            assert sheet.print_title_rows == f"${FIRST}:${FIRST}" and sheet.freeze_panes == f"A{FIRST + 1}"
