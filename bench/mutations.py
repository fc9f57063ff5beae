"""What happens when one digit of a sound figure is wrong: is the slip found?

    python bench/mutations.py [REPORT.txt …] [--digits 2] [--show 40]

Takes every figure of a report that takes part in an equation that agrees and stands in no finding yet, changes one
of its digits so that the equation fails, checks the report again, and asks for a finding that was not there before
and points at that figure. Prints the share found and, by rule, the slips that nobody saw. Without a report it takes the sample and,
where the shared folder is beside the checkout, its reports. `tests/test_mutations.py` does a sample of the same.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audit.findings import Check, Figure, Finding, Status  # noqa: E402
from audit.read.assembly import Source  # noqa: E402
from audit.read.text import read_text  # noqa: E402
from audit.report import Report  # noqa: E402
from audit.rules import Claim  # noqa: E402
from audit.run import check_documents, judge, readable  # noqa: E402
from audit.source import Document, Span  # noqa: E402


@dataclass(frozen=True)
class Mutation:
    """One digit of one figure, changed: the place in the text and the digit that stands there now."""

    figure: Figure
    at: int
    digit: str
    checks: tuple[Check, ...]

    @property
    def changed(self) -> str:
        start = self.figure.span.start or 0
        text = self.figure.span.text
        return text[: self.at - start] + self.digit + text[self.at - start + 1 :]


def document(text: str) -> Document:
    data = text.encode()
    return read_text(data, Source("d1", "report.txt", "narrative", hashlib.sha256(data).hexdigest()))


def mutations(report: Report, digits: int = 0) -> Iterator[Mutation]:
    """Slips of one digit in the figures that were checked and agree; `digits` of each figure, 0 for all."""
    checks: dict[str, list[Check]] = defaultdict(list)
    for check in report.checks:
        if check.status is Status.AGREES and check.relation == "=":
            for figure in {*check.operands, *([check.result] if check.result else [])}:
                checks[figure.id].append(check)
    blamed = [span for finding in report.findings for span in finding.evidence]
    for figure in report.figures:
        if (
            figure.id not in checks
            or figure.quantity.kind == "date"
            or any(_meet(figure.span, s) for s in blamed)
        ):
            continue
        start = figure.span.start or 0
        places = [i for i, c in enumerate(figure.span.text) if c in "0123456789"]
        turn = int(hashlib.sha256(f"{figure.id}{figure.span.text}".encode()).hexdigest(), 16)
        chosen = (
            places
            if not digits
            else [places[(turn + n) % len(places)] for n in range(min(digits, len(places)))]
        )
        for i in chosen:
            old = int(figure.span.text[i])
            new = (old + 1 + (turn // 7 + i) % 9) % 10
            if i == places[0] and new == 0:
                new = old % 9 + 1
            broken = tuple(c for c in checks[figure.id] if _breaks(c, figure, i, new - old))
            short = len("".join(figure.span.text[place] for place in places).strip("0")) < 3
            if all(c.rule == "R301" for c in broken) and short:
                continue  # 4个 here and 4个 there: a short number said twice is no evidence of anything
            if broken:
                yield Mutation(figure, start + i, str(new), broken)


def _breaks(check: Check, figure: Figure, place: int, more: int) -> bool:
    """Would the check fail with that digit changed? 96.3% >= 95% would not with 98.3%."""
    text, quantity = figure.span.text, figure.quantity
    behind = sum(c in "0123456789" for c in text[place + 1 :].split(".")[0])
    before = sum(c in "0123456789" for c in text[:place].split(".")[-1])
    step = Decimal(1).scaleb(-before - 1 if "." in text[:place] else behind)
    wrong = replace(figure, quantity=replace(quantity, value=quantity.value + more * step))
    operands = tuple(wrong if f.id == figure.id else f for f in check.operands)
    result = wrong if check.result and check.result.id == figure.id else check.result
    claim = Claim(result, check.formula, operands, check.relation, stated=check.stated, unit=check.unit)
    return judge(claim, check.id, check.rule).status is Status.DIFFERS


def found(text: str, before: Report, mutation: Mutation) -> Finding | None:
    """The finding that the slip brings and that points at the figure."""
    known = {finding.fingerprint for finding in before.findings}
    changed = text[: mutation.at] + mutation.digit + text[mutation.at + 1 :]
    for finding in check_documents([document(changed)]).findings:
        if finding.fingerprint not in known and any(_meet(mutation.figure.span, s) for s in finding.evidence):
            return finding
    return None


def survivors(text: str, digits: int = 0, most: int = 0) -> tuple[int, list[Mutation]]:
    """How many slips were tried, and those that nobody saw; `most` takes that many, spread over the text."""
    report = check_documents([document(text)])
    tried = list(mutations(report, digits))
    if most and len(tried) > most:
        tried = [tried[n * len(tried) // most] for n in range(most)]
    return len(tried), [m for m in tried if found(text, report, m) is None]


def _meet(a: Span, b: Span) -> bool:
    if a.start is None or b.start is None or a.end is None or b.end is None:
        return False
    return a.document == b.document and a.start < b.end and b.start < a.end


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("reports", nargs="*", type=Path)
    parser.add_argument("--digits", type=int, default=2, help="how many digits of each figure; 0 for all")
    parser.add_argument("--show", type=int, default=1000, help="how many survivors to print per report")
    options = parser.parse_args(arguments)
    shared = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
    everything, lost, rules = 0, 0, Counter[str]()
    for path in options.reports or [ROOT / "workbooks" / "sample" / "report.txt", *shared]:
        text = path.read_text("utf-8")
        tried, missed = survivors(text, options.digits)
        everything, lost = everything + tried, lost + len(missed)
        share = f"{1 - len(missed) / tried:.1%}" if tried else "nothing to change"
        print(f"{path.stem}: {tried - len(missed)} of {tried} found ({share})", flush=True)
        for mutation in missed[: options.show]:
            first = mutation.checks[0]
            rules["+".join(sorted({c.rule for c in mutation.checks}))] += 1
            result = first.result.quantity.text if first.result else first.stated
            print(f"  {mutation.figure} → {mutation.changed}  {first.rule} {first.subject}: "
                  f"{result} {first.relation} {readable(first)}"
                  + (f"  (and {len(mutation.checks) - 1} more)" if len(mutation.checks) > 1 else ""))  # fmt: skip
    if everything:
        print(f"all: {everything - lost} of {everything} found ({1 - lost / everything:.1%})")
        print("not found, by the rules that agreed:", ", ".join(f"{r} {n}" for r, n in rules.most_common()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
