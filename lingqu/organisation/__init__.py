"""Firms and their tree, people, posts, delegation, sign-in."""
