-- An operator's token ends by itself. Those of before get the longest end that a new one may have.
update token set expires_at = least(expires_at, now() + interval '90 days')
 where 'operator' = any(roles) and revoked_at is null;
