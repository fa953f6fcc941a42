-- What each boot of a gateway says of itself: its version, and where it runs. For operators to read; nothing is decided by it.
alter table gateway_boot add column version text constraint gateway_boot_version check (version ~ '^[0-9A-Za-z][0-9A-Za-z.+-]{0,39}$');
alter table gateway_boot add column region text constraint gateway_boot_region check (region ~ '^[a-z][a-z0-9-]{0,39}$');

-- Lists of the requests of all tenants, as the provider's people see them: each reads its own page and no more, however many
-- tenants there are. The newest; those that wait or are open, with what counts them; and whose access ended last.
create index access_request_newest on access_request (created_at desc, id desc);
create index access_request_open on access_request (state, created_at desc, id desc)
  include (decide_by, grant_not_after, version, engineer_id, engineer_responsible) where state in ('pending', 'approved');
create index access_request_ended on access_request (coalesce(ended_at, grant_not_after)) where grant_level is not null;

-- What a tenant has open is counted, and its newest requests are listed, from an index alone: a tenant with many requests
-- costs no more than others.
drop index access_request_waiting;
create index access_request_waiting on access_request (tenant_id, state, created_at desc, id desc)
  include (decide_by, grant_not_after) where state in ('pending', 'approved');
drop index access_request_by_time;
create index access_request_by_time on access_request (tenant_id, created_at desc, id desc);

-- The audit page searches by employer too: the same index with it.
drop index access_request_audit;
create unique index access_request_audit on access_request (tenant_id, log_index)
  include (id, engineer_id, engineer_responsible, engineer_employer, decided_by, purpose, resource, level, created_at, words,
           state, decide_by, grant_level, grant_not_after);
