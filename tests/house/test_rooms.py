"""What stands in which room: known file names only, and what each room may not do (an import checker sees imports, not this)."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath

import pytest

from tests.house import source

ROOMS = {
    *("states", "rules", "models", "access", "queries", "actions", "events"),
    *("present", "forms", "tables", "sheets", "views", "api", "jobs", "urls", "module"),
    *("apps", "migrations", "tests", "templatetags", "management", "__init__"),
}
OWN_ROOMS = {
    "documents": {"pages", "sending", "printing", "printer", "registry"},  # what pages, papers, types stand on: doors; a form; a printer
    "organisation": {"sign_in"},  # what allauth asks for: back end and adapter
    "policy": {"pack"},  # the schema and reader of policy packs
}
"""Rooms that one module alone has, each with its reason. They are private to it, except where the contract `doors` opens one."""

PAGE_ROOMS = ("views", "api", "jobs", "present")
MANAGERS = {"objects", "_default_manager", "_base_manager"}


def unknown_room(path: PurePosixPath) -> list[str]:
    """Return the complaint about a file of a module whose name is no room's."""
    where = source.place(path)
    if where is None or where.module in source.TOPS or where.room in ROOMS | OWN_ROOMS.get(where.module, set()):
        return []
    return [f"{path}: a module has no room called {where.room}"]


def manager_uses(name: str, tree: ast.Module) -> list[str]:
    """Return the complaints about reads and writes past queries and actions."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in MANAGERS]
    return [f"{name}:{node.lineno}: .{node.attr} belongs into queries or actions" for node in nodes]


def saves(name: str, tree: ast.Module) -> list[str]:
    """Return the complaints about models that override save(): business hidden there runs on some paths and not on others."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
            found += [f"{name}:{m.lineno}: {node.name}.{m.name} is overridden" for m in methods if m.name in {"save", "asave"}]
    return found


def is_atomic(decorator: ast.expr) -> bool:
    """Return whether a decorator is `@transaction.atomic`, with or without arguments."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(target) in {"transaction.atomic", "atomic"}


def is_part(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether an action begins by asking for the transaction of the action that calls it."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return bool(body) and ast.unparse(body[0]) == "must_be_atomic()"


def shown(path: PurePosixPath) -> set[str] | None:
    """Return the names that a room of several files shows to others (what its `__init__` imports), or None for a room of one file."""
    start = path.parent / "__init__.py"
    if len(path.parts) < len(("lingqu", "module", "room", "file")) or start not in source.files():
        return None
    imports = [node for node in source.tree(start).body if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name for node in imports for alias in node.names}


def open_actions(name: str, tree: ast.Module, only: set[str] | None = None) -> list[str]:
    """Return the complaints about public actions that neither are a transaction nor ask for one; `only` names what others see."""
    functions = [f for f in source.public_functions(tree) if not is_part(f) and not any(map(is_atomic, f.decorator_list))]
    functions = [f for f in functions if only is None or f.name in only]
    return [f"{name}:{f.lineno}: {f.name} is not @transaction.atomic and does not begin with must_be_atomic()" for f in functions]


def silent_functions(name: str, tree: ast.Module) -> list[str]:
    """Return the complaints about public functions that do not say what they do."""
    return [f"{name}:{f.lineno}: {f.name} has no docstring" for f in source.public_functions(tree) if not ast.get_docstring(f)]


def test_every_file_of_a_module_stands_in_a_known_room() -> None:
    source.refuse([complaint for path in source.own(".py", under="lingqu/") for complaint in unknown_room(path)])


def test_every_own_room_still_stands() -> None:
    known = {source.place(path) for path in source.own(".py", under="lingqu/")}
    source.refuse([f"{module}/{room}" for module, rooms in OWN_ROOMS.items() for room in rooms if source.Place(module, room) not in known])


def test_page_rooms_touch_no_manager() -> None:
    source.refuse([complaint for path in source.in_rooms(*PAGE_ROOMS) for complaint in manager_uses(str(path), source.tree(path))])


def test_models_do_not_override_save() -> None:
    source.refuse([complaint for path in source.in_rooms("models") for complaint in saves(str(path), source.tree(path))])


def test_every_public_action_is_a_transaction() -> None:
    source.refuse(
        [complaint for path in source.in_rooms("actions") for complaint in open_actions(str(path), source.tree(path), shown(path))]
    )


def test_rules_queries_and_actions_say_what_they_do() -> None:
    rooms = ("rules", "queries", "actions")
    source.refuse([complaint for path in source.in_rooms(*rooms) for complaint in silent_functions(str(path), source.tree(path))])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("lingqu/orders/helpers.py", True),
        ("lingqu/orders/services/submit.py", True),
        ("lingqu/orders/sign_in.py", True),
        ("lingqu/organisation/sign_in.py", False),
        ("lingqu/orders/actions/accept.py", False),
        ("lingqu/operate/processes.py", False),
    ],
)
def test_an_unknown_room_is_found(path: str, found: bool) -> None:
    assert bool(unknown_room(PurePosixPath(path))) is found


def test_a_manager_in_a_view_is_found() -> None:
    assert manager_uses("views.py", ast.parse("Order.objects.filter(seller=firm)")) == [
        "views.py:1: .objects belongs into queries or actions"
    ]


def test_an_overridden_save_is_found() -> None:
    assert len(saves("models.py", ast.parse("class Order:\n  def save(self):\n    pass"))) == 1


@pytest.mark.parametrize("line", ["", "@login_required", "@not_atomic"])
def test_an_action_outside_a_transaction_is_found(line: str) -> None:
    assert len(open_actions("actions.py", ast.parse(f"{line}\ndef accept(order): ..."))) == 1


@pytest.mark.parametrize("line", ["@transaction.atomic", "@transaction.atomic()", "@atomic", "@transaction.atomic(durable=True)"])
def test_an_action_in_its_transaction_is_not_found(line: str) -> None:
    assert open_actions("actions.py", ast.parse(f"{line}\ndef accept(order): ...\ndef _part(order): ...")) == []


def test_of_a_room_of_several_files_what_it_shows_is_judged() -> None:
    tree = ast.parse("def accept(order): ...\ndef lock(order): ...")
    assert [complaint.split()[1] for complaint in open_actions("actions/accept.py", tree, {"accept"})] == ["accept"]
    assert open_actions("actions/accept.py", tree, set()) == []


def test_a_part_of_an_action_asks_for_its_transaction_first() -> None:
    assert open_actions("actions.py", ast.parse('def post(entries):\n  "Post."\n  must_be_atomic()\n  write(entries)')) == []
    assert len(open_actions("actions.py", ast.parse("def post(entries):\n  write(entries)\n  must_be_atomic()"))) == 1


def test_a_function_that_says_nothing_is_found() -> None:
    assert silent_functions("rules.py", ast.parse("def price(line): ...")) == ["rules.py:1: price has no docstring"]
