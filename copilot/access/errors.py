"""What can go wrong at the door; each tells the caller no more than a stranger may know."""

from copilot.domain.errors import CopilotError


class AccessError(CopilotError):
    """The root of refusals at the door."""

    code = "access"


class WrongLogin(AccessError):
    """Login and password do not belong together, or the person may not enter any more; it never says which."""

    code = "wrong_login"

    def __init__(self) -> None:
        """The same words for every cause."""
        super().__init__("the login or the password is wrong")


class TooManyAttempts(AccessError):
    """Too many wrong logins in a row; ``retry_after`` is in seconds, at least 1."""

    code = "too_many_attempts"
    retryable = True

    def __init__(self, retry_after: int) -> None:
        """Say how long to wait."""
        super().__init__("too many attempts to sign in", remedy=f"wait {retry_after} s")
        self.retry_after = retry_after


class StaleCredentials(AccessError):
    """The stored settings changed since they were read."""

    code = "stale_credentials"
    retryable = True

    def __init__(self) -> None:
        """Nothing of the settings is told."""
        super().__init__("the settings of the shop changed meanwhile", remedy="read them again")


class OwnAccess(AccessError):
    """A person would change their own role or send themself away."""

    code = "own_access"

    def __init__(self) -> None:
        """The same words for both."""
        super().__init__("nobody changes their own access", remedy="ask somebody else with the right to")


class NotOverThem(AccessError):
    """Only an owner makes, changes or sends away an owner."""

    code = "owner_only"

    def __init__(self) -> None:
        """The same words for each."""
        super().__init__("only an owner decides about owners", remedy="ask an owner")


class LastOwner(AccessError):
    """Nobody would be left who may do everything."""

    code = "last_owner"

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__("a merchant needs an owner", remedy="make somebody else an owner first")


class NotVerified(AccessError):
    """A platform wants something of an agent's account that the owner says is not done; ``missing`` names it."""

    code = "agent_not_verified"

    def __init__(self, missing: str) -> None:
        """Say what is missing."""
        super().__init__(f"the platform wants {missing} of an agent", remedy="do it there, then say so here")
        self.missing = missing


class AgentLimit(AccessError):
    """As many agents are active as a platform lets a shop have; ``limit`` is that many."""

    code = "agent_limit_exceeded"

    def __init__(self, limit: int) -> None:
        """Say how many there may be."""
        super().__init__(f"a shop may have {limit} agents there", remedy="send somebody away first")
        self.limit = limit
