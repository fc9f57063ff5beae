"""The words and boxes of every shipped form. Printed labels are those of the forms; notes are in our own words."""

from __future__ import annotations

from math import ceil

from sheet import (
    FUNDS,
    SIGNED,
    WIDE,
    WORKED_OUT,
    Sheet,
    answer,
    cells,
    form,
    funds,
    goals,
    indicators,
    notes,
    signature,
    title,
)  # fmt: skip

from audit.forms.description import profile

# ---- 湖南 ----------------------------------------------------------------------------------------------------


@form("hunan/basic-data")
def hunan_basic() -> Sheet:
    sheet = Sheet("基础数据表", [30, 13, 13, 13, 13, 13, 13], landscape=False)
    sheet.row(1, ("A:G", "年度部门整体支出绩效评价基础数据表", "title"), height=36)
    sheet.row(2, ("A:E", "填报单位：", "line"), ("F:G", "单位：万元", "right"), height=22)
    sheet.put("A3:A4", "财政供养人员情况（人）")
    sheet.row(3, *cells("B:C 编制数 | D:E 实际在职人数 | F:G 控制率"), height=22)
    sheet.row(4, *cells("B:C | D:E | F:G"), height=22)
    heads = cells("B:C 上年决算数 | D:E 当年预算数 | F:G 当年决算数")
    sheet.row(5, ("A", "经费控制情况（万元）", "head"), *heads, height=24)
    labels = (
        "三公经费|　1、公务用车购置和维护经费|　　其中：公车购置|　　　　　公车运行维护|　2、出国经费|　3、公务接待"
        "|项目支出：|　1、业务工作专项|　2、运行维护专项|"
        "|公用经费|　其中：办公经费|　　　　水费、电费、差旅费|　　　　会议费、培训费|政府采购金额|部门基本支出预算调整"
    )
    for n, text in enumerate(labels.split("|"), 6):
        sheet.row(n, ("A", text, "left"), *cells("B:C | D:E | F:G"), height=21)
    sheet.page["A15"].alignment = sheet.page["A15"].alignment.copy(indent=2)  # 本级专项资金, under 项目支出
    sheet.put("A22:A23", "楼堂馆所控制情况（当年完工项目）")
    heads = cells(
        "B 批复规模（㎡） | C 实际规模（㎡） | D 规模控制率 | E 预算投资（万元） | F 实际投资（万元） | G 投资概算控制率"
    )
    sheet.row(22, *heads, height=32)
    sheet.row(23, *cells("B | C | D | E | F | G"), height=22)
    sheet.row(24, ("A", "厉行节约保障措施"), ("B:G", ""), height=70)
    text = (
        "注：“项目支出”填基本支出以外的全部支出，包括业务工作专项、运行维护专项和本级专项资金（一个专项一行）；"
        "“公用经费”填基本支出中的一般商品和服务支出。"
    )
    signature(sheet, notes(sheet, 25, text, 30), f"{SIGNED}（签名）：")
    sheet.page.print_title_rows = "5:5"
    return sheet


@form("hunan/overall")
def hunan_overall() -> Sheet:
    sheet = Sheet("整体支出绩效自评表", WIDE, WORKED_OUT)
    title(sheet, "年度部门（单位）整体支出绩效自评表", "单位：万元", "right")
    sheet.row(3, ("A:B", "部门（单位）名称"), ("C:I", ""), height=24)
    sheet.put("A4:A10", "年度预算\n申请\n（万元）")
    sheet.row(4, ("B:C", ""))
    sheet.heads(4, FUNDS)
    sheet.row(5, ("B:C", "年度资金总额"), *((c, 10 if c == "G" else "") for c, _ in FUNDS), height=24)
    split = "按收入性质分（全年执行数）：", "按支出性质分（全年执行数）："
    sheet.row(6, ("B:F", split[0], "left"), ("G:I", split[1], "left"), height=22)
    sources = "其中：一般公共预算|政府性基金拨款|纳入专户管理的非税收入拨款|其他资金".split("|")
    natures = "其中：基本支出|项目支出||".split("|")
    for n, (source, nature) in enumerate(zip(sources, natures, strict=True), 7):
        sheet.row(n, ("B:D", source, "left"), ("E:F", ""), ("G:H", nature, "left"), ("I", ""), height=22)
    signature(sheet, indicators(sheet, goals(sheet, 11)))
    return sheet


def project_head(sheet: Sheet, first: str) -> int:
    """Title to funds of the national project form; returns the row for the goals."""
    title(sheet, "项目支出绩效自评表")
    sheet.row(3, ("A:B", first), ("C:I", ""), height=24)
    sheet.row(4, *cells("A:B 主管部门 | C:E | F 实施单位 | G:I"), height=24)
    labels = "年度资金总额|其中：当年财政拨款|　　　上年结转资金|　　　其他资金"
    return funds(sheet, 5, "项目资金（万元）", labels)


@form("hunan/project")
def hunan_project() -> Sheet:
    sheet = Sheet("项目支出绩效自评表", WIDE, WORKED_OUT)
    signature(sheet, indicators(sheet, goals(sheet, project_head(sheet, "项目支出名称"))))
    return sheet


@form("hunan/scoring-2013")
def hunan_scoring() -> Sheet:
    """Rows, points and standards are data of the form: [[metric]]."""
    sheet = Sheet("整体支出绩效评价指标评分表", [11, 7, 11, 7, 20, 7, 48, 40, 9])
    sheet.row(1, ("A:I", "年度部门整体支出绩效评价指标评分表", "title"), height=34)
    sheet.row(2, ("A:G", "填报单位：", "line"), ("H:I", "单位：万元", "right"), height=20)
    heads = cells("A 一级指标 | B 分值 | C 二级指标 | D 分值 | E 三级指标 | F 分值 | G 评价标准")
    sheet.heads(3, (*heads, ("H", "指标说明"), ("I", "得分")), height=28)
    sheet.page.print_title_rows = "3:3"
    metrics = profile("hunan").form("scoring-2013").about["metric"]
    for n, metric in enumerate(metrics, 4):
        words = ("G", metric["standard"], "left"), ("H", metric["definition"], "left")
        lines = max(ceil(len(metric["standard"]) / 24), ceil(len(metric["definition"]) / 21))
        sheet.row(n, ("E", metric["name"]), ("F", metric["points"]), *words, ("I", ""), height=13 * lines + 9)
    end = 4 + len(metrics)
    for key, column, points in (("level1", "A", "B"), ("level2", "C", "D")):
        starts = [n for n, metric in enumerate(metrics, 4) if key in metric]
        for top, below in zip(starts, [*starts[1:], end], strict=True):
            sheet.put(f"{column}{top}:{column}{below - 1}", metrics[top - 4][key])
            sheet.put(f"{points}{top}:{points}{below - 1}")
    total = ("A:E", "总分", "head"), ("F", ""), ("G", "评价等级", "head"), ("H", ""), ("I", "")
    sheet.row(end, *total, height=26)
    signature(sheet, end + 1)
    sheet.last_row = end + 1
    sheet.page.page_setup.fitToHeight = 1
    _scoring_basis(sheet, end + 3)
    return sheet


def _scoring_basis(sheet: Sheet, row: int) -> None:
    """What the six metrics are worked out from: below the printed table."""
    sheet.row(row, ("A:I", "计算依据（不打印）：填好后，上表前六项自动计分", "line"), height=24)
    sheet.row(row + 1, ("A:D", "三公经费预算（万元）", "head"), ("E", "当年预算数", "head"), height=22)
    left = (
        "公车购置|公车运行维护|出国经费|公务接待|三公经费|上年三公经费预算数|三公经费预算增长"
        "|编制数|实际在职人数|在职人员占编制"
    )
    right = (
        "上年结转|年初预算|本年追加预算|可用预算合计|全年预算数|全年执行数|年末结余|可用预算完成比例|追加预算占年初预算"
        "|楼堂馆所面积完成比例|楼堂馆所投资完成比例"
    )
    for n, text in enumerate(left.split("|"), row + 2):
        sheet.row(n, ("A:D", text, "left"), ("E", ""), height=22)
    for n, text in enumerate(right.split("|"), row + 1):
        sheet.row(n, ("G", text, "left"), ("H", ""), height=22)
    heads = cells("A:D 批复规模（㎡） | E 实际规模（㎡） | G 预算投资（万元） | H 实际投资（万元）")
    sheet.heads(row + 13, heads)
    sheet.row(row + 14, *((columns, "") for columns, _ in heads), height=22)
    notes(sheet, row + 15, "注：楼堂馆所填当年完工的项目，一个项目一行；没有的空着。", 20)


# ---- 财政部 --------------------------------------------------------------------------------------------------


@form("mof/project")
def mof_project() -> Sheet:
    sheet = Sheet("项目支出绩效自评表", WIDE, WORKED_OUT)
    row = indicators(sheet, goals(sheet, project_head(sheet, "项目名称")))
    text = (
        "注：1.一级指标分值统一为产出指标50分、效益指标30分、满意度指标10分，预算执行率10分。\n"
        "　　2.定性指标按完成程度分三档计分：分值的100%至80%（含）、80%至60%（含）、60%以下。\n"
        "　　3.定量指标达到指标值的得满分；未达到的，正向指标按实际完成值÷指标值、反向指标按指标值÷实际完成值折算，"
        "不超过该项分值。"
    )
    notes(sheet, row, text, 46)
    return sheet


# ---- 新疆 ----------------------------------------------------------------------------------------------------


@form("xinjiang/overall")
def xinjiang_overall() -> Sheet:
    sheet = Sheet("整体支出绩效自评表", [9, 24, 7, 12, 8, 12, 12, 10, 9, 9, 21, 21])
    title(sheet, "部门（单位）整体支出绩效自评表")
    sheet.row(3, ("A:B", "部门单位名称（公章）"), ("C:L", ""), height=26)
    heads = cells("D:E 年初预算数 | F:G 全年预算数 | H:I 全年执行数 | J 分值 | K 执行率 | L 得分")
    labels = "年度资金总额|其中：基本支出|　　　项目支出|其中：上级资金|　　　本级资金|　　　其他资金"
    row = funds(sheet, 4, "年度预算\n（万元）", labels, heads, rates="")
    row = goals(sheet, row, cells("B:G 预期目标 | H:L 实际完成情况"))
    heads = cells(
        "B 指标名称 | C 符号 | D 预期指标值 | E 单位 | F 年中监控实际完成值 | G 年末实际完成值 | H 完成率 | I 权重\n（分值）"
        " | J 自评得分 | K 偏差原因 | L 改进措施"
    )
    signature(sheet, indicators(sheet, row, heads, last="H"))
    return sheet


# ---- 江西 ----------------------------------------------------------------------------------------------------


@form("jiangxi/overall")
def jiangxi_overall() -> Sheet:
    sheet = Sheet("部门整体支出绩效自评表", WIDE, WORKED_OUT)
    title(sheet, "部门整体支出绩效自评表")
    sheet.row(3, ("A:B", "部门名称"), ("C:I", ""), height=26)
    labels = "总额|其中：基本支出|　　　项目支出"
    row = goals(sheet, funds(sheet, 4, "预算执行\n情况\n（万元）", labels, rates=""))
    heads = "B 一级指标 | C 二级指标 | D 三级指标 | E 指标值 | F 完成值 | G 分值 | H 得分 | I 偏差原因"
    row = indicators(sheet, row, cells(heads))
    text = (
        "注：1.定量指标达到指标值的得满分；未达到的，正向指标按完成值÷指标值、反向指标按指标值÷完成值折算，不超过该项分值。\n"
        "　　2.定性指标按完成程度分三档计分：分值的100%至80%（含）、80%至50%（含）、50%以下。"
    )
    signature(sheet, notes(sheet, row, text, 32))
    return sheet


# ---- 四川 ----------------------------------------------------------------------------------------------------


@form("sichuan/project")
def sichuan_project() -> Sheet:
    sheet = Sheet("部门预算项目支出绩效自评表", [9, 12, 16, 21, 9, 12, 9, 12, 11, 9, 9, 20], ("完成率",))
    sheet.row(1, ("A:L", "部门预算项目支出绩效自评表", "title"), height=34)
    sheet.row(2, ("A:C", "报表编号：510000_0013zp", "line"), ("D:I", "（年度）", "middle"), height=20)
    sheet.row(2, ("J:L", "单位：万元", "right"))
    sheet.row(3, ("A:C", "项目名称"), ("D:L", ""), height=24)
    sheet.row(4, *cells("A:C 主管部门 | D:F | G:H 实施单位（盖章） | I:L"), height=24)
    sheet.put("A5:A7", "项目基本\n情况")
    sheet.put("B5:C6", "1.项目年度目标完成情况", "left")
    sheet.heads(5, cells("D:G 项目年度目标 | H:L 年度目标完成情况"), height=22)
    sheet.row(6, ("D:G", "", "left"), ("H:L", "", "left"), height=80)
    sheet.row(7, ("B:C", "2.项目实施内容及过程概述", "left"), ("D:L", "", "left"), height=60)
    heads = cells(
        "B:C 年度预算数（万元） | D 年初预算 | E:F 调整后预算数 | G:H 预算执行数 | I 预算执行率 | J 权重 | K 得分 | L 原因"
    )
    labels = "总额|其中：财政资金|　　　财政专户管理资金|　　　单位资金|　　　其他资金".split("|")
    last = 8 + len(labels)
    sheet.put(f"A8:A{last}", "预算执行\n情况\n（10分）")
    sheet.heads(8, heads, height=30)
    for n, text in enumerate(labels, 9):
        points = cells("J — | K —") if n > 9 else (("J", 10), ("K", ""))
        sheet.row(n, ("B:C", text, "left"), *cells("D | E:F | G:H | I"), *points, height=22)
    sheet.put(f"L9:L{last}", "", "left")
    heads = cells(
        "B 一级指标 | C 二级指标 | D 三级指标 | E 指标性质 | F 指标值 | G 度量单位 | H 完成值 | I 权重"
        " | J 得分 | K:L 未完成原因分析"
    )
    row = indicators(sheet, last + 1, heads, "绩效指标\n（90分）", total="合计", last="H")
    for label in ("评价结论", "存在问题", "改进措施"):
        row = answer(sheet, row, label)
    sheet.row(row, *cells("A:B 项目负责人 | C:E | F:G 财务负责人 | H:L"), height=26)
    return sheet


# ---- 重庆 ----------------------------------------------------------------------------------------------------


@form("chongqing/overall")
def chongqing_overall() -> Sheet:
    sheet = Sheet("部门整体绩效自评表", [11, 26, 9, 10, 12, 12, 12, 11, 10, 10, 10], ("目标数",))
    title(sheet, "部门整体绩效自评表")
    sheet.row(3, *cells("A 主管部门 | B:C | D:E 财政处室 | F:G | H:I 自评总分 | J:K"), height=26)
    sheet.row(4, *cells("A 部门联系人 | B:C | D:E 电话 | F:K"), height=24)
    heads = cells(
        "A 部门预算\n执行情况\n（万元） | B 年初预算数 | C:D 全年（调整）预算数 | E:F 全年执行数"
        " | G 执行率（%） | H:I 执行率权重（分） | J:K 执行率得分（分）"
    )
    sheet.heads(5, heads, height=46)
    sheet.row(6, *cells("A 总额 | B | C:D | E:F | G | J:K"), ("H:I", 10), height=26)
    heads = cells("B:D 年初绩效目标 | E:G 全年（调整）绩效目标 | H:K 目标实际完成情况")
    row = goals(sheet, 7, heads, "当年绩效\n目标")
    heads = cells(
        "B 指标名称 | C 计量单位 | D 指标性质 | E 年初指标值 | F 调整指标值 | G 全年完成值 | H 得分系数\n（%） | I 指标权重\n（分）"
        " | J 指标得分\n（分） | K 是否核心指标"
    )
    answer(sheet, indicators(sheet, row, heads, total=""), "说明", 40, until="A")
    return sheet


# ---- 中央对地方转移支付 --------------------------------------------------------------------------------------


@form("transfer-payment/project")
def transfer_payment() -> Sheet:
    sheet = Sheet("转移支付绩效目标自评表", [9, 12, 16, 20, 14, 14, 20], landscape=False)
    title(sheet, "中央对地方转移支付绩效目标自评表")
    sheet.row(3, ("A:C", "转移支付（项目）名称"), ("D:G", ""), height=26)
    sheet.row(4, ("A:C", "中央主管部门"), ("D:G", ""), height=24)
    sheet.row(5, *cells("A:C 地方主管部门 | D | E 资金使用单位 | F:G"), height=24)
    sheet.put("A6:A10", "资金情况\n（万元）")
    sheet.row(6, ("B:C", ""))
    sheet.heads(6, cells("D 全年预算数（A） | E:F 全年执行数（B） | G 预算执行率（B/A）"), height=26)
    for n, text in enumerate(("年度资金总额", "其中：中央补助", "　　　地方资金", "　　　其他资金"), 7):
        sheet.row(n, ("B:C", text, "left"), *cells("D | E:F | G"), height=22)
    row = goals(sheet, 11, cells("B:D 总体目标 | E:G 全年实际完成情况"), "总体目标\n完成情况")
    heads = "B 一级指标 | C 二级指标 | D 三级指标 | E 指标值 | F 全年实际完成值 | G 未完成原因和改进措施"
    row = answer(sheet, indicators(sheet, row, cells(heads), total=""), "说明", until="A")
    text = (
        "注：1.其他资金填与中央补助、地方资金共同用于本项目的自有资金、社会资金等，以前年度的结转结余也填在这里。\n"
        "　　2.全年执行数填资金使用单位当年实际支付的数额，已下达而尚未支付的不计入。\n"
        "　　3.汇总填报时，定量指标填合计数或平均数，定性指标按总体完成程度填写；未完成的说明原因和改进措施。"
    )
    notes(sheet, row, text, 60)
    return sheet
