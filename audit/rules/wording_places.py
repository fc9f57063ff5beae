"""R611, R614: whose report it is. 照抄其他地区的材料：外地的省市县、乡镇名称。"""

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
# A neighbour in the same prefecture is named for many good reasons; not as the office whose order is obeyed.
OBEYED_BEFORE = re.compile(r"(?:按照|根据|依据|依照|遵照|贯彻落实|执行)$")
OBEYED_AFTER = re.compile(r"(?:[市县区]?委|人民政府|政府|[\u4e00-\u9fff]{2,8}?局)")
FROM_NEIGHBOUR = re.compile("移交|移送|来函|复函|函|协查|提供|委托|转来|联合|请求|申请")


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
    if not own and not level_of(facts):
        return
    found: dict[str, list[Span]] = {}
    in_place_of_own: set[str] = set()
    for paragraph in facts.paragraphs:
        for start, end, name in gazetteer().named(paragraph.text):
            near = any(related(path, mine) for path in gazetteer().paths[name] for mine in own)
            if name in names or name in own_name(facts) or _excused(paragraph, start, end):
                continue
            if near and not _obeyed_neighbour(facts, paragraph, start, end):
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


def _obeyed_neighbour(facts: Facts, paragraph: Paragraph, start: int, end: int) -> bool:
    """Does a county's report obey the office of another county of its prefecture: 按照柳南区财政局的办法?"""
    known = gazetteer().paths
    own = {
        path for _, _, name in gazetteer().named(own_name(facts)) for path in known[name] if len(path) == 3
    }
    here = known[paragraph.text[start:end]]
    sister = any(a[:2] == b[:2] and a != b for a in own for b in here if len(b) == 3)
    first, last = clause(paragraph.text, start, 40)[0], clause(paragraph.text, end, 40)[1]
    return bool(
        sister
        and OBEYED_BEFORE.search(paragraph.text[first:start])
        and OBEYED_AFTER.match(paragraph.text[end:])
        and not FROM_NEIGHBOUR.search(paragraph.text[end:last])
    )


def _excused(paragraph: Paragraph, start: int, end: int) -> bool:
    """Do the words of its clause tell why another place is named, or is it part of a title or an address?"""
    text = paragraph.text
    first, _ = clause(text, start, 40)
    _, last = clause(text, end, 30)
    inside_title = text.rfind("《", 0, start) > text.rfind("》", 0, start)
    return inside_title or bool(
        words("elsewhere").search(text[first:start]) or words("elsewhere").search(text[end:last])
    )


def own_name(facts: Facts) -> str:
    return facts.department + "".join(
        p.text for p in facts.paragraphs[:3] if not re.search("[，。；]", p.text)
    )


@cache
def words(name: str) -> re.Pattern[str]:
    return re.compile(parameters("places")[name])


def level_of(facts: Facts) -> str:
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
    own = own_name(facts)
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
