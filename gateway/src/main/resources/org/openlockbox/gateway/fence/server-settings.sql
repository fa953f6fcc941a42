select 'max_prepared_transactions' where current_setting('max_prepared_transactions')::int > 0
union all
select 'temp:' || r.rolname
  from pg_roles r
 where r.rolname ~ '^lb_level_(metadata|masked|read|write)$'
   and (has_database_privilege(r.oid, current_database(), 'temporary')
        or has_database_privilege(r.oid, current_database(), 'create'))
