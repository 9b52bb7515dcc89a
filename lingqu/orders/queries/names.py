"""Find firms as people call them: by name, code, pinyin with or without blanks, or the initials of the pinyin."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace

from lingqu.base.pinyin import initials_pattern, joined_letters
from lingqu.organisation.models import Firm


def firms_called(words: str) -> QuerySet[Firm]:
    """Return the firms whose name, short name, code or pinyin holds the words."""
    wanted = words.strip()
    asked = Q(name__icontains=wanted) | Q(short_name__icontains=wanted) | Q(code__iexact=wanted)
    letters = joined_letters(wanted)
    if letters:
        asked |= Q(joined__contains=letters)
    if initials_pattern(letters):
        asked |= Q(pinyin__regex=initials_pattern(letters))
    return Firm.objects.annotate(joined=Replace(F("pinyin"), Value(" "), Value(""))).filter(asked)
