-- The operators' list of tenants is in the order of their names, whatever their case, and a page of it reads only its own.
create index tenant_by_name on tenant (lower(name) collate "C", id);
create index waiting_tenant_by_name on waiting_tenant (lower(name) collate "C", id);

-- What was given up of a tenant's deliveries is counted without reading what was sent.
create index outbox_given_up on outbox (tenant_id, dead_at) where dead_at is not null;
