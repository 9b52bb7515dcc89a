"""Replay of real history through the same actions."""
