"""audit.toml: which rules are off, how severe each is, whose scoring applies.

Comes in: the file given, or the one beside the report or in the working directory. Goes out: a `Config`, which
`audit.run` obeys and the Report keeps, so that nobody takes a rule that was switched off for one that passed.

    [rules.R203]
    off = true

    [rules.R102]
    severity = "疑点"

    [report]
    profile = "hunan"
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .errors import AuditError
from .findings import Severity
from .glossary import parameters

NAME = "audit.toml"
SECTIONS = {"rules": "[rules.规则号]", "report": "[report]"}


@dataclass(frozen=True)
class Config:
    """What a user changed; empty where nothing.

    off       codes of rules that are not run and raise nothing
    severity  code → the severity of all its findings
    profile   whose scoring parameters apply (a folder of `templates/`), "" for the national ones
    file      the name of the file it came from
    """

    off: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    profile: str = ""
    file: str = ""

    @property
    def scoring(self) -> Mapping[str, Any]:
        """Points for execution, tiers and grades: the national ones, or the place's own."""
        if not self.profile:
            return parameters("scoring")
        from .forms.description import profile

        return profile(self.profile).scoring

    def state(self, code: str) -> str:
        """What became of a rule, in a word: 关闭, 改为疑点, or "" where nothing did."""
        if code in self.off:
            return "关闭"
        return f"改为{self.severity[code]}" if code in self.severity else ""

    def changes(self) -> str:
        """All of it in a line, "" where nothing is changed."""
        said = [f"关闭规则 {'、'.join(sorted(self.off))}"] if self.off else []
        for severity in Severity:
            codes = sorted(code for code, given in self.severity.items() if given is severity)
            said += [f"{'、'.join(codes)} 改为{severity}"] if codes else []
        said += [f"计分参数采用 {self.profile}"] if self.profile else []
        return f"按 {self.file or '所给设置'}：{'；'.join(said)}" if said else ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "file": self.file or None,
            "off": sorted(self.off),
            "severity": {code: severity.value for code, severity in sorted(self.severity.items())},
            "profile": self.profile or None,
        }


def settings(
    given: Config | str | os.PathLike[str] | None = None, report: str | os.PathLike[str] | None = None
) -> Config:
    """The Config given or read from the file given; else audit.toml beside the report, else in the working directory.

    Raises AuditError, in Chinese, where the file is missing or says something unknown.
    """
    if isinstance(given, Config):
        return given
    if given is not None:
        return read_config(given)
    for folder in ([Path(report).parent] if report is not None else []) + [Path()]:
        if (folder / NAME).is_file():
            return read_config(folder / NAME)
    return Config()


def read_config(path: str | os.PathLike[str]) -> Config:
    where = os.path.basename(path)
    try:
        data = tomllib.loads(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        raise AuditError(str(path), "无法读取设置文件", "请检查路径与读取权限") from error
    except UnicodeDecodeError as error:
        raise AuditError(where, "不是 UTF-8 编码", "请用记事本另存为 UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise AuditError(where, f"不合 TOML 格式（{error}）", '文字要加引号，如 severity = "疑点"') from error
    _known(data, SECTIONS, where, "这一节")
    rules, about = _table(data, "rules", where), _table(data, "report", where)
    off, severity = set(), {}
    for code, _ in rules.items():
        entry = _table(rules, code, where)
        code = _code(code, where)
        place = f"{where} [rules.{code}]"
        _known(entry, ("off", "severity"), place, "这一项")
        if not isinstance(entry.get("off", False), bool):
            raise AuditError(place, f"off 写成了 {entry['off']!r}", "请写 off = true 或 off = false")
        if entry.get("off"):
            off.add(code)
        if "severity" in entry:
            severity[code] = _severity(entry["severity"], place)
    _known(about, ("profile",), f"{where} [report]", "这一项")
    return Config(frozenset(off), severity, _profile(about.get("profile", ""), where), where)


def _table(data: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    table = data.get(key, {})
    if not isinstance(table, Mapping):
        raise AuditError(
            where, f"{key} 应是一节", f"请写成 {SECTIONS.get(key, f'[rules.{key}]')}，下一行写设置"
        )
    return table


def _known(data: Mapping[str, Any], names: Iterable[str], where: str, what: str) -> None:
    for key in data:
        if key not in names:
            raise AuditError(
                where, f"没有{what}：{key}", f"可用：{'、'.join(SECTIONS.get(n, n) for n in names)}"
            )


def _code(code: str, where: str) -> str:
    from .rules import all_rules

    known = [rule.code for rule in all_rules()]
    if code.upper() not in known:
        raise unknown_rule(f"{where} [rules.{code}]", code, known)
    return code.upper()


def unknown_rule(where: str, code: str, known: Collection[str]) -> AuditError:
    meant = code.upper().translate(str.maketrans("OIL", "011"))  # letters typed for digits
    near = [meant] if meant in known else sorted(get_close_matches(meant, known, 3, 0.6))
    alike = f"请核对规则号，相近的有 {'、'.join(near)}" if near else "请核对规则号"
    return AuditError(where, "没有这条规则", f"{alike}；全部规则见 audit rules")


def _severity(word: object, where: str) -> Severity:
    if word not in tuple(Severity):
        raise AuditError(where, f"没有这个程度：{word}", f"可用：{'、'.join(Severity)}")
    return Severity(str(word))


def _profile(name: object, where: str) -> str:
    from .forms.description import profile

    if not isinstance(name, str):
        raise AuditError(f"{where} [report]", f"profile 写成了 {name!r}", '请写成 profile = "hunan" 的样子')
    if name:
        try:
            profile(name)
        except AuditError as error:
            raise AuditError(
                f"{where} [report] profile", f"{error.where}：{error.cause}", error.remedy
            ) from error
    return name
