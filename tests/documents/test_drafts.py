"""Which papers are due, and what a register means for the outbox: made in memory, compared, told."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import drafts, records
from pipeline.documents.context import Book
from pipeline.documents.drafts import Desk, Plan
from pipeline.documents.outbox import Issued
from pipeline.documents.records import Record
from pipeline.documents.values import Place
from pipeline.model import Rows
from pipeline.office import word
from tests.documents import sample

CATALOG = sample.load()
PROGRAMME = "outbox/Программы/2026-2027/ПР-0001 Программа – Бондаренко Ольга Ивановна.docx"
DRAFT = "outbox/Приказы/2026/ПК-0001 Закрепление пар – ПРОЕКТ.docx"
ORDER = "outbox/Приказы/2026/ПК-0001 Закрепление пар.docx"
FORM = "outbox/Приказы/2026/Регистрация приказа ПК-0001.xlsx"


class Outbox:
    """An outbox in memory, brought up to date by plans; every content is kept as it is."""

    def __init__(self) -> None:
        self.catalog = CATALOG
        self.disk: dict[str, bytes] = {}
        self.journal: dict[str, Issued] = {}
        self.records: dict[str, Record] = {}
        self.pdfs: dict[str, bytes] = {}

    def look(self, path: str) -> str:
        return sha256(self.disk[path]).hexdigest() if path in self.disk else ""

    def turn(self, rows: Rows, today: date = sample.TODAY) -> Plan:
        desk = Desk(list(self.journal.values()), self.look, today, make_form, self.records.get, self.paragraphs, old)
        desk = replace(desk, pdf=self.pdf, read_pdf=self.pdfs.__getitem__)
        plan = drafts.plan(self.catalog, rows, desk)
        for action in plan.actions:
            step = action.step
            if step.displaced:
                assert self.look(step.path) == step.displaced
                del self.disk[step.path]
            if step.lay:
                data, record = action.content()
                assert all(one.meant == sha256(data).hexdigest() for one in step.before)
                self.disk[step.path] = data
                if record:
                    self.records[sha256(data).hexdigest()] = records.read(records.written(record))
            self.journal |= {one.key: one for one in step.after}
            self.journal = {key: one for key, one in self.journal.items() if key not in step.forget}
        return plan

    def pdf(self, docx: str) -> str:
        return sha256(self.pdfs[docx]).hexdigest() if docx in self.pdfs else ""

    def paragraphs(self, path: str) -> tuple[str, ...]:
        try:
            return word.paragraphs_of(self.disk[path])
        except word.NotDocx:
            return ()

    def text(self, path: str) -> str:
        return word.text_of(self.disk[path]).replace("\u00a0", " ")


def old(sha: str) -> bytes:
    templates = (path.read_bytes() for path in CATALOG.templates.values())
    return next(data for data in templates if sha256(data).hexdigest() == sha)


def make_form(name: str, answers: Mapping[str, str]) -> bytes:
    return f"{name} {dict(answers)}".encode()


def to_sign() -> Rows:
    return sample.register(CATALOG, ПК_0001={"state": "На подпись"}, ПК_0002={"state": "На подпись"})


def subjects(rows: Rows) -> list[str]:
    return [one.subject for one in drafts.due(Book(CATALOG, rows))]


def laid(rows: Rows) -> list[str]:
    """Return the papers that are made: a frozen one of which nothing was issued is only named."""
    return [one.subject for one in drafts.due(Book(CATALOG, rows)) if not one.frozen]


def test_every_paper_of_the_sample_is_due_once() -> None:
    kinds = {one.when["kind"][0]: name for name, one in CATALOG.documents.items() if name.startswith("order_")}
    started = [f"{kinds[kind]}:ПК-{n:04}" for n, (kind, _) in enumerate(sample.STARTED, 3)]
    orders = sorted(["order_pairs:ПК-0001", "order_roadmap:ПК-0002", *started])
    papers = ((name, one) for name, one in CATALOG.documents.items() if one.sheet == "applications")
    asked = {kind: name for name, one in papers for kind in one.when["kind"]}
    applications = [f"{asked[kind]}:О-{n:04}" for n, (kind, *_) in enumerate(sample.APPLICATIONS, 1)]
    found = subjects(sample.register(CATALOG))
    assert len(set(found)) == len(found)
    assert {subject for subject in found if not subject.startswith("consent_")} == {
        *(f"memo_mentee:П-000{n}" for n in range(1, 9)),
        *(f"memo_mentor:П-000{n}" for n in (1, 2, 3, 6, 7)),
        *orders,
        *(f"programme:ПР-{n:04}" for n in (1, 2, 3, 10)),
        "roadmap:ПК-0002",
        *(f"agreement:СГ-000{n}" for n in range(1, 5)),
        *(f"agreement_notice:СГ-000{n}" for n in (3, 4)),
        *applications,
        "application_award:О-0009",
        "memo_discipline:О-0009",
        "acquaintance:ПР-0010",
        "plan_report:ПР-0010",
        "destruction_act:УД-0001",
        "destruction_log:УД-0001",
    }


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        ("ПК_0001", {"state": "Отменён"}),
        ("ПК_0001", {"drafted": "заведён вручную"}),
        ("ПК_0001", {"kind": "Утверждение Дорожной карты"}),
    ],
)
def test_an_order_cancelled_typed_by_hand_or_of_another_kind_has_no_paper_of_pairs(
    code: str, cells: dict[str, str]
) -> None:
    assert "order_pairs:ПК-0001" not in subjects(sample.register(CATALOG, **{code: cells}))


def test_an_order_without_pairs_is_no_paper() -> None:
    rows = sample.register(CATALOG, **{f"П_000{n}": {"order": ""} for n in range(1, 6)})
    assert "order_pairs:ПК-0001" not in subjects(rows)


def test_the_memo_of_a_group_goes_to_the_next_pair_when_the_first_leaves() -> None:
    rows = sample.register(CATALOG, П_0003={"state": "Прекращена", "group": ""})
    assert "memo_mentor:П-0004" in subjects(rows)


def test_the_first_turn_lays_everything_and_the_second_nothing() -> None:
    outbox = Outbox()
    first = outbox.turn(sample.register(CATALOG))
    assert len(first.actions) == len(laid(sample.register(CATALOG)))
    assert not (first.questions or first.mistakes)
    assert {DRAFT, PROGRAMME} <= outbox.disk.keys()
    assert outbox.turn(sample.register(CATALOG)).actions == ()


def test_the_same_register_gives_the_same_bytes() -> None:
    one, other = Outbox(), Outbox()
    one.turn(sample.register(CATALOG))
    other.turn(sample.register(CATALOG))
    assert one.disk == other.disk


def test_the_same_content_packed_otherwise_is_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    outbox, elsewhere, rows = Outbox(), Outbox(), sample.register(CATALOG)
    outbox.turn(rows)
    outbox.disk[PROGRAMME] = b"hers"
    before = dict(outbox.disk)

    def otherwise(content: bytes, _level: int, bits: int) -> bytes:
        engine = zlib.compressobj(9, zlib.DEFLATED, bits)
        return engine.compress(content) + engine.flush()

    monkeypatch.setattr("pipeline.office.word.package.isal_zlib.compress", otherwise)
    elsewhere.turn(rows)
    assert elsewhere.disk[DRAFT] != before[DRAFT]
    assert outbox.turn(rows).actions == ()
    outbox.turn(to_sign())
    assert outbox.disk.keys() - before.keys() >= {ORDER}
    assert outbox.disk[PROGRAMME] == b"hers"


def test_out_for_signature_the_clean_order_takes_the_drafts_place_with_its_form() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    outbox.turn(to_sign())
    assert DRAFT not in outbox.disk
    assert "ПРОЕКТ" not in outbox.text(ORDER)
    assert outbox.disk[FORM] == b"order_registration {'code': '\xd0\x9f\xd0\x9a-0001'}"


def test_signing_freezes_the_order_and_gives_its_number_to_programmes_memos_and_the_roadmap() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    outbox.turn(to_sign())
    before = outbox.disk[ORDER]
    outbox.turn(sample.signed(CATALOG))
    assert outbox.disk[ORDER] == before
    assert FORM not in outbox.disk
    assert "от 27.11.2026 № 57-од" in outbox.text(PROGRAMME)
    assert "от 27.11.2026 № 58-од" in outbox.text(
        "outbox/Дорожная карта/2026-2027/ПК-0002 Дорожная карта 2026-2027.docx"
    )
    assert outbox.turn(sample.signed(CATALOG)).actions == ()


def test_a_corrected_number_follows_into_what_quotes_it_but_not_into_the_order() -> None:
    outbox = Outbox()
    outbox.turn(to_sign())
    outbox.turn(sample.signed(CATALOG))
    before = outbox.disk[ORDER]
    rows = sample.signed(CATALOG)
    order = replace(rows["orders"]["ПК-0001"], cells={**rows["orders"]["ПК-0001"].cells, "number": "59-од"})
    outbox.turn({**rows, "orders": {**rows["orders"], "ПК-0001": order}})
    assert outbox.disk[ORDER] == before
    assert "№ 59-од" in outbox.text(PROGRAMME)


def test_a_programme_changed_by_hand_says_which_order_to_enter() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    outbox.disk[PROGRAMME] = b"hers"
    plan = outbox.turn(sample.signed(CATALOG))
    note = next(mark.note for mark in plan.marks if mark.code == "ПР-0001")
    assert note == (
        "впишите приказ №\u00a057-од от 27.11.2026 – документ изменён вручную, рядом лежит «ПР-0001 Программа – "
        "Бондаренко Ольга Ивановна (новая редакция).docx»: в Вашем файле «от ____________ № ________», теперь "
        "«от 27.11.2026 № 57-од»"
    )
    assert outbox.disk[PROGRAMME] == b"hers"


def test_a_programme_that_was_taken_says_so_and_is_not_made_again() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    del outbox.disk[PROGRAMME]
    plan = outbox.turn(sample.signed(CATALOG))
    mark = next(mark for mark in plan.marks if mark.code == "ПР-0001")
    assert mark.path == "забрано"
    assert mark.note.startswith("впишите приказ №\u00a057-од от 27.11.2026 – документ забрали из папки: в Вашем файле")
    assert PROGRAMME not in outbox.disk


def test_a_paper_taken_without_news_is_known_as_taken() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    del outbox.disk[PROGRAMME]
    plan = outbox.turn(sample.register(CATALOG))
    mark = next(mark for mark in plan.marks if mark.code == "ПР-0001")
    assert (mark.path, mark.note) == ("забрано", "")
    assert [(fate.path, fate.sentence) for fate in plan.fates] == [(PROGRAMME, "забрано")]


def retyped(data: bytes, old: str, new: str) -> bytes:
    """Return a paper as a person saves it who changed some words."""
    paper = docx.Document(BytesIO(data))
    for paragraph in (one for one in paper.paragraphs if old in one.text):
        paragraph.runs[0].text = paragraph.text.replace(old, new)
    target = BytesIO()
    paper.save(target)
    return target.getvalue()


def test_a_row_says_in_words_what_a_changed_draft_lacks_and_not_what_the_person_wrote() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    outbox.disk[PROGRAMME] = hers = retyped(outbox.disk[PROGRAMME], "Преодолеть", "Успешно преодолеть")
    assert outbox.turn(sample.register(CATALOG)).marks
    rows = sample.register(CATALOG, ПР_0001={"schedule": "Понедельник, 13:00–14:00, 1 час в неделю."})
    plan = outbox.turn(rows)
    note = next(mark.note for mark in plan.marks if mark.code == "ПР-0001").replace("\u00a0", " ")
    assert note.endswith(
        ": в Вашем файле «Вторник и четверг, 14:30–15:30, 2 часа в неделю.», теперь «Понедельник, 13:00–14:00, 1 час в "
        "неделю.»"
    )
    assert outbox.disk[PROGRAMME] == hers
    [fate] = plan.fates
    assert fate.sentence == (
        "изменено вручную, рядом лежит «ПР-0001 Программа – Бондаренко Ольга Ивановна (новая редакция).docx»"
    )
    assert len(fate.differences) == 1


def test_a_clean_edition_says_what_a_person_had_changed_in_the_draft() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    outbox.disk[DRAFT] = retyped(outbox.disk[DRAFT], "Контроль за исполнением", "Общий контроль за исполнением")
    note = next(mark.note for mark in outbox.turn(to_sign()).marks if mark.code == "ПК-0001")
    assert note.endswith(
        "перенесите их в чистовик: было «Контроль за исполнением настоящего …», "
        "в Вашем файле «Общий контроль за исполнением настоящего …»"
    )


def test_an_approved_programme_says_what_it_said_though_people_settings_and_template_change(tmp_path: Path) -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    outbox.turn(sample.signed(CATALOG))
    before = outbox.disk[PROGRAMME]
    organisation = CATALOG.organisation.model_copy(update={"short_name": "ГБПОУ «Другой»"})
    template = tmp_path / "template.docx"
    template.write_bytes(retyped(CATALOG.templates["programme"].read_bytes(), "УТВЕРЖДЕНА", "УТВЕРЖДЕНО"))
    templates = {**CATALOG.templates, "programme": template}
    outbox.catalog = replace(CATALOG, organisation=organisation, templates=templates)
    rows = sample.signed(CATALOG)
    person = rows["people"]["Л-0001"]
    people = {**rows["people"], "Л-0001": replace(person, cells={**person.cells, "post": "методист"})}
    order = rows["orders"]["ПК-0001"]
    outbox.turn({**rows, "people": people})
    assert outbox.disk[PROGRAMME] == before
    orders = {**rows["orders"], "ПК-0001": replace(order, cells={**order.cells, "number": "60-од"})}
    outbox.turn({**rows, "people": people, "orders": orders})
    said = outbox.text(PROGRAMME)
    assert "№ 60-од" in said
    assert "преподаватель математики" in said
    assert "Другой" not in said
    assert "УТВЕРЖДЕНА" in said


@pytest.mark.parametrize(
    ("sheet", "code", "column", "value"),
    [
        ("people", "Л-0004", "post", "методист"),
        ("programmes", "ПР-0002", "goal", "Освоить новое."),
        ("plan", "М-0003", "result", "Отчёт"),
        ("pairs", "П-0001", "start", "2026-12-07"),
        ("agreements", "СГ-0001", "pay", "5 % оклада."),
        ("people", "Л-0001", "phone", "000"),
        ("consents", "С-0001", "kind", "Отказ"),
    ],
)
def test_a_changed_cell_makes_anew_exactly_the_papers_that_read_it(
    sheet: str, code: str, column: str, value: str
) -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    before = dict(outbox.disk)
    place = Place(sheet, code, column)
    readers = {path for path, data in before.items() if place in outbox.records[sha256(data).hexdigest()].cells}
    shown = {
        path
        for path, data in before.items()
        if any(place in word.origins_of(one) for one in outbox.records[sha256(data).hexdigest()].values)
    }
    outbox.turn(sample.register(CATALOG, **{code.replace("-", "_"): {column: value}}))
    changed = {path for path in outbox.disk if outbox.disk[path] != before.get(path)}
    assert shown <= changed <= readers
    assert outbox.disk.keys() == before.keys()


def test_every_value_of_a_paper_is_recorded_with_the_cells_it_came_from() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    record = outbox.records[sha256(outbox.disk[PROGRAMME]).hexdigest()]
    origins = {one.replace("\u00a0", " "): word.origins_of(one) for one in record.values}
    assert origins["Бондаренко Ольга Ивановна"] == tuple(
        Place("people", "Л-0001", key) for key in ("surname", "name", "patronymic")
    )
    assert origins["преподаватель математики"] == (Place("people", "Л-0001", "post"),)
    assert origins["30 ноября 2026 г."] == (Place("programmes", "ПР-0001", "start"),)
    assert origins["ГБПОУ «АИК»"] == (Place("config/organisation.yaml", "", "short_name"),)
    assert origins["освоить приёмы активного обучения."[0].upper() + "своить приёмы активного обучения."] == (
        Place("programmes", "ПР-0001", "tasks"),
    )
    assert record.cells[Place("programmes", "ПР-0001", "start")] == "2026-11-30"


def test_a_draft_changed_by_hand_says_that_the_data_have_changed() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    outbox.disk[DRAFT] = b"hers"
    plan = outbox.turn(sample.register(CATALOG, П_0005={"order": ""}))
    note = next(mark.note for mark in plan.marks if mark.code == "ПК-0001")
    assert note.startswith("документ изменён вручную, а данные с тех пор изменились, рядом лежит «ПК-0001 Закрепление")


def test_rows_show_where_their_paper_lies() -> None:
    marks = {(mark.sheet, mark.code, mark.column): mark.path for mark in Outbox().turn(sample.register(CATALOG)).marks}
    assert marks["orders", "ПК-0001", "paper"] == DRAFT
    assert marks["programmes", "ПР-0001", "paper"] == PROGRAMME
    stages = {path for (sheet, _, _), path in marks.items() if sheet == "roadmap"}
    assert stages == {"outbox/Дорожная карта/2026-2027/ПК-0002 Дорожная карта 2026-2027 – ПРОЕКТ.docx"}


def test_a_cancelled_orders_untouched_draft_is_taken_back() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG))
    outbox.turn(sample.register(CATALOG, ПК_0001={"state": "Отменён"}))
    assert DRAFT not in outbox.disk


def test_an_order_of_the_new_year_lies_in_the_folder_of_its_year() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG), date(2027, 1, 12))
    assert DRAFT.replace("2026", "2027") in outbox.disk


def test_every_cell_that_a_paper_lacks_is_asked_for_at_once_and_the_other_papers_are_made() -> None:
    outbox = Outbox()
    plan = outbox.turn(sample.register(CATALOG, ПР_0001={"goal": "", "schedule": ""}))
    assert [(one.sheet, one.code, one.column) for one in plan.questions] == [
        ("programmes", "ПР-0001", "goal"),
        ("programmes", "ПР-0001", "schedule"),
    ]
    assert plan.questions[0].text == (
        "Не составлен документ «Персонализированная программа наставничества» (ПР-0001). Заполните графу «Цель» в "
        "строке ПР-0001 листа «Программы»."
    )
    assert PROGRAMME not in outbox.disk
    assert len(outbox.disk) == len(laid(sample.register(CATALOG))) - 1
    assert next(mark.note for mark in plan.marks if mark.code == "ПР-0001").startswith("документ не составлен")


def test_one_cell_that_several_papers_lack_is_one_question() -> None:
    plan = Outbox().turn(sample.register(CATALOG, Л_0004={"post": ""}))
    assert [(one.sheet, one.code, one.column) for one in plan.questions] == [("people", "Л-0004", "post")]


def test_doubtful_words_are_listed_once_and_shown_only_in_the_draft() -> None:
    organisation = CATALOG.organisation
    curator = organisation.curator.model_copy(update={"surname": "Кобец", "sex": "м"})
    catalog = replace(CATALOG, organisation=organisation.model_copy(update={"curator": curator}))
    made = {}
    for state in ("Проект", "На подпись"):
        rows = sample.register(catalog, ПК_0001={"state": state})
        book = Book(catalog, rows)
        one = next(due for due in drafts.due(book) if due.subject == "order_pairs:ПК-0001")
        made[state] = drafts.make(book, one, sample.TODAY)
    assert [doubt.word for doubt in made["Проект"].doubts] == ["Кобец Н. С."]
    assert b"yellow" in word_xml(made["Проект"].data)
    assert b"yellow" not in word_xml(made["На подпись"].data)


def word_xml(data: bytes) -> bytes:
    with ZipFile(BytesIO(data)) as archive:
        return archive.read("word/document.xml")


# --- names of files --------------------------------------------------------------------------------------------------


@given(st.text())
def test_a_name_of_a_file_is_never_a_path_nor_too_long(text: str) -> None:
    name = drafts.safe_name(text)
    assert name
    assert len(name.encode()) <= 120
    assert not set(name) & set('/\\:*?"<>|\n\r\t\0')
    assert name == name.strip(" .")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("C:\\Windows\\system32", "C Windows system32"),
        ("ПР-0001 Программа – О'Нил", "ПР-0001 Программа – О Нил"),
        ("\u202egnp.exe", "gnp.exe"),
        ("...", "_"),
        (
            "ПР-0001 Программа – Тер-Григорян-Македонская Александра Константиновна",
            "ПР-0001 Программа – Тер-Григорян-Македонская Александра",
        ),
    ],
)
def test_a_hostile_name_becomes_harmless(text: str, name: str) -> None:
    assert drafts.safe_name(text) == name


def test_a_hostile_persons_name_stays_in_its_folder() -> None:
    outbox = Outbox()
    outbox.turn(sample.register(CATALOG, ПР_0001={"mentor_name": "../../../x {{ 7*7 }} " + "я" * 200}))
    path = next(path for path in outbox.disk if "ПР-0001" in path)
    assert path.startswith("outbox/Программы/2026-2027/ПР-0001 Программа – x 7 7 яяя")
    assert len(path.rpartition("/")[2].encode()) <= 125
