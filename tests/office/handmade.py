"""Workbooks put together part by part, to hold what office programs write and libraries lose."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

DATA = Path(__file__).parent / "data"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
ORDER = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")  # what office programs write first


def rich_parts() -> dict[str, bytes]:
    """The parts of a workbook (data/rich) with all that the product must never harm, as Excel writes it."""
    root = DATA / "rich"
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return {name: (root / name).read_bytes() for name in [*ORDER, *(name for name in names if name not in ORDER)]}


def rich(**changed: bytes) -> bytes:
    """That workbook; `changed` replaces parts, named by what stands before the first dot of their file name."""
    parts = rich_parts()
    names = {Path(name).name.partition(".")[0]: name for name in parts if not name.endswith(".rels")}
    return packed({**parts, **{names[name]: content for name, content in changed.items()}})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The zip file of these parts, in this order, all dated alike."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2026, 9, 1, 8, 30, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of a zip file, read by the standard library."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def simple_parts(rows: str, around: str = "") -> dict[str, bytes]:
    """The parts of a workbook of one sheet "Л" with these rows and this after them; no styles, no shared strings."""
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{around}</worksheet>'
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{DOC}"><sheets><sheet name="Л" sheetId="1" r:id="a"/></sheets></workbook>'
    )
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="{KIND}.worksheet+xml"/>'
        f'<Override PartName="/book.xml" ContentType="{KIND}.sheet.main+xml"/></Types>'
    )
    link = '<Relationships xmlns="%s/relationships"><Relationship Id="a" Type="%s/%s" Target="%s"/></Relationships>'
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": link % (PACKAGE, DOC, "officeDocument", "book.xml"),
        "_rels/book.xml.rels": link % (PACKAGE, DOC, "worksheet", "sheet.xml"),
        "book.xml": book,
        "sheet.xml": sheet,
    }
    return {name: content.encode() for name, content in parts.items()}


def simple(rows: str, around: str = "") -> bytes:
    """The workbook of `simple_parts`."""
    return packed(simple_parts(rows, around))


def register(rows: int = 3) -> bytes:
    """A small register as openpyxl makes it: people with dates, drop-downs, a filter, a list, named cells."""
    book = openpyxl.Workbook()
    people, lists, about = book.active, book.create_sheet("Справочники"), book.create_sheet("О реестре")
    people.title = "Люди"
    people.append(["Код", "Фамилия", "Дата рождения", "Часы", "Согласие", "Решение"])
    for number in range(1, rows + 1):
        people.append(
            [f"Л-{number:04}", "Ёлкина & Ко", date(1990, 1, number % 28 + 1), number / 2, number % 2 == 0, None]
        )
        people.cell(number + 1, 3).number_format = "DD.MM.YYYY"
    for answer in ("Согласовать", "Отклонить", "Отложить"):
        lists.append([answer])
    about.append(["Реестр", "3f2a"])
    about.append(["Редакция", 17])
    people.freeze_panes = "A2"
    people.auto_filter.ref = f"A1:F{rows + 1}"
    choice = DataValidation(type="list", formula1="decisions", showErrorMessage=True, sqref=f"F2:F{rows + 1}")
    people.add_data_validation(choice)
    red = PatternFill(bgColor="FFFFC7CE")
    people.conditional_formatting.add(f"D2:D{rows + 1}", CellIsRule(operator="greaterThan", formula=["1"], fill=red))
    people["B2"].comment = Comment("проверить", "Куратор")
    places = {"decisions": "Справочники!$A$1:$A$3", "register_id": "'О реестре'!$B$1", "revision": "'О реестре'!$B$2"}
    for name, place in places.items():
        book.defined_names[name] = DefinedName(name, attr_text=place)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
