"""The little formula language that checks and workbooks share, over numbers with ranges.

A check's formula is text such as "f34 / f33": names are figures, and it is worked out here for the
report and written as a live formula into the working paper, so both come from one source.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

NAME = re.compile(r"\bf\d+\b")


@dataclass(frozen=True, slots=True)
class Range:
    """A value with the range its print allows; arithmetic carries both along."""

    exact: Decimal
    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, value: Decimal) -> Range:
        return cls(value, value, value)

    def __add__(self, other: Range) -> Range:
        return Range(self.exact + other.exact, self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.exact - other.exact, self.low - other.high, self.high - other.low)

    def __mul__(self, other: Range) -> Range:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(self.exact * other.exact, min(ends), max(ends))

    def __truediv__(self, other: Range) -> Range:
        """Raises ZeroDivisionError where the divisor's range touches zero."""
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(self.exact / other.exact, min(ends), max(ends))

    def __neg__(self) -> Range:
        return Range(-self.exact, -self.high, -self.low)


def lowest(*values: Range) -> Range:
    return Range(min(v.exact for v in values), min(v.low for v in values), min(v.high for v in values))


def highest(*values: Range) -> Range:
    return Range(max(v.exact for v in values), max(v.low for v in values), max(v.high for v in values))


FUNCTIONS: dict[str, Callable[..., Range]] = {"min": lowest, "max": highest}


def evaluate(formula: str, values: Mapping[str, Range]) -> Range:
    """Work a formula out. Knows + - * / ( ) min max, figure names and plain numbers.

    >>> half = Range(Decimal(1), Decimal("0.5"), Decimal("1.5"))
    >>> evaluate("f1 + 2 * f1", {"f1": half})
    Range(exact=Decimal('3'), low=Decimal('1.5'), high=Decimal('4.5'))
    """
    return _walk(ast.parse(formula, mode="eval").body, values)


def _walk(node: ast.expr, values: Mapping[str, Range]) -> Range:
    match node:
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=int() | float() as number):
            return Range.of(Decimal(str(number)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_walk(operand, values)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _walk(left, values), _walk(right, values)
            match op:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
                case ast.Div():
                    return a / b
        case ast.Call(func=ast.Name(id=name), args=args) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_walk(arg, values) for arg in args))
    raise ValueError(f"not a formula: {ast.unparse(node)}")


def names_in(formula: str) -> list[str]:
    """The figure names of a formula, in order, each once.

    >>> names_in("(f12 - f3) / f3")
    ['f12', 'f3']
    """
    return list(dict.fromkeys(NAME.findall(formula)))
