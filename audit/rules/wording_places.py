"""R61x: whose report it is. 照抄其他地区、其他单位的材料：外地地名、自称与级别不符、别的部门的业务。"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..facts import Facts
from ..findings import Severity
from ..prose import Paragraph
from . import Found, Outcome, rule
from .wording_text import clause

Path = tuple[str, ...]  # province, prefecture, county
# District names that are also plain words for a part of a town.
PLAIN_WORDS = frozenset(
    "市中区 新城区 城中区 城关区 城东区 城西区 城北区 城厢区 老城区 新市区 高新区 河东区 河西区 河北区 江北区 江南区 "
    "南山区 青山区 西山区 平山区 东山区 中原区 新北区 和平区 解放区 新华区 中山区 西区 东区 城区 郊区 矿区 山南市 向阳区 "
    "海州区 港口区 港南区 港北区 中心区 南沙区 龙湖区 西湖区 东湖区 平川区 长安区 朝阳区 南区 北区 铁西区 铁东区".split()
)
SUFFIX = re.compile("[市县区旗州盟]")
NOT_A_PLACE_AFTER = re.compile("[域场级容界内]|民(?!政)|[直属]")
ELSEWHERE = re.compile(
    r"对口|协作|帮扶|支援|援[助建疆藏青]|考察|学习|来自|前往|[赴到在由从至往返]$|调研|跨省|跨市|东西部|合作|交流|户籍|籍|转[入出]|流[入出]|参观|对接|引进|"
    r"外[地省市县]|输出|务工|招[聘商]|协同|签[订约]|协议|通往|结对|友好|高速|铁路|公路|航线|航班|列车|销往|采购|比赛|大赛|会议|论坛|参加|举办|举行|培训|公司|集团|大学|学院|医院|研究所|协会|银行|出版社|遣送|护送|护返|接回|寻亲|转运|就医|异地|边界|接壤|界线|毗邻|交界|下辖|所辖|所属|原属"
)
OWN_AFTER = re.compile(
    r"(?:[市县区]?委|人民政府|政府|[\u4e00-\u9fff]{2,8}?局|(?:城乡|农村|城镇)?(?:经济|社会|各项|全体|困难群众|居民|群众|辖区|境内|范围内|实际)"
    r"|[\u4e00-\u9fff]{2,6}?(?:事业|工作|系统|规划|发展))"
)
OWN_BEFORE = re.compile(
    r"(?:拟[订定]|起草|制[订定]|编制|负责|保障|确保|促进|推动|提升|贯彻落实|加强|推进|增强|改善|完善|提高)了?$"
)


@dataclass(frozen=True)
class Gazetteer:
    """paths maps a full name to the places that bear it."""

    paths: Mapping[str, tuple[Path, ...]]

    def named(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The places named in a text: start, end, name."""
        last = 0
        for match in SUFFIX.finditer(text):
            for length in range(min(11, match.end() - last), 2, -1):
                name = text[match.end() - length : match.end()]
                if name in self.paths and name not in PLAIN_WORDS:
                    if not NOT_A_PLACE_AFTER.match(text[match.end() :]):
                        yield match.end() - length, match.end(), name
                        last = match.end()
                    break


@cache
def gazetteer() -> Gazetteer:
    """Provinces, prefectures and counties of `params/places.json`."""
    tree: dict[str, dict[str, str]] = json.loads(
        (files("audit") / "params" / "places.json").read_text("utf-8")
    )
    paths: dict[str, list[Path]] = {}
    for province, prefectures in tree.items():
        paths.setdefault(province, []).append((province,))
        for prefecture, counties in prefectures.items():
            above = (province, prefecture) if prefecture else (province,)
            if prefecture:
                paths.setdefault(prefecture, []).append(above)
            for county in counties.split():
                paths.setdefault(county, []).append((*above, county))
    return Gazetteer({name: tuple(found) for name, found in paths.items()})


def related(path: Path, own: Path) -> bool:
    """Above it, within it, or a neighbour in the same prefecture."""
    shared = min(len(path), len(own), 2)
    return path[:shared] == own[:shared]


HEAD = 6


def own_places(facts: Facts) -> tuple[set[str], list[Path]]:
    """Names in the head of the report, those that recur, and where they lie."""
    head = facts.department + "".join(p.text[:120] for p in facts.paragraphs[:HEAD])
    named = Counter(name for p in facts.paragraphs for _, _, name in gazetteer().named(p.text))
    names = {name for _, _, name in gazetteer().named(head) if name in facts.department or named[name] > 1}
    names |= {name for name, count in named.items() if count >= 4}
    if not names and named:
        name, count = named.most_common(1)[0]
        names = {name} if count > 1 else set()
    paths = [path for name in names for path in gazetteer().paths[name]]
    return names, paths or _common_prefecture(named)


def _common_prefecture(named: Counter[str]) -> list[Path]:
    """Where the head names no place: the prefecture that most of the places named lie in."""
    above = Counter(path[:2] for name in named for path in gazetteer().paths[name] if len(path) == 3)
    return [path for path, count in above.most_common(1) if count > 1]


@rule("R611", "another-place", Severity.QUESTION, source="places")
def another_place(facts: Facts) -> Iterator[Outcome]:
    """报告不应出现与本地无关的其他市、县名称（照抄他地材料未改）。

    Flags    庐山市民政局负责拟订个旧市民政事业发展规划
    Passes   庐山市民政局负责拟订庐山市民政事业发展规划
    """
    names, own = own_places(facts)
    if not own and not _level(facts):
        return
    for paragraph in facts.paragraphs:
        for start, end, name in gazetteer().named(paragraph.text):
            if name in names or any(related(path, mine) for path in gazetteer().paths[name] for mine in own):
                continue
            if name in _own_name(facts):
                continue
            stands_for_own = OWN_AFTER.match(paragraph.text[end:]) or OWN_BEFORE.search(
                paragraph.text[:start]
            )
            if _excused(paragraph, start, end):
                continue
            yield Found(
                f"“{name}”不是本地地名" + ("，却写在本单位的位置上" if stands_for_own else ""),
                (paragraph.span(start, end),), "请核对是否照抄了其他地区的材料",
                Severity.QUESTION if stands_for_own else Severity.NOTE,
            )  # fmt: skip


def _excused(paragraph: Paragraph, start: int, end: int) -> bool:
    """Do the words of its clause tell why another place is named, or is it part of a title or an address?"""
    text = paragraph.text
    first, _ = clause(text, start, 40)
    _, last = clause(text, end, 30)
    inside_title = text.rfind("《", 0, start) > text.rfind("》", 0, start)
    return inside_title or bool(ELSEWHERE.search(text[first:start]) or ELSEWHERE.search(text[end:last]))


def _own_name(facts: Facts) -> str:
    return facts.department + "".join(p.text for p in facts.paragraphs[:3] if len(p.text) < 60)


LEVELS = {
    "省": "省",
    "市": "市",
    "县": "县",
    "区": "区",
    "旗": "旗",
    "州": "州",
    "镇": "镇",
    "乡": "乡",
    "道": "街道",
}
BELOW = {
    "省": "镇乡村街道县", "州": "镇乡村街道县旗", "市": "镇乡村街道县旗", "县": "镇乡村街道旗区", "区": "镇乡村县旗",
    "旗": "镇乡村县", "镇": "乡村街道", "乡": "镇村街道", "街道": "镇乡村",
}  # fmt: skip
SELF = re.compile(r"(?<![自敌])我(街道|社区|[省市县区旗州镇乡村校院])(?![人国])")
SMALL = {"校": "校|学|幼儿园|教师", "院": "院", "社区": "社区", "村": "村"}


def _level(facts: Facts) -> str:
    """县, 区, 镇 …: the last place word in the department's name, else how the report speaks of itself most."""
    name = re.sub(r"[（(][^）)]*[）)]", "", facts.department)
    found = re.findall(r"[\u4e00-\u9fff]{2}(省|市|县|旗|州|镇|乡|街道|(?<!社)区(?!划))", name)
    if found:
        return str(found[-1])
    spoken = Counter(
        m[1] for p in facts.paragraphs for m in re.finditer("(?:全|我)([省市县区旗州镇乡])", p.text)
    )
    if spoken:
        level, count = spoken.most_common(1)[0]
        if count >= 3 and count > sum(spoken.values()) * 0.6:
            return level
    return ""


@rule("R612", "another-level", Severity.QUESTION, source="places")
def another_level(facts: Facts) -> Iterator[Outcome]:
    """自称应与单位的级别一致：县级部门不应自称“我镇”“我校”。

    Flags    青石县水利局对照年初目标逐项自评。全县、我县水库已除险加固，与我镇实际结合不紧
    Passes   青石县水利局对照年初目标逐项自评。全县、我县水库已除险加固，与我县实际结合不紧
    """
    level = _level(facts)
    if not level:
        return
    own = facts.department or "本单位"
    spoken: dict[str, list[tuple[Paragraph, int]]] = {}
    for paragraph in facts.paragraphs:
        for match in SELF.finditer(paragraph.text):
            if paragraph.text.count("“", 0, match.start()) == paragraph.text.count("”", 0, match.start()):
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


FIELDS = (
    "民政|教育|水利|交通运输|交通|农业农村|商务|卫生健康|文化旅游|文旅|住建|自然资源|生态环境|环保|应急管理|退役军人事务|退役军人|医疗保障|医保|"
    "市场监管|统计|审计|司法行政|信访|林业|民族宗教|科技|体育|人社|财政|残联|公安|检察|法院|气象|档案|供销|工信|招商|粮食|城管|国土|扶贫|计生|广电|消防"
)
OF_OURS = re.compile(
    rf"(?:本单位|我单位|本部门|我部门|[我本](?:局|委|办|中心|馆|会|所|站|校|院|镇|乡))(?:的)?({FIELDS})(?=工作|系统|事业|职能|部门|队伍|业务|领域|经济|行业)"
)
OF_PLACE = re.compile(rf"我[市县区州旗]({FIELDS})(?=系统|经济|行业)")
GENERAL = re.compile(
    r"政府|财政|发展和?改革|发改|人大|政协|县委|区委|市委|[镇乡]|街道|审计|统计|机关事务|政务|党校|组织部|宣传部|纪委|编办|管委会|开发区"
)


@rule("R613", "another-field", Severity.QUESTION, source="places")
def another_field(facts: Facts) -> Iterator[Outcome]:
    """报告所说的业务应是本部门的业务（照抄其他部门材料未改）。

    Flags    青石县水利局2024年度部门整体支出绩效自评。目标与我局民政工作结合不紧
    Passes   青石县水利局2024年度部门整体支出绩效自评。目标与我局水利工作结合不紧
    """
    department = facts.department.removeprefix("年度") or _named_in_text(facts)
    if not department or GENERAL.search(department):
        return
    text = "".join(p.text for p in facts.paragraphs)
    for paragraph in facts.paragraphs:
        for pattern in (OF_OURS, OF_PLACE):
            for match in pattern.finditer(paragraph.text):
                field = match[1]
                if field[0] in department or any(c in department for c in field[:2]) or text.count(field) > 3:
                    continue
                start, end = match.start(), clause(paragraph.text, match.end(), 6)[1]
                yield Found(
                    f"“{paragraph.text[start:match.end()]}”不是“{department}”的业务",
                    (paragraph.span(start, end),), "请核对是否照抄了其他部门的材料",
                )  # fmt: skip


NAMED = re.compile(r"([\u4e00-\u9fff]{2,12}?(?:局|委员会|联合会|厅))")


def _named_in_text(facts: Facts) -> str:
    for paragraph in facts.paragraphs[:HEAD]:
        if match := NAMED.search(paragraph.text):
            return match[1]
    return ""


EFFECT = re.compile(
    r"(?:确保|保障|促进|推动|提升|增强|改善|推进|维护|带动)了?(?![全我本各该外上下邻相老])([\u4e00-\u9fff]{2,3}?(?:镇|乡|街道|县|市|区))(?=各项|经济|社会|民生|居民|群众|农村|基层|的?发展|教育|环境)"
)


@rule("R614", "another-town", Severity.QUESTION, source="places")
def another_town(facts: Facts) -> Iterator[Outcome]:
    """讲本地成效时地名应是本地的：乡镇、县名与报告单位不一致的疑为照抄。

    Flags    云坪镇人民政府2024年度自评。云坪镇加快建设，确保了兴隆镇各项工程落地
    Passes   云坪镇人民政府2024年度自评。云坪镇加快建设，确保了云坪镇各项工程落地
    """
    own = _own_name(facts)
    text = "".join(p.text for p in facts.paragraphs)
    for paragraph in facts.paragraphs:
        for match in EFFECT.finditer(paragraph.text):
            name = match[1]
            kind = name[-1]
            mine = re.findall(rf"[\u4e00-\u9fff]{{2,3}}(?={kind})", own)
            if name in own or not mine or text.count(name) > 1 or name in gazetteer().paths:
                continue
            yield Found(
                f"讲成效时写的是“{name}”，不是本单位所在的“{mine[-1].lstrip('省市县区州')}{kind}”",
                (paragraph.span(match.start(1), match.end(1)),), "请核对是否照抄了其他单位的材料",
            )  # fmt: skip
