"""The regulation as a value, and the pure rules that check it, change it and compare it."""

from lingqu.policy.rules.change import Change
from lingqu.policy.rules.check import CHANGE_CHAIN, problems_of
from lingqu.policy.rules.check_parameters import value_problems
from lingqu.policy.rules.citing import Citation
from lingqu.policy.rules.difference import differences
from lingqu.policy.rules.edit import (
    AddClause,
    AddGap,
    AnswerGap,
    Edit,
    RemoveClause,
    SetChain,
    SetClause,
    SetCommittee,
    SetDuty,
    SetLaw,
    SetParameter,
    SetTitle,
    apply_edit,
)
from lingqu.policy.rules.place_words import in_words
from lingqu.policy.rules.problem import Problem
from lingqu.policy.rules.regulation import (
    AccountSetting,
    Article,
    Chapter,
    Choice,
    Clause,
    CollectionStep,
    Column,
    Discount,
    Gap,
    Grade,
    Indicator,
    LawSetting,
    ParameterNote,
    Parameters,
    Regulation,
    Scorecard,
    read_regulation,
)
from lingqu.policy.rules.standing import Carried, ClauseStanding, clause_standings
from lingqu.policy.rules.words import LAW_NAMES, parameter_value

__all__ = [
    "CHANGE_CHAIN",
    "LAW_NAMES",
    "AccountSetting",
    "AddClause",
    "AddGap",
    "AnswerGap",
    "Article",
    "Carried",
    "Change",
    "Chapter",
    "Choice",
    "Citation",
    "Clause",
    "ClauseStanding",
    "CollectionStep",
    "Column",
    "Discount",
    "Edit",
    "Gap",
    "Grade",
    "Indicator",
    "LawSetting",
    "ParameterNote",
    "Parameters",
    "Problem",
    "Regulation",
    "RemoveClause",
    "Scorecard",
    "SetChain",
    "SetClause",
    "SetCommittee",
    "SetDuty",
    "SetLaw",
    "SetParameter",
    "SetTitle",
    "apply_edit",
    "clause_standings",
    "differences",
    "in_words",
    "parameter_value",
    "problems_of",
    "read_regulation",
    "value_problems",
]
