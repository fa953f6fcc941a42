-- ---------------------------------------------------------------------------------------------
-- 2. Schema lb: which session role stands for which tenant, until when.
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
create table if not exists lb.public_right (   -- what PUBLIC lost in section 6, so that undoing gives it back
  kind      text not null,
  name      text not null,
  privilege text not null,
  holder    name not null,
  primary key (kind, name, privilege)
);
revoke all on lb.binding, lb.fence, lb.fence_object, lb.public_right from public, lb_view, lb_definer, ${gateway};
grant select, insert, update, delete on lb.binding to lb_definer;
grant select on lb.binding to lb_view;
grant select (role, tenant, level, tables, until, gateway, session, opened) on lb.binding to ${gateway};
grant select on lb.fence, lb.fence_object to ${gateway};
