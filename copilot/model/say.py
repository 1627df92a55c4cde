"""The template tag ``say``: one sentence in several wordings, of which the composer chooses.

Owns the grammar ``{% say [kind] %} … {% or %} … {% endsay %}`` only; which wording is taken is decided by the three
functions ``say_open``, ``say_add`` and ``say_close`` that the rendering passes in.
"""

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

KINDS = ("must", "may", "empathy")
"""``must`` always stays, ``may`` goes when a text must be short, ``empathy`` speaks only when the plan asks."""


class SayTag(Extension):
    """``{% say may %}first wording{% or %}second{% endsay %}``; without a kind the sentence must be said."""

    tags = {"say"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Turn each wording into a closure; the last node asks for the chosen one's text."""
        line = next(parser.stream).lineno
        kind = "must"
        if parser.stream.current.type == "name":
            kind = str(next(parser.stream).value)
        if kind not in KINDS:
            parser.fail(f"unknown kind of sentence {kind!r}; one of {', '.join(KINDS)}", line)
        parsed: list[nodes.Node] = [
            nodes.Output([_call("say_open", nodes.Const(f"{parser.name}:{line}"), nodes.Const(kind))], lineno=line)
        ]
        word = ""
        while word != "endsay":
            start = parser.stream.current.lineno
            body = parser.parse_statements(("name:or", "name:endsay"))
            parsed.append(nodes.CallBlock(_call("say_add"), [], [], body, lineno=start))
            word = str(next(parser.stream).value)
        parsed.append(nodes.Output([_call("say_close")], lineno=line))
        return parsed


def _call(name: str, *arguments: nodes.Expr) -> nodes.Call:
    return nodes.Call(nodes.Name(name, "load"), list(arguments), [], None, None)
