"""R80x–R84x: marks, numbering, terms, doubled words, word order, copied text."""

from __future__ import annotations

import pytest

HEAD = "2024年度部门整体支出绩效自评报告\n"


def places(outcome):
    return [span.text for finding in outcome.findings for span in finding.evidence]


@pytest.mark.parametrize(
    ("code", "text", "at"),
    [
        ("R801", "下设综合股(加挂督查股牌子）。", "(加挂督查股牌子）"),
        ("R801", "下设综合股（加挂督查股牌子、财务股。\n年末在职12人。", "（加挂督查股牌子"),
        ("R802", "年初预算项目“桥梁维修专项资金，支出5.00万元。", "“桥梁维修专项资金"),
        ("R802", "落实“一户一档管理”要求”，群众满意。", "落实“一户一档管理”要求”"),
        ("R802", '实施了“放心桥"改造。', '“放心桥"改造'),
        ("R802", "印发了《公务卡管理办法、《内控手册》等制度。", "《公务卡管理办法"),
        ("R803", "完善了管理制度。。", "管理制度。。"),
        ("R803", "因搬迁、停电、等原因延误。", "迁、停电、等原"),
        ("R803", "硬化道路3公里，（含桥梁1座），群众满意。", "路3公里，（含"),
        ("R803", "落实过紧日子要求，压减了一般性支出、\n二、绩效情况", "，压减了一般性支出、"),
        (
            "R803",
            "内设机构：局机关下设办公室、人事股、财务股；项目股、督查股5个股室。",
            None,
        ),
        ("R805", "完善制度,强化监督，做好服务，压实责任，形成合力。", "完善制度,强化监督"),
        ("R805", "开展“爱心.助老”活动，效果良好，群众满意，反响热烈。", None),
        ("R806", "根据青财绩[2024]5号文件要求。", "根据青财绩[2024]5号"),
    ],
)
def test_marks_are_looked_at(check, code, text, at):
    found = places(check(code, HEAD + text))
    assert len(found) == 1 and (at is None or found == [at])


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("R801", "（一）基本情况\n1）办公室；2）财务股（含档案室）。"),
        ("R801", "下设综合股（加挂督查股\n牌子）、财务股。"),
        ("R802", "学习了《关于印发〈内控手册〉的通知》和“三重一大”制度。"),
        ("R803", "职工分为高级、中级、初级等三类，另有工勤（含司机）人员。"),
        ("R803", "评价等级分为优、良、等级不合格三类。"),
        ("R805", "共支出1,234.5万元,其中:人员经费900万元,公用经费334.5万元,均按规定使用,未超预算."),
        ("R806", "根据青财绩〔2024〕5号文件和3〔12〕号图纸。"),
    ],
)
def test_sound_marks_pass(check, code, text):
    assert check(code, HEAD + text).raised("code") == []


def test_the_same_slip_is_one_finding_with_all_places(check):
    text = "年初预算项目“桥梁维修资金，支出5.00万元。\n年初预算项目“渡口改造资金，支出6.00万元。"
    found = check("R802", HEAD + text)
    assert found.raised("message") == [("引号不配对2处，见““桥梁维修资金”",)]
    assert places(found) == ["“桥梁维修资金", "“渡口改造资金"]


LIST = "1.严格审批流程，做到专款专用{}\n2.加强合同管理，逐份审核。\n3.规范资产管理，定期盘点。\n二、下一步\n将加强培训，提高水平。"


def test_a_paragraph_ends_with_a_stop(check):
    assert places(check("R804", HEAD + LIST.format(""))) == ["做到专款专用"]
    assert places(check("R804", HEAD + LIST.format("。"))) == []


def test_headings_with_a_comma_and_line_breaks_need_no_stop(check):
    text = "（一）聚焦重点群体，服务更加精准\n全年走访老人300户，送餐5000份。\n"
    text += "加强管理，规范流程，支出\n情况如下：\n一切正常，未发现问题。"
    assert places(check("R804", HEAD + text)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("一、概况\n概况如下。\n三、结论\n结论如下。", "序号由“一、”跳到“三、”"),
        ("一、概况\n（一）职能\n略述。\n（一）机构\n略述。\n二、结论", None),
        ("（一）职能\n略述。\n（二）机构\n略述。\n（二）人员\n略述。", "序号“（二）”重复"),
        ("一、职能\n1.甲事项办理。\n3.乙事项办理。", "序号由“1.”跳到“3.”"),
        ("一是抓培训；二是抓管理；四是抓督查。", "分项序号“四是”与前一项不连续"),
        ("做到：①摸底；②公示；④发放。", "分项序号“④”与前一项不连续"),
        ("指标一：救助人数。\n指标二：发放率。\n指标二：满意度。", "序号“指标二”重复"),
        (
            "（一）指标一：甲\n完成。\n（二）指标二：乙\n完成。\n（三）指标三：丙\n完成。\n（四）指标三：丁\n完成。",
            "序号“（四）”与“指标三”不对应",
        ),
        (
            "1.数量指标：已完成。\n2.质量指标：已完成。\n成本指标：已完成。",
            "“2.”之后并列的标题“成本指标”没有序号",
        ),
        (
            "（一）人员情况\n在职5人。\n资产情况\n车辆1辆。\n（二）车辆情况\n车辆1辆。",
            "“（一）”之后并列的标题“资产情况”没有序号",
        ),
    ],
)
def test_numbers_follow_each_other(check, text, message):
    found = [m for (m,) in check("R811", HEAD + text).raised("message")]
    assert found == ([message] if message else found)


def test_headings_that_lost_their_numbers_are_named(check):
    text = "二、支出情况\n如下。\n基金支出情况\n无。\n资本支出情况\n无。\n五、绩效情况\n如下。"
    found = check("R811", HEAD + text)
    assert found.raised("message") == [("序号由“二、”跳到“五、”，其间的标题“基金支出情况”等没有序号",)]
    assert places(found) == ["五、绩效情况", "基金支出情况", "资本支出情况"]


@pytest.mark.parametrize(
    "text",
    [
        "一、概况\n1.甲。2.乙。\n3.丙。",  # the missing number stands inside the text
        "一、概况\n（一）甲\n（1）子项。\n（2）子项。\n（二）乙\n（1）子项。\n二、结论",
        "附件：1. 2024年度自评表\n2. 2024年度基础数据表",
        "四、从中间摘录的一节\n文字。\n五、下一节\n文字。",
        "一是抓培训；二是抓管理。成效有二：一是资金安全；二是群众满意。",
    ],
)
def test_lists_within_lists_pass(check, text):
    assert check("R811", HEAD + text).raised("message") == []


def test_markers_of_one_list_look_alike(check):
    assert places(check("R813", HEAD + "(1)甲事项。\n（2）乙事项。\n（3）丙事项。")) == ["(1)甲事项"]
    assert places(check("R813", HEAD + "1.甲事项。\n2、乙事项。\n3.丙事项。")) == ["2、乙事项"]
    assert places(check("R813", HEAD + "(1)甲事项。\n(2)乙事项。\n一、概况\n（1）丙。\n（2）丁。")) == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("七、存在问题\n绩效意识有待加强。八、下一步措施\n加强培训。", "八、下一步措施"),
        (
            f"1、提升养老服务。{'全年开展上门服务，' * 12}群众满意。2、关爱困境儿童。{'定期开展走访，' * 12}成效明显。",
            "2、关爱困境儿童",
        ),
    ],
)
def test_a_heading_starts_a_paragraph(check, text, at):
    assert places(check("R814", HEAD + text)) == [at]


def test_short_lists_may_stand_in_one_paragraph(check):
    assert places(check("R814", HEAD + "所属单位3个：1、福利院。2、救助站。3、服务中心。")) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("在各街道办理处设立窗口。", "街道办理处"),
        ("资金及时拔付到位。", "拔付"),
        ("加挂社会组织管理办公室怕牌子。", "组织管理办公室怕牌子"),
        ("人居环镜整治成效明显。", "人居环镜整治"),
        ("公务接待费与2022年度般公共预算持平。", "般公共预算"),
        ("完成街道办处改造。", "街道办处"),
        ("设置了实效指标。", "实效指标"),
        ("加强组织领到，层层压实。", "组织领到"),
    ],
)
def test_misspelt_terms_are_named(check, text, shown):
    assert places(check("R821", HEAD + text)) == [shown]


@pytest.mark.parametrize(
    "text",
    [
        "街道办事处办理事项86件，街道办理了登记。",
        "绩效目标、绩效指标、绩效标准、基层组织、残疾人事业、满意度目标。",
        "加挂信访办公室牌子、老龄办牌子。",
        "对个人和家庭补助支出、公益岗位、动物疫情防控。",
    ],
)
def test_other_right_words_pass(check, text):
    assert places(check("R821", HEAD + text)) == []


def test_a_name_written_otherwise_once_is_noted(check):
    again = "青石桥水库管护站已完工。" * 3
    assert places(check("R822", f"{HEAD}{again}青石桥水库管户站运转正常。")) == ["水库管户站"]
    assert places(check("R822", f"{HEAD}{again}青石桥水库管护站运转正常。")) == []


@pytest.mark.parametrize(("year", "count"), [("2024", 1), ("2015", 0)])
def test_replaced_terms_depend_on_the_year(check, year, count):
    text = f"{year}年度部门整体支出绩效自评报告\n负责农村五保供养工作，贯彻《农村五保供养条例》。"
    assert len(places(check("R823", text))) == count


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("完成30户老人家庭完成适老化改造。", "完成30户老人家庭完成"),
        ("对公办机构按照入住人数按照标准补助。", "按照入住人数按照"),
        ("拟将本次评价结果将在网站公开。", "将本次评价结果将"),
        ("预算编制的的准确性不高。", "编制的的准确"),
        ("要进一步进一步规范管理。", "进一步进一步"),
        ("老人、儿童、儿童保护政策。", "儿童、儿童"),
        ("提升服务水平。提升服务水平。", "提升服务水平。提升服务水平"),
    ],
)
def test_doubled_words_are_named(check, text, at):
    assert places(check("R831", HEAD + text)) == [at]


@pytest.mark.parametrize(
    "text",
    [
        "为了了解情况，达到目的的同时，参与与会讨论。",
        "每人每月补助50元，8人每人每月60元。",
        "计划完成5项，实际完成5项，完成率100%。",
        "困境儿童、儿童福利机构、社会组织组织的活动。",
        "按照要求，按照时限办结。",
    ],
)
def test_words_that_repeat_rightly_pass(check, text):
    assert places(check("R831", HEAD + text)) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("按时了发放补贴。", "“了”的位置不对"),
        ("主要对为解决住房困难的家庭给予补助。", "介词重复"),
        ("接待费与上年下降3.2%。", "缺“相比”"),
        ("部门之间衔接的不够紧密。", "“的”应为“得”"),
        ("截止2024年末，在职12人。", "“截止”应为“截至”"),
        ("补贴按时按质已拨付。", "语序不顺"),
        ("项目支出5.00万元，主要用于。", "句子没有写完"),
        ("公务接待费增长下降3.1%。", "增减方向自相矛盾"),
        ("村容得到了明显的提高了。", "“了”或“得到”重复"),
        ("共发放补贴50户，其中：其中农村20户。", "引出语重复"),
        ("公共服务支出占,88.19%。", "数字前多标点"),
        ("我单位2024底有职工16人。", "年份后漏“年”字"),
        ("环节较多，致使导致进度滞后。", "用词重复"),
        ("加固堤防2处，确保了群众安全度汛的。", "句末多“的”"),
        ("学习不够，需要进一步的加强。", "“的”应为“地”"),
    ],
)
def test_how_words_go_together(check, text, what):
    assert what in " ".join(m for (m,) in check("R832", HEAD + text).raised("message"))


@pytest.mark.parametrize(
    "text",
    [
        "及时了解情况，按时发放了补贴，足额已不成问题。",
        "与上年相比下降3.2%，比上年减少。",
        "存在的不足主要是衔接的机制不健全。",
        "补助对象为低保户，主要为老人。",
        "2024年底在职16人，占88.19%。",
        "达到了预期的目的。这是群众最关心的。",
    ],
)
def test_sound_sentences_pass(check, text):
    found = [m for (m,) in check("R832", HEAD + text).raised("message") if "语序" not in m]
    assert found == []


def test_text_used_twice_is_one_finding(check):
    first = "项目的实施改善了{}老人的居住条件，保障了老人的基本生活权益，减轻了家庭负担"
    text = f"{HEAD}{first.format('城区')}。\n{first.format('乡村')}。"
    assert len(check("R841", text).findings) == 1
    figures = "全年支出{}万元，其中人员经费{}万元，公用经费{}万元，全部按规定使用完毕"
    assert check("R841", f"{HEAD}{figures.format(5, 3, 2)}。\n{figures.format(6, 4, 2)}。").findings == ()


def test_a_wrapped_page_is_no_slip(check):
    text = "全年支出资金救助困难群众1657户，有效保障了困难群众的基本生活，群众动\n\n态管理不断加强，资金使用规范。\n"
    for code in ("R801", "R802", "R803", "R804", "R805", "R811", "R831", "R832", "R841"):
        assert check(code, HEAD + text).raised("code") == []


@pytest.mark.parametrize(
    ("code", "text", "shown"),
    [
        ("R821", "部分指标的数值偏底。", "偏底"),
        ("R821", "部门目标编治不够细。", "目标编治"),
        ("R831", "保障老人、老人和妇女的权益。", "老人、老人"),
        ("R831", "主要用于印刷、差旅等等方面。", "等等"),
        ("R831", "建立台账，逐项销号，逐项销号。", "逐项销号，逐项销号"),
        ("R401", "请围绕年度工作任务，简述资金投入和完成情况。", "请围绕年度工作任务"),
    ],
)
def test_slips_of_short_words_and_doublings_are_named(check, code, text, shown):
    told = [span.text for finding in check(code, HEAD + text).findings for span in finding.evidence]
    assert any(shown in words for words in told), told


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("R821", "村民委员会所在的偏底村完成登记，编制目标。"),
        ("R821", "执行率低的原因是工资津贴调整。"),
        ("R831", "老人、老人家属和妇女参加，等等。"),
        ("R831", "逐项销号，逐项核对。"),
        ("R401", "请示事项办结后，我局说明了资金使用情况。"),
        ("R401", "（一）概述及目标\n简要说明如下：\n全年完成。"),
        ("R401", "我局提请县政府研究，并对执行进度作了说明。"),
    ],
)
def test_right_words_and_lists_pass(check, code, text):
    assert check(code, HEAD + text).findings == ()


def test_indicators_numbered_twice_are_named(check):
    rows = "\n".join(f"指标 {n}：第{n}类补贴发放率。全年完成。" for n in (1, 2, 2, 4))
    assert "序号“指标2”重复" in " ".join(m for (m,) in check("R811", HEAD + rows).raised("message"))
    rows = "\n".join(f"指标 {n}：第{n}类补贴发放率。全年完成。" for n in (1, 2, 3, 4))
    assert check("R811", HEAD + rows).findings == ()


def test_a_neighbouring_county_whose_order_is_obeyed_is_named(check):
    head = f"柳州市鱼峰区教育局\n{HEAD}"
    assert check("R611", head + "根据柳北区财政局的要求开展自评。").findings
    for text in ("与柳北区财政局交流经验。", "按照柳北区教育局来函办理转学。", "学生往返柳北区。"):
        assert check("R611", head + text).findings == ()
