"""What a proxy ends with: 0, or 4 where something that was seen could not be written."""

from passlens.errors import WriteError

_lost = False


def lost() -> None:
    """Note that something could not be written; whoever notes it has said what."""
    global _lost
    _lost = True


def status() -> int:
    """The exit status so far."""
    return WriteError.exit_status if _lost else 0
