select 'max_prepared_transactions' where current_setting('max_prepared_transactions')::int > 0
union all
select 'temp:' || r.rolname
  from pg_roles r
 where r.rolname ~ '^lb_level_(metadata|masked|read|write)$'
   and (has_database_privilege(r.oid, current_database(), 'temporary')
        or has_database_privilege(r.oid, current_database(), 'create'))
union all
select 'app:' || r.rolname
  from pg_roles r
 where r.rolcanlogin and not r.rolsuper and r.rolname !~ '^(pg_|lb_)' and r.rolname <> ?
   and not exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid
                    where m.member = r.oid and g.rolname = 'lb_app')
