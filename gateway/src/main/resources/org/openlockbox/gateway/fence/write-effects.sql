-- what a write to a table sets off besides the write itself
select n.nspname || '.' || c.relname as table_name,
       'its trigger ' || t.tgname || ' runs ' || p.proname
         || case when p.prosecdef then ' with the rights of ' || pg_get_userbyid(p.proowner)
                 else ' with the rights of the session' end as effect
  from pg_trigger t
  join pg_class c on c.oid = t.tgrelid and not c.relispartition
  join pg_namespace n on n.oid = c.relnamespace
  join pg_proc p on p.oid = t.tgfoid
 where not t.tgisinternal and t.tgenabled <> 'D' and n.nspname !~ '^pg_' and n.nspname !~ '${fence}'
union all
select pn.nspname || '.' || p.relname,
       'a delete also changes ' || n.nspname || '.' || c.relname || ' (foreign key ' || f.conname || ')'
  from pg_constraint f
  join pg_class p on p.oid = f.confrelid and not p.relispartition
  join pg_namespace pn on pn.oid = p.relnamespace
  join pg_class c on c.oid = f.conrelid and not c.relispartition
  join pg_namespace n on n.oid = c.relnamespace
 where f.contype = 'f' and f.confdeltype in ('c', 'n', 'd')
 order by 1, 2
