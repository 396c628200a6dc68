"""Finding the running proxy."""

from pathlib import Path

import pytest

from passlens.control import runtime_file
from passlens.control.connection import TOKEN
from passlens.control.runtime_file import Address
from passlens.device.find import find
from support.control_api import TOKEN as RIGHT
from support.control_api import ControlApi


def environment(runtime: Path, api: ControlApi | None = None, **more: str) -> dict[str, str]:
    """The environment in which a proxy has written where it is."""
    variables = {"XDG_RUNTIME_DIR": str(runtime), **more}
    if api is not None:
        runtime_file.write(Address("127.0.0.1", api.port, RIGHT), runtime_file.folder(variables))
    return variables


def test_the_proxy_that_wrote_where_it_is_is_found_while_it_runs(tmp_path: Path) -> None:
    with ControlApi() as api:
        variables = environment(tmp_path, api)
        found = find(variables)
        assert found is not None
        assert found.status().port == 8080
        assert find({**variables, TOKEN: RIGHT}) is not None
    assert find(variables) is None


def test_one_that_does_not_answer_is_passed_over(tmp_path: Path) -> None:
    with ControlApi() as right, ControlApi() as gone:
        variables = environment(tmp_path, right)
        environment(tmp_path, gone)
        gone.answers["/api/v1/status"] = b"<html>"
        found = find(variables)
        assert found is not None
        assert found.status().port == 8080


@pytest.mark.parametrize("token", [None, "", "two\nlines", "schön"])
def test_without_one_none_is_found(token: str | None, tmp_path: Path) -> None:
    assert find(environment(tmp_path, **({} if token is None else {TOKEN: token}))) is None
