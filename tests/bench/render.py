"""Documents rendered a second: our Word engine beside docxtpl as it is ordinarily used, in the same run.

The paper: three pages, a header with a logo, a table of twenty rows by a loop, a slim package of some 55 KB; every
document has data of its own. Times are CPU seconds of one process; the ratio is what travels between machines.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from statistics import median
from typing import Any

from docx.shared import Cm
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from pipeline.office import word
from tests.office import word_samples

_CLAUSE = (
    "Назначить {{ order.mentor.name }}, {{ order.mentor.post }}, наставником {{ order.mentee.name }} "
    "с {{ order.start }} по {{ order.end }} {% if order.paid %}с доплатой{% else %}без доплаты{% endif %}; "
    "контроль за исполнением возложить на {{ order.deputy }}, о ходе работы докладывать {{ order.director }}."
)


@dataclass(frozen=True)
class Figures:
    """Documents a second, ours and docxtpl's, and the size of one document in bytes."""

    ours: float
    docxtpl: float
    size: int

    @property
    def ratio(self) -> float:
        """How many times as many documents ours makes."""
        return self.ours / self.docxtpl


def paper() -> bytes:
    """Make the template of the bench."""
    document = word_samples.slim()
    header = document.sections[0].header.paragraphs[0]
    header.add_run().add_picture(BytesIO(word_samples.picture(200)), width=Cm(2))
    header.add_run("{{ organisation.name }}, {{ organisation.address }}")
    document.sections[0].footer.paragraphs[0].text = "Исполнитель: {{ organisation.author }}"
    document.add_paragraph("ПРИКАЗ № {{ order.number }} от {{ order.start }}")
    for number in range(1, 19):
        document.add_paragraph(f"{number}. {_CLAUSE}")
    cells = ["{{ loop.index }}", "{{ row.name }}", "{{ row.post }}", "{{ row.start }}", "{{ row.mark }}"]
    blank = [""] * (len(cells) - 1)
    word_samples.rows(
        document,
        [
            ["№", "ФИО", "Должность", "Срок", "Отметка"],
            ["{%tr for row in rows %}", *blank],
            cells,
            ["{%tr endfor %}", *blank],
        ],
    )
    return word_samples.saved(document)


def data(number: int) -> dict[str, Any]:
    """Make the data of one document."""
    return {
        "organisation": {"name": "Колледж «Заря» & Ко", "address": "ул. Полевая, 1", "author": "Пример А. А."},
        "order": {
            "number": number,
            "mentor": {"name": f"Примерову Анну Петровну ({number})", "post": "преподавателя"},
            "mentee": {"name": f"Образцова Ивана Ильича ({number})"},
            "start": "01.09.2026",
            "end": "31.05.2027",
            "paid": number % 2 == 0,
            "deputy": "заместителя директора Учебного О. О.",
            "director": "директору",
        },
        "rows": [
            {"name": f"Участник {number}-{row}", "post": "преподаватель", "start": "30.09.2026", "mark": "рост <10 %"}
            for row in range(20)
        ],
    }


def measure(documents: int = 200, compared: int = 20) -> Figures:
    """Render `documents` different ones by ours, `compared` of them by docxtpl, and give the medians."""
    source = paper()
    template = word.Template.load(source, {})
    size = len(template.render(data(0)))
    ours = _median_seconds(lambda number: template.render(data(number)), documents)
    theirs = _median_seconds(lambda number: by_docxtpl(source, data(number)), compared)
    return Figures(1 / ours, 1 / theirs, size)


def by_docxtpl(source: bytes, context: dict[str, Any]) -> bytes:
    """Render by docxtpl as it is ordinarily used: the template opened anew for each document."""
    document = DocxTemplate(BytesIO(source))
    document.render(context, Environment(autoescape=True, undefined=StrictUndefined))
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _median_seconds(make: Callable[[int], bytes], times: int) -> float:
    def timed(number: int) -> float:
        start = time.process_time()
        make(number)
        return time.process_time() - start

    return median(timed(number) for number in range(times))


def main() -> None:
    """Measure and print one line."""
    figures = measure()
    print(
        f"documents: {figures.ours:.0f}/s, docxtpl as ordinarily used {figures.docxtpl:.0f}/s, "
        f"ratio {figures.ratio:.1f}; {figures.size / 1024:.0f} KB each"
    )


if __name__ == "__main__":
    main()
