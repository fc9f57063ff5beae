# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 02 执行率复算
#
# 一个部门的项目：钱从年初预算怎么到执行和结转，各项目的执行率谁高谁低，换一种小数位数或计分口径结果差多少。数都取自报告和附表，用 `Decimal` 计算，不丢小数。

# %%
import audit
from audit.faces.cli import sample_folder
from audit.faces.notebook import projects_frame, ranked_rates, setup, table, waterfall, what_if
from audit.formulas import rate

# %% tags=["parameters"]
sample = sample_folder() / "planted"  # 样例部门（虚构，埋有差错）
report = str(sample / "自评报告.docx")
annexes = [str(path) for path in sorted(sample.glob("附件*.xlsx"))]

# %%
setup()
result = audit.check(report, annexes)
projects = projects_frame(result)
table(projects)

# %% [markdown]
# 执行率＝全年执行数÷全年预算数（年初预算加减调整以后的数）。预算为零的不算，留空，不当作 0%。下一格逐个项目重算一遍。

# %%
for row in projects.to_dict("records"):
    assert row["执行率"] == rate(row["执行"], row["全年预算"]), row["项目"]

# %% [markdown]
# ## 一、从年初预算到结转
#
# 所有项目合在一起：年初批了多少，年中追加（调减）多少，花了多少，剩多少。

# %%
whole = waterfall(projects)
amounts = whole.values.set_index("步骤")["金额"].to_list()  # 年初、调整、全年、执行（减）、结转
assert amounts[0] + amounts[1] == amounts[2] and amounts[2] + amounts[3] == amounts[4]
whole

# %% [markdown]
# 单看一个项目，下面取第一个。

# %%
waterfall(projects.iloc[0])

# %% [markdown]
# ## 二、执行率排队
#
# 虚线是门槛。90% 是常用的一条线，**不是规定**：各地、各年要求不同，改 `threshold` 即可。低于门槛的要看报告有没有写原因；低不等于错，也可能是年末追加、跨年工程。

# %%
ranked = ranked_rates(projects, threshold=0.90)
assert ranked.values["执行率"].is_monotonic_decreasing
ranked

# %% [markdown]
# ## 三、换个口径会怎样
#
# 同样的预算和执行：保留 0 位、1 位、2 位小数，执行率各是多少？超过 100% 的封不封顶？得分差在尾数时，先看是不是口径不同，再问是不是算错。“报告执行率”是正文印的，“相差”是它减重算的，单位都是百分点；得分按满分 10 分算。

# %% [markdown]
# 保留两位小数（第一张表）和不留小数（第二张表）：

# %%
table(what_if(projects, decimals=2))

# %%
table(what_if(projects, decimals=0))

# %% [markdown]
# 有的办法规定执行率达到 95% 即得满分，有的对尾数直接舍去：

# %%
lenient = what_if(projects, full_from=0.95)
strict = what_if(projects, cut_off=True)
for row in lenient.to_dict("records"):
    assert row["得分"] is None or row["执行率"] < 95 or row["得分"] == 10, row["项目"]
table(lenient)

# %%
table(strict)
