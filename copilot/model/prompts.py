"""The Jinja2 environment over prompt folders, and the record of which template wrote what.

Owns loading, overriding and the errors of templates; refuses to know what a template is about.
"""

import hashlib
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from copilot.domain.base import Shape
from copilot.domain.errors import PromptError
from copilot.model.compiled import CompiledTemplates
from copilot.model.say import SayTag

BUILTIN = "builtin/"


class TemplateUse(Shape):
    """A template that took part in a text: its name and the SHA-256 of its source."""

    name: str
    hash: str


class Rendered(Shape):
    """A rendered text and every template it came from, overriding ones first."""

    text: str
    templates: tuple[TemplateUse, ...]


class Prompts:
    """Templates of several folders; the first folder that has a name wins.

    The last folder is the shipped one; its files stay reachable as ``builtin/<name>``, so an override may extend what
    it overrides. Templates are found and compiled once; files that change, come or go need a new ``Prompts``.
    """

    def __init__(self, folders: Sequence[Path], cache_dir: Path | None = None) -> None:
        """``folders`` as ``assets.prompt_folders`` gives them, at least one; ``cache_dir`` keeps them compiled."""
        if not folders:
            raise PromptError("no prompt folder was given", remedy="use assets.prompt_folders()")
        self._loader = _FolderLoader(folders)
        self._environment = _RecordingEnvironment(
            loader=self._loader,
            undefined=jinja2.StrictUndefined,
            extensions=[SayTag],
            autoescape=False,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=-1,
            bytecode_cache=CompiledTemplates(cache_dir),
        )

    def names(self, prefix: str = "") -> tuple[str, ...]:
        """The templates there are, sorted, without the ``builtin/`` aliases."""
        return tuple(name for name in self._loader.list_templates() if name.startswith(prefix))

    def has(self, name: str) -> bool:
        """Whether a template of that name exists."""
        return self._loader.find(name) is not None

    def source(self, name: str) -> Path:
        """The file that answers to ``name``; ``PromptError`` when there is none."""
        path = self._loader.find(name)
        if path is None:
            raise PromptError(f"template {name} was not found", remedy=f"looked in {self._loader.places}")
        return path

    def warm(self, prefix: str = "") -> None:
        """Compile every template now, so that the first draft of a process is not the slow one."""
        for name in self.names(prefix):
            self.block_names(name)

    def block_names(self, name: str) -> frozenset[str]:
        """The blocks that a template defines itself, without those it inherits."""
        with _as_prompt_error(name):
            return frozenset(self._environment.get_template(name).blocks)

    def render(self, name: str, variables: Mapping[str, object]) -> Rendered:
        """The text of template ``name``.

        Raises:
            PromptError: missing or broken template, undefined variable; the message begins with file:line.
        """
        self.source(name)
        used: dict[str, str] = {}
        token = _used.set(used)
        try:
            with _as_prompt_error(name):
                text = self._environment.get_template(name).render(variables)
        finally:
            _used.reset(token)
        templates = tuple(TemplateUse(name=key, hash=self._loader.hashes[key]) for key in used)
        return Rendered(text=text, templates=templates)


_used: ContextVar[dict[str, str] | None] = ContextVar("templates_used", default=None)


class _RecordingEnvironment(ImmutableSandboxedEnvironment):
    def _load_template(self, name: str, globals: object) -> jinja2.Template:  # type: ignore[override]
        used = _used.get()
        if used is not None:
            used.setdefault(name, name)
        return super()._load_template(name, globals)  # type: ignore[arg-type]


class _FolderLoader(jinja2.BaseLoader):
    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._found: dict[str, Path | None] = {}
        self.hashes: dict[str, str] = {}

    @property
    def places(self) -> str:
        return ", ".join(str(folder) for folder in self._folders)

    def find(self, name: str) -> Path | None:
        # Each draft asks for a dozen texts by the same few names.
        if name not in self._found:
            self._found[name] = self._look(name)
        return self._found[name]

    def _look(self, name: str) -> Path | None:
        folders = self._folders
        if name.startswith(BUILTIN):
            name, folders = name.removeprefix(BUILTIN), folders[-1:]
        parts = name.split("/")
        # A template name never leaves its folder.
        if "\\" in name or any(part in ("", ".", "..") for part in parts):
            return None
        for folder in folders:
            path = folder.joinpath(*parts)
            if path.is_file():
                return path
        return None

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        path = self.find(template)
        if path is None:
            raise jinja2.TemplateNotFound(template)
        raw = path.read_bytes()
        try:
            source = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise jinja2.TemplateSyntaxError("not UTF-8 text", 1, template, str(path)) from None
        self.hashes[template] = hashlib.sha256(raw).hexdigest()
        return source, str(path), lambda: True

    def list_templates(self) -> list[str]:
        names = {
            path.relative_to(folder).as_posix()
            for folder in self._folders
            for path in folder.rglob("*.j2")
            if path.is_file()
        }
        return sorted(names)


@contextmanager
def _as_prompt_error(name: str) -> Generator[None]:
    try:
        yield
    except jinja2.TemplateSyntaxError as error:
        raise PromptError(f"{error.filename or error.name or name}:{error.lineno}: {error.message}") from None
    except jinja2.TemplateNotFound as error:
        raise PromptError(f"template {error.name} was not found (wanted by {name})") from None
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise PromptError(f"{_place(error.__traceback__, name)}: {type(error).__name__}: {_brief(error)}") from error


def _place(trace: TracebackType | None, name: str) -> str:
    place = name
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            place = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _brief(error: Exception) -> str:
    # A jinja error names the variable; anything else may carry a value, and values may be a buyer's words.
    return str(error) if isinstance(error, jinja2.TemplateError) else "the template could not be rendered"
