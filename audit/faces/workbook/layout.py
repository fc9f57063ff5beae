"""Names, places and words of the audit workbook. Data only: the sheets, the buttons and the VBA are made from it."""

from __future__ import annotations

from typing import NamedTuple

TITLE = "部门整体支出绩效自评审核工作簿"
GUIDE, NARRATIVE, ANNEX, RATES, CHECKS, ISSUES = "使用说明", "叙述", "附表", "执行率复算", "核对", "问题清单"
CONFIG = "xlwings.conf"
UDF_MODULE = "audit.udfs"
BUTTONS_MODULE = "audit.faces.workbook.buttons"

# Places known by name, so that inserted rows do no harm; formulas, buttons and VBA all use these names.
REPORT_TEXT, ANNEX_TABLE = "报告文字", "附表区域"
REPORT_FILE, ANNEX_FILES, STATUS = "报告文件", "附表文件", "处理结果"
PROJECT_ROWS, PROJECT_TOTAL = "项目区域", "项目合计"
CHECKED_ROWS, ISSUE_ROWS = "核对区域", "问题区域"

PARAGRAPHS = 1000  # rows that the narrative may take
ANNEX_ROWS, ANNEX_COLUMNS = 200, 20
PROJECTS = 30  # rows of projects
SPILLS = 400  # rows kept ready, in look, for a result that spills down

NO_INTERPRETER = "（请在装有 Excel 的 Windows 电脑上重新运行 audit workbook 生成本工作簿）"


class Button(NamedTuple):
    """macro    name of the VBA procedure      action  function of `buttons.py`, "" where VBA does it all
    sheets   where it stands
    """

    macro: str
    caption: str
    action: str
    help: str
    sheets: tuple[str, ...]


BUTTONS = (
    Button(
        "AuditReadReport",
        "读取报告",
        "read_report",
        "选择自评报告和附表，读入“叙述”“附表”“执行率复算”",
        (GUIDE, NARRATIVE),
    ),
    Button(
        "AuditRecheck",
        "重新核对",
        "recheck",
        "全部重算，并在上方“处理结果”写出核对情况",
        (GUIDE, CHECKS, ISSUES),
    ),
    Button(
        "AuditWritePaper",
        "导出底稿",
        "write_paper",
        "在本工作簿旁写出审计底稿：按“报告文件”“附表文件”所列的文件，没有列的按两张表中的内容；已填的核实意见保留",
        (GUIDE, ISSUES),
    ),
    Button(
        "AuditFillForms",
        "填列附表",
        "fill_forms",
        "从同样的文件或内容起草数据，在本工作簿旁的新文件夹里填列标准附表",
        (GUIDE,),
    ),
)

HOW_TO = (
    "各表现在是样例（虚构的部门，报告里埋有差错），可先看看效果。",
    "打开本文件后，如上方出现“安全警告 宏已被禁用”，请点“启用内容”。不启用也能看：各格都存有生成时算好的值。",
    "在“叙述”粘贴报告文字（每段一行），在“附表”粘贴附表所在区域；或点“读取报告”选择文件。",
    "“执行率复算”“核对”“问题清单”随即重算；改动任何一格，相关结果同时更新。",
    "淡黄色单元格供填写。各函数也可写在其他工作表里，公式与 Excel 自带函数一样使用。",
    "结果为多行多列的函数会自动向下展开；Excel 2019 及更早版本请先选中足够大的区域，按 Ctrl+Shift+Enter 输入。",
    "函数在本机用 Python 计算，数据不离开本机。换电脑、升级 xlwings 后，请运行 audit workbook 重新生成。",
    "WPS 和未装 Python 的电脑只能看存好的值，不能重算；请改用“导出底稿”生成的底稿，其中的公式都是表内公式。",
    "函数不可用时，请运行 audit doctor，按提示处理。",
)
