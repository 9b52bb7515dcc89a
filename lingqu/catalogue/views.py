"""Titles with their prices, and the table by which they come in."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from lingqu.base.refusal import Refusal
from lingqu.base.sheets import TableIn
from lingqu.base.text import Text
from lingqu.catalogue.access import may_bring_titles_in
from lingqu.catalogue.actions import NewTitle, bring_titles_in, keep_discipline
from lingqu.catalogue.queries import coming_prices, disciplines_of, firm_of, publisher_above, search_products
from lingqu.catalogue.rules import NewDiscipline
from lingqu.catalogue.sheets import COLUMNS_IN, TOLD_IN, isbn_in, known_names, look_at_titles, may_send_titles
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.documents.queries import Ask, ListIn

LONGEST = 60
MOST_SHOWN = 200
MOST_TYPED = 200


@require_safe
@page
def titles(request: PageRequest) -> HttpResponse:
    """List the publisher's titles that are sold today, up to 200, found by number, ISBN, name or pinyin, with the next price of each."""
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST]
    found = list(search_products(publisher_above(request.who.firm), words, on=request.today)[: MOST_SHOWN + 1])
    coming = coming_prices([title.pk for title in found], on=request.today)
    context = {
        "rows": [{"title": title, "coming": coming.get(title.pk)} for title in found[:MOST_SHOWN]],
        "words": words, "more": len(found) > MOST_SHOWN, "most": MOST_SHOWN,
        "may_bring_in": may_bring_titles_in(request.who, request.who.firm),
    }  # fmt: skip
    return render(request, "catalogue/titles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def disciplines(request: PageRequest) -> HttpResponse:
    """List the publisher's disciplines; a POST enters one, or gives a known code other names."""
    publisher = firm_of(publisher_above(request.who.firm))
    found = list(disciplines_of(publisher.pk))
    wanted = request.GET.get("code", "")
    typed = next((NewDiscipline(one.code, one.name_zh, one.name_en) for one in found if one.code == wanted), NewDiscipline("", "", ""))
    renamed, refusal = bool(typed.code), None
    if request.method == "POST":
        typed = NewDiscipline(*(request.POST.get(field, "").replace("\x00", "")[:MOST_TYPED] for field in NewDiscipline.__struct_fields__))
        try:
            kept, new = keep_discipline(publisher, typed, by=request.who, at=request.at)
        except Refusal as refused:
            if not refused.field:
                raise
            refusal = refused
        else:
            told = (
                Text(f"已建专业 {kept.code}。", f"{kept.code} is entered.")
                if new
                else Text(f"已改名 {kept.code}。", f"{kept.code} is renamed.")
            )
            return answer_verb(request, "disciplines", lambda: told)
    context = {
        "rows": found, "may_keep": may_bring_titles_in(request.who, request.who.firm), "typed": typed, "renamed": renamed,
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "catalogue/disciplines.html", context, status=refusal.status if refusal else 200)


def _take(ask: Ask, table: TableIn, key: str) -> Text:
    del key  # what is there already is not entered twice
    titles = [
        NewTitle(
            str(row.values["code"]), str(row.values["name"]), str(row.values["discipline"]), Decimal(str(row.values["list_price"])),
            row.values["since"], isbn_in(table, row),  # type: ignore[arg-type]
        )
        for row in table.rows
    ]  # fmt: skip
    done = bring_titles_in(firm_of(ask.who.firm), titles, by=ask.who, at=ask.at, on=ask.on)
    numbered = Text(f"，新书号 {done.numbered} 个", f", {done.numbered} new ISBNs") if done.numbered else Text("", "")
    return Text(
        f"新建 {done.new} 个品种，新定价 {done.priced} 个{numbered.zh}，不变 {done.same} 个。",
        f"{done.new} new titles, {done.priced} new prices{numbered.en}, {done.same} as before.",
    )


TITLES_IN = ListIn(
    "titles", "titles", Text("品种和定价", "Titles and prices"), TOLD_IN, COLUMNS_IN, may_send_titles, known_names, look_at_titles, _take
)
