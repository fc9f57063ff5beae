"""R420–R423: tables that are missing or empty, what is left of the template, contents against headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache

from ..accounts import Accounts
from ..accounts.model import GRAND
from ..accounts.narrative import explained
from ..accounts.titles import kind_of_title, titles
from ..facts import Facts
from ..findings import Severity
from ..glossary import parameters
from ..prose import Paragraph
from ..source import Span
from . import Found, Outcome, rule
from .accounts_sums import SUMMARIES

NOTHING = re.compile(
    r"(?:无|没有|未发生|未安排|不涉及)[^。；]{0,40}(?:收入|支出|经费|拨款|数据|收支|业务|空)|为空|空表|无数据|均为零|为0"
)
SECTION_OF = {"三公经费表": "三公", "政府性基金表": "基金", "国有资本经营表": "国资"}
STATE_CAPITAL_SINCE = 2020  # before, the table was not asked for
MOST = 5  # so many of the nine make it sure that the others belong there too


@rule("R420", "missing-table", Severity.ERROR, source="final-accounts")
def missing_table(facts: Facts) -> Iterator[Outcome]:
    """九张决算表应当齐全；没有数据的表也应列出空表并说明。

    Flags    目录列有“政府性基金预算财政拨款收入支出决算表”，正文没有此表
    Passes   九张表齐全，其中空表注明没有此项收支
    """
    accounts = facts.accounts
    if not accounts:
        return
    for kind, table in accounts.unread.items():
        if table.title_span and kind not in accounts.tables:
            yield Found(
                f"“{titles()[kind]}”未能可靠识别，没有核对", (table.title_span,),
                "请人工核对此表；有框线的表格更易识别", Severity.NOTE,
            )  # fmt: skip
    scanned = any("没有文字层" in w for p in facts.paragraphs[:1] for w in p.document.warnings)
    doubtful = scanned or bool(accounts.unread) or not all(table.ruled for table in accounts.tables.values())
    if len(accounts.tables) + len(accounts.unread) < MOST:
        return
    order = list(titles())
    for kind, title in titles().items():
        if kind in accounts.tables or kind in accounts.unread:
            continue
        places = [span for span in (accounts.orphans.get(kind), accounts.contents.get(kind)) if span]
        if not places:
            places = _neighbours(accounts, order, kind)
        listed = kind in accounts.contents or kind in accounts.orphans
        if not listed and kind == "国有资本经营表" and facts.year < STATE_CAPITAL_SINCE:
            continue
        where = "目录或标题列有" if listed else "缺少"
        yield Found(
            f"{where}“{title}”{'，正文没有此表' if listed else ''}", tuple(places),
            "请补列此表；没有数据的，列空表并说明", None if listed and not doubtful else Severity.QUESTION,
        )  # fmt: skip


def _neighbours(accounts: Accounts, order: list[str], kind: str) -> list[Span]:
    found = [t.title_span for k in order if (t := accounts[k]) and t.title_span]
    return found[:1]


@rule("R421", "empty-table", Severity.QUESTION, source="final-accounts")
def empty_table(facts: Facts) -> Iterator[Outcome]:
    """空表应说明没有此项收支；正文说没有而表中有数、正文有数而表为空的，应予更正。

    Flags    “三公”经费表为空，表下和正文都没有说明
    Passes   表为空，注明“本年度没有‘三公’经费支出，故本表无数据”
    """
    accounts = facts.accounts
    if not accounts:
        return
    for table in accounts.tables.values():
        whole = table.kind in SUMMARIES and not table.empty
        if whole and table.title_span and not any(GRAND.fullmatch(line.label) for line in table.lines):
            yield Found(f"{table.title}没有“总计”行，表格可能不全", (table.title_span,), "请核对此表是否完整")
        section = SECTION_OF.get(table.kind, "")
        denied = [s for s in table.below if NOTHING.search(s.text)]
        said, told = _said(facts, section) if section else ([], [])
        title = (table.title_span,) if table.title_span else ()
        amounts = [f for f in table.figures() if f.quantity.value]
        if table.empty and told:
            yield Found(
                f"{table.title}为空，正文却有数额", (*title, *told), "请补填此表或更正正文", Severity.ERROR
            )
        elif table.empty and not denied and not said and title:
            yield Found(f"{table.title}为空，没有说明原因", title, "请补填此表，或说明没有此项收支")
        elif amounts and section and (denied or said) and not told:
            places = [*denied, *said]
            yield Found(
                f"{table.title}有数额，文字却说没有此项收支", (*places, amounts[0].span), "请核对表与文字",
                Severity.ERROR,
            )  # fmt: skip


def _said(facts: Facts, section: str) -> tuple[list[Span], list[Span]]:
    """Where a section says that there is nothing, and its amounts that are not nothing."""
    denied: list[Span] = []
    told: list[Span] = []
    for index, paragraph, where in explained(facts):
        if where != section or paragraph.heading:
            continue
        amounts = [
            f for f in facts.in_paragraph(index) if f.kind == "money" and f.role == "level" and f.value
        ]
        told += [f.figure.span for f in amounts]
        if not amounts and (match := NOTHING.search(paragraph.text)):
            denied.append(paragraph.span(match.start(), match.end()))
    return denied, told


@cache
def _residue() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in parameters("accounts")["residue"]["patterns"]))


@rule("R422", "template-residue", Severity.ERROR, source="final-accounts")
def template_residue(facts: Facts) -> Iterator[Outcome]:
    """公开稿不应留有模板的填写说明和占位符：“仍保留该表格式”“作下述说明”“XX万元”。

    Flags    无此项收支的，仍保留该表格式，并在本表下方作下述说明：
    Passes   说明：本年度没有此项收支，故本表无数据。
    """
    if not facts.accounts:
        return
    for paragraph in facts.paragraphs:
        matches = list(_residue().finditer(paragraph.text))
        if matches:
            start = max(paragraph.text.rfind("。", 0, matches[0].start()) + 1, 0)
            end = paragraph.text.find("。", matches[-1].end())
            quote = paragraph.span(start, len(paragraph.text) if end < 0 else end + 1)
            parts = tuple(paragraph.span(m.start(), m.end()) for m in matches)
            yield Found(
                f"留有模板的填写说明或占位符：“{matches[0][0]}”", (*parts, quote), "请删去或填写实际内容"
            )


LEADERS = re.compile(r"[.．…·。\s]*(?:\d{1,3})?$")
PART = re.compile(r"^第[一二三四五六七八九十]+部分")
NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)"
)


@rule("R423", "contents-and-headings", Severity.NOTE, source="final-accounts")
def contents_and_headings(facts: Facts) -> Iterator[Outcome]:
    """目录所列标题应与正文标题一致。

    Flags    目录“十一、其他重要事项说明”，正文“十一、其他重要事项的情况说明”
    Passes   目录与正文标题相同
    """
    if not facts.accounts:
        return
    start = next((n for n, p in enumerate(facts.paragraphs) if p.text == "目录"), None)
    if start is None:
        return
    entries, end = _contents(facts.paragraphs, start + 1)
    body = [p for p in facts.paragraphs[end:] if len(p.text) <= 70 and "。" not in p.text[:-1]]
    exact = {_bare(p.text) for p in body}
    # The number before a table's title is often left out above the table itself.
    unnumbered = {NUMBERED.sub("", text) for text in exact}
    for entry in entries:
        words = _bare(entry.text)
        core = NUMBERED.sub("", words)
        if words in exact or (kind_of_title(words) and core in unnumbered) or len(core) < 3:
            continue
        other = _nearest(words, core, body)
        if other is None or _undated(_bare(other.text)) == _undated(words):
            continue
        yield Found(
            f"目录“{words}”与正文标题“{_bare(other.text)}”不一致",
            (entry.span(0, len(entry.text)), other.span(0, len(other.text))), "请统一目录与正文标题",
        )  # fmt: skip


def _contents(paragraphs: list[Paragraph], start: int) -> tuple[list[Paragraph], int]:
    """The entries of the table of contents, and where the text itself begins: where its first entry comes again."""
    entries: list[Paragraph] = []
    for n in range(start, min(start + 80, len(paragraphs))):
        paragraph = paragraphs[n]
        again = entries and _alike(_bare(paragraph.text), _bare(entries[0].text)) > 0.9
        if again or len(paragraph.text) > 70 or "。" in paragraph.text:
            return entries, n
        if NUMBERED.match(paragraph.text):
            entries.append(paragraph)
    return entries, start + len(entries)


def _undated(text: str) -> str:
    return re.sub(r"\d{4}年度?", "", text)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", LEADERS.sub("", text))


def _nearest(words: str, core: str, body: list[Paragraph]) -> Paragraph | None:
    """The heading that was meant: under the same number, or without any."""
    number = NUMBERED.match(words)
    best, score = None, 0.7
    for paragraph in body:
        text = _bare(paragraph.text)
        own = NUMBERED.match(text)
        if own and number and own[0] != number[0]:
            continue
        if not own and not (PART.match(words) and text == core):
            continue
        if (likeness := _alike(NUMBERED.sub("", text), core)) > score:
            best, score = paragraph, likeness
    return best


def _alike(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b).ratio()
