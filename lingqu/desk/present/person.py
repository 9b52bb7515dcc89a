"""Somebody's card: posts in words, whom they represent."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lingqu.base.text import Text
from lingqu.desk.queries.search import PersonCard
from lingqu.organisation.states import POST_WORDS, PostCode


def card_of(card: PersonCard) -> dict[str, Any]:
    """Return a person for their page."""
    posts = [POST_WORDS[PostCode(post)] for post in card.posts]
    return {
        "name": card.name,
        "telephone": card.telephone,
        "firm": card.firm_name,
        "firm_url": reverse("partner", args=[card.firm_code]) if card.is_partner else "",
        "posts": Text("、".join(post.zh for post in posts), ", ".join(post.en for post in posts)) if posts else None,
        "stand_ins": "、".join(card.stand_ins),
        "partners": [{"name": name, "url": reverse("partner", args=[code])} for code, name in card.partners],
    }
