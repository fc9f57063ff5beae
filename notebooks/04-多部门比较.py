# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04 多部门比较
#
# 一个文件夹，每个部门一个子文件夹（自评报告和附表放在一起；报告的文件名里要有“自评报告”）。逐个核对，放在一起看：问题集中在哪几类、哪几个部门，哪些项目的执行率同别的不一样，数字本身有没有值得一问的地方。
#
# `folder` 留空，就由样例部门变出 `count` 个虚构的部门来演示。

# %%
import tempfile

from audit.faces.notebook import (
    Unread,
    benford,
    check_folder,
    heatmap,
    last_digits,
    make_departments,
    outliers,
    setup,
    table,
)

# %% tags=["parameters"]
folder = ""
count = 12

# %%
setup()
temporary = tempfile.TemporaryDirectory()
folder = folder or make_departments(temporary.name, count)

# %% [markdown]
# 逐个核对。读不了的部门不会中断，记下原因，接着核下一个。

# %%
reports = check_folder(folder)
unread = [outcome for outcome in reports.values() if isinstance(outcome, Unread)]
print(f"{len(reports)} 个部门，其中 {len(unread)} 个读不了")
unread

# %% [markdown]
# ## 一、问题分布
#
# 一行一类问题，一列一个部门，颜色越深问题越多。一整行都深，多半是大家对同一条要求理解不同，或者表格本身有毛病；一整列都深，这个部门先看。

# %%
heat = heatmap(reports)
found = sum(len(outcome.findings) for outcome in reports.values() if not isinstance(outcome, Unread))
assert heat.values.to_numpy().sum() == found
heat

# %% [markdown]
# ## 二、执行率离群的项目
#
# 同全部项目的执行率比，明显偏低或偏高的列出来。离群只说明“不一样”，不说明“不对”。

# %%
rates = outliers(reports)
rates

# %%
table(rates.values[rates.values["离群"]])

# %% [markdown]
# ## 三、首位数字
#
# 跨几个数量级、自然形成的金额，首位是 1 的约占三成，是 9 的不到百分之五（本福特定律）。预算数常取整、项目少、金额集中在一个量级时，这条**不成立**。所以：偏离不是差错，更不是造假的证据；只能帮着决定先看哪一批。

# %%
first = benford(reports)
assert first.values["数字"].to_list() == list(range(1, 10))
first

# %% [markdown]
# ## 四、末位数字
#
# 如实记账的金额，末位 0 到 9 应大致各占一成。某个数字特别多，可能是取整、估列，也可能只是样本小。同上，只作线索。

# %%
last = last_digits(reports)
assert last.values["数字"].to_list() == list(range(10))
last

# %%
temporary.cleanup()
