-- the columns of tables that a materialized view was computed from, also through other views
with recursive reads (view, relation, attribute) as (
  select r.ev_class, d.refobjid, d.refobjsubid
    from pg_rewrite r
    join pg_class v on v.oid = r.ev_class and v.relkind = 'm'
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
                    and d.refobjsubid > 0 and d.refobjid <> r.ev_class
  union
  select w.view, d.refobjid, d.refobjsubid
    from reads w
    join pg_rewrite r on r.ev_class = w.relation
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
                    and d.refobjsubid > 0 and d.refobjid <> r.ev_class
)
select vn.nspname, v.relname, n.nspname, c.relname, a.attname
  from reads w
  join pg_class v on v.oid = w.view
  join pg_namespace vn on vn.oid = v.relnamespace
  join pg_class c on c.oid = w.relation and c.relkind in ('r', 'p', 'f')
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum = w.attribute
 order by 1, 2, 3, 4, 5
