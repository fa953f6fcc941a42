-- what PUBLIC, and so every session, may do and the fence needs it not to; `holder` keeps the right
-- for the roles that had it through PUBLIC
with application_schema as (
  select oid, nspname, nspowner, nspacl
    from pg_namespace
   where nspname !~ '^pg_'
     and nspname <> 'information_schema'
     and nspname !~ '${fence}'
), closed_routine (id, holder) as (   -- found by name, which has an index
  select p.oid, 'lb_app'
    from pg_proc p
    join application_schema s on s.oid = p.pronamespace
   where p.prosecdef or p.proname like 'dblink%' or p.proname = any (string_to_array(?, e'\n'))
  union
  select p.oid, 'lb_app'
    from pg_proc p
   where p.pronamespace = 'pg_catalog'::regnamespace
     and (p.proname like 'lo\_%' or p.proname like 'pg\_try\_advisory\_%'
          or p.proname like 'pg\_advisory\_lock%' or p.proname like 'pg\_advisory\_xact\_lock%'
          or p.proname like 'query\_to\_xml%' or p.proname like 'cursor\_to\_xml%' or p.proname like 'table\_to\_xml%'
          or p.proname like 'schema\_to\_xml%' or p.proname like 'database\_to\_xml%'
          or p.proname in ('loread', 'lowrite', 'pg_advisory_unlock', 'pg_advisory_unlock_shared', 'pg_logical_emit_message',
                           'pg_notify', 'pg_export_snapshot', 'xpath', 'xpath_exists', 'xmlexists'))
  union
  -- what has a text run as SQL, or read by the grammar
  select p.oid, 'lb_app'
    from string_to_table(?, e'\n') as f(signature)
    join pg_proc p on p.proname = split_part(f.signature, '(', 1)::name
                  and format('%s(%s)', p.proname, oidvectortypes(p.proargtypes)) = f.signature
   where p.pronamespace = 'pg_catalog'::regnamespace
  union
  -- what an extension brings to where every session looks
  select p.oid, 'lb_app'
    from pg_depend d
    join pg_extension x on x.oid = d.refobjid and x.extname <> 'plpgsql'
    join pg_proc p on p.oid = d.objid
   where d.refclassid = 'pg_extension'::regclass and d.deptype = 'e' and d.classid = 'pg_proc'::regclass
     and p.pronamespace = 'pg_catalog'::regnamespace
  union
  -- functions that say what the closed system catalogs say: texts of objects, sizes, counts, other sessions
  select p.oid, 'lb_catalog'
    from pg_proc p
   where ? = 'closed' and p.pronamespace = 'pg_catalog'::regnamespace
     and ((p.proname like 'pg\_%'
           and (p.proname ~ '^pg_(stat_get|stat_have|identify|describe|partition|tablespace|sequence|relation_file|filenode)'
                or p.proname ~ '^pg_(database|relation|table|total_relation|indexes)_size$'
                -- counters that all sessions move: their transactions and snapshots, the write-ahead log, who waits for whom
                or p.proname ~ '^pg_(current_(xact_id|snapshot|wal_)|last_(wal_|xact_|committed_)|xact_|control_)'
                or (p.proname ~ '^pg_get_'
                    and p.proname not in ('pg_get_expr', 'pg_get_function_arguments', 'pg_get_function_identity_arguments',
                                          'pg_get_function_result', 'pg_get_keywords', 'pg_get_serial_sequence',
                                          'pg_get_userbyid'))))
          or p.proname like 'txid\_current%'
          or p.proname in ('txid_status', 'mxid_age', 'pg_available_wal_summaries', 'pg_wal_summary_contents',
                           'pg_is_wal_replay_paused', 'pg_notification_queue_usage', 'pg_column_toast_chunk_id',
                           'pg_blocking_pids', 'pg_safe_snapshot_blocking_pids', 'pg_isolation_test_session_is_blocked',
                           'pg_lock_status', 'pg_prepared_xact', 'pg_mcv_list_items', 'pg_show_replication_origin_status')
          or (p.proname = 'age' and p.proargtypes[0] = 'xid'::regtype))
)
select 'database' as kind, format('%I', d.datname) as name, a.privilege_type as privilege, 'lb_app' as holder
  from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
 where d.datname = current_database() and a.grantee = 0
union all
select 'schema', format('%I', s.nspname), a.privilege_type, 'lb_app'
  from application_schema s, aclexplode(coalesce(s.nspacl, acldefault('n', s.nspowner))) a
 where a.grantee = 0
union all
select 'language', format('%I', l.lanname), a.privilege_type, 'lb_app'
  from pg_language l, aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) a
 where a.grantee = 0 and l.lanpltrusted
union all
select case when c.relkind = 'S' then 'sequence' else 'table' end, format('%I.%I', s.nspname, c.relname), a.privilege_type,
       'lb_app'
  from pg_class c
  join application_schema s on s.oid = c.relnamespace, aclexplode(c.relacl) a
 where a.grantee = 0
union all
select 'table', format('%I.%I', s.nspname, c.relname), format('%s (%I)', a.privilege_type, t.attname), 'lb_app'
  from pg_attribute t
  join pg_class c on c.oid = t.attrelid
  join application_schema s on s.oid = c.relnamespace, aclexplode(t.attacl) a
 where a.grantee = 0 and t.attacl is not null and not t.attisdropped
union all
select 'routine', p.oid::regprocedure::text, a.privilege_type, r.holder
  from closed_routine r
  join pg_proc p on p.oid = r.id, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
 where a.grantee = 0
union all
-- system catalogs: all but those that say nothing about this database's people or contents
select 'table', format('pg_catalog.%I', c.relname), a.privilege_type, 'lb_catalog'
  from pg_class c, aclexplode(c.relacl) a
 where ? = 'closed' and c.relnamespace = 'pg_catalog'::regnamespace and a.grantee = 0
   and c.relname not in ('pg_aggregate', 'pg_am', 'pg_amop', 'pg_amproc', 'pg_cast', 'pg_collation', 'pg_conversion',
                         'pg_cursors', 'pg_opclass', 'pg_operator', 'pg_opfamily', 'pg_prepared_statements', 'pg_range',
                         'pg_settings', 'pg_timezone_abbrevs', 'pg_timezone_names', 'pg_ts_config', 'pg_ts_config_map',
                         'pg_ts_dict', 'pg_ts_parser', 'pg_ts_template')
union all
select 'table', format('pg_catalog.%I', c.relname), format('%s (%I)', a.privilege_type, t.attname), 'lb_catalog'
  from pg_attribute t
  join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
 where ? = 'closed' and c.relnamespace = 'pg_catalog'::regnamespace and a.grantee = 0 and t.attacl is not null and not t.attisdropped
 order by 1, 2, 3
