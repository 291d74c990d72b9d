"""Forms a second: 300 filled questionnaires through the gate, the limited child and the validation, as intake does."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

from pipeline import catalog, samples
from pipeline.intake import forms, gate
from pipeline.office import sheets_read

COUNT = 300
TODAY = date(2026, 11, 22)


def main() -> None:
    """Print forms a second by format, and what the time is spent on."""
    declared = catalog.load(Path())
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for number, one in enumerate(samples.questionnaires(declared, COUNT, 1, TODAY)):
            (root / f"{number:03}.xlsx").write_bytes(one.data)
        for kind in ("xlsx", "ods", "xls"):
            paths = sorted(root.glob("*.xlsx")) if kind == "xlsx" else _converted(root, kind)
            if paths:
                _measure(declared, kind, paths)


def _converted(root: Path, kind: str) -> list[Path]:
    if not shutil.which("soffice"):
        return []
    sources = [str(path) for path in sorted(root.glob("*.xlsx"))[:60]]
    profile = f"-env:UserInstallation={(root / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(root), *sources],
        check=True,
        capture_output=True,
    )
    return sorted(root.glob(f"*.{kind}"))


def _measure(declared: catalog.Catalog, kind: str, paths: list[Path]) -> None:
    with sheets_read.Reader() as reader:
        reader.read(paths[0])
        spent = {"gate": 0.0, "child": 0.0, "validation": 0.0}
        for path in paths:
            start = time.perf_counter()
            assert gate.examine(path).kind == kind
            gated = time.perf_counter()
            sheets = reader.read(path)
            read = time.perf_counter()
            reading = forms.read(sheets, declared, TODAY)
            done = time.perf_counter()
            assert reading.form is not None
            assert not reading.mistakes, reading.mistakes
            for part, seconds in zip(spent, (gated - start, read - gated, done - read), strict=True):
                spent[part] += seconds
    total = sum(spent.values())
    parts = ", ".join(f"{part} {seconds / total:.0%}" for part, seconds in spent.items())
    print(f"forms .{kind}: {len(paths) / total:7.0f} a second read and validated ({parts})")


if __name__ == "__main__":
    main()
