"""Goods that go back: return requests with their caps, and transfers of goods from one partner to another."""
