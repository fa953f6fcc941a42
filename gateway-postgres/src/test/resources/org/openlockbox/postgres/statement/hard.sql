select 1
select
select from t
table t
values (1), (2)
(select 1) union all (select 2) order by 1 limit 1
select 1 union select 2 intersect select 3 except all select 4
select * from (values (1, 'a')) as v (n, s)
select distinct on (a, b) a, b from t order by a
select all a from t
select a as "from", b "select", c from t
select a.b.c.d from a.b.c
select (a).b, (a.b).c, (a.b).*, a[1], a[1:2], a[:], a[1:][2] from t
select array[1, 2], array[[1], [2]], array(select 1), '{1}'::int[], row(1, 2), (1, 2), row()
select -1, +1, - - 1, 1 - -1, !1
select @ -1, |/ 4, ||/ 8, 5 !
select a ->> 'b', a #> '{a}', a @> b, a ? 'x', a ?| b, a ?& b, a @? '$', a @@ b, a - 'x', a #- '{a}' from t
select 1 operator(pg_catalog.+) 2
select a operator(public.===) b from t
select 'a' 'b'
select 'a'
'b'
select E'a\'b', E'\x41\101\u0041\U00000041'
select U&'d\0061t\+000061', U&'d!0061' uescape '!'
select U&"d\0061t\+000061" from t
select U&'\00'
select B'01', X'1F', N'a'
select B'012'
select $$a$$, $a$ $$ $a$, $_b1$x$_b1$
select $1$a$1$
select 'a
select "a
select /* a /* b */ c */ 1 -- d
select /* a /* b */ 1
select 1 -- no end
select 1e10, 1.5, .5, 5., 1e-5, 1_000, 0xFF, 0o17, 0b11
select 1_, 1
select 0x
select 123abc
select 1.2.3
select $1, $2::int
select $1a
select :a
select cast(1 as text), 1::text::int, text '1', int4 '1', interval '1' day, timestamp with time zone '2000-01-01'
select interval '1' year to month, interval(3) '1.5', interval '1' hour to second (2)
select double precision '1', character varying (3) 'abc', national character (3) 'abc', bit varying (3) B'1', dec (3, 2) '1'
select time (3) without time zone '12:00', timestamp (3) with time zone '2000-01-01'
select extract(year from now()), extract('day' from a), position('a' in b), substring(a from 1 for 2), substring(a similar b escape c)
select overlay(a placing b from 1 for 2), trim(both ' ' from a), trim(leading from a), trim(a), trim(trailing 'x' from a)
select a at time zone 'UTC', a at local, a collate "C", a is distinct from b, a is not distinct from b
select a is null, a isnull, a is not null, a notnull, a is true, a is not unknown, a is document, a is normalized, a is nfc normalized
select a between 1 and 2, a not between symmetric 1 and 2, a in (1, 2), a not in (select 1), a = any (array[1]), a > all (select 1), a = some (b)
select a like b escape 'x', a not ilike b, a similar to b, a not similar to b, a ~ b, a ~~ b, a !~* b
select a like any (array['x'])
select (a, b) overlaps (c, d), (a, b) = (c, d), (a, b) < row(c, d), (a, b) in ((1, 2))
select case when a then b else c end, case a when 1 then 2 end, coalesce(a, b), nullif(a, b), greatest(a), least(a, b)
select exists (select 1), (select 1), not a and b or c
select current_date, current_time (3), localtimestamp, current_user, session_user, user, current_role, current_catalog, current_schema, system_user
select count(*), count(distinct a), count(all a), sum(a order by b desc nulls last), f(variadic a), f(a => 1, b := 2)
select string_agg(distinct a, ',' order by a) filter (where b), percentile_cont(0.5) within group (order by a)
select rank() over (), rank() over w, sum(a) over (partition by b order by c rows between unbounded preceding and current row exclude ties) from t window w as (order by a), x as (w)
select sum(a) over (range between '1 day' preceding and '1 day' following), sum(a) over (groups 1 preceding)
select sum(a) over (rows between unbounded following and current row)
select grouping(a, b) from t group by grouping sets ((a), (b), ()), rollup (a, b), cube (a, (b, c)), distinct a
select a from t group by distinct rollup (a)
select a from t group by all a
select * from a, b natural join c cross join d left join e on true right outer join f using (x) full join g using (x, y) as j
select * from a join b
select * from (a cross join b) as x
select * from ((a join b on true))
select * from only (t), only u, u *, t as x (a, b), lateral (select 1) l, lateral f(x) as y (a int, b text), f(1) with ordinality as z (a, b)
select * from rows from (f(1), g(2) as (a int)) with ordinality
select * from (select 1)
select * from f(1) as (a int, b text collate "C")
select * from t tablesample bernoulli (10) repeatable (1)
select * from xmltable(xmlnamespaces('x' as y), '/a' passing by ref x columns a int path 'b' default 1 not null, o for ordinality)
select * from json_table('[]', '$[*]' as p passing 1 as x columns (a int path '$' default 1 on error, o for ordinality, b json format json path '$', c bool exists path '$', nested path '$' as n columns (d int)) error on error) j
select json_object('a': 1, 'b' value 2 null on null with unique keys returning jsonb), json_array(1, 2 absent on null), json_array(select 1)
select json_objectagg('a': 1), json_arrayagg(a order by b), json('{}' with unique keys), json_scalar(1), json_serialize('{}' returning bytea)
select json_value('{}', '$' returning int default 0 on empty error on error), json_query('{}', '$' with conditional wrapper keep quotes), json_exists('{}', '$' passing 1 as x)
select a is json, a is not json array with unique keys, a is json object, a is json scalar
select xmlelement(name a, xmlattributes(b as c), d), xmlforest(a as b), xmlconcat(a, b), xmlpi(name a, 'b'), xmlroot(a, version '1', standalone yes), xmlparse(content 'a' preserve whitespace), xmlserialize(document a as text indent), xmlexists('x' passing a)
with a as (select 1), b (x) as materialized (select 2), c as not materialized (select 3) select * from a, b, c
with recursive a (n) as (select 1 union all select n + 1 from a) search breadth first by n set o select * from a
with recursive a as (select 1) cycle n set c to 'y' default 'n' using p select * from a
with a as (insert into t values (1) returning *), b as (update t set a = 1 returning *), c as (delete from t returning *) select 1
with a as (merge into t using s on true when matched then delete returning *) select * from a
with a as (select 1) insert into t select * from a
select * from t order by a using <, b asc nulls first, 1 desc limit 5 offset 2
select * from t fetch first 5 rows only
select * from t offset 1 row fetch next row with ties
select * from t limit all
select * from t limit 1, 2
select * from t for update of t nowait for share skip locked
select * from t for no key update for key share
select * from t for read only
select 1 into temp table x
select 1 into unlogged x from t
select a, b, from t
select * form t
select * from
select * from t where
select 1,
select a b c
select user.a from user
select all
insert into t values (1, default), (2, 3)
insert into t (a, b.c, d[1]) values (1, 2, 3)
insert into t default values
insert into t as x (a) overriding system value select 1 on conflict (a, lower(b) collate "C" text_ops) where c do update set a = excluded.a, (b, c) = (1, 2), (d) = row(1) where x.a > 1 returning *, a as b
insert into t select 1 on conflict on constraint c do nothing
insert into t values (1) on conflict do update set a = 1
insert t values (1)
insert into t table s
insert into t (a) (select 1)
update t set a = 1
update only t * as x set a = default, (b, c) = (select 1, 2), d[1] = 2, e.f = 3 from s where x.a = s.a returning x.*
update t set a = 1 where current of c
update t a = 1
delete from t using s where t.a = s.a returning *
delete from only t as x
delete t
merge into t using s on t.a = s.a when matched and s.b then update set a = 1 when matched then delete when not matched then insert (a) values (1) when not matched by target then do nothing when not matched by source then delete
merge into t as x using (select 1) as s on true when not matched then insert overriding user value values (1) returning merge_action(), x.*
merge into t using s when matched then delete
truncate t, only s restart identity cascade
copy t from stdin
copy t (a, b) to stdout with (format csv, header match, delimiter ',', force_quote *, encoding 'UTF8')
copy (select 1) to stdout csv header quote '"'
copy (insert into t values (1) returning a) to stdout
copy t from program 'x' with (freeze) where a > 1
copy t to '/tmp/x' binary
copy binary t from stdin delimiter '|' null ''
copy t from stdin with (on_error ignore, log_verbosity verbose)
begin
begin transaction isolation level serializable, read only, not deferrable
start transaction read write
commit and chain
commit work and no chain
rollback to savepoint a
rollback prepared 'a'
end
abort
savepoint a
release a
prepare transaction 'a'
set a = b
set a to 'b', 'c'
set local a.b to default
set session time zone interval '1' hour
set time zone -8
set names 'x'
set names utf8
set schema 'x'
set role none
set session authorization 'x'
set session characteristics as transaction read only
set transaction snapshot 'x'
set xml option document
set constraints all deferred
set catalog 'x'
set seed to 0.5
set a from current
set a
reset all
reset a.b
reset time zone
reset session authorization
show all
show a.b
show time zone
show transaction isolation level
explain select 1
explain analyze verbose select 1
explain (analyze, verbose off, costs true, settings, buffers, wal, timing 'off', summary, serialize text, memory, format json) select 1
explain analyse insert into t values (1)
explain execute p (1)
explain declare c cursor for select 1
explain create table t as select 1
explain explain select 1
prepare p as select 1
prepare p (int, text) as insert into t values ($1, $2)
prepare p as listen x
execute p
execute p (1, 'a')
deallocate all
deallocate prepare p
declare c binary insensitive no scroll cursor without hold for select 1
declare c asensitive scroll cursor with hold for select 1
fetch c
fetch next from c
fetch absolute -5 in c
fetch backward all from c
move forward 3 c
close all
listen "X"
notify x, 'payload'
notify x, $1
unlisten *
lock table only t, s in access exclusive mode nowait
do $$ begin end $$
do language plpgsql 'x'
call f(1, a => 2)
call f
discard plans
discard temporary
checkpoint
vacuum (full, analyze, parallel 2) t (a), s
vacuum full freeze verbose analyze t
analyze verbose t (a)
analyze (skip_locked) t
cluster verbose t using i
reindex (concurrently) index i
reindex table concurrently t
refresh materialized view concurrently m with no data
load 'x'
comment on column t.a is null
comment on function f(int, out text) is 'x'
security label for p on table t is 'x'
grant select (a, b), insert on table t to public, x with grant option granted by current_user
grant all privileges on all tables in schema s to r
grant r to s with admin option, inherit false
revoke grant option for select on t from r cascade
alter default privileges for role r in schema s grant execute on routines to x
reassign owned by a, current_user to b
create table t (a int primary key, b text not null default 'x' check (b <> ''), c int generated always as identity (start 1), d int generated always as (a * 2) stored, e text collate "C" storage main compression pglz, constraint f foreign key (a) references s (b) match full on delete set null (a) deferrable initially deferred not valid, exclude using gist (a with &&) where (b), unique nulls not distinct (a), like u including all excluding indexes) inherits (p) partition by range (a, (lower(b)) collate "C" text_ops) using heap with (fillfactor = 70) on commit drop tablespace x
create table t partition of p for values from (minvalue) to (maxvalue)
create table t partition of p for values with (modulus 2, remainder 1)
create table t partition of p default
create table t of y (a with options not null)
create temp table if not exists t as select 1 with no data
create table t (a int,)
create unlogged table t ()
create view v with (security_barrier) as select 1 with cascaded check option
create or replace temp recursive view v (a) as select 1
create materialized view m as table t
create unique index concurrently if not exists i on only t using btree (a desc nulls last, (lower(b)), c collate "C" text_ops (x = 1)) include (d) nulls not distinct with (fillfactor = 70) tablespace x where a > 1
create function f(a int default 1, out b text, variadic c int[]) returns setof record language sql immutable leakproof strict security definer parallel safe cost 1 rows 10 support s set x to 'y' as $$ select 1 $$
create function f() returns int return 1 + 1
create procedure p() language sql begin atomic select 1; insert into t values (1); end
create function f() returns int language sql begin atomic; select 1; end
create trigger x after insert or update of a, b on t referencing new table as n for each row when (new.a is distinct from old.a) execute function f('a', 1)
create constraint trigger x after delete on t deferrable for each row execute procedure f()
create rule r as on update to t where a do also (insert into s values (1); notify x)
create policy p on t as restrictive for update to public using (a) with check (b)
create type x as enum ('a', 'b')
create type x as range (subtype = int)
create type x as (a int, b text collate "C")
create domain d as int check (value > 0) not null
create sequence s as bigint increment by -1 no minvalue cache 5 owned by t.a
create schema s authorization x create table t (a int) create view v as select 1
create extension if not exists x with schema s version '1' cascade
create cast (a as b) with inout as implicit
create operator === (leftarg = int, rightarg = int, function = f, commutator = operator(public.===))
create aggregate a (int order by text) (sfunc = f, stype = internal)
create publication p for table t (a) where (b > 1), tables in schema s with (publish = 'insert')
create subscription s connection 'x' publication p
create statistics s (ndistinct) on a, (b + 1) from t
create event trigger e on ddl_command_start when tag in ('x') execute function f()
create foreign table f (a int options (x 'y')) server s options (a 'b')
create user mapping for public server s
create role r with login password 'x' in role a admin b valid until 'x' connection limit 5
create database d template = x encoding 'UTF8'
create tablespace x location '/x'
create access method a type index handler h
create conversion c for 'a' to 'b' from f
create transform for t language l (from sql with function f(internal))
create text search configuration c (parser = p)
create language l
alter table only t add column if not exists a int, drop b cascade, alter c type text using c::text, alter d set default 1, alter e drop not null, add constraint f check (a) not valid, validate constraint f, rename to x
alter table t add a int, alter b set statistics 100, cluster on i, set without cluster, disable trigger all, enable row level security, inherit p, replica identity full, set (a = 1), owner to current_user
alter table t attach partition p for values in (1, null)
alter table t detach partition p concurrently
alter table t rename column a to b
alter role r in database d set a to b
alter role current_user password 'x'
alter user all reset all
alter system set a = b
alter type x add value if not exists 'a' before 'b'
alter function f(int) set schema s
alter sequence s restart with 5
alter default privileges revoke all on tables from r
drop table if exists a, b cascade
drop function f(int), g
drop index concurrently i
drop owned by r
drop role if exists r
import foreign schema s limit to (a) from server x into y
select 1; select 2; ;; select 3
select 1; selec 2
;
/* nothing */
-- nothing
begin; commit
select 1 ; drop table t -- x
select a from t where a = 1 = 2
select 1 < 2 < 3
select not not a
select a.* as b from t
select "" from t
select a."b"."c"
select t.* from t as "t t"
select date '2000-01-01' - 1, 'now'::timestamp
select abs from abs
select between from t
select end from t
select as from t
select value, name, type, year, month, text, date, key from t
select a value, b name from t
select 1 as select
select 'a'::"char", 'a'::pg_catalog.text, a::s.t[3][], a::setof int
select a::int array[3], a::text array
select ((((((((((1))))))))))
select (((1)
select 1 where 2 group by 3 having 4 order by 5
select 1 group by () order by ()
select 1 limit (select 1) offset 1 + 1
select * from t where (a, b) = any (select 1, 2)
select a <> all (values (1), (2))
select f(a, b order by c), f(distinct a, b), f(*), f(), f(order by a)
select f(a) filter (b)
select f(a) over w.x
select treat(a as b), normalize(a, nfkd), collation for (a)
select 1 is of (int)
select a := 1
select a => b
select a =>
select f(a => b => c)
select ?
select @
select #1
select 1 ^ 2 % 3
select ~1, !!1
select a<-1, a<--1
, 1
select a+-1, a@-1
select '\', 1
select e'\', 1
select e'\\', 1
select x'g'
select u&'\zzzz'
select u&'a' uescape '+'
﻿select 1
select 1
select１
