-- objects outside the fence on which a fence role or a session role holds a right, or which it owns
select r.rolname as role,
       case d.deptype when 'o' then 'owns' else 'holds a right on' end as how,
       case when d.dbid = 0 or d.dbid = (select oid from pg_database where datname = current_database())
            then pg_describe_object(d.classid, d.objid, d.objsubid) else 'an object of another database' end as object
  from pg_shdepend d
  join pg_roles r on r.oid = d.refobjid and d.refclassid = 'pg_authid'::regclass
 where d.deptype in ('a', 'o')
   and (d.dbid = 0 or d.dbid = (select oid from pg_database where datname = current_database()))
   and r.rolname ~ '^lb_(view|definer|level_(metadata|masked|read|write)|s_[0-9a-f]{32})$'
   and not (d.classid = 'pg_database'::regclass and d.deptype = 'a')
   and d.classid <> 'pg_auth_members'::regclass   -- memberships are looked at by fence-roles.sql
   and not (d.classid = 'pg_namespace'::regclass
            and (select nspname from pg_namespace where oid = d.objid) ~ '${fence}')
   and not (d.classid = 'pg_class'::regclass
            and (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = d.objid) ~ '${fence}')
   and not (d.classid = 'pg_proc'::regclass
            and (select n.nspname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.oid = d.objid) ~ '${fence}')
   and not (r.rolname = 'lb_view' and d.deptype = 'a' and d.classid in ('pg_class'::regclass, 'pg_namespace'::regclass))
   -- lb.hold asks whether a policy is still there, and what became of the transaction that changed it
   and not (r.rolname = 'lb_view' and d.deptype = 'a' and d.classid = 'pg_proc'::regclass
            and d.objid = any (array['pg_describe_object(oid, oid, integer)', 'pg_current_snapshot()',
                                     'pg_snapshot_xmax(pg_snapshot)', 'pg_xact_status(xid8)']::regprocedure[]))
   -- the levels' rights on system catalogs are compared by fence-objects.sql
   and not (r.rolname ~ '^lb_level_' and d.deptype = 'a' and d.classid = 'pg_class'::regclass
            and (select relnamespace from pg_class where oid = d.objid) = 'pg_catalog'::regnamespace)
   and not (r.rolname ~ '^lb_s_' and d.classid = 'pg_default_acl'::regclass)
 order by 1, 3
