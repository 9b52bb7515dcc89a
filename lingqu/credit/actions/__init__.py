"""The verbs of credit."""

from lingqu.credit.actions.applying import end_temporary_limit, on_approval_moved
from lingqu.credit.actions.batches import NewBatch, let_go_of_batch, mark_shipped, open_batch, raise_batch
from lingqu.credit.actions.collecting import NewNote, note_collection
from lingqu.credit.actions.credits import credit_batch, credit_without_batch
from lingqu.credit.actions.desk_views import drop_view, keep_view
from lingqu.credit.actions.disputes import dispute_batch, end_dispute
from lingqu.credit.actions.following import Followed, follow_issue, follow_table
from lingqu.credit.actions.giving_up import on_write_off_moved, void_paid_write_off
from lingqu.credit.actions.group_moved import on_group_moved
from lingqu.credit.actions.groups import lower_group_limit, propose_group_change, revise_group_proposal, withdraw_group_proposal
from lingqu.credit.actions.hold_by_hand import NewHold, open_case, set_hold, tighten_hold
from lingqu.credit.actions.hold_moved import on_hold_approval_moved, void_idle_approval
from lingqu.credit.actions.hold_requests import NewHoldChange, ask_hold_change, revise_hold_request, withdraw_hold_request
from lingqu.credit.actions.holds import review_holds, review_line
from lingqu.credit.actions.lines import change_grade, lower_limit, open_line
from lingqu.credit.actions.proposals import propose_credit_change, revise_proposal, withdraw_proposal
from lingqu.credit.actions.receipts import NewReceipt, enter_receipt
from lingqu.credit.actions.reversing import reverse_receipt
from lingqu.credit.actions.taking_over import OldBatch, OldMoney, open_taken_over_batches, take_over_money
from lingqu.credit.actions.terms import give_terms, withdraw_terms
from lingqu.credit.actions.terms_written import on_terms_moved
from lingqu.credit.actions.unapplied import apply_unapplied
from lingqu.credit.actions.waivers import NewWaiver, sign_waiver
from lingqu.credit.actions.write_offs import propose_write_off, revise_write_off, withdraw_write_off

__all__ = [
    "Followed", "NewBatch", "NewHold", "NewHoldChange", "NewNote", "NewReceipt", "NewWaiver", "OldBatch", "OldMoney", "apply_unapplied",
    "ask_hold_change", "change_grade", "credit_batch", "credit_without_batch", "dispute_batch", "drop_view", "end_dispute",
    "end_temporary_limit", "enter_receipt", "follow_issue", "follow_table", "give_terms", "keep_view", "let_go_of_batch",
    "lower_group_limit", "lower_limit", "mark_shipped", "note_collection", "on_approval_moved", "on_group_moved",
    "on_hold_approval_moved", "on_terms_moved", "on_write_off_moved", "open_batch", "open_case", "open_line",
    "open_taken_over_batches", "propose_credit_change", "propose_group_change", "propose_write_off", "raise_batch", "reverse_receipt",
    "review_holds", "review_line", "revise_group_proposal", "revise_hold_request", "revise_proposal", "revise_write_off", "set_hold",
    "sign_waiver", "take_over_money", "tighten_hold", "void_idle_approval", "void_paid_write_off", "withdraw_group_proposal",
    "withdraw_hold_request", "withdraw_proposal", "withdraw_terms", "withdraw_write_off",
]  # fmt: skip
