-- the columns of closed system catalogs that sessions may read: names, types and shapes. No counts, sizes, rights,
-- bodies, constants or partition bounds. Defaults and comments belong to tools at the levels that show rows
with allowed (relation, tools_only, columns) as (values
  ('pg_namespace', false, array['oid', 'nspname', 'nspowner']),
  ('pg_class', false, array['oid', 'relname', 'relnamespace', 'reltype', 'reloftype', 'relowner', 'relam',
     'reltablespace', 'reltoastrelid', 'relhasindex', 'relisshared', 'relpersistence', 'relkind', 'relnatts', 'relchecks',
     'relhasrules', 'relhastriggers', 'relhassubclass', 'relrowsecurity', 'relforcerowsecurity', 'relispopulated',
     'relreplident', 'relispartition']),
  ('pg_attribute', false, array['attrelid', 'attname', 'atttypid', 'attlen', 'attnum', 'atttypmod', 'attndims', 'attbyval',
     'attalign', 'attstorage', 'attcompression', 'attnotnull', 'atthasdef', 'atthasmissing', 'attidentity',
     'attgenerated', 'attisdropped', 'attislocal', 'attinhcount', 'attcollation']),
  ('pg_type', false, array['oid', 'typname', 'typnamespace', 'typowner', 'typlen', 'typbyval', 'typtype', 'typcategory',
     'typispreferred', 'typisdefined', 'typdelim', 'typrelid', 'typsubscript', 'typelem', 'typarray', 'typinput',
     'typoutput', 'typreceive', 'typsend', 'typmodin', 'typmodout', 'typanalyze', 'typalign', 'typstorage', 'typnotnull',
     'typbasetype', 'typtypmod', 'typndims', 'typcollation']),
  ('pg_enum', false, array['oid', 'enumtypid', 'enumsortorder', 'enumlabel']),
  ('pg_constraint', false, array['oid', 'conname', 'connamespace', 'contype', 'condeferrable', 'condeferred',
     'convalidated', 'conrelid', 'contypid', 'conindid', 'conparentid', 'confrelid', 'confupdtype', 'confdeltype',
     'confmatchtype', 'conislocal', 'coninhcount', 'connoinherit', 'conkey', 'confkey']),
  ('pg_index', false, array['indexrelid', 'indrelid', 'indnatts', 'indnkeyatts', 'indisunique', 'indnullsnotdistinct',
     'indisprimary', 'indisexclusion', 'indimmediate', 'indisclustered', 'indisvalid', 'indcheckxmin', 'indisready',
     'indislive', 'indisreplident', 'indkey', 'indcollation', 'indclass', 'indoption']),
  ('pg_inherits', false, array['inhrelid', 'inhparent', 'inhseqno', 'inhdetachpending']),
  ('pg_trigger', false, array['oid', 'tgrelid', 'tgparentid', 'tgname', 'tgfoid', 'tgtype', 'tgenabled', 'tgisinternal',
     'tgconstrrelid', 'tgconstrindid', 'tgconstraint', 'tgdeferrable', 'tginitdeferred']),
  ('pg_proc', false, array['oid', 'proname', 'pronamespace', 'proowner', 'prolang', 'procost', 'prorows', 'provariadic',
     'prosupport', 'prokind', 'prosecdef', 'proleakproof', 'proisstrict', 'proretset', 'provolatile', 'proparallel',
     'pronargs', 'pronargdefaults', 'prorettype', 'proargtypes', 'proallargtypes', 'proargmodes', 'proargnames']),
  ('pg_language', false, array['oid', 'lanname', 'lanowner', 'lanispl', 'lanpltrusted']),
  ('pg_extension', false, array['oid', 'extname', 'extowner', 'extnamespace', 'extrelocatable', 'extversion']),
  ('pg_attrdef', true, array['oid', 'adrelid', 'adnum', 'adbin']),
  ('pg_description', true, array['objoid', 'classoid', 'objsubid', 'description'])
)
select w.relation, w.tools_only, string_agg(format('%I', a.attname), ', ' order by a.attnum) as columns
  from allowed w
  join pg_class c on c.relname = w.relation and c.relnamespace = 'pg_catalog'::regnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attname = any (w.columns) and not a.attisdropped
 group by w.relation, w.tools_only
 order by 1
