"""What the labels of a table say: heads, row labels, units; and what a cell's print is worth under them.

Comes in: the text of cells. Goes out: `Head`, standard items, quantities. Labels are known by
`params/forms.toml` and the glossary, never by their address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from .figures import scan
from .glossary import glossary, parameters
from .prose import CHINESE_MARKS, WIDE, squash
from .quantity import MONEY_UNITS, RATE_UNITS, Kind, Quantity
from .source import Cell, CellState

BRACKETS = re.compile(r"（[^（）]*）")
UNIT = re.compile(
    r"(?:单位[：:]?|（)(?:人民币)?(?P<unit>[百千万亿]*元|%|人|分|㎡|平方米|户|个)(?:）|$|[）\s，])"
)
MARKER = re.compile(
    r"^(?:其中：?|[一二三四五六七八九十]+、|\d{1,2}(?:、|．|\.(?!\d))|（[一二三四五六七八九十\d]{1,2}）|[①-⑳]|—+)+"
)
NUMBER = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
PLAIN = re.compile(rf"(?P<sign>[-−－]?)(?P<number>{NUMBER})(?P<percent>%?)")
PAIR = re.compile(rf"(?P<label>\D+?)：(?P<number>[-−－]?(?:{NUMBER}))(?P<unit>[万亿]?元)?")
SIGNS = {
    **dict.fromkeys(("≥", "≧", ">=", ">", "不低于", "不少于", "大于等于"), ">="),
    **dict.fromkeys(("≤", "≦", "<=", "<", "不超过", "不高于", "小于等于"), "<="),
    **dict.fromkeys(("=", "＝", "等于"), "="),
}
SIGN = re.compile("|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True)))
TOTAL = re.compile(r"(?:本年|本期|项目|支出|收入|年度|预算)*(?:合计|总计|共计)(?:数|金额)?|合计数")
SUBTOTAL = re.compile(r"[\u4e00-\u9fff]{0,8}(?:小计|合计)")
COUNTED = re.compile(r"人数|户数|个数|数量|人次|件数|编制")
COUNTED_IN = {"人数": "人", "户数": "户", "人次": "人次", "件数": "件", "编制": "人"}
RATED = re.compile(r"率$|比重$|占比$|比例$|%$|增减%|幅度$")
WORDS = {"名称", "编码", "序号", "级别", "指标", "符号", "单位", "原因", "文字"}
MONEY = {"上年决算", "年初预算", "全年预算", "预算", "执行", "结转", "上年结转", "调整"}


@dataclass(frozen=True, slots=True)
class Head:
    """What stands under a column head.

    reading  a measure, or one of `WORDS` for a column of words; "" where only the item is said
    period   "上年" or a year, "" for the report's own
    unit     of bare numbers below
    doubt    why the unit is not sure
    path     the head's texts from the outermost down
    """

    reading: str
    item: str = ""
    period: str = ""
    unit: str = "万元"
    doubt: str = ""
    path: tuple[str, ...] = ()
    known: bool = True


@cache
def _forms() -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]], re.Pattern[str]]:
    data = parameters("forms")
    for kind in ("form", "column", "row"):
        for entry in data[kind]:
            entry["pattern"] = re.compile(entry["pattern"])
    return data["form"], data["column"], data["row"], re.compile(data["sources"]["pattern"])


def squeeze(text: str) -> str:
    """A label without blanks, Latin marks read as Chinese ones.

    >>> squeeze("全年预算数 (A)")
    '全年预算数（A）'
    """
    return re.sub(r"\s+", "", text.translate(WIDE)).translate(CHINESE_MARKS)


def form_kind(*names: str) -> str:
    """附件1, 附件2, 附件3 by the first name that tells; "" for any other table."""
    for name in map(squeeze, names):
        for entry in _forms()[0]:
            if entry["pattern"].search(name):
                return str(entry["kind"])
    return ""


def read_head(path: Sequence[str], year: int, unit: str) -> Head:
    """A column head, the innermost text that is known first.

    >>> read_head(["2023年决算数"], 2024, "万元").period, read_head(["执行率(B/A)"], 2024, "元").unit
    ('上年', '%')
    """
    texts = [squeeze(text) for text in path]
    period = _period("".join(texts), year)
    own = next((m["unit"] for t in reversed(texts) if (m := UNIT.search(t))), "")
    for text in reversed(texts):
        core = re.sub(r"(?:19|20)\d\d年(?:度)?|[：:*]", "", BRACKETS.sub("", text))
        for entry in _forms()[1]:
            if not entry["pattern"].fullmatch(core):
                continue
            reading = entry["reading"]
            if reading == "上年决算":
                reading, period = "执行", "上年"
            item = entry.get("item", "") or _outer_item(texts, text)
            return _head(reading, item, period, entry.get("unit", "") or own or unit, tuple(texts))
    last = texts[-1] if texts else ""
    if RATED.search(BRACKETS.sub("", last)):
        guess, doubt = "%", ""
    elif own or not (counted := COUNTED.search(last)):
        guess, doubt = own or unit, ""
    else:
        guess, doubt = COUNTED_IN.get(counted[0], "个"), "表头未写明计量单位"
    head = _head("", item_of(last), period, guess, tuple(texts))
    return replace(head, known=False, doubt=doubt or head.doubt)


def _head(reading: str, item: str, period: str, unit: str, path: tuple[str, ...]) -> Head:
    doubt = "" if unit else "表中未写明金额单位，按万元计"
    return Head(reading, item, period, unit or "万元", doubt if reading in MONEY | {""} else "", path)


def _outer_item(texts: Sequence[str], own: str) -> str:
    items = glossary().items
    return next((items[t] for text in texts if text != own and (t := BRACKETS.sub("", text)) in items), "")


def _period(text: str, year: int) -> str:
    found = re.search(r"(20\d\d)年", text)
    if not found:
        return "上年" if re.search("上年(?!结转|结余)", text) else ""
    named = int(found[1])
    return "" if named == year else "上年" if named == year - 1 else found[1]


def unit_in(text: str) -> str:
    """The money unit that a caption, a side cell or a line such as 单位：万元 names, else "".

    >>> unit_in("项目资金（元）"), unit_in("单位: 万元"), unit_in("2024年度")
    ('元', '万元', '')
    """
    match = UNIT.search(squeeze(text))
    return match["unit"] if match and match["unit"] in MONEY_UNITS else ""


def bare_label(text: str) -> str:
    """A row label without its number, 其中 and colon.

    >>> bare_label("其中：1、 公车购置："), bare_label("（二）项目支出")
    ('公车购置', '项目支出')
    """
    return MARKER.sub("", squeeze(text)).rstrip("：:")


def item_of(label: str) -> str:
    """The standard term of a row label, else the label itself."""
    bare = bare_label(label)
    items = glossary().items
    core = BRACKETS.sub("", bare)
    if row := row_meaning(label):
        return str(row["item"])
    return items.get(bare) or items.get(core) or core or bare


def row_meaning(label: str) -> dict[str, Any]:
    """What `forms.toml` says of a row label."""
    core = BRACKETS.sub("", bare_label(label))
    return next((row for row in _forms()[2] if row["pattern"].fullmatch(core)), {})


def is_source(label: str) -> bool:
    """Does the row tell where the money comes from? 当年财政拨款, 上年结转资金, 其他资金 …"""
    return bool(_forms()[3].fullmatch(BRACKETS.sub("", bare_label(label))))


def is_number(cell: Cell) -> bool:
    """A bare number or a percentage, nothing else."""
    return cell.state is CellState.VALUE and bool(PLAIN.fullmatch(squash(cell.text, 0, len(cell.text))[0]))


def has_words(cell: Cell) -> bool:
    return cell.state is CellState.VALUE and not is_number(cell)


def read_cell(cell: Cell, unit: str) -> tuple[Quantity, int, int, str] | None:
    """A cell's quantity, where it stands in the cell's text, and its sign; None where it is no figure.

    unit  of a bare number
    """
    if cell.state is not CellState.VALUE:
        return None
    body, offsets = squash(cell.text, 0, len(cell.text))
    match = SIGN.match(body)
    sign, start = (SIGNS[match[0]], match.end()) if match else ("", 0)
    if bare := PLAIN.fullmatch(body, start):
        return _bare(bare, unit), offsets[start], offsets[-1] + 1, sign
    found = list(scan(body[start:]))
    if len(found) != 1 or found[0].quantity.kind == "date" or found[0].start > 3:
        return None
    printed = found[0]
    rest = body[start : start + printed.start] + body[start + printed.end :]
    if len(rest) > 6 or re.search(r"\d", rest):
        return None
    ends = offsets[start + printed.start], offsets[start + printed.end - 1] + 1
    return printed.quantity, *ends, sign or _sign_after(body)


def _sign_after(body: str) -> str:
    return ">=" if re.search("以上$", body) else "<=" if re.search("以[内下]$", body) else ""


def _bare(match: re.Match[str], unit: str) -> Quantity:
    digits = match["number"].replace(",", "").replace("，", "")
    value = Decimal(digits) * (-1 if match["sign"] else 1)
    shown = len(digits.partition(".")[2])
    text = match[0]
    if match["percent"]:
        return Quantity(value, "%", "percent", text, shown)
    if unit == "%":
        # 0.5739 and 1 are shares, 57.39 is the percentage itself.
        share = abs(value) <= 2
        return Quantity(
            value * 100 if share else value, "%", "percent", text, max(0, shown - 2) if share else shown
        )
    return Quantity(value, unit, kind_of(unit), text, shown)


def kind_of(unit: str) -> Kind:
    if unit in MONEY_UNITS:
        return "money"
    if unit in RATE_UNITS:
        return "percent"
    return "score" if unit == "分" else "area" if unit in ("平方米", "㎡") else "count"
