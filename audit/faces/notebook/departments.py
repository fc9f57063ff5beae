"""Made-up departments for trying things out: variations of the sample, with other names and amounts.

Comes in: a folder and how many. Goes out: a sub-folder per department with a narrative, .txt and .docx in turn. The
figures tie out by construction; two of three departments get slips planted, so that there is something to find. The
same number always gives the same departments.
"""

from __future__ import annotations

import os
import zipfile
from decimal import Decimal
from html import escape
from pathlib import Path
from random import Random

from ...errors import AuditError
from ...quantity import round_half_up

PLACES = "云澄市 青浦岭县 临溪县 望川区 石桥镇市 柳原县 北渡区 东屏市 雾山县 南汀市".split()
BUREAUS = (
    "民政局 教育局 水利局 农业农村局 文化和旅游局 交通运输局 卫生健康局 林业局 档案馆 科学技术局 "
    "应急管理局 住房和城乡建设局 自然资源局 市场监督管理局 司法局 统计局 审计局 商务局 体育局 残疾人联合会"
).split()
PROJECTS = (
    "业务工作经费 设施改造资金 信息系统运行维护经费 困难群众补助资金 宣传培训经费 专项检查经费 "
    "服务站点建设补助 公共服务购买经费 标准化建设经费 应急物资储备资金"
).split()
Money = Decimal


def make_departments(folder: str | os.PathLike[str], n: int, *, seed: int = 2024) -> Path:
    """Write `n` departments below a folder, which is made where it is missing, and return it."""
    if not 1 <= n <= len(PLACES) * len(BUREAUS):
        raise AuditError(str(n), "部门个数不合适", f"请给 1 至 {len(PLACES) * len(BUREAUS)} 之间的数")
    root = Path(folder)
    for i in range(n):
        name = f"{PLACES[i // len(BUREAUS)]}{BUREAUS[i % len(BUREAUS)]}"
        text = _with_slips(narrative(name, Random(f"{seed}/{i}")), Random(f"{seed}/{i}/slips"))
        home = root / name
        home.mkdir(parents=True, exist_ok=True)
        if i % 2:
            write_docx(home / f"{name}自评报告.docx", text)
        else:
            (home / f"{name}自评报告.txt").write_text("\n".join(text) + "\n", "utf-8")
    return root


def narrative(name: str, chance: Random) -> list[str]:
    """The paragraphs of a report whose figures agree with each other."""

    def amount(low: int, high: int) -> Money:
        return Decimal(int(10 ** chance.uniform(len(str(low)) - 1, len(str(high)) - 1) * 100)) / 100

    names = chance.sample(PROJECTS, chance.randint(3, 6))
    staff, posts = chance.randint(18, 60), chance.randint(60, 80)
    civil = chance.randint(6, staff - 6)
    wages, goods, families = amount(100, 1000), amount(10, 100), amount(10, 100)
    basic_spent = wages + goods + families
    basic = _line(basic_spent, Decimal(chance.randint(960, 1000)) / 1000, chance)
    lines = []
    for project in names:
        share = Decimal(chance.choice([chance.randint(880, 1000)] * 9 + [chance.randint(250, 700)])) / 1000
        lines.append((project, _line(amount(10, 10000), share, chance)))
    projects = _added([line for _, line in lines])
    whole = _added([basic, projects])
    cars, hosting = amount(1, 10), amount(1, 10)
    text = [
        name,
        "2024年度部门整体支出绩效自评报告",
        "一、部门基本情况",
        f"本部门核定编制{posts}名。2024年末实际在职人员{staff}人，其中：行政人员{civil}人，事业人员{staff - civil}人，"
        f"在职人员控制率为{_percent(Decimal(staff), Decimal(posts))}。",
        "二、一般公共预算支出情况",
        f"2024年基本支出{_told(basic)}",
        f"按经济分类划分，基本支出{wan(basic_spent)}，其中：工资福利支出{wan(wages)}，商品和服务支出{wan(goods)}，"
        f"对个人和家庭的补助{wan(families)}。",
        f"“三公”经费决算数为{wan(cars + hosting)}，其中：因公出国（境）费0万元，公务用车购置及运行维护费{wan(cars)}，"
        f"公务接待费{wan(hosting)}。",
        "三、部门整体支出绩效情况",
        f"2024年部门整体支出{_told(whole)}",
        f"全年执行数{wan(whole[2])}中，基本支出{wan(basic[2])}，占{_percent(basic[2], whole[2])}；"
        f"项目支出{wan(projects[2])}，占{_percent(projects[2], whole[2])}。",
        f"2024年项目支出{_told(projects)}",
        f"2024年纳入绩效自评的项目共{len(lines)}个，全年执行数合计{wan(projects[2])}，分项目情况如下。",
    ]
    text += [
        f"{i}.{project}。{_told(line)}{_reason(line, chance)}" for i, (project, line) in enumerate(lines, 1)
    ]
    return [*text, "四、存在的问题", "绩效指标还不够精细，下年度继续完善。"]


Line = tuple[Money, Money, Money]  # 年初预算, 全年预算, 执行


def _line(spent: Money, share: Decimal, chance: Random) -> Line:
    budget = round_half_up(spent / share, 2)
    initial = round_half_up(budget * Decimal(chance.randint(80, 110)) / 100, 0)
    return initial, budget, spent


def _added(lines: list[Line]) -> Line:
    initial, budget, spent = (sum(column, Decimal(0)) for column in zip(*lines, strict=True))
    return initial, budget, spent


def _told(line: Line) -> str:
    initial, budget, spent = line
    change = budget - initial
    return (
        f"年初预算数为{wan(initial)}，年中{'调增' if change >= 0 else '调减'}{wan(abs(change))}，"
        f"全年预算数为{wan(budget)}，全年执行数为{wan(spent)}，结转结余{wan(budget - spent)}，"
        f"预算执行率为{_percent(spent, budget)}。"
    )


def _reason(line: Line, chance: Random) -> str:
    """Most low rates are explained."""
    low = line[2] / line[1] < Decimal("0.9") and chance.random() < 0.7
    return "执行率偏低的原因是项目批复较晚，尾款按合同进度在下年支付。" if low else ""


def wan(value: Money) -> str:
    return f"{value:.2f}万元"


def _percent(part: Decimal, whole: Decimal) -> str:
    return f"{round_half_up(part / whole * 100, 2)}%"


def _with_slips(text: list[str], chance: Random) -> list[str]:
    """Up to three printed numbers made wrong, in a third of the departments none."""
    text = list(text)
    told = [i for i, line in enumerate(text) if "预算执行率为" in line]
    for i in chance.sample(told, chance.choice([0, 1, 3])):
        head, mark, rate = text[i].rpartition(chance.choice(["预算执行率为", "结转结余", "全年预算数为"]))
        digit = chance.choice([k for k, c in enumerate(rate[: rate.index(".") + 3]) if c.isdigit()][1:])
        text[i] = head + mark + rate[:digit] + str(int(rate[digit]) % 9 + 1) + rate[digit + 1 :]
    return text


TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def write_docx(path: Path, text: list[str]) -> None:
    """A Word file with plain paragraphs."""
    paragraphs = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in text
    )
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": BODY.format(paragraphs),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>{xml}')
