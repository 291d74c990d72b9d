"""Erasing people: nothing of them is left in any byte of the workspace, and nothing of anybody else is lost."""

import html
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from pipeline import cycle, files, steps
from pipeline.__main__ import main
from pipeline.casework import dossier
from pipeline.cycle import subject
from pipeline.intake import form_sheet
from pipeline.office import cells
from tests.office_day import PAIR, Day, after
from tests.test_crash import Crash

DATA = "Обработка персональных данных"
LETTERS = "абвгдежзик"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = (
    '<Relationship Id="rIdS" Target="sharedStrings.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
)
TYPE = (
    '<Override PartName="/xl/sharedStrings.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
SCAN = "INSERT INTO scan(name, file, pages, received, link, token, edit) VALUES(?, ?, '1', '2026-11-22', ?, ?, 0)"
INLINE = re.compile(r'<c([^>]*)t="inlineStr"([^>]*)><is>(.*?)</is></c>', re.DOTALL)


def token(number: int) -> str:
    """A word that no text has by chance, one for each person."""
    return "щъы" + "".join(LETTERS[int(digit)] for digit in f"{number:04d}")


def signs(number: int) -> list[str]:
    """Everything that may be left of a person: the word, the address, the phone, the personnel number."""
    return [
        token(number),
        token(number).capitalize(),
        f"qzx{number:04d}q",
        f"949 7{number:02d}-{number:02d}-{number:02d}",
    ]


def canary(day: Day, form: str, number: int, **more: str) -> bytes:
    """A form that bears a person's signs in every answer that is free text."""
    declared = day.catalog.forms[form]
    word = token(number)
    person = {
        "people.surname": word.capitalize(),
        "people.name": f"{word.capitalize()}а",
        "people.patronymic": f"{word.capitalize()}овна",
        "people.sex": "ж",
        "people.birth": f"19{60 + number % 40}-0{1 + number % 9}-1{number % 10}",
        "people.number": f"qzx{number:04d}q",
        "people.phone": f"+7 949 7{number:02d}-{number:02d}-{number:02d}",
        "people.email": f"qzx{number:04d}q@example.ru",
    }
    answers = {}
    for one in declared.fields:
        if one.kind in {"text", "long"}:
            answers[one.column] = f"преподаватель {word}" if one.column == "people.post" else f"Ответ {word} {one.key}"
        elif one.kind in {"choice", "choices"} and one.options:
            answers[one.column] = one.options[0]
        elif one.kind == "number":
            answers[one.column] = "3"
    return form_sheet.make(declared, day.catalog.organisation, {**answers, **person, **more})


def contents(data: bytes) -> Iterator[bytes]:
    """A file's bytes, and those of every file packed in it."""
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as whole:
            for name in whole.namelist():
                yield from contents(whole.read(name))
    elif b"&#" in data:
        yield html.unescape(data.decode("utf-8", "ignore")).encode()


def traces(day: Day, number: int) -> list[str]:
    """Where anything of a person is left: raw, in zips, as UTF-16, and in the free pages of the database."""
    words = [spelt for sign in signs(number) for spelt in (sign.encode(), sign.encode("utf-16-le"))]
    return [
        day.space.relative(path)
        for path in sorted(day.space.root.rglob("*"))
        if path.is_file()
        if any(word in part for part in contents(path.read_bytes()) for word in words)
        or any(sign in path.name for sign in signs(number))
    ]


def settle(day: Day) -> None:
    """As Excel does: every text of the workbook goes into one part, and cells point there by number."""
    day.space.register.write_bytes(shared(day.space.register.read_bytes()))


def shared(data: bytes) -> bytes:
    """A workbook whose texts stand in one shared part; one with such a part stays as it is."""
    texts: list[str] = []

    def move(found: re.Match[str]) -> str:
        texts.append(found[3])
        return f'<c{found[1]}t="s"{found[2]}><v>{len(texts) - 1}</v></c>'

    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        assert "xl/sharedStrings.xml" not in whole.namelist()
        for name in whole.namelist():
            text = whole.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text = INLINE.sub(move, text.decode()).encode()
            elif name == "[Content_Types].xml":
                text = text.replace(b"</Types>", f"{TYPE}</Types>".encode())
            elif name == "xl/_rels/workbook.xml.rels":
                text = text.replace(b"</Relationships>", f"{RELATION}</Relationships>".encode())
            new.writestr(name, text)
        assert texts
        items = "".join(f"<si>{one}</si>" for one in texts)
        new.writestr("xl/sharedStrings.xml", f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{MAIN}">{items}</sst>')
    return buffer.getvalue()


def stranger(word: str) -> bytes:
    """A workbook that is no form of ours and tells of a person."""
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = f"Отпуск: {word.capitalize()} {word.capitalize()}а {word.capitalize()}овна"
    book.save(buffer)
    return buffer.getvalue()


def college(root: Path) -> Day:
    """Two mentors (0, 1), two mentees (2, 3); 0 and 2 are a pair in a draft; 3 handed in mistakes and a stranger."""
    day = Day(root)
    for number in range(4):
        role = "mentor" if number < 2 else "mentee"
        day.drop_file(f"Анкета {token(number)}.xlsx", canary(day, role, number))
        for form in ("consent_data", "consent_pair", *(("consent_mentor",) if number < 2 else ())):
            day.drop_file(f"{form} {token(number)}.xlsx", canary(day, form, number))
    day.turn()
    day.drop_file(f"Плохая {token(3)}.xlsx", canary(day, "mentee", 3, **{"people.birth": "", "mentees.request": "x"}))
    day.drop_file(f"Что это {token(3)}.xlsx", stranger(token(3)))
    day.curator.mark_signatures(day.now.date())
    day.write("П-0001", **PAIR)
    day.turn()
    day.write("П-0001", note=f"Позвонить: {token(2).capitalize()} {token(2).capitalize()}а {token(2).capitalize()}овна")
    settle(day)
    day.turn()
    assert day.row("П-0001")["state"] == "В приказе"
    return day


@pytest.fixture
def day(tmp_path):
    return after(college, tmp_path / "college")


def code_of(day: Day, number: int) -> str:
    people = day.book()["people"]
    return next(code for code, row in people.items() if row["surname"] == token(number).capitalize())


def erase(day: Day, number: int) -> str:
    code = code_of(day, number)
    day.ask_for("erase", f"{code}\nтребование субъекта")
    day.turn()
    return code


# --- erasing ----------------------------------------------------------------------------------------------------------


def test_nothing_is_left_of_the_erased_and_everything_of_the_others(day):
    before = {number: traces(day, number) for number in range(4)}
    assert all(len(found) > 3 for found in before.values())
    for number in (2, 3):
        erase(day, number)
    assert traces(day, 2) == []
    assert traces(day, 3) == []
    for number in (0, 1):
        row = day.row(code_of(day, number))
        assert row["phone"] == f"+7 949 7{number:02d}-{number:02d}-{number:02d}"
        archived = [path for path in before[number] if path.startswith("archive/")]
        assert archived and set(archived) <= set(traces(day, number))


def test_the_act_and_the_log_say_what_the_law_wants(day):
    code = erase(day, 2)
    papers = day.papers()
    [act] = [text for name, text in papers.items() if "Акт" in name]
    [log] = [text for name, text in papers.items() if "Выгрузка" in name]
    organisation = day.catalog.organisation
    for text in (act, log):
        assert code in text and "требование субъекта" in text and "22.11.2026" in text
        assert "Люди: Фамилия, Имя" in text and "Программа «Наставник»" in text
    assert organisation.full_name in act and "Способ уничтожения" in act and "пересобрана" in log
    row = day.row("УД-0001")
    assert row["state"] == "Выполнено" and row["paper"]
    assert "строк реестра" in row["carriers"]


def test_erasing_waits_while_the_workbook_is_open_and_says_so(day):
    code = code_of(day, 3)
    lock = day.space.register.with_name(f".~lock.{day.space.register.name}#")
    lock.write_text(",Ковальчук,pc,22.11.2026 12:00,file:///x;")
    os.utime(lock, (day.now.timestamp(), day.now.timestamp()))
    day.ask_for("erase", code)
    day.turn()
    assert f"Уничтожение данных {code} ждёт: реестр открыт" in day.state()
    assert traces(day, 3)
    lock.unlink()
    day.turn()
    assert traces(day, 3) == []
    assert "ждёт" not in day.state()


@pytest.mark.prove
def test_a_pair_in_force_must_end_first(day):
    order = day.row("П-0001")["order"]
    day.write(order, decision="На подпись")
    day.turn()
    day.write(order, number="57-од", day="2026-11-22")
    day.turn()
    code = erase(day, 2)
    assert f"Данные {code} пока нельзя уничтожить" in day.state()
    assert day.row(code)
    day.write("П-0001", decision="Прекратить")
    day.turn()
    end = next(one for one, row in day.book()["orders"].items() if row["kind"].startswith("Завершение"))
    day.write(end, reason="инициатива наставляемого", since="2026-11-22")
    day.turn()
    day.write(end, decision="На подпись")
    day.turn()
    day.write(end, number="58-од", day="2026-11-22")
    day.turn()
    day.turn()
    assert not day.row(code)
    assert "№ 57-од от 22.11.2026: постоянно" in day.row("УД-0001")["kept"]
    left = traces(day, 2)
    kept = ("outbox/Приказы/", day.space.relative(day.space.kept))
    assert left and all(path.startswith(kept) for path in left), left


@pytest.mark.prove
def test_an_old_copy_of_the_workbook_brings_nobody_back(day):
    old = day.space.register.read_bytes()
    code = erase(day, 2)
    changed = openpyxl.load_workbook(io.BytesIO(old))
    sheet = changed["Люди"]
    headings = {cell.value: cell.column for cell in sheet[1]}
    [row] = [one for one in sheet.iter_rows(min_row=2) if one[0].value == code_of_old(day, old, 1)]
    sheet.cell(row[0].row, headings["Должность"]).value = "методист"
    changed.save(day.space.register)
    day.turn()
    day.turn()
    assert traces(day, 2) == []
    assert not day.row(code)
    assert day.row(code_of(day, 1))["post"] == "методист"


def code_of_old(day: Day, data: bytes, number: int) -> str:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    rows = book["Люди"].iter_rows(values_only=True)
    return next(row[0] for row in rows if row[1] == token(number).capitalize())


def test_who_comes_again_after_erasure_is_a_new_person(day):
    code = erase(day, 3)
    day.drop_file("Анкета.xlsx", canary(day, "mentee", 3))
    day.turn()
    assert code_of(day, 3) != code


def test_erasing_twice_says_that_there_is_nobody(day):
    code = erase(day, 3)
    acts = len(day.papers())
    day.ask_for("erase", code)
    day.turn()
    assert len(day.papers()) == acts


@pytest.mark.prove
def test_a_held_copy_that_is_discarded_leaves_nothing_of_the_erased(day):
    old = day.space.register.read_bytes()
    erase(day, 2)
    book = openpyxl.load_workbook(io.BytesIO(old))
    del book["Согласия"]
    book.save(day.space.register)
    assert day.turn().held
    day.ask_for("discard")
    day.turn()
    assert traces(day, 2) == []
    assert len(day.book()["people"]) == 3


def test_a_signed_sheet_goes_with_its_page_and_those_of_others_stay(day):
    pages = {number: f"archive/2026-2027/page-{number}.pdf" for number in (1, 2)}
    with day.opened() as office:
        tokens = {one.person: one.token for one in office._journal.printed()}
        for number, link in pages.items():
            (day.space.root / link).write_bytes(f"%PDF {token(number)}".encode())
            scan = f"{number}" * 64 + "-1", f"скан {token(number)}.pdf", link, tokens[code_of(day, number)]
            office._journal.database.execute(SCAN, scan)
    erase(day, 2)
    assert traces(day, 2) == []
    assert [(day.space.root / link).is_file() for link in pages.values()] == [True, False]
    with day.opened() as office:
        assert [one.link for one in office._journal.scans()] == [pages[1]]


# --- crashes ----------------------------------------------------------------------------------------------------------


def announcements(day: Day) -> list[str]:
    seen: list[str] = []
    steps.listener = seen.append
    day.turn()
    return seen


@pytest.fixture
def quiet(monkeypatch):
    monkeypatch.setattr(steps, "listener", steps.listener)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    return steps.listener


def heals(day: Day, tmp_path: Path, quiet: object, every: int) -> None:
    """Crash the run at its announcements, run again: the end is always the same."""
    code = code_of(day, 2)
    day.ask_for("erase", code)
    shutil.copytree(day.space.root, tmp_path / "counted")
    places = len(announcements(Day(tmp_path / "counted", day.now)))
    assert places > 20
    for place in range(0, places, every):
        crashed = Day(Path(shutil.copytree(day.space.root, tmp_path / f"crash-{place}")), day.now)
        crash(crashed, place)
        steps.listener = quiet  # type: ignore[assignment]
        crashed.turn()
        crashed.turn()
        assert traces(crashed, 2) == [], f"crash at {place} of {places}"
        assert crashed.row("УД-0001")["state"] == "Выполнено"
        assert [name for name in crashed.papers() if "Акт" in name]
        assert code_of(crashed, 0) and code_of(crashed, 3)
        shutil.rmtree(crashed.space.root)


def crash(day: Day, place: int) -> None:
    count = iter(range(10**6))

    def stop(name: str) -> None:
        if next(count) == place:
            raise Crash(name)

    steps.listener = stop
    with pytest.raises(Crash):
        day.turn()


@pytest.mark.prove
def test_a_crash_at_every_step_heals(day, tmp_path, quiet):
    heals(day, tmp_path, quiet, int(os.environ.get("CRASH_STEP", "3")))


@pytest.mark.prove
def test_twenty_of_two_hundred_leave_no_trace(tmp_path):
    day = Day(tmp_path / "college")
    many, gone = int(os.environ.get("CANARIES", "200")), range(0, int(os.environ.get("CANARIES", "200")), 10)
    for number in range(many):
        day.drop_file(f"Анкета {token(number)}.xlsx", canary(day, ("mentor", "mentee")[number % 2], number))
        day.drop_file(f"Согласие {token(number)}.xlsx", canary(day, "consent_data", number))
    day.turn()
    settle(day)
    day.turn()
    codes = {row["surname"]: code for code, row in day.book()["people"].items()}
    for number in gone:
        day.ask_for("erase", codes[token(number).capitalize()])
    for _ in range(3):
        day.turn()
    assert {number: found for number in gone if (found := traces(day, number))} == {}
    people = day.book()["people"]
    assert len(people) == many - len(gone)
    assert all(len(traces(day, number)) >= 3 for number in range(1, many, 37))


# --- the parts --------------------------------------------------------------------------------------------------------


def test_texts_that_no_cell_shows_leave_the_workbook_and_the_rest_stays():
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"], book.active["A2"] = "остаётся", "уходит"
    book.save(buffer)
    changed = cells.apply(shared(buffer.getvalue()), [cells.SetCell("Sheet", 2, 1, None)])
    assert any("уходит".encode() in part for part in contents(changed))
    clean = cells.blanked(changed)
    assert not any("уходит".encode() in part for part in contents(clean))
    assert openpyxl.load_workbook(io.BytesIO(clean)).active["A1"].value == "остаётся"
    assert cells.blanked(clean) == clean


# --- who has what -----------------------------------------------------------------------------------------------------


def test_the_answer_to_a_data_subject_names_everything_held_and_where(day, capsys):
    code = code_of(day, 2)
    assert main(["person", code, "--root", str(day.space.root)]) == 0
    shown = capsys.readouterr().out
    [text] = [text for name, text in day.papers().items() if "Сведения" in name]
    for told in (shown, text):
        assert f"Ответ {token(2)} request" in told
        assert f"реестр, лист «Люди», {code}" in told
        assert "оригинал формы" in told and "archive/2026-2027/" in told
        assert f"qzx{2:04d}q@example.ru" in told
        assert "согласие на обработку персональных данных С-" in told and "до 31.08.2027" in told
    erase(day, 2)
    assert traces(day, 2) == []


def test_erase_asks_twice_and_does_nothing_without_a_yes(day, monkeypatch, capsys):
    code, root = code_of(day, 3), str(day.space.root)
    for answers in (["нет"], ["уничтожить", "Л-9999"], []):
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers)))
        assert main(["erase", code, "--root", root]) == 2
        assert "ничего не уничтожено" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO(f"уничтожить\n{code}\n"))
    assert main(["erase", code, "--root", root]) == 0
    assert f"Данные {code} уничтожены" in capsys.readouterr().out
    assert traces(day, 3) == []
    assert main(["erase", code, "--root", root]) == 2
    assert "такого человека нет" in capsys.readouterr().out


def test_while_an_instance_works_the_job_is_left_for_it(day, monkeypatch, capsys):
    code = code_of(day, 3)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"уничтожить\n{code}\n"))
    with files.only_instance(day.space.state / "lock"):
        assert main(["erase", code, "--root", str(day.space.root), "--reason", "решение суда"]) == 0
    assert "работает программа" in capsys.readouterr().out
    assert day.row(code)
    day.turn()
    assert traces(day, 3) == []
    assert day.row("УД-0001")["reason"] == "решение суда"


def test_a_dossier_holds_their_rows_and_nobody_elses(day):
    with day.opened() as office:
        rows = subject.rows_of(office.register.published())
    found = dossier.of(day.catalog.layout, rows, code_of(day, 2))
    assert found is not None
    sheets = {row.sheet for row in found.rows}
    assert {"people", "mentees", "consents", "pairs"} <= sheets and "mentors" not in sheets
    assert dossier.of(day.catalog.layout, rows, "Л-9999") is None
    assert isinstance(office, cycle.Cycle)
