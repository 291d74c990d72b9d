"""Every shipped template, found by itself: fit for the register, right in Russian, pages a secretary would print."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import docx
import ooxml_integrity
import pytest
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator

from pipeline.documents import check, drafts
from pipeline.documents.context import Book
from pipeline.model import Rows
from pipeline.office import word
from tests.documents import sample

CATALOG = sample.load()
NAMES = sorted(CATALOG.documents)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_PAGES = dict.fromkeys(NAMES, 2) | {"order_pairs": 4, "roadmap": 4, "programme": 8}
MOST_PAGES |= dict.fromkeys((name for name in NAMES if name.startswith("consent")), 1)
LARGEST = 16 * 1024
AUDIT = OpenXmlValidator(file_format=FileFormat.OFFICE_2019)
GROUP = {"Тер-Григорян", "Дзюба", "Седых", "Гулиев"}


def papers(rows: Rows) -> dict[str, drafts.Made]:
    book = Book(CATALOG, rows)
    return {one.subject: drafts.make(book, one, sample.TODAY) for one in drafts.due(book) if not one.frozen}


def to_sign(**more: dict[str, str]) -> Rows:
    sent = {f"ПК_{n:04}": {"state": "На подпись"} for n in range(1, 3 + len(sample.STARTED))}
    return sample.register(CATALOG, **{**sent, **more})


DRAFTS = papers(sample.register(CATALOG))
CLEAN = papers(to_sign())
SIGNED = papers(sample.signed(CATALOG))
EVERY = {
    f"{stage} {subject}": made
    for stage, all_made in (("draft", DRAFTS), ("clean", CLEAN), ("signed", SIGNED))
    for subject, made in all_made.items()
}


def text(made: drafts.Made) -> str:
    return word.text_of(made.data).replace("\u00a0", " ")


def part(data: bytes, name: str) -> etree._Element:
    with ZipFile(BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


each = pytest.mark.parametrize("made", [pytest.param(made, id=key) for key, made in EVERY.items()])


def test_the_shipped_documents_are_fit_for_the_register() -> None:
    assert not check.mistakes(CATALOG)


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_template_is_rendered_by_the_sample(name: str) -> None:
    assert any(subject.startswith(f"{name}:") for subject in DRAFTS)
    assert name in MOST_PAGES


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_template_is_slim_and_has_its_tags_whole(name: str) -> None:
    data = CATALOG.templates[name].read_bytes()
    assert len(data) < LARGEST
    runs = [node.text or "" for node in part(data, "word/document.xml").iter(f"{W}t")]
    assert all(run.count("{{") == run.count("}}") and run.count("{%") == run.count("%}") for run in runs)


@each
def test_a_paper_lacks_nothing_and_is_in_doubt_about_nothing(made: drafts.Made) -> None:
    assert made.data
    assert (made.questions, made.mistakes, made.doubts) == ((), (), ())


@each
def test_a_paper_has_no_tag_no_stranger_and_no_hole(made: drafts.Made) -> None:
    said = text(made)
    assert not re.search(r"\{\{|\}\}|\{%|%\}|None|Blank|МТТК", said)
    assert not re.search(r" ,|\(\)|«»|\.\.|от  |№ $", said, re.MULTILINE)
    assert CATALOG.organisation.short_name in said


@each
def test_a_paper_names_only_the_people_of_its_row(made: drafts.Made) -> None:
    own = {
        "П-0001": {"Бондаренко", "Мороз"},
        "П-0002": {"Осадчий", "Швец"},
        **dict.fromkeys(("П-0003", "П-0004", "П-0005", "ПР-0003"), GROUP),
        "ПР-0001": {"Бондаренко", "Мороз"},
        "ПР-0002": {"Осадчий", "Швец"},
        "П-0006": {"Бондаренко", "Швец"},
        **{code: {"Осадчий", "Дзюба", "Седых"} for code in ("П-0007", "П-0008")},
        **{code: {"Бондаренко", "Швец"} for code in ("ПР-0010", "О-0001", "О-0004", "О-0010")},
        "О-0002": {"Бондаренко", "Швец", "Тер-Григорян"},
        "О-0003": {"Осадчий", "Дзюба", "Седых"},
        "ПК-0002": set[str](),
    }
    everybody = {person[0] for person in (*sample.MENTORS, *sample.MENTEES)}
    named = {surname for surname in everybody if surname in text(made)}
    assert named <= own.get(made.due.row.code, everybody)
    if made.due.document.name in {"programme", "memo_mentor", "order_pairs"}:
        assert named == own.get(made.due.row.code, everybody)


@each
def test_a_paper_is_russian_titled_and_fetches_nothing(made: drafts.Made) -> None:
    language = part(made.data, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert language is not None
    assert language.get(f"{W}val") == "ru-RU"
    assert docx.Document(BytesIO(made.data)).core_properties.title == made.due.document.title
    with ZipFile(BytesIO(made.data)) as archive:
        assert not [name for name in archive.namelist() if b'TargetMode="External"' in archive.read(name)]


@pytest.mark.parametrize("name", NAMES)
def test_two_independent_validators_find_nothing_wrong_with_a_paper(tmp_path: Path, name: str) -> None:
    stages = {made.due.edition: made for made in EVERY.values() if made.due.document.name == name and made.data}
    for made in stages.values():
        path = tmp_path / "paper.docx"
        path.write_bytes(made.data)
        assert [str(error) for error in AUDIT.validate(str(path)).errors] == []
        assert [str(finding) for finding in ooxml_integrity.check(str(path))] == []
        assert made.record is not None
        assert word.faults(made.data, made.record.values) == []


def test_the_validators_see_a_broken_paper(tmp_path: Path) -> None:
    path, made = tmp_path / "paper.docx", next(iter(EVERY.values()))
    with ZipFile(BytesIO(made.data)) as whole, ZipFile(path, "w") as broken:
        for one in whole.namelist():
            content = whole.read(one)
            is_document = one == "word/document.xml"
            broken.writestr(one, content.replace(b"<w:body>", b"<w:body><w:tr/>") if is_document else content)
    assert AUDIT.validate(str(path)).errors


@each
def test_every_table_repeats_its_header_and_breaks_no_row(made: drafts.Made) -> None:
    for table in part(made.data, "word/document.xml").iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        widths = {tuple(cell.get(f"{W}w") for cell in row.iter(f"{W}tcW")) for row in rows}
        assert widths == {tuple(column.get(f"{W}w") for column in table.iter(f"{W}gridCol"))}


@each
def test_every_paragraph_has_a_style_of_the_document(made: drafts.Made) -> None:
    styles = {style.get(f"{W}styleId") for style in part(made.data, "word/styles.xml").iter(f"{W}style")}
    used = {style.get(f"{W}val") for style in part(made.data, "word/document.xml").iter(f"{W}pStyle")}
    assert used <= styles


@each
def test_no_paragraph_is_empty_to_make_room_and_a_signature_keeps_with_what_it_signs(made: drafts.Made) -> None:
    styles = {one.get(f"{W}styleId"): one for one in part(made.data, "word/styles.xml").iter(f"{W}style")}
    for before, after in pairwise(part(made.data, "word/document.xml")[0]):
        if before.tag != f"{W}p":
            continue
        holds = ("w:tab", "w:br", "w:drawing", "w:sectPr")
        assert word_of(before) or any(before.find(f".//{W}{name[2:]}") is not None for name in holds)
        style = after.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val") == "Signature":
            own = before.find(f"{W}pPr/{W}pStyle")
            keeping = [before, *([styles[own.get(f"{W}val")]] if own is not None else [])]
            assert any(one.find(f"{W}pPr/{W}keepNext") is not None for one in keeping)


@each
def test_the_margins_are_not_less_than_the_standard_says(made: drafts.Made) -> None:
    if made.due.document.sheet == "consents":
        return  # a person's own paper, not the organisation's
    least = {"left": 1134, "right": 567, "top": 1134, "bottom": 1134}
    for margins in part(made.data, "word/document.xml").iter(f"{W}pgMar"):
        assert all(int(margins.get(f"{W}{side}") or 0) >= twips for side, twips in least.items())


# --- the words -------------------------------------------------------------------------------------------------------


def test_the_order_of_pairs_says_what_an_order_must() -> None:
    said = text(CLEAN["order_pairs:ПК-0001"])
    for sentence in (
        "О закреплении наставнических пар и групп на 2026/2027 учебный год",
        "ПРИКАЗЫВАЮ:",
        "Закрепить наставнические пары и группы согласно приложению 1.",
        "Куратору реализации программ наставничества заместителю директора по учебной работе Ковальчук Н. С. ",
        "Контроль за исполнением настоящего приказа оставляю за собой.",
        "Директор\tТ. А. Лихачева",
        "С приказом ознакомлены:",
        "____________\tг. Амвросиевка\t№ ________",
    ):
        assert sentence in said
    assert "ПРОЕКТ" not in said


def test_the_annex_lists_pairs_and_groups_in_the_nominative_with_their_terms_and_consents() -> None:
    annex = text(CLEAN["order_pairs:ПК-0001"]).split("Приложение 1\n", 1)[1]
    for words in (
        "Тер-Григорян Сусанна Ашотовна,\nпреподаватель-организатор основ безопасности и защиты Родины, категория – "
        "педагог-наставник",
        "1) Дзюба Илья Петрович,\nпедагог-психолог, педагогический стаж – 1 год",
        "3) Гулиев Рашид Гасан оглы,\nпреподаватель иностранного языка, педагогический стаж – 1,5 года",
        "Мороз Анна Львовна,\nпреподаватель информатики, педагогический стаж – менее года",
        "преподаватель колледжа – молодой преподаватель;\nнаставничество в группе, ситуационное",
        "с 30.11.2026\nпо 30.06.2027",
        "Швец Р. И.: 10.11.2026",
    ):
        assert words in annex


def test_an_order_of_pairs_alone_speaks_of_no_group() -> None:
    rows = to_sign(**{f"П_000{n}": {"order": ""} for n in (3, 4, 5)})
    said = text(papers(rows)["order_pairs:ПК-0001"])
    assert "О закреплении наставнических пар на 2026/2027 учебный год" in said
    assert "групп" not in said


def test_an_order_of_one_pair_speaks_of_one_and_ends_its_basis_with_one_stop() -> None:
    rows = to_sign(**{f"П_000{n}": {"order": ""} for n in (2, 3, 4, 5)}, НК_0001={"category": "соответствие должности"})
    order = rows["orders"]["ПК-0001"]
    rows = {**rows, "orders": {"ПК-0001": type(order)("orders", "ПК-0001", {**order.cells, "basis": "записка."})}}
    said = text(papers(rows)["order_pairs:ПК-0001"])
    for sentence in (
        "О закреплении наставнической пары на 2026/2027 учебный год",
        "Закрепить наставническую пару согласно приложению 1.",
        "Назначить наставником на указанный в приложении 1 срок педагогического работника, названного в его графе",
        "Утвердить персонализированную программу наставничества (далее – программа) закреплённой пары.",
        "Основание: письменные согласия участников (приложение 1); записка.\n",
        "преподаватель математики, соответствие занимаемой должности\n",
    ):
        assert sentence in said


@pytest.mark.parametrize("name", NAMES)
def test_no_section_of_a_shipped_template_ends_in_a_paragraph_that_an_office_program_may_merge(name: str) -> None:
    """LibreOffice hangs the end of a section on the paragraph before; one with {%p %} would vanish with it."""
    story = part(CATALOG.templates[name].read_bytes(), "word/document.xml")[0]
    for before, paragraph in pairwise(story):
        if paragraph.find(f"{W}pPr/{W}sectPr") is not None:
            said = word_of(paragraph)
            assert (said and "{%p" not in said) or before.tag == f"{W}tbl"


def word_of(element: etree._Element) -> str:
    """Return the words in a part of a document without the spaces between them and the soft hyphens in them."""
    return "".join("".join(node.text or "" for node in element.iter(f"{W}t")).replace("\u00ad", "").split())


@pytest.mark.prove
@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not on this machine")
def test_a_template_saved_by_an_office_program_makes_the_same_paper(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    for name in NAMES:
        shutil.copy(CATALOG.templates[name], tmp_path / f"{name}.docx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    sources = [str(tmp_path / f"{name}.docx") for name in NAMES]
    command = ["soffice", profile, "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(saved)]
    subprocess.run([*command, *sources], check=True, capture_output=True, timeout=300)
    catalog = type(CATALOG)(**{**vars(CATALOG), "templates": {name: saved / f"{name}.docx" for name in NAMES}})
    assert not check.mistakes(catalog)
    book = Book(catalog, sample.register(catalog))
    for one in (one for one in drafts.due(book) if one.subject in DRAFTS):
        made, ours = drafts.make(book, one, sample.TODAY), DRAFTS[one.subject]
        assert body(made.data) == body(ours.data)
        assert sections(made.data) == sections(ours.data)


def body(data: bytes) -> str:
    """Return the words of a paper, its headers aside, without spaces."""
    return word_of(part(data, "word/document.xml"))


def sections(data: bytes) -> list[str | None]:
    """Return how each section of a paper lies: «landscape» or ``None``."""
    found = part(data, "word/document.xml").iter(f"{W}pgSz")
    return [size.get(f"{W}orient") if size.get(f"{W}orient") == "landscape" else None for size in found]


def test_a_draft_order_bears_its_mark_and_an_acting_director_signs_as_such() -> None:
    assert text(DRAFTS["order_pairs:ПК-0001"]).startswith("ПРОЕКТ\n") or "\nПРОЕКТ\n" in text(
        DRAFTS["order_pairs:ПК-0001"]
    )
    acting = to_sign(ПК_0001={"state": "На подпись", "signer": "и.о. директора Седых"})
    assert "И.о. директора\tЛ. И. Седых" in text(papers(acting)["order_pairs:ПК-0001"])


def test_the_roadmap_has_five_columns_as_approved_and_a_sixth_by_policy() -> None:
    five = text(DRAFTS["roadmap:ПК-0002"])
    assert "в ГБПОУ «АИК»\nна 2026 – 2027 учебный год" in five
    assert "Сентябрь–октябрь 2026 г." in five
    assert "Ответственный" not in five
    policy = CATALOG.policy.model_copy(update={"roadmap_responsible": True})
    book = Book(type(CATALOG)(**{**vars(CATALOG), "policy": policy}), sample.register(CATALOG))
    one = next(due for due in drafts.due(book) if due.document.name == "roadmap")
    six = text(drafts.make(book, one, sample.TODAY))
    assert "Ответственный" in six
    assert "Куратор, системный администратор" in six


def test_the_roadmap_is_approved_by_the_order_once_it_is_signed() -> None:
    assert "УТВЕРЖДЕНА\nприказом ГБПОУ «АИК»\nот ____________ № ________" in text(CLEAN["roadmap:ПК-0002"])
    assert "УТВЕРЖДЕНА\nприказом ГБПОУ «АИК»\nот 27.11.2026 № 58-од" in text(SIGNED["roadmap:ПК-0002"])


def test_a_programme_has_all_that_the_ministry_asks_of_it() -> None:
    said = text(CLEAN["programme:ПР-0003"])
    for heading in (
        *("Описание проблемы", "Цель", "Задачи", "Содержание деятельности наставника и наставляемого"),
        *("Сроки реализации", "Промежуточные результаты", "Планируемые результаты", "Расписание встреч и режим работы"),
        *("Условия обучения", "Участники, формы и виды наставничества", "План мероприятий", "СОГЛАСОВАНО"),
        "от ____________ № ________",
        "с 30 ноября 2026 г. по 30 июня 2027 г.",
        "Наставляемый П. Ф. Седых",
    ):
        assert heading in said


def test_the_plan_runs_by_dates() -> None:
    days = re.findall(r"^\d\d\.\d\d\.\d{4}$", text(CLEAN["programme:ПР-0001"]), re.MULTILINE)
    assert len(days) == 12
    assert days == sorted(days, key=lambda day: day.split(".")[::-1])


def test_a_memo_shows_the_nearest_dates_rights_and_duties() -> None:
    mentor, mentee = text(SIGNED["memo_mentor:П-0003"]), text(SIGNED["memo_mentee:П-0004"])
    assert "Ваши права (пункт 7.1 Положения)" in mentor
    assert "Ваши обязанности (пункт 8.2 Положения)" in mentee
    assert len(re.findall(r"^\d\d\.\d\d\.\d{4}$", mentor, re.MULTILINE)) == 4
    assert "от 27.11.2026 № 57-од" in mentor
    assert "Гулиев" not in mentee


# --- mistakes in templates -------------------------------------------------------------------------------------------


def broken(tmp_path: Path, name: str, old: str, new: str) -> list[str]:
    """Return what the check says when a word of a template is changed."""
    whole = ZipFile(CATALOG.templates[name])
    path = tmp_path / "template.docx"
    with ZipFile(path, "w") as target:
        for one in whole.namelist():
            content = whole.read(one)
            if one == "word/document.xml":
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            target.writestr(one, content)
    catalog = type(CATALOG)(**{**vars(CATALOG), "templates": {**CATALOG.templates, name: path}})
    return list(check.mistakes(catalog))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("team.mentor.category", "team.mentor.categry", "имя «row.teams[].mentor.categry» неизвестно"),
        ("org.place", "org.plase", "имя «org.plase» неизвестно. Возможно, имелось в виду «org.place»"),
        ("{{ year }}", "{{ yaer }}", "имя «yaer» неизвестно"),
        ("|digits", "|digts", "фильтр «digts» неизвестен. Возможно, имелось в виду «digits»"),
        ("{%tr endfor %}", "{%tr endfr %}", "метки шаблона не читаются"),
        ("{{ org.place }}", "{{ org.place }", "метка не закрыта в своём абзаце"),
        ("{{ org.place }}", "{{ org.inn }}", "шаблон печатает «inn», а в config/organisation.yaml оно пустое"),
        ("{{ org.place }}", "{{ org.place|fio }}", "фильтр |fio не подходит к тому, к чему применён"),
        (
            "{{ org.place }}",
            "{{ curator }}",
            "«curator» печатается без фильтра. Как надо: человека печатают с фильтром",
        ),
        ("{{ org.place }}", "{{ row.day }}", "Как надо: дату печатают с фильтром: {{ …|day }}"),
        ("{{ org.place }}", "{{ row.text }}", "Как надо: длинный текст печатают по абзацам: {%p for line in …|lines"),
        ("{{ org.place }}", "{% if draft %}{{ org }}{% endif %}", "Как надо: это раздел настроек"),
        ('short("dat")', 'short("дат")', 'метка не читается: |short("дат")'),
        ("{{ org.place }}", "{{ row.pairs }}", "это список строк – повторите их"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_name_and_the_nearest_known(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    sentences = broken(tmp_path, "order_pairs", old, new)
    assert any(said in sentence for sentence in sentences), sentences
    assert all(sentence.startswith("templates/documents/order_pairs/template.docx: ") for sentence in sentences)


def test_a_loop_across_the_rows_of_a_table_is_told_with_how_to_write_it(tmp_path: Path) -> None:
    whole = docx.Document(str(CATALOG.templates["order_pairs"]))
    table = whole.add_table(rows=2, cols=1)
    table.cell(0, 0).text, table.cell(1, 0).text = "{% for pair in row.pairs %}{{ pair.code }}", "{% endfor %}"
    path = tmp_path / "template.docx"
    whole.save(str(path))
    [said] = check.mistakes(replace(CATALOG, templates={**CATALOG.templates, "order_pairs": path}))
    assert "метка {% endfor %} начинается в одной строке таблицы, а кончается в другой" in said
    assert "{%tr for … %} и {%tr endfor %}" in said
    assert "Место: «{% endfor %}»" in said


def test_all_mistakes_are_told_at_once_with_the_words_of_their_paragraph(tmp_path: Path) -> None:
    whole = docx.Document(str(CATALOG.templates["order_pairs"]))
    for words in ("Первое: {{ org.plase }}.", "Второе: {{ curator }}.", "Третье: {{ signer|fiо }}.", "{{ yaer }}"):
        whole.add_paragraph(words)
    whole.sections[0].footer.paragraphs[0].text = "Внизу: {{ org.shrt_name }}"
    path = tmp_path / "template.docx"
    whole.save(str(path))
    catalog = replace(CATALOG, templates={**CATALOG.templates, "order_pairs": path})
    sentences = "\n".join(check.mistakes(catalog))
    assert "Третье: {{ signer|fiо }}." in sentences
    paper = docx.Document(str(path))
    paper.paragraphs[-2].text = "Третье: {{ signer|fio }}."
    paper.save(str(path))
    sentences = "\n".join(check.mistakes(replace(catalog)))
    for words in ("Место: «Первое: {{ org.plase }}.»", "Место: «Второе: {{ curator }}.»", "Место: «{{ yaer }}»"):
        assert words in sentences
    assert "имелось в виду «org.short_name». Место: «Внизу: {{ org.shrt_name }}». (нижний колонтитул)" in sentences
    paper.core_properties.subject = "{{ org.place }}"
    paper.save(str(path))
    assert "(свойства документа)" in "\n".join(check.mistakes(replace(catalog)))


@pytest.mark.parametrize(
    ("update", "said"),
    [
        ({"file_name": "Приказ"}, "в file_name нет {code}"),
        ({"folder": "Приказы/{calender_year}"}, "неизвестно «{calender_year}»"),
        ({"file_name": "{code} {signr}"}, "неизвестно «{signr}». Возможно, имелось в виду «signer»"),
        ({"link": "papers"}, "неизвестно «{papers}». Возможно, имелось в виду «paper»"),
        ({"beside": "order_regstration"}, "имя «order_regstration» нигде не объявлено"),
        ({"when": {"kind": ("Закрепление пар",)}}, "в графе «kind» не бывает ответа «Закрепление пар»"),
    ],
)
def test_a_mistake_in_an_entry_is_told(update: dict[str, object], said: str) -> None:
    document = CATALOG.documents["order_pairs"].model_copy(update=update)
    catalog = type(CATALOG)(**{**vars(CATALOG), "documents": {**CATALOG.documents, "order_pairs": document}})
    assert any(said in sentence for sentence in check.mistakes(catalog))


def test_a_broken_template_stops_only_its_own_papers(tmp_path: Path) -> None:
    path = tmp_path / "template.docx"
    path.write_bytes(b"no document")
    catalog = type(CATALOG)(**{**vars(CATALOG), "templates": {**CATALOG.templates, "programme": path}})
    book = Book(catalog, sample.register(catalog))
    made = [drafts.make(book, one, sample.TODAY) for one in drafts.due(book)]
    stopped = [one for one in made if not (one.data or one.due.frozen)]
    assert {one.due.document.name for one in stopped} == {"programme"}
    assert all("это не документ Word" in one.mistakes[0] for one in stopped)


# --- the pages -------------------------------------------------------------------------------------------------------


@pytest.mark.prove
@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not on this machine")
def test_an_office_program_opens_every_paper_on_a_sane_number_of_pages(tmp_path: Path) -> None:
    for number, made in enumerate(EVERY.values()):
        (tmp_path / f"{number}.docx").write_bytes(made.data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    sources = sorted(str(path) for path in tmp_path.glob("*.docx"))
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *sources]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for number, made in enumerate(EVERY.values()):
        pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / f"{number}.pdf").read_bytes()))
        assert 1 <= pages <= MOST_PAGES[made.due.document.name], made.path


def test_what_stands_in_a_template_never_breaks_where_a_line_must_not_end() -> None:
    memo = word.text_of(DRAFTS["memo_mentee:П-0001"].data)
    assert "29\u00a0декабря\u00a02012\u00a0г. №\u00a0273-ФЗ" in memo
    assert "№\u00a0п/п" in word.text_of(next(one.data for key, one in DRAFTS.items() if key.startswith("roadmap:")))
    change = next(one.data for key, one in DRAFTS.items() if key.startswith("order_change:"))
    assert "наставник\u00a0– Осадчий Денис Олегович, наставляемый\u00a0– " in word.text_of(change)
