"""Making a workspace and examining its set-up, before anything in it is touched."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline import catalog, files
from pipeline.documents import check
from pipeline.office import pdf
from pipeline.wording import commands as say
from pipeline.wording import documents as documents_say
from pipeline.workspace import Workspace

SHIPPED = Path(__file__).resolve().parent.parent
"""Where the shipped ``config/`` and ``templates/`` lie."""


_MENTORING_LAW = ("2025", "03", "01")
"""Since when article 351.8 of the Labour code is in force: year, month, day."""


def make(root: Path, *, demo: bool) -> Workspace:
    """Make a workspace at ``root`` with the shipped set-up; ``demo`` allows invented people in it."""
    space = Workspace(root)
    files.make_folders(space.folders())
    for part in ("config", "templates"):
        for path in sorted((SHIPPED / part).rglob("*")):
            if path.is_file():
                files.publish(root / path.relative_to(SHIPPED), path.read_bytes())
    if demo:
        files.publish(space.demo_mark, b"")
    return space


def examine(space: Workspace) -> catalog.Catalog:
    """Return everything declared in a workspace and its templates; raise ``SetupMistake`` with every mistake."""
    declared = catalog.load(space.root)
    mistakes = check.mistakes(declared)
    if mistakes:
        raise catalog.SetupMistake(mistakes)
    return declared


def sign(space: Workspace) -> int:
    """Return a number that changes when any file of the settings or templates does, without reading them."""
    paths = (path for part in ("config", "templates") for path in sorted((space.root / part).rglob("*.*")))
    return hash(tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in paths))


def doubts(space: Workspace, declared: catalog.Catalog) -> list[str]:
    """Return what is no mistake but should be looked at: missing folders, what the regulation leaves in doubt."""
    found = [say.no_folder(space.relative(folder)) for folder in space.folders() if not folder.is_dir()]
    found.extend(check.unknown_in_layout(declared))
    if declared.policy.pdf and not pdf.program():
        found.append(documents_say.no_office())
    post = declared.organisation.curator.post
    if not re.match(r"(и\.\s?о\.\s*)?зам", post.casefold()):
        found.append(say.curator_is_no_deputy(post))
    adopted = re.search(r"(\d\d)\.(\d\d)\.(\d{4})", declared.organisation.regulation_order)
    if adopted and adopted.group(3, 2, 1) < _MENTORING_LAW:
        found.append(say.regulation_before_law(adopted.group()))
    return found
