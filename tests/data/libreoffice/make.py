"""Makes the files beside it: one workbook of answers of every kind, saved by LibreOffice in three formats.

Run by hand with LibreOffice on the machine: ``python tests/data/libreoffice/make.py``. Nobody in it is real.
"""

import datetime as dt
import subprocess
import tempfile
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

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
    """Save the workbook and let LibreOffice save it again in each format."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "answers.xlsx"
        build().save(source)
        for kind in ("xlsx", "ods", "xls"):
            profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
            command = ["soffice", "--headless", profile, "--convert-to", kind, "--outdir", str(HERE), str(source)]
            subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
