"""R321: the subjects of a final account: codes and names, in one table and between tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from ..accounts import Accounts, AccountTable, Line
from ..accounts.model import NamePath, bare_name, families, name_paths
from ..facts import Facts
from ..findings import Severity
from ..glossary import parameters
from . import Found, Outcome, rule

BY_FUNCTION = ("收入表", "支出表", "一般公共预算支出表", "政府性基金表", "国有资本经营表")


@rule("R321", "accounts-codes", Severity.QUESTION, source="final-accounts")
def codes(facts: Facts) -> Iterator[Outcome]:
    """同一科目在各表应有相同的编码和名称；下级科目的编码应以上级科目的编码开头；经济分类编码应与名称相符。

    Formula  同一科目各表编码、名称相同;  下级编码以上级编码开头
    Flags    支出决算表“行政运行”编码2013901，一般公共预算支出表为2013907
    Passes   各表的“行政运行”均为2013901
    """
    accounts = facts.accounts
    if not accounts:
        return
    told: set[int] = set()
    yield from _between(accounts, told)
    for table in accounts.all_tables():
        yield from _within(table, told)
    if basic := accounts["基本支出表"]:
        yield from _economic(basic, told)
    yield from _unknown(accounts, told)


def _between(accounts: Accounts, told: set[int]) -> Iterator[Outcome]:
    """One name with two codes, one code with two names."""
    by_path: dict[NamePath, list[tuple[AccountTable, Line]]] = defaultdict(list)
    by_code: dict[str, list[tuple[AccountTable, Line, NamePath]]] = defaultdict(list)
    for kind in BY_FUNCTION:
        if table := accounts[kind]:
            for path, line in name_paths(table.lines).items():
                by_path[path].append((table, line))
                by_code[line.code].append((table, line, path))
    for places in by_path.values():
        for table, line, others in _odd([(t, ln, ln.code) for t, ln in places]):
            told.update(id(ln) for ln in (line, *others))
            yield Found(
                f"“{line.label}”在{table.title}中的编码为{line.code}，别处为{others[0].code}",
                (*line.places, *(p for other in others for p in other.places)), "请核对科目编码",
            )  # fmt: skip
    for code, found in by_code.items():
        # Only under the same subject: a wrong digit may make one code another's.
        above = Counter(path[:-1] for _, _, path in found).most_common(1)[0][0]
        same = [(t, ln, ln.name) for t, ln, path in found if path[:-1] == above]
        for table, line, others in _odd(same):
            if id(line) in told:
                continue
            told.update(id(ln) for ln in (line, *others))
            yield Found(
                f"{code}在{table.title}中是“{line.label}”，别处是“{others[0].label}”",
                (*line.places, *(p for other in others for p in other.places)), "请核对科目编码与名称",
            )  # fmt: skip


def _odd(found: list[tuple[AccountTable, Line, str]]) -> Iterator[tuple[AccountTable, Line, list[Line]]]:
    """Lines that say something else than most."""
    said = Counter(words for _, _, words in found)
    if len(said) < 2:
        return
    usual = said.most_common(1)[0][0]
    others = [line for _, line, words in found if words == usual]
    for table, line, words in found:
        if words != usual:
            yield table, line, others


def _within(table: AccountTable, told: set[int]) -> Iterator[Outcome]:
    for owner, lines in families(table.lines):
        if owner is None:
            continue
        strange = [line for line in lines if not line.code.startswith(owner.code)]
        if not strange or id(owner) in told:
            continue
        # Where none of several fits, it is the code above that is wrong.
        suspects = [owner] if len(strange) == len(lines) > 1 else strange
        for line in suspects:
            if id(line) in told:
                continue
            told.add(id(line))
            other = strange[0] if line is owner else owner
            yield Found(
                f"{table.title}：{line.code}{line.label}与{'下级' if line is owner else '上级'}科目{other.code}的编码不相衔接",
                (*line.places, *other.places), "请核对科目编码",
            )  # fmt: skip
    seen: dict[str, Line] = {}
    for line in table.coded():
        before = seen.setdefault(line.code, line)
        if before is not line and id(line) not in told and before.name != line.name:
            told.add(id(line))
            yield Found(
                f"{table.title}：{line.code}出现两次（“{before.label}”“{line.label}”）",
                (*line.places, *before.places), "请核对科目编码",
            )  # fmt: skip


def _economic(table: AccountTable, told: set[int]) -> Iterator[Outcome]:
    """The economic subjects of basic spending have fixed codes."""
    names = {code: _plain(name) for code, name in parameters("accounts")["economic"].items()}
    codes = {name: code for code, name in names.items()}
    for line in table.coded():
        name = _plain(line.label)
        right = codes.get(name)
        if right and right != line.code and id(line) not in told and names.get(line.code) != name:
            told.add(id(line))
            yield Found(
                f"{table.title}：“{line.label}”的编码写为{line.code}，应为{right}", line.places, "请核对经济分类科目编码",
            )  # fmt: skip


def _plain(name: str) -> str:
    return (
        bare_name(name)
        .replace("（", "")
        .replace("）", "")
        .replace("境", "")
        .removesuffix("费用")
        .removesuffix("费")
    )


def _unknown(accounts: Accounts, told: set[int]) -> Iterator[Outcome]:
    general, spending = accounts["一般公共预算支出表"], accounts["支出表"]
    if not general or not spending or not spending.coded():
        return
    known = name_paths(spending.lines)
    codes = {line.code for line in spending.coded()}
    for path, line in name_paths(general.lines).items():
        if path not in known and line.code not in codes and line.filled and id(line) not in told:
            yield Found(
                f"{general.title}的{line.code}{line.label}不在{spending.title}中", line.places, "请核对两表的科目",
                Severity.ERROR if general.ruled and spending.ruled else None,
            )  # fmt: skip
