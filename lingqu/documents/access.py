"""Who sees the files of documents: those who see the document. Lists taken out belong to the person who asked for them alone."""

from __future__ import annotations

from lingqu.base.access import ANYBODY, Entry, Sight, Way, both, reading

_OWN = Way(relation="person")

ROUTES: dict[str, Entry] = {
    "exports": reading(*ANYBODY),
    "export_new": both(*ANYBODY),
    "export": reading(_OWN),
    "export_file": reading(_OWN),
    "import_new": both(*ANYBODY),
    "import_template": reading(*ANYBODY),
    "import": both(_OWN),
    "import_marked": reading(_OWN),
}
MODELS: dict[str, Sight] = {
    "Attachment": Sight(through="document_id", hidden=("sha256",)),
    "Comment": Sight(through="document_id"),
    "Export": Sight(people=("owner",), hidden=("posts",)),
    "ImportFile": Sight(people=("sent_by",), hidden=("sha256",)),
    "SentForm": Sight(people=("person",), hidden=("key", "asked")),
}
