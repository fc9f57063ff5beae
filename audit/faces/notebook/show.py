"""How things look in a notebook: Chinese fonts, interactive tables without network, charts.

Comes in: tables and drawn figures. Goes out: what Jupyter shows. Decimal becomes float only inside a chart's drawing;
`Chart.values` keeps the numbers that a chart shows.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import matplotlib
import pandas
from matplotlib import font_manager
from matplotlib.figure import Figure

from ...display import Html
from ...errors import AuditError
from ...frames import INSTALL

FONT, FONT_FILE = "Noto Sans CJK SC", "NotoSansCJKsc-Regular.otf"
DOTS_PER_INCH = 120
CHINESE_TABLE = {
    "info": "第 _START_ 至 _END_ 行，共 _TOTAL_ 行",
    "infoEmpty": "没有行",
    "infoFiltered": "（从 _MAX_ 行中筛选）",
    "lengthMenu": "每页 _MENU_ 行",
    "search": "查找：",
    "zeroRecords": "没有符合的行",
    "emptyTable": "没有数据",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn figure and the numbers it shows, exact."""

    figure: Figure
    values: pandas.DataFrame

    def _repr_png_(self) -> bytes:
        stream = io.BytesIO()
        self.figure.savefig(stream, format="png", dpi=DOTS_PER_INCH, bbox_inches="tight", facecolor="white")
        return stream.getvalue()

    def save(self, path: str | Path) -> None:
        self.figure.savefig(path, dpi=DOTS_PER_INCH, bbox_inches="tight", facecolor="white")


def setup() -> None:
    """Once per notebook: Chinese in charts, tables that work offline."""
    from itables import init_notebook_mode

    use_chinese_font()
    pandas.set_option("display.max_colwidth", 80)
    init_notebook_mode(all_interactive=False, connected=False)


def use_chinese_font() -> None:
    """The font that mplfonts ships, whatever the machine has of its own."""
    known = {font.name for font in font_manager.fontManager.ttflist if Path(font.fname).name == FONT_FILE}
    if FONT not in known:
        spec = find_spec(
            "mplfonts"
        )  # found, not imported: its import wants packages that are not needed here
        if spec is None or spec.origin is None:
            raise AuditError("图表", "没有安装 mplfonts（中文字体）", INSTALL)
        font_manager.fontManager.addfont(Path(spec.origin).parent / "fonts" / FONT_FILE)
    matplotlib.rcParams["font.family"] = "sans-serif"
    matplotlib.rcParams["font.sans-serif"] = [FONT, "DejaVu Sans"]
    matplotlib.rcParams["axes.unicode_minus"] = False


def table(frame: pandas.DataFrame, **options: Any) -> Html:
    """An interactive table: sort, search, turn pages. Texts are shown as they are, never as markup."""
    from itables import to_html_datatable

    chosen: Mapping[str, Any] = {
        "showIndex": False,
        "allow_html": False,
        "display_logo_when_loading": False,
        "language": CHINESE_TABLE,
        "lengthMenu": [10, 25, 50, 100],
        "maxBytes": "4MB",
        "classes": "display compact",
        "style": "table-layout:auto;width:100%;margin:0",
        "columnDefs": _alignment(frame),
        **options,
    }
    shown = frame.copy()
    for name in shown.columns:
        if shown[name].dtype == object:  # Decimal, written out: no exponent, no float
            shown[name] = shown[name].map(_plain).astype("string")
    return Html(to_html_datatable(shown, connected=False, **chosen))


def _alignment(frame: pandas.DataFrame) -> list[dict[str, Any]]:
    """Words to the left, numbers to the right."""
    numbers = [
        i for i, name in enumerate(frame.columns)
        if pandas.api.types.is_numeric_dtype(frame[name]) or frame[name].map(lambda v: isinstance(v, Decimal)).any()
    ]  # fmt: skip
    words = [i for i in range(len(frame.columns)) if i not in numbers]
    return [{"className": "dt-right", "targets": numbers}, {"className": "dt-left", "targets": words}]


def _plain(value: Any) -> Any:
    return "" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def canvas(width: float, height: float, title: str) -> tuple[Figure, Any]:
    """A figure with one pair of axes. Not through pyplot, so that nothing is shown twice."""
    use_chinese_font()
    figure = Figure(figsize=(width, height))
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=12)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def caution(figure: Figure, words: str) -> None:
    """A word of caution below the drawing, part of the picture."""
    figure.text(0.01, -0.02, words, fontsize=9, color="#7a4b00", va="top", linespacing=1.5)
