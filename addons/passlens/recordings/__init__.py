"""Recordings (.mitm, .har) in and out."""
