"""A case into forms: one file per department form, one per project for the others.

Comes in: a `Case` and a profile. Goes out: .xlsx files, written beside and moved into place. Formulas of the form are
worked out here with `audit.formulas` and written as formulas; where the case states another value, that is written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import AuditError
from ..files import replacing
from ..formulas import compiled, names, namespace
from ..quantity import MONEY_UNITS
from .case import Case, read_case
from .description import Form, Profile
from .description import profile as find_profile
from .locate import BlockPlace
from .render import render, worded
from .template import template
from .values import Record, compose

UNSAFE = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
DEFAULT = "hunan"
# Calculation columns that read a number out of words, and where the words stand.
UNREAD = {"target_number": "target_text", "actual_number": "actual_text"}
Progress = Callable[[str], None]


def fill(
    case: Case | str | os.PathLike[str],
    profile: str | None = None,
    out: str | os.PathLike[str] = ".",
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Fill all forms of a profile from a case; returns the files written.

    case     a `Case`, or the path of a case workbook
    profile  a folder of templates, else the one the case names, else hunan

    Raises AuditError where a file is already there (without `force`) or cannot be written.
    """
    case = case if isinstance(case, Case) else read_case(case)
    owner = find_profile(profile or str(case.department.get("profile") or DEFAULT))
    if not owner.form_ids:
        raise AuditError(owner.id, "这套附表只供读取，没有空白表", "请另选格式；audit forms 列出可填列的")
    folder = Path(out)
    jobs = list(forms_of(case, owner))
    if not jobs:
        raise AuditError(
            owner.id, "没有可填的表：这套附表每个项目一张，而填表数据里没有项目", "请在“项目”表中补上项目"
        )
    targets = [folder / name for _, name, _, _ in jobs]
    if not force:
        for target in targets:
            if target.exists():
                raise AuditError(str(target), "文件已存在", "请另选目录，或用 --force 覆盖")
    files = []
    for form, name, record, blocks in jobs:  # all of them before the first is written
        if progress:
            progress(f"填列 {name}")
        files.append(filled(form, record, blocks))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for data, target in zip(files, targets, strict=True):
            with replacing(target) as part:
                part.write_bytes(data)
    except OSError as error:
        why = f"无法写入（{error.strerror or error}）"
        raise AuditError(str(folder), why, "请检查目录是否存在、是否有写权限，文件是否正被打开") from error
    return targets


def forms_of(case: Case, owner: Profile) -> Iterator[tuple[Form, str, Record, dict[str, list[Record]]]]:
    """Every form to fill: its file name, its values, the rows of its blocks."""
    used: set[str] = set()
    for id in owner.form_ids:
        form = owner.form(id)
        if form.per == "project":
            width = len(str(len(case.projects)))
            for n, project in enumerate(case.projects, 1):
                record = {**_shared(case.department, project), **project, "number": str(n).zfill(width)}
                yield form, _file(form, record, used), record, {"indicators": case.indicators_of(project)}
        else:
            blocks = {
                "earmarks": case.earmarks, "buildings": case.buildings, "projects": case.projects,
                "indicators": case.indicators_of(None),
            }  # fmt: skip
            yield form, _file(form, case.department, used), case.department, blocks


SHARED = ("year", "department", "preparer", "filled_on", "phone", "head", "contact", "supervisor")


def _shared(department: Record, project: Record) -> Record:
    """What a project's form takes from its department where the project itself says nothing."""
    shared = {key: department.get(key) for key in SHARED}
    return {k: v for k, v in shared.items() if k not in project or project[k] is None}


def _file(form: Form, record: Record, used: set[str]) -> str:
    """A file name without what Windows forbids, and no name twice."""
    stem, suffix = os.path.splitext(UNSAFE.sub("", worded(form.file, record)))
    stem = stem[:80].rstrip(".-")
    name, n = f"{stem}{suffix}", 1
    while name.lower() in used:
        n += 1
        name = f"{stem}-{n}{suffix}"
    used.add(name.lower())
    return name


def filled(form: Form, record: Mapping[str, Any], blocks: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """One filled form."""
    return filler(form).file(record, blocks)


@cache
def filler(form: Form) -> Filler:
    return Filler(form)


class Repeated(NamedTuple):
    """A block of rows, looked up once.

    blank     a row of it with nothing in it
    scaled    keys of amounts that the form prints in another unit than the case
    formulas  in the order in which they can be worked out
    listed    keys whose columns the form's own formulas use
    """

    key: str
    numbered_from: int
    blank: Record
    scaled: tuple[str, ...]
    formulas: list[tuple[str, Any]]
    listed: tuple[str, ...]


class Filler:
    """A form ready to be filled many times."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.template = template(form)
        places = self.template.places
        self.rate = MONEY_UNITS["万元"] / MONEY_UNITS.get(form.unit, MONEY_UNITS["万元"])
        self.fields = {f.key: f for f in form.fields if f.key in places.fields}
        formulas = {f.key: f.formula for f in self.fields.values() if f.formula}
        self.order = _in_order(formulas, form.id)
        # Numbers that the template itself prints, such as the 10 points for execution.
        self.printed = {
            key: number for key in self.fields if (number := places.fields[key].number) is not None
        }
        self.own = [
            (f.key, None if f.formula else self.printed.get(f.key), self._scaled(f.kind))
            for f in self.fields.values()
        ]
        used = {name for text in formulas.values() for name in names(text)}
        self.blocks = [self._repeated(place, used) for place in self.template.blocks]
        known, grade = namespace(), compiled(form.profile.grade)
        self.names = known | {"grade()": lambda x: eval(grade, known, {"x": x})}

    def _scaled(self, kind: str) -> bool:
        return kind == "money" and self.rate != 1

    def _repeated(self, place: BlockPlace, used: set[str]) -> Repeated:
        block = place.block
        columns = [c for c in block.columns if c.key in place.columns]
        return Repeated(
            block.key,
            block.numbered_from,
            {c.key: None for c in columns},
            tuple(c.key for c in columns if self._scaled(c.kind)),
            _in_order({c.key: c.formula for c in columns if c.formula}, self.form.id),
            tuple(c.key for c in columns if f"{block.key}_{c.key}" in used),
        )

    def file(self, record: Mapping[str, Any], blocks: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
        scopes, counts, given = self.values(record, blocks)
        return render(self.template.plan(counts), scopes, given)

    def values(
        self, record: Mapping[str, Any], blocks: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> tuple[list[Record], tuple[int, ...], set[tuple[int, str]]]:
        """Every cell's value: the form's own, then one record per row; formulas worked out.

        Also how many rows each block has, and which formulas give way to a stated value.
        """
        own: Record = dict(record)
        if isinstance(year := own.get("year"), Decimal):
            own["last_year"] = year - 1
        for key, printed, scaled in self.own:
            value = own.get(key)
            if value is None:
                own[key] = printed
            elif scaled and type(value) is Decimal:
                own[key] = value * self.rate
        scopes, counts = [own], []
        given: set[tuple[int, str]] = set()
        cells = own.copy()
        for block in self.blocks:
            rows = [
                self._row(block, row, n)
                for n, row in enumerate(blocks.get(block.key, ()), block.numbered_from)
            ]
            counts.append(len(rows))
            for row in rows or [self._row(block, {}, 0)]:
                self._work_out(block.formulas, row, row, len(scopes), given)
                scopes.append(row)
            for key in block.listed:
                cells[f"{block.key}_{key}"] = [row[key] for row in rows]
        self._work_out(self.order, own, cells, 0, given)
        return scopes, tuple(counts), given

    def _row(self, block: Repeated, row: Mapping[str, Any], number: int) -> Record:
        out = {**block.blank, **row}
        compose(out, block.blank, self.form.profile.level1, number)
        for key in block.scaled:
            if type(value := out[key]) is Decimal:
                out[key] = value * self.rate
        return out

    def _work_out(
        self,
        formulas: list[tuple[str, Any]],
        record: Record,
        cells: Record,
        scope: int,
        given: set[tuple[int, str]],
    ) -> None:
        """The values of formula cells: what the case states where it states something else."""
        for key, code in formulas:
            value = eval(code, self.names, cells)
            if type(value) is int:
                value = Decimal(value)
            stated = record[key]
            if stated is None and value is None and key in UNREAD and cells.get(UNREAD[key]) is not None:
                given.add((scope, key))  # words, not a number: a spreadsheet might read a date in them
            elif stated is None or stated == value:
                record[key] = cells[key] = value
            else:
                given.add((scope, key))


def _in_order(formulas: Mapping[str, str], form: str) -> list[tuple[str, Any]]:
    """Formulas as code, each after those whose values it uses."""
    done: dict[str, Any] = {}
    begun: set[str] = set()

    def visit(key: str) -> None:
        if key in done or key not in formulas:
            return
        if key in begun:
            raise AuditError(form, f"公式“{key}”绕回了自身", "请改正 form.toml 的公式")
        begun.add(key)
        for name in names(formulas[key]):
            visit(name)
        done[key] = compiled(formulas[key])

    for key in formulas:
        visit(key)
    return list(done.items())
