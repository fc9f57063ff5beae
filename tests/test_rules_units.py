"""R601: an amount in 元 that is meant in 万元."""

TEXT = "1.农村人居环境整治项目。年初预算300.00万元，实际支出{}。\n农村人居环境整治项目支出458.66万元。"


def test_the_same_amount_in_yuan_here_and_in_wanyuan_there_is_flagged(check):
    found = check("R601", TEXT.format("458.66元"))
    assert found.raised("code", "severity", "at") == [("R601", "错误", "458.66元")]


def test_the_same_amount_in_one_unit_is_no_finding(check):
    assert check("R601", TEXT.format("458.66万元")).rows("rule") == []


def test_an_amount_converted_rightly_is_no_finding(check):
    assert check("R601", TEXT.format("4586600元")).rows("rule") == []


def test_a_standard_in_wan_yuan_a_head_is_the_wrong_unit(check):
    found = check("R205", "经费按常住人口52.38万人、每人91万元筹集，合计4766.58万元。")
    assert found.raised("code") == [("R601",)]
    assert "“91万元”若按元计" in found.findings[0].message
