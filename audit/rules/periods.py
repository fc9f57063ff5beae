"""R6xx: periods, units, names. 报告期、将来时、金额单位、户与人。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..facts import Fact, Facts
from ..findings import Severity
from . import Claim, Found, Outcome, rule
from .restated import shared


@rule("R601", "wrong-unit", Severity.ERROR, source="units")
def wrong_unit(facts: Facts) -> Iterator[Outcome]:
    """金额单位误写：同一数额一处写“元”、一处写“万元”，或换成万元后合计、比率、标准乘数量才正好相符。

    Why      元与万元相差一万倍，复核时最容易看漏
    Formula  以元计的数额 = 另一处以万元计的同一数额；合计、比率、乘积复算时也报此号
    Flags    设备购置项目实际支出458.66元。
             设备购置项目支出458.66万元
    Passes   设备购置项目实际支出458.66万元。
             设备购置项目支出458.66万元
    """
    seen: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        quantity = fact.figure.quantity
        if fact.kind != "money" or fact.role != "level" or not fact.own_item or quantity.approx:
            continue
        if quantity.unit not in ("元", "万元") or len(quantity.value.normalize().as_tuple().digits) < 3:
            continue
        first = seen.setdefault((fact.name, fact.period, quantity.value), fact)
        if first.figure.quantity.unit != quantity.unit:
            yuan, myriad = sorted((first, fact), key=lambda f: f.value)
            yield Claim(
                yuan.figure, myriad.figure.id, (myriad.figure,), subject=fact.name, basis="另一处所载",
                advice=f"“{yuan.figure}”的单位疑应为万元，请核对",
            )  # fmt: skip


PIECES = tuple("粒株尾头只羽枚颗袋瓶盒块片条件册份亩斤吨")  # 425万粒 is no money


@rule("R602", "amount-without-yuan", Severity.NOTE, source="units")
def amount_without_yuan(facts: Facts) -> Iterator[Outcome]:
    """金额应写全单位：“647.7万”应写“647.7万元”。

    Why      缺“元”字的数额可能被读成别的计量
    Flags    销售647.7万
    Passes   销售647.7万元
    """
    bare = [
        f
        for f in facts
        if f.kind == "money"
        and f.figure.quantity.unit in ("万", "亿")
        and f.paragraph >= 0
        and facts.after(f)[:1] not in PIECES
    ]
    if bare:
        yield Found(
            f"{len(bare)}处金额只写“{bare[0].figure.quantity.unit}”，缺“元”字，如“{bare[0].figure}”",
            tuple(f.figure.span for f in bare),
            "请补全金额单位",
        )


MOSTLY = 3  # amounts in 万元 for each in 元
SMALL = Decimal(1000)
PAID = re.compile(
    "发放|兑现|支出|投入|资金|拨付|安排|挽回|补助|补贴|奖励|经费|预算|收入|追回|到位|捐|募|损失|金额"
)
EACH = re.compile("标准|单价|每|均|票价|电价|水价|价格")


@rule("R609", "amount-too-small", Severity.QUESTION, source="units")
def amount_too_small(facts: Facts) -> Iterator[Outcome]:
    """全文以“万元”计，个别总额却以“元”计且带小数、不足千元，单位疑为“万元”。

    Why      少写“万”字会使金额小到万分之一
    Formula  “元”计的总额 < 1000元且有小数，其他金额多以“万元”计
    Flags    支出120.50万元、采购60.20万元、培训30.10万元，发放高龄津贴148.3元
    Passes   支出120.50万元、采购60.20万元、培训30.10万元，人均补助148.3元
    """
    money = [f for f in facts if f.kind == "money" and f.paragraph >= 0]
    large = sum(f.figure.quantity.unit in ("万元", "亿元") for f in money)
    plain_yuan = [f for f in money if f.figure.quantity.unit == "元"]
    for fact in plain_yuan:
        fraction = fact.value != fact.value.to_integral_value()
        total = fact.role == "level" and PAID.search(fact.lead) and not EACH.search(fact.lead[-12:])
        if large >= MOSTLY * len(plain_yuan) and fraction and 0 < fact.value < SMALL and total:
            yield Found(
                f"“{facts.quote(fact).text}”：以“元”计而带小数、不足千元，单位疑为“万元”",
                (fact.figure.span,), "请核对金额的单位", figure=fact.figure,
            )  # fmt: skip


@rule("R603", "households-and-persons", Severity.QUESTION, source="units")
def households_and_persons(facts: Facts) -> Iterator[Outcome]:
    """户、人、人次分别计量：说的是户数，单位就应是户。

    Why      户、人、人次不能相加，混用会使产出虚增
    Flags    低保户数 773 人
    Passes   低保 773 户 1204 人
    """
    for fact in facts:
        if fact.kind != "count" or fact.paragraph < 0:
            continue
        words = fact.lead[-6:]
        if fact.unit in ("人", "名", "人次") and re.search(r"户数(?:为|是|达|共|：)*$", words):
            kind = "户数"
        elif fact.unit in ("户",) and re.search(r"(?:人数|人次)(?:为|是|达|共|：)*$", words):
            kind = "人数"
        else:
            continue
        quoted = facts.quote(fact)
        yield Found(
            f"“{quoted.text}”：说的是{kind}，单位却是“{fact.figure.quantity.unit}”",
            (fact.figure.span, quoted), f"请核对{kind}与计量单位，户与人不能混合相加",
        )  # fmt: skip
    yield from _changed_units(facts)


def _changed_units(facts: Facts) -> Iterator[Outcome]:
    """家庭无障碍改造149户 here, 家庭无障碍改造149人 there."""
    counts = [
        f
        for f in facts
        if f.kind == "count" and f.unit in ("人", "户") and f.role == "level" and f.value >= 10
    ]
    told: dict[Decimal, list[Fact]] = {}
    for fact in counts:
        for first in told.get(fact.value, []):
            if first.unit != fact.unit and shared(facts, first, fact) >= 4:
                yield Found(
                    f"“{facts.quote(fact).text}”与“{facts.quote(first).text}”数字相同，一处以户计、一处以人计",
                    (fact.figure.span, first.figure.span), "请核对是户数还是人数", figure=first.figure,
                )  # fmt: skip
                break
        told.setdefault(fact.value, []).append(fact)


CUT_OFF = re.compile(
    r"截至?止?(?:到)?(?:目前|(?:20\d\d年)?(?:\d{1,2}月(?:\d{1,2}日|底|末|份)?|[一二三123]季度|上半年))"
    r"|(?<!\d)1(?:-|—|–|至|~|～|到)(?:[2-9]|10|11)月(?:份)?|(?:前|上)(?:三|3)季度|今年上半年"
)
YEAR_END = re.compile(r"12月(?:31日|底|末|份)?$|年底$|年末$")
NEXT_YEAR = re.compile(r"20\d\d")


@rule("R604", "cut-off-date", Severity.QUESTION, source="period")
def cut_off_date(facts: Facts) -> Iterator[Outcome]:
    """年度自评的数据应覆盖全年（截至12月31日）。

    Why      只到年中的数据不能代表全年绩效
    Flags    截至10月，发放资金……
    Passes   截至2024年12月31日，发放资金……
    """
    for paragraph in facts.paragraphs:
        for match in CUT_OFF.finditer(paragraph.text):
            if YEAR_END.search(match[0]) or not facts.year:
                continue
            year = NEXT_YEAR.search(match[0])
            if year and int(year[0]) != facts.year:
                continue
            yield Found(
                f"“{match[0]}”：{facts.year}年度自评，数据未覆盖全年",
                (paragraph.span(match.start(), match.end()),), "请补充截至年末的数据",
            )  # fmt: skip


FUTURE = re.compile(
    r"(?:将|拟|计划)于(?:20\d\d年)?\d{1,2}月[^，。；]{0,12}?(?:完成|到位|竣工|完工|投入|建成|发放|支付|启动|开工|验收)|"
    r"预计(?:(?:20\d\d年)?\d{1,2}月(?:底|份|中旬|上旬|下旬|\d{1,2}日)?|年底|年末|年内|今年)[^，。；]{0,12}?(?:完成|到位|竣工|完工|投入|建成|发放|支付|启动)"
    r"|预计(?:明年|次年|下一?年)[^，。；]{0,20}(?:完成|到位|竣工|完工|投入|建成|发放|支付|启动|开放)"
    r"|计划(?:于|在)?(?:年底|年末|\d{1,2}月底)前?[^，。；]{0,16}"
    r"|(?:年底|年末|年内|\d{1,2}月底)(?:前)?(?:将|可|有望|力争|预计)[^，。；]{0,16}"
)
PLANS = re.compile(r"下一步|改进|建议|计划|打算|措施|应用")


@rule("R605", "future-tense", Severity.QUESTION, source="period")
def future_tense(facts: Facts) -> Iterator[Outcome]:
    """评价年度已经结束，事项应写实际完成情况，不应写“预计”“年底前将”。

    Why      写“预计”的事项没有完成的证据
    Flags    预计11月底前完成
    Passes   已于11月底完成
    """
    for paragraph in facts.paragraphs:
        if PLANS.search(" ".join(paragraph.path[-1:])):
            continue
        for match in FUTURE.finditer(paragraph.text):
            year = NEXT_YEAR.search(match[0])
            if year and int(year[0]) > facts.year:
                continue
            yield Found(
                f"“{match[0]}”：年度已结束，仍用将来时，未写实际完成情况",
                (paragraph.span(match.start(), match.end()),), "请写明年末实际完成情况",
            )  # fmt: skip


OWN_WORDS = re.compile(
    r"(?<![\d〔\[（(《较比与])(20\d\d)年度?(?:部门|单位|我[局委办镇乡县市区]|本[局委办级])?"
    r"(?:整体支出|绩效自评|预算绩效|部门预算执行|项目支出绩效|财政支出绩效|绩效目标完成情况|重点工作完成情况|工作完成情况|预算执行情况|资金使用情况)"
)
OTHER_YEAR = re.compile(
    r"比|较|上年|去年|同期|结转|关于|通知|方案|下[一年]|明年|次年|上一|以前|历年|与|至|整改|应用|编制|编报"
)


@rule("R606", "year-slip", Severity.QUESTION, source="period")
def year_slip(facts: Facts) -> Iterator[Outcome]:
    """正文所说的自评年度应与报告年度一致（沿用上年文本未改）。

    Flags    2024年度部门整体支出绩效自评报告。我局对2023年度部门整体支出情况开展了绩效自评
    Passes   2024年度部门整体支出绩效自评报告。我局对2024年度部门整体支出情况开展了绩效自评
    """
    for paragraph in facts.paragraphs:
        for match in OWN_WORDS.finditer(paragraph.text):
            text = paragraph.text
            start = max(text.rfind(c, 0, match.start()) for c in "，。；：") + 1
            stops = [i for i in (text.find(c, match.end()) for c in "，。；") if i > 0]
            around = text[start : match.start()] + text[match.end() : min(stops, default=len(text))]
            inside = text.rfind("《", 0, match.start()) > text.rfind("》", 0, match.start())
            if not facts.year or int(match[1]) == facts.year or inside or OTHER_YEAR.search(around):
                continue
            yield Found(
                f"“{match[0]}”与报告的评价年度{facts.year}年不一致",
                (paragraph.span(match.start(), match.end()),), "请核对年度，看是否沿用了其他年度的文本",
            )  # fmt: skip


FILLED = re.compile(r"(?:填报|填表|填写|报告|编制|评价)(?:日期|时间)：?(20\d\d)年(\d{1,2})月(?:\d{1,2}日)?")


@rule("R607", "filled-too-early", Severity.QUESTION, source="period")
def filled_too_early(facts: Facts) -> Iterator[Outcome]:
    """年度自评应在年度结束后填报。

    Flags    2024年度部门整体支出绩效自评，填报日期：2024年11月20日
    Passes   2024年度部门整体支出绩效自评，填报日期：2025年3月20日
    """
    for paragraph in facts.paragraphs:
        for match in FILLED.finditer(paragraph.text):
            year, month = int(match[1]), int(match[2])
            if facts.year and (year, month) < (facts.year, 12):
                yield Found(
                    f"{facts.year}年度自评，填报日期“{match[1]}年{match[2]}月”在年度结束之前",
                    (paragraph.span(match.start(), match.end()),), "请核对填报日期，数据应覆盖全年",
                )  # fmt: skip


LATER = re.compile(
    r"(20\d\d)年(?:\d{1,2}月(?:\d{1,2}日)?)?[^，。；：\d]{0,14}?(?:已|完成了|实现了|发放了|建成了|共发放|共完成)"
)


@rule("R608", "later-year", Severity.QUESTION, source="period")
def later_year(facts: Facts) -> Iterator[Outcome]:
    """评价年度之后的完成情况不应记作本年度的成效。

    Flags    2024年度自评：2026年3月已完成道路硬化
    Passes   2024年度自评：2024年3月已完成道路硬化
    """
    for paragraph in facts.paragraphs:
        if PLANS.search(" ".join(paragraph.path[-1:])):
            continue
        for match in LATER.finditer(paragraph.text):
            if facts.year and int(match[1]) > facts.year + 1:
                yield Found(
                    f"“{match[0]}”：评价年度为{facts.year}年，年份疑有误",
                    (paragraph.span(match.start(), match.end()),), "请核对年份",
                )  # fmt: skip
