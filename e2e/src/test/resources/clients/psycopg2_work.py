"""psycopg2 against the gateway, with the environment of `lockbox connect ID env`: psycopg2_work.py [expert]"""
import sys
import threading

import psycopg2
import psycopg2.errors
import psycopg2.extras

connection = psycopg2.connect("")
with connection, connection.cursor() as cursor:
    cursor.execute("select id, email, tags, attributes from customers where id > %s order by id limit 5", (0,))
    rows = cursor.fetchall()
    assert len(rows) == 5 and all(row[1].endswith("***@***") for row in rows), rows
    assert isinstance(rows[0][2], list), rows
    psycopg2.extras.execute_values(cursor, "select * from (values %s) v(a, b)", [(1, "a"), (2, None)])
    assert cursor.fetchall() == [(1, "a"), (2, None)]
    with open("/dev/null", "w", encoding="utf-8") as nowhere:
        cursor.copy_expert("copy (select id from customers limit 100) to stdout", nowhere)
    assert cursor.rowcount == 100
try:
    with connection, connection.cursor() as cursor:
        cursor.execute("select 1 / 0")
    raise AssertionError("no error")
except psycopg2.errors.DivisionByZero:
    pass
with connection, connection.cursor() as cursor:
    cursor.execute("select 'goes on'")
    assert cursor.fetchone() == ("goes on",)

if sys.argv[1:] == ["expert"]:
    with connection, connection.cursor("portal") as cursor:
        cursor.itersize = 500
        cursor.execute("select g from generate_series(1, 20000) g")
        assert sum(1 for _ in cursor) == 20000

ended = threading.Event()


def cancel():
    while not ended.wait(1):
        connection.cancel()


threading.Thread(target=cancel).start()
try:
    with connection, connection.cursor() as cursor:
        cursor.execute("select pg_sleep(60)")
    raise AssertionError("not cancelled")
except psycopg2.errors.QueryCanceled:
    pass
ended.set()
connection.close()
print("done")
