"""Run by the Python that has UNO, not by the tests' own: formulas in sheets, worked out by LibreOffice Calc.

In, as JSON on standard input:
    soffice    arguments for LibreOffice (its profile, where its extensions are)
    sheets     each {cells: [[row, column, kind, value]], formulas: [[row, column, height, width, formula]]};
               kind is number, text, date or formula; an array formula begins with {, one in the words of the
               interface with ~
    files      workbooks to open: {path, cells: [[row, column]], again: whether to enter their formulas anew}
Out, as JSON: version and language of LibreOffice; every function that the wizard knows as [name, help, arguments as
[name, help, whether it may be left out]]; and for each sheet and file the results, tables of [kind, value] with kind
number, text or error.
"""

import json
import os
import signal
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue

SECONDS = 60


def property_value(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


HIDDEN = (property_value("Hidden", True),)


def connect(pipe):
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    until = time.monotonic() + SECONDS
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # not up yet
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def enter(sheet, row, column, kind, value, dates):
    cell = sheet.getCellByPosition(column, row)
    if kind == "text":
        cell.setString(value)
    elif kind == "formula":
        cell.setFormula(value)
    else:
        cell.setValue(value)
        if kind == "date":
            cell.NumberFormat = dates


def place(sheet, row, column, height, width, formula):
    if formula.startswith("{"):
        block = sheet.getCellRangeByPosition(column, row, column + width - 1, row + height - 1)
        block.setArrayFormula(formula[1:])
    elif formula.startswith("~"):
        sheet.getCellByPosition(column, row).FormulaLocal = formula[1:]
    else:
        sheet.getCellByPosition(column, row).setFormula(formula)


def result(sheet, row, column):
    cell = sheet.getCellByPosition(column, row)
    if cell.getError():
        return ["error", cell.getError()]
    return ["number", cell.getValue()] if cell.FormulaResultType2 == 1 else ["text", cell.getString()]


def work_out(desktop, told):
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, HIDDEN)
    dates = document.NumberFormats.getStandardFormat(2, uno.createUnoStruct("com.sun.star.lang.Locale"))
    sheets = document.Sheets
    for number, one in enumerate(told):
        sheets.insertNewByName(f"s{number}", number)
        sheet = sheets.getByIndex(number)
        for cell in one["cells"]:
            enter(sheet, *cell, dates)
        for formula in one["formulas"]:
            place(sheet, *formula)
    document.calculateAll()
    out = []
    for number, one in enumerate(told):
        sheet = sheets.getByIndex(number)
        out.append(
            [
                [[result(sheet, row + r, column + c) for c in range(width)] for r in range(height)]
                for row, column, height, width, _ in one["formulas"]
            ]
        )
    document.close(True)
    return out


def open_file(desktop, told):
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(told["path"]), "_blank", 0, HIDDEN)
    sheet = document.Sheets.getByIndex(0)
    if told.get("again"):
        for row, column in told["cells"]:
            cell = sheet.getCellByPosition(column, row)
            cell.setFormula(cell.getFormula())
    document.calculateAll()
    out = [[result(sheet, row, column)] for row, column in told["cells"]]
    document.close(True)
    return out


def setting(context, path, name):
    provider = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.configuration.ConfigurationProvider", context
    )
    access = "com.sun.star.configuration.ConfigurationAccess"
    return getattr(provider.createInstanceWithArguments(access, (property_value("nodepath", path),)), name)


def functions(context):
    known = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.sheet.FunctionDescriptions", context
    )
    out = []
    for number in range(known.Count):
        one = {value.Name: value.Value for value in known.getByIndex(number)}
        arguments = [[a.Name, a.Description, a.IsOptional] for a in one["Arguments"] or ()]
        out.append([one["Name"], one["Description"], arguments])
    return out


def main():
    told = json.load(sys.stdin)
    pipe = f"audit-{os.getpid()}"
    command = [
        "soffice",
        "--headless",
        "--norestore",
        "--nologo",
        *told["soffice"],
        f"--accept=pipe,name={pipe};urp;",
    ]
    office = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        context = connect(pipe)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        answer = {
            "version": setting(context, "/org.openoffice.Setup/Product", "ooSetupVersion"),
            "language": setting(context, "/org.openoffice.Setup/L10N", "ooLocale"),
            "functions": functions(context),
            "sheets": work_out(desktop, told.get("sheets", [])),
            "files": [open_file(desktop, one) for one in told.get("files", [])],
        }
        sys.stdout.write(json.dumps(answer))
        sys.stdout.flush()
    finally:
        os.killpg(office.pid, signal.SIGKILL)
        office.wait()
    os._exit(0)  # UNO may crash on the way out once the office is gone


main()
