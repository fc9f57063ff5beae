"""A figure that nothing supports, though with one digit changed a rule would agree: probably a slip.

Comes in: Facts and the checks that were made. Goes out: for such a figure the claim that would hold, so that
`audit.run` judges it as it is printed and asks about it. Most rules search for amounts that explain a figure and
stay silent where none do; a slip is what they then miss. No rule is repeated here: a value one digit off is
proposed by plain arithmetic (`audit.nearby`), and the rules themselves say whether they would agree with it. They
are shown no more than the paragraphs that the arithmetic is about, so that the cost is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from .facts import BUDGET_READINGS, Fact, Facts
from .findings import Check, Figure, Status
from .glossary import glossary
from .listing import CLOSES, opening
from .nearby import COUNTED, Prints, Row, prints, proposed
from .quantity import Quantity
from .rules import Claim, Outcome, Rule

WINDOW = 16  # figures around those in question that a rule is shown, ...
BESIDE = 3  # ... of so many paragraphs
MANY = 8  # a figure that so many changes would explain is explained by none of them
FAMILIES = {
    "sum": ("R101", "R102", "R105", "R106", "R112", "R204"),
    "rate": ("R201", "R202", "R203", "R204", "R207"),
    "product": ("R205",),
    "step": ("R108",),
    "points": ("R101", "R501", "R502", "R507"),
}
SUM = re.compile(r"f\d+(?: \+ f\d+)+")
Ask = Callable[[Rule, Facts], Iterable[Outcome]]
Judge = Callable[[Claim], Status]
Found = tuple[Rule, Claim]


def slips(
    facts: Facts, checks: Iterable[Check], rules: Iterable[Rule], ask: Ask, judge: Judge
) -> Iterator[Found]:
    """The claims that figures nobody supports would meet with one digit changed, each with its rule."""
    search = _Search(facts, {rule.code: rule for rule in rules}, ask, judge)
    settled: set[str] = set()
    in_rate: set[str] = set()
    sums: dict[str, list[tuple[set[str], Figure | None]]] = defaultdict(list)  # by each operand
    for check in checks:
        figures = (*check.operands, *([check.result] if check.result else []))
        # A rate leaves more than one digit open in the amounts it is made of.
        percent = check.result is not None and check.result.quantity.kind == "percent"
        open_still = percent and check.status is not Status.DIFFERS
        if check.relation == "=" and check.status is not Status.NOT_CHECKED:
            in_rate |= {f.id for f in figures if open_still}
            settled |= {f.id for f in figures if not open_still or f.quantity.kind == "percent"}
        if check.relation == "=" and SUM.fullmatch(check.formula):
            for figure in check.operands:
                sums[figure.id].append(({f.id for f in check.operands}, check.result))
    row = search.row
    open_rates = {
        f.figure.id
        for n, f in enumerate(row.facts)
        if f.kind == "percent" and f.figure.id not in settled and row.digits[n] > 2 and f.value not in (0, 1)
    }
    told: set[frozenset[str]] = set()
    for at, fact in enumerate(row.facts):
        if fact.figure.id in settled or not row.exact[at]:
            continue
        found = search.agreeing(at, open_rates, fact.figure.id in in_rate)
        for rule, claim, right in sorted(found, key=lambda f: search.doubtful(at, *f[1:])):
            parts = {f.id for f in claim.operands}
            relation = frozenset(parts | ({claim.result.id} if claim.result else set()))
            explained = [total for ids, total in sums[claim.operands[0].id] if parts <= ids]
            if explained and not any(total and total.quantity.exact == right.exact for total in explained):
                continue
            budget = (
                rule.code == "R204" and fact.measure in BUDGET_READINGS
            )  # 比上年减少: no matter of the budget
            if relation not in told and not budget and search.telling(rule, claim, at, settled):
                told.add(relation)
                yield rule, claim


@dataclass
class _Search:
    """The figures in order, the rules to be asked, and what each of them is shown."""

    facts: Facts
    rules: dict[str, Rule]
    ask: Ask
    judge: Judge
    row: Row = field(init=False)
    shown: dict[tuple[int, int], list[Fact]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.row = Row([f for f in self.facts if f.paragraph >= 0 and f.role != "date"])
        self.place = {f.figure.id: n for n, f in enumerate(self.row.facts)}

    def agreeing(
        self, at: int, open_rates: set[str], in_rate: bool
    ) -> Iterator[tuple[Rule, Claim, Quantity]]:
        """What the rules would claim and find right with another print, as the report prints it."""
        fact = self.row.facts[at]
        meant = prints(fact.figure.quantity)
        if not meant.numbers:
            return
        hits = self._hits(at, meant, self.row.significant[at] < 3, open_rates)
        counts = Counter(family for families in hits.values() for family in families)
        if counts["sum"] > MANY:
            hits = self._hits(at, meant, True, open_rates)
            counts = Counter(family for families in hits.values() for family in families)
        vague = {family for family, n in counts.items() if n > MANY} | ({"rate"} if in_rate else set())
        for number, families in sorted(hits.items()):
            quantity = meant.quantity_of(number)
            doubt = f"“{fact.figure}”若为{quantity.text}则相符，疑为笔误"
            for family in sorted(families.keys() - vague):
                places = families[family]
                around = self._supposed(at, quantity, places)
                for code in FAMILIES[family]:
                    told = [self.row.facts[n] for n in {at, *places}]
                    if code not in self.rules or (code in ASKED and not ASKED[code](told)):
                        continue
                    for claim in self._agreed(self.rules[code], around, fact.figure):
                        claim = replace(claim, doubt=doubt, severity=None, quiet=False)
                        yield self.rules[code], claim, quantity

    def doubtful(self, at: int, claim: Claim, meant: Quantity) -> tuple[bool, int]:
        """What ranks explanations: digits that changed places first, then those of which all figures stand near."""
        other = sorted(self.row.facts[at].figure.quantity.text) != sorted(meant.text)
        figures = (*claim.operands, *([claim.result] if claim.result else []))
        return other, max(abs(self.place[f.id] - at) for f in figures if f.id in self.place)

    def _hits(
        self, at: int, meant: Prints, lists: bool, open_rates: set[str]
    ) -> dict[int, dict[str, set[int]]]:
        """By print and family: the places of the figures that would explain it."""
        found: dict[int, dict[str, set[int]]] = {}
        for family, number, places in proposed(self.row, at, meant, lists, open_rates):
            if self._enough(at, number * meant.worth, family, places):
                found.setdefault(number, {}).setdefault(family, set()).update(places)
        return found

    def _enough(self, at: int, value: int, family: str, places: Sequence[int]) -> bool:
        """Have the figures digits enough that they do not fit by chance? What `telling` asks of a claim, roughly."""
        row = self.row
        if family == "product":
            return sum(row.significant[n] for n in (at, *places)) >= 6
        if family != "sum":
            return family == "points" or row.significant[at] > 1
        fact, short = row.facts[at], row.significant[at] < 4
        enough = 9 if fact.kind == "count" else 8
        if short and len(places) > 1:
            worth = {**{n: row.values[n] for n in places}, at: value}
            whole, *parts = sorted(worth, key=lambda n: -worth[n])
            if self._listed(row.facts[whole], [row.facts[n] for n in sorted(parts)], fact):
                return True
            sentence = {(f.paragraph, f.sentence) for f in (fact, *(row.facts[n] for n in places))}
            if len(places) > 4 or (fact.kind == "count" and len(sentence) > 1):
                return False
        return sum(row.digits[n] for n in (at, *places)) >= enough

    def _supposed(self, at: int, quantity: Quantity, places: set[int]) -> Facts:
        """The facts around the figures in question as they would be if one of them were printed so."""
        row = self.row.facts
        low, high = min(at, *places), max(at, *places)
        low = max(low - WINDOW, bisect_left(row, row[low].paragraph - BESIDE, key=_paragraph))
        high = min(high + WINDOW, bisect_right(row, row[high].paragraph + BESIDE, key=_paragraph))
        first, last = row[low].paragraph, row[high - 1].paragraph
        if (low, high) not in self.shown:
            self.shown[low, high] = [replace(f, paragraph=f.paragraph - first) for f in row[low:high]]
        shown = self.shown[low, high].copy()
        shown[at - low] = replace(shown[at - low], figure=replace(row[at].figure, quantity=quantity))
        facts = self.facts
        return Facts(
            shown, facts.paragraphs[first : last + 1], facts.year, facts.department, scoring=facts.scoring
        )

    def _agreed(self, rule: Rule, supposed: Facts, figure: Figure) -> Iterator[Claim]:
        for outcome in self.ask(rule, supposed):
            if not isinstance(outcome, Claim) or outcome.relation != "=":
                continue
            figures = (outcome.result, *outcome.operands)
            if any(f and f.id == figure.id for f in figures) and self.judge(outcome) is Status.AGREES:
                claim = _as_printed(outcome, figure)
                if self.judge(claim) is Status.DIFFERS:
                    yield claim

    def telling(self, rule: Rule, claim: Claim, at: int, settled: set[str]) -> bool:
        """Has the relation digits and words enough that one changed digit does not fit it by chance?"""
        fact, known = self.row.facts[at], self.row.significant[at]
        result = claim.result
        if result is None or len(claim.operands) < 2:
            return known > (1 if claim.formula not in {f.id for f in claim.operands} else 2)
        if result.quantity.kind == "percent":
            open_still = result.id not in settled and result.quantity.value not in (0, 100)
            named = rule.code in ("R201", "R202", "R203")  # the words say less surely what others are made of
            enough = 3 if named or (known >= 4 and fact.kind != "percent") else 4
            return open_still and _digits(result) >= enough and known > 1
        figures = (result, *claim.operands)
        if SUM.fullmatch(claim.formula) and known < 4:
            parts = [self.row.facts[n] for n in sorted(self.place[p.id] for p in claim.operands)]
            whole = self.row.facts[self.place[result.id]]
            return sum(map(_digits, figures)) > 4 and self._listed(whole, parts, fact)
        if " * " in claim.formula:  # 5000元 × 8名 fits many an amount
            return sum(len(str(f.quantity.value).replace(".", "").strip("0")) for f in figures) >= 6
        if not result.quantity.value or known < 2 or (" / " in claim.formula and _digits(result) < 3):
            return False
        return sum(map(_digits, figures)) >= (9 if fact.kind == "count" else 8)

    def _listed(self, whole: Fact, parts: Sequence[Fact], fact: Fact) -> bool:
        """Do words and order say that these are the parts of that total?"""
        others = [
            f
            for f in self.facts.in_paragraph(whole.paragraph)
            if f.unit == whole.unit and f.start > whole.start
        ]
        if any(f.value > whole.value and f is not fact for f in parts):
            return False
        here = (whole.paragraph, whole.start)
        if (parts[0].paragraph, parts[0].start) < here:  # told behind its parts
            same = parts[0].paragraph == whole.paragraph and (parts[-1].paragraph, parts[-1].start) < here
            return same and bool(CLOSES.search(whole.lead))
        behind = [f for f in others if f.sentence == whole.sentence]
        alone = behind == parts and all(
            re.fullmatch("，[^）]{0,5}", f.lead) for f in parts
        )  # 32个，城区23个，乡镇9个。
        together = len(parts) > 2 and all(f.sentence == whole.sentence for f in parts)
        said = alone or together or bool(opening(self.facts, whole))
        return said and (not others or others[0] in parts)


def _paragraph(fact: Fact) -> int:
    return fact.paragraph


def _partitioned(told: Sequence[Fact]) -> bool:
    named = {f.item for f in told}
    return any(
        whole in named and len(named.intersection(parts)) > 1
        for whole, parts in glossary().partitions.items()
    )


def _moved(fact: Fact) -> bool:
    return (
        fact.role == "change"
        or bool(fact.direction)
        or fact.figure.quantity.unit.endswith("百分点")
        or "变动" in fact.lead
    )


# What a rule must find among the figures before it is asked at all.
ASKED: dict[str, Callable[[Sequence[Fact]], bool]] = {
    "R102": _partitioned,
    "R105": lambda told: len(told) > 3 and told[0].kind == "money",
    "R106": lambda told: any(f.measure in ("全年预算", "调整", "结转") for f in told),
    "R112": lambda told: len(told) > 3 and told[0].kind in COUNTED,
    "R202": lambda told: any(f.measure == "调整率" for f in told),
    "R204": lambda told: any(_moved(f) for f in told),
}


def _digits(figure: Figure) -> int:
    return len(re.sub(r"\D", "", figure.quantity.text).lstrip("0"))


def _as_printed(claim: Claim, figure: Figure) -> Claim:
    """The claim with the figure as the report prints it."""
    result = figure if claim.result and claim.result.id == figure.id else claim.result
    operands = tuple(figure if f.id == figure.id else f for f in claim.operands)
    return replace(claim, result=result, operands=operands)
