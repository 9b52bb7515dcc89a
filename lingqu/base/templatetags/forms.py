"""What stands in every form that is sent: the CSRF token and, beside it, a key by which the form is done once (docs/decisions/0032).

Django knows this library without `{% load %}`, and its `{% csrf_token %}` is ours: so no form can be written that has no key.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.template import Library
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

FORM_KEY: Final = "form_key"
KEY_BYTES: Final = 16

register = Library()


class KeyedTokenNode(CsrfTokenNode):
    """Writes both; a page that shows a form again as it was hands over its `form_key`, every other form gets a new one."""

    def render(self, context: Context) -> SafeString:
        """Return the two hidden fields; nothing where there is no token."""
        token = super().render(context)
        if not token:
            return SafeString()
        key = context.get(FORM_KEY) or secrets.token_hex(KEY_BYTES)
        return format_html('{}<input type="hidden" name="{}" value="{}">', token, FORM_KEY, key)


@register.tag
def csrf_token(parser: Parser, token: Token) -> KeyedTokenNode:  # noqa: ARG001 - Django's signature
    """Put the CSRF token and a key of its own into a form."""
    return KeyedTokenNode()
