-- what a write to a table sets off besides the write itself; of a partition, it is said of the table that it belongs to
with place as (
  select c.oid as relation, n.nspname || '.' || r.relname as name, n.nspname || '.' || c.relname as own,
         pg_get_userbyid(c.relowner) as owner
    from pg_class c
    join pg_class r on r.oid = coalesce(pg_partition_root(c.oid), c.oid)
    join pg_namespace n on n.oid = r.relnamespace
   where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname !~ '${fence}'
)
select p.name as table_name,
       'its trigger ' || t.tgname || ' runs ' || f.proname
         || case when f.prosecdef then ' with the rights of ' || pg_get_userbyid(f.proowner)
                 else ' with the rights of the session' end as effect
  from pg_trigger t
  join place p on p.relation = t.tgrelid
  join pg_proc f on f.oid = t.tgfoid
 where not t.tgisinternal and t.tgenabled <> 'D' and t.tgparentid = 0
union all
select p.name, 'its rule ' || r.rulename || ' acts with the rights of ' || p.owner
  from pg_rewrite r
  join place p on p.relation = r.ev_class
 where r.ev_type in ('2', '3', '4') and r.ev_enabled <> 'D'
union all
select p.name, e.event || ' also changes ' || c.own || ' (foreign key ' || f.conname || ')'
  from pg_constraint f
  join place p on p.relation = f.confrelid
  join place c on c.relation = f.conrelid
  cross join lateral (values ('a delete', f.confdeltype), ('an update of its key', f.confupdtype)) e (event, action)
 where f.contype = 'f' and f.conparentid = 0 and e.action in ('c', 'n', 'd')
 order by 1, 2
