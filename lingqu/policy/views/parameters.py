"""Every parameter with its value and clause, and what competitors do beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.policy.access import may_draft, may_note_benchmarks, may_see_benchmarks
from lingqu.policy.actions import NewBenchmark, note_benchmark, strike_benchmark
from lingqu.policy.forms.head import read_benchmark
from lingqu.policy.forms.typed import Typed, typed_from
from lingqu.policy.present.parameters import parameter_groups
from lingqu.policy.present.values import shown_parameter
from lingqu.policy.queries import benchmarks
from lingqu.policy.views.common import number_in_force, packs_for, seen, version_in_force

UNREADABLE = 422


@require_safe
@page
def parameters(request: PageRequest, pack: str) -> HttpResponse:
    """List every parameter of the version in force, or of the one that the address names."""
    key = version_key(request.GET, pack, on=request.today)
    found = seen(request, pack, key)
    noted = benchmarks(pack) if may_see_benchmarks(request.who) else []
    beside: dict[str, list[Any]] = {}
    for one in noted:
        beside.setdefault(one.parameter, []).append(one)
    context = {
        "pack": pack, "packs": packs_for(request, pack), "text": found.text, "version_key": key, "benchmarks": beside,
        "groups": parameter_groups(found.text), "may_note": may_note_benchmarks(request.who), "sees": may_see_benchmarks(request.who),
        "crumb": Text("参数表", "Parameters"), "may_edit": may_draft(request.who) and found.is_draft,
        "not_yet": len([one for one in found.text.notes if one in found.text.declared]),
    }  # fmt: skip
    return render(request, "policy/parameters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def benchmark(request: PageRequest, pack: str, name: str) -> HttpResponse:
    """Offer the form for a competitor's value, or note it."""
    found = seen(request, pack, f"v{version_in_force(request, pack)}")
    if name not in found.text.notes:
        raise not_found()
    if not may_note_benchmarks(request.who):
        raise forbidden(
            Text(
                "竞品记录由市场研究人员、营销主管、副主任或主任登记。",
                "Market research, the marketing manager, the deputy or the director notes what competitors do.",
            )
        )
    if request.method != "POST":
        return _form(request, pack, name, Typed({"noted_on": request.today.isoformat()}))
    typed = typed_from(request.POST)
    new = read_benchmark(typed, today=request.today)
    if new is None:
        return _form(request, pack, name, typed, status=UNREADABLE)
    try:
        note_benchmark(NewBenchmark(pack, name, new.competitor, new.value, new.source, new.noted_on), by=request.who, at=request.at)
    except Refusal as refusal:
        typed.error(refusal.field or "value", refusal.text)
        return _form(request, pack, name, typed, status=refusal.status)
    told = Text(f"已记录{new.competitor}的做法。", f"Noted what {new.competitor} does.")
    messages.success(request, str(told))
    return redirect(f"{reverse('regulation_parameters', args=[pack])}#{name}")


@require_POST
@page
def strike(request: PageRequest, pack: str, name: str, number: str) -> HttpResponseRedirect:
    """Take a note about a competitor away."""
    benchmark = read_id(number)
    if benchmark is None:
        raise not_found()

    def do() -> Text:
        strike_benchmark(benchmark, by=request.who, at=request.at)
        return Text("已删去这条对照。", "The note was struck.")

    return answer_verb(request, f"{reverse('regulation_parameters', args=[pack])}#{name}", do)


def version_key(given: Mapping[str, str], pack: str, *, on: date) -> str:
    """Return which text an address names: the draft, a version, or the one that is in force on the day."""
    words = given.get("version", "")
    return words if words == "draft" else f"v{words}" if words else f"v{number_in_force(pack, on=on)}"


def _form(request: PageRequest, pack: str, name: str, typed: Typed, *, status: int = 200) -> HttpResponse:
    found = seen(request, pack, f"v{version_in_force(request, pack)}")
    context = {
        "pack": pack, "packs": packs_for(request, pack), "parameter": shown_parameter(name, found.text), "typed": typed,
        "noted": benchmarks(pack, name), "crumb": Text("竞争者对照", "Benchmark"), "text": found.text,
    }  # fmt: skip
    return render(request, "policy/benchmark.html", context, status=status)
