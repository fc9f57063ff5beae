"""R84x: copied text. 同一段话用在两处，只换了名称；成效照抄用途。"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..facts import Facts
from ..findings import Severity
from ..prose import Paragraph
from ..source import Span
from . import Found, Outcome, rule
from .wording_text import prose

SENTENCE = re.compile("[^。；]{24,}")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
ELSEWHERE_CHECKED = re.compile("指标|偏差|得分|如下|决算|预算数|占")  # indicators: R5xx
GRAM = 5
COMMON = 8  # a gram in so many sentences tells nothing
ALIKE = 0.55


@dataclass(frozen=True)
class Sentence:
    paragraph: Paragraph
    start: int
    end: int
    grams: frozenset[str]

    @property
    def span(self) -> Span:
        return self.paragraph.span(self.start, self.end)


@rule("R841", "copied-text", Severity.NOTE, source="wording")
def copied_text(facts: Facts) -> Iterator[Outcome]:
    """不同项目、不同部分的文字不应照抄，只换名称。

    Flags    项目的实施切实改善了城区困难老人的居住条件，保障了他们的基本生活权益。
             项目的实施切实改善了乡村困难老人的居住条件，保障了他们的基本生活权益
    Passes   项目的实施切实改善了城区困难老人的居住条件，保障了他们的基本生活权益。
             乡村项目新建互助养老点，为独居老人每日送餐上门，并定期探访、量血压
    """
    if facts.accounts:  # subject after subject in the same prescribed words
        return
    found = _sentences(prose(facts))
    pairs = list(_alike(found))
    if not pairs:
        return
    spans: list[Span] = []
    for before, after in pairs:
        spans += [after.span, before.span]
    first, second = (_short(s.span.text) for s in pairs[0])
    count = f"{len(pairs)}处" if len(pairs) > 1 else ""
    yield Found(
        f"{count}文字与前文雷同，如“{second}”与“{first}”",
        tuple(dict.fromkeys(spans)),
        "请核对是否照抄，各项目应写各自的内容和成效",
    )


def _short(words: str, most: int = 24) -> str:
    words = re.sub(r"\s", "", words)
    return words if len(words) <= most else f"{words[:most]}……"


def _sentences(paragraphs: Sequence[Paragraph]) -> list[Sentence]:
    found = []
    for paragraph in paragraphs:
        for match in SENTENCE.finditer(paragraph.text):
            words = NUMBER.sub("", match[0])
            told = len(NUMBER.findall(match[0])) > 1 or ELSEWHERE_CHECKED.search(words) or paragraph.heading
            if not told:
                grams = frozenset(words[i : i + GRAM] for i in range(len(words) - GRAM + 1))
                start = match.start() + (paragraph.marker if match.start() == 0 else 0)
                found.append(Sentence(paragraph, start, match.end(), grams))
    return found


def _alike(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    """For each sentence the one before it that shares most of its words, if it shares enough."""
    index: dict[str, list[int]] = {}
    for n, sentence in enumerate(sentences):
        shared: Counter[int] = Counter()
        for gram in sentence.grams:
            known = index.get(gram)
            if known is None:
                index[gram] = [n]
            elif len(known) < COMMON:
                shared.update(known)
                known.append(n)
        if shared:
            best, common = shared.most_common(1)[0]
            longer = max(len(sentence.grams), len(sentences[best].grams))
            if common >= ALIKE * longer and longer >= 20:
                yield sentences[best], sentence
