"""The months with what is due, and the working calendar with its import."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.duties.access import may_import_calendar, may_remind
from lingqu.duties.actions import import_calendar, remind_late
from lingqu.duties.forms import CalendarTyped, read_calendar, read_month
from lingqu.duties.present import group_of, weeks_of, year_rows
from lingqu.duties.queries import known_years, late_groups, month_groups, working_calendar
from lingqu.duties.sheets import lines_of
from lingqu.organisation.states import FirmKind

UNREADABLE = 422
MOST_FILE = 200_000
YEARS_BACK, YEARS_AHEAD = 3, 6
SAMPLE = "日期,班休\n{year}-01-01,休\n{year}-02-05 至 {year}-02-11,休\n{year}-02-20,班\n{year}-10-01 至 {year}-10-07,休\n{year}-10-09,班\n"
SAMPLE_WORDS = Text(SAMPLE, SAMPLE.replace("日期,班休", "date,work or off").replace("至", "to").replace("休", "off").replace("班", "work"))


@require_safe
@page
def duty_calendar(request: PageRequest) -> HttpResponse:
    """Show a month: who owes what when, what is late, and one button to remind everybody who is late with a rule."""
    month = read_month(request.GET.get("month", ""), today=request.today)
    groups = [group_of(group, on=request.today) for group in month_groups(request.who, month, on=request.today)]
    late = late_groups(request.who, on=request.today)
    calendar = working_calendar()
    days = [month.start + timedelta(days=place - 7) for place in range(45)]
    works = {day: calendar.roll_forward(day) == day for day in days}
    context = {
        "month": month.start,
        "before": month.start - timedelta(days=1),
        "after": month.last_day + timedelta(days=1),
        "weeks": weeks_of(month, groups, on=request.today, works=works),
        "groups": groups,
        "late": [
            group_of(group, on=request.today) | {"may_remind": may_remind(request.who, request.who.firm, group.appraisers)}
            for group in late
        ],
        "headquarters": request.who.firm_kind == FirmKind.HQ.value,
        "unpublished": sorted({day.year for day in days if month.holds(day) and not calendar.is_published(day.year)}),
    }
    return render(request, "duties/calendar.html", context)


@require_POST
@page
def remind_all(request: PageRequest) -> HttpResponse:
    """Remind everybody who is late with a rule."""

    def do() -> Text:
        told = remind_late(request.POST.get("rule", ""), by=request.who, on=request.today, at=request.at)
        return Text(f"已催报，通知 {told} 人。", f"Reminded: {told} {'person is' if told == 1 else 'people are'} told.")

    return answer_verb(request, reverse("duty_calendar"), do)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def working_calendar_page(request: PageRequest) -> HttpResponse:
    """Show which years are known and from where; read a pasted or sent list, show it line by line, and import it when it is right."""
    if request.method != "POST":
        return _calendar(request, CalendarTyped(str(_next_unknown(request)), "", ""))
    if not may_import_calendar(request.who):
        raise forbidden(
            Text("放假安排由总部主任、副主任、营销主管或财务主管导入。", "HQ's director, deputy, manager or finance head imports holidays.")
        )
    file = request.FILES.get("file")
    lines = lines_of(file.read(MOST_FILE)) if file else None
    typed = read_calendar(request.POST, file=lines, unreadable=bool(file) and lines is None)
    if not typed.fits or typed.read is None:
        return _calendar(request, typed, status=UNREADABLE)
    if "import" not in request.POST:
        return _calendar(request, typed)
    try:
        _, moved = import_calendar(typed.number, typed.read.days, typed.source, by=request.who, at=request.at)
    except Refusal as refusal:
        return _calendar(request, typed, refusal=refusal, status=refusal.status)
    told = Text(
        f"已导入 {typed.number} 年放假安排，{moved} 项待办职责的到期日随之移动。",
        f"The holidays of {typed.number} are in; {moved} open duties moved.",
    )
    messages.success(request, str(told))
    return redirect("working_calendar")


@require_safe
@page
def holiday_template(request: PageRequest) -> HttpResponse:
    """Download a list to fill in, as CSV that Excel opens."""
    words = str(SAMPLE_WORDS).replace("{year}", str(_next_unknown(request)))
    disposition = 'attachment; filename="holidays.csv"'
    return HttpResponse(f"\ufeff{words}", content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


def _next_unknown(request: PageRequest) -> int:
    """Return the first year from this one on that is not published; this one when the next five are."""
    calendar, year = working_calendar(), request.today.year
    return next((one for one in range(year, year + YEARS_AHEAD) if not calendar.is_published(one)), year)


def _calendar(request: PageRequest, typed: CalendarTyped, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
    year = request.today.year
    known = known_years(year - YEARS_BACK, year + 1)
    context = {
        "years": year_rows(known),
        "unknown": [one.year for one in known if not one.published and one.year in {year, year + 1}],
        "typed": typed,
        "known": any(one.year == typed.number and one.published for one in known),
        "may_import": may_import_calendar(request.who),
        "sample": str(SAMPLE_WORDS).replace("{year}", str(_next_unknown(request))),
        "refusal": refusal,
    }
    return render(request, "duties/working_calendar.html", context, status=status)
