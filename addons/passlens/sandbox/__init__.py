"""The API answered from the spec: every documented answer on demand, virtual sessions, and the sandbox as a whole.
Pure: clock (``now``, epoch seconds) and randomness (``rng``) are arguments; no mitmproxy, no files, no sockets."""
