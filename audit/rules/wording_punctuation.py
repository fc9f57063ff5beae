"""R80x: marks. 括号、引号、书名号是否配对，标点叠用、半角、句末缺号，发文字号的括号。"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from ..facts import Facts
from ..findings import Severity
from ..prose import CLOSED, Paragraph
from ..source import Span
from . import Outcome, rule
from .wording_leftovers import pattern
from .wording_lists import runs_of
from .wording_text import clause, cut_edge, matches, once, prints, prose

HALF, FULL = "()", "（）"
LIST_MARKER = re.compile(
    r"^[\s(（]*(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|(?<=[；;。，,：:])\d{1,2}[)）]"
)
PAIRS = {"）": "（", ")": "(", "】": "【", "〕": "〔"}


@rule("R801", "brackets", Severity.NOTE, source="wording")
def brackets(facts: Facts) -> Iterator[Outcome]:
    """括号应成对，且同一对括号的全角、半角应一致。

    Flags    内设办公室(加挂行政审批股牌子）
    Passes   内设办公室（加挂行政审批股牌子）
    """
    mixed: list[Span] = []
    alone: list[tuple[int, str, Span]] = []
    for n, (paragraph, text) in enumerate(prints(facts)):
        skip = {m.end() - 1 for m in LIST_MARKER.finditer(text)}
        opened: list[int] = []
        for i, c in enumerate(text):
            if c in "（(【〔":
                opened.append(i)
            elif c in PAIRS and i not in skip:
                if not opened:
                    if not cut_edge(facts, paragraph, 0, 0) or "（" in text[:i]:
                        alone.append((n, "close", paragraph.span(*_words_before(text, i))))
                    continue
                start = opened.pop()
                if {text[start], c} in ({"(", "）"}, {"（", ")"}):
                    mixed.append(paragraph.span(start, i + 1))
            elif c in PAIRS and opened:
                start = opened.pop()  # （1）: the marker's own bracket
                if {text[start], c} in ({"(", "）"}, {"（", ")"}):
                    mixed.append(paragraph.span(start, i + 1))
        alone += [(n, "open", paragraph.span(i, clause(text, i + 1)[1])) for i in opened
                  if paragraph is not facts.paragraphs[-1]]  # fmt: skip
    yield from once("括号一半全角、一半半角", mixed, "请统一为全角括号")
    yield from once("括号不配对", _not_carried_on(alone), "请补全或删去单边的括号")


def _words_before(text: str, at: int) -> tuple[int, int]:
    return clause(text, at - 1)[0] if at else 0, at + 1


def _not_carried_on(alone: list[tuple[int, str, Span]]) -> list[Span]:
    """A bracket may open in one paragraph and close in the next."""
    opened = {n for n, kind, _ in alone if kind == "open"}
    closed = {n for n, kind, _ in alone if kind == "close"}
    return [
        span
        for n, kind, span in alone
        if not (kind == "open" and {n + 1, n + 2} & closed)
        and not (kind == "close" and {n - 1, n - 2} & opened)
    ]


@rule("R802", "quotation-marks", Severity.NOTE, source="wording")
def quotation_marks(facts: Facts) -> Iterator[Outcome]:
    """引号、书名号应成对。

    Flags    年初预算项目“乡村文化广场建设专项资金，执行数为10.00万元
    Passes   年初预算项目“乡村文化广场建设专项资金”，执行数为10.00万元
    """
    quotes: list[Span] = []
    titles: list[Span] = []
    for paragraph, text in prints(facts):
        curly = [paragraph.span(*place) for place in _unpaired(text, "“", "”", nesting=False)]
        quotes += curly
        straight = [i for i, c in enumerate(text) if c == '"']
        if len(straight) % 2 and not curly:
            quotes.append(paragraph.span(*clause(text, straight[-1])))
        titles += [paragraph.span(*place) for place in _unpaired(text, "《", "》", nesting=True)]
    for spans, name in ((quotes, "引号"), (titles, "书名号")):
        yield from once(f"{name}不配对", _inside(facts, spans), f"请补全或删去单边的{name}")


def _unpaired(text: str, opener: str, closer: str, nesting: bool) -> Iterator[tuple[int, int]]:
    """Places of openers never closed and closers never opened, with the words they belong to."""
    opened: list[int] = []
    for i, c in enumerate(text):
        if c == opener:
            if opened and not nesting:
                yield opened[-1], clause(text, opened.pop() + 1)[1]
            opened.append(i)
        elif c == closer:
            if opened:
                opened.pop()
            else:
                start = clause(text, i - 1)[0] if i else 0
                yield start, min(i + 1, len(text))
    yield from ((i, clause(text, i + 1)[1]) for i in opened)


def _inside(facts: Facts, spans: list[Span]) -> list[Span]:
    """Not what an excerpt may have cut off: a mark open at the last paragraph's end, closed at the first's start."""
    if not spans:
        return []
    first, last = facts.paragraphs[0], facts.paragraphs[-1]
    start, end = first.offsets[0], last.offsets[-1]
    return [s for s in spans if s.start != start and not (s.end is not None and s.end > end)]


DOUBLED = re.compile(
    r"[，、；：][，、；：。]+|。[，、；：。]+|、(?=等(?![级待候额同于值高外比分离边])|及其他)|[（“《][，。、；：]|[，、；](?=（(?:不?含|其中|包括|详?见|以下简称|即)[^（）]{0,30}）)"
)
ELLIPSIS = re.compile(r"。{3,}")


@rule("R803", "doubled-marks", Severity.NOTE, source="wording")
def doubled_marks(facts: Facts) -> Iterator[Outcome]:
    """标点不应叠用，“等”前不应有顿号。

    Flags    因机构改革、人员调动、等因素，进度较慢
    Passes   因机构改革、人员调动等因素，进度较慢
    """
    spans = []
    for paragraph in prose(facts):
        for match in DOUBLED.finditer(paragraph.text):
            if not ELLIPSIS.match(match[0]) and match[0] != "：：":
                start = max(match.start() - 4, 0)
                spans.append(paragraph.span(start, min(match.end() + 2, len(paragraph.text))))
    yield from once("标点叠用", spans, "请删去多余的标点")
    following = dict(itertools.pairwise(map(id, facts.paragraphs)))
    open_ended = [
        p.span(max(len(p.text) - 10, 0), len(p.text))
        for p in prose(facts)
        if p.text[-1] in "、，" and id(p) in following and len(p.text) > 10
    ]
    yield from once("段末标点不当", open_ended, "请核对文字是否完整，段末用句号")
    units = [
        p.span(*_minority(p.text, m)) for p, m in matches(prose(facts), UNITS) if _mixed(m[1])
    ]  # fmt: skip
    yield from once("并列项的分隔号“、”与“；”混用", units, "请统一用一种标点，并核对项数")


UNITS = re.compile(r"(?:[内下]设|设有|分别(?:是|为))[^。：]{0,14}[：，]?([^。：\d]{10,200})(?=[。\d]|$)")
OFFICE = "(?:室|股|科|处|部|局|办|站|所|队|中心|院|馆|校|会)"
UNIT = re.compile(
    rf"{OFFICE}(?:（[^）]*）)?([、；])"
    rf"(?=(?!所属|下属|下辖|派出|直属|[内下]设|另)[\u4e00-\u9fff]{{1,12}}?{OFFICE}(?:[（、；。等\d]|$))"
)


def _mixed(listed: str) -> bool:
    """Names of offices, most of them divided by one mark and a few by the other."""
    marks = UNIT.findall(listed)
    few = min(marks.count("、"), marks.count("；"))
    return 0 < few <= 2 and len(marks) - few >= 2 * few and "，" not in listed


def _minority(text: str, match: re.Match[str]) -> tuple[int, int]:
    found = list(UNIT.finditer(text, match.start(1), match.end(1)))
    marks = [m[1] for m in found]
    rare = min(("、", "；"), key=marks.count)
    at = next(m.start(1) for m in found if m[1] == rare)
    return max(at - 6, 0), min(at + 5, len(text))


ENDS = re.compile(r"[\u4e00-\u9fff\d%％a-zA-Z）)”』》]$")
REMARK = re.compile(r"(?:^|[。！])（[^（）]*）$")
LABEL = re.compile(r"^[^，。；：]{1,14}：")
ATTACHMENT = re.compile(
    r"^附[件表：]|^附注|^注：|^备注|^联系|^填报|^单位|^部门|电话|^抄送|^主题词|^文号|^索引|^发布|^信息来源|^来源|^目录"
)


@rule("R804", "full-stop", Severity.NOTE, source="wording")
def full_stop(facts: Facts) -> Iterator[Outcome]:
    """成段的文字末尾应有句号。

    Flags    1.严格执行公务接待标准，做到了厉行节约
             2.加强资产管理，定期清查盘点。
             3.加强合同管理，严格审核把关。
             4.加强培训，提高人员业务水平
    Passes   1.严格执行公务接待标准，做到了厉行节约。
             2.加强资产管理，定期清查盘点。
             3.加强合同管理，严格审核把关。
             4.加强培训，提高人员业务水平
    """
    body = [p for p in prose(facts) if _sentence(p)]
    open_ended = [p for p in body if ENDS.search(p.text)]
    following = {id(p): below for p, below in itertools.pairwise(facts.paragraphs)}
    if len(open_ended) > 0.35 * len(body):
        return
    known = {id(p) for p in open_ended}
    open_ended += [p for p in _unlike_sisters(facts) if id(p) not in known]
    spans = []
    for paragraph in open_ended:
        if paragraph is facts.paragraphs[0]:
            continue
        below = following.get(id(paragraph))
        prompted = any(
            m.end() >= len(paragraph.text) - 1 for m in pattern("prompts").finditer(paragraph.text)
        )
        if prompted or (below and (_heads(paragraph, below) or _rest_of_line(below))):
            continue
        start = max(clause(paragraph.text, len(paragraph.text) - 1)[0], len(paragraph.text) - 12)
        spans.append(paragraph.span(start, len(paragraph.text)))
    yield from once("段末缺句号", spans, "请补上句号，并核对文字是否完整")


def _rest_of_line(below: Paragraph) -> bool:
    """A few words that a line break cut off."""
    return not below.marker and len(below.text) <= 12 and below.text[-1] in CLOSED


def _unlike_sisters(facts: Facts) -> Iterator[Paragraph]:
    """Items of a list that end without a mark where nearly all of their sisters have one."""
    for run in runs_of(facts)[0]:
        members = [mark.paragraph for mark in run.marks]
        bare = [p for p in members if ENDS.search(p.text)]
        if len(members) > 2 and 0 < len(bare) <= 0.34 * len(members) and all(_item(p) for p in members):
            yield from bare


def _item(paragraph: Paragraph) -> bool:
    return len(paragraph.text) - paragraph.marker >= 8


def _heads(paragraph: Paragraph, below: Paragraph) -> bool:
    """Is a short numbered paragraph with a comma in it the heading of what comes below?"""
    if not paragraph.marker or len(paragraph.text) > 45 or re.search("[。；]", paragraph.text):
        return False
    first = re.match(r"[（(]?[一1](?!\d)", below.text)
    return not below.marker or below.level > paragraph.level or bool(first and below.level != paragraph.level)


def _sentence(paragraph: Paragraph) -> bool:
    text = paragraph.text
    if paragraph.heading or len(text) < 16 or ATTACHMENT.search(text) or REMARK.search(text):
        return False
    if text[-1] in CLOSED and text[-1] not in "：:":
        return True
    label = LABEL.match(text[paragraph.marker :])
    told = text[paragraph.marker + (label.end() if label else 0) :]
    return bool(re.search("[，；。]", told)) or (bool(label) and paragraph.marker > 0 and len(told) >= 10)


CHINESE = r"[\u4e00-\u9fff”》）]"
HALF_WIDTH = re.compile(
    rf"(?<={CHINESE})[,;:?!](?=\s*[\u4e00-\u9fff“《（])|(?<=[\u4e00-\u9fff]{{2}})\.(?=[\u4e00-\u9fff])"
)
FULL_WIDTH = re.compile("[，；：？！]")


@rule("R805", "half-width-marks", Severity.NOTE, source="wording")
def half_width_marks(facts: Facts) -> Iterator[Outcome]:
    """汉字之间应用全角标点。

    Flags    聚焦群众关切,提升服务水平，做好保障工作，抓好落实，强化监督
    Passes   聚焦群众关切，提升服务水平，做好保障工作，抓好落实，强化监督
    """
    half: list[Span] = []
    full = 0
    for paragraph, text in prints(facts):
        full += len(FULL_WIDTH.findall(text))
        for match in HALF_WIDTH.finditer(text):
            half.append(paragraph.span(max(match.start() - 4, 0), min(match.end() + 4, len(text))))
    if len(half) <= 0.5 * full:  # more than that: the whole text was typed or converted so
        yield from once("汉字之间用了半角标点", half, "请改为全角标点")


DOCUMENT_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff])[\[【（(〈<](?:19|20)\d\d[\]】）)〉>]第?\d+号")


@rule("R806", "document-number", Severity.NOTE, source="wording")
def document_number(facts: Facts) -> Iterator[Outcome]:
    """发文字号的年份用六角括号〔〕。

    Flags    根据某财绩[2024]5号文件要求
    Passes   根据某财绩〔2024〕5号文件要求
    """
    spans = []
    for paragraph, text in prints(facts):
        for match in DOCUMENT_NUMBER.finditer(text) if "号" in text else ():
            start = max(text.rfind(c, 0, match.start()) for c in "（(，。；》：、“") + 1
            start = max(start, match.end() - 18)
            spans.append(paragraph.span(start, match.end()))
    yield from once("发文字号未用六角括号〔〕", spans, "请改为〔〕")
