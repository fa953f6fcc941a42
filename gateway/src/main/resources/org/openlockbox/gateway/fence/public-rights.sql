with application_schema as (
  select oid, nspname, nspowner, nspacl
    from pg_namespace
   where nspname !~ '^pg_'
     and nspname not in ('information_schema', 'lb', 'lb_metadata', 'lb_masked', 'lb_read', 'lb_write')
)
select 'database' as kind, format('%I', d.datname) as name, a.privilege_type as privilege
  from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
 where d.datname = current_database() and a.grantee = 0
union all
select 'schema', format('%I', s.nspname), a.privilege_type
  from application_schema s, aclexplode(coalesce(s.nspacl, acldefault('n', s.nspowner))) a
 where a.grantee = 0
union all
select 'language', format('%I', l.lanname), a.privilege_type
  from pg_language l, aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) a
 where a.grantee = 0 and l.lanpltrusted
union all
select case when c.relkind = 'S' then 'sequence' else 'table' end, format('%I.%I', s.nspname, c.relname), a.privilege_type
  from pg_class c
  join application_schema s on s.oid = c.relnamespace, aclexplode(c.relacl) a
 where a.grantee = 0
union all
select 'table', format('%I.%I', s.nspname, c.relname), format('%s (%I)', a.privilege_type, t.attname)
  from pg_attribute t
  join pg_class c on c.oid = t.attrelid
  join application_schema s on s.oid = c.relnamespace, aclexplode(t.attacl) a
 where a.grantee = 0 and not t.attisdropped
union all
select 'routine', p.oid::regprocedure::text, a.privilege_type
  from pg_proc p
  left join application_schema s on s.oid = p.pronamespace,
       aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
 where a.grantee = 0
   and ((s.oid is not null and (p.prosecdef or p.proname ~ '^dblink'))
        or (p.pronamespace = 'pg_catalog'::regnamespace
            and (p.proname ~ '^(lo_|pg_advisory_|pg_try_advisory_)'
                 or p.proname ~ '^(query|cursor|table|schema|database)_to_xml'
                 or p.proname in ('loread', 'lowrite', 'pg_logical_emit_message', 'pg_notify',
                                  'pg_export_snapshot', 'ts_stat'))))
 order by 1, 2, 3
