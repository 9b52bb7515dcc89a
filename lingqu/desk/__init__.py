"""Pages that draw from several modules: home, the partner page."""
