"""A reply copilot for people who answer shoppers in marketplace chat."""

import os

__version__ = "0.1.0"

# LangGraph posts its state, a buyer's words included, to a third party when these are set in the user's environment.
for _name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"):
    os.environ[_name] = "false"
