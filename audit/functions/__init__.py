"""The audit functions for worksheets: one registry that xlwings, LibreOffice, the docs and the tests are fed from.

Each function is a plain Python function over what a cell hands over (see `border.py`); it gives a float, a text, a
bool or a list of lists, and for bad input a short Chinese text. Names are plain ASCII, the same in every host.

    border   values in and out       numbers   rates, scores, grades, amounts
    checks   of one stated number    texts     figures and findings of pasted text, forms in a range
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Argument:
    """help  what it is, in Chinese, as the function wizard shows it
    range  whether it is taken as a whole: a list of rows
    optional  whether it may be left out
    """

    name: str
    help: str
    range: bool = False
    optional: bool = False
    default: Any = None


@dataclass(frozen=True)
class Function:
    """name      as typed in a cell: EXEC_RATE
    spills     whether the result is a table
    help       one or two Chinese sentences
    chinese    the name shown in LibreOffice where the interface is Chinese
    """

    name: str
    chinese: str
    category: str
    help: str
    arguments: tuple[Argument, ...]
    run: Callable[..., Any]
    spills: bool = False


REGISTRY: dict[str, Function] = {}


def function(
    name: str,
    chinese: str,
    category: str,
    /,
    *,
    spills: bool = False,
    ranges: tuple[str, ...] = (),
    **arguments: str,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function; its docstring is its help, `arguments` that of its arguments."""

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        if name in REGISTRY:
            raise ValueError(f"function {name} is registered twice")
        parameters = inspect.signature(run).parameters
        if list(parameters) != list(arguments):
            raise ValueError(f"{name}: arguments and their help differ")
        told = tuple(
            Argument(
                p.name,
                arguments[p.name],
                p.name in ranges,
                p.default is not p.empty,
                None if p.default is p.empty else p.default,
            )
            for p in parameters.values()
        )
        text = " ".join(inspect.getdoc(run).split()) if run.__doc__ else ""  # type: ignore[union-attr]
        REGISTRY[name] = Function(name, chinese, category, text, told, run, spills)
        return run

    return register


@cache
def all_functions() -> tuple[Function, ...]:
    """Every function, in the order in which the modules define them."""
    from importlib import import_module

    for module in ("numbers", "checks", "texts"):
        import_module(f"{__name__}.{module}")
    return tuple(REGISTRY.values())
