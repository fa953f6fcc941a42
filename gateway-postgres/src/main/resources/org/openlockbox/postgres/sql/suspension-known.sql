select coalesce((select has_table_privilege(c.oid, 'select')
                   from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  where n.nspname = 'lb' and c.relname = 'suspension' and has_schema_privilege(n.oid, 'usage')), false)
