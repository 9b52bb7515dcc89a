"""What proves the titles and special prices; their pages are proved in `desk`."""
