"""What may be shown: one policy, applied in one place."""
