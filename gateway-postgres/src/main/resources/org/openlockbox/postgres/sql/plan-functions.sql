-- ---------------------------------------------------------------------------------------------
-- 3. Functions. Each runs with the rights of its owner and a pinned search_path.
-- ---------------------------------------------------------------------------------------------

-- The tenant of the session that asks. session_user is the role that logged in: no setting and no
-- SET ROLE changes it. No binding, a binding that has ended, or a table outside the grant: an error. A standby may not
-- have heard yet that an access was revoked, and nobody records there what is read: an error, too.
create or replace function lb.t(view_name text) returns text
language plpgsql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  bound lb.binding;
begin
  if pg_is_in_recovery() then
    raise exception 'a standby serves no session' using errcode = '42501';
  end if;
  select * into bound from lb.binding where role = session_user;
  if not found then
    raise exception 'no access is bound to this session' using errcode = '42501';
  end if;
  if bound.until <= clock_timestamp() then
    raise exception 'the access of this session has ended' using errcode = '42501';
  end if;
  if bound.tables is not null and not view_name = any (bound.tables) then
    raise exception 'table % is not part of the approved access', view_name using errcode = '42501';
  end if;
  return bound.tenant;
end $$;
alter function lb.t(text) owner to lb_view;

-- Raises an error unless the policies of these tables are those of the plan. The owner of a table may switch its row-level
-- security off, and change or drop each policy. Volatile, so that it sees the policies that PostgreSQL filters by: a
-- statement's snapshot may be older than its locks. In a transaction with one snapshot (repeatable read, serializable) it
-- sees a policy as it was, and the number of the transaction that has changed or dropped it since: xmax obeys no snapshot.
create or replace function lb.hold(guarded regclass[]) returns void
language plpgsql volatile security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
declare
  each_table regclass;
  changed_by xid;
begin
  foreach each_table in array guarded loop
    select p.xmax into changed_by
      from pg_policy p
      join lb.bounds b on b.relation = p.polrelid and b.condition = p.polqual::text and b.roles = p.polroles
     where p.polrelid = each_table and p.polname = 'lb_view_bounds' and not p.polpermissive
       and p.polcmd = '*' and p.polwithcheck is null
       and pg_describe_object('pg_policy'::regclass, p.oid, 0) is not null;
    if not found or not row_security_active(each_table) then
      raise exception 'the policy of the fence is gone from %, which this table depends on', each_table using errcode = '42501';
    end if;
    if changed_by <> '0' and lb.happened(changed_by) then
      raise exception 'the policy of the fence on %, which this table depends on, was changed within this transaction', each_table
        using errcode = '42501', hint = 'End this transaction, and begin a new one.';
    end if;
  end loop;
end $$;
alter function lb.hold(regclass[]) owner to lb_view;

-- Whether a transaction with this number, of the last two thousand million, was not rolled back. A snapshot's numbers
-- are whole ones; the one that is looked for is the nearest to them.
create or replace function lb.happened(short xid) returns boolean
language plpgsql volatile security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
declare
  near bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
  apart bigint := (short::text::bigint - near) & 4294967295;
begin
  return pg_xact_status((near + apart - case when apart > 2147483647 then 4294967296 else 0 end)::text::xid8)
         is distinct from 'aborted';
end $$;
alter function lb.happened(xid) owner to lb_view;

-- The same as lb.t for a view whose rows policies hold to the tenant: while one of them does not, no row is shown.
create or replace function lb.t(view_name text, guarded regclass[]) returns text
language plpgsql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
begin
  perform lb.hold(guarded);
  return lb.t(view_name);
end $$;
alter function lb.t(text, regclass[]) owner to lb_view;

-- Whether the approved access of this session covers a table.
create or replace function lb.covers(view_name text) returns boolean
language sql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
  select exists (select from lb.binding b
                  where b.role = session_user and (b.tables is null or view_name = any (b.tables)))
$$;
alter function lb.covers(text) owner to lb_view;

-- A pseudonym for a value: equal within one session, unrelated between sessions.
create or replace function lb.pseudonym(value text) returns text
language sql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
  select left(encode(sha256(convert_to(b.salt || value, 'UTF8')), 'hex'), 16)
    from lb.binding b
   where b.role = session_user and value is not null
$$;
alter function lb.pseudonym(text) owner to lb_view;

-- The tenant of the session that asks, whatever tables its access covers: for the policies of tables that have
-- row-level security. Immutable, so that PostgreSQL asks for it as it plans a query, and plans with this tenant's
-- value. A session has one tenant from its beginning to its end, and its plans are its own. That a plan which is kept
-- runs for the tenant that it was made for, and while the access lasts, lb.t sees to, each time it runs.
create or replace function lb.bound() returns text
language plpgsql immutable security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
declare
  found_tenant text;
begin
  if pg_is_in_recovery() then
    raise exception 'a standby serves no session' using errcode = '42501';
  end if;
  select tenant into found_tenant from lb.binding where role = session_user and until > clock_timestamp();
  if not found then
    raise exception 'no access is bound to this session' using errcode = '42501';
  end if;
  return found_tenant;
end $$;
alter function lb.bound() owner to lb_view;

-- Until when a query asks about each row of a child table on its own. Then it collects the keys of the tenant's parents and
-- asks them (lb.keys_1 and so on, section 8).
create or replace function lb.patience() returns timestamptz
language plpgsql volatile security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
begin
  return clock_timestamp() + interval '50 milliseconds';
end $$;
alter function lb.patience() owner to lb_view;

-- Whether the keys of the tenant's rows in a table take little memory: 64 MB, or what a hash may take anyway. Volatile,
-- because nothing else may ask the planner.
create or replace function lb.fits(parent regclass) returns boolean
language plpgsql volatile security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
declare
  expected json;
begin
  execute format('explain (format json) select from %s', parent) into expected;
  return (expected #>> '{0,Plan,Plan Rows}')::float8 * 128
         <= greatest(67108864, pg_size_bytes(current_setting('work_mem')) * current_setting('hash_mem_multiplier')::float8);
end $$;
alter function lb.fits(regclass) owner to lb_view;

-- The schemas that the session sees in the catalogs: its own, and PostgreSQL's.
create or replace function lb.schemas() returns name[]
language sql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
  select array['pg_catalog', 'information_schema', 'lb_metadata'${suffix}, 'lb_' || level${suffix}]::name[]
    from lb.binding
   where role = session_user and until > clock_timestamp() and not pg_is_in_recovery()
$$;
alter function lb.schemas() owner to lb_view;

-- What a JSON document holds at these paths, and nothing else.
create or replace function lb.keep(document jsonb, paths text[]) returns jsonb
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  kept jsonb := '{}';
  path text;
  steps text[];
begin
  foreach path in array paths loop
    steps := string_to_array(path, '.');
    if document #> steps is not null then
      for depth in 1 .. cardinality(steps) - 1 loop
        if kept #> steps[1:depth] is null then
          kept := jsonb_set(kept, steps[1:depth], '{}');
        end if;
      end loop;
      kept := jsonb_set(kept, steps, document #> steps);
    end if;
  end loop;
  return kept;
end $$;
alter function lb.keep(jsonb, text[]) owner to lb_view;

-- The next value of a sequence that is the default of a column which the write level may insert.
create or replace function lb.next(sequence text) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not sequence = any (${sequences_array}) then
    raise exception 'not a sequence of this access' using errcode = '42501';
  end if;
  return nextval(sequence::regclass);
end $$;
alter function lb.next(text) owner to lb_view;

-- Makes the one-shot role of a session. The password never comes here, only its SCRAM verifier.
create or replace function lb.open_session(
  role text, password_verifier text, tenant text, level text, until timestamptz, session text,
  tables text[] default null) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp${self_grant}
as $$
#variable_conflict use_variable
begin
  if role !~ '^lb_s_[0-9a-f]{32}$' then
    raise exception 'not a session role: %', role using errcode = '22023';
  end if;
  if password_verifier !~ '^SCRAM-SHA-256[$][0-9]{4,6}:[A-Za-z0-9+/=]{16,64}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' then
    raise exception 'not a SCRAM-SHA-256 verifier' using errcode = '22023';
  end if;
  if not level = any (${levels_array}) then
    raise exception 'this database offers no level %', level using errcode = '22023';
  end if;
${tenants_check}  if session !~ '^[A-Za-z0-9._-]{1,64}$' then
    raise exception 'not a session id' using errcode = '22023';
  end if;
  if until <= clock_timestamp() or until > clock_timestamp() + interval '31 days' then
    raise exception 'a session must end in the future and within 31 days' using errcode = '22023';
  end if;
  insert into lb.binding (role, tenant, level, tables, until, gateway, session, salt)
  values (role, tenant, level, tables, until, current_setting('application_name'), session,
          gen_random_uuid()::text);
  -- behind the insert, which has to wait while a suspension is made
  if exists (select from lb.suspension) then
    raise exception 'the fence is suspended for a migration' using errcode = '55000';
  end if;
  execute format('create role %I with login inherit nosuperuser nocreatedb nocreaterole noreplication'
                 ' nobypassrls connection limit 1 password %L valid until %L', role, password_verifier, until);
${self_grant_15}  execute format('grant %I to %I ${member_only}', 'lb_level_' || level, role);
  execute format('alter role %I set search_path = %I', role, 'lb_' || level${suffix});
  execute format('alter role %I set default_transaction_read_only = %s', role,
                 case when level = 'write' then 'off' else 'on' end);
  execute format('alter role %I set statement_timeout = %L', role, '15min');
  execute format('alter role %I set lock_timeout = %L', role, '10s');
  execute format('alter role %I set idle_in_transaction_session_timeout = %L', role, '10min');
end $$;
alter function lb.open_session(text, text, text, text, timestamptz, text, text[]) owner to lb_definer;

-- Ends a session: binding, backends, role. True when nothing of it is left; false: call again.
create or replace function lb.close_session(role text) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
  role_id oid;
  pause double precision := 0.001;
  deadline timestamptz := clock_timestamp() + interval '2 seconds';
begin
  if role !~ '^lb_s_[0-9a-f]{32}$' then
    raise exception 'not a session role: %', role using errcode = '22023';
  end if;
  -- first what may have to wait, then the look: an opening that was still under way is seen whole
  update lb.binding b set until = '-infinity' where b.role = close_session.role;
  select r.oid into role_id from pg_roles r where r.rolname = role;
  if role_id is not null then
    execute format('alter role %I with nologin', role);
    -- a backend is gone within milliseconds; the wait of pg_terminate_backend itself looks every 100
    loop
      perform pg_stat_clear_snapshot();
      perform pg_terminate_backend(a.pid) from pg_stat_activity a where a.usesysid = role_id;
      exit when not found;
      if clock_timestamp() > deadline then
        return false;
      end if;
      perform pg_sleep(pause);
      pause := least(pause * 2, 0.1);
    end loop;
    execute format('drop owned by %I', role);
    execute format('drop role %I', role);
  end if;
  delete from lb.binding b where b.role = close_session.role;
  return true;
end $$;
alter function lb.close_session(text) owner to lb_definer;

-- Notes what a gateway saw of a tenant's log, if nobody noted anything since the caller looked: `known` is the root that
-- stood here then, '' for no row. The keyring never goes back, and the size only after a loss that the log admits.
create or replace function lb.note_log(
  tenant text, known text, pin text, size bigint, root text, keyring_index bigint, keyring_entry text, recovery bigint)
  returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
begin
  if tenant !~ '^[a-z0-9-]{1,63}$' or size < 1 or keyring_index not between 0 and size - 1
     or not (pin || root || keyring_entry) ~ '^[0-9a-f]{192}$' then
    raise exception 'not the head of a tenant''s log' using errcode = '22023';
  end if;
  if known = '' then
    insert into lb.log_head (tenant, pin, size, root, keyring_index, keyring_entry, recovery, noted)
    values (tenant, pin, size, root, keyring_index, keyring_entry, recovery, clock_timestamp())
    on conflict do nothing;
  else
    update lb.log_head h
       set size = note_log.size, root = note_log.root, keyring_index = note_log.keyring_index,
           keyring_entry = note_log.keyring_entry, recovery = note_log.recovery, noted = clock_timestamp()
     where h.tenant = note_log.tenant and h.root = known and h.pin = note_log.pin
       and h.keyring_index <= note_log.keyring_index
       and (h.size <= note_log.size or h.recovery < note_log.recovery);
  end if;
  return found;
end $$;
alter function lb.note_log(text, text, text, bigint, text, bigint, text, bigint) owner to lb_definer;

-- Notes that a request is over, for as long as its grant would have lasted.
create or replace function lb.note_end(tenant text, request text, until timestamptz) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
begin
  if tenant !~ '^[a-z0-9-]{1,63}$' or request !~ '^[A-Za-z0-9-]{1,32}$'
     or until > clock_timestamp() + interval '400 days' then
    raise exception 'not the end of a request' using errcode = '22023';
  end if;
  delete from lb.ended_request e where e.until < clock_timestamp() - interval '1 day';
  insert into lb.ended_request (tenant, request, until) values (tenant, request, until) on conflict do nothing;
end $$;
alter function lb.note_end(text, text, timestamptz) owner to lb_definer;

-- Keeps the first alarm about a tenant's log until it was delivered; with an empty problem, takes it away.
create or replace function lb.note_alarm(tenant text, request text, problem text) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
begin
  if tenant !~ '^[a-z0-9-]{1,63}$' or request !~ '^[A-Za-z0-9-]{1,32}$' or length(problem) > 500 then
    raise exception 'not an alarm' using errcode = '22023';
  end if;
  if problem = '' then
    delete from lb.history_alarm a where a.tenant = note_alarm.tenant and a.request = note_alarm.request;
  else
    insert into lb.history_alarm (tenant, request, problem, raised)
    values (tenant, request, problem, clock_timestamp()) on conflict do nothing;
  end if;
end $$;
alter function lb.note_alarm(text, text, text) owner to lb_definer;

revoke all on function lb.t(text), lb.t(text, regclass[]), lb.hold(regclass[]), lb.happened(xid), lb.covers(text), lb.pseudonym(text), lb.bound(), lb.schemas(), lb.keep(jsonb, text[]),
                       lb.patience(), lb.fits(regclass), lb.next(text)
  from public;
revoke all on function lb.open_session(text, text, text, text, timestamptz, text, text[]),
                       lb.close_session(text), lb.note_end(text, text, timestamptz), lb.note_alarm(text, text, text),
                       lb.note_log(text, text, text, bigint, text, bigint, text, bigint) from public;
grant execute on function lb.t(text), lb.t(text, regclass[]), lb.covers(text), lb.pseudonym(text), lb.bound(), lb.schemas(), lb.keep(jsonb, text[]),
                       lb.patience(), lb.fits(regclass)
   to lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write;
grant execute on function lb.next(text) to lb_level_write;
grant execute on function lb.open_session(text, text, text, text, timestamptz, text, text[]),
                          lb.close_session(text), lb.note_end(text, text, timestamptz), lb.note_alarm(text, text, text),
                          lb.note_log(text, text, text, bigint, text, bigint, text, bigint) to ${gateway};
