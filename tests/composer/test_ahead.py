"""What was expected on a day that has passed is not said to be expected."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.fact import Fact, FactKind
from copilot.model.composer.samples import NOW, samples


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("days", "said"), [(-3, False), (0, True), (2, True)])
def test_a_day_that_has_passed_is_not_expected(say: Callable[..., Any], language: str, days: int, said: bool) -> None:
    wanted = {("refund_request", "in_transit"), ("return_exchange", "quantity_shipped")}
    found = [one for one in samples() if one.issue and (one.issue.value, one.scene) in wanted]
    assert len(found) == len(wanted)
    expected = "预计" if language == "zh" else "expected"
    for sample in found:
        plan = sample.plan(language)
        day = (NOW[language] + timedelta(days=days)).date().isoformat()
        eta = Fact(id="shipment.SF1.eta", kind=FactKind.DATE, value=day, source="platform")
        plan = plan.model_copy(update={"facts": {**plan.facts, eta.id: eta}})
        texts = [say(plan, language, seed=f"c{number}").text for number in range(6)]
        assert any(expected in text or "should be there" in text for text in texts) is said
