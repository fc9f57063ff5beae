"""The 情况说明 beside the tables: which section a paragraph stands in, which subject it tells of, and the
cell of a table that an amount restates.

Comes in: facts of running text and the standard tables. Goes out: `Told`, one for each amount with the
figures of the tables that must be equal to it. Judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..facts import Fact, Facts
from ..findings import Figure
from ..prose import Paragraph
from .model import Accounts, AccountTable, Line, bare_name, name_paths, roots
from .places import (
    basic_total,
    group_total,
    main_columns,
    side,
    spending_column,
    three_public,
    total_column,
    year_line,
)
from .titles import part_of

# Sections by the words of their headings, the narrower before the wider.
SECTIONS = (
    ("三公", re.compile(r"三公")),
    ("基金", re.compile(r"政府性基金")),
    ("国资", re.compile(r"国有资本经营")),
    ("基本", re.compile(r"基本支出")),
    ("绩效", re.compile(r"绩效")),
    ("采购", re.compile(r"政府采购")),
    ("运行", re.compile(r"机关运行经费")),
    ("资产", re.compile(r"国有资产")),
    ("一般", re.compile(r"一般公共预算|财政拨款支出")),
    ("财政", re.compile(r"财政拨款收入支出|财政拨款收支")),
    ("总体", re.compile(r"收入支出决算|收支决算|收入支出总体|收入支出情况")),
    ("收入", re.compile(r"收入决算|收入情况")),
    ("支出", re.compile(r"支出决算|支出情况")),
)
SUBJECT = re.compile(
    r"(?P<class>[\u4e00-\u9fff、“”]{2,20}?)（(?P<c1>类|\d{3})）[，、]?(?P<group>[\u4e00-\u9fff、“”（）()]{2,25}?)"
    r"（(?P<c2>款|\d{5})）[，、]?(?P<item>[\u4e00-\u9fff、“”（）()]{2,30}?)（(?P<c3>项|\d{7})）"
)
CODED = re.compile(r"(?<!\d)(?P<code>\d{7})(?!\d)")
OTHER_TIME = re.compile(r"上年|去年|上一年|(?:与|比|较)[^，。；]*(?:年|预算)[^，。；]*$")
MOVED = re.compile(r"(?:增加|减少|增长|下降|上升|降低|节约|节支|超支|超出|相差|增减)[^，。；]{0,8}$")
TAIL = re.compile(r"(?:分别|共计|总额|金额|数额|共|(?<![总合小])计|为|是|约|达到|达|有|了|：|的|数|“|”)+$")
BUDGET = re.compile(r"预算(?:数|安排|批复)?(?:支出|资金)?$")


@dataclass(frozen=True, slots=True)
class Told:
    """An amount of the narrative and the cells that hold it too, none where they are blank; `sure` where its words
    leave no other reading."""

    fact: Fact
    figures: tuple[Figure, ...]
    place: str
    sure: bool = True


def section_of(paragraph: Paragraph) -> str:
    """The section a paragraph stands in, by the innermost heading that tells."""
    own = (paragraph.title,) if paragraph.heading else ()
    for heading in reversed((*paragraph.path, *own)):
        words = re.sub('[“”"]', "", heading)
        for section, pattern in SECTIONS:
            if pattern.search(words):
                return section
    return ""


def explained(facts: Facts) -> Iterator[tuple[int, Paragraph, str]]:
    """The paragraphs of the 情况说明 that hold amounts, with their sections."""
    for index, paragraph in enumerate(facts.paragraphs):
        if section := section_of(paragraph):
            yield index, paragraph, section


def subjects(paragraph: Paragraph, table: AccountTable) -> list[tuple[int, Line | None, str]]:
    """The 项 that a paragraph names, each with where its name ends and its line in the table."""
    found: list[tuple[int, Line | None, str]] = []
    for match in SUBJECT.finditer(paragraph.text):
        code = match["c3"] if match["c3"] != "项" else ""
        names = [bare_name(match[name]) for name in ("class", "group", "item")]
        found.append((match.end(), line_named(table, code, names), match["item"]))
    if not found:
        for match in CODED.finditer(paragraph.text):
            if line := table.by_code(match["code"]):
                found.append((match.end(), line, line.label))
    return found


def line_named(table: AccountTable, code: str, names: list[str]) -> Line | None:
    if code and (line := table.by_code(code)):
        return line
    paths = name_paths(table.lines)
    if line := paths.get(tuple(names)):
        return line
    same = [line for path, line in paths.items() if path[-1] == names[-1] and len(path) > 2]
    if len(same) > 1:
        same = [line for path, line in paths.items() if path[-2:] == tuple(names[-2:])] or same
    return same[0] if len(same) == 1 else None


def told(facts: Facts, accounts: Accounts) -> Iterator[Told]:
    """Every amount of the narrative that restates a cell."""
    general = accounts["一般公共预算支出表"]
    for index, paragraph, section in explained(facts):
        found = subjects(paragraph, general) if general and section in ("一般", "财政", "支出") else []
        row = facts.in_paragraph(index)
        for n, fact in enumerate(row):
            if fact.kind != "money" or fact.role not in ("level", "other") or fact.figure.quantity.approx:
                continue
            if fact.period:
                continue
            before = row[n - 1].end if n else paragraph.marker
            words = paragraph.text[before : fact.start]
            clause = re.split(r"[，。；：]|其中", TAIL.sub("", words))[-1]
            if OTHER_TIME.search(clause) or MOVED.search(clause):
                continue
            at = [(end, line) for end, line, _ in found if end <= fact.start]
            if found and at:
                line = at[-1][1]
                if line and general and (told := _subject(fact, clause, line, general)):
                    yield told
                continue
            if place := _place(accounts, section, clause, paragraph.text[: fact.start]):
                yield Told(fact, tuple(f for f in place[0] if f), place[1], place[2])


def _subject(fact: Fact, clause: str, line: Line, table: AccountTable) -> Told | None:
    """支出决算为…… of a 项."""
    column = spending_column(table)
    words = TAIL.sub("", clause)
    if BUDGET.search(words) or not re.search(r"决算|支出|执行|^$|项）$", words) or column is None:
        return None
    figure = line.figure(column)
    return Told(fact, (figure,), f"{table.title}：{line.code}{line.label}") if figure else None


Place = tuple[list[Figure | None], str, bool]


def _place(accounts: Accounts, section: str, clause: str, before: str) -> Place | None:
    words = re.sub('[“”"]|（境）', "", TAIL.sub("", clause))
    if section == "三公":
        return _three_public(accounts, words, before)
    if section in ("基金", "国资"):
        return _fund(accounts, section, words)
    if BUDGET.search(words):
        return None
    for find in (_totals, _carried, _income, _kinds, _basic, _classes, _general):
        if place := find(accounts, section, words, before):
            return place
    return None


def _totals(accounts: Accounts, section: str, words: str, before: str) -> Place | None:
    """收入支出总计, 本年收入合计, 本年支出合计, 财政拨款收入支出总计."""
    fiscal = "财政拨款" in words or section == "财政"
    table = accounts["财政拨款总表" if fiscal else "收支总表"]
    if not table or not (sides := main_columns(table)):
        return None
    left_zone, left, right_zone, right = sides
    if match := re.search(
        r"(?P<of>收入支出|收、支|收支|收入、支出|收入和支出|收入|支出)?总(?:计|额)$", words
    ):
        if section not in ("总体", "财政", "收入", "支出"):
            return None
        zone, column = (right_zone, right) if match["of"] == "支出" else (left_zone, left)
        line = side(table, zone)
        return ([line.figure(column)], f"{table.title}：总计", True) if line else None
    if match := re.search(r"(?P<of>收入|支出)(?:合计)?$", words):
        whole = re.search(r"本年(?:度)?(?:收入|支出)(?:合计)?$|(?:收入|支出)合计$", words)
        if re.search(
            r"(?:公共预算|基金|经营|事业|补助|其他|项目|基本|上级)[^，]{0,4}$",
            words[: -len(whole[0])] if whole else "",
        ):
            return None
        if not whole or section not in ("总体", "财政", "收入", "支出"):
            return None
        zone, column = (right_zone, right) if match["of"] == "支出" else (left_zone, left)
        line = year_line(table, zone)
        found = [line.figure(column)] if line else []
        detail = None if fiscal else accounts["支出表" if match["of"] == "支出" else "收入表"]
        total = detail.total() if detail else None
        if detail and total and (inner := total_column(detail)) is not None:
            found.append(total.figure(inner))
        return (found, f"{table.title}：本年{match['of']}合计", True) if found else None
    return None


def _general(accounts: Accounts, section: str, words: str, before: str) -> Place | None:
    """一般公共预算财政拨款支出年初预算为……，支出决算为……: the second is the whole of that table."""
    table = accounts["一般公共预算支出表"]
    total = table.total() if table else None
    sentence = re.split("[。；]", before)[-1]
    opened = re.search(
        r"一般公共预算财政拨款支出(?:年初|全年|调整)?预算|一般公共预算财政拨款支出决算", sentence
    )
    if not table or not total or section != "一般" or not opened:
        return None
    if not re.fullmatch(r".{0,3}(?:支出)?决算", words):
        return None
    column = spending_column(table)
    return ([total.figure(column)], f"{table.title}：合计", True) if column is not None else None


def _carried(accounts: Accounts, section: str, words: str, before: str) -> Place | None:
    """年初结转和结余, 年末结转和结余, 结余分配 in the sections of the two 总表."""
    table = (
        accounts["财政拨款总表" if section == "财政" else "收支总表"] if section in ("总体", "财政") else None
    )
    sides = main_columns(table) if table else None
    if not table or not sides:
        return None
    for zone, column in ((sides[0], sides[1]), (sides[2], sides[3])):
        for line in table.lines:
            plain = line.label.replace("财政拨款", "") if section == "财政" else line.label
            named = line.zone == zone and re.search("结转|结余", line.label) and not line.marker
            if named and words.replace("财政拨款", "" if section == "财政" else "财政拨款").endswith(plain):
                return [line.figure(column)], f"{table.title}：{line.label}", True
    return None


def _income(accounts: Accounts, section: str, words: str, before: str) -> Place | None:
    """财政拨款收入, 事业收入 …: a column of 收入决算表 or a source in a 总表, the longest name that fits."""
    if section not in ("收入", "总体", "财政") or not words.endswith("收入"):
        return None
    named: list[tuple[str, Figure | None, str]] = []
    table = accounts["收入表"]
    total = table.total() if table else None
    if table and total and section != "财政":
        for column, path in table.columns.items():
            if len(path) == 1 or path[-1] in ("小计", "合计"):
                named.append((re.sub("（[^）]*）", "", path[0]), total.figure(column), table.title))
    for kind in ("财政拨款总表",) if section == "财政" else ("收支总表",):
        summary = accounts[kind]
        sides = main_columns(summary) if summary else None
        for line in summary.lines if summary and sides else ():
            if summary and sides and line.zone == sides[0] and line.marker and "结" not in line.label:
                named.append((line.label.removesuffix("收入") + "收入", line.figure(sides[1]), summary.title))
    fitting = [n for n in named if len(n[0]) > 3 and words.endswith(n[0])]
    if not fitting:
        return None
    name, figure, title = max(fitting, key=lambda n: len(n[0]))
    if words.removesuffix(name).endswith(("预算", "基金", "经营")):
        return None  # of one fund, told of by a table that knows only all of them
    return [figure], f"{title}：{name}", True


def _kinds(accounts: Accounts, section: str, words: str, before: str) -> Place | None:
    """基本支出, 项目支出, 经营支出 …: the columns of 支出决算表 or 一般公共预算支出表."""
    table = accounts["支出表" if section in ("支出", "总体") else "一般公共预算支出表"]
    total = table.total() if table else None
    if not table or not total or section not in ("支出", "总体", "一般", "基本"):
        return None
    if table.kind == "支出表" and re.search("财政拨款|公共预算|基金|专户", words):
        return None
    fund = re.search(r"一般公共预算(?:财政拨款)?(?:本年)?(?:支出)?(?:合计)?$|^财政拨款支出$", words)
    if section in ("一般",) and fund and words.endswith(("支出", "合计")):
        column = spending_column(table)
        return ([total.figure(column)], f"{table.title}：合计", True) if column is not None else None
    for column, path in table.columns.items():
        name = path[-1] if path[-1] not in ("小计", "合计") else path[0]
        if name.endswith("支出") and not name.startswith("本年") and words.endswith(name):
            if name != words[-len(name) :] or re.search(r"人均|其他$", words[: -len(name)]):
                continue
            return [total.figure(column)], f"{table.title}：{name}", True
    return None


def _basic(accounts: Accounts, section: str, words: str, before: str) -> Place | None:
    """人员经费, 公用经费 and the economic subjects in 基本支出表."""
    table = accounts["基本支出表"]
    if not table or section not in ("基本", "运行", "一般"):
        return None
    if section == "运行":
        if not words.endswith(("机关运行经费", "机关运行经费支出", "机关运行经费支出决算")):
            return None
        figure = basic_total(table, "公用经费")
        return ([figure], f"{table.title}：公用经费合计", False) if figure else None
    for name in ("人员经费", "公用经费"):
        if words.endswith((name, name + "支出", f"日常{name}")):
            figure = basic_total(table, name)
            return ([figure], f"{table.title}：{name}合计", True) if figure else None
    if section != "基本":
        return None
    line = next(
        (ln for ln in table.coded() if words.endswith((ln.label, ln.name)) and len(ln.name) > 1), None
    )
    if line and (match := next((a.figure for a in line.amounts.values() if a.figure), None)):
        return [match], f"{table.title}：{line.code}{line.label}", True
    return None


def _classes(accounts: Accounts, section: str, words: str, before: str) -> Place | None:
    """一般公共服务支出（类）……万元: the 类 of 一般公共预算支出表."""
    table = accounts["一般公共预算支出表" if section in ("一般", "财政") else "支出表"]
    if not table or section not in ("一般", "财政", "支出", "总体") or re.search("收入|结转|结余", words):
        return None
    column = spending_column(table) if section in ("一般", "财政") else total_column(table)
    if column is None:
        return None
    core = re.sub(r"（(?:类|\d{3})）(?:支出)?$|（类）", "", words)
    core = re.sub(r"支出$", "", core)
    named = [line for line in roots(table.lines) if core.endswith(line.name)]
    if not named:
        return None
    line = max(named, key=lambda ln: len(ln.name))
    return [line.figure(column)], f"{table.title}：{line.code}{line.label}", section != "财政"


def _three_public(accounts: Accounts, words: str, before: str) -> Place | None:
    table = accounts["三公经费表"]
    if not table:
        return None
    cells = three_public(table)
    sentence = re.split("[。；]", before)[-1]
    named = re.sub(r"(?:全年|年初|本年|支出)?(?:预算|决算|支出)(?:数|总额)?$", "", words)
    part = part_of(re.sub(r"^.*[，、]", "", named)) or part_of_sentence(sentence)
    reading = "预算" if BUDGET.search(words) else "决算" if re.search(r"决算|支出|费$", words) else ""
    if not part or not reading or part == "其他":
        return None
    place = next((cells[key] for key in cells if key[1] == part and key[0].endswith(reading)), None)
    if not place:
        return None
    return (
        [place[0].figure(place[1])],
        f"{table.title}：{part}{reading}数",
        bool(re.search("预算|决算", words)),
    )


def part_of_sentence(sentence: str) -> str:
    """The part that a sentence opened with: “公务接待费预算为……，决算为……”."""
    found = ""
    for clause in re.split("[，：]|其中", sentence):
        found = part_of(re.sub("(?:支出)?(?:预算|决算).*$", "", re.sub('[“”"]', "", clause))) or found
    return found


def _fund(accounts: Accounts, section: str, words: str) -> Place | None:
    """年初结转, 本年收入, 本年支出, 年末结转 of a fund's table."""
    table = accounts["政府性基金表" if section == "基金" else "国有资本经营表"]
    total = table.total() if table else None
    if not table or not total:
        return None
    for name, pattern in (
        ("年初结转和结余", r"(?:年初|上年)[^，]*结转[^，]*$"),
        ("年末结转和结余", r"年末[^，]*结转[^，]*$"),
        ("本年收入", r"收入(?:合计|决算)?$"),
        ("本年支出", r"支出(?:合计|决算)?$"),
    ):
        if re.search(pattern, words) and not re.search("基本支出$|项目支出$", words):
            column = group_total(table, re.compile(name.removesuffix("和结余") if "结转" in name else name))
            if column is None and name == "本年支出":
                column = spending_column(table)
            return ([total.figure(column)], f"{table.title}：{name}", True) if column is not None else None
    return None


def whole_of(accounts: Accounts, section: str, named: str) -> tuple[Figure | None, str]:
    """What a share is of: as named behind 占, else the whole of its section."""
    words = re.sub("[“”]", "", named)
    if re.search(r"本年支出|支出总额|总支出", words) or (not words and section == "支出"):
        kind, find = "支出表", total_column
    elif re.search(r"本年收入|收入总额|总收入", words) or (not words and section == "收入"):
        kind, find = "收入表", total_column
    elif re.search(r"^一般公共预算财政拨款支出", words) or (not words and section == "一般"):
        kind, find = "一般公共预算支出表", spending_column
    elif (not words or "三公" in words) and section == "三公":
        table = accounts["三公经费表"]
        place = three_public(table).get(("决算", "合计")) if table else None
        return (place[0].figure(place[1]), table.title) if place and table else (None, "")
    else:
        return None, ""
    table = accounts[kind]
    total, column = (table.total(), find(table)) if table else (None, None)
    if not table or not total or column is None:
        return None, ""
    return total.figure(column), f"{table.title}：合计"
