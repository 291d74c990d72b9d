"""What a template sees of a register, and how values print themselves."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.documents import context, filters
from pipeline.documents.context import Book, Reading
from pipeline.documents.values import Blank, Choices, Day, Number, Place
from pipeline.model import Rows
from pipeline.office import word
from tests.documents import sample

NBSP, HYPHEN = "\u00a0", "\u2011"
CATALOG = sample.load()


def reading(**changes: dict[str, str]) -> Reading:
    return Reading(Book(CATALOG, sample.register(CATALOG, **changes)))


def row(one: Reading, sheet: str, code: str) -> context.RowView:
    return one.view(one.book.rows[sheet][code])


def test_a_reference_leads_to_the_row_it_names() -> None:
    pair = row(reading(), "pairs", "П-0001")
    assert str(pair.mentor.person.surname) == "Бондаренко"


def test_the_key_of_a_sheet_gives_the_rows_that_refer_here_in_order() -> None:
    order = row(reading(), "orders", "ПК-0001")
    assert [pair.code for pair in order.pairs] == ["П-0001", "П-0002", "П-0003", "П-0004", "П-0005"]
    assert len(row(reading(), "programmes", "ПР-0003").plan) == 12


def test_a_name_that_is_no_column_is_no_attribute() -> None:
    with pytest.raises(AttributeError):
        _ = row(reading(), "pairs", "П-0001").mentorr


def test_values_print_as_a_paper_wants_them() -> None:
    one = reading()
    mentee = row(one, "mentees", "НМ-0005")
    pair = row(one, "pairs", "П-0003")
    assert (str(mentee.experience), str(row(one, "mentees", "НМ-0001").experience)) == ("1,5", "0")
    assert str(pair.start) == "30.11.2026"
    assert str(pair.kinds) == "наставничество в группе, ситуационное"


def test_a_nought_counts_as_filled() -> None:
    assert row(reading(), "mentees", "НМ-0001").experience


def test_an_empty_cell_is_false_and_is_reported_only_when_printed() -> None:
    one = reading(ПР_0001={"goal": ""})
    goal = row(one, "programmes", "ПР-0001").goal
    assert not goal
    assert not one.lacks
    assert str(goal) == ""
    assert list(one.lacks) == [Place("programmes", "ПР-0001", "goal")]


def test_what_an_empty_reference_leads_to_is_as_empty_and_names_the_reference() -> None:
    one = reading(ПР_0001={"order": ""})
    number = row(one, "programmes", "ПР-0001").order.number
    assert not number
    assert str(number) == ""
    assert list(one.lacks) == [Place("programmes", "ПР-0001", "order")]


def test_a_cell_emptied_on_purpose_is_empty() -> None:
    assert not row(reading(ПР_0001={"goal": "–"}), "programmes", "ПР-0001").goal


def test_a_reference_to_no_row_and_a_date_that_is_none_are_reported_as_such() -> None:
    one = reading(П_0001={"mentor": "НК-0099", "start": "скоро"})
    pair = row(one, "pairs", "П-0001")
    assert (str(pair.mentor.person.surname), str(pair.start)) == ("", "")
    assert [place.lack for place in one.lacks] == ["dangling", "unreadable"]


def test_empty_dates_come_last_in_a_sorted_plan() -> None:
    blank = Blank(Place("plan", "М-0001", "due"), lambda place: None)
    days = [blank, Day(2026, 9, 1), Day(2026, 8, 1)]
    assert sorted(days)[:2] == [date(2026, 8, 1), date(2026, 9, 1)]  # type: ignore[type-var]


def test_a_template_may_compare_a_date_with_an_empty_one() -> None:
    blank, day = Blank(Place("plan", "М-0001", "due"), lambda place: None), Day(2026, 9, 1)
    assert (day < blank, day <= blank, day > blank, day >= blank) == (True, True, False, False)  # type: ignore[operator]
    assert (blank <= day, blank >= day) == (False, True)


def test_a_group_stands_as_one_team_with_all_its_mentees() -> None:
    teams = row(reading(), "orders", "ПК-0001").teams
    assert [len(team.mentees) for team in teams] == [1, 1, 3]
    assert [bool(team.group) for team in teams] == [False, False, True]


def test_a_pair_of_a_group_that_is_in_another_order_is_no_part_of_the_team() -> None:
    one = reading(П_0005={"order": "ПК-0009"})
    assert [len(team.mentees) for team in row(one, "orders", "ПК-0001").teams] == [1, 1, 2]


def test_who_joins_a_group_by_a_later_order_is_not_in_the_approved_programme() -> None:
    one = reading(П_0005={"order": "ПК-0009"})
    assert [str(mentee.person.surname) for mentee in row(one, "programmes", "ПР-0003").mentees] == ["Дзюба", "Седых"]


def test_everybody_is_acquainted_once() -> None:
    one = reading(П_0002={"mentor": "НК-0001"})
    people = row(one, "orders", "ПК-0001").participants
    assert [str(person.surname) for person in people] == [
        *("Бондаренко", "Мороз", "Швец", "Тер-Григорян", "Дзюба", "Седых", "Гулиев"),
    ]


def test_the_consents_named_in_an_order_are_those_policy_demands_of_that_year() -> None:
    one = reading(С_0001={"year": "2025-2026"}, С_0002={"kind": "Распространение персональных данных"})
    kinds = [str(consent.kind) for consent in row(one, "mentors", "НК-0001").consents_for_order]
    assert kinds == ["Участие в наставнической паре (группе)"]


@pytest.mark.parametrize(
    ("sheet", "code"), [("pairs", "П-0001"), ("programmes", "ПР-0001"), ("orders", "ПК-0001"), ("orders", "ПК-0002")]
)
def test_the_school_year_of_every_row_is_known(sheet: str, code: str) -> None:
    one = reading()
    year = context.school_year(one, one.book.rows[sheet][code])
    assert (year.key, str(year)) == ("2026-2027", "2026/2027")


def test_a_setting_that_is_empty_is_reported_when_printed() -> None:
    one = reading()
    organisation = context.SettingView(one, CATALOG.organisation, Place(context.SETTINGS, "", "", "setting"))
    assert not organisation.inn
    assert str(organisation.inn) == ""
    assert list(one.lacks) == [Place("config/organisation.yaml", "", "inn", "setting")]


def signer(one: Reading) -> str:
    return filters.initials(context.names(one, one.book.rows["orders"]["ПК-0001"], draft=True)["signer"])


def test_an_order_is_signed_by_the_director_or_whom_the_curator_chose() -> None:
    assert signer(reading()) == f"Т.{NBSP}А.{NBSP}Лихачева"
    assert signer(reading(ПК_0001={"signer": "и.о. директора Седых"})) == f"Л.{NBSP}И.{NBSP}Седых"


def test_a_signer_who_is_not_in_the_settings_is_never_replaced_in_silence() -> None:
    one = reading(ПК_0001={"signer": "врио директора Петров"})
    assert signer(one) == ""
    assert list(one.lacks) == [Place("orders", "ПК-0001", "signer", "unreadable")]


# --- filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "name", "short", "post"),
    [
        ("nom", "Швец Роман Ильич", "Швец Р. И.", "преподаватель специальных дисциплин"),
        ("gen", "Швеца Романа Ильича", "Швеца Р. И.", "преподавателя специальных дисциплин"),
        ("dat", "Швецу Роману Ильичу", "Швецу Р. И.", "преподавателю специальных дисциплин"),
        ("acc", "Швеца Романа Ильича", "Швеца Р. И.", "преподавателя специальных дисциплин"),
        ("ins", "Швецом Романом Ильичом", "Швецом Р. И.", "преподавателем специальных дисциплин"),
        ("prep", "Швеце Романе Ильиче", "Швеце Р. И.", "преподавателе специальных дисциплин"),
    ],
)
def test_people_and_posts_stand_in_the_case_asked_for(case: str, name: str, short: str, post: str) -> None:
    mentee = row(reading(), "mentees", "НМ-0002")
    said = (filters.fio(mentee, case), filters.short(mentee, case), filters.post(mentee, case))
    assert tuple(text.replace(NBSP, " ") for text in said) == (name, short, post)


def test_an_official_known_by_initials_is_named_with_them() -> None:
    one = reading()
    curator = context.names(one, one.book.rows["orders"]["ПК-0001"], draft=True)["curator"]
    assert filters.fio(curator) == f"Ковальчук{NBSP}Н.{NBSP}С."
    assert filters.post(curator, "dat") == "заместителю директора по учебной работе"
    assert not one.doubts


def test_a_doubtful_form_is_marked_and_noted_with_all_its_cases() -> None:
    one = reading(Л_0005={"surname": "Кобец"})
    said = filters.short(row(one, "mentees", "НМ-0002"), "gen")
    assert isinstance(said, word.Marked)
    doubt = one.doubts["Кобец Роман Ильич"]
    assert doubt.kind == "name"
    assert doubt.doubt
    assert set(doubt.forms) == {"gen", "dat", "acc", "ins", "prep"}


def confirmed(rows: Rows) -> Rows:
    cells = {"word": "Кобец Роман Ильич", "gen": "Кобца Романа Ильича", "confirmed": "да"}
    row_class = type(rows["people"]["Л-0001"])
    return {**rows, "declensions": {"Ф-0001": row_class("declensions", "Ф-0001", cells)}}


def test_a_form_confirmed_on_the_sheet_of_declensions_is_used_without_a_doubt() -> None:
    one = Reading(Book(CATALOG, confirmed(sample.register(CATALOG, Л_0005={"surname": "Кобец"}))))
    said = filters.fio(row(one, "mentees", "НМ-0002"), "gen")
    assert said == "Кобца Романа Ильича"
    assert not one.doubts


def test_an_undecided_sex_stops_only_whom_the_paper_declines() -> None:
    one = reading(Л_0004={"sex": "", "patronymic": "–"})
    mentee = row(one, "mentees", "НМ-0001")
    assert (filters.fio(mentee), filters.initials(mentee)) == ("Мороз Анна", f"А.{NBSP}Мороз")
    assert not one.lacks
    assert filters.fio(mentee, "gen") == ""
    assert list(one.lacks) == [Place("people", "Л-0004", "sex", "sex")]


def test_a_person_without_a_post_or_name_is_asked_for_it() -> None:
    one = reading(Л_0004={"post": "", "name": ""})
    mentee = row(one, "mentees", "НМ-0001")
    assert filters.post(mentee) == ""
    assert filters.fio(mentee) == "Мороз Львовна"
    assert [place.column for place in one.lacks] == ["post", "name"]


def test_dates_numbers_and_counts_are_said_in_full() -> None:
    assert filters.day(Day(2026, 11, 5)) == f"5{NBSP}ноября{NBSP}2026{NBSP}г."
    assert filters.digits(Day(2026, 11, 5)) == "05.11.2026"
    assert filters.number("57-од") == f"№{NBSP}57{HYPHEN}од"
    counts = (1, 2, 5, 11, 21, 101, 111, 1.5, 0.5)
    years = [filters.plural(Number(count), "год", "года", "лет").replace(NBSP, " ") for count in counts]
    assert years == ["1 год", "2 года", "5 лет", "11 лет", "21 год", "101 год", "111 лет", "1,5 года", "0,5 года"]
    assert filters.lines("один\n\n два ") == ["один", "два"]
    assert filters.capital("и.о. директора") == "И.о. директора"
    assert isinstance(filters.capital(word.Marked("слово")), word.Marked)


@pytest.mark.parametrize("name", sorted(filters.FILTERS))
def test_an_empty_cell_goes_through_every_filter_and_is_reported(name: str) -> None:
    lacks: list[Place] = []
    more = {"plural": ("год", "года", "лет"), "by_teams": ("пара", "пары", "группа", "группы", "")}.get(name, ())
    assert not filters.FILTERS[name](Blank(Place("pairs", "П-0001", "start"), lacks.append), *more)
    assert lacks == [Place("pairs", "П-0001", "start")]


@pytest.mark.parametrize(("name", "value"), [("fio", "текст"), ("post", Day(2026, 9, 1)), ("day", "2026-09-01")])
def test_a_filter_on_what_it_cannot_take_is_a_mistake_of_the_template(name: str, value: object) -> None:
    with pytest.raises(word.TemplateMistake):
        filters.FILTERS[name](value)


def test_a_case_that_is_none_is_a_mistake_of_the_template() -> None:
    with pytest.raises(word.TemplateMistake):
        filters.fio(row(reading(), "mentees", "НМ-0002"), "дат")


def test_words_agree_with_the_pairs_and_groups_of_an_order() -> None:
    words = ("пара", "пары", "группа", "группы", "пары и группы")

    def agreed(*without: str) -> str:
        one = reading(**{code.replace("-", "_"): {"order": ""} for code in without})
        return filters.by_teams(row(one, "orders", "ПК-0001").teams, *words)

    group = ("П-0003", "П-0004", "П-0005")
    assert agreed("П-0001", *group) == "пара"
    assert agreed(*group) == "пары"
    assert agreed("П-0001", "П-0002") == "группа"
    assert agreed() == agreed("П-0001") == "пары и группы"
    with pytest.raises(word.TemplateMistake):
        filters.by_teams(row(reading(), "orders", "ПК-0001").teams, "пара", "пары")


def test_a_text_stands_within_a_sentence() -> None:
    assert filters.inline("протокол\nот 05.11.2026 г.") == "протокол от 05.11.2026 г"
    assert filters.small("Фонды оценочных средств") == "фонды оценочных средств"
    assert (filters.small("ИКТ и ресурсы"), filters.small("М. П. Иванова")) == ("ИКТ и ресурсы", "М. П. Иванова")


def test_typed_text_is_printed_with_the_quotes_and_dashes_of_print() -> None:
    assert context.together('Освоить "живые"  методы - без страха') == f"Освоить «живые» методы{NBSP}– без страха"


def test_two_closing_quotes_become_one() -> None:
    assert context.together("колледж «АИК»».") == "колледж «АИК»."


def test_choices_are_asked_for_singly() -> None:
    assert "реверсивное" in Choices(("реверсивное", "ситуационное"))
