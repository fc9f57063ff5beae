"""docs/functions.md, from the registry of worksheet functions.

python docs/make_functions.py            # writes it
python docs/make_functions.py --check    # writes nothing; exits with 1 where it is out of date
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audit.functions import Argument, Function, all_functions  # noqa: E402

PAGE = ROOT / "docs" / "functions.md"
CATEGORIES = {
    "审计·比率": "Rates",
    "审计·得分": "Scores",
    "审计·数字": "Numbers",
    "审计·核对": "Checks",
    "审计·读数": "Reading text",
    "审计·附表": "Forms",
}
INTRODUCTION = """\
<!-- Made by `python docs/make_functions.py`. Do not edit: change the functions in audit/functions. -->

# Worksheet functions

The same names, arguments and results in Excel for Windows (xlwings), xlwings Lite and LibreOffice Calc; where the \
interface of LibreOffice is Chinese the Chinese names show. In Python: `audit.functions`. The help is what the function \
wizard shows.

- **Arguments** may be a number, a text (`423.7万元`, `57.39%`, `≥95%`, `1,234.5`, 八十万元), blank, a dash or 不适用, an error \
value, a cell or a range. Arguments in [brackets] may be left out.
- **Columns**: a function of single values takes whole ranges as well, and spills. One call for a column is many times \
faster than one call per cell. A single value, a row or a column goes with every row or column of the others. \
*Range* marks arguments that are always taken as a whole; ▦ marks functions whose result is a table.
- **Results** are numbers, texts or tables. Rates have four decimals (percentages two), scores two, half up.
- **What cannot be worked out** gives a blank where there is nothing to work with, else a short text: 缺少数据, 分母为零, \
不是数, 单位不一致, 单元格有错误值, 数过大，无法计算, 约数不作核对. An error value never passes for a number. \
LibreOffice shows the error of an argument itself and hands over dates and TRUE as numbers.
- **Verdicts** are 相符, 尾差 (explained by rounding) and 不符. Text is compared at the decimals it prints, the number of \
a cell at two decimals at least: 0.5 may be a 50.00% that lost its zeros.
"""


def page(functions: tuple[Function, ...]) -> str:
    return "\n".join([INTRODUCTION, *_index(functions), *_tables(functions)]) + "\n"


def _grouped(functions: tuple[Function, ...]) -> Iterator[tuple[str, list[Function]]]:
    for category, english in CATEGORIES.items():
        members = [function for function in functions if function.category == category]
        if members:
            yield f"{english} {category}", members
    unknown = {function.category for function in functions} - set(CATEGORIES)
    if unknown:
        raise ValueError(f"no English name for {unknown}")


def _index(functions: tuple[Function, ...]) -> Iterator[str]:
    for heading, members in _grouped(functions):
        links = (f"[{function.name}](#{function.name.lower()}) {function.chinese}" for function in members)
        yield f"- {heading}: {', '.join(links)}"


def _tables(functions: tuple[Function, ...]) -> Iterator[str]:
    for heading, members in _grouped(functions):
        yield from ("", f"## {heading}")
        for function in members:
            given = ", ".join(f"[{a.name}]" if a.optional else a.name for a in function.arguments)
            yield from ("", f"### {function.name}", "")
            yield f"`={function.name}({given})`　{function.chinese}{' ▦' if function.spills else ''}"
            yield from ("", _cell(function.help), "", "| argument | help |", "|---|---|")
            yield from (f"| {_name(argument)} | {_cell(argument.help)} |" for argument in function.arguments)


def _name(argument: Argument) -> str:
    shown = f"[{argument.name}]" if argument.optional else argument.name
    return f"{shown} *range*" if argument.range else shown


def _cell(text: str) -> str:
    return text.replace("|", "｜")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 where it is out of date"
    )
    only_check = parser.parse_args().check
    text = page(all_functions())
    if PAGE.exists() and PAGE.read_text("utf-8") == text:
        return 0
    if only_check:
        print(f"docs/{PAGE.name} is out of date: run python docs/make_functions.py", file=sys.stderr)
        return 1
    PAGE.write_text(text, "utf-8", newline="\n")
    print(f"docs/{PAGE.name} written: {len(all_functions())} functions")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
