"""The command `audit`: check, figures, rules, demo, and the commands for forms beside it.

Translates and calls; holds no rule of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from unicodedata import east_asian_width

from ..errors import AuditError
from ..files import replacing
from . import notebook_commands, workbook_commands
from .forms_commands import add_commands

if TYPE_CHECKING:
    from ..findings import Finding
    from ..report import Report
    from ..rules import Rule
    from ..run import Progress

CLEAN, FOUND, FAILED = 0, 1, 2
CONFIG_HELP = "设置文件：关闭规则、改程度、选计分参数（默认用报告旁或当前目录的 audit.toml）"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 nothing found, 1 findings, 2 could not read or check."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except AuditError as error:
        print(f"错误：{error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("已中断", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


class _Chinese(argparse.ArgumentParser):
    """argparse with its own words in Chinese."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        known = {
            "the following arguments are required:": "缺少参数：",
            "unrecognized arguments:": "不认识的参数：",
            "invalid choice:": "没有这个命令或选项：",
            "expected one argument": "后面要跟一个值",
            "argument ": "参数 ",
            "choose from": "可选",
        }
        for english, chinese in known.items():
            message = message.replace(english, chinese)
        self.exit(FAILED, f"{self.prog}：{message}\n")

    def format_help(self) -> str:
        words = {"usage: ": "用法：", "positional arguments:": "参数：", "options:": "选项："}
        text = super().format_help()
        for english, chinese in words.items():
            text = text.replace(english, chinese)
        return text

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "用法：")


def _parser() -> argparse.ArgumentParser:
    parser = _Chinese(
        prog="audit", description="部门整体支出绩效自评的复算与核对：读数、复算、找出不符，生成审计底稿。",
        epilog="退出码：0 未发现问题；1 有发现；2 无法读取或核对。", add_help=False,
    )  # fmt: skip
    _help(parser)
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True, parser_class=_Chinese)

    check = commands.add_parser("check", help="核对一份自评报告（及附表），可生成底稿", add_help=False)
    check.add_argument(
        "report", metavar="报告", help="自评报告：.docx .pdf .txt（.doc .wps 需装 LibreOffice）"
    )
    check.add_argument(
        "annexes",
        metavar="附表",
        nargs="*",
        default=[],
        help="附件1、2、3：.xlsx .xls .docx（.et 需装 LibreOffice）",
    )
    check.add_argument("-o", "--output", metavar="底稿.xlsx", help="写出审计底稿（Excel、WPS 均可打开）")
    check.add_argument("--json", metavar="文件", help="写出 JSON 结果（audit-report/1）；“-”表示标准输出")
    check.add_argument(
        "--force", action="store_true", help="底稿、JSON 已存在时覆盖；底稿中审计人员已填的意见保留"
    )
    check.add_argument("--config", metavar="audit.toml", help=CONFIG_HELP)
    check.add_argument("-q", "--quiet", action="store_true", help="不在屏幕上列出发现")
    check.set_defaults(run=_check)
    _help(check)

    figures = commands.add_parser("figures", help="列出报告中读到的每个数字及其位置", add_help=False)
    figures.add_argument("report", metavar="报告", help="自评报告或附表")
    figures.set_defaults(run=_figures)
    _help(figures)

    rules = commands.add_parser("rules", help="列出核对规则，或说明其中一条", add_help=False)
    rules.add_argument("code", metavar="规则号", nargs="?", help="如 R101")
    rules.add_argument("--config", metavar="audit.toml", help=CONFIG_HELP)
    rules.set_defaults(run=_rules)
    _help(rules)

    demo = commands.add_parser("demo", help="用虚构的样例部门演示：核对、生成底稿", add_help=False)
    demo.add_argument(
        "-o", "--output", metavar="目录", default="audit-demo", help="写到哪个目录（默认 audit-demo）"
    )
    demo.set_defaults(run=_demo)
    _help(demo)
    add_commands(commands, _help)
    workbook_commands.add_commands(commands, _help)
    notebook_commands.add_commands(commands, _help)
    return parser


def _help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-h", "--help", action="help", help="显示帮助")


def _check(arguments: argparse.Namespace) -> int:
    from ..run import check

    if arguments.json:
        _may_replace(arguments.json, [arguments.report, *arguments.annexes], arguments.force)
    report = check(arguments.report, arguments.annexes, config=arguments.config, progress=_progress())
    if arguments.output:
        from .working_paper import write_working_paper

        path = write_working_paper(report, arguments.output, force=arguments.force)
        print(f"底稿：{path}", file=sys.stderr)
    if arguments.json:
        _write_json(report, arguments.json)
    if not arguments.quiet and arguments.json != "-":
        show(report, sys.stdout)
    return FOUND if report.findings else CLEAN


def _figures(arguments: argparse.Namespace) -> int:
    from ..run import check

    report = check(arguments.report, progress=_progress())
    for figure in report.figures:
        quantity = figure.quantity
        number = "" if quantity.kind == "date" else f"{quantity.value} {quantity.unit}"
        print(f"{figure.id}\t{_one_line(quantity.text)}\t{number}\t{report.where(figure.span)}")
    print(f"共 {len(report.figures)} 个数字", file=sys.stderr)
    return CLEAN


def _rules(arguments: argparse.Namespace) -> int:
    from ..config import settings, unknown_rule
    from ..rules import all_rules

    config = settings(arguments.config)
    known = {rule.code: rule for rule in all_rules()}
    if not arguments.code:
        for each in known.values():
            state = f"（{config.state(each.code)}）" if config.state(each.code) else ""
            print(f"{each.code}  {_pad(each.severity.value, 4)}  {each.title}{state}")
        if config.changes():
            print(config.changes())
        return CLEAN
    rule = known.get(arguments.code.upper())
    if rule is None:
        raise unknown_rule(arguments.code, arguments.code, known)
    print(_explain(rule, config.state(rule.code)))
    return CLEAN


def _explain(rule: Rule, state: str) -> str:
    from ..glossary import parameters

    source = parameters("sources").get(rule.source, {})
    words = {
        "Why": "缘由", "Formula": "公式", "Unit": "单位", "Blank": "空白", "Flags": "会报告", "Passes": "不报告",
    }  # fmt: skip
    lines = [f"{rule.code} {rule.name}（{rule.severity.value}{'，' + state if state else ''}）"]
    for line in rule.explanation.splitlines():
        head, _, rest = line.partition(" ")
        lines.append(f"{words[head]}：{rest.strip()}" if head in words else line)
    lines.append(f"依据：{source.get('title', rule.source)}")
    if "document" in source:
        lines.append(
            f"出处：{source['document']}，{source.get('article', '')}（{source.get('in_force_from')} 起）"
        )
    return "\n".join(line for line in lines if line)


def _demo(arguments: argparse.Namespace) -> int:
    import shutil

    from ..run import check
    from .working_paper import write_working_paper

    sample = sample_folder()
    target = Path(arguments.output)
    target.mkdir(parents=True, exist_ok=True)
    sources = sorted((sample / "planted").iterdir())
    earlier = all((target / source.name).is_file() for source in sources)
    for source in sources:
        copy = target / source.name
        if copy.exists() and copy.read_bytes() != source.read_bytes():
            raise AuditError(str(copy), "已有同名文件，不会覆盖", "请用 -o 另选一个空目录")
        shutil.copyfile(source, copy)
    report_file = target / "自评报告.docx"
    annexes = [target / source.name for source in sources if source.name.startswith("附件")]
    print(f"样例部门（虚构，埋有差错）：{report_file.name} 和 {len(annexes)} 个附表")
    report = check(report_file, annexes, progress=_progress())
    path = write_working_paper(report, target / "审计底稿.xlsx", force=earlier)
    show(report, sys.stdout)
    print(f"\n底稿已写到：{path.resolve()}")
    return CLEAN


def sample_folder() -> Path:
    """The sample department: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "sample", package.parent / "workbooks" / "sample"):
        if (folder / "planted").is_dir():
            return folder
    raise AuditError("样例", "安装包中没有样例文件", "请重新安装本工具")


def _may_replace(where: str, inputs: Sequence[str], force: bool) -> None:
    """A file that was read is never written to, another one only when told so."""
    if where == "-" or not os.path.lexists(where):
        return
    if any(os.path.exists(path) and os.path.samefile(where, path) for path in inputs):
        raise AuditError(where, "这是要核对的文件，不会覆盖", "请另选 JSON 文件名")
    if not force:
        raise AuditError(where, "文件已存在", "请另选文件名，或用 --force 覆盖")


def _write_json(report: Report, where: str) -> None:
    _write_text(json.dumps(report.to_dict(), ensure_ascii=False, indent=1), where)


def _write_text(text: str, where: str) -> None:
    """To a file, whole or not at all, or to standard output."""
    if where == "-":
        print(text)
        return
    target = Path(where)
    try:
        with replacing(target) as part:
            part.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AuditError(where, "无法写入", "请检查目录是否存在、是否有写权限") from error


def show(report: Report, out: TextIO) -> None:
    """Counts by status and the findings with their places, for a terminal."""
    counts = "  ".join(f"{status.value} {n}" for status, n in report.status_counts().items())
    print(f"读到数字 {len(report.figures)} 个，核对 {len(report.checks)} 项：{counts}", file=out)
    if report.config.changes():
        print(report.config.changes(), file=out)
    if not report.findings:
        print("未发现问题。", file=out)
        return
    counts = "  ".join(f"{severity.value} {n}" for severity, n in report.severity_counts().items())
    print(f"发现 {len(report.findings)} 条：{counts}\n", file=out)
    width = min(max(_columns(), 60), 160)
    for n, finding in enumerate(report.findings, 1):
        for line in _entry(report, n, finding, width):
            print(line, file=out)


def _entry(report: Report, n: int, finding: Finding, width: int) -> list[str]:
    head = f"{n:>3} {finding.severity.value} {finding.code} "
    place = report.where(finding.evidence[0]) if finding.evidence else ""
    text = _one_line(f"{finding.message}　〔{place}〕")
    indent = " " * _width(head)
    lines, line = [], head
    for word in re.findall(r"[!-~]+[一-龥%]?|〔[^〕]*〕|[一-龥“（][，。；：、”）]?|.", text):
        if _width(line) + _width(word) > width:
            lines.append(line)
            line = indent
        line += word
    return [*lines, line]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return 100


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WFA" else 1 for c in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _progress() -> Progress | None:
    """Steps on stderr where somebody is looking; silent otherwise."""
    if not sys.stderr.isatty():
        return None

    def say(step: str) -> None:
        print(f"\r\033[K{step}……", end="\n" if "核对" in step else "", file=sys.stderr, flush=True)

    return say
