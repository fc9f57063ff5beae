"""What Jupyter shows: every text escaped, the colours of the checks, the same words as elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

import audit
from audit.display import COLOURS, figure_statuses, narrative
from audit.findings import Status
from audit.report import Report
from tests.conftest import ROOT, text_document

PLANTED = ROOT / "workbooks" / "sample" / "planted"
EVIL = '<script>alert(1)</script>2024年全年预算数100.00万元，执行数95.00万元，预算执行率96.00%<img src=x onerror=y>" onload="z。'


@pytest.fixture(scope="module")
def report() -> Report:
    return audit.check(PLANTED / "自评报告.docx", sorted(PLANTED.glob("附件*.xlsx")))


class Tags(HTMLParser):
    """The tags and attributes of a piece of HTML, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def shown(thing: object) -> str:
    text = thing._repr_html_()
    tags = Tags(text)
    assert tags.open == []
    assert tags.seen <= set("div span b br table thead tbody tr th td details summary".split())
    assert tags.attributes <= {"style", "title", "class", "open"}
    return "".join(tags.words)


def coloured(report: Report) -> dict[str, str]:
    """By printed figure its background in the narrative."""
    found = re.findall(r"background:(#\w+)[^>]*>([^<]*)</span>", narrative(report)._repr_html_())
    return {words: colour for colour, words in found}


def test_a_report_shows_whose_it_is_its_counts_and_its_findings(report):
    words = shown(report)
    assert "云澄市民政局 2024年度" in words
    assert f"发现 {len(report.findings)} 条" in words
    assert report.findings[0].message in words


def test_every_finding_and_check_shows_its_own_words(report):
    for finding in report.findings:
        words = shown(finding)
        assert finding.code in words and finding.message in words and finding.advice in words
    for check in report.checks:
        assert check.status.value in shown(check) and check.rule in shown(check)


def test_a_check_is_shown_step_by_step():
    text = "2024年全年预算数100.00万元，执行数95.00万元，预算执行率96.00%。"
    report = audit.check_documents([text_document(text)])
    check = next(c for c in report.checks if c.status is Status.DIFFERS)
    words = shown(check)
    for step in ("100.00万元", "96.00% = 95.00万元÷100.00万元", "应为95.00%", "报告数96.00%", "差额1.00%"):
        assert step in words


def test_a_filled_form_shows_labels_values_and_cells():
    form = audit.read_form(PLANTED / "附件1-基础数据表.xlsx")
    words = shown(form)
    assert form.form.title in words and "6.43" in words and "!B6" in words


def test_words_of_the_report_never_become_markup():
    report = audit.check_documents([text_document(EVIL)])
    for thing in (report, narrative(report), *report.findings, *report.checks):
        shown(thing)
    assert "<script>alert(1)</script>" in shown(narrative(report))


def test_the_narrative_is_the_text_itself_with_figures_in_the_colour_of_their_checks():
    text = "2024年全年预算数100.00万元，执行数95.00万元，预算执行率96.00%。另有退休人员7人。办公用房20间，其中：自有12间，租用8间。"
    report = audit.check_documents([text_document(text)])
    assert text in shown(narrative(report))
    colours = coloured(report)
    red, green = COLOURS[Status.DIFFERS][0], COLOURS[Status.AGREES][0]
    assert (colours["96.00%"], colours["20间"], colours["12间"]) == (red, green, green)
    assert "7人" not in colours


def test_resting_on_a_figure_tells_what_it_was_checked_against():
    text = "2024年全年预算数100.00万元，执行数95.00万元，预算执行率96.00%。"
    html = narrative(audit.check_documents([text_document(text)]))._repr_html_()
    title = re.search(r'title="([^"]*)"[^>]*>96.00%<', html)
    assert (
        title and "R201 不符" in title[1] and "95.00万元÷100.00万元" in title[1] and "应为95.00%" in title[1]
    )


def test_a_difference_outweighs_a_passing_check_and_a_pass_what_could_not_be_checked(report):
    statuses = figure_statuses(report)
    for check in report.checks:
        for figure in check.operands:
            if check.status is Status.DIFFERS:
                assert statuses[figure.id] is Status.DIFFERS
            if check.status is Status.AGREES:
                assert statuses[figure.id] is not Status.NOT_CHECKED
    assert set(statuses.values()) >= {Status.AGREES, Status.DIFFERS}


def test_a_text_of_ten_thousand_figures_is_shown_in_seconds():
    text = "基本支出100.00万元，其中：工资60.00万元，公用40.00万元。\n" * 3500
    report = audit.check_documents([text_document(text)])
    assert len(narrative(report)._repr_html_()) < 40_000_000


def test_the_plain_text_kept_beside_the_html_is_one_line(report):
    from IPython.lib import pretty

    form = audit.read_form(PLANTED / "附件1-基础数据表.xlsx")
    for thing in (report, form, narrative(report)):
        assert len(pretty.pretty(thing)) < 120
