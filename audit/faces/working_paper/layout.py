"""Names, columns, colours and legends of the working paper. Data only."""

from __future__ import annotations

from typing import Any

from ...findings import Severity, Status

COVER, LEDGER, CHECKS, FINDINGS, LEGEND = "封面", "数值台账", "核对表", "问题清单", "标识说明"
TITLE = "部门整体支出绩效自评核对底稿"
FIRST = 3  # title, signatures, column heads; then rows

LEDGER_COLUMNS = {
    "序号": 6, "原文": 15, "数值": 13, "单位": 8, "类别": 8, "折算值": 14, "折算单位": 9, "位置": 15,
    "上下文": 54, "文件": 18, "核对索引": 16,
}  # fmt: skip
CHECK_COLUMNS = {
    "索引号": 6.5, "规则": 6.5, "事项": 17, "勾稽关系／公式": 34, "台账索引": 11, "关系": 5, "报告数": 12,
    "重算数": 12, "差异": 10, "容差": 9, "单位": 6.5, "机器结论": 9, "标识": 5, "依据": 19, "发现": 6,
    "说明": 16, "审计说明": 18, "指纹": 18,
}  # fmt: skip
FINDING_COLUMNS = {
    "序号": 5, "程度": 6, "规则": 6.5, "核对索引": 8.5, "台账索引": 8.5, "事实描述": 36, "原文及位置": 34,
    "报告数": 11, "重算数": 11, "差异": 10, "依据": 19, "建议核实事项": 20, "核实意见": 9, "说明": 15,
    "被审核单位意见": 15, "整改情况": 11, "指纹": 18,
}  # fmt: skip
OPINIONS = ["属实", "排除", "待核"]
AUDITORS_COLUMNS = ("核实意见", "说明", "被审核单位意见", "整改情况")
ENTRIES = ("被审核单位", "审核期间", "编制人", "编制日期", "复核人", "复核日期")
ENTRY_ROW = 3  # on the cover, two entries a row
ENTRY_CELLS = (
    ("被审核单位", "$B$4"),
    ("编制人", "$B$5"),
    ("编制日期", "$F$5"),
    ("复核人", "$B$6"),
    ("复核日期", "$F$6"),
)
SIGNATURES = "编制人：____________　复核人：____________"
NOT_SEEN_AGAIN = "本次未见"

KINDS = {
    "money": "金额", "percent": "比率", "count": "数量", "standard": "标准", "score": "分值", "date": "日期",
    "area": "面积", "length": "长度", "other": "其他",
}  # fmt: skip
STATUS_COLOURS = {
    Status.AGREES: ("#1E6B3A", "#E3F1E6"),
    Status.ROUNDING: ("#7A5B00", "#FFF4CC"),
    Status.DIFFERS: ("#A61B1B", "#FBE0DE"),
    Status.NOT_CHECKED: ("#52606D", "#E9ECEF"),
}
STATUS_MEANINGS = {
    Status.AGREES: "重算结果按原文小数位四舍五入后与报告数一致",
    Status.ROUNDING: "差异在原文舍入（或截尾）所能解释的范围内",
    Status.DIFFERS: "差异超出舍入所能解释的范围，请核实",
    Status.NOT_CHECKED: "条件不足（如分母为零、数据缺失），未作判断，原因见“说明”",
}
SEVERITY_COLOURS = {
    Severity.ERROR: ("#A61B1B", "#FBE0DE"),
    Severity.QUESTION: ("#8A4B08", "#FDEBD0"),
    Severity.NOTE: ("#1F4E8C", "#E1ECF7"),
}
SEVERITY_MEANINGS = {
    Severity.ERROR: "同一口径的数据前后不符，或计算结果不符",
    Severity.QUESTION: "口径、期间或对象未能完全确定，可能不符",
    Severity.NOTE: "文字、格式或披露方面的提示，一般不影响数据",
}
MARKS = {
    "√": "核对一致：两处直接比对，数据相同",
    "∧": "纵加相符：分项合计与合计数相符",
    "R": "重算相符：按公式重新计算，结果相符",
    "≈": "尾差：舍入或截尾形成的差异",
    "×": "不符：差异超出舍入范围",
    "?": "待核实：不符，但口径尚未确定（对应“疑点”）",
    "△": "关注：不符，但性质为提示（对应“提示”）",
    "—": "不适用：未能核对",
}
ENTRY = "#FFFBEA"  # the auditor's own cells
LINE = "#9AA5B1"
BOX: dict[str, Any] = {"border": 1, "border_color": LINE}
