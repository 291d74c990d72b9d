"""The owner file an office program lays beside a workbook while somebody has it open: its names, and who it names."""

from __future__ import annotations

_EXCEL_SIZE = 165
_EXCEL_NAME = 55


def names(workbook: str) -> tuple[str, str]:
    """Return how the owner files of a workbook are called: Excel's and LibreOffice's."""
    return f"~${workbook}", f".~lock.{workbook}#"


def holder(data: bytes) -> str:
    """Return who has the workbook open, as the content of its owner file says; ``""`` when it does not say."""
    if len(data) == _EXCEL_SIZE:
        length = data[_EXCEL_NAME]
        name = data[_EXCEL_NAME + 2 : _EXCEL_NAME + 2 + 2 * length].decode("utf-16-le", "replace")
    else:
        fields = data.decode("utf-8", "replace").split(",")
        name = next((part for part in fields[:2] if part.strip()), "")
    return " ".join(name.replace("\0", " ").split())
