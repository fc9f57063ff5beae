"""Final accounts: the standard tables of two provinces' layouts, and copies of them broken in one place each."""

from __future__ import annotations

import random
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import accounts as made
import pytest
from accounts import NAME, YEAR, Part, Sheet, Style

from audit import run
from audit.accounts import read_accounts
from audit.accounts.model import families
from audit.accounts.titles import kind_of_title, part_of
from audit.findings import Finding, Severity, Status
from audit.read import read
from audit.report import Report
from audit.source import CellState, Document

LAYOUTS = {
    "行次、栏次，万元": Style(),
    "竖排三公表，元，填0.00": Style(order=False, down=True, scale=10000, blank="0.00"),
    "类款项分列，填短横，跨页": Style(split=True, blank="—", pages=6),
}


def check(parts: list[Part], style: Style | None = None) -> Report:
    return run.check_documents([made.document(parts, style)])


def raised(report: Report) -> list[Finding]:
    """Everything beyond wording and layout."""
    return [f for f in report.findings if not f.code.startswith("R8")]


def changed(old: str, new: str, where: str = "", style: Style | None = None) -> list[Part]:
    """The account with one text replaced: the first cell of the table `where`, or the first paragraph."""
    parts = made.account(style)
    for n, part in enumerate(parts):
        if isinstance(part, Sheet) and part.title == where:
            for row in part.rows:
                if old in row:
                    row[row.index(old)] = new
                    return parts
        elif isinstance(part, str) and not where and old in part:
            parts[n] = part.replace(old, new, 1)
            return parts
    raise AssertionError(f"{old} is not in the account")


@pytest.mark.parametrize("style", LAYOUTS.values(), ids=LAYOUTS)
def test_a_sound_account_is_silent(style: Style) -> None:
    report = check(made.account(style), style)
    assert raised(report) == []
    passed = [c for c in report.checks if c.status is Status.AGREES]
    assert len(passed) > 300
    assert not [c for c in report.checks if c.status is Status.DIFFERS]


def test_another_way_to_word_it_is_silent_too() -> None:
    report = check(made.account(other=True))
    assert raised(report) == []
    assert len([c for c in report.checks if c.status is Status.AGREES and c.rule == "R322"]) > 35


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("城乡社区（类）支出320.00", "城乡社区（类）支出302.00", "R322"),
        ("年末结转和结余12.50", "年末结转和结余15.20", "R322"),
        (
            "政府性基金预算财政拨款收入320.00万元，占12.32%",
            "政府性基金预算财政拨款收入320.00万元，占13.32%",
            "R224",
        ),
        ("完成预算70.9%", "完成预算79.0%", "R220"),
        ("公务接待费支出决算2.16", "公务接待费支出决算2.61", "R322"),
        ("轿车3辆", "轿车4辆", "R329"),
    ],
)
def test_another_way_to_word_it_with_one_slip(old: str, new: str, code: str) -> None:
    parts = made.account(other=True)
    at = next(n for n, part in enumerate(parts) if isinstance(part, str) and old in part)
    parts[at] = str(parts[at]).replace(old, new, 1)
    assert code in [f.code for f in raised(check(parts))]


@pytest.mark.parametrize("style", LAYOUTS.values(), ids=LAYOUTS)
def test_the_nine_tables_are_known_by_their_titles(style: Style) -> None:
    accounts, used = read_accounts(made.document(made.account(style), style), 1)
    assert list(accounts.tables) == [
        "收支总表", "收入表", "支出表", "财政拨款总表", "一般公共预算支出表", "基本支出表", "三公经费表", "政府性基金表",
        "国有资本经营表",
    ]  # fmt: skip
    spending = accounts.tables["支出表"]
    assert spending.unit == style.unit
    line = spending.by_code("2130305")
    assert line is not None and line.label == "水利工程建设"
    amounts = [amount.figure.quantity.exact if amount.figure else None for amount in line.amounts.values()]
    nothing = 0 if style.blank == "0.00" else None
    assert amounts == [12400000, nothing, 12400000, nothing, nothing, nothing]
    above = {line.code: owner.code for owner, inside in families(spending.lines) if owner for line in inside}
    assert (above["2130305"], above["21303"]) == ("21303", "213")
    assert len(used) >= 9


def test_blank_and_dash_and_zero_stay_apart() -> None:
    states = {}
    for blank in ("", "—", "0.00"):
        style = Style(blank=blank)
        accounts, _ = read_accounts(made.document(made.account(style), style), 1)
        line = accounts.tables["支出表"].by_code("2130301")
        assert line is not None
        amount = list(line.amounts.values())[2]
        states[blank] = (amount.cell.state, amount.figure is None)
    assert states == {
        "": (CellState.BLANK, True), "—": (CellState.DASH, True), "0.00": (CellState.VALUE, False),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("收入支出决算总表", "收支总表"),
        ("2022年度某某局收支决算总表", "收支总表"),
        ("表4 财政拨款收支决算总表（续）", "财政拨款总表"),
        ("一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表", "三公经费表"),
        ("一般公共预算财政拨款基本支出决算明细表", "基本支出表"),
        ("国有资本经营预算财政拨款支出决算表", "国有资本经营表"),
        ("收入决算总表", "收入表"),
        ("财政拨款支出决算明细表", "其他表"),
        ("收入支出决算总表反映本年度的全部收支。", ""),
    ],
)
def test_titles_differ_by_place_and_year(title: str, kind: str) -> None:
    assert kind_of_title(title) == kind


def test_the_parts_of_three_public_by_head_or_label() -> None:
    heads = [
        "“三公”经费合计",
        "因公出国（境）费",
        "公务用车购置及运行维护费",
        "公务用车购置费",
        "公务用车运行维护费",
        "公务接待费",
    ]
    assert [part_of(head) for head in heads] == ["合计", "出国", "车辆", "购置", "运行", "接待"]


TABLES = [
    # table, printed, changed to: every cell that takes part in a sum
    ("收入支出决算总表", "98.55", "95.85"),
    ("收入支出决算总表", "2,596.66", "2,569.66"),
    ("收入决算表", "1,227.50", "1,272.50"),
    ("支出决算表", "684.52", "648.52"),
    ("支出决算表", "1,381.90", "1,318.90"),
    ("财政拨款收入支出决算总表", "2,020.82", "2,080.82"),
    ("一般公共预算财政拨款支出决算表", "96.30", "93.60"),
    ("一般公共预算财政拨款基本支出决算表", "198.50", "189.50"),
    ("一般公共预算财政拨款基本支出决算表", "152.50", "125.50"),
    ("财政拨款“三公”经费支出决算表", "17.76", "17.67"),
    ("政府性基金预算财政拨款收入支出决算表", "320.00", "302.00"),
]


@pytest.mark.parametrize(("title", "old", "new"), TABLES)
def test_a_wrong_digit_in_a_table_is_one_finding_that_shows_it(title: str, old: str, new: str) -> None:
    found = raised(check(changed(old, new, title)))
    errors = [f for f in found if f.severity is Severity.ERROR]
    assert len(errors) == 1, [f.message for f in errors]
    assert new in [span.text for span in errors[0].evidence]
    assert errors[0].code in ("R120", "R121", "R122", "R320", "R322", "R102")


TEXTS = [
    # printed, changed to, code, severity, what the evidence quotes
    ("收入总计2,621.66", "收入总计2,612.66", "R322", "2,612.66万元"),
    ("支出总计2,621.66", "支出总计2,261.66", "R322", "2,261.66万元"),
    ("项目支出1,701.90", "项目支出1,710.90", "R322", "1,710.90万元"),
    ("农林水（类）支出2,020.82", "农林水（类）支出2,002.82", "R322", "2,002.82万元"),
    ("支出决算为86.15", "支出决算为68.15", "R322", "68.15万元"),
    ("人员经费754.76", "人员经费745.76", "R322", "745.76万元"),
    ("支出决算为2.16", "支出决算为2.61", "R322", "2.61万元"),
    ("本年支出320.00", "本年支出302.00", "R322", "302.00万元"),
    ("完成年初预算的97.90%", "完成年初预算的99.70%", "R220", "99.70%"),
    ("增长5.32%", "增长3.52%", "R223", "3.52%"),
    ("增加132.45万元，增长", "增加132.45万元，下降", "R223", "132.45万元"),
    (
        "决算数小于年初预算数的主要原因是两名",
        "决算数大于年初预算数的主要原因是两名",
        "R328",
        "决算数大于年初预算",
    ),
    ("决算数与年初预算数持平", "决算数大于年初预算数", "R328", "决算数大于年初预算"),
    (f"与{YEAR - 1}年度相比，收", f"与{YEAR}年度相比，收", "R620", f"{YEAR}年度"),
    (f"截至{YEAR}年12月31日", f"截至{YEAR - 1}年12月31日", "R620", f"{YEAR - 1}年"),
    (f"{YEAR}年度没有国有资本", f"{YEAR - 1}年度没有国有资本", "R620", f"{YEAR - 1}年度"),
    ("政府采购服务支出24.00", "政府采购服务支出42.00", "R325", "42.00万元"),
    ("授予中小企业合同金额80.25", "授予中小企业合同金额88.25", "R325", "88.25万元"),
    ("执法执勤用车2辆", "执法执勤用车3辆", "R329", "3辆"),
]


@pytest.mark.parametrize(("old", "new", "code", "quote"), TEXTS)
def test_a_wrong_word_or_digit_in_the_narrative_is_found(old: str, new: str, code: str, quote: str) -> None:
    found = raised(check(changed(old, new)))
    with_it = [f for f in found if quote in [span.text for span in f.evidence]]
    assert with_it, [f.message for f in found]
    assert code in [f.code for f in with_it]
    assert all(f.severity in (Severity.ERROR, Severity.QUESTION) for f in with_it if f.code == code)


def test_a_completion_rate_names_the_base_that_it_was_reckoned_with() -> None:
    parts = changed(
        "年初预算为2,300.00万元，支出决算为2,243.56万元",
        "年初预算为0万元，全年预算为2,300.00万元，支出决算为2,243.56万元",
    )
    found = [f for f in raised(check(parts)) if f.code == "R220"]
    assert [f.severity for f in found] == [Severity.ERROR]
    assert "年初预算数为零" in found[0].message and "2,300.00万元" in found[0].message


@pytest.mark.parametrize("number", range(1, 10))
def test_a_missing_table_is_told(number: int) -> None:
    parts = [p for p in made.account() if not (isinstance(p, Sheet) and p.number == number)]
    found = [f for f in raised(check(parts)) if f.code == "R420"]
    assert len(found) == 1 and found[0].severity is Severity.ERROR
    assert found[0].evidence


def test_an_empty_table_says_why() -> None:
    parts = made.account()
    for part in parts:
        if isinstance(part, Sheet) and part.number == 9:
            part.notes.clear()
    parts = ["详见公开09表。" if isinstance(p, str) and "没有国有资本经营预算" in p else p for p in parts]
    assert [(f.code, f.severity) for f in raised(check(parts))] == [("R421", Severity.QUESTION)]


def test_a_table_with_amounts_is_not_called_empty() -> None:
    parts = made.account()
    for n, part in enumerate(parts):
        if isinstance(part, str) and "政府性基金预算财政拨款年初结转" in part:
            parts[n] = f"{NAME}{YEAR}年度没有政府性基金预算财政拨款收入和支出。"
    found = [f for f in raised(check(parts)) if f.code == "R421"]
    assert [f.severity for f in found] == [Severity.ERROR]


@pytest.mark.parametrize(
    "left",
    [
        "没有此项收支的单位，仍保留该表格式，并在表下方作如下说明：",
        "本部门支出XX万元，比上年增加。",
        "（本段请根据实际情况填写）",
    ],
)
def test_what_is_left_of_the_template(left: str) -> None:
    parts = [*made.account(), left]
    assert [f.code for f in raised(check(parts)) if f.severity is Severity.ERROR] == ["R422"]


def test_the_purpose_of_another_item() -> None:
    parts = changed("事业单位医疗（项）。", "事业单位医疗（项）。主要用于事业单位职工医疗保险缴费。")
    for n, part in enumerate(parts):
        if isinstance(part, str) and "住房公积金（项）。" in part:
            parts[n] = part.replace(
                "住房公积金（项）。", "住房公积金（项）。主要用于事业单位职工医疗保险缴费。"
            )
    found = [f for f in raised(check(parts)) if f.code == "R326"]
    assert len(found) == 1 and "住房公积金" in found[0].message


def test_listed_items_have_money_in_the_table() -> None:
    parts = changed("办公费、邮电费", "办公费、咨询费、邮电费")
    assert [f.code for f in raised(check(parts))] == []  # not in the table at all: nothing to hold against it
    for part in parts:
        if isinstance(part, Sheet) and part.number == 6:
            row = next(row for row in part.rows if "31002" in row)
            follow = part.rows[part.rows.index(row) + 1]
            follow[6:9] = ["30203", "咨询费", "0.00"]
    found = raised(check(parts))
    assert [(f.code, f.evidence[0].text) for f in found if f.code == "R324"] == [("R324", "咨询费")]


def test_growth_from_nothing_has_no_rate() -> None:
    parts = changed("比2022年度减少7.50万元，下降4.69%", "比2022年度增加152.50万元，增长100.00%")
    assert [(f.code, f.severity) for f in raised(check(parts))] == [("R222", Severity.QUESTION)]


def test_a_share_cut_to_reach_a_hundred() -> None:
    parts = changed("占90.07%", "占90.06%")
    found = [f for f in check(parts).findings if f.code == "R221"]
    assert not found or found[0].severity is Severity.NOTE


def test_units_that_do_not_fit() -> None:
    sound = made.document(made.account())
    text = sound.text
    at = [m.start() for m in re.finditer("金额单位：万元", text)][2]
    blocks = sound.text[at : at + 7]
    assert blocks == "金额单位：万元"
    broken = replace(sound, text=text[: at + 5] + "元\u3000" + text[at + 7 :])
    found = [f for f in raised(run.check_documents([broken])) if f.code == "R621"]
    assert len(found) == 1 and found[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    ("old", "new"), [("2130305", "2130805"), ("21303", "21308"), ("水利工程建设", "水利工程监督")]
)
def test_codes_and_names_are_those_of_the_other_tables(old: str, new: str) -> None:
    found = raised(check(changed(old, new, "支出决算表")))
    with_it = [f for f in found if new in [span.text for span in f.evidence]]
    assert [f.code for f in with_it] == ["R321"], [f.message for f in found]
    assert not [f for f in found if f.severity is Severity.ERROR]


def test_the_contents_and_the_headings() -> None:
    parts = changed("第三部分 部门决算情况说明", "第三部分 部门决算情况的说明")
    found = [f for f in check(parts).findings if f.code == "R423"]
    assert len(found) == 1 and found[0].severity is Severity.NOTE


def test_self_evaluation_reports_are_no_final_accounts() -> None:
    parts: list[Part] = [p for p in made.account() if isinstance(p, str)]
    report = check(parts)
    assert not [c for c in report.checks if c.rule in ("R120", "R121", "R320", "R322")]


def mutated(document: Document, at: int, char: str) -> Document:
    text = document.text[:at] + char + document.text[at + 1 :]
    tables = []
    for table in document.tables:
        cells = []
        for cell in table.cells:
            start, end = cell.span.start, cell.span.end
            if start is not None and end is not None and start <= at < end:
                cell = replace(cell, text=text[start:end], span=replace(cell.span, text=text[start:end]))
            cells.append(cell)
        tables.append(replace(table, cells=tuple(cells)))
    return replace(document, text=text, tables=tuple(tables))


def test_nearly_every_amount_in_the_tables_is_guarded() -> None:
    """One digit changed, to another that rounding cannot explain."""
    sound = made.document(made.account())
    cells = [c for t in sound.tables for c in t.cells if re.fullmatch(r"[\d,]+\.\d\d", c.text)]
    chance = random.Random(7)
    missed = []
    for cell in chance.sample(cells, 40):
        assert cell.span.start is not None
        at = cell.span.start + cell.text.index(".") - 1
        digit = chance.choice([d for d in "123456789" if d != sound.text[at]])
        report = run.check_documents([mutated(sound, at, digit)])
        places = [(e.start, e.end) for f in raised(report) for e in f.evidence]
        if (cell.span.start, cell.span.end) not in places:
            missed.append(cell.text)
    assert missed == []


def one_of(parts: list[Part], number: int) -> Sheet:
    return next(p for p in parts if isinstance(p, Sheet) and p.number == number)


def test_other_heads_of_the_same_tables() -> None:
    """Budgets beside the outturn, basic spending as one list, 小计 with 其中, “三公”经费 by pairs of columns."""
    plain = Style(order=False)
    parts = made.account()
    overall = one_of(parts, 1)
    overall.rows[:] = [
        [("收入", 3, 1), ("支出", 3, 1)], ["项目", "年初预算数", "决算数", "项目（按功能分类）", "年初预算数", "决算数"],
        *([a, x, x, b, y, y] for a, x, b, y in made.overall(plain).rows[2:]),
    ]  # fmt: skip
    overall.heads = 2
    income = one_of(parts, 2)
    heads = [
        "本年收入合计",
        "财政拨款收入",
        "上级补助收入",
        "事业收入",
        "经营收入",
        "附属单位上缴收入",
        "其他收入",
    ]
    income.rows[:] = [
        [("项目", 2, 1), *((h, 2, 1) if h == "事业收入" else (h, 1, 2) for h in heads)],
        ["功能分类科目编码", "科目名称", "小计", "其中：教育收费"],
        *([*row[:-3], "", *row[-3:]] for row in made.income(plain).rows[2:]),
    ]
    income.heads = 2
    basic = one_of(parts, 6)
    basic.rows[:] = [
        [("项目", 2, 1), ("基本支出", 3, 1)], ["经济分类科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        *(
            [code, name, money, *((money, "") if code[:3] in ("301", "303") else ("", money))]
            for prefix in ("301", "302", "303", "310")
            for code, name, amount in made.uses(prefix)
            for money in [plain.money(amount)]
        ),
        [("合计", 2, 1), "907.26", "754.76", "152.50"],
    ]  # fmt: skip
    public = one_of(parts, 7)
    public.rows[:] = [
        [("“三公”经费", 12, 1)],
        [("合计", 2, 2), ("因公出国（境）费", 2, 2), ("公务用车购置及运行维护费", 6, 1), ("公务接待费", 2, 2)],
        [("小计", 2, 1), ("公务用车购置费", 2, 1), ("公务用车运行维护费", 2, 1)], ["预算数", "决算数"] * 6,
        [amount for _, *both in made.PARTS for amount in both],
    ]  # fmt: skip
    public.heads = 4
    report = check(parts)
    assert raised(report) == []
    assert len([c for c in report.checks if c.status is Status.AGREES]) > 330
    public.rows[-1][1] = "17.67"
    assert {f.code for f in raised(check(parts))} == {"R120"}


def test_the_narrative_and_its_tables_in_two_files() -> None:
    text = [f"{NAME}{YEAR}年度部门决算公开", *(str(part) for part in made.narrative())]
    narrative = made.document([*text])
    tables = replace(made.document([p for p in made.account() if isinstance(p, Sheet)]), role="annex")
    tables = replace(tables, id="d2")
    report = run.check_documents([narrative, tables])
    assert not [f for f in raised(report) if f.severity is Severity.ERROR]
    assert len([c for c in report.checks if c.rule == "R322" and c.status is Status.AGREES]) > 30


# as files


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The account printed to PDF by LibreOffice, with and without ruling lines."""
    folder = tmp_path_factory.mktemp("accounts")
    for name, ruled in (("ruled", True), ("bare", False)):
        style = Style()
        (folder / f"{name}.html").write_text(made.html(made.account(style), style, ruled), encoding="utf-8")
    broken = changed("支出决算为86.15", "支出决算为68.15")
    (folder / "broken.html").write_text(made.html(broken), encoding="utf-8")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
         "pdf:writer_web_pdf_Export", "--outdir", str(folder), *map(str, folder.glob("*.html"))],
        check=True, capture_output=True, timeout=170,
    )  # fmt: skip
    return {path.stem: path for path in folder.glob("*.pdf")}


@pytest.mark.host
def test_printed_with_lines_all_is_read_and_sound(printed: dict[str, Path]) -> None:
    report = run.check_documents([read(printed["ruled"])])
    assert raised(report) == []
    assert len([c for c in report.checks if c.status is Status.AGREES]) > 300


@pytest.mark.host
def test_printed_without_lines_nothing_wrong_is_said(printed: dict[str, Path]) -> None:
    report = run.check_documents([read(printed["bare"])])
    assert not [f for f in raised(report) if f.severity is Severity.ERROR]
    assert len([c for c in report.checks if c.status is Status.AGREES]) > 200


@pytest.mark.host
def test_a_finding_in_a_pdf_names_page_and_print(printed: dict[str, Path]) -> None:
    report = run.check_documents([read(printed["broken"])])
    found = [f for f in raised(report) if f.severity is Severity.ERROR]
    span = next(s for f in found for s in f.evidence if s.text == "68.15万元")
    assert span.page is not None and span.page > 5
