# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 用 xlwings 与打开的工作簿对账
#
# 附表正在 Excel 里开着、还没存盘，也能对：由 xlwings 取出当前工作簿的一份副本，同自评报告核对，有疑问的单元格列出来，需要时在 Excel 里标黄。
#
# **要有 Excel 才行**（Windows，装有 `pip install "audit-workbook-toolkit[excel]"`）。WPS、LibreOffice 和没有 Excel 的机器，下面同样的步骤改从文件读：把 `workbook` 写成存好的附表。

# %%
import tempfile
from pathlib import Path

import audit
from audit.faces.cli import sample_folder
from audit.faces.notebook import setup, table

# %% tags=["parameters"]
sample = sample_folder() / "planted"  # 样例部门（虚构，埋有差错）
report = str(sample / "自评报告.docx")
workbook = str(sample / "附件1-基础数据表.xlsx")  # 没有打开的 Excel 时读它
mark = False  # True：在打开的工作簿里把有疑问的单元格标黄

# %%
setup()
temporary = tempfile.TemporaryDirectory()

# %% [markdown]
# ## 一、取工作簿
#
# 有打开的 Excel，就把当前工作簿另存一份副本来读，原件不动，也不用先存盘；没有，就读文件。

# %%
try:
    import xlwings

    book = xlwings.books.active
    workbook = str(Path(temporary.name) / book.name)
    book.api.SaveCopyAs(workbook)
    print("取自打开的工作簿：", book.name)
except Exception:  # 没有装 xlwings、没有 Excel、没有打开的工作簿
    book = None
    print("没有打开的 Excel，改读文件：", Path(workbook).name)

# %% [markdown]
# ## 二、里面有什么
#
# 认出是哪一张标准附表，读出每一格；“没有找到”和“问题”要先看，没读到的数核不了。

# %%
form = audit.read_form(workbook)
form

# %% [markdown]
# ## 三、同报告核对
#
# 只列首要依据在这本工作簿里的问题；再往下逐格列出涉及的单元格。

# %%
result = audit.check(report, [workbook])
findings = result.findings_frame()
places = {
    span.cell: finding.message
    for finding in result.findings
    for span in finding.evidence
    if span.cell and result.document(span).role == "annex"
}
table(findings[findings["位置"].str.contains("!")][["级别", "规则", "内容", "位置", "建议"]])

# %%
for cell, message in places.items():
    print(cell, message)

# %% [markdown]
# ## 四、逐格再算
#
# 附表里的合计，用读到的各格重算一遍，同命令行、底稿、Excel 函数用的是一套算法。

# %%
checks = result.checks_frame()
own = checks[checks["位置"].str.contains("!")]
for row in own.to_dict("records"):
    assert row["差额"] is None or row["差额"] == row["报告数"] - row["应为"], row["对象"]
table(own[["状态", "对象", "算式", "报告数", "应为", "差额", "单位", "位置"]])

# %% [markdown]
# ## 五、在 Excel 里标出来
#
# `mark = True` 时才动打开的工作簿，只改底色，不改数，也不存盘；不想要就撤销。

# %%
if book and mark:
    for place in places:
        name, _, cell = place.rpartition("!")
        book.sheets[name][cell].color = (255, 242, 171)
temporary.cleanup()
