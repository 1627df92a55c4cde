import pytest

from copilot import assets
from copilot.domain.errors import BadConfiguration, PolicyFileError
from copilot.model.composer import Voice, load_voice


def package(root, name="reply-copilot"):
    code = root / "site" / "copilot"
    code.mkdir(parents=True)
    (root / "site" / "pyproject.toml").write_text(f'[project]\nname = "{name}"\n', encoding="utf-8")
    return code


def test_the_packaged_folder_wins(tmp_path):
    code = package(tmp_path)
    (code / "prompts").mkdir()
    (code.parent / "prompts").mkdir()
    assert assets.shipped("prompts", code) == code / "prompts"


def test_the_checkout_is_used_only_when_it_is_ours(tmp_path):
    ours = package(tmp_path / "a")
    (ours.parent / "prompts").mkdir()
    assert assets.shipped("prompts", ours) == ours.parent / "prompts"
    strange = package(tmp_path / "b", "somebody-else")
    (strange.parent / "prompts").mkdir()
    with pytest.raises(BadConfiguration, match=r"prompts/ was not found; looked at"):
        assets.shipped("prompts", strange)


def test_a_broken_project_file_is_not_ours(tmp_path):
    code = package(tmp_path)
    (code.parent / "prompts").mkdir()
    (code.parent / "pyproject.toml").write_text("not toml [", encoding="utf-8")
    with pytest.raises(BadConfiguration):
        assets.shipped("prompts", code)


def test_user_folders_come_first_for_prompts_and_last_for_policies(tmp_path):
    assert assets.prompt_folders([tmp_path])[0] == tmp_path
    assert assets.policy_folders([tmp_path])[-1] == tmp_path
    assert assets.golden_folder().name == "golden"
    with pytest.raises(BadConfiguration, match="is not a folder"):
        assets.prompt_folders([tmp_path / "missing"])


def test_folders_are_separated_like_a_path():
    assert [path.name for path in assets.split_folders("/a:/b: ")] == ["a", "b"]
    assert assets.split_folders(None) == ()


def voice(folder, text):
    (folder / "voice").mkdir(parents=True)
    (folder / "voice" / "voice.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_last_layer_gives_the_voice(tmp_path):
    shipped = voice(tmp_path / "shipped", "emoji: none\nmax_chars: {zh: 200, en: 500}\n")
    shop = voice(tmp_path / "shop", "address: 你\nmax_chars: {zh: 80}\nbrand:\n  zh: 小满家\n")
    assert load_voice([shipped, shop]) == Voice(address="你", brand={"zh": "小满家"}, max_chars={"zh": 80, "en": 500})
    assert load_voice([]) == Voice()
    with pytest.raises(PolicyFileError, match=r"voice\.yaml:1: .*adress"):
        load_voice([voice(tmp_path / "wrong", "adress: 你\n")])


def test_the_voice_shapes_the_text(say, tmp_path):
    from copilot.model.composer.samples import samples

    damaged = next(one for one in samples() if one.scene == "decide" and len(one.options) > 1)
    text = say(damaged.plan("zh"), "zh", voice=Voice(address="你", punctuation="plain")).text
    assert "您" not in text
    assert "," in text
    assert "，" not in text
    greet = next(one for one in samples() if one.act.value == "greet")
    assert "小满家" in "".join(
        say(greet.plan("zh"), "zh", voice=Voice(brand={"zh": "小满家"}), variant=variant).text for variant in range(4)
    )
    emoji = say(greet.plan("zh"), "zh", voice=Voice(emoji="light")).text
    assert any(ord(sign) > 0x1F000 for sign in emoji)
