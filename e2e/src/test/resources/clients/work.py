"""psycopg 3 against the gateway, with the environment of `lockbox connect ID env`: work.py MARKER [expert]"""
import re
import sys
import threading
import time

import psycopg
from psycopg import errors
from psycopg.types import TypeInfo
from psycopg.types.composite import CompositeInfo
from psycopg.types.enum import EnumInfo

marker = sys.argv[1]
expert = sys.argv[2:] == ["expert"]


def mark(what):
    return f" /* {marker}-{what} */"


def fails(connection, sql, *kinds):
    try:
        connection.execute(sql)
    except kinds:
        connection.rollback()
        return
    raise AssertionError(f"{sql} was not refused")


with psycopg.connect("") as connection:
    rows = connection.execute(
        "select id, email from customers where id > %s order by id limit %s" + mark("params"), (0, 5)
    ).fetchall()
    assert len(rows) == 5
    assert all(re.fullmatch(r".\*\*\*@\*\*\*", email) for _, email in rows), rows

    for id, _ in rows * 3:  # from the sixth on psycopg prepares it
        found = connection.execute("select id from customers where id = %s" + mark("prepared"), (id,))
        assert found.fetchone() == (id,)
    connection.commit()

    # what psycopg asks the catalogs for, to read columns of these types
    assert TypeInfo.fetch(connection, "text").oid == 25
    assert TypeInfo.fetch(connection, "no_such_type") is None
    assert EnumInfo.fetch(connection, "no_such_type") is None
    row = CompositeInfo.fetch(connection, "customers")
    assert "email" in row.field_names and len(row.field_types) == len(row.field_names), row
    try:
        EnumInfo.fetch(connection, "helpdesk.customer_status")
        raise AssertionError("the schema of the application is closed")
    except errors.InsufficientPrivilege:
        connection.rollback()
    assert connection.execute("select status from customers limit 1").fetchone()[0] in ("active", "suspended", "left")
    connection.commit()

    fails(connection, "select 1 / 0" + mark("error"), errors.DivisionByZero)
    fails(
        connection,
        "delete from customers" + mark("refused"),
        errors.InsufficientPrivilege,
        errors.ReadOnlySqlTransaction,
    )

    if expert:
        with connection.transaction():
            with connection.cursor("portal") as cursor:
                cursor.itersize = 500
                cursor.execute("select g from generate_series(1, 20000) g" + mark("cursor"))
                assert sum(1 for _ in cursor) == 20000
    else:
        fails(connection, "declare c cursor for select 1" + mark("cursor"), errors.InsufficientPrivilege)

    with connection.pipeline():
        cursors = [connection.execute("select %s::int" + mark("pipeline"), (n,)) for n in range(20)]
    assert [cursor.fetchone()[0] for cursor in cursors] == list(range(20))

    with connection.cursor() as cursor:
        with cursor.copy("copy (select id from customers order by id limit 100) to stdout" + mark("copy")) as copy:
            assert sum(1 for _ in copy.rows()) == 100
    connection.commit()

    def cancel():
        time.sleep(1)
        connection.cancel()

    threading.Thread(target=cancel).start()
    fails(connection, "select pg_sleep(60)" + mark("cancelled"), errors.QueryCanceled)

print("done")
