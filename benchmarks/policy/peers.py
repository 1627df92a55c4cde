"""Measures a peer with a list of terms; a process of its own in the peers' environment, on one core, off the network.

``python -m benchmarks.policy.peers FOLDER presidio 10000 5 2`` prints a line of JSON. Nothing of ours is imported here.
"""

import importlib
import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from benchmarks.policy.timing import FIRST, memory, pin, rate, read, say

Found = Callable[[str], bool]
"""Whether a message holds a term, as the peer sees it."""


def presidio(terms: Sequence[str]) -> Found:
    """The analyzer with the terms as its one deny list, and a pipeline that only cuts the text into characters."""
    analyzer: Any = importlib.import_module("presidio_analyzer")
    engines: Any = importlib.import_module("presidio_analyzer.nlp_engine")
    spacy: Any = importlib.import_module("spacy")
    pipeline: Any = engines.SpacyNlpEngine(models=[{"lang_code": "zh", "model_name": "blank"}])
    # Put there instead of loaded: models would have to be downloaded.
    pipeline.nlp = {"zh": spacy.blank("zh")}
    listed = analyzer.PatternRecognizer(supported_entity="TERM", deny_list=list(terms), supported_language="zh")
    registry = analyzer.RecognizerRegistry(recognizers=[listed], supported_languages=["zh"])
    engine = analyzer.AnalyzerEngine(registry=registry, nlp_engine=pipeline, supported_languages=["zh"])
    return lambda text: bool(engine.analyze(text, language="zh"))


def guardrails(terms: Sequence[str]) -> Found:
    """A guard with one validator of our own that looks for each term; the hub has none for this."""
    # Read once, when the package is imported: nothing is counted and nothing is sent.
    home = Path(os.environ["HOME"])
    (home / ".guardrailsrc").write_text("enable_metrics=false\nuse_remote_inferencing=false\n", "utf-8")
    os.environ["OTEL_SDK_DISABLED"] = "true"
    package: Any = importlib.import_module("guardrails")
    base: Any = importlib.import_module("guardrails.validator_base")
    importlib.import_module("guardrails.settings").settings.disable_tracing = True

    def validate(_self: object, value: str, _metadata: object) -> Any:
        lowered = value.lower()
        spans = [
            base.ErrorSpan(start=lowered.find(term), end=lowered.find(term) + len(term), reason="listed")
            for term in terms
            if term in lowered
        ]
        return base.FailResult(error_message="listed", error_spans=spans) if spans else base.PassResult()

    listed: Any = type("Listed", (base.Validator,), {"_validate": validate})
    listed = base.register_validator(name="bench/listed", data_type="string")(listed)
    guard = package.Guard().use(listed(on_fail="noop"))
    return lambda text: not guard.validate(text).validation_passed


PEERS: dict[str, tuple[str, Callable[[Sequence[str]], Found]]] = {
    "presidio": ("presidio-analyzer", presidio),
    "guardrails": ("guardrails-ai", guardrails),
}
"""By name: the package, and what makes it ready."""


def measure(folder: Path, peer: str, size: int, *, rounds: int, seconds: float) -> dict[str, object]:
    """The figures of one peer with ``size`` terms; ``rounds`` of about ``seconds`` each."""
    package, make = PEERS[peer]
    messages, terms = read(folder, size)
    start = time.perf_counter()
    found = make(terms)
    found(messages[0])
    ready = time.perf_counter()

    def look(texts: Sequence[str]) -> int:
        return sum(map(found, texts))

    figures = rate(look, messages, rounds=rounds, seconds=seconds)
    return {
        **figures,
        "version": f"{package} {version(package)}",
        "open_seconds": ready - start,
        # Left out where it would take more than ten seconds.
        "listed": look(messages[:FIRST]) if figures["per_second"] * 10 >= FIRST else None,
        "memory": memory(),
    }


def off_the_network() -> None:
    """From now on nothing in this process reaches an address or asks for one."""

    def refuse(*_arguments: object) -> NoReturn:
        raise OSError("the benchmark has no network")

    socket.socket.connect = socket.socket.connect_ex = refuse
    socket.getaddrinfo = refuse


def main() -> None:
    """Measure what the command line names."""
    off_the_network()
    pin()
    folder, peer, size, rounds, seconds = sys.argv[1:]
    say(measure(Path(folder), peer, int(size), rounds=int(rounds), seconds=float(seconds)))


if __name__ == "__main__":
    main()
