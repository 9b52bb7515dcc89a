"""How an operation is declared: its path and name, the scope that it asks for, and the shapes that it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ninja import Router
from ninja.utils import contribute_operation_callback

from lingqu.documents.api.gate import Gate
from lingqu.documents.api.problems import PROBLEMS
from lingqu.organisation.states import Scope

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
Declare = Callable[[ViewT], ViewT]


def reads(router: Router, path: str, *, name: str, operation: str = "", scope: Scope | None, out: type) -> Declare[Any]:
    """Declare an operation that only reads. `name` is the address's, the same for all operations of one path.

    What the operation's own docstring says first is its summary, the rest its description.
    """
    return _declare(router, "GET", path, name, operation or name, scope, {200: out})


def does(router: Router, path: str, *, name: str, operation: str = "", scope: Scope, out: type, status: int = 201) -> Declare[Any]:
    """Declare an operation that changes something: it takes an Idempotency-Key and is answered by `once`."""
    return _declare(router, "POST", path, name, operation or name, scope, {status: out})


def asks(router: Router, path: str, *, name: str, operation: str = "", scope: Scope, out: type) -> Declare[Any]:
    """Declare an operation that is sent something and changes nothing."""
    return _declare(router, "POST", path, name, operation or name, scope, {200: out})


def _declare(router: Router, method: str, path: str, name: str, operation: str, scope: Scope | None, out: dict[int, type]) -> Declare[Any]:
    gate = Gate(scope)

    def declare(view: ViewT) -> ViewT:
        contribute_operation_callback(view, gate.learn)
        summary, _, rest = (view.__doc__ or "").strip().partition("\n")
        asked = f"Scope: `{scope.value}`." if scope else "Scope: any."
        router.api_operation(
            [method],
            path,
            auth=gate,
            response=out | PROBLEMS,
            url_name=name,
            operation_id=operation,
            summary=summary.rstrip("."),
            description=" ".join([*rest.split(), asked]),
        )(view)
        return view

    return declare
