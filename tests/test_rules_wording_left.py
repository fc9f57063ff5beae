"""R40x and R61x: what a template left behind, empty sections, another's place, level and field."""

from __future__ import annotations

import pytest

HEAD = "2024年度部门整体支出绩效自评报告\n"
COUNTY = f"青石县水利局\n{HEAD}"


def places(outcome):
    return [span.text for finding in outcome.findings for span in finding.evidence]


@pytest.mark.parametrize(
    "text",
    [
        "（此处填写改进措施）",
        "（请逐项填写）",
        "（如有）",
        "（本部分请对照年初目标说明，字数不限）",
        "【此段可根据实际情况删减】",
        "请填写三条以上措施",
        "从产出、效益、满意度等方面反映履职效果情况",
    ],
)
def test_prompts_are_named(check, text):
    assert places(check("R401", f"{HEAD}社会满意度：{text}。"))


@pytest.mark.parametrize(
    "text",
    [
        "（请假3人次）",
        "（应检186个，参检179个）",
        "（详见附件）",
        "（公章）",
        "群众从生活、就业等方面反映较好",
        "如实填报了自评表",
    ],
)
def test_words_like_prompts_pass(check, text):
    assert places(check("R401", f"{HEAD}社会满意度{text}。")) == []


@pytest.mark.parametrize("text", ["占 %", "XX机制", "20XX年", "措施：略", "新增分馆【】处"])
def test_placeholders_are_named(check, text):
    assert places(check("R402", f"{HEAD}项目支出{text}。"))


@pytest.mark.parametrize("text", ["占35%", "单位：万元", "二〇〇八年", "（略有下降）", "5×3排", "XL-2型"])
def test_filled_places_pass(check, text):
    assert places(check("R402", f"{HEAD}项目支出{text}。")) == []


def test_an_empty_section_is_named(check):
    text = "一、概况\n（一）职能\n负责水利。\n（二）履职效果\n（三）满意度（如有）\n二、问题\n进度偏慢。"
    assert places(check("R403", HEAD + text)) == ["（二）履职效果", "（三）满意度（如有）"]


@pytest.mark.parametrize(
    "text",
    [
        "目录\n一、概况\n二、预算\n三、绩效\n四、问题\n一、概况\n负责水利。\n二、预算\n如下。\n三、绩效\n如下。\n四、问题\n无。",
        "一、概况\n（一）职能\n1.负责水利。\n二、问题\n无。",
        "一、措施\n（一）加强预算管理\n（二）加强绩效管理\n（三）加强培训",
    ],
)
def test_contents_and_lists_are_no_empty_sections(check, text):
    assert places(check("R403", HEAD + text)) == []


def test_remains_of_the_word_processor(check):
    assert places(check("R404", HEAD + "三、绩效情况错误!未定义书签。")) == ["错误!未定义书签"]


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("负责拟订个旧市水利事业发展规划。", [("疑点", "个旧市")]),
        ("个旧市污水管网较长。", [("提示", "个旧市")]),
        ("赴个旧市考察学习，与个旧市结对协作。", []),
        ("与个旧市某某有限公司签订合同。", []),
        ("完善城中区域管网，保障和平区间。", []),
    ],
)
def test_another_place(check, text, raised):
    assert check("R611", COUNTY + text).raised("severity", "at") == raised


def test_places_of_the_same_prefecture_pass(check):
    text = f"瑞昌市水利局\n{HEAD}落实九江市、江西省部署，与庐山市共管界河。"
    assert check("R611", text).raised("at") == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("与我镇实际结合不紧。", ["我镇实际结合不紧"]),
        ("我校将加强管理。", ["我校将加强管理"]),
        ("我县水库已加固，我局已验收。", []),
        ("主题为“我校我爱”的活动。", []),
    ],
)
def test_another_level(check, text, at):
    assert places(check("R612", COUNTY + text)) == at


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("与我局民政工作结合不紧。", 1),
        ("推动教育事业高质量发展。", 1),
        ("保障了县教育局正常运转。", 1),
        ("与我局水利工作结合紧密，推动水利高质量发展。", 0),
        ("配合县民政局发放补贴。", 0),
    ],
)
def test_another_field(check, text, count):
    assert len(places(check("R613", COUNTY + text))) == count


def test_another_town(check):
    town = f"云坪镇人民政府\n{HEAD}"
    assert places(check("R614", town + "确保了石柱镇各项工程落地。")) == ["石柱镇"]
    assert places(check("R614", town + "促进了我镇、云坪镇经济发展，落实县委部署。")) == []


def test_the_signature_names_the_department_of_the_title(check):
    body = f"青石县自然资源和规划局\n{HEAD}各项目标均已完成。\n一、概况\n如下。\n"
    assert places(check("R615", f"{body}青石县自然资源局\n2025年3月20日")) == ["青石县自然资源局"]
    assert places(check("R615", f"{body}青石县自然资源和规划局（盖章）\n2025年3月20日")) == []
    assert places(check("R615", f"{body}自然资源和规划局\n2025年3月20日")) == []
