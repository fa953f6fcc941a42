select n.nspname, c.relname, coalesce(t.attname, ''), x.privilege_type
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  cross join lateral (
    select null::name as attname, e.grantee, e.privilege_type from aclexplode(c.relacl) e
    union all
    select a.attname, e.grantee, e.privilege_type
      from pg_attribute a, aclexplode(a.attacl) e
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) x (attname, grantee, privilege_type)
  cross join lateral (select x.attname) t
 where x.grantee = (select oid from pg_roles where rolname = 'lb_view')
   and n.nspname <> 'pg_catalog'   -- compared by fence-objects.sql
   and n.nspname !~ '${fence}'
 order by 1, 2, 3, 4
