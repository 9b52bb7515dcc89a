"""Pages of lists that go out and tables that come in."""

from lingqu.documents.views.exporting import export, export_file, export_new, exports
from lingqu.documents.views.importing import import_file, import_marked, import_new, import_template

__all__ = ["export", "export_file", "export_new", "exports", "import_file", "import_marked", "import_new", "import_template"]
