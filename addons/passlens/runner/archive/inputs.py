"""Which recordings the INPUTs of ``passlens archive`` stand for: files, folders, globs, and addresses that fsspec knows
(s3://, gs://, https:// …)."""

import glob
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

import fsspec

from passlens.errors import InstallationError, ReadError, UsageError
from passlens.recordings.formats import os_sentence
from passlens.recordings.reader import SUFFIXES, is_unread, names, not_read
from passlens.redaction.pseudonym import pseudonym
from passlens.runner.archive.recording import plain

_WEB: Final = ("http", "https")
_EXTRA: Final = {"s3": "pip install 'passlens[archive-s3]'"}
"""How an address gets its file system, where passlens has an extra for it."""


class ArchiveInput(NamedTuple):
    """One recording. ``address`` opens it anywhere, ``name`` is what the archive calls it (relative to the archive's
    folder, or an address without secrets), ``shown`` what the user calls it. Size (bytes) and time (ISO 8601) are None
    where they are not known."""

    address: str
    name: str
    shown: str
    size: int | None = None
    time: str | None = None


def find(given: Sequence[str], folder: str) -> tuple[list[ArchiveInput], list[ReadError]]:
    """The recordings, each once, in the order of the INPUTs, and those that could not be looked into.

    Raises UsageError for an address that nobody knows, InstallationError where its file system is not installed.
    """
    found: dict[str, ArchiveInput] = {}
    trouble: list[ReadError] = []
    for one in given:
        for item in _local(one, folder) if is_local(one) else _remote(one):
            if isinstance(item, ReadError):
                trouble.append(item)
            else:
                found.setdefault(item.name, item)
    return list(found.values()), trouble


def is_local(given: str) -> bool:
    """True for a file or folder of this machine."""
    return "://" not in given or given.startswith("file://")


def path_of(local: str) -> str:
    """The path of a file or folder of this machine, which may be given as an address."""
    return url2pathname(urlsplit(local).path) if local.startswith("file://") else local


def is_there(name: str, folder: str) -> bool:
    """False if a recording is no longer where the archive has it from. Of a web server, which may only want a password,
    nobody can tell."""
    if is_local(name):
        return os.path.lexists(os.path.join(folder, name))
    if urlsplit(name).scheme in _WEB:
        return True
    try:
        file_system, path = _file_system(name)
        return bool(file_system.exists(path))
    except Exception:
        return True


def _local(given: str, folder: str) -> Iterator[ArchiveInput | ReadError]:
    if given == "-":
        raise UsageError("standard input has no address that an archive could know it by; name a file.")
    path = path_of(given)
    if os.path.lexists(path) or not glob.has_magic(path):
        paths = [path]
    else:
        paths = sorted(found for found in glob.glob(path, recursive=True) if not os.path.isdir(found))
        if not paths:
            yield ReadError(given, "matches no file: check the pattern", None, True)
    for name in names(paths):
        yield name if isinstance(name, ReadError) else _local_input(name, folder)


def _local_input(path: str, folder: str) -> ArchiveInput:
    address = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    try:
        name = os.path.relpath(address, os.path.realpath(folder)).replace(os.sep, "/")
    except ValueError:  # on another drive
        name = address
    name = name.encode("utf-8", "backslashreplace").decode()
    try:
        status = os.stat(address)
    except (OSError, ValueError):  # opening it will say so
        return ArchiveInput(address, name, path)
    time = datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="microseconds")
    return ArchiveInput(address, name, path, status.st_size, time)


def _remote(given: str) -> Iterator[ArchiveInput | ReadError]:
    file_system, path = _file_system(given)
    try:
        infos = list(_infos(file_system, path, given))
    except Exception as error:
        yield ReadError(shown(given), os_sentence(plain(error)), None, True)
        return
    for info in infos:
        if isinstance(info, ReadError):
            yield info
            continue
        address = str(file_system.unstrip_protocol(str(info["name"])))
        size = info.get("size")
        name = shown(address)
        yield ArchiveInput(address, name, name, size if isinstance(size, int) else None, _time(info))
    if not infos:
        yield ReadError(
            shown(given), f"has no recordings: give a file or a folder with {', '.join(SUFFIXES)}", None, True
        )


def _file_system(given: str) -> tuple[Any, str]:
    """The file system of an address and the path in it."""
    scheme = given.partition("://")[0]
    try:
        file_system, path = fsspec.core.url_to_fs(given)
    except ImportError as error:
        how = _EXTRA.get(scheme, str(error).rstrip("."))
        raise InstallationError(f"addresses with {scheme}:// need a module that is not installed: {how}.") from None
    except ValueError:
        words = (
            f"there are no addresses with {scheme[:40]}://; give a file, a folder or a glob, or s3://, gs://, https://."
        )
        raise UsageError(words) from None
    return file_system, str(path)


def _infos(file_system: Any, path: str, given: str) -> Iterator[dict[str, Any] | ReadError]:
    """What the file system tells of each recording."""
    web = urlsplit(given).scheme in _WEB
    magic = "*" in path if web else glob.has_magic(path)
    if magic and not (not web and file_system.exists(path)):
        found = file_system.glob(path, detail=True)
        yield from (info for _, info in sorted(found.items()) if info.get("type") == "file")
    # To ask a web server whether a file is a folder is to fetch it.
    elif path.endswith("/") if web else file_system.isdir(path):
        found = sorted(file_system.find(path, detail=True).items())
        yield from (info for name, info in found if name.lower().endswith(SUFFIXES))
        if unread := [name.rpartition("/")[2] for name, _ in found if is_unread(name)]:
            yield not_read(shown(given), unread)
    else:
        yield file_system.info(path)


def _time(info: dict[str, Any]) -> str | None:
    """When it was changed, under the names that file systems have for it."""
    for name in ("LastModified", "mtime", "updated", "last_modified"):
        value = info.get(name)
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        if isinstance(value, str):
            return value
    return None


def shown(address: str) -> str:
    """An address as it may be written: without user and password, values of a query as pseudonyms.

    >>> shown("https://me:word@lab.example/tv.har?key=word")
    'https://lab.example/tv.har?key=sha256:98c1eb4ee934'
    """
    scheme, _, rest = address.partition("://")
    authority, slash, path = rest.partition("/")
    if scheme in _WEB:
        path, mark, query = path.partition("#")[0].partition("?")
        path += mark + "&".join(map(_parameter, query.split("&")))
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"


def _parameter(piece: str) -> str:
    name, equals, value = piece.rpartition("=")
    return f"{name}{equals}{pseudonym(value)}" if value else piece
