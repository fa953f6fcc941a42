-- The audit page searches by outcome too: the same index with what an outcome is read from.
drop index access_request_audit;
create unique index access_request_audit on access_request (tenant_id, log_index)
  include (id, engineer_id, engineer_responsible, decided_by, purpose, resource, level, created_at, words,
           state, decide_by, grant_level, grant_not_after);

-- Searches of the audit log that somebody keeps: each person's own, seen by nobody else.
create table saved_view (
  person_id  bigint not null references person on delete cascade,
  name       text not null           constraint saved_view_name_length check (length(name) between 1 and 60),
  query      text not null           constraint saved_view_query_length check (length(query) between 1 and 2000),
  created_at timestamptz not null,
  primary key (person_id, name)
);
