"""What is typed to plan a visit, to move it, to write its record, and to give it up."""

from __future__ import annotations

from lingqu.base.text import Text
from lingqu.documents.registry import ChosenField, DayField, DocumentForm, SeveralField, WordsField
from lingqu.visits.queries import partners_to_visit
from lingqu.visits.rules import LONGEST, LONGEST_LINE
from lingqu.visits.states import ALSO_WORDS, Also


class PlanForm(DocumentForm):
    """Whom one will visit, when, what for."""

    partner = ChosenField(label=Text("客户", "Partner"))
    planned_on = DayField(label=Text("计划日期", "Day"))
    purpose = WordsField(label=Text("走访目的", "Purpose"), most=LONGEST_LINE)

    def prepare(self) -> None:
        """Offer the partners whom the person may visit."""
        self.offer("partner", ((str(firm.pk), firm.name) for firm in partners_to_visit(self.who, on=self.on)))


class MoveForm(DocumentForm):
    """The new day, and why."""

    planned_on = DayField(label=Text("改到", "New day"))
    reason = WordsField(label=Text("原因", "Reason"), required=False)


class RecordForm(DocumentForm):
    """What came of a visit."""

    visited_on = DayField(label=Text("走访日期", "Day of the visit"))
    met = WordsField(label=Text("见了谁", "Whom you met"), most=LONGEST_LINE, help_text=Text("姓名和职务", "names and posts"))
    found = WordsField(
        label=Text("所见", "What you found"),
        most=LONGEST,
        several=True,
        help_text=Text("市场、库存、竞争、意见", "market, stock, competitors, opinions"),
    )
    agreed = WordsField(label=Text("商定事项", "What was agreed"), most=LONGEST, several=True, required=False)
    also = SeveralField(
        label=Text("同时完成", "Done on the way"), choices=[(one.value, ALSO_WORDS[one]) for one in Also],
        help_text=Text("一次走访可以同时完成多项职责", "one visit may fulfil several duties"),
    )  # fmt: skip
    again_on = DayField(
        label=Text("下次走访", "Come again on"), required=False, help_text=Text("填写后自动安排", "the next visit is planned by it")
    )


class ReasonForm(DocumentForm):
    """Why it is given up."""

    reason = WordsField(label=Text("原因", "Reason"))
