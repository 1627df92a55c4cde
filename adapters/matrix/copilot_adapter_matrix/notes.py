"""What a note looks like in the agents' room: as plain text, and with a little form for programs that show it."""

from html import escape
from typing import Final

from copilot.sdk import Note

_WORDS: Final = {
    "title": ("📝 给 {buyer} 的草稿", "📝 draft for {buyer}"),
    "silent": ("🔔 {buyer} 在等回复", "🔔 {buyer} waits for an answer"),
    "somebody": ("买家", "a buyer"),
    "options": ("方案", "options"),
    "accept": ("✅ {act}", "✅ {act}"),
    "edit": ("回复这条消息:按您写的发送", "reply to this message: sends your words instead"),
    "option": ("用字母回应:发送那个方案", "react with a letter: sends that option"),
    "reject": ("❌ 或“❌ 原因”:驳回", "❌ or “❌ reason”: rejects"),
}


def _said(key: str, note: Note, **values: str) -> str:
    return _WORDS[key][0 if note.language == "zh" else 1].format(**values)


def _title(note: Note) -> str:
    return _said("title" if note.text else "silent", note, buyer=note.buyer or _said("somebody", note))


def _ways(note: Note) -> list[str]:
    """What people can do here."""
    ways: list[str] = []
    if note.act is not None:
        ways.append(_said("accept", note, act=note.act))
    if note.text:
        ways.append(_said("edit", note))
    if any(one.text for one in note.options):
        ways.append(_said("option", note))
    return [*ways, _said("reject", note)]


def _options(note: Note) -> list[str]:
    return [f"{one.key}  {one.title}" for one in note.options]


def plain(note: Note) -> str:
    """The note without any form."""
    asked = [f"> {line}" for words in note.asked for line in words.split("\n")]
    remarks = [f"⚠ {one}" for one in note.remarks]
    parts = ["\n".join([_title(note), *asked]), note.text, "\n".join(_options(note)), "\n".join(remarks)]
    return "\n\n".join([*(part for part in parts if part), " · ".join(_ways(note))])


def html(note: Note) -> str:
    """The note with bold, quotes and lists; everything that anybody wrote is text."""
    asked = "".join(f"<p>{_lines(one)}</p>" for one in note.asked)
    parts = [
        f"<p><strong>{escape(_title(note))}</strong></p>",
        f"<blockquote>{asked}</blockquote>" if asked else "",
        f"<p>{_lines(note.text)}</p>" if note.text else "",
        _list(_options(note)),
        _list([f"⚠ {one}" for one in note.remarks]),
        f"<p><em>{escape(' · '.join(_ways(note)))}</em></p>",
    ]
    return "".join(parts)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _list(lines: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{_lines(one)}</li>' for one in lines)}</ul>" if lines else ""
