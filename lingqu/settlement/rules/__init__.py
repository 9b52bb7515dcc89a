"""Pure rules of settlement: a bank's table read and checked, movements told apart, and whose money it is."""

from lingqu.settlement.rules.checks import BalanceCheck, Break, Movement, Totals, check_balances, check_totals
from lingqu.settlement.rules.columns import FIELD_WORDS, Field, Header, field_of, find_header, remap
from lingqu.settlement.rules.fingerprints import fingerprints
from lingqu.settlement.rules.matching import (
    LEVEL_WORDS,
    Candidate,
    KnownPayer,
    Level,
    Match,
    Matcher,
    Owing,
    Paid,
    Reason,
    Sign,
)
from lingqu.settlement.rules.names import core_name, is_cut, plain_name
from lingqu.settlement.rules.reading import MOST_COLUMNS, MOST_ROWS, FileRead, ReadLine, RowProblem, read_sheets
from lingqu.settlement.rules.statements import (
    AGES,
    MOVE_WORDS,
    Figures,
    Firms,
    Laid,
    Move,
    MoveKind,
    Owed,
    StatementBatch,
    StatementContent,
    StatementLine,
    ages_of,
    batches_at,
    canonical,
    check_month,
    check_statement,
    make_statement,
    month_before,
    month_due,
    month_of,
    read_canonical,
    unapplied_at,
)

__all__ = [
    "AGES", "FIELD_WORDS", "LEVEL_WORDS", "MOST_COLUMNS", "MOST_ROWS", "MOVE_WORDS", "BalanceCheck", "Break", "Candidate", "Field",
    "Figures", "FileRead", "Firms", "Header", "KnownPayer", "Laid", "Level", "Match", "Matcher", "Move", "MoveKind", "Movement", "Owed",
    "Owing", "Paid", "ReadLine", "Reason", "RowProblem", "Sign", "StatementBatch", "StatementContent", "StatementLine", "Totals",
    "ages_of", "batches_at", "canonical", "check_balances", "check_month", "check_statement", "check_totals", "core_name", "field_of",
    "find_header", "fingerprints", "is_cut", "make_statement", "month_before", "month_due", "month_of", "plain_name", "read_canonical",
    "read_sheets", "remap", "unapplied_at",
]  # fmt: skip
