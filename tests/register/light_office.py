"""An office format that weighs nothing: a workbook is a number under which its plain grids are kept.

It stands in for xlsx where ten thousand histories must pass quickly; what it promises of ``read`` and ``apply`` is what
tests/office proves of ``pipeline.office.cells``. Two saves never have the same bytes.
"""

from types import SimpleNamespace

from pipeline.office import cells
from pipeline.office.cells import Book, Damaged, Grid, Reason, Scroll, SetCell


class LightOffice:
    """Makes, reads and changes workbooks as ``pipeline.office`` does."""

    def __init__(self):
        self._books = {}

    def make(self, told):
        """An empty register, from what ``register_make.make`` takes."""
        grids = {tab.title: _grid(tab.title, [[one.title for one in tab.headings]]) for tab in told.tabs}
        lists = [[one.title, *one.values] for one in told.lists.lists]
        deepest = max(map(len, lists), default=0)
        rows = [[one[row] if row < len(one) else None for one in lists] for row in range(deepest)]
        grids[told.lists.title] = _grid(told.lists.title, rows)
        grids[told.about.title] = _grid(told.about.title, [[label, value] for label, _, value in told.about.stamp])
        places = {name: (told.about.title, row, 2) for row, (_, name, _) in enumerate(told.about.stamp, 1)}
        return self._keep(grids, places)

    def read(self, data):
        """The grids kept under a number."""
        if data not in self._books:
            raise Damaged(Reason.NOT_A_WORKBOOK, "")
        return self._books[data]

    def apply(self, data, changes):
        """A new workbook with some cells changed."""
        changes = list(changes)
        book = self.read(data)
        grids = {**book.grids, **{title: _opened(book.grids[title]) for title in {one.sheet for one in changes}}}
        for change in changes:
            grid = grids[change.sheet]
            if isinstance(change, SetCell):
                _set(grid, (change.row, change.column), change.value, change.link)
                continue
            row = next(
                n for n in range(change.like_row + 1, change.like_row + len(grid.rows) + 2) if not grid.rows.get(n)
            )
            for column, value in change.values.items():
                _set(grid, (row, column), value, change.links.get(column))
        for title in {one.sheet for one in changes}:
            rows = grids[title].rows
            kept = {n: dict(sorted(rows[n].items())) for n in sorted(rows) if rows[n]}
            grids[title] = Grid(title, kept, grids[title].links)
        return self._keep(grids, book.places)

    def module(self):
        """What stands in for ``pipeline.office.cells``."""
        names = {name: getattr(cells, name) for name in cells.__all__}
        return SimpleNamespace(**{**names, "read": self.read, "apply": self.apply})

    def _keep(self, grids, places):
        names = {}
        for name, (title, row, column) in places.items():
            found = grids[title].rows.get(row, {}).get(column)
            names[name] = found.value if found else None
        data = f"workbook {len(self._books)}".encode()
        self._books[data] = Book(
            grids, places, names, False, lambda title: Scroll(grids[title].rows.items(), grids[title].links)
        )
        return data


def _grid(title, rows):
    found = {}
    for number, row in enumerate(rows, 1):
        found[number] = {column: cells.cell(value) for column, value in enumerate(row, 1) if value is not None}
    return Grid(title, found, {})


def _opened(grid):
    """A copy of a grid that can be written to."""
    return Grid(grid.title, {number: dict(row) for number, row in grid.rows.items()}, dict(grid.links))


def _set(grid, place, value, link):
    row, column = place
    cell = cells.cell(value)
    if cell is cells.BLANK:
        grid.rows.get(row, {}).pop(column, None)
    else:
        grid.rows.setdefault(row, {})[column] = cell
    if link:
        grid.links[place] = link
    elif link == "":
        grid.links.pop(place, None)
