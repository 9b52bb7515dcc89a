"""What is typed in a report, in its rows by discipline, in guidance and in what is asked back; and lists that fill the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from lingqu.base.sheets import as_text, read_table
from lingqu.base.text import Text
from lingqu.documents.registry import ChosenField, CopiesField, DocumentForm, MoneyField, WordsField
from lingqu.organisation.states import FirmKind
from lingqu.policy.queries import regulation_in_force
from lingqu.reports.present import period_of
from lingqu.reports.queries import firm_of, periods_asked, periods_to_report
from lingqu.reports.rules import LONGEST, MOST_LINES

MOST_NAME: Final = 60
MOST_CELLS: Final = 20
COLUMNS: Final = ("discipline", "sold", "value", "stock", "near_expiry")
NONE_SOLD: Final = Decimal(0)


class TellingForm(DocumentForm):
    """The words of a report."""

    market = WordsField(
        label=Text("市场信息", "Market"), most=LONGEST, several=True,
        help_text=Text("当地市场、竞争产品的销售、价格和动向", "the local market, what competitors sell, prices, what moves"),
    )  # fmt: skip
    promotions = WordsField(label=Text("促销与推广", "Promotions"), most=LONGEST, several=True, required=False)
    retailers = WordsField(label=Text("零售商发展", "Development of retailers"), most=LONGEST, several=True, required=False)
    demand = WordsField(label=Text("下期需求与计划", "Demand and plans of the time to come"), most=LONGEST, several=True)

    def prepare(self) -> None:
        """Ask only agents about retailers."""
        if self.who.firm_kind != FirmKind.AGENT.value:
            del self.fields["retailers"]


class ReportForm(TellingForm):
    """The time of a report, and its words."""

    period = ChosenField(label=Text("报告期", "Time"))
    field_order = ("period",)

    def prepare(self) -> None:
        """Offer the time that the address names, of which the page tells what is known; the action judges which one is sent."""
        super().prepare()
        firm, regulation = firm_of(self.who), regulation_in_force(on=self.on)
        if self.is_bound:
            self.offer("period", ((one.code, one.words) for one in periods_asked(firm, regulation=regulation, on=self.on)))
            return
        shown = period_of(str(self.initial.get("period", "")), periods_to_report(firm, regulation=regulation, on=self.on))
        if shown:
            self.offer("period", [(shown.code, shown.words)])
            self.initial["period"] = shown.code


class LineForm(DocumentForm):
    """A discipline with what was sold of it, and what is in stock; 0 is a number too."""

    discipline = WordsField(label=Text("专业", "Discipline"), most=MOST_NAME)
    sold = CopiesField(label=Text("销售册数", "Copies sold"), least=0)
    value = MoneyField(label=Text("销售码洋（元）", "Sold at list price, yuan"), least=NONE_SOLD)
    stock = CopiesField(label=Text("期末库存", "Stock at the end"), least=0)
    near_expiry = CopiesField(label=Text("其中即期", "Of it near expiry"), least=0, required=False)


class AnswerForm(DocumentForm):
    """Guidance."""

    guidance = WordsField(
        label=Text("指导意见", "Guidance"), most=LONGEST, several=True,
        help_text=Text("逐份给出指导意见，不得只收不复", "each report is answered, none is merely filed"),
    )  # fmt: skip


class QuestionForm(DocumentForm):
    """What is to be completed."""

    question = WordsField(label=Text("请补充什么", "What is to be completed"), most=LONGEST, several=True)


def rows_of_list(name: str, content: bytes) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a list as they are typed: discipline, copies sold, list value, stock, near expiry. Rows without figures are heads.

    Refuses a file that is no table, more than 200 rows and more than 20 columns.
    """
    sheets = read_table(name or "list.csv", content, most_rows=4 * MOST_LINES, most_columns=MOST_CELLS, field="paste")
    cells = [[as_text(cell) for cell in row] for sheet in sheets[:1] for row in sheet.rows]
    return [dict(zip(COLUMNS, row, strict=False)) for row in cells if any(one[:1].isdigit() for one in row[1:])]
