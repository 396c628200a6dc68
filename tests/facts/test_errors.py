"""The error codes of today and of earlier samples, held to the facts."""

from passlens.rest_v2 import errors
from support.facts import Rows, cells, hold, load, rows


def test_the_codes() -> None:
    want: Rows = {
        code: cells(action=row["action"], status=row["status"])
        for code, row in rows("error-codes", "codes", "code").items()
    }
    have: Rows = {row.code: cells(action=row.action, status=row.status) for row in errors.CODES}
    hold("error codes", have, want)


def test_the_old_codes() -> None:
    want: Rows = {
        code: cells(since=row["from"], until=row["until"], today=row["today"])
        for code, row in rows("error-codes", "old_codes", "code").items()
    }
    have: Rows = {row.code: cells(since=row.since, until=row.until, today=row.today) for row in errors.OLD_CODES}
    hold("old error codes", have, want)


def test_the_vocabularies() -> None:
    facts = load("error-codes")
    assert list(errors.ACTIONS) == facts["actions"]
    assert list(errors.STATUSES) == facts["statuses"]
    assert list(errors.V1_CODES) == facts["v1_codes"]
    throttling = facts["throttling"]
    assert throttling["status"] == errors.THROTTLED
    assert throttling["content_type"] == errors.THROTTLED_MEDIA_TYPE
    assert throttling["min_wait_seconds"] == errors.MIN_WAIT_SECONDS


def test_no_code_stands_in_two_tables() -> None:
    tables = (set(errors.BY_CODE), set(errors.V1_CODES), set(errors.OLD_BY_CODE))
    assert sum(map(len, tables)) == len(set.union(*tables))
    assert {row.today for row in errors.OLD_CODES} - {None} <= set(errors.BY_CODE)
