-- The closed system catalogs that sessions know. Of each: the columns of it that may be read, by sessions of every level, of
-- those that show rows, or by the views of lb_catalog alone: names, types and shapes; no counts, sizes, rights, bodies,
-- constants or partition bounds. Then the columns of the view of the same name, in order: what may be read as it is,
-- an owner as the first role of all, the rest null, also when a newer PostgreSQL adds it; and which rows the view has.
with allowed (relation, readers, columns, rows) as (values
  ('pg_namespace', 'every level', array['oid', 'nspname', 'nspowner'],
     'oid in (select oid from lb_catalog.own_namespace)'),
  ('pg_class', 'every level', array['oid', 'relname', 'relnamespace', 'reltype', 'reloftype', 'relowner', 'relam',
     'reltablespace', 'reltoastrelid', 'relhasindex', 'relisshared', 'relpersistence', 'relkind', 'relnatts', 'relchecks',
     'relhasrules', 'relhastriggers', 'relhassubclass', 'relrowsecurity', 'relforcerowsecurity', 'relispopulated',
     'relreplident', 'relispartition'],
     'oid in (select oid from lb_catalog.own_relation)'),
  ('pg_attribute', 'every level', array['attrelid', 'attname', 'atttypid', 'attlen', 'attnum', 'atttypmod', 'attndims',
     'attbyval', 'attalign', 'attstorage', 'attcompression', 'attnotnull', 'atthasdef', 'atthasmissing', 'attidentity',
     'attgenerated', 'attisdropped', 'attislocal', 'attinhcount', 'attcollation'],
     'attrelid in (select oid from lb_catalog.own_relation)'),
  ('pg_type', 'every level', array['oid', 'typname', 'typnamespace', 'typowner', 'typlen', 'typbyval', 'typtype',
     'typcategory', 'typispreferred', 'typisdefined', 'typdelim', 'typrelid', 'typsubscript', 'typelem', 'typarray',
     'typinput', 'typoutput', 'typreceive', 'typsend', 'typmodin', 'typmodout', 'typanalyze', 'typalign', 'typstorage',
     'typnotnull', 'typbasetype', 'typtypmod', 'typndims', 'typcollation'],
     'oid in (select oid from lb_catalog.own_type)'),
  ('pg_enum', 'every level', array['oid', 'enumtypid', 'enumsortorder', 'enumlabel'],
     'enumtypid in (select oid from lb_catalog.own_type)'),
  ('pg_constraint', 'every level', array['oid', 'conname', 'connamespace', 'contype', 'condeferrable', 'condeferred',
     'convalidated', 'conrelid', 'contypid', 'conindid', 'conparentid', 'confrelid', 'confupdtype', 'confdeltype',
     'confmatchtype', 'conislocal', 'coninhcount', 'connoinherit', 'conkey', 'confkey'],
     'conrelid in (select oid from lb_catalog.own_relation)'),
  ('pg_index', 'every level', array['indexrelid', 'indrelid', 'indnatts', 'indnkeyatts', 'indisunique',
     'indnullsnotdistinct', 'indisprimary', 'indisexclusion', 'indimmediate', 'indisclustered', 'indisvalid', 'indcheckxmin',
     'indisready', 'indislive', 'indisreplident', 'indkey', 'indcollation', 'indclass', 'indoption'],
     'indrelid in (select oid from lb_catalog.own_relation)'),
  ('pg_inherits', 'every level', array['inhrelid', 'inhparent', 'inhseqno', 'inhdetachpending'], 'false'),
  ('pg_trigger', 'every level', array['oid', 'tgrelid', 'tgparentid', 'tgname', 'tgfoid', 'tgtype', 'tgenabled',
     'tgisinternal', 'tgconstrrelid', 'tgconstrindid', 'tgconstraint', 'tgdeferrable', 'tginitdeferred'], 'false'),
  ('pg_proc', 'every level', array['oid', 'proname', 'pronamespace', 'proowner', 'prolang', 'procost', 'prorows',
     'provariadic', 'prosupport', 'prokind', 'prosecdef', 'proleakproof', 'proisstrict', 'proretset', 'provolatile',
     'proparallel', 'pronargs', 'pronargdefaults', 'prorettype', 'proargtypes', 'proallargtypes', 'proargmodes',
     'proargnames'],
     'pronamespace in (select oid from lb_catalog.own_schema)'),
  ('pg_language', 'every level', array['oid', 'lanname', 'lanowner', 'lanispl', 'lanpltrusted'], 'oid < 16384'),
  ('pg_extension', 'every level', array['oid', 'extname', 'extowner', 'extnamespace', 'extrelocatable', 'extversion'],
     'true'),
  ('pg_attrdef', 'levels with rows', array['oid', 'adrelid', 'adnum', 'adbin'],
     'adrelid in (select oid from lb_catalog.own_relation)'),
  ('pg_description', 'levels with rows', array['objoid', 'classoid', 'objsubid', 'description'], 'false'),
  ('pg_database', 'views', array['oid', 'datname', 'encoding', 'datlocprovider', 'datistemplate', 'datallowconn',
     'dattablespace', 'datcollate', 'datctype', 'datlocale', 'daticulocale'],
     'datname = current_database()'),
  ('pg_roles', 'views', array['oid', 'rolname', 'rolsuper', 'rolinherit', 'rolcreaterole', 'rolcreatedb', 'rolcanlogin',
     'rolreplication', 'rolconnlimit', 'rolvaliduntil', 'rolbypassrls'],
     'rolname = session_user'),
  ('pg_user', 'views', array['usename', 'usesysid', 'usecreatedb', 'usesuper', 'userepl', 'usebypassrls', 'valuntil'],
     'usename = session_user'),
  ('pg_tablespace', 'views', array['oid', 'spcname'], 'oid in (1663, 1664)'),
  ('pg_tables', 'views', array['schemaname', 'tablename', 'hasindexes', 'hasrules', 'hastriggers', 'rowsecurity'],
     'schemaname = any ((select lb.schemas())::name[])'),
  ('pg_views', 'views', array['schemaname', 'viewname'], 'schemaname = any ((select lb.schemas())::name[])')
)
select c.relname as relation,
       coalesce(w.readers, 'views') as readers,
       coalesce(string_agg(format('%I', a.attname), ', ' order by a.attnum) filter (where a.attname = any (w.columns)), '') as columns,
       string_agg(case when a.attname ~ 'owner$|^datdba$' and a.atttypid = 'oid'::regtype then format('10::oid as %I', a.attname)
                       when w.rows <> 'false' and a.attname = any (w.columns) then format('%I', a.attname)
                       -- no column of a view can be an anyarray
                       else format('null::%s as %I', replace(format_type(a.atttypid, a.atttypmod), 'anyarray', 'text[]'), a.attname)
                  end, ', ' order by a.attnum)
         || case when c.relkind = 'r' then ', ''1''::xid as xmin' else '' end as shown,
       coalesce(w.rows, 'false') as rows
  from unnest(string_to_array(?, ' ')) as n(relation)
  join pg_class c on c.relname = n.relation and c.relnamespace = 'pg_catalog'::regnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join allowed w on w.relation = c.relname
 group by c.relname, c.relkind, w.readers, w.rows
 order by 1
