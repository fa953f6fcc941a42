insert into t values (1) returning with (old as o, new as n) o.a, n.a
create table t (a int, b int generated always as (a * 2) virtual)
create table t (a int check (a > 0) not enforced)
create table t (a int, b int4range, primary key (a, b without overlaps))
create table t (a int, b int4range, foreign key (a, period b) references s (a, period b))
alter table t alter constraint c not enforced
