"""What the gate says of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["xlsx", "xls", "ods", "pdf", "jpeg", "png", "tiff", "heic", ""]


@dataclass(frozen=True)
class Verdict:
    """Whether a file may be handed to a parser.

    ``kind`` is the format it really has, ``""`` when it is refused; then ``reason`` is a Russian sentence for its
    sender, and ``danger`` tells that it must not lie where other people open files.
    """

    kind: Kind
    reason: str = ""
    danger: bool = False


class Refused(Exception):
    """A file that may not be parsed; the message is the sentence for its sender."""

    def __init__(self, reason: str, *, danger: bool = False) -> None:
        super().__init__(reason)
        self.verdict = Verdict("", reason, danger)
