"""Where a row speaks of a consent that is wanting, the place of its sheet to sign is named beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.ledger import Ledger
from pipeline.wording import casework as say


def point(ledger: Ledger) -> None:
    """Name, wherever a row lacks a consent, the place where that consent's sheet to sign lies."""
    papers = {row.code: row["paper"] for row in ledger.rows("consents") if row["paper"]}
    for sheet in ("pairs", "orders", "agreements") if papers else ():
        for row in ledger.rows(sheet):
            told = re.sub(r"(?<=\()[А-ЯЁ]+-\d+(?=\))", lambda code: _with_print(code[0], papers), row["missing"])
            if told != row["missing"]:
                ledger.show(sheet, row.code, {"missing": told})


def _with_print(code: str, papers: Mapping[str, str]) -> str:
    return say.with_print(code, papers[code]) if code in papers else code
