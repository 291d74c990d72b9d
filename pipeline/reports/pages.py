"""The two HTML pages, self-contained, readable on a phone and by a screen reader. Pure: facts in, bytes out.

A page changes only when what it says changes, so that a quiet system writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from pipeline.journal import Arrival
from pipeline.wording import pages as say

_STYLE = """
body{font:17px/1.45 system-ui,sans-serif;margin:0 auto;max-width:52rem;padding:1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:1.6rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.45rem .5rem;border-bottom:1px solid #ccc;overflow-wrap:anywhere}
.returned,.still,.refused,.quarantined{background:#fff3d6}.hint{color:#555}
.late{background:#b3261e;color:#fff;padding:.6rem 1rem}.late h2{margin-top:0}
@media(max-width:40rem){thead{position:absolute;left:-999rem}tr{display:block;border-bottom:2px solid #999}
td{display:block;border:0;padding:.15rem .3rem}}
"""


def fate(arrivals: Sequence[Arrival], waiting: Sequence[tuple[str, str]] = ()) -> bytes:
    """Return the page on which a sender finds his file: its name, when it came, what became of it.

    ``waiting`` are files that are not taken in yet: each one's name and the sentence why. Saving a form that was sent
    back again and again without a changed answer is told once.
    """
    rows = "".join(_fate_row("returned", "", name, escape(why)) for name, why in sorted(waiting))
    told = dict.fromkeys(_fate_row(*_fate_cells(one)) for one in arrivals if one.fate != "still")
    still = {one.name: _fate_row(*_fate_cells(one)) for one in reversed(arrivals) if one.fate == "still"}
    rows += "".join((*still.values(), *told))
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in say.FATE_HEADINGS)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else _line(say.FATE_EMPTY)
    return _page(say.FATE_TITLE, f'<p class="hint">{escape(say.FATE_HINT)}</p>{table}')


def _fate_cells(one: Arrival) -> tuple[str, str, str, str]:
    return one.fate, f"{one.at:%d.%m.%Y %H:%M}", one.name, f"<b>{escape(say.FATES[one.fate])}.</b> {escape(one.told)}"


def _fate_row(kind: str, when: str, name: str, what: str) -> str:
    return f'<tr class="{escape(kind)}"><td>{when}</td><td>{escape(name)}</td><td>{what}</td></tr>'


@dataclass(frozen=True)
class State:
    """How things stand: sentences by section.

    ``late`` is what the law's clocks have run out for. ``links`` maps a sentence to the file it opens, relative to the
    page.
    """

    late: Sequence[str] = ()
    deadlines: Sequence[str] = ()
    register: Sequence[str] = ()
    setup: Sequence[str] = ()
    questions: Sequence[str] = ()
    turns: Sequence[str] = ()
    files: Sequence[str] = ()
    papers: Sequence[str] = ()
    links: Mapping[str, str] = field(default_factory=dict)


def state(facts: State) -> bytes:
    """Return the page on which the curator and the secretary see how things stand."""
    sections = (
        *(((say.SETUP, facts.setup),) if facts.setup else ()),
        *(((say.DEADLINES, facts.deadlines),) if facts.deadlines else ()),
        (say.REGISTER, facts.register),
        (say.QUESTIONS, facts.questions or (say.no_questions(),)),
        (say.TURNS, facts.turns or (say.nothing(),)),
        (say.FILES, facts.files or (say.nothing(),)),
        (say.PAPERS, facts.papers or (say.nothing(),)),
    )
    loud = f'<section class="late" role="alert"><h2>{say.LATE}</h2>{_list(facts.late, {})}</section>'
    body = (loud if facts.late else "") + "".join(
        f"<h2>{escape(title)}</h2>{_list(lines, facts.links)}" for title, lines in sections
    )
    return _page(say.STATE_TITLE, body)


def _list(lines: Iterable[str], links: Mapping[str, str]) -> str:
    items = "".join(
        f'<li><a href="{escape(links[line])}">{escape(line)}</a></li>' if line in links else f"<li>{escape(line)}</li>"
        for line in lines
    )
    return f"<ul>{items}</ul>"


def _line(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _page(title: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="generator" content="nastavnik">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="refresh" content="60">'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    ).encode()
