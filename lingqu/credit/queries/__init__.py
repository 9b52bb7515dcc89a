"""Reads of credit."""

from lingqu.credit.queries.desk_views import MOST_VIEWS, kept_views
from lingqu.credit.queries.evidence import AccountEvidence, EvidenceRow, evidence_of_account
from lingqu.credit.queries.feed import BalanceRow, balance_of, feed_of_balances, receipt_row
from lingqu.credit.queries.following import goes_by_table, lines_off_the_table
from lingqu.credit.queries.groups import (
    GroupRow,
    MemberRow,
    deeds_of_group,
    group_asker,
    group_by_number,
    group_limit,
    group_on_its_way,
    group_proposal_by_number,
    group_proposals,
    groups_of,
    lines_outside,
    members_of,
    name_is_taken,
    overdue_of_group,
)
from lingqu.credit.queries.hold_cards import (
    HoldCard,
    HoldDeed,
    StepTaken,
    deeds_of_hold,
    hold_by_number,
    holds_of_line,
    notes_of_line,
    open_hold_count,
    open_holds_of,
    released_holds_of,
    requests_of_hold,
    running_request,
    steps_taken,
    unsettled_of,
)
from lingqu.credit.queries.holds import (
    collects_for,
    due_batches,
    hold_in_force,
    idle_requests,
    last_promise,
    lines_to_review,
    open_holds,
    overdue_is_decided,
    overdue_now,
    released_early,
)
from lingqu.credit.queries.lines import (
    Exposure,
    LineStanding,
    ReceiptRow,
    applications_of,
    as_open_batch,
    batches_of,
    exposure_of,
    grade_changes_of,
    line_between,
    line_of_buyer,
    line_to_see,
    lines_given,
    list_receipts,
    open_batches,
    receipt_by_number,
    receipt_with_key,
    receipts_of_line,
    standing_of,
    total_overdue,
)
from lingqu.credit.queries.measures import PaymentRecord, money_received, net_accepted, on_time_payment, payment_record
from lingqu.credit.queries.money import (
    applications_to,
    batch_to_see,
    batches_to_pay,
    batches_without_request,
    causes_of_credits,
    credits_of_batch,
    deeds_of_write_off,
    given_up_at_once,
    lowered_since,
    paid_write_offs,
    standing_write_offs,
    write_off_by_number,
    write_offs_of_batch,
)
from lingqu.credit.queries.proposals import (
    Done,
    asker_for,
    basis_of,
    deeds_of,
    open_proposal,
    over_temporary,
    partner_owners,
    proposal_by_number,
    proposals_of,
    running_temporary,
    source_before,
)
from lingqu.credit.queries.route import PlannedStep, planned_route
from lingqu.credit.queries.terms import (
    BranchRow,
    branch_rows,
    branch_rows_of,
    branch_size,
    lines_by_code,
    terms_by_number,
    terms_of_line,
    terms_on_their_way,
)

__all__ = [
    "MOST_VIEWS", "AccountEvidence", "BalanceRow", "BranchRow", "Done", "EvidenceRow", "Exposure", "GroupRow", "HoldCard", "HoldDeed",
    "LineStanding", "MemberRow", "PaymentRecord", "PlannedStep", "ReceiptRow", "StepTaken", "applications_of", "applications_to",
    "as_open_batch", "asker_for", "balance_of", "basis_of", "batch_to_see", "batches_of", "batches_to_pay", "batches_without_request",
    "branch_rows", "branch_rows_of", "branch_size", "causes_of_credits", "collects_for", "credits_of_batch", "deeds_of", "deeds_of_group",
    "deeds_of_hold", "deeds_of_write_off", "due_batches", "evidence_of_account", "exposure_of", "feed_of_balances", "given_up_at_once",
    "goes_by_table", "grade_changes_of", "group_asker", "group_by_number", "group_limit", "group_on_its_way", "group_proposal_by_number",
    "group_proposals", "groups_of", "hold_by_number", "hold_in_force", "holds_of_line", "idle_requests", "kept_views", "last_promise",
    "line_between", "line_of_buyer", "line_to_see", "lines_by_code", "lines_given", "lines_off_the_table", "lines_outside",
    "lines_to_review", "list_receipts", "lowered_since", "members_of", "money_received", "name_is_taken", "net_accepted", "notes_of_line",
    "on_time_payment", "open_batches", "open_hold_count", "open_holds", "open_holds_of", "open_proposal", "over_temporary",
    "overdue_is_decided", "overdue_now", "overdue_of_group", "paid_write_offs", "partner_owners", "payment_record", "planned_route",
    "proposal_by_number", "proposals_of", "receipt_by_number", "receipt_row", "receipt_with_key", "receipts_of_line", "released_early",
    "released_holds_of", "requests_of_hold", "running_request", "running_temporary", "source_before", "standing_of",
    "standing_write_offs", "steps_taken", "terms_by_number", "terms_of_line", "terms_on_their_way", "total_overdue", "unsettled_of",
    "write_off_by_number", "write_offs_of_batch",
]  # fmt: skip
