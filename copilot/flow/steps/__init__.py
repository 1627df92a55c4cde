"""One file per step; a step is ``async run(…, deps) -> result`` and never imports another step."""
