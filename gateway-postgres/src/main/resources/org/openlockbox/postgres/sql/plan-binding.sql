-- ---------------------------------------------------------------------------------------------
-- 2. Schema lb: which session role stands for which tenant, until when; and what the gateways saw of each tenant's log.
-- ---------------------------------------------------------------------------------------------
create schema if not exists lb;
revoke all on schema lb from public;
grant usage on schema lb to lb_view, lb_definer, ${gateway};

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
  from public, lb_view, lb_definer, ${gateway};
grant select, insert, update, delete on lb.binding to lb_definer;
grant select on lb.binding, lb.bounds to lb_view;
grant select (role, tenant, level, tables, until, gateway, session, opened) on lb.binding to ${gateway};
grant select on lb.fence, lb.fence_object, lb.suspension to ${gateway};
grant select on lb.suspension to lb_definer;
grant select, insert, update on lb.log_head to lb_definer;
grant select, insert, update, delete on lb.ended_request, lb.history_alarm to lb_definer;
grant select on lb.log_head, lb.ended_request, lb.history_alarm to ${gateway};
