"""Partners report to who stands above them, who answers each report with guidance (M-15.3, M-15.4). A document type by declaration."""
