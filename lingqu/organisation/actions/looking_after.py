"""Who looks after whose sign-in: parts of the actions that do it."""

from __future__ import annotations

from datetime import datetime

from lingqu.base.calendar import china_day
from lingqu.base.refusal import forbidden, not_found
from lingqu.base.text import Text
from lingqu.organisation.models import Firm, SignIn
from lingqu.organisation.queries import Acting, acting, firms_looked_after, held_oneself
from lingqu.organisation.rules import may_look_after, posts_to_give
from lingqu.organisation.states import FirmKind, PostCode


def must_give(post: PostCode, firm: Firm, *, by: Acting) -> None:
    """Refuse (403) whoever may not give this post at this firm; a post that was lent to them does not count."""
    if post not in posts_to_give(FirmKind(firm.kind), FirmKind(by.firm_kind), held_oneself(by)):
        raise forbidden(
            Text(
                "邀请和岗位由本单位负责人办理；总部人员由主任办理，不涉及人事和资金的岗位也可由营销主管办理。",
                "The owner of the firm does this; at headquarters the director, and the manager for posts that decide nothing about people "
                "and money.",
            )
        )


def account_of(person: int, *, by: Acting, at: datetime) -> SignIn:
    """Return the locked sign-in of somebody whom one looks after.

    Refuses (404) people of firms that are not one's own, nor of one's own channel for headquarters, and (403) who is not one's to look
    after.
    """
    found = SignIn.objects.select_for_update(of=("self",)).select_related("person__firm")
    account = found.filter(person_id=person, person__firm__in=firms_looked_after(by)).first()
    if account is None:
        raise not_found()
    if person == by.person:
        raise forbidden(Text("本人的账号请在“登录与安全”里办理。", "Your own sign-in is looked after on its own page, Sign-in and safety."))
    firm = account.person.firm
    posts = {post for post, place in acting(account.person, on=china_day(at)).posts if place == firm.pk}
    if not may_look_after(posts, FirmKind(firm.kind), FirmKind(by.firm_kind), held_oneself(by)):
        raise forbidden(
            Text(
                "此人的账号不由您管理：负责人由总部管理，总部主管岗位由主任管理。",
                "This sign-in is not yours to look after: headquarters look after owners, and the director after those who decide.",
            )
        )
    return account
