"""What data a template asks for, read off its Jinja tree before anything is rendered.

A name is a path: «pair.mentor.post»; the items of a list are «[]»: `{% for p in order.pairs %}{{ p.code }}` asks
for «order.pairs[].code». Names set in the template itself stand for what they were set to.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from jinja2 import nodes

from pipeline.office.word.problems import nearest

_SAME_ITEMS = frozenset({"list", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique"})
_BY_ATTRIBUTE = frozenset({"groupby", "join", "map", "max", "min", "sort", "sum", "unique"})
_BY_FIRST = frozenset({"groupby", "rejectattr", "selectattr"})
ITEMS = "[]"


@dataclass(frozen=True)
class Use:
    """One place where a part asks for `path`: the line of its (lined) source; `printed` as it is, without a filter."""

    path: str
    line: int
    printed: bool = False


@dataclass
class _Walk:
    """A walk over one part; `scope` gives the path behind each name set in the template (None: cannot be known)."""

    scope: dict[str, str | None] = field(default_factory=dict)

    def uses(self, node: nodes.Node) -> Iterator[Use]:
        if isinstance(node, nodes.For):
            yield from self._loop(node)
        elif isinstance(node, nodes.With):
            yield from self._with(node)
        elif isinstance(node, nodes.Assign):
            yield from self.uses(node.node)
            self._bind(node.target, self.path(node.node))
        elif isinstance(node, nodes.Output):
            yield from (Use(path, one.lineno, printed=True) for one in _bare(node) if (path := self.path(one)))
            yield from self._all(node.nodes)
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            yield from self._asked(node)
        else:
            if isinstance(node, nodes.Filter):
                yield from self._attributes(node)
            yield from self._all(node.iter_child_nodes())

    def _all(self, many: Iterable[nodes.Node]) -> Iterator[Use]:
        for node in many:
            yield from self.uses(node)

    def _loop(self, loop: nodes.For) -> Iterator[Use]:
        yield from self.uses(loop.iter)
        inner = replace(self, scope={**self.scope, "loop": None})
        inner._bind(loop.target, _below(self.path(loop.iter), ITEMS))
        yield from inner._all([*([loop.test] if loop.test else []), *loop.body])
        yield from replace(self, scope=dict(self.scope))._all(loop.else_)

    def _with(self, block: nodes.With) -> Iterator[Use]:
        yield from self._all(block.values)
        inner = replace(self, scope=dict(self.scope))
        for target, value in zip(block.targets, block.values, strict=True):
            inner._bind(target, self.path(value))
        yield from inner._all(block.body)

    def _bind(self, target: nodes.Node, path: str | None) -> None:
        if isinstance(target, nodes.Name):
            self.scope[target.name] = path
        else:
            self.scope.update(dict.fromkeys((name.name for name in target.find_all(nodes.Name)), None))

    def _asked(self, node: nodes.Name | nodes.Getattr | nodes.Getitem) -> Iterator[Use]:
        path = self.path(node)
        if path is not None:
            yield Use(path, node.lineno)
        root: nodes.Node = node
        while isinstance(root, nodes.Getattr | nodes.Getitem):
            if isinstance(root, nodes.Getitem):
                yield from self.uses(root.arg)
            root = root.node
        if not isinstance(root, nodes.Name):
            yield from self.uses(root)

    def _attributes(self, node: nodes.Filter) -> Iterator[Use]:
        """The attributes that a filter over a list names by text: `pairs|map(attribute="code")`."""
        items = _below(self.path(node.node), ITEMS) if node.node else None
        named = [one.value for one in node.kwargs if one.key == "attribute" and node.name in _BY_ATTRIBUTE]
        first = node.args[:1] if node.name in _BY_FIRST else []
        for value in (*named, *first):
            if items is not None and isinstance(value, nodes.Const) and isinstance(value.value, str):
                yield Use(f"{items}.{value.value}", node.lineno)

    def path(self, node: nodes.Node | None) -> str | None:
        """Give the path an expression stands for, or None if that cannot be told from the template."""
        if isinstance(node, nodes.Name):
            return self.scope.get(node.name, node.name)
        if isinstance(node, nodes.Getattr):
            return _below(self.path(node.node), "." + node.attr)
        if isinstance(node, nodes.Getitem):
            key = node.arg.value if isinstance(node.arg, nodes.Const) else None
            return _below(self.path(node.node), f".{key}" if isinstance(key, str) else ITEMS)
        if isinstance(node, nodes.Filter) and node.name in _SAME_ITEMS:
            return self.path(node.node)
        return None


def _bare(node: nodes.Node) -> Iterator[nodes.Node]:
    """Give the names whose values are printed as they are, with no filter on the way."""
    if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        yield node
    elif isinstance(node, nodes.Output | nodes.Concat | nodes.Or):
        for one in node.iter_child_nodes():
            yield from _bare(one)
    elif isinstance(node, nodes.CondExpr):
        for branch in (node.expr1, node.expr2):
            yield from _bare(branch) if branch else ()


def _below(path: str | None, step: str) -> str | None:
    return None if path is None else path + step


def uses_in(tree: nodes.Node) -> tuple[Use, ...]:
    """List what one part asks for, in the order it asks."""
    return tuple(_Walk().uses(tree))


def top(path: str) -> str:
    """Give the first name of a path."""
    return _steps(path)[0]


Branches = Mapping[tuple[str, ...], Collection[str]]
"""The beginning of a known path, cut into steps → the steps that may come next."""


def branches(known: Collection[str]) -> Branches:
    """Cut known paths into steps, for `unknown`."""
    found: dict[tuple[str, ...], set[str]] = {}
    for path in known:
        steps = _steps(path)
        for at, step in enumerate(steps):
            found.setdefault(steps[:at], set()).add(step)
    return found


def unknown(path: str, known: Branches) -> Iterator[tuple[str, str]]:
    """Give the first step of `path` that `known` branches do not have, with the nearest they have; else nothing.

    A path is known if it is a known one, or leads to one, or lies below one that ends in «.*» (anything goes).
    """
    steps = _steps(path)
    for at, step in enumerate(steps):
        ways, before = known.get(steps[:at], ()), "".join(steps[:at])
        if ".*" in ways:
            return
        if step not in ways:
            yield before + step, nearest(before + step, [before + way for way in sorted(ways)])
            return


def _steps(path: str) -> tuple[str, ...]:
    """Cut «order.pairs[].code» into «order», «.pairs», «[]», «.code»."""
    return tuple(path.replace(ITEMS, "\n" + ITEMS).replace(".", "\n.").split("\n"))
