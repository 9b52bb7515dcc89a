"""Template tags of the regulation's pages."""
