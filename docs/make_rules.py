"""docs/rules/ and docs/sources.md, from the rules' docstrings and `params/sources.toml`.

    python docs/make_rules.py            # writes them
    python docs/make_rules.py --check    # writes nothing; exits with 1 where one is out of date

A page shows what a rule says of its own example: the example is checked while the page is made.
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
from audit.read.assembly import Source  # noqa: E402
from audit.read.text import read_text  # noqa: E402
from audit.report import Report  # noqa: E402
from audit.rules import Rule, all_rules  # noqa: E402
from audit.run import check_documents  # noqa: E402
from audit.source import Cell, CellState, Document, Span, Table  # noqa: E402

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
MARKS = {
    "C": "confirmed by a document that was opened",
    "G": "general knowledge, not yet confirmed by a document",
}
MADE = "<!-- Made by `python docs/make_rules.py`. Do not edit: change the rule's docstring or params/sources.toml. -->"
TITLE = "2024年度部门整体支出绩效自评报告"
# Examples that tell of whole final accounts instead of quoting a report that could be run; of R109, what it
# confirms: a subset that is too large is reported by R101.
TOLD = frozenset(
    "R109 R120 R121 R122 R220 R221 R223 R224 R320 R321 R322 R323 R324 R325 R326 R327 R328 R329 "
    "R420 R421 R422 R423 R620 R621 R622".split()
)


def example(text: str) -> list[Document]:
    """The small report of a docstring: a title and its lines; rows in | | are an annex, one for each run of them."""
    words, grids = [TITLE], []
    above = ""
    for line in text.replace("……", "。").splitlines():
        if line.startswith("|"):
            if not above.startswith("|"):
                grids.append([])
            grids[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        elif line:
            words.append(line)
        above = line
    body = "\n".join(words).rstrip("。：") + "。"
    narrative = read_text(body.encode(), Source("d1", "自评报告.txt", "narrative", ""))
    return [narrative, *(_annex(rows, n) for n, rows in enumerate(grids, 1))]


def _annex(rows: list[list[str]], n: int) -> Document:
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            span = Span(f"d{n + 1}", None, None, text, cell=f"表!{chr(65 + c)}{r + 1}")
            state = CellState.DASH if text == "—" else CellState.VALUE if text else CellState.BLANK
            cells.append(Cell(r, c, text, span, state=state))
    table = Table("表", tuple(cells), len(rows), max(map(len, rows)))
    return Document(f"d{n + 1}", f"附件{n}.xlsx", "annex", "", tables=(table,))


def checked(text: str) -> Report:
    return check_documents(example(text))


def rules_page(rules: tuple[Rule, ...]) -> str:
    lines = [
        MADE,
        "",
        "# Rules",
        "",
        "Every check the toolkit makes. A difference gets the severity named here unless something makes it uncertain: "
        "then it is 疑点 and the message says why. `audit rules CODE` shows the same in a terminal; "
        "[audit.toml](../config.md) switches a rule off or changes its severity.",
    ]
    for family, members in groupby(rules, key=lambda r: r.code[1]):
        lines += ["", f"## {FAMILIES[family]}", "", "| code | severity | what must hold |", "|---|---|---|"]
        lines += [f"| [{r.code}]({r.code}.md) | {r.severity.value} | {_cell(r.title)} |" for r in members]
    return "\n".join(lines) + "\n"


def rule_page(rule: Rule) -> str:
    return "\n".join([MADE, "", *_entry(rule)]) + "\n"


def _entry(rule: Rule) -> Iterator[str]:
    sections = rule.sections
    source = parameters("sources")[rule.source]
    yield from (f"# {rule.code} {rule.name}", "", f"**{rule.title}** {rule.severity.value}", "")
    if "" in sections:
        yield from (sections[""], "")
    for head in ("Why", "Formula", "Unit", "Blank", "Doubt", "Note"):
        if head in sections:
            yield f"- {head}: {sections[head].replace(chr(10), ' ')}"
    yield f"- Source: [{source['title']}](../sources.md#{rule.source})"
    for head in ("Flags", "Passes"):
        text = sections[head]
        yield from ("", f"## {head}", "", "```text", text, "```")
        if head == "Flags" and rule.code not in TOLD:
            found = [f for f in checked(text).findings if f.code == rule.code]
            yield from ("", *(f"> {f.severity.value} {' '.join(f.message.split())}" for f in found[:1]))
    yield from ("", "[All rules](README.md)")


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
        users = [f"[{r.code}](rules/{r.code}.md)" for r in rules if r.source == key]
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
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 where a page is out of date"
    )
    only_check = parser.parse_args().check
    rules = all_rules()
    pages = {f"rules/{rule.code}.md": rule_page(rule) for rule in rules}
    pages |= {"rules/README.md": rules_page(rules), "sources.md": sources_page(rules)}
    (DOCS / "rules").mkdir(exist_ok=True)
    stale = [name for name, text in pages.items() if not _is(DOCS / name, text)]
    stale += [
        f"rules/{page.name}" for page in (DOCS / "rules").iterdir() if f"rules/{page.name}" not in pages
    ]
    if only_check and stale:
        print(
            f"out of date: {', '.join(f'docs/{name}' for name in stale)}; run python docs/make_rules.py",
            file=sys.stderr,
        )
        return 1
    for name in stale:
        if name in pages:
            (DOCS / name).write_text(pages[name], "utf-8", newline="\n")
        else:
            (DOCS / name).unlink()  # of a rule that is no more
    print(f"{len(rules)} rules, {len(stale)} pages written")
    return 0


def _is(page: Path, text: str) -> bool:
    return page.exists() and page.read_text("utf-8") == text


if __name__ == "__main__":
    raise SystemExit(main())
