-- the foreign keys of this database as they are declared, with their columns in order; those of partitions are their parent's
select n.nspname as schema_name,
       c.relname as table_name,
       rn.nspname as target_schema,
       rc.relname as target_name,
       f.confdeltype = 'c' as cascades,
       (select array_agg(a.attname::text order by k.place)
          from unnest(f.conkey) with ordinality k (number, place)
          join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.number) as columns,
       (select array_agg(a.attname::text order by k.place)
          from unnest(f.confkey) with ordinality k (number, place)
          join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.number) as keys
  from pg_constraint f
  join pg_class c on c.oid = f.conrelid and not c.relispartition
  join pg_namespace n on n.oid = c.relnamespace
  join pg_class rc on rc.oid = f.confrelid and not rc.relispartition
  join pg_namespace rn on rn.oid = rc.relnamespace
 where f.contype = 'f' and f.conparentid = 0 and f.conrelid <> f.confrelid
   and n.nspname !~ '^pg_' and n.nspname !~ '${fence}'
 order by n.nspname, c.relname, f.conkey, rn.nspname, rc.relname, f.conname
