"""How the rules of the house read code: small functions from source text to what they found.

Each finder takes a parsed module and yields line numbers, so that a rule can be shown to bite
on three lines of bad code (tests/test_house.py).
"""

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import zhupei

PACKAGE = Path(zhupei.__file__).parent
ROOT = PACKAGE.parent
CREATES = {"create", "get_or_create", "update_or_create", "acreate", "aget_or_create", "aupdate_or_create"}
UPDATES = {"update", "aupdate"}
BULK_UPDATES = {"bulk_update", "abulk_update"}
CLOCKS = {"now", "utcnow", "today", "localdate", "localtime"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def sources(*, of: Path = PACKAGE) -> list[Path]:
    """Our Python files, without migrations (they are made once and then history)."""
    return sorted(path for path in of.rglob("*.py") if "migrations" not in path.parts)


def templates() -> list[Path]:
    """Our templates, wherever an app keeps them."""
    return sorted(PACKAGE.rglob("templates/**/*.html"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def shown(path: Path, line: int = 0) -> str:
    """How an offender is named: the path from the root, and the line."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def rooms(path: Path) -> set[str]:
    """The folders and the name of one of our files: {"completion", "actions", "submission"}."""
    return set(path.with_suffix("").relative_to(PACKAGE).parts)


def functions(tree: ast.AST) -> Iterator[tuple[str, int, int]]:
    """Name, first line and number of lines of every function, without its decorators."""
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


def last_word(node: ast.AST) -> str:
    """``update`` of ``Application.objects.update``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def called(node: ast.Call) -> str:
    return last_word(node.func)


def words(node: ast.AST) -> set[str]:
    """Every string constant within ``node``."""
    return {
        constant.value
        for constant in ast.walk(node)
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
    }


def given(node: ast.Call) -> set[str]:
    """The names of the keywords of a call, those in ``**{…}`` and ``defaults={…}`` included."""
    names = {keyword.arg for keyword in node.keywords if keyword.arg}
    for keyword in node.keywords:
        if keyword.arg in (None, "defaults", "create_defaults"):
            if isinstance(keyword.value, ast.Dict):
                names |= {key.value for key in keyword.value.keys if isinstance(key, ast.Constant)}
            elif isinstance(keyword.value, ast.Call):  # defaults=dict(stage=…)
                names |= given(keyword.value)
    return names


def changes_of_state(tree: ast.AST, fields: Collection[str], models: Collection[str] = ()) -> Iterator[int]:
    """Lines that write one of ``fields``: by attribute, setattr, update, bulk_update or creation.

    ``models`` are the names of the classes that have such a field: ``Application(stage=…)``.
    """
    fields = set(fields)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if isinstance(node.ctx, ast.Store) and node.attr in fields:
                yield node.lineno
        elif isinstance(node, ast.Call):
            name = called(node)
            by_keyword = name in CREATES | UPDATES or name in models
            by_word = name in BULK_UPDATES or name == "setattr"
            if (by_keyword and given(node) & fields) or (by_word and words(node) & fields):
                yield node.lineno


def looks_at_the_clock(tree: ast.AST) -> Iterator[int]:
    """Lines that ask what time it is: ``timezone.now``, ``date.today()``, ``localdate()`` and the like.

    Not meant are ``localtime(moment)``, which only converts, and ``default=timezone.now`` of a
    column: the row is made by an action.
    """
    innocent = {id(node) for node in ast.walk(tree) if isinstance(node, ast.Call) for node in harmless(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("timezone"):
            if any(alias.name in CLOCKS for alias in node.names):
                yield node.lineno
        elif isinstance(node, ast.Attribute) and is_clock(node) and id(node) not in innocent:
            yield node.lineno


def is_clock(node: ast.Attribute) -> bool:
    owner = last_word(node.value)
    return (node.attr in CLOCKS and owner in {"timezone", "datetime", "date"}) or node.attr == owner == "time"


def harmless(call: ast.Call) -> list[ast.AST]:
    """Parts of a call that name a clock without looking at it."""
    converts = called(call) in {"localdate", "localtime"} and bool(call.args or call.keywords)
    defaults = [keyword.value for keyword in call.keywords if keyword.arg == "default"]
    return [call.func, *defaults] if converts else [*defaults]


def signals(tree: ast.AST) -> Iterator[int]:
    """Lines that bring in Django's signals: their modules, ``receiver``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names = {alias.name for alias in node.names}
            if module.startswith("django.dispatch") or module.endswith("signals") or "signals" in names:
                yield node.lineno
        elif isinstance(node, ast.Import):
            if any(
                alias.name.startswith("django.dispatch") or "signals" in alias.name for alias in node.names
            ):
                yield node.lineno
        elif isinstance(node, ast.Call) and called(node) == "receiver":
            yield node.lineno


def refused_shapes(tree: ast.AST) -> Iterator[int]:
    """Lines with class views, mixins of views or generic relations."""
    for node in ast.walk(tree):
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        is_view = module.startswith("django.views.generic") or (
            module == "django.views" and any(alias.name == "View" for alias in getattr(node, "names", ()))
        )
        is_generic = module.startswith("django.contrib.contenttypes") or module.endswith("auth.mixins")
        if is_view or is_generic:
            yield node.lineno  # type: ignore[attr-defined]


def without_docstring(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Public functions and classes of a module that say nothing about themselves.

    A QuerySet or manager is a bundle of sentences: there it is the methods that speak.
    """
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any(
            word.endswith(("QuerySet", "Manager")) for base in node.bases for word in names(base)
        ):
            speakers: list[ast.stmt] = node.body
        else:
            speakers = [node]
        for speaker in speakers:
            is_public = isinstance(speaker, (*FUNCTIONS, ast.ClassDef)) and not speaker.name.startswith("_")
            if is_public and not ast.get_docstring(speaker):
                yield speaker.name, speaker.lineno


def names(node: ast.AST) -> set[str]:
    """Every name and attribute within ``node``."""
    return {last_word(part) for part in ast.walk(node)} - {""}


BLOCKED_BY_CSP = re.compile(
    r"""\sstyle\s*=                     # an attribute
      | <style\b
      | <script\b(?![^>]*\s(src|type="application/json")\b)
      | \son[a-z]+\s*=\s*["']           # onclick=
      | \shx-on\b
      | javascript:
      | \s(src|href|action)\s*=\s*["'](https?:)?//   # the outside, at run time or by a link
    """,
    re.VERBOSE | re.IGNORECASE,
)
COMMENTS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


def blocked_by_csp(html: str) -> list[str]:
    """What the Content-Security-Policy would block, or what leaves the house."""
    return [match.group().strip() for match in BLOCKED_BY_CSP.finditer(COMMENTS.sub("", html))]


OF_A_MACHINE = re.compile(
    r"""\b(pypi\.org | pythonhosted\.org | registry\.npmjs\.org | npmmirror\.com | repo\.maven\.apache\.org)
      | \b(?:mirrors?|pypi|index|simple)\.[a-z0-9-]+\.(?:com|cn|org|edu\.cn)\b    # a mirror of one
      | (?<![\w/.$}:-])/(?:root|Users|work|home/[a-z]\w*)/[\w.-]+                    # somebody's folder
    """,
    re.VERBOSE,
)


def of_a_machine(text: str) -> list[str]:
    """Addresses of package registries and absolute paths of somebody's computer."""
    return [match.group() for match in OF_A_MACHINE.finditer(text)]
