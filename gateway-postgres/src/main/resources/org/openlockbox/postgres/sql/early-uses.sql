-- what uses a column's new value before a view's check refuses the row: PostgreSQL enters unique keys, chooses partitions, runs triggers and the
-- conditions of the table first, and how it fails there tells of other rows. Without a column: code with rights of its own, which sees all columns
with recursive tree (root, relation) as (
  select c.oid, c.oid
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_' and n.nspname !~ '${fence}'
  union
  select t.root, h.inhrelid from tree t join pg_inherits h on h.inhparent = t.relation
), used (root, column_name, by) as (
  select t.root, a.attname, 'key'
    from tree t
    join pg_index i on i.indrelid = t.relation and (i.indisunique or i.indisexclusion)
    cross join lateral (
      select attname, attnum from pg_attribute where attrelid = t.relation and attnum > 0 offset 0) a   -- by their index, few at a time
   where a.attnum = any (i.indkey)
      or exists (select from pg_depend d
                  where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
                    and d.refclassid = 'pg_class'::regclass and d.refobjid = t.relation and d.refobjsubid in (0, a.attnum))
  union
  select t.root, a.attname, 'partition'
    from tree t
    join pg_partitioned_table p on p.partrelid = t.relation
    join pg_attribute a on a.attrelid = t.relation and a.attnum > 0
   where a.attnum = any (p.partattrs) or p.partexprs is not null
  union
  select t.root, '', 'trigger'
    from tree t
    join pg_trigger g on g.tgrelid = t.relation and not g.tgisinternal and g.tgenabled <> 'D'
                     and (g.tgtype & 3) = 3 and (g.tgtype & 20) <> 0   -- before each row of an insert or update
    join pg_proc f on f.oid = g.tgfoid and f.prosecdef
  union
  select t.root, '', 'rule'
    from tree t
    join pg_rewrite r on r.ev_class = t.relation and r.ev_type in ('2', '3') and r.ev_enabled <> 'D'
  union
  select t.root, '', 'condition'
    from pg_proc f
    join pg_depend d on d.refclassid = 'pg_proc'::regclass and d.refobjid = f.oid
    cross join lateral (
      select k.conrelid from pg_constraint k where d.classid = 'pg_constraint'::regclass and k.oid = d.objid and k.contype = 'c'
      union all
      select x.adrelid from pg_attrdef x where d.classid = 'pg_attrdef'::regclass and x.oid = d.objid
      union all
      select i.indrelid from pg_index i where d.classid = 'pg_class'::regclass and i.indexrelid = d.objid) o (relation)
    join tree t on t.relation = o.relation
   where f.prosecdef
)
select n.nspname as schema_name, c.relname as table_name, u.column_name, u.by as used_by
  from used u
  join pg_class c on c.oid = u.root
  join pg_namespace n on n.oid = c.relnamespace
 order by 1, 2, 3, 4
