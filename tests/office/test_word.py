"""Papers made from templates say exactly what the data say, or are not made at all."""

import itertools
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from lxml import etree

from pipeline.office import word
from pipeline.office.word import Marked, MissingName, NotDocx, Problem, Template, TemplateMistake, Unprintable, package
from tests.bench import render as bench
from tests.office import word_samples as samples

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT = "word/document.xml"
NASTY = [
    "&",
    "<",
    ">",
    "<b>x</b>",
    '"',
    "'",
    "]]>",
    "{{ x }}",
    "{% if %}",
    "{_{",
    "&amp;",
    "\n",
    "\t",
    "\a",
    "🙂",
    " ",
    "\xa0",
]
FILTERS: dict[str, Callable[..., Any]] = {"doubtful": Marked, "loud": lambda text: text + "!"}


def load(*paragraphs: str) -> Template:
    return Template.load(samples.template(*paragraphs), FILTERS)


def text(*paragraphs: str, **context: Any) -> str:
    return word.text_of(load(*paragraphs).render(context))


def problems(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(TemplateMistake) as caught:
        Template.load(data, FILTERS)
    return caught.value.problems


def problems_of(*paragraphs: str) -> list[tuple[str, str]]:
    return [(one.kind, one.name) for one in problems(samples.template(*paragraphs))]


def body(xml: str) -> bytes:
    """A document whose body is this XML."""
    return samples.with_members(
        samples.template(""),
        {DOCUMENT: lambda old: re.sub(b"<w:body>.*?(?=<w:sectPr)", b"<w:body>" + xml.encode(), old, flags=re.S)},
    )


def shown(value: str) -> str:
    """What a reader must see of a value, stated anew here and not taken from the engine."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n")
    lines = lines.replace("\N{NON-BREAKING HYPHEN}", "-")
    return "".join(sign for sign in lines if sign in "\t\n" or _may_stand_in_xml(ord(sign)))


def _may_stand_in_xml(code: int) -> bool:
    noncharacter = 0xFDD0 <= code <= 0xFDEF or code in (0xFFFE, 0xFFFF)
    return code >= 0x20 and not 0xD800 <= code <= 0xDFFF and not noncharacter


# --- what the data say


@settings(max_examples=200, deadline=None)
@given(st.text() | st.lists(st.sampled_from(NASTY) | st.text()).map("".join))
@example("\ud800")
@example("\ufdd0\ufdd1\ufdd2\ufdd3\ufffe")
@example("  края  ")
@example(" 57\N{NON-BREAKING HYPHEN}од\N{NON-BREAKING HYPHEN}\n<")
@example("«Заря» & Ко, рост <10 %")
def test_any_text_is_read_back_as_it_was_given(value: str) -> None:
    assert word.text_of(ANYWHERE.render({"x": value})) == "\n".join(
        [shown(value), shown(value), f"до {shown(value)} после", shown(value)]
    )


def _anywhere() -> Template:
    document = samples.blank()
    document.sections[0].header.paragraphs[0].text = "{{ x }}"
    document.add_paragraph("{{ x }}")
    document.add_paragraph("до {{ x }} после")
    samples.rows(document, [["{{ x }}"]])
    return Template.load(samples.saved(document), {})


ANYWHERE = _anywhere()


def test_a_control_character_in_one_value_leaves_the_others_whole() -> None:
    assert text("{{ a }}, {{ b }}", a="зво\x07нок", b="Заря & Ко <10 %") == "звонок, Заря & Ко <10 %"


def test_a_value_carrying_a_tag_is_printed_literally() -> None:
    assert text("{{ x }}", x="{{ 7*7 }}{% if %}") == "{{ 7*7 }}{% if %}"


def test_a_line_break_in_a_value_stays_in_its_run() -> None:
    document = docx.Document(BytesIO(load("{{ x }}").render({"x": "раз\r\nдва\rтри"})))
    (run,) = document.paragraphs[0].runs
    assert [child.tag.removeprefix(W) for child in run._r] == ["t", "br", "t", "br", "t"]


def test_a_hyphen_that_no_line_ends_at_is_words_own_and_read_as_a_hyphen() -> None:
    made = load("№ {{ x }}").render({"x": "57\N{NON-BREAKING HYPHEN}од"})
    (run,) = docx.Document(BytesIO(made)).paragraphs[0].runs
    assert [child.tag.removeprefix(W) for child in run._r] == ["t", "noBreakHyphen", "t"]
    assert word.text_of(made) == "№ 57-од"


def test_no_break_spaces_and_blanks_at_the_ends_stay() -> None:
    assert text("{{ x }}|", x=" № 5\xa0 ") == " № 5\xa0 |"


def test_a_value_in_an_attribute_is_escaped_and_stays_on_one_line() -> None:
    data = body('<w:p><w:r><w:t>а</w:t></w:r><w:hyperlink w:tooltip="{{ x }}" w:anchor="b"/></w:p>')
    made = Template.load(data, {}).render({"x": 'до "после"\n<1 & 2>'})
    link = etree.fromstring(samples.members(made)[DOCUMENT]).find(f".//{W}hyperlink")
    assert link is not None
    assert link.get(W + "tooltip") == 'до "после" <1 & 2>'


def test_whole_numbers_and_objects_with_a_text_of_their_own_are_printed() -> None:
    assert text("{{ a }} {{ b }}", a=5, b=Path("дом")) == "5 дом"


@pytest.mark.parametrize("value", [None, True, 1.5, ["а"], {"а": 1}, object(), len, "слово".upper])
def test_a_value_without_a_text_of_its_own_is_never_printed(value: object) -> None:
    with pytest.raises(Unprintable) as caught:
        text("до {{ x }}", x=value)
    assert caught.value.type_name == type(value).__name__
    assert caught.value.place == "до {{ x }}"


def test_literals_in_a_template_are_held_to_the_same_rules() -> None:
    assert text("{{ “Заря & Ко <1>” }}") == "Заря & Ко <1>"
    with pytest.raises(Unprintable):
        text("{{ none }}")


# --- the dialect


def test_a_tag_torn_into_runs_by_word_is_filled_in() -> None:
    document = samples.blank()
    samples.split(document.add_paragraph("Назначить "), "{", "{ na", "me", " }", "}", " наставником")
    assert (
        word.text_of(Template.load(samples.saved(document), {}).render({"name": "Петрову"}))
        == "Назначить Петрову наставником"
    )


def test_curly_quotes_that_word_puts_into_tags_are_understood() -> None:
    assert text("{{ names|join(“, ”) }} {% if a == ‘да’ %}верно{% endif %}", names=["А", "Б"], a="да") == "А, Б верно"


def test_tags_are_filled_in_headers_footers_and_notes() -> None:
    document = samples.blank()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = "верх {{ x }}"
    section.first_page_header.paragraphs[0].text = "первый верх {{ x }}"
    section.footer.paragraphs[0].text = "низ {{ x }}"
    document.add_paragraph("тело {{ x }}")
    source = _with_footnote(samples.saved(document), "сноска {{ x }}")
    lines = word.paragraphs_of(Template.load(source, {}).render({"x": "1"}))
    assert sorted(lines[:2]) == ["верх 1", "первый верх 1"]
    assert lines[2:] == ("тело 1", "сноска 1", "низ 1")


def _with_footnote(data: bytes, note: str) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
    one = f'<w:footnote w:id="2"><w:p><w:r><w:t>{note}</w:t></w:r></w:p></w:footnote>'
    xml = f'<w:footnotes xmlns:w="{W[1:-1]}">{one}</w:footnotes>'
    return samples.with_members(
        data,
        {
            "word/footnotes.xml": xml.encode(),
            "[Content_Types].xml": lambda old: old.replace(b"</Types>", override.encode()),
        },
    )


def test_a_row_loop_repeats_its_row_and_keeps_the_heading() -> None:
    document = samples.blank()
    table = [["№", "ФИО"], ["{%tr for p in people %}", ""], ["{{ loop.index }}", "{{ p }}"], ["{%tr endfor %}", ""]]
    samples.rows(document, table)
    made = docx.Document(BytesIO(Template.load(samples.saved(document), {}).render({"people": ["А", "Б"]})))
    assert [[cell.text for cell in row.cells] for row in made.tables[0].rows] == [["№", "ФИО"], ["1", "А"], ["2", "Б"]]


def test_a_cell_loop_makes_columns_and_the_grid_follows() -> None:
    document = samples.blank()
    samples.rows(document, [["{%tc for m in months %}", "{{ m }}", "{%tc endfor %}"]])
    made = docx.Document(
        BytesIO(Template.load(samples.saved(document), {}).render({"months": ["1", "2", "3", "4", "5"]}))
    )
    assert [cell.text for cell in made.tables[0].rows[0].cells] == ["1", "2", "3", "4", "5"]
    assert len(made.tables[0].columns) == 5


@pytest.mark.parametrize(("a", "b"), list(itertools.product([True, False], repeat=2)))
def test_conditions_nest_over_paragraphs_and_inside_lines(a: bool, b: bool) -> None:
    lines = [
        "{%p if a %}",
        "а{% if b %} и б{% endif %}",
        "{%p if not b %}",
        "без б",
        "{%p endif %}",
        "{%p else %}",
        "ничего",
        "{%p endif %}",
    ]
    expected = (["а и б"] if b else ["а", "без б"]) if a else ["ничего"]
    assert text(*lines, a=a, b=b).splitlines() == expected


def test_a_run_may_be_left_out() -> None:
    assert text("до {%r if a %}никогда{%r endif %} после", a=False) == "до  после"


def test_an_expression_may_compare_and_hold_an_ampersand() -> None:
    assert text("{% if n < 3 %}{{ “А & Б” }}{% endif %}", n=2) == "А & Б"


def test_the_filters_given_are_used() -> None:
    assert text("{{ x|loud }}", x="да") == "да!"


@pytest.mark.parametrize("name", ["order", "tables", "pictures"])
def test_the_parts_equal_those_of_docxtpl(name: str) -> None:
    source, context = SAME[name]()
    theirs = DocxTemplate(BytesIO(source))
    theirs.render(context, Environment(autoescape=True))
    target = BytesIO()
    theirs.save(target)
    expected, made = samples.members(target.getvalue()), samples.members(Template.load(source, {}).render(context))
    compared = [part for part in made if re.fullmatch(r"word/(document|header\d|footer\d)\.xml", part)]
    assert len(compared) >= 1
    for part in compared:
        assert _canonical(made[part]) == _canonical(expected[part])


def _canonical(xml: bytes) -> bytes:
    return etree.tostring(etree.fromstring(xml, etree.XMLParser(remove_blank_text=True)), method="c14n2")


def _tables() -> tuple[bytes, dict[str, Any]]:
    document = samples.blank()
    samples.rows(document, [["{%tr for p in people %}", ""], ["{{ p.name }}", "{{ p.post }}"], ["{%tr endfor %}", ""]])
    samples.rows(document, [["{%tc for m in months %}", "{{ m }}", "{%tc endfor %}"]])
    samples.split(document.add_paragraph("{%p if people %}"))
    samples.split(document.add_paragraph("Всего "), "{{ peo", "ple|leng", "th }}", " чел.")
    document.add_paragraph("{%p endif %}")
    people = [{"name": "Образцова А. А.", "post": "мастер & преподаватель"}, {"name": "Ильин", "post": "<нет>"}]
    return samples.saved(document), {"people": people, "months": ["сентябрь", "октябрь"]}


def _pictures() -> tuple[bytes, dict[str, Any]]:
    document = samples.blank()
    document.add_paragraph("{%p for x in many %}")
    document.add_picture(BytesIO(samples.picture(4)))
    document.add_paragraph("{{ x }}")
    document.add_paragraph("{%p endfor %}")
    return samples.saved(document), {"many": ["а", "б"]}


SAME: Mapping[str, Callable[[], tuple[bytes, dict[str, Any]]]] = {
    "order": lambda: (bench.paper(), bench.data(1)),
    "tables": _tables,
    "pictures": _pictures,
}


# --- what cannot be said


def test_a_missing_name_is_told_with_its_path_and_paragraph() -> None:
    with pytest.raises(MissingName) as caught:
        text("Наставник: {{ pair.mentor.postt }}", pair={"mentor": {"post": "мастер"}})
    assert (caught.value.name, caught.value.place) == ("pair.mentor.postt", "Наставник: {{ pair.mentor.postt }}")


@pytest.mark.parametrize(
    "line", ["{{ x }}", "{% if x %}да{% endif %}", "{% for a in x %}{{ a }}{% endfor %}", "{{ x|upper }}"]
)
def test_a_missing_name_stops_the_document_wherever_it_is_used(line: str) -> None:
    with pytest.raises(MissingName, match="x"):
        text(line)


def test_a_default_and_a_test_may_stand_for_a_missing_name() -> None:
    assert text("{{ x|default('–') }}{% if x is defined %}есть{% endif %}") == "–"


class BlankCellError(Exception):
    """What the documents room raises when an empty register cell is printed."""


@dataclass(frozen=True)
class Cell:
    error: Exception

    def __str__(self) -> str:
        raise self.error


def test_what_a_value_raises_passes_through_unchanged() -> None:
    error = BlankCellError("Л-0001", "post")
    with pytest.raises(BlankCellError) as caught:
        text("{{ x }}", x=Cell(error))
    assert caught.value is error


def test_what_a_filter_raises_passes_through_unchanged() -> None:
    def refuse(_value: str) -> str:
        raise BlankCellError

    with pytest.raises(BlankCellError):
        Template.load(samples.template("{{ x|refuse }}"), {"refuse": refuse}).render({"x": "а"})


def test_an_entry_named_like_a_method_is_the_entry() -> None:
    assert text("{{ row.items }} {{ row.count }}", row={"items": "пункты", "count": 2}) == "пункты 2"
    with pytest.raises(MissingName):
        text("{{ row.keys }}", row={})


def test_only_the_names_asked_for_are_looked_up() -> None:
    class Lazy(Mapping[str, str]):
        def __getitem__(self, key: str) -> str:
            if key != "asked":
                raise BlankCellError(key)
            return "да"

        def __iter__(self) -> Iterator[str]:
            return iter(["asked", "not_asked"])

        def __len__(self) -> int:
            return 2

    assert word.text_of(load("{{ asked }}").render(Lazy())) == "да"


# --- marked words


def _marked_runs(data: bytes) -> list[str]:
    runs = docx.Document(BytesIO(data)).paragraphs[0].runs
    return [run.text for run in runs if run.font.highlight_color is not None]


def test_a_marked_word_is_highlighted_in_the_draft_and_keeps_the_look_of_its_run() -> None:
    document = samples.blank()
    run = document.add_paragraph("Назначить ").add_run("{{ name|doubtful }}, {{ post }}")
    run.bold, run.underline = True, True
    made = Template.load(samples.saved(document), FILTERS).render({"name": "Швеца", "post": "мастера"}, highlight=True)
    runs = docx.Document(BytesIO(made)).paragraphs[0].runs
    assert _marked_runs(made) == ["Швеца"]
    assert [(one.text, one.bold, one.underline) for one in runs[1:]] == [
        ("Швеца", True, True),
        (", мастера", True, True),
    ]
    properties = [child.tag.removeprefix(W) for child in runs[1]._r.iterfind(f"{W}rPr/*")]
    assert properties == ["b", "highlight", "u"]


@given(st.lists(st.sampled_from([*NASTY, "слово"])).map("".join))
@settings(max_examples=40, deadline=None)
def test_both_editions_say_the_same_and_the_clean_one_has_no_mark(value: str) -> None:
    draft = MARKING.render({"x": Marked(value)}, highlight=True)
    clean = MARKING.render({"x": Marked(value)})
    assert word.text_of(draft) == word.text_of(clean) == f"{shown(value)} и {shown(value)}"
    assert _marked_runs(clean) == []
    assert b"highlight" not in samples.members(clean)[DOCUMENT]
    assert clean == MARKING.render({"x": value})


MARKING = load("{{ x }} и {{ x }}")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{{ x|upper }}", ["АНЯ"]),
        ("{{ x|trim|lower }}", ["аня"]),
        ("{{ x|replace('А', 'О') }}", ["Оня"]),
        ("{{ x|capitalize }}!", ["Аня"]),
        ("{{ [x, 'Б']|join(', ') }}", ["Аня"]),
        ("{{ 'г-жа <' ~ x }}", ["Аня"]),
        ("{{ x }}{{ x }}", ["АняАня"]),
    ],
)
def test_a_mark_survives_the_filters(line: str, expected: list[str]) -> None:
    assert _marked_runs(load(line).render({"x": Marked("Аня")}, highlight=True)) == expected


def test_a_marked_text_is_an_ordinary_text_otherwise() -> None:
    assert Marked("а") == "а"
    assert text("{% if x == 'а' %}да{% endif %}{{ x|length }}", x=Marked("а")) == "да1"


def test_a_marked_text_with_a_line_break_is_marked_on_both_lines() -> None:
    made = load("{{ x }}").render({"x": Marked("раз\nдва")}, highlight=True)
    assert _marked_runs(made) == ["раз\nдва"]


# --- the package


def test_the_same_data_give_the_same_bytes_dated_1980() -> None:
    made = [load("{{ x }}").render({"x": "1"}, title="Т") for _ in range(2)]
    assert made[0] == made[1]
    with zipfile.ZipFile(BytesIO(made[0])) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_threads_sharing_a_template_do_not_mix_their_documents() -> None:
    template = load("{%p for n in many %}", "{{ n }} {{ x|doubtful }}", "{%p endfor %}")
    contexts = [{"x": str(number), "many": [number] * 20} for number in range(60)]
    alone = [template.render(context, highlight=True) for context in contexts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda context: template.render(context, highlight=True), contexts)) == alone


def test_members_without_tags_are_copied_in_order_and_no_name_stands_twice() -> None:
    source = samples.template("{{ x }}")
    made = load("{{ x }}").render({"x": "1"})
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert archive.namelist() == list(samples.members(source))
    changed = {name for name, content in samples.members(made).items() if content != samples.members(source)[name]}
    assert changed == {"[Content_Types].xml", DOCUMENT, "docProps/core.xml", "docProps/app.xml"}
    types = samples.members(made)["[Content_Types].xml"]
    png = b'<Default Extension="png" ContentType="image/png"/>'
    assert types.count(png) == 1, "a picture may be printed into any document"


def test_the_properties_hold_the_title_and_the_day_and_no_author() -> None:
    made = load("{{ x }}").render({"x": "1"}, title="Приказ «А» & <Б>\n", made=datetime(2026, 9, 1, 9, tzinfo=UTC))
    properties = docx.Document(BytesIO(made)).core_properties
    assert (properties.title, properties.author, properties.last_modified_by) == ("Приказ «А» & <Б> ", "", "")
    assert properties.created == properties.modified == datetime(2026, 9, 1, 9, tzinfo=UTC)
    assert b"python-docx" not in b"".join(samples.members(made).values())


def test_a_cell_header_and_table_left_without_content_are_still_whole() -> None:
    document = samples.blank()
    document.sections[0].header.paragraphs[0].text = "{%p if a %}"
    for line in ("верх", "{%p endif %}"):
        document.sections[0].header.add_paragraph(line)
    samples.rows(document, [["{%p if a %}"]])
    for line in ("ячейка", "{%p endif %}"):
        document.tables[0].cell(0, 0).add_paragraph(line)
    samples.rows(document, [["{%tr for x in many %}"], ["{{ x }}"], ["{%tr endfor %}"]])
    made = docx.Document(BytesIO(Template.load(samples.saved(document), {}).render({"a": False, "many": []})))
    assert [cell.text for table in made.tables for row in table.rows for cell in row.cells] == [""]
    assert len(made.tables[0].cell(0, 0).paragraphs) == 1
    assert [one.text for one in made.sections[0].header.paragraphs] == [""]


def test_pictures_repeated_by_a_loop_have_numbers_of_their_own() -> None:
    source, context = _pictures()
    made = samples.members(Template.load(source, {}).render(context))[DOCUMENT]
    numbers = re.findall(rb'<wp:docPr [^>]*?\bid="(\d+)"', made)
    assert len(set(numbers)) == len(numbers) == 2


# --- what a template asks for


def test_the_names_a_template_asks_for_are_told_as_paths() -> None:
    template = load(
        "{% for p in order.pairs|sort(attribute='code') if p.agreed %}{{ p.mentor.name }}{{ loop.index }}{% endfor %}",
        "{% set m = pair.mentor %}{{ m.post|loud }}{% set n = 1 %}{{ n }}",
        "{% with g = group %}{{ g['name'] }}{% endwith %}{{ titles[key].text }}",
        "{{ order.pairs|map(attribute='mentee.name')|join(', ') }}{% for k, v in table|items %}{{ k }}{% endfor %}",
    )
    assert template.paths() == {
        *("order.pairs", "order.pairs[].code", "order.pairs[].agreed", "order.pairs[].mentor.name", "pair.mentor"),
        *("pair.mentor.post", "group", "group.name", "titles[].text", "key", "order.pairs[].mentee.name", "table"),
    }
    assert template.names() == {"order", "pair", "group", "titles", "key", "table"}


def test_unknown_names_are_told_with_the_nearest_known_one() -> None:
    template = load("Кто: {{ pair.mentor.pots }}", "{{ par }}", "{{ order.pairs|length }}{{ free.any.thing }}")
    known = {"pair.mentor.post", "pair.mentor.name", "order.pairs[].code", "free.*"}
    assert template.unknown(known) == (
        Problem("unknown_name", "pair.mentor.pots", "pair.mentor.post", DOCUMENT, "Кто: {{ pair.mentor.pots }}"),
        Problem("unknown_name", "par", "pair", DOCUMENT, "{{ par }}"),
    )


def test_a_template_that_asks_for_known_names_has_none_unknown() -> None:
    template = load("{% for p in order.pairs %}{{ p.code }}{% endfor %}{% if order %}{% endif %}")
    assert template.unknown({"order.pairs[].code"}) == ()
    assert [one.name for one in template.unknown({"order.pairs[].day"})] == ["order.pairs[].code"]


# --- templates that cannot be used


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{{ x", [("unclosed", "{{")]),
        ("x }}", [("unclosed", "}}")]),
        ("{% if x }", [("unclosed", "{%")]),
        ("текст {%p if x %}", [("crowded", "{%p if x %}"), ("syntax", "")]),
        ("{{ 3 + }}", [("syntax", "{{ 3 + }}")]),
        ("{{ «а» }}", [("syntax", "{{ «а» }}")]),
        ("{% endif %}", [("syntax", "")]),
        ("{% if x %}", [("syntax", "")]),
        ("{{ x|lod }}", [("unknown_filter", "lod")]),
        ("{{ x|safe }}", [("unknown_filter", "safe")]),
        ("{{ x|attr('a') }}", [("unknown_filter", "attr")]),
        ("{{ x|random }}", [("unknown_filter", "random")]),
        ("{% if x is odly %}{% endif %}", [("unknown_filter", "odly")]),
        ("{{ x.f() }}", [("forbidden", "()")]),
        ("{{ ''.__class__ }}", [("forbidden", "__class__")]),
        ("{{ x['__class__'] }}", [("forbidden", "__class__")]),
        ("{{ cycler.__init__.__globals__ }}", [("forbidden", "__globals__"), ("forbidden", "__init__")]),
        ("{% include 'x' %}", [("forbidden", "include")]),
        ("{% macro m() %}{% endmacro %}", [("forbidden", "macro")]),
        ("{% autoescape false %}{{ x }}{% endautoescape %}", [("forbidden", "autoescape")]),
        ("{{ 9 ** 9 }}", [("forbidden", "**")]),
        ("{% raw %}{{ x }}{% endraw %}", [("left_over", "{{")]),
        ("{{r x }}", [("misplaced", "{{ x }}")]),
    ],
)
def test_a_mistake_in_a_template_is_told(line: str, expected: list[tuple[str, str]]) -> None:
    assert problems_of(line) == expected


def test_all_mistakes_are_told_at_once_with_their_paragraphs() -> None:
    document = samples.blank()
    document.sections[0].header.paragraphs[0].text = "Верх {{ x|lod }}"
    for line in ("Раз {{ 1 + }}", "Два {{ x|lod }}", "Три {{ x._y }}"):
        document.add_paragraph(line)
    assert sorted(problems(samples.saved(document)), key=lambda one: one.part) == [
        Problem("syntax", "{{ 1 + }}", "", DOCUMENT, "Раз {{ 1 + }}"),
        Problem("unknown_filter", "lod", "loud", DOCUMENT, "Два {{ x|lod }}"),
        Problem("forbidden", "_y", "", DOCUMENT, "Три {{ x._y }}"),
        Problem("unknown_filter", "lod", "loud", "word/header1.xml", "Верх {{ x|lod }}"),
    ]


def test_a_row_tag_beside_other_text_would_swallow_it_and_is_refused() -> None:
    document = samples.blank()
    samples.rows(document, [["{%tr for x in many %}", "{{ x }}"], ["{%tr endfor %}", ""]])
    assert problems(samples.saved(document))[0].kind == "crowded"


def test_a_block_that_leaves_its_cell_is_refused() -> None:
    document = samples.blank()
    samples.rows(document, [["{% if x %}а", "б"]])
    document.add_paragraph("{% endif %}")
    assert [(one.kind, one.name) for one in problems(samples.saved(document))] == [("torn", "{% endif %}")]


def test_a_tag_torn_by_a_link_is_refused() -> None:
    xml = "<w:p><w:r><w:t>{{ na</w:t></w:r><w:hyperlink><w:r><w:t>me }}</w:t></w:r></w:hyperlink></w:p>"
    assert [one.kind for one in problems(body(xml))] == ["torn"]


def test_a_value_in_the_code_of_a_field_is_refused() -> None:
    xml = "<w:p><w:r><w:instrText>HYPERLINK {{ x }}</w:instrText></w:r></w:p>"
    assert [one.kind for one in problems(body(xml))] == ["misplaced"]


RELATIONSHIPS = "word/_rels/document.xml.rels"


def _with_relationship(kind: str, target: str) -> bytes:
    one = f'<Relationship Id="rIdX" Type="http://x/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    return samples.with_members(
        samples.template("{{ x }}"), {RELATIONSHIPS: lambda old: old.replace(b"</Relationships>", one.encode())}
    )


def test_a_template_that_fetches_from_outside_is_refused_and_a_link_is_not() -> None:
    outside = _with_relationship("attachedTemplate", "https://example.org/a.dotm")
    assert problems(outside) == (Problem("external", "https://example.org/a.dotm", "", RELATIONSHIPS),)
    Template.load(_with_relationship("hyperlink", "https://example.org/"), {})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("word/comments.xml", b"<c><t>{</t><t>{ x }}</t></c>"),
        ("docProps/custom.xml", b"<c>{% if x %}</c>"),
        ("word/_rels/x.xml.rels", b'<R><Relationship Target="http://a/%7b%7Bx"/></R>'),
    ],
)
def test_a_tag_where_nothing_is_filled_in_is_told(name: str, content: bytes) -> None:
    found = problems(samples.with_members(samples.template("{{ x }}"), {name: content}))
    assert [(one.kind, one.part) for one in found] == [("left_over", name)]


def _twice(data: bytes) -> bytes:
    target = BytesIO(data)
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(DOCUMENT, b"<x/>")
    return target.getvalue()


def _doctype(old: bytes) -> bytes:
    return b'<!DOCTYPE x [<!ENTITY e "x">]>' + old.partition(b"?>")[2].lstrip()


SOUND = samples.template("{{ x }}")
UNUSABLE = {
    "empty": b"",
    "text": "не документ".encode(),
    "cut short": SOUND[: len(SOUND) // 2],
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "two of one name": _twice(SOUND),
    "torn xml": samples.with_members(SOUND, {DOCUMENT: lambda old: old[:-9]}),
    "entities": samples.with_members(SOUND, {DOCUMENT: _doctype}),
    "macros": samples.with_members(
        SOUND,
        {
            "[Content_Types].xml": lambda old: old.replace(
                b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                b"vnd.ms-word.document.macroEnabled.main",
            )
        },
    ),
    "no types": samples.with_members(SOUND, {"[Content_Types].xml": b"<Types/>"}),
}


@pytest.mark.parametrize("which", UNUSABLE)
def test_what_is_no_word_document_is_refused(which: str) -> None:
    assert [one.kind for one in problems(UNUSABLE[which])] == ["not_docx"]
    with pytest.raises(NotDocx):
        word.text_of(UNUSABLE[which])


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(at: int, noise: bytes) -> None:
    try:
        word.text_of(SOUND[:at] + noise + SOUND[at + len(noise) :])
    except NotDocx:
        return


OURS = Template.load(SOUND, FILTERS).render({"x": "а"})


def test_what_we_wrote_is_read_as_any_zip() -> None:
    with zipfile.ZipFile(BytesIO(OURS)) as archive:
        assert list(package.read_members(OURS).items()) == [(name, archive.read(name)) for name in archive.namelist()]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(OURS) - 1), st.binary(min_size=1, max_size=8))
def test_what_we_wrote_is_refused_when_damaged_or_says_nothing_else(at: int, noise: bytes) -> None:
    try:
        members = package.read_members(OURS[:at] + noise + OURS[at + len(noise) :])
    except NotDocx:
        return
    assert members.items() <= package.read_members(OURS).items()


def test_what_we_wrote_has_no_two_members_that_word_takes_for_one() -> None:
    with pytest.raises(NotDocx, match="two members of one name"):
        package.read_members(package.assemble([package.pack("word/a.xml", b"1"), package.pack("word/A.xml", b"2")]))


def test_an_attack_that_shows_only_while_rendering_is_refused() -> None:
    template = load("{% for x in [word]|map(attribute='__' ~ name) %}{{ x }}{% endfor %}")
    with pytest.raises(TemplateMistake) as caught:
        template.render({"word": "а", "name": "class__"})
    assert [one.kind for one in caught.value.problems] == ["forbidden"]


@pytest.mark.parametrize("tag", ["{% if word < 1 %}да{% endif %}", "{{ 1 / none }}", "{{ word + 1 }}"])
def test_values_that_do_not_fit_together_are_a_mistake_of_the_template_and_stop_nothing_else(tag: str) -> None:
    with pytest.raises(TemplateMistake) as caught:
        load(tag).render({"word": "а", "none": 0})
    assert [(one.kind, one.detail) for one in caught.value.problems] == [("unfit", tag)]


PIECES = [
    *("{{ x }}", "{{ pair.a|upper }}", "{% if yes %}", "{% else %}", "{% endif %}", "{% for a in many %}", "{{ a }}"),
    *("{% endfor %}", "{%p if no %}", "{%p for a in many %}", "{%p endfor %}", "{%p endif %}", "{%- if yes -%}", "{{"),
    *("текст", " ", "}}", "{% set x = 1 %}", "{{ missing }}", "{{r x }}", "{# нет #}", "{#p нет #}", "“", "{{ “а” }}"),
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=5).map("".join), max_size=6))
def test_whatever_is_typed_into_a_template_makes_a_whole_document_or_a_told_mistake(lines: list[str]) -> None:
    try:
        made = load(*lines).render({"x": "<x>", "pair": {"a": "&"}, "yes": True, "no": False, "many": ["1", "2"]})
    except (TemplateMistake, MissingName):
        return
    assert not re.search("{{|{%|#}", word.text_of(made))


# --- text


def test_text_that_word_does_not_show_is_not_read() -> None:
    xml = (
        "<w:p><w:r><w:t> видно </w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>скрыто</w:t></w:r>"
        "<w:del><w:r><w:delText>удалено</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>увезено</w:t></w:r></w:moveFrom>"
        "<w:r><w:instrText>PAGE</w:instrText><w:t xml:space='preserve'> тоже</w:t>"
        "<w:tab/><w:noBreakHyphen/></w:r></w:p>"
    )
    assert word.text_of(body(xml)) == "видно тоже\t-"


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>рамка</w:t></w:r></w:p></w:txbxContent>"
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    choices = f'<x:Choice Requires="w">{box}</x:Choice><x:Fallback>{box}</x:Fallback>'
    both = f'<x:AlternateContent xmlns:x="{space}">{choices}</x:AlternateContent>'
    xml = f"<w:p><w:r><w:t>до</w:t>{both}<w:t>после</w:t></w:r></w:p>"
    assert word.paragraphs_of(body(xml)) == ("допосле", "рамка")


# --- the bench and a real office


def test_the_bench_makes_the_same_paper_both_ways() -> None:
    source = bench.paper()
    ours = Template.load(source, {}).render(bench.data(3))
    assert word.text_of(ours) == word.text_of(bench.by_docxtpl(source, bench.data(3)))


def _soffice() -> str:
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine")
    return found


def converted(folder: Path, kind: str, documents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Convert documents by LibreOffice in an empty folder; give the results by name."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    (folder / "in").mkdir()
    for name, data in documents.items():
        (folder / "in" / f"{name}.docx").write_bytes(data)
    command = [_soffice(), profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "out")]
    files = [str(path) for path in sorted((folder / "in").iterdir())]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=180)
    return {path.stem: path.read_bytes() for path in (folder / "out").iterdir()}


@pytest.mark.office
def test_what_is_rendered_opens_in_libreoffice(tmp_path: Path) -> None:
    source, context = _tables()
    documents = {
        "paper": Template.load(bench.paper(), {}).render(bench.data(1)),
        "tables": Template.load(source, {}).render(context),
        "marked": load("Назначить {{ x }}").render({"x": Marked("Швеца\nстрока")}, highlight=True),
    }
    made = converted(tmp_path, "pdf", documents)
    assert {name: content[:5] for name, content in made.items()} == dict.fromkeys(documents, b"%PDF-")


@pytest.mark.office
@pytest.mark.prove
def test_libreoffice_reads_the_words_that_we_wrote(tmp_path: Path) -> None:
    marked = load("Назначить {{ x }}", "«{{ x }}» & <б>").render({"x": Marked("Швеца\nстрока")}, highlight=True)
    made = converted(tmp_path, "txt:Text (encoded):UTF8", {"marked": marked})["marked"]
    assert made.decode("utf-8-sig").splitlines() == word.text_of(marked).splitlines()


@pytest.mark.office
@pytest.mark.prove
def test_a_template_saved_by_libreoffice_makes_the_same_paper(tmp_path: Path) -> None:
    source, context = _tables()
    resaved = converted(tmp_path, "docx", {"template": source})["template"]
    assert word.text_of(Template.load(resaved, {}).render(context)) == word.text_of(
        Template.load(source, {}).render(context)
    )


def test_a_section_that_ends_on_a_lifted_tag_is_kept() -> None:
    document = samples.blank()
    document.add_paragraph("Портрет")
    document.add_paragraph("{%p if wide %}")
    document.add_paragraph("Текст")
    last = document.add_paragraph("{%p endif %}")
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    document.add_paragraph("Альбом")
    own = next(one for one in document.element.body.iter(qn("w:sectPr")) if one.getparent().tag == qn("w:pPr"))
    holder = own.getparent().getparent()
    last._p.get_or_add_pPr().append(own)  # as LibreOffice hangs it on whatever paragraph comes last
    holder.getparent().remove(holder)
    for wide in (True, False):
        made = docx.Document(BytesIO(Template.load(samples.saved(document), {}).render({"wide": wide})))
        assert [one.orientation for one in made.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]


def test_the_words_of_a_template_are_typeset_but_not_its_tags_nor_what_they_print() -> None:
    data = samples.template("№ 5 & {{ x if x == 'a b' else 'c d' }} и № 6{% if x %} № 7{% endif %}")
    made = Template.load(data, {}, lambda text: text.replace("№ ", "№_")).render({"x": "a b"})
    assert word.text_of(made).strip() == "№_5 & a b и №_6 №_7"
    assert word.text_of(Template.load(data, {}).render({"x": "№ 1"})).strip() == "№ 5 & c d и № 6 № 7"


# --- passports, and the last look ------------------------------------------------------------------------------------


def _named() -> word.Paper:
    return load("{{ x }}").make({"x": "слово"}, word.Dress(title="Приказ", name="order:ПК-0001:draft"))


def test_a_paper_is_known_again_by_its_passport_even_changed_and_saved_by_another_hand() -> None:
    paper = _named()
    assert word.passport_of(paper.data) == ("order:ПК-0001:draft", paper.mark)
    changed = docx.Document(BytesIO(paper.data))
    changed.add_paragraph("от руки")
    target = BytesIO()
    changed.save(target)
    assert word.passport_of(target.getvalue()) == ("order:ПК-0001:draft", paper.mark)
    assert word.passport_of(load("{{ x }}").render({"x": "слово"})) == ("", "")


def test_a_passports_mark_tells_contents_apart() -> None:
    template, dress = load("{{ x }}"), word.Dress(name="order:ПК-0001:draft")
    one, other = (template.make({"x": value}, dress).mark for value in ("а", "б"))
    assert one != other
    assert one == template.make({"x": "а"}, dress).mark


def test_what_a_paper_shows_is_reported_with_its_origins() -> None:
    cell = word.sourced("иванова", ("Л-0001",))
    paper = load("{{ x }}, {{ x|upper }}, {{ [x, y]|join('; ') }}, {{ 'нет' }}{{ y }}").make(
        {"x": cell, "y": word.sourced("б", ("Л-0002",))}, word.Dress()
    )
    assert [(one, word.origins_of(one)) for one in paper.printed] == [
        ("иванова", ("Л-0001",)),
        ("ИВАНОВА", ("Л-0001",)),
        ("иванова; б", ("Л-0001", "Л-0002")),
        ("б", ("Л-0002",)),
    ]


def test_a_paper_of_ours_holds_together_and_an_answer_may_look_like_a_tag() -> None:
    assert word.faults(_named().data) == []
    paper = load("{{ x }}").make({"x": word.sourced("{{ 7*7 }}", ("Л-0001",))}, word.Dress())
    assert word.faults(paper.data, paper.printed) == []
    assert word.faults(paper.data) == ["tag left over: {{"]


@pytest.mark.parametrize(
    ("member", "content", "fault"),
    [
        ("word/document.xml", lambda old: old[:-9], "not well-formed"),
        ("word/_rels/document.xml.rels", lambda old: old.replace(b"styles.xml", b"lost.xml"), "is not there"),
        ("word/stray.bin", b"x", "of no declared type"),
        ("[Content_Types].xml", lambda old: old.replace(b"/word/styles.xml", b"/word/lost.xml"), "and not there"),
        (
            "word/document.xml",
            lambda old: old.replace(
                b"<w:sectPr", b'<w:p><w:hyperlink r:id="rId99" xmlns:r="http://schemas.openxmlformats.org/'
                b'officeDocument/2006/relationships"/></w:p><w:sectPr'),
            "rId99 is asked for",
        ),
        (
            "word/document.xml",
            lambda old: old.replace(b' xmlns:r="', b' xmlns:rel="').replace(b" r:", b" rel:").replace(
                b"<w:sectPr", b'<w:p><w:hyperlink rel:id="rId99"/></w:p><w:sectPr'),
            "rId99 is asked for",
        ),
        ("word/document.xml", lambda old: old.replace(b"<w:sectPr", b"<x:p/><w:sectPr"), "not well-formed"),
        ("word/document.xml", lambda old: b"<!DOCTYPE w:document>" + old.partition(b"?>")[2], "a document type"),
        (
            "word/document.xml",
            lambda old: old.replace(
                b"<w:sectPr", b'<w:p xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
                b'<wp:docPr id="7"/><wp:docPr id="7"/></w:p><w:sectPr'),
            "drawing 7 twice",
        ),
    ],
)  # fmt: skip
def test_the_last_look_sees_what_word_would_call_damaged(member: str, content: Any, fault: str) -> None:
    broken = samples.with_members(_named().data, {member: content})
    assert any(fault in one for one in word.faults(broken)), word.faults(broken)


@pytest.mark.parametrize(
    ("xml", "refused"),
    [
        (b"<a xmlns:p='u' p:x='1'><p:b>&amp;</p:b></a>", False),
        (b"<a xmlns='other/../place'/>", False),
        (b"<a><b></a>", True),
        (b"<a/><b/>", True),
        (b"<a>&x;</a>", True),
        (b"<a x='1' x='2'/>", True),
        (b"<a>\x00</a>", True),
        (b"<a>\xff</a>", True),
        (b"", True),
        (b"<p:a/>", True),
        (b"<a p:x='1'/>", True),
        (b"<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>", True),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", True),
    ],
)
def test_a_part_is_parsed_as_strictly_when_nothing_of_it_is_kept(xml: bytes, refused: bool) -> None:
    for parse in (package.parse, package.strict):
        with pytest.raises(package.NotDocx) if refused else nullcontext():
            parse(xml)


def test_the_last_look_sees_a_member_twice() -> None:
    target = BytesIO(_named().data)
    with pytest.warns(UserWarning), zipfile.ZipFile(target, "a") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    assert word.faults(target.getvalue()) == ["two members of one name"]
