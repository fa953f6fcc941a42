-- One text a line; each is said as a simple query, extended with binary rows, and prepared by name.
select
select 1
select 1 as "q""uote", null, ''
select 1;
;
select 1; select 2
select 1; select nonsense; select 3
begin; select 1; commit
begin; select 1/0; commit
rollback
select null::int, null::text, null::jsonb, null::int[], null::record
select 't'::bool, 1::int2, 2::int4, 3::int8, 4.5::float4, 5.5::float8, 6.75::numeric
select 0::numeric, -0.0::float8, 1e300::float8, 'NaN'::float4, 1e-20::numeric, 10::numeric(20,10)
select '2026-11-26'::date, '-infinity'::date, '0044-03-15 BC'::date, '12:00'::time, '12:00+02'::timetz
select timestamp '2026-11-26 01:02:03.000004', timestamptz '2026-03-29 02:30 Europe/Berlin', interval '-1 mon +2 days'
select array[[1,2],[3,null]], '[2:3]={a,b}'::text[], array[]::int[], array['', 'NULL', '"', '{}']
select '{"b": 1, "a": [true, null, 1.0e2, "\u00e9"]}'::jsonb, '{"b": 1,  "b": 2}'::json, 'null'::jsonb
select '\x'::bytea, '\xdeadbeef'::bytea, decode('AAEC', 'base64')
select '127.0.0.1'::inet, '::1/128'::cidr, '08:00:2b:01:02:03'::macaddr, B'101', '(1,2)'::point
select repeat('x', 100000)
select repeat('ä', 300000)
select string_agg(n::text, ',') from generate_series(1, 20000) n
select n, repeat('y', 500) from generate_series(1, 3000) n
select from generate_series(1, 3)
select * from customers where false
select * from plans order by code
select * from countries order by code
select * from tenants
select * from attachments order by id limit 5
select c.*, t.* from customers c left join tickets t on t.customer_id = c.id where c.id < 5 order by c.id, t.id
select count(*) from customers, tickets where customers.id = tickets.customer_id
select status, count(*) from tickets group by status order by status
select tenant_id, count(*) from customers group by rollup (tenant_id) order by 1
select * from lb_metadata.row_counts order by 1
select * from lb_metadata.columns order by 1, 2 limit 20
select table_name from information_schema.tables where table_schema like 'lb%' order by 1
select current_database(), current_schema(), current_setting('server_version_num')
select version()
select pg_typeof(1), 'int4'::regtype, 'customers'::regclass
show server_version
show all_settings
show transaction isolation level
explain (costs off) select * from tickets where id = 5
explain (analyze off, costs off, summary off) select 1
select 1/0
select 'abc'::int
select sqrt(-1)
select ('{1,2}'::int[])['x']
select * from api_tokens
select * from helpdesk.customers
select * from lb_write.customers limit 1
select password_hash from agents
select pg_read_file('/etc/passwd')
select * from lb_catalog.pg_database
select * from pg_authid
create table x (i int)
create temp table x (i int)
insert into customers default values
update customers set tenant_id = 2
set role postgres
set no.such = 1
set no_such = 1
reset all
set timezone = 'UTC'
set synchronize_seqscans = off
prepare p (int) as select $1 + 1
execute p(41)
execute p('x')
execute p
deallocate p
deallocate p
begin
declare c scroll cursor with hold for select id from customers order by id
fetch 3 from c
fetch backward 2 from c
move absolute 100 in c
fetch c
close c
savepoint a
select nonsense
select 1
rollback to a
select 2
release a
commit
commit
begin read only
savepoint "S 1"
update tickets set subject = 'x' where id = 1
rollback
begin isolation level serializable
select count(*) from articles
end
fetch all from c
close c
start transaction
select 1
rollback
copy (select 1, 'a') to stdout
copy (select null, E'\t') to stdout (format csv, quote '''')
copy (select 1) to '/tmp/x'
copy no_such to stdout
copy customers from stdin
copy customers (name) from stdin (format csv)
copy no_such from stdin
insert into tickets (id, subject) values (1, 'x')
insert into customers (id, tenant_id, name) values (1, 1, 'x')
update customers set id = 1
update tickets set customer_id = 0, subject = 'x'
insert into plans values ('x')
delete from countries
update ticket_messages set ticket_id = 1
do $$ begin raise notice 'one'; raise warning 'two'; raise info 'three'; end $$
do $$ begin raise exception 'own' using errcode = '22000', column = 'c', table = 't', constraint = 'k'; end $$
do $$ begin perform 1 / 0; end $$
select $$dollar$$, U&'\00e4', E'\x41', 'a' 'b'
select -- comment
select /* nested /* comment */ */ 5
select 9223372036854775808, 0x1F, 1_000
select 'é' < 'f' collate "C", lower('ÄÖÜ')
select generate_series(1, 3), 'x'
values (1, 'a'), (2, null)
table countries
with recursive r(n) as (select 1 union all select n + 1 from r where n < 50) select sum(n) from r
select * from json_to_recordset('[{"a":1,"b":"x"}]') as x(a int, b text)
select xmlelement(name a, 'b')
select row(1, row(2, 'x'), null)
select (select id from customers where id < 3)
select * from customers order by 99
select id, id from customers group by 1 order by 1 limit 2
select count(*) filter (where id > 5), percentile_cont(0.5) within group (order by id) from customers where id < 10
select id, sum(id) over (order by id rows between 1 preceding and current row) from customers where id < 6
set constraints all deferred
vacuum
checkpoint
