"""A chat tool of somebody else that shows the panel: a list, a reply box, a frame of 380 px, and what it heard."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>tool</title>
<style>body{margin:0;display:flex;height:100vh;font:14px sans-serif}main{flex:1;padding:16px}
iframe{width:380px;height:100%;border:0;border-left:1px solid #ccc}textarea{width:90%;height:90px}</style>
<main><h1>Chat tool</h1><textarea id="box" aria-label="Reply"></textarea></main>
<script>
const heard = [];
const address = new URLSearchParams(location.search).get("panel");
const frame = Object.assign(document.createElement("iframe"), {id: "panel", title: "reply-copilot", src: address});
const at = new URL(address).origin;
addEventListener("message", (event) => {
  if (event.origin !== at || event.source !== frame.contentWindow) return;
  heard.push(event.data);
  if (event.data.type === "reply-copilot:insert") document.getElementById("box").value = event.data.text;
});
document.body.append(frame);
function open_chat(id) { frame.contentWindow.postMessage({type: "reply-copilot:open", conversation: id}, at); }
function tell_panel(what, about) { frame.contentWindow.postMessage({type: `reply-copilot:${what}`, ...about}, at); }
function chatwoot(id) {
  const data = {conversation: {id}, contact: {}, currentAgent: {id: 1, name: "Mallory", email: "m@example.com"}};
  frame.contentWindow.postMessage(JSON.stringify({event: "appContext", data}), "*");
}
function script(id) {
  const said = `{type: "reply-copilot:open", conversation: "${id}"}`;
  return `<script>parent.frames[0].postMessage(${said}, "*")<\\/script>`;
}
// A window that shows something else entirely reaches the panel's window by walking the frames.
function say_from_elsewhere(id) {
  const other = document.createElement("iframe");
  other.setAttribute("sandbox", "allow-scripts");
  other.srcdoc = script(id);
  document.body.append(other);
}
// The listed origin itself, but not the window around the panel.
function say_from_a_frame_inside(id) {
  const other = document.createElement("iframe");
  other.srcdoc = script(id);
  document.body.append(other);
}
</script></html>"""


def host_app() -> FastAPI:
    """The tool: one page, whose ``panel`` parameter is the address of the panel."""
    app = FastAPI(openapi_url=None)

    @app.get("/")
    async def page() -> HTMLResponse:  # pyright: ignore[reportUnusedFunction]
        return HTMLResponse(_PAGE)

    return app


@contextmanager
def shown_by_a_tool() -> Iterator[str]:
    """The tool, served from a thread of its own; its address is another site's than 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(host_app(), log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://localhost:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(5)
