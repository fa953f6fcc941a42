select coalesce((select has_table_privilege(c.oid, 'select')
                   from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  where n.nspname = 'lb' and c.relname = 'fence_object'
                    and has_schema_privilege(n.oid, 'usage')), false)
   and exists (select from pg_roles where rolname = ?)
