"""Recordings at a desk and in CI: check them, report, compare with a baseline, rehearse and rewrite."""
