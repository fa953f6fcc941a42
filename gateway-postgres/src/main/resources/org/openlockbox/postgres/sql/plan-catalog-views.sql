
-- lb_catalog: what tools look at when they draw their trees, for this session alone. The gateway reads `pg_catalog.pg_class`
-- as `lb_catalog.pg_class`, and so on; the catalogs themselves stay as closed as they are.
create schema lb_catalog;
grant usage on schema lb_catalog to lb_view, ${levels};

-- the session's schemas and PostgreSQL's own
create view lb_catalog.own_schema with (security_barrier) as
  select oid from pg_catalog.pg_namespace where nspname = any ((select lb.schemas())::name[]);
-- PostgreSQL's own types, and those that the columns of the session are made of, wherever they lie
create view lb_catalog.own_type with (security_barrier) as
  with recursive used (oid) as (
    select a.atttypid
      from pg_catalog.pg_namespace n
      join pg_catalog.pg_class c on c.relnamespace = n.oid
      join pg_catalog.pg_attribute a on a.attrelid = c.oid
     where n.nspname = any ((select lb.schemas())::name[]) and n.nspname ~ '^lb_'
    union
    select part.oid
      from used
      join pg_catalog.pg_type t on t.oid = used.oid
     cross join lateral (
       values (t.typelem), (t.typarray), (t.typbasetype)
       union all
       select a.atttypid
         from pg_catalog.pg_class c
         join pg_catalog.pg_attribute a on a.attrelid = c.oid
        where c.oid = t.typrelid and c.relkind = 'c') as part (oid)
     where part.oid <> 0
  )
  select oid from used
  union
  select t.oid from pg_catalog.pg_type t where t.typnamespace in (select oid from lb_catalog.own_schema);
-- the schemas in which they lie
create view lb_catalog.own_namespace with (security_barrier) as
  select oid from lb_catalog.own_schema
  union
  select t.typnamespace from pg_catalog.pg_type t where t.oid in (select oid from lb_catalog.own_type);
-- relations of the session's schemas, and what composite types of its columns consist of
create view lb_catalog.own_relation with (security_barrier) as
  select c.oid from pg_catalog.pg_class c where c.relnamespace in (select oid from lb_catalog.own_schema)
  union
  select c.oid
    from pg_catalog.pg_class c
    join pg_catalog.pg_type t on t.typrelid = c.oid and t.oid in (select oid from lb_catalog.own_type)
   where c.relkind = 'c';
alter view lb_catalog.own_schema owner to lb_view;
alter view lb_catalog.own_type owner to lb_view;
alter view lb_catalog.own_namespace owner to lb_view;
alter view lb_catalog.own_relation owner to lb_view;

