"""What is remembered of files, devices and codes, up to its bounds and no further."""

from passlens.analysis.seen import MAX_CODES, MAX_DEVICES, SeenCalls, SeenCode, SeenFile, SeenKeys


def test_a_device_is_remembered() -> None:
    file = SeenFile()
    assert file.device("a") is file.device("a")
    assert file.device("a") is not file.device(None)


def test_one_device_more_than_the_bound_is_new_each_time() -> None:
    file = SeenFile()
    for number in range(MAX_DEVICES):
        file.device(str(number))
    assert file.device(str(MAX_DEVICES - 1)) is file.device(str(MAX_DEVICES - 1))
    assert file.device("more") is not file.device("more")


def test_one_code_more_than_the_bound_is_not_known() -> None:
    file = SeenFile()
    for number in range(MAX_CODES + 1):
        file.add_code(str(number), SeenCode(None, provider=True))
    assert file.code(str(MAX_CODES - 1)) is not None
    assert file.code(str(MAX_CODES)) is None
    assert file.code(None) is None


def test_a_key_belongs_to_the_file_that_showed_it_first() -> None:
    keys = SeenKeys()
    assert [keys.elsewhere("a", file) for file in ("one", "one", "two", "one")] == [False, False, True, False]


def test_one_key_more_than_the_bound_is_nowhere_else() -> None:
    keys = SeenKeys()
    for number in range(MAX_DEVICES + 1):
        keys.elsewhere(str(number), "one")
    assert keys.elsewhere(str(MAX_DEVICES - 1), "two")
    assert not keys.elsewhere(str(MAX_DEVICES), "two")


def test_a_call_is_forgotten_after_a_hundred_others() -> None:
    for others, again in ((99, True), (100, False)):
        calls = SeenCalls()
        assert not calls.again(("poll", "a"), 0, 1)
        assert not any(calls.again(("poll", number), 0, 1) for number in range(others))
        assert calls.again(("poll", "a"), 0, 1) is again
