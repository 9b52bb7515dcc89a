"""Measure throughput on a scratch installation, as ratios to what this machine's PostgreSQL can do at most."""
