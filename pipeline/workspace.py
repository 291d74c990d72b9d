"""Where things lie: one organisation's folder tree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REGISTER_NAME = "Реестр наставничества.xlsx"
STATE_PAGE = "Состояние.html"
FATE_PAGE = "Что с моим файлом.html"
BLANKS = "Бланки"
RETURNED = "На доработку"
UNKNOWN = "Не распознано"
SHARE_MARK = ".nastavnik"
"""Stands in each shared folder: where it is missing, the share itself is."""
PICTURES = "Сканы"


def picture_link(key: str) -> str:
    """Return where the picture of a scanned page lies, relative to the workspace; ``key`` is the page's."""
    sha, _, page = key.partition("-")
    return f"register/{PICTURES}/{sha[:8]}-{page}.png"


@dataclass(frozen=True)
class Workspace:
    """The folders of the workspace at ``root``. Only names; nothing is made or read here."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Where staff drop forms."""
        return self.root / "inbox"

    @property
    def blanks(self) -> Path:
        """Blank forms to fill."""
        return self.inbox / BLANKS

    @property
    def returned(self) -> Path:
        """Forms sent back with their mistakes marked."""
        return self.inbox / RETURNED

    @property
    def unknown(self) -> Path:
        """Files that are not ours."""
        return self.inbox / UNKNOWN

    @property
    def claims(self) -> Path:
        """Files just claimed, each in a folder of its own; the same file system as the inbox."""
        return self.inbox / ".claim"

    @property
    def fate_page(self) -> Path:
        """The page that tells senders what became of their files."""
        return self.inbox / FATE_PAGE

    @property
    def register(self) -> Path:
        """The register workbook."""
        return self.root / "register" / REGISTER_NAME

    @property
    def pictures(self) -> Path:
        """Pictures of scanned pages that the curator is asked about."""
        return self.root / "register" / PICTURES

    @property
    def outbox(self) -> Path:
        """Where the secretary collects documents."""
        return self.root / "outbox"

    @property
    def state_pages(self) -> tuple[Path, Path]:
        """The pages that tell the curator and the secretary how things stand."""
        return self.root / "register" / STATE_PAGE, self.outbox / STATE_PAGE

    @property
    def archive(self) -> Path:
        """Originals as received."""
        return self.root / "archive"

    @property
    def state(self) -> Path:
        """The program's own folder, never on a network share."""
        return self.root / ".state"

    @property
    def spool(self) -> Path:
        """Received files that are still being worked on."""
        return self.state / "spool"

    @property
    def quarantine(self) -> Path:
        """Dangerous files, off the share."""
        return self.state / "quarantine"

    @property
    def kept(self) -> Path:
        """Templates that were good, signed papers and what they were made from, by hash."""
        return self.state / "archive"

    @property
    def prints(self) -> Path:
        """PDFs of the papers in the outbox, by the hash of what they were made of, and those being made."""
        return self.state / "pdf"

    @property
    def journal(self) -> Path:
        """The journal's database."""
        return self.state / "journal.sqlite3"

    @property
    def demo_mark(self) -> Path:
        """Stands in workspaces made by ``init --demo``: invented people may be put there."""
        return self.state / "demo"

    def picture(self, key: str) -> Path:
        """Where the picture of a scanned page lies that could not be read; ``key`` is the page's."""
        return self.root / picture_link(key)

    @property
    def own_folders(self) -> tuple[Path, ...]:
        """The folders that nobody else sees."""
        return self.archive, self.state, self.spool, self.quarantine, self.kept

    def folders(self) -> tuple[Path, ...]:
        """Return every folder that a workspace needs."""
        return (self.inbox, self.blanks, self.returned, self.unknown, self.claims, self.register.parent, self.outbox,
                self.archive, self.state, self.spool, self.quarantine, self.kept)  # fmt: skip

    def relative(self, path: Path) -> str:
        """Return a path inside the workspace with forward slashes, as the journal and the links keep it."""
        return path.relative_to(self.root).as_posix()
