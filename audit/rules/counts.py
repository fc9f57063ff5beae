"""R103, R108–R110: counts against lists, brackets of age, subsets and persons reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ..facts import Fact, Facts
from ..findings import Severity
from ..listing import addable, opening, tie
from ..numerals import parse
from . import Claim, Outcome, rule, sum_formula
from .common import HEADS, name_of, within_claim

LIST_BEFORE = re.compile(r"(?:^|[，。；：])(?P<list>[^，。；：]{4,90}?)的?“?$")
LIST_VERB = re.compile(
    r"^(?:[^、]{0,10}?(?:发挥|推动|强化|依托|落实|围绕|聚焦|内设|下设|下属|下辖|设有|设|包括|辖|分别为|分别是))"
)
BODY_END = re.compile(r"[室股科局处站心所队院校会办组部委园馆司厂场厅署台中](?:（[^）]*）)?$")
LIST_AFTER = re.compile(
    r"[\u4e00-\u9fff]{0,8}，?(?:分别是|分别为|即|包括|分别|有)?：(?P<list>[^。]+)"
    r"|[\u4e00-\u9fff]{0,8}，?(?:分别是|分别为|包括|即为?)(?P<bare>[^。；，]+)"
)
BRACKETS = re.compile(r"（[^（）]*）|“[^”]*”的")
NUMBERED = re.compile(r"(?:^|(?<=[。；，、：]))(\d{1,2})[、.．]")
AGE = re.compile(r"周?岁")
TO = ("-", "—", "–", "~", "～", "至", "到", "－")


@rule("R103", "list-count", Severity.ERROR, source="tie-outs")
def list_count(facts: Facts) -> Iterator[Outcome]:
    """写明的个数应与随后列举的名称个数一致（如“内设8个股室：……”）。

    Why      机构、项目的个数与名单不符，多半是名单改了而个数没有改
    Formula  写明的个数 = 列举的名称个数
    Flags    内设5个股室：办公室、财务股、业务股、法规股
    Passes   下设3个科：办公室（挂行政审批科牌子）、财务科、业务科
    """
    for fact in facts:
        if fact.kind != "count" or fact.paragraph < 0 or not 1 <= fact.figure.quantity.value <= 60:
            continue
        in_turn = _figures_in_turn(facts, fact)
        if not in_turn and fact.figure.quantity.base_unit not in (
            "个",
            "家",
            "所",
            "项",
            "类",
            "种",
            "处",
            "支",
            "大",
            "名",
            "社",
        ):
            continue
        told = in_turn or _bracketed(facts, fact) or _in_paragraphs(facts, fact) or _summed(facts, fact)
        counts, certain = told or _listed(facts, fact)
        if not counts:
            yield from _listed_before(facts, fact)
            continue
        stated = int(fact.figure.quantity.value)
        count = stated if stated in counts else counts[0]
        if count != stated and not certain:
            continue
        doubt = "" if len(counts) == 1 else "列举的分隔不规范，个数按顿号、分号数出"
        yield Claim(
            fact.figure, str(count), (), subject=name_of(fact) or "个数", basis="随后列举的名称个数",
            doubt=doubt, advice="请核对列举是否有遗漏或多列",
            also=(facts.place(fact).span(fact.end, min(len(facts.place(fact).text), fact.end + 40)),),
        )  # fmt: skip


def _in_paragraphs(facts: Facts, fact: Fact) -> tuple[list[int], bool] | None:
    """共实施8个项目……: the numbered paragraphs right below, 1. to n."""
    named = re.match("项目|专项", fact.tail) or re.search("项目[^，。；]{0,3}$", fact.lead)
    if not named or not re.search("共|涉及|实施|安排|纳入", fact.lead[-20:]):
        return None
    count = 0
    for paragraph in facts.paragraphs[fact.paragraph + 1 :]:
        number = re.match(r"[（(]?(\d+)|([一二三四五六七八九十]{1,2})是", paragraph.text)
        if paragraph.depth < 3 or not number:
            if count and not paragraph.level:
                continue  # a project's own further paragraphs
            break
        if int(number[1] or parse(number[2]) or 0) != count + 1:
            break
        count += 1
    whole = bool(re.match("项目|专项", fact.tail)) or re.search("：$|如下", facts.place(fact).text)
    return ([count], bool(whole)) if count > 2 else None


def _summed(facts: Facts, fact: Fact) -> tuple[list[int], bool] | None:
    """共计7个项目，预算金额……分别为……: as many amounts as make up the total."""
    if not fact.tail.startswith("项目") and not re.search("项目[^，。；]{0,3}$", fact.lead):
        return None
    row = [
        f for f in facts.in_paragraph(fact.paragraph) if f.sentence == fact.sentence and f.start > fact.start
    ]
    for total in (f for f in row if f.kind == "money" and f.role == "level"):
        ties = tie(total.value, [f for f in row if f.start > total.start and addable(total, f)], 3)
        if ties and opening(facts, total) == "list":
            return [len(ties)], False
    return None


IN_TURN = re.compile(r"^[^，。；\d]{0,10}，(?:每[\u4e00-\u9fff])?(?:分别|依次)[^，。；\d]{0,6}$")


def _figures_in_turn(facts: Facts, fact: Fact) -> tuple[list[int], bool] | None:
    """举办培训3期，分别培训68人次、71人次、73人次: as many figures as things."""
    row = [
        f for f in facts.in_paragraph(fact.paragraph) if f.start > fact.start and f.sentence == fact.sentence
    ]
    if not row or not IN_TURN.match(facts.between(fact, row[0])):
        return None
    run = row[:1]
    for after in row[1:]:
        if after.lead not in ("、", "和", "及") or after.unit != run[0].unit:
            break
        run.append(after)
    return ([len(run)], True) if len(run) > 1 else None


def _bracketed(facts: Facts, fact: Fact) -> tuple[list[int], bool] | None:
    """三星级社区两个（甲社区和乙社区）: names in a bracket right behind the count."""
    inside = re.match(r"[\u4e00-\u9fff]{0,6}（([^（）\d]{2,80})）", facts.after(fact))
    if not inside:
        return None
    names = re.split(r"[、；，]|(?<=[\u4e00-\u9fff]{3})[和及与](?=[\u4e00-\u9fff]{2})", inside[1])
    names = [name for name in names if name]
    same_end = len({name[-1] for name in names}) == 1 and all(2 <= len(n) <= 16 for n in names)
    noun = fact.lead[-2:]  # 派出法庭3个（城关、大塘、沙田法庭）: the last name has the noun of all
    if names and len(noun) == 2 and names[-1].endswith(noun) and len(names[-1]) > 2:
        same_end = all(2 <= len(n) <= 6 for n in names[:-1])
    bodies = len(names) > 1 and all(BODY_END.search(name) for name in names)
    return ([len(names)], len(names) > 1) if same_end or bodies else None


def _listed_before(facts: Facts, fact: Fact) -> Iterator[Outcome]:
    """制度和队伍两大支撑，内设办公室、人事股2个股室: names right before the count.

    A list of offices can be wrong; of other lists only agreement says anything.
    """
    before = LIST_BEFORE.search(re.sub("，共(?:计|有)?$", "", facts.place(fact).text[: fact.start]))
    if not before:
        return
    words = LIST_VERB.sub("", before["list"])
    partly = words.endswith("等")  # ……、文物科等8个科室: the list need not be whole
    names = [n for n in re.split(r"、|(?<=[室股科局处站心所队])[和与及]", words.removesuffix("等")) if n]
    offices = all(BODY_END.search(name) for name in names) and len(names) > 1 and not partly
    if not offices and len(names) != fact.figure.quantity.value:
        names = [name for name in re.split(r"[、和与及]", words.removesuffix("等")) if name]
    if re.search(r"\d", before["list"]) or not all(2 <= len(n) <= 24 for n in names):
        return
    towns = len(names) > 1 and len({n[-1] for n in names}) == 1 and names[-1][-1] in "镇乡村县区市"
    towns = towns and bool(re.match(f"[^，。；、]{{0,10}}{names[-1][-1]}(?:[，。；、]|$)", facts.after(fact)))
    short = fact.figure.quantity.text[0].isdigit() and not all(BODY_END.search(name) for name in names)
    if short and not towns and (len(names) < 3 or len(names) != fact.figure.quantity.value):
        return
    if offices or towns or len(names) == fact.figure.quantity.value:
        place = facts.place(fact)
        start = before.start("list")
        yield Claim(
            fact.figure, str(len(names)), (), subject="列举个数", basis="前面列举的名称个数", quiet=not (offices or towns),
            also=(place.span(start, fact.start),), doubt="列举可能另有合并或省略", advice="请核对列举是否有遗漏或多列",
        )  # fmt: skip


def _listed(facts: Facts, fact: Fact) -> tuple[list[int], bool]:
    """How many names are listed behind a count; more than one reading where separators are mixed."""
    after = facts.after(fact)
    match = LIST_AFTER.match(after)
    if not match:
        return [], False
    text = after[match.start("list") :] if match["list"] else match["bare"] or ""
    numbers = [int(n) for n in NUMBERED.findall(text[:400])]
    if numbers[:2] == [1, 2] and NUMBERED.match(text):
        run = 1
        for a, b in pairwise(numbers):
            if b != a + 1:
                break
            run = b
        return [run], True
    text = BRACKETS.sub("", re.split("[。]", text)[0])
    if "；" in text and re.search(r"\d", text) and not re.search(r"\d", text.split("；")[0]):
        text = text.split("；")[0]  # 内设7个股室，即：……；下辖2个二级机构
    if re.search(r"\d|。$", text) and re.search(r"\d", text):
        return [], False
    strong = [t for t in re.split(r"；", text) if t.strip()]
    names = [t for t in re.split(r"[、；，]|(?<=[室股科局处站心所队])和", text) if t.strip()]
    if any(len(name) > 20 for name in names) or len(names) < 2:
        return [], False
    # A name of a body or an office ends like one; clauses of prose do not make a list.
    bodies = sum(bool(re.search(r"[室股科局处站心所队院校会办组部委园馆司厂场厅署台]$", n)) for n in names)
    readings = [len(names)]
    if len(both := re.split(r"[、；，]|(?<=[\u4e00-\u9fff]{3})和(?=[\u4e00-\u9fff]{3})", text)) != len(names):
        readings.append(len([t for t in both if t.strip()]))
    if 1 < len(strong) != len(names):
        readings.append(len(strong))
    return readings, bodies >= len(names) - 1


@rule("R108", "brackets-meet", Severity.QUESTION, source="tie-outs")
def brackets_meet(facts: Facts) -> Iterator[Outcome]:
    """年龄等分档应首尾相接，不留空档、不重叠。

    Why      分档有空档或重叠时，有人领不到，有人领两份
    Formula  下一档起点 = 上一档终点 + 1
    Flags    80-89周岁每月50元，91-99周岁每月100元
    Passes   80-89周岁每月50元，90-99周岁每月100元
    """
    for sentence in facts.sentences():
        ages = [f for f in sentence if AGE.fullmatch(f.figure.quantity.unit)]
        for n in range(0, len(ages) - 2, 2):
            low, upper, lower = ages[n : n + 3]
            end = ages[n + 3] if n + 3 < len(ages) else lower
            climbs = low.value <= lower.value or (facts.between(lower, end) in TO and end.value > upper.value)
            if low.value < upper.value and climbs and facts.between(low, upper) in TO:
                yield Claim(
                    lower.figure, f"{upper.figure.id} + 1", (upper.figure,), subject="分档起点", basis="上一档终点加1"
                )  # fmt: skip


@rule("R109", "named-subset", Severity.QUESTION, source="tie-outs")
def named_subset(facts: Facts) -> Iterator[Outcome]:
    """“其中”一项、或名称更窄的一类，不应大于它所属的总数。

    Why      部分大于整体，不是名称范围写错，就是数字写错
    Formula  其中的一项 ≤ 总数
    Flags    孤儿6人……其中享受助学金的孤儿9人
    Passes   事实无人抚养儿童131人，其中残疾事实无人抚养儿童15人
    """
    for index in range(len(facts.paragraphs)):
        row = [f for f in facts.in_paragraph(index) if f.role == "level" and not f.figure.quantity.approx]
        for n, part in enumerate(row):
            if part.kind not in ("count", "money"):
                continue
            before = [f for f in row[:n] if addable(f, part)]
            newly = re.search("(?:新增|新发展|新成立|新建|新改)[^，。；]{0,6}$", part.lead)
            same = (
                [f for f in before if f.sentence == part.sentence and "；" not in facts.between(f, part)]
                if newly
                else []
            )
            if same and part.value <= max(f.value for f in same):
                yield within_claim(part, max(same, key=lambda f: f.value))
            elif "其中" in part.lead:
                words = [
                    f for f in before if f.sentence == part.sentence and "；" not in facts.between(f, part)
                ]
                if words and part.value <= words[-1].value:
                    yield within_claim(part, words[-1])
            elif part.kind == "count" and part.unit in ("人", "名", "户"):
                for whole in reversed(before):
                    if (
                        len(whole.item) >= 2
                        and whole.own_item
                        and whole.item in part.lead[-20:]
                        and whole.item != part.item
                    ):
                        if part.value <= whole.value:
                            yield within_claim(part, whole)
                        break
                named = {f.item: f for f in before if len(f.item) >= 2 and f.own_item and f.item in part.lead}
                if len(named) > 1 and sum(f.value for f in named.values()) <= part.value:
                    figures = [f.figure for f in named.values()]
                    yield Claim(
                        part.figure, sum_formula(figures), tuple(figures), ">=", name_of(part), "所点名各类之和"
                    )  # fmt: skip


@rule("R110", "reached-persons", Severity.QUESTION, source="tie-outs")
def reached_persons(facts: Facts) -> Iterator[Outcome]:
    """惠及（去重后）人数不应少于任一单项人数，也不应多于各单项之和；点名合计的对象数不应少于各类之和。

    Why      一人可享受几项，去重后人数只会在最大一项与合计之间
    Formula  max(各单项) ≤ 惠及人数 ≤ Σ 各单项
    Flags    2243例享受甲补贴、2703例享受乙补贴，惠及5811名
    Passes   2243例享受甲补贴、2703例享受乙补贴，惠及3811名
    """
    for sentence in facts.sentences():
        for n, reached in enumerate(sentence):
            if (
                reached.kind != "count"
                or reached.figure.quantity.approx
                or not re.search("惠及|受益|去重", reached.lead[-10:])
            ):
                continue
            before = [f for f in sentence[:n] if f.kind == "count" and f.unit in HEADS and f.role == "level"]
            if not before:  # 惠及5104人，其中享受甲3216人、享受乙2874人
                after = [f for f in sentence[n + 1 : n + 3] if f.unit == reached.unit]
                after = (
                    after
                    if after and "享受" in after[0].lead and after[-1].lead.startswith(("享受", "、"))
                    else []
                )
                before = after if len(after) == 2 else before
            both = (
                before[-1] if before and re.search("同享|同时享受|重复|重叠|兼有", before[-1].lead) else None
            )
            parts = [f for f in before if f is not both][-2:]
            if (
                len(parts) < 2
                or any(p.figure.quantity.approx for p in parts)
                or not re.search("[、，]", facts.between(*parts))
                or "；" in facts.between(*sorted((parts[0], reached), key=lambda f: f.start))
                or ("其中" in parts[1].lead and parts[1].start < reached.start)
            ):
                continue
            a, b = (p.figure for p in parts)
            name = name_of(reached)
            if both:  # 两项同享1154人，剔除重复后惠及5949人
                yield Claim(
                    reached.figure, f"{a.id} + {b.id} - {both.figure.id}", (a, b, both.figure), subject=name,
                    basis="两项之和减去重复的人数", doubt="重复人数可能另有口径",
                )  # fmt: skip
            yield Claim(
                reached.figure, f"{a.id} + {b.id}", (a, b), "<=", name, "各单项之和", doubt="各单项可能未列全"
            )
            yield Claim(
                reached.figure,
                f"max({a.id}, {b.id})",
                (a, b),
                ">=",
                name,
                "单项人数",
                doubt="单项可能按人次计",
            )
