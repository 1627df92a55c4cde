"""Prints every scene in several wordings, to be read aloud: ``python -m copilot.model.composer.page [zh|en] [part]``.

Owns the page only; what it prints are made-up orders.
"""

import sys
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from copilot.assets import prompt_folders
from copilot.domain.errors import CopilotError
from copilot.model.composer.compose import compose
from copilot.model.composer.samples import NOW, Sample, samples
from copilot.model.composer.voice import Voice
from copilot.model.prompts import Prompts

_BURST = {"zh": "刚拆开碎了两个!!", "en": "opened it and two are shattered, wtf"}
_VARIANTS = 3


def page(prompts: Prompts, languages: Sequence[str] = ("zh", "en"), only: str = "") -> Iterator[str]:
    """The lines of the page; ``only`` keeps the issues whose name contains it."""
    for language in languages:
        for sample in samples():
            title = f"{language} {sample.issue.value if sample.issue else '-'} {sample.act.value}/{sample.scene}"
            if only in title:
                yield f"\n## {title} {'+'.join(sample.options)}".rstrip()
                yield from _wordings(prompts, sample, language)


def _wordings(prompts: Prompts, sample: Sample, language: str) -> Iterator[str]:
    zone = NOW[language].tzinfo
    if not isinstance(zone, ZoneInfo):
        return
    for variant in range(_VARIANTS):
        plan = sample.plan(language, full=variant != 1, empathy=variant != 2)
        try:
            text = compose(
                plan, language=language, case=None, burst_text=_BURST[language], order=None, now=NOW[language],
                zone=zone, voice=Voice(), prompts=prompts, variant=variant, seed=f"page-{variant}",
            ).text  # fmt: skip
        except CopilotError as error:
            text = f"!! {error}"
        yield f"{variant}  {text}"


def main(arguments: Sequence[str]) -> None:
    """Print the page; arguments are a language and a part of a title."""
    languages = [word for word in arguments if word in ("zh", "en")] or ["zh", "en"]
    only = next((word for word in arguments if word not in ("zh", "en")), "")
    prompts = Prompts(prompt_folders())
    for line in page(prompts, languages, only):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
