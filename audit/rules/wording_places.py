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
from ..glossary import parameters
from ..prose import Paragraph
from ..source import Span
from . import Found, Outcome, rule
from .wording_text import clause

Path = tuple[str, ...]  # province, prefecture, county

SUFFIX = re.compile("[市县区旗州盟]")
NOT_A_PLACE_AFTER = re.compile("[域场级容界内]|民(?!政)|[直属]")
OWN_AFTER = re.compile(
    r"(?:[市县区]?委|人民政府|政府|[\u4e00-\u9fff]{2,8}?局|各|所有|(?:城乡|农村|城镇)?(?:经济|社会|全体|困难群众|居民|群众|辖区|境内|范围内|实际)"
    r"|[\u4e00-\u9fff]{2,6}?(?:事业|工作|系统|规划|发展))"
)
OWN_BEFORE = re.compile(
    r"(?:指导|监督|管理|统筹|承担|组织|拟[订定]|起草|制[订定]|编制|负责|保障|确保|促进|推动|提升|贯彻落实|加强|推进|增强|改善|完善|提高)了?$"
)


@dataclass(frozen=True)
class Gazetteer:
    """paths maps a full name to the places that bear it; plain are names that are ordinary words too."""

    paths: Mapping[str, tuple[Path, ...]]
    plain: frozenset[str]

    def named(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The places named in a text: start, end, name."""
        last = 0
        for match in SUFFIX.finditer(text):
            for length in range(min(11, match.end() - last), 2, -1):
                name = text[match.end() - length : match.end()]
                if name in self.paths and name not in self.plain:
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
    plain = frozenset(parameters("places")["plain_words"].split())
    return Gazetteer({name: tuple(found) for name, found in paths.items()}, plain)


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

    Flags    庐山市民政局
             负责拟订个旧市民政事业发展规划
    Passes   庐山市民政局
             负责拟订庐山市民政事业发展规划
    """
    names, own = own_places(facts)
    if not own and not _level(facts):
        return
    found: dict[str, list[Span]] = {}
    in_place_of_own: set[str] = set()
    for paragraph in facts.paragraphs:
        for start, end, name in gazetteer().named(paragraph.text):
            near = any(related(path, mine) for path in gazetteer().paths[name] for mine in own)
            if name in names or near or name in _own_name(facts) or _excused(paragraph, start, end):
                continue
            found.setdefault(name, []).append(paragraph.span(start, end))
            if OWN_AFTER.match(paragraph.text[end:]) or OWN_BEFORE.search(paragraph.text[:start]):
                in_place_of_own.add(name)
    for name, spans in found.items():
        own_position = name in in_place_of_own
        yield Found(
            f"“{name}”不是本地地名" + ("，却写在本单位的位置上" if own_position else ""),
            tuple(spans), "请核对是否照抄了其他地区的材料",
            Severity.QUESTION if own_position else Severity.NOTE,
        )  # fmt: skip


def _excused(paragraph: Paragraph, start: int, end: int) -> bool:
    """Do the words of its clause tell why another place is named, or is it part of a title or an address?"""
    text = paragraph.text
    first, _ = clause(text, start, 40)
    _, last = clause(text, end, 30)
    inside_title = text.rfind("《", 0, start) > text.rfind("》", 0, start)
    return inside_title or bool(
        words("elsewhere").search(text[first:start]) or words("elsewhere").search(text[end:last])
    )


def _own_name(facts: Facts) -> str:
    return facts.department + "".join(
        p.text for p in facts.paragraphs[:3] if not re.search("[，。；]", p.text)
    )


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
SELF = re.compile(r"(?<![自敌])我(街道|社区|[省市县区旗州镇乡村])(?![人国])")
SELF_ORGAN = re.compile(r"(?<![自敌])我(局|委|办|厅|中心|馆|会|所|站|队|校|院)(?![人国们])")
ORGAN_ENDINGS = {
    "局": "局", "委": "委|委员会", "办": "办", "厅": "厅", "中心": "中心", "馆": "馆", "会": "会", "所": "所", "站": "站",
    "队": "队", "校": "校|学|幼儿园", "院": "院",
}  # fmt: skip
SMALL = {"社区": "社区", "村": "村"}


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

    Flags    青石县水利局
             指标设置与我镇实际结合不紧
    Passes   青石县水利局
             指标设置与我县实际结合不紧
    """
    yield from _another_organ(facts)
    level = _level(facts)
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
def words(name: str) -> re.Pattern[str]:
    return re.compile(parameters("places")[name])


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
            f"(?:推动|促进|助推|推进)了?[我全本]?[省市县区州旗]?({fields})(?=(?:事业|工作|行业)?高质量发展)"
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


RANKS = (
    ("镇", "乡", "街道"),
    ("县", "区", "旗"),
    ("市",),
)  # places of one rank, in whose stead another may stand
EFFECT = re.compile(
    r"(?:确保|保障|促进|推动|提升|增强|改善|推进|维护|带动|负责|承担|管理|统筹|拟订|制定)了?(?![全我本各该外上下邻相老])((?:(?![和及与的所等在对向为以或各全本我])[\u4e00-\u9fff]){2,3}?(?:镇|乡|街道|县|市|区))(?=各项|经济|社会|民生|居民|群众|农村|基层|的?发展|教育|环境|辖区|境内|行政区域|范围内)"
)


@rule("R614", "another-town", Severity.QUESTION, source="places")
def another_town(facts: Facts) -> Iterator[Outcome]:
    """讲本地职责、成效时地名应是本地的：乡镇、县名与报告单位不一致的疑为照抄。

    Flags    云坪镇人民政府
             加快建设，确保了石柱镇各项工程落地
    Passes   云坪镇人民政府
             加快建设，确保了云坪镇各项工程落地
    """
    own = _own_name(facts)
    text = "".join(p.text for p in facts.paragraphs)
    for paragraph in facts.paragraphs:
        for match in EFFECT.finditer(paragraph.text):
            name = match[1]
            rank = next((kinds for kinds in RANKS if name.endswith(kinds)), (name[-1],))
            mine = re.findall(rf"[\u4e00-\u9fff]{{2,3}}?(?:{'|'.join(rank)})", own)
            if name in own or not mine or text.count(name) > 1 or name in gazetteer().paths:
                continue
            yield Found(
                f"写的是“{name}”，不是本单位所在的“{mine[-1]}”",
                (paragraph.span(match.start(1), match.end(1)),), "请核对是否照抄了其他单位的材料",
            )  # fmt: skip
