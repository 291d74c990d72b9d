"""The layout of papers: numbers in config/layout.yaml are what a made document shows, wrong ones are told."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.shared import Cm, Mm, Pt
from openxml_audit import FileFormat, OpenXmlValidator

from pipeline import catalog, setup
from pipeline.catalog import Look
from pipeline.documents.filters import FILTERS
from pipeline.office import word
from pipeline.workspace import Workspace
from tests.documents import sample
from tests.test_catalog import HOUSE, change, mistakes

CATALOG = sample.load()
AUDIT = OpenXmlValidator(file_format=FileFormat.OFFICE_2019)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for part in ("config", "templates"):
        shutil.copytree(HOUSE / part, tmp_path / part)
    return tmp_path


def laid_out(name: str, told: Mapping[str, object]) -> bytes:
    return word.laid_out(CATALOG.templates[name].read_bytes(), Look.model_validate(told))


@pytest.mark.parametrize("name", sorted(CATALOG.documents))
def test_a_shipped_template_looks_as_the_shipped_settings_say(name: str) -> None:
    data = CATALOG.templates[name].read_bytes()
    assert word.laid_out(data, CATALOG.paper_layout.of(name)) == data


def test_margins_of_upright_pages_change_and_landscape_ones_stay(tmp_path: Path) -> None:
    data = laid_out("order_pairs", {"pages": {"portrait": {"left": 25, "right": 15, "top": 22.5, "header": 12}}})
    upright, landscape = docx.Document(BytesIO(data)).sections
    for found, wanted in ((upright.left_margin, 25), (upright.right_margin, 15), (upright.top_margin, 22.5)):
        assert found == pytest.approx(Mm(wanted), abs=Mm(0.03))
    assert upright.header_distance == pytest.approx(Mm(12), abs=Mm(0.03))
    assert landscape.page_width and landscape.page_height
    assert landscape.page_width > landscape.page_height
    assert landscape.left_margin == pytest.approx(Mm(20), abs=Mm(0.03))


def test_what_stands_at_the_right_margin_moves_with_it() -> None:
    paper = docx.Document(BytesIO(laid_out("order_pairs", {"pages": {"portrait": {"right": 20}}})))
    tabs = [tab.position for tab in paper.styles["Дата, место, номер"].paragraph_format.tab_stops]
    assert tabs == [pytest.approx(Mm(80), abs=Mm(0.1)), pytest.approx(Mm(160), abs=Mm(0.1))]
    acquaintance, annex = paper.tables
    assert sum(column.width or 0 for column in acquaintance.columns) == pytest.approx(Mm(160), abs=Mm(0.2))
    assert sum(column.width or 0 for column in annex.columns) == pytest.approx(Mm(257), abs=Mm(0.2))
    for row in acquaintance.rows:
        assert [cell.width for cell in row.cells] == [column.width for column in acquaintance.columns]


def test_a_style_gets_what_is_told_of_it_and_keeps_the_rest() -> None:
    told = {
        "size": 13,
        "font": "PT Astra Serif",
        "styles": {
            "Основной текст": {"line": 1.5, "first_line": 10, "align": "left"},
            "Таблица": {"size": 10.5},
            "Подпись": {"before": 30, "font": "Arial"},
        },
    }
    styles = docx.Document(BytesIO(laid_out("order_pairs", told))).styles
    body = styles["Body Text"].paragraph_format
    assert (body.line_spacing, body.alignment) == (1.5, 0)
    assert body.first_line_indent == pytest.approx(Mm(10), abs=Mm(0.03))
    assert styles["Таблица"].font.size == Pt(10.5)
    assert styles["Signature"].paragraph_format.space_before == Pt(30)
    assert styles["Signature"].paragraph_format.keep_together
    assert styles["Signature"].font.name == "Arial"
    assert styles["Title"].font.size == Pt(16)
    defaults = styles.element.find("{*}docDefaults/{*}rPrDefault/{*}rPr")
    assert {defaults.find(f"{{*}}{name}").get(word_name("val")) for name in ("sz", "szCs")} == {"26"}
    assert set(defaults.find("{*}rFonts").attrib.values()) == {"PT Astra Serif"}


def faults_of(path: Path) -> list[str]:
    return [str(error) for error in AUDIT.validate(str(path)).errors]


def word_name(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def test_a_template_begun_in_any_word_gets_the_font_size_and_language_of_the_settings(tmp_path: Path) -> None:
    """The template is one of python-docx: fonts of a theme, margins in inches, the language English."""
    path, begun = tmp_path / "template.docx", docx.Document()
    begun.add_paragraph("Слова {{ row.code }}", style="Body Text")
    begun.styles["Normal"].font.size = Pt(9)
    begun.save(str(path))
    before = faults_of(path)
    data = word.laid_out(path.read_bytes(), CATALOG.paper_layout.of("memo"))
    paper = docx.Document(BytesIO(data))
    assert paper.sections[0].left_margin == pytest.approx(Mm(30), abs=Mm(0.03))
    assert paper.styles["Normal"].font.size is None
    assert paper.styles["Body Text"].paragraph_format.first_line_indent == pytest.approx(Cm(1.25), abs=Mm(0.03))
    defaults = paper.styles.element.find("{*}docDefaults/{*}rPrDefault/{*}rPr")
    assert defaults.find("{*}lang").get(word_name("val")) == "ru-RU"
    assert set(defaults.find("{*}rFonts").attrib.values()) == {"Times New Roman"}
    path.write_bytes(data)
    assert faults_of(path) == before
    assert word.laid_out(data, CATALOG.paper_layout.of("memo")) == data


EVERYTHING = {
    "font": "Arial",
    "size": 12,
    "pages": {"portrait": dict.fromkeys(("left", "right", "top", "bottom", "header", "footer"), 33)},
    "styles": {
        name: {
            **{"font": "Arial", "size": 11, "line": 1.3, "before": 1, "after": 2, "align": "both"},
            **{"first_line": 3, "left": 4, "right": 5},
        }
        for name in CATALOG.paper_layout.styles
    },
}


@pytest.mark.parametrize("name", ["order_pairs", "programme", "consent_data"])
def test_a_template_laid_out_anew_in_everything_is_a_sound_document(tmp_path: Path, name: str) -> None:
    path = tmp_path / "template.docx"
    path.write_bytes(laid_out(name, EVERYTHING))
    assert faults_of(path) == []
    assert word.Template.load(path.read_bytes(), FILTERS).names()


def test_a_document_that_differs_keeps_everything_else() -> None:
    layout = CATALOG.paper_layout
    sheet, order = layout.of("consent_data"), layout.of("order_pairs")
    assert (sheet.pages.portrait.top, order.pages.portrait.top) == (15, 20)
    assert sheet.pages.portrait.left == order.pages.portrait.left == 30
    assert sheet.pages.landscape == order.pages.landscape
    assert layout.of("programme").styles["Основной текст"].first_line == 12.5


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("left: 30, r", "left: 3, r", "строка 10: ключ «left»: значение «3» не подходит. Допустимо: не меньше 5"),
        ("{left: 30, right: 10", "{left: тридцать, right: 10", "ключ «left»: значение «тридцать» не подходит"),
        ("{left: 30, right: 10", "{left: 15, right: 10", "portrait.left: 15 – стандарт рекомендует не меньше 20"),
        ("\nsize: 14", "\nsize: 15.2", "ключ «size»: значение «15.2» не подходит. Допустимо: кратное 0,5"),
        ("\nsize: 14", "\nsize: 16", "size: 16 – стандарт рекомендует 12, 13, 14"),
        ("текст: {line: 1.1", "текст: {line: 2", "Основной текст.line: 2 – стандарт рекомендует 1–1,5"),
        ("align: both", "align: all", "ключ «align»: значение «all» не подходит. Допустимо: 'left', 'center'"),
        ("first_line: 12.5", "first-line: 12.5", "ключ «first-line» неизвестен. Возможно, имелось в виду «first_line»"),
    ],
)  # fmt: skip
def test_a_wrong_number_is_told(root: Path, old: str, new: str, said: str) -> None:
    change(root / "config/layout.yaml", old, new)
    assert said in mistakes(root)


def test_a_style_that_no_template_has_is_told(root: Path) -> None:
    space = Workspace(root)
    assert not [text for text in setup.doubts(space, catalog.load(root)) if "layout.yaml" in text]
    change(root / "config/layout.yaml", "Исполнитель:", "Исполнители:")
    [said] = [text for text in setup.doubts(space, catalog.load(root)) if "layout.yaml" in text]
    assert "стиля «Исполнители» нет ни в одном шаблоне" in said
    assert "«исполнитель»" in said


def test_a_document_that_is_not_there_is_told_and_stops_nothing(root: Path) -> None:
    space = Workspace(root)
    change(root / "config/layout.yaml", "\n  programme:", "\n  programe:")
    [said] = [text for text in setup.doubts(space, catalog.load(root)) if "layout.yaml" in text]
    assert "«programe» нигде не объявлено. Возможно, имелось в виду «programme»" in said
