-- What is over long enough is found without reading what is not.
create index outbox_ended on outbox (coalesce(sent_at, dead_at)) where sent_at is not null or dead_at is not null;
create index connect_statement_over on connect_statement (not_after);
create index gateway_boot_gone on gateway_boot (gone_at) where gone_at is not null;
