"""Why a file cannot be taken as a register: a code and a place. The sentences stand in `pipeline.wording`."""

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with the bytes of a workbook, for the one who words it."""

    EMPTY = "empty"
    NOT_A_WORKBOOK = "not a workbook"
    BROKEN_ZIP = "broken zip"
    ENCRYPTED = "encrypted"
    XLS = "saved as .xls"
    ODS = "saved as .ods"
    XLSB = "saved as .xlsb"
    MACROS = "saved as .xlsm"
    TEMPLATE = "saved as .xltx"
    STRICT = "saved as Strict Open XML"
    SHARED = "shared workbook"
    DUPLICATE_PART = "a part twice"
    MISSING_PART = "a part is missing"
    BROKEN_XML = "broken xml"
    BROKEN_CELL = "broken cell"
    TOO_LARGE = "too large"


class Damaged(Exception):
    """The bytes are not an ordinary .xlsx that can be read without guessing. `reason` says why, `detail` where."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        """Keep the code and the place (a part, a cell); neither holds what people wrote."""
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
