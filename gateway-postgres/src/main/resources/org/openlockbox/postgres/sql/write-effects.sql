-- what a write to a table sets off besides the write itself; of a partition, it is said of the table that it belongs to
with place as (
  select c.oid as relation, n.nspname as schema, r.relname as name, ${name n.nspname} || '.' || ${name c.relname} as own,
         ${name o.rolname} as owner
    from pg_class c
    join pg_class r on r.oid = coalesce(pg_partition_root(c.oid), c.oid)
    join pg_namespace n on n.oid = r.relnamespace
    join pg_roles o on o.oid = c.relowner
   where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname !~ '${fence}'
)
select p.schema, p.name,
       'its trigger ' || ${name t.tgname} || ' runs ' || ${name f.proname}
         || case when f.prosecdef and (t.tgtype & 3) = 3 and (t.tgtype & 20) <> 0   -- before each row of an insert or update
                   then ' with the rights of ' || ${name w.rolname} || ', before the fence has looked at the row'
                 when f.prosecdef then ' with the rights of ' || ${name w.rolname}
                 else ' with the rights of the session' end as effect
  from pg_trigger t
  join place p on p.relation = t.tgrelid
  join pg_proc f on f.oid = t.tgfoid
  join pg_roles w on w.oid = f.proowner
 where not t.tgisinternal and t.tgenabled <> 'D' and t.tgparentid = 0
union all
select p.schema, p.name, 'its rule ' || ${name r.rulename} || ' acts with the rights of ' || p.owner
  from pg_rewrite r
  join place p on p.relation = r.ev_class
 where r.ev_type in ('2', '3', '4') and r.ev_enabled <> 'D'
union all
select p.schema, p.name, e.event || ' also changes ' || c.own || ' (foreign key ' || ${name f.conname} || ')'
  from pg_constraint f
  join place p on p.relation = f.confrelid
  join place c on c.relation = f.conrelid
  cross join lateral (values ('a delete', f.confdeltype), ('an update of its key', f.confupdtype)) e (event, action)
 where f.contype = 'f' and f.conparentid = 0 and e.action in ('c', 'n', 'd')
union
select p.schema, p.name,
       'the default of ' || ${name a.attname} || ' takes from the sequence ' || ${name n.nspname} || '.' || ${name q.relname}
         || ' inside an expression, which no session may: it has to give a value'
  from pg_attrdef f
  join place p on p.relation = f.adrelid
  join pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum
  join pg_depend e on e.classid = 'pg_attrdef'::regclass and e.objid = f.oid and e.refclassid = 'pg_class'::regclass
  join pg_class q on q.oid = e.refobjid and q.relkind = 'S'
  join pg_namespace n on n.oid = q.relnamespace
 where pg_get_expr(f.adbin, f.adrelid) not in (
         format('nextval(''%s''::regclass)', replace(q.oid::regclass::text, '''', '''''')),
         format('(nextval(''%s''::regclass))::%s', replace(q.oid::regclass::text, '''', ''''''), format_type(a.atttypid, null)))
 order by 1, 2, 3
