"""What a folder of `templates/` says: a profile (province and years) with its forms.

Comes in: profile.toml, and form.toml beside each form.xlsx. Goes out: `Profile` and `Form`. A form names its
cells by the labels that stand at them, so one description serves filling and reading back, and a template
whose rows were moved in Excel still works. A province is added by adding a folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import AuditError
from ..formulas import band_formula
from ..glossary import parameters

KINDS = {"text", "long", "count", "number", "money", "rate", "value"}


@dataclass(frozen=True, slots=True)
class Field:
    """A cell of a form.

    key      the name of its value, as in `params/case.toml`, or a derived one such as total_rate
    kind     see `params/case.toml`
    label    what is printed at it: a row label (with `head`), or the label `where` it stands: right, below
    head     the column head over it, in the header row of matrix number `matrix`; of a label that stands in
             several columns, the head over the one that is meant (`under`)
    formula  over keys of the same form, "" for what is filled in
    """

    key: str
    kind: str
    label: str
    where: str
    head: str = ""
    matrix: int = -1
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a repeating block; `formula` is over keys of the same row."""

    key: str
    kind: str
    head: str
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that repeat: indicators, 本级专项资金, buildings.

    after    the rows begin below the row with this label, else right below the heads
    until    labels of rows that end it
    merged   columns where equal neighbours become one cell
    """

    key: str
    columns: tuple[Column, ...]
    until: tuple[str, ...]
    after: str = ""
    merged: tuple[str, ...] = ()
    numbered_from: int = 1


@dataclass(frozen=True, eq=False)
class Form:
    """One standard annex. `texts` maps words printed in the template to words with {keys} in them."""

    id: str
    folder: Path
    profile: Profile
    title: str
    kind: str
    per: str
    file: str
    unit: str
    texts: Mapping[str, str]
    fields: tuple[Field, ...]
    blocks: tuple[Block, ...]
    heads: tuple[tuple[str, ...], ...]
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> Path:
        return self.folder / "form.xlsx"

    def block(self, key: str) -> Block | None:
        return next((b for b in self.blocks if b.key == key), None)

    def labels(self) -> Iterator[str]:
        """Every label by which the form is known."""
        for f in self.fields:
            yield f.label
            if f.head:
                yield f.head
        for block in self.blocks:
            yield from (c.head for c in block.columns)
            yield from block.until


@dataclass(frozen=True, eq=False)
class Profile:
    """Forms and scoring parameters of a place from a date on."""

    id: str
    folder: Path
    title: str
    form_ids: tuple[str, ...]
    level1: Mapping[str, Decimal]
    bands: tuple[tuple[str, Decimal], ...]
    about: Mapping[str, Any]

    @property
    def scoring(self) -> Mapping[str, Any]:
        """Points for execution, tiers of qualitative indicators, thresholds: the national ones, or the place's own."""
        return {**parameters("scoring"), **self.about}

    @property
    def grade(self) -> str:
        """The formula `grade(x)`, as text."""
        return band_formula(self.bands)

    def form(self, id: str) -> Form:
        return _form(self, id)

    def forms(self) -> Iterator[Form]:
        """All forms of the folder, those filled by default first."""
        yield from map(self.form, self.form_ids)
        folders = sorted(p.parent.name for p in self.folder.glob("*/form.toml"))
        yield from (self.form(id) for id in folders if id not in self.form_ids)


def templates_folder() -> Path:
    """The shipped templates: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "templates", package.parent / "templates"):
        if any(folder.glob("*/profile.toml")):
            return folder
    raise AuditError("模板", "安装包中没有附表模板", "请重新安装本工具")


def profile_ids() -> list[str]:
    """The shipped profiles."""
    return sorted(p.parent.name for p in templates_folder().glob("*/profile.toml"))


def profile(name: str) -> Profile:
    """A shipped profile by its folder's name, or one's own by the path of its folder."""
    if name in profile_ids():
        return _profile(templates_folder() / name)
    if (Path(name) / "profile.toml").is_file():
        return _profile(Path(name).resolve())
    known = "、".join(profile_ids())
    raise AuditError(name, "没有这套附表", f"可用：{known}；也可给出自建模板文件夹的路径")


@cache
def _profile(folder: Path) -> Profile:
    data = load(folder / "profile.toml")
    bands = _bands(data["grades"]) if "grades" in data else national_bands()
    level1 = {name: Decimal(str(points)) for name, points in data.get("level1", {}).items()}
    title = _need(data, "title", folder / "profile.toml")
    return Profile(folder.name, folder, title, tuple(data.get("forms", ())), level1, bands, data)


def national_bands() -> tuple[tuple[str, Decimal], ...]:
    """Grades with the score they begin at, from the highest down: `params/scoring.toml`."""
    return _bands(parameters("scoring")["grades"])


def _bands(grades: list[dict[str, Any]]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((grade["names"][0], Decimal(str(grade["from"]))) for grade in grades)


def load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise AuditError(
            str(path), "找不到说明文件", "请在文件夹中放入 profile.toml 和各表的 form.toml"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AuditError(str(path), f"说明文件有语法错误（{error}）", "请按 TOML 格式改正") from None


def _file_name(data: Mapping[str, Any], path: Path) -> str:
    """What a filled form is called; a form that has no blank to fill is only read and has no name."""
    blank = path.with_name("form.xlsx").is_file()
    return _need(data, "file", path) if blank else str(data.get("file", ""))


def _need(data: Mapping[str, Any], key: str, path: Path) -> str:
    if key not in data:
        raise AuditError(str(path), f"缺少“{key}”", "请对照 templates/hunan 补上")
    return str(data[key])


@cache
def _form(owner: Profile, id: str) -> Form:
    path = owner.folder / id / "form.toml"
    data = load(path)
    known = _known_kinds(data.get("per", "department"))
    fields: list[Field] = []
    for entry in data.get("field", ()):
        where = next((w for w in ("right", "below", "cell") if w in entry), "")
        if not where or "key" not in entry:
            raise AuditError(str(path), "有 [[field]] 缺少 key，或没有 right、below、cell 之一", "请补上")
        key = entry["key"]
        kind = entry.get("kind") or known.get(key, "text")
        fields.append(
            Field(key, kind, entry[where], where, entry.get("under", ""), formula=entry.get("formula", ""))
        )
    heads = []
    for number, entry in enumerate(data.get("matrix", ())):
        heads.append(tuple(entry["columns"]))
        fields += _matrix(entry, number)
    blocks = tuple(_block(entry, path) for entry in data.get("block", ()))
    return Form(
        f"{owner.id}/{id}", path.parent, owner, _need(data, "title", path), data.get("kind", ""),
        data.get("per", "department"), _file_name(data, path), data.get("unit", "万元"),
        data.get("texts", {}), tuple(fields), blocks, tuple(heads), data,
    )  # fmt: skip


def _matrix(entry: Mapping[str, Any], number: int) -> Iterator[Field]:
    formulas, kinds, only = (entry.get(name, {}) for name in ("formulas", "kinds", "only"))
    for label, row in entry["rows"].items():
        for head, column in entry["columns"].items():
            if row not in only.get(column, [row]):
                continue
            text = formulas.get(f"{row}_{column}") or formulas.get(column, "")
            if not text and column not in kinds:
                text = formulas.get(row, "")  # a row's formula is for its amounts
            text = text.replace("{row}", row).replace("{column}", column)
            kind = kinds.get(column, "money")
            yield Field(f"{row}_{column}", kind, label, "matrix", head, number, text)


def _block(entry: Mapping[str, Any], path: Path) -> Block:
    schema = parameters("case").get(entry["key"])
    if schema is None:
        raise AuditError(
            str(path), f"没有名为“{entry['key']}”的重复行", "可用：earmarks、buildings、indicators、projects"
        )
    known = {c["key"]: c["kind"] for c in schema["columns"]} | DERIVED_KINDS | entry.get("kinds", {})
    columns = tuple(
        Column(key, known.get(key, "text"), head, entry.get("formulas", {}).get(key, ""))
        for head, key in entry["columns"].items()
    )
    return Block(
        entry["key"], columns, tuple(entry["until"]), entry.get("after", ""), tuple(entry.get("merged", ())),
        entry.get("numbered_from", 1),
    )  # fmt: skip


# Cells that print several values of a case together, or one of them in another way: see `values.py`.
DERIVED_KINDS = {
    "level1_points": "text",
    "numbered_name": "text",
    "target_text": "text",
    "adjusted_text": "text",
    "midyear_text": "text",
    "actual_text": "text",
    "target_number": "number",
    "actual_number": "number",
}


def _known_kinds(per: str) -> dict[str, str]:
    case = parameters("case")
    known = {f["key"]: f["kind"] for f in case["department"]["fields"]}
    for part in ("expenses", "funds"):
        for row in case[part]["rows"]:
            known |= {f"{row['key']}_{column['key']}": "money" for column in case[part]["columns"]}
    if per == "project":
        known |= {c["key"]: c["kind"] for c in case["projects"]["columns"]}
    return known
