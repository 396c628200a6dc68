"""Findings about one exchange: small pure functions, and one sorted table from code to function."""
