"""Forms with files, as platforms take uploads; read for emulators, whose server knows none.

Owns the reading only; a body that is no form has no parts.
"""

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser


@dataclass(frozen=True)
class Part:
    """One field: its bytes, and the file's name and media type where it is a file."""

    body: bytes
    file_name: str | None = None
    content_type: str = "text/plain"

    @property
    def text(self) -> str:
        """What was entered into the field."""
        return self.body.decode("utf-8", "replace")


def parts_of(content_type: str, body: bytes) -> dict[str, Part]:
    """The fields of a ``multipart/form-data`` body by name; ``content_type`` is the request's header."""
    if not content_type.startswith("multipart/form-data"):
        return {}
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    form = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    return dict(_part(one) for one in form.iter_parts() if isinstance(one, EmailMessage))


def _part(one: EmailMessage) -> tuple[str, Part]:
    name = one.get_param("name", "", header="content-disposition")
    body = one.get_payload(decode=True)
    part = Part(body if isinstance(body, bytes) else b"", one.get_filename(), one.get_content_type())
    return str(name), part
