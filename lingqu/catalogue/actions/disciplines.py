"""The disciplines under which titles stand: entered and renamed by whoever brings titles in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.refusal import bad_input, forbidden
from lingqu.base.text import Text
from lingqu.catalogue.access import may_bring_titles_in
from lingqu.catalogue.models import Discipline
from lingqu.catalogue.rules import MOST_DISCIPLINES, NewDiscipline, check_discipline
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting


@transaction.atomic
def keep_discipline(publisher: Firm, new: NewDiscipline, *, by: Acting, at: datetime) -> tuple[Discipline, bool]:
    """Enter a discipline, or give a known code other names; return it and whether it is new.

    Refuses people who may not, at its field a code or name that is none or that another discipline has, and the 201st.
    """
    if not may_bring_titles_in(by, publisher.pk):
        raise forbidden(Text("专业由市场研究人员或营销主管维护。", "Disciplines are kept by research or the manager."))
    new = check_discipline(new)
    Firm.objects.select_for_update(no_key=True).get(pk=publisher.pk)  # two at once, and a table of titles, wait for each other here
    known = list(Discipline.objects.filter(publisher=publisher))
    same = next((one for one in known if one.code.casefold() == new.code.casefold()), None)
    for other in known:
        taken = {words.casefold() for words in (other.code, other.name_zh, other.name_en)}
        field = next((field for field in ("code", "name_zh", "name_en") if getattr(new, field).casefold() in taken), None)
        if other is not same and field:
            raise bad_input(field, Text(f"专业 {other.code} 已用这个名称。", f"Discipline {other.code} has this name."))
    if same is None:
        if len(known) >= MOST_DISCIPLINES:
            raise bad_input("code", Text(f"最多 {MOST_DISCIPLINES} 个专业。", f"At most {MOST_DISCIPLINES} disciplines."))
        made = Discipline.objects.create(publisher=publisher, code=new.code, name_zh=new.name_zh, name_en=new.name_en)
        record([Deed("enter", "discipline", made.pk, {"code": new.code, "zh": new.name_zh, "en": new.name_en})], by=by.person, at=at)
        return made, True
    before = {"zh": same.name_zh, "en": same.name_en}
    same.name_zh, same.name_en = new.name_zh, new.name_en
    same.save(update_fields=["name_zh", "name_en"])
    record([Deed("edit", "discipline", same.pk, {"zh": new.name_zh, "en": new.name_en}, before)], by=by.person, at=at)
    return same, False
