"""The regulation as one frozen value: what pure rules are handed. No number of a regulation stands anywhere else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from lingqu.approvals.rules import Chain, Committee
from lingqu.base.calendar import OFFICIAL, WorkingCalendar
from lingqu.base.text import Text
from lingqu.duties.rules import DutyRule
from lingqu.policy.states import ContractMode, DayMode, Origin, ParameterKind


class Chapter(msgspec.Struct, frozen=True):
    """A chapter of the text with the ids of its articles in order."""

    id: str
    title: Text
    articles: tuple[str, ...]


class Article(msgspec.Struct, frozen=True):
    """An article (M-19): its title and the ids of its clauses in order."""

    id: str
    title: Text
    clauses: tuple[str, ...]


class Clause(msgspec.Struct, frozen=True, omit_defaults=True):
    """One clause: its id (M-19.5), title and text in both languages, who is responsible and who appraises (post codes).

    `carried_by` names what else carries it out, beside the laws, duties, procedures, accounts and parameters that cite it: `kind:key`,
    such as `record:versions`. What this version of the product does not have reads *not yet*.
    """

    id: str
    title: Text
    text: Text
    responsible: str = ""
    appraiser: str = ""
    carried_by: tuple[str, ...] = ()
    origin: Origin = Origin.TEXT


class Gap(msgspec.Struct, frozen=True, omit_defaults=True):
    """An open question of the text: its id, the question, and the interim rule in use until it is answered.

    `clauses` are the clauses that it is about. Once `answer` is given the question is closed, and the answer holds; `laws` are then
    those that used its interim rule while it was open.
    """

    id: str
    question: Text
    interim: Text
    owner: str
    clauses: tuple[str, ...] = ()
    answer: Text | None = None
    laws: tuple[str, ...] = ()


class LawSetting(msgspec.Struct, frozen=True, omit_defaults=True):
    """One law: the clause it carries out, the post that may waive it ("" = nobody), the gaps whose interim rules it uses, on or off."""

    clause: str
    waivable_by: str = ""
    gaps: tuple[str, ...] = ()
    enabled: bool = True


class AccountSetting(msgspec.Struct, frozen=True):
    """An account with a limit that a clause asks for: what is kept, and in which unit."""

    clause: str
    title: Text
    unit: Text


class Indicator(msgspec.Struct, frozen=True):
    """One line of a scorecard: the measure that it judges by and its weight in percent."""

    measure: str
    title: Text
    weight: int


class Scorecard(msgspec.Struct, frozen=True):
    """Whom it judges (agent, retailer, a post), how often, and by what; the weights add up to 100."""

    clause: str
    title: Text
    judges: str
    rhythm: str
    indicators: tuple[Indicator, ...]


class Grade(msgspec.Struct, frozen=True):
    """A credit grade: limit in yuan, greatest number of open batches, after how many accepted batches one falls due, back-stop in days."""

    limit: Decimal
    max_open_batches: int
    due_after_batches: int
    backstop_days: int


class Discount(msgspec.Struct, frozen=True):
    """What a partner pays of the list price, and below what a special price is needed; both in basis points."""

    rule_bp: int
    floor_bp: int


class CollectionStep(msgspec.Struct, frozen=True):
    """A step of collecting money: how many days after the due day it is taken; negative is before it."""

    days: int


class VisitRhythm(msgspec.Struct, frozen=True):
    """How often a partner of a level is to be visited in a year, at least."""

    visits: int


class Parameters(msgspec.Struct, frozen=True):
    """The parameters that this version of the product uses, each named as in the pack.

    Those with a value here came later than the first versions: a version that does not name one goes by it.
    """

    channel_levels: int
    answer_days: int
    answer_mode: DayMode
    grades: dict[str, Grade]
    batch_tolerance: Decimal
    write_off_limit: Decimal
    trigger_grace_days: int
    overdue_tolerance_days: int
    overdue_tolerance_amount: Decimal
    discounts: dict[str, dict[str, Discount]]
    contract_mode: ContractMode = ContractMode.FRAMEWORK
    auto_accept: bool = False
    approval_recheck_days: int = 7
    collection_steps: dict[str, CollectionStep] = {}
    stop_supply_days: int = 30
    dispute_days: int = 15
    statement_day: int = 5
    statement_reply_days: int = 10
    return_share: Decimal = Decimal(20)
    return_age_months: int = 12
    receipt_difference_days: int = 7
    branch_most_limit: Decimal = Decimal(300_000)
    branch_most_batches: int = 2
    branch_most_days: int = 90
    branch_lowest_discount: int = 1
    branch_answer_days: int = 2
    branch_stamped_contract: bool = True
    visits_per_year: dict[str, VisitRhythm] = {}
    price_protection_days: int = 60
    price_claim_days: int = 30
    price_protection_share: Decimal = Decimal(100)

    @property
    def settles_at(self) -> Decimal:
        """Return up to which rest in yuan a batch settles by itself: the tolerance, but no more than may be written off unapproved."""
        return min(self.batch_tolerance, self.write_off_limit)


class Choice(msgspec.Struct, frozen=True):
    """One value that a parameter of the kind `choice` may take."""

    value: str
    title: Text


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column of a table: key, title, unit, kind (integer, money, basis_points, percent) and bounds."""

    key: str
    title: Text
    unit: Text = Text("", "")
    kind: ParameterKind = ParameterKind.INTEGER
    least: Decimal | None = None
    most: Decimal | None = None


class ParameterNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """What people read about a parameter: title, unit, the clause that it comes from, and what values it may take.

    `rows_by` names the levels of keys of a table (one for a table by grade, two for a table by level and grade), `columns` what stands in a
    row. A ladder is a table whose rows are rungs `from`, `to` (None at the top) and `value`.
    """

    title: Text
    unit: Text
    clause: str
    kind: ParameterKind = ParameterKind.INTEGER
    least: Decimal | None = None
    most: Decimal | None = None
    choices: tuple[Choice, ...] = ()
    rows_by: tuple[Text, ...] = ()
    columns: tuple[Column, ...] = ()
    origin: Origin = Origin.TEXT


class Regulation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A regulation in one version. `reference` (pack/number/hash) names it in decisions and facts.

    `calendar` is the working calendar as it was known when the regulation was looked up: it is handed to the rules with it, and is no part
    of the stored version.

    `parameters` are those that this version of the product obeys; `declared` are the values of all others, kept and shown as *not yet*.
    """

    pack: str
    number: int
    title: Text
    in_force_from: date
    parameters: Parameters
    notes: dict[str, ParameterNote]
    laws: dict[str, LawSetting]
    clauses: dict[str, Clause]
    gaps: dict[str, Gap]
    chapters: tuple[Chapter, ...] = ()
    articles: dict[str, Article] = {}
    declared: dict[str, Any] = {}
    committees: dict[str, Committee] = {}
    chains: dict[str, Chain] = {}
    duties: dict[str, DutyRule] = {}
    accounts: dict[str, AccountSetting] = {}
    scorecards: dict[str, Scorecard] = {}
    reference: str = ""
    calendar: WorkingCalendar = OFFICIAL

    def discount(self, level: str, grade: str) -> Discount | None:
        """Return the discount of a partner of the level (agent, retailer) and credit grade; None when the table has none."""
        return self.parameters.discounts.get(level, {}).get(grade)


_DECODE = msgspec.json.Decoder(Regulation).decode


def read_regulation(content: str) -> Regulation:
    """Return a stored version as a value. What it merely declared, because the product did not obey it then, is obeyed from now on."""
    found = _DECODE(content)
    lifted = {key: value for key, value in found.declared.items() if key in Parameters.__struct_fields__}
    if not lifted:
        return found
    plain = msgspec.to_builtins(found.parameters) | lifted
    rest = {key: value for key, value in found.declared.items() if key not in lifted}
    return msgspec.structs.replace(found, parameters=msgspec.convert(plain, Parameters, strict=False), declared=rest)
