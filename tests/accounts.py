"""A made-up final account, sound in every sum, in the layouts of two provinces; and copies changed in one place.

`account()` gives the pages as paragraphs and tables; `document()` lays them down as a `Document`, `html()` as a
web page that LibreOffice prints to PDF.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from html import escape

from audit.read.assembly import Assembly, Draft, Source
from audit.source import Document

D = Decimal
NAME = "青岚县水务管理局"
YEAR = 2023

# code, name, basic, project, fund ("" general, 基金, 其他), income where it is not what was spent
LEAVES = [
    ("2080502", "事业单位离退休", "12.40", "", "", ""),
    ("2080505", "机关事业单位基本养老保险缴费支出", "86.15", "", "", ""),
    ("2101101", "行政单位医疗", "31.27", "", "", ""),
    ("2101102", "事业单位医疗", "18.04", "", "", ""),
    ("2120804", "农村基础设施建设支出", "", "320.00", "基金", ""),
    ("2130301", "行政运行", "684.52", "", "", ""),
    ("2130305", "水利工程建设", "", "1240.00", "", "1227.50"),
    ("2130311", "水资源节约管理与保护", "", "96.30", "", ""),
    ("2130399", "其他水利支出", "", "45.60", "其他", ""),
    ("2210201", "住房公积金", "74.88", "", "", ""),
]
ABOVE = {
    "208": "社会保障和就业支出", "20805": "行政事业单位养老支出", "210": "卫生健康支出", "21011": "行政事业单位医疗",
    "212": "城乡社区支出", "21208": "国有土地使用权出让收入安排的支出", "213": "农林水支出", "21303": "水利",
    "221": "住房保障支出", "22102": "住房改革支出",
}  # fmt: skip
USES = [
    ("301", "工资福利支出", ""), ("30101", "基本工资", "210.36"), ("30102", "津贴补贴", "198.50"), ("30103", "奖金", "88.20"),
    ("30107", "绩效工资", "45.10"), ("30108", "机关事业单位基本养老保险缴费", "86.15"), ("30110", "职工基本医疗保险缴费", "49.31"),
    ("30113", "住房公积金", "64.74"), ("303", "对个人和家庭的补助", ""), ("30302", "退休费", "12.40"),
    ("302", "商品和服务支出", ""), ("30201", "办公费", "28.40"), ("30207", "邮电费", "6.15"), ("30211", "差旅费", "24.30"),
    ("30213", "维修（护）费", "9.85"), ("30217", "公务接待费", "2.16"), ("30228", "工会经费", "18.04"),
    ("30231", "公务用车运行维护费", "15.60"), ("30239", "其他交通费用", "33.20"), ("30299", "其他商品和服务支出", "9.10"),
    ("310", "资本性支出", ""), ("31002", "办公设备购置", "5.70"),
]  # fmt: skip
FUNCTIONS = [
    "一般公共服务支出", "外交支出", "国防支出", "公共安全支出", "教育支出", "科学技术支出", "文化旅游体育与传媒支出",
    "社会保障和就业支出", "卫生健康支出", "节能环保支出", "城乡社区支出", "农林水支出", "交通运输支出", ""
    "住房保障支出", "其他支出",
]  # fmt: skip
NUMERALS = "一二三四五六七八九十"


def numeral(n: int) -> str:
    return NUMERALS[n - 1] if n <= 10 else "十" + NUMERALS[n - 11]


@dataclass
class Style:
    """How a province prints its tables.

    order     行次 columns and 栏次 rows
    down      “三公”经费 as lines, not as columns
    scale     1 for 万元, 10000 for 元
    split     类, 款, 项 in columns of their own
    blank     what stands where there is nothing
    """

    order: bool = True
    down: bool = False
    scale: int = 1
    split: bool = False
    blank: str = ""
    pages: int = 0  # rows after which a table goes on overleaf, 0 for never

    @property
    def unit(self) -> str:
        return "元" if self.scale > 1 else "万元"

    def money(self, value: Decimal | None) -> str:
        return self.blank if not value else f"{value * self.scale:,.2f}"


@dataclass
class Sheet:
    """One table: rows of cells, each text or (text, columns, rows)."""

    title: str
    number: int
    rows: list[list[str | tuple[str, int, int]]]
    notes: list[str] = field(default_factory=list)
    heads: int = 1


Part = str | Sheet


def account(style: Style | None = None, other: bool = False) -> list[Part]:
    style = style or Style()
    return [
        *opening(),
        *sheets(style),
        *(other_narrative() if other else narrative()),
        "第四部分 名词解释",
        "一、财政拨款收入：指从同级财政取得的拨款。",
    ]


def opening() -> list[Part]:
    names = [s.title for s in sheets(Style())]
    return [
        f"{NAME}{YEAR}年度部门决算公开", "目录", "第一部分 部门概况", "第二部分 部门决算表",
        *(f"{numeral(n)}、{name}" for n, name in enumerate(names, 1)), "第三部分 部门决算情况说明", "第四部分 名词解释",
        "第一部分 部门概况", f"{NAME}是县政府的工作部门，负责水资源、河道和供水的管理。", "第二部分 部门决算表",
    ]  # fmt: skip


def leaves(funds: tuple[str, ...]) -> list[tuple[str, str, Decimal, Decimal, Decimal]]:
    """Code, name, basic, project, income of the leaves of some funds."""
    found = []
    for code, name, basic, project, fund, income in LEAVES:
        if fund in funds:
            b, p = D(basic or 0), D(project or 0)
            found.append((code, name, b, p, D(income) if income else b + p))
    return found


def tree(funds: tuple[str, ...]) -> list[tuple[str, str, list[Decimal]]]:
    """Every line from the 类 down: code, name, [basic, project, income]."""
    below = leaves(funds)
    codes = sorted({c[:n] for c, *_ in below for n in (3, 5)} | {c for c, *_ in below})
    names = ABOVE | {c: n for c, n, *_ in below}
    return [
        (code, names[code], [sum((x[i] for x in below if x[0].startswith(code)), D(0)) for i in (2, 3, 4)])
        for code in codes
    ]


def whole(funds: tuple[str, ...]) -> list[Decimal]:
    return [sum((x[i] for x in leaves(funds)), D(0)) for i in (2, 3, 4)]


ALL, GENERAL, FUND = ("", "基金", "其他"), ("",), ("基金",)
START, END = D("25.00"), D("12.50")


def sheets(style: Style) -> list[Sheet]:
    return [
        overall(style), income(style), spending(style), fiscal(style), general(style), basic(style), three_public(style),
        fund(style), state(style),
    ]  # fmt: skip


def by_class(funds: tuple[str, ...]) -> dict[str, Decimal]:
    return {name: b + p for code, name, (b, p, _) in tree(funds) if len(code) == 3}


def sides(
    style: Style, left: list[tuple[str, Decimal | None]], right: list[list[object]]
) -> list[list[object]]:
    """Two sides beside one another, with 行次 where the style has it."""
    rows: list[list[object]] = []
    height = max(len(left), len(right))
    for n in range(height):
        label, amount = left[n] if n < len(left) else ("", None)
        name, *amounts = right[n] if n < len(right) else ["", *[None] * (len(right[0]) - 1)]
        row: list[object] = [label]
        row += [str(n + 1)] if style.order else []
        row += [style.money(amount) if label else ""]
        row += [name]
        row += [str(height + n + 1)] if style.order else []
        row += [style.money(a) if name else "" for a in amounts]  # type: ignore[arg-type]
        rows.append(row)
    return rows


def overall(style: Style) -> Sheet:
    _, _, received = whole(ALL)
    b, p, _ = whole(ALL)
    other = whole(("其他",))[2]
    left: list[tuple[str, Decimal | None]] = [
        ("一、一般公共预算财政拨款收入", whole(GENERAL)[2]), ("二、政府性基金预算财政拨款收入", whole(FUND)[2]),
        ("三、国有资本经营预算财政拨款收入", None), ("四、上级补助收入", None), ("五、事业收入", None), ("六、经营收入", None),
        ("七、附属单位上缴收入", None), ("八、其他收入", other),
    ]  # fmt: skip
    spent = by_class(ALL)
    right: list[list[object]] = [
        [f"{numeral(n)}、{name}", spent.get(name)] for n, name in enumerate(FUNCTIONS, 1)
    ]
    left += [("", None)] * (len(right) - len(left))
    left += [
        ("本年收入合计", received),
        ("使用非财政拨款结余", None),
        ("年初结转和结余", START),
        ("总计", received + START),
    ]
    right += [["本年支出合计", b + p], ["结余分配", None], ["年末结转和结余", END], ["总计", b + p + END]]
    mark = ["行次"] if style.order else []
    wide = 3 if style.order else 2
    heads: list[list[object]] = [
        [("收入", wide, 1), ("支出", wide, 1)],
        ["项目", *mark, "金额", "项目", *mark, "金额"],
    ]
    if style.order:
        heads.append(["栏次", "", "1", "栏次", "", "2"])
    return Sheet("收入支出决算总表", 1, [*heads, *sides(style, left, right)], heads=len(heads))  # type: ignore[list-item]


def coded(
    style: Style, names: list[str], funds: tuple[str, ...], amounts: object, order: bool = True
) -> list[list[object]]:
    """Heads, 栏次, 合计 and the lines of a table by function."""
    span = 3 if style.split else 1
    rows: list[list[object]] = [
        [("项目", span + 1, 1), *((n, 1, 2) for n in names)],
        [("功能分类科目编码", span, 1), "科目名称"],
    ]
    if style.order:
        rows.append([("栏次", span + 1, 1), *(str(n) for n in range(1, len(names) + 1))])
    take = amounts
    total = take(whole(funds))  # type: ignore[operator]
    rows.append([("合计", span + 1, 1), *(style.money(v) for v in total)])
    for code, name, values in tree(funds):
        cells = [code[:3], code[3:5], code[5:]] if style.split else [code]
        rows.append([*cells, name, *(style.money(v) for v in take(values))])  # type: ignore[operator]
    return rows


def income(style: Style) -> Sheet:
    names = [
        "本年收入合计",
        "财政拨款收入",
        "上级补助收入",
        "事业收入",
        "经营收入",
        "附属单位上缴收入",
        "其他收入",
    ]
    rows = coded(style, names, ALL, lambda v: [v[2], None, None, None, None, None, None])
    other = {c for c, *_ in leaves(("其他",))}
    for row in rows[2:]:
        code = "".join(str(c) for c in row if str(c).isdigit())
        texts = [c[0] if isinstance(c, tuple) else c for c in row]
        if str(texts[0]).startswith("栏次"):
            continue
        label = texts[0] == "合计"
        mine = [x for x in leaves(ALL) if label or x[0].startswith(_code(row, style))]
        rest = sum((x[4] for x in mine if x[0] in other), D(0))
        row[-6] = style.money(sum((x[4] for x in mine), D(0)) - rest)
        row[-1] = style.money(rest)
        assert code is not None
    return Sheet("收入决算表", 2, rows, heads=3 if style.order else 2)  # type: ignore[arg-type]


def _code(row: list[object], style: Style) -> str:
    return "".join(str(c) for c in row[: 3 if style.split else 1] if str(c).isdigit())


def spending(style: Style) -> Sheet:
    names = ["本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"]
    rows = coded(style, names, ALL, lambda v: [v[0] + v[1], v[0], v[1], None, None, None])
    return Sheet("支出决算表", 3, rows, heads=3 if style.order else 2)  # type: ignore[arg-type]


def fiscal(style: Style) -> Sheet:
    left: list[tuple[str, Decimal | None]] = [
        ("一、一般公共预算财政拨款", whole(GENERAL)[2]),
        ("二、政府性基金预算财政拨款", whole(FUND)[2]),
        ("三、国有资本经营预算财政拨款", None),
    ]
    g, f = by_class(GENERAL), by_class(FUND)
    right: list[list[object]] = [
        [f"{numeral(n)}、{name}", (g.get(name, D(0)) + f.get(name, D(0))), g.get(name), f.get(name), None]
        for n, name in enumerate(FUNCTIONS, 1)
    ]
    gs, fs = sum(g.values(), D(0)), sum(f.values(), D(0))
    left += [("", None)] * (len(right) - len(left))
    received = whole(GENERAL)[2] + whole(FUND)[2]
    left += [
        ("本年收入合计", received),
        ("年初财政拨款结转和结余", START),
        ("  一般公共预算财政拨款", START),
        ("  政府性基金预算财政拨款", None),
    ]
    left += [("  国有资本经营预算财政拨款", None), ("总计", received + START)]
    right += [
        ["本年支出合计", gs + fs, gs, fs, None],
        ["年末财政拨款结转和结余", END, END, None, None],
        *[["", *[None] * 4]] * 3,
    ]
    right += [["总计", gs + fs + END, gs + END, fs, None]]
    mark = ["行次"] if style.order else []
    n = len(mark)
    heads: list[list[object]] = [
        [("收入", 2 + n, 1), ("支出", 5 + n, 1)],
        [
            "项目",
            *mark,
            "金额",
            "项目",
            *mark,
            "合计",
            "一般公共预算财政拨款",
            "政府性基金预算财政拨款",
            "国有资本经营预算财政拨款",
        ],
    ]
    if style.order:
        heads.append(["栏次", "", "1", "栏次", "", "2", "3", "4", "5"])
    return Sheet("财政拨款收入支出决算总表", 4, [*heads, *sides(style, left, right)], heads=len(heads))  # type: ignore[list-item]


def general(style: Style) -> Sheet:
    rows = coded(
        style, ["本年支出合计", "基本支出", "项目支出"], GENERAL, lambda v: [v[0] + v[1], v[0], v[1]]
    )
    return Sheet("一般公共预算财政拨款支出决算表", 5, rows, heads=3 if style.order else 2)  # type: ignore[arg-type]


def uses(prefix: str) -> list[tuple[str, str, Decimal]]:
    amounts = {c: D(v) for c, _, v in USES if v}
    return [
        (c, n, D(v) if v else sum((a for k, a in amounts.items() if k.startswith(c)), D(0)))
        for c, n, v in USES
        if c.startswith(prefix)
    ]


def basic(style: Style) -> Sheet:
    left = [*uses("301"), *uses("303")]
    middle, right = uses("302"), uses("310")
    rows: list[list[object]] = [
        [("人员经费", 3, 1), ("公用经费", 6, 1)],
        ["科目编码", "科目名称", "金额"] * 3,
    ]
    for n in range(max(len(left), len(middle), len(right))):
        row: list[object] = []
        for side in (left, middle, right):
            row += [side[n][0], side[n][1], style.money(side[n][2])] if n < len(side) else ["", "", ""]
        rows.append(row)
    staff = uses("301")[0][2] + uses("303")[0][2]
    public = uses("302")[0][2] + uses("310")[0][2]
    rows.append([("人员经费合计", 2, 1), style.money(staff), ("公用经费合计", 5, 1), style.money(public)])
    return Sheet("一般公共预算财政拨款基本支出决算表", 6, rows, heads=2)  # type: ignore[arg-type]


PARTS = [
    ("合计", "26.00", "17.76"), ("因公出国（境）费", "", ""), ("小计", "22.00", "15.60"), ("公务用车购置费", "", ""),
    ("公务用车运行维护费", "22.00", "15.60"), ("公务接待费", "4.00", "2.16"),
]  # fmt: skip


def three_public(style: Style) -> Sheet:
    title = "财政拨款“三公”经费支出决算表"
    money = [[style.money(D(v) if v else None) for v in (b, s)] for _, b, s in PARTS]
    if style.down:
        labels = [
            "“三公”经费合计",
            "1.因公出国（境）费",
            "2.公务用车购置及运行维护费",
            "（1）公务用车购置费",
            "（2）公务用车运行维护费",
            "3.公务接待费",
        ]
        rows: list[list[object]] = [["项目", "行次", "预算数", "决算数"]]
        rows += [
            [label, str(n), *cells] for n, (label, cells) in enumerate(zip(labels, money, strict=True), 1)
        ]
        return Sheet(title, 7, rows)  # type: ignore[arg-type]
    inner = ["小计", "公务用车购置费", "公务用车运行维护费"]
    half: list[object] = [
        ("合计", 1, 2),
        ("因公出国（境）费", 1, 2),
        ("公务用车购置及运行维护费", 3, 1),
        ("公务接待费", 1, 2),
    ]
    rows = [[("预算数", 6, 1), ("决算数", 6, 1)], [*half, *half], [*inner, *inner]]
    if style.order:
        rows.append([str(n) for n in range(1, 13)])
    rows.append([m[0] for m in money] + [m[1] for m in money])
    return Sheet(title, 7, rows, heads=4 if style.order else 3)  # type: ignore[arg-type]


def fund(style: Style) -> Sheet:
    span = 3 if style.split else 1
    rows: list[list[object]] = [
        [
            ("项目", span + 1, 1),
            ("年初结转和结余", 1, 2),
            ("本年收入", 1, 2),
            ("本年支出", 3, 1),
            ("年末结转和结余", 1, 2),
        ],
        [("功能分类科目编码", span, 1), "科目名称", "小计", "基本支出", "项目支出"],
    ]
    if style.order:
        rows.append([("栏次", span + 1, 1), *"123456"])
    b, p, i = whole(FUND)
    rows.append([("合计", span + 1, 1), *map(style.money, [None, i, b + p, b, p, None])])
    for code, name, (x, y, z) in tree(FUND):
        cells = [code[:3], code[3:5], code[5:]] if style.split else [code]
        rows.append([*cells, name, *map(style.money, [None, z, x + y, x, y, None])])
    return Sheet("政府性基金预算财政拨款收入支出决算表", 8, rows, heads=3 if style.order else 2)  # type: ignore[arg-type]


def state(style: Style) -> Sheet:
    rows: list[list[object]] = [
        [("项目", 2, 1), ("合计", 1, 2), ("基本支出", 1, 2), ("项目支出", 1, 2)], ["功能分类科目编码", "科目名称"],
        ["", "", "", "", ""], ["", "", "", "", ""],
    ]  # fmt: skip
    note = f"说明：{NAME}本年度没有国有资本经营预算财政拨款支出，故本表为空。"
    return Sheet("国有资本经营预算财政拨款支出决算表", 9, rows, [note], heads=2)  # type: ignore[arg-type]


def narrative() -> list[Part]:
    return [
        "第三部分 部门决算情况说明",
        "一、收入支出决算总体情况说明",
        f"{YEAR}年度收入总计2,621.66万元，支出总计2,621.66万元。与{YEAR - 1}年度相比，收、支总计各增加132.45万元，增长5.32%，"
        "主要是新开工了两处泵站。",
        "二、收入决算情况说明",
        "本年收入合计2,596.66万元，其中：财政拨款收入2,551.06万元，占98.24%；其他收入45.60万元，占1.76%。",
        "三、支出决算情况说明",
        "本年支出合计2,609.16万元，其中：基本支出907.26万元，占34.77%；项目支出1,701.90万元，占65.23%。",
        "四、财政拨款收入支出决算总体情况说明",
        f"{YEAR}年度财政拨款收入总计2,576.06万元，财政拨款支出总计2,576.06万元。与上年相比，财政拨款收、支总计"
        "各增加120.00万元，增长4.89%。",
        "五、一般公共预算财政拨款支出决算情况说明",
        "（一）总体情况",
        "一般公共预算财政拨款支出2,243.56万元，占本年支出合计的85.99%。与上年相比增加63.56万元，增长2.92%。",
        "（二）支出结构",
        "一般公共预算财政拨款支出2,243.56万元，主要用于以下方面：社会保障和就业（类）支出98.55万元，占4.39%；"
        "卫生健康（类）支出49.31万元，占2.20%；农林水（类）支出2,020.82万元，占90.07%；住房保障（类）支出74.88万元，占3.34%。",
        "（三）具体情况",
        "一般公共预算财政拨款支出年初预算为2,300.00万元，支出决算为2,243.56万元，完成年初预算的97.55%。其中：",
        "1.社会保障和就业支出（类）行政事业单位养老支出（款）事业单位离退休（项）。年初预算为12.40万元，支出决算为12.40万元，"
        "完成年初预算的100.00%，决算数与年初预算数持平。",
        "2.社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）。年初预算为88.00万元，"
        "支出决算为86.15万元，完成年初预算的97.90%，决算数小于年初预算数的主要原因是两名职工调出。",
        "3.卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）。年初预算为31.27万元，支出决算为31.27万元，"
        "完成年初预算的100.00%，决算数与年初预算数持平。",
        "4.卫生健康支出（类）行政事业单位医疗（款）事业单位医疗（项）。年初预算为17.00万元，支出决算为18.04万元，"
        "完成年初预算的106.12%，决算数大于年初预算数的主要原因是缴费基数上调。",
        "5.农林水支出（类）水利（款）行政运行（项）。年初预算为690.00万元，支出决算为684.52万元，完成年初预算的99.21%，"
        "决算数小于年初预算数的主要原因是厉行节约。",
        "6.农林水支出（类）水利（款）水利工程建设（项）。年初预算为1,290.00万元，支出决算为1,240.00万元，完成年初预算的96.12%，"
        "决算数小于年初预算数的主要原因是一处泵站跨年实施。",
        "7.农林水支出（类）水利（款）水资源节约管理与保护（项）。年初预算为96.33万元，支出决算为96.30万元，完成年初预算的99.97%，"
        "决算数小于年初预算数的主要原因是采购节约。",
        "8.住房保障支出（类）住房改革支出（款）住房公积金（项）。年初预算为75.00万元，支出决算为74.88万元，完成年初预算的99.84%，"
        "决算数小于年初预算数的主要原因是人员变动。",
        "六、一般公共预算财政拨款基本支出决算情况说明",
        "一般公共预算财政拨款基本支出907.26万元。其中：人员经费754.76万元，主要包括：基本工资、津贴补贴、奖金、绩效工资、"
        "机关事业单位基本养老保险缴费、职工基本医疗保险缴费、住房公积金、退休费；公用经费152.50万元，主要包括：办公费、邮电费、差旅费、"
        "维修（护）费、公务接待费、工会经费、公务用车运行维护费、其他交通费用、其他商品和服务支出、办公设备购置。",
        "七、财政拨款“三公”经费支出决算情况说明",
        "“三公”经费财政拨款支出预算为26.00万元，支出决算为17.76万元，完成预算的68.31%。",
        "因公出国（境）费支出预算为0万元，支出决算为0万元。公务用车购置及运行维护费支出预算为22.00万元，支出决算为15.60万元，"
        "完成预算的70.91%。公务接待费支出预算为4.00万元，支出决算为2.16万元，完成预算的54.00%。",
        "八、政府性基金预算财政拨款收入支出决算情况说明",
        f"{YEAR}年度政府性基金预算财政拨款年初结转和结余0万元，本年收入320.00万元，本年支出320.00万元，年末结转和结余0万元。",
        "九、国有资本经营预算财政拨款支出决算情况说明",
        f"{YEAR}年度没有国有资本经营预算财政拨款支出。",
        "十、其他重要事项的情况说明",
        "（一）机关运行经费支出情况",
        f"{YEAR}年度机关运行经费支出152.50万元，比{YEAR - 1}年度减少7.50万元，下降4.69%。",
        "（二）政府采购支出情况",
        "政府采购支出总额86.40万元，其中：政府采购货物支出12.30万元、政府采购工程支出50.10万元、政府采购服务支出24.00万元。"
        "授予中小企业合同金额80.25万元，占政府采购支出总额的92.88%，其中：授予小微企业合同金额41.30万元。",
        "（三）国有资产占用情况",
        f"截至{YEAR}年12月31日，共有车辆5辆，其中：应急保障用车3辆、执法执勤用车2辆。",
    ]


def other_narrative() -> list[Part]:
    """The same account told in the words of another province."""
    return [
        "第三部分 部门决算情况说明",
        f"一、{YEAR}年度收入支出决算总体情况",
        f"{YEAR}年度收、支总计2621.66万元。与{YEAR - 1}年度相比，收、支总计各增加132.45万元，增长5.32%，主要原因是项目增加。",
        "（一）收入总计2621.66万元。包括：",
        "1.一般公共预算财政拨款收入2231.06万元，系当年从财政取得的资金。比上年增加100.00万元，增长4.69%。",
        "2.政府性基金预算财政拨款收入320.00万元。",
        "3.其他收入45.60万元，系取得的上级部门补助资金。",
        "4.年初结转和结余25.00万元，主要为上年未完工的泵站。",
        "（二）支出总计2621.66万元。包括：",
        "1.社会保障和就业（类）支出98.55万元，主要用于退休人员和社会保险。",
        "2.城乡社区（类）支出320.00万元，主要用于农村基础设施。",
        "3.年末结转和结余12.50万元。",
        f"二、{YEAR}年度收入决算情况",
        f"{YEAR}年度本部门收入合计2,596.66万元，其中：一般公共预算财政拨款收入2,231.06万元，占85.92%；政府性基"
        "金预算财政拨款收入320.00万元，占12.32%；其他收入45.60万元，占1.76%。",
        f"三、{YEAR}年度支出决算情况",
        f"{YEAR}年度本部门支出合计2,609.16万元，其中：基本支出907.26万元，占34.77%；项目支出1,701.90万元，占65"
        ".23%；上缴上级支出0.00万元，占0.00%；经营支出0.00万元，占0.00%。",
        f"四、{YEAR}年度财政拨款收入支出决算总体情况",
        f"{YEAR}年度财政拨款收、支总计2,576.06万元。与{YEAR - 1}年度相比，财政拨款收、支总计各增加120.00万元，增长4.89%。",
        f"{YEAR}年度财政拨款收入中，一般公共预算财政拨款收入2,231.06万元，比上年度增加100.00万元，增长4.69%；政"
        "府性基金预算财政拨款收入320.00万元，比上年度增加20.00万元，增长6.67%。",
        f"五、{YEAR}年度一般公共预算财政拨款支出决算情况",
        "（一）一般公共预算财政拨款支出决算总体情况。",
        f"{YEAR}年度一般公共预算财政拨款支出2,243.56万元，占本年支出合计的85.99%。与{YEAR - 1}年度相比，一般公"
        "共预算财政拨款支出增加63.56万元，增长2.92%。",
        "（二）一般公共预算财政拨款支出决算结构情况。",
        f"{YEAR}年度一般公共预算财政拨款支出2,243.56万元，主要用于以下方面：",
        "1.社会保障和就业（类）支出98.55万元，占4.4%。主要是用于离退休。",
        "2.卫生健康（类）支出49.31万元，占2.2%。",
        "3.农林水（类）支出2,020.82万元，占90.1%。",
        "4.住房保障（类）支出74.88万元，占3.3%。",
        "（三）一般公共预算财政拨款支出决算具体情况。",
        f"{YEAR}年度一般公共预算财政拨款支出年初预算为2,300.00万元，支出决算为2,243.56万元，完成年初预算的97.5"
        "%，完成调整预算的98.1%。",
        "1.社会保障和就业支出（类）行政事业单位养老支出（款）事业单位离退休（项）：支出决算为12.40万元，完成预算100%。",
        "2.社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）：支出决算"
        "为86.15万元，完成预算97.9%，决算数小于预算数的主要原因是人员调出。",
        "3.农林水（213）水利（21303）行政运行（2130301）：年初预算为690万元，支出决算为684.52万元，完成年初预算的99.2%。",
        f"4.农林水支出（类）水利（款）水利工程建设（项）{YEAR}年度支出决算数为1240万元，比{YEAR - 1}年决算数减"
        "少60万元，下降4.62%。",
        f"六、{YEAR}年度一般公共预算财政拨款基本支出决算情况",
        f"{YEAR}年度一般公共预算财政拨款基本支出907.26万元，其中：",
        "人员经费754.76万元，主要包括：基本工资、津贴补贴、奖金、伙食补助费、绩效工资、机关事业单位基本养老保"
        "险缴费、职业年金缴费、职工基本医疗保险缴费、其他社会保障缴费、住房公积金、医疗费、其他工资福利支出、"
        "离休费、退休费、抚恤金、生活补助、医疗费补助、奖励金、其他对个人和家庭的补助支出等。",
        "公用经费152.50万元，主要包括：办公费、印刷费、咨询费、手续费、水费、电费、邮电费、取暖费、物业管理费"
        "、差旅费、维修（护）费、租赁费、会议费、培训费、公务接待费、劳务费、委托业务费、工会经费、福利费、公"
        "务用车运行维护费、其他交通费、税金及附加费用、其他商品和服务支出、办公设备购置等。",
        f"七、{YEAR}年度一般公共预算财政拨款“三公”经费支出决算情况",
        "（一）“三公”经费财政拨款支出决算总体情况说明。",
        f"{YEAR}年度“三公”经费财政拨款支出决算为17.76万元，完成预算68.3%，较上年减少0.24万元，下降1.3%。决算数"
        "小于预算数的主要原因是厉行节约。",
        "（二）“三公”经费财政拨款支出决算具体情况说明。",
        f"{YEAR}年度“三公”经费财政拨款支出决算中，因公出国（境）费支出决算0万元，占0%；公务用车购置及运行维护费"
        "支出决算15.60万元，占87.8%；公务接待费支出决算2.16万元，占12.2%。具体情况如下：",
        "1.因公出国（境）经费支出0万元，完成预算0%。全年安排因公出国（境）团组0次，出国（境）0人。",
        "2.公务用车购置及运行维护费支出15.60万元，完成预算70.9%。其中：公务用车购置支出0万元。全年按规定更新购"
        f"置公务用车0辆。截至{YEAR}年12月底，单位共有公务用车5辆，其中：轿车3辆、越野车2辆。公务用车运行维护费"
        "支出15.60万元。主要用于下乡检查所需的燃料费、维修费等。",
        "3.公务接待费支出2.16万元，完成预算54.0%。国内公务接待30批次，210人次，共计支出2.16万元，具体内容包括"
        "：接待检查组1.00万元、调研组1.16万元。",
        f"八、{YEAR}年度政府性基金预算财政拨款收入支出决算情况",
        f"{YEAR}年度政府性基金预算财政拨款支出320.00万元。",
        f"九、{YEAR}年度国有资本经营预算财政拨款支出决算情况",
        f"{YEAR}年度国有资本经营预算财政拨款支出0.00万元。",
        f"十、{YEAR}年度机关运行经费支出情况",
        f"{YEAR}年度机关运行经费支出120.30万元，比{YEAR - 1}年减少7.50万元，下降5.87%。",
        f"十一、{YEAR}年度政府采购支出情况",
        f"{YEAR}年度政府采购支出总额86.40万元，其中：政府采购货物支出12.30万元、政府采购工程支出50.10万元、政府"
        "采购服务支出24.00万元。授予中小企业合同金额80.25万元，占政府采购支出总额的92.9%，其中：授予小微企业合"
        "同金额41.30万元，占授予中小企业合同金额的51.5%；货物采购授予中小企业合同金额占货物支出金额的100%。",
        f"十二、{YEAR}年度国有资产占用情况",
        f"截至{YEAR}年12月31日，本部门共有车辆5辆，其中：副部（省）级及以上领导用车0辆、主要负责人用车0辆、机要"
        "通信用车1辆、应急保障用车2辆、执法执勤用车1辆、特种专业技术用车1辆、离退休干部服务用车0辆、其他用车0"
        "辆；单价100万元以上设备（不含车辆）2台（套）。",
        f"十三、{YEAR}年度预算绩效情况",
        f"本部门对{YEAR - 1}年度和{YEAR}年度项目开展绩效自评，共涉及项目6个，资金1,336.30万元，占一般公共预算项"
        f"目支出总额的100%。从评价情况来看，{YEAR + 1}年度将进一步改进。",
    ]


# laying it down


def grid(sheet: Sheet) -> tuple[list[Draft], int, int]:
    """Cells with their places, as an HTML table lays them out."""
    taken: set[tuple[int, int]] = set()
    cells: list[Draft] = []
    width = 0
    for r, row in enumerate(sheet.rows):
        c = 0
        for item in row:
            text, columns, rows = item if isinstance(item, tuple) else (item, 1, 1)
            while (r, c) in taken:
                c += 1
            taken |= {(r + i, c + j) for i in range(rows) for j in range(columns)}
            cells.append(Draft(r, c, text, rows, columns))
            c += columns
        width = max(width, c)
    return cells, len(sheet.rows), width


def lines_above(sheet: Sheet, style: Style) -> list[str]:
    return [sheet.title, f"公开{sheet.number:02}表", f"部门：{NAME} 金额单位：{style.unit}"]


def document(parts: list[Part], style: Style | None = None) -> Document:
    """The parts as a Document, every paragraph and every table on a page of its own number."""
    style = style or Style()
    assembly = Assembly(Source("d1", "决算.pdf", "narrative", "0" * 64))
    starts: list[tuple[int, int]] = []
    page = 0
    for part in parts:
        page += 1
        if isinstance(part, str):
            starts.append((assembly.block(part), page))
            continue
        first = True
        for text in lines_above(part, style):
            at = assembly.block(text)
            starts += [(at, page)] if first else []
            first = False
        for piece in split(part, style):
            assembly.table(*grid(piece), page)
        for note in part.notes:
            assembly.block(note)
    found = assembly.document()
    from dataclasses import replace

    return replace(found, pages=tuple(starts))


def split(sheet: Sheet, style: Style) -> list[Sheet]:
    """A table over several pages, its heads repeated."""
    if not style.pages or len(sheet.rows) - sheet.heads <= style.pages or sheet.number in (6, 7):
        return [sheet]
    heads, body = sheet.rows[: sheet.heads], sheet.rows[sheet.heads :]
    return [
        Sheet(sheet.title, sheet.number, [*heads, *body[n : n + style.pages]], heads=sheet.heads)
        for n in range(0, len(body), style.pages)
    ]


def html(parts: list[Part], style: Style | None = None, ruled: bool = True) -> str:
    style = style or Style()
    border = "border='1' cellspacing='0'" if ruled else ""
    out = [
        "<html><head><meta charset='utf-8'><style>@page{size:A4;margin:2cm}table{border-collapse:collapse;width:100%}"
        "td{font-size:9pt}p{margin:4pt 0}h3{page-break-before:always}</style></head><body>"
    ]
    for part in parts:
        if isinstance(part, str):
            out.append(f"<p>{escape(part)}</p>")
            continue
        title, *rest = lines_above(part, style)
        out.append(
            f"<h3 align='center'>{escape(title)}</h3>"
            + "".join(f"<p align='right'>{escape(t)}</p>" for t in rest)
        )
        rows = []
        for row in part.rows:
            tds = []
            for item in row:
                text, columns, height = item if isinstance(item, tuple) else (item, 1, 1)
                tds.append(f"<td colspan='{columns}' rowspan='{height}'>{escape(text) or '&nbsp;'}</td>")
            rows.append(f"<tr>{''.join(tds)}</tr>")
        head, body = rows[: part.heads], rows[part.heads :]
        out.append(f"<table {border}><thead>{''.join(head)}</thead><tbody>{''.join(body)}</tbody></table>")
        out += [f"<p>{escape(note)}</p>" for note in part.notes]
    return "".join(out) + "</body></html>"
