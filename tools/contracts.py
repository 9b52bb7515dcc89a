"""The import contract that import-linter lacks: what of a module is open to the other modules."""

from __future__ import annotations

from typing import Any

import grimp
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """A module is entered through its doors only.

    Options:
        doors:           rooms that other modules may import.
        open_modules:    modules, or rooms of one module, that are open as a whole.
        doorkeepers:     importers that may go anywhere (the pages that list paths and subscribers).
        page_rooms:      rooms that translate between people and actions, and so
        closed_to_pages: doors that those rooms may use in their own module only.
    """

    type_name = "doors"

    doors = fields.SetField(subfield=fields.StringField())
    open_modules = fields.SetField(subfield=fields.StringField(), required=False)
    doorkeepers = fields.SetField(subfield=fields.StringField(), required=False)
    page_rooms = fields.SetField(subfield=fields.StringField(), required=False)
    closed_to_pages = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's signature
        """Return the imports that enter another module otherwise than through an open door."""
        illegal = [
            (importer, imported)
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not self._allows(importer, imported)
        ]
        lines = {
            (importer, imported): sorted({d["line_number"] for d in graph.get_import_details(importer=importer, imported=imported)})
            for importer, imported in illegal
        }
        return ContractCheck(kept=not illegal, metadata={"illegal": lines})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each illegal import with its lines."""
        illegal: dict[tuple[str, str], list[int]] = check.metadata["illegal"]
        for (importer, imported), lines in illegal.items():
            where = ", ".join(f"l.{line}" for line in lines)
            output.print_error(f"- {importer} -> {imported} ({where})", bold=False)

    def _allows(self, importer: str, imported: str) -> bool:
        here, there = importer.split("."), imported.split(".")
        if here[0] != there[0] or len(there) < 2 or here[1:2] == there[1:2]:  # noqa: PLR2004 - root.module
            return True
        if importer in self._option("doorkeepers") or {".".join(there[:2]), ".".join(there[:3])} & self._option("open_modules"):
            return True
        room = there[2] if len(there) > 2 else ""  # noqa: PLR2004 - root.module.room
        if room not in self._option("doors"):
            return False
        page = len(here) > 2 and here[2] in self._option("page_rooms")  # noqa: PLR2004 - root.module.room
        return not (page and room in self._option("closed_to_pages"))

    def _option(self, name: str) -> set[Any]:
        # import-linter replaces the field declared on the class by its parsed value, or None when the option is absent.
        return getattr(self, name) or set()
