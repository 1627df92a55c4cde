"""What runs the conditions comes without its command line, and leaves that to whoever wants it."""

import subprocess
import sys

_CODE = """
import sys
from copilot.playbook.conditions import Expression
assert Expression("order.total > 1", frozenset({"order.total"})).holds({"order": {"total": 2}}) is True
assert not {"prompt_toolkit", "rich"} & set(sys.modules), "terminal libraries cost every start 0.3 s"
import cel.cli
assert cel.cli.__file__, "the real one is there for whoever asks for it"
"""


def test_no_command_line_is_imported_with_it() -> None:
    done = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True)
    assert (done.stderr, done.returncode) == ("", 0)
