"""What an operator sets: environment variables that begin with ``COPILOT_``, or a ``.env`` file.

It reads and checks values and keeps secrets out of ``repr``; it opens nothing and has no shop or platform numbers.
"""

import os
import sys
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
    first one is a pooler. ``model`` is a litellm model name, unset means composed drafts only; ``model_base_url`` is
    for a local server that speaks OpenAI's protocol, ``model_seconds`` bounds a call that no deadline bounds.
    ``secret_keys`` seal what adapters need (Fernet keys, separated by commas; the first one seals, all of them open);
    unset means a key file below ``data_dir``. A login lasts ``session_idle_hours`` after its last use and never longer
    than ``session_days``. Deliveries that could not be used are kept for ``dead_letter_days``.
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
    secret_keys: SecretStr | None = None
    session_idle_hours: float = Field(default=12.0, gt=0, le=24 * 31)
    session_days: float = Field(default=7.0, gt=0, le=366)
    dead_letter_days: float = Field(default=30.0, gt=0, le=366)
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

    @field_validator("database_url", "database_direct_url", "model", "secret_keys", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("data_dir", "cache_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return Path(os.path.abspath(value.expanduser()))


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
