"""Word templates made on the fly by python-docx, for tests and benches; nothing here is shipped."""

import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO

import docx
from docx.document import Document
from docx.text.paragraph import Paragraph

_KEPT_STYLES = {"Normal", "Header", "Footer", "Table Grid", "Normal Table", "Title", "Heading 1", "List Bullet"}
_BALLAST = {"stylesWithEffects", "customXml", "thumbnail"}


def blank() -> Document:
    """An empty document of python-docx."""
    return docx.Document()


def slim() -> Document:
    """An empty document without the ballast of python-docx's default one: few styles, no picture of itself."""
    document = blank()
    for style in list(document.styles):
        if style.name not in _KEPT_STYLES:
            style.delete()
    for rels in (document.part.rels, document.part.package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.rpartition("/")[2] in _BALLAST]:
            del rels[key]
    return document


def saved(document: Document) -> bytes:
    """The document as bytes."""
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def template(*paragraphs: str) -> bytes:
    """A template with one paragraph for each text given."""
    document = blank()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def rows(document: Document, cells: Iterable[Iterable[str]]) -> None:
    """Add a table with these texts in its cells."""
    texts = [list(row) for row in cells]
    table = document.add_table(len(texts), len(texts[0]), style="Table Grid")
    for row, line in zip(table.rows, texts, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            cell.text = text


def split(paragraph: Paragraph, *pieces: str) -> None:
    """Add pieces as runs of their own, with a spelling mark between them, as Word leaves edited tags."""
    for piece in pieces:
        run = paragraph.add_run(piece)
        run.italic = True
        run._r.addnext(run._r.makeelement(_w("proofErr"), {_w("type"): "spellStart"}))


def _w(name: str) -> str:
    return "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}" + name


def members(data: bytes) -> dict[str, bytes]:
    """Member names of a package to their contents."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_members(data: bytes, changes: Mapping[str, bytes | Callable[[bytes], bytes]]) -> bytes:
    """The package with some members replaced, changed by a function, or added."""
    parts = members(data)
    for name, change in changes.items():
        parts[name] = change if isinstance(change, bytes) else change(parts[name])
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def picture(side: int, seed: int = 1) -> bytes:
    """A square grey PNG full of noise, `side` pixels wide: about side² bytes."""
    noise = random.Random(seed)
    lines = b"".join(b"\0" + noise.randbytes(side) for _ in range(side))
    chunks = (
        (b"IHDR", struct.pack(">2L5B", side, side, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body)) for kind, body in chunks
    )
