"""Whether a finding says that a header of the request, or its value, is not in the recording."""

from passlens.analysis.entry import FindingEntry


def is_left_out(finding: FindingEntry, name: str) -> bool:
    """True if the recorder left out all headers of the request, or this one (PL907)."""
    return finding["code"] == "PL907" and finding["at"] in ("header", f"header:{name}")


def is_masked(finding: FindingEntry, name: str) -> bool:
    """True if the value of a header is masked (PL908). One finding is about all masks of an exchange and lists the
    first five, headers before others."""
    if finding["code"] != "PL908":
        return False
    listed, _, _ = finding["actual"].partition(" and ")
    return finding["at"] == f"header:{name}" or name in listed.split(", ")
