"""Makes the files beside it: answers of every kind, and all that Excel puts into a workbook, saved by LibreOffice.

Run by hand with LibreOffice on the machine: ``python -m tests.data.libreoffice.make``. Nobody in it is real.
"""

import datetime as dt
import subprocess
import tempfile
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from tests.office import handmade

HERE = Path(__file__).parent
ANSWERS = [
    "Ёлкина Анна",
    12,
    1.5,
    dt.date(2026, 11, 5),
    dt.datetime(2026, 1, 2, 3, 4, 5),
    True,
    "две\nстроки",
    "=1+1",
    "=NA()",
    "=#REF!",
    '=""',
    None,
    "последняя",
]


def build() -> openpyxl.Workbook:
    """Return the workbook as openpyxl makes it: keys in A, answers in C, a hidden sheet, an empty one."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Бланк"
    choice = DataValidation(type="list", formula1='"да,нет"', showErrorMessage=True)
    sheet.add_data_validation(choice)
    for row, answer in enumerate(ANSWERS, start=2):
        sheet.cell(row, 1, f"key.{row}")
        sheet.cell(row, 3, answer).fill = PatternFill("solid", fgColor="FFFFCC")
    choice.add("C13")
    sheet["C2"].comment = Comment("Как в паспорте", "методист")
    sheet["F3"] = "почта"
    sheet["F3"].hyperlink = "mailto:teacher@example.ru"
    sheet.merge_cells("A1:D1")
    sheet.column_dimensions["A"].hidden = True
    sheet.column_dimensions["H"].fill = PatternFill("solid", fgColor="EEEEEE")
    sheet.row_dimensions[900].fill = PatternFill("solid", fgColor="EEEEEE")
    sheet.protection.sheet = True
    book.create_sheet("Списки").sheet_state = "hidden"
    book["Списки"]["A1"] = "да"
    book.create_sheet("Пусто")
    return book


def main() -> None:
    """Save the workbooks and let LibreOffice save them again in each format."""
    with tempfile.TemporaryDirectory() as folder:
        build().save(Path(folder) / "answers.xlsx")
        (Path(folder) / "rich.xlsx").write_bytes(handmade.rich())
        sources = [str(path) for path in Path(folder).glob("*.xlsx")]
        for kind in ("xlsx", "ods", "xls"):
            profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
            command = ["soffice", "--headless", profile, "--convert-to", kind, "--outdir", str(HERE), *sources]
            subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
