"""asyncpg and its pool against the gateway, with the environment of `lockbox connect ID env`."""
import asyncio

import asyncpg


async def work():
    async with asyncpg.create_pool(min_size=1, max_size=2) as pool:
        async with pool.acquire() as connection:
            rows = await connection.fetch(
                "select id, email, status, tags, attributes from customers where id > $1 order by id limit 5", 0
            )
            assert len(rows) == 5 and all(row["email"].endswith("***@***") for row in rows), rows
            assert isinstance(rows[0]["tags"], list), rows
            assert rows[0]["status"] in ("active", "suspended", "left"), rows
            whole = await connection.fetchval("select c from customers c order by id limit 1")
            assert whole["status"] == rows[0]["status"], whole  # a row with an enum in it
            async with connection.transaction(readonly=True):
                seen = [row async for row in connection.cursor("select g from generate_series(1, 500) g")]
            assert len(seen) == 500
            copied = await connection.copy_from_query(
                "select id from customers order by id limit 100", output="/dev/null"
            )
            assert copied == "COPY 100", copied
            prepared = await connection.prepare("select $1::int + 1")
            async with connection.transaction():  # its BEGIN is a simple query behind a Flush
                assert await prepared.fetchval(1) == 2
            await connection.prepare("select 1")
            assert await connection.execute("select 2") == "SELECT 1"
            try:
                await connection.copy_records_to_table("customers", records=[(1,)], columns=["id"])
                raise AssertionError("copied into a view")
            except asyncpg.InsufficientPrivilegeError as refused:
                assert "COPY IN is not allowed at level masked" in str(refused), refused
            try:
                await connection.execute("select 1 / 0")
                raise AssertionError("no error")
            except asyncpg.DivisionByZeroError:
                pass
            try:
                await connection.execute("select pg_sleep(60)", timeout=2)
                raise AssertionError("no timeout")
            except asyncio.TimeoutError:
                pass
        async with pool.acquire() as connection:
            assert await connection.fetchval("select 'goes on'") == "goes on"


asyncio.run(work())
print("done")
