with recursive under (domain, id, typmod, depth) as (  -- a domain may lie on a domain: down to the type that is none
  select oid, typbasetype, typtypmod, 1 from pg_type where typtype = 'd'
  union all
  select u.domain, d.typbasetype, d.typtypmod, u.depth + 1
    from under u
    join pg_type d on d.oid = u.id and d.typtype = 'd'
), base as (
  select distinct on (domain) domain, id, typmod from under order by domain, depth desc
), key as (
  -- PostgreSQL's own types, and its enums as a whole, whose default btree equality is the operator that pg_catalog calls `=`
  -- for them
  select o.opcintype, o.opcfamily, 'operator(pg_catalog.=)' as equality
    from pg_opclass o
    join pg_am m on m.oid = o.opcmethod and m.amname = 'btree'
    join pg_type y on y.oid = o.opcintype and y.typnamespace = 'pg_catalog'::regnamespace
                  and (y.typtype = 'b' or y.oid = 'anyenum'::regtype)
    join pg_amop e on e.amopfamily = o.opcfamily and e.amoplefttype = o.opcintype and e.amoprighttype = o.opcintype
                  and e.amopstrategy = 3
    join pg_operator q on q.oid = e.amopopr and q.oprname = '=' and q.oprnamespace = 'pg_catalog'::regnamespace
   where o.opcdefault and o.opcnamespace = 'pg_catalog'::regnamespace
     and o.oid < 16384 and q.oid < 16384 and y.oid < 16384
  union all
  -- citext: its type, operator class and equality, all of the extension of that name
  select o.opcintype, o.opcfamily, format('operator(%I.=)', qn.nspname)
    from pg_extension x
    join pg_depend ey on ey.refclassid = 'pg_extension'::regclass and ey.refobjid = x.oid and ey.deptype = 'e'
                     and ey.classid = 'pg_type'::regclass
    join pg_type y on y.oid = ey.objid and y.typname = 'citext' and y.typtype = 'b'
    join pg_opclass o on o.opcintype = y.oid and o.opcdefault
    join pg_depend eo on eo.refclassid = 'pg_extension'::regclass and eo.refobjid = x.oid and eo.deptype = 'e'
                     and eo.classid = 'pg_opclass'::regclass and eo.objid = o.oid
    join pg_am m on m.oid = o.opcmethod and m.amname = 'btree'
    join pg_amop e on e.amopfamily = o.opcfamily and e.amoplefttype = y.oid and e.amoprighttype = y.oid and e.amopstrategy = 3
    join pg_operator q on q.oid = e.amopopr and q.oprname = '='
    join pg_depend eq on eq.refclassid = 'pg_extension'::regclass and eq.refobjid = x.oid and eq.deptype = 'e'
                     and eq.classid = 'pg_operator'::regclass and eq.objid = q.oid
    join pg_namespace qn on qn.oid = q.oprnamespace
   where x.extname = 'citext'
), security as materialized (
  -- each relation of the application, with its row-level security: its own, the fence's, and who besides the owner it would apply to
  select c.oid, c.relrowsecurity as enabled,
         exists (select from pg_policy p where p.polrelid = c.oid and p.polname !~ '^lb_view_') as own_policies,
         exists (select from pg_policy p where p.polrelid = c.oid and p.polname in ('lb_view_everybody', 'lb_view_bounds'))
           and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'lb_view_reaches') as everybody,
         (select string_agg(distinct case when a.grantee = 0 or r.rolname = 'lb_app' then 'PUBLIC' else r.rolname end, ', ')
            from (select x.grantee from aclexplode(c.relacl) x
                  union
                  select x.grantee from pg_attribute t, aclexplode(t.attacl) x where t.attrelid = c.oid) a
            left join pg_roles r on r.oid = a.grantee
           where a.grantee <> c.relowner
             and not coalesce(r.rolsuper or r.rolbypassrls, false)
             and coalesce(r.rolname, '') !~ '^lb_(view|definer|catalog|level_(metadata|masked|read|write)|s_[0-9a-f]{32})$'
             and (a.grantee = 0 or not pg_has_role(a.grantee, c.relowner, 'usage'))) as others
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'f')
     and n.nspname <> 'information_schema'
     and n.nspname !~ '${fence}'
     and n.nspname !~ '^pg_'
     and not exists (select from pg_depend e
                      where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
)
select n.nspname as schema_name,
       c.relname as table_name,
       c.relkind::text as kind,
       c.relispartition as is_partition,
       s.enabled as row_security, s.own_policies, s.everybody, s.others,
       exists (select from pg_inherits h join pg_class hc on hc.oid = h.inhrelid
                where h.inhparent = c.oid and not hc.relispartition) as is_inherited,
       a.attname as column_name,
       b.typname as type_name,
       format_type(b.oid, coalesce(base.typmod, a.atttypmod)) as cast_type,
       format_type(a.atttypid, a.atttypmod) as full_type,
       case when b.typcategory = 'A' then 'A' else b.typtype::text end as type_kind,
       coalesce(v.typname, b.typname) as value_name,
       coalesce(v.typtype, b.typtype)::text as value_kind,
       a.attnotnull as not_null,
       a.attgenerated <> '' as is_generated,
       a.attidentity <> '' as is_identity,
       coalesce(l.collisdeterministic, true) as deterministic,
       (select array_agg(b.attname::text order by b.attnum)
          from pg_attrdef f
          join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid
                          and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid > 0
          join pg_attribute b on b.attrelid = c.oid and b.attnum = d.refobjsubid and b.attnum <> a.attnum
         where f.adrelid = c.oid and f.adnum = a.attnum and a.attgenerated <> '') as made_from,
       (select array_agg(part.name order by f.oid, part.at)
          from pg_constraint f
          join pg_class rc on rc.oid = f.confrelid and not rc.relispartition
          join pg_namespace rn on rn.oid = rc.relnamespace
          join pg_attribute ra on ra.attrelid = rc.oid and ra.attnum = f.confkey[1]
         cross join unnest(array[rn.nspname, rc.relname, ra.attname]::text[]) with ordinality as part (name, at)
         where f.contype = 'f' and f.conrelid = c.oid and f.conkey = array[a.attnum]) as points_to,
       case when a.attidentity = '' and c.relkind in ('r', 'p')
            then (select array[n2.nspname, q.relname]::text[]
                    from pg_attrdef f
                    join pg_depend e on e.classid = 'pg_attrdef'::regclass and e.objid = f.oid
                                    and e.refclassid = 'pg_class'::regclass
                    join pg_class q on q.oid = e.refobjid and q.relkind = 'S'
                    join pg_namespace n2 on n2.oid = q.relnamespace
                   where f.adrelid = c.oid and f.adnum = a.attnum
                     and pg_get_expr(f.adbin, f.adrelid) in (
                           format('nextval(''%s''::regclass)', replace(q.oid::regclass::text, '''', '''''')),
                           format('(nextval(''%s''::regclass))::%s', replace(q.oid::regclass::text, '''', ''''''),
                                  format_type(b.oid, null)))) end as own_sequence,
       -- which values are equal: the type that the btree equality takes, if that is the operator that a view writes
       case when k.opcintype = 'anyenum'::regtype then b.oid::regtype::text
            when k.opcintype is not null then k.opcintype::regtype::text end as key_operand,
       coalesce(k.equality, '') as key_equality,
       array(select z.enumlabel::text from pg_enum z where z.enumtypid = b.oid order by z.enumsortorder) as labels,
       case when a.attcollation <> 0 then format('%I.%I', ln.nspname, l.collname) end as key_collation,
       exists (select from pg_cast z
                where z.castsource = 'text'::regtype and z.casttarget = b.oid and z.castfunc <> 0 and z.oid >= 16384) as own_cast,
       -- whether two rows can have equal values: a unique index must compare as the column does
       (select case when not bool_or(compares) then 'other'
                    when exists (select from pg_inherits h join pg_class hc on hc.oid = h.inhrelid
                                  where h.inhparent = c.oid and not hc.relispartition) then 'inherited'
                    else 'unique' end
          from (select coalesce(u.amname = 'btree' and i.indcollation[0] = a.attcollation
                                and (select o.opcfamily = k.opcfamily and o.opcintype = k.opcintype
                                       from pg_opclass o where o.oid = i.indclass[0]), false) as compares
                  from pg_index i
                  join pg_class ic on ic.oid = i.indexrelid
                  join pg_am u on u.oid = ic.relam
                 where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indisready and i.indimmediate
                   and not i.indisexclusion and i.indnkeyatts = 1 and i.indkey[0] = a.attnum
                   and i.indpred is null and i.indexprs is null) x
        having count(*) > 0) as key_proof,
       exists (select from pg_index i
                where i.indrelid = c.oid and i.indisvalid and i.indpred is null
                  and (i.indkey[0] = a.attnum or i.indkey[1] = a.attnum)) as is_indexed,
       -- of which unique indexes it is a part, with how many parts each has
       array(select i.indexrelid::text || ':' || i.indnkeyatts
               from pg_index i
               join pg_class ic on ic.oid = i.indexrelid
               join pg_am u on u.oid = ic.relam and u.amname = 'btree'
              cross join generate_series(0, i.indnkeyatts - 1) as at(part)
               join pg_opclass o on o.oid = i.indclass[at.part]
              where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indisready and i.indimmediate
                and not i.indisexclusion and i.indkey[at.part] = a.attnum and i.indpred is null and i.indexprs is null
                and o.opcfamily = k.opcfamily and o.opcintype = k.opcintype
                and i.indcollation[at.part] = a.attcollation) as key_indexes
  from security s
  join pg_class c on c.oid = s.oid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join base on base.domain = t.oid
  join pg_type b on b.oid = coalesce(base.id, t.oid)
  left join pg_type e on e.oid = b.typelem and b.typcategory = 'A'
  left join base element on element.domain = e.oid
  left join pg_type v on v.oid = coalesce(element.id, e.oid)
  left join pg_collation l on l.oid = a.attcollation
  left join pg_namespace ln on ln.oid = l.collnamespace
  left join key k on k.opcintype = case when b.oid = 'varchar'::regtype then 'text'::regtype::oid
                                        -- unless pg_catalog has an `=` for this enum alone
                                        when b.typtype = 'e'
                                         and not exists (select from pg_operator z
                                                          where z.oprname = '=' and z.oprnamespace = 'pg_catalog'::regnamespace
                                                            and b.oid in (z.oprleft, z.oprright))
                                        then 'anyenum'::regtype::oid
                                        else b.oid end
 order by 1, 2, a.attnum
