"""What can go wrong for a user, in one tree. The text of an error is a sentence or a clause with the cause and the next
step; ``exit_status`` is what a command ends with that cannot go on.

PasslensError
  UsageError                 2  what was asked for cannot be done
    UnknownScenarioError        no scenario has that name
    ControlError                what a control API refuses
    ProfileError                a value that no device would take, or a profile that cannot be made
  InputError                 2  something that was given to be read
    ConfigurationError          a value in passlens.toml
    BaselineError               a file that is no baseline of this version
    ArchiveError                a folder that is no archive of this version
    RecordingError              a file that is no recording, or not of the format it should have
      NotHarError               a JSON document without a list of entries
    RecordError                 one flow or entry of a recording
      CutOffError               the file ends inside a record
      NotRecordsError           what comes next is no record
      OtherFormatError          a format of flows that the installed mitmproxy does not know
      UnusualRecordError        not as mitmproxy writes records today; perhaps readable all the same
    ReadError                   one thing of a recording that could not be read; handed on beside what could be
      Remark                    worth knowing about a recording that was read whole; no reason to fail
    RuleFileError               a rule file that was not taken, with all its mistakes
    RuleError                   one mistake in a rule file, with its place
    TemplateError               a template that cannot be used or filled in
    EditError                   a text or body that cannot be changed as a rule asks
  InstallationError          3  a module is missing, or versions do not fit
  WriteError                 4  something that was seen could not be written
  NoProxyError               5  no running proxy was found
  DemoError                  1  an answer of the demonstration was not the one it needs
  NothingCameError           1  what a test waited for did not come

Errors of use and of input are ValueErrors as well: where passlens is used from Python, a value was wrong.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar


class PasslensError(Exception):
    """All errors that passlens tells in one sentence."""

    exit_status: ClassVar[int] = 2


class UsageError(PasslensError, ValueError):
    """What was asked for cannot be done; a sentence."""


class UnknownScenarioError(UsageError):
    """There is no scenario of that name; a sentence with the nearest one. ``known`` holds all names."""

    def __init__(self, message: str, known: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.known = tuple(known)


class ControlError(UsageError):
    """What a control API answers in place of what was asked for: HTTP status, code, and a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class ProfileError(UsageError):
    """A value that no device would take, or a configuration profile that cannot be made or handed out; a sentence. It
    never holds the Wi-Fi password."""


class InputError(PasslensError, ValueError):
    """What was given cannot be read or taken."""


class ConfigurationError(InputError):
    """What is wrong with a value of the configuration; a clause."""


class BaselineError(InputError):
    """A document that is no baseline of this version; a clause with the next step."""


class ArchiveError(InputError):
    """A folder that is no archive of this version, or whose manifest is damaged; a sentence with the next step."""


class RecordingError(InputError):
    """Why a file cannot be read as a recording, or copied; a clause to stand after its name."""


class NotHarError(RecordingError):
    """The file has no list of entries; the text says what is there instead."""


class RecordError(InputError):
    """A flow or entry that is no exchange; a clause that completes "entry 3 cannot be read because …"."""


class CutOffError(RecordError):
    """The file ends inside a record."""


class NotRecordsError(RecordError):
    """What comes next is no record; a clause."""


class OtherFormatError(RecordError):
    """Flows of a format that the installed mitmproxy does not know, as all of the file are; a clause."""


class UnusualRecordError(RecordError):
    """The record is not what mitmproxy writes today; it may be readable all the same."""


class ReadError(InputError):
    """Something that could not be read: one clause with the cause and the next step, to stand after the file's name.

    ``index`` is the position of the flow or entry, None if the whole file is meant; ``ended`` says that the reading of
    this file ended there. Handed on among what could be read, not raised. Equal ones are equal.
    """

    def __init__(self, file: str | None, sentence: str, index: int | None = None, ended: bool = False) -> None:
        super().__init__(file, sentence, index, ended)
        self.file = file
        self.sentence = sentence
        self.index = index
        self.ended = ended

    def __str__(self) -> str:
        return self.sentence if self.file is None else f"{self.file} {self.sentence}"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.args == self.args

    def __hash__(self) -> int:
        return hash(self.args)


class Remark(ReadError):
    """Something worth knowing about a recording that was read whole; no reason to fail."""


class RuleError(InputError):
    """Why a rule file is refused: a clause, the place in it as steps, and its line and column from 1."""

    def __init__(
        self, problem: str, key: tuple[str | int, ...] = (), line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.key = key
        self.line = line
        self.column = column


class RuleFileError(InputError):
    """A rule file that was not taken. Its text is one sentence a line (``sentences``), each with file, line, column
    and key; ``line``, ``column``, ``problem`` and ``key``, in words, are those of the first mistake."""

    def __init__(self, path: Path, sentences: list[str], first: RuleError, key: str) -> None:
        super().__init__("\n".join(sentences))
        self.path = path
        self.sentences = sentences
        self.line, self.column, self.problem, self.key = first.line, first.column, first.problem, key


class TemplateError(InputError):
    """Why a template cannot be used or filled in; a clause."""


class EditError(InputError):
    """Why a text cannot be changed as asked; a clause, short even where it names a long path."""

    def __init__(self, clause: str) -> None:
        super().__init__(clause if len(clause) <= 400 else f"{clause[:200]}...{clause[-200:]}")


class InstallationError(PasslensError):
    """The installation is broken or lacks what the command needs."""

    exit_status = 3


class WriteError(PasslensError):
    """Something that was seen could not be written (a log, a recording)."""

    exit_status = 4


class NoProxyError(PasslensError):
    """No running proxy was found."""

    exit_status = 5


class DemoError(PasslensError):
    """An answer was not the one that a journey of the demonstration needs; the text says which."""

    exit_status = 1


class NothingCameError(PasslensError, AssertionError):
    """What a test waited for did not come in time; a sentence with what came instead."""

    exit_status = 1
