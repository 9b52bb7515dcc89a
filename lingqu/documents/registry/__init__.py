"""The registry of document types: a declaration gives a type its pages, its list as a workbook, its history and its tests. A door."""

from lingqu.documents.registry.declared import (
    DocumentType,
    HandMade,
    Lines,
    Look,
    Looking,
    Making,
    Menu,
    Panel,
    Sent,
    Shown,
    Typing,
    Verb,
)
from lingqu.documents.registry.forms import ChosenField, CopiesField, DayField, DocumentForm, MoneyField, SeveralField, WordsField
from lingqu.documents.registry.kept import all_types, register_type, type_called
from lingqu.documents.registry.reading import document_by_number
from lingqu.documents.registry.showing import offered

__all__ = [
    "ChosenField", "CopiesField", "DayField", "DocumentForm", "DocumentType", "HandMade", "Lines", "Look", "Looking", "Making", "Menu",
    "MoneyField", "Panel", "Sent", "SeveralField", "Shown", "Typing", "Verb", "WordsField", "all_types", "document_by_number", "offered",
    "register_type", "type_called",
]  # fmt: skip
