"""passlens: see, check and explain Adobe Pass Authentication REST API V2 traffic."""

__version__ = "0.1.0"
