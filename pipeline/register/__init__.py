"""The register's room: the workbook out and in. What she changed (``merge``), what must change in it (``publish``)."""
