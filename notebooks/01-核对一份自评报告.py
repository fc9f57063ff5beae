# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 核对一份自评报告
#
# 读一份部门整体支出绩效自评报告和它的附表，看**有哪些问题**、**某一个数是怎么核出来的**、**正文里哪些数对得上、哪些对不上**。
#
# 换成自己的报告：改下面写着 `report` 的一格：`report` 是报告的路径，`annexes` 是附表路径的列表（没有附表就写 `[]`），再从菜单 Run 里选 Run All Cells（中文界面是“运行”）。工具只读取这些文件，不改动，也不上传。

# %%
import audit
from audit.display import narrative
from audit.faces.cli import sample_folder
from audit.faces.notebook import setup, table
from audit.findings import verdict
from audit.ranges import evaluate
from audit.run import ranges, readable

# %% tags=["parameters"]
sample = sample_folder() / "planted"  # 样例部门（虚构，埋有差错）
report = str(sample / "自评报告.docx")
annexes = [str(path) for path in sorted(sample.glob("附件*.xlsx"))]

# %%
setup()
result = audit.check(report, annexes)
result

# %% [markdown]
# ## 一、问题清单
#
# 一行一条。点表头排序，右上角的框可以查找，比如输入 `R2` 只看比率重算、输入“高龄津贴”只看这个项目。`错误`是算得出来的不符，`疑点`要看资料才能定，`提示`供参考；属实与否由审计人员判断。

# %%
findings = result.findings_frame()
assert len(findings) == len(result.findings)
table(findings[["序号", "级别", "规则", "内容", "位置", "建议"]])

# %% [markdown]
# 核对做了多少项、结果如何，按规则类型看。**相符的也列出来**：签字的人要知道哪些核过了。

# %%
checks = result.checks_frame()
by_family = checks.groupby(["类型", "状态"]).size().unstack(fill_value=0)
assert by_family.to_numpy().sum() == len(result.checks)
by_family

# %%
colours = {"相符": "#7fb77e", "尾差": "#f2d16b", "不符": "#d9534f", "未能核对": "#b8c2cc"}
axes = by_family.plot.barh(
    stacked=True,
    color=[colours[status] for status in by_family],
    title="各类核对的结果（项）",
    figsize=(9, 3.5),
)

# %% [markdown]
# ## 二、一项核对，一步一步看
#
# 下面取第一项不符的比率；要看别的，把 `"不符"`、`"R2"` 换掉就行。

# %%
computed = [c for c in result.checks if c.expected is not None]
one = next((c for c in computed if c.status == "不符" and c.rule.startswith("R2")), computed[0])
one

# %% [markdown]
# **第一步，用了哪些数。** “原文”是报告里印的样子，“位置”告诉你到哪里去找。

# %%
used = [*one.operands, *([one.result] if one.result else [])]
figures = result.figures_frame().set_index("编号")
figures.loc[[figure.id for figure in used], ["原文", "数值", "单位", "位置"]]

# %% [markdown]
# **第二步，重算。** 印出来的数是四舍五入过的：`98.5%` 可能是 98.45% 到 98.55% 之间的任何数。所以重算得到的不是一个数，而是一个范围：分子分母各自最小、最大时，结果能到哪里。

# %%
recomputed = evaluate(one.formula, ranges(one.operands))
print("算式　　", readable(one))
print("正好算得", recomputed.exact)
print("可能范围", recomputed.low, "至", recomputed.high)

# %% [markdown]
# **第三步，比较。** 报告印的数能不能落在这个范围里？落得进是“相符”或“尾差”，落不进才是“不符”。

# %%
print("报告印的", one.stated, "　应为", one.expected, "　差", one.difference, "　", one.status)
assert one.difference is None or one.difference == one.stated - one.expected
assert one.result is None or verdict(one.result.quantity, recomputed, one.relation) == one.status

# %% [markdown]
# ## 三、正文，数字按核对结果着色
#
# 绿的对得上，黄的只差在尾数，红的对不上，灰的想核而没法核；没有底色的，没有找到可以同它核对的另一个数。鼠标停在数字上，看它同什么核对过。

# %%
narrative(result)

# %% [markdown]
# 要留底，用 `audit check 报告 附表… -o 底稿.xlsx` 生成审计底稿，重算公式都是活的；要每个部门出一份这样的网页，用 `audit report 报告 附表… --notebook 01 -o 核对.html`。
