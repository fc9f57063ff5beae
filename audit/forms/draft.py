"""A case from a checked report: what its text and its annexes say, each value with the place it comes from.

Comes in: a `Report`. Goes out: a `Case` and a source for every value. Nothing is worked out and nothing guessed: a
value stands somewhere, or it is left blank. Where it stands twice and differs, a form's comes first, else the one
told most often, and the source names the others.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from ..columns import item_of, squeeze
from ..facts import BUDGET_READINGS, Fact, Facts, bare_name
from ..findings import Figure, Severity
from ..glossary import glossary
from ..grid import read_tables
from ..indicators import SIGNS, Indicator, indicators
from ..prose import Paragraph, paragraphs
from ..quantity import MONEY_UNITS, plain
from ..report import Report
from ..rules.projects import projects as numbered_projects
from ..source import Document
from .case import DOUBT, Case, Place, parts
from .case_workbook import may_write, write_case
from .draft_words import (
    CLASS,
    FORM,
    GENERAL,
    LIKELY,
    LONGEST,
    PROJECT_END,
    REPORT,
    ROOMY,
    department_keys,
    indicator_name,
    keys_of,
    listed_name,
    matrix_keys,
    part_labels,
    part_of_another,
    project_name,
    project_totals,
    same_name,
    shortened,
    shown,
)
from .read_back import FormData, read_forms
from .values import PRINTED_SIGN, Record, Value

WAN = MONEY_UNITS["万元"]
SECTIONS = {
    "duties": r"主要职责|主要职能|职能职责|工作职责|部门职责",
    "goal": r"(?:整体|总体|年度)[^，。]{0,12}目标$",
    "outcome": r"(?:目标|履职)(?:的)?(?:实际)?完成情况$|履职完成情况",
    "conclusion": r"评价结论|自评结论|综合评价结论",
    "problems": r"存在(?:的)?(?:主要)?问题|主要问题",
    "measures": r"改进(?:的)?(?:方向|措施)|整改措施|下一步(?:改进|工作)",
    "frugality": r"厉行节约",
}
ALSO_CALLED = {"填报时间": "填报日期", "填表时间": "填报日期", "填表日期": "填报日期", "填报人": "填表人"}
REASON = re.compile(
    r"(?:偏差|未完成|未达标)(?:的)?(?:主要)?原因(?:分析)?[：是为](?P<words>.+?)(?=[。；]?改进措施|。[^。]*(?:分值|得分)|[。；]?$)"
)
MEASURES = re.compile(r"改进措施[：是为](?P<words>.+?)(?=。[^。]*(?:分值|得分)|[。；]?$)")


@dataclass(frozen=True, slots=True)
class Told:
    """A value where it stands. `doubt` says why it may not be what is asked for."""

    value: Value
    where: str
    words: str = ""
    doubt: str = ""
    rank: int = REPORT
    figure: Figure | None = None

    def agrees_with(self, other: Told) -> bool:
        if self.figure and other.figure and self.figure.quantity.unit:
            return self.figure.quantity.agrees_with(other.figure.quantity)
        if isinstance(self.value, str) and isinstance(other.value, str):
            return squeeze(self.value) == squeeze(other.value)
        return self.value == other.value


@dataclass
class Row:
    """A record in the making."""

    name: str = ""
    told: dict[str, list[Told]] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    project: Row | None = None
    first: int = -1
    last: int = -1  # paragraphs that are about it

    def tell(self, key: str, told: Told) -> None:
        if told.value is not None and told.value != "":
            self.told.setdefault(key, []).append(told)


def draft_case(
    report_path: str | os.PathLike[str],
    annexes: Sequence[str | os.PathLike[str]] = (),
    out: str | os.PathLike[str] = "case.xlsx",
    *,
    force: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Read a report and its annexes and write the case workbook that they give.

    Raises AuditError where `out` is there already (without `force`) or is one of the files read.
    """
    from ..run import check

    out = may_write(out, force, [report_path, *annexes])
    report = check(report_path, annexes, progress=progress)
    if progress:
        progress("起草填表数据")
    case, sources = draft(report)
    return write_case(case, out, sources=sources, force=force)


def draft(report: Report) -> tuple[Case, dict[Place, str]]:
    """A case from a checked report, and by place where each value comes from."""
    return _Drafter(report).draft()


def annex_forms(documents: Iterable[Document]) -> list[FormData]:
    """The standard forms among all documents; some reports have them in their own text."""
    return [form for document in documents for form in read_forms(document)]


class _Drafter:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.paragraphs = paragraphs(report.documents[0])
        facts = [f for f in report.facts if f.paragraph >= 0]
        self.facts = Facts(facts, self.paragraphs, report.year, report.department)
        self.department = Row()
        self.headed: dict[tuple[str, str], tuple[str, ...]] = {}  # keys that a cell of a form can be for
        self.rows: dict[str, list[Row]] = {p.key: [] for p in parts() if p.shape == "table"}
        self.wrong = {
            (f.evidence[0].document, f.evidence[0].start, f.evidence[0].cell): f.message
            for f in report.findings if f.severity is Severity.ERROR and f.evidence
        }  # fmt: skip

    def draft(self) -> tuple[Case, dict[Place, str]]:
        lists = self._projects_in_lists()
        self._projects_by_number(lists)
        self._projects_by_heading(lists)
        self._projects_in_tables()
        forms = annex_forms(self.report.documents)
        self._tables()
        for form in forms:
            self._form(form)
        self._head(forms)
        self._amounts()
        self._counts()
        self._sections()
        self._indicators()
        return self._settled()

    # ---- forms

    def _tables(self) -> None:
        """Amounts of 附件1 and 附件2 by the heads they stand under, whatever the form looks like."""
        for document in self.report.documents:
            for table in read_tables(document, self.report.year, 1):
                for fact in table.facts() if table.kind in ("附件1", "附件2") and not table.owner else ():
                    keys = matrix_keys().get((item_of(fact.item), fact.measure, fact.period), ())
                    if fact.figure.span.cell and keys:
                        self.headed[document.name, fact.figure.span.cell] = keys
                    for key in keys:
                        self.department.tell(key, self._amount(fact, "", FORM))

    def _form(self, data: FormData) -> None:
        place = data.document if len(self.report.documents) > 1 else "报告中的表"
        row = self.department
        if data.form.per == "project":
            name = data.values.get("name")
            if not isinstance(name, str):
                return
            row = self._row("projects", name)
        own = {c.key for c in part_labels("projects")} if data.form.per == "project" else set()
        for key, value in data.values.items():
            where = data.cells.get(key) or data.sheet
            told = Told(value, f"{place} {where}", rank=FORM)
            if isinstance(value, Decimal) and key not in self.headed.get((data.document, where), (key,)):
                continue  # it stands under another head
            if key in own:
                row.tell(key, told)
            elif key in department_keys():
                # what a project's form says of the department is the department's word only where no other is
                self.department.tell(key, told if row is self.department else replace(told, rank=LIKELY))
        for block, records in data.rows.items():
            for n, record in enumerate(records):
                if block == "projects":
                    line = self._row("projects", str(record.get("name") or ""))
                else:
                    line = Row(
                        str(record.get("name") or ""), project=row if row is not self.department else None
                    )
                    self.rows[block].append(line)
                keys = {c.key for c in part_labels(block)} - {"project"}
                for key, value in record.items():
                    if key in keys:
                        where = data.cells.get(f"{block}.{n}.{key}") or data.sheet
                        line.tell(key, Told(value, f"{place} {where}", rank=FORM))

    def _row(self, kind: str, name: str) -> Row:
        """The row of that name, or a new one."""
        core = bare_name(squeeze(name)) or name
        for row in self.rows[kind]:
            if (bare_name(squeeze(row.name)) or row.name) == core:
                return row
        row = Row(name)
        self.rows[kind].append(row)
        return row

    # ---- projects in the text

    def _projects_by_number(self, lists: set[int]) -> None:
        """Numbered paragraphs that each tell a project's money; not those that tell of several."""
        for project in numbered_projects(self.facts):
            first = min(f.paragraph for f in project.values())
            paragraph = self.paragraphs[first]
            name = project_name(paragraph)
            if not name or first in lists:
                continue
            row = self._row("projects", name)
            row.tell("name", self._words(paragraph, 0, name, REPORT))
            self._money_of(row, project)
            if row.first < 0:
                row.first, row.last = first, self._end(first)
                words = "\n".join(p.text for p in self.paragraphs[first + 1 : row.last + 1])
                if words:
                    row.tell("outcome", self._section(self.paragraphs[first + 1], words))

    def _end(self, first: int) -> int:
        """The last paragraph that still belongs to a numbered one."""
        level = self.paragraphs[first].level
        for i in range(first + 1, len(self.paragraphs)):
            if 0 < self.paragraphs[i].level <= level:
                return i - 1
        return len(self.paragraphs) - 1

    def _projects_by_heading(self, lists: set[int]) -> None:
        """（一）甲工程 as a heading, and below it what was planned and spent."""
        inside = {i for row in self.rows["projects"] for i in range(row.first, row.last + 1)} | lists
        for i, paragraph in enumerate(self.paragraphs):
            name, end = paragraph.title, self._end(i) if paragraph.heading else i
            if not PROJECT_END.search(name) or GENERAL.match(name) or not 4 <= len(name) <= 40:
                continue
            if item_of(name) in glossary().terms or inside.intersection(range(i, end + 1)):
                continue
            for below in range(i + 1, end + 1):
                told: dict[str, Fact] = {}
                for fact in self.facts.in_paragraph(below):
                    if (
                        fact.kind == "money"
                        and fact.role in ("level", "change")
                        and fact.measure
                        and not fact.period
                    ):
                        told.setdefault(fact.measure, fact)
                if "执行" in told and told.keys() & BUDGET_READINGS:
                    row = self._row("projects", name)
                    row.tell("name", self._words(paragraph, 0, name, REPORT))
                    self._money_of(row, told)
                    if row.first < 0:
                        row.first, row.last = i, end
                    break

    def _projects_in_lists(self) -> set[int]:
        """甲项目，预算金额为…，执行金额为…；乙项目，……: several projects in one paragraph."""
        lists = set()
        for index in range(len(self.paragraphs)):
            found: list[tuple[str, dict[str, Fact]]] = []
            row = self.facts.in_paragraph(index)
            for fact in row:
                if (
                    fact.kind != "money"
                    or fact.role != "level"
                    or fact.period
                    or fact.owner
                    or not fact.measure
                ):
                    continue
                last = found[-1][1] if found else {}
                if last and fact.item == next(iter(last.values())).item and fact.measure not in last:
                    last[fact.measure] = fact
                elif fact.own_item:
                    found.append((listed_name(fact), {fact.measure: fact}))
            found = [(n, p) for n, p in found if n and "执行" in p and p.keys() & BUDGET_READINGS]
            if len(found) < 2:
                continue
            lists.add(index)
            whole_year = any(f.measure == "全年预算" for f in row)
            for name, project in found:
                line = self._row("projects", name)
                start = min(f.start for f in project.values())
                line.tell("name", self._words(self.paragraphs[index], start, name, REPORT))
                if whole_year and "全年预算" not in project and "预算" in project:
                    project["全年预算"] = project.pop("预算")
                self._money_of(line, project)
        return lists

    def _projects_in_tables(self) -> None:
        """A table of the report with one project a row."""
        for table in read_tables(self.report.documents[0], self.report.year, 1):
            if table.kind or table.owner or "项目" not in table.title:
                continue
            told = []
            for line in table.rows:
                project = {f.measure: f for f in line.facts() if f.kind == "money" and not f.period}
                if not line.is_total and "执行" in project and project.keys() & BUDGET_READINGS:
                    told.append((line, project))
            for line, project in told if len(told) > 1 else ():
                if line.item in glossary().terms:
                    continue
                row = self._row("projects", line.label)
                row.tell("name", Told(line.label, self.report.where(line.cell.span), rank=REPORT))
                self._money_of(row, project)

    def _money_of(self, row: Row, project: dict[str, Fact]) -> None:
        keys = project_totals()
        for measure, fact in project.items():
            if fact.role == "level" and measure in keys:
                row.tell(keys[measure], self._amount(fact))
            elif measure == "预算" and fact.role == "level" and "全年预算" not in project:
                row.tell(keys["全年预算"], self._amount(fact, "原文未写明是年初预算还是全年预算", LIKELY))
        spent, left, change = (project.get(m) for m in ("执行", "结转", "调整"))
        if (
            spent
            and left
            and "全年预算" not in project
            and "预算" not in project
            and spent.value + left.value
        ):
            budget = (spent.value + left.value) / WAN
            row.hints[keys["全年预算"]] = (
                f"报告没有写明全年预算数。按执行数＋结余结转推算为{plain(budget)}万元，供核对，未填入。"
            )
            if change and "年初预算" not in project and change.direction:
                initial = budget - change.direction * change.value / WAN
                row.hints[keys["年初预算"]] = (
                    f"报告没有写明年初预算数。按执行数＋结余结转再减去年中调整推算为{plain(initial)}万元，供核对，未填入。"
                )

    # ---- the department in the text

    def _head(self, forms: Sequence[FormData]) -> None:
        """Whose report it is, of which year, in which form; and who filled it in, where that is written."""
        if self.report.department:
            named = next((p for p in self.paragraphs if self.report.department in p.text), None)
            if named:
                self.department.tell("department", self._words(named, 0, self.report.department, REPORT))
        if self.report.year:
            self.department.told["year"] = [Told(Decimal(self.report.year), "自评报告所写年度")]
        if forms:
            name = Counter(f.form.profile.id for f in forms).most_common(1)[0][0]
            self.department.tell(
                "profile", Told(name, f"按附表样式认出（{forms[0].form.profile.title}）", rank=LIKELY)
            )
        fields = {c.label: c.key for c in part_labels("department") if c.kind == "text"}
        fields |= {other: fields[usual] for other, usual in ALSO_CALLED.items() if usual in fields}
        names = "|".join(sorted(map(re.escape, fields), key=len, reverse=True))
        said = re.compile(rf"({names})(?:（[^（）]*）)?：([^，。；：]*?)(?=(?:{names})(?:（[^（）]*）)?：|$)")
        for paragraph in (*self.paragraphs[:15], *self.paragraphs[-15:]):
            for match in said.finditer(paragraph.text) if len(paragraph.text) < 150 else ():
                if 0 < len(match[2]) <= 30 and fields[match[1]] not in ("profile", "department"):
                    told = self._words(paragraph, match.start(), match[2], REPORT)
                    self.department.tell(fields[match[1]], told)

    def _amounts(self) -> None:
        """三公, 公用经费, 整体支出 and what it is made of."""
        taken = {i for row in self.rows["projects"] if row.first >= 0 for i in range(row.first, row.last + 1)}
        for sentence in self.facts.sentences():
            before: list[Fact] = []
            for fact in sentence:
                if fact.kind != "money" or fact.role != "level" or fact.owner or fact.paragraph in taken:
                    continue
                if not part_of_another(fact, before):
                    for key, doubt, rank in keys_of(fact, before, self.report.year):
                        self.department.tell(key, self._amount(fact, doubt, rank))
                before.append(fact)

    def _counts(self) -> None:
        keys = {item_of(c.label): c.key for c in part_labels("department") if c.kind == "count"}
        for fact in self.facts:
            if fact.kind == "count" and fact.role == "level" and not fact.period and fact.item in keys:
                self.department.tell(keys[fact.item], self._told(fact, fact.value))

    def _sections(self) -> None:
        """The words under the headings that the forms ask for."""
        titles = [p.title if p.level and len(p.title) <= 40 else "" for p in self.paragraphs]
        for key, pattern in SECTIONS.items():
            hits = [i for i, title in enumerate(titles) if title and re.search(pattern, title)]
            # a heading of its own before one that is about problems and measures together
            hits.sort(key=lambda i: sum(bool(re.search(p, titles[i])) for p in SECTIONS.values()))
            for i in hits:
                paragraph = self.paragraphs[i]
                rest = paragraph.text[paragraph.marker + len(paragraph.title) :].lstrip("：:。；")
                if rest and not paragraph.heading and paragraph.level > 2:
                    continue
                body = [rest] if rest and not paragraph.heading else []
                body += [p.text for p in self.paragraphs[i + 1 : self._end(i) + 1]]
                if words := "\n".join(body):
                    self.department.tell(key, self._section(paragraph, words))
                    break
            else:
                self._announced(key, pattern)

    def _announced(self, key: str, pattern: str) -> None:
        """……主要职责是： and the numbered paragraphs below it."""
        for i, paragraph in enumerate(self.paragraphs[:-1]):
            level = self.paragraphs[i + 1].level
            if (
                level
                and paragraph.text.endswith("：")
                and re.search(f"(?:{pattern})[^，。]{{0,4}}$", paragraph.text)
            ):
                end = i + 1
                while end < len(self.paragraphs) and self.paragraphs[end].level in (0, level):
                    end += 1
                words = "\n".join(p.text for p in self.paragraphs[i + 1 : end])
                self.department.tell(key, self._section(paragraph, words))
                return

    # ---- indicators in the text

    def _indicators(self) -> None:
        in_forms = list(self.rows["indicators"])
        for found in indicators(self.facts):
            project = next(
                (r for r in self.rows["projects"] if 0 <= r.first <= found.paragraph <= r.last), None
            )
            own = [r for r in in_forms if r.project is project]
            row = next((r for r in own if same_name(r.name, found.name)), None)
            if row is None:
                if own:
                    continue  # the form lists them all
                row = Row(found.name, project=project)
                self.rows["indicators"].append(row)
            self._indicator(row, found)

    def _indicator(self, row: Row, found: Indicator) -> None:
        paragraph = self.paragraphs[found.paragraph]
        name, kind = indicator_name(found.name, paragraph)
        row.tell("name", self._words(paragraph, 0, name, LIKELY))
        target = found["目标"]
        unit = target.figure.quantity.unit
        words = target.lead[-8:] + target.tail[:3]
        if any(pattern.search(words) for pattern, _ in SIGNS):
            row.tell("sign", self._told(target, PRINTED_SIGN.get(found.sign, found.sign)))
        row.tell("target", self._told(target, target.figure.quantity.value))
        row.tell("unit", self._told(target, unit))
        scale = target.figure.quantity.scale
        for measure, key in (("年中", "midyear"), ("完成", "actual")):
            if (fact := found.facts.get(measure)) and fact.unit == target.unit:
                row.tell(key, self._told(fact, fact.value / scale))
        for measure, key in (("完成率", "completion_rate"), ("分值", "weight"), ("得分", "score")):
            if fact := found.facts.get(measure):
                row.tell(key, self._told(fact, fact.value))
        for fact in self.facts.in_paragraph(found.paragraph):
            if (
                fact.owner
                and fact.measure == "全年预算"
                and fact.unit == target.unit
                and fact.role == "level"
            ):
                doubt = "原文为调整后的全年预算数，视作调整后的指标值"
                row.tell("adjusted_target", self._told(fact, fact.value / scale, doubt, LIKELY))
        if paragraph.text.count(target.figure.quantity.text) and target.owner:
            for key, pattern in (("reason", REASON), ("measures", MEASURES)):
                if match := pattern.search(paragraph.text):
                    row.tell(
                        key, self._words(paragraph, match.start(), match["words"].strip("，；。"), REPORT)
                    )
        classes = [m[1] for title in (*paragraph.path, kind) if (m := CLASS.match(title))]
        keys = ("level2",) if len(classes) == 1 and classes[0] == kind else ("level1", "level2")
        for key, title in zip(keys, classes, strict=False):
            row.tell(key, self._words(paragraph, 0, title, REPORT))

    # ---- pieces

    def _amount(self, fact: Fact, doubt: str = "", rank: int = REPORT) -> Told:
        return self._told(fact, fact.value / WAN, doubt, rank)

    def _told(self, fact: Fact, value: Value, doubt: str = "", rank: int = REPORT) -> Told:
        quantity = fact.figure.quantity
        doubts = [doubt, fact.doubt, "原文为约数" if quantity.approx else ""]
        span = fact.figure.span
        words = span.text
        if fact.paragraph >= 0:
            words = squeeze(self.facts.quote(fact).text)
            if quantity.kind == "money" and quantity.unit != "万元" and value is not None:
                words += f"（合{plain(fact.value / WAN)}万元）"
        return Told(value, self.report.where(span), words, "；".join(filter(None, doubts)), rank, fact.figure)

    def _section(self, paragraph: Paragraph, words: str) -> Told:
        """A stretch of the report as it stands; of a long one the beginning."""
        doubt = "整段摘自自评报告，较长，请精简" if len(words) > ROOMY else ""
        doubt = "原文太长，只取了开头部分，请精简或补全" if len(words) > LONGEST else doubt
        return replace(self._words(paragraph, 0, shortened(words), LIKELY), doubt=doubt)

    def _words(self, paragraph: Paragraph, at: int, value: str, rank: int) -> Told:
        words = re.split("[，。；]", paragraph.text[at:], maxsplit=1)[0]
        return Told(value, self.report.where(paragraph.span(at, at + 1)), words[:30], "", rank)

    def _settled(self) -> tuple[Case, dict[Place, str]]:
        case = Case()
        sources: dict[Place, str] = {}
        for key in sorted(self.department.told, key=list(department_keys()).index):
            value, sources["department", key] = self._settle(self.department.told[key])
            case.department[key] = value
        names: dict[int, str] = {}
        for kind, rows in sorted(self.rows.items(), key=lambda pair: pair[0] != "projects"):
            records = getattr(case, kind)
            order = [c.key for c in part_labels(kind)]
            if kind == "indicators":  # those of the department first, then project by project
                rank = {id(row): n for n, row in enumerate(self.rows["projects"])}
                rows.sort(key=lambda r: rank.get(id(r.project), -1))
            for row in rows:
                record: Record = {}
                if row.project is not None:
                    record["project"] = names[id(row.project)]
                for key in sorted(row.told, key=order.index):
                    value, text = self._settle(row.told[key])
                    record[key] = value
                    sources[kind, len(records), key] = text
                for key, hint in row.hints.items():
                    if key not in record:
                        sources[kind, len(records), key] = hint
                if kind == "projects":
                    record.setdefault("name", row.name)
                    names[id(row)] = str(record["name"])
                records.append(record)
        return case, sources

    def _settle(self, told: list[Told]) -> tuple[Value, str]:
        """The value to take, and the words of its source."""
        best = [t for t in told if t.rank == min(t.rank for t in told)]
        best = [t for t in best if not t.doubt] or best
        chosen = max(best, key=lambda t: sum(t.agrees_with(other) for other in best))
        lines = [f"{chosen.where}：“{chosen.words}”" if chosen.words else chosen.where]
        rest = [t for t in told if t is not chosen and t.where != chosen.where]
        if same := list(dict.fromkeys(t.where for t in rest if t.agrees_with(chosen))):
            lines.append(f"另见：{'、'.join(same[:6])}" + ("等" if len(same) > 6 else ""))
        if chosen.doubt:
            lines.append(f"{DOUBT}{chosen.doubt}")
        other = [t for t in rest if not t.agrees_with(chosen) and t.rank <= REPORT and not t.doubt]
        other = [t for t in other if isinstance(t.value, Decimal)]
        for t in other[:4]:
            lines.append(f"{DOUBT}{t.where}为{t.figure or shown(t.value)}，与此不同")
        if chosen.figure:
            span = chosen.figure.span
            if message := self.wrong.get((span.document, span.start, span.cell)):
                lines.append(f"{DOUBT}核对发现{message}")
        return chosen.value, "\n".join(lines)


# ---- which cell a figure belongs to ------------------------------------------------------------------------
