"""Purchase requests: decided by law, accepted, shipped."""
