"""The house in order: rules and their sources, light imports, one direction, READMEs, no borrowed text."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import audit
from audit.faces.cli import _parser
from audit.glossary import glossary, parameters
from audit.rules import Rule, all_rules, rule
from tests.conftest import ROOT, SHARED

PACKAGE = ROOT / "audit"
RULES = all_rules()
CHINESE = re.compile("[一-龥]")
READMES = ("README.md", "README.zh-CN.md")
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)


# ---- rules -------------------------------------------------------------------------------------------------


def test_every_decorated_function_is_registered_under_its_own_code_and_name():
    written = re.findall(
        r'^@rule\(\s*"(R\d+)", "([\w-]+)"',
        "\n".join(path.read_text("utf-8") for path in (PACKAGE / "rules").glob("*.py")),
        re.MULTILINE,
    )
    assert sorted(written) == [(r.code, r.name) for r in RULES]
    assert len({r.code for r in RULES}) == len({r.name for r in RULES}) == len(RULES)
    assert all(re.fullmatch(r"R[1-8]\d\d", r.code) for r in RULES)


def test_a_code_cannot_be_used_twice():
    with pytest.raises(ValueError, match="R201"):
        rule("R201", "again", RULES[0].severity, "ratios")(RULES[0].run)


@each_rule
def test_a_rule_is_explained_by_its_docstring(rule: Rule):
    first, *more = rule.explanation.splitlines()
    heads = [line.partition(" ")[0] for line in more]
    assert CHINESE.search(first) and first.endswith("。")
    assert "Flags" in heads and "Passes" in heads
    assert "Formula" in heads or rule.code[1] in "4678", "rules on wording and conduct may have no formula"
    assert all(
        re.fullmatch(r"\w+ .*\S", line) for line in more if line.startswith(("Flags", "Passes", "Formula"))
    )


@each_rule
def test_the_source_of_a_rule_is_known(rule: Rule):
    source = parameters("sources")[rule.source]
    assert {"title", "document", "in_force_from", "mark", "looked_up"} <= set(source)
    assert source["mark"] in "CG"


def test_partitions_are_made_of_terms_of_the_glossary():
    words = glossary()
    terms = set(words.items.values())
    assert words.partitions
    for total, parts in words.partitions.items():
        assert {total, *parts} <= terms
        assert len(set(parts)) == len(parts) > 1


def literals(node: ast.AST) -> str:
    """The words of an expression that are written out; keys and format specifications are none."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.Subscript):
        return literals(node.value)
    inner = [node.value] if isinstance(node, ast.FormattedValue) else ast.iter_child_nodes(node)
    return "".join(map(literals, inner))


def messages() -> Iterator[tuple[str, str]]:
    """Place and words of what rules say to users, as written in the code."""
    said = {"Found": ("message", "evidence", "advice"), "NotChecked": ("reason",), "Claim": ()}
    spoken = {"message", "advice", "reason", "subject", "basis", "doubt"}
    for path in sorted((PACKAGE / "rules").glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in said:
                given = list(zip(said[call.func.id], call.args, strict=False))
                given += [(k.arg, k.value) for k in call.keywords if k.arg]
                for name, value in given:
                    if name in spoken and (words := literals(value)):
                        yield f"{path.name}:{value.lineno} {name}", words


def test_what_rules_say_is_written_in_chinese():
    said = list(messages())
    assert len(said) > 50
    assert [place for place, words in said if re.search("[A-Za-z]{3}", words)] == []
    assert [place for place, words in said if not CHINESE.search(words) and "subject" not in place] == []


def test_what_users_see_of_the_sample_is_chinese():
    folder = ROOT / "workbooks" / "sample" / "planted"
    report = audit.check(folder / "自评报告.docx", sorted(folder.glob("附件*.xlsx")))
    for finding in report.findings:
        for words in (finding.message, finding.advice, finding.source):
            assert CHINESE.search(words) and not re.search("[A-Za-z]{3}|None", words)


# ---- imports -----------------------------------------------------------------------------------------------

HEAVY = "pandas numpy openpyxl xlwings lxml pdfplumber pypdfium2 python_calamine xlsxwriter docx".split()


def loaded_after(code: str, folder: Path) -> set[str]:
    code += "\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"],
        capture_output=True, check=True, cwd=folder, timeout=60,
    )  # fmt: skip
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_import_is_light(tmp_path):
    loaded = loaded_after("import audit", tmp_path)
    assert {name for name in loaded if name.startswith("audit")} == {"audit"}
    assert loaded.isdisjoint(HEAVY)


def test_a_text_is_checked_without_any_library(tmp_path):
    (tmp_path / "a.txt").write_text("2024年全年预算数100.00万元，执行数95.00万元。", "utf-8")
    loaded = loaded_after("from audit.faces.cli import main; main(['check', 'a.txt', '-q'])", tmp_path)
    assert "audit.run" in loaded
    assert loaded.isdisjoint(HEAVY)


@cache
def imports(path: Path) -> frozenset[str]:
    """Full names of the modules that a module imports, anywhere in it but under TYPE_CHECKING."""
    home = path.relative_to(ROOT).with_suffix("").parts
    found: set[str] = set()
    for node in _running(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(home[: len(home) - node.level]) if node.level else ""
            base = ".".join(filter(None, (package, node.module)))
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield child
            yield from _running(child)


MODULES = sorted(PACKAGE.rglob("*.py"))
EDGES = ("udfs.py", "frames.py")
IN_JUPYTER = {"IPython", "numpy"}  # come with JupyterLab and pandas
CORE = [p for p in MODULES if (p.parent == PACKAGE and p.name not in EDGES) or p.parent.name == "rules"]


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_core_needs_the_standard_library_only(path):
    assert {name.partition(".")[0] for name in imports(path)} <= {*sys.stdlib_module_names, "audit"}


def test_libraries_used_at_the_edges_are_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    def names(dependencies: list[str]) -> set[str]:
        return {re.split("[>=<]", d)[0].lower().replace("-", "_") for d in dependencies}

    def used(paths: list[Path]) -> set[str]:
        found = {name.partition(".")[0] for path in paths for name in imports(path)}
        # LibreOffice brings uno
        return found - set(sys.stdlib_module_names) - {"audit", "uno", "unohelper"}

    for_excel = [p for p in MODULES if p.parent.name == "workbook" or p.name == "udfs.py"]
    for_notebooks = [p for p in MODULES if "notebook" in str(p.relative_to(PACKAGE)) or p.name == "frames.py"]
    declared, extras = names(project["dependencies"]), project["optional-dependencies"]
    assert used([p for p in MODULES if p not in [*for_excel, *for_notebooks]]) == declared
    assert used(for_excel) - declared == names(extras["excel"])
    assert used(for_notebooks) - declared - IN_JUPYTER <= names(extras["notebooks"])


@pytest.mark.parametrize("path", CORE, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_stages_know_only_what_stands_to_their_left(path):
    right = {"audit.faces"}
    if path.name not in ("__main__.py", "run.py", "display.py"):
        right |= {"audit.read", "audit.run"}
    if path.parent.name == "rules":
        right |= {"audit.report", "audit.grid", "audit.understand", "os", "pathlib", "sys"}
    if path.name != "__main__.py":
        assert {n for n in imports(path) if any(f"{n}.".startswith(f"{r}.") for r in right)} == set()


# ---- documents ---------------------------------------------------------------------------------------------


def blocks(name: str) -> list[str]:
    """The code blocks of a page, without comments."""
    found = re.findall(r"```\w*\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    return [re.sub(r"[ \t]+#.*", "", block) for block in found]


def test_both_readmes_name_the_same_commands():
    english, chinese = map(blocks, READMES)
    assert len(english) > 3
    assert english == chinese


def test_the_commands_of_the_readme_are_accepted_and_all_are_named():
    lines = [
        line for block in blocks("README.md") for line in block.splitlines() if line.startswith("audit ")
    ]
    named = {_parser().parse_args(shlex.split(line)[1:]).run.__name__ for line in lines}
    known = "check figures rules demo draft lint_case fill read list_forms workbook doctor notebooks report"
    assert named == {f"_{name}" for name in known.split()}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize(
    "page", [*READMES, "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", (ROOT / page).read_text("utf-8"))
    missing = [to for to in links if "://" not in to and not (ROOT / page).parent.joinpath(to).exists()]
    assert missing == []


# ---- no borrowed text --------------------------------------------------------------------------------------

LONG = 20


def runs(text: str) -> Iterator[str]:
    """Every stretch of twenty Chinese characters and marks; line breaks and blanks do not end one."""
    for stretch in re.findall(rf"[一-鿿，。、；：（）“”]{{{LONG},}}", re.sub(r"\s", "", text)):
        yield from (stretch[i : i + LONG] for i in range(len(stretch) - LONG + 1))


@pytest.mark.shared
def test_no_sentence_of_a_real_report_stands_in_the_repository():
    reports = {run for path in (SHARED / "seeds").glob("*.txt") for run in runs(path.read_text("utf-8"))}
    assert len(reports) > 5_000
    borrowed = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        borrowed += [f"{path.relative_to(ROOT)}: {run}" for run in runs(text) if run in reports]
    assert borrowed == []
