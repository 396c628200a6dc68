"""``injected`` of a recording is input like any other: bounded, redacted, and it may lack members."""

from pathlib import Path

import pytest

from passlens.runner.check import FORMATS
from redaction.test_redactor import TOKEN, everywhere, flow_of
from support import warm
from support.planted import as_mitm


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("members", [("scenario",), ("rule",), ("how",), ("other",), ("scenario", "rule", "how")])
def test_every_report_takes_it_and_hides_its_secrets(form: str, members: tuple[str, ...], tmp_path: Path) -> None:
    flow = flow_of(everywhere())
    flow.metadata["passlens.injected"] = dict.fromkeys(members, f"x {TOKEN} \x1b[31m 198.51.100.23")
    recording = tmp_path / "odd.mitm"
    recording.write_bytes(as_mitm([flow]))
    got = warm.run([*warm.PASSLENS, "check", str(recording), "--format", form])
    assert got.returncode == 1, got.stderr
    assert TOKEN not in got.stdout
    assert "198.51.100.23" not in got.stdout
    assert "\x1b" not in got.stdout
