"""A Report as pandas tables, for notebooks. pandas is imported here only, and only when a table is asked for.

Comes in: a `Report`. Goes out: a DataFrame per kind of thing, with the columns and dtypes of `COLUMNS`. Numbers that
were printed or worked out stay Decimal (dtype object; None where there is none): no digit is lost and nothing turns
into a float by itself. Counts are Int64, yes and no are boolean, all else is string. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .errors import AuditError

if TYPE_CHECKING:
    import pandas

    from .findings import Figure
    from .report import Report

DECIMAL, TEXT, COUNT, FLAG = "object", "string", "Int64", "boolean"
# What the hundreds of a rule's code stand for; docs/make_rules.py has them in English.
FAMILIES = {
    "1": "合计与分项", "2": "比率重算", "3": "前后、表文一致", "4": "完整性", "5": "评分",
    "6": "期间、单位、名称", "7": "预算控制", "8": "文字与格式",
}  # fmt: skip
INSTALL = '请先在工具所在文件夹运行：pip install ".[notebooks]"'

COLUMNS: dict[str, dict[str, str]] = {
    "figures": {  # one row per printed number, in reading order
        "编号": TEXT,  # f1, f2 …
        "文件": TEXT,
        "位置": TEXT,  # in words: 第12段, 附件1.xlsx 基础数据表!B6
        "原文": TEXT,  # as printed
        "数值": DECIMAL,  # in the printed unit; None for a date
        "单位": TEXT,
        "类别": TEXT,  # money, percent, count …, as in docs/json.md
        "基准值": DECIMAL,  # in 元, 1 for rates, the measure word for counts; None for a date
        "基准单位": TEXT,
        "小数位": COUNT,  # at which it is judged
        "约数": FLAG,
    },
    "checks": {  # one row per recomputation or comparison, whatever came out
        "编号": TEXT,
        "规则": TEXT,
        "类型": TEXT,  # FAMILIES
        "状态": TEXT,  # 相符, 尾差, 不符, 未能核对
        "对象": TEXT,
        "算式": TEXT,  # with the printed figures in it
        "关系": TEXT,  # how the stated number should stand to it: =, <=, >=
        "报告数": DECIMAL,
        "应为": DECIMAL,
        "差额": DECIMAL,  # 报告数 - 应为
        "单位": TEXT,  # of the three
        "位置": TEXT,
        "说明": TEXT,
        "公式": TEXT,  # over figure ids
    },
    "findings": {  # one row per finding, in reading order
        "序号": COUNT,
        "级别": TEXT,  # 错误, 疑点, 提示
        "规则": TEXT,
        "类型": TEXT,
        "内容": TEXT,
        "位置": TEXT,  # of the first piece of evidence
        "原文": TEXT,
        "报告数": DECIMAL,  # the three of its check, None where no sum stands behind it
        "应为": DECIMAL,
        "差额": DECIMAL,
        "单位": TEXT,
        "建议": TEXT,
        "依据": TEXT,
        "核对": TEXT,  # the check's id
    },
    "facts": {  # one row per figure understood; empty texts where the words leave it open
        "编号": TEXT,  # of the figure
        "事项": TEXT,
        "口径": TEXT,  # 年初预算, 全年预算, 执行, 结转, 执行率 …
        "所属": TEXT,
        "期间": TEXT,
        "资金": TEXT,
        "值": DECIMAL,  # in 元, 1 for rates, the measure word for counts; None for a date
        "单位": TEXT,
        "类别": TEXT,
        "原文": TEXT,
        "文件": TEXT,
        "位置": TEXT,
        "存疑": TEXT,
    },
}  # fmt: skip


def frame(kind: str, rows: Iterable[Sequence[Any]]) -> pandas.DataFrame:
    """Rows under the columns of `COLUMNS[kind]`, with their dtypes, empty tables too."""
    return typed_frame(COLUMNS[kind], rows)


def typed_frame(columns: dict[str, str], rows: Iterable[Sequence[Any]]) -> pandas.DataFrame:
    """Rows under columns with given dtypes."""
    try:
        import pandas
    except ImportError as error:
        raise AuditError("数据表", "没有安装 pandas", INSTALL) from error
    listed = list(rows)
    return pandas.DataFrame(
        {
            name: pandas.Series([row[i] for row in listed], dtype=dtype)
            for i, (name, dtype) in enumerate(columns.items())
        }
    )


def figures_frame(report: Report) -> pandas.DataFrame:
    where = _places(report)

    def row(figure: Figure) -> Sequence[Any]:
        q, date = figure.quantity, figure.quantity.kind == "date"
        return (
            figure.id, *where(figure), q.text, None if date else q.value, q.unit, q.kind,
            None if date else q.exact, q.base_unit, q.decimals, q.approx,
        )  # fmt: skip

    return frame("figures", map(row, report.figures))


def checks_frame(report: Report) -> pandas.DataFrame:
    from .run import readable

    return frame(
        "checks",
        (
            (
                c.id, c.rule, family(c.rule), c.status.value, c.subject, readable(c), c.relation, c.stated,
                c.expected, c.difference, c.unit, _first_place(report, c.result, c.operands), c.note, c.formula,
            )
            for c in report.checks
        ),
    )  # fmt: skip


def findings_frame(report: Report) -> pandas.DataFrame:
    checks = {c.id: c for c in report.checks}

    def rows() -> Iterable[Sequence[Any]]:
        for n, f in enumerate(report.findings, 1):
            check = checks.get(f.check or "")
            sums: tuple[Decimal | None, ...] = (None, None, None)
            if check:
                sums = (check.stated, check.expected, check.difference)
            first = f.evidence[0] if f.evidence else None
            yield (
                n, f.severity.value, f.code, family(f.code), f.message, report.where(first) if first else "",
                first.text if first else "", *sums, check.unit if check else "", f.advice, f.source, f.check,
            )  # fmt: skip

    return frame("findings", rows())


def facts_frame(report: Report) -> pandas.DataFrame:
    where = _places(report)
    return frame(
        "facts",
        (
            (
                f.figure.id, f.item, f.measure, f.owner, f.period, f.scope, None if f.kind == "date" else f.value,
                f.unit, f.kind, f.figure.quantity.text, *where(f.figure), f.doubt,
            )
            for f in report.facts
        ),
    )  # fmt: skip


def family(code: str) -> str:
    """The topic of a rule.

    >>> family("R201")
    '比率重算'
    """
    return FAMILIES.get(code[1:2], "其他")


def _places(report: Report) -> Callable[[Figure], tuple[str, str]]:
    names = {document.id: document.name for document in report.documents}
    return lambda figure: (names[figure.span.document], report.where(figure.span))


def _first_place(report: Report, result: Figure | None, operands: Sequence[Figure]) -> str:
    figures = [*([result] if result else []), *operands]
    return report.where(figures[0].span) if figures else ""
