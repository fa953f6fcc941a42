-- Browsers in which an approver wants to be told by web push (RFC 8030), each of one person. Where a browser is reached, and
-- the keys of its messages (RFC 8291), lie wrapped by a key outside this database.
create table push_subscription (
  tenant_id   text not null references tenant,
  id          text not null          constraint push_subscription_id_shape check (id ~ '^B-[0-9A-HJKMNP-TV-Z]{10}$'),
  person_id   bigint not null references person on delete cascade,
  endpoint    bytea not null         constraint push_subscription_endpoint_is_a_hash check (length(endpoint) = 32),
  host        text not null,         -- of the push service
  browser     text not null,         -- for its owner to know it by
  wrapped_by  text not null,
  wrapped     bytea not null,
  created_at  timestamptz not null,
  primary key (tenant_id, id),
  constraint push_subscription_once unique (person_id, endpoint)
);

-- The key by which push services know this server (RFC 8292), made by the first server that needs it.
create table push_key (
  single     boolean primary key default true   constraint push_key_single check (single),
  public     bytea not null,
  wrapped_by text not null,
  wrapped    bytea not null,
  made_at    timestamptz not null
);

alter table outbox drop constraint outbox_channel;
alter table outbox add constraint outbox_channel check (channel in ('mail','webhook','push'));

-- When a key signed last.
create index decision_by_key on decision (tenant_id, key_id, at);
create index proposal_signature_by_key on proposal_signature (tenant_id, key_id, signed_at);
