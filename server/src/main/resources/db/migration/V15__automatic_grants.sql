-- The requests that the policy granted with nobody asked: the audit page finds them without looking at all others. A server of
-- before writes the rows too, so the database sees to it: at the commit that grants a request, which holds the decisions as well.
create table automatic_grant (
  tenant_id text not null references tenant,
  log_index bigint not null,               -- of the request's entry
  primary key (tenant_id, log_index)
);
create trigger automatic_grant_append_only before update or delete on automatic_grant for each row execute function refuse_change();

create function note_automatic_grant() returns trigger language plpgsql as $$
begin
  if not exists (select from decision
                  where tenant_id = new.tenant_id and request_id = new.id and verdict = 'approve') then
    insert into automatic_grant (tenant_id, log_index) values (new.tenant_id, new.log_index);
  end if;
  return null;
end $$;
create constraint trigger access_request_by_policy after update on access_request deferrable initially deferred
  for each row when (old.grant_level is null and new.grant_level is not null) execute function note_automatic_grant();

insert into automatic_grant (tenant_id, log_index)
select r.tenant_id, r.log_index from access_request r
 where r.grant_level is not null
   and not exists (select from decision d
                    where d.tenant_id = r.tenant_id and d.request_id = r.id and d.verdict = 'approve');
