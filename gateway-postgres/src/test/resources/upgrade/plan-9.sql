-- The OpenLockbox fence for resource "shop" (Shop), database upgrade, PostgreSQL 18.
-- Read it, then apply it as a superuser:  psql -v ON_ERROR_STOP=1 -d upgrade -f this-file.sql
-- One transaction; applying it again changes nothing. The same command with --undo prints the way back.
begin;
set local client_encoding = 'UTF8';
set local search_path = pg_catalog, pg_temp;
set local lock_timeout = '10s';
do $$
begin
  if current_setting('server_version_num')::int / 10000 <> 18 or current_database() <> 'upgrade' then
    raise exception 'this plan was written for database upgrade on PostgreSQL 18';
  end if;
end $$;

do $$
declare
  guarded regclass;
begin
  for guarded in select p.polrelid from pg_policy p where p.polname ~ '^lb_view_' group by 1 order by 1 loop
    execute format('lock table %s in access exclusive mode', guarded);
  end loop;
end $$;
lock table "shop"."guarded", "shop"."kinds", "shop"."lines", "shop"."notes" in access exclusive mode;

-- ---------------------------------------------------------------------------------------------
-- 1. Roles. None of them can log in except the gateway's own.
--    lb_view          owns the views and reads the base tables for them
--    lb_definer       owns lb.open_session and lb.close_session; may create roles
--    lb_level_...     one per level: the rights that a session gets
--    lb_app           keeps, for the application, what PUBLIC loses in section 6
--    lb_catalog       keeps what PUBLIC loses of the system catalogs
--    "lockbox_gateway"       the gateway's login: may call lb.open_session and lb.close_session
-- ---------------------------------------------------------------------------------------------
do $$
declare
  wanted text;
begin
  foreach wanted in array array['lb_view', 'lb_definer', 'lb_app', 'lb_catalog',
                                'lb_level_metadata', 'lb_level_masked', 'lb_level_read', 'lb_level_write'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      execute format('create role %I', wanted);
    end if;
    execute format('alter role %I with nologin inherit nosuperuser nocreatedb nocreaterole'
                   ' noreplication nobypassrls', wanted);
  end loop;
  if not exists (select from pg_roles where rolname = 'lockbox_gateway') then
    execute format('create role %I with login', 'lockbox_gateway');
    raise notice 'made the login role %, set its password before the gateway starts', 'lockbox_gateway';
  end if;
end $$;
alter role lb_definer with createrole;
grant lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write to lb_definer with admin true, inherit false, set false;
grant lb_catalog to lb_app, lb_definer, "lockbox_gateway";

-- ---------------------------------------------------------------------------------------------
-- 2. Schema lb: which session role stands for which tenant, until when; and what the gateways saw of each tenant's log.
-- ---------------------------------------------------------------------------------------------
create schema if not exists lb;
revoke all on schema lb from public;
grant usage on schema lb to lb_view, lb_definer, "lockbox_gateway";

create table if not exists lb.binding (
  role    name        primary key,
  tenant  text        not null,
  level   text        not null constraint binding_level check (level in ('metadata', 'masked', 'read', 'write')),
  tables  text[],                 -- null: every table of the level
  until   timestamptz not null,   -- checked against the clock at every statement
  gateway text        not null,   -- which gateway, and which start of it
  session text        not null,
  salt    text        not null,   -- makes the pseudonyms of this session its own
  opened  timestamptz not null default clock_timestamp()
);
create table if not exists lb.fence (
  only_row         boolean     primary key default true constraint fence_one_row check (only_row),
  catalogue_digest text        not null,
  plan_version     integer     not null,
  server_major     integer     not null,
  applied_at       timestamptz not null,
  applied_by       name        not null
);
create table if not exists lb.fence_object (
  kind   text not null,
  name   text not null,
  digest text not null,
  primary key (kind, name)
);
create table if not exists lb.suspension (   -- a row while a migration of the application runs: no views, no sessions
  only_row     boolean     primary key default true constraint suspension_one_row check (only_row),
  since        timestamptz not null,
  suspended_by name        not null,
  shown        text[]      not null   -- the columns that the views showed, as view|column
);
create table if not exists lb.public_right (   -- what PUBLIC lost in section 6, so that undoing gives it back
  kind      text not null,
  name      text not null,
  privilege text not null,
  holder    name not null,
  primary key (kind, name, privilege)
);
create table if not exists lb.bounds (   -- the policies of section 8 as they were made: lb.t sees whether one was changed
  relation  oid   primary key,
  condition text  not null,
  roles     oid[] not null
);
-- What the gateways of this database last saw of each tenant's log, so that a restart forgets nothing. To make them
-- accept a log that contradicts it, delete the tenant's row: docs/postgres-gateway.md, "What a gateway remembers".
create table if not exists lb.log_head (
  tenant        text        primary key,
  pin           text        not null,   -- SHA-256 of the log's first entry
  size          bigint      not null,
  root          text        not null,
  keyring_index bigint      not null,   -- the newest entry that changed keys, settings or policy
  keyring_entry text        not null,   -- its SHA-256
  recovery      bigint      not null,   -- the newest entry that admits a loss; -1: none
  noted         timestamptz not null
);
create table if not exists lb.ended_request (   -- kept until the grant would have ended by itself
  tenant  text        not null,
  request text        not null,
  until   timestamptz not null,
  primary key (tenant, request)
);
create table if not exists lb.history_alarm (   -- a refused history of which somebody is still to be told
  tenant  text        not null,
  request text        not null,
  problem text        not null,
  raised  timestamptz not null,
  primary key (tenant)
);
revoke all on lb.binding, lb.fence, lb.fence_object, lb.suspension, lb.public_right, lb.bounds, lb.log_head, lb.ended_request,
              lb.history_alarm
  from public, lb_view, lb_definer, "lockbox_gateway";
grant select, insert, update, delete on lb.binding to lb_definer;
grant select on lb.binding, lb.bounds to lb_view;
grant select (role, tenant, level, tables, until, gateway, session, opened) on lb.binding to "lockbox_gateway";
grant select on lb.fence, lb.fence_object, lb.suspension to "lockbox_gateway";
grant select on lb.suspension to lb_definer;
grant select, insert, update on lb.log_head to lb_definer;
grant select, insert, update, delete on lb.ended_request, lb.history_alarm to lb_definer;
grant select on lb.log_head, lb.ended_request, lb.history_alarm to "lockbox_gateway";

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

-- The schemas that the session sees in the catalogs: its own, and PostgreSQL's.
create or replace function lb.schemas() returns name[]
language sql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
  select array['pg_catalog', 'information_schema', 'lb_metadata', 'lb_' || level]::name[]
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
  if not sequence = any (array['"shop"."notes_id_seq"', '"shop"."people_id_seq"']::text[]) then
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
set search_path = pg_catalog, pg_temp
set createrole_self_grant = 'inherit'
as $$
#variable_conflict use_variable
begin
  if role !~ '^lb_s_[0-9a-f]{32}$' then
    raise exception 'not a session role: %', role using errcode = '22023';
  end if;
  if password_verifier !~ '^SCRAM-SHA-256[$][0-9]{4,6}:[A-Za-z0-9+/=]{16,64}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' then
    raise exception 'not a SCRAM-SHA-256 verifier' using errcode = '22023';
  end if;
  if not level = any (array['metadata', 'masked', 'read', 'write']::text[]) then
    raise exception 'this database offers no level %', level using errcode = '22023';
  end if;
  if session !~ '^[A-Za-z0-9._-]{1,64}$' then
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
  execute format('grant %I to %I with inherit true, set false', 'lb_level_' || level, role);
  execute format('alter role %I set search_path = %I', role, 'lb_' || level);
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
                       lb.next(text)
  from public;
revoke all on function lb.open_session(text, text, text, text, timestamptz, text, text[]),
                       lb.close_session(text), lb.note_end(text, text, timestamptz), lb.note_alarm(text, text, text),
                       lb.note_log(text, text, text, bigint, text, bigint, text, bigint) from public;
grant execute on function lb.t(text), lb.t(text, regclass[]), lb.covers(text), lb.pseudonym(text), lb.bound(), lb.schemas(), lb.keep(jsonb, text[])
   to lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write;
grant execute on function lb.next(text) to lb_level_write;
grant execute on function lb.open_session(text, text, text, text, timestamptz, text, text[]),
                          lb.close_session(text), lb.note_end(text, text, timestamptz), lb.note_alarm(text, text, text),
                          lb.note_log(text, text, text, bigint, text, bigint, text, bigint) to "lockbox_gateway";

-- ---------------------------------------------------------------------------------------------
-- 4. What lb_view may do with the application's tables.
-- ---------------------------------------------------------------------------------------------
revoke all on all tables in schema "shop" from lb_view, lb_definer, lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write;
revoke all on all sequences in schema "shop" from lb_view, lb_definer, lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write;
grant usage on schema "shop" to lb_view;
grant select ("id", "mail", "tenant_id") on "shop"."people" to lb_view;
grant insert ("id", "mail", "tenant_id") on "shop"."people" to lb_view;
grant update ("id", "mail", "tenant_id") on "shop"."people" to lb_view;
grant delete on "shop"."people" to lb_view;
grant usage on sequence "shop"."people_id_seq" to lb_view;
grant select ("body", "id", "person_id") on "shop"."notes" to lb_view;
grant insert ("body", "id", "person_id") on "shop"."notes" to lb_view;
grant update ("body", "id") on "shop"."notes" to lb_view;
grant delete on "shop"."notes" to lb_view;
grant usage on sequence "shop"."notes_id_seq" to lb_view;
grant select ("body", "id", "note_id") on "shop"."lines" to lb_view;
grant insert ("body", "id", "note_id") on "shop"."lines" to lb_view;
grant update ("body", "id") on "shop"."lines" to lb_view;
grant delete on "shop"."lines" to lb_view;
grant select ("body", "id", "tenant_id") on "shop"."guarded" to lb_view;
grant insert ("body", "id", "tenant_id") on "shop"."guarded" to lb_view;
grant update ("body", "id", "tenant_id") on "shop"."guarded" to lb_view;
grant delete on "shop"."guarded" to lb_view;
grant select ("n", "tenant_id") on "shop"."totals" to lb_view;
grant select ("name") on "shop"."kinds" to lb_view;

-- ---------------------------------------------------------------------------------------------
-- 5. One view per level and table: own rows. At level metadata, shapes and counts.
-- ---------------------------------------------------------------------------------------------
do $$
declare
  old text;
begin
  for old in select nspname from pg_namespace where nspname ~ '^lb(_catalog|_(metadata|masked|read|write)(__.+)?)?$' and nspname <> 'lb' loop
    execute format('drop schema %I cascade', old);
  end loop;
end $$;
create schema "lb_metadata";
grant usage on schema "lb_metadata" to lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write;

create view "lb_metadata".tables (table_name, rows_belong_to) with (security_barrier) as
  values ('people', 'one tenant'),
         ('notes', 'one tenant'),
         ('lines', 'one tenant'),
         ('guarded', 'one tenant'),
         ('totals', 'one tenant'),
         ('kinds', 'everybody');
create view "lb_metadata".columns (table_name, column_name, data_type, nullable, mask) with (security_barrier) as
  values ('people', 'id', 'integer', false, null),
         ('people', 'tenant_id', 'integer', false, null),
         ('people', 'mail', 'text', true, 'email'),
         ('notes', 'id', 'integer', false, null),
         ('notes', 'person_id', 'integer', false, null),
         ('notes', 'body', 'text', true, 'redact'),
         ('lines', 'id', 'integer', false, null),
         ('lines', 'note_id', 'integer', false, null),
         ('lines', 'body', 'text', true, 'redact'),
         ('guarded', 'id', 'integer', false, null),
         ('guarded', 'tenant_id', 'integer', false, null),
         ('guarded', 'body', 'text', true, null),
         ('totals', 'tenant_id', 'integer', true, null),
         ('totals', 'n', 'integer', true, null),
         ('kinds', 'name', 'text', false, null);
create view "lb_metadata".row_counts (table_name, own_rows) with (security_barrier) as
  select 'people', case when lb.covers('people') then (select count(*) from "shop"."people" where "tenant_id" operator(pg_catalog.=) (select lb.t('people')::int4)) end
      union all
      select 'notes', case when lb.covers('notes') then (select count(*) from "shop"."notes" where (select lb.t('notes', array['"shop"."notes"']::regclass[])) operator(pg_catalog.=) lb.bound()) end
      union all
      select 'lines', case when lb.covers('lines') then (select count(*) from "shop"."lines" where (select lb.t('lines', array['"shop"."lines"', '"shop"."notes"']::regclass[])) operator(pg_catalog.=) lb.bound()) end
      union all
      select 'guarded', case when lb.covers('guarded') then (select count(*) from "shop"."guarded" where (select lb.t('guarded', array['"shop"."guarded"']::regclass[])) operator(pg_catalog.=) lb.bound()) end
      union all
      select 'totals', case when lb.covers('totals') then (select count(*) from "shop"."totals" where "tenant_id" operator(pg_catalog.=) (select lb.t('totals')::int4)) end
      union all
      select 'kinds', case when lb.covers('kinds') then (select count(*) from "shop"."kinds" where (select lb.t('kinds', array['"shop"."kinds"']::regclass[])) operator(pg_catalog.=) lb.bound()) end;
alter view "lb_metadata".tables owner to lb_view;
alter view "lb_metadata".columns owner to lb_view;
alter view "lb_metadata".row_counts owner to lb_view;
grant select on "lb_metadata".tables, "lb_metadata".columns, "lb_metadata".row_counts to lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write;

create schema "lb_masked";
grant usage on schema "lb_masked" to lb_level_masked;

create view "lb_masked"."people" with (security_barrier) as
  select "id",
         "tenant_id",
         case when "mail" is not null then left("mail"::text, 1) || '***@***' end as "mail"
    from "shop"."people"
   where "tenant_id" operator(pg_catalog.=) (select lb.t('people')::int4);
alter view "lb_masked"."people" owner to lb_view;
grant select on "lb_masked"."people" to lb_level_masked;

create view "lb_masked"."notes" as
  select "id",
         "person_id",
         case when "body" is not null then '[redacted]' end as "body"
    from "shop"."notes"
   where (select lb.t('notes', array['"shop"."notes"']::regclass[])) operator(pg_catalog.=) lb.bound();
alter view "lb_masked"."notes" owner to lb_view;
grant select on "lb_masked"."notes" to lb_level_masked;

create view "lb_masked"."lines" as
  select "id",
         "note_id",
         case when "body" is not null then '[redacted]' end as "body"
    from "shop"."lines"
   where (select lb.t('lines', array['"shop"."lines"', '"shop"."notes"']::regclass[])) operator(pg_catalog.=) lb.bound();
alter view "lb_masked"."lines" owner to lb_view;
grant select on "lb_masked"."lines" to lb_level_masked;

create view "lb_masked"."guarded" as
  select "id",
         "tenant_id",
         "body"
    from "shop"."guarded"
   where (select lb.t('guarded', array['"shop"."guarded"']::regclass[])) operator(pg_catalog.=) lb.bound();
alter view "lb_masked"."guarded" owner to lb_view;
grant select on "lb_masked"."guarded" to lb_level_masked;

create view "lb_masked"."totals" with (security_barrier) as
  select "tenant_id",
         "n"
    from "shop"."totals"
   where "tenant_id" operator(pg_catalog.=) (select lb.t('totals')::int4);
alter view "lb_masked"."totals" owner to lb_view;
grant select on "lb_masked"."totals" to lb_level_masked;

create view "lb_masked"."kinds" as
  select "name"
    from "shop"."kinds"
   where (select lb.t('kinds', array['"shop"."kinds"']::regclass[])) operator(pg_catalog.=) lb.bound();
alter view "lb_masked"."kinds" owner to lb_view;
grant select on "lb_masked"."kinds" to lb_level_masked;


create schema "lb_read";
grant usage on schema "lb_read" to lb_level_read;

create view "lb_read"."people" with (security_barrier) as
  select "id",
         "tenant_id",
         "mail"
    from "shop"."people"
   where "tenant_id" operator(pg_catalog.=) (select lb.t('people')::int4);
alter view "lb_read"."people" owner to lb_view;
grant select on "lb_read"."people" to lb_level_read;

create view "lb_read"."notes" as
  select "id",
         "person_id",
         "body"
    from "shop"."notes"
   where (select lb.t('notes', array['"shop"."notes"']::regclass[])) operator(pg_catalog.=) lb.bound();
alter view "lb_read"."notes" owner to lb_view;
grant select on "lb_read"."notes" to lb_level_read;

create view "lb_read"."lines" as
  select "id",
         "note_id",
         "body"
    from "shop"."lines"
   where (select lb.t('lines', array['"shop"."lines"', '"shop"."notes"']::regclass[])) operator(pg_catalog.=) lb.bound();
alter view "lb_read"."lines" owner to lb_view;
grant select on "lb_read"."lines" to lb_level_read;

create view "lb_read"."guarded" as
  select "id",
         "tenant_id",
         "body"
    from "shop"."guarded"
   where (select lb.t('guarded', array['"shop"."guarded"']::regclass[])) operator(pg_catalog.=) lb.bound();
alter view "lb_read"."guarded" owner to lb_view;
grant select on "lb_read"."guarded" to lb_level_read;

create view "lb_read"."totals" with (security_barrier) as
  select "tenant_id",
         "n"
    from "shop"."totals"
   where "tenant_id" operator(pg_catalog.=) (select lb.t('totals')::int4);
alter view "lb_read"."totals" owner to lb_view;
grant select on "lb_read"."totals" to lb_level_read;

create view "lb_read"."kinds" as
  select "name"
    from "shop"."kinds"
   where (select lb.t('kinds', array['"shop"."kinds"']::regclass[])) operator(pg_catalog.=) lb.bound();
alter view "lb_read"."kinds" owner to lb_view;
grant select on "lb_read"."kinds" to lb_level_read;


create schema "lb_write";
grant usage on schema "lb_write" to lb_level_write;

create view "lb_write"."people" with (security_barrier) as
  select "id",
         "tenant_id",
         "mail"
    from "shop"."people"
   where "tenant_id" operator(pg_catalog.=) (select lb.t('people')::int4)
  with cascaded check option;
alter view "lb_write"."people" owner to lb_view;
grant select on "lb_write"."people" to lb_level_write;
alter view "lb_write"."people" alter column "tenant_id" set default lb.t('people')::int4;
alter view "lb_write"."people" alter column "id" set default lb.next('"shop"."people_id_seq"')::integer;
grant insert ("id", "tenant_id", "mail") on "lb_write"."people" to lb_level_write;
grant update ("id", "tenant_id", "mail") on "lb_write"."people" to lb_level_write;
grant delete on "lb_write"."people" to lb_level_write;

create view "lb_write"."notes" as
  select "id",
         "person_id",
         "body"
    from "shop"."notes"
   where (select lb.t('notes', array['"shop"."notes"']::regclass[])) operator(pg_catalog.=) lb.bound()
  with cascaded check option;
alter view "lb_write"."notes" owner to lb_view;
grant select on "lb_write"."notes" to lb_level_write;
alter view "lb_write"."notes" alter column "id" set default lb.next('"shop"."notes_id_seq"')::integer;
grant insert ("id", "person_id", "body") on "lb_write"."notes" to lb_level_write;
grant update ("id", "body") on "lb_write"."notes" to lb_level_write;
grant delete on "lb_write"."notes" to lb_level_write;

create view "lb_write"."lines" as
  select "id",
         "note_id",
         "body"
    from "shop"."lines"
   where (select lb.t('lines', array['"shop"."lines"', '"shop"."notes"']::regclass[])) operator(pg_catalog.=) lb.bound()
  with cascaded check option;
alter view "lb_write"."lines" owner to lb_view;
grant select on "lb_write"."lines" to lb_level_write;
grant insert ("id", "note_id", "body") on "lb_write"."lines" to lb_level_write;
grant update ("id", "body") on "lb_write"."lines" to lb_level_write;
grant delete on "lb_write"."lines" to lb_level_write;

create view "lb_write"."guarded" as
  select "id",
         "tenant_id",
         "body"
    from "shop"."guarded"
   where (select lb.t('guarded', array['"shop"."guarded"']::regclass[])) operator(pg_catalog.=) lb.bound()
  with cascaded check option;
alter view "lb_write"."guarded" owner to lb_view;
grant select on "lb_write"."guarded" to lb_level_write;
alter view "lb_write"."guarded" alter column "tenant_id" set default lb.t('guarded')::int4;
grant insert ("id", "tenant_id", "body") on "lb_write"."guarded" to lb_level_write;
grant update ("id", "tenant_id", "body") on "lb_write"."guarded" to lb_level_write;
grant delete on "lb_write"."guarded" to lb_level_write;

create view "lb_write"."totals" with (security_barrier) as
  select "tenant_id",
         "n"
    from "shop"."totals"
   where "tenant_id" operator(pg_catalog.=) (select lb.t('totals')::int4);
alter view "lb_write"."totals" owner to lb_view;
grant select on "lb_write"."totals" to lb_level_write;

create view "lb_write"."kinds" as
  select "name"
    from "shop"."kinds"
   where (select lb.t('kinds', array['"shop"."kinds"']::regclass[])) operator(pg_catalog.=) lb.bound();
alter view "lb_write"."kinds" owner to lb_view;
grant select on "lb_write"."kinds" to lb_level_write;


-- ---------------------------------------------------------------------------------------------
-- 6. Rights that PUBLIC, and so every session, would have: kept for the app.
-- ---------------------------------------------------------------------------------------------
grant lb_app to "upgrade_app";
grant connect on database upgrade to lb_app;
revoke connect on database upgrade from public;
grant temporary on database upgrade to lb_app;
revoke temporary on database upgrade from public;
grant usage on language plpgsql to lb_app;
revoke usage on language plpgsql from public;
grant usage on language sql to lb_app;
revoke usage on language sql from public;
grant execute on routine "xmlexists"(text,xml) to lb_app;
revoke execute on routine "xmlexists"(text,xml) from public;
grant execute on routine age(xid) to lb_catalog;
revoke execute on routine age(xid) from public;
grant execute on routine cursor_to_xml(refcursor,integer,boolean,boolean,text) to lb_app;
revoke execute on routine cursor_to_xml(refcursor,integer,boolean,boolean,text) from public;
grant execute on routine cursor_to_xmlschema(refcursor,boolean,boolean,text) to lb_app;
revoke execute on routine cursor_to_xmlschema(refcursor,boolean,boolean,text) from public;
grant execute on routine database_to_xml(boolean,boolean,text) to lb_app;
revoke execute on routine database_to_xml(boolean,boolean,text) from public;
grant execute on routine database_to_xml_and_xmlschema(boolean,boolean,text) to lb_app;
revoke execute on routine database_to_xml_and_xmlschema(boolean,boolean,text) from public;
grant execute on routine database_to_xmlschema(boolean,boolean,text) to lb_app;
revoke execute on routine database_to_xmlschema(boolean,boolean,text) from public;
grant execute on routine has_function_privilege(name,text,text) to lb_app;
revoke execute on routine has_function_privilege(name,text,text) from public;
grant execute on routine has_function_privilege(oid,text,text) to lb_app;
revoke execute on routine has_function_privilege(oid,text,text) from public;
grant execute on routine has_function_privilege(text,text) to lb_app;
revoke execute on routine has_function_privilege(text,text) from public;
grant execute on routine has_type_privilege(name,text,text) to lb_app;
revoke execute on routine has_type_privilege(name,text,text) from public;
grant execute on routine has_type_privilege(oid,text,text) to lb_app;
revoke execute on routine has_type_privilege(oid,text,text) from public;
grant execute on routine has_type_privilege(text,text) to lb_app;
revoke execute on routine has_type_privilege(text,text) from public;
grant execute on routine lo_close(integer) to lb_app;
revoke execute on routine lo_close(integer) from public;
grant execute on routine lo_creat(integer) to lb_app;
revoke execute on routine lo_creat(integer) from public;
grant execute on routine lo_create(oid) to lb_app;
revoke execute on routine lo_create(oid) from public;
grant execute on routine lo_from_bytea(oid,bytea) to lb_app;
revoke execute on routine lo_from_bytea(oid,bytea) from public;
grant execute on routine lo_get(oid) to lb_app;
revoke execute on routine lo_get(oid) from public;
grant execute on routine lo_get(oid,bigint,integer) to lb_app;
revoke execute on routine lo_get(oid,bigint,integer) from public;
grant execute on routine lo_lseek(integer,integer,integer) to lb_app;
revoke execute on routine lo_lseek(integer,integer,integer) from public;
grant execute on routine lo_lseek64(integer,bigint,integer) to lb_app;
revoke execute on routine lo_lseek64(integer,bigint,integer) from public;
grant execute on routine lo_open(oid,integer) to lb_app;
revoke execute on routine lo_open(oid,integer) from public;
grant execute on routine lo_put(oid,bigint,bytea) to lb_app;
revoke execute on routine lo_put(oid,bigint,bytea) from public;
grant execute on routine lo_tell(integer) to lb_app;
revoke execute on routine lo_tell(integer) from public;
grant execute on routine lo_tell64(integer) to lb_app;
revoke execute on routine lo_tell64(integer) from public;
grant execute on routine lo_truncate(integer,integer) to lb_app;
revoke execute on routine lo_truncate(integer,integer) from public;
grant execute on routine lo_truncate64(integer,bigint) to lb_app;
revoke execute on routine lo_truncate64(integer,bigint) from public;
grant execute on routine lo_unlink(oid) to lb_app;
revoke execute on routine lo_unlink(oid) from public;
grant execute on routine loread(integer,integer) to lb_app;
revoke execute on routine loread(integer,integer) from public;
grant execute on routine lowrite(integer,bytea) to lb_app;
revoke execute on routine lowrite(integer,bytea) from public;
grant execute on routine mxid_age(xid) to lb_catalog;
revoke execute on routine mxid_age(xid) from public;
grant execute on routine pg_advisory_lock(bigint) to lb_app;
revoke execute on routine pg_advisory_lock(bigint) from public;
grant execute on routine pg_advisory_lock(integer,integer) to lb_app;
revoke execute on routine pg_advisory_lock(integer,integer) from public;
grant execute on routine pg_advisory_lock_shared(bigint) to lb_app;
revoke execute on routine pg_advisory_lock_shared(bigint) from public;
grant execute on routine pg_advisory_lock_shared(integer,integer) to lb_app;
revoke execute on routine pg_advisory_lock_shared(integer,integer) from public;
grant execute on routine pg_advisory_unlock(bigint) to lb_app;
revoke execute on routine pg_advisory_unlock(bigint) from public;
grant execute on routine pg_advisory_unlock(integer,integer) to lb_app;
revoke execute on routine pg_advisory_unlock(integer,integer) from public;
grant execute on routine pg_advisory_unlock_shared(bigint) to lb_app;
revoke execute on routine pg_advisory_unlock_shared(bigint) from public;
grant execute on routine pg_advisory_unlock_shared(integer,integer) to lb_app;
revoke execute on routine pg_advisory_unlock_shared(integer,integer) from public;
grant execute on routine pg_advisory_xact_lock(bigint) to lb_app;
revoke execute on routine pg_advisory_xact_lock(bigint) from public;
grant execute on routine pg_advisory_xact_lock(integer,integer) to lb_app;
revoke execute on routine pg_advisory_xact_lock(integer,integer) from public;
grant execute on routine pg_advisory_xact_lock_shared(bigint) to lb_app;
revoke execute on routine pg_advisory_xact_lock_shared(bigint) from public;
grant execute on routine pg_advisory_xact_lock_shared(integer,integer) to lb_app;
revoke execute on routine pg_advisory_xact_lock_shared(integer,integer) from public;
grant execute on routine pg_available_wal_summaries() to lb_catalog;
revoke execute on routine pg_available_wal_summaries() from public;
grant execute on routine pg_blocking_pids(integer) to lb_catalog;
revoke execute on routine pg_blocking_pids(integer) from public;
grant execute on routine pg_column_toast_chunk_id("any") to lb_catalog;
revoke execute on routine pg_column_toast_chunk_id("any") from public;
grant execute on routine pg_control_checkpoint() to lb_catalog;
revoke execute on routine pg_control_checkpoint() from public;
grant execute on routine pg_control_init() to lb_catalog;
revoke execute on routine pg_control_init() from public;
grant execute on routine pg_control_recovery() to lb_catalog;
revoke execute on routine pg_control_recovery() from public;
grant execute on routine pg_control_system() to lb_catalog;
revoke execute on routine pg_control_system() from public;
grant execute on routine pg_current_snapshot() to lb_catalog;
revoke execute on routine pg_current_snapshot() from public;
grant execute on routine pg_current_wal_flush_lsn() to lb_catalog;
revoke execute on routine pg_current_wal_flush_lsn() from public;
grant execute on routine pg_current_wal_insert_lsn() to lb_catalog;
revoke execute on routine pg_current_wal_insert_lsn() from public;
grant execute on routine pg_current_wal_lsn() to lb_catalog;
revoke execute on routine pg_current_wal_lsn() from public;
grant execute on routine pg_current_xact_id() to lb_catalog;
revoke execute on routine pg_current_xact_id() from public;
grant execute on routine pg_current_xact_id_if_assigned() to lb_catalog;
revoke execute on routine pg_current_xact_id_if_assigned() from public;
grant execute on routine pg_database_size(name) to lb_catalog;
revoke execute on routine pg_database_size(name) from public;
grant execute on routine pg_database_size(oid) to lb_catalog;
revoke execute on routine pg_database_size(oid) from public;
grant execute on routine pg_describe_object(oid,oid,integer) to lb_catalog;
revoke execute on routine pg_describe_object(oid,oid,integer) from public;
grant execute on routine pg_export_snapshot() to lb_app;
revoke execute on routine pg_export_snapshot() from public;
grant execute on routine pg_filenode_relation(oid,oid) to lb_catalog;
revoke execute on routine pg_filenode_relation(oid,oid) from public;
grant execute on routine pg_get_acl(oid,oid,integer) to lb_catalog;
revoke execute on routine pg_get_acl(oid,oid,integer) from public;
grant execute on routine pg_get_catalog_foreign_keys() to lb_catalog;
revoke execute on routine pg_get_catalog_foreign_keys() from public;
grant execute on routine pg_get_constraintdef(oid) to lb_catalog;
revoke execute on routine pg_get_constraintdef(oid) from public;
grant execute on routine pg_get_constraintdef(oid,boolean) to lb_catalog;
revoke execute on routine pg_get_constraintdef(oid,boolean) from public;
grant execute on routine pg_get_function_arg_default(oid,integer) to lb_catalog;
revoke execute on routine pg_get_function_arg_default(oid,integer) from public;
grant execute on routine pg_get_function_sqlbody(oid) to lb_catalog;
revoke execute on routine pg_get_function_sqlbody(oid) from public;
grant execute on routine pg_get_functiondef(oid) to lb_catalog;
revoke execute on routine pg_get_functiondef(oid) from public;
grant execute on routine pg_get_indexdef(oid) to lb_catalog;
revoke execute on routine pg_get_indexdef(oid) from public;
grant execute on routine pg_get_indexdef(oid,integer,boolean) to lb_catalog;
revoke execute on routine pg_get_indexdef(oid,integer,boolean) from public;
grant execute on routine pg_get_loaded_modules() to lb_catalog;
revoke execute on routine pg_get_loaded_modules() from public;
grant execute on routine pg_get_multixact_members(xid) to lb_catalog;
revoke execute on routine pg_get_multixact_members(xid) from public;
grant execute on routine pg_get_object_address(text,text[],text[]) to lb_app;
revoke execute on routine pg_get_object_address(text,text[],text[]) from public;
grant execute on routine pg_get_object_address(text,text[],text[]) to lb_catalog;
revoke execute on routine pg_get_object_address(text,text[],text[]) from public;
grant execute on routine pg_get_partition_constraintdef(oid) to lb_catalog;
revoke execute on routine pg_get_partition_constraintdef(oid) from public;
grant execute on routine pg_get_partkeydef(oid) to lb_catalog;
revoke execute on routine pg_get_partkeydef(oid) from public;
grant execute on routine pg_get_publication_tables(text[]) to lb_catalog;
revoke execute on routine pg_get_publication_tables(text[]) from public;
grant execute on routine pg_get_replica_identity_index(regclass) to lb_catalog;
revoke execute on routine pg_get_replica_identity_index(regclass) from public;
grant execute on routine pg_get_replication_slots() to lb_catalog;
revoke execute on routine pg_get_replication_slots() from public;
grant execute on routine pg_get_ruledef(oid) to lb_catalog;
revoke execute on routine pg_get_ruledef(oid) from public;
grant execute on routine pg_get_ruledef(oid,boolean) to lb_catalog;
revoke execute on routine pg_get_ruledef(oid,boolean) from public;
grant execute on routine pg_get_sequence_data(regclass) to lb_catalog;
revoke execute on routine pg_get_sequence_data(regclass) from public;
grant execute on routine pg_get_statisticsobjdef(oid) to lb_catalog;
revoke execute on routine pg_get_statisticsobjdef(oid) from public;
grant execute on routine pg_get_statisticsobjdef_columns(oid) to lb_catalog;
revoke execute on routine pg_get_statisticsobjdef_columns(oid) from public;
grant execute on routine pg_get_statisticsobjdef_expressions(oid) to lb_catalog;
revoke execute on routine pg_get_statisticsobjdef_expressions(oid) from public;
grant execute on routine pg_get_triggerdef(oid) to lb_catalog;
revoke execute on routine pg_get_triggerdef(oid) from public;
grant execute on routine pg_get_triggerdef(oid,boolean) to lb_catalog;
revoke execute on routine pg_get_triggerdef(oid,boolean) from public;
grant execute on routine pg_get_viewdef(oid) to lb_catalog;
revoke execute on routine pg_get_viewdef(oid) from public;
grant execute on routine pg_get_viewdef(oid,boolean) to lb_catalog;
revoke execute on routine pg_get_viewdef(oid,boolean) from public;
grant execute on routine pg_get_viewdef(oid,integer) to lb_catalog;
revoke execute on routine pg_get_viewdef(oid,integer) from public;
grant execute on routine pg_get_viewdef(text) to lb_catalog;
revoke execute on routine pg_get_viewdef(text) from public;
grant execute on routine pg_get_viewdef(text,boolean) to lb_catalog;
revoke execute on routine pg_get_viewdef(text,boolean) from public;
grant execute on routine pg_get_wait_events() to lb_catalog;
revoke execute on routine pg_get_wait_events() from public;
grant execute on routine pg_get_wal_replay_pause_state() to lb_catalog;
revoke execute on routine pg_get_wal_replay_pause_state() from public;
grant execute on routine pg_get_wal_resource_managers() to lb_catalog;
revoke execute on routine pg_get_wal_resource_managers() from public;
grant execute on routine pg_get_wal_summarizer_state() to lb_catalog;
revoke execute on routine pg_get_wal_summarizer_state() from public;
grant execute on routine pg_identify_object(oid,oid,integer) to lb_catalog;
revoke execute on routine pg_identify_object(oid,oid,integer) from public;
grant execute on routine pg_identify_object_as_address(oid,oid,integer) to lb_catalog;
revoke execute on routine pg_identify_object_as_address(oid,oid,integer) from public;
grant execute on routine pg_indexes_size(regclass) to lb_catalog;
revoke execute on routine pg_indexes_size(regclass) from public;
grant execute on routine pg_input_error_info(text,text) to lb_app;
revoke execute on routine pg_input_error_info(text,text) from public;
grant execute on routine pg_input_is_valid(text,text) to lb_app;
revoke execute on routine pg_input_is_valid(text,text) from public;
grant execute on routine pg_is_wal_replay_paused() to lb_catalog;
revoke execute on routine pg_is_wal_replay_paused() from public;
grant execute on routine pg_isolation_test_session_is_blocked(integer,integer[]) to lb_catalog;
revoke execute on routine pg_isolation_test_session_is_blocked(integer,integer[]) from public;
grant execute on routine pg_last_committed_xact() to lb_catalog;
revoke execute on routine pg_last_committed_xact() from public;
grant execute on routine pg_last_wal_receive_lsn() to lb_catalog;
revoke execute on routine pg_last_wal_receive_lsn() from public;
grant execute on routine pg_last_wal_replay_lsn() to lb_catalog;
revoke execute on routine pg_last_wal_replay_lsn() from public;
grant execute on routine pg_last_xact_replay_timestamp() to lb_catalog;
revoke execute on routine pg_last_xact_replay_timestamp() from public;
grant execute on routine pg_lock_status() to lb_catalog;
revoke execute on routine pg_lock_status() from public;
grant execute on routine pg_logical_emit_message(boolean,text,bytea,boolean) to lb_app;
revoke execute on routine pg_logical_emit_message(boolean,text,bytea,boolean) from public;
grant execute on routine pg_logical_emit_message(boolean,text,text,boolean) to lb_app;
revoke execute on routine pg_logical_emit_message(boolean,text,text,boolean) from public;
grant execute on routine pg_mcv_list_items(pg_mcv_list) to lb_catalog;
revoke execute on routine pg_mcv_list_items(pg_mcv_list) from public;
grant execute on routine pg_notification_queue_usage() to lb_catalog;
revoke execute on routine pg_notification_queue_usage() from public;
grant execute on routine pg_notify(text,text) to lb_app;
revoke execute on routine pg_notify(text,text) from public;
grant execute on routine pg_partition_ancestors(regclass) to lb_catalog;
revoke execute on routine pg_partition_ancestors(regclass) from public;
grant execute on routine pg_partition_root(regclass) to lb_catalog;
revoke execute on routine pg_partition_root(regclass) from public;
grant execute on routine pg_partition_tree(regclass) to lb_catalog;
revoke execute on routine pg_partition_tree(regclass) from public;
grant execute on routine pg_prepared_xact() to lb_catalog;
revoke execute on routine pg_prepared_xact() from public;
grant execute on routine pg_relation_filenode(regclass) to lb_catalog;
revoke execute on routine pg_relation_filenode(regclass) from public;
grant execute on routine pg_relation_filepath(regclass) to lb_catalog;
revoke execute on routine pg_relation_filepath(regclass) from public;
grant execute on routine pg_relation_size(regclass) to lb_catalog;
revoke execute on routine pg_relation_size(regclass) from public;
grant execute on routine pg_relation_size(regclass,text) to lb_catalog;
revoke execute on routine pg_relation_size(regclass,text) from public;
grant execute on routine pg_safe_snapshot_blocking_pids(integer) to lb_catalog;
revoke execute on routine pg_safe_snapshot_blocking_pids(integer) from public;
grant execute on routine pg_sequence_last_value(regclass) to lb_catalog;
revoke execute on routine pg_sequence_last_value(regclass) from public;
grant execute on routine pg_sequence_parameters(oid) to lb_catalog;
revoke execute on routine pg_sequence_parameters(oid) from public;
grant execute on routine pg_stat_get_activity(integer) to lb_catalog;
revoke execute on routine pg_stat_get_activity(integer) from public;
grant execute on routine pg_stat_get_analyze_count(oid) to lb_catalog;
revoke execute on routine pg_stat_get_analyze_count(oid) from public;
grant execute on routine pg_stat_get_archiver() to lb_catalog;
revoke execute on routine pg_stat_get_archiver() from public;
grant execute on routine pg_stat_get_autoanalyze_count(oid) to lb_catalog;
revoke execute on routine pg_stat_get_autoanalyze_count(oid) from public;
grant execute on routine pg_stat_get_autovacuum_count(oid) to lb_catalog;
revoke execute on routine pg_stat_get_autovacuum_count(oid) from public;
grant execute on routine pg_stat_get_backend_activity(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_activity(integer) from public;
grant execute on routine pg_stat_get_backend_activity_start(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_activity_start(integer) from public;
grant execute on routine pg_stat_get_backend_client_addr(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_client_addr(integer) from public;
grant execute on routine pg_stat_get_backend_client_port(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_client_port(integer) from public;
grant execute on routine pg_stat_get_backend_dbid(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_dbid(integer) from public;
grant execute on routine pg_stat_get_backend_idset() to lb_catalog;
revoke execute on routine pg_stat_get_backend_idset() from public;
grant execute on routine pg_stat_get_backend_io(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_io(integer) from public;
grant execute on routine pg_stat_get_backend_pid(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_pid(integer) from public;
grant execute on routine pg_stat_get_backend_start(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_start(integer) from public;
grant execute on routine pg_stat_get_backend_subxact(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_subxact(integer) from public;
grant execute on routine pg_stat_get_backend_userid(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_userid(integer) from public;
grant execute on routine pg_stat_get_backend_wait_event(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_wait_event(integer) from public;
grant execute on routine pg_stat_get_backend_wait_event_type(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_wait_event_type(integer) from public;
grant execute on routine pg_stat_get_backend_wal(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_wal(integer) from public;
grant execute on routine pg_stat_get_backend_xact_start(integer) to lb_catalog;
revoke execute on routine pg_stat_get_backend_xact_start(integer) from public;
grant execute on routine pg_stat_get_bgwriter_buf_written_clean() to lb_catalog;
revoke execute on routine pg_stat_get_bgwriter_buf_written_clean() from public;
grant execute on routine pg_stat_get_bgwriter_maxwritten_clean() to lb_catalog;
revoke execute on routine pg_stat_get_bgwriter_maxwritten_clean() from public;
grant execute on routine pg_stat_get_bgwriter_stat_reset_time() to lb_catalog;
revoke execute on routine pg_stat_get_bgwriter_stat_reset_time() from public;
grant execute on routine pg_stat_get_blocks_fetched(oid) to lb_catalog;
revoke execute on routine pg_stat_get_blocks_fetched(oid) from public;
grant execute on routine pg_stat_get_blocks_hit(oid) to lb_catalog;
revoke execute on routine pg_stat_get_blocks_hit(oid) from public;
grant execute on routine pg_stat_get_buf_alloc() to lb_catalog;
revoke execute on routine pg_stat_get_buf_alloc() from public;
grant execute on routine pg_stat_get_checkpointer_buffers_written() to lb_catalog;
revoke execute on routine pg_stat_get_checkpointer_buffers_written() from public;
grant execute on routine pg_stat_get_checkpointer_num_performed() to lb_catalog;
revoke execute on routine pg_stat_get_checkpointer_num_performed() from public;
grant execute on routine pg_stat_get_checkpointer_num_requested() to lb_catalog;
revoke execute on routine pg_stat_get_checkpointer_num_requested() from public;
grant execute on routine pg_stat_get_checkpointer_num_timed() to lb_catalog;
revoke execute on routine pg_stat_get_checkpointer_num_timed() from public;
grant execute on routine pg_stat_get_checkpointer_restartpoints_performed() to lb_catalog;
revoke execute on routine pg_stat_get_checkpointer_restartpoints_performed() from public;
grant execute on routine pg_stat_get_checkpointer_restartpoints_requested() to lb_catalog;
revoke execute on routine pg_stat_get_checkpointer_restartpoints_requested() from public;
grant execute on routine pg_stat_get_checkpointer_restartpoints_timed() to lb_catalog;
revoke execute on routine pg_stat_get_checkpointer_restartpoints_timed() from public;
grant execute on routine pg_stat_get_checkpointer_slru_written() to lb_catalog;
revoke execute on routine pg_stat_get_checkpointer_slru_written() from public;
grant execute on routine pg_stat_get_checkpointer_stat_reset_time() to lb_catalog;
revoke execute on routine pg_stat_get_checkpointer_stat_reset_time() from public;
grant execute on routine pg_stat_get_checkpointer_sync_time() to lb_catalog;
revoke execute on routine pg_stat_get_checkpointer_sync_time() from public;
grant execute on routine pg_stat_get_checkpointer_write_time() to lb_catalog;
revoke execute on routine pg_stat_get_checkpointer_write_time() from public;
grant execute on routine pg_stat_get_db_active_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_active_time(oid) from public;
grant execute on routine pg_stat_get_db_blk_read_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_blk_read_time(oid) from public;
grant execute on routine pg_stat_get_db_blk_write_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_blk_write_time(oid) from public;
grant execute on routine pg_stat_get_db_blocks_fetched(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_blocks_fetched(oid) from public;
grant execute on routine pg_stat_get_db_blocks_hit(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_blocks_hit(oid) from public;
grant execute on routine pg_stat_get_db_checksum_failures(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_checksum_failures(oid) from public;
grant execute on routine pg_stat_get_db_checksum_last_failure(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_checksum_last_failure(oid) from public;
grant execute on routine pg_stat_get_db_conflict_all(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_conflict_all(oid) from public;
grant execute on routine pg_stat_get_db_conflict_bufferpin(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_conflict_bufferpin(oid) from public;
grant execute on routine pg_stat_get_db_conflict_lock(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_conflict_lock(oid) from public;
grant execute on routine pg_stat_get_db_conflict_logicalslot(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_conflict_logicalslot(oid) from public;
grant execute on routine pg_stat_get_db_conflict_snapshot(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_conflict_snapshot(oid) from public;
grant execute on routine pg_stat_get_db_conflict_startup_deadlock(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_conflict_startup_deadlock(oid) from public;
grant execute on routine pg_stat_get_db_conflict_tablespace(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_conflict_tablespace(oid) from public;
grant execute on routine pg_stat_get_db_deadlocks(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_deadlocks(oid) from public;
grant execute on routine pg_stat_get_db_idle_in_transaction_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_idle_in_transaction_time(oid) from public;
grant execute on routine pg_stat_get_db_numbackends(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_numbackends(oid) from public;
grant execute on routine pg_stat_get_db_parallel_workers_launched(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_parallel_workers_launched(oid) from public;
grant execute on routine pg_stat_get_db_parallel_workers_to_launch(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_parallel_workers_to_launch(oid) from public;
grant execute on routine pg_stat_get_db_session_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_session_time(oid) from public;
grant execute on routine pg_stat_get_db_sessions(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_sessions(oid) from public;
grant execute on routine pg_stat_get_db_sessions_abandoned(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_sessions_abandoned(oid) from public;
grant execute on routine pg_stat_get_db_sessions_fatal(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_sessions_fatal(oid) from public;
grant execute on routine pg_stat_get_db_sessions_killed(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_sessions_killed(oid) from public;
grant execute on routine pg_stat_get_db_stat_reset_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_stat_reset_time(oid) from public;
grant execute on routine pg_stat_get_db_temp_bytes(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_temp_bytes(oid) from public;
grant execute on routine pg_stat_get_db_temp_files(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_temp_files(oid) from public;
grant execute on routine pg_stat_get_db_tuples_deleted(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_tuples_deleted(oid) from public;
grant execute on routine pg_stat_get_db_tuples_fetched(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_tuples_fetched(oid) from public;
grant execute on routine pg_stat_get_db_tuples_inserted(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_tuples_inserted(oid) from public;
grant execute on routine pg_stat_get_db_tuples_returned(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_tuples_returned(oid) from public;
grant execute on routine pg_stat_get_db_tuples_updated(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_tuples_updated(oid) from public;
grant execute on routine pg_stat_get_db_xact_commit(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_xact_commit(oid) from public;
grant execute on routine pg_stat_get_db_xact_rollback(oid) to lb_catalog;
revoke execute on routine pg_stat_get_db_xact_rollback(oid) from public;
grant execute on routine pg_stat_get_dead_tuples(oid) to lb_catalog;
revoke execute on routine pg_stat_get_dead_tuples(oid) from public;
grant execute on routine pg_stat_get_function_calls(oid) to lb_catalog;
revoke execute on routine pg_stat_get_function_calls(oid) from public;
grant execute on routine pg_stat_get_function_self_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_function_self_time(oid) from public;
grant execute on routine pg_stat_get_function_total_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_function_total_time(oid) from public;
grant execute on routine pg_stat_get_ins_since_vacuum(oid) to lb_catalog;
revoke execute on routine pg_stat_get_ins_since_vacuum(oid) from public;
grant execute on routine pg_stat_get_io() to lb_catalog;
revoke execute on routine pg_stat_get_io() from public;
grant execute on routine pg_stat_get_last_analyze_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_last_analyze_time(oid) from public;
grant execute on routine pg_stat_get_last_autoanalyze_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_last_autoanalyze_time(oid) from public;
grant execute on routine pg_stat_get_last_autovacuum_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_last_autovacuum_time(oid) from public;
grant execute on routine pg_stat_get_last_vacuum_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_last_vacuum_time(oid) from public;
grant execute on routine pg_stat_get_lastscan(oid) to lb_catalog;
revoke execute on routine pg_stat_get_lastscan(oid) from public;
grant execute on routine pg_stat_get_live_tuples(oid) to lb_catalog;
revoke execute on routine pg_stat_get_live_tuples(oid) from public;
grant execute on routine pg_stat_get_mod_since_analyze(oid) to lb_catalog;
revoke execute on routine pg_stat_get_mod_since_analyze(oid) from public;
grant execute on routine pg_stat_get_numscans(oid) to lb_catalog;
revoke execute on routine pg_stat_get_numscans(oid) from public;
grant execute on routine pg_stat_get_progress_info(text) to lb_catalog;
revoke execute on routine pg_stat_get_progress_info(text) from public;
grant execute on routine pg_stat_get_recovery_prefetch() to lb_catalog;
revoke execute on routine pg_stat_get_recovery_prefetch() from public;
grant execute on routine pg_stat_get_replication_slot(text) to lb_catalog;
revoke execute on routine pg_stat_get_replication_slot(text) from public;
grant execute on routine pg_stat_get_slru() to lb_catalog;
revoke execute on routine pg_stat_get_slru() from public;
grant execute on routine pg_stat_get_snapshot_timestamp() to lb_catalog;
revoke execute on routine pg_stat_get_snapshot_timestamp() from public;
grant execute on routine pg_stat_get_subscription(oid) to lb_catalog;
revoke execute on routine pg_stat_get_subscription(oid) from public;
grant execute on routine pg_stat_get_subscription_stats(oid) to lb_catalog;
revoke execute on routine pg_stat_get_subscription_stats(oid) from public;
grant execute on routine pg_stat_get_total_analyze_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_total_analyze_time(oid) from public;
grant execute on routine pg_stat_get_total_autoanalyze_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_total_autoanalyze_time(oid) from public;
grant execute on routine pg_stat_get_total_autovacuum_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_total_autovacuum_time(oid) from public;
grant execute on routine pg_stat_get_total_vacuum_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_total_vacuum_time(oid) from public;
grant execute on routine pg_stat_get_tuples_deleted(oid) to lb_catalog;
revoke execute on routine pg_stat_get_tuples_deleted(oid) from public;
grant execute on routine pg_stat_get_tuples_fetched(oid) to lb_catalog;
revoke execute on routine pg_stat_get_tuples_fetched(oid) from public;
grant execute on routine pg_stat_get_tuples_hot_updated(oid) to lb_catalog;
revoke execute on routine pg_stat_get_tuples_hot_updated(oid) from public;
grant execute on routine pg_stat_get_tuples_inserted(oid) to lb_catalog;
revoke execute on routine pg_stat_get_tuples_inserted(oid) from public;
grant execute on routine pg_stat_get_tuples_newpage_updated(oid) to lb_catalog;
revoke execute on routine pg_stat_get_tuples_newpage_updated(oid) from public;
grant execute on routine pg_stat_get_tuples_returned(oid) to lb_catalog;
revoke execute on routine pg_stat_get_tuples_returned(oid) from public;
grant execute on routine pg_stat_get_tuples_updated(oid) to lb_catalog;
revoke execute on routine pg_stat_get_tuples_updated(oid) from public;
grant execute on routine pg_stat_get_vacuum_count(oid) to lb_catalog;
revoke execute on routine pg_stat_get_vacuum_count(oid) from public;
grant execute on routine pg_stat_get_wal() to lb_catalog;
revoke execute on routine pg_stat_get_wal() from public;
grant execute on routine pg_stat_get_wal_receiver() to lb_catalog;
revoke execute on routine pg_stat_get_wal_receiver() from public;
grant execute on routine pg_stat_get_wal_senders() to lb_catalog;
revoke execute on routine pg_stat_get_wal_senders() from public;
grant execute on routine pg_stat_get_xact_blocks_fetched(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_blocks_fetched(oid) from public;
grant execute on routine pg_stat_get_xact_blocks_hit(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_blocks_hit(oid) from public;
grant execute on routine pg_stat_get_xact_function_calls(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_function_calls(oid) from public;
grant execute on routine pg_stat_get_xact_function_self_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_function_self_time(oid) from public;
grant execute on routine pg_stat_get_xact_function_total_time(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_function_total_time(oid) from public;
grant execute on routine pg_stat_get_xact_numscans(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_numscans(oid) from public;
grant execute on routine pg_stat_get_xact_tuples_deleted(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_tuples_deleted(oid) from public;
grant execute on routine pg_stat_get_xact_tuples_fetched(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_tuples_fetched(oid) from public;
grant execute on routine pg_stat_get_xact_tuples_hot_updated(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_tuples_hot_updated(oid) from public;
grant execute on routine pg_stat_get_xact_tuples_inserted(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_tuples_inserted(oid) from public;
grant execute on routine pg_stat_get_xact_tuples_newpage_updated(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_tuples_newpage_updated(oid) from public;
grant execute on routine pg_stat_get_xact_tuples_returned(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_tuples_returned(oid) from public;
grant execute on routine pg_stat_get_xact_tuples_updated(oid) to lb_catalog;
revoke execute on routine pg_stat_get_xact_tuples_updated(oid) from public;
grant execute on routine pg_table_size(regclass) to lb_catalog;
revoke execute on routine pg_table_size(regclass) from public;
grant execute on routine pg_tablespace_databases(oid) to lb_catalog;
revoke execute on routine pg_tablespace_databases(oid) from public;
grant execute on routine pg_tablespace_location(oid) to lb_catalog;
revoke execute on routine pg_tablespace_location(oid) from public;
grant execute on routine pg_tablespace_size(name) to lb_catalog;
revoke execute on routine pg_tablespace_size(name) from public;
grant execute on routine pg_tablespace_size(oid) to lb_catalog;
revoke execute on routine pg_tablespace_size(oid) from public;
grant execute on routine pg_total_relation_size(regclass) to lb_catalog;
revoke execute on routine pg_total_relation_size(regclass) from public;
grant execute on routine pg_try_advisory_lock(bigint) to lb_app;
revoke execute on routine pg_try_advisory_lock(bigint) from public;
grant execute on routine pg_try_advisory_lock(integer,integer) to lb_app;
revoke execute on routine pg_try_advisory_lock(integer,integer) from public;
grant execute on routine pg_try_advisory_lock_shared(bigint) to lb_app;
revoke execute on routine pg_try_advisory_lock_shared(bigint) from public;
grant execute on routine pg_try_advisory_lock_shared(integer,integer) to lb_app;
revoke execute on routine pg_try_advisory_lock_shared(integer,integer) from public;
grant execute on routine pg_try_advisory_xact_lock(bigint) to lb_app;
revoke execute on routine pg_try_advisory_xact_lock(bigint) from public;
grant execute on routine pg_try_advisory_xact_lock(integer,integer) to lb_app;
revoke execute on routine pg_try_advisory_xact_lock(integer,integer) from public;
grant execute on routine pg_try_advisory_xact_lock_shared(bigint) to lb_app;
revoke execute on routine pg_try_advisory_xact_lock_shared(bigint) from public;
grant execute on routine pg_try_advisory_xact_lock_shared(integer,integer) to lb_app;
revoke execute on routine pg_try_advisory_xact_lock_shared(integer,integer) from public;
grant execute on routine pg_wal_summary_contents(bigint,pg_lsn,pg_lsn) to lb_catalog;
revoke execute on routine pg_wal_summary_contents(bigint,pg_lsn,pg_lsn) from public;
grant execute on routine pg_xact_commit_timestamp(xid) to lb_catalog;
revoke execute on routine pg_xact_commit_timestamp(xid) from public;
grant execute on routine pg_xact_commit_timestamp_origin(xid) to lb_catalog;
revoke execute on routine pg_xact_commit_timestamp_origin(xid) from public;
grant execute on routine pg_xact_status(xid8) to lb_catalog;
revoke execute on routine pg_xact_status(xid8) from public;
grant execute on routine query_to_xml(text,boolean,boolean,text) to lb_app;
revoke execute on routine query_to_xml(text,boolean,boolean,text) from public;
grant execute on routine query_to_xml_and_xmlschema(text,boolean,boolean,text) to lb_app;
revoke execute on routine query_to_xml_and_xmlschema(text,boolean,boolean,text) from public;
grant execute on routine query_to_xmlschema(text,boolean,boolean,text) to lb_app;
revoke execute on routine query_to_xmlschema(text,boolean,boolean,text) from public;
grant execute on routine schema_to_xml(name,boolean,boolean,text) to lb_app;
revoke execute on routine schema_to_xml(name,boolean,boolean,text) from public;
grant execute on routine schema_to_xml_and_xmlschema(name,boolean,boolean,text) to lb_app;
revoke execute on routine schema_to_xml_and_xmlschema(name,boolean,boolean,text) from public;
grant execute on routine schema_to_xmlschema(name,boolean,boolean,text) to lb_app;
revoke execute on routine schema_to_xmlschema(name,boolean,boolean,text) from public;
grant execute on routine table_to_xml(regclass,boolean,boolean,text) to lb_app;
revoke execute on routine table_to_xml(regclass,boolean,boolean,text) from public;
grant execute on routine table_to_xml_and_xmlschema(regclass,boolean,boolean,text) to lb_app;
revoke execute on routine table_to_xml_and_xmlschema(regclass,boolean,boolean,text) from public;
grant execute on routine table_to_xmlschema(regclass,boolean,boolean,text) to lb_app;
revoke execute on routine table_to_xmlschema(regclass,boolean,boolean,text) from public;
grant execute on routine to_regoperator(text) to lb_app;
revoke execute on routine to_regoperator(text) from public;
grant execute on routine to_regprocedure(text) to lb_app;
revoke execute on routine to_regprocedure(text) from public;
grant execute on routine to_regtypemod(text) to lb_app;
revoke execute on routine to_regtypemod(text) from public;
grant execute on routine ts_rewrite(tsquery,text) to lb_app;
revoke execute on routine ts_rewrite(tsquery,text) from public;
grant execute on routine ts_stat(text) to lb_app;
revoke execute on routine ts_stat(text) from public;
grant execute on routine ts_stat(text,text) to lb_app;
revoke execute on routine ts_stat(text,text) from public;
grant execute on routine txid_current() to lb_catalog;
revoke execute on routine txid_current() from public;
grant execute on routine txid_current_if_assigned() to lb_catalog;
revoke execute on routine txid_current_if_assigned() from public;
grant execute on routine txid_current_snapshot() to lb_catalog;
revoke execute on routine txid_current_snapshot() from public;
grant execute on routine txid_status(bigint) to lb_catalog;
revoke execute on routine txid_status(bigint) from public;
grant execute on routine xpath(text,xml) to lb_app;
revoke execute on routine xpath(text,xml) from public;
grant execute on routine xpath(text,xml,text[]) to lb_app;
revoke execute on routine xpath(text,xml,text[]) from public;
grant execute on routine xpath_exists(text,xml) to lb_app;
revoke execute on routine xpath_exists(text,xml) from public;
grant execute on routine xpath_exists(text,xml,text[]) to lb_app;
revoke execute on routine xpath_exists(text,xml,text[]) from public;
grant usage on schema public to lb_app;
revoke usage on schema public from public;
grant select on table pg_catalog.pg_attrdef to lb_catalog;
revoke select on table pg_catalog.pg_attrdef from public;
grant select on table pg_catalog.pg_attribute to lb_catalog;
revoke select on table pg_catalog.pg_attribute from public;
grant select on table pg_catalog.pg_auth_members to lb_catalog;
revoke select on table pg_catalog.pg_auth_members from public;
grant select on table pg_catalog.pg_available_extension_versions to lb_catalog;
revoke select on table pg_catalog.pg_available_extension_versions from public;
grant select on table pg_catalog.pg_available_extensions to lb_catalog;
revoke select on table pg_catalog.pg_available_extensions from public;
grant select on table pg_catalog.pg_class to lb_catalog;
revoke select on table pg_catalog.pg_class from public;
grant select on table pg_catalog.pg_constraint to lb_catalog;
revoke select on table pg_catalog.pg_constraint from public;
grant select on table pg_catalog.pg_database to lb_catalog;
revoke select on table pg_catalog.pg_database from public;
grant select on table pg_catalog.pg_db_role_setting to lb_catalog;
revoke select on table pg_catalog.pg_db_role_setting from public;
grant select on table pg_catalog.pg_default_acl to lb_catalog;
revoke select on table pg_catalog.pg_default_acl from public;
grant select on table pg_catalog.pg_depend to lb_catalog;
revoke select on table pg_catalog.pg_depend from public;
grant select on table pg_catalog.pg_description to lb_catalog;
revoke select on table pg_catalog.pg_description from public;
grant select on table pg_catalog.pg_enum to lb_catalog;
revoke select on table pg_catalog.pg_enum from public;
grant select on table pg_catalog.pg_event_trigger to lb_catalog;
revoke select on table pg_catalog.pg_event_trigger from public;
grant select on table pg_catalog.pg_extension to lb_catalog;
revoke select on table pg_catalog.pg_extension from public;
grant select on table pg_catalog.pg_foreign_data_wrapper to lb_catalog;
revoke select on table pg_catalog.pg_foreign_data_wrapper from public;
grant select on table pg_catalog.pg_foreign_server to lb_catalog;
revoke select on table pg_catalog.pg_foreign_server from public;
grant select on table pg_catalog.pg_foreign_table to lb_catalog;
revoke select on table pg_catalog.pg_foreign_table from public;
grant select on table pg_catalog.pg_group to lb_catalog;
revoke select on table pg_catalog.pg_group from public;
grant select on table pg_catalog.pg_index to lb_catalog;
revoke select on table pg_catalog.pg_index from public;
grant select on table pg_catalog.pg_indexes to lb_catalog;
revoke select on table pg_catalog.pg_indexes from public;
grant select on table pg_catalog.pg_inherits to lb_catalog;
revoke select on table pg_catalog.pg_inherits from public;
grant select on table pg_catalog.pg_init_privs to lb_catalog;
revoke select on table pg_catalog.pg_init_privs from public;
grant select on table pg_catalog.pg_language to lb_catalog;
revoke select on table pg_catalog.pg_language from public;
grant select on table pg_catalog.pg_largeobject_metadata to lb_catalog;
revoke select on table pg_catalog.pg_largeobject_metadata from public;
grant select on table pg_catalog.pg_locks to lb_catalog;
revoke select on table pg_catalog.pg_locks from public;
grant select on table pg_catalog.pg_matviews to lb_catalog;
revoke select on table pg_catalog.pg_matviews from public;
grant select on table pg_catalog.pg_namespace to lb_catalog;
revoke select on table pg_catalog.pg_namespace from public;
grant select on table pg_catalog.pg_parameter_acl to lb_catalog;
revoke select on table pg_catalog.pg_parameter_acl from public;
grant select on table pg_catalog.pg_partitioned_table to lb_catalog;
revoke select on table pg_catalog.pg_partitioned_table from public;
grant select on table pg_catalog.pg_policies to lb_catalog;
revoke select on table pg_catalog.pg_policies from public;
grant select on table pg_catalog.pg_policy to lb_catalog;
revoke select on table pg_catalog.pg_policy from public;
grant select on table pg_catalog.pg_prepared_xacts to lb_catalog;
revoke select on table pg_catalog.pg_prepared_xacts from public;
grant select on table pg_catalog.pg_proc to lb_catalog;
revoke select on table pg_catalog.pg_proc from public;
grant select on table pg_catalog.pg_publication to lb_catalog;
revoke select on table pg_catalog.pg_publication from public;
grant select on table pg_catalog.pg_publication_namespace to lb_catalog;
revoke select on table pg_catalog.pg_publication_namespace from public;
grant select on table pg_catalog.pg_publication_rel to lb_catalog;
revoke select on table pg_catalog.pg_publication_rel from public;
grant select on table pg_catalog.pg_publication_tables to lb_catalog;
revoke select on table pg_catalog.pg_publication_tables from public;
grant select on table pg_catalog.pg_replication_origin to lb_catalog;
revoke select on table pg_catalog.pg_replication_origin from public;
grant select on table pg_catalog.pg_replication_slots to lb_catalog;
revoke select on table pg_catalog.pg_replication_slots from public;
grant select on table pg_catalog.pg_rewrite to lb_catalog;
revoke select on table pg_catalog.pg_rewrite from public;
grant select on table pg_catalog.pg_roles to lb_catalog;
revoke select on table pg_catalog.pg_roles from public;
grant select on table pg_catalog.pg_rules to lb_catalog;
revoke select on table pg_catalog.pg_rules from public;
grant select on table pg_catalog.pg_seclabel to lb_catalog;
revoke select on table pg_catalog.pg_seclabel from public;
grant select on table pg_catalog.pg_seclabels to lb_catalog;
revoke select on table pg_catalog.pg_seclabels from public;
grant select on table pg_catalog.pg_sequence to lb_catalog;
revoke select on table pg_catalog.pg_sequence from public;
grant select on table pg_catalog.pg_sequences to lb_catalog;
revoke select on table pg_catalog.pg_sequences from public;
grant select on table pg_catalog.pg_shdepend to lb_catalog;
revoke select on table pg_catalog.pg_shdepend from public;
grant select on table pg_catalog.pg_shdescription to lb_catalog;
revoke select on table pg_catalog.pg_shdescription from public;
grant select on table pg_catalog.pg_shseclabel to lb_catalog;
revoke select on table pg_catalog.pg_shseclabel from public;
grant select on table pg_catalog.pg_stat_activity to lb_catalog;
revoke select on table pg_catalog.pg_stat_activity from public;
grant select on table pg_catalog.pg_stat_all_indexes to lb_catalog;
revoke select on table pg_catalog.pg_stat_all_indexes from public;
grant select on table pg_catalog.pg_stat_all_tables to lb_catalog;
revoke select on table pg_catalog.pg_stat_all_tables from public;
grant select on table pg_catalog.pg_stat_archiver to lb_catalog;
revoke select on table pg_catalog.pg_stat_archiver from public;
grant select on table pg_catalog.pg_stat_bgwriter to lb_catalog;
revoke select on table pg_catalog.pg_stat_bgwriter from public;
grant select on table pg_catalog.pg_stat_checkpointer to lb_catalog;
revoke select on table pg_catalog.pg_stat_checkpointer from public;
grant select on table pg_catalog.pg_stat_database to lb_catalog;
revoke select on table pg_catalog.pg_stat_database from public;
grant select on table pg_catalog.pg_stat_database_conflicts to lb_catalog;
revoke select on table pg_catalog.pg_stat_database_conflicts from public;
grant select on table pg_catalog.pg_stat_gssapi to lb_catalog;
revoke select on table pg_catalog.pg_stat_gssapi from public;
grant select on table pg_catalog.pg_stat_io to lb_catalog;
revoke select on table pg_catalog.pg_stat_io from public;
grant select on table pg_catalog.pg_stat_progress_analyze to lb_catalog;
revoke select on table pg_catalog.pg_stat_progress_analyze from public;
grant select on table pg_catalog.pg_stat_progress_basebackup to lb_catalog;
revoke select on table pg_catalog.pg_stat_progress_basebackup from public;
grant select on table pg_catalog.pg_stat_progress_cluster to lb_catalog;
revoke select on table pg_catalog.pg_stat_progress_cluster from public;
grant select on table pg_catalog.pg_stat_progress_copy to lb_catalog;
revoke select on table pg_catalog.pg_stat_progress_copy from public;
grant select on table pg_catalog.pg_stat_progress_create_index to lb_catalog;
revoke select on table pg_catalog.pg_stat_progress_create_index from public;
grant select on table pg_catalog.pg_stat_progress_vacuum to lb_catalog;
revoke select on table pg_catalog.pg_stat_progress_vacuum from public;
grant select on table pg_catalog.pg_stat_recovery_prefetch to lb_catalog;
revoke select on table pg_catalog.pg_stat_recovery_prefetch from public;
grant select on table pg_catalog.pg_stat_replication to lb_catalog;
revoke select on table pg_catalog.pg_stat_replication from public;
grant select on table pg_catalog.pg_stat_replication_slots to lb_catalog;
revoke select on table pg_catalog.pg_stat_replication_slots from public;
grant select on table pg_catalog.pg_stat_slru to lb_catalog;
revoke select on table pg_catalog.pg_stat_slru from public;
grant select on table pg_catalog.pg_stat_ssl to lb_catalog;
revoke select on table pg_catalog.pg_stat_ssl from public;
grant select on table pg_catalog.pg_stat_subscription to lb_catalog;
revoke select on table pg_catalog.pg_stat_subscription from public;
grant select on table pg_catalog.pg_stat_subscription_stats to lb_catalog;
revoke select on table pg_catalog.pg_stat_subscription_stats from public;
grant select on table pg_catalog.pg_stat_sys_indexes to lb_catalog;
revoke select on table pg_catalog.pg_stat_sys_indexes from public;
grant select on table pg_catalog.pg_stat_sys_tables to lb_catalog;
revoke select on table pg_catalog.pg_stat_sys_tables from public;
grant select on table pg_catalog.pg_stat_user_functions to lb_catalog;
revoke select on table pg_catalog.pg_stat_user_functions from public;
grant select on table pg_catalog.pg_stat_user_indexes to lb_catalog;
revoke select on table pg_catalog.pg_stat_user_indexes from public;
grant select on table pg_catalog.pg_stat_user_tables to lb_catalog;
revoke select on table pg_catalog.pg_stat_user_tables from public;
grant select on table pg_catalog.pg_stat_wal to lb_catalog;
revoke select on table pg_catalog.pg_stat_wal from public;
grant select on table pg_catalog.pg_stat_wal_receiver to lb_catalog;
revoke select on table pg_catalog.pg_stat_wal_receiver from public;
grant select on table pg_catalog.pg_stat_xact_all_tables to lb_catalog;
revoke select on table pg_catalog.pg_stat_xact_all_tables from public;
grant select on table pg_catalog.pg_stat_xact_sys_tables to lb_catalog;
revoke select on table pg_catalog.pg_stat_xact_sys_tables from public;
grant select on table pg_catalog.pg_stat_xact_user_functions to lb_catalog;
revoke select on table pg_catalog.pg_stat_xact_user_functions from public;
grant select on table pg_catalog.pg_stat_xact_user_tables to lb_catalog;
revoke select on table pg_catalog.pg_stat_xact_user_tables from public;
grant select on table pg_catalog.pg_statio_all_indexes to lb_catalog;
revoke select on table pg_catalog.pg_statio_all_indexes from public;
grant select on table pg_catalog.pg_statio_all_sequences to lb_catalog;
revoke select on table pg_catalog.pg_statio_all_sequences from public;
grant select on table pg_catalog.pg_statio_all_tables to lb_catalog;
revoke select on table pg_catalog.pg_statio_all_tables from public;
grant select on table pg_catalog.pg_statio_sys_indexes to lb_catalog;
revoke select on table pg_catalog.pg_statio_sys_indexes from public;
grant select on table pg_catalog.pg_statio_sys_sequences to lb_catalog;
revoke select on table pg_catalog.pg_statio_sys_sequences from public;
grant select on table pg_catalog.pg_statio_sys_tables to lb_catalog;
revoke select on table pg_catalog.pg_statio_sys_tables from public;
grant select on table pg_catalog.pg_statio_user_indexes to lb_catalog;
revoke select on table pg_catalog.pg_statio_user_indexes from public;
grant select on table pg_catalog.pg_statio_user_sequences to lb_catalog;
revoke select on table pg_catalog.pg_statio_user_sequences from public;
grant select on table pg_catalog.pg_statio_user_tables to lb_catalog;
revoke select on table pg_catalog.pg_statio_user_tables from public;
grant select on table pg_catalog.pg_statistic_ext to lb_catalog;
revoke select on table pg_catalog.pg_statistic_ext from public;
grant select on table pg_catalog.pg_stats to lb_catalog;
revoke select on table pg_catalog.pg_stats from public;
grant select on table pg_catalog.pg_stats_ext to lb_catalog;
revoke select on table pg_catalog.pg_stats_ext from public;
grant select on table pg_catalog.pg_stats_ext_exprs to lb_catalog;
revoke select on table pg_catalog.pg_stats_ext_exprs from public;
grant select (oid) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (oid) on table pg_catalog.pg_subscription from public;
grant select (subbinary) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subbinary) on table pg_catalog.pg_subscription from public;
grant select (subdbid) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subdbid) on table pg_catalog.pg_subscription from public;
grant select (subdisableonerr) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subdisableonerr) on table pg_catalog.pg_subscription from public;
grant select (subenabled) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subenabled) on table pg_catalog.pg_subscription from public;
grant select (subfailover) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subfailover) on table pg_catalog.pg_subscription from public;
grant select (subname) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subname) on table pg_catalog.pg_subscription from public;
grant select (suborigin) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (suborigin) on table pg_catalog.pg_subscription from public;
grant select (subowner) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subowner) on table pg_catalog.pg_subscription from public;
grant select (subpasswordrequired) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subpasswordrequired) on table pg_catalog.pg_subscription from public;
grant select (subpublications) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subpublications) on table pg_catalog.pg_subscription from public;
grant select (subrunasowner) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subrunasowner) on table pg_catalog.pg_subscription from public;
grant select (subskiplsn) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subskiplsn) on table pg_catalog.pg_subscription from public;
grant select (subslotname) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subslotname) on table pg_catalog.pg_subscription from public;
grant select (substream) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (substream) on table pg_catalog.pg_subscription from public;
grant select (subsynccommit) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subsynccommit) on table pg_catalog.pg_subscription from public;
grant select (subtwophasestate) on table pg_catalog.pg_subscription to lb_catalog;
revoke select (subtwophasestate) on table pg_catalog.pg_subscription from public;
grant select on table pg_catalog.pg_subscription_rel to lb_catalog;
revoke select on table pg_catalog.pg_subscription_rel from public;
grant select on table pg_catalog.pg_tables to lb_catalog;
revoke select on table pg_catalog.pg_tables from public;
grant select on table pg_catalog.pg_tablespace to lb_catalog;
revoke select on table pg_catalog.pg_tablespace from public;
grant select on table pg_catalog.pg_transform to lb_catalog;
revoke select on table pg_catalog.pg_transform from public;
grant select on table pg_catalog.pg_trigger to lb_catalog;
revoke select on table pg_catalog.pg_trigger from public;
grant select on table pg_catalog.pg_type to lb_catalog;
revoke select on table pg_catalog.pg_type from public;
grant select on table pg_catalog.pg_user to lb_catalog;
revoke select on table pg_catalog.pg_user from public;
grant select on table pg_catalog.pg_user_mappings to lb_catalog;
revoke select on table pg_catalog.pg_user_mappings from public;
grant select on table pg_catalog.pg_views to lb_catalog;
revoke select on table pg_catalog.pg_views from public;
grant select on table pg_catalog.pg_wait_events to lb_catalog;
revoke select on table pg_catalog.pg_wait_events from public;
insert into lb.public_right (kind, name, privilege, holder) values
  ('database', 'upgrade', 'connect', 'lb_app'),
  ('database', 'upgrade', 'temporary', 'lb_app'),
  ('language', 'plpgsql', 'usage', 'lb_app'),
  ('language', 'sql', 'usage', 'lb_app'),
  ('routine', '"xmlexists"(text,xml)', 'execute', 'lb_app'),
  ('routine', 'age(xid)', 'execute', 'lb_catalog'),
  ('routine', 'cursor_to_xml(refcursor,integer,boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'cursor_to_xmlschema(refcursor,boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'database_to_xml(boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'database_to_xml_and_xmlschema(boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'database_to_xmlschema(boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'has_function_privilege(name,text,text)', 'execute', 'lb_app'),
  ('routine', 'has_function_privilege(oid,text,text)', 'execute', 'lb_app'),
  ('routine', 'has_function_privilege(text,text)', 'execute', 'lb_app'),
  ('routine', 'has_type_privilege(name,text,text)', 'execute', 'lb_app'),
  ('routine', 'has_type_privilege(oid,text,text)', 'execute', 'lb_app'),
  ('routine', 'has_type_privilege(text,text)', 'execute', 'lb_app'),
  ('routine', 'lo_close(integer)', 'execute', 'lb_app'),
  ('routine', 'lo_creat(integer)', 'execute', 'lb_app'),
  ('routine', 'lo_create(oid)', 'execute', 'lb_app'),
  ('routine', 'lo_from_bytea(oid,bytea)', 'execute', 'lb_app'),
  ('routine', 'lo_get(oid)', 'execute', 'lb_app'),
  ('routine', 'lo_get(oid,bigint,integer)', 'execute', 'lb_app'),
  ('routine', 'lo_lseek(integer,integer,integer)', 'execute', 'lb_app'),
  ('routine', 'lo_lseek64(integer,bigint,integer)', 'execute', 'lb_app'),
  ('routine', 'lo_open(oid,integer)', 'execute', 'lb_app'),
  ('routine', 'lo_put(oid,bigint,bytea)', 'execute', 'lb_app'),
  ('routine', 'lo_tell(integer)', 'execute', 'lb_app'),
  ('routine', 'lo_tell64(integer)', 'execute', 'lb_app'),
  ('routine', 'lo_truncate(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'lo_truncate64(integer,bigint)', 'execute', 'lb_app'),
  ('routine', 'lo_unlink(oid)', 'execute', 'lb_app'),
  ('routine', 'loread(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'lowrite(integer,bytea)', 'execute', 'lb_app'),
  ('routine', 'mxid_age(xid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_advisory_lock(bigint)', 'execute', 'lb_app'),
  ('routine', 'pg_advisory_lock(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'pg_advisory_lock_shared(bigint)', 'execute', 'lb_app'),
  ('routine', 'pg_advisory_lock_shared(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'pg_advisory_unlock(bigint)', 'execute', 'lb_app'),
  ('routine', 'pg_advisory_unlock(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'pg_advisory_unlock_shared(bigint)', 'execute', 'lb_app'),
  ('routine', 'pg_advisory_unlock_shared(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'pg_advisory_xact_lock(bigint)', 'execute', 'lb_app'),
  ('routine', 'pg_advisory_xact_lock(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'pg_advisory_xact_lock_shared(bigint)', 'execute', 'lb_app'),
  ('routine', 'pg_advisory_xact_lock_shared(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'pg_available_wal_summaries()', 'execute', 'lb_catalog'),
  ('routine', 'pg_blocking_pids(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_column_toast_chunk_id("any")', 'execute', 'lb_catalog'),
  ('routine', 'pg_control_checkpoint()', 'execute', 'lb_catalog'),
  ('routine', 'pg_control_init()', 'execute', 'lb_catalog'),
  ('routine', 'pg_control_recovery()', 'execute', 'lb_catalog'),
  ('routine', 'pg_control_system()', 'execute', 'lb_catalog'),
  ('routine', 'pg_current_snapshot()', 'execute', 'lb_catalog'),
  ('routine', 'pg_current_wal_flush_lsn()', 'execute', 'lb_catalog'),
  ('routine', 'pg_current_wal_insert_lsn()', 'execute', 'lb_catalog'),
  ('routine', 'pg_current_wal_lsn()', 'execute', 'lb_catalog'),
  ('routine', 'pg_current_xact_id()', 'execute', 'lb_catalog'),
  ('routine', 'pg_current_xact_id_if_assigned()', 'execute', 'lb_catalog'),
  ('routine', 'pg_database_size(name)', 'execute', 'lb_catalog'),
  ('routine', 'pg_database_size(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_describe_object(oid,oid,integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_export_snapshot()', 'execute', 'lb_app'),
  ('routine', 'pg_filenode_relation(oid,oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_acl(oid,oid,integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_catalog_foreign_keys()', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_constraintdef(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_constraintdef(oid,boolean)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_function_arg_default(oid,integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_function_sqlbody(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_functiondef(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_indexdef(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_indexdef(oid,integer,boolean)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_loaded_modules()', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_multixact_members(xid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_object_address(text,text[],text[])', 'execute', 'lb_app'),
  ('routine', 'pg_get_object_address(text,text[],text[])', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_partition_constraintdef(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_partkeydef(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_publication_tables(text[])', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_replica_identity_index(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_replication_slots()', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_ruledef(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_ruledef(oid,boolean)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_sequence_data(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_statisticsobjdef(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_statisticsobjdef_columns(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_statisticsobjdef_expressions(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_triggerdef(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_triggerdef(oid,boolean)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_viewdef(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_viewdef(oid,boolean)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_viewdef(oid,integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_viewdef(text)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_viewdef(text,boolean)', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_wait_events()', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_wal_replay_pause_state()', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_wal_resource_managers()', 'execute', 'lb_catalog'),
  ('routine', 'pg_get_wal_summarizer_state()', 'execute', 'lb_catalog'),
  ('routine', 'pg_identify_object(oid,oid,integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_identify_object_as_address(oid,oid,integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_indexes_size(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_input_error_info(text,text)', 'execute', 'lb_app'),
  ('routine', 'pg_input_is_valid(text,text)', 'execute', 'lb_app'),
  ('routine', 'pg_is_wal_replay_paused()', 'execute', 'lb_catalog'),
  ('routine', 'pg_isolation_test_session_is_blocked(integer,integer[])', 'execute', 'lb_catalog'),
  ('routine', 'pg_last_committed_xact()', 'execute', 'lb_catalog'),
  ('routine', 'pg_last_wal_receive_lsn()', 'execute', 'lb_catalog'),
  ('routine', 'pg_last_wal_replay_lsn()', 'execute', 'lb_catalog'),
  ('routine', 'pg_last_xact_replay_timestamp()', 'execute', 'lb_catalog'),
  ('routine', 'pg_lock_status()', 'execute', 'lb_catalog'),
  ('routine', 'pg_logical_emit_message(boolean,text,bytea,boolean)', 'execute', 'lb_app'),
  ('routine', 'pg_logical_emit_message(boolean,text,text,boolean)', 'execute', 'lb_app'),
  ('routine', 'pg_mcv_list_items(pg_mcv_list)', 'execute', 'lb_catalog'),
  ('routine', 'pg_notification_queue_usage()', 'execute', 'lb_catalog'),
  ('routine', 'pg_notify(text,text)', 'execute', 'lb_app'),
  ('routine', 'pg_partition_ancestors(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_partition_root(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_partition_tree(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_prepared_xact()', 'execute', 'lb_catalog'),
  ('routine', 'pg_relation_filenode(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_relation_filepath(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_relation_size(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_relation_size(regclass,text)', 'execute', 'lb_catalog'),
  ('routine', 'pg_safe_snapshot_blocking_pids(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_sequence_last_value(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_sequence_parameters(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_activity(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_analyze_count(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_archiver()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_autoanalyze_count(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_autovacuum_count(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_activity(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_activity_start(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_client_addr(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_client_port(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_dbid(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_idset()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_io(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_pid(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_start(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_subxact(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_userid(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_wait_event(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_wait_event_type(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_wal(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_backend_xact_start(integer)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_bgwriter_buf_written_clean()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_bgwriter_maxwritten_clean()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_bgwriter_stat_reset_time()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_blocks_fetched(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_blocks_hit(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_buf_alloc()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_checkpointer_buffers_written()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_checkpointer_num_performed()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_checkpointer_num_requested()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_checkpointer_num_timed()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_checkpointer_restartpoints_performed()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_checkpointer_restartpoints_requested()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_checkpointer_restartpoints_timed()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_checkpointer_slru_written()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_checkpointer_stat_reset_time()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_checkpointer_sync_time()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_checkpointer_write_time()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_active_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_blk_read_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_blk_write_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_blocks_fetched(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_blocks_hit(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_checksum_failures(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_checksum_last_failure(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_conflict_all(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_conflict_bufferpin(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_conflict_lock(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_conflict_logicalslot(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_conflict_snapshot(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_conflict_startup_deadlock(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_conflict_tablespace(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_deadlocks(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_idle_in_transaction_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_numbackends(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_parallel_workers_launched(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_parallel_workers_to_launch(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_session_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_sessions(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_sessions_abandoned(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_sessions_fatal(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_sessions_killed(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_stat_reset_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_temp_bytes(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_temp_files(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_tuples_deleted(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_tuples_fetched(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_tuples_inserted(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_tuples_returned(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_tuples_updated(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_xact_commit(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_db_xact_rollback(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_dead_tuples(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_function_calls(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_function_self_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_function_total_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_ins_since_vacuum(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_io()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_last_analyze_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_last_autoanalyze_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_last_autovacuum_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_last_vacuum_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_lastscan(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_live_tuples(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_mod_since_analyze(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_numscans(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_progress_info(text)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_recovery_prefetch()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_replication_slot(text)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_slru()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_snapshot_timestamp()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_subscription(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_subscription_stats(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_total_analyze_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_total_autoanalyze_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_total_autovacuum_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_total_vacuum_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_tuples_deleted(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_tuples_fetched(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_tuples_hot_updated(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_tuples_inserted(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_tuples_newpage_updated(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_tuples_returned(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_tuples_updated(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_vacuum_count(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_wal()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_wal_receiver()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_wal_senders()', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_blocks_fetched(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_blocks_hit(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_function_calls(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_function_self_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_function_total_time(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_numscans(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_tuples_deleted(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_tuples_fetched(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_tuples_hot_updated(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_tuples_inserted(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_tuples_newpage_updated(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_tuples_returned(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_stat_get_xact_tuples_updated(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_table_size(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_tablespace_databases(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_tablespace_location(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_tablespace_size(name)', 'execute', 'lb_catalog'),
  ('routine', 'pg_tablespace_size(oid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_total_relation_size(regclass)', 'execute', 'lb_catalog'),
  ('routine', 'pg_try_advisory_lock(bigint)', 'execute', 'lb_app'),
  ('routine', 'pg_try_advisory_lock(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'pg_try_advisory_lock_shared(bigint)', 'execute', 'lb_app'),
  ('routine', 'pg_try_advisory_lock_shared(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'pg_try_advisory_xact_lock(bigint)', 'execute', 'lb_app'),
  ('routine', 'pg_try_advisory_xact_lock(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'pg_try_advisory_xact_lock_shared(bigint)', 'execute', 'lb_app'),
  ('routine', 'pg_try_advisory_xact_lock_shared(integer,integer)', 'execute', 'lb_app'),
  ('routine', 'pg_wal_summary_contents(bigint,pg_lsn,pg_lsn)', 'execute', 'lb_catalog'),
  ('routine', 'pg_xact_commit_timestamp(xid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_xact_commit_timestamp_origin(xid)', 'execute', 'lb_catalog'),
  ('routine', 'pg_xact_status(xid8)', 'execute', 'lb_catalog'),
  ('routine', 'query_to_xml(text,boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'query_to_xml_and_xmlschema(text,boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'query_to_xmlschema(text,boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'schema_to_xml(name,boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'schema_to_xml_and_xmlschema(name,boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'schema_to_xmlschema(name,boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'table_to_xml(regclass,boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'table_to_xml_and_xmlschema(regclass,boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'table_to_xmlschema(regclass,boolean,boolean,text)', 'execute', 'lb_app'),
  ('routine', 'to_regoperator(text)', 'execute', 'lb_app'),
  ('routine', 'to_regprocedure(text)', 'execute', 'lb_app'),
  ('routine', 'to_regtypemod(text)', 'execute', 'lb_app'),
  ('routine', 'ts_rewrite(tsquery,text)', 'execute', 'lb_app'),
  ('routine', 'ts_stat(text)', 'execute', 'lb_app'),
  ('routine', 'ts_stat(text,text)', 'execute', 'lb_app'),
  ('routine', 'txid_current()', 'execute', 'lb_catalog'),
  ('routine', 'txid_current_if_assigned()', 'execute', 'lb_catalog'),
  ('routine', 'txid_current_snapshot()', 'execute', 'lb_catalog'),
  ('routine', 'txid_status(bigint)', 'execute', 'lb_catalog'),
  ('routine', 'xpath(text,xml)', 'execute', 'lb_app'),
  ('routine', 'xpath(text,xml,text[])', 'execute', 'lb_app'),
  ('routine', 'xpath_exists(text,xml)', 'execute', 'lb_app'),
  ('routine', 'xpath_exists(text,xml,text[])', 'execute', 'lb_app'),
  ('schema', 'public', 'usage', 'lb_app'),
  ('table', 'pg_catalog.pg_attrdef', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_attribute', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_auth_members', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_available_extension_versions', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_available_extensions', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_class', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_constraint', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_database', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_db_role_setting', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_default_acl', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_depend', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_description', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_enum', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_event_trigger', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_extension', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_foreign_data_wrapper', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_foreign_server', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_foreign_table', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_group', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_index', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_indexes', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_inherits', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_init_privs', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_language', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_largeobject_metadata', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_locks', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_matviews', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_namespace', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_parameter_acl', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_partitioned_table', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_policies', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_policy', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_prepared_xacts', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_proc', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_publication', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_publication_namespace', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_publication_rel', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_publication_tables', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_replication_origin', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_replication_slots', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_rewrite', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_roles', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_rules', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_seclabel', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_seclabels', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_sequence', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_sequences', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_shdepend', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_shdescription', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_shseclabel', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_activity', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_all_indexes', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_all_tables', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_archiver', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_bgwriter', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_checkpointer', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_database', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_database_conflicts', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_gssapi', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_io', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_progress_analyze', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_progress_basebackup', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_progress_cluster', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_progress_copy', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_progress_create_index', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_progress_vacuum', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_recovery_prefetch', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_replication', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_replication_slots', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_slru', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_ssl', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_subscription', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_subscription_stats', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_sys_indexes', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_sys_tables', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_user_functions', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_user_indexes', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_user_tables', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_wal', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_wal_receiver', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_xact_all_tables', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_xact_sys_tables', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_xact_user_functions', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stat_xact_user_tables', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_statio_all_indexes', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_statio_all_sequences', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_statio_all_tables', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_statio_sys_indexes', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_statio_sys_sequences', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_statio_sys_tables', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_statio_user_indexes', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_statio_user_sequences', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_statio_user_tables', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_statistic_ext', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stats', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stats_ext', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_stats_ext_exprs', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (oid)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subbinary)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subdbid)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subdisableonerr)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subenabled)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subfailover)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subname)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (suborigin)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subowner)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subpasswordrequired)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subpublications)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subrunasowner)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subskiplsn)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subslotname)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (substream)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subsynccommit)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription', 'select (subtwophasestate)', 'lb_catalog'),
  ('table', 'pg_catalog.pg_subscription_rel', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_tables', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_tablespace', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_transform', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_trigger', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_type', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_user', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_user_mappings', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_views', 'select', 'lb_catalog'),
  ('table', 'pg_catalog.pg_wait_events', 'select', 'lb_catalog')
on conflict do nothing;
grant connect on database "upgrade" to lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write, "lockbox_gateway";

-- ---------------------------------------------------------------------------------------------
-- 7. System catalogs: what sessions may read of them.
-- ---------------------------------------------------------------------------------------------
do $$
declare
  held text;
begin
  for held in
    select distinct c.relname
      from pg_class c
      left join pg_attribute t on t.attrelid = c.oid and t.attacl is not null,
           aclexplode(c.relacl || t.attacl) a
     where c.relnamespace = 'pg_catalog'::regnamespace
       and pg_get_userbyid(a.grantee) ~ '^lb_(view|level_(metadata|masked|read|write))$' loop
    execute format('revoke all on pg_catalog.%I from lb_view, lb_level_metadata, lb_level_masked,'
                   ' lb_level_read, lb_level_write', held);
  end loop;
end $$;
grant select (attrelid, attname, atttypid, attlen, attnum, atttypmod, attndims, attbyval, attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity, attgenerated, attisdropped, attislocal, attinhcount, attcollation) on pg_catalog.pg_attribute to lb_level_metadata;
grant select (oid, relname, relnamespace, reltype, reloftype, relowner, relam, reltablespace, reltoastrelid, relhasindex, relisshared, relpersistence, relkind, relnatts, relchecks, relhasrules, relhastriggers, relhassubclass, relrowsecurity, relforcerowsecurity, relispopulated, relreplident, relispartition) on pg_catalog.pg_class to lb_level_metadata;
grant select (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid, contypid, conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit, conkey, confkey) on pg_catalog.pg_constraint to lb_level_metadata;
grant select (oid, enumtypid, enumsortorder, enumlabel) on pg_catalog.pg_enum to lb_level_metadata;
grant select (oid, extname, extowner, extnamespace, extrelocatable, extversion) on pg_catalog.pg_extension to lb_level_metadata;
grant select (indexrelid, indrelid, indnatts, indnkeyatts, indisunique, indnullsnotdistinct, indisprimary, indisexclusion, indimmediate, indisclustered, indisvalid, indcheckxmin, indisready, indislive, indisreplident, indkey, indcollation, indclass, indoption) on pg_catalog.pg_index to lb_level_metadata;
grant select (inhrelid, inhparent, inhseqno, inhdetachpending) on pg_catalog.pg_inherits to lb_level_metadata;
grant select (oid, lanname, lanowner, lanispl, lanpltrusted) on pg_catalog.pg_language to lb_level_metadata;
grant select (oid, nspname, nspowner) on pg_catalog.pg_namespace to lb_level_metadata;
grant select (oid, proname, pronamespace, proowner, prolang, procost, prorows, provariadic, prosupport, prokind, prosecdef, proleakproof, proisstrict, proretset, provolatile, proparallel, pronargs, pronargdefaults, prorettype, proargtypes, proallargtypes, proargmodes, proargnames) on pg_catalog.pg_proc to lb_level_metadata;
grant select (oid, tgrelid, tgparentid, tgname, tgfoid, tgtype, tgenabled, tgisinternal, tgconstrrelid, tgconstrindid, tgconstraint, tgdeferrable, tginitdeferred) on pg_catalog.pg_trigger to lb_level_metadata;
grant select (oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined, typdelim, typrelid, typsubscript, typelem, typarray, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation) on pg_catalog.pg_type to lb_level_metadata;
grant select (oid, adrelid, adnum, adbin) on pg_catalog.pg_attrdef to lb_level_masked;
grant select (attrelid, attname, atttypid, attlen, attnum, atttypmod, attndims, attbyval, attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity, attgenerated, attisdropped, attislocal, attinhcount, attcollation) on pg_catalog.pg_attribute to lb_level_masked;
grant select (oid, relname, relnamespace, reltype, reloftype, relowner, relam, reltablespace, reltoastrelid, relhasindex, relisshared, relpersistence, relkind, relnatts, relchecks, relhasrules, relhastriggers, relhassubclass, relrowsecurity, relforcerowsecurity, relispopulated, relreplident, relispartition) on pg_catalog.pg_class to lb_level_masked;
grant select (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid, contypid, conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit, conkey, confkey) on pg_catalog.pg_constraint to lb_level_masked;
grant select (objoid, classoid, objsubid, description) on pg_catalog.pg_description to lb_level_masked;
grant select (oid, enumtypid, enumsortorder, enumlabel) on pg_catalog.pg_enum to lb_level_masked;
grant select (oid, extname, extowner, extnamespace, extrelocatable, extversion) on pg_catalog.pg_extension to lb_level_masked;
grant select (indexrelid, indrelid, indnatts, indnkeyatts, indisunique, indnullsnotdistinct, indisprimary, indisexclusion, indimmediate, indisclustered, indisvalid, indcheckxmin, indisready, indislive, indisreplident, indkey, indcollation, indclass, indoption) on pg_catalog.pg_index to lb_level_masked;
grant select (inhrelid, inhparent, inhseqno, inhdetachpending) on pg_catalog.pg_inherits to lb_level_masked;
grant select (oid, lanname, lanowner, lanispl, lanpltrusted) on pg_catalog.pg_language to lb_level_masked;
grant select (oid, nspname, nspowner) on pg_catalog.pg_namespace to lb_level_masked;
grant select (oid, proname, pronamespace, proowner, prolang, procost, prorows, provariadic, prosupport, prokind, prosecdef, proleakproof, proisstrict, proretset, provolatile, proparallel, pronargs, pronargdefaults, prorettype, proargtypes, proallargtypes, proargmodes, proargnames) on pg_catalog.pg_proc to lb_level_masked;
grant select (oid, tgrelid, tgparentid, tgname, tgfoid, tgtype, tgenabled, tgisinternal, tgconstrrelid, tgconstrindid, tgconstraint, tgdeferrable, tginitdeferred) on pg_catalog.pg_trigger to lb_level_masked;
grant select (oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined, typdelim, typrelid, typsubscript, typelem, typarray, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation) on pg_catalog.pg_type to lb_level_masked;
grant select (oid, adrelid, adnum, adbin) on pg_catalog.pg_attrdef to lb_level_read;
grant select (attrelid, attname, atttypid, attlen, attnum, atttypmod, attndims, attbyval, attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity, attgenerated, attisdropped, attislocal, attinhcount, attcollation) on pg_catalog.pg_attribute to lb_level_read;
grant select (oid, relname, relnamespace, reltype, reloftype, relowner, relam, reltablespace, reltoastrelid, relhasindex, relisshared, relpersistence, relkind, relnatts, relchecks, relhasrules, relhastriggers, relhassubclass, relrowsecurity, relforcerowsecurity, relispopulated, relreplident, relispartition) on pg_catalog.pg_class to lb_level_read;
grant select (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid, contypid, conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit, conkey, confkey) on pg_catalog.pg_constraint to lb_level_read;
grant select (objoid, classoid, objsubid, description) on pg_catalog.pg_description to lb_level_read;
grant select (oid, enumtypid, enumsortorder, enumlabel) on pg_catalog.pg_enum to lb_level_read;
grant select (oid, extname, extowner, extnamespace, extrelocatable, extversion) on pg_catalog.pg_extension to lb_level_read;
grant select (indexrelid, indrelid, indnatts, indnkeyatts, indisunique, indnullsnotdistinct, indisprimary, indisexclusion, indimmediate, indisclustered, indisvalid, indcheckxmin, indisready, indislive, indisreplident, indkey, indcollation, indclass, indoption) on pg_catalog.pg_index to lb_level_read;
grant select (inhrelid, inhparent, inhseqno, inhdetachpending) on pg_catalog.pg_inherits to lb_level_read;
grant select (oid, lanname, lanowner, lanispl, lanpltrusted) on pg_catalog.pg_language to lb_level_read;
grant select (oid, nspname, nspowner) on pg_catalog.pg_namespace to lb_level_read;
grant select (oid, proname, pronamespace, proowner, prolang, procost, prorows, provariadic, prosupport, prokind, prosecdef, proleakproof, proisstrict, proretset, provolatile, proparallel, pronargs, pronargdefaults, prorettype, proargtypes, proallargtypes, proargmodes, proargnames) on pg_catalog.pg_proc to lb_level_read;
grant select (oid, tgrelid, tgparentid, tgname, tgfoid, tgtype, tgenabled, tgisinternal, tgconstrrelid, tgconstrindid, tgconstraint, tgdeferrable, tginitdeferred) on pg_catalog.pg_trigger to lb_level_read;
grant select (oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined, typdelim, typrelid, typsubscript, typelem, typarray, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation) on pg_catalog.pg_type to lb_level_read;
grant select (oid, adrelid, adnum, adbin) on pg_catalog.pg_attrdef to lb_level_write;
grant select (attrelid, attname, atttypid, attlen, attnum, atttypmod, attndims, attbyval, attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity, attgenerated, attisdropped, attislocal, attinhcount, attcollation) on pg_catalog.pg_attribute to lb_level_write;
grant select (oid, relname, relnamespace, reltype, reloftype, relowner, relam, reltablespace, reltoastrelid, relhasindex, relisshared, relpersistence, relkind, relnatts, relchecks, relhasrules, relhastriggers, relhassubclass, relrowsecurity, relforcerowsecurity, relispopulated, relreplident, relispartition) on pg_catalog.pg_class to lb_level_write;
grant select (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid, contypid, conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit, conkey, confkey) on pg_catalog.pg_constraint to lb_level_write;
grant select (objoid, classoid, objsubid, description) on pg_catalog.pg_description to lb_level_write;
grant select (oid, enumtypid, enumsortorder, enumlabel) on pg_catalog.pg_enum to lb_level_write;
grant select (oid, extname, extowner, extnamespace, extrelocatable, extversion) on pg_catalog.pg_extension to lb_level_write;
grant select (indexrelid, indrelid, indnatts, indnkeyatts, indisunique, indnullsnotdistinct, indisprimary, indisexclusion, indimmediate, indisclustered, indisvalid, indcheckxmin, indisready, indislive, indisreplident, indkey, indcollation, indclass, indoption) on pg_catalog.pg_index to lb_level_write;
grant select (inhrelid, inhparent, inhseqno, inhdetachpending) on pg_catalog.pg_inherits to lb_level_write;
grant select (oid, lanname, lanowner, lanispl, lanpltrusted) on pg_catalog.pg_language to lb_level_write;
grant select (oid, nspname, nspowner) on pg_catalog.pg_namespace to lb_level_write;
grant select (oid, proname, pronamespace, proowner, prolang, procost, prorows, provariadic, prosupport, prokind, prosecdef, proleakproof, proisstrict, proretset, provolatile, proparallel, pronargs, pronargdefaults, prorettype, proargtypes, proallargtypes, proargmodes, proargnames) on pg_catalog.pg_proc to lb_level_write;
grant select (oid, tgrelid, tgparentid, tgname, tgfoid, tgtype, tgenabled, tgisinternal, tgconstrrelid, tgconstrindid, tgconstraint, tgdeferrable, tginitdeferred) on pg_catalog.pg_trigger to lb_level_write;
grant select (oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined, typdelim, typrelid, typsubscript, typelem, typarray, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation) on pg_catalog.pg_type to lb_level_write;
grant select (oid, adrelid, adnum, adbin) on pg_catalog.pg_attrdef to lb_view;
grant select (attrelid, attname, atttypid, attlen, attnum, atttypmod, attndims, attbyval, attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity, attgenerated, attisdropped, attislocal, attinhcount, attcollation) on pg_catalog.pg_attribute to lb_view;
grant select (oid, relname, relnamespace, reltype, reloftype, relowner, relam, reltablespace, reltoastrelid, relhasindex, relisshared, relpersistence, relkind, relnatts, relchecks, relhasrules, relhastriggers, relhassubclass, relrowsecurity, relforcerowsecurity, relispopulated, relreplident, relispartition) on pg_catalog.pg_class to lb_view;
grant select (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid, contypid, conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit, conkey, confkey) on pg_catalog.pg_constraint to lb_view;
grant select (oid, datname, encoding, datlocprovider, datistemplate, datallowconn, dattablespace, datcollate, datctype, datlocale) on pg_catalog.pg_database to lb_view;
grant select (oid, enumtypid, enumsortorder, enumlabel) on pg_catalog.pg_enum to lb_view;
grant select (oid, extname, extowner, extnamespace, extrelocatable, extversion) on pg_catalog.pg_extension to lb_view;
grant select (indexrelid, indrelid, indnatts, indnkeyatts, indisunique, indnullsnotdistinct, indisprimary, indisexclusion, indimmediate, indisclustered, indisvalid, indcheckxmin, indisready, indislive, indisreplident, indkey, indcollation, indclass, indoption) on pg_catalog.pg_index to lb_view;
grant select (oid, lanname, lanowner, lanispl, lanpltrusted) on pg_catalog.pg_language to lb_view;
grant select (oid, nspname, nspowner) on pg_catalog.pg_namespace to lb_view;
grant select (oid, proname, pronamespace, proowner, prolang, procost, prorows, provariadic, prosupport, prokind, prosecdef, proleakproof, proisstrict, proretset, provolatile, proparallel, pronargs, pronargdefaults, prorettype, proargtypes, proallargtypes, proargmodes, proargnames) on pg_catalog.pg_proc to lb_view;
grant select (rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolconnlimit, rolvaliduntil, rolbypassrls, oid) on pg_catalog.pg_roles to lb_view;
grant select (schemaname, tablename, hasindexes, hasrules, hastriggers, rowsecurity) on pg_catalog.pg_tables to lb_view;
grant select (oid, spcname) on pg_catalog.pg_tablespace to lb_view;
grant select (oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined, typdelim, typrelid, typsubscript, typelem, typarray, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation) on pg_catalog.pg_type to lb_view;
grant select (usename, usesysid, usecreatedb, usesuper, userepl, usebypassrls, valuntil) on pg_catalog.pg_user to lb_view;
grant select (schemaname, viewname) on pg_catalog.pg_views to lb_view;

-- lb_catalog: what tools look at when they draw their trees, for this session alone. The gateway reads `pg_catalog.pg_class`
-- as `lb_catalog.pg_class`, and so on; the catalogs themselves stay as closed as they are.
create schema lb_catalog;
grant usage on schema lb_catalog to lb_view, lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write;

-- the session's schemas and PostgreSQL's own
create view lb_catalog.own_schema with (security_barrier) as
  select oid from pg_catalog.pg_namespace where nspname = any ((select lb.schemas())::name[]);
-- PostgreSQL's own types, and those that the columns of the session are made of, wherever they lie
create view lb_catalog.own_type with (security_barrier) as
  with recursive used (oid) as (
    select a.atttypid
      from pg_catalog.pg_namespace n
      join pg_catalog.pg_class c on c.relnamespace = n.oid
      join pg_catalog.pg_attribute a on a.attrelid = c.oid
     where n.nspname = any ((select lb.schemas())::name[]) and n.nspname ~ '^lb_'
    union
    select part.oid
      from used
      join pg_catalog.pg_type t on t.oid = used.oid
     cross join lateral (
       values (t.typelem), (t.typarray), (t.typbasetype)
       union all
       select a.atttypid
         from pg_catalog.pg_class c
         join pg_catalog.pg_attribute a on a.attrelid = c.oid
        where c.oid = t.typrelid and c.relkind = 'c') as part (oid)
     where part.oid <> 0
  )
  select oid from used
  union
  select t.oid from pg_catalog.pg_type t where t.typnamespace in (select oid from lb_catalog.own_schema);
-- the schemas in which they lie
create view lb_catalog.own_namespace with (security_barrier) as
  select oid from lb_catalog.own_schema
  union
  select t.typnamespace from pg_catalog.pg_type t where t.oid in (select oid from lb_catalog.own_type);
-- relations of the session's schemas, and what composite types of its columns consist of
create view lb_catalog.own_relation with (security_barrier) as
  select c.oid from pg_catalog.pg_class c where c.relnamespace in (select oid from lb_catalog.own_schema)
  union
  select c.oid
    from pg_catalog.pg_class c
    join pg_catalog.pg_type t on t.typrelid = c.oid and t.oid in (select oid from lb_catalog.own_type)
   where c.relkind = 'c';
alter view lb_catalog.own_schema owner to lb_view;
alter view lb_catalog.own_type owner to lb_view;
alter view lb_catalog.own_namespace owner to lb_view;
alter view lb_catalog.own_relation owner to lb_view;

create view lb_catalog.pg_attrdef with (security_barrier) as
  select oid, adrelid, adnum, adbin, '1'::xid as xmin
    from pg_catalog.pg_attrdef
   where adrelid in (select oid from lb_catalog.own_relation);
alter view lb_catalog.pg_attrdef owner to lb_view;
create view lb_catalog.pg_attribute with (security_barrier) as
  select attrelid, attname, atttypid, attlen, attnum, atttypmod, attndims, attbyval, attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity, attgenerated, attisdropped, attislocal, attinhcount, attcollation, null::smallint as attstattarget, null::aclitem[] as attacl, null::text[] as attoptions, null::text[] as attfdwoptions, null::text[] as attmissingval, '1'::xid as xmin
    from pg_catalog.pg_attribute
   where attrelid in (select oid from lb_catalog.own_relation);
alter view lb_catalog.pg_attribute owner to lb_view;
create view lb_catalog.pg_auth_members with (security_barrier) as
  select null::oid as oid, null::oid as roleid, null::oid as member, null::oid as grantor, null::boolean as admin_option, null::boolean as inherit_option, null::boolean as set_option, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_auth_members owner to lb_view;
create view lb_catalog.pg_class with (security_barrier) as
  select oid, relname, relnamespace, reltype, reloftype, 10::oid as relowner, relam, null::oid as relfilenode, reltablespace, null::integer as relpages, null::real as reltuples, null::integer as relallvisible, null::integer as relallfrozen, reltoastrelid, relhasindex, relisshared, relpersistence, relkind, relnatts, relchecks, relhasrules, relhastriggers, relhassubclass, relrowsecurity, relforcerowsecurity, relispopulated, relreplident, relispartition, null::oid as relrewrite, null::xid as relfrozenxid, null::xid as relminmxid, null::aclitem[] as relacl, null::text[] as reloptions, null::pg_node_tree as relpartbound, '1'::xid as xmin
    from pg_catalog.pg_class
   where oid in (select oid from lb_catalog.own_relation);
alter view lb_catalog.pg_class owner to lb_view;
create view lb_catalog.pg_constraint with (security_barrier) as
  select oid, conname, connamespace, contype, condeferrable, condeferred, null::boolean as conenforced, convalidated, conrelid, contypid, conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit, null::boolean as conperiod, conkey, confkey, null::oid[] as conpfeqop, null::oid[] as conppeqop, null::oid[] as conffeqop, null::smallint[] as confdelsetcols, null::oid[] as conexclop, null::pg_node_tree as conbin, '1'::xid as xmin
    from pg_catalog.pg_constraint
   where conrelid in (select oid from lb_catalog.own_relation);
alter view lb_catalog.pg_constraint owner to lb_view;
create view lb_catalog.only_pg_database with (security_barrier) as
  select oid, datname, encoding, datlocprovider, datistemplate, datallowconn, dattablespace, datcollate, datctype, datlocale from pg_catalog.pg_database where datname = current_database();
alter view lb_catalog.only_pg_database owner to lb_view;
create function lb_catalog.only_pg_database() returns setof lb_catalog.only_pg_database
  language sql stable security definer rows 1 set search_path = pg_catalog, pg_temp
  as 'select * from lb_catalog.only_pg_database';
alter function lb_catalog.only_pg_database() owner to lb_view;
revoke all on function lb_catalog.only_pg_database() from public;
create view lb_catalog.pg_database with (security_barrier) as
  select oid, datname, 10::oid as datdba, encoding, datlocprovider, datistemplate, datallowconn, null::boolean as dathasloginevt, null::integer as datconnlimit, null::xid as datfrozenxid, null::xid as datminmxid, dattablespace, datcollate, datctype, datlocale, null::text as daticurules, null::text as datcollversion, null::aclitem[] as datacl, '1'::xid as xmin
    from lb_catalog.only_pg_database();
alter view lb_catalog.pg_database owner to lb_view;
create view lb_catalog.pg_db_role_setting with (security_barrier) as
  select null::oid as setdatabase, null::oid as setrole, null::text[] as setconfig, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_db_role_setting owner to lb_view;
create view lb_catalog.pg_default_acl with (security_barrier) as
  select null::oid as oid, null::oid as defaclrole, null::oid as defaclnamespace, null::"char" as defaclobjtype, null::aclitem[] as defaclacl, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_default_acl owner to lb_view;
create view lb_catalog.pg_depend with (security_barrier) as
  select null::oid as classid, null::oid as objid, null::integer as objsubid, null::oid as refclassid, null::oid as refobjid, null::integer as refobjsubid, null::"char" as deptype, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_depend owner to lb_view;
create view lb_catalog.pg_description with (security_barrier) as
  select null::oid as objoid, null::oid as classoid, null::integer as objsubid, null::text as description, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_description owner to lb_view;
create view lb_catalog.pg_enum with (security_barrier) as
  select oid, enumtypid, enumsortorder, enumlabel, '1'::xid as xmin
    from pg_catalog.pg_enum
   where enumtypid in (select oid from lb_catalog.own_type);
alter view lb_catalog.pg_enum owner to lb_view;
create view lb_catalog.pg_event_trigger with (security_barrier) as
  select null::oid as oid, null::name as evtname, null::name as evtevent, 10::oid as evtowner, null::oid as evtfoid, null::"char" as evtenabled, null::text[] as evttags, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_event_trigger owner to lb_view;
create view lb_catalog.pg_extension with (security_barrier) as
  select oid, extname, 10::oid as extowner, extnamespace, extrelocatable, extversion, null::oid[] as extconfig, null::text[] as extcondition, '1'::xid as xmin
    from pg_catalog.pg_extension
   where true;
alter view lb_catalog.pg_extension owner to lb_view;
create view lb_catalog.pg_foreign_data_wrapper with (security_barrier) as
  select null::oid as oid, null::name as fdwname, 10::oid as fdwowner, null::oid as fdwhandler, null::oid as fdwvalidator, null::aclitem[] as fdwacl, null::text[] as fdwoptions, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_foreign_data_wrapper owner to lb_view;
create view lb_catalog.pg_foreign_server with (security_barrier) as
  select null::oid as oid, null::name as srvname, 10::oid as srvowner, null::oid as srvfdw, null::text as srvtype, null::text as srvversion, null::aclitem[] as srvacl, null::text[] as srvoptions, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_foreign_server owner to lb_view;
create view lb_catalog.pg_foreign_table with (security_barrier) as
  select null::oid as ftrelid, null::oid as ftserver, null::text[] as ftoptions, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_foreign_table owner to lb_view;
create view lb_catalog.pg_index with (security_barrier) as
  select indexrelid, indrelid, indnatts, indnkeyatts, indisunique, indnullsnotdistinct, indisprimary, indisexclusion, indimmediate, indisclustered, indisvalid, indcheckxmin, indisready, indislive, indisreplident, indkey, indcollation, indclass, indoption, null::pg_node_tree as indexprs, null::pg_node_tree as indpred, '1'::xid as xmin
    from pg_catalog.pg_index
   where indrelid in (select oid from lb_catalog.own_relation);
alter view lb_catalog.pg_index owner to lb_view;
create view lb_catalog.pg_indexes with (security_barrier) as
  select null::name as schemaname, null::name as tablename, null::name as indexname, null::name as tablespace, null::text as indexdef
    where false;
alter view lb_catalog.pg_indexes owner to lb_view;
create view lb_catalog.pg_inherits with (security_barrier) as
  select null::oid as inhrelid, null::oid as inhparent, null::integer as inhseqno, null::boolean as inhdetachpending, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_inherits owner to lb_view;
create view lb_catalog.pg_init_privs with (security_barrier) as
  select null::oid as objoid, null::oid as classoid, null::integer as objsubid, null::"char" as privtype, null::aclitem[] as initprivs, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_init_privs owner to lb_view;
create view lb_catalog.pg_language with (security_barrier) as
  select oid, lanname, 10::oid as lanowner, lanispl, lanpltrusted, null::oid as lanplcallfoid, null::oid as laninline, null::oid as lanvalidator, null::aclitem[] as lanacl, '1'::xid as xmin
    from pg_catalog.pg_language
   where oid < 16384;
alter view lb_catalog.pg_language owner to lb_view;
create view lb_catalog.pg_locks with (security_barrier) as
  select null::text as locktype, null::oid as database, null::oid as relation, null::integer as page, null::smallint as tuple, null::text as virtualxid, null::xid as transactionid, null::oid as classid, null::oid as objid, null::smallint as objsubid, null::text as virtualtransaction, null::integer as pid, null::text as mode, null::boolean as granted, null::boolean as fastpath, null::timestamp with time zone as waitstart
    where false;
alter view lb_catalog.pg_locks owner to lb_view;
create view lb_catalog.pg_matviews with (security_barrier) as
  select null::name as schemaname, null::name as matviewname, null::name as matviewowner, null::name as tablespace, null::boolean as hasindexes, null::boolean as ispopulated, null::text as definition
    where false;
alter view lb_catalog.pg_matviews owner to lb_view;
create view lb_catalog.pg_namespace with (security_barrier) as
  select oid, nspname, 10::oid as nspowner, null::aclitem[] as nspacl, '1'::xid as xmin
    from pg_catalog.pg_namespace
   where oid in (select oid from lb_catalog.own_namespace);
alter view lb_catalog.pg_namespace owner to lb_view;
create view lb_catalog.pg_partitioned_table with (security_barrier) as
  select null::oid as partrelid, null::"char" as partstrat, null::smallint as partnatts, null::oid as partdefid, null::int2vector as partattrs, null::oidvector as partclass, null::oidvector as partcollation, null::pg_node_tree as partexprs, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_partitioned_table owner to lb_view;
create view lb_catalog.pg_policies with (security_barrier) as
  select null::name as schemaname, null::name as tablename, null::name as policyname, null::text as permissive, null::name[] as roles, null::text as cmd, null::text as qual, null::text as with_check
    where false;
alter view lb_catalog.pg_policies owner to lb_view;
create view lb_catalog.pg_policy with (security_barrier) as
  select null::oid as oid, null::name as polname, null::oid as polrelid, null::"char" as polcmd, null::boolean as polpermissive, null::oid[] as polroles, null::pg_node_tree as polqual, null::pg_node_tree as polwithcheck, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_policy owner to lb_view;
create view lb_catalog.pg_proc with (security_barrier) as
  select oid, proname, pronamespace, 10::oid as proowner, prolang, procost, prorows, provariadic, prosupport, prokind, prosecdef, proleakproof, proisstrict, proretset, provolatile, proparallel, pronargs, pronargdefaults, prorettype, proargtypes, proallargtypes, proargmodes, proargnames, null::pg_node_tree as proargdefaults, null::oid[] as protrftypes, null::text as prosrc, null::text as probin, null::pg_node_tree as prosqlbody, null::text[] as proconfig, null::aclitem[] as proacl, '1'::xid as xmin
    from pg_catalog.pg_proc
   where pronamespace in (select oid from lb_catalog.own_schema);
alter view lb_catalog.pg_proc owner to lb_view;
create view lb_catalog.pg_publication with (security_barrier) as
  select null::oid as oid, null::name as pubname, 10::oid as pubowner, null::boolean as puballtables, null::boolean as pubinsert, null::boolean as pubupdate, null::boolean as pubdelete, null::boolean as pubtruncate, null::boolean as pubviaroot, null::"char" as pubgencols, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_publication owner to lb_view;
create view lb_catalog.pg_publication_namespace with (security_barrier) as
  select null::oid as oid, null::oid as pnpubid, null::oid as pnnspid, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_publication_namespace owner to lb_view;
create view lb_catalog.pg_publication_rel with (security_barrier) as
  select null::oid as oid, null::oid as prpubid, null::oid as prrelid, null::pg_node_tree as prqual, null::int2vector as prattrs, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_publication_rel owner to lb_view;
create view lb_catalog.pg_rewrite with (security_barrier) as
  select null::oid as oid, null::name as rulename, null::oid as ev_class, null::"char" as ev_type, null::"char" as ev_enabled, null::boolean as is_instead, null::pg_node_tree as ev_qual, null::pg_node_tree as ev_action, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_rewrite owner to lb_view;
create view lb_catalog.only_pg_roles with (security_barrier) as
  select rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolconnlimit, rolvaliduntil, rolbypassrls, oid from pg_catalog.pg_roles where rolname = session_user;
alter view lb_catalog.only_pg_roles owner to lb_view;
create function lb_catalog.only_pg_roles() returns setof lb_catalog.only_pg_roles
  language sql stable security definer rows 1 set search_path = pg_catalog, pg_temp
  as 'select * from lb_catalog.only_pg_roles';
alter function lb_catalog.only_pg_roles() owner to lb_view;
revoke all on function lb_catalog.only_pg_roles() from public;
create view lb_catalog.pg_roles with (security_barrier) as
  select rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolconnlimit, null::text as rolpassword, rolvaliduntil, rolbypassrls, null::text[] as rolconfig, oid
    from lb_catalog.only_pg_roles();
alter view lb_catalog.pg_roles owner to lb_view;
create view lb_catalog.pg_rules with (security_barrier) as
  select null::name as schemaname, null::name as tablename, null::name as rulename, null::text as definition
    where false;
alter view lb_catalog.pg_rules owner to lb_view;
create view lb_catalog.pg_seclabel with (security_barrier) as
  select null::oid as objoid, null::oid as classoid, null::integer as objsubid, null::text as provider, null::text as label, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_seclabel owner to lb_view;
create view lb_catalog.pg_seclabels with (security_barrier) as
  select null::oid as objoid, null::oid as classoid, null::integer as objsubid, null::text as objtype, null::oid as objnamespace, null::text as objname, null::text as provider, null::text as label
    where false;
alter view lb_catalog.pg_seclabels owner to lb_view;
create view lb_catalog.pg_sequence with (security_barrier) as
  select null::oid as seqrelid, null::oid as seqtypid, null::bigint as seqstart, null::bigint as seqincrement, null::bigint as seqmax, null::bigint as seqmin, null::bigint as seqcache, null::boolean as seqcycle, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_sequence owner to lb_view;
create view lb_catalog.pg_sequences with (security_barrier) as
  select null::name as schemaname, null::name as sequencename, null::name as sequenceowner, null::regtype as data_type, null::bigint as start_value, null::bigint as min_value, null::bigint as max_value, null::bigint as increment_by, null::boolean as cycle, null::bigint as cache_size, null::bigint as last_value
    where false;
alter view lb_catalog.pg_sequences owner to lb_view;
create view lb_catalog.pg_shdepend with (security_barrier) as
  select null::oid as dbid, null::oid as classid, null::oid as objid, null::integer as objsubid, null::oid as refclassid, null::oid as refobjid, null::"char" as deptype, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_shdepend owner to lb_view;
create view lb_catalog.pg_shdescription with (security_barrier) as
  select null::oid as objoid, null::oid as classoid, null::text as description, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_shdescription owner to lb_view;
create view lb_catalog.pg_shseclabel with (security_barrier) as
  select null::oid as objoid, null::oid as classoid, null::text as provider, null::text as label, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_shseclabel owner to lb_view;
create view lb_catalog.pg_stat_ssl with (security_barrier) as
  select null::integer as pid, null::boolean as ssl, null::text as version, null::text as cipher, null::integer as bits, null::text as client_dn, null::numeric as client_serial, null::text as issuer_dn
    where false;
alter view lb_catalog.pg_stat_ssl owner to lb_view;
create view lb_catalog.pg_statistic_ext with (security_barrier) as
  select null::oid as oid, null::oid as stxrelid, null::name as stxname, null::oid as stxnamespace, 10::oid as stxowner, null::int2vector as stxkeys, null::smallint as stxstattarget, null::"char"[] as stxkind, null::pg_node_tree as stxexprs, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_statistic_ext owner to lb_view;
create view lb_catalog.pg_subscription with (security_barrier) as
  select null::oid as oid, null::oid as subdbid, null::pg_lsn as subskiplsn, null::name as subname, 10::oid as subowner, null::boolean as subenabled, null::boolean as subbinary, null::"char" as substream, null::"char" as subtwophasestate, null::boolean as subdisableonerr, null::boolean as subpasswordrequired, null::boolean as subrunasowner, null::boolean as subfailover, null::text as subconninfo, null::name as subslotname, null::text as subsynccommit, null::text[] as subpublications, null::text as suborigin, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_subscription owner to lb_view;
create view lb_catalog.only_pg_tables with (security_barrier) as
  select schemaname, tablename, hasindexes, hasrules, hastriggers, rowsecurity from pg_catalog.pg_tables where schemaname = any ((select lb.schemas())::name[]);
alter view lb_catalog.only_pg_tables owner to lb_view;
create function lb_catalog.only_pg_tables() returns setof lb_catalog.only_pg_tables
  language sql stable security definer rows 1 set search_path = pg_catalog, pg_temp
  as 'select * from lb_catalog.only_pg_tables';
alter function lb_catalog.only_pg_tables() owner to lb_view;
revoke all on function lb_catalog.only_pg_tables() from public;
create view lb_catalog.pg_tables with (security_barrier) as
  select schemaname, tablename, null::name as tableowner, null::name as tablespace, hasindexes, hasrules, hastriggers, rowsecurity
    from lb_catalog.only_pg_tables();
alter view lb_catalog.pg_tables owner to lb_view;
create view lb_catalog.only_pg_tablespace with (security_barrier) as
  select oid, spcname from pg_catalog.pg_tablespace where oid in (1663, 1664);
alter view lb_catalog.only_pg_tablespace owner to lb_view;
create function lb_catalog.only_pg_tablespace() returns setof lb_catalog.only_pg_tablespace
  language sql stable security definer rows 1 set search_path = pg_catalog, pg_temp
  as 'select * from lb_catalog.only_pg_tablespace';
alter function lb_catalog.only_pg_tablespace() owner to lb_view;
revoke all on function lb_catalog.only_pg_tablespace() from public;
create view lb_catalog.pg_tablespace with (security_barrier) as
  select oid, spcname, 10::oid as spcowner, null::aclitem[] as spcacl, null::text[] as spcoptions, '1'::xid as xmin
    from lb_catalog.only_pg_tablespace();
alter view lb_catalog.pg_tablespace owner to lb_view;
create view lb_catalog.pg_transform with (security_barrier) as
  select null::oid as oid, null::oid as trftype, null::oid as trflang, null::regproc as trffromsql, null::regproc as trftosql, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_transform owner to lb_view;
create view lb_catalog.pg_trigger with (security_barrier) as
  select null::oid as oid, null::oid as tgrelid, null::oid as tgparentid, null::name as tgname, null::oid as tgfoid, null::smallint as tgtype, null::"char" as tgenabled, null::boolean as tgisinternal, null::oid as tgconstrrelid, null::oid as tgconstrindid, null::oid as tgconstraint, null::boolean as tgdeferrable, null::boolean as tginitdeferred, null::smallint as tgnargs, null::int2vector as tgattr, null::bytea as tgargs, null::pg_node_tree as tgqual, null::name as tgoldtable, null::name as tgnewtable, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_trigger owner to lb_view;
create view lb_catalog.pg_type with (security_barrier) as
  select oid, typname, typnamespace, 10::oid as typowner, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined, typdelim, typrelid, typsubscript, typelem, typarray, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation, null::pg_node_tree as typdefaultbin, null::text as typdefault, null::aclitem[] as typacl, '1'::xid as xmin
    from pg_catalog.pg_type
   where oid in (select oid from lb_catalog.own_type);
alter view lb_catalog.pg_type owner to lb_view;
create view lb_catalog.only_pg_user with (security_barrier) as
  select usename, usesysid, usecreatedb, usesuper, userepl, usebypassrls, valuntil from pg_catalog.pg_user where usename = session_user;
alter view lb_catalog.only_pg_user owner to lb_view;
create function lb_catalog.only_pg_user() returns setof lb_catalog.only_pg_user
  language sql stable security definer rows 1 set search_path = pg_catalog, pg_temp
  as 'select * from lb_catalog.only_pg_user';
alter function lb_catalog.only_pg_user() owner to lb_view;
revoke all on function lb_catalog.only_pg_user() from public;
create view lb_catalog.pg_user with (security_barrier) as
  select usename, usesysid, usecreatedb, usesuper, userepl, usebypassrls, null::text as passwd, valuntil, null::text[] as useconfig
    from lb_catalog.only_pg_user();
alter view lb_catalog.pg_user owner to lb_view;
create view lb_catalog.pg_user_mapping with (security_barrier) as
  select null::oid as oid, null::oid as umuser, null::oid as umserver, null::text[] as umoptions, '1'::xid as xmin
    where false;
alter view lb_catalog.pg_user_mapping owner to lb_view;
create view lb_catalog.pg_user_mappings with (security_barrier) as
  select null::oid as umid, null::oid as srvid, null::name as srvname, null::oid as umuser, null::name as usename, null::text[] as umoptions
    where false;
alter view lb_catalog.pg_user_mappings owner to lb_view;
create view lb_catalog.only_pg_views with (security_barrier) as
  select schemaname, viewname from pg_catalog.pg_views where schemaname = any ((select lb.schemas())::name[]);
alter view lb_catalog.only_pg_views owner to lb_view;
create function lb_catalog.only_pg_views() returns setof lb_catalog.only_pg_views
  language sql stable security definer rows 1 set search_path = pg_catalog, pg_temp
  as 'select * from lb_catalog.only_pg_views';
alter function lb_catalog.only_pg_views() owner to lb_view;
revoke all on function lb_catalog.only_pg_views() from public;
create view lb_catalog.pg_views with (security_barrier) as
  select schemaname, viewname, null::name as viewowner, null::text as definition
    from lb_catalog.only_pg_views();
alter view lb_catalog.pg_views owner to lb_view;
create function lb_catalog.age(xid) returns integer language sql immutable parallel safe return null::integer;
alter function lb_catalog.age(xid) owner to lb_view;
revoke all on function lb_catalog.age(xid) from public;
create function lb_catalog.age(timestamp with time zone, timestamp with time zone) returns interval language sql immutable parallel safe return pg_catalog.age($1, $2);
alter function lb_catalog.age(timestamp with time zone, timestamp with time zone) owner to lb_view;
revoke all on function lb_catalog.age(timestamp with time zone, timestamp with time zone) from public;
create function lb_catalog.age(timestamp with time zone) returns interval language sql stable parallel safe return pg_catalog.age($1);
alter function lb_catalog.age(timestamp with time zone) owner to lb_view;
revoke all on function lb_catalog.age(timestamp with time zone) from public;
create function lb_catalog.age(timestamp without time zone, timestamp without time zone) returns interval language sql immutable parallel safe return pg_catalog.age($1, $2);
alter function lb_catalog.age(timestamp without time zone, timestamp without time zone) owner to lb_view;
revoke all on function lb_catalog.age(timestamp without time zone, timestamp without time zone) from public;
create function lb_catalog.age(timestamp without time zone) returns interval language sql stable parallel safe return pg_catalog.age($1);
alter function lb_catalog.age(timestamp without time zone) owner to lb_view;
revoke all on function lb_catalog.age(timestamp without time zone) from public;
create function lb_catalog.col_description(oid, integer) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.col_description(oid, integer) owner to lb_view;
revoke all on function lb_catalog.col_description(oid, integer) from public;
create function lb_catalog.obj_description(oid, name) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.obj_description(oid, name) owner to lb_view;
revoke all on function lb_catalog.obj_description(oid, name) from public;
create function lb_catalog.obj_description(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.obj_description(oid) owner to lb_view;
revoke all on function lb_catalog.obj_description(oid) from public;
create function lb_catalog.pg_current_snapshot() returns pg_snapshot language sql immutable parallel safe return null::pg_snapshot;
alter function lb_catalog.pg_current_snapshot() owner to lb_view;
revoke all on function lb_catalog.pg_current_snapshot() from public;
create function lb_catalog.pg_current_xact_id() returns xid8 language sql immutable parallel safe return null::xid8;
alter function lb_catalog.pg_current_xact_id() owner to lb_view;
revoke all on function lb_catalog.pg_current_xact_id() from public;
create function lb_catalog.pg_current_xact_id_if_assigned() returns xid8 language sql immutable parallel safe return null::xid8;
alter function lb_catalog.pg_current_xact_id_if_assigned() owner to lb_view;
revoke all on function lb_catalog.pg_current_xact_id_if_assigned() from public;
create function lb_catalog.pg_database_size(name) returns bigint language sql immutable parallel safe return null::bigint;
alter function lb_catalog.pg_database_size(name) owner to lb_view;
revoke all on function lb_catalog.pg_database_size(name) from public;
create function lb_catalog.pg_database_size(oid) returns bigint language sql immutable parallel safe return null::bigint;
alter function lb_catalog.pg_database_size(oid) owner to lb_view;
revoke all on function lb_catalog.pg_database_size(oid) from public;
create function lb_catalog.pg_get_constraintdef(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_constraintdef(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_constraintdef(oid) from public;
create function lb_catalog.pg_get_constraintdef(oid, boolean) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_constraintdef(oid, boolean) owner to lb_view;
revoke all on function lb_catalog.pg_get_constraintdef(oid, boolean) from public;
create function lb_catalog.pg_get_function_arg_default(oid, integer) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_function_arg_default(oid, integer) owner to lb_view;
revoke all on function lb_catalog.pg_get_function_arg_default(oid, integer) from public;
create function lb_catalog.pg_get_function_sqlbody(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_function_sqlbody(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_function_sqlbody(oid) from public;
create function lb_catalog.pg_get_functiondef(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_functiondef(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_functiondef(oid) from public;
create function lb_catalog.pg_get_indexdef(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_indexdef(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_indexdef(oid) from public;
create function lb_catalog.pg_get_indexdef(oid, integer, boolean) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_indexdef(oid, integer, boolean) owner to lb_view;
revoke all on function lb_catalog.pg_get_indexdef(oid, integer, boolean) from public;
create function lb_catalog.pg_get_partition_constraintdef(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_partition_constraintdef(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_partition_constraintdef(oid) from public;
create function lb_catalog.pg_get_partkeydef(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_partkeydef(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_partkeydef(oid) from public;
create function lb_catalog.pg_get_ruledef(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_ruledef(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_ruledef(oid) from public;
create function lb_catalog.pg_get_ruledef(oid, boolean) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_ruledef(oid, boolean) owner to lb_view;
revoke all on function lb_catalog.pg_get_ruledef(oid, boolean) from public;
create function lb_catalog.pg_get_statisticsobjdef(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_statisticsobjdef(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_statisticsobjdef(oid) from public;
create function lb_catalog.pg_get_statisticsobjdef_columns(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_statisticsobjdef_columns(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_statisticsobjdef_columns(oid) from public;
create function lb_catalog.pg_get_statisticsobjdef_expressions(oid) returns text[] language sql immutable parallel safe return null::text[];
alter function lb_catalog.pg_get_statisticsobjdef_expressions(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_statisticsobjdef_expressions(oid) from public;
create function lb_catalog.pg_get_triggerdef(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_triggerdef(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_triggerdef(oid) from public;
create function lb_catalog.pg_get_triggerdef(oid, boolean) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_triggerdef(oid, boolean) owner to lb_view;
revoke all on function lb_catalog.pg_get_triggerdef(oid, boolean) from public;
create function lb_catalog.pg_get_viewdef(text) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_viewdef(text) owner to lb_view;
revoke all on function lb_catalog.pg_get_viewdef(text) from public;
create function lb_catalog.pg_get_viewdef(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_viewdef(oid) owner to lb_view;
revoke all on function lb_catalog.pg_get_viewdef(oid) from public;
create function lb_catalog.pg_get_viewdef(text, boolean) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_viewdef(text, boolean) owner to lb_view;
revoke all on function lb_catalog.pg_get_viewdef(text, boolean) from public;
create function lb_catalog.pg_get_viewdef(oid, boolean) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_viewdef(oid, boolean) owner to lb_view;
revoke all on function lb_catalog.pg_get_viewdef(oid, boolean) from public;
create function lb_catalog.pg_get_viewdef(oid, integer) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_get_viewdef(oid, integer) owner to lb_view;
revoke all on function lb_catalog.pg_get_viewdef(oid, integer) from public;
create function lb_catalog.pg_indexes_size(regclass) returns bigint language sql immutable parallel safe return null::bigint;
alter function lb_catalog.pg_indexes_size(regclass) owner to lb_view;
revoke all on function lb_catalog.pg_indexes_size(regclass) from public;
create function lb_catalog.pg_relation_size(regclass) returns bigint language sql immutable parallel safe return null::bigint;
alter function lb_catalog.pg_relation_size(regclass) owner to lb_view;
revoke all on function lb_catalog.pg_relation_size(regclass) from public;
create function lb_catalog.pg_relation_size(regclass, text) returns bigint language sql immutable parallel safe return null::bigint;
alter function lb_catalog.pg_relation_size(regclass, text) owner to lb_view;
revoke all on function lb_catalog.pg_relation_size(regclass, text) from public;
create function lb_catalog.pg_table_size(regclass) returns bigint language sql immutable parallel safe return null::bigint;
alter function lb_catalog.pg_table_size(regclass) owner to lb_view;
revoke all on function lb_catalog.pg_table_size(regclass) from public;
create function lb_catalog.pg_tablespace_location(oid) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.pg_tablespace_location(oid) owner to lb_view;
revoke all on function lb_catalog.pg_tablespace_location(oid) from public;
create function lb_catalog.pg_tablespace_size(oid) returns bigint language sql immutable parallel safe return null::bigint;
alter function lb_catalog.pg_tablespace_size(oid) owner to lb_view;
revoke all on function lb_catalog.pg_tablespace_size(oid) from public;
create function lb_catalog.pg_tablespace_size(name) returns bigint language sql immutable parallel safe return null::bigint;
alter function lb_catalog.pg_tablespace_size(name) owner to lb_view;
revoke all on function lb_catalog.pg_tablespace_size(name) from public;
create function lb_catalog.pg_total_relation_size(regclass) returns bigint language sql immutable parallel safe return null::bigint;
alter function lb_catalog.pg_total_relation_size(regclass) owner to lb_view;
revoke all on function lb_catalog.pg_total_relation_size(regclass) from public;
create function lb_catalog.shobj_description(oid, name) returns text language sql immutable parallel safe return null::text;
alter function lb_catalog.shobj_description(oid, name) owner to lb_view;
revoke all on function lb_catalog.shobj_description(oid, name) from public;
create function lb_catalog.txid_current() returns bigint language sql immutable parallel safe return null::bigint;
alter function lb_catalog.txid_current() owner to lb_view;
revoke all on function lb_catalog.txid_current() from public;
create function lb_catalog.txid_current_if_assigned() returns bigint language sql immutable parallel safe return null::bigint;
alter function lb_catalog.txid_current_if_assigned() owner to lb_view;
revoke all on function lb_catalog.txid_current_if_assigned() from public;
create function lb_catalog.txid_current_snapshot() returns txid_snapshot language sql immutable parallel safe return null::txid_snapshot;
alter function lb_catalog.txid_current_snapshot() owner to lb_view;
revoke all on function lb_catalog.txid_current_snapshot() from public;
grant select on lb_catalog.pg_attrdef, lb_catalog.pg_attribute, lb_catalog.pg_auth_members, lb_catalog.pg_class, lb_catalog.pg_constraint, lb_catalog.pg_database, lb_catalog.pg_db_role_setting, lb_catalog.pg_default_acl, lb_catalog.pg_depend, lb_catalog.pg_description, lb_catalog.pg_enum, lb_catalog.pg_event_trigger, lb_catalog.pg_extension, lb_catalog.pg_foreign_data_wrapper, lb_catalog.pg_foreign_server, lb_catalog.pg_foreign_table, lb_catalog.pg_index, lb_catalog.pg_indexes, lb_catalog.pg_inherits, lb_catalog.pg_init_privs, lb_catalog.pg_language, lb_catalog.pg_locks, lb_catalog.pg_matviews, lb_catalog.pg_namespace, lb_catalog.pg_partitioned_table, lb_catalog.pg_policies, lb_catalog.pg_policy, lb_catalog.pg_proc, lb_catalog.pg_publication, lb_catalog.pg_publication_namespace, lb_catalog.pg_publication_rel, lb_catalog.pg_rewrite, lb_catalog.pg_roles, lb_catalog.pg_rules, lb_catalog.pg_seclabel, lb_catalog.pg_seclabels, lb_catalog.pg_sequence, lb_catalog.pg_sequences, lb_catalog.pg_shdepend, lb_catalog.pg_shdescription, lb_catalog.pg_shseclabel, lb_catalog.pg_stat_ssl, lb_catalog.pg_statistic_ext, lb_catalog.pg_subscription, lb_catalog.pg_tables, lb_catalog.pg_tablespace, lb_catalog.pg_transform, lb_catalog.pg_trigger, lb_catalog.pg_type, lb_catalog.pg_user, lb_catalog.pg_user_mapping, lb_catalog.pg_user_mappings, lb_catalog.pg_views to lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write;
grant execute on function lb_catalog.age(xid), lb_catalog.age(timestamp with time zone, timestamp with time zone), lb_catalog.age(timestamp with time zone), lb_catalog.age(timestamp without time zone, timestamp without time zone), lb_catalog.age(timestamp without time zone), lb_catalog.col_description(oid, integer), lb_catalog.obj_description(oid, name), lb_catalog.obj_description(oid), lb_catalog.pg_current_snapshot(), lb_catalog.pg_current_xact_id(), lb_catalog.pg_current_xact_id_if_assigned(), lb_catalog.pg_database_size(name), lb_catalog.pg_database_size(oid), lb_catalog.pg_get_constraintdef(oid), lb_catalog.pg_get_constraintdef(oid, boolean), lb_catalog.pg_get_function_arg_default(oid, integer), lb_catalog.pg_get_function_sqlbody(oid), lb_catalog.pg_get_functiondef(oid), lb_catalog.pg_get_indexdef(oid), lb_catalog.pg_get_indexdef(oid, integer, boolean), lb_catalog.pg_get_partition_constraintdef(oid), lb_catalog.pg_get_partkeydef(oid), lb_catalog.pg_get_ruledef(oid), lb_catalog.pg_get_ruledef(oid, boolean), lb_catalog.pg_get_statisticsobjdef(oid), lb_catalog.pg_get_statisticsobjdef_columns(oid), lb_catalog.pg_get_statisticsobjdef_expressions(oid), lb_catalog.pg_get_triggerdef(oid), lb_catalog.pg_get_triggerdef(oid, boolean), lb_catalog.pg_get_viewdef(text), lb_catalog.pg_get_viewdef(oid), lb_catalog.pg_get_viewdef(text, boolean), lb_catalog.pg_get_viewdef(oid, boolean), lb_catalog.pg_get_viewdef(oid, integer), lb_catalog.pg_indexes_size(regclass), lb_catalog.pg_relation_size(regclass), lb_catalog.pg_relation_size(regclass, text), lb_catalog.pg_table_size(regclass), lb_catalog.pg_tablespace_location(oid), lb_catalog.pg_tablespace_size(oid), lb_catalog.pg_tablespace_size(name), lb_catalog.pg_total_relation_size(regclass), lb_catalog.shobj_description(oid, name), lb_catalog.txid_current(), lb_catalog.txid_current_if_assigned(), lb_catalog.txid_current_snapshot(), lb_catalog.only_pg_database(), lb_catalog.only_pg_roles(), lb_catalog.only_pg_tables(), lb_catalog.only_pg_tablespace(), lb_catalog.only_pg_user(), lb_catalog.only_pg_views() to lb_level_metadata, lb_level_masked, lb_level_read, lb_level_write;

-- ---------------------------------------------------------------------------------------------
-- 8. Row-level security: lb_view sees the bound tenant's rows, all others what they saw.
-- ---------------------------------------------------------------------------------------------
do $$
declare
  old record;
begin
  for old in
    select p.polrelid::regclass as relation,
           string_agg(format('drop policy %I on %s', p.polname, p.polrelid::regclass), ';')
             filter (where p.polname ~ '^lb_view_') as removal,
           bool_and(p.polname ~ '^lb_view_' and p.polname <> 'lb_view_reaches') as switched_on
      from pg_policy p
     group by p.polrelid
    having bool_or(p.polname ~ '^lb_view_')
  loop
    execute old.removal;
    if old.switched_on then
      execute format('alter table %s disable row level security', old.relation);
    end if;
  end loop;
end $$;
create policy lb_view_everybody on "shop"."notes" using (true) with check (true);
create policy lb_view_bounds on "shop"."notes" as restrictive to lb_view
  using (exists (select from "shop"."people" lb_1 where lb_1."id" operator(pg_catalog.=) "shop"."notes"."person_id" and lb_1."tenant_id" operator(pg_catalog.=) lb.bound()::int4));
create policy lb_view_covers on "shop"."notes" as restrictive for insert to lb_view
  with check ((select lb.t('notes')) operator(pg_catalog.=) lb.bound());
alter table "shop"."notes" enable row level security;
create policy lb_view_everybody on "shop"."lines" using (true) with check (true);
create policy lb_view_bounds on "shop"."lines" as restrictive to lb_view
  using (exists (select from "shop"."notes" lb_1 where lb_1."id" operator(pg_catalog.=) "shop"."lines"."note_id"));
create policy lb_view_covers on "shop"."lines" as restrictive for insert to lb_view
  with check ((select lb.t('lines')) operator(pg_catalog.=) lb.bound());
alter table "shop"."lines" enable row level security;
create policy lb_view_reaches on "shop"."guarded" to lb_view
  using ("tenant_id" operator(pg_catalog.=) lb.bound()::int4);
create policy lb_view_bounds on "shop"."guarded" as restrictive to lb_view
  using ("tenant_id" operator(pg_catalog.=) lb.bound()::int4);
create policy lb_view_covers on "shop"."guarded" as restrictive for insert to lb_view
  with check ((select lb.t('guarded')) operator(pg_catalog.=) lb.bound());
create policy lb_view_everybody on "shop"."kinds" using (true) with check (true);
create policy lb_view_bounds on "shop"."kinds" as restrictive to lb_view
  using (lb.bound() is not null);
alter table "shop"."kinds" enable row level security;
grant select (oid, polrelid, polname, polpermissive, polcmd, polqual, polwithcheck, polroles, xmax) on pg_policy to lb_view;
grant execute on function pg_describe_object(oid, oid, integer), pg_current_snapshot(), pg_snapshot_xmax(pg_snapshot), pg_xact_status(xid8) to lb_view;
delete from lb.bounds;
insert into lb.bounds select polrelid, polqual::text, polroles from pg_policy where polname = 'lb_view_bounds';

-- ---------------------------------------------------------------------------------------------
-- 9. Remember what was made, so that the check sees any later change.
-- ---------------------------------------------------------------------------------------------
delete from lb.suspension;
delete from lb.fence_object;
insert into lb.fence_object (kind, name, digest)
select 'view' as kind,
       (case when n.nspname ~ '^[a-z_][a-z0-9_]*$' then n.nspname::text else '"' || replace(n.nspname, '"', '""') || '"' end) || '.' || (case when c.relname ~ '^[a-z_][a-z0-9_]*$' then c.relname::text else '"' || replace(c.relname, '"', '""') || '"' end) as name,
       encode(sha256(convert_to(concat_ws(E'\n',
         c.relkind, pg_get_userbyid(c.relowner), c.reloptions::text, c.relacl::text, c.relrowsecurity,
         case when c.relkind = 'v' then pg_get_viewdef(c.oid) end,
         (select string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attacl::text,
                                      pg_get_expr(d.adbin, d.adrelid)), E'\n' order by a.attnum)
            from pg_attribute a
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
           where a.attrelid = c.oid and a.attnum > 0),
         (select string_agg(pg_get_ruledef(r.oid), E'\n' order by r.rulename)
            from pg_rewrite r where r.ev_class = c.oid and r.rulename <> '_RETURN'),
         (select string_agg(pg_get_triggerdef(t.oid), E'\n' order by t.tgname)
            from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)), 'UTF8')), 'hex') as digest
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where n.nspname ~ '^lb(_catalog|_(metadata|masked|read|write)(__.+)?)?$'
   and c.relkind not in ('i', 't', 'c')
union all
select 'function',
       (case when n.nspname ~ '^[a-z_][a-z0-9_]*$' then n.nspname::text else '"' || replace(n.nspname, '"', '""') || '"' end) || '.' || (case when p.proname ~ '^[a-z_][a-z0-9_]*$' then p.proname::text else '"' || replace(p.proname, '"', '""') || '"' end) || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       encode(sha256(convert_to(concat_ws(E'\n',
         pg_get_userbyid(p.proowner), p.proacl::text, pg_get_functiondef(p.oid)), 'UTF8')), 'hex')
  from pg_proc p
  join pg_namespace n on n.oid = p.pronamespace
 where n.nspname ~ '^lb(_catalog|_(metadata|masked|read|write)(__.+)?)?$'
   and p.prokind <> 'a'
union all
select 'schema',
       (case when n.nspname ~ '^[a-z_][a-z0-9_]*$' then n.nspname::text else '"' || replace(n.nspname, '"', '""') || '"' end),
       encode(sha256(convert_to(concat_ws(E'\n',
         pg_get_userbyid(n.nspowner), n.nspacl::text), 'UTF8')), 'hex')
  from pg_namespace n
 where n.nspname ~ '^lb(_catalog|_(metadata|masked|read|write)(__.+)?)?$'
union all
select 'policy',
       (case when n.nspname ~ '^[a-z_][a-z0-9_]*$' then n.nspname::text else '"' || replace(n.nspname, '"', '""') || '"' end) || '.' || (case when c.relname ~ '^[a-z_][a-z0-9_]*$' then c.relname::text else '"' || replace(c.relname, '"', '""') || '"' end) || ' ' || (case when p.polname ~ '^[a-z_][a-z0-9_]*$' then p.polname::text else '"' || replace(p.polname, '"', '""') || '"' end),
       encode(sha256(convert_to(concat_ws(E'\n',
         c.relrowsecurity, p.polpermissive, p.polcmd, (select string_agg(pg_get_userbyid(r), ',') from unnest(p.polroles) r),
         pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)), 'UTF8')), 'hex')
  from pg_policy p
  join pg_class c on c.oid = p.polrelid
  join pg_namespace n on n.oid = c.relnamespace
 where p.polname ~ '^lb_view_'
union all
-- what the levels may read of a system catalog
select 'catalog',
       r.relation,
       encode(sha256(convert_to(string_agg(r.held, E'\n' order by r.held), 'UTF8')), 'hex')
  from (select c.relname as relation, pg_get_userbyid(a.grantee) || ' ' || a.privilege_type as held
          from pg_class c, aclexplode(c.relacl) a
         where c.relnamespace = 'pg_catalog'::regnamespace
           and pg_get_userbyid(a.grantee) ~ '^lb_(view|level_(metadata|masked|read|write))$'
        union all
        select c.relname, pg_get_userbyid(a.grantee) || ' ' || a.privilege_type || ' ' || t.attname
          from pg_attribute t
          join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
         where c.relnamespace = 'pg_catalog'::regnamespace
           and pg_get_userbyid(a.grantee) ~ '^lb_(view|level_(metadata|masked|read|write))$') r
 group by r.relation;
insert into lb.fence (only_row, catalogue_digest, plan_version, server_major, applied_at, applied_by)
values (true, '0402f4dd819a6c1428cc7404f0c4b581de71000d65eaaef955cb22dfe6484336', 9, 18, clock_timestamp(), session_user)
on conflict (only_row) do update
  set catalogue_digest = excluded.catalogue_digest, plan_version = excluded.plan_version,
      server_major = excluded.server_major, applied_at = excluded.applied_at,
      applied_by = excluded.applied_by;
do $$ begin raise notice 'the fence for "shop" stands: 6 tables, levels metadata, masked, read, write'; end $$;
commit;
