"""Recordings turned into the other format: .mitm to .har and back."""
