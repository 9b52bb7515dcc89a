"""Backups, and the way back: taken while the product serves, proved by restoring them."""
