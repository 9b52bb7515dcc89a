"""Price protection claims: a list price falls, and a partner is made good for copies that it still has."""
