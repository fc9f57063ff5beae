"""R508: a reason that is told of one indicator and speaks of another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from ..annex import FormIndicator
from ..facts import Facts
from ..findings import Severity
from ..indicators import Indicator, indicator_lists
from ..source import CellState, Span
from . import Found, Outcome, rule

COPIED = 0.85  # how alike two reasons must be to be one text
# Words that many indicators and reasons share and that tell nothing of their object.
COMMON = re.compile(
    r"指标|完成|执行|预算|项目|资金|支出|工作|数量|人数|人次|户数|场次|座数|次数|面积|长度|个数|金额|标准|比例|覆盖|满意度?|"
    r"及时|情况|实际|全年|年度|本年|部分|由于|原因|影响|增加|减少|提高|提升|开展|举办|推进|保障|新增|群众|对象|服务|社会|[一-龥]率$|率"
)
NO_REASON = re.compile(r"无|/|—+|-+|不适用|无偏差")


@rule("R508", "borrowed-reason", Severity.QUESTION, source="scoring")
def borrowed_reason(facts: Facts) -> Iterator[Outcome]:
    """偏差原因应针对本指标；照抄其他指标、说的是其他指标之事的，请核实。

    Formula  两项原因文字相同，而原因只与其中一项的名称有共同的词
    Flags    下乡演出：指标值80场，实际完成值72场，得分7.2分，偏差原因：汛期演出取消较多。
             传承人培训：指标值150人，实际完成值141人，得分5.64分，偏差原因：汛期演出取消较多。
    Passes   下乡演出：指标值80场，实际完成值72场，得分7.2分，偏差原因：汛期演出取消较多。
             传承人培训：指标值150人，实际完成值141人，得分5.64分，偏差原因：学员报名不足。
    """
    for _, told in indicator_lists(facts):
        reasons = [(i, why) for i in told if (why := reason_of(i)) is not None]
        for n, (indicator, why) in enumerate(reasons):
            if _grams(indicator.name) & _grams(why.text):
                continue
            others = [
                (other, known) for m, (other, known) in enumerate(reasons)
                if m != n and _alike(why.text, known.text) and _grams(other.name) & _grams(known.text)
            ]  # fmt: skip
            if others:
                other, known = others[0]
                yield Found(
                    f"“{indicator.name}”的偏差原因与“{other.name}”的相同，说的是后者之事：“{why.text}”",
                    (why, known), "请按本指标的实际情况填写偏差原因",
                )  # fmt: skip


def reason_of(indicator: Indicator) -> Span | None:
    """The reason told of an indicator with its place, in prose or in the form's column."""
    if not isinstance(indicator, FormIndicator):
        return indicator.why
    cells = [
        c for c in indicator.reasons if c.state is CellState.VALUE and not NO_REASON.fullmatch(c.text.strip())
    ]
    return cells[0].span if cells and cells[0].span.text else None


def _alike(one: str, other: str) -> bool:
    one, other = (re.sub(r"\s", "", text) for text in (one, other))
    return min(len(one), len(other)) >= 6 and SequenceMatcher(None, one, other).ratio() >= COPIED


def _grams(words: str) -> set[str]:
    """Pairs of neighbouring characters that say what the words are about."""
    parts = re.split(r"[^一-龥]+", COMMON.sub("|", re.sub(r"\s", "", words)))
    return {part[i : i + 2] for part in parts for i in range(len(part) - 1)}
