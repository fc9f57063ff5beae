"""Indicators in the many shapes that reports give them: what is read as target, actual value, weight and score."""

from __future__ import annotations

import pytest

from audit.figures import number_figures, scan
from audit.indicators import indicators
from audit.prose import paragraphs
from audit.understand import understand


@pytest.fixture
def read(document):
    def _read(text: str):
        found = paragraphs(document(text))
        printed = [(i, p) for i, paragraph in enumerate(found) for p in scan(paragraph.text)]
        figures = number_figures([(found[i], p) for i, p in printed], 1)
        return list(indicators(understand(found, printed, figures)))

    return _read


def told(indicator) -> tuple[str, ...]:
    return tuple(str(indicator[m].figure) for m in ("目标", "完成", "分值", "得分") if m in indicator)


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("指标1：巡护里程。目标值为≥45公里，完成值48公里，分值8分，得分8分。", "巡护里程", "45公里 48公里 8分 8分"),
        ("产出指标：目标举办≥12场，实际举办14场，完成率116.67%，得10分（满分10分）。", "产出指标", "12场 14场 10分 10分"),
        ("（1）数量指标。计划培训1200人次，实际培训1260人次，得分6分（满分6分）。", "", "1200人次 1260人次 6分 6分"),
        ("——场馆开放天数，年度目标300天，实际开放312天，满分8分，得分8分；", "场馆开放天数", "300天 312天 8分 8分"),
        ("拨付及时率达到97.5%（目标≥95%），该项指标分值6分，自评得分6分。", "拨付及时率", "95% 97.5% 6分 6分"),
        ("指标二、公厕数量（分值8分）：年初设定新建20座，年末完成18座，自评7.2分。", "公厕数量", "20座 18座 8分 7.2分"),
        ("1.1质量指标：合格率，绩效目标：不低于98%，完成情况：100%，得分：9分（满分9分）。", "合格率", "98% 100% 9分 9分"),
        ("利用率预期达到45%，实际为47.3%，该项满分14分，自评得14分。", "利用率", "45% 47.3% 14分 14分"),
        ("培训人次：900人次（目标值），950人次（实际值），得分6分。", "培训人次", "900人次 950人次 6分"),
        ("新增就业268人，目标任务250人，超额完成18人，完成率107.2%。", "", "250人 268人"),
    ],
)  # fmt: skip
def test_shapes_of_one_indicator(read, text, name, values):
    (found,) = read(text)
    assert told(found) == tuple(values.split())
    assert not name or found.name == name


def test_several_indicators_of_one_paragraph(read):
    found = read(
        "1.数量指标：①下乡演出，指标值≥120场，完成值126场，分值4分，得分4分。"
        "②接待人次，指标值≥45万人次，完成值52万人次，分值4分，得分4分。"
    )
    assert [(i.name, *told(i)) for i in found] == [
        ("下乡演出", "120场", "126场", "4分", "4分"),
        ("接待人次", "45万人次", "52万人次", "4分", "4分"),
    ]


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("不低于", ">="), ("不高于", "<="), ("不大于", "<="), ("不小于", ">="), ("大于等于", ">="), ("等于", "="), ("≤", "<="),
    ],
)  # fmt: skip
def test_signs_in_words(read, words, sign):
    (found,) = read(f"处理时长：指标值{words}30个，实际完成值30个，得分5分。")
    assert (found.sign, found.signed) == (sign, True)


def test_costs_are_better_the_lower_even_without_a_sign(read):
    (found,) = read("户均改造成本：指标值7500元，实际完成值7350元，分值6分，得分6分。")
    assert (found.sign, found.signed, found.missed) == ("<=", False, False)


@pytest.mark.parametrize(
    "text",
    [
        "围绕乡村振兴目标，全年完成投资5亿元，同比增长8%。",
        "失业人员再就业、困难人员就业分别完成1,546人、486人，分别为年度目标1,500人、450人的103.07%和108%。",
        "计划改造管网62公里，实际改造64.5公里。",
    ],
)
def test_plans_lists_in_turn_and_slogans_are_no_indicators(read, text):
    assert read(text) == []


def test_the_reason_is_kept_with_its_place(read):
    (found,) = read(
        "传承人培训：指标值150人，实际完成值141人，得分5.64分，偏差原因：学员报名不足。改进措施：提前发布。"
    )
    assert found.has_reason and found.why is not None and found.why.text == "学员报名不足"


def test_a_reason_told_among_the_problems_counts(read):
    (found,) = read(
        """失业人员再就业人数：目标值1800人，实际完成1743人，得分4.84分。
        三、存在的问题
        失业人员再就业未达目标，主要原因是用工需求下降。"""
    )
    assert found.missed and found.has_reason
