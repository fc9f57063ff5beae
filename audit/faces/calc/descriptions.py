"""What LibreOffice is told of the functions: their types, their names and help, what the add-in is made of.

Comes in: the registry. Goes out: text. Names of functions and arguments in UNO's type language are the registry's
without underlines; Calc shows the ASCII name, or the Chinese one in a Chinese interface.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import metadata
from xml.sax.saxutils import escape, quoteattr

from ...functions import Argument, Function

MODULE = "auditworkbook"
SERVICE = f"{MODULE}.Functions"
TABLE = "sequence< sequence<any> >"  # ">>" would be read as one sign
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def plain(name: str) -> str:
    """A name in UNO's type language, which takes no underline.

    >>> plain("EXEC_RATE"), plain("narrative_range")
    ('execrate', 'narrativerange')
    """
    return name.replace("_", "").lower()


def types(functions: Sequence[Function]) -> str:
    """The interface, as UNO's plain text.

    A single value is asked for as text: so an empty cell is told from 0, and an array formula goes through a range
    cell by cell. What may be left out has to be `any`. Tables come out only where a function spills, for two reasons:
    Calc takes no table out of an `any`, and texts out of a table equal no other text in Calc (=, COUNTIF, VLOOKUP).
    """
    methods = []
    for function in functions:
        arguments = ", ".join(
            f"[in] {_type(argument)} {plain(argument.name)}" for argument in function.arguments
        )
        methods.append(f"    {TABLE if function.spills else 'any'} {plain(function.name)}({arguments});\n")
    return f"module {MODULE} {{\n  interface XFunctions {{\n{''.join(methods)}  }};\n}};\n"


def _type(argument: Argument) -> str:
    return "any" if argument.optional else TABLE if argument.range else "string"


def functions_shown(functions: Sequence[Function]) -> str:
    """CalcAddIns.xcu: names and help for the function wizard, the name that .xlsx files hold."""
    nodes = "".join(map(_function, functions))
    return (
        f'{HEAD}<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="CalcAddIns" oor:package="org.openoffice.Office">\n'
        f'<node oor:name="AddInInfo"><node oor:name="{SERVICE}" oor:op="replace"><node oor:name="AddInFunctions">\n'
        f"{nodes}</node></node></node>\n</oor:component-data>\n"
    )


def _function(function: Function) -> str:
    arguments = "".join(map(_argument, function.arguments))
    return (
        f'<node oor:name="{plain(function.name)}" oor:op="replace">\n'
        f"{_words('DisplayName', function.name, function.chinese)}"
        f"{_words('Description', function.help, function.help)}"
        f"{_property('Category', '<value>Add-In</value>')}"
        f"{_property('CompatibilityName', _value('en-US', function.name))}"
        f'<node oor:name="Parameters">\n{arguments}</node>\n</node>\n'
    )


def _argument(argument: Argument) -> str:
    return (
        f'<node oor:name="{plain(argument.name)}" oor:op="replace">\n'
        f"{_words('DisplayName', argument.name, short(argument))}"
        f"{_words('Description', argument.help, argument.help)}</node>\n"
    )


def short(argument: Argument) -> str:
    """What an argument is called in Chinese: the first words of its help.

    >>> short(Argument("budget", "全年预算数（调整后）；与执行数单位相同")), short(Argument("rule", "“比例”或“是否”"))
    ('全年预算数', 'rule')
    """
    return re.split(r"[“（；，。： ]", argument.help)[0] or argument.name


def _words(name: str, english: str, chinese: str) -> str:
    return _property(name, _value("en-US", english) + _value("zh-CN", chinese))


def _property(name: str, values: str) -> str:
    return f'<prop oor:name="{name}">{values}</prop>\n'


def _value(language: str, words: str) -> str:
    return f'<value xml:lang="{language}">{escape(words)}</value>'


def manifest() -> str:
    kinds = {
        "functions.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
        "CalcAddIns.xcu": "application/vnd.sun.star.configuration-data",
        "component.py": "application/vnd.sun.star.uno-component;type=Python",
    }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>\n'
        for name, kind in kinds.items()
    )
    return f'{HEAD}<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{entries}</manifest:manifest>\n'


def description() -> str:
    """description.xml: what the extension manager shows."""
    return (
        f'{HEAD}<description xmlns="http://openoffice.org/extensions/description/2006"'
        ' xmlns:l="http://libreoffice.org/extensions/description/2011">\n'
        f'<identifier value="audit-workbook-toolkit.functions"/>\n<version value={quoteattr(_version())}/>\n'
        '<dependencies><l:LibreOffice-minimal-version value="7.4" l:name="LibreOffice 7.4"/></dependencies>\n'
        '<display-name><name lang="en">Audit functions</name><name lang="zh-CN">审计函数</name></display-name>\n'
        "</description>\n"
    )


def _version() -> str:
    """Digits and points, as the extension manager compares them."""
    try:
        found = re.match(r"[\d.]*\d", metadata.version("audit-workbook-toolkit"))
    except metadata.PackageNotFoundError:
        found = None
    return found.group() if found else "0"
