"""The files that intake must stand: honest ones of many programs, foreign, far, dangerous, damaged, laborious ones.

Every family maps what is wrong (or special) to how to make it, so that a whole run over it can say which file it was.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

from pipeline.intake.gate import bounds
from pipeline.wording import gate as say
from pipeline.wording import scans
from tests.data.libreoffice.make import build
from tests.intake import hostile, kit
from tests.intake.hostile import blank, ods, row, sheet, table, text, text_cell, xlsx, zipped
from tests.office import handmade

TOO_WIDE = say.too_wide(bounds.ROWS, bounds.COLUMNS)
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
SCRIPT = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
HONEST_TAIL = row(blank(), 1_048_570) + row(blank())
EXTERNAL = 'TargetMode="External"'


def by_openpyxl() -> bytes:
    target = io.BytesIO()
    build().save(target)
    return target.getvalue()


def saved(kind: str, name: str = "answers") -> bytes:
    return (hostile.SAVED / f"{name}.{kind}").read_bytes()


def xls(cells: bytes = b"", sheet_type: int = 0, more: bytes = b"", extra: str = "") -> bytes:
    streams = {"Workbook": hostile.workbook(cells or hostile.number(0, 0), sheet_type, more)}
    return hostile.compound({**streams, **({extra: b"x"} if extra else {})})


def of_excel() -> bytes:
    """Return a workbook with all that Excel, an office's printers and its add-ins put into one."""
    hyperlinks = "".join(
        hostile.relation("hyperlink", target, EXTERNAL)
        for target in ("https://college.example.ru/", "mailto:a@example.ru", "file:///S:\\Приказы\\1.docx")
    )
    extras: dict[str, str | bytes] = {
        "docProps/app.xml": "<Properties/>",
        "docProps/core.xml": "<cp:coreProperties/>",
        "docProps/custom.xml": "<Properties><property name='KSOProductBuildVer'/></Properties>",
        "docProps/thumbnail.jpeg": hostile.jpeg(256, 182),
        "docMetadata/LabelInfo.xml": "<clbl:labelList/>",
        "xl/theme/theme1.xml": "<a:theme/>",
        "xl/media/image1.png": hostile.png(640, 200),
        "xl/media/image2.emf": b"\1\0\0\0l\0\0\0" + bytes(100),
        "xl/printerSettings/printerSettings1.bin": "HP LaserJet".encode("utf-16-le").ljust(64, b"\0"),
        "xl/ctrlProps/ctrlProp1.xml": "<formControlPr objectType='CheckBox'/>",
        "xl/threadedComments/threadedComment1.xml": "<ThreadedComments/>",
        "xl/persons/person.xml": "<personList/>",
        "xl/metadata.xml": "<metadata/>",
        "xl/richData/richValueRel.xml": "<richValueRels/>",
        "xl/cellimages.xml": "<etc:cellImages/>",
        "xl/worksheets/_rels/sheet2.xml.rels": hostile.relations(hyperlinks),
    }
    return zipped([*handmade.rich_parts().items(), *extras.items()])


def related(kind: str, target: str, more: str = "") -> bytes:
    return xlsx(more={"xl/worksheets/_rels/sheet1.xml.rels": hostile.relations(hostile.relation(kind, target, more))})


def formula(content: str) -> bytes:
    return xlsx(sheet(f'<row r="1"><c r="A1"><f>{content}</f><v>1</v></c></row>'))


def far(*addresses: str) -> bytes:
    return xlsx(sheet("".join(f"<row>{text_cell(address)}</row>" for address in addresses)))


VALUE = "<c><v>1</v></c>"
LINE = f"<row>{VALUE}</row>"
SVG = '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">\n<svg/>'

HONEST: dict[str, tuple[str, Callable[[], bytes]]] = {
    "saved by openpyxl": ("xlsx", by_openpyxl),
    "saved by LibreOffice as xlsx": ("xlsx", lambda: saved("xlsx")),
    "saved by LibreOffice as ods": ("ods", lambda: saved("ods")),
    "saved by LibreOffice as xls": ("xls", lambda: saved("xls")),
    "rich and saved by LibreOffice as xlsx": ("xlsx", lambda: saved("xlsx", "rich")),
    "rich and saved by LibreOffice as ods": ("ods", lambda: saved("ods", "rich")),
    "rich and saved by LibreOffice as xls": ("xls", lambda: saved("xls", "rich")),
    "a workbook of Excel with everything": ("xlsx", of_excel),
    "xlsx by hand": ("xlsx", xlsx),
    "xlsx stored without packing": ("xlsx", lambda: zipped(hostile.xlsx_parts().items(), 0)),
    "cells without addresses": ("xlsx", lambda: xlsx(sheet("<row><c><v>1</v></c><c><v>2</v></c></row>" * 3))),
    "as far out as allowed": ("xlsx", lambda: far("A1", "KN20000")),
    "a hyperlink to a mailbox": ("xlsx", lambda: related("hyperlink", "mailto:a@example.ru", EXTERNAL)),
    "a bar in a quoted text": ("xlsx", lambda: formula('IF(A2=&quot;a|b&quot;,"c|d",1)')),
    "a sheet of many like rows": ("xlsx", lambda: xlsx(sheet(hostile.rows_of(19_000, "<c/><c/>")))),
    "a picture that looks like a formula": (
        "xlsx",
        lambda: xlsx(more={"xl/media/a.png": b"\x89PNG\0<f a|b (c<c <row "}),
    ),
    "xlsx written as a stream": ("xlsx", lambda: hostile.streamed(hostile.xlsx_parts())),
    "an archive with a comment": ("xlsx", lambda: hostile.ended(xlsx(), comment=b"made by hand")),
    "an extra field with times": ("xlsx", lambda: hostile.with_extra(hostile.xlsx_parts(), 0x5455)),
    "a blank row at the very bottom": ("xlsx", lambda: xlsx(sheet(f'{LINE}<row r="1048576" ht="12.8"></row>'))),
    "a coloured cell at the very end": (
        "xlsx",
        lambda: xlsx(sheet(f'{LINE}<row r="1048576"><c r="XFD1048576" s="1"/></row>')),
    ),
    "a sheet that claims to be endless": (
        "xlsx",
        lambda: xlsx(sheet(LINE).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')),
    ),
    "a drawing with its document type": ("xlsx", lambda: xlsx(more={"xl/media/logo.svg": SVG})),
    "a photograph of 50 megapixels": ("xlsx", lambda: xlsx(more={"xl/media/a.jpg": hostile.jpeg(8192, 6144)})),
    "ods by hand": ("ods", ods),
    "ods with a million blank rows below": ("ods", lambda: ods(table(row(text()) + HONEST_TAIL))),
    "ods with blanks told by two tags": ("ods", lambda: ods(table(row(blank()[:-2] + "></table:table-cell>", 99_999)))),
    "ods with a picture of itself": ("ods", lambda: ods(more={"Thumbnails/thumbnail.png": b"\x89PNG<c <row" * 99})),
    "xls by hand": ("xls", xls),
    "xls with a formula that gives a text": (
        "xls",
        lambda: xls(hostile.number(0, 0) + hostile.record(0x0207, struct.pack("<HB", 30_000, 1) + bytes(60_000))),
    ),
}


SCANS: dict[str, tuple[str, bytes]] = {
    "a JPEG": ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF"),
    "a photograph of 40 megapixels": ("jpeg", hostile.jpeg(8000, 5000)),
    "a PNG": ("png", b"\x89PNG\r\n\x1a\n"),
    "a HEIC from a telephone": ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
    "a TIFF": ("tiff", b"II*\0\x08\0\0\0"),
    "a PDF": ("pdf", b"%PDF-1.7\n%\xe2\xe3"),
    "a PDF after some lines": ("pdf", b"\r\n\r\n%PDF-1.4\n"),
}
"""What may be a scan of signed paper, by its first bytes."""

FOREIGN: dict[str, tuple[str, bytes]] = {
    "a PNG of 169 million dots": (scans.unreadable("too large"), hostile.png(13_000, 13_000)),
    "a JPEG of 169 million dots": (scans.unreadable("too large"), hostile.jpeg(13_000, 13_000)),
    "nothing at all": (say.empty(), b""),
    "a WebP": (say.picture(), b"RIFF\x10\0\0\0WEBPVP8 "),
    "a docx": (say.word(), zipped([("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>")])),
    "an odt": (say.word(), ods(media="application/vnd.oasis.opendocument.text")),
    "an rtf": (say.word(), rb"{\rtf1\ansi}"),
    "an old doc": (say.word(), hostile.compound({"WordDocument": b"x"})),
    "a letter of Outlook": (say.letter(), hostile.compound({"__properties_version1.0": b"x"})),
    "a pptx": (say.slides(), zipped([("[Content_Types].xml", "<Types/>"), ("ppt/presentation.xml", "<p/>")])),
    "a csv in cp1251": (say.text(), "Фамилия;Имя\r\nПетров;Пётр\r\n".encode("cp1251")),
    "a csv in UTF-16": (say.text(), "Фамилия\tИмя".encode("utf-16")),
    "a web page named xls": (say.web_page(), b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>"),
    "a table of a web page": (say.web_page(), b"\n<TABLE border=1><tr><td>1"),
    "a web archive": (say.web_page(), b"MIME-Version: 1.0\r\nContent-Type: multipart/related"),
    "XML of Excel 2003": (
        say.other_table(),
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>',
    ),
    "a flat fods": (say.other_table(), b'<?xml version="1.0"?><office:document xmlns:office="x">'),
    "an xlsb": (say.other_table(), zipped([("[Content_Types].xml", "<Types/>"), ("xl/workbook.bin", b"\x83\1")])),
    "a template ots": (say.other_table(), ods(media=hostile.ODS + "-template")),
    "Excel 4": (say.other_table(), b"\x09\x04\x06\0\0\0\x10\0\0\0"),
    "an archive": (say.archive(), zipped([("Анкета.xlsx", b"x")])),
    "an empty archive": (say.archive(), zipped([])),
    "a rar": (say.archive(), b"Rar!\x1a\7\1\0"),
    "noise": (say.unknown(), bytes(range(200, 256)) + bytes(100)),
    "xlsx with a password": (say.locked(), hostile.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"})),
    "zip with a password": (say.locked(), hostile.flagged(xlsx())),
    "xls with a password": (say.locked(), xls(more=hostile.record(0x002F, bytes(54)))),
    "ods with a password": (say.locked(), ods(more={"META-INF/manifest.xml": "<m:manifest><m:encryption-data/>"})),
    "ods of a new LibreOffice with a password": (say.locked(), ods(more={"encrypted-package": b"\x9f\x01"})),
    "a PNG of 2,500 million dots": (say.huge_picture(), xlsx(more={"xl/media/a.png": hostile.png(50_000, 50_000)})),
    "a JPEG of 4,000 million dots": (say.huge_picture(), xlsx(more={"xl/media/a.jpg": hostile.jpeg(65_000, 65_000)})),
    "ods: a GIF of 4,000 million dots": (
        say.huge_picture(),
        ods(more={"Pictures/a.gif": hostile.gif(65_000, 65_000)}),
    ),
    "xls: a PNG in two records": (
        say.huge_picture(),
        xls(
            more=hostile.record(0x00EB, hostile.png(50_000, 50_000)[:18])
            + hostile.record(0x003C, hostile.png(50_000, 50_000)[18:])
        ),
    ),
    "xls: two workbooks": (say.other_table(), xls(extra="WORKBOOK")),
    "xls: the book of an older Excel besides": (say.other_table(), xls(extra="Book")),
    "an xlsx with backslashes": (say.odd_program(), xlsx(more={"xl\\x.xml": "<x/>"})),
    "an xlsx without folders": (say.other_table(), zipped([("[Content_Types].xml", "<T/>"), ("workbook.xml", "<w/>")])),
    "an xls of Excel 95": (say.other_table(), xls().replace(b"\0\6\5\0", b"\0\5\5\0", 1)),
    "Strict Open XML": (say.strict(), xlsx(sheet("").replace(hostile.MAIN, STRICT))),
    "a Zip64 archive": (say.odd_program(), hostile.second_directory(xlsx())),
    "a Zip64 entry": (say.odd_program(), hostile.with_extra(hostile.xlsx_parts(), 0x0001)),
    "an encoding declared far away": (
        say.odd_program(),
        xlsx('<?xml version="1.0"' + " " * 2000 + 'encoding="cp037"?>' + sheet("")),
    ),
    "a sheet in UTF-7": (say.odd_program(), xlsx('<?xml version="1.0" encoding="utf-7"?>' + sheet(""))),
    "a sheet in UTF-16": (say.odd_program(), xlsx(sheet("").encode("utf-16"))),
    "a sheet in cp1251": (say.odd_program(), xlsx('<?xml version="1.0" encoding="windows-1251"?>' + sheet(""))),
}


FAR: dict[str, Callable[[], bytes]] = {
    "two cells far apart": lambda: far("A1", "XFD1048576"),
    "one column too far": lambda: far("KO1"),
    "one row too far": lambda: far("A20001"),
    "a row number too high": lambda: xlsx(sheet(f'<row r="4294967295">{VALUE}</row>')),
    "a far cell with a prefix": lambda: xlsx(
        sheet(f'<x:row xmlns:x="{hostile.MAIN}"><x:c r="XFD1"><x:v>1</x:v></x:c></x:row>')
    ),
    "an address behind a bracket": lambda: xlsx(sheet('<row><c foo=">" r="XFD1"><v>1</v></c></row>')),
    "an address right behind another value": lambda: xlsx(sheet("<row><c s=''r='XFD1'><v>1</v></c></row>")),
    "a second address": lambda: xlsx(sheet('<row><c r="A1" r="XFD1"><v>1</v></c></row>')),
    "a second address before a first": lambda: xlsx(sheet('<row><c r="XFD1" foo=\' r="A1"\'><v>1</v></c></row>')),
    "an address in small letters over two lines": lambda: xlsx(sheet("<row><c\n\tr = 'xfd1'><v>1</v></c></row>")),
    "a sheet named like a picture": lambda: xlsx(
        sheet('<row><c r="XFD1"><v>1</v></c></row>'), place="xl/media/image1.png"
    ),
    "a sheet behind noise": lambda: xlsx("junk" + sheet('<row><c r="XFD1"><v>1</v></c></row>')),
    "400 cells without addresses": lambda: xlsx(sheet(hostile.rows_of(1, VALUE * 400))),
    "20,001 rows without addresses": lambda: xlsx(sheet(hostile.rows_of(20_001, VALUE))),
    "a cell at the end that only looks blank": lambda: xlsx(
        sheet('<row r="9"><c r="XFD1048576" s="1">/><v>1</v></c></row>')
    ),
    "a million cells": lambda: xlsx(sheet(hostile.rows_of(10_000, "<c/>" * 100))),
    "ods: a value after a million rows": lambda: ods(table(row(blank(), 1_048_000) + row(text()))),
    "ods: a value after 16,383 columns": lambda: ods(table(row(blank(16_383) + text()))),
    "ods: one value everywhere": lambda: ods(table(row(text(times=16_384), 1_048_576))),
    "ods: numbers beyond all measure": lambda: ods(table(row(text(times=10**12), 10**12))),
    "ods: blank but for a formula": lambda: ods(table(row('<table:table-cell office:value="1"/>', 99_999))),
    "xls: a value in the last row": lambda: xls(hostile.number(65_535, 0)),
    "xls: a claim of four thousand million rows": lambda: xls(
        hostile.record(0x0200, struct.pack("<2L3H", 0, 2**32 - 1, 0, 9, 0))
    ),
    "xls: packed numbers too far down": lambda: xls(
        hostile.record(0x00BD, struct.pack("<3H", 30_000, 0, 0) + bytes(8))
    ),
}


def book(before: str) -> dict[str, str | bytes]:
    parts = hostile.xlsx_parts()
    return {"xl/workbook.xml": before + str(parts["xl/workbook.xml"])}


def twice(first: str, second: str) -> bytes:
    return zipped([*hostile.xlsx_parts().items(), (first, sheet("")), (second, sheet(""))])


DANGEROUS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a bomb of zeros": (say.inflating(), lambda: xlsx(more={"xl/media/a.bin": bytes(40 * 2**20)})),
    "a bomb in content.xml": (say.inflating(), lambda: ods(table(" " * 30 * 2**20))),
    "a bomb below the ratio": (say.inflating(), lambda: xlsx(more={"xl/a.xml": hostile.slow_bomb(70 * 2**20)})),
    "thousands of miniatures": (say.inflating(), lambda: xlsx(more={"xl/a.jpg": b"\xff\xd8\xff\0" * 2_000})),
    "a bomb over several parts": (
        say.inflating(),
        lambda: xlsx(more={f"xl/{n}.xml": hostile.slow_bomb(55 * 2**20) for n in range(4)}),
    ),
    "a bomb that declares ten bytes": (say.inflating(), lambda: hostile.lying_sizes(xlsx(sheet(" " * 30 * 2**20)))),
    "3,000 small parts": (say.inflating(), lambda: xlsx(more={f"xl/{n}.xml": "" for n in range(3_000)})),
    "three million tags": (say.inflating(), lambda: xlsx(more={"xl/a.xml": "<aaaaa/><bbb/>\n<cc/>" * 10**6})),
    "entities": (say.forged(), lambda: xlsx(sheet("", before=SCRIPT))),
    "a file of the machine as an entity": (
        say.forged(),
        lambda: xlsx(more=book('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>')),
    ),
    "ods: entities": (say.forged(), lambda: ods(SCRIPT + table(""))),
    "a part twice": (say.forged(), lambda: twice("xl/worksheets/sheet2.xml", "xl/worksheets/sheet2.xml")),
    "a part twice by case": (say.forged(), lambda: twice("xl/worksheets/sheet2.xml", "xl/Worksheets/Sheet2.XML")),
    "a part twice by composed letters": (say.forged(), lambda: twice("xl/й.xml", "xl/и\u0306.xml")),
    "a part in two spellings": (say.forged(), lambda: twice("xl/worksheets/sheet2.xml", "xl/./worksheets/sheet2.xml")),
    "a part with a step of nothing": (say.forged(), lambda: xlsx(more={"xl//x.xml": "<x/>"})),
    "a part with another name besides": (say.forged(), lambda: hostile.with_extra(hostile.xlsx_parts(), 0x7075)),
    "a part that is not counted": (say.forged(), lambda: hostile.ended(xlsx(), fewer=1)),
    "something before the end record": (say.forged(), lambda: hostile.ended(xlsx(), between=b"x" * 30)),
    "a drawing with entities": (
        say.forged(),
        lambda: xlsx(more={"xl/media/a.svg": SVG.replace('dtd">', 'dtd" [<!ELEMENT a ANY>]>')}),
    ),
    "a name leading out": (say.forged(), lambda: xlsx(more={"xl/../../x.xml": "<x/>"})),
    "a name from the root": (say.forged(), lambda: xlsx(more={"/etc/x.xml": "<x/>"})),
    "a name leading out with backslashes": (say.forged(), lambda: xlsx(more={"xl\\..\\..\\x.xml": "<x/>"})),
    "a part twice by backslashes": (
        say.forged(),
        lambda: twice("xl/worksheets/sheet2.xml", "xl\\worksheets/sheet2.xml"),
    ),
    "a stream of NTFS": (say.forged(), lambda: xlsx(more={"xl/x.xml:evil": "<x/>"})),
    "bytes of one entry under two names": (
        say.forged(),
        lambda: hostile.overlapping(zipped([("a", b"x" * 50), ("a", b"y" * 50), *hostile.xlsx_parts().items()])),
    ),
    "a program": (say.program(), lambda: b"MZ\x90\0\3\0"),
    "a shell script": (say.program(), lambda: b"#!/bin/sh\nrm -rf /"),
    "a shortcut to a site": (say.shortcut(), lambda: b"[InternetShortcut]\r\nURL=file:///x"),
    "a shortcut of Windows": (say.shortcut(), lambda: b"L\0\0\0\x01\x14\x02\0" + bytes(60)),
    "macros by part": (say.macros(), lambda: xlsx(more={"xl/vbaProject.bin": b"x"})),
    "macros by relation": (say.macros(), lambda: related("vbaProject", "other.bin")),
    "a masked relation": (say.forged(), lambda: related("vba&#80;roject", "other.bin")),
    "macros by type": (
        say.macros(),
        lambda: xlsx(
            more={"[Content_Types].xml": "<Types><Override ContentType='x.sheet.macroEnabled.main+xml'/></Types>"}
        ),
    ),
    "macros by a type of another spelling": (
        say.macros(),
        lambda: zipped(
            [*list(hostile.xlsx_parts().items())[1:], ("[content_types].XML", "<Types x='vnd.ms-office.vbaProject'/>")]
        ),
    ),
    "a relation in a part of another spelling": (
        say.macros(),
        lambda: xlsx(more={"xl/_rels/x.xml.RELS": hostile.relations(hostile.relation("vbaProject", "other.bin"))}),
    ),
    "a macro sheet of Excel 4": (say.macros(), lambda: xlsx(more={"xl/macrosheets/sheet1.xml": "<x/>"})),
    "ods: macros": (say.macros(), lambda: ods(more={"Basic/Standard/Module1.xml": "<x/>"})),
    "ods: Python macros": (say.macros(), lambda: ods(more={"Scripts/python/a.py": "x"})),
    "ods: an event that calls a macro": (
        say.macros(),
        lambda: ods(table(row('<table:table-cell><script:event-listener script:language="x"/></table:table-cell>'))),
    ),
    "xls: macros": (say.macros(), lambda: xls(extra="_VBA_PROJECT_CUR")),
    "xls: a macro sheet": (say.macros(), lambda: xls(sheet_type=1)),
    "an external workbook": (say.linked(), lambda: xlsx(more={"xl/externalLinks/externalLink1.xml": "<x/>"})),
    "an external picture": (say.linked(), lambda: related("image", "http://example.ru/a.png", EXTERNAL)),
    "a connection": (say.linked(), lambda: xlsx(more={"xl/connections.xml": "<x/>"})),
    "a query": (say.linked(), lambda: related("queryTable", "../queryTables/queryTable1.xml")),
    "DDE": (say.linked(), lambda: formula("cmd|'/c calc'!A0")),
    "a masked formula": (say.forged(), lambda: formula("cmd&#124;'/c calc'!A0")),
    "a picture that a formula fetches": (say.linked(), lambda: formula("_xlfn.IMAGE(A1)")),
    "a call to a site": (say.linked(), lambda: formula("_xlfn.WEBSERVICE(A1)")),
    "ods: DDE": (say.linked(), lambda: ods(table('<table:dde-link office:dde-topic="x"/>'))),
    "ods: DDE under another prefix": (
        say.forged(),
        lambda: ods(table(f'<t:dde-link xmlns:t="{hostile.URN}:table:1.0"/>')),
    ),
    "ods: a masked namespace": (
        say.forged(),
        lambda: ods(table(f'<t:dde-link xmlns:t="{hostile.URN}:&#116;able:1.0"/>')),
    ),
    "ods: a data base": (say.linked(), lambda: ods(table('<table:database-source-sql table:database-name="x"/>'))),
    "ods: a background from a site": (
        say.linked(),
        lambda: ods(more={"styles.xml": '<s><style:background-image xlink:href="http://example.ru/a.png"/></s>'}),
    ),
    "ods: a sheet of another file": (
        say.linked(),
        lambda: ods(table('<table:table-source xlink:href="file:///x.ods"/>')),
    ),
    "ods: a picture from a site": (
        say.linked(),
        lambda: ods(table('<draw:image xlink:href="http://example.ru/a.png"/>')),
    ),
    "ods: a formula into another file": (
        say.linked(),
        lambda: ods(table(row("""<table:table-cell table:formula="of:=['file:///tmp/x.ods'#$S.A1]"/>"""))),
    ),
    "xls: an external workbook": (
        say.linked(),
        lambda: xls(more=hostile.record(0x01AE, struct.pack("<2HB", 1, 5, 0) + b"x.xls")),
    ),
    "xls: DDE": (
        say.linked(),
        lambda: xls(more=hostile.record(0x01AE, struct.pack("<2HB", 1, 7, 0) + b"cmd\3/c x")),
    ),
    "xls: a query of a site": (say.linked(), lambda: xls(hostile.number(0, 0) + hostile.record(0x01AD, bytes(20)))),
    "xls: a connection": (say.linked(), lambda: xls(more=hostile.record(0x0876, bytes(20)))),
    "xls: controls": (say.embedded(), lambda: xls(extra="Ctls")),
    "an embedded document": (say.embedded(), lambda: xlsx(more={"xl/embeddings/oleObject1.bin": b"x"})),
    "a control": (say.embedded(), lambda: xlsx(more={"xl/activeX/activeX1.xml": "<x/>"})),
    "ods: an embedded document": (say.embedded(), lambda: ods(table('<draw:object-ole xlink:href="./Object 1"/>'))),
    "xls: an embedded document": (say.embedded(), lambda: xls(extra="MBD0012ABCD")),
}


DAMAGED: dict[str, Callable[[], bytes]] = {
    "a row beyond all numbers": lambda: far("D99999999944"),
    "a masked address": lambda: xlsx(sheet('<row><c r="&#88;FD1"/></row>')),
    "ods: repeats with a sign": lambda: ods(table(row(text()).replace('rows-repeated="', 'rows-repeated="+'))),
    "ods: masked repeats": lambda: ods(
        table(row(text(times=1)).replace('columns-repeated="', 'columns-repeated="&#49;'))
    ),
    "a cut xlsx": lambda: saved("xlsx")[:-500],
    "half an xlsx": lambda: saved("xlsx")[:5000],
    "half an ods": lambda: saved("ods")[:9000],
    "half an xls": lambda: saved("xls")[:4096],
    "an xls without its end": lambda: saved("xls")[:-1024],
    "an xls of a header": lambda: saved("xls")[:8],
    "an xls whose sheet begins amid a record": lambda: xls(hostile.record(0x00FD, hostile.number(9, 9))).replace(
        struct.pack("<L4B", 37, 0, 0, 1, 0), struct.pack("<L4B", 38, 0, 0, 1, 0)
    ),
    "an xls whose directory runs in a circle": lambda: xls().replace(
        struct.pack("<4L", 0xFFFFFFFD, 2, 0xFFFFFFFE, 4), struct.pack("<4L", 0xFFFFFFFD, 2, 1, 4), 1
    ),
    "an xls of one table of sectors a thousand times": lambda: hostile.swollen(xls()),
    "an xls that runs in a circle": lambda: hostile.compound({"Workbook": bytes(9000)}).replace(
        struct.pack("<2L", 5, 6), struct.pack("<2L", 5, 3), 1
    ),
    "a changed byte": lambda: xlsx(sheet("<row/>" * 99)).replace(b"PK\1\2", b"PK\1\1", 1),
    "a wrong checksum": lambda: zipped(hostile.xlsx_parts().items(), 0).replace(b"inlineStr", b"inlinestr"),
    "a size that lies": lambda: hostile.lying_sizes(xlsx()),
    "two packings of one entry": lambda: xlsx().replace(b"PK\3\4\x14\0\0\0\x08", b"PK\3\4\x14\0\0\0\0", 1),
    "something behind the archive": lambda: xlsx() + b"MZ" + bytes(100),
    "another packing": lambda: zipped(hostile.xlsx_parts().items(), 12),
    "two names of one entry": lambda: xlsx().replace(b"xl/workbook.xml", b"xl/workbooc.xml", 1),
}


def shared(text_: str, cells: int) -> bytes:
    """Return a workbook with one text in so many cells, kept once."""
    related_ = hostile.relation("worksheet", "/xl/worksheets/sheet1.xml") + hostile.relation(
        "sharedStrings", "sharedStrings.xml"
    )
    parts = {
        "xl/sharedStrings.xml": f'<sst xmlns="{hostile.MAIN}"><si><t>{text_}</t></si></sst>',
        "xl/_rels/workbook.xml.rels": hostile.relations(related_),
    }
    return xlsx(sheet(hostile.rows_of(cells // 100, '<c t="s"><v>0</v></c>' * 100)), parts)


def many_sheets(count: int) -> bytes:
    """Return a workbook of so many small sheets with an error in each."""
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, count))
    targets = "".join(
        f'<Relationship Id="r{n}" Type="x/worksheet" Target="worksheets/s{n}.xml"/>' for n in range(1, count)
    )
    book = f'<workbook xmlns="{hostile.MAIN}" xmlns:r="{hostile.OFFICE}"><sheets>{sheets}</sheets></workbook>'
    content = sheet('<row><c t="e"><v>#N/A</v></c></row>')
    parts = {f"xl/worksheets/s{n}.xml": content for n in range(1, count)}
    return xlsx(more={"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": hostile.relations(targets), **parts})


def mistaken_form(mark: str, more: str) -> bytes:
    """Return a form of ours with a mistake in it and something put before the end of an element of its sheet."""
    parts = handmade.unpacked(kit.typed("mentee", birth="вчера"))
    place = "xl/worksheets/sheet1.xml"
    parts[place] = parts[place].replace(f"</{mark}>".encode(), f"{more}</{mark}>".encode())
    return zipped(parts.items())


def merged(reference: str) -> bytes:
    """Return a form of ours with a mistake in it and one merged cell more."""
    return mistaken_form("mergeCells", f"<mergeCell ref{reference}/>")


NESTED = "<text:p>" * 200_000 + "</text:p>" * 200_000

LABORIOUS: dict[str, Callable[[], bytes]] = {
    "a long text in 20,000 cells": lambda: shared("x" * 1_000_000, 20_000),
    "a long text in 200 cells": lambda: shared("x" * 1_000_000, 200),
    "two cells as far apart as allowed": lambda: far("A1", "KN20000"),
    "900 sheets with errors": lambda: many_sheets(900),
    "300,000 elements in each other": lambda: xlsx(
        sheet(f'<row><c t="e"><is>{"<a>" * 300_000}{"</a>" * 300_000}</is></c></row>')
    ),
    "200,000 errors": lambda: xlsx(sheet(hostile.rows_of(2_000, '<c t="e"><v>#REF!</v></c>' * 100))),
    "200,000 formulas nobody computed": lambda: xlsx(sheet(hostile.rows_of(2_000, "<c><f>A1</f></c>" * 100))),
    "1,400,000 elements": lambda: xlsx(more={"xl/a.xml": "<aaaa/>\n<bbbbbb/>" * 700_000}),
    "180 MB of almost nothing": lambda: xlsx(more={f"xl/{n}.xml": hostile.slow_bomb(60 * 2**20) for n in range(3)}),
    "a text of 60 MB": lambda: xlsx(
        sheet(f"<row>{text_cell('A1', hostile.slow_bomb(50 * 2**20).hex()[: 60 * 2**20])}</row>")
    ),
    "ods: 200,000 repeated formulas": lambda: ods(
        table(row('<table:table-cell table:formula="of:=[.A1]" table:number-columns-repeated="250"/>', 800))
    ),
    "ods: 200,000 paragraphs in each other": lambda: ods(
        table(
            row(f'<table:table-cell table:formula="x">{"<text:p>" * 200_000}{"</text:p>" * 200_000}</table:table-cell>')
        )
    ),
    "xls: 3,000 numbers": lambda: hostile.compound(
        {"Workbook": hostile.workbook(b"".join(hostile.number(n % 200, n % 20) for n in range(3_000)))}
    ),
    "a form with one cell of a whole sheet": lambda: merged('="A1:XFD1048576"'),
    "a form with one cell of a whole sheet in a strange hand": lambda: merged(" = 'a1:xfd1048576'"),
    "a form with one cell of a whole sheet, masked": lambda: merged('="A1:&#88;FD1048576"'),
    "a form with thousands of merged cells": lambda: mistaken_form(
        "mergeCells", "".join(f'<mergeCell ref="A{n}:Z{n + 9}"/>' for n in range(100, 9_000, 10))
    ),
    "a form with a coloured cell at the very end": lambda: mistaken_form(
        "sheetData", '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    ),
    "a form with 150,000 cells more": lambda: mistaken_form(
        "sheetData", "".join(f'<row r="{n}">{"<c/>" * 250}</row>' for n in range(100, 700))
    ),
}
"""Files that pass the gate, or nearly, and cost whoever reads or marks them."""


def everything() -> dict[str, bytes]:
    """Return every file that is not honest by what is wrong with it."""
    made = {name: data for name, (_, data) in FOREIGN.items()}
    made |= {name: make() for name, (_, make) in DANGEROUS.items()}
    made |= {name: make() for family in (FAR, DAMAGED, LABORIOUS) for name, make in family.items()}
    return made
