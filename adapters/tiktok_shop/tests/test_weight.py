"""What importing the adapter costs every process that only needs to send."""

import subprocess
import sys

HEAVY = {
    "starlette",
    "fastapi",
    "uvicorn",
    "litellm",
    "langgraph",
    "sqlalchemy",
    "presidio_analyzer",
    "spacy",
    "pytest",
}


def test_the_adapter_imports_no_server_no_model_and_not_its_emulator() -> None:
    program = "import sys, copilot_adapter_tiktok_shop.adapter; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.split())
    assert "copilot_adapter_tiktok_shop.adapter" in loaded
    assert not HEAVY & {name.partition(".")[0] for name in loaded}
    assert not [name for name in loaded if "emulator" in name or name.startswith("copilot.sdk.testing")]
