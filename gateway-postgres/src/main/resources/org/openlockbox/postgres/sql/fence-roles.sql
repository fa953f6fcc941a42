select 'attribute' as finding, r.rolname as role,
       concat_ws(', ', case when r.rolsuper then 'superuser' end, case when r.rolbypassrls then 'bypassrls' end,
                 case when r.rolreplication then 'replication' end, case when r.rolcreatedb then 'createdb' end,
                 case when r.rolcreaterole and r.rolname <> 'lb_definer' then 'createrole' end,
                 case when r.rolcanlogin and r.rolname ~ '^lb_(view|definer|app|catalog|level_)' then 'login' end) as what
  from pg_roles r
 where (r.rolname ~ '^lb_(view|definer|app|catalog|level_(metadata|masked|read|write)|s_[0-9a-f]{32})$' or r.rolname = ?)
   and (r.rolsuper or r.rolbypassrls or r.rolreplication or r.rolcreatedb
        or (r.rolcreaterole and r.rolname <> 'lb_definer')
        or (r.rolcanlogin and r.rolname ~ '^lb_(view|definer|app|catalog|level_)'))
union all
-- what a fence role can reach: nothing, except a session its level, lb_definer its sessions and levels, and the
-- catalogs for those that read them
select 'reaches', m.rolname, g.rolname
  from pg_auth_members a
  join pg_roles m on m.oid = a.member
  join pg_roles g on g.oid = a.roleid
 where (m.rolname ~ '^lb_(view|app|catalog|level_(metadata|masked|read|write))$'
        or (m.rolname = 'lb_definer' and g.rolname !~ '^lb_(s_[0-9a-f]{32}|level_(metadata|masked|read|write))$')
        or (m.rolname ~ '^lb_s_' and g.rolname !~ '^lb_level_(metadata|masked|read|write)$')
        or (m.rolname = ?))
   and not (m.rolname = ? and g.rolname = 'lb_app')
   and not ((m.rolname in ('lb_app', 'lb_definer') or m.rolname = ?) and g.rolname = 'lb_catalog')
union all
-- who can reach a fence role: a session its level, lb_definer its levels and sessions, the application lb_app
select 'reached', g.rolname, m.rolname
  from pg_auth_members a
  join pg_roles m on m.oid = a.member
  join pg_roles g on g.oid = a.roleid
 where g.rolname ~ '^lb_(view|definer|level_(metadata|masked|read|write)|s_[0-9a-f]{32})$'
   and not (g.rolname ~ '^lb_level_' and m.rolname ~ '^lb_s_[0-9a-f]{32}$')
   and m.rolname <> 'lb_definer'
   and not m.rolsuper
union all
select 'missing', w.name, ''
  from unnest(array['lb_view', 'lb_definer', 'lb_app', 'lb_catalog', 'lb_level_metadata', 'lb_level_masked', 'lb_level_read',
                    'lb_level_write']) as w(name)
 where not exists (select from pg_roles r where r.rolname = w.name)
union all
select 'twice', m.rolname, count(*)::text
  from pg_auth_members a
  join pg_roles m on m.oid = a.member
 where m.rolname ~ '^lb_s_'
 group by m.rolname
having count(distinct a.roleid) > 1
union all
select 'setting', r.rolname, s.setconfig::text
  from pg_db_role_setting s
  join pg_roles r on r.oid = s.setrole
 where r.rolname ~ '^lb_(view|definer|level_)'
