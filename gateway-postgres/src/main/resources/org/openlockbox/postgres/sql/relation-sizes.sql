-- the relations of the application, an estimate of their rows (a row has 100 bytes where PostgreSQL has none), and whether a write to them sets off a trigger or rule
select n.nspname as schema_name,
       c.relname as table_name,
       (select coalesce(sum(case when p.relpages > 0 and p.reltuples >= 0
                                 then p.reltuples / p.relpages * (pg_relation_size(p.oid) / current_setting('block_size')::int)
                                 else pg_relation_size(p.oid) / 100 end), 0)
          from pg_class p
         where p.relkind in ('r', 'm') and (p.oid = c.oid or p.oid in (select t.relid from pg_partition_tree(c.oid) t))) as estimate,
       exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled <> 'D')
         or exists (select from pg_rewrite r
                     where r.ev_class = c.oid and r.ev_type in ('2', '3', '4') and c.relkind in ('r', 'p')) as has_triggers
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
   and n.nspname <> 'information_schema' and n.nspname !~ '^pg_' and n.nspname !~ '${fence}'
   and not exists (select from pg_depend e
                    where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
 order by 1, 2
