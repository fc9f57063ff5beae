# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 填列附表
#
# 从报告和已有附表起草填表数据，在表格里改正，填进标准附表，再把填好的表读回来，看**写进去的和读出来的是不是一回事**。
#
# 填好的文件写到 `output`；留空就写到临时目录，关掉笔记本即弃。

# %%
import tempfile
from pathlib import Path

import audit
from audit.faces.cli import sample_folder
from audit.faces.notebook import edited, grid, setup, table
from audit.forms.draft import draft

# %% tags=["parameters"]
sample = sample_folder() / "planted"  # 样例部门（虚构，埋有差错）
report = str(sample / "自评报告.docx")
annexes = [str(path) for path in sorted(sample.glob("附件*.xlsx"))]
output = ""

# %%
setup()
temporary = tempfile.TemporaryDirectory()
folder = Path(output or temporary.name)
result = audit.check(report, annexes)

# %% [markdown]
# ## 一、起草
#
# 每个值都写明出处；哪里也没写的留空，不猜，不算。

# %%
case, sources = draft(result)
print(
    f"部门 {len(case.department)} 项，项目 {len(case.projects)} 个，指标 {len(case.indicators)} 条；写明出处的 {len(sources)} 处"
)
assert all(case.at(place) is not None for place in sources)

# %% [markdown]
# ## 二、在表格里改
#
# 双击单元格改数，金额单位万元。只列项目的名称和三个总额；其余的用 Excel 或 WPS 改更方便：`audit.write_case(case, "case.xlsx")` 写出填表数据，改好后 `audit.read_case("case.xlsx")` 读回。

# %%
sheet = grid(case)
sheet

# %% [markdown]
# 改好以后运行下一格：把表格里的数收回来，并列出改了哪些。没有改过，就一行也没有。

# %%
case, changes = edited(case, sheet)
changes

# %% [markdown]
# ## 三、填列
#
# 填进湖南省的附件1、2、3；`audit forms` 列出别的格式。模板里的公式不动；填表数据同公式结果不一样的，照填表数据写，留给核对。

# %%
paths = audit.fill(case, "hunan", folder / "附表")
[path.name for path in paths]

# %% [markdown]
# ## 四、读回来比对
#
# 像读别人填的表一样，把刚写的文件重新读一遍：每个项目的三个总额，读出来的应与写进去的相同。

# %%
forms = [audit.read_form(path) for path in paths]
forms[0]

# %%
written = {row["name"]: row for row in case.projects}
totals = ["total_initial", "total_budget", "total_spent"]
read_back = {f.values["name"]: f.values for f in forms if f.form.per == "project"}
assert read_back.keys() == written.keys()
for name, values in read_back.items():
    assert [values[key] for key in totals] == [written[name].get(key) for key in totals], name
print(f"{len(read_back)} 个项目，读回与写入一致")

# %% [markdown]
# 再拿填好的表同报告正文核一遍：这里还有的不符，是正文和附表（或附表之间）本来就说得不一样。

# %%
again = audit.check(report, paths).findings_frame()
table(again[["级别", "规则", "内容", "位置"]])

# %%
temporary.cleanup()  # 自己指定了 output 的不受影响
