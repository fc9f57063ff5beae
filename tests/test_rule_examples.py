"""Every rule's own example: what its page says it flags it flags, what it says passes passes, in a whole run."""

from __future__ import annotations

import pytest

from audit.findings import Status
from audit.rules import Rule, all_rules
from docs.make_rules import TOLD, checked

RUN = [rule for rule in all_rules() if rule.code not in TOLD]


def codes(rule: Rule, head: str) -> list[str]:
    return [finding.code for finding in checked(rule.sections[head]).findings]


@pytest.mark.parametrize("rule", RUN, ids=lambda rule: rule.code)
def test_the_example_that_is_flagged_is_flagged(rule: Rule):
    assert rule.code in codes(rule, "Flags")


@pytest.mark.parametrize("rule", RUN, ids=lambda rule: rule.code)
def test_the_example_that_passes_passes_and_was_checked(rule: Rule):
    assert rule.code not in codes(rule, "Passes")
    if any(c.rule == rule.code and c.relation == "=" for c in checked(rule.sections["Flags"]).checks):
        statuses = {check.status for check in checked(rule.sections["Passes"]).checks}
        assert {Status.AGREES, Status.ROUNDING} & statuses


def test_an_example_that_is_only_told_belongs_to_a_rule():
    assert {rule.code for rule in all_rules()} >= TOLD
