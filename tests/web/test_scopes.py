"""Which part of an agent's work is whose: what a pre-sale agent may not do, and that it is written down."""

import httpx
import pytest

from copilot.access import people
from copilot.access.principal import Role
from copilot.access.scopes import PRE_SALE, Scope
from copilot.desk.reviewing import scope_of_case, scope_of_promise
from copilot.store.tables import AuditRow, CaseRow, DraftRow
from tests.web.conftest import PASSWORD, Web


async def _with_scopes(web: Web, *scopes: str) -> httpx.AsyncClient:
    """The agent of every test, whose part of the work an owner has chosen."""
    await people.add_person(web.store, web.merchant, "owner", "Owner", Role.OWNER, "zh", PASSWORD, web.clock)
    owner = await web.enter("owner")
    agent = await web.enter()
    person = (await agent.get("/api/me")).json()["person"]["id"]
    answer = await owner.post(f"/api/people/{person}", json={"scopes": sorted(scopes)})
    assert (answer.status_code, answer.json()["scopes"]) == (200, sorted(scopes))
    return agent


async def _refused(web: Web) -> list[tuple[str | None, dict[str, str] | None]]:
    return [(row.object, row.detail) for row in await web.rows(AuditRow) if row.action == "scope.refused"]


@pytest.mark.feature("F004")
async def test_a_pre_sale_agent_reviews_no_after_sale_matter_and_one_row_says_so(web: Web) -> None:
    agent = await _with_scopes(web, *PRE_SALE)
    talk, draft = await web.broken_cups()
    case = next(row for row in await web.rows(CaseRow) if row.conversation == talk)

    answer = await agent.post(f"/api/conversations/{talk}/cases/{case.id}/resolve")

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "out_of_scope")
    assert await _refused(web) == [(str(case.id), {"scope": "after_sale_review"})]
    assert next(row for row in await web.rows(CaseRow) if row.id == case.id).state != "resolved"

    about = {"revision": draft.revision, "text_hash": draft.text_hash}
    offer = await agent.post(f"/api/drafts/{draft.id}/decision", json={**about, "kind": "accept"})
    assert (offer.status_code, offer.json()["error"]["code"]) == (403, "out_of_scope")
    assert next(row for row in await web.rows(DraftRow) if row.id == draft.id).state == "proposed"
    assert len(await _refused(web)) == 2
    # What gives nothing is theirs.
    said = await agent.post(f"/api/conversations/{talk}/replies", json={"id": str(case.id), "text": "您好，稍等。"})
    assert said.status_code == 202, said.text


async def test_a_scope_that_is_given_holds_from_the_next_request_on(web: Web) -> None:
    agent = await _with_scopes(web, *PRE_SALE)
    owner = await web.enter("owner")
    _, draft = await web.broken_cups()
    person = (await agent.get("/api/me")).json()["person"]["id"]
    own = await owner.post(f"/api/people/{(await owner.get('/api/me')).json()['person']['id']}", json={"scopes": []})
    assert (own.status_code, own.json()["error"]["code"]) == (403, "own_access")
    await owner.post(f"/api/people/{person}", json={"scopes": [one.value for one in Scope]})
    about = {"revision": draft.revision, "text_hash": draft.text_hash}
    answer = await agent.post(f"/api/drafts/{draft.id}/decision", json={**about, "kind": "accept"})
    assert answer.status_code == 200, answer.text
    assert await _refused(web) == []


async def test_who_answers_no_buyers_may_still_look(web: Web) -> None:
    agent = await _with_scopes(web, Scope.AFTER_SALE_REVIEW)
    talk = await web.buyer("在吗")
    assert "reply" not in (await agent.get("/api/me")).json()["can"]
    assert (await agent.get(f"/api/conversations/{talk}")).status_code == 200
    words = {"id": str(talk), "text": "您好"}
    assert (await agent.post(f"/api/conversations/{talk}/replies", json=words)).status_code == 403


@pytest.mark.parametrize(
    ("what", "scope"),
    [
        ("option.refund", Scope.AFTER_SALE_REVIEW),
        ("reship", Scope.AFTER_SALE_REVIEW),
        ("ship", Scope.ORDER_HANDLING),
        ("something new", Scope.ORDER_HANDLING),
        ("hold", None),
    ],
)
def test_what_a_promise_takes(what: str, scope: Scope | None) -> None:
    assert scope_of_promise(what) is scope


def test_what_a_case_takes() -> None:
    assert scope_of_case("damaged") is Scope.AFTER_SALE_REVIEW
    assert scope_of_case("stock") is None
