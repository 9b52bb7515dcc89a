"""Tags of the pages that show where an approval stands."""
