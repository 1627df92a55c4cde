"""What this process counts and times, for ``/metrics``: the only place where the measurements have names.

Labels are names of ours (adapters, states, codes, families) and the models that the settings name, never an id, a shop
or anybody's words; one that does not look like a name is counted as "other".
"""

import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram

OTHER = "other"

_NAME = re.compile(r"[a-z][a-z_]{0,39}(?:\.[a-z_]{1,40})?")
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/-]{0,99}")
_FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0)
_DRAFTING = (0.05, 0.08, 0.12, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 180.0)
_SENDING = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_WAITING = (0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 30.0)

_acknowledged = Histogram(
    "copilot_acknowledged_seconds",
    "From a platform's delivery to our answer, which follows the commit.",
    ["adapter", "outcome"],
    buckets=_FAST,
)
_proposed = Histogram(
    "copilot_webhook_to_proposed_seconds",
    "From the buyer's message reaching us to the draft being shown.",
    ["written_by"],
    buckets=_DRAFTING,
)
_late = Counter("copilot_drafts_shown_late_total", "Drafts that were shown after their deadline.")
_sent = Histogram(
    "copilot_send_seconds",
    "One call that sends a reply, by its outcome.",
    ["adapter", "outcome"],
    buckets=_SENDING,
)
_model_skipped = Counter("copilot_model_skipped_total", "Drafts composed although a model is set, by why.", ["reason"])
_model_calls = Counter("copilot_model_calls_total", "Calls to models, by model.", ["model"])
_model_faults = Counter(
    "copilot_model_faults_total",
    "What models failed at, by model and fault; paused and over budget were not called.",
    ["model", "fault"],
)
_model_tokens = Counter("copilot_model_tokens_total", "Tokens of answered calls.", ["model", "direction"])
_model_cost = Counter(
    "copilot_model_cost_usd_total", "US dollars for answered calls, where litellm knows a price.", ["model"]
)
_verdicts = Counter("copilot_verdicts_total", "Verdicts on shown drafts, by decision.", ["decision"])
_findings = Counter(
    "copilot_findings_total", "Findings on shown drafts, by family and severity.", ["family", "severity"]
)
_streams = Gauge("copilot_sse_clients", "Event streams that are open now.")
_pool_wait = Histogram("copilot_pool_wait_seconds", "How long work waited for a database connection.", buckets=_WAITING)
_jobs = Histogram(
    "copilot_job_seconds", "How long jobs ran, by task and outcome.", ["task", "outcome"], buckets=_DRAFTING
)


def label(value: str | None) -> str:
    """``value`` when it is a name such as "tiktok_shop" or "draft.resume", else "other"."""
    return value if value is not None and _NAME.fullmatch(value) else OTHER


def observe_acknowledged(adapter: str, outcome: str, seconds: float) -> None:
    """A delivery was answered; ``outcome`` is "taken" or the code of the refusal."""
    _acknowledged.labels(label(adapter), label(outcome)).observe(seconds)


def observe_proposed(seconds: float, *, written_by: str | None, late: bool) -> None:
    """A draft was shown ``seconds`` after the buyer's message reached us; ``written_by`` None: held without a text."""
    _proposed.labels(label(written_by or "nobody")).observe(seconds)
    if late:
        _late.inc()


def observe_send(adapter: str, outcome: str, seconds: float) -> None:
    """A call to send was made; ``outcome`` is "accepted" or the error's code."""
    _sent.labels(label(adapter), label(outcome)).observe(seconds)


def count_model_skipped(reason: str) -> None:
    """A draft was composed although a model is set."""
    _model_skipped.labels(label(reason)).inc()


def count_model_call(model: str) -> None:
    """A model is called; ``model`` is its name in the settings."""
    _model_calls.labels(_model_label(model)).inc()


def count_model_fault(model: str, fault: str) -> None:
    """A model gave nothing usable; ``fault`` is the code of why."""
    _model_faults.labels(_model_label(model), label(fault)).inc()


def count_model_answer(model: str, *, tokens_in: int, tokens_out: int, cost: float | None) -> None:
    """A model answered; ``cost`` in US dollars, None when nobody knows."""
    name = _model_label(model)
    _model_tokens.labels(name, "in").inc(tokens_in)
    _model_tokens.labels(name, "out").inc(tokens_out)
    if cost is not None:
        _model_cost.labels(name).inc(cost)


def _model_label(model: str) -> str:
    return model if _MODEL.fullmatch(model) else OTHER


def count_verdict(decision: str, findings: Iterable[tuple[str, str]]) -> None:
    """A verdict on a shown draft; ``findings`` are pairs of family and severity."""
    _verdicts.labels(label(decision)).inc()
    for family, severity in findings:
        _findings.labels(label(family), label(severity)).inc()


def observe_pool_wait(seconds: float) -> None:
    """Somebody got a database connection after waiting so long."""
    _pool_wait.observe(seconds)


def observe_job(task: str, outcome: str, seconds: float) -> None:
    """A job ended; ``outcome`` is "done", "failed" or "put_back"."""
    _jobs.labels(label(task), label(outcome)).observe(seconds)


@contextmanager
def open_stream() -> Generator[None]:
    """Counts an event stream as open for the block."""
    with _streams.track_inprogress():
        yield
