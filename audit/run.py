"""From files to a Report: read, scan, understand, run the rules, judge what they claim, word the findings."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from . import ranges as language
from .accounts import about_accounts, read_accounts
from .config import Config, settings
from .facts import Facts
from .figures import number_figures, scan
from .findings import Check, Figure, Finding, Severity, Status, verdict
from .glossary import parameters
from .grid import read_tables
from .prose import paragraphs
from .quantity import Kind, Quantity, plain
from .ranges import Range
from .report import Report
from .rules import Claim, Found, NotChecked, Outcome, Rule, all_rules
from .rules.accounts_common import accounts_culprits
from .slips import slips
from .source import Document, Span
from .understand import understand

Progress = Callable[[str], None]
PRECISION = 100  # digits; more than any product of amounts that a report prints


def check(
    report: str | os.PathLike[str],
    annexes: Sequence[str | os.PathLike[str]] = (),
    *,
    config: Config | str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check a self-evaluation report and its annexes.

    report   the narrative: .docx .pdf .txt .md (.doc .wps where LibreOffice is installed)
    annexes  the forms: .xlsx .xlsm .xls .docx .pdf (.et where LibreOffice is installed)
    config   rules off, severities, profile (`audit.config`); without one audit.toml beside the report, if there is one

    Raises ReadError, in Chinese, where a file cannot be read.
    """
    from .read import read

    say = progress or (lambda _: None)
    chosen = settings(config, report)
    documents = []
    for n, path in enumerate([report, *annexes], 1):
        say(f"读取 {os.path.basename(path)}")
        documents.append(read(path, "narrative" if n == 1 else "annex", f"d{n}"))
    return check_documents(documents, config=chosen, progress=say)


def check_documents(
    documents: Sequence[Document], *, config: Config | None = None, progress: Progress | None = None
) -> Report:
    """Check documents already read; the first is the narrative."""
    with localcontext(prec=PRECISION):
        return _checked(documents, config or Config(), progress)


def _checked(documents: Sequence[Document], config: Config, progress: Progress | None) -> Report:
    say = progress or (lambda _: None)
    say("识别数字")
    facts = Facts()
    figures: list[Figure] = []
    for n, document in enumerate(documents):
        if n == 0:  # the words of an annex are headings and captions; its tables say the rest
            found = paragraphs(document)
            printed = [(i, p) for i, paragraph in enumerate(found) for p in scan(paragraph.text)]
            figures = number_figures([(found[i], p) for i, p in printed], 1)
            facts = understand(found, printed, figures)
        taken: set[str] = set()
        if facts.accounts is None and (n == 0 or about_accounts(facts)):
            accounts, used = read_accounts(document, len(figures) + 1)
            if len(accounts.tables) > 1:  # one title alone may be anything
                facts.accounts, taken = accounts, used
                figures += accounts.figures()
        tables = read_tables(document, facts.year, len(figures) + 1, taken)
        facts.tables += tables
        figures += [figure for table in tables for figure in table.figures()]
    facts.scoring = config.scoring
    say("复算与核对")
    rules = [rule for rule in all_rules() if rule.code not in config.off]
    if (
        facts.accounts
    ):  # what its tables say comes first, its rates last: others that see the same cause join them
        rules.sort(key=lambda rule: (rule.source != "final-accounts", rule.code.startswith("R2")))
    return judge_all(documents, figures, facts, rules, config)


def judge_all(
    documents: Sequence[Document],
    figures: Sequence[Figure],
    facts: Facts,
    rules: Sequence[Rule],
    config: Config,
) -> Report:
    checks: list[Check] = []
    findings: list[Finding] = []
    blamed: dict[str, int] = {}
    seen: set[tuple[str, ...]] = set()
    sources = parameters("sources")
    culprits = accounts_culprits(facts)

    def take(rule: Rule, outcome: Outcome) -> None:
        source = sources[rule.source]["title"] if rule.source in sources else rule.source
        if isinstance(outcome, Found):
            severity = outcome.severity or rule.severity
            if outcome.figure and outcome.figure.id in blamed:
                return
            if outcome.figure:
                blamed[outcome.figure.id] = len(findings)
            findings.append(
                Finding(rule.code, severity, outcome.message, outcome.evidence, outcome.advice, source)
            )
            return
        key = _identity(rule, outcome)
        if key in seen:
            return
        seen.add(key)
        verdict = judge(outcome, f"c{len(checks) + 1}", rule.code)
        checks.append(verdict)
        if verdict.status is not Status.DIFFERS or not isinstance(outcome, Claim) or outcome.quiet:
            return
        finding = _finding(outcome, verdict, rule, source)
        if finding.code in config.off:
            return
        before = next((blamed[f.id] for f in _suspects(outcome, culprits) if f.id in blamed), None)
        if before is not None:
            findings[before] = _joined(findings[before], finding)
        else:
            for figure in _suspects(outcome, culprits):
                blamed[figure.id] = len(findings)
            findings.append(finding)

    for rule in rules:
        for outcome in _run(rule, facts):
            take(rule, outcome)
    for rule, claim in slips(facts, tuple(checks), rules, _run, lambda claim: judge(claim, "", "").status):
        take(rule, claim)
    findings = [replace(f, severity=config.severity.get(f.code, f.severity)) for f in findings]
    order = {severity: n for n, severity in enumerate(Severity)}
    findings.sort(key=lambda f: (order[f.severity], f.code))
    return Report(
        tuple(documents),
        tuple(figures),
        facts.all(),
        tuple(checks),
        tuple(findings),
        _versions(),
        facts.department,
        facts.year,
        config,
    )


def _run(rule: Rule, facts: Facts) -> Iterable[Outcome]:
    """A bug in a rule is reported as ours, and the other rules still run."""
    try:
        yield from rule.run(facts)
    except Exception as error:
        yield NotChecked(_our_fault(rule.code, error), None)


def _our_fault(code: str, error: Exception) -> str:
    return f"规则 {code} 内部出错（{type(error).__name__}：{error}），请反馈给开发者"


def _identity(rule: Rule, outcome: Claim | NotChecked) -> tuple[str, ...]:
    operands = sorted(f.id for f in outcome.operands)
    relation = outcome.relation if isinstance(outcome, Claim) else "?"
    return (outcome.result.id if outcome.result else "", relation, *operands, "" if operands else rule.code)


def judge(outcome: Claim | NotChecked, id: str, rule: str) -> Check:
    """Recompute a claim and say how it stands."""
    if isinstance(outcome, NotChecked):
        return Check(
            id, rule, Status.NOT_CHECKED, outcome.formula, outcome.operands, outcome.result,
            subject=outcome.subject, note=outcome.reason,
        )  # fmt: skip
    stated = outcome.result.quantity if outcome.result else _must(outcome)
    bare = Check(
        id, rule, Status.NOT_CHECKED, outcome.formula, outcome.operands, outcome.result, outcome.relation,
        outcome.subject, stated.unit, None, stated.value, None,
    )  # fmt: skip
    try:
        got = language.evaluate(outcome.formula, ranges(outcome.operands))
    except ZeroDivisionError:
        return replace(bare, note="分母为零，比率无意义")
    except Exception as error:
        return replace(bare, note=_our_fault(rule, error))
    expected = stated.printed_like(got.exact)
    status = verdict(stated, got, outcome.relation)
    note = outcome.doubt if status is Status.DIFFERS else ""
    return replace(bare, status=status, expected=expected, difference=stated.value - expected, note=note)


def ranges(figures: Iterable[Figure]) -> dict[str, Range]:
    return {f.id: Range(f.quantity.exact, f.quantity.low, f.quantity.high) for f in figures}


def _must(claim: Claim) -> Quantity:
    """What must hold where the report prints no result: 100% or 100分."""
    assert claim.stated is not None
    kind: Kind = "percent" if claim.unit == "%" else "score"
    decimals = max((f.quantity.decimals for f in claim.operands), default=0)
    return Quantity(claim.stated, claim.unit, kind, f"{claim.stated}{claim.unit}", decimals)


def _suspects(claim: Claim, culprits: Collection[str]) -> list[Figure]:
    """The figures a difference puts in question: one that other checks already put the blame on, else the
    result, and the other side where it is one figure."""
    known = [f for f in (claim.result, *claim.operands) if f and f.id in culprits]
    if known:
        return known[:1]
    if claim.cause:
        return [claim.cause, *([claim.result] if claim.result else [])]
    other = claim.operands if len(claim.operands) == 1 else ()
    return [f for f in (claim.result, *other) if f]


def _joined(before: Finding, more: Finding) -> Finding:
    known = {(s.document, s.start, s.cell) for s in before.evidence}
    new = tuple(s for s in more.evidence if (s.document, s.start, s.cell) not in known)
    return replace(before, evidence=before.evidence + new) if new else before


def _finding(claim: Claim, check: Check, rule: Rule, source: str) -> Finding:
    severity = claim.severity or (Severity.QUESTION if claim.doubt else rule.severity)
    assert check.expected is not None and check.stated is not None and check.difference is not None
    unit = check.unit
    stated = _with_unit(claim.result.quantity) if claim.result else f"{plain(check.stated)}{unit}"
    expected = f"{plain(check.expected)}{unit}"
    points = "个百分点" if unit == "%" else unit
    gap = f"{'多' if check.difference > 0 else '少'}{plain(abs(check.difference))}{points}"
    basis = claim.basis or f"按{readable(claim)}计算"
    if claim.relation == "=":
        message = f"“{claim.subject}”写为{stated}，{basis}为{expected}，{gap}"
    else:
        wording = "不应大于" if claim.relation == "<=" else "不应小于"
        message = f"“{claim.subject}”写为{stated}，{wording}{basis}的{expected}，{gap}"
    if claim.doubt:
        message += f"（{claim.doubt}）"
    figures = [claim.result] if claim.result else []
    spans: list[Span] = [f.span for f in [*figures, *claim.operands]]
    advice = claim.advice or "请核对原始数据，更正不符的一处或说明口径"
    return Finding(
        claim.code or rule.code, severity, message, (*spans, *claim.also), advice, source, expected, stated,
        f"{plain(check.difference)}{unit}", _tolerance(claim), check.id,
    )  # fmt: skip


def _with_unit(quantity: Quantity) -> str:
    """The print; a table cell's number with the unit that its head gives."""
    return quantity.text if quantity.unit in quantity.text else f"{quantity.text}{quantity.unit}"


def readable(claim: Claim | Check) -> str:
    """A formula with the printed figures in place of their ids."""
    texts = {f.id: f.quantity.text for f in claim.operands}
    words = language.NAME.sub(lambda m: texts.get(m[0], m[0]), claim.formula)
    return words.replace(" * ", "×").replace(" / ", "÷").replace(" + ", "＋").replace(" - ", "－")


def _tolerance(claim: Claim) -> str:
    if claim.relation != "=" or not claim.operands:
        return ""
    try:
        got = language.evaluate(claim.formula, ranges(claim.operands))
    except ZeroDivisionError:
        return ""
    stated = claim.result.quantity if claim.result else _must(claim)
    slack = (got.high - got.low) / 2 + stated.half_step
    if not slack:
        return "计数，应完全相等"
    slack = (slack / stated.scale).quantize(Decimal("0.0001")).normalize()
    return f"±{plain(slack)}{stated.unit}（由印出的小数位推得）"


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        package = version("audit-workbook-toolkit")
    except PackageNotFoundError:
        package = "0"
    return {"audit": package, "glossary": str(parameters("sources")["glossary"]["in_force_from"])}
