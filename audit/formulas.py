"""The formulas of forms: rates, sums, scores and grades, worked out in Decimal and written as spreadsheet formulas.

A rule is one Python function with one `return`, marked `@formula`. Called, it gives the value that is stored in
a cell; its source is also what `excel` turns into the cell's formula, so both come from one place. It may use
+ - * /, comparisons, and, or, not, `x if c else y`, other formulas, and the primitives below.

A cell's value is a Decimal, a text, or None for a blank; in a spreadsheet a blank result is "".
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_CEILING, Decimal
from functools import cache
from textwrap import dedent
from typing import Any

from .quantity import plain, round_half_up

Cell = Decimal | str | None
# A sign, a number, and a unit that cannot make a date of it: "12月底" is none.
LEADING_NUMBER = re.compile(
    r"[≥≤=＝><＞＜]?\s*(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<percent>%?)"
    r"\s*(?:[^\d\s年月日号=+@:：/~～—-][^\d=+@:：~～—-]{0,9})?"
)
LONGEST_NUMBER = 15  # characters that the spreadsheet formula looks at


# ---- primitives: what a spreadsheet has of its own ---------------------------------------------------------


def number(value: Any) -> bool:
    """Is there a number in the cell? Blank, a dash and other words are none."""
    return isinstance(value, Decimal)


def half_up(value: Decimal | int, decimals: int) -> Decimal:
    """四舍五入。"""
    return round_half_up(Decimal(value), decimals)


def upward(value: Decimal) -> Decimal:
    """To the next whole number; what lies 0.000001 above one is that one."""
    return round_half_up(value, 6).to_integral_value(ROUND_CEILING)


def total(*values: Any) -> Decimal:
    """The numbers among cells and columns of cells, added up."""
    return sum(_numbers(values), Decimal(0))


def count(*values: Any) -> int:
    """How many numbers there are among cells and columns of cells."""
    return len(list(_numbers(values)))


def anywhere(values: Iterable[Any], word: str) -> bool:
    """Does the word stand in a column?"""
    return word in values


def first(value: Any) -> str:
    """The first character of a text."""
    return plain(value)[:1] if isinstance(value, Decimal) else (value or "")[:1]


def number_in(value: Any) -> Decimal | None:
    """The number that a text states, a sign such as ≥ and the unit left out; of a percentage the share.

    >>> number_in("≥95%"), number_in("2045人"), number_in("有所提升"), number_in("12月底前")
    (Decimal('0.95'), Decimal('2045'), None, None)
    """
    if value is None or isinstance(value, Decimal):
        return value
    match = LEADING_NUMBER.fullmatch(value.strip())
    if not match or len(match["number"]) > LONGEST_NUMBER:
        return None
    bare = Decimal(match["number"].replace(",", ""))
    return bare / 100 if match["percent"] else bare


def _numbers(values: Iterable[Any]) -> Iterable[Decimal]:
    for value in values:
        if isinstance(value, Decimal):
            yield value
        elif isinstance(value, list | tuple):
            yield from _numbers(value)


def _number_in(x: str) -> str:
    bare = f'TRIM(IF(ISNUMBER(FIND(LEFT({x},1),"≥≤=＝><＞＜")),MID({x},2,20),{x}))'
    digits = "{1,2,3,4,5,6,7,8,9,10,11,12,13,14,15}"
    return f'IFERROR(IF(ISBLANK({x}),"",IF(ISNUMBER({x}),{x},LOOKUP(9E+99,--LEFT({bare},{digits})))),"")'


PRIMITIVES: dict[str, tuple[Callable[..., Any], Callable[..., str]]] = {
    "number": (number, lambda x: f"ISNUMBER({x})"),
    "half_up": (half_up, lambda x, n: f"ROUND({x},{n})"),
    "upward": (upward, lambda x: f"ROUNDUP(ROUND({x},6),0)"),
    "total": (total, lambda *x: f"SUM({','.join(x)})"),
    "count": (count, lambda *x: f"COUNT({','.join(x)})"),
    "anywhere": (anywhere, lambda x, word: f"COUNTIF({x},{word})>0"),
    "first": (first, lambda x: f"LEFT({x},1)"),
    "number_in": (number_in, _number_in),
    "min": (min, lambda *x: f"MIN({','.join(x)})"),
    "max": (max, lambda *x: f"MAX({','.join(x)})"),
}

# ---- formulas ----------------------------------------------------------------------------------------------

FORMULAS: dict[str, Callable[..., Any]] = {}


def formula(function: Callable[..., Any]) -> Callable[..., Any]:
    """Registers a rule; the function itself stays as it is."""
    FORMULAS[function.__name__] = function
    return function


@formula
def rate(part: Any, whole: Any) -> Any:
    """执行率、控制率等：部分÷整体，四位小数（即百分数两位）。A zero or missing whole gives a blank."""
    return half_up(part / whole, 4) if number(part) and number(whole) and whole != 0 else None


@formula
def change_rate(now: Any, before: Any) -> Any:
    """变动率：（本期−上期）÷上期。A zero or missing base gives a blank: 无法比较."""
    return half_up((now - before) / before, 4) if number(now) and number(before) and before != 0 else None


@formula
def add(*cells: Any) -> Any:
    """合计：blank where no cell holds a number."""
    return half_up(total(*cells), 6) if count(*cells) > 0 else None


@formula
def rate_score(weight: Any, rate: Any) -> Any:
    """得分＝分值×完成率，不超过分值、不低于0，两位小数。"""
    return half_up(weight * max(0, min(1, rate)), 2) if number(weight) and number(rate) else None


@formula
def completion_rate(target: Any, actual: Any, sign: Any) -> Any:
    """指标完成率。≥、＝：完成值÷指标值；≤：达到的为100%，超过的为指标值÷完成值。"""
    return (
        None
        if not number(target) or not number(actual)
        else (1 if actual <= target else half_up(target / actual, 4) if actual > 0 else 0)
        if sign == "≤"
        else half_up(actual / target, 4)
        if target > 0
        else (1 if actual >= target else 0)
    )


@formula
def full_score(weights: Any, weight: Any, *points: Any) -> Any:
    """总分。不适用的指标（分值栏写“不适用”）剔除后，按100分折算。"""
    return (
        None
        if count(*points) == 0
        else half_up(total(*points) / weight * 100, 2)
        if anywhere(weights, "不适用") and number(weight) and weight > 0
        else half_up(total(*points), 2)
    )


@formula
def step_score(weight: Any, over: Any, step: Any, deduct: Any) -> Any:
    """每超过一个步长扣若干分，不足一个步长的按一个计；不超过的满分，扣完为止。`over` is how far beyond the limit."""
    return (
        half_up(max(0, weight - upward(max(0, over) / step) * deduct), 2)
        if number(weight) and number(over)
        else None
    )


def compute(text: str, cells: Mapping[str, Any], extra: Mapping[str, Any] | None = None) -> Any:
    """The value of a formula such as "rate(spent, budget)" over named cells."""
    value = eval(compiled(text), {**namespace(), **(extra or {})}, dict(cells))
    return Decimal(value) if isinstance(value, int) else value


@cache
def compiled(text: str) -> Any:
    """Formula text as code. The numbers in it become exact Decimals."""
    tree = _Exact().visit(ast.parse(text, mode="eval"))
    return compile(ast.fix_missing_locations(tree), "<formula>", "eval")


class _Exact(ast.NodeTransformer):
    """Numbers exact; what is called cannot be taken for a cell of the same name."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name):
            node.func.id = f"{node.func.id}()"
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            exact = ast.Name("Decimal()", ast.Load())
            return ast.Call(exact, [ast.Constant(repr(node.value))], [])
        return node


@cache
def namespace() -> dict[str, Any]:
    """What a formula may call, and nothing else."""
    known = {name: pair[0] for name, pair in PRIMITIVES.items()} | FORMULAS | {"Decimal": Decimal}
    return {"__builtins__": {}, **{f"{name}()": function for name, function in known.items()}}


def names(text: str) -> list[str]:
    """The cells that a formula uses, each once, in order.

    >>> names("rate(spent, budget) * weight")
    ['spent', 'budget', 'weight']
    """
    tree = ast.parse(text, mode="eval")
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called]
    return list(dict.fromkeys(n.id for n in sorted(found, key=lambda n: n.col_offset)))


def calls(text: str) -> list[str]:
    """The formulas and primitives that a formula calls by name."""
    found = [n.func for n in ast.walk(ast.parse(text, mode="eval")) if isinstance(n, ast.Call)]
    return [f.id if isinstance(f, ast.Name) else ast.unparse(f) for f in found]


# ---- as spreadsheet formulas -------------------------------------------------------------------------------

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Eq: "=", ast.NotEq: "<>",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


def excel(text: str, cells: Mapping[str, str], extra: Mapping[str, str] | None = None) -> str:
    """A formula as a spreadsheet writes it; `cells` gives the reference of each name, `extra` further formulas as text.

    >>> excel("rate(spent, budget)", {"spent": "E6", "budget": "D6"})
    'IF(AND(ISNUMBER(E6),ISNUMBER(D6),D6<>0),ROUND(E6/D6,4),"")'
    """
    return _Excel(cells, extra or {}).text(ast.parse(text, mode="eval").body)


@cache
def _definition(name: str) -> tuple[list[str], str | None, ast.expr]:
    """Parameters, the name of *args, and the returned expression of a formula."""
    tree = ast.parse(dedent(inspect.getsource(FORMULAS[name]))).body[0]
    assert isinstance(tree, ast.FunctionDef) and isinstance(tree.body[-1], ast.Return) and tree.body[-1].value
    rest = tree.args.vararg.arg if tree.args.vararg else None
    return [a.arg for a in tree.args.args], rest, tree.body[-1].value


class _Excel:
    def __init__(self, cells: Mapping[str, Any], extra: Mapping[str, str]) -> None:
        self.cells, self.extra = cells, extra

    def text(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                return str(self.cells[name])
            case ast.Constant(value=None):
                return '""'
            case ast.Constant(value=str() as words):
                return '"' + words.replace('"', '""') + '"'
            case ast.Constant(value=value):
                return repr(value)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"-{self._inner(operand)}"
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"NOT({self.text(operand)})"
            case ast.BinOp(left=left, op=op, right=right):
                return f"{self._inner(left)}{_OPERATORS[type(op)]}{self._inner(right)}"
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return f"{self._inner(left)}{_OPERATORS[type(op)]}{self._inner(right)}"
            case ast.BoolOp(op=op, values=values):
                word = "AND" if isinstance(op, ast.And) else "OR"
                return f"{word}({','.join(map(self.text, values))})"
            case ast.IfExp(test=test, body=body, orelse=other):
                return f"IF({self.text(test)},{self.text(body)},{self.text(other)})"
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(name, args)
        raise ValueError(f"not a formula: {ast.unparse(node)}")

    def _inner(self, node: ast.expr) -> str:
        """An operand, in brackets where it is itself an operation."""
        text = self.text(node)
        return f"({text})" if isinstance(node, ast.BinOp | ast.Compare) or text.startswith("-") else text

    def _call(self, name: str, args: list[ast.expr]) -> str:
        given: list[Any] = []
        for arg in args:
            if isinstance(arg, ast.Starred):
                assert isinstance(arg.value, ast.Name)
                given += self.cells[arg.value.id]
            else:
                given.append(self._inner(arg) if name in FORMULAS else self.text(arg))
        if name in PRIMITIVES:
            return PRIMITIVES[name][1](*given)
        if name in self.extra:
            return excel(self.extra[name], {"x": given[0]})
        parameters, rest, body = _definition(name)
        bound: dict[str, Any] = dict(zip(parameters, given, strict=False))
        if rest:
            bound[rest] = given[len(parameters) :]
        return _Excel(bound, self.extra).text(body)


def band_formula(bands: Iterable[tuple[str, Decimal]]) -> str:
    """A grade from a score `x`, as formula text; bands are (name, from) from the highest down.

    >>> band_formula([("优", Decimal(90)), ("良", Decimal(80))])
    'None if not number(x) else "优" if x >= 90 else "良" if x >= 80 else None'
    """
    chosen = " else ".join(f'"{name}" if x >= {plain(least)}' for name, least in bands)
    return f"None if not number(x) else {chosen} else None"
