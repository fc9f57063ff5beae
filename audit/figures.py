"""The scanner: every number of a running text as printed, in one linear pass.

Comes in: paragraphs. Goes out: quantities with their places. List markers, heading numbers, document
numbers, ordinals and names such as 三公 are not figures and do not come out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from . import numerals
from .findings import Figure
from .prose import Paragraph
from .quantity import MONEY_UNITS, Kind, Quantity

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?:，\d{3})+\.\d\d(?!\d)|\d+(?:\.\d+)?)"
CHINESE = f"[{numerals.CHARACTERS.replace('点', '')}]+"
MONEY = "万亿元|亿元|千万元|百万元|万元|千元|元"
RATE = "个百分点|百分点|%|‰"
MEASURES = (  # measure words, longest first where one begins another
    "人次 剂次 台次 艘次 学时 课时 人天 人日 户次 家次 例次 件次 车次 批次 班次 场次 架次 周岁 个月 个小时 小时 分钟 "
    "平方公里 平方千米 平方米 立方米 千瓦时 千瓦 公里 千米 公斤 公顷 公分 厘米 毫米 个 人 名 位 户 家 张 间 所 处 "
    "座 栋 幢 条 件 项 次 场 期 批 例 对 台 辆 套 册 份 幅 篇 只 头 羽 尾 笔 担 路(?!段) 株 棵 亩 吨 米 ㎡ 岁 天 "
    "日 部门 部 支 门 本 宗 起 艘 架 枚 盏 块 片 堂 节 届 轮 班 组 队 类 种 段 床 席 孔 眼 口 根 卷 箱 袋 桶 瓶 盒 "
    "把 副 顶 样 票 字 句 页 倍 成 站 村 镇 社区 单位 企业 学校 档 级 度 km kg hm m"
).split()
MEASURE = "|".join(sorted(MEASURES, key=len, reverse=True))
AREA = {"平方米", "㎡", "平方公里", "平方千米", "公顷", "亩", "hm"}
LENGTH = {"公里", "千米", "米", "km", "m", "厘米", "毫米"}
NOT_COUNTED = {
    "周岁",
    "岁",
    "个月",
    "小时",
    "个小时",
    "分钟",
    "天",
    "日",
    "度",
    "倍",
    "成",
    "公斤",
    "kg",
    "吨",
    "立方米",
}
NOT_COUNTED |= {"千瓦", "千瓦时", "级", "担", "学时", "课时"}
PER = r"(?:[/·*](?:[人月年户天日床次亩生个名件台]|平方米|㎡|学期|学年|人次)){1,3}"

DATES = "|".join(
    [
        r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日",
        r"(?:19|20)\d\d年\d{1,2}月?(?:-|—|–|~|～|至|到)\d{1,2}月(?:份|底|末)?",
        r"(?:19|20)\d\d年\d{1,2}月(?:份|底|末|初)?",
        r"(?:19|20)\d\d(?:-|—|–|~|～|至|到)(?:19|20)\d\d年(?:度)?",
        r"(?:19|20)\d\d年(?:度|末|底|初)?",
        r"(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?!\d)",
        r"[二][〇零○０][〇零○一二][〇零○一二三四五六七八九]年(?:度)?",
        r"\d{1,2}月\d{1,2}日?(?:-|—|–|~|～|至|到)(?:\d{1,2}月)?\d{1,2}日",
        r"\d{1,2}月\d{1,2}日",
        r"\d{1,2}月?(?:-|—|–|~|～|至|到)\d{1,2}月(?:份|底|末)?",
        r"\d{1,2}月(?:份|底|末|初|上旬|中旬|下旬)?",
        r"(?:前)?[一二三四1-4]季度",
        r"[一二三四五六七八九]十年代",
    ]
)
UNIT = f"(?:{MONEY})(?:{PER})?|{RATE}|[百千万亿]?(?:{MEASURE})|[万亿]|分|年"
TO = "(?:-|—|–|－|~|～|至|到)"
TOKEN = re.compile(
    rf"(?P<date>(?<!\d)(?:{DATES}))"
    rf"|(?P<hundredth>百分之(?:{CHINESE}(?:点{CHINESE})?|{NUMBER}))"
    rf"|(?<![\d.A-Za-z第〔\[（(])(?!\d\d?\.(?:19|20)\d\d年)(?P<sign>(?<![\d%元万亿人户个名岁年月日次])[-−－+](?=\d))?(?P<number>{NUMBER})"
    rf"(?P<more>[余多几来])?(?:(?P<big>[万亿千百])(?P<more2>[余多几]))?(?P<unit>{UNIT})(?P<more3>[余多](?![出于]))?"
    rf"|(?<=[（(])(?P<number_in>{NUMBER})(?P<unit_in>{UNIT})"
    rf"|(?<![\d.A-Za-z第])(?P<from>{NUMBER}){TO}(?={NUMBER}(?:{UNIT}))"
    rf"|(?:(?<=[\u4e00-\u9fff])|(?<=\d、))(?P<listed>{NUMBER})、(?=(?:{NUMBER}、)*{NUMBER}(?:{UNIT}))"
    rf"|(?:(?<=得分)|(?<=总分)|(?<=评分))[为是:：]?(?P<score>\d{{1,3}}(?:\.\d+)?)(?![\d.%分个项])"
    rf"|(?<![第{numerals.CHARACTERS}])(?P<chinese>{CHINESE})(?P<more4>[余多几])?(?P<chinese_unit>{MONEY}|%|[个名家户人项对处所座台辆场次大期批]|社(?=联动)|人次|平方米|公里)"
)
NOT_SCORE = re.compile("[担之钟类别为公布局析解管支行配享店会院部队组区段校馆园站批期]")
MOST_DIGITS = 20  # a longer run of digits is a number of an account or a card
NOT_MONEY = re.compile("[旦月宵素]")
NOT_WAN = re.compile(f"(?:{MEASURE}|[余多]|斤|字|步|像素)")
EXACT_ONE = re.compile(r"[，。；、（(）)]|$")
BEFORE_APPROXIMATE = re.compile(
    r"(?:(?<![节签预合履违契条])约|将近|接近|(?<![最附临靠])近|逾|(?<!不)超过|超|不足|不到|(?<![线网以会])上)$"
)
AFTER_APPROXIMATE = re.compile(r"(?:左右|上下|以上|以内)")
PER_HEAD = re.compile(r"(?:人均月|月人均|人月均|月均|每[一-龥]{1,2})[^，。；：、\d]{0,9}$")
PER_AFTER = re.compile(
    r"/[人月年户床名天日次生亩个]|（?每[人月年户床名天日次生亩个][^\d，。；]{0,8}(?:[）、，。；]|$)"
)
DOCUMENT_NUMBER = re.compile(r"[〔\[［【（(](?:19|20)\d\d[〕\]］】）)]第?$")


@dataclass(frozen=True, slots=True)
class Printed:
    """A quantity at text[start:end] of a paragraph."""

    quantity: Quantity
    start: int
    end: int


def scan(text: str) -> Iterator[Printed]:
    """Every figure of a paragraph's text, in order.

    >>> [p.quantity.text for p in scan("支出3,228.08万元，完成98.5%，惠及5000余人次")]
    ['3,228.08万元', '98.5%', '5000余人次']
    """
    for match in TOKEN.finditer(text):
        yield from (p for p in _read(text, match) if p.quantity.value.adjusted() < MOST_DIGITS)


def _read(text: str, match: re.Match[str]) -> Iterator[Printed]:
    start, end = match.span()
    if match["date"]:
        if text[max(0, start - 1) : start] not in ("第",):
            yield _printed(text, start, end, Decimal(0), "", "date")
        return
    if match["hundredth"]:
        value = _value(match["hundredth"][3:])
        if value is not None:
            yield _printed(text, start, end, value, "%", "percent")
        return
    if match["score"]:
        yield _printed(text, match.start("score"), end, Decimal(match["score"]), "分", "score")
        return
    if bare := match["from"] or match["listed"]:  # 5—8万元; 分别为100、200万元: the unit of the next one
        following = TOKEN.match(text, end)
        for second in _read(text, following) if following else ():
            like = second.quantity
            yield _printed(text, start, start + len(bare), _number(bare), like.unit, like.kind, like.approx)
            return
        return
    if match["chinese"]:
        value = _value(match["chinese"])
        unit = match["chinese_unit"]
        if value is None or (value == 1 and not EXACT_ONE.match(text, end)):
            return
        if (unit in "大社" and value > 10) or (unit in "人次大期批场" and value == 1):
            return
        approximate = bool(match["more4"]) or text[max(0, start - 1) : start] in ("几", "数")
        yield _printed(
            text, start, end, value, unit, "money" if unit in MONEY_UNITS else "count", approximate
        )
        return
    number = match["number"] or match["number_in"]
    unit = match["unit"] or match["unit_in"]
    if DOCUMENT_NUMBER.search(text, 0, start):
        return
    approximate = bool(match["more"] or match["more2"] or match["more3"])
    unit = (match["big"] or "") + unit
    follows = text[end : end + 6]
    if (unit == "分" and NOT_SCORE.match(follows)) or (unit == "元" and NOT_MONEY.match(follows)):
        return
    if unit in ("万", "亿") and NOT_WAN.match(follows):
        return
    if unit == "部" and follows.startswith("门"):
        unit, end = "部门", end + 1
    value = _number(number)
    if unit == "年" and (value > 100 or "." in number):
        return
    if match["sign"] and match["sign"] != "+":
        value = -value
    yield _printed(text, start, end, value, unit, _kind(text, start, end, unit), approximate)


def _kind(text: str, start: int, end: int, unit: str) -> Kind:
    if unit.partition("/")[0] in MONEY_UNITS:
        per = "/" in unit or PER_AFTER.match(text, end) or PER_HEAD.search(text, max(0, start - 16), start)
        return "standard" if per else "money"
    if re.fullmatch(RATE, unit):
        return "percent"
    measure = unit.lstrip("百千万亿") or unit
    if unit == "分":
        return "score"
    if measure in AREA:
        return "area"
    if measure in LENGTH:
        return "length"
    return "other" if measure in NOT_COUNTED or unit == "年" else "count"


def _printed(
    text: str, start: int, end: int, value: Decimal, unit: str, kind: Kind, approximate: bool = False
) -> Printed:
    if kind == "date":
        value, unit = _date(text[start:end])
    approximate = approximate or bool(
        BEFORE_APPROXIMATE.search(text, max(0, start - 3), start) or AFTER_APPROXIMATE.match(text, end)
    )
    exponent = value.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Printed(Quantity(value, unit, kind, text[start:end], decimals, approximate), start, end)


def _date(text: str) -> tuple[Decimal, str]:
    year = re.match(r"(?:19|20)\d\d", text)
    if year:
        return Decimal(year[0]), "年度" if text.endswith("年度") else "年"
    chinese = numerals.parse(text[:4].replace("○", "〇"))
    if chinese is not None and chinese > 1900:
        return chinese, "年"
    last = re.findall(r"\d+", text)
    number = Decimal(last[-1]) if last else numerals.parse(text[:1]) or Decimal(0)
    return number, "季度" if "季" in text else "日" if text.endswith(
        "日"
    ) else "月" if "月" in text else "年代"


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("，", ""))


def _value(text: str) -> Decimal | None:
    return _number(text) if text[0].isdigit() else numerals.parse(text)


def number_figures(printed: Iterable[tuple[Paragraph, Printed]], first: int) -> list[Figure]:
    """Figures with ids, amounts judged at the decimals the document keeps.

    A dropped trailing zero is usual: 358.2 beside 5349.81 means 358.20. For 元 and 万元 the document's
    decimals are two as soon as one of its amounts in that unit shows two.
    """
    found = [(paragraph, p) for paragraph, p in printed]
    shown = Counter((p.quantity.unit, p.quantity.decimals) for _, p in found if p.quantity.kind == "money")
    usual = {unit: 2 for (unit, decimals) in shown if decimals == 2}
    figures = []
    for i, (paragraph, p) in enumerate(found, first):
        quantity = p.quantity
        if quantity.kind == "money" and not quantity.approx and quantity.unit in ("元", "万元", "万"):
            quantity = quantity.judged_at(usual.get(quantity.unit, 0))
        figures.append(Figure(f"f{i}", quantity, paragraph.span(p.start, p.end)))
    return figures
