"""Every error of the product, drawn as a tree; each has a stable code and says where and what to do.

``BadInput`` and ``BadConfiguration`` are for people: commands print them as one line and exit with 2. Messages name
places, never a buyer's words and never a secret.
"""


class CopilotError(Exception):
    """The root. ``code`` is stable; ``retryable`` says whether the same call may succeed later."""

    code = "error"
    retryable = False

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        """``message`` names the place; ``remedy`` what to do about it."""
        super().__init__(f"{message}; {remedy}" if remedy else message)
        self.remedy = remedy


class BadConfiguration(CopilotError):
    """Settings, a policy file, a prompt or an environment that cannot be used."""

    code = "bad_configuration"


class PolicyFileError(BadConfiguration):
    """A rule, pack, playbook, profile or fold file is wrong; the message begins with file:line."""

    code = "policy_file"


class PromptError(BadConfiguration):
    """A template is missing or cannot be rendered."""

    code = "prompt"


class SceneUnknown(PromptError):
    """No template words this act, issue and scene in this language."""

    code = "scene_unknown"


class LanguageUnsupported(PromptError):
    """The composer has no words in this language."""

    code = "language_unsupported"


class DatabaseUnavailable(BadConfiguration):
    """The database cannot be reached or must not be used as it is."""

    code = "database_unavailable"


class SchemaBehind(BadConfiguration):
    """The database's schema is older than the program."""

    code = "schema_behind"


class BadInput(CopilotError):
    """A file, a line or an argument that cannot be read."""

    code = "bad_input"


class FlowError(CopilotError):
    """Something in the life of a draft."""

    code = "flow"


class WrongTransition(FlowError):
    """A draft cannot go from one state to the other."""

    code = "wrong_transition"

    def __init__(self, before: str, after: str) -> None:
        """Name both states."""
        super().__init__(f"a draft cannot go from {before} to {after}")


class StaleDraft(FlowError):
    """The decision names a revision or text that is no longer the draft's; ``current`` is what stands now."""

    code = "stale_draft"

    def __init__(self, draft_id: str, current: dict[str, object] | None) -> None:
        """``current`` is the draft's present state, revision, text and hash, or None when it is gone."""
        super().__init__(f"draft {draft_id} has changed", remedy="read the current one and decide again")
        self.draft_id = draft_id
        self.current = current


class OverCeiling(FlowError):
    """What the reply grants lies above what may still be given; ``ceiling`` names which, ``left`` how much there is."""

    code = "over_ceiling"

    def __init__(self, ceiling: str, left: str) -> None:
        """``ceiling`` is "per_order", "per_buyer" or "per_day", ``left`` an amount with its currency."""
        super().__init__(
            f"the reply grants more than the ceiling {ceiling} leaves: {left}", remedy="offer less or ask a supervisor"
        )
        self.ceiling = ceiling
        self.left = left


class QuestionOver(FlowError):
    """The window in which a follow-up may be sent has passed."""

    code = "follow_up_over"

    def __init__(self) -> None:
        """It needs no more words."""
        super().__init__("the time for this question has passed", remedy="let it be, or write to the buyer yourself")


class TextBlocked(FlowError):
    """The edited text breaks a policy rule that blocks; ``verdict`` holds the findings."""

    code = "text_blocked"

    def __init__(self, verdict: object) -> None:
        """Keep the verdict for the caller to show."""
        super().__init__("the text is blocked by policy", remedy="change the marked words")
        self.verdict = verdict


class ModelError(CopilotError):
    """The model gave nothing usable in time."""

    code = "model"
    retryable = True
