"""The commands for forms: draft, case lint, fill, read, forms. Translates and calls; holds no rule of its own."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import AuditError

if TYPE_CHECKING:
    from ..forms.problems import Problem

CLEAN, FOUND = 0, 1
Help = Callable[[argparse.ArgumentParser], None]


def add_commands(commands: Any, add_help: Help) -> None:
    draft = commands.add_parser(
        "draft", help="从报告和附表起草填表数据（case.xlsx），核对后用来填列附表", add_help=False
    )
    draft.add_argument("report", metavar="报告", help="自评报告")
    draft.add_argument("annexes", metavar="附表", nargs="*", default=[], help="已有的附件1、2、3")
    draft.add_argument("-o", "--output", metavar="case.xlsx", required=True, help="写到哪个文件")
    draft.add_argument("--force", action="store_true", help="文件已存在时覆盖")
    draft.set_defaults(run=_draft)

    case = commands.add_parser("case", help="检查填表数据：audit case lint case.xlsx", add_help=False)
    actions = case.add_subparsers(title="操作", metavar="操作", required=True, parser_class=type(case))
    lint = actions.add_parser("lint", help="指出填表数据里不对的地方", add_help=False)
    lint.add_argument("case", metavar="case.xlsx", help="填表数据")
    lint.set_defaults(run=_lint_case)

    fill = commands.add_parser("fill", help="用填表数据填列标准附表（附件1、2、3）", add_help=False)
    fill.add_argument("case", metavar="case.xlsx", help="填表数据")
    fill.add_argument(
        "--profile",
        metavar="格式",
        help="附表格式，如 hunan；也可给出自建模板文件夹。默认按填表数据中所写，没有写的用 hunan",
    )
    fill.add_argument("-o", "--output", metavar="目录", required=True, help="写到哪个目录")
    fill.add_argument("--force", action="store_true", help="文件已存在时覆盖")
    fill.set_defaults(run=_fill)

    read = commands.add_parser("read", help="读回填好的附表（Excel 或 Word），得到数据", add_help=False)
    read.add_argument("forms", metavar="附表", nargs="+", help="填好的附表")
    read.add_argument("--profile", metavar="格式", help="只按这套附表认")
    read.add_argument("--json", metavar="文件", help="写出 JSON；“-”表示标准输出")
    read.add_argument("--force", action="store_true", help="JSON 已存在时覆盖")
    read.set_defaults(run=_read)

    forms = commands.add_parser(
        "forms", help="列出附表格式，或检查一套模板：audit forms lint 文件夹", add_help=False
    )
    forms.set_defaults(run=_list_forms)
    actions = forms.add_subparsers(title="操作", metavar="操作", parser_class=type(forms))
    lint_forms = actions.add_parser("lint", help="检查模板和说明文件是否对得上", add_help=False)
    lint_forms.add_argument("profiles", metavar="格式或文件夹", nargs="*", help="不写则检查全部")
    lint_forms.set_defaults(run=_lint_forms)
    for parser in (draft, case, lint, fill, read, forms, lint_forms):
        add_help(parser)


def _progress() -> Callable[[str], None] | None:
    from .cli import _progress as shown

    return shown()


def _draft(arguments: argparse.Namespace) -> int:
    from ..forms.draft import draft_case

    path = draft_case(
        arguments.report, arguments.annexes, arguments.output, force=arguments.force, progress=_progress()
    )
    print(f"填表数据：{path}\n请打开核对，改好后运行 audit case lint 和 audit fill。")
    return CLEAN


def _lint_case(arguments: argparse.Namespace) -> int:
    from ..forms.lint import lint_case

    return _tell(lint_case(arguments.case))


def _fill(arguments: argparse.Namespace) -> int:
    from ..forms.fill import fill

    paths = fill(
        arguments.case, arguments.profile, arguments.output, force=arguments.force, progress=_progress()
    )
    for path in paths:
        print(path)
    print(f"共填列 {len(paths)} 张附表。", file=sys.stderr)
    return CLEAN


def _read(arguments: argparse.Namespace) -> int:
    from ..forms.read_back import read_file, to_json
    from .cli import _may_replace, _write_text

    if arguments.json:
        _may_replace(arguments.json, arguments.forms, arguments.force)
    found = [form for path in arguments.forms for form in read_file(path, arguments.profile)]
    if arguments.json:
        _write_text(json.dumps(to_json(found), ensure_ascii=False, indent=1), arguments.json)
    if arguments.json != "-":
        for form in found:
            filled = sum(value is not None for value in form.values.values())
            rows = "，".join(f"{_NAMES.get(block, block)}{len(rows)}行" for block, rows in form.rows.items())
            print(
                f"{form.document} {form.sheet}：{form.form.title}（{form.form.id}），有值 {filled} 项"
                + (f"，{rows}" if rows else "")
            )
            for words in form.missing:
                print(f"  没有找到：{words}")
            for words in form.problems:
                print(f"  {words}")
    return FOUND if any(form.problems for form in found) else CLEAN


_NAMES = {"indicators": "绩效指标", "earmarks": "本级专项资金", "buildings": "楼堂馆所", "projects": "项目"}


def _list_forms(arguments: argparse.Namespace) -> int:
    from ..forms.description import profile, profile_ids

    for name in profile_ids():
        owner = profile(name)
        print(f"{name}  {owner.title}")
        for form in owner.forms():
            how = "每项目一张" if form.per == "project" else "每部门一张"
            note = "" if form.template.is_file() else "，只供读取"
            default = "" if form.folder.name in owner.form_ids else "，不自动填列"
            print(f"    {form.kind or '其他'}  {form.title}（{how}，{form.unit}{note or default}）")
    return CLEAN


def _lint_forms(arguments: argparse.Namespace) -> int:
    from ..forms.description import profile_ids
    from ..forms.lint_templates import lint_profile

    found = []
    for name in arguments.profiles or profile_ids():
        if not arguments.profiles or Path(name).exists() or name in profile_ids():
            found += [(name, problem) for problem in lint_profile(name)]
        else:
            raise AuditError(name, "没有这套附表，也没有这个文件夹", "请核对名称或路径")
    return _tell(problem for _, problem in found)


def _tell(problems: Iterable[Problem]) -> int:
    found = list(problems)
    for problem in found:
        print(problem)
    errors = sum(not problem.note for problem in found)
    if not found:
        print("没有发现问题。")
    else:
        print(f"错误 {errors} 处，提示 {len(found) - errors} 处。", file=sys.stderr)
    return FOUND if errors else CLEAN
