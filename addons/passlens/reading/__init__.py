"""Recordings as they come: .mitm records, HAR entries, content-encodings, filters."""
