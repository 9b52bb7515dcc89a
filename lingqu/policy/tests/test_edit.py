"""Editing a regulation: each edit does what it says and nothing else, refuses what cannot be, and is told in words in both languages."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lingqu.approvals.rules import Step, Who
from lingqu.base.decision import encode
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.duties.rules import DutyRule
from lingqu.duties.states import Rhythm
from lingqu.policy.pack import read_pack, stored_form
from lingqu.policy.rules import (
    AddClause,
    AddGap,
    AnswerGap,
    Change,
    Edit,
    Regulation,
    RemoveClause,
    SetChain,
    SetClause,
    SetCommittee,
    SetDuty,
    SetLaw,
    SetParameter,
    SetTitle,
    apply_edit,
    clause_standings,
    differences,
    problems_of,
)
from lingqu.policy.states import ChangeKind, ClauseState

SMALL = read_pack(Path(__file__).parent / "small")
YES = Text("是。", "Yes.")
COUNTING = DutyRule("counting", Text("点数", "Counting"), "S-3.1", Rhythm.MONTHLY, "warehouse", "manager", 3)


def told(edit: Edit, regulation: Regulation = SMALL) -> tuple[Change, ...]:
    after = apply_edit(regulation, edit)
    assert problems_of(after) == ()
    return differences(regulation, after)


def grades(**changed: Any) -> dict[str, Any]:
    table = msgspec.to_builtins(SMALL.parameters.grades)
    return table | {"C": table["C"] | changed}


def test_a_cell_of_a_table_is_told_with_its_row_column_and_unit() -> None:
    (change,) = told(SetParameter("grades", grades(limit="50000.00")))
    assert change == Change(
        ChangeKind.PARAMETER, "parameters/grades/C/limit", "S-2.1", Text("信用等级表 · C · 信用额度", "Credit table · C · Limit"),
        Text("30,000.00 元", "30,000.00 yuan"), Text("50,000.00 元", "50,000.00 yuan"),
    )  # fmt: skip


def test_a_row_that_is_new_or_gone_is_told_whole() -> None:
    more = grades() | {"E": {"limit": "1.00", "max_open_batches": 1, "due_after_batches": 1, "backstop_days": 9}}
    (change,) = told(SetParameter("grades", more))
    assert (change.title.zh, change.before, change.after and change.after.en) == (
        "信用等级表 · E", None, "Limit 1.00 yuan; Open batches 1; Due after 1; Latest 9 days"
    )  # fmt: skip
    (change,) = differences(apply_edit(SMALL, SetParameter("grades", more)), SMALL)
    assert change.after is None


SCALARS = [
    ("answer_days", 3, "2 天", "3 天"),
    ("answer_mode", "working", "日历日", "工作日"),
    ("batch_tolerance", "2.00", "1.00 元", "2.00 元"),
    ("prepay", False, "是", "否"),
    ("safety_factor", "1.8", "1.5", "1.8"),
    ("days_off", ["01-01"], "01-01、2026-05-02", "01-01"),
]


@pytest.mark.parametrize(("key", "value", "before", "after"), SCALARS)
def test_a_value_is_told_with_its_unit_or_name(key: str, value: Any, before: str, after: str) -> None:
    (change,) = told(SetParameter(key, value))
    assert (change.before and change.before.zh, change.after and change.after.zh) == (before, after)


def test_a_discount_is_told_in_percent_and_by_the_name_of_its_level() -> None:
    table = msgspec.to_builtins(SMALL.parameters.discounts)
    table["agent"]["C"]["floor_bp"] = 6_450
    (change,) = told(SetParameter("discounts", table))
    assert (change.title.zh, change.after and change.after.zh) == ("供货折扣表 · 一级代理商 · C · 底线", "64.50%")


def test_a_ladder_is_told_rung_by_rung() -> None:
    (change,) = told(SetParameter("ladder", [{"from": 0, "to": 30, "value": 100}, {"from": 30, "to": None, "value": 0}]))
    assert change.after == Text("0 至 30：100%；30 起：0%", "0 to 30: 100%; from 30 on: 0%")


@pytest.mark.parametrize("value", ["two", None, [1], {"a": 1}, 2.5])
def test_a_value_of_the_wrong_kind_is_refused(value: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        apply_edit(SMALL, SetParameter("answer_days", value))
    assert (refusal.value.code, refusal.value.field) == ("bad_input", "answer_days")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e999999", "1e-999999", "-1e15"])
def test_a_number_that_nobody_means_is_refused_at_once(amount: str) -> None:
    for edit in (SetParameter("batch_tolerance", amount), SetParameter("grades", grades(limit=amount))):
        with pytest.raises(Refusal):
            apply_edit(SMALL, edit)
    steps = tuple(msgspec.structs.replace(step, over=Decimal(amount)) for step in SMALL.chains["special_price"].steps)
    after = apply_edit(SMALL, SetChain("special_price", steps))
    assert len(problems_of(after)) == len(steps)
    assert all(len(str(change.after)) < 100 for change in differences(SMALL, after))
    declared = apply_edit(SMALL, SetParameter("safety_factor", amount))
    assert [one.place for one in problems_of(declared)] == ["parameters/safety_factor/value"]
    assert all(len(str(change.after)) < 100 for change in differences(SMALL, declared))


def test_a_value_out_of_bounds_may_stand_in_a_draft_but_is_a_problem() -> None:
    after = apply_edit(SMALL, SetParameter("answer_days", 31))
    assert [one.place for one in problems_of(after)] == ["parameters/answer_days/value"]


def test_a_clause_is_written_anew() -> None:
    edit = SetClause("S-1.1", Text("答复", "Answer"), Text("三日内答复。", "Requests are answered within three days."), "manager", "deputy")
    changes = told(edit)
    assert [(one.place, one.before and one.before.zh, one.after and one.after.zh) for one in changes] == [
        ("clauses/S-1.1/text", "两日内答复。", "三日内答复。"),
        ("clauses/S-1.1/text", "Requests are answered within two days.", "Requests are answered within three days."),
        ("clauses/S-1.1/responsible", "负责该客户的区域销售员", "营销主管"),
        ("clauses/S-1.1/appraiser", "—", "主管营销副主任"),
    ]
    after = apply_edit(SMALL, edit)
    assert after.clauses["S-1.1"].carried_by == SMALL.clauses["S-1.1"].carried_by


def test_a_clause_is_added_and_taken_out_again() -> None:
    edit = AddClause("S-2", "S-2.2", Text("催收", "Collection"), Text("按月催收。", "Money is collected monthly."), "finance")
    added = apply_edit(SMALL, edit)
    assert added.articles["S-2"].clauses == ("S-2.1", "S-2.2")
    assert {one.place for one in told(edit)} == {"articles/S-2/clauses", "clauses/S-2.2"}
    assert encode(stored_form(apply_edit(added, RemoveClause("S-2.2")))) == encode(stored_form(SMALL))


def test_a_clause_that_something_cites_stays() -> None:
    with pytest.raises(Refusal) as refusal:
        apply_edit(SMALL, RemoveClause("S-1.1"))
    assert (refusal.value.code, "答复时限" in refusal.value.text.zh) == ("clause_in_use", True)


def test_a_law_is_switched_off_and_may_be_waived_by_another_post() -> None:
    changes = told(SetLaw("price", enabled=False, waivable_by="director"))
    assert [(one.title.zh, one.before and one.before.zh, one.after and one.after.zh) for one in changes] == [
        ("规则“价格折扣” · 启用或停用", "启用", "停用"),
        ("规则“价格折扣” · 特批岗位", "营销主管", "主任"),
    ]


@pytest.mark.parametrize("law", ["credit", "batches"])
def test_what_the_ledger_keeps_cannot_be_switched_off(law: str) -> None:
    with pytest.raises(Refusal) as refusal:
        apply_edit(SMALL, SetLaw(law, enabled=False))
    assert refusal.value.code == "law_cannot_be_off"


def test_steps_are_added_moved_and_given_other_clocks() -> None:
    review, approve, vote = SMALL.chains["regulation_change"].steps
    legal = Step("legal", Text("法务", "Legal"), Who(post="legal"))
    slower = msgspec.structs.replace(review, days=5)
    changes = told(SetChain("regulation_change", (approve, slower, vote, legal)))
    assert [one.title.zh for one in changes] == [
        "流程“制度修订” · 步骤顺序", "流程“制度修订” · 步骤“审核” · 时限", "流程“制度修订” · 步骤“法务” · 新增一步",
    ]  # fmt: skip
    assert (changes[0].before, changes[1].after) == (
        Text("审核 → 批准 → 表决", "Review → Approval → Vote"), Text("5 个工作日", "5 working days")
    )  # fmt: skip
    assert changes[2].after == Text("法务（法务人员）", "Legal (Legal officer)")


def test_a_new_procedure_needs_title_and_clause() -> None:
    steps = (Step("sign", Text("签", "Sign"), Who(post="manager")),)
    with pytest.raises(Refusal):
        apply_edit(SMALL, SetChain("transfer", steps))
    (change,) = told(SetChain("transfer", steps, Text("调货", "Transfer"), "S-1"))
    assert (change.before, change.after) == (None, Text("签（营销主管）", "Sign (Marketing manager)"))


def test_a_duty_is_made_changed_and_taken_away() -> None:
    (change,) = told(SetDuty("counting", COUNTING))
    assert (change.place, change.before) == ("duties/counting", None)
    with_it = apply_edit(SMALL, SetDuty("counting", COUNTING))
    (change,) = told(SetDuty("counting", msgspec.structs.replace(COUNTING, rhythm=Rhythm.YEARLY)), with_it)
    assert (change.title.en, change.before, change.after) == ("Duty “Counting” · rhythm", Text("每月", "monthly"), Text("每年", "yearly"))
    assert encode(stored_form(apply_edit(with_it, SetDuty("counting", None)))) == encode(stored_form(SMALL))


def test_an_answered_gap_keeps_question_and_interim_rule_and_no_law_marks_it() -> None:
    after = apply_edit(SMALL, AnswerGap("S-G1", YES))
    gap = after.gaps["S-G1"]
    assert (gap.question, gap.interim, gap.answer) == (SMALL.gaps["S-G1"].question, SMALL.gaps["S-G1"].interim, YES)
    assert after.laws["batches"].gaps == ()
    assert {one.place for one in told(AnswerGap("S-G1", YES))} == {"laws/batches/gaps", "gaps/S-G1/answer", "gaps/S-G1/laws"}
    assert encode(stored_form(apply_edit(after, AnswerGap("S-G1", None)))) == encode(stored_form(SMALL))


def test_a_gap_is_noted_and_marked_by_its_laws() -> None:
    edit = AddGap("S-G2", Text("何时？", "When?"), Text("今天。", "Today."), "manager", ("S-1",), ("stock",))
    assert apply_edit(SMALL, edit).laws["stock"].gaps == ("S-G2",)
    assert {one.kind for one in told(edit)} == {ChangeKind.GAP, ChangeKind.LAW}


def test_a_committee_gets_other_members_and_another_quorum() -> None:
    changes = told(SetCommittee("meeting", ("director", "deputy"), "deputy", quorum=100))
    assert [(one.before and one.before.zh, one.after and one.after.zh) for one in changes] == [
        ("主任、主管营销副主任、营销主管", "主任、主管营销副主任"), ("主任", "主管营销副主任"), ("60%", "100%"),
    ]  # fmt: skip


def test_another_title_is_told() -> None:
    (change,) = told(SetTitle(Text("新制度", "New regulation")))
    assert (change.kind, change.before) == (ChangeKind.TITLE, SMALL.title)


UNKNOWN = (
    SetParameter("nothing", 1), SetClause("S-9", YES, YES), AddClause("S-9", "S-9.1", YES, YES), RemoveClause("S-9"),
    SetLaw("nothing", True), SetDuty("nothing", None), AnswerGap("S-G9", YES), AddGap("S-G2", YES, YES, "manager", (), ("nothing",)),
)  # fmt: skip


@pytest.mark.parametrize("edit", UNKNOWN)
def test_an_edit_of_what_is_not_there_is_refused(edit: Edit) -> None:
    with pytest.raises(Refusal) as refusal:
        apply_edit(SMALL, edit)
    assert (refusal.value.code, refusal.value.status) == ("unknown_part", 404)


TAKEN = (AddClause("S-1", "S-1.1", YES, YES), AddClause("S-1", "S-2.2", YES, YES), AddGap("S-G1", YES, YES, "manager"))


@pytest.mark.parametrize("edit", TAKEN)
def test_a_number_that_is_taken_or_out_of_place_is_refused(edit: Edit) -> None:
    with pytest.raises(Refusal) as refusal:
        apply_edit(SMALL, edit)
    assert (refusal.value.code, refusal.value.field) == ("bad_input", "id")


def test_the_same_regulation_has_no_differences() -> None:
    assert differences(SMALL, SMALL) == ()
    later = msgspec.structs.replace(SMALL, number=9, reference="x/9/0")
    assert differences(SMALL, later) == ()


def test_negative_control_a_change_that_no_words_describe_is_not_lost() -> None:
    other = msgspec.structs.replace(SMALL, chapters=SMALL.chapters[::-1])
    assert [one.kind for one in differences(SMALL, other)] == [ChangeKind.OTHER]


def test_how_far_a_clause_is_carried_out() -> None:
    standings = clause_standings(SMALL, {"record:partners", "record:versions", "procedure:regulation_change"})
    assert {key: one.state for key, one in standings.items()} == {
        "S-1": ClauseState.FULL, "S-1.1": ClauseState.PART, "S-2.1": ClauseState.PART, "S-3.1": ClauseState.PART,
    }  # fmt: skip
    assert {key: one.gaps for key, one in standings.items() if one.gaps} == {"S-2.1": ("S-G1",)}
    bare = AddClause("S-1", "S-1.2", YES, YES)
    assert clause_standings(apply_edit(SMALL, bare), ())["S-1.2"].state is ClauseState.NOT_YET
    off = apply_edit(SMALL, SetLaw("stock", enabled=False))
    assert clause_standings(off, ())["S-1"].state is ClauseState.PART


def test_a_version_from_before_there_were_articles_still_reads() -> None:
    whole = msgspec.json.decode(encode(stored_form(SMALL)))
    new = {"chapters", "articles", "declared", "committees", "chains", "duties", "accounts", "scorecards"}
    old = {key: value for key, value in whole.items() if key not in new}
    old["laws"] = {key: {"clause": law["clause"], "waivable_by": "", "gaps": []} for key, law in whole["laws"].items()}
    old["notes"] = {key: {"title": note["title"], "unit": note["unit"], "clause": note["clause"]} for key, note in whole["notes"].items()}
    regulation = msgspec.convert(old, Regulation, strict=False)
    assert regulation.parameters.grades["A"].limit == Decimal("300000.00")
    assert all(law.enabled for law in regulation.laws.values())
    assert differences(regulation, SMALL) != ()
    (change,) = differences(regulation, apply_edit(regulation, SetParameter("grades", grades(limit="1.00"))))
    assert change.before == Text("30,000.00", "30,000.00")
