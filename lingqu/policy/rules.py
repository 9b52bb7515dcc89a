"""The regulation as one frozen value: what pure rules are handed. No number of a regulation stands anywhere else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.text import Text
from lingqu.policy.states import DayMode


class Clause(msgspec.Struct, frozen=True):
    """One clause: its id (M-19.5), title and text in both languages, who is responsible and who appraises (post codes)."""

    id: str
    title: Text
    text: Text
    responsible: str = ""
    appraiser: str = ""


class Gap(msgspec.Struct, frozen=True):
    """An open question of the text: its id, the question, and the interim rule in use until it is answered."""

    id: str
    question: Text
    interim: Text
    owner: str


class LawSetting(msgspec.Struct, frozen=True):
    """One law: the clause it carries out, the post that may waive it ("" = nobody), the gaps whose interim rules it uses."""

    clause: str
    waivable_by: str = ""
    gaps: tuple[str, ...] = ()


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


class Parameters(msgspec.Struct, frozen=True):
    """The parameters that this version of the product uses, each named as in the pack."""

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

    @property
    def settles_at(self) -> Decimal:
        """Return up to which rest in yuan a batch settles by itself: the tolerance, but no more than may be written off unapproved."""
        return min(self.batch_tolerance, self.write_off_limit)


class ParameterNote(msgspec.Struct, frozen=True):
    """What people read about a parameter: title, unit and the clause that it comes from."""

    title: Text
    unit: Text
    clause: str


class Regulation(msgspec.Struct, frozen=True):
    """A regulation in one version. `reference` (pack/number/hash) names it in decisions and facts."""

    pack: str
    number: int
    title: Text
    in_force_from: date
    parameters: Parameters
    notes: dict[str, ParameterNote]
    laws: dict[str, LawSetting]
    clauses: dict[str, Clause]
    gaps: dict[str, Gap]
    reference: str = ""

    def discount(self, level: str, grade: str) -> Discount | None:
        """Return the discount of a partner of the level (agent, retailer) and credit grade; None when the table has none."""
        return self.parameters.discounts.get(level, {}).get(grade)
