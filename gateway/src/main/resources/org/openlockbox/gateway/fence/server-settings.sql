select 'max_prepared_transactions' where current_setting('max_prepared_transactions')::int > 0
union all
select 'temp:' || r.rolname
  from pg_roles r
 where r.rolname ~ '^lb_level_(metadata|masked|read|write)$'
   and (has_database_privilege(r.oid, current_database(), 'temporary')
        or has_database_privilege(r.oid, current_database(), 'create'))
union all
select 'unbound:' || r.rolname
  from pg_roles r
 where r.rolname ~ '^lb_s_'
   and exists (select from pg_auth_members a join pg_roles g on g.oid = a.roleid
                where a.member = r.oid and g.rolname ~ '^lb_level_')
   and not exists (select from lb.binding b where b.role = r.rolname)
