"""What the rules of final accounts share: names of cells, claims over them, and which figure is to blame.

One wrong digit breaks its line's sum, its column's, the comparison with other tables and with the text.
`settled` makes all these claims once and finds the figures that, each by itself, explain most of what
fails (`Accounts.culprits`), so that `audit.run` makes one finding of one cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from .. import ranges
from ..accounts import Accounts, AccountTable, Line
from ..facts import Facts
from ..findings import Figure, Severity, Status, verdict
from ..quantity import plain
from ..ranges import Range
from . import Claim, Found, Outcome, sum_formula

Maker = Callable[[Facts, Accounts], Iterator[Outcome]]
_makers: dict[str, Maker] = {}


def makes(code: str) -> Callable[[Maker], Maker]:
    """Register the claims of a rule, so that all are judged together before one finding is made."""

    def register(maker: Maker) -> Maker:
        _makers[code] = maker
        return maker

    return register


def outcomes(facts: Facts, code: str) -> Iterator[Outcome]:
    """What one rule has to say, if the report is a final account at all."""
    if facts.accounts:
        yield from settled(facts, facts.accounts)[code]


INSIDE = ("R120", "R121", "R122")
FEW = 8  # one in so many, where the table has no lines
MANY = 5  # so many sums of one table that fail, and a third of them: the table was not read as it is meant


def settled(facts: Facts, accounts: Accounts) -> dict[str, list[Outcome]]:
    if accounts.outcomes is None:
        _leave_out_unread(facts, accounts)
        made = {code: list(maker(facts, accounts)) for code, maker in sorted(_makers.items())}
        accounts.outcomes = {code: _unsure(accounts, found) for code, found in made.items()}
        claims = [c for found in accounts.outcomes.values() for c in found if isinstance(c, Claim)]
        accounts.culprits = culprits(claims)
    return accounts.outcomes


def _unsure(accounts: Accounts, found: list[Outcome]) -> list[Outcome]:
    """What is said from a table without lines is asked, not stated: its columns are told by position alone."""
    doubted = {f.id: f.span for t in accounts.all_tables() if not t.ruled for f in t.figures()}
    if all(t.ruled for t in accounts.all_tables()) and not accounts.unread:
        return found
    spans = set(doubted.values())
    asked: list[Outcome] = []
    for outcome in found:
        if isinstance(outcome, Claim) and any(f.id in doubted for f in figures_of(outcome)):
            outcome = replace(outcome, doubt=outcome.doubt or "表格没有框线，按文字位置识别")
        elif isinstance(outcome, Found) and (
            spans & set(outcome.evidence) or "决算表中没有" in outcome.message
        ):
            outcome = replace(outcome, severity=outcome.severity or Severity.QUESTION)
        asked.append(outcome)
    return asked


def _leave_out_unread(facts: Facts, accounts: Accounts) -> None:
    """Take out the tables whose own sums mostly fail: nothing can be said from them, nor against them."""
    home = {f.id: table.kind for table in accounts.tables.values() for f in table.figures()}
    tried: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for code in INSIDE:
        for outcome in _makers[code](facts, accounts):
            if isinstance(outcome, Claim) and outcome.result:
                kind = home.get(outcome.result.id, "")
                tried[kind] += 1
                failed[kind] += status_of(outcome) is Status.DIFFERS
    for kind in list(accounts.tables):
        table, times = accounts.tables[kind], failed[kind]
        guessed = not table.ruled and (times * FEW > tried[kind] or (not tried[kind] and not table.empty))
        if guessed or (times >= MANY and times * 3 > tried[kind]):
            accounts.unread[kind] = accounts.tables.pop(kind)


def accounts_culprits(facts: Facts) -> set[str]:
    """The ids of the figures to blame; none where the report is no final account, or a rule fails."""
    try:
        if facts.accounts:
            settled(facts, facts.accounts)
            return facts.accounts.culprits
    except Exception:  # reported where the rule itself is run
        pass
    return set()


def culprits(claims: Iterable[Claim]) -> set[str]:
    """The figures that explain what fails: each time the one in most failing claims, then in fewest that hold."""
    failing: list[Claim] = []
    held: Counter[str] = Counter()
    for claim in claims:
        status = status_of(claim)
        if status is Status.DIFFERS:
            if not claim.quiet:
                failing.append(claim)
        elif status is not None:
            held.update({f.id for f in figures_of(claim)})
    found: set[str] = set()
    while failing:
        counts = Counter(id for claim in failing for id in dict.fromkeys(f.id for f in figures_of(claim)))
        if not counts:
            break
        worst = max(counts, key=lambda id: (counts[id], -held[id]))
        found.add(worst)
        failing = [c for c in failing if worst not in {f.id for f in figures_of(c)}]
    return found


def figures_of(claim: Claim) -> list[Figure]:
    return [*([claim.result] if claim.result else []), *claim.operands]


def status_of(claim: Claim) -> Status | None:
    """How a claim stands; None where it cannot be worked out."""
    if claim.result is None:
        return None
    values = {f.id: Range(f.quantity.exact, f.quantity.low, f.quantity.high) for f in claim.operands}
    try:
        return verdict(claim.result.quantity, ranges.evaluate(claim.formula, values), claim.relation)
    except ZeroDivisionError:
        return None


def cell_name(table: AccountTable, line: Line, column: int) -> str:
    """What to call a cell in a message: 支出决算表：201一般公共服务支出基本支出."""
    head = "".join(table.columns.get(column, ())[-1:])
    label = f"{line.code}{line.label}"
    return f"{table.title}：{label}{'·' if label and head else ''}{head}"


def figures(line: Line, columns: Iterable[int]) -> list[Figure]:
    return [f for column in columns if (f := line.figure(column))]


def sum_of(
    table: AccountTable, line: Line, column: int, parts: Sequence[Figure], basis: str, **more: object
) -> Iterator[Outcome]:
    """A cell against the sum of its parts, blanks counting as nothing."""
    total = line.amounts.get(column)
    if total is None:
        return
    name = cell_name(table, line, column)
    if total.figure is None:
        summed = sum((p.quantity.exact for p in parts), start=Decimal(0))
        if total.blank and summed:
            yield Found(
                f"“{name}”空白，{basis}不为零", (total.cell.span, *(p.span for p in parts)),
                "请补填合计，或核对分项", Severity.QUESTION,
            )  # fmt: skip
        return
    parts = [part for part in parts if part.quantity.value]  # 0.00 is nothing, and nothing was rounded
    if not parts and not total.figure.quantity.value:
        return
    formula = sum_formula(parts) if parts else "0"
    claim = Claim(
        total.figure, formula, tuple(parts), subject=name, basis=basis,
        advice="请核对本格与各分项，以及本表与其他表的对应数", **more,  # type: ignore[arg-type]
    )  # fmt: skip
    yield claim
    gap = abs(total.figure.quantity.exact - sum((p.quantity.exact for p in parts), start=Decimal(0)))
    # Rounding errors of n amounts hardly ever add up to three times their standard deviation, 0.29 √n units.
    step = total.figure.quantity.half_step * 2
    usual = max(step, step * Decimal(len(parts) + 1).sqrt() * Decimal("0.87"))
    if status_of(claim) is Status.ROUNDING and gap > usual:
        yield Found(
            f"“{name}”与{basis}相差{plain(gap / total.figure.quantity.scale)}{total.figure.quantity.unit}，"
            "四舍五入造成的可能性很小",
            (total.figure.span, *(p.span for p in parts)), "请按未舍入的数据核对", Severity.NOTE,
        )  # fmt: skip


def equal(a: Figure | None, b: Figure | None, subject: str, basis: str, **more: object) -> Iterator[Claim]:
    """The same amount in two places; nothing where one is not there."""
    if a and b:
        yield Claim(
            a, b.id, (b,), subject=subject, basis=basis,
            advice="请核对两处，更正错误的一处", **more,  # type: ignore[arg-type]
        )  # fmt: skip
