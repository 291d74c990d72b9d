from datetime import datetime
from html.parser import HTMLParser

from pipeline.journal import Arrival
from pipeline.reports import pages

NOW = datetime(2026, 11, 22, 17, 50)


class Reader(HTMLParser):
    """Reads a page as a browser does: words, and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def read(page: bytes) -> str:
    reader = Reader()
    reader.feed(page.decode())
    assert reader.open == []
    return " ".join(reader.words)


def arrival(name: str, fate: str, told: str) -> Arrival:
    return Arrival("1", "sha", name, NOW, fate, told)


def test_a_sender_finds_the_file_the_time_and_the_answer():
    said = read(pages.fate([arrival("Анкета.xlsx", "returned", "Ошибок: 2.")]))
    assert "Анкета.xlsx" in said
    assert "22.11.2026 17:50" in said
    assert "Нужно исправить." in said
    assert "Ошибок: 2." in said


def test_a_file_name_is_text_and_never_markup():
    page = pages.fate(
        [arrival('<img src=x onerror="alert(1)">.xlsx', "refused", "Не наш бланк.")], [("<b>.xlsx", "ждёт")]
    )
    assert b"<img" not in page
    assert b"<b>.xlsx" not in page
    assert '<img src=x onerror="alert(1)">.xlsx' in read(page)


def test_every_fate_the_journal_knows_has_its_word():
    for fate in ("", "recorded", "unchanged", "superseded", "repeated", "returned", "still", "refused", "quarantined"):
        assert read(pages.fate([arrival("a.xlsx", fate, "")]))


def test_saving_a_form_again_and_again_without_mending_it_is_told_once():
    said = read(pages.fate([arrival("Анкета.xlsx", "still", "Ответы прежние.")] * 3))
    assert said.count("Ответы прежние.") == 1


def test_nobody_having_dropped_anything_is_said_too():
    assert "бланки" in read(pages.fate([]))


def test_the_state_page_says_the_same_for_the_same_facts():
    facts = pages.State(register=["Записана редакция 3."], questions=["В-0001: что верно?"], turns=["Куратор: П-0001"])
    assert pages.state(facts) == pages.state(facts)
    said = read(pages.state(facts))
    assert "В-0001: что верно?" in said
    assert "Куратор: П-0001" in said


def test_pages_are_for_phones_and_screen_readers():
    page = pages.fate([]).decode()
    assert '<html lang="ru">' in page
    assert 'name="viewport"' in page
    assert page.count("<h1>") == 1
