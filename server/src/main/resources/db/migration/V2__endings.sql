-- What each state must hold so that it can be read back, and an ending that never changes: a role that could not be
-- removed comes and goes, the end that it belongs to stays.
alter table access_request
  add constraint access_request_decided check ((state in ('pending','lapsed')) = (decided_at is null)),
  add constraint access_request_decider check ((state in ('denied','withdrawn')) = (decided_by is not null)),
  add constraint access_request_denied check ((state = 'denied') = (decided_side is not null)),
  add constraint access_request_ender check (ended_as is null or (ended_as = 'expired') = (ended_by is null)),
  add constraint access_request_signed_end check ((ended_as is not distinct from 'revoked') = (ended_signed is not null)),
  add constraint access_request_removal_since check ((removal_why is null) = (removal_since is null));

create function access_request_end_guard() returns trigger language plpgsql as $$
begin
  if old.ended_as is not null and
     (new.ended_as, new.ended_at, new.ended_by, new.ended_signed)
     is distinct from (old.ended_as, old.ended_at, old.ended_by, old.ended_signed) then
    raise exception 'how access ended never changes' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger access_request_end_guard before update on access_request
  for each row execute function access_request_end_guard();
