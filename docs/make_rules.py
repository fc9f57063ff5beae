"""docs/rules.md and docs/sources.md, from the rules' docstrings and `params/sources.toml`.

    python docs/make_rules.py            # writes both
    python docs/make_rules.py --check    # writes nothing; exits with 1 where one is out of date
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audit.glossary import parameters  # noqa: E402
from audit.rules import Rule, all_rules  # noqa: E402

DOCS = ROOT / "docs"
FAMILIES = {
    "1": "1xx Sums and footings 合计与分项",
    "2": "2xx Recomputed rates 比率重算",
    "3": "3xx The same fact in two places 前后、表文一致",
    "4": "4xx Completeness 完整性",
    "5": "5xx Scores 评分",
    "6": "6xx Periods, units, names 期间、单位、名称",
    "7": "7xx Budget control 预算控制",
    "8": "8xx Wording and layout 文字与格式",
}
HEADS = ("Formula", "Unit", "Blank", "Flags", "Passes")
MARKS = {"C": "confirmed by a document that was opened", "G": "general knowledge, not yet confirmed by a document"}
MADE = "<!-- Made by `python docs/make_rules.py`. Do not edit: change the rule's docstring or params/sources.toml. -->"


def rules_page(rules: tuple[Rule, ...]) -> str:
    lines = [
        MADE,
        "",
        "# Rules",
        "",
        "Every check the toolkit makes. A difference gets the severity named here unless something makes it uncertain: "
        "then it is 疑点 and the message says why. `audit rules CODE` shows the same in a terminal.",
        "",
        "| code | severity | what must hold |",
        "|---|---|---|",
        *(f"| [{r.code}](#{r.code.lower()}) | {r.severity.value} | {_cell(r.title)} |" for r in rules),
    ]
    for family, members in groupby(rules, key=lambda r: r.code[1]):
        lines += ["", f"## {FAMILIES[family]}"]
        for rule in members:
            lines += ["", *_entry(rule)]
    return "\n".join(lines) + "\n"


def _entry(rule: Rule) -> Iterator[str]:
    said, heads = _parts(rule.explanation)
    source = parameters("sources")[rule.source]
    yield f"### {rule.code}"
    yield ""
    yield f"**{said[0]}** `{rule.name}`, {rule.severity.value}"
    yield ""
    if len(said) > 1:
        yield " ".join(said[1:])
        yield ""
    for head, text in heads.items():
        yield f"- {head}: {text}"
    yield f"- Source: [{source['title']}](sources.md#{rule.source})"


def _parts(explanation: str) -> tuple[list[str], dict[str, str]]:
    """The sentences of a docstring and what stands behind Formula, Unit, Flags, Passes."""
    said: list[str] = []
    heads: dict[str, str] = {}
    last = ""
    for line in explanation.splitlines():
        head, _, rest = line.partition(" ")
        if head in HEADS:
            last = head
            heads[head] = rest.strip()
        elif last and line:
            heads[last] += f" {line}"
        elif line:
            said.append(line)
    return said, heads


def sources_page(rules: tuple[Rule, ...]) -> str:
    lines = [
        MADE,
        "",
        "# Sources",
        "",
        "Where the rules come from, with the day on which somebody last looked. Marks: "
        + "; ".join(f"{mark} {words}" for mark, words in MARKS.items())
        + ".",
    ]
    for key, source in parameters("sources").items():
        users = [f"[{r.code}](rules.md#{r.code.lower()})" for r in rules if r.source == key]
        lines += ["", f"## {key}", "", f"**{source['title']}**", "", *_facts(source)]
        if users:
            lines.append(f"- Rules: {', '.join(users)}")
    return "\n".join(lines) + "\n"


def _facts(source: Mapping[str, Any]) -> Iterator[str]:
    names = {"document": "Document", "article": "Article", "in_force_from": "In force from", "link": "Link",
             "mark": "Mark", "looked_up": "Looked up"}  # fmt: skip
    for key, name in names.items():
        if key in source:
            yield f"- {name}: {source[key]}"


def _cell(text: str) -> str:
    return text.replace("|", "｜")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where a page is out of date")
    only_check = parser.parse_args().check
    rules = all_rules()
    stale = 0
    for name, text in (("rules.md", rules_page(rules)), ("sources.md", sources_page(rules))):
        page = DOCS / name
        if page.exists() and page.read_text("utf-8") == text:
            continue
        if only_check:
            stale = 1
            print(f"docs/{name} is out of date: run python docs/make_rules.py", file=sys.stderr)
        else:
            page.write_text(text, "utf-8", newline="\n")
            print(f"docs/{name} written: {len(rules)} rules")
    return stale


if __name__ == "__main__":
    raise SystemExit(main())
