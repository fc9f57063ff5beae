"""What the head of a report says of it: whose it is and for which year."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .prose import Paragraph

YEAR = re.compile(r"(20\d\d)年")
BODY = r"(?:局|厅|委员会|委|办公室|中心|联合会|管委会|政府|学校|中学|小学|医院|法院|检察院|馆|总队|支队|协会|总工会|党校|站|所)"
NAMED = (
    re.compile(rf"单位名称(?:（[^）]*）)?：?([\u4e00-\u9fff（）]{{3,40}}?{BODY})(?=填报|$|\d)"),
    re.compile(rf"^([\u4e00-\u9fff（）]{{3,30}}{BODY})$"),
    re.compile(
        rf"^(?:20\d\d年度?)?([\u4e00-\u9fff（）]{{2,30}}{BODY})(?:20\d\d年度?)?(?:部门|单位)?(?:（单位）)?整体支出"
    ),
)


def report_year(paragraphs: Sequence[Paragraph]) -> int:
    """The year a report is about: the first one before 年度 near its head, else its most frequent one."""
    heads = [p.text for p in paragraphs[:40]]
    for text in heads:
        if match := re.search(r"(20\d\d)年度", text):
            return int(match[1])
    years = YEAR.findall("".join(heads))
    return int(max(sorted(set(years)), key=years.count)) if years else 0


def department(paragraphs: Sequence[Paragraph]) -> str:
    """The department's name as the head of the report gives it, "" where it gives none."""
    for pattern in NAMED:
        for paragraph in paragraphs[:8]:
            if match := pattern.search(paragraph.text):
                return match[1]
    return ""
