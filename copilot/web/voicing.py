"""A shop's voice, read from where drafts read it and published there: one file of the version that decides.

What else the version holds stays as it is. Checks run outside of any transaction; when somebody else published
meanwhile nothing is stored.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from copilot.access import audit
from copilot.access.principal import Principal
from copilot.flow.publishing import rows
from copilot.flow.publishing.files import Kind, collect, digest, lay_out
from copilot.flow.publishing.rows import Actor, New, State
from copilot.flow.publishing.standing import Standing, Version
from copilot.jobs.following import Following
from copilot.model.composer import Voice, load_voice
from copilot.store.tables import PublicationRow
from copilot.web.api.reach import Place
from copilot.web.errors import PublishedMeanwhile, SeveralFolders
from copilot.web.parts import Parts

FILE = "voice/voice.yaml"
SETTING = "voice"
"""What the audit log calls it."""
_KIND = Kind.PLAYBOOKS


@dataclass(frozen=True)
class Heard:
    """What the shop says itself (``own``), else what holds for it; ``below`` would hold if it said nothing.

    Lengths that the shop does not name are not in ``voice``: those of ``below`` hold then. ``number`` is the published
    version of the shop that decides; None: nothing is published for it.
    """

    voice: Voice
    below: Voice
    own: bool
    number: int | None


async def voice_of(parts: Parts, place: Place) -> Heard:
    """What holds for the shop, as the rows say now: a process may be about to take it."""
    standing = (await _following(parts).read(place.shop.merchant)).standing(place.shop.id)
    return await asyncio.to_thread(_heard, parts, place, standing)


async def publish_voice(parts: Parts, place: Place, voice: Voice, principal: Principal) -> None:
    """Put ``voice`` in force for the shop, from the next draft on.

    Raises:
        PublishedMeanwhile: somebody published something of the merchant's while this was checked.
        SeveralFolders: the shop's files lie in several folders, which no version can hold as one.
        BadConfiguration: what would decide cannot be read.
    """
    shop, merchant = place.shop, place.shop.merchant
    serial = (await rows.heads(parts.store)).get(merchant, 0)
    published = await _following(parts).read(merchant)
    standing = published.standing(shop.id)
    before = await asyncio.to_thread(_heard, parts, place, standing)
    if before.own and before.voice == voice:
        return
    files = {**await _files(parts, place, standing), FILE: written(voice)}
    folder = await asyncio.to_thread(lay_out, _root(parts), files)
    new = Version(shop.id, 0, folder)
    after = Standing(standing.rules, (standing.playbooks[0], new))
    await asyncio.to_thread(parts.shops.proved, after, shop, place.merchant_slug, parts.clock.now())
    async with parts.store.merchant(merchant) as session:
        await rows.lock(session)
        newest = await session.scalar(select(func.max(PublicationRow.serial)))
        if (newest or 0) != serial:
            raise PublishedMeanwhile
        now, actor = parts.clock.now(), Actor(str(principal.id), principal.role)
        row = await rows.add(session, merchant, New(_KIND, files, shop.id), State.ENFORCE, actor, now)
        assert row.hash == digest(files)
        changed = sorted(name for name in Voice.model_fields if getattr(voice, name) != getattr(before.voice, name))
        detail = {"changed": [f"{SETTING}.{name}" for name in changed], "version": row.number}
        await audit.record(
            session, merchant=merchant, by=actor.by, action="shop.changed", object=str(shop.id), at=now, detail=detail
        )


def written(voice: Voice) -> str:
    """The file's text: every value in quotes, so that a name like "no" or "12" stays a name."""
    values = voice.model_dump(mode="json").items()
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in values)


def _heard(parts: Parts, place: Place, standing: Standing) -> Heard:
    layers = parts.shops.layers(standing, _KIND, place.merchant_slug, place.shop.slug)
    version = standing.playbooks[1]
    own = [version.folder] if version is not None else _own(parts, place)
    below = [folder for folder in (*parts.shops.folders, *layers) if folder not in own]
    holds, said = load_voice(below), any((folder / FILE).is_file() for folder in own)
    voice = load_voice(own) if said else holds.model_copy(update={"max_chars": {}})
    return Heard(voice, holds, said, version.number if version is not None else None)


async def _files(parts: Parts, place: Place, standing: Standing) -> Mapping[str, str]:
    """What the version in force for the shop holds; without one, what lies in its folder, which it will replace."""
    version = standing.playbooks[1]
    if version is not None:
        # From the rows: a folder in the cache may be gone, and what is missing there must not be lost here.
        async with parts.store.merchant(place.shop.merchant) as session:
            return await rows.files_of(session, version.id)
    found = [files for folder in _own(parts, place) if (files := await asyncio.to_thread(collect, folder, _KIND))]
    if len(found) > 1:
        raise SeveralFolders
    return found[0] if found else {}


def _own(parts: Parts, place: Place) -> list[Path]:
    tail = Path("merchants") / place.merchant_slug / "shops" / place.shop.slug
    return [folder / tail for folder in parts.shops.folders if (folder / tail).is_dir()]


def _root(parts: Parts) -> Path:
    return parts.settings.cache_dir / "published"


def _following(parts: Parts) -> Following:
    return Following(parts.store, parts.shops, parts.clock, _root(parts))
