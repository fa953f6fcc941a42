select n.nspname as schema_name,
       c.relname as table_name,
       c.relkind::text as kind,
       c.relispartition as is_partition,
       c.relrowsecurity as row_security,
       a.attname as column_name,
       t.typname as type_name,
       format_type(a.atttypid, a.atttypmod) as full_type,
       a.attnotnull as not_null,
       a.attgenerated <> '' as is_generated,
       a.attidentity <> '' as is_identity,
       coalesce(l.collisdeterministic, true) as deterministic,
       (select string_agg(b.attname, ',' order by b.attnum)
          from pg_attrdef f
          join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid
                          and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid > 0
          join pg_attribute b on b.attrelid = c.oid and b.attnum = d.refobjsubid and b.attnum <> a.attnum
         where f.adrelid = c.oid and f.adnum = a.attnum and a.attgenerated <> '') as made_from,
       (select string_agg(rn.nspname || '.' || rc.relname || '|' || ra.attname, ',')
          from pg_constraint f
          join pg_class rc on rc.oid = f.confrelid and not rc.relispartition
          join pg_namespace rn on rn.oid = rc.relnamespace
          join pg_attribute ra on ra.attrelid = rc.oid and ra.attnum = f.confkey[1]
         where f.contype = 'f' and f.conrelid = c.oid and f.conkey = array[a.attnum]) as points_to,
       exists (select from pg_index i
                where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate
                  and i.indnkeyatts = 1 and i.indkey[0] = a.attnum
                  and i.indpred is null and i.indexprs is null) as is_unique
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_collation l on l.oid = a.attcollation
 where c.relkind in ('r', 'p', 'v', 'm', 'f')
   and n.nspname <> 'information_schema'
   and n.nspname !~ '${fence}'
   and n.nspname !~ '^pg_'
   and not exists (select from pg_depend e
                    where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
 order by 1, 2, a.attnum
