"""The interface for other systems: the operations of all modules under one address, and its description."""

from __future__ import annotations

from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.config.modules import declared_routers
from lingqu.credit import api as credit
from lingqu.desk import api as desk
from lingqu.documents.api import PROBLEM, problem, validation_problem
from lingqu.inventory import api as inventory
from lingqu.orders import api as orders
from lingqu.policy import api as policy
from lingqu.returns import api as returns
from lingqu.settlement import api as settlement

PREFIX: Final = "/api/v1/"
VERSION: Final = "1"
RETRY_AFTER: Final = "5"
DESCRIPTION: Final = (
    "Purchase requests, prices, deliveries, returns, transfers, stock, receipts, balances, statements and the regulation for other "
    "systems. "
    "Send an access token (`Authorization: Bearer lq_…`), made under 'Access tokens' by the person as whom the program acts; it may never "
    "do more than that person. Money and quantities are texts with two decimals, days are ISO 8601, moments carry their offset. Every POST "
    "that changes something asks for an Idempotency-Key. What goes wrong is told as application/problem+json, in the language of "
    "Accept-Language (zh, en)."
)


class Interface(NinjaAPI):
    """The interface with our own words for what goes wrong."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, **more: Any) -> OpenAPISchema:  # noqa: ANN401 - ninja's signature
        """Return the description: problems under their own media type, and no null in an address."""
        made = super().get_openapi_schema(path_prefix=path_prefix or PREFIX, **more)
        for path in made["paths"].values():
            for operation in path.values():
                _polish(operation)
        return made


def _polish(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        kinds = parameter["schema"].pop("anyOf", None)
        if kinds:
            # What is left out of an address is no value: null cannot be written there.
            parameter["schema"] |= next(kind for kind in kinds if kind != {"type": "null"})
    for status, answer in operation["responses"].items():
        if int(status) >= 400 and "content" in answer:  # noqa: PLR2004 - the first status of errors
            answer["content"] = {PROBLEM: next(iter(answer["content"].values()))}


api = Interface(title="Lingqu 灵渠", version=VERSION, description=DESCRIPTION, openapi_url=None, docs_url=None, urls_namespace="api")
ROUTERS: Final = (
    *desk.ROUTERS,
    *orders.ROUTERS,
    *returns.ROUTERS,
    *inventory.ROUTERS,
    *credit.ROUTERS,
    *settlement.ROUTERS,
    *policy.ROUTERS,
    *declared_routers(),
)
for router in ROUTERS:
    api.add_router("", router)


operations = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
"""The addresses of the operations; the library's own start page is left out."""


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """Answer a refusal as a problem."""
    return problem(refusal)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    """Answer what has another shape than was asked for."""
    return validation_problem(request, wrong)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, wrong: HttpError) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """Answer what the library itself refuses."""
    text = Text("无法读取所发内容。", "What was sent cannot be read.")
    return problem(Refusal("unreadable", text, status=wrong.status_code))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def busy(request: HttpRequest, wrong: Exception) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """Answer when the database did not get to it in time, or was lost: the same key may come again and does it once."""
    text = Text("系统正忙，请稍后以同一个键重试，不会重复办理。", "The system is busy. Try again with the same key: it is done once.")
    return problem(Refusal("busy", text, status=503), headers={"Retry-After": RETRY_AFTER})


def description(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer the OpenAPI description."""
    return JsonResponse(api.get_openapi_schema(), json_dumps_params={"ensure_ascii": False})


@csrf_exempt  # a program has no such token; there is nothing to be done here
def unknown(request: HttpRequest, path: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer an address that the interface does not have."""
    return problem(Refusal("not_found", Text("没有这个地址。", "There is no such address."), status=404))
