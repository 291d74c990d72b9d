"""What the rules say of applications, reports, additional agreements and events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

# --- words that cells hold ------------------------------------------------------------------------------------------


class Application:
    """«Состояние» of an application, and what «Решение» offers."""

    CLARIFY: Final = "Уточните"
    WAITS: Final = "Ждёт согласия"
    OPEN: Final = "На рассмотрении"
    GRANTED: Final = "Удовлетворено"
    PREPARED: Final = "Готовится приказ"
    DONE: Final = "Исполнено"
    CANCELLED: Final = "Приказ отменён"
    REFUSED: Final = "Отказано"
    TAKEN: Final = "Принято"

    GRANT: Final = "Удовлетворить"
    REFUSE: Final = "Отказать"


class Agreement:
    """«Состояние» of an additional agreement; the sides of a warning."""

    UNREADY: Final = "Ждёт данных"
    DRAFT: Final = "Проект"
    SIGNED: Final = "Подписано"
    WARNED: Final = "Предупреждение"
    ENDED: Final = "Прекращено"

    WORKER: Final = "наставник"
    EMPLOYER: Final = "работодатель"


class Event:
    """«Состояние» of an event."""

    PLANNED: Final = "Запланировано"
    HELD: Final = "Проведено"
    LATE: Final = "Впишите итог"


class Progress:
    """«Выполнение плана» of a programme."""

    NOTHING: Final = "нет отметок"
    SOME: Final = "есть отметки"
    ALL: Final = "выполнен полностью"


HELPER_TURN: Final = "Привлекаемый работник"

MUTUAL: Final = "обоюдное решение"
_ALONE = {"mentor": "инициатива наставника", "mentee": "инициатива наставляемого"}
_OF = {"mentor": "наставника", "mentee": "наставляемого", "": "работника"}


def initiative(sides: Sequence[str]) -> str:
    """Return the reason of an end that these sides asked for (regulation 10.1.2)."""
    return MUTUAL if len(set(sides)) > 1 else _ALONE.get(next(iter(sides), ""), "")


# --- applications ---------------------------------------------------------------------------------------------------


def basis(word: str, side: str, name: str, when: date | None) -> str:
    """Name an application, or an agreement, in the basis of an order: the side in the genitive, the name after it."""
    day = f" от {when:%d.%m.%Y}" if when else ""
    return f"{word} {_OF.get(side, _OF[''])} ({name}){day}"


def agreed_on_paper() -> str:
    """Name in the basis of an order the agreements that the curator holds on paper."""
    return "письменное согласие других участников"


AGREEMENT: Final = "согласие"


def add_activity(activity: str, due: date | None) -> str:
    """Say in an order of change which activity the plan gets."""
    term = f" (срок – {due:%d.%m.%Y})" if due else ""
    return f"Включить в план мероприятий: {activity.rstrip(' .;')}{term}."


def no_pair(sides: Sequence[str]) -> str:
    """Say that the applicant has no pair in an order on the side that may apply."""
    who = " или ".join({"mentor": "наставником", "mentee": "наставляемым"}[side] for side in sides)
    return f"подавший не является {who} ни в одной действующей паре"


def not_own_pair(column: str, codes: Sequence[str]) -> str:
    """Say that the pair named is not one in which the applicant may apply."""
    return f"«{column}»: {', '.join(codes)} – не пара подавшего"


def which_pair(code: str, who: str, kind: str, names: Sequence[str]) -> str:
    """Ask which pair or group an application is about."""
    return f"{code}, {who}: обращение «{kind}» – о какой паре или группе? Выберите: {', '.join(names)}."


def unknown_person(column: str, text: str) -> str:
    """Say that a person named in words is not known, or that several are."""
    return f"«{column}»: «{text}» – выберите человека с листа «Люди»"


def waits_for(who: str) -> str:
    """Say that somebody's agreement is awaited."""
    return f"нет согласия: {who} (бланк «Согласие с обращением» или «да» в графе «Согласие других участников»)"


def disagrees(who: str) -> str:
    """Say that somebody refused to agree."""
    return f"не согласен: {who}"


def nothing_to_agree(who: str) -> str:
    """Say that an agreement finds no application that waits for it."""
    return f"обращения, которое ждёт согласия – {who}, пока нет"


def which_application(code: str, who: str, codes: Sequence[str]) -> str:
    """Ask which application somebody agreed to."""
    return f"{code}, {who}: согласие с каким обращением? Выберите: {', '.join(codes)}."


def wants_decision() -> str:
    """Say that an application waits for the curator."""
    return f"выберите «Решение»: «{Application.GRANT}» или «{Application.REFUSE}»"


def unapproved_programme() -> str:
    """Say that a programme is a draft yet, so that no order is needed to change it."""
    return "программа ещё не утверждена: внесите поправку на листах «Программы» и «План мероприятий»"


def unread_items(parts: Sequence[str]) -> str:
    """Say which lines of a report name no activity of the plan."""
    listed = "; ".join(f"«{part}»" for part in parts)
    return f"«Мероприятия плана»: не понятно {listed} – впишите номер по плану и дату, например: 3 – 15.12.2026"


def no_items() -> str:
    """Say that a report names no activity."""
    return "«Мероприятия плана»: не названо ни одного мероприятия"


def item_done(item: str, when: date) -> str:
    """Write a line of a report: the activity's code and the day."""
    return f"{item} – {when:%d.%m.%Y}"


# --- agreements -----------------------------------------------------------------------------------------------------


def too_early(column: str, earliest: date) -> str:
    """Say that the day named is before the earliest one that the law allows."""
    return f"«{column}»: не раньше {earliest:%d.%m.%Y} (статья 351.8 ТК РФ, предупреждение за рабочие дни)"


def term_not_covered(until: date) -> str:
    """Say that a signed agreement ends before the programme does."""
    return f"программа идёт по {until:%d.%m.%Y}, соглашение короче: впишите новой строкой соглашение о продлении"


def agreement_wants_signatures() -> str:
    """Say what a complete agreement waits for."""
    return "подписи сторон, затем № и дата"


# --- events ---------------------------------------------------------------------------------------------------------


def event_wants(columns: Sequence[str]) -> str:
    """Say which cells of an event are empty."""
    return "заполните: " + ", ".join(f"«{column}»" for column in columns)
