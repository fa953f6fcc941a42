-- Lists of requests in the order in which people read them: what waits, by when it is to be answered; what is open, by when it ends;
-- and what was decided or ended just now. A page reads its own rows, however many others wait, are open or are over.
drop index access_request_to_lapse;
create index access_request_to_lapse on access_request (decide_by, id) where state = 'pending';
drop index access_request_to_expire;
create index access_request_to_expire on access_request (grant_not_after, id) where state = 'approved';
create index access_request_to_review on access_request (decide_by, id)
  where state = 'pending' and provider_review and reviewed_by is null;

create index access_request_due_of_tenant on access_request (tenant_id, decide_by, id) where state = 'pending';
create index access_request_open_of_tenant on access_request (tenant_id, grant_not_after, id) where state = 'approved';

create index access_request_due_of_engineer on access_request (engineer_id, decide_by, id) where state = 'pending';
create index access_request_open_of_engineer on access_request (engineer_id, grant_not_after, id) where state = 'approved';
create index access_request_due_of_responsible on access_request (engineer_responsible, decide_by, id)
  where state = 'pending' and engineer_responsible is not null;
create index access_request_open_of_responsible on access_request (engineer_responsible, grant_not_after, id)
  where state = 'approved' and engineer_responsible is not null;

create index access_request_over_of_engineer on access_request (engineer_id, coalesce(ended_at, decided_at));
create index access_request_over_of_responsible on access_request (engineer_responsible, coalesce(ended_at, decided_at))
  where engineer_responsible is not null;
