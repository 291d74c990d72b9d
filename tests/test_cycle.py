"""The whole job on real files: what staff, curator and secretary see."""

import io
import os
import re
import sys
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pytest

from pipeline import catalog, fields, files, samples, steps
from pipeline.cycle import telling
from pipeline.documents import records
from pipeline.intake import form_sheet
from tests import office_day
from tests.office_day import PAIR, Day


@pytest.fixture
def day(tmp_path):
    return Day(tmp_path / "college")


@pytest.fixture
def begun(tmp_path):
    """A day that has begun: the register is there, nobody has come yet."""
    return office_day.after(office_day.begun, tmp_path / "college")


@pytest.fixture
def taken_in(tmp_path):
    """A day on which all forms of one pair were taken in."""
    return office_day.after(office_day.taken_in, tmp_path / "college")


@pytest.fixture
def approved(tmp_path):
    """A day on which one pair is approved with every consent signed."""
    return office_day.after(office_day.approved, tmp_path / "college")


@pytest.fixture
def sent(tmp_path):
    """The next day: the order of the pair is sent to be signed."""
    return office_day.after(office_day.sent, tmp_path / "college")


def register_order(day: Day, order: str, number: str) -> None:
    """Fill in the registration form beside an order, in place."""
    form = day.catalog.forms["order_registration"]
    answers = {"orders.code": order, "orders.number": number, "orders.day": "2026-11-23"}
    path = next(day.space.outbox.rglob(form_sheet.name(form, answers)))
    path.write_bytes(form_sheet.make(form, day.catalog.organisation, answers))


def given_consents(day: Day):
    """Return the consents that a form gave; those that are only asked have a row too."""
    return [row for row in day.book()["consents"].values() if row.get("answer")]


def test_a_filled_form_becomes_a_row_with_its_answers_and_a_link_to_the_original(day):
    [mentor, *_] = made = day.pair_forms()
    day.drop(made)
    outcome = day.turn()
    assert outcome.taken == 7
    role = day.row("НК-0001")
    assert day.row(role["person"])["surname"] == mentor.answers["people.surname"]
    assert role["capacity"] == mentor.answers["mentors.capacity"]
    assert role["origin"]
    assert any(day.space.archive.rglob("*.xlsx"))
    assert not list(day.space.inbox.glob("*.xlsx"))
    assert day.fates().count("Принято.") == 7


def test_a_consent_form_waits_for_the_signed_paper(taken_in):
    day = taken_in
    assert {row["state"] for row in given_consents(day)} == {"Ждём подпись"}
    day.curator.mark_signatures(day.now.date())
    day.turn()
    assert {row["state"] for row in given_consents(day)} == {"Действует"}


def test_a_pair_without_its_consents_waits_and_says_for_what(taken_in):
    day = taken_in
    day.write("П-0001", **PAIR)
    day.turn()
    pair = day.row("П-0001")
    assert pair["state"] == "Ждёт согласий"
    assert pair["missing"].count("согласие") >= 5
    assert pair["turn"]
    assert not pair.get("order")
    assert not any("Закрепление" in name for name in day.papers())


def test_an_approved_pair_gives_an_order_a_programme_a_plan_and_two_memos(approved):
    day = approved
    pair, book = day.row("П-0001"), day.book()
    assert pair["state"] == "В приказе"
    assert len(book["plan"]) >= 5
    papers = day.papers()
    order = next(text for name, text in papers.items() if "Закрепление пар" in name)
    assert "ПРОЕКТ" in order
    assert pair["mentor_name"] in order
    assert pair["mentee_name"] in order
    assert sum("Памятка" in name for name in papers) == 2
    programme = next(text for name, text in papers.items() if "Программа" in name)
    assert all(fields.fold(row["activity"]) in fields.fold(programme) for row in book["plan"].values())
    assert not any("{{" in text or "МТТК" in text for text in papers.values())


def test_the_roadmap_of_the_year_bears_the_organisations_own_name(approved):
    name, roadmap = next((name, text) for name, text in approved.papers().items() if "Дорожная карта 2026" in name)
    assert name.startswith("Дорожная карта/2026-2027/")
    assert approved.catalog.organisation.short_name in roadmap
    assert "2026" in roadmap
    assert "МТТК" not in roadmap


def test_a_signed_order_sets_its_pairs_going_and_the_programme_quotes_it(sent):
    day, order = sent, sent.row("П-0001")["order"]
    clean = {name: text for name, text in day.papers().items() if "Закрепление пар" in name}
    assert len(clean) == 1
    assert not any("ПРОЕКТ" in text for text in clean.values())
    register_order(day, order, "57-од")
    day.turn()
    assert day.row(order)["state"] == "Подписан"
    assert day.row("П-0001")["state"] == "Действует"
    programme = next(text for name, text in day.papers().items() if "Программа" in name)
    assert re.search(r"23\.11\.2026\s№\s57-од", programme)
    assert {name: text for name, text in day.papers().items() if "Закрепление пар" in name} == clean


def test_the_number_may_be_entered_in_the_sheet_as_well(sent):
    order = sent.row("П-0001")["order"]
    sent.write(order, number="57-од", day="2026-11-23")
    sent.turn()
    assert sent.row(order)["state"] == "Подписан"
    assert sent.row("П-0001")["state"] == "Действует"


def test_a_programme_that_a_person_changed_is_left_and_the_row_says_what_to_enter(sent):
    day = sent
    path = next(day.space.outbox.rglob("*Программа*.docx"))
    paper = docx.Document(str(path))
    paper.add_paragraph("Приписано секретарём")
    paper.save(str(path))
    hers = path.read_bytes()
    day.write(day.row("П-0001")["order"], number="57-од", day="2026-11-23")
    day.turn()
    assert path.read_bytes() == hers
    programme = next(iter(day.book()["programmes"].values()))
    assert "впишите приказ" in programme["missing"]
    assert "57-од" in programme["missing"]


def test_changes_in_a_draft_are_spoken_of_when_the_clean_edition_comes(approved):
    day, order = approved, approved.row("П-0001")["order"]
    path = next(day.space.outbox.rglob("*Закрепление*ПРОЕКТ.docx"))
    paper = docx.Document(str(path))
    paper.add_paragraph("Приписано секретарём")
    paper.save(str(path))
    hers = path.read_bytes()
    day.write(order, decision="На подпись")
    day.turn()
    assert path.read_bytes() == hers
    assert "перенесите их в чистовик" in day.row(order)["missing"]
    path.unlink()
    day.turn()
    assert "чистовик" not in day.row(order).get("missing", "")


def test_a_paper_taken_away_is_not_made_again(approved):
    for path in approved.space.outbox.rglob("*Памятка наставника*.docx"):
        path.unlink()
    approved.now = datetime(2026, 11, 23, 9, 0)
    approved.turn()
    assert not any("Памятка наставника" in name for name in approved.papers())


def test_a_change_to_a_signed_order_is_put_back_with_a_question(sent):
    day, order = sent, sent.row("П-0001")["order"]
    day.write(order, number="57-од", day="2026-11-23")
    day.turn()
    day.write(order, basis="другое основание", number="58-од")
    day.turn()
    assert day.row(order).get("basis", "") != "другое основание"
    assert day.row(order)["number"] == "58-од"
    assert any("другое основание" in row["text"] for row in day.book()["questions"].values())
    programme = next(text for name, text in day.papers().items() if "Программа" in name)
    assert "58-од" in programme


def test_a_cancelled_order_gives_its_pairs_back(approved):
    order = approved.row("П-0001")["order"]
    approved.write(order, decision="Отменить")
    approved.turn()
    assert approved.row(order)["state"] == "Отменён"
    assert approved.row("П-0001")["state"] == "Отложена"


def test_an_order_already_running_is_recorded_not_drafted(taken_in):
    day = taken_in
    order = min(code for code, row in day.curator.rows("orders").items() if not row)
    day.write(order, kind="Закрепление наставнических пар и групп", number="12-од", day="2026-09-05")
    day.write("П-0001", **{**PAIR, "order": order, "start": "2026-09-05"})
    day.turn()
    assert day.row(order)["state"] == "Подписан"
    assert day.row("П-0001")["state"] == "Действует"
    assert not any("Закрепление" in name for name in day.papers())


def test_her_correction_counts_everywhere_and_a_later_form_becomes_a_question(taken_in):
    day = taken_in
    made = day.pair_forms()
    person = day.row("НК-0001")["person"]
    day.write(person, post="старший преподаватель")
    day.turn()
    form = day.catalog.forms[made[0].form]
    later = {**made[0].answers, "people.post": "методист"}
    day.drop_file("Исправленная.xlsx", form_sheet.make(form, day.catalog.organisation, later))
    day.turn()
    assert day.row(person)["post"] == "старший преподаватель"
    [(code, question)] = [(c, row) for c, row in day.book()["questions"].items() if "методист" in row["text"]]
    assert question["state"] == "Открыт"
    day.write(code, answer="взять новое")
    day.turn()
    assert day.row(person)["post"] == "методист"
    assert day.row(code)["state"] == "Решён"


@pytest.mark.parametrize("answer", ["взять новое", "доцент"])
def test_an_answer_says_nothing_of_a_form_that_came_after_its_question(taken_in, answer):
    day = taken_in
    made = day.pair_forms()
    form = day.catalog.forms[made[0].form]
    again = [form_sheet.make(form, day.catalog.organisation, {**made[0].answers, "people.post": post})
             for post in ("методист", "лаборант")]  # fmt: skip
    person = day.row("НК-0001")["person"]
    day.write(person, post="старший преподаватель")
    day.drop_file("Вторая.xlsx", again[0])
    day.turn()
    [asked] = [code for code, row in day.book()["questions"].items() if "методист" in row["text"]]
    day.write(asked, answer=answer)
    day.drop_file("Третья.xlsx", again[1])
    day.turn()
    assert day.row(person)["post"] == ("методист" if answer == "взять новое" else answer)
    [newer] = [row for row in day.book()["questions"].values() if "лаборант" in row["text"]]
    assert newer["state"] == "Открыт"


def test_a_program_owned_cell_is_put_back_with_a_question(approved):
    approved.write("П-0001", mentor_name="Другой Человек")
    approved.turn()
    assert approved.row("П-0001")["mentor_name"] != "Другой Человек"
    assert any("Другой Человек" in row["text"] for row in approved.book()["questions"].values())


def test_while_the_register_is_open_nothing_is_written_and_nothing_is_lost(taken_in):
    day = taken_in
    owner = day.space.register.with_name(f".~lock.{day.space.register.name}#")
    owner.write_text(",curator,host,22.11.2026 12:00,file:///x;", "utf-8")
    before = day.space.register.read_bytes()
    day.drop(samples.make(day.catalog, 7, 2, day.now.date()))
    outcome = day.turn()
    assert outcome.taken == 7
    assert day.space.register.read_bytes() == before
    assert re.search(r"Реестр открыт \(curator\)\. Ждут записи изменения – \d+", day.state())
    owner.unlink()
    day.turn()
    assert "Л-0003" in day.book()["people"] or len(day.book()["people"]) == 4


def test_a_save_at_the_very_end_of_a_turn_is_read_in_the_next(taken_in, monkeypatch):
    day = taken_in
    person = min(day.book()["people"])
    plain = telling.Teller.tell_office

    def and_she_saves(teller, *facts):
        told = plain(teller, *facts)
        day.write(person, post="сохранено в последний миг")
        return told

    with monkeypatch.context() as race:
        race.setattr(telling.Teller, "tell_office", and_she_saves)
        day.write(person, phone="+7 949 000-00-00")
        day.turn()
    day.turn()
    day.write(person, note="ещё")
    assert day.row(person)["post"] == "сохранено в последний миг"
    with day.opened() as office:
        assert any(edit.value == "сохранено в последний миг" for edit in office._journal.edits())


def test_an_open_workbook_with_nothing_waiting_is_quiet(approved, monkeypatch):
    owner = approved.space.register.with_name(f".~lock.{approved.space.register.name}#")
    owner.write_text(",curator,host,22.11.2026 12:00,file:///x;", "utf-8")
    approved.turn()
    written = []
    monkeypatch.setattr(steps, "listener", written.append)
    approved.turn()
    assert written == []


def test_a_register_saved_under_another_name_is_told_about(begun):
    day = begun
    stray = day.space.register.with_name("Реестр (копия).ods")
    stray.write_bytes(day.space.register.read_bytes())
    day.turn()
    assert "«Реестр (копия).ods»" in day.state()
    stray.unlink()
    day.turn()
    assert "Реестр (копия)" not in day.state()


def test_an_owner_file_left_by_a_crash_holds_nothing_up(taken_in):
    day = taken_in
    owner = day.space.register.with_name(f"~${day.space.register.name}")
    owner.write_bytes(b"")
    old = day.now.timestamp() - 13 * 3600
    os.utime(owner, (old, old))
    day.drop(samples.make(day.catalog, 7, 2, day.now.date()))
    assert day.turn().held == ""
    assert len(day.book()["people"]) == 4
    assert owner.exists()


def test_a_quiet_cycle_renders_nothing_and_writes_nothing(approved, monkeypatch):
    approved.turn()
    before, written = approved.tree(), []
    monkeypatch.setattr(steps, "listener", written.append)
    approved.turn()
    assert approved.tree() == before
    assert written == []


def test_the_same_file_again_is_told_so_and_changes_nothing(taken_in):
    day = taken_in
    made = day.pair_forms()
    before = day.book()
    day.drop(made[:1])
    day.turn()
    assert "Уже принято" in day.fates()
    assert day.book()["people"] == before["people"]


def test_the_same_file_counts_anew_in_the_next_school_year(day):
    made = day.pair_forms()
    day.now = datetime(2026, 5, 20, 12, 0)
    day.drop(made)
    day.turn()
    day.now = datetime(2026, 6, 2, 12, 0)
    day.drop(made)
    day.turn()
    assert {row["year"] for row in day.book()["mentors"].values()} == {"2025-2026", "2026-2027"}
    assert len(day.book()["people"]) == 2
    assert len(given_consents(day)) == 10


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="this system has no links")
def test_a_link_is_turned_away_with_a_sentence(begun):
    day = begun
    (day.space.inbox / "Анкета.xlsx").symlink_to(day.space.register)
    day.turn()
    assert "Анкета.xlsx" in day.fates()
    assert (day.space.unknown / "Анкета.xlsx").is_symlink()


def test_a_turn_told_to_stop_stops_and_the_next_one_finishes(day):
    class Stop(Exception):
        pass

    def stop():
        raise Stop

    day.drop(day.pair_forms())
    with day.opened() as office, pytest.raises(Stop):
        office.look()
        office.turn(office.look(), stop)
    day.turn()
    assert len(day.book()["people"]) == 2
    assert len(given_consents(day)) == 5


def test_a_form_with_mistakes_comes_back_marked_and_is_taken_once_mended(begun):
    day = begun
    bad = samples.with_mistakes(day.catalog, 1, day.now.date())
    day.drop([bad])
    assert day.turn().returned == 1
    [path] = day.space.returned.iterdir()
    assert "Нужно исправить" in day.fates()
    assert not day.book()["people"]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sum(cell.comment is not None for row in sheet.iter_rows() for cell in row) >= 2
    form = day.catalog.forms[bad.form]
    good = next(one for one in samples.make(day.catalog, 7, 9, day.now.date()) if one.form == bad.form)
    path.write_bytes(form_sheet.make(form, day.catalog.organisation, good.answers))
    assert day.turn().taken == 1
    assert len(day.book()["people"]) == 1
    assert not list(day.space.returned.iterdir())


def test_a_blank_filled_in_place_is_a_form_and_the_blank_is_made_anew(begun):
    day = begun
    form = day.catalog.forms["mentee"]
    path = day.space.blanks / form_sheet.name(form)
    good = next(one for one in day.pair_forms() if one.form == "mentee")
    blank = path.read_bytes()
    path.write_bytes(good.data)
    assert day.turn().taken == 1
    assert path.read_bytes() == blank


PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64 + b"IEND\xaeB`\x82"


def broken_files(good: bytes) -> dict[str, bytes]:
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    return {
        "не анкета.xlsx": book.getvalue(),
        "картинка.xlsx": PICTURE,
        "текст.xlsx": "просто текст".encode(),
    }


def test_each_bad_file_gets_one_sentence_and_the_others_go_on(begun):
    day = begun
    made = day.pair_forms()
    bad = broken_files(made[0].data)
    for name, data in bad.items():
        day.drop_file(name, data)
    day.drop(made)
    outcome = day.turn()
    assert outcome.refused == len(bad)
    assert len(day.book()["people"]) == 2
    fates = day.fates()
    for name, data in bad.items():
        assert name in fates
        assert (day.space.unknown / name).read_bytes() == data
    assert fates.count("Не распознано.") == len(bad)


def test_a_half_copied_file_is_left_alone_until_it_is_whole(begun):
    day = begun
    [first, *_] = day.pair_forms()
    path = day.drop_file("Анкета.xlsx", first.data[: len(first.data) // 2])
    assert day.turn().taken == 0
    assert path.exists()
    path.write_bytes(first.data)
    assert day.turn().taken == 1


def test_a_file_that_stays_cut_short_is_told_of_and_then_put_aside(begun):
    day = begun
    whole = day.pair_forms()[0].data
    for name, data in {"пусто.xlsx": b"", "обрыв.xlsx": whole[: len(whole) // 2]}.items():
        day.drop_file(name, data)
    day.turn()
    assert day.fates().count("скопирован не до конца") == 2
    day.now = datetime(2026, 11, 22, 12, 11)
    assert day.turn().refused == 2
    assert {path.name for path in day.space.unknown.iterdir()} == {"пусто.xlsx", "обрыв.xlsx"}
    assert day.fates().count("Не распознано.") == 2


def spoil(day: Day, name: str, words: str) -> None:
    """Let somebody add a paragraph to a template."""
    template = day.space.root / f"templates/documents/{name}/template.docx"
    paper = docx.Document(str(template))
    paper.add_paragraph(words)
    paper.save(str(template))
    day.catalog = catalog.load(day.space.root)


def test_a_bad_new_template_is_told_and_the_last_good_one_goes_on(approved):
    day = approved
    before = {name: text for name, text in day.papers().items() if "Памятка наставника" in name}
    spoil(day, "memo_mentor", "{{ row.mentr.person.surname }}")
    outcome = day.turn()
    assert any("memo_mentor" in text and "mentr" in text for text in outcome.mistakes)
    assert "последнему верному шаблону" in day.state()
    assert {name: text for name, text in day.papers().items() if "Памятка наставника" in name} == before
    day.write("П-0001", end="2027-06-15")
    day.turn()
    memo = next(text for name, text in day.papers().items() if "Памятка наставника" in name)
    assert "15 июня 2027" in memo.replace("\u00a0", " ")
    assert "mentr" not in memo


def test_a_bad_new_entry_is_told_and_the_last_good_one_goes_on_even_in_a_running_watcher(approved):
    day = approved
    entry = day.space.root / "templates/documents/memo_mentor/document.yaml"
    before = day.papers()
    whole = entry.read_text("utf-8")
    with day.opened() as office:
        office.begin().look()
        entry.write_text(whole.replace("sheet: pairs", "sheet: pars"), "utf-8")
        outcome = office.turn(office.look())
        assert any("memo_mentor/document.yaml" in text and "pars" in text for text in outcome.mistakes)
        assert day.papers() == before
        entry.write_text(whole, "utf-8")
        assert office.turn(office.look()).mistakes == ()


def added_to_by_hand(day: Day) -> Path:
    """Let the secretary add a paragraph to a memo; return where it lies."""
    memo = next(day.space.outbox.rglob("*Памятка наставляемого*"))
    paper = docx.Document(str(memo))
    paper.add_paragraph("Приписано секретарём")
    paper.save(str(memo))
    return memo


def test_a_changed_template_makes_anew_its_drafts_that_nobody_touched_or_signed(approved):
    day = approved
    order = day.row("П-0001")["order"]
    memo = added_to_by_hand(day)
    hers = memo.read_bytes()
    before = {path: path.read_bytes() for path in day.space.outbox.rglob("*.docx")}
    for name in ("memo_mentee", "programme"):
        spoil(day, name, "Новые слова шаблона.")
    assert day.turn().mistakes == ()
    changed = {path for path in day.space.outbox.rglob("*.docx") if path.read_bytes() != before.get(path)}
    assert {"Программа" in path.name or "новая редакция" in path.name for path in changed} == {True}
    assert len(changed) == 2
    assert memo.read_bytes() == hers
    day.write(order, number="57-од", day="2026-11-23")
    day.turn()
    signed = {path: path.read_bytes() for path in day.space.outbox.rglob("*.docx") if "Памятка" not in path.name}
    for name in ("order_pairs", "programme"):
        spoil(day, name, "Ещё одни слова.")
    day.turn()
    assert {path: path.read_bytes() for path in signed} == signed


def test_a_changed_layout_makes_anew_the_papers_that_nobody_touched_or_signed(approved):
    day = approved
    order = day.row("П-0001")["order"]
    memo = added_to_by_hand(day)
    hers = memo.read_bytes()
    lay_out(day, "left: 30", "left: 25")
    assert day.turn().mistakes == ()
    assert memo.read_bytes() == hers
    for path in set(day.space.outbox.rglob("*.docx")) - {memo}:
        sections = docx.Document(str(path)).sections
        margins = {round(one.left_margin.mm) for one in sections if one.page_height > one.page_width}
        assert margins <= {25}, path.name
    day.write(order, number="57-од", day="2026-11-23")
    day.turn()
    [signed] = day.space.outbox.rglob("*Закрепление пар*")
    before = signed.read_bytes()
    lay_out(day, "left: 25", "left: 20")
    day.turn()
    assert signed.read_bytes() == before
    assert not day.turn().papers


def lay_out(day: Day, old: str, new: str) -> None:
    """Let the administrator change a number of the layout."""
    path = day.space.root / "config/layout.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    day.catalog = catalog.load(day.space.root)


def test_a_confirmed_word_form_is_used_from_then_on(approved):
    day = approved
    word = min(code for code, row in day.curator.rows("declensions").items() if not row)
    official = day.catalog.organisation.curator
    day.write(word, word="заместитель директора по учебной работе", dat="заместительнице директора", confirmed="да")
    day.turn()
    order = next(text for name, text in day.papers().items() if "Закрепление пар" in name)
    assert official.surname in order
    assert "заместительнице директора" in order
    day.now = datetime(2026, 11, 23, 12, 0)
    day.turn()
    assert day.row(word)["confirmed"] == "да"


def test_owner_and_temporary_files_are_never_touched(begun):
    day = begun
    names = ["~$Анкета.xlsx", ".~lock.Анкета.xlsx#", "Thumbs.db", "Анкета.xlsx.crdownload", "7C3D0000"]
    for name in names:
        day.drop_file(name, b"x")
    assert day.turn().taken == 0
    assert all((day.space.inbox / name).exists() for name in names)


@pytest.mark.skipif(sys.platform != "linux", reason="only there may a file name be no text")
def test_a_form_whose_name_is_no_text_is_taken_like_any_other(begun):
    day = begun
    names = [b"\xc0\xed\xea\xe5\xf2\xe0.xlsx", b"\xce\xe1\xf0\xfb\xe2.xlsx"]
    good = day.pair_forms()[0].data
    for name, data in zip(names, (good, good[:300]), strict=True):
        Path(os.fsdecode(os.fsencode(day.space.inbox) + b"/" + name)).write_bytes(data)
    assert day.turn().taken == 1
    assert "скопирован не до конца" in day.fates()


def test_our_own_paper_in_the_inbox_is_recognised(approved):
    path = next(approved.space.outbox.rglob("*Памятка*.docx"))
    approved.drop_file("памятка.docx", path.read_bytes())
    assert approved.turn().refused == 1
    assert "памятка.docx" in approved.fates()


@pytest.mark.prove
def test_the_order_of_arrival_does_not_matter(tmp_path):
    forward, backward = Day(tmp_path / "a"), Day(tmp_path / "b")
    made = forward.pair_forms()
    for one in made:
        forward.drop([one])
        forward.turn()
    for one in reversed(made):
        backward.drop([one])
        backward.turn()

    def people(day):
        return sorted((row["surname"], row["name"], row["birth"], row["post"]) for row in day.book()["people"].values())

    assert people(forward) == people(backward)
    assert len(given_consents(forward)) == len(given_consents(backward)) == 5


def test_people_may_be_pasted_from_a_staff_list_and_a_later_form_finds_them(begun):
    day = begun
    made = day.pair_forms()
    who = made[0].answers
    day.write("Л-0001", surname=who["people.surname"], name=who["people.name"], patronymic=who["people.patronymic"],
              birth=who["people.birth"], post="преподаватель")  # fmt: skip
    day.turn()
    day.drop(made[:1])
    day.turn()
    assert list(day.book()["people"]) == ["Л-0001"]
    assert [row["person"] for row in day.book()["mentors"].values()] == ["Л-0001"]


def test_nobody_is_in_the_log_or_the_codes(approved):
    surname = approved.row("Л-0001")["surname"]
    log = approved.space.state / "nastavnik.log"
    assert not log.exists() or surname not in log.read_text("utf-8")
    assert not any(surname.casefold() in path.name.casefold() for path in approved.space.archive.rglob("*"))


def explained(day: Day, path: Path) -> str:
    with day.opened() as office:
        return "\n".join(office.explain(path)).replace("\u00a0", " ")


def test_every_value_of_a_draft_is_explained_by_its_cell_its_form_her_edit_or_its_setting(approved):
    day = approved
    pair = day.row("П-0001")
    code = day.row("НК-0001")["person"]
    person = day.row(code)
    form = day.catalog.forms["consent_pair"].title  # the last form that said so
    told = explained(day, next(day.space.outbox.rglob("*Программа*.docx")))
    name = " ".join(person[key] for key in ("surname", "name", "patronymic"))
    assert f"«{name}» – лист «Люди», строка {code}, графы «Фамилия», «Имя», «Отчество», форма «{form}» от" in told
    assert f"«{day.catalog.organisation.short_name}» – config/organisation.yaml, short_name\n" in told
    assert re.search(r"«очно» – лист «Программы», строка ПР-0001, графа «[^»]*», составлено программой", told)
    order = explained(day, next(day.space.outbox.rglob("*Закрепление*ПРОЕКТ.docx")))
    assert "проект." in order.splitlines()[0]
    assert re.search(r"«традиционное \(«один-на-один»\)» – лист «Пары», строка П-0001, .*правка куратора", order)
    assert pair["order"] in order.splitlines()[0]


def test_a_renamed_and_changed_copy_is_explained_with_what_has_changed_in_the_register_since(approved, tmp_path):
    day = approved
    paper = docx.Document(str(next(day.space.outbox.rglob("*Программа*.docx"))))
    paper.add_paragraph("Приписано секретарём")
    copy = tmp_path / "моя программа.docx"
    paper.save(str(copy))
    day.write("ПР-0001", goal="Научиться вести журнал.")
    day.turn()
    told = explained(day, copy)
    assert "Файл изменён человеком" in told
    assert re.search(r"графа «Цель», правка куратора в редакции \d+ от 22.11.2026, сейчас там «Научиться", told)
    stranger = tmp_path / "чужой.docx"
    docx.Document().save(str(stranger))
    assert explained(day, stranger) == ""


def test_a_signed_order_is_kept_with_its_template_and_the_data_it_was_made_from(sent):
    day, order = sent, sent.row("П-0001")["order"]
    path = next(day.space.outbox.rglob("*Закрепление пар.docx"))
    day.write(order, number="57-од", day="2026-11-23")
    day.turn()
    kept = day.space.kept
    assert (kept / f"{files.digest_of(path)}.docx").read_bytes() == path.read_bytes()
    record = records.read((kept / f"{files.digest_of(path)}.json").read_text())
    template = day.catalog.templates["order_pairs"]
    assert record.template == files.digest_of(template)
    assert day.catalog.organisation.short_name in record.values


def test_what_was_taken_or_changed_is_known_on_the_state_page(approved):
    day = approved
    memo, programme = (next(day.space.outbox.rglob(name)) for name in ("*Памятка наставника*", "*Программа*"))
    memo.unlink()
    paper = docx.Document(str(programme))
    paper.add_paragraph("Приписано секретарём")
    paper.save(str(programme))
    day.write("ПР-0001", goal="Научиться вести журнал.")
    day.turn()
    state = day.state().replace("\u00a0", " ")
    assert f"{memo.name} – забрано" in state
    assert f"{programme.name} – изменено вручную, рядом лежит" in state
    assert "теперь «Научиться вести журнал.»" in state
    assert "теперь «Научиться вести журнал.»" in day.row("ПР-0001")["missing"]
