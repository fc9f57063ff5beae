"""What is wrong with a folder of templates, in words that help its maker: file, place, what to do.

Comes in: a profile (a folder with profile.toml and one folder per form). Goes out: `Problem`s. Changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile

from ..errors import AuditError
from ..formulas import FORMULAS, PRIMITIVES, calls, names
from ..glossary import parameters
from ..read.addresses import letters
from .cell_formulas import cell_formulas
from .description import DERIVED_KINDS, KINDS, Form, Profile, profile
from .problems import Problem
from .template import Template

KEYS = re.compile(r"\{(\w+)\}")
ALSO_KNOWN = {"last_year", "number"}  # written by the filler itself


def lint_profile(name: str) -> list[Problem]:
    """Everything wrong with a profile and its forms; empty where it can be filled and read."""
    try:
        owner = profile(name)
    except AuditError as error:
        return [Problem(error.where, "", f"{error.cause}。{error.remedy}")]
    found = list(_profile(owner))
    ids = sorted({p.parent.name for p in owner.folder.glob("*/form.toml")} | set(owner.form_ids))
    for id in ids:
        try:
            form = owner.form(id)
            found += _form(form)
        except AuditError as error:
            found.append(Problem(f"{id}/form.toml", "", f"{error.cause}。{error.remedy}"))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            found.append(
                Problem(f"{id}/form.toml", "", f"写法不对（{error}）。请对照 templates/hunan 中同类的表")
            )
    return found


def _profile(owner: Profile) -> Iterator[Problem]:
    where = "profile.toml"
    for key in ("in_force_from", "mark", "source"):
        if key not in owner.about:
            yield Problem(
                where, key, "没有写明；规则和样式要注明起用日期、依据和可信程度（C 已证实，G 通行做法）"
            )
    bounds = [least for _, least in owner.bands]
    if bounds != sorted(bounds, reverse=True):
        yield Problem(where, "grades", "等级应从高到低排列")


def _form(form: Form) -> Iterator[Problem]:
    where = f"{form.folder.name}/form.toml"
    if form.per not in ("department", "project"):
        yield Problem(where, "per", f"“{form.per}”应为 department（每部门一张）或 project（每项目一张）")
    if form.unit not in ("元", "万元"):
        yield Problem(where, "unit", f"“{form.unit}”应为 元 或 万元")
    for key in ("mark", "source"):
        if key not in form.about:
            yield Problem(where, key, "没有写明依据")
    yield from _keys(form, where)
    yield from _formulas(form, where)
    if not form.template.is_file():
        if form.folder.name in form.profile.form_ids:
            yield Problem(
                f"{form.folder.name}/form.xlsx", "", "没有空白表；只供读取的表不要列入 profile.toml 的 forms"
            )
        return
    yield from _workbook(form)


def _keys(form: Form, where: str) -> Iterator[Problem]:
    case = parameters("case")
    known = {f["key"] for f in case["department"]["fields"]} | ALSO_KNOWN
    for part in ("expenses", "funds"):
        known |= {f"{r['key']}_{c['key']}" for r in case[part]["rows"] for c in case[part]["columns"]}
    if form.per == "project":
        known |= {c["key"] for c in case["projects"]["columns"]}
    seen: set[str] = set()
    for f in form.fields:
        if f.key in seen:
            yield Problem(where, f.key, "同一个 key 出现两次")
        seen.add(f.key)
        if f.kind not in KINDS:
            yield Problem(where, f.key, f"kind“{f.kind}”不认识，可用：{'、'.join(sorted(KINDS))}")
        printed = f.where == "matrix" and f.kind != "money"
        if f.key not in known and not f.formula and not printed:
            yield Problem(where, f.key, "填表数据（case.xlsx）里没有这一项，填列时会空着；请核对 key 的拼写")
    for pattern in (*form.texts.values(), form.file):
        for key in KEYS.findall(pattern):
            if key not in known:
                yield Problem(where, "texts", f"“{pattern}”里的 {{{key}}} 不是可填的项")
    for block in form.blocks:
        columns = {c["key"] for c in case[block.key]["columns"]} | DERIVED_KINDS.keys()
        for c in block.columns:
            if c.key not in columns and not c.formula:
                yield Problem(
                    where, f"{block.key}.{c.key}", "填表数据（case.xlsx）里没有这一栏；请核对 key 的拼写"
                )


def _formulas(form: Form, where: str) -> Iterator[Problem]:
    callable_ = FORMULAS.keys() | PRIMITIVES.keys() | {"grade"}
    fields = {f.key for f in form.fields}
    lists = {f"{b.key}_{c.key}" for b in form.blocks for c in b.columns}
    told = [(f.key, f.formula, fields | lists) for f in form.fields if f.formula]
    told += [
        (f"{b.key}.{c.key}", c.formula, {x.key for x in b.columns})
        for b in form.blocks
        for c in b.columns
        if c.formula
    ]
    for key, text, known in told:
        try:
            used, called = names(text), calls(text)
        except SyntaxError:
            yield Problem(where, key, f"公式“{text}”写法不对")
            continue
        for name in called:
            if name not in callable_:
                yield Problem(
                    where, key, f"公式“{text}”里的 {name}() 没有；可用：{'、'.join(sorted(callable_))}"
                )
        for name in used:
            if name not in known:
                yield Problem(where, key, f"公式“{text}”里的 {name} 不在这张表里")


def _workbook(form: Form) -> Iterator[Problem]:
    where = f"{form.folder.name}/form.xlsx"
    template = Template(form)
    places = template.places
    labels = {f.key: f"{f.label}·{f.head}" if f.head else f.label for f in form.fields}
    for block in form.blocks:
        labels[block.key] = "、".join(c.head for c in block.columns)
        labels |= {f"{block.key}_{c.key}": c.head for c in block.columns}
    for key in places.missing:
        yield Problem(
            where, key, f"空白表里找不到标签“{labels.get(key, key)}”；请核对 form.toml 与表上印的字"
        )
    taken: dict[tuple[int, int], str] = {}
    for key, cell in places.fields.items():
        at = (cell.row, cell.column)
        if at in taken:
            yield Problem(where, key, f"与“{taken[at]}”落在同一格 {letters(cell.column)}{cell.row + 1}")
        taken.setdefault(at, key)
    printed = {cell.text for cell in template.table.cells}
    for text in form.texts:
        if text not in printed:
            yield Problem(where, "texts", f"空白表里没有“{text}”这一格")
    try:
        expected = cell_formulas(form, places)
    except (AuditError, KeyError, SyntaxError):
        return  # told above
    by_place = {(c.row, c.column): c for c in template.table.cells}
    bare = [at for at in expected if not by_place.get(at) or not by_place[at].formula]
    for r, c in bare[:3]:
        yield Problem(where, f"{letters(c)}{r + 1}", f"空白表的这一格应有公式：={expected[r, c]}", note=True)
    yield from _printing(form, where)


def _printing(form: Form, where: str) -> Iterator[Problem]:
    try:
        with ZipFile(form.template) as archive:
            book = archive.read("xl/workbook.xml").decode("utf-8")
            sheets = [n for n in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", n)]
            sheet = archive.read(sheets[0]).decode("utf-8")
    except (BadZipFile, KeyError, IndexError) as error:
        yield Problem(where, "", f"无法打开（{error}）")
        return
    if len(sheets) > 1:
        yield Problem(where, "", "空白表应只有一个工作表", note=True)
    if "_xlnm.Print_Area" not in book:
        yield Problem(where, "页面设置", "没有设打印区域", note=True)
    if 'paperSize="9"' not in sheet:
        yield Problem(where, "页面设置", "纸张不是 A4", note=True)
    if form.block("indicators") and "_xlnm.Print_Titles" not in book:
        yield Problem(where, "页面设置", "没有设跨页重复的表头", note=True)
    if "<sheetProtection" in sheet and re.search(r"<sheetProtection[^>]*(?:password|hashValue)=", sheet):
        yield Problem(where, "保护", "工作表保护设有密码，使用者无法改动", note=True)
