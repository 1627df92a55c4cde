from copilot.model.composer.page import page
from copilot.model.composer.samples import samples


def test_every_sample_is_on_the_page_and_none_fails(prompts):
    lines = list(page(prompts))
    assert not [line for line in lines if "!!" in line]
    assert sum(line.startswith("\n## ") for line in lines) == 2 * len(samples())


def test_a_part_of_a_title_narrows_it(prompts):
    titles = [line for line in page(prompts, ["zh"], "damaged") if line.startswith("\n##")]
    assert titles
    assert all("damaged" in title for title in titles)
