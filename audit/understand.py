"""How a reader understands the figures of a paragraph: from the words around each, and what came before.

Comes in: paragraphs with what the scanner found. Goes out: one Fact per figure. The patterns here are
about how such reports are worded; the terms themselves live in `params/glossary.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .facts import BUDGET_READINGS, RUN_ON, WHOLE, Fact, Facts, Role
from .figures import Printed
from .findings import Figure
from .glossary import glossary
from .numerals import CHARACTERS
from .prose import Paragraph
from .title import YEAR, department, report_year

SENTENCE_END = re.compile(r"[。！？](?!其中|分项情况|具体(?:为|是|情况))|；(?=[一二三四五六七八九]是)")
CLAUSE = re.compile(r"[，。；：、！？]|（(?!境）)|(?<!境)）")
BRACKET = re.compile(r"（(?!境）)|(?<!境)）")
SPLIT_BY = re.compile(r"按[\u4e00-\u9fff]{2,8}(?:分类?|划分|来看|看)")
NO_NAME = re.compile("情况|分析|说明|管理|指标|目标|绩效|措施|问题|原因|及时|机制|工作$")
FILLER = re.compile(
    r"(?:共计|合计|总计|累计|总共|分别为|分别是|分别|其中|仅为|仅|共|为|是|达到|达|计|有|了|数额|数量|总额|总量|金额|资金|数为|额为|人民币|"
    r"就|已|等|约|近|只有|只|仅有|超过|超|逾|不足|大约|至|到|于|在|的|占|：|:)+$"
)
CHANGE = re.compile(
    r"(?P<up>增加|增长|上升|提高|延长|超额完成|增收|增幅|多出|高出|多|调增加|调增|追加|核增|增支|超支|多支|多收|净增加?|超出|超(?=预算|计划)|新增)|(?P<down>减少|下降|降低|缩短|减收|减支|减幅|降幅|少|调减|核减|追减|压减|压缩|节约|节支|少支|少收|净减少?)"
)
CHANGE_END = re.compile(
    rf"(?:{CHANGE.pattern})(?:预算)?(?:率|幅度|比例|额|数|金额|资金|支出)?(?:共计|合计|累计)?(?:为|了|约|达|近|到|：)*$"
)
READING_WORDS = set(
    "未调整 无调整 未作调整 未追加 没有调整 相比 比较 街道 全街道 全院 全局 我院 我局 机关 部门 单位 "
    "部门整体 整体 执行 预算 实际 支出 收入 年初 批复".split()
)
RANGE = {"至", "到", "-", "—", "–", "－", "~", "～", "以上至", "以上至不足"}
ADJUSTED = re.compile(r"(?:(?P<up>追加|调增|核增)|(?P<down>压减|调减|核减|追减))[^，。；：、（）]{0,16}$")
AGAINST = re.compile(
    "(?:控制在|低于|超过|高于|完成|占|比|较|为|是)[^，。；]{0,8}(?:预算|计划)[^，。；]{0,4}$"
)
REACHED = re.compile(
    r"(?:提高|增加|上升|增长|提升|下降|减少|降低|调整|压减|压缩|压降|缩短|延长|扩大|回落)[到至为]$"
    r"|[增升降减]至(?:年末|年底|目前)?的?$"
)
PROJECTS_ALONE = re.compile("(?:本年度|全年|各|全部|共|调整后)?(?:共?安排|共?实施)?项目")
ALL_PROJECTS = re.compile(r"^(?:纳入|安排|实施|全部|各)[^，]*项目$")
TOLD_PROJECT = re.compile(r"[^，。；：\d]{3,25}(?:项目|资金|补助|补贴|经费|工程)。(?:年初|全年)?预算")
# 教育支出（类）普通教育（款）小学教育（项）。年初预算为……: a subject of final accounts, told by itself
FUNCTION = re.compile(r"[^。；]{2,70}（款）[，、]?(?P<item>[^，。；：（）]{2,30})（项）")
DIFFERENCE = re.compile(r"(?:差值|差额|相差|差异)(?:为|是|达|：)*$")
COMPARED = re.compile(
    r"(?:比|较|与|对比|同)(?P<base>[^，。；]{0,16}?(?:上年|去年|前年|上一年|(?:19|20)\d\d年|同期|预算|年初|计划|目标))|同比|环比"
)
REASON_CLAUSE = re.compile("因[^公]|由于|达到|确保|有效|使|.*原因$")
REASON_GIVEN = re.compile("^.*?(?:原因是|原因为|原因主要是)")
BECAUSE = re.compile("因(?!公)[^，]*$")
SPENT_BEHIND = re.compile("^，(?:共|实际|累计)?支出(?:合计|共计|总计|总额)?(?:为|共)?$")
THIS_YEAR = re.compile("[、，](?:本年度?|当年|今年)(?:为|是)?$")
PRIOR = re.compile(r"(?<!加)上年(?!度?结转|度?结余)|去年|前年|上一年|同期")
COMPARING = re.compile(r"[与比较同于]$")
PROJECT_TAIL = re.compile("(?:补助|补贴|保障|奖补|配套|专项|改革|安排)?(?:资金)?项目(?!支出)")
NOT_A_PROJECT = re.compile("预算|部门|单位|支出|收入|来源|安排|财政|本级|[局厅委]$|中心$|情况|其中")
TIME_WORDS = re.compile(
    r"(?:19|20)\d\d年(?:度|末|底|初)?|截至?止?到?|\d{1,2}月(?:份|底|末|初)?|\d{1,2}日|本年度|本年|全年|当年|年中|年度|今年|年末|年底|目前|我国|"
    r"我(?:市|县|区|镇|乡|局|委|办|院|校|厅|署|站|馆|所|队|旗|州|盟|街道|中心|单位|部门|会)|本(?:市|县|区|局|单位|部门|委|级|次)|全(?:市|县|区|镇|省|国)|其中|其他的?"
)
LEADING_VERB = re.compile(
    r"^(?:例如|如|共有|共计|共|总计|合计|累计|发放|安排|用于|完成|享受|新增|投入|争取到?|下达|拨付|收到|获得|开展|举办|建成|支付|使用|实现|涉及|落实|"
    r"主要(?:是|为|用于)?|包括|包含|分别为|分别是|分别|[一二三四五六七八九十]{1,2}是|含|即|有|和|与|及|的|是|为|按|从|在|对|已|了|其|项目“|“|”|-|—)+"
)
TAIL_WORDS = re.compile(r"(?:总|为|是|达|达到|的|共|共计|合计|数|额|总额|有|“|”|\"|：|已|约|了|等)+$")
TOTAL_SCORE = re.compile("自评得?分?|综合得分|总得?分|评分")
# A mean of many is no amount beside others; 人均可支配收入 is a statistic of its own.
UNIT_PRICE = re.compile("单价(?:为|是|：)?$")
MEAN = re.compile(
    r"(?:[人户次车辆笔担亩台案件生床班期村校站点篇册场日课团店家处座套间]均|平均|单车|单位成本)(?![^，。；：（）]*收入)[^，。；：（）\d]{0,8}(?<!由)(?<!从)$"
    r"|每[\u4e00-\u9fff]{1,3}(?:投资|造价|成本|费用|耗资|单价)[^，。；：（）\d]{0,4}$"
)
LEFT_BEHIND = re.compile(
    r"，?(?:留待|结转)(?:至|到)?(?:下年|次年|下一年|以后年度)|(?:资金|预算|尾款)?(?:尚)?未(?:执行|支付|使用|支出|拨付)"
)
GOT = re.compile("得分?$|自评$|扣减?$")
GOT_BEHIND = re.compile(r"[）)]?[，、：]?(?:自评|实际|本次|最终)?(?:得分?|自评)(?:为|是)?$")
GRADE_LINE = re.compile("(?:（含[^）]*）)?(?:以上|以下|及以上|—|–|-|至|～|~)")
GRADE_UPPER = re.compile("(?:—|–|-|至|～|~)$")
FULL_BEHIND = re.compile(r"（(?:满分|分值|权重|总分)")
# Readings that go on to hold for the amounts behind them in a sentence.
CARRIED = {"年初预算", "全年预算", "预算", "执行", "上年结转", "结转"}
# Readings that, with nothing named, are the department's own.
DEPARTMENT = {"年初预算", "全年预算", "预算", "执行", "调整", "结转", "执行率", "调整率", "结转结余率"}
WEIGHTS = ("吨", "公斤", "kg", "立方米", "千瓦", "千瓦时", "担", "小时", "分钟", "倍", "天")
COUNTABLE = ("money", "count", "area", "length", "other")


def understand(
    paragraphs: Sequence[Paragraph], printed: Sequence[tuple[int, Printed]], figures: Sequence[Figure]
) -> Facts:
    """Facts of running text. `printed` pairs a paragraph's index with what the scanner found there."""
    year = report_year(paragraphs)
    result = Facts(paragraphs=list(paragraphs), year=year, department=department(paragraphs))
    by_paragraph: dict[int, list[tuple[Printed, Figure]]] = {}
    for (index, p), figure in zip(printed, figures, strict=True):
        by_paragraph.setdefault(index, []).append((p, figure))
    for index, found in by_paragraph.items():
        result.facts += _raised(list(_Reader(paragraphs[index], index, year).read(found)))
    return result


class _Reader:
    """Reads one paragraph, carrying item and measure from figure to figure as a reader would."""

    def __init__(self, paragraph: Paragraph, index: int, year: int) -> None:
        self.paragraph, self.index, self.year = paragraph, index, year
        self.subject = ""  # the item the paragraph is about
        self.item = ""  # item last named
        self.top = ""  # item last named that is no part of another
        self.measure = ""
        heading = glossary().item_in(" ".join(paragraph.path[-2:]))
        self.heading = heading[0] if heading else ""
        deep = paragraph.level >= 3 or TOLD_PROJECT.match(paragraph.text) or FUNCTION.match(paragraph.text)
        deep = deep or RUN_ON.search(paragraph.text[:60])
        self.title = _title_item(paragraph) if deep else _section_item(paragraph)
        if self.title:
            self.heading = self.subject = self.item = self.top = self.title
        self.scope = _scope(paragraph.path)
        self.owner = _indicator_name(paragraph)
        self.spent_before = False
        self.outside: list[str] = []
        self.told_budget = False  # the amount before was said to be a budget
        self.bare_part = False  # the amount before was a part of a list, without a reading of its own
        self.respective = ""  # 得分 behind 得分分别为, for the whole run
        self.moved: Fact | None = None  # the adjustment told right before
        self.share = False  # the figure before was a share
        self.score = ""  # 得分 while the parts of a total score are listed

    def read(self, found: list[tuple[Printed, Figure]]) -> Iterator[Fact]:
        text = self.paragraph.text
        stops = [m.end() for m in SENTENCE_END.finditer(text)]
        before = self.paragraph.marker
        sentence, period = 0, ""
        for n, (p, figure) in enumerate(found):
            while stops and stops[0] <= p.start:
                before = max(before, stops.pop(0))
                sentence += 1
                self.measure = period = ""
                self.spent_before = False
                self.outside.clear()
                self.item = self.top = self.subject
            following = found[n + 1][0].start if n + 1 < len(found) else len(text)
            tail = text[p.end : min(following, *(stops[:1] or [len(text)]))]
            lead = text[before : p.start]
            if p.quantity.kind == "date":
                if not COMPARING.search(text, max(before, p.start - 3), p.start):
                    period = self._period(text[p.start : p.end], period)
                yield Fact(
                    figure, measure="日期", role="date", lead=lead, tail=tail, paragraph=self.index,
                    sentence=sentence, start=p.start, end=p.end,
                )  # fmt: skip
                continue
            yield self._fact(p, figure, lead, tail, sentence, period)
            if p.quantity.text[0] not in CHARACTERS:  # 两项补贴资金: the numeral belongs to the name
                before = p.end

    def _period(self, words: str, before: str) -> str:
        years = YEAR.findall(words)
        if not years:
            return before
        return "" if int(years[-1]) == self.year else years[-1]

    def _fact(self, p: Printed, figure: Figure, lead: str, tail: str, sentence: int, period: str) -> Fact:
        for mark in BRACKET.findall(lead):
            if mark == "（":
                self.outside.append(self.item)
            elif self.outside:
                self.item = self.outside.pop()  # behind a bracket the talk is again of what stood before it
        role, direction = _role(p, lead)
        item, measure, own_item, own_measure = self._words(lead, role)
        if "；" in lead:
            self.item = self.top
        if "。" in lead and self.measure == "结转":
            self.measure = ""  # 支出……。结转……。其中，基本支出……: of the spending
        if self.title and item == "项目支出" != self.title:
            own_item = False  # 项目支出806.27万元 in a project's own paragraph
        generic = named_generic(lead) and self.item not in ("", WHOLE) and lead.startswith("，")
        if generic and item == WHOLE:
            own_item = False  # 转移支付项目4个，预算合计2815万元，支出合计2613万元
        if not own_item:
            item = self._inherited_item(p, measure)
            if self.bare_part and own_measure and lead.startswith("，") and self.top and role == "level":
                item = self.top  # 包括人员经费392万元、公用经费44万元，实际支出431万元
            own_item = bool(self.title) and item == self.title
        measure, own_measure = self._measure(p, lead, tail, role, measure, own_measure)
        if measure == "调整" and own_item and (self.title or not self.subject):
            self.item = self.top = item
            self.subject = self.subject or item
        if role == "level" and p.quantity.kind in COUNTABLE:
            measure = self._carry(p, lead, item, measure, own_item, own_measure)
        if role == "change" and not measure and self.moved and "净" in lead[-6:]:
            measure = "调整"
        if role == "level" and p.quantity.kind == "money":
            moved = ADJUSTED.search(lead)
            again = self.moved if lead.startswith(("、", "和")) and not own_measure else None
            if moved and own_measure:  # 追加上级专项等2.32亿元
                role, direction, measure = "change", 1 if moved["up"] else -1, "调整"
            elif again:  # 追加甲86.50万元、乙120.00万元
                role, direction, measure = "change", again.direction, "调整"
        year = _compared_period(lead, role, period)
        if year and year != period and not own_measure and role == "level":
            measure = ""  # 决算9万元，完成预算10万元的90%，比上年8万元……: no budget of last year's
        fact = Fact(
            figure, item, measure, owner=self.owner, period=year, scope=self.scope,
            role=role, direction=direction, own_item=own_item, own_measure=own_measure, lead=lead, tail=tail,
            paragraph=self.index, sentence=sentence, start=p.start, end=p.end,
        )  # fmt: skip
        self.moved = fact if role == "change" and measure == "调整" else None
        return fact

    def _inherited_item(self, p: Printed, measure: str) -> str:
        """What a figure is of when its own words do not say: what was named last, else the department."""
        item = self.item or self.subject or self.heading
        if not item and p.quantity.kind in ("money", "percent") and measure in DEPARTMENT:
            return WHOLE
        return item

    def _measure(
        self, p: Printed, lead: str, tail: str, role: Role, measure: str, own: bool
    ) -> tuple[str, bool]:
        """The reading: said by the words, by the kind of figure, or carried on from the figure before."""
        if re.match(r"的?(?:预期|年度)?(?:目标|指标)值", tail):
            measure, own = "目标", True
        if p.quantity.kind == "money" and LEFT_BEHIND.match(tail):
            return "结转", True
        if p.quantity.kind == "score":
            return self._points(lead, tail, measure), True
        if not own and role == "rate" and lead in ("、", "和", "及") and self.share:
            return "占比", False  # 分别占91.25%和8.75%
        self.share = measure == "占比"
        if not own and role == "level" and self.told_budget and SPENT_BEHIND.search(lead):
            return "执行", True  # 预算合计2815.6万元，支出合计2613.03万元
        if not own and role == "level" and THIS_YEAR.search(lead):
            return "执行", True  # 上年4.80万元、预算4.50万元、本年3.60万元
        if not own and role == "level":
            measure = self.measure
            spending = lead.rstrip("共计为是达").endswith("支出")
            if spending and self.spent_before and measure in BUDGET_READINGS:
                measure = "执行"  # 支出2.05万元，预算2.95万元……其中：接待费支出……
        return ("执行" if measure == "完成" and p.quantity.kind == "money" else measure), own

    def _points(self, lead: str, tail: str, measure: str) -> str:
        """Points are the weight unless they are said to be got, or stand in the list behind a total score."""
        if tail == "得" or (GOT_BEHIND.match(tail) and not GOT.search(lead)):
            return "分值"  # 监控与自评4分得3.5分；效益指标占20分，自评19.2分；预算执行情况（20分）得分19.44分
        if GRADE_LINE.match(tail) or GRADE_UPPER.search(lead):
            return "等级线"  # 90分以上为优，80分至90分为良
        if re.match("[×*xX]|乘", tail):
            return "分值"  # 10分×93.66%=9.37分
        if lead in ("=", "＝"):
            return "得分"
        if FULL_BEHIND.match(tail):
            return "得分"  # 预算管理28.5分（满分30分）
        if lead.endswith("（总分"):
            return "分值"  # 评分表（总分100分）
        if lead in ("、", "，", "和", "及") and self.respective:
            return self.respective
        if self.respective and not measure and re.search("合计|共计|总计", lead):
            return self.respective  # 得分28.5分、38.8分、19.2分、10分，合计96.5分
        runs = tail in ("、", "和") or re.search("分别|依次", lead)
        self.respective = measure if runs and measure in ("分值", "得分") else ""
        if measure in ("分值", "得分", "扣分"):
            self.score = measure if TOTAL_SCORE.search(lead) else ""
            return measure
        listed = "其中" in lead or lead.startswith(("、", "，", "；"))
        if not (listed and self.score) or tail.endswith("得"):
            self.score = ""
            return "分值"
        return self.score

    def _carry(
        self, p: Printed, lead: str, item: str, measure: str, own_item: bool, own_measure: bool
    ) -> str:
        """Keep what the next figures will inherit; returns the measure, 执行 where the words are 支出."""
        if own_item or item == WHOLE:
            self.item = item
            if not re.search("其中|包括|包含", lead) and not lead.startswith(("、", "和")):
                self.top = item
        if not self.subject and p.quantity.kind == "money":
            self.subject = item
        self.spent_before = self.spent_before or measure == "执行"
        self.told_budget = own_measure and measure in BUDGET_READINGS
        self.bare_part = own_item and not own_measure and bool(re.match("[、（]|.*(?:其中|包括)", lead))
        if own_measure:
            if not (
                measure in BUDGET_READINGS and AGAINST.search(lead)
            ):  # 支出4.62万元，控制在预算5万元以内，其中……
                self.measure = measure if measure in CARRIED else ""
        elif not measure and self._spent(p, lead):
            measure = self.measure = "执行"
        return measure

    def _spent(self, p: Printed, lead: str) -> bool:
        """总支出17917.84万元: spending, unless the sentence speaks of a budget."""
        if p.quantity.kind != "money" or not lead.rstrip("共计为是达合总：").endswith("支出"):
            return False
        text = self.paragraph.text
        marks = (
            "。；，" if self.told_budget and lead.startswith("，") else "。；"
        )  # 预算120万元，支出合计98万元
        start = max(text.rfind(c, 0, p.start) for c in marks) + 1
        return not re.search("预算|安排(?!的)|计划|下达", _masked(text[start : p.start]))

    def _words(self, lead: str, role: Role) -> tuple[str, str, bool, bool]:
        """Item and measure said in the words before a figure, nearest clause first."""
        item = measure = ""
        named = None
        lead = SPLIT_BY.sub("", lead)
        clauses = [c for c in CLAUSE.split(lead) if c]
        for clause in reversed(clauses[-4:]):
            clause = REASON_GIVEN.sub("", clause)
            if item == "" and REASON_CLAUSE.match(clause):
                continue
            named = glossary().item_in(clause)
            if named and named[1] and PROJECT_TAIL.match(clause[named[2] :]):
                named = None  # 城乡义务教育公用经费补助项目 is a project, not 公用经费
            if named and named[0] == WHOLE and (owner := glossary().item_in(clause[: named[1]])):
                # 公用经费本年支出: the spending of that item, not of the whole
                named = owner if owner[2] == named[1] else named
            if named and named[0] == "项目支出" and (project := _project_named(clause[: named[1]])):
                item, measure = project, measure or "执行"
                break
            rest = clause[: named[1]] + clause[named[2] :] if named else clause
            if not measure and (hit := glossary().measure_in(_masked(rest))):
                measure = hit[0]
                rest = rest[: hit[1]] + rest[hit[2] :]
            item = named[0] if named else _noun(rest)
            if item:
                break
        if not measure and named and lead[-12:].rstrip("为是共计达：").endswith("收入") and item != "收入":
            measure = "收入"  # 一般公共预算财政拨款收入 is not the spending of that name
        if not measure and role == "level" and (hit := glossary().measure_in(_masked(lead))):
            measure = hit[0]
        return item, measure, bool(item), bool(measure)


def named_generic(lead: str) -> bool:
    """支出合计, 支出总额: words for the total of what was named before."""
    return lead.rstrip("为是达：").endswith(("支出合计", "支出总计", "支出总额", "支出共计"))


def _project_named(words: str) -> str:
    """养老机构运转经费项目支出57.32万元 is that project's spending, not 项目支出 as a whole."""
    name = _noun(words)
    if len(name) < 4 or NOT_A_PROJECT.search(name):
        return ""
    return f"{name}项目"


def _title_item(paragraph: Paragraph) -> str:
    """What a numbered paragraph says it is about: “2.学生资助。预算……” is about 学生资助."""
    if function := FUNCTION.match(paragraph.text):
        return function["item"]
    title = paragraph.title
    if not 2 <= len(title) <= 25 or len(title) + paragraph.marker == len(paragraph.text):
        return ""
    named = glossary().item_in(title)
    if named:
        return named[0]
    unnamed = NO_NAME.search(title) or re.search(r"[，\d]", title) or title in READING_WORDS
    return "" if unnamed else title


def _section_item(paragraph: Paragraph) -> str:
    """（四）“三公”经费。全年支出43.05万元……: a heading that names an item, run on by its text."""
    title = paragraph.title
    named = (
        glossary().item_in(title)
        if paragraph.level and len(title) + paragraph.marker < len(paragraph.text) - 1
        else None
    )
    if not named or len(title) > 20:
        return ""
    rest = title[: named[1]] + title[named[2] :]
    return (
        named[0]
        if re.fullmatch(r"[和及管理使用执行收支出决预算安排]{0,8}(?:情况)?(?:说明|分析)?", rest)
        else ""
    )


def _indicator_name(paragraph: Paragraph) -> str:
    """The indicator a paragraph is about, "" where it is about none."""
    text = paragraph.text
    if not re.search("指标值|目标值", text) or not re.search("得分|分值|完成率|完成值|得\\d", text):
        return ""
    if len(re.findall("指标值|目标值", text)) > 1:
        return ""
    body = re.sub(r"^指标[一二三四五六七八九十\d]+[：、]", "", text[paragraph.marker :])
    body = re.sub(r"（[^（）]*分[^（）]*）", "", body)
    name = re.split("[：，。]", body, maxsplit=1)[0]
    if len(name) > 30 or re.search(r"\d|该指标", name):
        name = paragraph.path[-1] if paragraph.path else ""
    return name


def _masked(words: str) -> str:
    """Words without the names of items, so that 一般公共预算 is not read as a budget figure."""
    return glossary().item_pattern.sub(lambda m: "〇" * len(m[0]), words)


def _noun(words: str) -> str:
    """What is left of a clause when time, verbs and fillers are gone; "" where nothing is."""
    said = words
    words = BECAUSE.sub("", words)
    words = TIME_WORDS.sub("", COMPARED.sub("", words))
    words = CHANGE_END.sub("", words)
    before = None
    while before != words:
        before = words
        words = LEADING_VERB.sub("", TAIL_WORDS.sub("", FILLER.sub("", words)))
    if ALL_PROJECTS.search(words) or (words == "项目" and PROJECTS_ALONE.match(said)):
        return "项目支出"
    return words[-24:] if len(words) >= 2 and not words.isdigit() and words not in READING_WORDS else ""


def _raised(found: list[Fact]) -> Iterator[Fact]:
    """由725元提高到765元: the first is what was before. 50万元至100万元: bounds, no amounts."""
    for n, fact in enumerate(found):
        after = found[n + 1] if n + 1 < len(found) else None
        upper = after if after and after.lead in RANGE else None
        lower = found[n - 1] if n and fact.lead in RANGE else None
        if any(f and f.unit == fact.unit for f in (upper, lower)) and fact.kind in ("money", "count"):
            yield replace(fact, role="other")
            continue
        raised = after and after.unit == fact.unit and REACHED.search(after.lead) and len(after.lead) <= 6
        rated = fact.role == "standard" and after and after.role == "level"  # 由每人每月850元提高到895元
        if raised and not fact.period and (fact.role == "level" or rated):
            yield replace(fact, period="原值", role="level")
        else:
            yield fact


def _role(p: Printed, lead: str) -> tuple[Role, int]:
    kind = p.quantity.kind
    direction = 0
    if REACHED.search(lead):
        pass
    elif change := CHANGE_END.search(lead):
        direction = 1 if change["up"] else -1
    elif DIFFERENCE.search(lead) and kind in ("money", "count"):
        return "change", 0
    if kind == "percent":
        return "rate", direction
    if kind in ("money", "count", "standard") and MEAN.search(lead):
        return ("standard" if kind == "standard" and "每" in lead and "均" not in lead else "other"), 0
    if kind == "standard" or (kind == "money" and UNIT_PRICE.search(lead)):
        return "standard", 0
    weighed = kind == "other" and p.quantity.base_unit in WEIGHTS
    if weighed or kind in ("money", "count", "score", "area", "length"):
        return ("change", direction) if direction and "新增" not in lead[-6:] else ("level", 0)
    return "other", 0


def _compared_period(lead: str, role: Role, period: str) -> str:
    """The year a figure belongs to: another one where the words say 上年 or 比2023年的."""
    compared = COMPARED.search(lead)
    if PRIOR.search(lead) and not compared:
        return "上年"
    if compared and (role == "level" or (role == "rate" and compared.end() == len(lead.rstrip("的")))):
        if compared["base"] and compared["base"].endswith("年初"):
            return "年初"
        years = YEAR.findall(compared[0])
        return years[-1] if years else "上年" if PRIOR.search(compared[0]) else period
    return period


def _scope(path: Sequence[str]) -> str:
    words = " ".join(path)
    for scope in ("一般公共预算", "政府性基金", "国有资本经营", "社会保险基金"):
        if scope in words:
            return scope
    return ""
