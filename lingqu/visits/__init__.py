"""Visits to partners: planned, recorded, confirmed by the appraiser; a recorded one fulfils duties (M-15.1)."""
