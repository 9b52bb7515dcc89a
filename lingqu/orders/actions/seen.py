"""What was shown when a form was opened, compared with what stands under the lock: so that a form sent twice does its deed once."""

from __future__ import annotations

from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text


def must_be_as_seen(stands: int, seen: int | None) -> None:
    """Refuse (`changed_meanwhile`) when the copies that stand are not those that were shown; None compares nothing."""
    must_be_atomic()
    if seen is not None and seen != stands:
        raise Refusal(
            "changed_meanwhile",
            Text(
                "打开表单之后内容已经变了（可能刚提交过一次），未作任何更改。请看最新内容后再办。",
                "It changed after the form was opened (perhaps by the same form, sent twice); nothing was changed. Look again first.",
            ),
        )
