"""Tests of price protection claims."""
