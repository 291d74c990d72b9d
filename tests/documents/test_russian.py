"""The grammar room: every form that a paper of the college needs, who decides it, and when it is doubtful."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents.russian import (
    HYPHEN,
    NBSP,
    Case,
    Grammar,
    Inflected,
    Name,
    UndecidedSex,
    day,
    day_digits,
    keep_together,
    number_sign,
    plural,
    sex_of,
    typeset,
)

PLAIN = Grammar({}, {})
OBLIQUE = (Case.GEN, Case.DAT, Case.ACC, Case.INS, Case.PREP)

# sex, nominative: genitive, dative, accusative, instrumental, prepositional; «=» never changes.
SURNAMES = """
м Иванов: Иванова Иванову Иванова Ивановым Иванове
ж Иванова: Ивановой Ивановой Иванову Ивановой Ивановой
м Лихачёв: Лихачёва Лихачёву Лихачёва Лихачёвым Лихачёве
м Лихачев: Лихачева Лихачеву Лихачева Лихачевым Лихачеве
ж Лихачева: Лихачевой Лихачевой Лихачеву Лихачевой Лихачевой
м Никитин: Никитина Никитину Никитина Никитиным Никитине
ж Кузьмина: Кузьминой Кузьминой Кузьмину Кузьминой Кузьминой
м Бондаренко: =
ж Бондаренко: =
м Шевченко: =
ж Головко: =
м Бойко: =
м Седых: =
ж Седых: =
м Долгих: =
м Черных: =
м Дюма: =
м Шоу: =
м Живаго: =
м Дурново: =
м Ковальчук: Ковальчука Ковальчуку Ковальчука Ковальчуком Ковальчуке
ж Ковальчук: =
м Гнатюк: Гнатюка Гнатюку Гнатюка Гнатюком Гнатюке
м Мельник: Мельника Мельнику Мельника Мельником Мельнике
ж Мельник: =
м Мороз: Мороза Морозу Мороза Морозом Морозе
ж Мороз: =
м Ткач: Ткача Ткачу Ткача Ткачом Ткаче
ж Ткач: =
м Деркач: Деркача Деркачу Деркача Деркачом Деркаче
м Грач: Грача Грачу Грача Грачом Граче
м Швец: Швеца Швецу Швеца Швецом Швеце
ж Швец: =
м Кузнец: Кузнеца Кузнецу Кузнеца Кузнецом Кузнеце
м Городец: Городца Городцу Городца Городцом Городце
м Кравец: Кравца Кравцу Кравца Кравцом Кравце
м Горобец: Горобца Горобцу Горобца Горобцом Горобце
м Коломиец: Коломийца Коломийцу Коломийца Коломийцем Коломийце
м Заяц: Зайца Зайцу Зайца Зайцем Зайце
ж Заяц: =
м Соловей: Соловья Соловью Соловья Соловьем Соловье
ж Соловей: =
м Воробей: Воробья Воробью Воробья Воробьем Воробье
м Сверчок: Сверчка Сверчку Сверчка Сверчком Сверчке
м Орёл: Орла Орлу Орла Орлом Орле
м Козел: Козла Козлу Козла Козлом Козле
м Осадчий: Осадчего Осадчему Осадчего Осадчим Осадчем
ж Осадчая: Осадчей Осадчей Осадчую Осадчей Осадчей
м Горячий: Горячего Горячему Горячего Горячим Горячем
м Гайворонский: Гайворонского Гайворонскому Гайворонского Гайворонским Гайворонском
ж Гайворонская: Гайворонской Гайворонской Гайворонскую Гайворонской Гайворонской
м Толстой: Толстого Толстому Толстого Толстым Толстом
м Подлесный: Подлесного Подлесному Подлесного Подлесным Подлесном
м Чёрный: Чёрного Чёрному Чёрного Чёрным Чёрном
м Тихий: Тихого Тихому Тихого Тихим Тихом
ж Зимняя: Зимней Зимней Зимнюю Зимней Зимней
м Дзюба: Дзюбы Дзюбе Дзюбу Дзюбой Дзюбе
ж Дзюба: Дзюбы Дзюбе Дзюбу Дзюбой Дзюбе
м Сорока: Сороки Сороке Сороку Сорокой Сороке
ж Скиба: Скибы Скибе Скибу Скибой Скибе
м Перепелица: Перепелицы Перепелице Перепелицу Перепелицей Перепелице
м Тесля: Тесли Тесле Теслю Теслей Тесле
ж Голова: Головы Голове Голову Головой Голове
м Диброва: Дибровы Диброве Диброву Дибровой Диброве
м Коваль: Коваля Ковалю Коваля Ковалем Ковале
ж Коваль: =
м Кобзарь: Кобзаря Кобзарю Кобзаря Кобзарем Кобзаре
м Гайдай: Гайдая Гайдаю Гайдая Гайдаем Гайдае
м Цой: Цоя Цою Цоя Цоем Цое
ж Цой: =
м Шмидт: Шмидта Шмидту Шмидта Шмидтом Шмидте
м Эрлих: Эрлиха Эрлиху Эрлиха Эрлихом Эрлихе
м Дарвин: Дарвина Дарвину Дарвина Дарвином Дарвине
м Мицкевич: Мицкевича Мицкевичу Мицкевича Мицкевичем Мицкевиче
ж Мицкевич: =
ж Иванова-Петрова: Ивановой-Петровой Ивановой-Петровой Иванову-Петрову Ивановой-Петровой Ивановой-Петровой
ж Мороз-Петрова: Мороз-Петровой Мороз-Петровой Мороз-Петрову Мороз-Петровой Мороз-Петровой
ж Ковальчук-Осадчая: Ковальчук-Осадчей Ковальчук-Осадчей Ковальчук-Осадчую Ковальчук-Осадчей Ковальчук-Осадчей
м Ляшко-Дзюба: Ляшко-Дзюбы Ляшко-Дзюбе Ляшко-Дзюбу Ляшко-Дзюбой Ляшко-Дзюбе
м Бонч-Бруевич: Бонч-Бруевича Бонч-Бруевичу Бонч-Бруевича Бонч-Бруевичем Бонч-Бруевиче
м Гусейн-заде: =
м Сен-Санс: Сен-Санса Сен-Сансу Сен-Санса Сен-Сансом Сен-Сансе
м О'Нил: О'Нила О'Нилу О'Нила О'Нилом О'Ниле
"""

GIVEN_NAMES = """
м Пётр: Петра Петру Петра Петром Петре
м Петр: Петра Петру Петра Петром Петре
м Лев: Льва Льву Льва Львом Льве
м Павел: Павла Павлу Павла Павлом Павле
м Илья: Ильи Илье Илью Ильей Илье
м Никита: Никиты Никите Никиту Никитой Никите
м Фёдор: Фёдора Фёдору Фёдора Фёдором Фёдоре
м Семён: Семёна Семёну Семёна Семёном Семёне
м Юрий: Юрия Юрию Юрия Юрием Юрии
м Игорь: Игоря Игорю Игоря Игорем Игоре
м Мамед: Мамеда Мамеду Мамеда Мамедом Мамеде
м Али: =
ж Любовь: Любови Любови Любовь Любовью Любови
ж Мария: Марии Марии Марию Марией Марии
ж Наталья: Натальи Наталье Наталью Натальей Наталье
ж Ия: Ии Ии Ию Ией Ии
ж Нинель: Нинели Нинели Нинель Нинелью Нинели
ж Анна-Мария: Анны-Марии Анне-Марии Анну-Марию Анной-Марией Анне-Марии
ж Кармен: =
"""

PATRONYMICS = """
м Петрович: Петровича Петровичу Петровича Петровичем Петровиче
м Ильич: Ильича Ильичу Ильича Ильичом Ильиче
м Кузьмич: Кузьмича Кузьмичу Кузьмича Кузьмичом Кузьмиче
м Никитич: Никитича Никитичу Никитича Никитичем Никитиче
ж Петровна: Петровны Петровне Петровну Петровной Петровне
ж Ильинична: Ильиничны Ильиничне Ильиничну Ильиничной Ильиничне
ж Фёдоровна: Фёдоровны Фёдоровне Фёдоровну Фёдоровной Фёдоровне
м Гасан оглы: =
ж Гасан кызы: =
м Мамед-оглы: =
"""

# nominative: genitive, dative, instrumental, prepositional; the accusative is the genitive unless given last.
POSTS = """
преподаватель: преподавателя, преподавателю, преподавателем, преподавателе
преподаватель математики и информатики: преподавателя *, преподавателю *, преподавателем *, преподавателе *
преподаватель физики, химии: преподавателя *, преподавателю *, преподавателем *, преподавателе *
мастер производственного обучения: мастера *, мастеру *, мастером *, мастере *
мастер п/о: мастера п/о, мастеру п/о, мастером п/о, мастере п/о
методист: методиста, методисту, методистом, методисте
старший мастер: старшего мастера, старшему мастеру, старшим мастером, старшем мастере
социальный педагог: социального педагога, социальному педагогу, социальным педагогом, социальном педагоге
педагог-психолог: педагога-психолога, педагогу-психологу, педагогом-психологом, педагоге-психологе
педагог дополнительного образования: педагога *, педагогу *, педагогом *, педагоге *
заместитель директора по учебной работе: заместителя *, заместителю *, заместителем *, заместителе *
заместитель директора по учебной и воспитательной работе: заместителя *, заместителю *, заместителем *, заместителе *
руководитель физического воспитания: руководителя *, руководителю *, руководителем *, руководителе *
председатель цикловой комиссии: председателя *, председателю *, председателем *, председателе *
директор: директора, директору, директором, директоре
заведующий отделением: заведующего *, заведующему *, заведующим *, заведующем *
заведующий учебной частью: заведующего *, заведующему *, заведующим *, заведующем *
заведующая библиотекой: заведующей *, заведующей *, заведующей *, заведующей *, заведующую *
дежурная по общежитию: дежурной *, дежурной *, дежурной *, дежурной *, дежурную *
исполняющий обязанности директора: исполняющего *, исполняющему *, исполняющим *, исполняющем *
секретарь: секретаря, секретарю, секретарем, секретаре
секретарь учебной части: секретаря *, секретарю *, секретарем *, секретаре *
тьютор: тьютора, тьютору, тьютором, тьюторе
воспитатель общежития: воспитателя *, воспитателю *, воспитателем *, воспитателе *
концертмейстер: концертмейстера, концертмейстеру, концертмейстером, концертмейстере
учитель-логопед: учителя-логопеда, учителю-логопеду, учителем-логопедом, учителе-логопеде
главный бухгалтер: главного бухгалтера, главному бухгалтеру, главным бухгалтером, главном бухгалтере
ведущий специалист по кадрам: ведущего специалиста *, ведущему специалисту *, ведущим специалистом *, ведущем специалисте *
младший научный сотрудник: младшего научного сотрудника, младшему научному сотруднику, младшим научным сотрудником, младшем научном сотруднике
медицинская сестра: медицинской сестры, медицинской сестре, медицинской сестрой, медицинской сестре, медицинскую сестру
учительница: учительницы, учительнице, учительницей, учительнице, учительницу
вахтер: вахтера, вахтеру, вахтером, вахтере
вахтёр: вахтёра, вахтёру, вахтёром, вахтёре
IT-специалист: IT-специалиста, IT-специалисту, IT-специалистом, IT-специалисте
ст. преподаватель: ст. преподавателя, ст. преподавателю, ст. преподавателем, ст. преподавателе
контрактный управляющий: контрактного управляющего, контрактному управляющему, контрактным управляющим, контрактном управляющем
рабочий по обслуживанию зданий: рабочего *, рабочему *, рабочим *, рабочем *
Заместитель директора по УВР: Заместителя *, Заместителю *, Заместителем *, Заместителе *
преподаватель, председатель цикловой комиссии: преподавателя, председателя *; преподавателю, председателю *; преподавателем, председателем *; преподавателе, председателе *
преподаватель и методист: преподавателя и методиста, преподавателю и методисту, преподавателем и методистом, преподавателе и методисте
мастер производственного обучения по профессии «Повар, кондитер»: мастера *; мастеру *; мастером *; мастере *
инженер-электроник: инженера-электроника, инженеру-электронику, инженером-электроником, инженере-электронике
"""  # noqa: E501


def rows(table: str) -> list[tuple[str, str, list[str]]]:
    found = []
    for line in table.strip().splitlines():
        left, right = line.split(": ", 1)
        sex, word = left.split(" ", 1)
        found.append((sex, word, [word] * 5 if right == "=" else right.split()))
    return found


def post_rows() -> list[tuple[str, list[str]]]:
    """Read the table of posts; «*» is the rest of the title, which never changes."""
    found = []
    for line in POSTS.strip().splitlines():
        title, right = line.split(": ", 1)
        forms = [_filled(form, title) for form in right.split("; " if ";" in right else ", ")]
        gen, dat, ins, prep, *acc = forms
        found.append((title, [gen, dat, (acc or [gen])[0], ins, prep]))
    return found


def _filled(form: str, title: str) -> str:
    before, star, _ = form.partition(" *")
    changed = len(before.split())
    return " ".join([before, *title.split()[changed:]]) if star else form


def surname(sex: str, word: str) -> Name:
    return Name(word, "Анна" if sex == "ж" else "Иван", "", sex)


def surname_forms(sex: str, word: str) -> list[Inflected]:
    return [PLAIN.surname(surname(sex, word), case) for case in OBLIQUE]


@pytest.mark.parametrize(("sex", "word", "forms"), rows(SURNAMES))
def test_a_surname_stands_in_the_right_case(sex: str, word: str, forms: list[str]) -> None:
    assert [form.text for form in surname_forms(sex, word)] == forms


@pytest.mark.parametrize(("sex", "word", "forms"), rows(GIVEN_NAMES))
def test_a_given_name_stands_in_the_right_case_and_is_sure(sex: str, word: str, forms: list[str]) -> None:
    assert [PLAIN.name(Name("", word, "", sex), case) for case in OBLIQUE] == [Inflected(form) for form in forms]


@pytest.mark.parametrize(("sex", "word", "forms"), rows(PATRONYMICS))
def test_a_patronymic_stands_in_the_right_case_and_tells_the_sex(sex: str, word: str, forms: list[str]) -> None:
    assert sex_of(word) == sex
    assert [PLAIN.name(Name("", "", word, ""), case).text for case in OBLIQUE] == forms


@pytest.mark.parametrize(("title", "forms"), post_rows())
def test_a_post_stands_in_the_right_case_and_is_sure(title: str, forms: list[str]) -> None:
    assert [PLAIN.post(title, case) for case in OBLIQUE] == [Inflected(form) for form in forms]


def test_the_sentences_of_an_order_come_out_right() -> None:
    mentor = Name("Бондаренко", "Ольга", "Ивановна", "ж")
    mentee = Name("Осадчий", "Денис", "Олегович", "м")
    said = " ".join(
        (
            PLAIN.post("преподаватель математики", Case.ACC, "ж").text,
            PLAIN.name(mentor, Case.ACC).text,
            PLAIN.post("наставник", Case.INS).text,
            PLAIN.name(mentee, Case.GEN).text,
        )
    )
    assert said == "преподавателя математики Бондаренко Ольгу Ивановну наставником Осадчего Дениса Олеговича"


def test_short_names_put_the_surname_first_and_never_break() -> None:
    name = Name("Иванов", "Мария-Анна", "Петрович", "м")
    assert PLAIN.short(name, Case.DAT).text == f"Иванову{NBSP}М.-А.{NBSP}П."
    assert PLAIN.short(Name("Алиев", "Мамед", "Гасан оглы", "м"), Case.ACC).text == f"Алиева{NBSP}М.{NBSP}Г."
    assert PLAIN.short(Name("Гарсия Маркес", "Хосе", "", "м"), Case.NOM).text == f"Гарсия{NBSP}Маркес{NBSP}Х."


def test_a_signature_puts_the_initials_first_and_never_breaks() -> None:
    assert PLAIN.initials(Name("Иванова", "Мария", "Петровна", "ж")) == f"М.{NBSP}П.{NBSP}Иванова"
    assert PLAIN.initials(Name("Мак-Грегор", "Джон", "нет", "м")) == f"Д.{NBSP}Мак-Грегор"


# How people type -> how it is printed.
TYPED = {
    ("ИВАНОВ", "ПЁТР", "ИЛЬИЧ"): "Иванов Пётр Ильич",
    ("  иванова \u2013 петрова ", "мария\u00a0", "петровна"): "Иванова-Петрова Мария Петровна",
    ("иВАНОВ", "иВАН", "иВАНОВИЧ"): "Иванов Иван Иванович",
    ("Мак-Грегор", "Джон", "нет"): "Мак-Грегор Джон",
    ("О'НИЛ", "патрик", "-"): "О'Нил Патрик",
    ("де Бур", "Ян", "—"): "де Бур Ян",
    ("ДЕ БУР", "ЯН", ""): "де Бур Ян",
    ("АЛИЕВ", "МАМЕД", "ГАСАН ОГЛЫ"): "Алиев Мамед Гасан оглы",
    ("ГУСЕЙН-ЗАДЕ", "АЛИ", "МАМЕД-ОГЛЫ"): "Гусейн-заде Али Мамед-оглы",
    ("ЛУК'ЯНЕНКО", "Андрей\u00ad", "Юрьевич"): "Лук'яненко Андрей Юрьевич",
    ("Иваново\u0438\u0306", "Анна", "Ивановна"): "Ивановой Анна Ивановна",
}


@pytest.mark.parametrize(("typed", "printed"), TYPED.items())
def test_a_name_is_printed_tidily_however_it_was_typed(typed: tuple[str, str, str], printed: str) -> None:
    assert PLAIN.name(Name(*typed, sex="м"), Case.NOM) == Inflected(printed)


def test_capitals_and_small_letters_decline_alike() -> None:
    tidy = PLAIN.name(Name("Иванова-Петрова", "Мария", "Петровна", "ж"), Case.ACC)
    assert PLAIN.name(Name("ИВАНОВА-ПЕТРОВА ", "мария", "ПЕТРОВНА", "ж"), Case.ACC) == tidy
    assert tidy == Inflected("Иванову-Петрову Марию Петровну")


DOUBTFUL = """
м Кобец
м Яковец
м Чернец
м Цапок
м Дидек
м Крутий
м Бабий
м Рудь
м Лев
м Перец
м Ивлень
м Сен-Санс
м Тер-Петросян
м Корнієнко
м Ivanov
м Кваша
м Гаркуша
м Кинаш
м Сукой
м Мюних
м Лин
м Константин
м Рубин
м Журавель
м Дубовец
ж Дуброва
ж Цулая
ж Калина
м Павлин
м Золя
м Гарсия Маркес
"""


@pytest.mark.parametrize("line", DOUBTFUL.strip().splitlines())
def test_a_surname_that_nobody_can_be_sure_of_says_why(line: str) -> None:
    sex, word = line.split(" ", 1)
    assert any(form.doubt for form in surname_forms(sex, word))


def test_ordinary_surnames_carry_no_doubt() -> None:
    doubtful = {"Сен-Санс", "Бонч-Бруевич"}
    sure = [(sex, word) for sex, word, _ in rows(SURNAMES) if word not in doubtful]
    assert [word for sex, word in sure if any(form.doubt for form in surname_forms(sex, word))] == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (Name("Иванов", "Мордок", "Иванович", "м"), "редкое имя"),
        (Name("Иванов", "Павло", "Иванович", "м"), "имя на -о"),
        (Name("Иванов", "Жан-Поль", "Иванович", "м"), "двойное имя"),
        (Name("Иванов", "Иван", "Абдул", "м"), "необычное отчество"),
        (Name("Иванов", "Иван", "Ивановна", "м"), "не согласуется с полом"),
    ],
)
def test_an_unusual_name_says_why_it_is_doubtful(name: Name, reason: str) -> None:
    assert reason in PLAIN.name(name, Case.ACC).doubt


@pytest.mark.parametrize(
    ("title", "sex", "reason"),
    [
        ("и.о. директора", "", "сокращение"),
        ("и. о. директора", "", "сокращение"),
        ("врио директора", "", "сокращение"),
        ("зам. директора", "", "сокращение"),
        ("отдел кадров", "", "не нашлось слово"),
        ("олигофренопедагог", "", "«олигофренопедагог» нет в словаре"),
        ("ПРЕПОДАВАТЕЛЬ ХИМИИ", "", "прописными"),
        ("учительница", "м", "не согласуется с полом"),
    ],
)
def test_an_unusual_post_says_why_it_is_doubtful(title: str, sex: str, reason: str) -> None:
    assert reason in PLAIN.post(title, Case.ACC, sex).doubt


@pytest.mark.parametrize("title", ["и.о. директора", "врио директора", "зам. директора", "отдел кадров", "123"])
def test_a_post_without_a_word_to_decline_stays_as_it_is(title: str) -> None:
    assert {PLAIN.post(title, case).text for case in Case} == {title}


@pytest.mark.parametrize(
    "title",
    [
        "преподаватель, русский язык",
        "преподаватель математики и ОБЖ",
        "преподаватель физики, хореография",
        "преподаватель (повар, кондитер)",
        "преподаватель по профессии повар, кондитер",
    ],
)
def test_subjects_after_a_post_are_not_taken_for_posts(title: str) -> None:
    assert PLAIN.post(title, Case.DAT).text == title.replace("преподаватель", "преподавателю", 1)


def test_the_nominative_is_never_doubtful() -> None:
    assert PLAIN.name(Name("Кобец", "Нгуен", "Абдул", ""), Case.NOM) == Inflected("Кобец Нгуен Абдул")
    assert PLAIN.post("и.о.  директора", Case.NOM) == Inflected("и.о. директора")


def test_an_undecided_sex_stops_only_what_must_be_declined() -> None:
    name = Name("Мороз", "Саша", "нет", "")
    assert PLAIN.name(name, Case.NOM).text == "Мороз Саша"
    assert PLAIN.initials(name) == f"С.{NBSP}Мороз"
    for form in (PLAIN.name, PLAIN.short, PLAIN.surname):
        with pytest.raises(UndecidedSex) as caught:
            form(name, Case.ACC)
        assert caught.value.name.surname == "Мороз"
    with pytest.raises(UndecidedSex):
        PLAIN.all_forms_of_name(name)


def test_the_patronymic_decides_a_sex_that_nobody_chose() -> None:
    assert PLAIN.name(Name("Мороз", "Саша", "Петровна", ""), Case.GEN).text == "Мороз Саши Петровны"
    assert sex_of("") == sex_of("нет") == sex_of("Хосе") == sex_of("Марина") == ""


def test_a_confirmed_form_stands_above_the_configured_one_and_that_above_ours() -> None:
    ours = PLAIN.surname(surname("м", "Швец"), Case.INS).text
    configured = {"Швец": {Case.INS: "Швецем"}}
    confirmed = {"Швец": {Case.INS: "Шевцом"}}
    assert ours == "Швецом"
    assert Grammar({}, configured).surname(surname("м", "Швец"), Case.INS) == Inflected("Швецем")
    assert Grammar(confirmed, configured).surname(surname("м", "Швец"), Case.INS) == Inflected("Шевцом")


def test_a_confirmed_full_name_decides_the_short_one_too() -> None:
    name = Name("Кобец", "Роман", "Иванович", "м")
    grammar = Grammar({"КОБЕЦ  Роман Иванович": {Case.ACC: "Кобца Романа Ивановича"}}, {})
    assert grammar.name(name, Case.ACC) == Inflected("Кобца Романа Ивановича")
    assert grammar.short(name, Case.ACC) == Inflected(f"Кобца{NBSP}Р.{NBSP}И.")
    assert grammar.name(name, Case.DAT).doubt


def test_a_confirmed_full_name_needs_no_sex() -> None:
    grammar = Grammar({"Мороз Саша": {Case.ACC: "Мороз Сашу"}}, {})
    assert grammar.name(Name("Мороз", "Саша"), Case.ACC) == Inflected("Мороз Сашу")


def test_a_confirmed_form_of_another_length_is_doubtful() -> None:
    grammar = Grammar({"Кобец Роман Иванович": {Case.ACC: "Кобца"}}, {})
    assert grammar.name(Name("Кобец", "Роман", "Иванович", "м"), Case.ACC).doubt


def test_a_mans_form_in_the_words_does_not_decline_a_woman() -> None:
    grammar = Grammar({"Кобец": {Case.ACC: "Кобца"}}, {})
    assert grammar.surname(surname("ж", "Кобец"), Case.ACC) == Inflected("Кобец")


def test_an_empty_cell_of_a_confirmed_word_leaves_that_case_to_the_next_authority() -> None:
    grammar = Grammar({"Ткач": {Case.GEN: "Ткача", Case.INS: " "}}, {"ткач": {Case.INS: "Ткачём"}})
    assert grammar.surname(surname("м", "Ткач"), Case.INS).text == "Ткачём"


def test_one_known_word_settles_every_post_that_has_it() -> None:
    words = {"тифлокомментатор": {Case.GEN: "тифлокомментатора", Case.ACC: "тифлокомментатора"}}
    grammar = Grammar({}, words)
    assert grammar.post("старший тифлокомментатор колледжа", Case.ACC).text == "старшего тифлокомментатора колледжа"
    assert grammar.post("Тифлокомментатор", Case.ACC) == Inflected("Тифлокомментатора")


def test_a_confirmed_post_is_printed_as_confirmed_with_the_first_letter_of_the_title() -> None:
    grammar = Grammar({"И.о. директора": {Case.ACC: "И.о. директора"}}, {})
    assert grammar.post("и.о. директора", Case.ACC) == Inflected("и.о. директора")


def test_all_forms_for_the_sheet_hold_every_case() -> None:
    forms = PLAIN.all_forms_of_name(Name("Кобец", "Роман", "Иванович", "м"))
    assert list(forms) == list(Case)
    assert forms[Case.NOM] == Inflected("Кобец Роман Иванович")
    assert PLAIN.all_forms_of_post("методист")[Case.DAT] == Inflected("методисту")


def test_forms_from_the_sheet_given_back_as_confirmed_are_sure_and_the_same() -> None:
    name = Name("Кобец", "Роман", "Иванович", "м")
    forms = {case: form.text for case, form in PLAIN.all_forms_of_name(name).items()}
    again = Grammar({"Кобец Роман Иванович": forms}, {}).all_forms_of_name(name)
    assert again == {case: Inflected(text) for case, text in forms.items()}


def test_yo_is_written_only_by_those_who_write_it() -> None:
    assert PLAIN.name(Name("Соловьёв", "Пётр", "Семёнович", "м"), Case.INS).text == "Соловьёвым Петром Семёновичем"
    assert PLAIN.name(Name("Соловьев", "Семен", "Федорович", "м"), Case.INS).text == "Соловьевым Семеном Федоровичем"


MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"


@pytest.mark.parametrize(("number", "month"), [*enumerate(MONTHS.split(), 1)])
def test_a_month_of_a_date_stands_in_the_genitive(number: int, month: str) -> None:
    assert day(date(2027, number, 1)).replace(NBSP, " ") == f"1 {month} 2027 г."


def test_dates_have_words_or_digits() -> None:
    assert day(date(2026, 11, 5)) == f"5{NBSP}ноября{NBSP}2026{NBSP}г."
    assert day(date(2027, 5, 31)) == f"31{NBSP}мая{NBSP}2027{NBSP}г."
    assert day_digits(date(2026, 11, 5)) == "05.11.2026"


@pytest.mark.parametrize("number", ["57-од", " 57-од ", "№ 57-од", "№57-од"])
def test_a_number_sign_never_parts_from_its_number(number: str) -> None:
    assert number_sign(number) == f"№{NBSP}57-од"


@pytest.mark.parametrize(
    ("count", "word"),
    [
        (0, "пар"),
        (1, "пара"),
        (2, "пары"),
        (4, "пары"),
        (5, "пар"),
        (11, "пар"),
        (12, "пар"),
        (14, "пар"),
        (21, "пара"),
        (25, "пар"),
        (101, "пара"),
        (102, "пары"),
        (111, "пар"),
        (114, "пар"),
        (1001, "пара"),
    ],
)
def test_a_count_agrees_with_its_noun(count: int, word: str) -> None:
    assert plural(count, "пара", "пары", "пар") == f"{count}{NBSP}{word}"


@pytest.mark.parametrize(
    "kept",
    [
        "№_57~од",
        "№_12/3~лс~к, а 57-од",
        "М._П._Иванова",
        "Иванову_М._П.",
        "5_ноября_2026_г.",
        "до 15_мая_2027_года",
        "ст._351.8",
        "п._3",
        "30_000_руб.",
        "в течение 3_месяцев",
        "г._Амвросиевка",
        "10_%",
        "наставник_– преподаватель",
        "2 методиста и А._Б._Петров",
    ],
)
def test_what_belongs_together_stays_on_one_line(kept: str) -> None:
    typed = kept.replace("_", " ").replace("~", "-")
    assert keep_together(typed) == kept.replace("_", NBSP).replace("~", HYPHEN)


@given(st.text(alphabet="абвАБВ №.,%0123456789гмп–-()" + NBSP, max_size=60))
def test_keeping_together_changes_spaces_and_hyphens_only_and_once(text: str) -> None:
    kept = keep_together(text)
    assert kept.replace(NBSP, "").replace(" ", "").replace(HYPHEN, "-") == text.replace(NBSP, "").replace(" ", "")
    assert keep_together(kept) == kept


ANY = st.text(max_size=30)
RUSSIAN = st.text(alphabet="абвгдеёжийклмнорстуцчшщьыэюяАБВЕЁИЙКЛМНОЯ-' .ʼ", max_size=20)
PART = st.one_of(ANY, RUSSIAN)


@settings(max_examples=300, deadline=None)
@given(PART, PART, PART, st.sampled_from("мж"), st.sampled_from(list(Case)))
def test_no_name_breaks_the_grammar(surname: str, given_name: str, patronymic: str, sex: str, case: Case) -> None:
    name = Name(surname, given_name, patronymic, sex)
    assert isinstance(PLAIN.name(name, case), Inflected)
    assert isinstance(PLAIN.short(name, case), Inflected)
    assert " " not in PLAIN.initials(name) + PLAIN.short(name, case).text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('курс "Работа в "Moodle""', "курс «Работа в «Moodle»»"),
        ("(“живые” методы)", "(«живые» методы)"),
        ("методы - без страха — и всё", "методы – без страха – и всё"),
        ("вт., 14:30-15:30", "вт., 14:30–15:30"),
        ("две\tполосы   и\nстрока", "две полосы и\nстрока"),
        ('труба 5" и № 12-13', 'труба 5" и № 12-13'),
        ("педагог-психолог, 57-од, <10 % & 5", "педагог-психолог, 57-од, <10 % & 5"),
    ],
)
def test_typed_marks_become_marks_of_print(typed: str, printed: str) -> None:
    assert typeset(typed) == printed
    assert typeset(printed) == printed


def test_a_sign_without_a_name_in_unicode_breaks_nothing() -> None:
    assert PLAIN.post("\U00017000", Case.GEN).text


@settings(max_examples=300, deadline=None)
@given(PART, st.sampled_from(list(Case)), st.sampled_from(["", "м", "ж"]))
def test_no_post_breaks_the_grammar(title: str, case: Case, sex: str) -> None:
    assert isinstance(PLAIN.post(title, case, sex), Inflected)


@given(RUSSIAN, RUSSIAN, RUSSIAN)
def test_tidying_a_name_twice_is_tidying_it_once(surname: str, given_name: str, patronymic: str) -> None:
    once = PLAIN.surname(Name(surname, given_name, patronymic), Case.NOM).text
    assert PLAIN.surname(Name(once, given_name, patronymic), Case.NOM).text == once


@given(PART)
def test_the_nominative_of_a_post_is_its_tidy_source(title: str) -> None:
    once = PLAIN.post(title, Case.NOM)
    assert once.doubt == ""
    assert PLAIN.post(once.text, Case.NOM) == once


@given(st.sampled_from([word for _, word, _ in rows(SURNAMES)]), st.sampled_from("мж"), st.sampled_from(OBLIQUE))
def test_a_name_keeps_its_words_and_its_yo(word: str, sex: str, case: Case) -> None:
    name = Name(word, "Артём", "", sex)
    form = PLAIN.name(name, case).text
    assert len(form.split()) == len(word.split()) + 1
    assert "Артём" in form
    assert ("ё" in form.replace("Артём", "")) <= ("ё" in word)


@given(st.sampled_from([title for title, _ in post_rows()]), st.sampled_from(OBLIQUE))
def test_a_post_keeps_its_words_and_its_first_letter(title: str, case: Case) -> None:
    form = PLAIN.post(title, case).text
    assert len(form.split()) == len(title.split())
    assert form[0] == title[0]
