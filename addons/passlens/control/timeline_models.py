"""What ``/api/v1/timelines`` takes and gives, typed."""

from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from passlens.analysis.entry import Entry, Journey
from passlens.checks.finding import Severity
from passlens.control.query import Model


class TimelineQuery(Model):
    """What is new since."""

    since: int = Field(0, ge=0, description="Only what came after this number; what `next` gave.")


class PictureStage(TypedDict):
    """A lane and its name."""

    name: str
    y: float


class PictureAttempt(TypedDict):
    """A box around the steps of one code."""

    x: float
    width: float
    label: str


class PictureLine(TypedDict):
    """The way from step to step; ``pause``: a longer one."""

    path: str
    pause: bool


class PictureNode(TypedDict):
    """A step."""

    number: int
    x: float
    y: float
    look: str
    worst: Severity | None
    label: str
    gap: str | None
    refused: bool
    injected: bool
    title: str


class Picture(TypedDict):
    """One row of the picture of a timeline; coordinates are pixels of an image of ``width`` by ``height``, whose lanes
    begin at ``left``."""

    layout: Literal["wide", "narrow"]
    left: float
    width: float
    height: float
    bottom: float
    title: str
    description: str
    stages: list[PictureStage]
    attempts: list[PictureAttempt]
    lines: list[PictureLine]
    nodes: list[PictureNode]


class Timeline(TypedDict):
    """The exchanges of one device. ``id`` is its pseudonym, or a word for those that name no device; ``keys`` are its
    device keys, ``journeys`` the last ones that have ended, ``going_on`` those that have not, with their verdict so
    far."""

    id: str
    name: str
    keys: list[str]
    exchanges: int
    journeys: list[Journey]
    going_on: list[Journey]
    pictures: list[Picture]


class DecodedHeader(TypedDict):
    """A header, decoded: paths and values."""

    name: str
    rows: list[tuple[str, str]]


class TimelineExchange(TypedDict):
    """An exchange, with the polls that repeat it: ``last`` is the number of the last one, ``again`` says how often it
    came. ``lines`` are its results in words, ``next_steps`` what an app calls next."""

    number: int
    last: int
    again: str | None
    timeline: str
    look: str
    gap: str | None
    lines: list[str]
    denied: bool
    partner_status: str | None
    next_steps: str | None
    injection: str | None
    decoded: list[DecodedHeader]
    entry: Entry


class TimelineList(TypedDict):
    """What is new: timelines and exchanges. ``first`` is the lowest number that is shown at all, ``more`` counts
    devices that are not."""

    timelines: list[Timeline]
    exchanges: list[TimelineExchange]
    first: int
    more: int
    next: int
