"""The sheets of the four consents: every item that the law wants, the square code, the golden text."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import pytest
import zxingcpp
from PIL import Image

from pipeline import tokens
from pipeline.documents import drafts
from pipeline.documents.context import Book
from pipeline.model import Row
from pipeline.office import word
from tests.documents import sample

CATALOG = sample.load()
GOLDEN = Path(__file__).parent / "data" / "sheets"
ROWS = sample.register(CATALOG)
BOOK = Book(CATALOG, ROWS)
MADE = {
    (one.document.name, one.row.code): drafts.make(BOOK, one, sample.TODAY)
    for one in drafts.due(BOOK)
    if one.row.sheet == "consents"
}
NAMES = sorted({name for name, _ in MADE})
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def text(name: str, code: str = "") -> str:
    made = next(made for (of, row), made in MADE.items() if of == name and code in {"", row})
    return word.text_of(made.data).replace("\u00a0", " ").replace("\u2011", "-")


def test_every_kind_has_a_sheet_of_its_own():
    kinds = [CATALOG.documents[name].when["kind"] for name in NAMES]
    assert sorted(kind for (kind,) in kinds) == sorted(CATALOG.layout.lists["consent_kinds"])


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("1 the person", ["Я, Бондаренко Ольга Ивановна,", "адрес:", "паспорт, номер", "дата выдачи и кем выдан:"]),
        ("2 a representative", ["Представитель", "реквизиты доверенности"]),
        ("3 the operator", ["Оператор:", CATALOG.organisation.short_name, CATALOG.organisation.address]),
        ("4 the purpose", ["Цель обработки:", "подбор наставнических пар"]),
        ("5 the data", ["Перечень данных:", "дата рождения", "ответы анкет"]),
        ("6 who processes by order", ["Обработка по поручению оператора:"]),
        ("7 actions and ways", ["Действия и способы обработки:", "уничтожение", "средств автоматизации и без них"]),
        ("8 term and withdrawal", ["Срок и отзыв:", "по 31 августа 2028 г.", "отозвать", "30 дней"]),
        ("9 the signature", ["дата\tподпись\tрасшифровка", "О. И. Бондаренко"]),
    ],
)
def test_the_consent_to_processing_has_the_nine_items_of_article_9_part_4(item, words):
    said = text("consent_data", "С-0101")
    assert all(one in said for one in words), item


@pytest.mark.parametrize("vague", ["и иные", "и другие", "и прочие", "до достижения цел", "иных данных"])
def test_no_sheet_is_vague(vague):
    assert not [name for name in NAMES if vague in text(name)]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("1 the person", ["Я, Бондаренко Ольга Ивановна,"]),
        ("2 contact", ["контактная информация (телефон, адрес электронной почты или почтовый адрес)"]),
        ("3 the operator", ["Оператор:", CATALOG.organisation.full_name, CATALOG.organisation.address]),
        ("4 resources", ["Информационный ресурс", "протокол, сервер, домен, каталог и имя файла", "https://www."]),
        ("5 purposes", ["Цель:", "официального сайта"]),
        (
            "6 categories and list",
            ["Общие персональные данные", "Специальные категории и биометрические", "Фотография"],
        ),
        ("7 bans and conditions", ["Запрет или условие", "Разрешаю: да / нет"]),
        ("8 transfer by network", ["внутренней сети", "информационно-телекоммуникационных сетей", "без передачи"]),
        ("9 the term", ["Срок:", "по 31 августа 2028 г.", "трёх рабочих дней"]),
    ],
)
def test_the_consent_to_dissemination_has_every_item_of_order_18(item, words):
    said = text("consent_dissemination", "С-0104")
    assert all(one in said for one in words), item


def test_the_consent_to_dissemination_quotes_contact_site_numbers_and_bans_that_are_known():
    organisation = CATALOG.organisation.model_copy(update={"inn": "9300000000", "ogrn": "1229300000000"})
    catalog = type(CATALOG)(**{**vars(CATALOG), "organisation": organisation})
    rows = {key: dict(found) for key, found in ROWS.items()}
    person = rows["people"]["Л-0001"]
    rows["people"]["Л-0001"] = Row("people", person.code, {**person.cells, "phone": "+7 949 000-00-00"})
    consent = rows["consents"]["С-0104"]
    rows["consents"]["С-0104"] = Row("consents", consent.code, {**consent.cells, "bans": "без фотографии"})
    book = Book(catalog, rows)
    one = next(due for due in drafts.due(book) if due.row.code == "С-0104")
    said = word.text_of(drafts.make(book, one, sample.TODAY).data).replace("\u00a0", " ").replace("\u2011", "-")
    for words in (
        "контактная информация: +7 949 000-00-00,",
        "ИНН 9300000000",
        "ОГРН 1229300000000",
        ": без фотографии.",
    ):
        assert words in said


def test_without_a_site_the_sheet_of_dissemination_asks_for_it():
    rows = {key: dict(found) for key, found in ROWS.items()}
    consent = rows["consents"]["С-0104"]
    rows["consents"]["С-0104"] = Row("consents", consent.code, {**consent.cells, "resource": ""})
    book = Book(CATALOG, rows)
    one = next(due for due in drafts.due(book) if due.row.code == "С-0104")
    [question] = drafts.make(book, one, sample.TODAY).questions
    assert question.key == "setting:config/organisation.yaml:site"


@pytest.mark.parametrize(
    "words",
    [
        *("Содержание работы:", "Срок выполнения работы:", "Форма выполнения работы:", "Размер и условия оплаты"),
        *("351.8", "пунктом 6.2", "три рабочих дня", "письменное согласие"),
    ],
)
def test_the_consent_of_a_mentor_has_content_term_form_and_pay(words):
    assert words in text("consent_mentor")


def test_the_consent_to_a_pair_names_the_duties_of_clause_6_3():
    said = text("consent_pair")
    assert "подпунктом 5 пункта 6.3" in said
    assert "дополнительных обязанностей" in said


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_is_one_kind_of_one_person_with_nothing_of_another(name):
    said = text(name)
    others = {one["surname"] for one in ROWS["people"].values()} - {"Бондаренко"}
    assert not [surname for surname in others if surname in said]
    assert said.count("СОГЛАСИЕ") == 1
    assert "анкет" not in said or name == "consent_data"


@pytest.mark.parametrize("key", list(MADE), ids=str)
def test_a_sheet_bears_its_code_as_a_square_of_25_mm_and_in_letters(key):
    made = MADE[key]
    shown = ROWS["consents"][key[1]]["token"]
    with ZipFile(io.BytesIO(made.data)) as archive:
        [media] = {name for name in archive.namelist() if name.startswith("word/media/")}
        picture = Image.open(io.BytesIO(archive.read(media)))
        body = archive.read("word/document.xml").decode()
    [found] = zxingcpp.read_barcodes(picture)
    assert tokens.shown(tokens.of_content(found.text)) == shown
    assert shown in word.text_of(made.data).replace("\u2011", "-").splitlines()
    assert f'descr="Квадратный код листа {shown}"' in body
    modules = picture.width / 12
    assert f'cx="{round(25 * modules / (modules - 4) * 36000)}"' in body


@pytest.mark.parametrize("name", NAMES)
def test_the_text_of_a_sheet_is_the_golden_one(name):
    golden = GOLDEN / f"{name}.txt"
    assert text(name) + "\n" == golden.read_text("utf-8"), "если так и задумано: скопируйте новый текст в " + str(
        golden.name
    )
