"""Automatic list numbers of a Word file, put back as the text a reader sees: 一、 （二） 3. 1.2

Comes in: numbering.xml and, in order, the (list, level) of each numbered paragraph. Goes out: the label.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = W + "val"
DIGITS = "〇一二三四五六七八九"
CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "japaneseDigitalTenThousand",
}


@dataclass(slots=True)
class Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1
    after: str = "tab"


@dataclass(slots=True)
class List:
    """An abstract numbering: its levels, and how far each has counted."""

    levels: dict[int, Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    def __init__(self, root: etree._Element | None) -> None:
        self.lists: dict[str, List] = {}
        self.instances: dict[str, tuple[List, dict[int, int]]] = {}
        if root is None:
            return
        for abstract in root.iter(W + "abstractNum"):
            made = List({_int(level.get(W + "ilvl")): _level(level) for level in abstract.iter(W + "lvl")})
            self.lists[abstract.get(W + "abstractNumId", "")] = made
        for instance in root.iter(W + "num"):
            base = self.lists.get(_value(instance, "abstractNumId"))
            if base is None:
                continue
            restarts: dict[int, int] = {}
            for override in instance.iter(W + "lvlOverride"):
                level = _int(override.get(W + "ilvl"))
                if (start := _value(override, "startOverride")) != "":
                    restarts[level] = _int(start)
                for redefined in override.iter(W + "lvl"):
                    # A redefined level belongs to this instance alone: it gets a list of its own.
                    base = List({**base.levels, level: _level(redefined)})
            self.instances[instance.get(W + "numId", "")] = (base, restarts)

    def label(self, number: str, depth: int) -> str:
        """The next label of a list at a level, with the space that follows it; "" for bullets."""
        if number not in self.instances:
            return ""
        found, restarts = self.instances[number]
        level = found.levels.get(depth)
        if level is None:
            return ""
        if depth in restarts:
            found.counts[depth] = restarts.pop(depth) - 1
        found.counts[depth] = found.counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in found.counts if d > depth]:
            del found.counts[deeper]
        if level.format in ("bullet", "none"):
            return level.text if level.format == "none" else ""

        def one(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            above = found.levels.get(at, Level())
            return written(found.counts.get(at, above.start), above.format)

        label = re.sub(r"%([1-9])", one, level.text)
        # "1." before "2024年" would read 1.2024: keep apart what punctuation does not.
        apart = level.after == "space" or (level.after == "tab" and label[-1:] not in "、）)：，")
        return label + " " if label and apart else label


def written(number: int, style: str) -> str:
    """A list number in its style.

    >>> written(12, "chineseCounting"), written(3, "decimalEnclosedCircle"), written(4, "lowerRoman")
    ('十二', '③', 'iv')
    """
    if style in CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        head = "" if not tens else "十" if tens == 1 else DIGITS[tens] + "十"
        return head + (DIGITS[ones] if ones else "")
    if style.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if style in ("upperLetter", "lowerLetter") and 0 < number <= 26:
        return chr((65 if style == "upperLetter" else 97) + number - 1)
    if style in ("upperRoman", "lowerRoman") and 0 < number < 40:
        roman = (
            "X" * (number // 10) + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10]
        )
        return roman if style == "upperRoman" else roman.lower()
    if style == "decimalFullWidth":
        return str(number).translate({48 + d: 0xFF10 + d for d in range(10)})
    return str(number)


def _level(element: etree._Element) -> Level:
    return Level(
        _value(element, "numFmt") or "decimal",
        _value(element, "lvlText"),
        _int(_value(element, "start"), 1),
        _value(element, "suff") or "tab",
    )


def _value(element: etree._Element, tag: str) -> str:
    child = element.find(W + tag)
    return "" if child is None else child.get(VAL, "")


def _int(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.lstrip("-").isdigit() else default
