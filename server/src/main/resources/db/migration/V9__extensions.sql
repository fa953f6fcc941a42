-- The page of a request names those that extend it.
create index access_request_by_extended on access_request (tenant_id, extends) where extends is not null;
