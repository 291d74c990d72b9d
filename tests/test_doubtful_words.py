"""A word form that nobody can be sure of: yellow in the draft, asked once, then written as the curator says."""

from io import BytesIO

import docx
import pytest

from tests.office_day import after, taken_in

FULL = "Кобец Роман Иванович"
POST = "мастер-песковод"
ORDERS = ("ПК-0011", "ПК-0012")  # codes that the program gave to no order of its own
REASONS = {FULL: "фамилии на -ец", POST: "слова «песковод» нет в словаре"}


def commended(root):
    """Let a man with a doubtful surname and a doubtful post be commended by two orders."""
    day = after(taken_in, root)
    person = day.row("НК-0001")["person"]
    day.write(person, surname="Кобец", name="Роман", patronymic="Иванович", sex="м", post=POST)
    day.turn()
    for number, order in enumerate(ORDERS, 1):
        day.write(order, kind="Поощрение", person=person, text=f"Выдать премию {number}", basis="служебная записка")
    day.turn()
    return day


@pytest.fixture
def day(tmp_path):
    return after(commended, tmp_path / "college")


def drafts(day):
    """Return the text of each of the two orders and what stands out in it."""
    return [read(next(day.space.outbox.rglob(f"{order}*.docx"))) for order in ORDERS]


def read(path):
    paragraphs = docx.Document(BytesIO(path.read_bytes())).paragraphs
    yellow = [run.text for one in paragraphs for run in one.runs if run.font.highlight_color]
    return "\n".join(one.text for one in paragraphs).replace("\u00a0", " "), " ".join(yellow).replace("\u00a0", " ")


def asked(day):
    """Return the rows of «Склонения» by their word."""
    rows = day.book()["declensions"].items()
    return {row["word"]: (code, row) for code, row in rows if row["word"] in REASONS}


def test_a_doubtful_form_is_yellow_in_every_draft_and_asked_once_with_a_reason_and_the_forms_proposed(day):
    for said, yellow in drafts(day):
        assert yellow == "мастера-песковода Кобеца Романа Ивановича"
        assert f"Поощрить {yellow}: выдать премию" in said
    assert len([row for row in day.book()["declensions"].values() if row["word"] == FULL]) == 1
    for word, reason in REASONS.items():
        _, row = asked(day)[word]
        assert reason in row["doubt"]
        assert "confirmed" not in row
    proposed = [asked(day)[FULL][1][case] for case in ("gen", "dat", "acc", "ins", "prep")]
    assert proposed[1:4] == ["Кобецу Роману Ивановичу", "Кобеца Романа Ивановича", "Кобецем Романом Ивановичем"]


def test_what_she_corrects_and_confirms_is_written_from_then_on_without_a_mark_and_the_row_stays(day):
    code, _ = asked(day)[FULL]
    day.write(code, gen="Кобца Романа Ивановича", acc="Кобца Романа Ивановича", confirmed="да")
    day.turn()
    for said, yellow in drafts(day):
        assert yellow == "мастера-песковода"
        assert "Поощрить мастера-песковода Кобца Романа Ивановича: выдать премию" in said
    day.turn()
    again, row = asked(day)[FULL]
    assert again == code
    assert (row["acc"], row["dat"], row["confirmed"]) == ("Кобца Романа Ивановича", "Кобецу Роману Ивановичу", "да")
    assert len(asked(day)) == 2


def test_the_clean_edition_bears_no_mark_even_if_nobody_answered(day):
    day.write(ORDERS[0], decision="На подпись")
    day.turn()
    [(said, yellow), (_, still)] = drafts(day)
    assert "ПРОЕКТ" not in said
    assert "Поощрить мастера-песковода Кобеца Романа Ивановича" in said
    assert (yellow, still) == ("", "мастера-песковода Кобеца Романа Ивановича")
    assert len(asked(day)) == 2
