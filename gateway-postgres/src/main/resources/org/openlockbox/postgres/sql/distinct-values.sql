-- how many different values PostgreSQL counted in a column when it last looked; nothing of columns that the role may not read
select s.schemaname as schema_name,
       s.tablename as table_name,
       s.attname as column_name,
       max(case when s.n_distinct >= 0 then s.n_distinct else -s.n_distinct * greatest(c.reltuples, 0) end) as estimate
  from pg_stats s
  join pg_namespace n on n.nspname = s.schemaname
  join pg_class c on c.relnamespace = n.oid and c.relname = s.tablename and c.relkind in ('r', 'p') and not c.relispartition
 where n.nspname <> 'information_schema' and n.nspname !~ '^pg_' and n.nspname !~ '${fence}'
 group by 1, 2, 3
