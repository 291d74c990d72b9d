"""People who were erased: a row each, without any name, of which the act and the extract of the log are made."""

from __future__ import annotations

from pipeline.casework.case import Case


def lay(case: Case) -> None:
    """Lay the rows of the sheet «Уничтожение»."""
    for person, cells in case.facts.erasures.items():
        case.ledger.show("erasures", case.ledger.codes.give("erasures", person), cells)
