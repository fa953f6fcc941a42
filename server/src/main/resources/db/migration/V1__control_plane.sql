-- The control plane's tables. Each table that holds something of a tenant has tenant_id first in its key.
-- Nothing here grants access: a gateway believes signatures in the tenant's log, never a row.

create table tenant (
  id         text primary key        constraint tenant_id_shape check (id ~ '^[a-z][a-z0-9-]{1,39}$'),
  name       text not null           constraint tenant_name_length check (length(name) between 1 and 200),
  origin     text not null           constraint tenant_origin_unique unique,
  pin        text not null           constraint tenant_pin_shape check (pin ~ '^[0-9a-f]{64}$'),
  slot       bigint not null         constraint tenant_slot_unique unique,   -- in every epoch; without a gap
  head_secret bytea not null         constraint tenant_head_secret_length check (length(head_secret) = 32),
  log_keys   bytea not null          constraint tenant_log_keys_length check (length(log_keys) = 32),  -- hash of the pair that its log names last
  created_at timestamptz not null,
  gateways_told bigint not null default 0   -- the newest gateway_statement that its log was told of
);

-- How a tenant wants to be told what happens: whether mail holds links, and its contacts, people and groups.
create table notifications (
  tenant_id text primary key references tenant,
  version   bigint not null          constraint notifications_version check (version >= 1),
  links     boolean not null
);

create table contact (
  tenant_id   text not null references tenant,
  address     text not null          constraint contact_address_shape check (address ~ '^[^@\s]+@[^@\s]+$'),
  audience    text not null          constraint contact_audience check (audience in ('approvers','backup','admins','auditors')),
  topics      text[] not null        constraint contact_topics check (topics <@
                array['requests','decisions','sessions','endings','keyring','records','digest']),
  zone        text not null,
  quiet_from  time,
  quiet_until time,
  primary key (tenant_id, address),
  constraint contact_quiet check (num_nulls(quiet_from, quiet_until) in (0, 2) and quiet_from <> quiet_until)
);

-- Addresses of a tenant's own programs. Secrets are wrapped by a key that lies outside this database.
create table webhook (
  tenant_id      text not null references tenant,
  id             text not null       constraint webhook_id_shape check (id ~ '^W-[0-9A-HJKMNP-TV-Z]{10}$'),
  url            text not null,
  topics         text[] not null     constraint webhook_topics check (topics <@
                   array['requests','decisions','sessions','endings','keyring','records','digest']),
  state          text not null       constraint webhook_state check (state in ('on','off','removed')),
  wrapped_by     text not null,
  secret         bytea not null,
  old_wrapped_by text,               -- the secret before, good beside the new one until old_until
  old_secret     bytea,
  old_until      timestamptz,
  created_by     text not null,
  created_at     timestamptz not null,
  primary key (tenant_id, id),
  constraint webhook_old_secret check (num_nulls(old_wrapped_by, old_secret, old_until) in (0, 3))
);

-- A bearer token is stored as its SHA-256 only. Provider roles have no tenant, tenant roles have exactly one.
create table token (
  sha256     bytea primary key       constraint token_is_a_hash check (length(sha256) = 32),
  id         text not null           constraint token_id_unique unique,
  subject    text not null,
  name       text not null,
  roles      text[] not null         constraint token_roles_known
               check (cardinality(roles) > 0 and roles <@ array['engineer','reviewer','operator','gateway','approver','auditor','policy-admin','tenant-admin']),
  tenant_id  text references tenant,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  constraint token_side check (
    case when tenant_id is null then not roles && array['approver','auditor','policy-admin','tenant-admin']
         else roles <@ array['approver','auditor','policy-admin','tenant-admin'] end)
);

-- The people who use the portal; the provider's have no tenant. Their roles are read anew with each call. Nothing here lets
-- anybody sign: keys are in the tenant's log.
create table person (
  id         bigint generated always as identity primary key,
  tenant_id  text,                   -- one that is founded, or waits to be
  subject    text not null,
  address    text not null           constraint person_address_shape check (address = lower(address) and address ~ '^[^@\s]+@[^@\s]+$'),
  name       text not null           constraint person_name_length check (length(name) between 1 and 100),
  roles      text[] not null         constraint person_roles_known
               check (cardinality(roles) > 0 and roles <@ array['engineer','reviewer','operator','approver','auditor','policy-admin','tenant-admin']),
  created_at timestamptz not null,
  left_at    timestamptz,            -- since then they cannot sign in
  issuer     text,                   -- the OpenID Connect issuer that vouches for them, and whom it calls them
  issuer_subject text,
  -- Facts of the provider's people, each null where it is not known. Those that are listed in facts_issued (and name, if it
  -- is) are the word of the issuer that the configuration calls facts_issuer, all others that of the operators.
  country    text                    constraint person_country check (country ~ '^[A-Z]{2}$'),
  employer   text                    constraint person_employer_length check (length(employer) between 1 and 100),
  kind       text                    constraint person_kind check (kind in ('human','agent')),
  responsible text,                  -- who of the provider answers for an agent
  facts_issuer text,
  facts_issued text[] not null default '{}' constraint person_facts_issued
               check (facts_issued <@ array['name','country','employer','kind']
                      and (facts_issued = '{}' or facts_issuer is not null)),
  constraint person_facts_of_provider check (tenant_id is null or num_nonnulls(country, employer, kind, responsible) = 0),
  constraint person_responsible check (responsible is null or (coalesce(kind = 'agent', false) and responsible <> subject)),
  constraint person_issuer_known check (num_nulls(issuer, issuer_subject) in (0, 2)),
  constraint person_side check (
    case when tenant_id is null then roles <@ array['engineer','reviewer','operator']
         else roles <@ array['approver','auditor','policy-admin','tenant-admin'] end),
  constraint person_subject_unique unique nulls not distinct (tenant_id, subject),
  constraint person_address_unique unique nulls not distinct (tenant_id, address)
);
-- Keys that are registered for one of the provider's people. A key belongs to one of them, also after they have left.
create table person_key (
  key_id     text primary key        constraint person_key_id_shape check (key_id ~ '^[0-9a-f]{64}$'),
  person_id  bigint not null references person on delete cascade,
  key        text not null,          -- {"scheme","spki"}
  added_at   timestamptz not null
);
create index person_key_by_person on person_key (person_id);

create index person_by_address on person (address);
create unique index person_by_issuer on person (tenant_id, issuer, issuer_subject) nulls not distinct where issuer is not null;

-- Tenants that were created and wait for their founders' signatures: they have people, and no log yet.
create table waiting_tenant (
  id         text primary key        constraint waiting_tenant_id_shape check (id ~ '^[a-z][a-z0-9-]{1,39}$'),
  name       text not null           constraint waiting_tenant_name_length check (length(name) between 1 and 100),
  created_at timestamptz not null
);

-- Invitations to become one of a tenant's people, each to one address. `secret` is the hash of what the mailed link holds.
--   open ──▶ ended (taken, or another one was sent instead)
create table invitation (
  secret     bytea primary key       constraint invitation_secret_is_a_hash check (length(secret) = 32),
  tenant_id  text not null,
  address    text not null,
  roles      text[] not null         constraint invitation_roles
               check (cardinality(roles) > 0 and roles <@ array['approver','auditor','policy-admin','tenant-admin']),
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at   timestamptz
);
create index invitation_by_address on invitation (tenant_id, address, created_at);
create index invitation_by_age on invitation (expires_at);

-- Passkeys that people of a tenant have made here. None of them can sign for the tenant before the tenant's log says so.
create table enrolled_key (
  tenant_id   text not null,
  key_id      text not null          constraint enrolled_key_id_shape check (key_id ~ '^[0-9a-f]{64}$'),
  approver    text not null,
  name        text not null          constraint enrolled_key_name_length check (length(name) between 1 and 100),
  key         text not null,         -- JSON, as it stands in a keyring
  backed_up   boolean not null,      -- was copied to other devices when it was made
  enrolled_at timestamptz not null,
  primary key (tenant_id, key_id)
);
create index enrolled_key_by_approver on enrolled_key (tenant_id, approver, enrolled_at);

-- A one-time code on its way to an address. `browser` and `code` are hashes over a secret that only that browser has.
create table sign_in (
  id         bigint generated always as identity primary key,
  browser    bytea not null          constraint sign_in_browser_is_a_hash check (length(browser) = 32),
  address    text not null,
  source     text not null,          -- where it was asked for, to throttle by
  code       bytea not null          constraint sign_in_code_is_a_hash check (length(code) = 32),
  tries      int not null            constraint sign_in_tries check (tries >= 0),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  proved_at  timestamptz             -- the code came back; what is left is to choose who to be
);
create index sign_in_by_address on sign_in (address, created_at);
create index sign_in_by_source on sign_in (source, created_at);
create index sign_in_by_browser on sign_in (browser, id);

-- From where people at an address have signed in: there strangers' wishes for codes do not count.
create table known_source (
  address text not null,
  source  text not null,
  seen_at timestamptz not null,
  primary key (address, source)
);

-- A browser in which a person is signed in. `secret` is the hash of its cookie.
create table visit (
  secret     bytea primary key       constraint visit_secret_is_a_hash check (length(secret) = 32),
  person_id  bigint not null references person,
  zone       text not null,          -- IANA time zone of the browser
  created_at timestamptz not null,
  seen_at    timestamptz not null
);
create index visit_by_person on visit (person_id);

-- A sign-in on its way to an issuer and back. `state` and `browser` are hashes of secrets that only that browser has.
create table issuer_sign_in (
  state      bytea primary key       constraint issuer_sign_in_state_is_a_hash check (length(state) = 32),
  browser    bytea not null          constraint issuer_sign_in_browser_is_a_hash check (length(browser) = 32),
  issuer     text not null,
  next       text not null,          -- the page to go on to
  zone       text not null,
  expires_at timestamptz not null
);

-- With what the issuer of a visit is asked again whether it still vouches for its person. The refresh token is wrapped by a
-- key that lies outside this database.
create table standing (
  visit         bytea primary key references visit on delete cascade,
  issuer        text not null,
  wrapped_by    text not null,
  refresh       bytea not null,
  good_at       timestamptz not null, -- when it last said yes
  silent_at     timestamptz,          -- when it was last asked in vain
  claimed_until timestamptz           -- a server is asking it
);

-- The tenant log. Whoever appends locks the head row first; entries and tile pieces are only ever inserted.
-- A tile is the concatenation of its pieces: a partial tile is a byte prefix of the full one (C2SP tlog-tiles).
create table log_head (
  tenant_id   text primary key references tenant,
  size        bigint not null        constraint log_head_size check (size >= 0),
  range       bytea not null,        -- roots of the perfect subtrees, largest first
  keyring_seq bigint not null,       -- index of the newest genesis, key-add, key-remove or settings
  key_no      int not null,          -- the data key that seals new texts
  -- The boot of a gateway that appended last, and its next counter here.
  gateway     text,
  boot        text,
  gw_next     bigint                 constraint log_head_gw_next check (gw_next > 0),
  constraint log_head_last_boot check (num_nulls(gateway, boot, gw_next) in (0, 3))
) with (fillfactor = 50);

-- The tenants whose heads have moved since the newest epoch, some of them many times: written together with the head,
-- taken by the epoch (ADR 28). It has no index: it is read whole.
create table log_moved (
  tenant_id text not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_insert_threshold = -1);

-- The data keys of a tenant, wrapped by a key that lies outside this database. A destroyed one erases all that it sealed.
create table tenant_key (
  tenant_id    text not null references tenant,
  no           int not null          constraint tenant_key_no check (no >= 1),
  wrapped_by   text not null,        -- name of the wrapping key
  wrapped      bytea,
  made_at      timestamptz not null,
  destroyed_at timestamptz,
  emptied_at   timestamptz,          -- what a destroyed key had sealed is deleted as well
  primary key (tenant_id, no),
  constraint tenant_key_destroyed check ((wrapped is null) = (destroyed_at is not null))
);
create index tenant_key_to_empty on tenant_key (tenant_id) where destroyed_at is not null and emptied_at is null;
create index tenant_key_by_wrapping on tenant_key (wrapped_by) where wrapped is not null;

create table log_checkpoint (
  tenant_id  text primary key references tenant,
  size       bigint not null,
  root       bytea not null          constraint log_checkpoint_root check (length(root) = 32),
  signatures bytea not null          -- of each line of the signed note, after its big-endian 16-bit length: key id and signature
) with (fillfactor = 70, toast_tuple_target = 4096); -- two rows a page and room for a third: replaced in place, in one piece
alter table log_checkpoint alter signatures set storage main;

-- What servers miss of logs that they signed, and what operators have given up of them: notes signed with the log's key (ADR 36).
-- A log that was lost whole has no tenant.
create table log_recovery (
  origin text not null,
  kind   text not null               constraint log_recovery_kind check (kind in ('lockbox/missing/v1', 'lockbox/recovery/v1')),
  note   text not null,
  primary key (origin, kind, note)
);

-- The entries of one log that were appended together, first_seq being the index of the first. `entries` is an entry
-- bundle as tlog-tiles has it, of any length: a big-endian 16-bit length and that many bytes, `count` times. `hashes` are
-- their leaf hashes: a tile of level 0 is what the batches say of its 256 indices.
-- A gateway's counters run with the indices, from gw_seq on. `root` is the log's root after the batch, where an append
-- ends with it: what a checkpoint of that size has to say.
create table log_batch (
  tenant_id text not null,
  first_seq bigint not null          constraint log_batch_first_seq check (first_seq >= 0),
  count     int not null             constraint log_batch_count check (count > 0),
  gateway   text,
  boot      text,
  gw_seq    bigint                   constraint log_batch_gw_seq check (gw_seq >= 0),
  entries   bytea not null           constraint log_batch_entries check (length(entries) > 2 * count),
  hashes    bytea not null           constraint log_batch_hashes check (length(hashes) = 32 * count),
  root      bytea                    constraint log_batch_root check (length(root) = 32),
  primary key (tenant_id, first_seq),
  constraint log_batch_stamp check (num_nulls(gateway, boot, gw_seq) in (0, 3))
);
alter table log_batch alter entries set storage external, alter hashes set storage external;
create unique index log_batch_counter on log_batch (tenant_id, gateway, boot, gw_seq) where gateway is not null;

-- Which batches to look into: for what decides about a request ('authority'), for what happened in its sessions
-- ('session'), for keyring entries ('keyring') for the entries that end access
-- ('ending') and for those that say what was erased ('erasure'), these three about ''.
create table log_mention (
  tenant_id text not null,
  kind      text not null            constraint log_mention_kind check (kind in ('authority', 'session', 'ticket', 'keyring', 'ending', 'erasure')),
  about     text not null,
  first_seq bigint not null,
  primary key (tenant_id, kind, about, first_seq)
);

-- The tiles above the leaves.
create table log_tile (
  tenant_id text not null,
  level     smallint not null        constraint log_tile_level check (level > 0),
  n         bigint not null,
  at        smallint not null        constraint log_tile_at check (at between 0 and 255),
  hashes    bytea not null           constraint log_tile_whole check (length(hashes) > 0 and length(hashes) % 32 = 0),
  primary key (tenant_id, level, n, at)
);

-- The texts that the entries of a batch commit to, sealed with a data key of the tenant to this tenant and batch. Inside,
-- for each text: commitment (32 bytes), salt (16), big-endian 32-bit length, text. A length below zero: so many bytes
-- lie in log_blob. The commitment is SHA-256(salt || text). Sealing the row anew without a text erases it and leaves the log whole.
create table log_text (
  tenant_id text not null,
  first_seq bigint not null,
  key_no    int not null,
  sealed    bytea not null,
  primary key (tenant_id, first_seq)
);
alter table log_text alter sealed set storage external;

-- Texts of more than 64 KiB, in pieces of 256 KiB, each sealed to tenant, commitment, number and whole length.
create table log_blob (
  tenant_id  text not null,
  commitment bytea not null          constraint log_blob_commitment check (length(commitment) = 32),
  n          int not null            constraint log_blob_n check (n >= 0),
  key_no     int not null,
  sealed     bytea not null,
  primary key (tenant_id, commitment, n)
);
alter table log_blob alter sealed set storage external;

-- The epoch log: one statement every few seconds over the heads of all tenants' logs. Of the heads only changes are
-- kept: the head of a slot in epoch n is its newest change up to n.
create table epoch_head (
  one      boolean primary key default true constraint epoch_head_one check (one),
  size     bigint not null,
  range    bytea not null,
  built_at timestamptz not null
);
insert into epoch_head (size, range, built_at) values (0, '', '1970-01-01Z');

-- What was lost whenever the epoch log had to go on under another name (ADR 17); none: it is the first generation.
create table epoch_recovery (
  generation int primary key         constraint epoch_recovery_generation check (generation >= 2),
  lost_size  bigint not null,
  lost_root  bytea not null          constraint epoch_recovery_root check (length(lost_root) = 32),
  reason     text not null
);

create table epoch (
  n         bigint primary key,
  statement text not null
);

create table epoch_tile (
  level  smallint not null,
  n      bigint not null,
  at     smallint not null           constraint epoch_tile_at check (at between 0 and 255),
  hashes bytea not null              constraint epoch_tile_whole check (length(hashes) > 0 and length(hashes) % 32 = 0),
  primary key (level, n, at)
);

create table epoch_change (
  slot  bigint not null,
  epoch bigint not null,
  size  bigint not null,
  root  bytea not null               constraint epoch_change_root check (length(root) = 32),
  primary key (slot, epoch)
);

create index epoch_change_by_epoch on epoch_change (epoch);

-- The newest change of each slot.
create table epoch_slot (
  slot  bigint primary key,
  epoch bigint not null,
  size  bigint not null,
  root  bytea not null
);

-- The newest checkpoint of the epoch log, and older ones that more witnesses have cosigned.
create table epoch_checkpoint (
  size      bigint primary key,
  note      text not null,
  witnesses int not null
);

-- The newest checkpoint of a tenant's log that the tenant's own witness has cosigned.
create table own_checkpoint (
  tenant_id text primary key references tenant,
  size      bigint not null,
  note      text not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are only ever inserted', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
create trigger log_batch_append_only before update or delete on log_batch for each row execute function refuse_change();
create trigger log_mention_append_only before update or delete on log_mention for each row execute function refuse_change();
create trigger epoch_recovery_append_only before update or delete on epoch_recovery for each row execute function refuse_change();
create trigger epoch_append_only before update or delete on epoch for each row execute function refuse_change();
create trigger epoch_tile_append_only before update or delete on epoch_tile for each row execute function refuse_change();
create trigger epoch_change_append_only before update or delete on epoch_change for each row execute function refuse_change();
create trigger log_tile_append_only before update or delete on log_tile for each row execute function refuse_change();

-- The request machine, as in org.openlockbox.core.access.AccessRequest and Grant (a test compares the two):
--
--             review, approve below quorum
--              ┌──┐
--              ▼  │   approve, quorum met                ┌─▶ completed ─┐
--            pending ───────────────────▶ approved ──────┼─▶ expired ───┼──▶ removalFailed
--               ├──▶ denied                              └─▶ revoked ───┘ ◀──
--               ├──▶ withdrawn
--               └──▶ lapsed
create function access_request_may_move(before text, after text) returns boolean language sql immutable as $$
  select case before
    when 'pending'       then after in ('pending', 'approved', 'denied', 'withdrawn', 'lapsed')
    when 'approved'      then after in ('completed', 'expired', 'revoked')
    when 'completed'     then after = 'removalFailed'
    when 'expired'       then after = 'removalFailed'
    when 'revoked'       then after = 'removalFailed'
    when 'removalFailed' then after in ('completed', 'expired', 'revoked')
    else false end
$$;

create table access_request (
  tenant_id            text not null references tenant,
  id                   text not null       constraint access_request_id_shape check (id ~ '^R-[0-9A-HJKMNP-TV-Z]{10}$'),
  version              bigint not null     constraint access_request_version check (version >= 1),
  state                text not null       constraint access_request_state check (state in
                         ('pending','approved','denied','withdrawn','lapsed','completed','expired','revoked','removalFailed')),
  -- fixed when the request is made
  engineer_id          text not null,
  engineer_name        text,               -- null: erased, as the reason is when null
  engineer_country     text,               -- null: not known, as employer and kind are when null
  engineer_employer    text,
  engineer_kind        text                constraint access_request_kind check (engineer_kind in ('human','agent')),
  engineer_responsible text,
  engineer_sources     text not null,      -- {"country":"directory",...} as in the entry
  engineer_key         text not null,      -- {"scheme","spki"} as in the entry
  purpose              text not null,
  reason               text,
  ticket               text not null,
  resource             text not null,
  level                text not null       constraint access_request_level check (level in ('metadata','masked','read','write')),
  not_before           timestamptz,
  duration_ms          bigint not null     constraint access_request_duration check (duration_ms > 0),
  limits               text not null,      -- {"rowBudget","tables",...} as in the entry
  extends              text,
  provider_review      boolean not null,
  assurance            text not null       constraint access_request_assurance check (assurance in ('gated','checked','granted')),
  decide_by            timestamptz not null,
  quorum               int not null        constraint access_request_quorum check (quorum >= 1),
  created_at           timestamptz not null,
  log_index            bigint not null,
  entry_sha256         text not null       constraint access_request_sha256 check (entry_sha256 ~ '^[0-9a-f]{64}$'),
  -- which rule of the policy in which entry decided what is to happen; for people
  rule_entry           bigint not null,
  rule_id              text not null,
  rule_says            text not null,
  -- moved by the machine
  reviewed_by          text,
  reviewed_at          timestamptz,
  decided_at           timestamptz,
  decided_by           text,
  decided_side         text                constraint access_request_side check (decided_side in ('provider','tenant','policy')),
  comment              text,
  grant_level          text                constraint access_request_grant_level check (grant_level in ('metadata','masked','read','write')),
  grant_not_before     timestamptz,
  grant_not_after      timestamptz,
  grant_limits         text,
  ended_as             text                constraint access_request_ended_as check (ended_as in ('completed','expired','revoked')),
  ended_at             timestamptz,
  ended_by             text,
  ended_signed         boolean,
  removal_why          text,
  removal_since        timestamptz,
  -- what a search of the audit page looks in
  words                text collate "C" not null generated always as
    (lower(id || ' ' || engineer_id || ' ' || coalesce(engineer_name, '') || ' ' || ticket)) stored,
  primary key (tenant_id, id),
  constraint access_request_id_unique unique (id),
  constraint access_request_granted check (
    (state in ('approved','completed','expired','revoked','removalFailed'))
      = (num_nulls(grant_level, grant_not_before, grant_not_after, grant_limits) = 0)),
  constraint access_request_ended check (
    (state in ('completed','expired','revoked','removalFailed')) = (ended_as is not null and ended_at is not null)),
  constraint access_request_ended_word check (state not in ('completed','expired','revoked') or ended_as = state),
  constraint access_request_removal check ((state = 'removalFailed') = (removal_why is not null)),
  constraint access_request_window check (grant_not_before < grant_not_after),
  constraint access_request_reviewed check (provider_review or reviewed_by is null),
  constraint access_request_decided check ((state in ('pending','lapsed')) = (decided_at is null)),
  constraint access_request_decider check ((state in ('denied','withdrawn')) = (decided_by is not null)),
  constraint access_request_denied check ((state = 'denied') = (decided_side is not null)),
  constraint access_request_ender check (ended_as is null or (ended_as = 'expired') = (ended_by is null)),
  constraint access_request_signed_end check ((ended_as is not distinct from 'revoked') = (ended_signed is not null)),
  constraint access_request_removal_since check ((removal_why is null) = (removal_since is null)),
  constraint access_request_review_first check (
    not provider_review or reviewed_by is not null or state in ('pending','denied','withdrawn','lapsed'))
);
create index access_request_by_engineer on access_request (engineer_id, created_at desc, id desc);
create index access_request_by_responsible on access_request (engineer_responsible, created_at desc, id desc)
  where engineer_responsible is not null;
create index access_request_waiting on access_request (tenant_id, state, created_at desc, id desc) where state in ('pending', 'approved');
create index access_request_by_time on access_request (tenant_id, created_at desc);
create index access_request_by_end on access_request (tenant_id, coalesce(ended_at, grant_not_after)) where grant_level is not null;
create index access_request_by_denial on access_request (decided_at) where state = 'denied';
-- The audit page reads this index alone to find a page of a tenant's requests, whatever the filter.
create unique index access_request_audit on access_request (tenant_id, log_index)
  include (id, engineer_id, engineer_responsible, decided_by, purpose, resource, level, created_at, words);
create index access_request_to_lapse on access_request (decide_by) where state = 'pending';
create index access_request_to_expire on access_request (grant_not_after) where state = 'approved';

create function access_request_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'access requests are kept' using errcode = 'integrity_constraint_violation';
  end if;
  -- Erasing takes reason and name away and touches nothing else.
  if (old.reason is not null and new.reason is null) or (old.engineer_name is not null and new.engineer_name is null) then
    if to_jsonb(new) - array['reason', 'engineer_name', 'words'] is distinct from to_jsonb(old) - array['reason', 'engineer_name', 'words']
       or new.reason <> old.reason or new.engineer_name <> old.engineer_name then
      raise exception 'an erasure changes nothing else' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if not access_request_may_move(old.state, new.state) then
    raise exception 'a request does not move from % to %', old.state, new.state using errcode = 'integrity_constraint_violation';
  end if;
  if new.version <> old.version + 1 then
    raise exception 'version % does not follow %', new.version, old.version using errcode = 'integrity_constraint_violation';
  end if;
  if (new.tenant_id, new.id, new.engineer_id, new.engineer_name, new.engineer_country, new.engineer_employer, new.engineer_kind,
      new.engineer_responsible, new.engineer_sources, new.engineer_key, new.purpose, new.reason, new.ticket, new.resource, new.level, new.not_before,
      new.duration_ms, new.limits, new.extends, new.provider_review, new.decide_by, new.quorum, new.created_at,
      new.log_index, new.entry_sha256)
     is distinct from
     (old.tenant_id, old.id, old.engineer_id, old.engineer_name, old.engineer_country, old.engineer_employer, old.engineer_kind,
      old.engineer_responsible, old.engineer_sources, old.engineer_key, old.purpose, old.reason, old.ticket, old.resource, old.level, old.not_before,
      old.duration_ms, old.limits, old.extends, old.provider_review, old.decide_by, old.quorum, old.created_at,
      old.log_index, old.entry_sha256) then
    raise exception 'what was asked for never changes' using errcode = 'integrity_constraint_violation';
  end if;
  if old.grant_level is not null and
     (new.grant_level, new.grant_not_before, new.grant_not_after, new.grant_limits)
     is distinct from
     (old.grant_level, old.grant_not_before, old.grant_not_after, old.grant_limits) then
    raise exception 'what was granted never changes' using errcode = 'integrity_constraint_violation';
  end if;
  -- A role that could not be removed comes and goes; the end that it belongs to stays.
  if old.ended_as is not null and
     (new.ended_as, new.ended_at, new.ended_by, new.ended_signed)
     is distinct from (old.ended_as, old.ended_at, old.ended_by, old.ended_signed) then
    raise exception 'how access ended never changes' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger access_request_guard before update or delete on access_request
  for each row execute function access_request_guard();

-- Signed decisions that were counted, and what each approver allowed.
create table decision (
  tenant_id   text not null,
  request_id  text not null,
  seq         bigint not null,
  verdict     text not null          constraint decision_verdict check (verdict in ('approve','deny','revoke')),
  approver    text not null,
  key_id      text not null,
  at          timestamptz not null,
  level       text,
  not_before  timestamptz,
  not_after   timestamptz,
  duration_ms bigint,
  limits      text,
  primary key (tenant_id, request_id, seq),
  foreign key (tenant_id, request_id) references access_request,
  constraint decision_allowance check ((verdict = 'approve') = (level is not null))
);
create unique index decision_once_per_approver on decision (tenant_id, request_id, approver) where verdict = 'approve';
create index decision_by_approver on decision (tenant_id, approver);
create trigger decision_append_only before update or delete on decision for each row execute function refuse_change();

-- Questions of approvers about a pending request, and the engineer's answers. Beside the log: they decide nothing. Each text
-- is sealed with a data key of the tenant to its place; erasing a request's reason deletes them.
create table request_comment (
  tenant_id  text not null,
  request_id text not null,
  n          int not null            constraint request_comment_n check (n between 1 and 50),
  side       text not null           constraint request_comment_side check (side in ('provider','tenant')),
  by_subject text not null,
  at         timestamptz not null,
  key_no     int not null,
  sealed     bytea not null,
  primary key (tenant_id, request_id, n),
  foreign key (tenant_id, request_id) references access_request
);

-- The way of one signing intent from the portal to the page where passkeys sign, which knows no cookie: a one-time token, taken
-- for a draft of the exact bytes to sign, which is sent once. All of them are hashes.
--   issued ──▶ drafted ──▶ sent
create table handover (
  token        bytea primary key     constraint handover_token_is_a_hash check (length(token) = 32),
  visit        bytea not null references visit on delete cascade,
  tenant_id    text not null,
  intent       text not null         constraint handover_intent check (intent in ('decide','sign','enrol','practise')),
  about        text not null,        -- the request and its etag as the person was shown it, or the proposal; else empty
  expires_at   timestamptz not null,
  draft        bytea                 constraint handover_draft_unique unique,
  payload_type text,
  payload      bytea,
  sent_at      timestamptz,
  constraint handover_drafted check (num_nulls(draft, payload_type, payload) in (0, 3)),
  constraint handover_sent check (sent_at is null or draft is not null)
);
create index handover_by_visit on handover (visit);
create index handover_by_age on handover (expires_at);

-- What waits for signatures of a tenant's approvers: a change of their keyring, or the genesis of a tenant that is being
-- founded. The signatures are what counts; a row that nobody signed changes nothing.
--   open ──▶ made | withdrawn      (open, and no longer possible since the keyring was changed otherwise: overtaken)
create table proposal (
  tenant_id    text not null,        -- of a tenant that is being founded, there is no row yet
  id           text not null         constraint proposal_id_shape check (id ~ '^P-[0-9A-HJKMNP-TV-Z]{10}$'),
  payload_type text not null,
  payload      bytea not null,
  prev         text not null,        -- SHA-256 of the keyring entry that it follows
  proposed_by  text not null,
  created_at   timestamptz not null,
  ended        text                  constraint proposal_ended check (ended in ('made','withdrawn')),
  ended_at     timestamptz,
  withdrawn_by text,
  primary key (tenant_id, id),
  constraint proposal_end check (num_nulls(ended, ended_at) in (0, 2)),
  constraint proposal_withdrawn check ((ended = 'withdrawn') = (withdrawn_by is not null))
);
create index proposal_by_age on proposal (tenant_id, created_at desc);

create table proposal_signature (
  tenant_id   text not null,
  proposal_id text not null,
  key_id      text not null,
  signature   text not null,         -- JSON, as it stands in an envelope
  signed_at   timestamptz not null,
  primary key (tenant_id, proposal_id, key_id),
  foreign key (tenant_id, proposal_id) references proposal
);

-- Signed statements that were not taken: who sent them, about what, and why not. Notes beside the log, from which nothing
-- follows; the newest of each tenant are kept.
create table refused_signature (
  tenant_id  text not null references tenant,
  n          bigint generated always as identity,
  at         timestamptz not null,
  by_subject text not null,          -- who was signed in
  about      text not null,          -- a request, a proposal, or what else was to be changed
  why        text not null,
  primary key (tenant_id, n)
);

create table connect_statement (
  tenant_id   text not null,
  user_name   text not null          constraint connect_statement_user_unique unique,
  request_id  text not null,
  envelope    bytea not null,
  not_after   timestamptz not null,
  received_at timestamptz not null,
  primary key (tenant_id, user_name),
  foreign key (tenant_id, request_id) references access_request
);

--   open ──▶ closed        the gateway said so
--     └────▶ lost ──▶ closed   its boot is gone; a late word of the gateway still counts
create table session (
  tenant_id      text not null,
  id             text not null       constraint session_id_shape check (id ~ '^S-[0-9A-HJKMNP-TV-Z]{16}$'),
  request_id     text not null,
  engineer_id    text not null,
  resource       text not null,
  level          text not null,
  gateway        text not null,
  boot           text not null,
  certificate    text not null,      -- the envelope that its opening shows
  address        text not null,
  application    text not null,
  opened_at      timestamptz not null,
  expires_at     timestamptz not null,
  log_index      bigint not null,
  state          text not null       constraint session_state check (state in ('open','closed','lost')),
  ended_at       timestamptz,
  reason         text,
  statements     bigint,
  rows           bigint,
  bytes          bigint,
  stop_by        text,
  removal_why    text,
  primary key (tenant_id, id),
  foreign key (tenant_id, request_id) references access_request,
  constraint session_ended check ((state = 'open') = (ended_at is null))
);
create index session_open_at on session (gateway, boot) where state = 'open';
create index session_by_request on session (tenant_id, request_id);
create index session_leftover on session (opened_at, id) where removal_why is not null;

-- What the gateway authority signed for the logs of all tenants, in the order in which it came. Nothing is deleted: a
-- revocation ends a key for good, and logs of tenants that come later are told too. Each server has a copy in a file.
-- A change of the authority that a restore lost stands here as lost: no log is told, and it is not in force.
create table gateway_statement (
  n           bigint generated always as identity primary key,
  kind        text not null          constraint gateway_statement_kind check (kind in ('gateway-revoke','gateway-authority')),
  revoked_key text                   constraint gateway_statement_key check ((kind = 'gateway-revoke') = (revoked_key is not null)),
  envelope    text not null          constraint gateway_statement_once unique,
  at          timestamptz not null,
  lost        boolean not null default false constraint gateway_statement_lost check (not lost or kind = 'gateway-authority')
);

-- Revocations that a tenant's log could not take, because its authority is another one. Tried again when the log is
-- told something newer, and at retry_at, when the next authority of that log takes effect.
create table pending_revocation (
  tenant_id text not null references tenant,
  n         bigint not null references gateway_statement,
  retry_at  timestamptz,
  primary key (tenant_id, n)
);
create index pending_revocation_due on pending_revocation (retry_at);

create table gateway_boot (
  gateway    text not null,
  boot       text not null           constraint gateway_boot_shape check (boot ~ '^[0-9a-f]{16}$'),
  seen_at    timestamptz not null,
  renewed_at timestamptz not null,
  gone_at    timestamptz,            -- superseded by another boot, or silent for too long
  superseded boolean not null default false,
  key_id     text not null,          -- of the certified key with which it signs
  certificate text,                  -- the newest envelope that it showed; null once another boot came and it is over
  certified_until timestamptz not null,
  primary key (gateway, boot),
  constraint gateway_boot_superseded check (not superseded or gone_at is not null)
);
create unique index gateway_boot_one_current on gateway_boot (gateway) where gone_at is null;
create index gateway_boot_by_key on gateway_boot (key_id);

-- Rows and bytes of a grant's budgets that a gateway boot may release. Claimed before they are released; together never
-- more than the budgets.
create table budget_claim (
  tenant_id  text not null,
  request_id text not null,
  gateway    text not null,
  boot       text not null,
  rows       bigint not null         constraint budget_claim_rows check (rows >= 0),
  bytes      bigint not null         constraint budget_claim_bytes check (bytes >= 0),
  primary key (tenant_id, request_id, gateway, boot),
  foreign key (tenant_id, request_id) references access_request
);

-- Requests that people have not been told of one by one, because their engineer asks so much: told together when due.
create table grouped_request (
  tenant_id   text not null,
  request_id  text not null,
  engineer_id text not null,
  due_at      timestamptz not null,
  primary key (tenant_id, request_id),
  foreign key (tenant_id, request_id) references access_request
);

-- The next reminder of a request that is pending since its approvers were told.
create table reminder (
  tenant_id  text not null,
  request_id text not null,
  told_at    timestamptz not null,
  step       smallint not null       constraint reminder_step check (step between 1 and 3),
  due_at     timestamptz not null,
  primary key (tenant_id, request_id),
  foreign key (tenant_id, request_id) references access_request
);
create index reminder_due on reminder (due_at);

-- Requests whose access has ended and whose closing record the tenant has not been mailed yet.
create table closing_due (
  tenant_id  text not null,
  request_id text not null,
  primary key (tenant_id, request_id),
  foreign key (tenant_id, request_id) references access_request
);

-- What a request's closing record says that requests are searched by; to be had from the log again. Written when the record is mailed.
create table request_closing (
  tenant_id  text not null,
  request_id text not null,
  tables     text[] not null,        -- that its statements named
  refused    bigint not null,        -- statements that the gateway refused
  failed     bigint not null,        -- all that did not do what was asked, the refused ones included
  primary key (tenant_id, request_id),
  foreign key (tenant_id, request_id) references access_request
);
create index request_closing_tables on request_closing using gin (tables);

-- What happened to the requests of a month that is over and of which none waits or is open: it never changes. Kept by whoever
-- looks first; to be had from access_request again. `about` is '' for all, or an engineer or a resource.
create table month_figures (
  tenant_id   text not null references tenant,
  month       date not null            constraint month_figures_month check (extract(day from month) = 1),
  dimension   text not null            constraint month_figures_dimension check (dimension in ('all','engineer','resource')),
  about       text not null,
  requests    bigint not null,
  approved    bigint not null,
  automatic   bigint not null,
  narrowed    bigint not null,
  denied      bigint not null,
  answered_s  bigint,                  -- half of the answers that people gave came within so many seconds
  access_s    bigint not null,         -- how long access was open, all grants together
  primary key (tenant_id, month, dimension, about)
);

-- The last month that a tenant was sent its report of.
create table monthly_report (
  tenant_id text primary key references tenant,
  month     date not null              constraint monthly_report_month check (extract(day from month) = 1)
);

-- The last day whose digest a tenant was sent, or was not because there was nothing to say.
create table daily_digest (
  tenant_id text primary key references tenant,
  day       date not null
);

-- What each sink of the export has been told. `epoch` is the first whose changes are not in export_cursor yet.
create table export_sink (
  sink          text primary key     constraint export_sink_shape check (sink ~ '^[a-z][a-z0-9-]{0,39}$'),
  epoch         bigint not null      constraint export_sink_epoch check (epoch >= 0),
  attempts      int not null default 0,
  retry_at      timestamptz,         -- after a failure of the sink itself
  failing_since timestamptz,
  last_error    text
);

-- A sink has all entries of the tenant's log below next_seq; those below known_size are to be told.
create table export_cursor (
  sink          text not null references export_sink,
  tenant_id     text not null references tenant,
  next_seq      bigint not null,
  known_size    bigint not null,
  due_at        timestamptz not null,
  claim         bigint,
  claimed_until timestamptz,
  delivered_at  timestamptz,
  attempts      int not null default 0,
  failing_since timestamptz,         -- after a refusal of this tenant's events
  last_error    text,
  primary key (sink, tenant_id),
  constraint export_cursor_order check (next_seq >= 0 and next_seq <= known_size),
  constraint export_cursor_claim check ((claim is null) = (claimed_until is null))
);
create index export_cursor_due on export_cursor (sink, due_at) where next_seq < known_size;

-- Answers already given, so that a retry gets the same one. tenant_id is '' where no tenant exists yet.
create table idempotency (
  tenant_id  text not null,
  subject    text not null,
  key        text not null           constraint idempotency_key_length check (length(key) between 1 and 200),
  call       bytea not null,         -- SHA-256 of method, path and body
  status     int,
  etag       text,
  body       bytea,
  created_at timestamptz not null,
  primary key (tenant_id, subject, key)
);
create index idempotency_age on idempotency (created_at);

-- Deliveries: mail to send and webhooks to call. Written in the transaction that made them due; the id that the
-- receiver sees never changes. tenant_id is '' for the provider's own mail.
--
--   waiting ──▶ sent            delivered, as the receiver said
--      └─────▶ dead ──▶ waiting   given up until a person says so; nothing is lost
create table outbox (
  tenant_id     text not null,
  id            bigint generated always as identity,
  channel       text not null          constraint outbox_channel check (channel in ('mail','webhook')),
  kind          text not null,
  request_id    text,
  message_id    text not null,
  thread_id     text not null,
  recipient     text not null,         -- an address, or the id of a webhook
  urgent        boolean not null,
  subject       text not null,
  text_part     text not null,
  html_part     text not null,
  created_at    timestamptz not null,
  due_at        timestamptz not null,
  attempts      int not null default 0,
  claimed_until timestamptz,
  sent_at       timestamptz,
  dead_at       timestamptz,
  last_error    text,
  primary key (tenant_id, id),
  constraint outbox_message_unique unique (message_id),
  constraint outbox_one_end check (num_nulls(sent_at, dead_at) >= 1)
);
create index outbox_due on outbox (channel, due_at) where sent_at is null and dead_at is null;
create index outbox_by_request on outbox (tenant_id, request_id) where request_id is not null;

-- Every attempt at a delivery. One that stays 'begun' was cut off: its server died, and nobody knows whether it arrived.
create table delivery_attempt (
  tenant_id   text not null,
  delivery_id bigint not null,
  n           int not null             constraint delivery_attempt_n check (n >= 1),
  at          timestamptz not null,
  outcome     text not null            constraint delivery_attempt_outcome check (outcome in ('begun','delivered','failed')),
  answer      text,
  ended_at    timestamptz,
  primary key (tenant_id, delivery_id, n),
  foreign key (tenant_id, delivery_id) references outbox on delete cascade,
  constraint delivery_attempt_ended check ((outcome = 'begun') = (ended_at is null))
);
