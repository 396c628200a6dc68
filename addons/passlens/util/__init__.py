"""Small helpers that know nothing of passlens."""
