"""The control API: HTTP and JSON on loopback, for user interfaces, tests and ``passlens ctl``."""
