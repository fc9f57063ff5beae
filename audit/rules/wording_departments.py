"""R612, R613, R615: whose report it is. 照抄其他单位的材料：自称与级别不符、别的部门的业务、落款与标题不一致。"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from ..facts import Facts
from ..findings import Severity
from ..glossary import parameters
from ..prose import Paragraph
from ..title import BODY
from . import Found, Outcome, rule
from .wording_places import HEAD, level_of, words
from .wording_text import clause

BELOW = {
    "省": "镇乡村街道县", "州": "镇乡村街道县旗", "市": "镇乡村街道县旗", "县": "镇乡村街道旗区", "区": "镇乡村县旗",
    "旗": "镇乡村县", "镇": "乡村街道", "乡": "镇村街道", "街道": "镇乡村",
}  # fmt: skip
SELF = re.compile(r"(?<![自敌])我(街道|社区|[省市县区旗州镇乡村])(?![人国])")
SELF_ORGAN = re.compile(r"(?<![自敌])我(局|委|办|厅|中心|馆|会|所|站|队|校|院)(?![人国们])")
ORGAN_ENDINGS = {
    "局": "局", "委": "委|委员会", "办": "办", "厅": "厅", "中心": "中心", "馆": "馆", "会": "会", "所": "所", "站": "站",
    "队": "队", "校": "校|学|幼儿园", "院": "院",
}  # fmt: skip
SMALL = {"社区": "社区", "村": "村"}


@rule("R612", "another-level", Severity.QUESTION, source="places")
def another_level(facts: Facts) -> Iterator[Outcome]:
    """自称应与单位的级别一致：县级部门不应自称“我镇”“我校”。

    Flags    青石县水利局
             指标设置与我镇实际结合不紧
    Passes   青石县水利局
             指标设置与我县实际结合不紧
    """
    yield from _another_organ(facts)
    level = level_of(facts)
    if not level:
        return
    own = facts.department or "本单位"
    spoken: dict[str, list[tuple[Paragraph, int]]] = {}
    for paragraph in facts.paragraphs:
        for match in SELF.finditer(paragraph.text):
            if not _quoted(paragraph.text, match.start()):
                spoken.setdefault(match[1], []).append((paragraph, match.start()))
    for word, places in spoken.items():
        below = word in SMALL or (word in BELOW.get(level, "") and word != level)
        above = level in "县旗" and word == "市"
        if word == level or not (below or above) or len(places) > 2:
            continue
        if word in SMALL and re.search(SMALL[word], facts.department or SMALL[word]):
            continue
        if (
            above
            and len(spoken.get(level, ())) + sum(p.text.count(f"全{level}") for p in facts.paragraphs) < 2
        ):
            continue
        for paragraph, at in places:
            _, end = clause(paragraph.text, at, 10)
            yield Found(
                f"“我{word}”与{'单位级别' if own == '本单位' else f'“{own}”'}不符",
                (paragraph.span(at, end),), "请核对是否照抄了其他单位的材料",
                Severity.NOTE if above else None,
            )  # fmt: skip


def _another_organ(facts: Facts) -> Iterator[Outcome]:
    """我局 in a town's report, 我校 in a bureau's."""
    department = facts.department
    spoken = [
        (p, m)
        for p in facts.paragraphs
        for m in SELF_ORGAN.finditer(p.text)
        if not _quoted(p.text, m.start())
    ]
    times = Counter(m[1] for _, m in spoken)
    for paragraph, match in spoken:
        word = match[1]
        if not department or times[word] > 2 or re.search(ORGAN_ENDINGS[word], department):
            continue
        _, end = clause(paragraph.text, match.end(), 8)
        yield Found(
            f"“我{word}”与“{department}”不符",
            (paragraph.span(match.start(), end),), "请核对是否照抄了其他单位的材料",
        )  # fmt: skip


def _quoted(text: str, at: int) -> bool:
    return text.count("“", 0, at) > text.count("”", 0, at)


@cache
def _fields() -> tuple[re.Pattern[str], ...]:
    """Fields called one's own: 我局民政工作, 我市水利系统, 推动教育事业高质量发展."""
    fields = parameters("places")["fields"]
    ours = r"(?:本单位|我单位|本部门|我部门|[我本](?:局|委|办|中心|馆|会|所|站|校|院|镇|乡))(?:的)?"
    work = "工作|系统|事业|职能|部门|队伍|业务|领域|经济|行业"
    return (
        re.compile(f"{ours}({fields})(?={work})"),
        re.compile(f"我[市县区州旗]({fields})(?=系统|经济|行业)"),
        re.compile(
            f"(?:推动|促进|助推|推进)了?[我全本]?[省市县区州旗]?({fields})(?=(?:事业|工作|行业)?(?:高质量发展|现代化))"
        ),
        re.compile(f"(?:与|符合|围绕|结合)(?:我[省市县区局])?({fields})(?=事业(?:发展)?(?:规划|实际))"),
        re.compile(f"[省市县区]({fields})(?=(?:局|委)(?:各|全体|所有)(?:业务)?(?:科室|股室|处室|干部职工))"),
    )


@rule("R613", "another-field", Severity.QUESTION, source="places")
def another_field(facts: Facts) -> Iterator[Outcome]:
    """报告所说的业务应是本部门的业务（照抄其他部门材料未改）。

    Flags    青石县水利局
             指标设置与我局民政工作结合不紧
    Passes   青石县水利局
             指标设置与我局水利工作结合不紧
    """
    department = facts.department.removeprefix("年度") or _named_in_text(facts)
    if not department or words("general").search(department):
        return
    yield from _anothers_work(facts, department)
    text = "".join(p.text for p in facts.paragraphs)
    for paragraph in facts.paragraphs:
        for pattern in _fields():
            for match in pattern.finditer(paragraph.text):
                field = match[1]
                if field[0] in department or any(c in department for c in field[:2]) or text.count(field) > 3:
                    continue
                start, end = match.start(), clause(paragraph.text, match.end(), 6)[1]
                yield Found(
                    f"“{paragraph.text[start:match.end()]}”不是“{department}”的业务",
                    (paragraph.span(start, end),), "请核对是否照抄了其他部门的材料",
                )  # fmt: skip


ANOTHERS_WORK = re.compile(
    r"(?:为|保障了?|确保了?|促进了?|提升了?)(?:了)?([县市区省]?[\u4e00-\u9fff]{2,8}?(?:局|委|办公室|中心))(?:机关)?(?:高效|正常|依法|有效)?(?:履职|运转|运行)"
)


def _anothers_work(facts: Facts, department: str) -> Iterator[Outcome]:
    """保障了县教育局正常运转 in the report of another department."""
    for paragraph in facts.paragraphs:
        for match in ANOTHERS_WORK.finditer(paragraph.text):
            words = re.sub("[县市区省我本全局机关委办公室中心]", "", match[1])
            if words and not any(c in department for c in words):
                yield Found(
                    f"“{match[1]}”不是本单位（{department}）",
                    (paragraph.span(match.start(1), match.end()),), "请核对是否照抄了其他单位的材料",
                )  # fmt: skip


NAMED = re.compile(r"([\u4e00-\u9fff]{2,12}?(?:局|委员会|联合会|厅))")


def _named_in_text(facts: Facts) -> str:
    for paragraph in facts.paragraphs[:HEAD]:
        if match := NAMED.search(paragraph.text):
            return match[1]
    return ""


SIGNED = 4  # paragraphs at the end where a report is signed
OFFICE = re.compile(rf"[\u4e00-\u9fff]{{4,28}}{BODY}")


@rule("R615", "signed-otherwise", Severity.QUESTION, source="places")
def signed_otherwise(facts: Facts) -> Iterator[Outcome]:
    """落款的单位名称应与标题一致。

    Flags    青石县水利局
             各项目标均已完成。
             青石县水务局
             2025年3月20日
    Passes   青石县水利局
             各项目标均已完成。
             青石县水利局
             2025年3月20日
    """
    own = re.sub("^年度|[（(].*?[）)]", "", facts.department)
    for paragraph in facts.paragraphs[-SIGNED:] if own and len(facts.paragraphs) > SIGNED else ():
        name = paragraph.text.partition("（")[0]
        if OFFICE.fullmatch(name) and name not in own and own not in name and name != own:
            yield Found(
                f"落款“{name}”与标题的单位“{own}”不一致", (paragraph.span(0, len(name)),), "请核对单位全称"
            )
