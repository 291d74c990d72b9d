"""What the rules say to the curator and the secretary: the words of «Состояние», what is lacking, what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

# --- words that cells hold ------------------------------------------------------------------------------------------


class Pair:
    """«Состояние» of a pair."""

    PROPOSED: Final = "Предложена"
    APPROVED: Final = "Согласована"
    WAITS: Final = "Ждёт согласий"
    IN_ORDER: Final = "В приказе"
    IN_FORCE: Final = "Действует"
    FINISHED: Final = "Завершена"
    STOPPED: Final = "Прекращена"
    POSTPONED: Final = "Отложена"
    DECLINED: Final = "Отклонена"


class Consent:
    """«Состояние» of a consent."""

    NONE: Final = "Нет"
    UNSIGNED: Final = "Ждём подпись"
    SCANNED: Final = "Скан получен"
    IN_FORCE: Final = "Действует"
    ENDS_SOON: Final = "Истекает"
    ENDED: Final = "Истекло"
    WITHDRAWN: Final = "Отозвано"
    REFUSED: Final = "Отказ"


class Sheet:
    """«Что сделать» with the sheet of a consent."""

    PRINT: Final = "распечатать и подписать"
    CHECK: Final = "проверить подпись"


class Order:
    """«Состояние» of an order."""

    DRAFT: Final = "Проект"
    TO_SIGN: Final = "На подпись"
    SIGNED: Final = "Подписан"
    CANCELLED: Final = "Отменён"


class Programme:
    """«Состояние» of a programme."""

    DRAFT: Final = "Проект"
    APPROVED: Final = "Утверждена"
    RUNS: Final = "Идёт"
    FINISHED: Final = "Завершена"
    STOPPED: Final = "Прекращена"


class Item:
    """«Состояние» of a planned activity or a stage; the last two are also what «Отметка» offers."""

    PLANNED: Final = "Запланировано"
    LATE: Final = "Просрочено"
    DONE: Final = "Выполнено"
    DROPPED: Final = "Снято"


class Duty:
    """«Состояние» of what the law demands after a withdrawal; the last is also what «Отметка» offers."""

    AHEAD: Final = "Предстоит"
    TODAY: Final = "Сегодня"
    LATE: Final = "Просрочено"
    DONE: Final = "Выполнено"


class Bank:
    """«Состояние» of a person in a bank, and the decision that leaves one out."""

    IN_BANK: Final = "В базе"
    IN_PAIR: Final = "В паре"
    FINISHED: Final = "Программа завершена"
    LEFT_OUT: Final = "Не включён"
    UNFILLED: Final = "Заполните строку"
    LEAVE_OUT: Final = "Не включать"


class Decided:
    """What «Решение» of a pair or an order offers."""

    APPROVE: Final = "Согласовать"
    DECLINE: Final = "Отклонить"
    POSTPONE: Final = "Отложить"
    FINISH: Final = "Завершить"
    STOP: Final = "Прекратить"
    TO_SIGN: Final = "На подпись"
    CANCEL: Final = "Отменить"


class Turn:
    """Whose move it is."""

    CURATOR: Final = "Куратор"
    MENTOR: Final = "Наставник"
    MENTEE: Final = "Наставляемый"
    SECRETARY: Final = "Секретарь"
    DIRECTOR: Final = "Директор"
    NOBODY: Final = "–"


AGREED: Final = "Согласен"
REFUSED: Final = "Отказ"
BY_PROGRAM: Final = "составляет программа"
RECORDED: Final = "записан"
PAIRS_ORDER: Final = "Закрепление наставнических пар и групп"
ROADMAP_ORDER: Final = "Утверждение Дорожной карты"
COMPLETION_ORDER: Final = "Завершение программы наставничества"
PLAN_DONE: Final = "план мероприятий выполнен"
UNREADY: Final = "ждёт данных"

KEEP: Final = "оставить"
TAKE_NEW: Final = "взять новое"
OTHER_PERSON: Final = "другой человек"
IGNORE: Final = "не учитывать"
NOT_OURS: Final = "не наш"


def listed(words: Sequence[str]) -> str:
    """Join short words of one cell."""
    return ", ".join(words)


def day(when: date) -> str:
    """Write a date as 05.11.2026."""
    return f"{when:%d.%m.%Y}"


def cell(sheet: str, column: str, code: str) -> str:
    """Name a cell by its sheet's and column's titles and its row's code."""
    return f"лист «{sheet}», {code}, графа «{column}»"


def filled_again(sheet: str, gone: str, code: str) -> str:
    """Say that a form came for a row that she had removed, and which new row it made."""
    return (
        f"Вы удалили строку {gone} с листа «{sheet}», но после этого пришла новая анкета или форма. "
        f"Она записана новой строкой {code}. Если она не нужна, удалите и её."
    )


# --- people ---------------------------------------------------------------------------------------------------------


def person_state(mentor: bool, mentee: bool) -> str:
    """Say what a person is in this school year."""
    roles = [word for word, has in (("наставник", mentor), ("наставляемый", mentee)) if has]
    return ", ".join(roles) or "в списке"


def joined(kept: str) -> str:
    """Say that a row was joined with another; the kept row's code ends the phrase."""
    return f"Объединена с {kept}"


def it_is(kept: str) -> str:
    """Return the answer that joins two rows."""
    return f"это {kept}"


def same_person(later: str, kept: str) -> str:
    """Ask whether two rows, each described with its code, are one person."""
    return f"{later} похоже на {kept}: это один человек? Ответ «это …» соединит строки навсегда."


def described(code: str, name: str, birth: date | None, number: str) -> str:
    """Describe a person by what tells people apart."""
    parts = [name or "без имени", *([day(birth)] if birth else []), *([f"таб. № {number}"] if number else [])]
    return f"{code} ({', '.join(parts)})"


def newer_answer(place: str, hers: str, new: str, received: date) -> str:
    """Ask which value counts when a form came after the curator had corrected the cell."""
    return (
        f"{place}: вы записали «{hers}», а в форме от {day(received)} – «{new}». Что верно? "
        f"Ответьте «{KEEP}», «{TAKE_NEW}» или впишите своё значение."
    )


# --- banks ----------------------------------------------------------------------------------------------------------


def fill(place: str) -> str:
    """Ask to fill a cell."""
    return f"заполните: {place}"


def unknown_reference(column: str, code: str, sheet: str) -> str:
    """Say that a reference leads nowhere."""
    return f"«{column}»: строки {code} нет на листе «{sheet}»"


def no_difficulties() -> str:
    """Say that a mentee rated no difficulties, so that a plan has little to stand on."""
    return "не оценены затруднения: мероприятия программы будут только общие"


# --- consents -------------------------------------------------------------------------------------------------------

_WANTED = {
    Consent.NONE: "лист не подписан",
    Consent.UNSIGNED: "ждём подпись",
    Consent.SCANNED: "скан получен, проверьте подпись",
    Consent.ENDED: "срок истёк",
    Consent.WITHDRAWN: "отозвано",
    Consent.REFUSED: "отказ",
}


def consent_lacks(kind: str, who: str, state: str, code: str = "") -> str:
    """Say that a consent does not stand, of whom, why, and which row it is, if there is one."""
    return f"согласие «{kind}» – {who}: {_WANTED.get(state, state)}" + (f" ({code})" if code else "")


def consent_ends(kind: str, who: str, until: date, code: str) -> str:
    """Say that a consent of a running pair runs out before the pair's term does."""
    return f"согласие «{kind}» – {who}: истекает {day(until)} ({code})"


def with_print(code: str, path: str) -> str:
    """Name a consent beside the place where its sheet to sign lies."""
    return f"{code}, лист для подписи: {path}"


def pairs_about(codes: Sequence[str]) -> str:
    """Go on «приказ …» with the pairs that it is to be about."""
    return f" о парах: {listed(codes)}" if codes else ""


def consent_after_refusal(code: str, who: str, kind: str, received: date) -> str:
    """Say that after a refusal a consent came, which needs a signature of its own."""
    return (
        f"{code}, {who}: после отказа {day(received)} пришло новое согласие «{kind}». "
        "Нужна новая подпись: впишите «Дату подписи» не раньше этого дня."
    )


# --- scans ----------------------------------------------------------------------------------------------------------


def unread_page(name: str, pages: str, typed: str) -> str:
    """Ask whose a scanned page is whose code could not be read; ``typed`` is an answer that is no code."""
    wrong = f"Ответ «{typed}» – не код листа, напечатанного этой программой. " if typed else ""
    return (
        f"{wrong}Скан «{name}», страница {pages}: код листа не читается. Откройте картинку и впишите двенадцать "
        f"знаков, напечатанных под квадратом. Если это не лист согласия, ответьте «{NOT_OURS}»."
    )


def homeless_scan(token: str, who: str, kind: str) -> str:
    """Say that a signed sheet came for which there is no row any more."""
    return (
        f"Пришёл скан листа {token}: «{kind}», {who}. Строки такого согласия на листе «Согласия» больше нет: она "
        f"удалена или в ней теперь другой человек, вид или год. Верните строку или ответьте «{IGNORE}»."
    )


# --- pairs ----------------------------------------------------------------------------------------------------------


def nobody_chosen(column: str) -> str:
    """Say that a side of a pair is not chosen."""
    return f"«{column}»: не выбран"


def same_on_both_sides() -> str:
    """Say that one person stands on both sides."""
    return "наставник и наставляемый – один и тот же человек"


def left_out(column: str, who: str) -> str:
    """Say that a side of the pair is kept out of the bank."""
    return f"«{column}»: {who} – в базе стоит «{Bank.LEAVE_OUT}»"


def years_differ(mentor: str, mentee: str) -> str:
    """Say that the sides are in banks of different school years."""
    return f"наставник записан в базе {mentor} учебного года, а наставляемый – {mentee}"


def empty_cell(column: str) -> str:
    """Say that a cell of the pair's own row is empty."""
    return f"не заполнено: «{column}»"


def unreadable_cell(title: str) -> str:
    """Say that a cell holds something that is no answer to its column."""
    return f"«{title}»: не читается, исправьте"


def ends_before_start() -> str:
    """Say that the dates are the wrong way round."""
    return "«Окончание» раньше «Начала»"


def too_short(months: int) -> str:
    """Say that the term is too short for a programme (regulation, section 3)."""
    return f"срок короче {months} мес. (раздел 3 Положения): исправьте «Начало» или «Окончание»"


def too_long(months: int) -> str:
    """Say that the term is too long for a programme (regulation, section 3)."""
    return f"срок длиннее {months} мес. (раздел 3 Положения): исправьте «Начало» или «Окончание»"


def one_meeting(pair: str, kinds: str, months: int) -> str:
    """Ask about a short term of a kind that is one meeting by nature."""
    return (
        f"{pair}: вид «{kinds}» – одна встреча (пункт 5.4 Положения), а программа рассчитана на срок от {months} мес. "
        f"(раздел 3). Ответьте «{KEEP}» или исправьте срок."
    )


def group_without_code(kind: str) -> str:
    """Say that a pair of the group kind bears no group code."""
    return f"вид «{kind}» без кода группы: впишите в графу «Группа» общий код, например Г-0001"


def code_without_group(kind: str) -> str:
    """Say that a pair with a group code is not of the group kind."""
    return f"у пары есть код группы: добавьте вид «{kind}» или очистите графу «Группа»"


def group_too_small(group: str, ready: int) -> str:
    """Say that a group has fewer than two members who may go into the order (regulation 5.4)."""
    return f"группа {group}: нужны не меньше двух готовых наставляемых (пункт 5.4 Положения), сейчас {ready}"


def group_mentors(group: str) -> str:
    """Say that the rows of a group name different mentors (regulation 5.4)."""
    return f"группа {group}: во всех строках должен быть один наставник (пункт 5.4 Положения)"


def group_years(group: str) -> str:
    """Say that a group code is used in two school years."""
    return f"группа {group}: этот код занят группой другого учебного года, возьмите новый"


def pair_twice(other: str, state: str) -> str:
    """Say that the same two people already are a pair, and its state if an order holds it."""
    return f"такая пара уже есть: {other}" + (f" («{state}»)" if state else "")


def over_capacity(mentor: str, name: str, many: int, capacity: str) -> str:
    """Ask about a mentor who has more mentees than agreed to."""
    return (
        f"{mentor} {name}: согласованных наставляемых – {many}, а в анкете «сколько одновременно» – {capacity}. "
        f"Ответьте «{KEEP}» или измените пары."
    )


def not_in_force(decision: str) -> str:
    """Say that what never was in force cannot end."""
    return f"пара не действует, «{decision}» к ней не относится: выберите «Отклонить» или «Согласовать»"


def in_force(decision: str) -> str:
    """Say that a pair in force ends in another way (regulation 10.1)."""
    return f"пара действует по приказу, «{decision}» не подходит: выберите «Завершить» или «Прекратить»"


def term_is_over(end: date) -> str:
    """Say that the term of a pair in force is over (regulation 10.1)."""
    return f"срок вышел {day(end)}: выберите «Завершить» (пункт 10.1 Положения)"


def plan_is_done() -> str:
    """Say that the plan of a pair in force is carried out (regulation 10.1)."""
    return "план выполнен полностью: выберите «Завершить» (пункт 10.1 Положения)"


def order_was_cancelled(order: str) -> str:
    """Say that the pair's order was cancelled."""
    return f"приказ {order} отменён: выберите «Решение» заново"


def order_unknown(order: str) -> str:
    """Say that the pair names an order that is not there or was cancelled."""
    return f"«Приказ»: действующего приказа {order} нет, исправьте или очистите графу"


def order_not_numbered(order: str) -> str:
    """Say that the recorded order of a pair lacks its number or date."""
    return f"впишите № и дату приказа {order} на листе «Приказы»"


def not_in_order(order: str) -> str:
    """Say that the pair names a closed order whose membership it does not belong to."""
    return f"«Приказ»: состав {order} закрыт, и этой пары в нём нет; очистите графу"


def left_closed_order(pair: str, order: str, why: str) -> str:
    """Ask about a pair that no longer is complete though its order is out for signature."""
    return (
        f"{pair} стоит в приказе {order}, который уже на подписи, но теперь: {why}. "
        f"Выберите у приказа «{Decided.CANCEL}» или ответьте «{KEEP}»."
    )


def decided_otherwise(decision: str) -> str:
    """Say that the curator took back her approval."""
    return f"решение – «{decision}»" if decision else "решение снято"


def lost_consent(pair: str, why: str) -> str:
    """Ask about a pair in force one of whose consents was withdrawn."""
    return f"{pair} действует, но теперь: {why}. Выберите у пары «{Decided.STOP}» или ответьте «{KEEP}»."


# --- orders ---------------------------------------------------------------------------------------------------------


def order_pair(pair: str, mentor: str, mentee: str, group: str) -> str:
    """Name a pair in «Что в приказе»."""
    return f"{pair}: {mentor} – {mentee}{f' (группа {group})' if group else ''}"


def order_roadmap(year: str) -> str:
    """Say in «Что в приказе» that it approves the year's roadmap."""
    return f"Дорожная карта на {year} учебный год"


def order_empty() -> str:
    """Say that a draft holds no pair any more."""
    return "в приказе нет ни одной готовой пары"


def order_about_nothing(column: str, sheets: Sequence[str]) -> str:
    """Say that an order names no row of the sheets it must be about."""
    return f"«{column}»: впишите код строки листа " + " или ".join(f"«{sheet}»" for sheet in sheets)


def order_without_kind(column: str) -> str:
    """Say that a row of an order names no kind."""
    return f"выберите «{column}»"


def until_before_since() -> str:
    """Say that an order's dates are the wrong way round."""
    return "«По какой день» раньше, чем «С какого дня»"


def not_in_bank(column: str, who: str, year: str) -> str:
    """Say that somebody who is to be a mentor is not in the year's bank of mentors."""
    return f"«{column}»: {who} – нет в базе наставников {year} учебного года"


def order_prepared(order: str, kind: str) -> str:
    """Say of a pair that an order about it is being prepared."""
    return f"готовится приказ {order} «{kind}»"


def order_wants_decision() -> str:
    """Say what a complete draft waits for."""
    return f"проверьте проект и выберите «{Decided.TO_SIGN}»"


def order_wants_signature() -> str:
    """Say what an order out for signature waits for."""
    return "подпись директора, затем № и дата"


def order_wants(columns: Sequence[str]) -> str:
    """Say which cells of an order's registration are empty."""
    return "впишите: " + ", ".join(columns)


def recorded_order_wants(columns: Sequence[str]) -> str:
    """Say what a row of an order typed by hand lacks: such rows are for orders that are signed already."""
    return "строка для уже подписанного приказа; впишите: " + ", ".join(columns)


def number_twice(number: str, year: int, orders: Sequence[str]) -> str:
    """Ask about a number that two orders of one calendar year bear."""
    return (
        f"№ {number} за {year} год стоит у нескольких приказов: {', '.join(orders)}. Исправьте или ответьте «{KEEP}»."
    )


def unknown_registration(code: str, number: str) -> str:
    """Ask to which order a registration belongs."""
    return (
        f"Форма «Регистрация приказа» (№ {number or '?'}) называет приказ {code or '?'}, которого нет "
        "или который отменён. "
        f"Ответьте кодом приказа, например ПК-0001, или «{IGNORE}»."
    )


# --- programmes -----------------------------------------------------------------------------------------------------


def of_mentee(who: str, text: str) -> str:
    """Say whose words they are in a group's programme."""
    return f"{who} – {text}"


def rated(area: str, rating: int) -> str:
    """Name a difficulty with its rating."""
    return f"{midway(area)} – {rating}"


def midway(text: str) -> str:
    """Give a text as the middle of a sentence: a small first letter, unless the first word is an abbreviation."""
    return text[:1].lower() + text[1:] if re.match(r"[А-ЯЁ][а-яё]*(?![А-ЯЁа-яё.])", text) else text


def added_area() -> str:
    """Name the field of an activity that somebody proposed."""
    return "По предложению участников"


def added_form() -> str:
    """Name the form of an activity that somebody proposed."""
    return "по договорённости"


def added_result() -> str:
    """Name the result of an activity that somebody proposed."""
    return "Мероприятие проведено, итоги обсуждены с наставником"


def programme_left() -> str:
    """Say that a programme's pair left its order."""
    return "пара выбыла из приказа"


def programme_replaced(by: str) -> str:
    """Say that another edition of a programme counts (regulation 10.2)."""
    return f"действует новая редакция – {by} (пункт 10.2 Положения)"


def added_after_approval(items: Sequence[str]) -> str:
    """Say that activities were added to an approved plan (regulation 10.2)."""
    return "после утверждения добавлено: " + ", ".join(items) + " – оформите изменение (пункт 10.2 Положения)"


def joined_after_approval(names: Sequence[str]) -> str:
    """Say that a group grew after its programme was approved (regulation 10.2)."""
    return "в утверждённой программе нет: " + ", ".join(names) + " – оформите изменение (пункт 10.2 Положения)"
