"""Imports run one way, mitmproxy stays behind the files that face flows, the spec does no I/O.
Every module has its test file, and every test file its module."""

import ast
import functools
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "addons" / "passlens"
TESTS = ROOT / "tests"

ROWS = (
    ("__init__",),
    ("util", "errors", "rest_v2"),
    ("exchange",),
    ("checks", "redaction", "recordings", "sandbox"),
    ("scenarios", "scrub"),
    ("analysis",),
    ("reports",),
    ("proxy",),
    ("runner",),
    ("control",),
    ("device", "testing"),
    ("demo", "addon", "sessions"),
    ("cli",),
    ("__main__",),
)
"""From the ground up. A folder or root module imports from itself and from rows before its own; not from its row."""

NOT_YET: dict[str, set[str]] = {}
"""Imports against the order that are still to go: module, and what it imports."""

LAZY: dict[str, set[str]] = {"__init__": {"analysis/entry", "runner/result", "testing/client"}}
"""What a module names for type checkers and imports when it is first asked for; tests/test_python.py holds that."""

KNOW_MITMPROXY = {"addon", "proxy", "recordings", "scrub", "runner", "control", "device"}
"""Folders and root modules that may know mitmproxy."""

EXTRAS = {"pyarrow", "fsspec", "dask", "distributed", "s3fs"}
"""Modules that come with passlens[archive] and passlens[archive-s3]."""

KNOW_EXTRAS = "runner/archive/"
"""The folder that may know them; whoever imports from it does so where it is needed."""

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
    "__init__": "tests/test_python.py",
    "__main__": "tests/cli/test_main.py starts it",
    "checks/glossary_words": "tests/checks/test_glossary.py and tests/facts/test_words.py",
    "cli/archive": "tests/runner/archive/test_run.py and tests/faults/test_archive_is_ended.py",
    "cli/addon": "tests/cli/test_main.py, every command",
    "cli/outlets": "tests/cli/test_main.py, on real pipes",
    "cli/check": "tests/runner/test_check.py",
    "cli/confdir_option": "tests/cli/test_command.py, options of one name",
    "cli/output_option": "tests/cli/test_diff.py and tests/runner/test_outputs.py",
    "cli/rules_option": "tests/cli/test_command.py, options of one name",
    "cli/world_option": "tests/cli/test_command.py, options of one name",
    "cli/explain": "tests/checks/test_docs.py",
    "cli/schema": "tests/cli/test_main.py, every command",
    "rest_v2/deviation": "tests/rest_v2/test_base64_decoding.py and its neighbours",
    "control/models": "tests/control/test_server.py",
    "control/timeline_models": "tests/control/test_timelines.py",
    "proxy/inspector": "tests/test_addon.py",
    "proxy/log_sink": "tests/test_addon.py",
    "proxy/terminal_sink": "tests/test_addon.py",
    "testing/fixture": "tests/testing/test_pytest_plugin.py",
    "recordings/parts": "tests/recordings/test_flow_to_exchange.py",
}
"""Modules that no test file mirrors, with the reason."""

WITHOUT_A_MODULE = {
    "checks/sequence/test_false_alarms": "the files of checks beside it: what must not alarm",
    "hostile/test_spellings": "secrets in other spellings",
    "hostile/test_cost_of_redaction": "what crafted requests cost",
    "hostile/test_injected": "what a recording says was injected, in every report",
    "scrub/test_cases": "entries as recorders write them",
    "scrub/test_every_place": "every text of a copy",
    "facts/test_checks": "checks/table.py against the checks that the facts propose",
    "facts/test_comparison": "support/facts.py",
    "facts/test_checklist": "checks/checklist.py and checks/sights.py against the facts",
    "test_shown_commands": "README, docs and help",
    "facts/test_errors": "rest_v2/errors.py against the facts",
    "facts/test_operations": "rest_v2/operations.py and the header tables against the facts",
    "facts/test_policy": "redaction/policy.py against the facts",
    "facts/test_reader": "support/fact_reader.py",
    "facts/test_responses": "rest_v2/response_rows.py and the tables of items against the facts",
    "facts/test_revisions": "rest_v2/revisions.py and rest_v2/sources.py against the facts",
    "facts/test_words": "what checks/glossary_words.py, denials.py and diagnosis.py say of words",
    "facts/test_sessions": "rest_v2/outcomes.py and rest_v2/retrieve.py against the facts",
    "control/panel/test_browser": "control/panel/files, in a browser",
    "faults/test_archive_is_ended": "an archive whose run is ended, asked to end, or lacks an extra",
    "faults/test_client_leaves": "a client that leaves in every phase",
    "faults/test_clock_jumps": "a clock that is set forth and back",
    "faults/test_log_is_lost": "a log whose disk, file or folder goes",
    "faults/test_output_is_held": "an output that nobody reads",
    "faults/test_process_ends": "a proxy that is ended under load",
    "faults/test_rules_are_lost": "a rule file or folder that goes",
    "faults/test_upstream_dies": "a server that dies in every phase",
    "fuzz/test_targets": "every input that comes from outside",
    "hostile/test_control": "the control API, attacked",
    "hostile/test_budgets": "files and decisions of many small pieces",
    "hostile/test_framing": "rules about lengths, connections and bodies",
    "test_recordings_of_tools": "recordings as tools and clients really write them, through every command",
    "hostile/test_current_folder": "files that are called like modules",
    "hostile/test_every_operation": "secrets in the bodies of every operation",
    "hostile/test_escapes": "reports, comparison, comments, log and commands: signs that steer or hide",
    "hostile/test_floods": "memory, when everything is new each time",
    "hostile/test_guesses": "codes and pages of virtual sessions",
    "hostile/test_other_origins": "passlens' own pages, attacked by a page in a browser",
    "hostile/test_recordings": "recordings, configuration and baselines that mean harm",
    "hostile/test_rule_files": "YAML bombs, tags, repeated keys, body files of elsewhere",
    "hostile/test_smuggling": "messages that passlens writes anew",
    "hostile/test_templates": "templates that escape, loop or allocate",
    "sandbox/test_api_properties": "sandbox/server.py with arbitrary requests",
    "scenarios/test_shipped": "rules/, every rule file as it is read",
    "soak/test_soak": "many devices for a long time, cut down to seconds",
    "test_archive_docs": "docs/archive.md",
    "test_control_docs": "docs/control.md",
    "test_journeys_docs": "docs/journeys.md",
    "test_machine_readable_docs": "docs/machine-readable.md",
    "test_bench": "bench/",
    "test_ci_examples": "docs/ci.md",
    "test_conftest": "tests/conftest.py, tests/support/fixtures.py and warm.py",
    "test_examples": "docs/examples",
    "test_docstrings": "the examples in docstrings of the whole package",
    "test_documented_answers": "samples and errata of the operations beside the sessions",
    "test_documented_samples": "the samples of the documentation through the whole pipeline",
    "test_imports": "the whole package",
    "test_names": "the whole package, its names",
    "test_make_recordings": "tests/make_recordings.py",
    "test_patterns": "every regular expression of the package",
    "test_pipeline": "arbitrary and bad input through the whole pipeline",
    "test_python": "passlens as Python imports it",
    "test_readme": "README.md",
    "test_sharing": "docs/sharing.md",
    "test_scenarios_end_to_end": "rules/, every scenario with a client before a server",
    "test_sandbox_to_its_end": "the sandbox behind a real proxy, each way in and out, read by the facts",
    "test_scenarios_in_the_sandbox": "the scenarios of decisions and profiles behind a real proxy, without a server",
    "test_security": "SECURITY.md",
    "test_ui_tests": "docs/ui-tests.md",
    "scenarios/test_reactions": "the shipped scenarios, from recordings",
    "test_reactions": "the shipped scenarios, live",
    "test_conformance": "cli/conformance.py and testing/conformance with scripted apps",
    "test_expectations_in_reports": "recordings with marks in every report",
    "test_same_findings": "live, .mitm and .har against each other",
}
"""Test files that mirror no module, with what they are about."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def part_of(name: str) -> str:
    return name.partition("/")[0]


@functools.cache
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


@functools.cache
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
    return found - LAZY.get(name_of(path), set())


def normalized(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def declared() -> set[str]:
    """The distributions that pyproject.toml names: the dependencies and every extra, and those that are asked for as
    an extra of another (``dask[distributed]``)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = (project["dependencies"], *project.get("optional-dependencies", {}).values())
    found = {requirement for group in groups for requirement in group}
    return {normalized(name) for one in found for name in re.findall(r"[\w.-]+", re.split(r"[^\w.\[\]-]", one)[0])}


def test_the_tests_have_what_the_extras_bring() -> None:
    written = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = {one for extra in written["project"]["optional-dependencies"].values() for one in extra}
    assert {one for one in extras if not one.startswith("passlens[")} <= set(written["dependency-groups"]["dev"])


def foreign_modules() -> set[str]:
    """Top-level modules that the package and its script import and that neither they nor Python bring."""
    files = (*MODULES, PACKAGE.parent / "sessions.py")
    return {full.partition(".")[0] for path in files for full in imports(path)} - sys.stdlib_module_names - {"passlens"}


def test_every_imported_module_is_declared() -> None:
    """mitmproxy 12.3 dropped zstandard without a word, and nothing but the declaration of another brought it."""
    brought_by = packages_distributions()
    for module in foreign_modules():
        distributions = {normalized(one) for one in brought_by.get(module, ())}
        # ruamel.yaml and its C part share a folder, so a module may have several distributions.
        assert distributions & declared(), f"{module} ({', '.join(distributions) or 'not installed'}) is not declared"


def row_of(name: str) -> int:
    places = [place for place, parts in enumerate(ROWS) if part_of(name) in parts]
    assert places, f"{name} stands in no row; add it to ROWS"
    return places[0]


def goes_down(name: str, imported: str) -> bool:
    return part_of(name) == part_of(imported) or row_of(imported) < row_of(name)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    name = name_of(path)
    against = {imported for imported in inner_imports(path) if not goes_down(name, imported)}
    assert against == NOT_YET.get(name, set()), f"{name} imports {against}"


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


def test_mitmproxy_stays_in_the_folders_that_face_flows() -> None:
    know = {
        part_of(name_of(path)) for path in MODULES if any(one.split(".")[0] == "mitmproxy" for one in imports(path))
    }
    assert know <= KNOW_MITMPROXY


def test_extras_stay_in_the_folder_that_needs_them() -> None:
    know = {name_of(path) for path in MODULES if {one.split(".")[0] for one in imports(path)} & EXTRAS}
    assert {name for name in know if not name.startswith(KNOW_EXTRAS)} == set()
    # An import from that folder stands inside a function.
    at_once = re.compile(r"^(?:from|import) passlens\.runner\.archive", re.M)
    others = [path for path in MODULES if not name_of(path).startswith(KNOW_EXTRAS)]
    assert not [path for path in others if at_once.search(path.read_text("utf-8"))]


def test_the_spec_does_no_io() -> None:
    for path in (PACKAGE / "rest_v2").glob("*.py"):
        assert not {one.partition(".")[0] for one in imports(path)} & NO_IO, path.name


def test_every_module_has_its_test_file_and_every_test_file_its_module() -> None:
    modules = {name_of(path) for path in MODULES if path.name != "__init__.py" or path.parent == PACKAGE}
    tests = {path.relative_to(TESTS).with_suffix("").as_posix() for path in TESTS.rglob("test_*.py")}
    mirrors = {name: Path(name).with_name(f"test_{Path(name).name}").as_posix() for name in modules}
    missing = {name for name, mirror in mirrors.items() if mirror not in tests}
    assert missing == set(WITHOUT_A_TEST) & modules, "a module has no test file of its name"
    assert missing == set(WITHOUT_A_TEST), "the list names modules that have a test or are gone"
    assert tests - set(mirrors.values()) == set(WITHOUT_A_MODULE)


def test_every_file_says_what_it_is_for() -> None:
    for path in (*MODULES, *TESTS.rglob("*.py")):
        text = path.read_text("utf-8")
        assert not text or ast.get_docstring(ast.parse(text)), path
