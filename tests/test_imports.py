"""Imports run one way, mitmproxy stays behind the files that face flows, the spec does no I/O.
Every module has its test file, and every test file its module."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "addons" / "passlens"
TESTS = ROOT / "tests"

LAYERS = (
    ("__main__", "cli", "master", "addon", "sessions"),
    ("commands",),
    ("offline",),
    ("live", "demo", "scrubbing", "conversion"),
    ("reports", "baseline", "comparison", "recording", "reading", "flows", "terminal"),
    ("verdict", "explain", "scenarios", "sandbox"),
    ("twins", "likeness"),
    ("diagnosis", "checks"),
    ("redaction",),
    ("secrets",),
    ("unwrapping", "secret_names"),
    ("exchange",),
    ("spec", "atomic", "kinds", "lazy", "remembered"),
    ("__init__",),
)
"""From the top to the ground. A module imports from its own layer and from those below it."""

KNOW_MITMPROXY = {
    "live/acting",
    "live/annotate",
    "addon",
    "master",
    "live/faults",
    "live/looking",
    "reading/by_mitmproxy",
    "reading/filters",
    "flows",
    "reading/made_flows",
    "live/onflow",
    "recording",
    "offline/rehearsal",
    "offline/rewriting",
    "conversion/files",  # writes recordings
    "conversion/inputs",  # reads them whole, to be written again
    "conversion/to_flow",  # makes flows to be written
    "conversion/to_har",  # reads flows whole
    "scrubbing/files",  # writes recordings
    "scrubbing/flow",  # writes recordings
    "live/switching",
    "live/web_guard",
}

NO_IO = {
    "socket",
    "ssl",
    "http",
    "subprocess",
    "os",
    "pathlib",
    "io",
    "sys",
    "shutil",
    "tempfile",
    "asyncio",
    "threading",
}

WITHOUT_A_TEST = {
    "__init__": "holds the version only",
    "__main__": "tests/test_cli.py starts it",
    "checks/__init__": "a docstring",
    "commands/__init__": "a docstring",
    "commands/addon": "tests/test_cli.py, every command",
    "commands/check": "tests/offline/test_check.py",
    "commands/demo": "tests/demo/test_run.py",
    "commands/explain": "tests/test_explain.py",
    "commands/proxy": "tests/live/test_launch.py",
    "commands/schema": "tests/test_cli.py, every command",
    "live/__init__": "a docstring",
    "live/looking": "tests/test_addon.py",
    "offline/__init__": "a docstring",
    "reading/__init__": "a docstring",
    "reading/parts": "tests/test_flows.py",
    "demo/__init__": "a docstring",
    "conversion/__init__": "a docstring",
    "reports/__init__": "a docstring",
    "sandbox/__init__": "a docstring",
    "scenarios/__init__": "a docstring",
    "scrubbing/__init__": "a docstring",
    "spec/__init__": "a docstring",
}
"""Modules that no test file mirrors, with the reason."""

WITHOUT_A_MODULE = {
    "faults/test_client_leaves": "a client that leaves in every phase",
    "faults/test_clock_jumps": "a clock that is set forth and back",
    "faults/test_log_is_lost": "a log whose disk, file or folder goes",
    "faults/test_output_is_held": "an output that nobody reads",
    "faults/test_process_ends": "a proxy that is ended under load",
    "faults/test_rules_are_lost": "a rule file or folder that goes",
    "faults/test_upstream_dies": "a server that dies in every phase",
    "fuzz/test_targets": "every input that comes from outside",
    "hostile/test_escapes": "reports, comparison, comments, log and commands: signs that steer or hide",
    "hostile/test_floods": "memory, when everything is new each time",
    "hostile/test_guesses": "codes and pages of virtual sessions",
    "hostile/test_other_origins": "passlens' own pages, attacked by a page in a browser",
    "hostile/test_recordings": "recordings, configuration and baselines that mean harm",
    "hostile/test_rule_files": "YAML bombs, tags, repeated keys, body files of elsewhere",
    "hostile/test_smuggling": "messages that passlens writes anew",
    "hostile/test_templates": "templates that escape, loop or allocate",
    "sandbox/test_api_properties": "sandbox/api.py with arbitrary requests",
    "scenarios/test_shipped": "rules/, every rule file as it is read",
    "soak/test_soak": "many devices for a long time, cut down to seconds",
    "test_bench": "bench/",
    "test_ci_examples": "docs/ci.md",
    "test_conftest": "tests/conftest.py and tests/support/warm.py",
    "test_documented_samples": "the samples of the documentation through the whole pipeline",
    "test_imports": "the whole package",
    "test_make_recordings": "tests/make_recordings.py",
    "test_pipeline": "arbitrary and bad input through the whole pipeline",
    "test_readme": "README.md",
    "test_sharing": "docs/sharing.md",
    "test_scenarios_end_to_end": "rules/, every scenario with a client before a server",
    "test_security": "SECURITY.md",
    "test_same_findings": "live, .mitm and .har against each other",
}
"""Test files that mirror no module, with what they are about."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def part_of(name: str) -> str:
    return name.partition("/")[0]


def imports(path: Path) -> set[str]:
    """Full names of what a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def inner_imports(path: Path) -> set[str]:
    """The modules of the package that a module imports, by their names here."""
    found: set[str] = set()
    for full in imports(path):
        words = full.split(".")
        if words[0] != "passlens":
            continue
        for length in range(len(words) - 1, 0, -1):
            place = PACKAGE.joinpath(*words[1 : length + 1])
            if place.with_suffix(".py").is_file():
                found.add("/".join(words[1 : length + 1]))
                break
            if (place / "__init__.py").is_file():
                found.add("/".join([*words[1 : length + 1], "__init__"]))
                break
        else:
            found.add("__init__")
    return found


def layer_of(name: str) -> int:
    places = [place for place, parts in enumerate(LAYERS) if part_of(name) in parts]
    assert places, f"{name} stands in no layer; add it to LAYERS"
    return places[0]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_imports_a_higher_layer(path: Path) -> None:
    name = name_of(path)
    for imported in inner_imports(path):
        assert layer_of(imported) >= layer_of(name), f"{name} imports {imported}"


def test_no_imports_go_round_in_a_circle() -> None:
    graph = {name_of(path): inner_imports(path) - {name_of(path)} for path in MODULES}
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join([*way, name])
        if name not in done:
            for imported in graph[name]:
                walk(imported, (*way, name))
            done.add(name)

    for name in graph:
        walk(name, ())


def test_mitmproxy_stays_behind_the_files_that_face_flows() -> None:
    know = {name_of(path) for path in MODULES if any(one.split(".")[0] == "mitmproxy" for one in imports(path))}
    assert know == KNOW_MITMPROXY


def test_the_spec_does_no_io() -> None:
    for path in (PACKAGE / "spec").glob("*.py"):
        assert not {one.partition(".")[0] for one in imports(path)} & NO_IO, path.name


def test_every_module_has_its_test_file_and_every_test_file_its_module() -> None:
    modules = {name_of(path) for path in MODULES}
    tests = {path.relative_to(TESTS).with_suffix("").as_posix() for path in TESTS.rglob("test_*.py")}
    mirrors = {name: Path(name).with_name(f"test_{Path(name).name}").as_posix() for name in modules}
    missing = {name for name, mirror in mirrors.items() if mirror not in tests}
    assert missing == set(WITHOUT_A_TEST) & modules
    assert missing == set(WITHOUT_A_TEST), "the list names modules that have a test or are gone"
    assert tests - set(mirrors.values()) == set(WITHOUT_A_MODULE)


def test_every_file_says_what_it_is_for() -> None:
    for path in (*MODULES, *TESTS.rglob("*.py")):
        text = path.read_text("utf-8")
        assert not text or ast.get_docstring(ast.parse(text)), path
