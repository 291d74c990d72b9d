"""What can befall the register's file, and what is promised then: the fault table of the register, row by row.

Nothing of hers is touched, she is told what was seen and which commands decide, and everything else goes on. The rows
that are about cells and rows are in test_merge, those about two writers at once in test_histories and test_exchange.
"""

import io
import itertools
import os
import random
import threading
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from pipeline import files, owners, samples
from pipeline.office import cells
from pipeline.office.cells import workbook
from pipeline.register import exchange
from pipeline.wording import register as wording
from tests.office_day import after, taken_in
from tests.register.histories import NOON

ACCEPT, DISCARD = "register accept", "register discard"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
PASSWORD = OLE + "EncryptedPackage".encode("utf-16-le")
ODS, XLSB, XLSM, STRICT = (
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TENTHS = range(10)
AFTER_CLOSING = exchange._AFTER_CLOSING  # histories, of which these houses are, wait for nobody


def by_hand(change):
    """What she does to the open workbook, in a program that rewrites the whole file."""

    def done(data):
        book, target = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
        change(book)
        book.save(target)
        return target.getvalue()

    return done


def with_parts(change):
    """What a program does to the parts of the file."""

    def done(data):
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
            for name, content in change({name: old.read(name) for name in old.namelist()}).items():
                new.writestr(name, content)
        return target.getvalue()

    return done


def replaced(name, old, new):
    return with_parts(lambda parts: {**parts, name: parts[name].replace(old.encode(), new.encode())})


def clear_codes(book):
    for number in range(2, 8):
        book["Люди"].cell(number, 1).value = None


def sort_codes_alone(book):
    codes = [book["Люди"].cell(number, 1).value for number in range(2, 8)]
    for number, code in enumerate(codes[1:] + codes[:1], 2):
        book["Люди"].cell(number, 1).value = code


def unname(book):
    for name in list(book.defined_names):
        if name.startswith("nastavnik"):
            del book.defined_names[name]


def heading(address, text):
    return by_hand(lambda book: book["Люди"].__setitem__(address, text))


def another_register(data):
    """The register of another organisation."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    place = cells.read(data).places["nastavnik_register"]
    book[place[0]].cell(*place[1:]).value = "0" * 32
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def break_lists(data):
    """The sheet behind the drop-downs is no XML."""
    part = workbook.opened(data).sheets[wording.LISTS]
    return with_parts(lambda parts: {**parts, part: parts[part].replace(b"</row>", b"</raw>", 1)})(data)


def noise(_):
    return random.Random(1).randbytes(5_000)


BELIEVED = {
    "D11 rows deleted": (by_hand(lambda book: book["Люди"].delete_rows(2, 5)), "пропали строки – 5 из 6"),
    "D11 codes cleared": (by_hand(clear_codes), "пропали строки – 6 из 6"),
    "D13 a part sorted": (by_hand(sort_codes_alone), "под прежними кодами другие данные"),
    "D16 heading renamed": (heading("B1", "Фамилии"), "нет заголовка «Фамилия». Похож «Фамилии»"),
    "D16 column deleted": (by_hand(lambda book: book["Люди"].delete_cols(3)), "нет заголовка «Должность»"),
    "D16 sheet renamed": (by_hand(lambda book: setattr(book["Люди"], "title", "Люди 1")), "Похож «Люди 1»"),
    "D16 sheet deleted": (by_hand(lambda book: book.remove(book["Приказы"])), "нет листа «Приказы»"),
    "D21 names lost": (by_hand(unname), "не этот реестр"),
    "D21 sheet of the stamp lost": (by_hand(lambda book: book.remove(book["О реестре"])), "не этот реестр"),
    "D22 foreign register": (another_register, "не этот реестр"),
}
"""What a person may tell us to take all the same: what befalls the file, and what she is told."""

UNREADABLE = {
    "D16 no code": (heading("A1", "Номер"), "нет заголовка «Код»"),
    "D16 heading twice": (heading("H1", "Фамилия"), "«Фамилия» стоит дважды"),
    "D20 .xls": (lambda _: OLE, "в старом формате"),
    "D20 .ods": (lambda _: packed({"mimetype": ODS}), "в формате .ods"),
    "D20 .xlsb": (replaced("[Content_Types].xml", KIND, XLSB), "в двоичном формате"),
    "D20 .xlsm": (replaced("[Content_Types].xml", KIND, XLSM), "в книге макросы"),
    "D20 Strict": (replaced("xl/workbook.xml", MAIN, STRICT), "в строгом формате Open XML"),
    "D24 password": (lambda _: PASSWORD, "закрыт паролем"),
    "D24 noise": (noise, "это не книга Excel"),
    "D24 lists": (break_lists, "Реестр не читается"),
    "D24 empty": (lambda _: b"", "файл пуст"),
    "D26 shared": (with_parts(lambda parts: {**parts, "xl/revisions/log1.xml": b"<a/>"}), "общий доступ"),
    **{f"D24 cut at {n}": (lambda data, n=n: data[: len(data) * n // 10], "Реестр не читается") for n in TENTHS},
}
"""What nobody can take: what befalls the file, and what she is told."""


def packed(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def rows(house, desk, sheet="people"):
    table = desk.read(house.path.read_bytes())[sheet]
    return {line.code: dict(line.cells) for line in table.lines if line.cells}


def holds(house, change, told):
    """Let something befall the file; it is told, the file stays as it is, and forms are taken meanwhile."""
    data = change(house.path.read_bytes())
    house.path.write_bytes(data)
    for _ in range(2):
        held = house.turn().held
        assert told in held, held
        assert DISCARD in held
        assert house.path.read_bytes() == data
        house.feed("people:1", random.Random(1))
    return held


@pytest.mark.parametrize(("change", "told"), [*BELIEVED.values(), *UNREADABLE.values()], ids=[*BELIEVED, *UNREADABLE])
def test_the_file_is_kept_she_is_told_and_the_last_revision_comes_back_by_one_command(house, desk, change, told):
    before = rows(house, desk)
    holds(house, change, told)
    broken = house.path.read_bytes()
    house.exchange.discard()
    assert not house.turn().held
    after = rows(house, desk)
    assert {**after, "Л-0001": None} == {**before, "Л-0001": None}
    assert after["Л-0001"] != before["Л-0001"], "what forms brought meanwhile stands"
    assert broken in [event.copy.read_bytes() for event in house.exchange.events()]


@pytest.mark.parametrize("told", BELIEVED.values(), ids=BELIEVED)
def test_the_command_that_decides_otherwise_is_named(house, told):
    assert ACCEPT in holds(house, *told)


@pytest.mark.parametrize("fault", [name for name in BELIEVED if name[:3] in {"D16", "D21", "D22"}])
def test_what_is_missing_comes_back_and_her_other_edits_are_taken(house, desk, fault):
    change, told = BELIEVED[fault]
    before = rows(house, desk)
    copy = desk.open(house.path.read_bytes())
    desk.change(copy, ("mentors", "НК-0001", "hours"), "её правка")
    house.path.write_bytes(copy.data)
    holds(house, change, told)
    house.exchange.accept()
    assert not house.turn().held
    assert rows(house, desk, "mentors")["НК-0001"]["hours"] == "её правка"
    after = rows(house, desk)
    assert {**after, "Л-0001": None} == {**before, "Л-0001": None}
    copy = desk.open(house.path.read_bytes())
    desk.change(copy, ("people", "Л-0002", "note"), "и дальше")
    house.path.write_bytes(copy.data)
    assert not house.turn().held
    assert rows(house, desk)["Л-0002"]["note"] == "и дальше"


def test_d16_what_she_wrote_in_the_other_cells_of_a_row_that_lost_a_column_is_taken(house, desk):
    def change(book):
        book["Люди"]["D3"] = "её правка"
        book["Люди"].delete_cols(3)

    before = rows(house, desk)["Л-0002"]
    holds(house, by_hand(change), "нет заголовка «Должность»")
    house.exchange.accept()
    house.turn()
    assert rows(house, desk)["Л-0002"] == {**before, "note": "её правка"}


# --- openness -------------------------------------------------------------------------------------------------------


def owner_file(house, age=0.0):
    owner = house.path.with_name(owners.names(house.path.name)[0])
    owner.write_bytes(b"")
    os.utime(owner, (NOON.timestamp() - age, NOON.timestamp() - age))
    return owner


def test_d1_changes_wait_while_she_has_it_open_and_come_when_she_has_closed_it(house, desk):
    owner, before = owner_file(house), house.path.read_bytes()
    house.feed("people:1", random.Random(1))
    assert "Ждут записи изменения – 2" in house.turn().held, "her row and one that shows the name"
    assert house.path.read_bytes() == before
    owner.unlink()
    assert house.turn().written


def test_d2_an_owner_file_left_by_a_crash_is_told_of_and_never_deleted(house):
    owner = owner_file(house, 13 * 3600)
    house.feed("people:1", random.Random(1))
    assert house.turn().written
    assert house.exchange.abandoned() == [owner.name]
    assert owner.exists()


def test_d4_an_owner_file_that_flickers_breaks_nothing(house, desk):
    stop = threading.Event()

    def flicker():
        chance = random.Random(1)
        while not stop.is_set():
            owner_file(house)
            time.sleep(chance.random() / 500)
            house.path.with_name(owners.names(house.path.name)[0]).unlink()
            time.sleep(chance.random() / 500)

    thread = threading.Thread(target=flicker)
    thread.start()
    try:
        for number in range(1, 7):
            house.feed(f"people:{number}", random.Random(number))
            house.turn()
    finally:
        stop.set()
        thread.join()
    house.turn()
    assert {row["surname"] for row in rows(house, desk).values()} >= {
        value for (_, _, column), value in house.facts().items() if column == "surname"
    }


def test_d4_a_workbook_just_closed_is_watched_for_two_seconds(house, monkeypatch):
    waited = []
    monkeypatch.setattr(exchange, "_AFTER_CLOSING", AFTER_CLOSING)
    monkeypatch.setattr(exchange.time, "sleep", waited.append)
    owner = owner_file(house)
    house.feed("people:1", random.Random(1))
    house.turn()
    owner.unlink()
    assert house.turn().written
    assert sum(waited) >= 2


def test_d23_a_register_that_is_away_for_a_moment_is_waited_for(house, desk):
    before, away = rows(house, desk), house.path.with_name("away")
    house.path.rename(away)
    assert "нет на месте" in house.turn().held
    assert not house.path.exists()
    away.rename(house.path)
    assert not house.turn().held
    assert rows(house, desk) == before


def test_d23_a_register_that_was_deleted_is_laid_again_only_by_command(house, desk):
    before = rows(house, desk)
    house.path.unlink()
    assert DISCARD in house.turn().held
    house.exchange.discard()
    assert not house.turn().held
    assert rows(house, desk) == before


def test_d25_a_sheet_near_the_limit_is_warned_about_and_one_beyond_it_not_written(house):
    house.exchange.catalog.policy.most_rows = 8
    wanted, _ = house.decide()
    assert "Лист «Люди»: строк 6, предел – 8" in house.exchange.plan(wanted).warnings[0]
    house.exchange.catalog.policy.most_rows = 5
    before = house.path.read_bytes()
    house.feed("people:1", random.Random(1))
    assert "больше предела – 5" in house.turn().held
    assert house.path.read_bytes() == before


# --- sharing violations and access rights ---------------------------------------------------------------------------


@pytest.fixture
def day(tmp_path):
    return after(taken_in, tmp_path / "college")


def refuse(monkeypatch, day, mode):
    """Let the system refuse to open workbooks in the register's folder in a mode, as it does when others hold them."""
    plain = Path.open

    def opened(path, *how, **settings):
        if path.parent == day.space.register.parent and path.suffix == ".xlsx" and mode in {*how, settings.get("mode")}:
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path, *how, **settings)

    monkeypatch.setattr(Path, "open", opened)


@pytest.mark.parametrize("mode", ["rb", "wb"])
def test_d27_while_the_register_may_not_be_read_or_replaced_all_else_goes_on(day, monkeypatch, mode):
    before = day.space.register.read_bytes()
    day.drop(samples.make(day.catalog, 7, 2, day.now.date()))
    with monkeypatch.context() as held:
        refuse(held, day, mode)
        outcome = day.turn()
        assert outcome.taken == 7
        assert "занят другой программой" in outcome.held
        assert "занят другой программой" in day.state()
    assert day.space.register.read_bytes() == before
    assert day.turn().written
    assert len(day.book()["people"]) == 4
    assert not files.leftovers(day.space.register)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_d27_where_two_names_cannot_be_exchanged_at_once_a_refusal_at_any_step_loses_nothing(
    house, desk, monkeypatch, place
):
    plain, count = Path.rename, itertools.count()

    def rename(path, target):
        if not path.name.startswith(files._HALF) and next(count) == place:
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path, target)

    house.feed("people:1", random.Random(1))
    with monkeypatch.context() as held:
        held.setattr(files.sys, "platform", "win32")
        held.setattr(Path, "rename", rename)
        with pytest.raises(files.Busy):
            house.turn()
    house.turn()
    house.turn()
    assert len(rows(house, desk)) == 6
    assert house.facts()["people", "Л-0001", "surname"] == rows(house, desk)["Л-0001"]["surname"]
