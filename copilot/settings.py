"""What an operator sets: environment variables that begin with ``COPILOT_``, or a ``.env`` file.

It reads and checks values and keeps secrets out of ``repr``; it opens nothing and has no shop or platform numbers.
"""

import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from copilot.domain.errors import BadConfiguration

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


def default_data_dir() -> Path:
    """Where data goes when nobody says: the system's place for root, else the user's."""
    if os.getuid() == 0:
        return Path("/var/lib/reply-copilot")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "reply-copilot"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "reply-copilot"


class Settings(BaseSettings):
    """The settings of one process.

    ``cache_dir`` is where compiled packs are kept (unset: below ``data_dir``); they can be made again at any time.
    ``database_url`` unset means the embedded server below ``data_dir``; ``database_direct_url`` is for LISTEN when the
    first one is a pooler. ``model`` is a litellm model name or several, separated by commas, in the order in which
    they are asked; unset means composed drafts only. ``model_base_url`` is for a local server that speaks OpenAI's
    protocol, ``model_seconds`` bounds a call that no deadline bounds. A model with ``model_faults`` failed calls (five:
    one is chance, and with a person's pace of drafts five come within a minute only when something is down) within
    ``model_fault_window`` seconds is left alone for ``model_pause`` seconds (half a minute: as long as short outages
    last), then tried with one call. ``model_budget`` is what writing one draft may cost in US dollars at most.
    ``embedding_model`` is a litellm name too: answers of a shop are found by meaning as well; unset means by words.
    ``secret_keys`` seal what adapters need (Fernet keys, separated by commas; the first one seals, all of them open);
    unset means a key file below ``data_dir``. A login lasts ``session_idle_hours`` after its last use and never longer
    than ``session_days``. Deliveries that could not be used are kept for ``dead_letter_days``.
    ``adapters`` are the names of those that are loaded, separated by commas; unset means all that are installed.
    ``metrics_port`` is where a worker tells its own metrics, on this machine only; unset means nowhere.
    ``prompts_dir`` and ``policies_dir`` are the user's folders, separated as in PATH: their prompts are found first,
    their policies are laid over the shipped ones.
    """

    model_config = SettingsConfigDict(
        env_prefix="COPILOT_", env_file=".env", extra="ignore", hide_input_in_errors=True, frozen=True
    )

    data_dir: Path = Field(default_factory=default_data_dir)
    cache_dir: Path = Field(default_factory=lambda known: cast("Path", known["data_dir"]) / "cache")
    database_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("COPILOT_DATABASE_URL", "DATABASE_URL", "database_url")
    )
    database_direct_url: SecretStr | None = None
    model: str | None = None
    model_base_url: str | None = None
    model_seconds: float = Field(default=20.0, gt=0, le=600)
    model_faults: int = Field(default=5, ge=1, le=1000)
    model_fault_window: float = Field(default=60.0, gt=0, le=3600)
    model_pause: float = Field(default=30.0, gt=0, le=3600)
    model_budget: Decimal | None = Field(default=None, gt=0)
    embedding_model: str | None = None
    secret_keys: SecretStr | None = None
    session_idle_hours: float = Field(default=12.0, gt=0, le=24 * 31)
    session_days: float = Field(default=7.0, gt=0, le=366)
    dead_letter_days: float = Field(default=30.0, gt=0, le=366)
    adapters: Annotated[tuple[str, ...] | None, NoDecode] = None
    prompts_dir: Annotated[tuple[Path, ...], NoDecode] = ()
    policies_dir: Annotated[tuple[Path, ...], NoDecode] = ()
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    log_level: LogLevel = "INFO"

    @field_validator("prompts_dir", "policies_dir", mode="before")
    @classmethod
    def _folders(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(Path(part).expanduser() for part in value.split(os.pathsep) if part)
        return value

    @field_validator("adapters", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(name for name in names_in(value) if name) or None

    @field_validator(
        "database_url",
        "database_direct_url",
        "model",
        "model_base_url",
        "model_budget",
        "embedding_model",
        "secret_keys",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("model")
    @classmethod
    def _models(cls, value: str | None) -> str | None:
        if value is not None:
            names = names_in(value)
            if not all(names):
                raise ValueError("a name is missing beside a comma")
            if len(set(names)) < len(names):
                raise ValueError("a model is named twice")
        return value

    @property
    def models(self) -> tuple[str, ...]:
        """The models in the order in which they are asked; none when drafts are composed only."""
        return names_in(self.model) if self.model else ()

    def base_url_of(self, name: str) -> str | None:
        """``model_base_url`` where it is for the model ``name``: the only one there is, or one named ``openai/…``."""
        return self.model_base_url if self.models == (name,) or name.startswith("openai/") else None

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("data_dir", "cache_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return Path(os.path.abspath(value.expanduser()))


def names_in(value: str) -> tuple[str, ...]:
    """The parts of a list separated by commas, without the white space around them."""
    return tuple(part.strip() for part in value.split(","))


def load_settings(**overrides: Any) -> Settings:
    """The settings from the environment and ``.env``; ``overrides`` win.

    Raises:
        BadConfiguration: a value cannot be used; the message names the variable, never the value.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        variable = name if name.isupper() else f"COPILOT_{name.upper()}"
        raise BadConfiguration(f"{variable}: {first['msg']}", remedy="correct the variable or unset it") from None
